"""The workload of a snapshot: who has how much to do, and when."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.capacity import Capacities
from plaintrack.app.snapshot.outline import outline
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.need import BadNeed, Need, need
from plaintrack.model.task import Task, fold
from plaintrack.plan.availability import Availability
from plaintrack.plan.outline import Piece
from plaintrack.plan.workload import (
    Days,
    Duty,
    Load,
    Row,
    days_of,
    load,
    periods,
    row,
    together,
    window,
)
from plaintrack.when import dates
from plaintrack.when.durations import BadDuration, minutes
from plaintrack.when.moments import day

if TYPE_CHECKING:
    from plaintrack.plan.answer import Planned as PlanAnswer
    from plaintrack.plan.portions import Pick, Portion

UNASSIGNED = ""
FAR = timedelta(days=3660)
"""Work is spread over ten years at most."""
_AHEAD = {"day": 13, "week": 55, "month": 183}


class Workload(NamedTuple):
    """Rows in the periods of the days from ``first`` to ``last``; ``unknown``: the people's files
    are not here, so the time of people is unknown; ``planned``: by the plan, not by dates.
    """

    by: str
    per: str
    first: date
    last: date
    rows: tuple[Row, ...]
    unknown: bool = False
    planned: bool = False


class Range(NamedTuple):
    """The days that are looked at, by ``day``, ``week`` or ``month``."""

    per: str
    first: date
    last: date


class BadRange(PlaintrackError):
    """The days asked for cannot be shown."""

    slug = "bad-range"


class RangeReversed(BadRange):
    """The days asked for end before they begin."""

    slug = "range-reversed"

    def __init__(self, start: date, end: date) -> None:
        super().__init__(f"{end} is before {start}", "give --until a day that is later than --from")


class RangeTooLong(BadRange):
    """The days asked for are too many."""

    slug = "range-too-long"

    def __init__(self, start: date, end: date) -> None:
        super().__init__(f"{start} to {end} is more than ten years", "ask for fewer days")


def days(snapshot: Snapshot, per: str, first: str = "", last: str = "") -> Range:
    """The days to look at, from dates as people write them: two weeks, eight weeks or half a year
    from today on, if nothing else is said. Raises BadDate, BadRange.
    """
    today = snapshot.today
    start = today
    if first:
        start = date.fromisoformat(dates.span(first, today, answers.works(snapshot))[0][:10])
    end = start + timedelta(days=_AHEAD[per])
    if per == "week":
        end -= timedelta(days=start.weekday())
    elif per == "month":
        end = end.replace(day=1) - timedelta(days=1)
    if last:
        end = date.fromisoformat(dates.span(last, today, answers.works(snapshot))[1][:10])
    if end < start:
        raise RangeReversed(start, end)
    if end - start > FAR:
        raise RangeTooLong(start, end)
    return Range(per, start, end)


def workload(
    snapshot: Snapshot, query: str, by: str, wanted: Range, planned: bool = False
) -> Workload:
    """The workload of the open items that a query finds, all without one; ``planned``: as the plan
    has it, else by the dates of the items. Raises BadQuery.
    """
    work = _Planned(snapshot, query, wanted) if planned else _Work(snapshot, query, wanted)
    rows = {
        "person": work.people,
        "team": work.teams,
        "skill": work.skills,
        "equipment": work.pools,
        "project": work.projects,
    }[by]()
    staff = snapshot.staff
    return Workload(
        by,
        wanted.per,
        wanted.first,
        wanted.last,
        tuple(rows),
        staff.named and not staff.there,
        planned,
    )


class _Work:
    """The open pieces of work with who does them."""

    def __init__(self, snapshot: Snapshot, query: str, wanted: Range) -> None:
        self.snapshot = snapshot
        self.capacities = Capacities(snapshot)
        self.staff = snapshot.staff
        self.periods = periods(wanted.per, wanted.first, wanted.last)
        self.wanted = wanted
        self.pieces = list(_open(snapshot, query))
        dues = [self._day(piece.task, "due") for piece in self.pieces]
        latest = max((each for each in dues if each), default=snapshot.today)
        self.first = min(wanted.first, snapshot.today)
        self.end = max(wanted.last, min(latest, snapshot.today + FAR))
        self._days: dict[str, Days | None] = {}
        self._usual = self._of(self.capacities.usual())

    def _of(self, one: Availability) -> Days:
        return days_of(one.spans(self.first, self.end))

    def _day(self, task: Task, name: str) -> date | None:
        return day(task.text(name), self.snapshot.schema.timezone)

    def days(self, person: str) -> Days | None:
        """The days of a person; None if they are unknown."""
        if person not in self._days:
            one = self.capacities.person(person)
            self._days[person] = None if one is None else self._of(one)
        return self._days[person]

    def duty(self, piece: Piece, part: float = 1.0, length: float | None = None) -> Duty:
        """A piece of work, or a part of it, with its days."""
        task = piece.task
        left = piece.left if length is None else length
        dates = window(
            self.snapshot.today,
            self._day(task, "start"),
            self._day(task, "wait"),
            self._day(task, "due"),
        )
        first, last = dates or (None, None)
        last = min(last, self.end) if last else None
        return Duty(
            task.id or task.path,
            task.text("title"),
            None if left is None else left * part,
            first,
            last,
            task.path,
        )

    def effortless(self, piece: Piece) -> bool:
        """Whether it takes no one's time: its length is a `duration` or `elapsed`."""
        if piece.left is not None:
            return False
        names = ("duration", "elapsed")
        return any(piece.task.text(name) for name in names if name not in self.snapshot.schema.own)

    def doers(self, piece: Piece) -> Iterator[tuple[str, float]]:
        """Who does a piece of work, each with a part of it: the assignees, else its team, else
        no one.
        """
        names = [each.removeprefix("@") for each in piece.task.many("assignee") if each]
        if not names and "team" not in self.snapshot.schema.own:
            names = [each for each in piece.task.many("team") if each][:1]
        names = list({fold(each): each for each in names}.values())
        for each in names:
            yield each, 1 / len(names)
        if not names:
            yield UNASSIGNED, 1.0

    def loads(self) -> Iterator[tuple[str, Piece, Load]]:
        """The load of each piece of work on each of those who do it."""
        for piece in self.pieces:
            if self.effortless(piece):
                continue
            for who, part in self.doers(piece):
                days = self.days(who) if who and fold(who) not in self.staff.teams else None
                yield who, piece, load(self.duty(piece, part), days or self._usual)

    def _capacity(self, name: str) -> Days | None:
        """The days of all members of a team together, or of a person; None if one is unknown."""
        if not name:
            return None
        days = [self.days(each) for each in self.staff.members(name)]
        known = [each for each in days if each is not None]
        return together(known) if len(known) == len(days) else None

    def _spelled(self, name: str) -> str:
        person = self.staff.person(name)
        if person is not None:
            return person.handle
        return self.staff.spelled.get(fold(name), name)

    def _rows(
        self, loads: Mapping[str, list[Load]], capacity: Mapping[str, Days | None]
    ) -> list[Row]:
        names = sorted({*loads, *capacity}, key=lambda name: (not name, fold(name)))
        return [row(name, loads.get(name, []), capacity.get(name), self.periods) for name in names]

    def people(self) -> list[Row]:
        """A row for each person with a file or with work; teams that work is assigned to as such
        have rows of their own.
        """
        found: dict[str, list[Load]] = {}
        for who, _, each in self.loads():
            found.setdefault(self._spelled(who), []).append(each)
        names = {*found, *(each.handle for each in self.staff.people.values())}
        # the time of a team is that of its members, who have rows of their own
        people = {name for name in names if fold(name) not in self.staff.teams}
        return self._rows(found, {name: self._capacity(name) for name in people})

    def teams(self) -> list[Row]:
        """A row for each team, with the work of its members and what is assigned to it."""
        of_person: dict[str, list[str]] = {}
        for team, members in self.staff.teams.items():
            for member in members:
                of_person.setdefault(fold(member), []).append(team)
        found: dict[str, list[Load]] = {self._spelled(team): [] for team in self.staff.teams}
        for who, _, each in self.loads():
            teams = [fold(who)] if fold(who) in self.staff.teams else of_person.get(fold(who), [])
            for team in teams or [UNASSIGNED]:
                found.setdefault(self._spelled(team) if team else "", []).append(each)
        return self._rows(found, {name: self._capacity(name) for name in found})

    def skills(self) -> list[Row]:
        """A row for each skill that someone has or an item needs."""
        able = self.staff.skills()
        found: dict[str, list[Load]] = {skill: [] for skill in able}
        for piece in self.pieces:
            for one in self._needs(piece.task):
                if one.options[0].skill:
                    skill = fold(one.options[0].name)
                    loads = self.skilled(piece, one, able.get(skill, ()))
                    found.setdefault(skill, []).extend(loads)
        return self._rows(found, {skill: self._able(able.get(skill, ())) for skill in found})

    def skilled(self, piece: Piece, one: Need, able: Iterable[str]) -> Iterator[Load]:
        """What a need for a skill loads those who have it with."""
        if not self.effortless(piece):
            duty = self.duty(piece, float(one.options[0].units))
            yield load(duty, self._able(able) or self._usual)

    def _able(self, people: Iterable[str]) -> Days | None:
        return together([days for each in people if (days := self.days(each)) is not None])

    def _needs(self, task: Task) -> Iterator[Need]:
        if "needs" in self.snapshot.schema.own:
            return
        for text in task.many("needs"):
            try:
                yield need(text)
            except BadNeed:
                continue

    def pools(self) -> list[Row]:
        """A row for each pool of equipment, in hours of its units; of alternatives the first one
        counts.
        """
        pools: dict[str, Days | None] = {}
        for each in self.staff.equipment.values():
            there = self.capacities.equipment(each.handle)
            pools[each.handle] = None if there is None else self._of(there)
        known = {fold(name): name for name in pools}
        found: dict[str, list[Load]] = {}
        for piece in self.pieces:
            for one in self._needs(piece.task):
                option = one.options[0]
                name = known.get(fold(option.name))
                if option.skill or name is None:
                    continue
                duty = self.duty(piece, float(option.units), self._length(piece))
                found.setdefault(name, []).append(load(duty, pools[name] or self._usual))
        return self._rows(found, dict(pools))

    def _length(self, piece: Piece) -> float | None:
        """How long a piece of work holds what it needs: its working time, else its effort shared by
        those who do it.
        """
        schema = self.snapshot.schema
        for name, size in (("duration", schema.day), ("elapsed", 1440)):
            text = piece.task.text(name)
            if text and name not in schema.own:
                try:
                    length = minutes(text, size, size * 7 if name == "elapsed" else schema.week)
                except BadDuration:
                    continue
                return length if name == "duration" else length / 1440 * schema.day
        left = piece.left
        return None if left is None else left / len(list(self.doers(piece)))

    def projects(self) -> list[Row]:
        """A row for each project, by the name or the id that items give it."""
        titles = answers.titles(self.snapshot)
        found: dict[str, list[Load]] = {}
        for _, piece, each in self.loads():
            item = piece.task.text("project")
            title = titles.get(fold(item), "")
            found.setdefault(f"{item} {title}".strip(), []).append(each)
        return self._rows(found, {})


