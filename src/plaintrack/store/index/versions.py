"""The contents of history, parsed: in the order in which commits have them, as few as can be in
memory.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from plaintrack.model.problem import Problem
from plaintrack.model.task import Task
from plaintrack.store.commits import Commit, Entry
from plaintrack.store.files import LARGEST
from plaintrack.store.index.happened import Seen
from plaintrack.store.repo import Repo

Parse = Callable[[str, bytes], Task]
_ROOM = 32_000_000  # bytes of the states that are kept, about
_TASK = 1500  # bytes of a Task besides its body, about
_COMMITS = 20_000  # that are read together, at most, and
_BLOBS = 20_000  # their contents
Changed = tuple[Commit, list[Entry]]


class Versions:
    """Parses the contents of files; knows the latest state of paths, so that what a commit changes
    is seldom read twice.
    """

    def __init__(self, repo: Repo, parse: Parse) -> None:
        """``parse`` makes a Task of a path and its bytes."""
        self.repo, self.parse = repo, parse
        self._latest: dict[str, tuple[str, Task, int]] = {}  # path → blob, Task, bytes
        self._size = 0
        self._limit = _ROOM
        self._mean = 2000.0

    def read(self, commits: Iterator[Changed]) -> Iterator[tuple[Commit, list[Seen]]]:
        """Each commit with what it changed, before and after."""
        part: list[Changed] = []
        names: list[str] = []
        current: dict[str, str] = {}
        for commit, entries in commits:
            part.append((commit, entries))
            for entry in entries:
                names += _lacking(entry, self._blob(entry.path, current))
                current[entry.path] = entry.new
            most = min(_BLOBS, _ROOM / self._mean)
            if len(names) >= most or len(part) >= _COMMITS:
                yield from self._part(part, names)
                part, names, current = [], [], {}
        yield from self._part(part, names)

    def _blob(self, path: str, current: dict[str, str]) -> str:
        """The blob whose state is known when the next commit of the part comes to a path."""
        if path in current:
            return current[path]
        known = self._latest.get(path)
        return known[0] if known else ""

    def _part(
        self, part: Sequence[Changed], names: Sequence[str]
    ) -> Iterator[tuple[Commit, list[Seen]]]:
        waiting = Counter(entry.path for _, entries in part for entry in entries)
        data = self.repo.contents(names, LARGEST + 1) if names else iter(())
        for commit, entries in part:
            yield commit, [self._seen(entry, data, waiting) for entry in entries]
            if self._size > self._limit:
                self._forget(waiting)
        for _ in data:  # lets git come to its end, and say so
            pass

    def _seen(self, entry: Entry, data: Iterator[bytes | None], waiting: Counter[str]) -> Seen:
        path, old, new = entry
        waiting[path] -= 1
        known = self._latest.pop(path, None)
        if known is not None:
            self._size -= known[2]
            if len(old) == 1 and old[0] == known[0] != new and new:  # as nearly always
                latest = self._latest[path] = self._state(path, new, next(data))
                self._size += latest[2]
                return Seen(entry, (known[1],), latest[1])
            states = {known[0]: known}
        else:
            states = {}
        for blob in _lacking(entry, known[0] if known else ""):
            states[blob] = self._state(path, blob, next(data))
        if entry.new:
            latest = self._latest[path] = states[entry.new]
            self._size += latest[2]
        return Seen(
            entry,
            tuple([states[blob][1] if blob else None for blob in entry.old]),
            states[entry.new][1] if entry.new else None,
        )

    def _state(self, path: str, blob: str, data: bytes | None) -> tuple[str, Task, int]:
        size = _TASK + len(data or b"")
        self._mean += (size - self._mean) / 1000
        return blob, self.parsed(path, data), size

    def _forget(self, waiting: Counter[str]) -> None:
        """Let go of the states that are not waited for, the oldest first, until there is room."""
        for path in [each for each in self._latest if not waiting[each]]:
            self._size -= self._latest.pop(path)[2]
            if self._size < _ROOM * 3 // 4:
                break
        self._limit = max(_ROOM, self._size * 5 // 4)

    def parsed(self, path: str, data: bytes | None) -> Task:
        """The Task of a content, with its steps left out; of one that cannot be read, why."""
        if data is None:
            return unreadable(path, "its contents are not in this clone")
        task = self.parse(path, data)
        if task.fields:
            if not task.steps and not task.problems:
                return task
            return Task(path, task.id, task.fields, task.body)
        return unreadable(path, task.problems[0].message if task.problems else "")

    def of(self, places: Sequence[tuple[str, str]]) -> Iterator[Task]:
        """The Task of each (blob, path), steps left out."""
        contents = self.repo.contents([blob for blob, _ in places], LARGEST + 1) if places else ()
        for (_, path), data in zip(places, contents, strict=True):
            yield self.parsed(path, data)


def unreadable(path: str, why: str) -> Task:
    """A Task of a file that cannot be read."""
    return Task(path, "", {}, problems=(Problem("unreadable", path, why),))


def _lacking(entry: Entry, known: str) -> list[str]:
    """The blobs of an entry that are to be read where the state of one is known, in order."""
    if known and known == entry.old[0] != entry.new and len(entry.old) == 1:
        return [entry.new] if entry.new else []
    return [blob for blob in dict.fromkeys((*entry.old, entry.new)) if blob and blob != known]
