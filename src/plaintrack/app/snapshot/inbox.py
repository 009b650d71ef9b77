"""The inbox: what happened since a person last read, as far as it concerns that person."""

from collections.abc import Iterable, Iterator, Set
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from plaintrack.app.snapshot import answers, approvals, find, people
from plaintrack.app.snapshot.history import history, local
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.approval import ROLES
from plaintrack.model.change import telling
from plaintrack.model.inbox import Entry, by_item
from plaintrack.model.task import Task, fold
from plaintrack.model.thread import called
from plaintrack.store import marks
from plaintrack.store.digest import digest
from plaintrack.store.index.history import Event, History, Look
from plaintrack.text.mention import mentioned

FIRST = timedelta(days=14)
"""So far back the inbox of one goes who never read."""
SOON = "+3d"
_MINE = "assignee:{0} or owner:{0} or watching:{0}"
_TARGETS = frozenset(("target_start", "target_end"))


class NoOneHere(PlaintrackError):
    """An inbox is that of a person, and git does not say who the user is."""

    slug = "no-one-here"

    def __init__(self) -> None:
        super().__init__(
            "git does not know who you are, so nothing concerns you", "set git's user.email"
        )


class Inbox(NamedTuple):
    """What is not read, by item, the newest first; ``first``: nothing was ever marked as read, so
    that it only goes back FIRST.
    """

    items: list[tuple[str, list[Entry]]]
    first: bool = False

    @property
    def total(self) -> int:
        """How many entries there are."""
        return sum(len(entries) for _, entries in self.items)


def inbox(workspace: Workspace) -> Inbox:
    """What the user has not read; raises NoGit, NoOneHere."""
    reader = _Reader(workspace)
    known = marks.marks(workspace.root, reader.name)
    return Inbox(by_item(reader.unread(known)), known is None)


DAYS = {"day": 1, "week": 7}
"""The periods of a digest."""


def digest_of(workspace: Workspace, days: int, who: str = "") -> Inbox:
    """What concerned the user, or ``who``, in the last days, read or not; raises NoGit, NoOneHere,
    UnknownName.
    """
    reader = _Reader(workspace, who)
    since = int((workspace.now - timedelta(days=days)).timestamp())
    return Inbox(by_item([*reader.happened(since), *reader.standing()]))


def title(workspace: Workspace, period: str, who: str = "") -> str:
    """The title of a digest."""
    whose = f" of {who}" if who else ""
    return f"the last {period}{whose}, until {workspace.now.isoformat()[:16].replace('T', ' ')}"


def read(workspace: Workspace, words: Iterable[str]) -> Inbox:
    """Mark as read what the inbox has of the items that the words name, or of ``all``; what was
    marked. Raises NoGit, NoOneHere, NoInboxPlace, UnknownId.
    """
    reader = _Reader(workspace)
    wanted = list(words)
    everything = wanted == ["all"]
    ids = set() if everything else {fold(find.resolve(workspace, each)) for each in wanted}
    with marks.alone(workspace.root, reader.name):
        known = marks.marks(workspace.root, reader.name)
        unread = reader.unread(known)
        done = [each for each in unread if everything or fold(each.id) in ids]
        gone = {each.key for each in done}
        before = known or marks.Marks(reader.begin)
        tip = reader.history.tip if everything else before.tip
        after = marks.Marks(before.since, tip, before.read | gone)
        marks.keep(workspace.root, reader.name, after)
    return Inbox(by_item(done))


