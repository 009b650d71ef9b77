"""Plays history to rules: when they would have fired, and what of that the ledger does not have."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.app.automation import ledger
from plaintrack.app.automation.changed import is_said, said_in
from plaintrack.app.automation.conditions import alike, unreadable
from plaintrack.app.automation.ledger import LEDGER
from plaintrack.app.automation.look import closings, closings_of
from plaintrack.app.automation.mentions import mentions
from plaintrack.app.automation.rules import Rules
from plaintrack.app.snapshot import answers, review
from plaintrack.app.snapshot.former import former, was_item
from plaintrack.app.snapshot.history import history
from plaintrack.app.snapshot.history import moment as seconds
from plaintrack.app.snapshot.past import NoSuchTime
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.fields import UPWARD
from plaintrack.model.task import Task, fold
from plaintrack.query.evaluate import holds
from plaintrack.query.facts import Facts
from plaintrack.rules.conditions import targets
from plaintrack.rules.look import (
    Closing,
    Happened,
    Look,
    Occurrence,
    by_clock,
    by_time,
    closed,
    firings,
    key_of,
    occurrences,
)
from plaintrack.rules.match import (
    Alike,
    waits_for_mentions,
    waits_for_messages,
    waits_for_slas,
    waits_for_time,
)
from plaintrack.rules.rule import Firing, Rule
from plaintrack.store.clock import zone
from plaintrack.store.commits import Commit, Entry
from plaintrack.when import dates

if TYPE_CHECKING:
    from plaintrack.app.snapshot.snapshot import Snapshot
    from plaintrack.model.expected import Expected
    from plaintrack.model.sla import Clocks

_RULES = re.compile(r"T000000Z-|Z-r\d{3,}-")
"""The names of comments that rules wrote."""
MOST_PLANS = 100
"""Plans that one replay makes, which take seconds each where there are thousands of items."""
Plans = Callable[[Workspace, Iterable[Task], date], "Mapping[str, Expected]"]


def base(workspace: Workspace, since: str) -> str | None:
    """The commit that ``since`` names, or the last one before that day; None: before all commits.
    Raises NoSuchTime, also if history is cut off after it.
    """
    found = workspace.repo.find(since)
    if found is not None:
        return found
    try:
        day = dates.past(since, workspace.today, answers.works(workspace))[0][:10]
    except dates.BadDate as error:
        if workspace.repo.shallow:
            raise _cut(since) from error
        message = f"{since!r} is neither a revision nor a date"
        raise NoSuchTime(message, error.hint) from error
    found = workspace.repo.before(seconds(workspace, day) - 1, workspace.repo.here)
    if found is None and workspace.repo.shallow:
        raise _cut(since)
    return found


def _cut(since: str) -> NoSuchTime:
    return NoSuchTime(
        f"{since}: this clone is shallow and does not go back that far",
        "fetch more history: `git fetch --unshallow`, or `fetch-depth: 0` in CI",
    )


def replay(workspace: Workspace, rule: Rule, since: str) -> list[tuple[str, Firing]]:
    """(when, firing) of all that the rule would have done since then, its own effects left out."""
    history = _History(workspace, Rules((rule,), (), {}), base(workspace, since))
    found, told = [], set[str]()
    for moment in history.moments(times=True):
        due = set(moment.look.due)
        for firing in firings(moment.look, (rule,)):
            if firing in due and firing.key in told:
                continue
            if targets(moment.world, rule, firing.item):
                found.append((moment.when, firing))
                if firing in due:
                    told.add(firing.key)
    return found


def missing(
    workspace: Workspace, rules: Rules, since: str, taken: Set[str] = frozenset()
) -> list[Firing]:
    """The firings for changes in the commits since then that the ledger did not gain since, and for
    their messages. ``taken`` are the keys of firings that the ledger is about to gain.
    """
    start = base(workspace, since)
    before = {path for path, _ in workspace.repo.tree(start, [LEDGER])} if start else set()
    ledger_now = ledger.acted(workspace)
    now = {*ledger_now, *taken}
    gained = taken | {key for key, path in ledger_now.items() if path not in before}
    known = now | {path.rpartition("/")[2][:-4] for path in before}
    found = []
    for occurrence, count in _wanted(workspace, rules, start):
        done = sum(key in gained for key in _keys(occurrence, known))
        first = len(_keys(occurrence, now))
        rule, item, why, _ = occurrence
        day = workspace.today.isoformat()
        for ordinal in range(first, first + max(0, count - done)):
            found.append(Firing(rule, item, why, key_of(occurrence, ordinal), day))
    messages = closed(closings(workspace, rules, start, workspace.repo.here), rules.rules)
    return [*found, *(firing for firing in messages if firing.key not in now)]


def _wanted(workspace: Workspace, rules: Rules, start: str | None) -> list[tuple[Occurrence, int]]:
    """How often changes in the commits since ``start`` trigger rules, by rule, then item. Of a rule
    that would take too many plans a notice is given.
    """
    readable = rules._replace(rules=_readable(workspace, rules))
    refused: set[str] = set()

    def meant(world: Past, rule: Rule, item: str) -> bool:
        if rule.name in refused:
            return False
        try:
            return bool(targets(world, rule, item))
        except TooManyPlans as error:
            refused.add(rule.name)
            workspace.notice(unreadable(rule, error))
            return False

    wanted = Counter(
        occurrence
        for moment in _History(workspace, readable, start).moments(times=False)
        for rule in readable.rules
        for happened in moment.look.happened
        for occurrence in occurrences(moment.look, rule, happened)
        if meant(moment.world, rule, occurrence.item)
    )
    order = {rule.name: number for number, rule in enumerate(rules.rules)}
    found = [each for each in wanted.items() if each[0].rule not in refused]
    return sorted(found, key=lambda each: (order[each[0].rule], each[0].item, each[0].why))


def _readable(workspace: Workspace, rules: Rules) -> tuple[Rule, ...]:
    """The rules whose queries can be read; of the others a notice is given."""
    found = []
    for rule in rules.rules:
        try:
            for condition in rule.conditions:
                answers.condition(workspace, condition.query)
            found.append(rule)
        except PlaintrackError as error:
            workspace.notice(unreadable(rule, error))
    return tuple(found)


def _keys(occurrence: Occurrence, keys: Set[str]) -> list[str]:
    """The keys of all times that an occurrence has been."""
    found: list[str] = []
    while (key := key_of(occurrence, len(found))) in keys:
        found.append(key)
    return found


class TooManyPlans(PlaintrackError):
    """A replay would make a plan for too many moments."""

    slug = "too-many-plans"

    def __init__(self) -> None:
        super().__init__(
            f"the plan would have to be made for more than {MOST_PLANS} moments",
            "begin later, with --since",
        )


class Past:
    """The items as they were; see ``rules.conditions.World``. ``plan`` gives what the plan of a
    moment would have said.
    """

    def __init__(
        self,
        workspace: Workspace,
        tasks: Iterable[Task],
        day: date,
        plan: "Plans | None" = None,
    ) -> None:
        self.workspace = workspace
        self._plan = plan or replanned
        settings = workspace.settings
        self.facts = Facts(
            tasks,
            workspace.schema,
            day,
            settings.urgency,
            scores=settings.scores,
            minutes=answers.minutes(workspace),
            plan=lambda: self._expected,
            sla=lambda: self._clocks,
            logged=lambda: self._then.logged if self._then else {},
            rolled=lambda: self._then.rolled if self._then else {},
            approved=lambda: self._then.approved if self._then else frozenset(),
            addressed=lambda: self._then.addressed if self._then else {},
        )

    @cached_property
    def _expected(self) -> "Mapping[str, Expected]":
        return self._plan(self.workspace, self.facts.tasks, self.facts.today)

    @cached_property
    def _then(self) -> "Snapshot | None":
        """The end of the day."""
        return end_of(self.workspace, self.facts.today)

    @cached_property
    def _clocks(self) -> "Mapping[str, Clocks]":
        """What SLAs said at the end of the day."""
        return clocks_of(self.workspace, self.facts.today)

    @cached_property
    def _by_id(self) -> dict[str, list[Task]]:
        found: dict[str, list[Task]] = {}
        for task in self.facts.tasks:
            if task.id:
                found.setdefault(fold(task.id), []).append(task)
        return found

    def _named(self, item: str) -> list[Task]:
        return self._by_id.get(fold(item), [])

    def ids(self) -> list[str]:
        """The ids of all items."""
        return sorted({task.id for tasks in self._by_id.values() for task in tasks})

    def related(self, item: str, subject: str) -> list[str]:
        """The ids of an item's subject."""
        if subject == "item":
            return [task.id for task in self._named(item)]
        if subject in UPWARD:
            links = [link for task in self._named(item) for link in task.many(subject)]
            return [task.id for link in links for task in self._named(link)]
        fields = ("depends_on",) if subject == "dependents" else UPWARD
        return [
            task.id
            for task in self.facts.tasks
            if any(fold(link) == fold(item) for name in fields for link in task.many(name))
        ]

    def answers(self, query: str, items: Iterable[str]) -> Set[str]:
        """Those of the ids that answer the query."""
        where = answers.condition(self.workspace, query)
        tasks = [task for item in items for task in self._named(item)]
        return {task.id for task in tasks if holds(where, task, self.facts)}


