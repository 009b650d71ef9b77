"""Conflicts after the fact: items with conflict markers, whoever made them, shown and settled field
by field.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.app.write.stamps import stamps
from plaintrack.errors import PlaintrackError
from plaintrack.merge import markers
from plaintrack.merge.item import (
    Conflicted,
    Merged,
    NotBoth,
    PlaceTaken,
    by_fields,
    pieces,
    settled,
    versions,
)
from plaintrack.merge.markers import Clash, Piece
from plaintrack.merge.side import head_of
from plaintrack.model import ids
from plaintrack.model.done import Written
from plaintrack.model.edit import Set
from plaintrack.store import place
from plaintrack.store.index import ask
from plaintrack.text.document import Document, Unreadable, read
from plaintrack.text.lines import Line, join, split

_BOM = b"\xef\xbb\xbf"


class Dispute(NamedTuple):
    """One thing two sides disagree on; ``field`` is the field's name, ``comments``, ``body`` or
    ``file``.

    ``base`` is None where no one knows it. Values are texts, empty for unset; of the body they are
    lines.
    """

    field: str
    base: str | None
    ours: str
    theirs: str


class Conflict(NamedTuple):
    """One file in conflict: its bytes, the ids it has on both sides, and its merge in pieces.

    ``unmerged`` names the two sides that git has not merged (empty: git has no part in it).
    ``merged``: the merge by fields settles more than what stands in the file. ``based``: its
    markers show the base, too. ``beside`` is the path and the bytes of an item that is to have a
    file of its own. ``gone``: the file is to be deleted.
    """

    path: str
    data: bytes
    ids: tuple[str, ...]
    found: Merged
    labels: tuple[str, str]
    unmerged: str
    merged: bool
    based: bool
    beside: tuple[str, bytes] | None = None
    gone: bool = False

    @property
    def left(self) -> bool:
        """Whether someone has to look at the file."""
        return not self.found.clean

    def disputes(self, workspace: Workspace) -> list[Dispute]:
        """What the two sides disagree on."""
        return [dispute(workspace, clash) for clash in self.found.clashes]

    def written(self) -> bytes:
        """The file with markers around what is left."""
        return self.found.data(markers.SIZE, self.labels, self.based)


def find(workspace: Workspace, names: Sequence[str] = ()) -> list[Conflict]:
    """The files in conflict, or those of them that are named by id or path; raises UnknownId,
    AmbiguousId.
    """
    from plaintrack.app.snapshot.answers import problems

    stages = _unmerged(workspace)
    paths = {problem.path for problem in problems(workspace) if problem.code == "conflict"} | set(
        stages
    )
    found = [
        each
        for each in (_conflict(workspace, path, stages.get(path)) for path in sorted(paths))
        if each
    ]
    if not names:
        return found
    wanted = _named(workspace, found, names)
    return [each for each in found if each.path in wanted]


def others(workspace: Workspace) -> list[str]:
    """The files of the workspace that are not items and that git has not merged: settings, people,
    records, comments, rules and templates.
    """
    from plaintrack.app.git.staging import unmerged

    folders = (*workspace.settings.rooms.values(), place.COMMENTS, place.RULES, "templates")
    return [
        path
        for path in unmerged(workspace)
        if path == place.SETTINGS or any(path.startswith(f"{each}/") for each in folders)
    ]


def of(workspace: Workspace, path: str) -> Conflict | None:
    """What is in conflict in one file; None if nothing is."""
    return _conflict(workspace, path, _unmerged(workspace).get(path))


def _named(workspace: Workspace, found: list[Conflict], names: Sequence[str]) -> set[str]:
    from plaintrack.app.snapshot.find import locate

    known = {each.path for each in found}
    wanted = set()
    for name in names:
        path = os.path.relpath(name, workspace.root).replace(os.sep, "/")
        if path in known:
            wanted.add(path)
            continue
        try:
            item = ids.resolve(name, [one for each in found for one in dict.fromkeys(each.ids)])
            wanted |= {each.path for each in found if item in each.ids}
        except ids.UnknownId:
            if not os.path.isfile(name):
                wanted.add(locate(workspace, name))  # it is there, but in no conflict
    return wanted


def _unmerged(workspace: Workspace) -> dict[str, dict[int, str]]:
    """Path → stage → blob of the items that git has not merged: of both sides at least, or of the
    base and the side that has not deleted the file.
    """
    from plaintrack.store.refusals import GitFailed, NoGit

    try:
        out = workspace.repo.ask("ls-files", "-u", "-z")
    except GitFailed:
        return {}
    except NoGit as error:
        if error.plain:
            return {}
        raise  # what is unmerged only git knows
    found: dict[str, dict[int, str]] = {}
    for line in out.split(b"\0"):
        meta, _, name = line.partition(b"\t")
        path = os.fsdecode(name)
        if meta and workspace.is_item(path):
            _, blob, stage = meta.decode().split()
            found.setdefault(path, {})[int(stage)] = blob
    return {path: blobs for path, blobs in found.items() if {2, 3} <= set(blobs) or len(blobs) == 2}


def _blob(workspace: Workspace, path: str, blob: str) -> bytes:
    """A blob as git would check it out."""
    return workspace.repo.ask(
        "cat-file", "--filters", f"--path={workspace.repo.prefix}{path}", blob
    )


def _conflict(workspace: Workspace, path: str, blobs: dict[int, str] | None) -> Conflict | None:
    """What is in conflict in one file; None if nothing is."""
    try:
        data = workspace.read(path)
    except (OSError, PlaintrackError):
        return None
    unmerged = f"{blobs.get(2, '')}-{blobs.get(3, '')}" if blobs else ""
    stages = {stage: _blob(workspace, path, blob) for stage, blob in (blobs or {}).items()}
    if stages and not {2, 3} <= set(stages):
        return _deleted(workspace, path, data, stages, unmerged)
    known = [stages[stage].decode("utf-8", "replace") for stage in (2, 3)] if stages else None
    marked = markers.read(split(data.removeprefix(_BOM).decode("utf-8", "replace")), known)
    clashes = markers.clashes(marked)
    labels = clashes[0].labels if clashes else ("ours", "theirs")
    try:
        if clashes:
            one, two = versions(data, path, known)
            found = by_fields(_bases(stages, marked, one, two), one, two, workspace.schema)
        elif data == stages.get(2) != stages.get(3) and not os.path.exists(
            _settled(workspace, unmerged)
        ):
            # there was no driver to merge, so git has left ours
            found = pieces(stages.get(1, b""), stages[2], stages[3], path, workspace.schema)
        elif _readable(data, path):
            return None
        else:
            found = _raw(marked, data, "its conflict markers are incomplete; fix it in an editor")
    except PlaintrackError as error:
        found = _raw(marked, data, error.message)
    merged = not found.reason and bool(blobs) and _texts(found.pieces) != _texts(marked)
    based = any(clash.base is not None for clash in clashes)
    return Conflict(
        path, data, _ids(found, path, workspace), found, labels, unmerged, merged, based
    )


def _deleted(
    workspace: Workspace, path: str, data: bytes, stages: dict[int, bytes], unmerged: str
) -> Conflict | None:
    """The conflict of a file that one side has changed and the other has deleted; git has left the
    changed one. None once it is decided.
    """
    if os.path.exists(_settled(workspace, unmerged)):
        return None
    base, left = (
        tuple(split(each.removeprefix(_BOM).decode("utf-8", "replace")))
        for each in (stages.get(1, b""), data)
    )
    ours, theirs = (left, ()) if 2 in stages else ((), left)
    found = _raw([Clash("deletion", "", base, ours, theirs)], data, "")
    return Conflict(
        path, data, _ids(found, path, workspace), found, ("ours", "theirs"), unmerged, False, False
    )


def _texts(pieces: Sequence[Piece]) -> list[object]:
    """The pieces without what another style of markers would change."""
    return [
        (piece.ours, piece.theirs) if isinstance(piece, Clash) else piece.text for piece in pieces
    ]


def _raw(marked: Sequence[Piece], data: bytes, reason: str) -> Merged:
    """The file as it is: what is between markers, with no idea of fields."""
    newline = "\r\n" if b"\r\n" in data else "\n"
    return Merged(
        tuple(marked), newline, data.startswith(_BOM), data.endswith((b"\n", b"\r")), reason
    )


def _bases(
    stages: dict[int, bytes], marked: Sequence[Piece], one: Document, two: Document
) -> tuple[Document, ...]:
    """The base of a file with markers: as git knows it, as the markers tell it, or both sides, of
    which one believes what they agree on.
    """
    for data in (stages.get(1), _told(marked)):
        try:
            if data:
                return (read(data, one.path),)
        except Unreadable:
            continue
    return (one, two)


def _told(marked: Sequence[Piece]) -> bytes:
    """The base in markers of git's diff3 style; empty if they have none."""
    if any(clash.base is None for clash in markers.clashes(marked)):
        return b""
    return join(markers.resolved(marked, "base")).encode()


