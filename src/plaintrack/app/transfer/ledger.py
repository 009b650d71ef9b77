"""What an import took over last: the base of the next one. A line of JSON for each item of the
other program, with a hash of every value, and the moment of the last status change.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.room import room_for
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.exchange.draft import Words
from plaintrack.model.ids import NotCheckedOut

ROOM = "imports"
MERGED = (".gitattributes", b"*.jsonl merge=union\n")
"""The file beside the ledgers that lets git merge them by lines, in every clone."""
Base = dict[str, str]
"""Key → its line, which says the hash of each value; see ``marks``. As texts, many take little."""


class BadLedger(PlaintrackError):
    """The file of an earlier import does not say what it should."""

    slug = "bad-ledger"

    def __init__(self, path: str, line: int) -> None:
        super().__init__(
            f"{path}:{line}: this line does not say what an import took over",
            "restore it from git, or keep the lines of both sides of a conflict; without the file"
            " values that differ are conflicts",
        )


def mark(value: Words) -> str:
    """The hash of a value; empty for none."""
    if not value:
        return ""
    text = value if isinstance(value, str) else "\x1f".join(value)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def path(workspace: Workspace, name: str) -> str:
    """Where the ledger of imports of that name is."""
    folder = workspace.settings.rooms.get(ROOM, ROOM)
    return f"{folder}/{name}.jsonl"


def read(workspace: Workspace, name: str) -> Base:
    """What the last import took over; empty if there was none. Raises BadLedger, NotCheckedOut."""
    where = path(workspace, name)
    if ROOM not in workspace.settings.rooms:
        return {}
    if where in workspace.away:
        raise NotCheckedOut(where)
    try:
        text = workspace.read_whole(where).decode("utf-8", "replace")
    except FileNotFoundError:
        return {}
    found: Base = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            key = said.pop("key")
        except (ValueError, RecursionError, AttributeError, KeyError) as error:
            raise BadLedger(where, number) from error
        if not isinstance(key, str) or not all(isinstance(each, str) for each in said.values()):
            raise BadLedger(where, number)
        found[key] = line if key not in found else _both(key, found[key], line)
    return found


def _both(key: str, one: str, two: str) -> str:
    """The line for an item of which the sides of a merge took over different things: what they
    agree on, and all that came beside it.
    """
    mine, theirs = marks(one), marks(two)
    agreed = {name: each for name, each in mine.items() if theirs.get(name) == each}
    for name in ("remarks", "spans"):
        words = {*mine.get(name, "").split(), *theirs.get(name, "").split()}
        agreed.update({name: " ".join(sorted(words))} if words else {})
    last = max(mine.get("moves", ""), theirs.get("moves", ""))
    return line(key, {**agreed, **({"moves": last} if last else {})})


def marks(line: str) -> dict[str, str]:
    """Name of a field → hash of its value, from a line; empty from none."""
    said: dict[str, str] = json.loads(line) if line else {}
    said.pop("key", None)
    return said


def line(key: str, said: Mapping[str, str]) -> str:
    """The line that says the hash of each value of an item."""
    return json.dumps({"key": key, **dict(sorted(said.items()))}, ensure_ascii=False)


def write(workspace: Workspace, writer: Writer, name: str, base: Base) -> None:
    """Keep what was taken over, if that is not what the file says."""
    lines = "".join(f"{base[key]}\n" for key in sorted(base))
    data = lines.encode("utf-8", "surrogatepass")
    room_for(workspace, writer, ROOM)
    where = path(workspace, name)
    try:
        before: bytes | None = workspace.read_whole(where)
    except FileNotFoundError:
        before = None
    if before is None:
        writer.create(where, data)
        beside, attributes = MERGED
        with suppress(FileExistsError):
            writer.create(f"{where.rpartition('/')[0]}/{beside}", attributes)
    elif before != data:
        writer.rewrite(where, before, data)
