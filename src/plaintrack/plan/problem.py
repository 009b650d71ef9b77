"""What there is to plan: activities, what they need, how they are linked, and who works when."""

from typing import Literal, NamedTuple

from plaintrack.errors import PlaintrackError

FULL = 100
"""The units of a person who works full time: one unit is a per cent of someone's time."""
MOST_ACTIVITIES = 20_000
MOST_LINKS = 80_000
MOST_UNITS = 100_000
MOST_SLOTS = 1_200_000
"""The longest horizon: eleven years of slots of five minutes."""
MOST_WORK = MOST_SLOTS * 10
"""No work, lag or run may be longer. Moments may be any: long ago or past the horizon, they cost
nothing.
"""

Kind = Literal["effort", "duration", "elapsed"]
LinkKind = Literal["FS", "SS", "FF", "SF"]


class TooLarge(PlaintrackError):
    """A number or a list that no real plan has, and that would take hours to plan."""

    slug = "plan-too-large"

    def __init__(self, what: str, count: int, most: int) -> None:
        super().__init__(f"{what}: {count:,} is more than a plan can hold ({most:,})")


class Contradiction(PlaintrackError):
    """An activity whose own values exclude each other."""

    slug = "plan-contradiction"


class NegativeWork(Contradiction):
    """The work of an activity is less than nothing."""

    slug = "negative-work"

    def __init__(self, activity: str) -> None:
        super().__init__(f"{activity}: its work is negative")


class NobodyWorks(Contradiction):
    """An effort is done by nobody."""

    slug = "nobody-works"

    def __init__(self, activity: str) -> None:
        super().__init__(f"{activity}: an effort needs someone who works on it")


class NotShared(Contradiction):
    """People share an activity that is not an effort."""

    slug = "not-shared"

    def __init__(self, activity: str) -> None:
        super().__init__(f"{activity}: only an effort is shared by people")


class Off(NamedTuple):
    """Slots in which a resource or a calendar does not work though it otherwise would: leave,
    a holiday, maintenance. ``label`` is the caller's name for it.
    """

    start: int
    end: int
    label: str


class Calendar(NamedTuple):
    """Working time that belongs to no one: runs of slots, in order and apart, less ``off``."""

    name: str
    runs: tuple[tuple[int, int], ...]
    off: tuple[Off, ...] = ()


class Resource(NamedTuple):
    """A person or a pool of equipment: (start, end, units) in order and apart, less ``off``.

    A person who works full time has 100 units (``FULL``), a pool one for each piece.
    """

    name: str
    runs: tuple[tuple[int, int, int], ...]
    off: tuple[Off, ...] = ()


class Need(NamedTuple):
    """What an activity takes: ``number`` different ones of the ``options``, the preferred first.

    An option is (index of the resource, units). ``ana`` is one option, ``ana | bob`` are two,
    ``2 van`` is one option of 2 units, two welders are ``number=2`` of all who weld.
    """

    options: tuple[tuple[int, int], ...]
    number: int = 1


class Link(NamedTuple):
    """``after`` waits for ``before`` (indices of activities), ``lag`` slots later.

    FS: its start for the end of ``before``; SS: start for start; FF: end for end; SF: end for
    start. The lag is working time of the calendar with this index, or of all slots (None); a
    negative lag is a lead.
    """

    before: int
    after: int
    kind: LinkKind = "FS"
    lag: int = 0
    calendar: int | None = None


class Activity(NamedTuple):
    """One thing to do. ``work`` is counted in slots and means, by ``kind``:

    * ``effort``: full-time slots of ``people``, who share it equally and need not meet; each
      works at the units of his option (50: half of his time), or at what he has if that is less.
      ``needs`` are held while any of them works.
    * ``duration``: slots in which the calendar and all ``needs`` work.
    * ``elapsed``: slots of the clock; ``needs`` are held in those slots in which they work.

    No work makes a milestone, which needs nothing. Once begun an activity goes on in every slot
    in which all that it needs works, unless ``split`` allows it to wait.

    ``release`` is the earliest start, ``pinned`` the slot at or after which it starts in the first
    working slot, whatever else wants it. ``began`` (with ``work`` left from now on) and ``ended``
    are facts. ``due`` is the slot by which it should have ended.

    ``rank`` comes first where it is set (lowest first), then ``due``, ``priority`` (highest
    first; also what a late day weighs, at least 1), ``goal`` (the weight of its goal, highest
    first), and the order in which the activities are given. ``unplanned`` is the reason why the
    caller wants no dates for it.
    """

    id: str
    kind: Kind = "duration"
    work: int = 0
    people: tuple[Need, ...] = ()
    needs: tuple[Need, ...] = ()
    calendar: int | None = None
    release: int | None = None
    due: int | None = None
    pinned: int | None = None
    began: int | None = None
    ended: int | None = None
    split: bool = False
    rank: int | None = None
    priority: int = 1
    goal: int = 0
    unplanned: str = ""


class Problem(NamedTuple):
    """All of it. Nothing new begins before ``now``, and nothing is planned past ``horizon``."""

    activities: tuple[Activity, ...]
    links: tuple[Link, ...] = ()
    resources: tuple[Resource, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    horizon: int = 0
    now: int = 0
    slots_per_day: int = 48


def validate(problem: Problem) -> None:
    """Raise TooLarge or Contradiction for what cannot be planned in a sensible time or at all."""
    _limit("activities", len(problem.activities), MOST_ACTIVITIES)
    _limit("dependencies", len(problem.links), MOST_LINKS)
    _limit("slots up to the horizon", problem.horizon, MOST_SLOTS)
    for resource in problem.resources:
        for _start, _end, units in resource.runs:
            _limit(f"units of {resource.name}", units, MOST_UNITS)
        _limit_runs(resource.name, resource.runs, resource.off)
    for calendar in problem.calendars:
        _limit_runs(calendar.name, calendar.runs, calendar.off)
    for link in problem.links:
        _limit(f"lag of {problem.activities[link.after].id}", abs(link.lag), MOST_WORK)
    for activity in problem.activities:
        _validate_activity(problem, activity)


def _validate_activity(problem: Problem, activity: Activity) -> None:
    _limit(activity.id, activity.work, MOST_WORK)
    for need in (*activity.people, *activity.needs):
        for resource, units in need.options:
            _limit(
                f"units of {problem.resources[resource].name} for {activity.id}",
                units,
                MOST_UNITS,
            )
    if activity.work < 0:
        raise NegativeWork(activity.id)
    if activity.kind == "effort" and activity.work and not activity.people:
        if not activity.unplanned:
            raise NobodyWorks(activity.id)
    elif activity.kind != "effort" and activity.people:
        raise NotShared(activity.id)


def _limit(what: str, count: int, most: int) -> None:
    if count > most:
        raise TooLarge(what, count, most)


def _limit_runs(name: str, runs: tuple[tuple[int, ...], ...], off: tuple[Off, ...]) -> None:
    lengths = [run[1] - run[0] for run in runs] + [away.end - away.start for away in off]
    _limit(f"slots of a run of {name}", max(lengths, default=0), MOST_WORK)