def _readable(data: bytes, path: str) -> bool:
    try:
        versions(data, path)
    except (Unreadable, Conflicted):
        return False
    return True


def _ids(found: Merged, path: str, workspace: Workspace) -> tuple[str, ...]:
    """The ids that the sides give the item."""
    from plaintrack.text.parse import parse

    result = []
    for which in ("ours", "theirs"):
        lines = markers.resolved(found.pieces, which)
        result.append(parse(path, found._replace(pieces=tuple(lines)).data(), workspace.schema).id)
    return tuple(filter(None, result))


def decide(workspace: Workspace, conflict: Conflict, choose: Callable[[Dispute], str]) -> Conflict:
    """What is left when ``choose`` takes ``ours``, ``theirs``, ``both`` or (an empty text) neither;
    nothing is written. Raises Unsettled.
    """
    choices = {clash: choose(dispute(workspace, clash)) for clash in conflict.found.clashes}
    for clash, side in choices.items():
        if clash.kind == "item" and side == "both":
            return _parted(workspace, conflict, clash)
        if clash.kind == "deletion" and side == "both":
            raise NotBoth(conflict.path, clash.kind)
        if clash.kind == "deletion" and side and not clash.side(side):
            return conflict._replace(found=conflict.found._replace(pieces=()), gone=True)
    return conflict._replace(
        found=settled(conflict.found, choices.__getitem__, conflict.path, workspace.schema)
    )