class _Reader:
    """Finds what concerns the user."""

    def __init__(self, workspace: Workspace, who: str = "") -> None:
        """``who`` is another person than the user."""
        self.workspace = workspace
        self.tip = workspace.tip  # first: git that refuses to read knows no user either
        handles = (people.known(workspace, who),) if who else people.me(workspace)
        if not handles:
            raise NoOneHere
        self.name = handles[0]
        self.handles = frozenset(map(fold, handles))
        self.authors = people.author(workspace, handles[0] if who else "me")

    @cached_property
    def history(self) -> History:
        """The history of the present commit."""
        return history(self.workspace)

    @cached_property
    def called(self) -> frozenset[str]:
        """The folded names by which a mention means the user: groups included."""
        staff = self.workspace.staff
        groups = (
            group
            for group, some in staff.teams.items()
            if not self.handles.isdisjoint(map(fold, some))
        )
        return self.handles.union(groups)

    @cached_property
    def mine(self) -> dict[str, Task]:
        """Folded id → item that names the user as assignee, owner or watching."""
        query = " or ".join(_MINE.format(f'"{each}"') for each in sorted(self.handles))
        asked = answers.question(self.workspace, query)
        return {fold(task.id): task for task in answers.tasks(self.workspace, asked)}

    @cached_property
    def waiting(self) -> dict[str, list[str]]:
        """Folded id → the open items of the user's that depend on it."""
        found: dict[str, list[str]] = {}
        for task in self.mine.values():
            if not self.workspace.schema.closed(task.text("status")):
                for each in task.many("depends_on"):
                    found.setdefault(fold(each), []).append(task.id)
        return found

    @cached_property
    def titles(self) -> dict[str, str]:
        """Folded id → title."""
        return answers.titles(self.workspace)

    def unread(self, known: marks.Marks | None) -> list[Entry]:
        """The entries that were not marked as read, each once."""
        known = known or marks.Marks(self.begin)
        found = [*self.happened(known.since, known.tip, written=True), *self.standing()]
        return [each for each in found if each.key not in known.read]

    @property
    def begin(self) -> int:
        """When the inbox begins of one who never read (Unix seconds)."""
        return int((self.workspace.now - FIRST).timestamp())

    def happened(self, since: int, beyond: str = "", written: bool = False) -> list[Entry]:
        """The entries of commits made (``written``: and written) since a time (Unix seconds) that
        ``beyond`` does not reach, each once, however many commits hold it.
        """
        known = history(self.workspace, self.history.tip)
        if beyond:
            known.beyond(beyond)
        events = [
            each
            for each in known.events(Look(since=since))
            if self.authors.isdisjoint((each.author.lower(), each.email.lower()))
            and (not written or _written(each) >= since)
        ]
        items = {each.change.id for each in events}
        made, spoken = (
            self.history.involved(items, self.authors, [kind]) for kind in ("created", "commented")
        )
        watched = {fold(each) for each in items if self._watches(each, made, spoken)}
        found: dict[str, Entry] = {}
        for event in _told(events):
            ours = fold(event.change.id) in watched
            for why, text in self._reasons(event, ours):
                entry = self._entry(event, why, text)
                found.setdefault(entry.key, entry)
        return list(found.values())

    def _watches(self, item: str, made: Set[str], spoken: Set[str]) -> bool:
        """Whether what becomes of an item concerns the user, by its field or the settings."""
        key, rules = fold(item), self.workspace.settings.watching
        roles = {"author": key in made, "commented": key in spoken}
        plain = [each for each in rules if not each["query"] and not each["path"]]
        if any(roles.get(who, False) for each in plain for who in each["of"]):
            return True
        task = self.mine.get(key)
        if task is None:
            names = {who for each in rules for who in each["of"]}
            if (
                len(plain) == len(rules)
                and names <= {*ROLES}
                and not self.workspace.settings.owners
            ):
                return False
            try:
                task = find.view(self.workspace, find.locate(self.workspace, item))
            except (PlaintrackError, OSError):  # it is gone: what it was is not asked
                return False
        if self._named(task.many("watching")):
            return True
        return any(
            roles[who] if who in roles else self._named(self._meant(who, task))
            for each in rules
            if approvals.fits(self.workspace, each, task)
            for who in each["of"]
        )

    def _named(self, names: Iterable[str]) -> bool:
        return not self.handles.isdisjoint(map(fold, names))

    def _meant(self, who: str, task: Task) -> Iterable[str]:
        """The people whom a rule names."""
        if who == "assignee":
            return task.many("assignee")
        if who == "owner":
            return (*task.many("owner"), *approvals.owners(self.workspace, task))
        return people.members(self.workspace, who)

    def _entry(self, event: Event, why: str, text: str) -> Entry:
        change = event.change
        source = "\0".join((*change, event.email.lower(), event.author, event.date))
        return Entry(
            change.id,
            self.titles.get(fold(change.id), ""),
            local(self.workspace, event),
            people.person(self.workspace, event.author, event.email),
            why,
            text,
            digest(source.encode("utf-8", "surrogatepass")).hex(),
        )

    def _reasons(self, event: Event, ours: bool) -> Iterator[tuple[str, str]]:
        """Why a Change concerns the user, at most one reason, and its words."""
        change = event.change
        found = ""
        if change.kind == "commented":
            found = self._of_comment(event)
        elif change.kind == "updated":
            found = self._of_update(event)
        elif change.kind in ("created", "body"):
            found = self._of_text(event)
        elif change.field == "assignee":
            found = self._of_assignee(event)
        if not found and ours:
            found = _plainly(event)
        if found:
            yield found, change.describe()
            return
        yield from self._of_others(event)

    def _of_others(self, event: Event) -> Iterator[tuple[str, str]]:
        """What became of an item on which the user's items wait."""
        change = event.change
        behind = self.waiting.get(fold(change.id), [])
        if not behind or change.field != "status" or change.kind != "set":
            return
        schema = self.workspace.schema
        was, now = schema.closed(change.old), schema.closed(change.new)
        if was != now:
            verb = "unblocks" if now else "blocks"
            yield f"{verb[:-1]}ed", f"{change.describe()}; {verb} {', '.join(behind)}"

    def _of_assignee(self, event: Event) -> str:
        change = event.change
        old, new = (
            any(fold(each.strip()) in self.handles for each in text.split(","))
            for text in (change.old, change.new)
        )
        if old == new:
            return ""
        return "assigned" if new else "unassigned"

    def _of_text(self, event: Event) -> str:
        """A body that names the user and did not before; a new item that the user is to do."""
        for touched in self.history.touched(event.commit, event.change.id):
            new = self._task(touched.path, touched.blob)
            if new is None:
                continue
            created = event.change.kind == "created"
            if created and any(fold(each) in self.handles for each in new.many("assignee")):
                return "assigned"
            old = None if created else self._task(touched.old_path, touched.old_blob)
            before = mentioned(old.body) if old else ()
            if self.called & set(mentioned(new.body)) - set(before):
                return "mentioned"
        return ""

    def _task(self, path: str, blob: str) -> Task | None:
        return next(iter(self.history.versions.of([(blob, path)])), None) if blob else None

    def _of_comment(self, event: Event) -> str:
        """What a comment is to the user, by its file as it is now."""
        from plaintrack.app.snapshot.spoken import comment, comments

        change = event.change
        if not change.new:
            return ""
        try:
            said = comment(change.path, self.workspace.read(change.path), self.workspace.schema)
        except (PlaintrackError, OSError):
            return "mentioned" if self.called & set(mentioned(change.new)) else ""
        if self.called & set(mentioned(said.body)):
            return "mentioned"
        if said.answers:
            for each in comments(self.workspace, change.id):
                if called(each.path) == said.answers and fold(each.author) in self.handles:
                    return "answered"
        return ""

    def _of_update(self, event: Event) -> str:
        """Whether an update names the user, by its file as it is now."""
        from plaintrack.text.update import update

        path = event.change.path
        try:
            text = update(path, self.workspace.read(path)).text
        except (PlaintrackError, OSError):
            text = event.change.new
        return "mentioned" if self.called & set(mentioned(text)) else ""

    def standing(self) -> list[Entry]:
        """What is not a Change: what is due soon, and whose approval is asked for."""
        return [*self._due(), *self._asked()]

    def _due(self) -> Iterator[Entry]:
        query = " or ".join(f'assignee:"{each}"' for each in sorted(self.handles))
        asked = answers.question(
            self.workspace, f"due:..{SOON}", within=f"is:open ({query})", sort="due"
        )
        for task in answers.tasks(self.workspace, asked):
            due = task.text("due")
            yield self._now(task, "due", f"due {due[:16].replace('T', ' ')}", due)

    def _asked(self) -> Iterator[Entry]:
        snapshot = self.workspace
        if not snapshot.settings.approvals["needs"]:
            return
        for each in approvals.approved(snapshot, "is:active"):
            task = each.task
            if not each.lacks or not self._may_approve(task):
                continue
            if any(fold(one.by) in self.handles for one in each.standing.valid):
                continue
            about = approvals.digest(snapshot, task)
            yield self._now(task, "asked", "; ".join(each.lacks), about)

    def _may_approve(self, task: Task) -> bool:
        """Whether an approval by the user is one of those that an item needs."""
        for need in approvals.needs(self.workspace):
            if not approvals.concerned(self.workspace, need, task.id):
                continue
            for wanted in need.wanted:
                able = approvals.able(self.workspace, wanted.who, task)
                if not self.handles.isdisjoint(map(fold, able)):
                    return True
        return False

    def _now(self, task: Task, why: str, text: str, about: str) -> Entry:
        key = digest(f"{why}\0{fold(task.id)}\0{about}".encode()).hex()
        when = self.workspace.now.isoformat()
        return Entry(task.id, task.text("title"), when, "", why, text, key)


def _written(event: Event) -> float:
    """When the author made a commit (Unix seconds); where git has a date that no calendar has,
    when it was committed.
    """
    try:
        return datetime.fromisoformat(event.date).timestamp()
    except (ValueError, OverflowError):
        return event.time


def _told(events: list[Event]) -> Iterator[Event]:
    """The Events worth telling a person, see ``telling``."""
    by_commit: dict[str, list[Event]] = {}
    for each in events:
        by_commit.setdefault(each.commit, []).append(each)
    for some in by_commit.values():
        kept = set(map(id, telling([each.change for each in some])))
        yield from (each for each in some if id(each.change) in kept)


def _plainly(event: Event) -> str:
    """Why a Change of an item of the user's is told, if there is no better reason."""
    change = event.change
    if change.kind in ("commented", "approved", "rejected", "updated"):
        return change.kind
    if change.field in _TARGETS:
        return "planned"
    if change.field == "depends_on" and change.kind == "added":
        return "blocked"
    return "changed"