def replanned(workspace: Workspace, tasks: Iterable[Task], day: date) -> "Mapping[str, Expected]":
    """What the plan of these items would have said on a day, with the people, equipment and
    settings of now.
    """
    from plaintrack.app.snapshot.replayed import Replayed

    return Replayed(workspace, tasks, day).expected


def clocks_of(workspace: Workspace, day: date) -> "Mapping[str, Clocks]":
    """What the SLAs of now said at the end of a day; nothing before history."""
    then = end_of(workspace, day) if workspace.settings.sla else None
    return then.sla if then else {}


def end_of(workspace: Workspace, day: date) -> "Snapshot | None":
    """The work at the end of a day; None before history."""
    from plaintrack.app.snapshot.past import BeforeHistory, at

    try:
        return at(workspace, day.isoformat())
    except BeforeHistory:
        return None


class Moment(NamedTuple):
    """A look at one moment of history, and the items as they were then."""

    when: str
    look: Look
    world: Past


class _History:
    """The commits since a commit, with the items as they were after each."""

    def __init__(self, workspace: Workspace, rules: Rules, start: str | None) -> None:
        self.workspace, self.rules, self.start = workspace, rules, start
        tree = workspace.repo.tree(start, review.paths(workspace)) if start else []
        folders = former(workspace)
        kept = [
            (path, blob)
            for path, blob in tree
            if was_item(workspace, folders, path) and not path.startswith("comments/")
        ]
        self.tasks = {task.path: task for task in history(workspace).tasks(kept)}
        self.updated: dict[str, str] = {}  # path → the day of the last change since then
        self.plans = 0

    def moments(self, times: bool) -> Iterator[Moment]:
        """A look for each commit and, with ``times``, at the end of each day; without them messages
        of commits are left out, too.
        """
        workspace = self.workspace
        commits = self._commits()
        where = [*review.paths(workspace), *said_in(workspace)]
        entries = dict(
            workspace.repo.changes([each.hash for each in commits], where) if commits else ()
        )
        last: date | None = None
        for commit in commits:
            moment = datetime.fromtimestamp(commit.time, zone(workspace.schema.timezone))
            day = moment.date()
            while times and last is not None and last < day:
                yield self._end_of(last)
                last += timedelta(days=1)
            last = max(last or day, day)
            items = review.reviewed(workspace, entries.get(commit.hash, []))
            self._move_on(items, day.isoformat())
            happened = (*_happened(items), *self._mentions(items, entries.get(commit.hash, ())))
            yield self._after(commit, happened, moment, times)
        while times and last is not None and last <= workspace.today:
            yield self._end_of(last)
            last += timedelta(days=1)

    def _commits(self) -> list[Commit]:
        repo = self.workspace.repo
        return list(repo.commits(repo.here, [self.start] if self.start else []))

    def _move_on(self, items: Iterable[review.Reviewed], day: str) -> None:
        """Take what a commit changed; a comment by a person is a sign of life, too."""
        for each in items:
            if each.old:
                self.tasks.pop(each.old.path, None)
            if any(map(_is_spoken, each.changes)):
                mine = [task for task in self.tasks.values() if fold(task.id) == fold(each.id)]
                self.updated |= {task.path: day for task in mine}
            if each.new:
                self.tasks[each.new.path] = each.new
                self.updated[each.new.path] = day

    def _after(
        self, commit: Commit, happened: tuple[Happened, ...], moment: datetime, messages: bool
    ) -> Moment:
        """The look right after a commit."""
        look = Look(
            moment,
            self.workspace.schema,
            self._alike,
            happened,
            self._closings(commit) if messages else (),
        )
        return Moment(commit.date, look, self._world(moment.date()))

    def _mentions(
        self, items: Iterable[review.Reviewed], entries: Iterable[Entry]
    ) -> Iterator[Happened]:
        """Whom the texts of a commit mention, if a rule waits for that."""
        if not any(map(waits_for_mentions, self.rules.rules)):
            return
        workspace = self.workspace
        for each in items:
            found = tuple(mentions(workspace, each.id, each.old, each.new))
            if found:
                yield Happened(each.id, found)
        said = [
            (each.path, each.new)
            for each in entries
            if each.new and not each.old[0] and is_said(workspace, each.path)
        ]
        for task in history(workspace).tasks(said) if said else ():
            item = task.path.split("/")[-2]
            found = tuple(mentions(workspace, item, None, task, apart=True))
            if found:
                yield Happened(item, found)

    def _closings(self, commit: Commit) -> tuple[Closing, ...]:
        if not any(map(waits_for_messages, self.rules.rules)):
            return ()
        return tuple(closings_of(self.workspace, commit))

    def _end_of(self, day: date) -> Moment:
        """The look at the last minute of a day: what time triggers have met in it."""
        schema = self.workspace.schema
        midnight = datetime.combine(
            day + timedelta(days=1), datetime.min.time(), zone(schema.timezone)
        )
        moment = midnight - timedelta(minutes=1)
        look, world = Look(moment, schema, self._alike), self._world(day)
        start = moment - timedelta(days=1)
        tasks = [task for task in self.tasks.values() if task.id]
        due = [
            firing
            for rule in self.rules.rules
            if waits_for_time(rule)
            for firing in by_time(rule, tasks, look, self.updated, world, start)
        ]
        due += self._by_clocks(look, tasks, day)
        return Moment(day.isoformat(), look._replace(due=tuple(due)), world)

    def _by_clocks(self, look: Look, tasks: Iterable[Task], day: date) -> Iterator[Firing]:
        """What the SLAs have met by the end of a day."""
        waiting = [rule for rule in self.rules.rules if waits_for_slas(rule)]
        if not waiting:
            return
        from plaintrack.app.automation.due import spelt

        known = spelt(clocks_of(self.workspace, day), tasks)
        for rule in waiting:
            yield from by_clock(rule, known, look)

    def _world(self, day: date) -> Past:
        return Past(self.workspace, list(self.tasks.values()), day, self._replanned)

    def _replanned(
        self, workspace: Workspace, tasks: Iterable[Task], day: date
    ) -> "Mapping[str, Expected]":
        """The plan of a moment, made only where a condition asks for it. Raises TooManyPlans."""
        self.plans += 1
        if self.plans > MOST_PLANS:
            raise TooManyPlans
        return replanned(workspace, tasks, day)

    @cached_property
    def _alike(self) -> Alike:
        return alike(self.workspace)


def _happened(items: Iterable[review.Reviewed]) -> Iterator[Happened]:
    return (Happened(each.id, each.changes) for each in items)


def _is_spoken(change: Change) -> bool:
    """Whether a person has commented."""
    return change.kind == "commented" and not _RULES.search(change.path)