def _parted(workspace: Workspace, conflict: Conflict, clash: Clash) -> Conflict:
    """Two items in one file: the one that the file is named after stays, the other gets a file of
    its own. Raises Unsettled.
    """
    from plaintrack.text.format import filename
    from plaintrack.text.parse import parse

    schema, found = workspace.schema, conflict.found
    sides = {which: found._replace(pieces=clash.side(which)).data() for which in ("ours", "theirs")}
    items = {which: parse(conflict.path, data, schema) for which, data in sides.items()}
    folder, _, name = conflict.path.rpartition("/")
    stays = "theirs" if items["theirs"].id in name and items["ours"].id not in name else "ours"
    goes = "ours" if stays == "theirs" else "theirs"
    other = items[goes]
    path = f"{folder}/{filename(workspace.settings.filename, other.id, other.text('title'))}.md"
    known = ask.path(workspace.index.connection, other.id)
    if known or os.path.lexists(workspace.path(path)):
        raise PlaceTaken(path, other.id, known or path, stays)
    return conflict._replace(
        found=settled(found, lambda _: stays, conflict.path, schema), beside=(path, sides[goes])
    )


def write(
    workspace: Workspace,
    command: str,
    pairs: Sequence[tuple[Conflict, Conflict]],
    dry: bool = False,
    listing: bool = False,
) -> list[Written]:
    """Write what was decided (before, after), and what the merge by fields settled; raises Changed.

    ``listing``: nothing was decided; such a command is none that ``undo`` takes back unasked.
    """
    wanted = [
        (before, after)
        for before, after in pairs
        if before.merged or before.found.pieces != after.found.pieces
    ]
    if not wanted:
        return []
    with writing(workspace, command, dry, aside=listing) as writer:
        for before, after in wanted:
            if after.beside:
                writer.create(*after.beside)
            if after.gone:
                writer.delete(before.path)
            else:
                writer.rewrite(before.path, before.data, _stamped(workspace, before, after))
            if after.unmerged and not after.left and not dry:
                _note(_settled(workspace, after.unmerged))
    return writer.written


def _stamped(workspace: Workspace, before: Conflict, after: Conflict) -> bytes:
    """What is to be written: an item whose status was settled as an open one is not `closed`."""
    data = after.written()
    if after.left or all(
        dispute(workspace, each).field != "status" for each in before.found.clashes
    ):
        return data
    from plaintrack.text.edit import edited
    from plaintrack.text.parse import parse

    task = parse(before.path, data, workspace.schema)
    edits = stamps(workspace, task, (Set("status", task.text("status")),))
    with suppress(PlaintrackError):  # then it stays as the sides have it
        return edited(data, before.path, edits, workspace.schema)
    return data


def _note(path: str) -> None:
    with suppress(OSError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "wb").close()


def _settled(workspace: Workspace, sides: str) -> str:
    """The file that says that these sides were settled: for ours perhaps, which looks as if no one
    had merged them.
    """
    return os.path.join(workspace.cache or os.devnull, "settled", sides)


def dispute(workspace: Workspace, clash: Clash) -> Dispute:
    """A Clash in field terms."""
    field = workspace.schema.keys().get(clash.key)
    name = (field.name if field else clash.key) or clash.kind
    if clash.kind == "deletion":
        sides = (_since(clash, lines, workspace) for lines in (clash.ours, clash.theirs))
        return Dispute(name, None, *sides)
    base, ours, theirs = (
        None if lines is None else _shown(clash, lines, workspace)
        for lines in (clash.base, clash.ours, clash.theirs)
    )
    return Dispute(name, base, ours or "", theirs or "")


def _since(clash: Clash, lines: Sequence[Line], workspace: Workspace) -> str:
    """What a side did to the file that the other has deleted."""
    from plaintrack.model.change import compare
    from plaintrack.text.parse import parse

    if not lines:
        return "deleted"
    old, new = (
        parse("", join(each).encode(), workspace.schema) for each in (clash.base or (), lines)
    )
    changes = compare(old, new, workspace.schema.lists)
    return "; ".join(change.describe() for change in changes) or "changed"


def _shown(clash: Clash, lines: Sequence[Line], workspace: Workspace) -> str:
    text = join(lines)
    if clash.kind != "field":
        return text
    value = head_of(text, "", workspace.schema).values.get(clash.key)
    if isinstance(value, tuple) and all(isinstance(each, str) for each in value):
        return ", ".join(map(str, value))
    if value is None and "\n" not in text.strip() and text.strip().endswith(":"):
        return ""  # the line of an empty field, as in a form
    return value if isinstance(value, str) else text.strip()