class _Planned(_Work):
    """The same, with each piece of work on the days, and on the people and equipment, that the plan
    gives it.
    """

    @cached_property
    def answer(self) -> "PlanAnswer":
        """The plan."""
        from plaintrack.app.snapshot.planned import planned

        return planned(self.snapshot)

    @cached_property
    def portions(self) -> "Mapping[str, list[Portion]]":
        """Folded id → what the plan says who does when."""
        from plaintrack.plan.portions import portions

        pools = frozenset(self.staff.equipment.keys() - self.staff.people.keys())
        return portions(self.answer.plan, self.answer.draft.days, pools)

    def placed(self, piece: Piece, equipment: bool) -> Iterator[tuple[str, Load]]:
        """The loads of a piece of work on people, or on equipment."""
        for each in self.portions.get(fold(piece.task.id), ()) if piece.task.id else ():
            if each.equipment == equipment:
                minutes = each.minutes.between(each.first, each.last)
                task = piece.task
                duty = Duty(
                    each.item, task.text("title"), minutes, each.first, each.last, task.path
                )
                yield each.resource, Load(duty, each.minutes, 1.0)

    def loads(self) -> Iterator[tuple[str, Piece, Load]]:
        """The load of each piece of work on each of those who do it; of what has no dates, on those
        whom it names.
        """
        for piece in self.pieces:
            if fold(piece.task.id) in self.portions:
                for who, each in self.placed(piece, equipment=False):
                    yield who, piece, each
            elif not self.effortless(piece):
                for who, part in self.doers(piece):
                    yield who, piece, Load(self._undated(piece, part), self._usual)

    @cached_property
    def picks(self) -> "dict[str, list[Pick]]":
        """Id → whom the plan takes for each need; see ``plan.portions``."""
        from plaintrack.plan.portions import picks

        return picks(self.answer.plan)

    def skilled(self, piece: Piece, one: Need, able: Iterable[str]) -> Iterator[Load]:
        """What those do whom the plan takes for a need; what has no dates stays without."""
        if fold(piece.task.id) not in self.portions:
            if not self.effortless(piece):
                duty = self._undated(piece, float(one.options[0].units))
                yield Load(duty, self._able(able) or self._usual)
            return
        for who, each in self.placed(piece, equipment=False):
            if fold(who) in self._taken(piece.task, one, each.duty.id):
                yield each

    def _taken(self, task: Task, one: Need, item: str) -> frozenset[str]:
        """Whom the plan takes for a need; of needs that the same people may meet, the first line
        has the first pick.
        """
        wanted = self._wanted(one)
        before = takewhile(lambda other: other != one, self._needs(task))
        number = sum(self._wanted(other) == wanted for other in before)
        same = [pick.taken for pick in self.picks.get(item, ()) if pick.able == wanted]
        return same[number] if number < len(same) else frozenset()

    def _wanted(self, one: Need) -> frozenset[str]:
        """The folded handles of those who may be taken for a need."""
        skills = self.staff.skills()
        found: set[str] = set()
        for option in one.options:
            known = skills.get(fold(option.name), ())
            found.update(known if option.skill else self.staff.members(option.name))
        return frozenset(map(fold, found))

    def _undated(self, piece: Piece, part: float) -> Duty:
        return self.duty(piece, part)._replace(first=None, last=None)

    def pools(self) -> list[Row]:
        """A row for each pool of equipment, in hours of its units."""
        pools = {
            each.handle: self._of(self.capacities.of(each))
            for each in self.staff.equipment.values()
        }
        found: dict[str, list[Load]] = {}
        for piece in self.pieces:
            for name, each in self.placed(piece, equipment=True):
                found.setdefault(name, []).append(each)
        return self._rows(found, dict(pools))


def _open(snapshot: Snapshot, query: str) -> Iterator[Piece]:
    """The pieces of work that are open and answer the query."""
    wanted = None
    if query.strip():
        rows = answers.rows_raw(snapshot, answers.question(snapshot, query))
        wanted = {path for path, _, _ in rows}
    work = outline(snapshot)
    for number in work.work:
        piece = work.pieces[number]
        if not piece.closed and (wanted is None or piece.task.path in wanted):
            yield piece
