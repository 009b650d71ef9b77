"""The folders of files that are not items: named in the settings when the first file is made."""

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.store import place


class RoomNotNamed(PlaintrackError):
    """The settings name no folder, and the line cannot be put in safely."""

    slug = "room-not-named"

    def __init__(self, room: str) -> None:
        super().__init__(
            f"plaintrack.yml names no folder for {room}",
            f"add `{room}: {room}` below `rooms:`, then run the command again",
        )


def room_for(workspace: Workspace, writer: Writer, room: str) -> str:
    """The folder of a room; the settings get the line that names it, if there is none. Raises
    RoomNotNamed.
    """
    folder = workspace.settings.rooms.get(room)
    if folder:
        return folder
    data = workspace.read(place.SETTINGS)
    new = _with_room(data, room)
    writer.rewrite(place.SETTINGS, data, new)
    if not writer.dry:
        workspace.read_settings_again()
    return room


def _with_room(data: bytes, room: str) -> bytes:
    """The settings with a line for the room, read again; raises RoomNotNamed."""
    from plaintrack.config.settings import read
    from plaintrack.text.nodes import mapping, scan

    text = data.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    entry = next((each for each in scan(text, place.SETTINGS).entries if each.key == "rooms"), None)
    if entry is None:
        lead = "" if text.endswith("\n") or not text else newline
        made = f"{text}{lead}{newline}rooms:{newline}  {room}: {room}{newline}"
    elif entry.value.kind == "mapping" and entry.value.style == "flow":
        at = entry.value.end - 1
        inside = text[entry.value.start + 1 : at].strip()
        made = f"{text[:at].rstrip()}{', ' if inside else ''}{room}: {room}{text[at:]}"
    elif entry.value.kind == "mapping" and entry.value.entries:
        first = entry.value.entries[0].start
        start = text.rfind("\n", 0, first) + 1
        made = f"{text[:start]}{text[start:first]}{room}: {room}{newline}{text[start:]}"
    else:
        raise RoomNotNamed(room)
    try:
        before, after = read(mapping(text, place.SETTINGS)), read(mapping(made, place.SETTINGS))
    except PlaintrackError as error:
        raise RoomNotNamed(room) from error
    if after != before._replace(rooms={**before.rooms, room: room}):
        raise RoomNotNamed(room)
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    return bom + made.encode()
