"""The two sides of a change that is to be checked: its items before and after, among those that
they concern.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.app.check.replanned import Plans
from plaintrack.app.check.source import RULES, Merged, Sight
from plaintrack.app.snapshot import people, review
from plaintrack.app.snapshot.settings import understood
from plaintrack.app.snapshot.snapshot import Snapshot, key
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.work import Agreed, Clocked, Delta, Found, Withdrawn
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError
from plaintrack.model.problem import Problem
from plaintrack.model.staff import Staff
from plaintrack.model.task import Task
from plaintrack.store import files, place
from plaintrack.store.commits import Commit, Entry
from plaintrack.store.converted import converted
from plaintrack.store.index import checking
from plaintrack.store.index.database import Connection
from plaintrack.store.index.part import Reach, parts
from plaintrack.store.place import COMMENTS
from plaintrack.store.repo import Repo
from plaintrack.text.blocks import LIKE
from plaintrack.text.document import stored

if TYPE_CHECKING:
    from plaintrack.plan.answer import Line

_Mine = tuple[Workspace, str, str | None, bool]
"""What the change is to those that prove what it brings: see ``agreed.Change``."""
_ZEROS = "0" * 40  # the blob of what stands in the work tree


class Side(NamedTuple):
    """A snapshot, the settings it is looked at with, and its changed files as they are in it."""

    snapshot: Sight
    settings: Settings
    contents: dict[str, bytes]


class Sides(NamedTuple):
    """The snapshots before and after and their names, what happened in between, the paths whose
    findings count, and the plans of both sides.
    """

    names: tuple[str, str]
    old: Side
    new: Side
    deltas: list[Delta]
    focus: frozenset[str]
    plans: Plans


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
    rooms = workspace.settings.rooms
    kept = [rooms[room] for room in ("time", "timesheets") if room in rooms]
    where = (*review.reviewable(workspace), *kept, place.SETTINGS, RULES)
    one, two, names = _ends(repo, since)
    entries = [entry for entry in repo.diff(one, two, ["."], staged) if _matters(entry.path, where)]
    dirty = repo.diff(two, None, where) if two is not None else []
    untracked = repo.untracked(where if staged else ["."])
    new = [Entry(path, ("",), _ZEROS) for path in untracked if _matters(path, where)]
    if staged:  # any file in which the work tree differs may refer to what the change touches
        names, dirty = (names[0], "staged"), repo.unstaged(where)
    elif two is None:
        names, entries, new = (names[0], "work tree"), [*entries, *new], []
    return _Change(workspace, entries, [*dirty, *new], today, enforced).sides(
        names, one, two, staged, reach
    )


def _whole(workspace: Workspace, tree: str | None, today: date, enforced: bool) -> Snapshot:
    """All of one side: a commit, what is staged (empty), or the work tree (None); ``enforced``: as
    the settings of the workspace have it.
    """
    from plaintrack.app.snapshot.past import at
    from plaintrack.app.snapshot.staged import Staged

    if tree is None:
        return workspace
    found: Snapshot
    if tree:
        found = at(workspace, tree, today)
    else:
        found = Staged(workspace.root, workspace.listener, today)
        found.discreet = workspace.discreet
    if enforced:
        _enforce(found, workspace.settings)
    return found


def _enforce(snapshot: Snapshot, settings: Settings) -> None:
    """Look at a snapshot with these settings, but for the folders that its items are in."""
    try:
        then = snapshot.settings
    except PlaintrackError:
        then = settings
    schema = settings.schema._replace(archive=then.archive)
    held = settings._replace(folders=then.folders, archive=then.archive, schema=schema)
    vars(snapshot)["settings"] = held  # a cached property of all that are given here


def _lines(plans: Plans, side: str) -> "Sequence[Line]":
    """The lines of the plan of a side, ``before`` or ``after``. Raises PlaintrackError."""
    return getattr(plans.comparison, side).lines  # type: ignore[no-any-return]


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
        workspace = self.workspace
        own = [self._settings(side) for side in (self.before, self.after)]
        first, last = (self._enforced(known) for known, _ in own)
        paths = self._items(first, last)
        old = [*self._tasks(self.before, paths, first), *self._odd(self.before, one, first)]
        tree = "" if staged else two
        new = [*self._tasks(self.after, paths, last), *self._odd(self.after, tree, last)]
        schemas = (first.schema, last.schema)
        small = parts(workspace.index.connection, old, new, paths, schemas, reach)
        authors = _Authors(workspace, one, two, staged)
        whole = [
            partial(_whole, workspace, side, self.today, self.enforced) for side in (one, tree)
        ]
        plans = Plans(whole[0], whole[1], self.today, names)
        lines = partial(_lines, plans, "before")
        agreement = partial(_agreed, whole[0], None, None)
        mine = (workspace, one, two, staged)
        timed = self._clocks(whole, first, last, mine)
        before = self._side(
            self.before, small.old, first, own[0], authors, one, lines, agreement, timed[0]
        )
        merged = partial(_ask, workspace, one, two, staged)
        lines = partial(_lines, plans, "after")
        agreement = partial(_agreed, whole[1], mine, whole[0])
        gone: Callable[[], Sequence[Withdrawn]] = partial(_withdrawn, whole[1], mine)
        if staged and not any(
            self.before[path] and not workspace.is_item(path) for path in self.before
        ):
            gone = tuple  # nothing but items was there before, and no commits lie between
        after = self._side(
            self.after,
            small.new,
            last,
            own[1],
            authors,
            one,
            lines,
            agreement,
            timed[1],
            merged,
            gone,
        )
        focus = small.focus | self._focus()
        return Sides(names, before, after, self._deltas(old, new, last), focus, plans)

    def _clocks(
        self,
        whole: "Sequence[Callable[[], Snapshot]]",
        first: Settings,
        last: Settings,
        mine: _Mine,
    ) -> "tuple[Callable[[], Clocked] | None, Callable[[], Clocked] | None]":
        """The time records of both sides; None for both where the change touches none."""
        if not any(each.records(path) for path in self._touched for each in (first, last)):
            return None, None
        return partial(_clocked, whole[0], None), partial(_clocked, whole[1], mine)

    def _enforced(self, known: Settings | None) -> Settings:
        """The settings that a side is looked at with."""
        return self.workspace.settings if self.enforced or known is None else known

    def _items(self, first: Settings, last: Settings) -> set[str]:
        """The paths of the items that the change may make something else of: those it touches, and
        all if one side has settings by which files are read in another way.
        """
        present = self.workspace.settings
        paths: Iterable[str] = self.before
        same = all(
            key(each) == key(present) and each.ignore == present.ignore for each in (first, last)
        )
        if not same:
            paths = [*self.before, *checking.paths(self.workspace.index.connection)]
        return {path for path in paths if first.is_item(path) or last.is_item(path)}

    def _side(
        self,
        blobs: dict[str, str],
        connection: Connection,
        settings: Settings,
        own: tuple[Settings | None, list[Found]],
        authors: "_Authors",
        tip: str,
        lines: "Callable[[], Sequence[Line]]",
        agreement: "Callable[[frozenset[str] | None], Agreed]",
        timed: "Callable[[], Clocked] | None",
        merged: Merged | None = None,
        gone: "Callable[[], Sequence[Withdrawn]] | None" = None,
    ) -> Side:
        """One side; ``own`` are the settings that it has itself, with what is wrong with them."""
        found = ((path, self.content(blobs, path)) for path in blobs)
        contents = {path: data for path, data in found if data is not None}
        touched = {path: contents[path] for path in self._touched if path in contents}
        snapshot = Sight(
            self.workspace, connection, self.today, *own, self._rules(blobs).items, authors, tip,
            changed=True, live=self._live({**touched, **self._beside(blobs)}).items,
            spoken=_spoken(touched, settings).items,
            merged=merged, staff=partial(self._staff, blobs, settings), lines=lines,
            agreement=agreement, timed=timed, withdrawn=gone,
            named=any(blob and not self.before[path] for path, blob in self.after.items()),
        )  # fmt: skip
        return Side(snapshot, settings, contents)

    def _staff(self, blobs: dict[str, str], settings: Settings) -> Staff:
        """People, equipment and teams of a side."""
        faults: list[Problem] = []
        found: dict[str, list[tuple[str, bytes]]] = {}
        for room in ("people", "equipment"):
            folder = settings.rooms.get(room)
            if folder is None:
                continue
            here = {f"{folder}/{name}" for name in self.workspace.names(folder)}
            touched = {path for path in blobs if settings.room(path) == room}
            found[room] = []
            for path in sorted(here | touched):
                data = self._staffed(blobs, path)
                if data is not None and path.rpartition("/")[2] not in settings.ignore:
                    found[room].append((path, data))
        staff = people.made(settings, found, faults)
        return staff.discreet() if self.workspace.discreet else staff

    def _staffed(self, blobs: dict[str, str], path: str) -> bytes | None:
        """A file of people or equipment on a side; None if it is not there, or cannot be read."""
        if path in blobs:
            return self.content(blobs, path)
        try:
            return self.workspace.read(path)
        except (OSError, files.Oddity):  # which the check of everything tells
            return None

    @cached_property
    def _touched(self) -> frozenset[str]:
        """The paths of the files that the change touches."""
        return frozenset(entry.path for entry in self.entries)

    def _focus(self) -> set[str]:
        """The paths beside those of items whose findings count."""
        documents = [path for path in self._touched if path.endswith(".md")]
        documents += self._untouched
        rules = (path for path in self._touched if place.is_rules(path))
        return {place.SETTINGS, *documents, *rules}

    @cached_property
    def _untouched(self) -> list[str]:
        """The documents whose blocks may ask for what the change takes away: an item, a word of the
        settings.
        """
        settings = self.workspace.settings
        gone = (path for path in self._touched if not self.after[path] and settings.is_item(path))
        if place.SETTINGS not in self._touched and not any(gone):
            return []
        from plaintrack.app.snapshot.documents import documents

        found = documents(self.workspace)
        return [path for path in found if path not in self._touched and path[:3] != "../"]

    def _beside(self, blobs: dict[str, str]) -> dict[str, bytes]:
        """The bytes of these documents on a side: as in the work tree where it is the same."""
        found = {}
        for path in self._untouched:
            data = self.content(blobs, path) if path in blobs else self._present(path)
            if data is not None:
                found[path] = data
        return found

    def _present(self, path: str) -> bytes | None:
        """The bytes of a document in the work tree; None if it cannot be read."""
        try:
            return self.workspace.read_whole(path)
        except (OSError, files.Oddity):
            return None

    def _live(self, contents: Mapping[str, bytes]) -> dict[str, bytes]:
        """The documents with blocks."""
        from plaintrack.app.snapshot.documents import said

        return {
            path: data
            for path, data in contents.items()
            if path.endswith(".md") and not said(self.workspace, path) and LIKE.search(data)
        }

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

    def _deltas(self, old: list[Task], new: list[Task], settings: Settings) -> list[Delta]:
        """What the change does to each item."""
        touched = self._touched
        comments = review.parsed(
            self.workspace,
            [entry for entry in self.entries if entry.path.startswith(COMMENTS + "/")],
        )[2]
        before, after = ([task for task in some if task.path in touched] for some in (old, new))
        return [Delta(*each) for each in review.paired(settings.schema, before, after, comments)]

    def _settings(self, side: dict[str, str]) -> tuple[Settings | None, list[Found]]:
        """The settings of a side, or what is wrong with them."""
        text = self.content(side, place.SETTINGS)
        if not self.enforced and self._same(text):
            return (self.workspace.settings, [])
        return understood(text)

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


def _spoken(contents: Mapping[str, bytes], settings: Settings) -> dict[str, bytes]:
    """The comments and status updates."""
    from plaintrack.app.snapshot.addressed import rooms

    folders = tuple(f"{room}/" for room in rooms(settings))
    return {path: data for path, data in contents.items() if path.startswith(folders)}


def _agreed(
    whole: Callable[[], Snapshot],
    change: _Mine | None,
    earlier: Callable[[], Snapshot] | None,
    focus: frozenset[str] | None,
) -> Agreed:
    """What is wrong with the approvals of a side; ``change`` is to prove those it brings to what
    was there ``earlier``.
    """
    from plaintrack.app.check.agreed import Change, agreed, unproven

    proof = partial(unproven, Change(*change)) if change else None
    return agreed(whole(), focus, proof, earlier)


def _withdrawn(whole: Callable[[], Snapshot], change: _Mine) -> Sequence[Withdrawn]:
    """What a change takes away of what others said."""
    from plaintrack.app.check.agreed import Change
    from plaintrack.app.check.withdrawn import withdrawn

    return withdrawn(Change(*change), whole())


def _clocked(whole: Callable[[], Snapshot], change: _Mine | None) -> Clocked:
    """The time records of a side; ``change`` is to prove the verdicts it brings."""
    from plaintrack.app.check.agreed import Change
    from plaintrack.app.check.clocked import clocked

    return clocked(whole(), Change(*change) if change else None, timed=False)


def _ask(
    workspace: Workspace,
    one: str,
    two: str | None,
    staged: bool,
    question: Callable[..., Sequence[Any]],
) -> Sequence[Any]:
    """Ask about the merges in a change."""
    return question(workspace, one, two, staged)


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

    def steps(self, delta: Delta, field: str) -> list[str]:
        """The values that a field had one after the other, from the first side to the last one, as
        the commits between them have it.
        """
        old, new = (task.text(field) if task else "" for task in (delta.old, delta.new))
        found = [old]
        if self.two is not None:
            values = self._values(field)
            _, events = self._events
            paths = {task.path for task in (delta.old, delta.new) if task}
            for _, blob in sorted(event for path in paths for event in events.get(path, ())):
                found.append(values.get(blob, found[-1]))
        return [*found, new]

    def people(self, delta: Delta, names: Sequence[str]) -> list[str]:
        """The people whom names mean for an item, as they were before the change."""
        from plaintrack.app.snapshot import approvals

        task = delta.old or delta.new
        snapshot = self._before if delta.old else self.workspace
        assert task is not None
        return list(approvals.people(snapshot, names, task))

    @cached_property
    def _before(self) -> Snapshot:
        """The work before the change."""
        return _whole(self.workspace, self.one, self.workspace.today, enforced=True)

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
