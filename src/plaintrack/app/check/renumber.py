"""Gives an item another id, and takes along what hangs on the old one: references, comments, the
memory of rules.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from plaintrack.app.automation import ledger
from plaintrack.app.check import doctor
from plaintrack.app.items.add import new_id
from plaintrack.app.items.comment import comments
from plaintrack.app.snapshot.identity import taken
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.model import ids
from plaintrack.model.edit import Edit, Set
from plaintrack.model.task import Task
from plaintrack.rules import match

_REFERENCES = (*doctor.LINKS, "follows", "series")
_TIMES = 100  # the firings of one occurrence that are looked for


class BadId(PlaintrackError):
    """An id that cannot be given."""

    slug = "bad-id"


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

    def describe(self) -> str:
        """What was done, in words."""
        found = [f"id: {self.old} → {self.new}"]
        if self.referring:
            found.append(
                f"references rewritten in {self.referring} item{'s' * (self.referring > 1)}"
            )
        if self.comments:
            found.append(f"{self.comments} comment{'s' * (self.comments > 1)} taken along")
        if self.shared:
            found.append(f"references and comments stay with the other {self.old}")
        return "; ".join(found)


def renumber(workspace: Workspace, writer: Writer, path: str, wanted: str | None) -> Renumbered:
    """Give the item at ``path`` another id (the next of the scheme without ``wanted``); raises
    BadId before anything is written.
    """
    tasks = doctor.all_tasks(workspace)
    used = taken(workspace)
    old = next(task.id for task in tasks if task.path == path)
    new = wanted or new_id(workspace, used)
    if not ids.acceptable(new):
        raise BadId(
            f"{new!r} is not an id",
            "letters, digits, '.', '_' and '-', beginning with a letter or digit, 64 at most",
        )
    if new.lower() in {each.lower() for each in used} - ({old.lower()} if new != old else set()):
        raise BadId(f"the id {new} is taken", "choose another, or none for the next free one")
    target = _target(workspace, path, old, new)
    if (
        target != path
        and os.path.lexists(workspace.path(target))
        and target.lower() != path.lower()
    ):
        raise BadId(f"there is already a file {target}", "move it away, or choose another id")
    if workspace.schema.named is None:
        writer.edit(path, [Set("id", new)])
    done = carry(workspace, writer, path, old, new, tasks)
    if target != path and not writer.dry:
        writer.move(path, target)
    return done._replace(path=target)


def _target(workspace: Workspace, path: str, old: str, new: str) -> str:
    """Where the file belongs under its new id; raises BadId if no name gives that."""
    folder, _, name = path.rpartition("/")
    named = workspace.schema.named
    if named is None:
        return f"{folder}/{new}{name[len(old) :]}" if name.lower().startswith(old.lower()) else path
    stem = name.removesuffix(".md")
    rest = "".join(stem.partition(named)[1:]) if named else ""
    target = f"{folder}/{new}{rest}.md"
    if ids.of_file(target, named) != new:
        raise BadId(
            f"no file name gives the id {new} here",
            "ids come from the names of files: see ids.from in docs/settings.md",
        )
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
        edits: list[Edit] = []
        for name in _REFERENCES:
            if _names(task.many(name), old):
                values = tuple(
                    new if each.lower() == old.lower() else each for each in task.many(name)
                )
                edits.append(Set(name, values if workspace.schema.fields[name].many else values[0]))
        writer.edit(task.path, edits)
    spoken = comments(workspace, old)
    for each in spoken:
        _move(workspace, writer, each, f"comments/{new}/{each.rpartition('/')[2]}")
    if spoken and not writer.dry:
        with suppress(OSError):
            os.rmdir(workspace.path(f"comments/{old}"))
    _firings(workspace, writer, old, new, spoken)
    return Renumbered(old, new, path, len(referring), len(spoken), False)


def _move(workspace: Workspace, writer: Writer, path: str, target: str) -> None:
    """Move a file, also one that cannot be read as an item."""
    data = workspace.read_whole(path)
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
            text = (
                data.replace(entry["item"].encode(), new.encode(), 1)
                if entry["item"] not in entry["rule"]
                else data
            )
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
