"""The folders of files that are not items: named in the settings when the first file is made."""

import os
from collections.abc import Sequence

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.store import place

RECORDS = ("time", "timesheets", "updates", "approvals")
"""The rooms of what people record about items."""


class RoomNotNamed(PlaintrackError):
    """The settings name no folder, and the line cannot be put in safely."""

    slug = "room-not-named"

    def __init__(self, room: str) -> None:
        super().__init__(
            f"plaintrack.yml names no folder for {room}",
            f"add `{room}: {room}` below `rooms:`, then run the command again",
        )


def room_for(workspace: Workspace, writer: Writer, room: str) -> str:
    """The folder of a room; the settings get the line that names it, if there is none, and those
    of the other rooms of records. Raises RoomNotNamed.
    """
    folder = workspace.settings.rooms.get(room)
    if folder:
        return folder
    data = workspace.read(place.SETTINGS)
    new = _with_rooms(data, _wanted(workspace, room))
    if new is None:
        new = _with_rooms(data, [room])
    if new is None:
        raise RoomNotNamed(room)
    writer.rewrite(place.SETTINGS, data, new)
    if not writer.dry:
        workspace.read_settings_again()
    return room


def only_rooms(before: bytes, after: bytes) -> bool | None:
    """Whether settings name rooms that they did not name before, and differ in nothing else; None
    if they name none.
    """
    from plaintrack.config.settings import read
    from plaintrack.text.nodes import mapping

    try:
        old, new = (
            read(mapping(each.decode("utf-8-sig"), place.SETTINGS)) for each in (before, after)
        )
    except (PlaintrackError, UnicodeDecodeError):
        return None
    if not new.rooms.keys() - old.rooms.keys():
        return None
    return old._replace(rooms=new.rooms) == new


def _wanted(workspace: Workspace, room: str) -> list[str]:
    """The rooms to name. Those of records all at once, in one order: two clones whose first ones
    are of different sorts write the same lines, which git merges. One whose folder is there holds
    something else.
    """
    if room not in RECORDS:
        return [room]
    named = workspace.settings.rooms
    return [
        each
        for each in RECORDS
        if each not in named and (each == room or not os.path.lexists(workspace.path(each)))
    ]


def _with_rooms(data: bytes, rooms: Sequence[str]) -> bytes | None:
    """The settings with a line for each of the rooms, read again; None if that is not safe."""
    from plaintrack.config.settings import read
    from plaintrack.text.nodes import mapping, scan

    text = data.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = [f"{room}: {room}" for room in rooms]
    entry = next((each for each in scan(text, place.SETTINGS).entries if each.key == "rooms"), None)
    if entry is None:
        lead = "" if text.endswith("\n") or not text else newline
        below = "".join(f"  {line}{newline}" for line in lines)
        made = f"{text}{lead}{newline}rooms:{newline}{below}"
    elif entry.value.kind == "mapping" and entry.value.style == "flow":
        at = entry.value.end - 1
        inside = text[entry.value.start + 1 : at].strip()
        made = f"{text[:at].rstrip()}{', ' if inside else ''}{', '.join(lines)}{text[at:]}"
    elif entry.value.kind == "mapping" and entry.value.entries:
        first = entry.value.entries[0].start
        start = text.rfind("\n", 0, first) + 1
        above = "".join(f"{text[start:first]}{line}{newline}" for line in lines)
        made = f"{text[:start]}{above}{text[start:]}"
    else:
        return None
    try:
        before, after = read(mapping(text, place.SETTINGS)), read(mapping(made, place.SETTINGS))
    except PlaintrackError:
        return None
    if after != before._replace(rooms={**before.rooms, **{room: room for room in rooms}}):
        return None
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    return bom + made.encode()
