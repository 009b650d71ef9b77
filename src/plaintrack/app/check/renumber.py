"""Gives an item another id, and takes along what hangs on the old one: references, comments, the
memory of rules.
"""

import os
import re
from collections.abc import Iterator, Set
from contextlib import suppress
from typing import NamedTuple

from plaintrack.app.automation import ledger
from plaintrack.app.items.add import new_id
from plaintrack.app.items.comment import comments
from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.identity import taken
from plaintrack.app.snapshot.mentions import mentions
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import verb
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.model import dependency, edit, ids
from plaintrack.model.change import Change
from plaintrack.model.count import plural
from plaintrack.model.done import Done
from plaintrack.model.fields import LINKS
from plaintrack.model.task import Task
from plaintrack.rules import match

_REFERENCES = (*LINKS, "follows", "series")
_TIMES = 100  # the firings of one occurrence that are looked for
_MENTIONS = 40
"""Lines that name an old id and are shown; of more only the files."""


class BadId(PlaintrackError):
    """A text that is not an id."""

    slug = "bad-id"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is not an id",
            "letters, digits, '.', '_' and '-', beginning with a letter or digit, 64 at most",
        )


class IdTaken(PlaintrackError):
    """Another item has the id, or had it."""

    slug = "id-taken"

    def __init__(self, item: str) -> None:
        super().__init__(f"the id {item} is taken", "choose another, or none for the next free one")


class FileTaken(PlaintrackError):
    """Another file has the name that an item's file would get."""

    slug = "file-taken"

    def __init__(self, path: str, remedy: str = "move it away, or choose another id") -> None:
        super().__init__(f"{path} already exists", remedy)


class NoSuchName(PlaintrackError):
    """Ids come from the names of files, and no name gives this one."""

    slug = "no-such-name"

    def __init__(self, item: str) -> None:
        super().__init__(
            f"no file name gives the id {item} here",
            "ids come from the names of files: see ids.from in docs/settings.md",
        )


class Renumbered(NamedTuple):
    """What was done: both ids, the path, how many items referred to it, its comments, and whether
    another item keeps the old id.
    """

    old: str
    new: str
    path: str
    referring: int
    comments: int
    shared: bool

    def also(self) -> tuple[str, ...]:
        """What was taken along, in words."""
        found = []
        if self.referring:
            found.append(f"references rewritten in {plural(self.referring, 'item')}")
        if self.comments:
            found.append(f"{plural(self.comments, 'comment')} taken along")
        if self.shared:
            found.append(f"references and comments stay with the other {self.old}")
        return tuple(found)

    def describe(self) -> str:
        """What was done, in words."""
        return "; ".join((f"id: {self.old} → {self.new}", *self.also()))


def renumber(workspace: Workspace, name: str, wanted: str | None, dry: bool = False) -> Done:
    """Give the item that ``name`` names, by its id or path, another id; the notes name the lines
    that still have the old one. Raises BadId, IdTaken, FileTaken, NoSuchName.
    """
    tasks = answers.all_tasks(workspace)
    here = any(task.path == name for task in tasks)
    path = name if here else find.locate(workspace, name)
    with verb(workspace, f"renumber {name}", dry) as work:
        given = give(workspace, work.writer, path, wanted)
        changes = (Change(given.new, given.path, "set", "id", given.old, given.new),)
        work.item(given.new, given.path, changes, given.also())
    rewritten = {file.path for file in work.writer.written} if dry else set()
    work.notes += left(workspace, given, rewritten)
    return work.done()


_FORMERLY = re.compile(r"""(formerly:|-)\s*\[?['"\w-]+(,\s*['"\w-]+)*\]?""")
"""A line of the item itself that keeps its old ids."""


def left(workspace: Workspace, given: Renumbered, rewritten: Set[str] = frozenset()) -> list[str]:
    """Notes of the lines outside the files ``rewritten`` that still name the old id of an item;
    none if another item keeps that id.
    """
    if given.shared:
        return []
    rooms = workspace.settings.rooms
    lasting = tuple(f"{rooms[name]}/" for name in NEVER_REWRITTEN & rooms.keys())
    found = [
        each
        for each in mentions(workspace, given.old)
        if each.path not in rewritten
        and not each.path.startswith(lasting)
        and not (each.path == given.path and _FORMERLY.fullmatch(each.text))
    ]
    if not found:
        return []
    count = plural(len(found), "line")
    notes = [f"{given.old} is still named in {count}; change those that mean {given.new}:"]
    notes += [f"  {each.path}:{each.line}: {each.text[:160]}" for each in found[:_MENTIONS]]
    more = sorted({each.path for each in found[_MENTIONS:]})
    if more:
        notes.append(f"  and in {', '.join(more)}")
    return notes


def give(workspace: Workspace, writer: Writer, path: str, wanted: str | None) -> Renumbered:
    """Give the item at ``path`` another id (the next of the scheme without ``wanted``), as a part
    of a command; raises BadId, IdTaken, FileTaken, NoSuchName before anything is written.
    """
    tasks = answers.all_tasks(workspace)
    used = taken(workspace)
    old = next(task.id for task in tasks if task.path == path)
    new = wanted or new_id(workspace, used)
    if not ids.acceptable(new):
        raise BadId(new)
    others = {each.lower() for each in used}
    if new != old:
        others.discard(old.lower())
    if new.lower() in others:
        raise IdTaken(new)
    target = _target(workspace, path, old, new)
    same_file = target.lower() == path.lower()
    if not same_file and os.path.lexists(workspace.path(target)):
        raise FileTaken(target)
    _check_comments(workspace, path, old, tasks)
    if workspace.schema.named is None:
        writer.edit(path, [edit.Set("id", new)])
    done = carry(workspace, writer, path, old, new, tasks)
    if target != path:
        writer.move(path, target)
    return done._replace(path=target)


