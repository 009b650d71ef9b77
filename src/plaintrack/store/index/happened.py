"""What one commit did to items: its Changes, and the files of items that it touched."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from plaintrack.model.approval import decided
from plaintrack.model.change import INITIAL, Change, compare, pairs
from plaintrack.model.task import Task
from plaintrack.model.update import reported
from plaintrack.store.commits import Entry
from plaintrack.store.place import COMMENTS
from plaintrack.text.comment import said
from plaintrack.text.markdown import steps

Good = Callable[[str, str], Task | None]
"""The last readable state before a (blob, path) that cannot be read."""


class Seen(NamedTuple):
    """An Entry with the Tasks before, of each parent, and after; None: not there."""

    entry: Entry
    old: tuple[Task | None, ...]
    new: Task | None


class Touch(NamedTuple):
    """The file of an item before and after a commit: paths and blobs, empty where it was not."""

    item: str
    old_path: str
    old_blob: str
    path: str
    blob: str


class Happened:
    """Compares commit by commit, parents before children; it knows what the files were that cannot
    be read.
    """

    def __init__(self, lists: frozenset[str], before: Good, spoken: Mapping[str, str] = {}) -> None:
        """``lists`` are the fields that are sets; ``before`` is asked for states that were read
        earlier; ``spoken`` has the folders of verdicts and updates, folder → room.
        """
        self.lists, self.before = lists, before
        self._rooms = {f"{folder}/": room for folder, room in spoken.items()}
        self._folders = tuple(self._rooms)
        self._good: dict[tuple[str, str], Task] = {}  # the last readable state before (blob, path)

    def __call__(self, seen: Sequence[Seen]) -> tuple[list[Change], list[Touch]]:
        """The Changes of one commit, of a merge only those against every parent; and the touched
        files of items.

        Of a merge there are Changes of the kind INITIAL, too: of a new item, one for each value.
        """
        items = [each for each in seen if not self._beside(each.entry.path)]
        spoken: list[Change] = []
        if len(items) < len(seen):
            beside = [each for each in seen if self._beside(each.entry.path)]
            for each in _without_moves(beside):
                spoken += self._spoken(each)
        if not items:
            return spoken, []
        merge = len(items[0].old) > 1
        sides = [self._against(items, side, merge) for side in range(len(items[0].old))]
        changes, files = sides[0]
        if merge:
            marks = [{_mark(change) for change in against} for against, _ in sides]
            common = set.intersection(*marks)
            changes = [change for change in changes if _mark(change) in common]
        return [*spoken, *changes], files

    def _beside(self, path: str) -> bool:
        """Whether a file says something of an item: a comment, a verdict or a status update."""
        return _comment(path) or (path.startswith(self._folders) and bool(self._room(path)))

    def _room(self, path: str) -> str:
        """The room of a verdict or an update; empty for other files."""
        for folder, room in self._rooms.items():
            if path.startswith(folder) and path.count("/", len(folder)) == 1:
                return room
        return ""

    def _spoken(self, seen: Seen) -> Iterator[Change]:
        """The Change of a comment, a verdict or an update."""
        if len(seen.old) > 1:
            return  # a merge does not speak
        path = seen.entry.path
        if not _comment(path):
            read = decided if self._room(path) == "approvals" else reported
            yield from read(path, seen.old[0], seen.new)
            return
        item = path.split("/")[1]
        yield Change(item, path, "commented", old=_words(seen.old[0]), new=_words(seen.new))

    def _against(
        self, seen: Sequence[Seen], side: int, merge: bool
    ) -> tuple[list[Change], list[Touch]]:
        if len(seen) == 1:
            return self._alone(*seen[0], side, merge)
        blobs = {}
        old, new = [], []
        for entry, before, after in seen:
            task = before[side]
            if task is not None:
                old.append(task)
                blobs[id(task)] = entry.old[side]
            if after is not None:
                new.append(after)
                blobs[id(after)] = entry.new
        changes: list[Change] = []
        files: list[Touch] = []
        for one, two in pairs(old, new):
            was = blobs[id(one)] if one else ""
            now = blobs[id(two)] if two else ""
            changes += self._compared(one, was, two, now, merge)
            files.append(_touch(one, was, two, now))
        return changes, files

    def _alone(
        self,
        entry: Entry,
        old: tuple[Task | None, ...],
        new: Task | None,
        side: int,
        merge: bool,
    ) -> tuple[list[Change], list[Touch]]:
        """The same for a commit of one file."""
        was = entry.old[side]
        if not was and new is None:  # a merge without what one of its sides had not either
            return [], []
        changes = self._compared(old[side], was, new, entry.new, merge)
        return list(changes), [_touch(old[side], was, new, entry.new)]

    def _compared(
        self, before: Task | None, was: str, after: Task | None, now: str, merge: bool
    ) -> Iterator[Change]:
        good = before
        if before is not None and not before.fields:
            good = self._last_good(was, before.path)
        if after is not None and not after.fields:
            if good is not None:
                self._good[now, after.path] = good
                yield from compare(before, after, self.lists)
            return
        if after is not None and good is None:
            if merge:
                yield from initial(after)
        elif after is not None and good is not before:
            yield Change(after.id, after.path, "mended")
        if good is not None and after is not None and good.body != after.body:
            good, after = _stepped(good), _stepped(after)
        yield from compare(good, after, self.lists)

    def _last_good(self, blob: str, path: str) -> Task | None:
        return self._good.get((blob, path)) or self.before(blob, path)


def initial(task: Task) -> Iterator[Change]:
    """The values that an item has when it is first seen, as Changes."""
    for name in task.fields:
        for value in task.many(name):
            yield Change(task.id, task.path, INITIAL, name, new=value)


def _touch(before: Task | None, was: str, after: Task | None, now: str) -> Touch:
    item = after.id if after else ""
    if not item and before:
        item = before.id
    return Touch(item, before.path if before else "", was, after.path if after else "", now)


def _stepped(task: Task) -> Task:
    """The same with its steps, which are of interest only where bodies differ."""
    return task._replace(steps=steps(task.body))


def _comment(path: str) -> bool:
    return path.startswith(COMMENTS + "/") and path.count("/") == 2


def _words(task: Task | None) -> str:
    """The first line of a comment, shortened."""
    line = said(task)
    return line if len(line) <= 80 else f"{line[:79]}…"


def _mark(change: Change) -> tuple[str, ...]:
    """What must be the same for a merge to have made a Change itself."""
    if change.kind == "body":
        return (change.id.lower(), "body")
    return (change.id.lower(), change.kind, change.field, change.new or change.old)


def _without_moves(comments: list[Seen]) -> list[Seen]:
    """Those of comments, but of those that went along with an item to its new id."""
    went = {(_name(each), each.old[0]) for each, _, _ in comments if not each.new}
    came = {(_name(each), each.new) for each, _, _ in comments if not each.old[0]}
    moved = went & came
    return [
        each
        for each in comments
        if (_name(each.entry), each.entry.new or each.entry.old[0]) not in moved
    ]


def _name(entry: Entry) -> str:
    return entry.path.rpartition("/")[2]
