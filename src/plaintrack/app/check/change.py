"""The two sides of a change that is to be checked: its items before and after, among those that
they concern.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from plaintrack.app.check.source import RULES, Snapshot
from plaintrack.app.snapshot import review
from plaintrack.app.snapshot.settings import understood
from plaintrack.app.snapshot.snapshot import key
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.work import Delta, Found
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task
from plaintrack.store import files, place
from plaintrack.store.converted import converted
from plaintrack.store.digest import is_blob
from plaintrack.store.index import checking
from plaintrack.store.index.database import Connection
from plaintrack.store.index.part import Reach, near, parts
from plaintrack.store.place import COMMENTS
from plaintrack.store.plumbing import Commit, Entry
from plaintrack.store.repo import Repo
from plaintrack.text.blocks import LIKE
from plaintrack.text.document import stored

_ZEROS = "0" * 40  # the blob of what stands in the work tree


class Side(NamedTuple):
    """A snapshot, the settings it is looked at with, and its changed files as they are in it."""

    snapshot: Snapshot
    settings: Settings
    contents: dict[str, bytes]


class Sides(NamedTuple):
    """The snapshots before and after and their names, what happened in between, and the paths whose
    findings count.
    """

    names: tuple[str, str]
    old: Side
    new: Side
    deltas: list[Delta]
    focus: frozenset[str]


class Shallow(PlaintrackError):
    """This clone does not reach back to what is to be compared."""

    slug = "shallow"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why}; this clone is shallow",
            "fetch more history: `git fetch --unshallow`, or `fetch-depth: 0` in CI",
        )


def sides(
    workspace: Workspace, since: str, staged: bool, today: date, enforced: bool, reach: Reach
) -> Sides:
    """Both sides of ``A...B``, ``A..B``, ``A`` (to the work tree) or of what is staged.

    ``enforced``: the settings of the workspace hold for both; else each side has its own. ``reach``
    says what matters besides the changed items and their neighbours. Raises UnknownRevision, NoGit,
    Shallow.
    """
    repo = workspace.repo
    where = (*review.paths(workspace), place.SETTINGS, RULES)
    one, two, names = _ends(repo, since)
    entries = [entry for entry in repo.diff(one, two, ["."], staged) if _matters(entry.path, where)]
    dirty = repo.diff(two, None, where) if two is not None else []
    new = (
        []
        if staged
        else [Entry(path, ("",), _ZEROS) for path in repo.untracked(["."]) if _matters(path, where)]
    )
    if staged:
        names = (names[0], "staged")
    elif two is None:
        names, entries, new = (names[0], "work tree"), [*entries, *new], []
    return _Change(workspace, entries, [*dirty, *new], today, enforced).sides(
        names, one, two, staged, reach
    )


def _matters(path: str, where: Sequence[str]) -> bool:
    """Whether a file may be a document, or lies at one of the paths ``where``."""
    return path.endswith(".md") or any(
        path == each or path.startswith(f"{each}/") for each in where
    )


def _ends(repo: Repo, since: str) -> tuple[str, str | None, tuple[str, str]]:
    try:
        return review.sides(repo, since)
    except PlaintrackError as error:
        if repo.shallow:
            raise Shallow(error.message) from error
        raise


class _Change:
    """The files that a change touches (``entries``), and those in which the work tree differs from
    what is after it (``dirty``).
    """

    def __init__(
        self,
        workspace: Workspace,
        entries: list[Entry],
        dirty: list[Entry],
        today: date,
        enforced: bool,
    ) -> None:
        self.workspace, self.entries, self.today, self.enforced = (
            workspace,
            entries,
            today,
            enforced,
        )
        self.before = {entry.path: entry.old[0] for entry in entries}
        self.after = {entry.path: entry.new for entry in entries}
        self.blobs: dict[tuple[str, str], bytes] = {}
        self._add(dirty)

    def _add(self, dirty: Iterable[Entry]) -> None:
        """Take files as they are on both sides, and not as they are in the work tree."""
        for entry in dirty:
            self.before.setdefault(entry.path, entry.old[0])
            self.after.setdefault(entry.path, entry.old[0])
        sides = (self.before, self.after)
        blobs = {
            (blob, path) for side in sides for path, blob in side.items() if blob.strip("0")
        } - self.blobs.keys()
        self.blobs |= (
            converted(self.workspace.repo, sorted(blobs), files.LARGEST + 1) if blobs else {}
        )

    def content(self, side: dict[str, str], path: str) -> bytes | None:
        """A file's bytes on a side; None if it is not there."""
        blob = side.get(path, "0")
        if blob.strip("0"):
            data = self.blobs.get((blob, path))
            if data is not None and side is self.before and stored(data, path):
                return None  # what cannot be read excuses nothing
            return data
        if not blob:
            return None
        try:
            return self.workspace.read(path)
        except (OSError, files.Oddity):
            return None

    def sides(
        self, names: tuple[str, str], one: str, two: str | None, staged: bool, reach: Reach
    ) -> Sides:
        """The snapshots on both sides."""
        from plaintrack.app.snapshot.documents import said

        workspace = self.workspace
        if staged:
            self._add(self._astray())
        own = [self._settings(side) for side in (self.before, self.after)]
        first, last = (
            workspace.settings if self.enforced or known is None else known for known, _ in own
        )
        paths = {path for path in self.before if first.is_item(path) or last.is_item(path)}
        if not all(
            key(each) == key(workspace.settings) and each.ignore == workspace.settings.ignore
            for each in (first, last)
        ):
            paths |= {
                path
                for path in checking.paths(workspace.index.connection)
                if first.is_item(path) or last.is_item(path)
            }
        old = [*self._tasks(self.before, paths, first), *self._odd(self.before, one, first)]
        new = [
            *self._tasks(self.after, paths, last),
            *self._odd(self.after, "" if staged else two, last),
        ]
        small = parts(
            workspace.index.connection, old, new, paths, (first.schema, last.schema), reach
        )
        authors = _Authors(workspace, one, two, staged)
        touched = {entry.path for entry in self.entries}

        def side(
            blobs: dict[str, str], connection: Connection, number: int, settings: Settings
        ) -> Side:
            files = self._rules(blobs)
            contents = {
                path: data for path in blobs if (data := self.content(blobs, path)) is not None
            }
            live = {
                path: data
                for path, data in contents.items()
                if path in touched
                and path.endswith(".md")
                and not said(workspace, path)
                and LIKE.search(data)
            }
            spoken = {
                path: data
                for path, data in contents.items()
                if path in touched and path.startswith(f"{COMMENTS}/")
            }
            merged = (lambda ask: ask(workspace, one, two, staged)) if number else None
            snapshot = Snapshot(
                workspace, connection, self.today, *own[number], files.items, authors.of, one,
                changed=True, live=live.items, spoken=spoken.items, merged=merged,
            )  # fmt: skip
            return Side(snapshot, settings, contents)

        before, after = side(self.before, small.old, 0, first), side(self.after, small.new, 1, last)
        focus = small.focus | {
            place.SETTINGS,
            *(path for path in touched if place.is_rules(path) or path.endswith(".md")),
        }
        return Sides(names, before, after, self._deltas(old, new, last), focus)

    def _odd(self, side: dict[str, str], tree: str | None, settings: Settings) -> list[Task]:
        """What stands on a side (a tree, ``""``: what is staged, None: the work tree) where an item
        should be, and is not an ordinary file.
        """
        paths = [
            path for path, blob in side.items() if not blob.strip("0") and settings.is_item(path)
        ]
        if tree is None:
            odd = [path for path in paths if os.path.islink(self.workspace.path(path))]
        else:
            odd = [
                path
                for path, blob in zip(
                    paths,
                    self.workspace.repo.blob_ids([(tree, path) for path in paths]),
                    strict=True,
                )
                if blob
            ]
        hint = "put a regular file in its place"
        return [
            Task(
                path,
                "",
                {},
                problems=(
                    Problem("not-a-file", path, "is a symbolic link; it is not followed", hint),
                ),
            )
            for path in odd
        ]

    def _astray(self) -> list[Entry]:
        """The settings and the files near the change in which the work tree differs from what is
        staged.

        What lies further away is taken as it is in the work tree; unless the change refers to what
        is not there, then all files are compared.
        """
        workspace = self.workspace
        paths = [path for path in self.before if workspace.settings.is_item(path)]
        tasks = (self._tasks(side, paths, workspace.settings) for side in (self.before, self.after))
        found, unknown = near(workspace.index.connection, *map(list, tasks))
        where = workspace.settings.tops
        if unknown:
            return [
                *workspace.repo.unstaged(where),
                *(Entry(path, ("",), _ZEROS) for path in workspace.repo.untracked(where)),
            ]
        wanted = sorted({*found, place.SETTINGS} - self.before.keys())
        blobs = workspace.repo.blob_ids([("", path) for path in wanted])
        return [
            Entry(path, (blob,), _ZEROS)
            for path, blob in zip(wanted, blobs, strict=True)
            if not self._clean(path, blob)
        ]

    def _clean(self, path: str, blob: str) -> bool:
        try:
            return is_blob(self.workspace.read(path), blob)
        except (OSError, files.Oddity):
            return False

    def _deltas(self, old: list[Task], new: list[Task], settings: Settings) -> list[Delta]:
        """What the change does to each item."""
        touched = {entry.path for entry in self.entries}
        comments = review.parsed(
            self.workspace,
            [entry for entry in self.entries if entry.path.startswith(COMMENTS + "/")],
        )[2]
        before, after = ([task for task in some if task.path in touched] for some in (old, new))
        return [Delta(*each) for each in review.paired(settings.schema, before, after, comments)]

    def _settings(self, side: dict[str, str]) -> tuple[Settings | None, list[Found]]:
        """The settings of a side, or what is wrong with them."""
        text = self.content(side, place.SETTINGS)
        return (
            (self.workspace.settings, [])
            if not self.enforced and self._same(text)
            else understood(text)
        )

    def _same(self, text: bytes | None) -> bool:
        """Whether these are the settings of the work tree."""
        return text == self.workspace.read(place.SETTINGS)

    def _tasks(self, side: dict[str, str], paths: Iterable[str], settings: Settings) -> list[Task]:
        from plaintrack.text.parse import parse

        found = ((path, self.content(side, path)) for path in sorted(paths))
        return [
            parse(path, data, settings.schema)
            for path, data in found
            if data is not None and settings.is_item(path)
        ]

    def _rules(self, side: dict[str, str]) -> dict[str, bytes]:
        """The files of rules that the change touches; the others are the same on both sides."""
        paths = [entry.path for entry in self.entries if place.is_rules(entry.path)]
        return {path: data for path in paths if (data := self.content(side, path)) is not None}