def _check_comments(workspace: Workspace, path: str, old: str, tasks: list[Task]) -> None:
    """Raise NotCheckedOut if a comment that has to move is left out by a sparse checkout."""
    if any(task.id.lower() == old.lower() and task.path != path for task in tasks):
        return
    for each in comments(workspace, old):
        if each in workspace.away:
            raise ids.NotCheckedOut(each)


def _target(workspace: Workspace, path: str, old: str, new: str) -> str:
    """Where the file belongs under its new id; raises NoSuchName."""
    folder, _, name = path.rpartition("/")
    named = workspace.schema.named
    if named is None:
        return f"{folder}/{new}{name[len(old) :]}" if name.lower().startswith(old.lower()) else path
    stem = name.removesuffix(".md")
    rest = "".join(stem.partition(named)[1:]) if named else ""
    target = f"{folder}/{new}{rest}.md"
    if ids.of_file(target, named) != new:
        raise NoSuchName(new)
    return target


def carry(
    workspace: Workspace, writer: Writer, path: str, old: str, new: str, tasks: list[Task]
) -> Renumbered:
    """Take along what hangs on the old id of the item at ``path``; if another of the ``tasks``
    keeps that id, all stays with it.
    """
    shared = any(task.id.lower() == old.lower() and task.path != path for task in tasks)
    if shared:
        return Renumbered(old, new, path, 0, 0, True)
    referring = [
        task for task in tasks if any(_names(task.many(name), old) for name in _REFERENCES)
    ]
    for task in referring:
        writer.edit(task.path, _rewritten(workspace, task, old, new))
    _remember(workspace, writer, path, old)
    spoken = comments(workspace, old)
    for each in spoken:
        _move(writer, each, f"comments/{new}/{each.rpartition('/')[2]}")
    if spoken and not writer.dry:
        with suppress(OSError):
            os.rmdir(workspace.path(f"comments/{old}"))
    _firings(workspace, writer, old, new, spoken)
    return Renumbered(old, new, path, len(referring), len(spoken), False)


NEVER_REWRITTEN = frozenset(("time", "timesheets", "updates", "approvals"))
"""The rooms whose files go on naming an item by the id it had when they were written."""


def _remember(workspace: Workspace, writer: Writer, path: str, old: str) -> None:
    """Let the item keep its old id under `formerly`, where files may name it that are never
    rewritten.
    """
    kept = NEVER_REWRITTEN & workspace.settings.rooms.keys()
    if kept and "formerly" not in workspace.schema.own:
        writer.edit(path, [edit.Add("formerly", (old,))])


def _rewritten(workspace: Workspace, task: Task, old: str, new: str) -> list[edit.Edit]:
    """The Edits that write the new id where an item refers to the old one."""
    edits: list[edit.Edit] = []
    for name in _REFERENCES:
        values = task.many(name)
        if not _names(values, old):
            continue
        if name == "depends_on":
            values = _elements(task)
        values = tuple(_renamed(each, old, new) for each in values)
        many = workspace.schema.fields[name].many
        edits.append(edit.Set(name, values if many else values[0]))
    return edits


def _elements(task: Task) -> tuple[str, ...]:
    """The dependencies of an item with their lags."""
    lags = {dependency.item(each).lower(): each for each in task.many(dependency.LAGS)}
    return tuple(lags.get(each.lower(), each) for each in task.many("depends_on"))


def _renamed(element: str, old: str, new: str) -> str:
    """An element with the new id, if it names the old one."""
    item = dependency.item(element)
    return new + element[len(item) :] if item.lower() == old.lower() else element


def _move(writer: Writer, path: str, target: str) -> None:
    """Move a file, also one that cannot be read as an item."""
    data = writer.held(path)
    writer.create(target, data)
    writer.delete(path)


def _firings(workspace: Workspace, writer: Writer, old: str, new: str, spoken: list[str]) -> None:
    """Write the ledger's entries of the old id under the new one, so that no rule does again what
    it has done.
    """
    for key, path in ledger.acted(workspace).items():
        try:
            data = workspace.read(path)
            entry = _entry(data, path)
        except (OSError, PlaintrackError):
            continue
        if entry.get("item", "").lower() != old.lower():
            continue
        found = next(_again(entry.get("rule", ""), entry.get("why", ""), key, old, new, spoken), "")
        if found:
            if entry["item"] not in entry["rule"]:
                text = data.replace(entry["item"].encode(), new.encode(), 1)
            else:
                text = data
            with suppress(FileExistsError):
                writer.create(f"{path.rpartition('/')[0]}/{found}.yml", text)
                writer.delete(path)


def _entry(data: bytes, path: str) -> dict[str, str]:
    from plaintrack.text.nodes import mapping

    found = mapping(data.decode("utf-8", "replace"), path)
    return {name: str(value) for name, value in found.items()}


def _again(rule: str, why: str, key: str, old: str, new: str, spoken: list[str]) -> Iterator[str]:
    """The key that a firing of the old id has under the new one."""
    whats = [(why, why), *((each, f"comments/{new}/{each.rpartition('/')[2]}") for each in spoken)]
    for before, after in whats:
        for ordinal in range(_TIMES):
            if match.key(rule, old, before, ordinal) == key:
                yield match.key(rule, new, after, ordinal)


def _names(values: tuple[str, ...], item: str) -> bool:
    return any(each.lower() == item.lower() for each in values)
