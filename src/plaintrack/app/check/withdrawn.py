"""What a change takes away of what people said of items, and who did: verdicts, status updates,
comments, timesheets.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from plaintrack.app.check.agreed import Change, is_by, unsigned
from plaintrack.app.snapshot import approvals, timelog
from plaintrack.app.snapshot.people import me, person
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.checks.work import Withdrawn
from plaintrack.model.task import fold
from plaintrack.store import files
from plaintrack.store.commits import Commit, Entry
from plaintrack.store.converted import converted
from plaintrack.store.place import COMMENTS, SETTINGS

ROOMS = ("approvals", "updates", "timesheets")

Versions = Mapping[tuple[str, str], bytes]
"""(blob, path) → bytes."""


class Word(NamedTuple):
    """What someone said: in which room, of what (a folder's name), by whom, and what it says. Where
    the file lies does not tell it from another.
    """

    room: str
    about: str
    by: str
    sort: str
    said: tuple[str, ...]


class Step(NamedTuple):
    """A file of what people said that was changed from one blob to another (empty: not there) in a
    commit (None: in none yet).
    """

    path: str
    old: str
    new: str
    commit: Commit | None


def withdrawn(change: Change, snapshot: Snapshot) -> list[Withdrawn]:
    """What a change takes away of what others said of the items that there are after it.

    Moved files, and those of an item that the change deletes, are let be; so is what one takes
    back oneself. What a change brings and takes away again counts.
    """
    if change.workspace.repo.find(change.one) is None:  # before the first commit
        return []
    look = _Look(change, snapshot)
    if not look.steps and not look.net:
        return []
    takers: dict[Word, list[Commit | None]] = {}
    lay: dict[Word, str] = {}
    for step in look.steps:
        kept = set(look.words(step.path, step.new))
        for word in look.words(step.path, step.old):
            if word not in kept:
                takers.setdefault(word, []).append(step.commit)
                lay[word] = step.path
    for entry in look.net:
        for word in look.words(entry.path, entry.old[0]):
            takers.setdefault(word, [])
            lay.setdefault(word, entry.path)
    present = look.present(takers)
    found = []
    for word, by in takers.items():
        there = look.subject(word)
        if there is None or look.key(word) in present or any(look.own(word, each) for each in by):
            continue
        path, item = there
        found.append(Withdrawn(path or lay[word], item, lay[word], word.room, look.why(word, by)))
    return found


class _Look:
    """A change to files of what people said."""

    def __init__(self, change: Change, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.workspace, self.repo = change.workspace, change.workspace.repo
        self.rooms = self._rooms(change)
        folders = list(self.rooms)
        commits = {
            each.hash: each
            for each in self.repo.commits(change.two or self.repo.here, [change.one])
        }
        self.steps = [
            Step(entry.path, old, entry.new, commits[name])
            for name, entries in (self.repo.changes(list(commits), folders) if commits else ())
            for entry in entries
            for old in entry.old
            if old
        ]
        if change.two is None or change.staged:
            self.steps += [
                Step(entry.path, entry.old[0], entry.new, None)
                for entry in self.repo.diff(self.repo.here, None, folders, change.staged)
                if entry.old[0]
            ]
        two = None if change.staged else change.two
        diff = self.repo.diff(change.one, two, folders, change.staged)
        self.net: list[Entry] = [entry for entry in diff if entry.old[0]]
        wanted = {(blob, each.path) for each in self.steps for blob in (each.old, each.new)}
        wanted |= {(entry.old[0], entry.path) for entry in self.net}
        blobs = sorted(each for each in wanted if each[0].strip("0"))
        self.versions: Versions = converted(self.repo, blobs, files.LARGEST + 1)

    def _rooms(self, change: Change) -> dict[str, str]:
        """Folder → room, of both sides."""
        from plaintrack.app.snapshot.past import at
        from plaintrack.app.snapshot.settings import understood

        then, _ = understood(at(change.workspace, change.one).read(SETTINGS))
        found = {COMMENTS: "comments"}
        for rooms in (then.rooms if then else {}, self.snapshot.settings.rooms):
            found.update({rooms[room]: room for room in ROOMS if room in rooms})
        return found

    def words(self, path: str, blob: str) -> Iterator[Word]:
        """What stands in a version of a file."""
        if not blob:
            return
        data = self.versions.get((blob, path)) if blob.strip("0") else self._now(path)
        if data is not None:
            yield from self._words(path, data)

    def _now(self, path: str) -> bytes | None:
        try:
            return self.workspace.read(path)
        except (OSError, files.Oddity):
            return None

    def _words(self, path: str, data: bytes) -> Iterator[Word]:
        folder = next((each for each in self.rooms if path.startswith(f"{each}/")), "")
        about, _, name = path[len(folder) + 1 :].partition("/")
        if not folder or "/" in name or not name.endswith(".md"):
            return
        room = self.rooms[folder]
        for by, sort, said in _READERS[room](self.snapshot, about, path, data):
            if by:
                yield Word(room, fold(about), timelog.handle(self.snapshot, by), sort, said)

    def present(self, words: Mapping[Word, object]) -> set[tuple[str, str, Word]]:
        """The keys of what is said after the change of what these words are about."""
        items = {self.subject(word) for word in words}
        names = {fold(word.about) for word in words}
        names |= {name for name, there in self.items.items() if there in items}
        found: set[tuple[str, str, Word]] = set()
        for folder in self.rooms:
            start = len(folder) + 1

            def wanted(path: str, start: int = start) -> bool:
                return path.endswith("/") or fold(path[start:].partition("/")[0]) in names

            for path, data in self.snapshot.contents(folder, wanted):
                if path.endswith(".md"):
                    found.update(self.key(word) for word in self._words(path, data))
        return found

    def key(self, word: Word) -> tuple[str, str, Word]:
        """What tells a word from all others, whichever id of its item the folder has."""
        path, item = self.subject(word) or ("", "")
        return path, item, word._replace(about="")

    def subject(self, word: Word) -> tuple[str, str] | None:
        """Path and id of the item that a word is about; None if it is no more. A timesheet is about
        no item.
        """
        return ("", "") if word.room == "timesheets" else self.items.get(word.about)

    @property
    def items(self) -> Mapping[str, tuple[str, str]]:
        """Each id that an item has or had, folded → its path and id."""
        if not hasattr(self, "_items"):
            from plaintrack.store.index import ask

            former = approvals.former(self.snapshot)
            named = list(ask.named(self.snapshot.index.connection))
            found = {
                fold(old): (path, item)
                for path, item in named
                for old in former.get(fold(item), ())
            }
            self._items = {**found, **{fold(item): (path, item) for path, item in named}}
        return self._items

    def own(self, word: Word, commit: Commit | None) -> bool:
        """Whether it is the one who said it that takes it back."""
        if commit is None:
            return fold(word.by) in map(fold, me(self.workspace))
        if not is_by(self.snapshot, word.by, commit.author, commit.email):
            return False
        signed = word.room == "approvals" and self.snapshot.settings.approvals["signed"]
        return not signed or not unsigned(self.snapshot, self.repo, word.by, commit)

    def why(self, word: Word, takers: list[Commit | None]) -> str:
        """What happened, in words."""
        told = f"the {word.sort} by {word.by} is changed or gone"
        if not takers:
            return f"{told}: a merge left it out"
        commit = takers[-1]
        if commit is None:
            return f"{told}, and you are not {word.by}"
        who = person(self.snapshot, commit.author, commit.email)
        return f"{told}: {who} did that in the commit {commit.hash[:9]}"


_Said = Iterator[tuple[str, str, tuple[str, ...]]]


def _verdict(_snapshot: Snapshot, _about: str, path: str, data: bytes) -> _Said:
    from plaintrack.text.verdict import verdict

    found = verdict(path, data)
    if found.problem is None:
        sort = "approval" if found.approved else "rejection"
        said = (found.role, found.date, found.content, found.text)
        yield found.by, f"{sort} of {found.date[:10]}", said


def _update(_snapshot: Snapshot, _about: str, path: str, data: bytes) -> _Said:
    from plaintrack.text.update import update

    found = update(path, data)
    if found.problem is None:
        said = (found.health, found.date, found.text)
        yield found.by, f"status update of {found.date[:10]}", said


def _comment(snapshot: Snapshot, _about: str, path: str, data: bytes) -> _Said:
    from plaintrack.app.snapshot.spoken import comment

    found = comment(path, data, snapshot.schema)
    if found.problem is None:
        said = (found.date, found.answers, str(found.resolved), found.body.strip())
        yield found.author, f"comment of {found.date[:10]}", said


def _sheet(snapshot: Snapshot, about: str, path: str, data: bytes) -> _Said:
    from plaintrack.text.sheet import sheet

    found = sheet(path, data, timelog.handle(snapshot, about))
    if isinstance(found, str):
        return
    what = f"timesheet of {found.period}"
    yield found.person, what, (found.person, found.period, found.sha256, found.submitted)
    for each in found.verdicts:
        sort = "approval" if each.what == "approved" else "rejection"
        said = (found.person, found.period, *each)
        yield each.by, f"{sort} of {found.person}'s {what}", said


_READERS = {
    "approvals": _verdict,
    "updates": _update,
    "comments": _comment,
    "timesheets": _sheet,
}
