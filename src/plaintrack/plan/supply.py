"""Who and what there is to work with, in the slots of a plan; made for those that are asked for."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from plaintrack.model.staff import Equipment, Person, Staff
from plaintrack.model.task import fold
from plaintrack.plan.availability import Availability, Span, free_days, of_equipment, of_person
from plaintrack.plan.days import Days
from plaintrack.plan.problem import FULL, Calendar, Off, Resource
from plaintrack.when.calendars import Calendar as Week

OPERATIONS = " (operations)"
"""What follows a person's name in the time that is held back for operations."""
Calendars = Callable[[Person | Equipment], Week]


class Supply:
    """Everybody and everything over the first ``count`` days of a plan.

    Who is not known, or whose hours are not, works the workspace's ``week``. ``away`` and ``more``
    are only supposed: days off by folded name, and units of equipment. ``reserve`` is the part of
    everyone's time, in percent, that is held back for operations.
    """

    def __init__(
        self,
        staff: Staff,
        week: Week,
        calendars: Calendars,
        days: Days,
        count: int,
        usual: int = 480,
        away: Mapping[str, tuple[tuple[date, date], ...]] = {},
        more: Mapping[str, int] = {},
        reserve: int = 0,
    ) -> None:
        """``usual`` are the minutes of a working day; ``calendars`` gives anybody's calendar."""
        self.staff, self.week, self.calendars = staff, week, calendars
        self.days, self.count, self.usual = days, count, usual
        self.away, self.more, self.reserve = away, more, reserve
        self.last = days.first + timedelta(days=count - 1)
        self.skills = staff.skills()
        self.calendar = self._calendar()

    @property
    def equipped(self) -> bool:
        """Whether any equipment is scarce."""
        return bool(self.staff.equipment)

    def is_person(self, name: str) -> bool:
        """Whether a name in ``needs`` means a person or a team, and not equipment."""
        key = fold(name)
        return key in self.staff.people or (
            key in self.staff.teams and key not in self.staff.equipment
        )

    def is_scarce(self, name: str) -> bool:
        """Whether a name means equipment that there is only so much of."""
        return fold(name) in self.staff.equipment

    def person(self, name: str, operations: bool = False) -> Resource:
        """A person; with a reserve, what is held back for ``operations``, or the rest."""
        known = self.staff.person(name)
        handle = known.handle if known else name
        units = FULL - self.reserve
        if operations:
            handle, units = handle + OPERATIONS, self.reserve
        if known is None or not known.path:
            runs = tuple((start, end, units) for start, end in self.calendar.runs)
            resource = Resource(handle, runs, self.calendar.off)
        else:
            one = of_person(known, self.calendars(known), self.usual)
            resource = self._resource(handle, one, units)
        return self._without(resource, name)

    def _without(self, resource: Resource, name: str) -> Resource:
        """The same, less the days off that are only supposed."""
        off = [
            Off(self.days.start(first), self.days.end(last), "away, as supposed")
            for first, last in self.away.get(fold(name), ())
        ]
        return resource._replace(off=(*resource.off, *off)) if off else resource

    def pool(self, name: str) -> Resource:
        """Equipment that ``is_scarce``."""
        known = self.staff.equipment[fold(name)]
        one = of_equipment(known, self.calendars(known), self.usual)
        units = known.units + self.more.get(fold(name), 0)
        whole = tuple(leave for leave in one.leave if not leave.units)
        found = self._resource(known.handle, one._replace(units=1, leave=whole), units, one)
        return self._without(found, name)

    def _calendar(self) -> Calendar:
        """The workspace's own week, less its holidays."""
        made = self._resource("the calendar", Availability(self.week, self.usual), 1)
        return Calendar(made.name, tuple(run[:2] for run in made.runs), made.off)

    def _resource(
        self, name: str, one: Availability, units: int, pool: Availability | None = None
    ) -> Resource:
        """The slots of someone as if nothing were off, and what is off. Of a ``pool`` single units
        can be away.
        """
        base = one._replace(
            calendar=one.calendar._replace(
                holidays=frozenset(), yearly=frozenset(), public=_never, own={}
            ),
            leave=(),
        )
        there = self._minutes(one)
        whole = self._minutes(base)
        lost = self._lost(pool, one) if pool else {}
        whys = [span for span in one.spans(self.days.first, self.last) if span.why]
        runs: list[tuple[int, int, int]] = []
        off: list[Off] = []
        joins = False  # whether nothing was worked since the last absence
        for day in sorted(whole.keys() | there.keys()):
            start = self.days.start(day)
            length = self.days.slots(max(whole.get(day, 0), there.get(day, 0)))
            left = max(0, units - lost.get(day, 0))
            if length and left:
                runs.append((start, start + length, left))
            worked = self.days.slots(there.get(day, 0))
            if worked == length:
                joins = False
                continue
            label = self._why(day, whys)
            if worked and label.endswith(" am"):  # the morning is off, what is worked comes after
                off.append(Off(start, start + length - worked, label))
                joins = False
                continue
            if joins and not worked and off[-1].label == label:
                off[-1] = off[-1]._replace(end=start + length)
            else:
                off.append(Off(start + worked, start + length, label))
            joins = True
        return Resource(name, tuple(runs), tuple(off))

    def _minutes(self, one: Availability) -> dict[date, int]:
        spans = one.spans(self.days.first, self.last)
        return dict(free_days(spans, self.days.first, self.last))

    def _lost(self, pool: Availability, one: Availability) -> dict[date, int]:
        """The units of a pool that are away on a day."""
        alone = self._minutes(one._replace(leave=()))
        found = {}
        for day, minutes in self._minutes(pool).items():
            if alone.get(day):
                missing = pool.units - minutes // alone[day]
                if 0 < missing < pool.units:
                    found[day] = missing
        return found

    def _why(self, day: date, spans: Sequence[Span]) -> str:
        place = bisect_right(spans, day, key=lambda span: span.first) - 1
        return spans[place].why if place >= 0 and day <= spans[place].last else "off"


def _never(_day: date) -> bool:
    return False