class _Authors:
    """Tells who gave a field its new value: the author of the last commit that did, or git's user
    where nothing is committed.

    History is asked once for all items of the change, however many they are.
    """

    def __init__(self, workspace: Workspace, one: str, two: str | None, staged: bool) -> None:
        self.workspace, self.one = workspace, one
        self.two = None if staged else two
        self._known: dict[str, dict[str, str]] = {}

    def of(self, delta: Delta, field: str) -> str:
        """The short name of ``people:``, else the name; empty if no one knows."""
        if self.two is None:
            from plaintrack.app.snapshot.people import me

            return next(iter(me(self.workspace)), "")
        from plaintrack.app.snapshot.people import person

        values = self._values(field)
        commits, events = self._events
        paths = {task.path for task in (delta.old, delta.new) if task}
        mine = sorted((number, blob) for path in paths for number, blob in events.get(path, ()))
        wanted, value, who = (
            delta.new.text(field) if delta.new else "",
            delta.old.text(field) if delta.old else "",
            "",
        )
        for number, blob in mine:
            now = values.get(blob, value)
            if now == wanted and value != wanted:
                who = person(self.workspace, commits[number].author, commits[number].email)
            value = now
        return who

    @cached_property
    def _events(self) -> tuple[list[Commit], dict[str, list[tuple[int, str]]]]:
        """The commits of the change, the oldest first, and path → (number of the commit, blob) for
        each that wrote the file.
        """
        repo = self.workspace.repo
        commits = list(repo.commits(self.two or "", [self.one]))
        numbers = {commit.hash: number for number, commit in enumerate(commits)}
        found: dict[str, list[tuple[int, str]]] = {}
        for commit, entries in repo.changes(list(numbers), review.paths(self.workspace)):
            for entry in entries:
                if entry.new:
                    found.setdefault(entry.path, []).append((numbers[commit], entry.new))
        return commits, found

    def _values(self, field: str) -> dict[str, str]:
        """Blob → what the field is in it, for every file that a commit of the change wrote."""
        from plaintrack.text.parse import parse

        if field not in self._known:
            blobs = {
                blob: path
                for path, some in self._events[1].items()
                if self.workspace.followed(path)
                for _, blob in some
            }
            schema = self.workspace.schema
            contents = converted(self.workspace.repo, blobs.items(), files.LARGEST + 1)
            self._known[field] = {
                blob: parse(path, data, schema).text(field)
                for (blob, path), data in contents.items()
            }
        return self._known[field]
