"""SLA clocks: the working time of an item from start to stop, without its pauses."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from plaintrack.flow.series import State
from plaintrack.model.sla import Clock
from plaintrack.when.calendars import FARTHEST, Calendar

DAY = 1440
"""Minutes of a day around the clock."""


class Hours:
    """The working time between instants: a working day of the calendar is worked from an hour on,
    for as long as the calendar says; a day around the clock is the whole day.
    """

    def __init__(
        self, calendar: Calendar, usual: int, begins: int, zone: tzinfo | None, first: int
    ) -> None:
        """``usual`` are the minutes of an ordinary working day, ``begins`` is the minute of the day
        at which work begins. No instant before ``first`` (Unix seconds) is asked for.
        """
        self.calendar, self.usual, self.begins, self.zone = calendar, usual, begins, zone
        self.first = self._ordinal(first)
        self._spans: list[tuple[int, int]] = []
        self._sums = [0]

    def between(self, start: int, end: int) -> int:
        """The seconds worked between two instants; 0 if the second is not later."""
        return max(0, self._until(end) - self._until(start))

    def after(self, start: int, seconds: float) -> int | None:
        """The instant at which so many seconds were worked since another; None: not in ten
        years.
        """
        wanted = self._until(start) + seconds
        number = max(0, self._ordinal(start) - self.first)
        for at in range(number, number + FARTHEST):
            if self.first + at >= date.max.toordinal():
                return None
            begin, _ = self._span(at)
            if self._sums[at + 1] >= wanted:
                return max(start, int(begin + wanted - self._sums[at]))
        return None

    def _until(self, instant: int) -> int:
        """The seconds worked from the first day to an instant."""
        at = self._ordinal(instant) - self.first
        if at < 0:
            return 0
        begin, end = self._span(at)
        return self._sums[at] + max(0, min(instant, end) - begin)

    def _span(self, at: int) -> tuple[int, int]:
        """When work begins and ends on a day, counted from the first one."""
        while len(self._spans) <= at:
            begin, end = self._worked(date.fromordinal(self.first + len(self._spans)))
            self._spans.append((begin, end))
            self._sums.append(self._sums[-1] + end - begin)
        return self._spans[at]

    def _worked(self, day: date) -> tuple[int, int]:
        length = self.calendar.worked(day, self.usual)
        begins = min(self.begins, DAY - length)
        return self._instant(day, begins), self._instant(day, begins + length)

    def _instant(self, day: date, minute: int) -> int:
        midnight = datetime.combine(day + timedelta(days=minute // DAY), time(), self.zone)
        return int((midnight + timedelta(minutes=minute % DAY)).timestamp())

    def _ordinal(self, instant: int) -> int:
        return datetime.fromtimestamp(instant, self.zone).toordinal()


Condition = Callable[[State], bool]


class Terms(NamedTuple):
    """What an SLA says. ``goal`` gives the seconds that an item may take (None: it has no goal),
    ``imported`` whether an item that is first seen in this state was stopped before.
    """

    chosen: Condition
    starts: Condition
    pauses: Condition
    stops: Condition
    goal: Callable[[State], float | None]
    hours: Hours
    imported: Condition = lambda _: False


class Run(NamedTuple):
    """A cycle that goes on: the seconds used ``upto`` an instant; ``ran``: it was not paused all
    the time.
    """

    start: int
    used: int
    upto: int
    paused: bool
    ran: bool


class Life(NamedTuple):
    """What became of the clock of one item: its cycle that goes on, those that ended, and whether
    the stop condition held last; ``imported``: it was first seen stopped long ago.
    """

    run: Run | None = None
    ended: tuple[Clock, ...] = ()
    stopped: bool = False
    seen: bool = False
    imported: bool = False


NEW = Life()


def lived(terms: Terms, states: Iterable[State], life: Life = NEW) -> Life:
    """The life of a clock after more states, in order of time."""
    for state in states:
        life = _after(terms, life, state)
    return life


def _after(terms: Terms, life: Life, state: State) -> Life:
    """The life after one more state.

    An item that is deleted, or that the SLA is not about any more, has no running cycle. Stop comes
    before start and pause. What comes to its stop without a start that was seen did both in one
    commit: a cycle of no time.
    """
    run = life.run and _advanced(terms, life.run, state.time)
    if not state.here or not terms.chosen(state):
        return life._replace(run=None, stopped=False, seen=True)
    if terms.stops(state):
        imported = life.imported or (not life.seen and terms.imported(state))
        ended = life.ended
        if run is None and not life.stopped and not (imported and not life.seen):
            run = Run(state.time, 0, state.time, False, True)
        goal = terms.goal(state)
        if run is not None and goal is not None:
            ended = (*ended, _clock(terms, run, goal, state.time))
        return Life(None, ended, True, True, imported)
    if run is None and terms.starts(state):
        run = Run(state.time, 0, state.time, False, False)
    if run is not None:
        paused = terms.pauses(state)
        run = run._replace(paused=paused, ran=run.ran or not paused)
    return life._replace(run=run, stopped=False, seen=True)


def _advanced(terms: Terms, run: Run, now: int) -> Run:
    """A running cycle at a later instant."""
    spent = 0 if run.paused else terms.hours.between(run.upto, now)
    return run._replace(used=run.used + spent, upto=max(run.upto, now))


def clocks(terms: Terms, life: Life, state: State, now: int) -> tuple[Clock, ...]:
    """All cycles of an item at an instant, the oldest first; ``state`` is what it is then."""
    if life.run is None:
        return life.ended
    goal = terms.goal(state)
    if goal is None:
        return life.ended
    return (*life.ended, _clock(terms, _advanced(terms, life.run, now), goal, None))


def _clock(terms: Terms, run: Run, goal: float, stop: int | None) -> Clock:
    ends = None
    if run.used > goal:
        state = "breached"
    elif stop is not None:
        state = "met"
    else:
        state = "paused" if run.paused else "running"
        ends = None if run.paused else terms.hours.after(run.upto, goal - run.used)
    return Clock(state, run.start, stop, run.used / 60 if run.ran else None, goal / 60, ends)


class Week(NamedTuple):
    """The cycles that stopped in one week; ``share`` of them were met, in percent."""

    monday: date
    stopped: int
    met: int
    breached: int
    share: float


def met_share(ended: Sequence[Clock], zone: tzinfo | None) -> list[Week]:
    """The share of SLA cycles that were met, of those that stopped in a week (Monday to Sunday, in
    the workspace's time zone).

    A cycle counts in the week in which it stopped, also if its goal passed earlier; one that goes
    on is in no week, even if its goal has passed: the report counts those apart. Cycles of items
    deleted since count; cycles that were dropped, since the item was deleted or left the SLA's
    query before its stop, do not. Weeks in which none stopped are left out.
    """
    counts: dict[date, list[int]] = {}
    for each in ended:
        if each.stop is None:
            continue
        day = datetime.fromtimestamp(each.stop, zone).date()
        week = counts.setdefault(day - timedelta(days=day.weekday()), [0, 0])
        week[each.state == "breached"] += 1
    return [
        Week(monday, met + late, met, late, round(100 * met / (met + late), 1))
        for monday, (met, late) in sorted(counts.items())
    ]
