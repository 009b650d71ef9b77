"""The work as the checks see it: light rows of one snapshot, and what one check found in them."""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from plaintrack.config.values import Settings
from plaintrack.model.change import Change
from plaintrack.model.fields import LINKS, Schema
from plaintrack.model.problem import Problem
from plaintrack.model.rank import LONGEST
from plaintrack.model.sla import Clocks
from plaintrack.model.task import Task, fold
from plaintrack.when.moments import day

if TYPE_CHECKING:
    from plaintrack.checks.waivers import Waiver
    from plaintrack.model.staff import Equipment, Person, Staff
    from plaintrack.plan.answer import Line
    from plaintrack.plan.availability import Availability
    from plaintrack.timeclock.entry import Entry
    from plaintrack.timeclock.entry import Fault as Fault_
    from plaintrack.timeclock.sheet import Standing

Options = Mapping[str, Any]
SETTINGS = "plaintrack.yml"


class Row(NamedTuple):
    """What the checks look at of one item; the fields mean what the columns of the index do."""

    number: int
    path: str
    id: str
    title: str
    type: str
    status: str
    category: str
    assignee: str
    project: str
    milestone: str
    parent: str
    start: str
    due: str
    created: str
    closed: str
    estimate: float | None
    archived: int
    steps: int
    ticked: int
    children: int
    children_closed: int
    blocked: int


Link = tuple[int, str, str]
"""One value of an item's field: the item's number, the field, and the folded value."""


class Found(NamedTuple):
    """What a check found: in which file and item, at which field and value (empty: the field's key,
    or the file), and what to say.

    In the settings ``field`` is the way to the key, as ``views.mine.query``. ``line``, ``column``
    and ``excerpt`` are given if they are known already. ``about`` tells it from others of the same
    check, item, field and value; ``key`` from all others of the check, where it is about several
    items and could as well be told at another. ``weight`` says how bad it is where that can grow: a
    change that makes it worse brings it anew.
    """

    path: str
    item: str
    field: str
    value: str
    message: str
    hint: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""
    about: str = ""
    key: str = ""
    weight: float = 0


class Clocked(NamedTuple):
    """The time records of a snapshot, as the checks of time look at them.

    ``entries`` are all entries, with what stands there for the item; ``faults`` what is wrong in
    their files. ``items`` has what stands there → folded id of the item that is meant and, if that
    is closed, when. ``sheets`` are submitted timesheets with what has become of them, ``unread``
    path and fault of those that cannot be read. ``running`` are person, item and beginning of
    timers in this clone that may be forgotten. ``unproven``: path, line, and what is wrong with a
    verdict that a change brings. ``overrun``: folded ids of open items of which it is not
    known what is left, with the minutes logged.
    """

    now: int = 0
    entries: "Sequence[Entry]" = ()
    faults: "Sequence[Fault_]" = ()
    items: Mapping[str, tuple[str, int | None]] = {}
    sheets: "Sequence[Standing]" = ()
    unread: Sequence[tuple[str, str]] = ()
    running: Sequence[tuple[str, str, str]] = ()
    unproven: Sequence[tuple[str, int, str]] = ()
    overrun: Mapping[str, float] = {}


class Delta(NamedTuple):
    """One item that a change touches: before and after (None: not there), and what happened."""

    old: Task | None
    new: Task | None
    changes: tuple[Change, ...]


class Fault(NamedTuple):
    """What is wrong with the settings of the checks: the way to the key, what to say, and what to
    do.
    """

    key: str
    message: str
    hint: str = ""


class Taken(NamedTuple):
    """``item`` (now in ``path``) has a ``value`` of ``field`` that belongs to ``other``; ``own`` is
    what it had itself.

    ``merge`` is the commit (empty: the merge is in progress), ``source`` the revision and path that
    hold the other item.
    """

    path: str
    item: str
    field: str
    value: str
    own: str
    other: str
    merge: str
    source: str


class Ended(NamedTuple):
    """A series goes on with ``item`` in ``path``, though a branch ended it at ``last``, as
    ``source`` (revision and path) has it.
    """

    path: str
    item: str
    last: str
    source: str


class Unapproved(NamedTuple):
    """An item whose status takes approvals that are not there: what is lacking, in words."""

    path: str
    item: str
    status: str
    lacks: Sequence[str]


class Agreed(NamedTuple):
    """What is wrong with approvals: ``missing`` ones; ``void`` ones of open items (path of the
    item, its id, who); ``broken`` files; and those that a change does not prove (path of the
    verdict, id of the item, why).
    """

    missing: Sequence[Unapproved] = ()
    void: Sequence[tuple[str, str, str]] = ()
    broken: Sequence[Problem] = ()
    unproven: Sequence[tuple[str, str, str]] = ()


class Withdrawn(NamedTuple):
    """What someone said of an item and a change took away: path and id of the item (of a timesheet
    the file's path, and no id), the file, its room, and what happened.
    """

    path: str
    item: str
    file: str
    room: str
    why: str


class Source(Protocol):
    """Where the rows come from."""

    def rows(self, which: str) -> list[Row]:
        """The items that are ``open`` (not closed), ``closed``, ``closed projects``, or closed with
        ``early``, ``open children`` or ``open steps``.
        """

    def at(self, numbers: Sequence[int]) -> dict[int, Row]:
        """Rows by number."""

    def links(self, *fields: str) -> list[Link]:
        """All values of list fields, links and declared fields."""

    def beginning(self, sign: str, *fields: str) -> list[Link]:
        """Those of these values that begin with a sign, which is ASCII."""

    def ids(self) -> Mapping[int, str]:
        """Number → folded id of every item that has one."""

    def elsewhere(self, links: Sequence[Link]) -> list[Link]:
        """Those of these links, to no item here, that lead to nothing which is tracked and not
        checked out.
        """

    def duplicates(self) -> list[Row]:
        """The items whose id others have too: by id, then the oldest by `created` first."""

    def twins(self) -> list[tuple[Row, str]]:
        """The items whose ``source`` others have too, with that: by source, then the oldest by
        ``created`` first.
        """

    def ranks(self, longest: int) -> list[tuple[str, str, str]]:
        """(path, id, rank) of the items whose rank is not a key, or is longer than that."""

    def paths(self) -> Sequence[str]:
        """The files of all items, of a change those beside it, too."""

    def problems(self) -> list[tuple[Problem, str]]:
        """What parsing found, each with the id of the item if it has one."""

    def fields(self) -> list[str]:
        """The names of the fields that some item has and that are no columns."""

    def having(self, field: str) -> frozenset[int]:
        """The numbers of the items in which a field is set."""

    def values(self, number: int, field: str) -> tuple[str, ...]:
        """The values of an item's field as they were typed."""

    def answers(self, query: str) -> Mapping[str, str]:
        """Path → id of the items that answer a query; raises BadQuery."""

    def present(self) -> Settings | None:
        """The settings as the file has them; None if it cannot be used."""

    def fault(
        self,
        query: str,
        sort: str = "",
        columns: Sequence[str] = (),
        condition: bool = False,
        approving: bool = False,
    ) -> tuple[str, str] | None:
        """What is wrong with a query (``condition``: without order and length; ``approving``: on
        which approvals depend), an order or columns: message and hint; None if nothing is.
        """

    def settings(self) -> Sequence[Found]:
        """What is wrong with the settings file as a whole."""

    def rules(self) -> Sequence[Found]:
        """What is wrong with the rules in ``automations/``."""

    def documents(self) -> Sequence[Found]:
        """What is wrong with the generated blocks of documents."""

    def comments(self) -> Sequence[tuple[str, Problem | None]]:
        """Path of every comment, and why it cannot be read (None: it can)."""

    def mentions(self, items: Container[str]) -> Sequence[tuple[str, Sequence[str]]]:
        """Path and folded names of the comments on these items (folded ids) and their updates that
        mention someone; of a change those it touches.
        """

    def spellings(self) -> Sequence[str]:
        """The ids of the work tree as they are written."""

    def kept(self) -> Sequence[tuple[str, str]]:
        """(name, path of a file) of each folder of updates and approvals, called after an item."""

    def strangers(self, names: Sequence[str], former: bool = False) -> Sequence[str]:
        """Those of these ids that no item has, checked out or not; ``former``: nor had."""

    def astray(self, gone: Container[str] | None) -> Sequence[Found]:
        """Links in items to where no item's file is any more; ``gone``: only to these paths."""

    def nested(self) -> Sequence[Found]:
        """Folders that git would take for a repository."""

    def touched(self) -> Mapping[str, str] | None:
        """Path → the day (ISO) of the last change, from history; None where there is none."""

    def since(self, item: str, field: str) -> str:
        """The day (ISO) on which a field got its present value, from history; empty where that is
        not known.
        """

    def plan(self) -> Sequence["Line"]:
        """The lines of the plan."""

    def author(self, delta: Delta, field: str) -> str:
        """Who gave a field its new value, as in ``people:``; empty if no one knows."""

    def people(self, delta: Delta, names: Sequence[str]) -> Sequence[str]:
        """The people whom names mean for an item, as they were before the change: people, groups,
        teams, ``owner`` and other fields.
        """

    def steps(self, delta: Delta, field: str) -> Sequence[str]:
        """The values that a field had one after the other, from before the change to after it."""

    def staff(self) -> "Staff":
        """People, equipment and teams of the snapshot."""

    def availability(self, who: "Person | Equipment") -> "Availability | None":
        """How long one is there; None where the calendar cannot be told."""

    def agreed(self, focus: frozenset[str] | None) -> Agreed:
        """What is wrong with approvals; ``focus``: of the items at these paths, or whose verdicts
        lie there.
        """

    def withdrawn(self) -> Sequence[Withdrawn]:
        """What a change takes away of what others said; none without a change."""

    def quiet(self) -> Sequence[tuple[Row, int | None]]:
        """The open projects and goals whose next update is due, with the days since the last one
        (None: there never was one); none for a change.
        """

    def clocks(self) -> Mapping[str, Clocks]:
        """Folded id → the latest cycles of its SLAs; none for a change."""

    def clock_faults(self) -> Sequence[tuple[str, tuple[str, str]]]:
        """Place, message and hint of the conditions of SLAs that cannot be asked."""

    def clocked(self) -> Clocked:
        """The time records; none for a change that touches none."""

    def taken(self) -> Sequence[Taken]:
        """What items took from others in merges."""

    def ended(self) -> Sequence[Ended]:
        """The series that branches ended and merges go on with."""

    def ever(self) -> frozenset[str]:
        """The folded ids of all items that history knows of at the base of the change."""


class Work:
    """One snapshot to be checked on one day; ``deltas`` are the changes it is looked at for, if it
    is.
    """

    def __init__(
        self,
        source: Source,
        settings: Settings,
        today: date,
        deltas: Sequence[Delta] = (),
        focus: frozenset[str] | None = None,
    ) -> None:
        """``focus`` are the paths that findings may be about; None: all."""
        self.source = source
        self.settings = settings
        self.today = today
        self.deltas = deltas
        self.focus = focus
        self.faults: Sequence[Fault] = ()  # of the settings of the checks
        self.waivers: Sequence[Waiver] = ()
        # the last that was asked for
        self._typed: tuple[tuple[int, str], dict[str, str]] = (
            (0, ""),
            {},
        )
        self._answers: dict[str, Mapping[str, str]] = {}
        self.used: set[tuple[str, str]] = set()  # path and text of the waivers that hid something

    @property
    def schema(self) -> Schema:
        """The fields and the workflow."""
        return self.settings.schema

    @cached_property
    def day(self) -> str:
        """Today, ISO."""
        return self.today.isoformat()

    @cached_property
    def open(self) -> list[Row]:
        """The items that are not closed."""
        return self.source.rows("open")

    @cached_property
    def plan(self) -> Sequence["Line"]:
        """The lines of the plan."""
        return self.source.plan()

    @cached_property
    def agreed(self) -> Agreed:
        """What is wrong with approvals, where the settings name a folder for them or ask for
        some.
        """
        if "approvals" not in self.settings.rooms and not self.settings.approvals["needs"]:
            return Agreed()
        return self.source.agreed(self.focus)

    @cached_property
    def withdrawn(self) -> Sequence[Withdrawn]:
        """What a change takes away of what others said."""
        return self.source.withdrawn()

    @cached_property
    def by_number(self) -> dict[int, Row]:
        """The open items by number."""
        return {row.number: row for row in self.open}

    @cached_property
    def by_id(self) -> dict[str, Row]:
        """The open items by folded id; of several with the same id the first by path."""
        named = [row for row in self.open if row.id]
        found = {row.id.lower(): row for row in named}
        if len(found) < len(named):
            found = {
                row.id.lower(): row for row in sorted(named, key=lambda row: row.path, reverse=True)
            }
        return found

    def followed(self, field: str) -> bool:
        """Whether the values of a link field are ids; the settings can make it a text."""
        found = self.schema.fields.get(field)
        return found is not None and found.kind == "link"

    @cached_property
    def ids(self) -> Mapping[int, str]:
        """Number → folded id of every item that has one."""
        return self.source.ids()

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Folded id → number of every item that has one; of several with the same id, of one."""
        return {each: number for number, each in self.ids.items()}

    @cached_property
    def links(self) -> list[Link]:
        """Every link of every item, in the fields whose values are ids."""
        return self.source.links(*filter(self.followed, LINKS))

    @cached_property
    def parsed(self) -> dict[str, list[tuple[Problem, str]]]:
        """What parsing found, by its name there."""
        found: dict[str, list[tuple[Problem, str]]] = {}
        for problem, item in self.source.problems():
            found.setdefault(problem.code, []).append((problem, item))
        return found

    @cached_property
    def ranks(self) -> list[tuple[str, str, str]]:
        """(path, id, rank) of items with an invalid or overlong rank; none where the settings
        make `rank` another sort of field.
        """
        field = self.schema.fields["rank"]
        return self.source.ranks(LONGEST) if field.kind == "text" and not field.many else []

    def answers(self, query: str) -> Mapping[str, str]:
        """Path → id of the items that answer a query; raises BadQuery."""
        if query not in self._answers:
            self._answers[query] = self.source.answers(query)
        return self._answers[query]

    @cached_property
    def clocked(self) -> Clocked:
        """The time records."""
        return self.source.clocked()

    @cached_property
    def staff(self) -> "Staff":
        """People, equipment and teams."""
        return self.source.staff()

    def row(self, number: int) -> Row:
        """An item, open or closed."""
        found = self.by_number.get(number)
        return found or self.source.at([number])[number]

    def typed(self, number: int, field: str, key: str) -> str:
        """The value of a link as it was typed."""
        if self._typed[0] != (number, field):
            self._typed = (
                (number, field),
                {fold(each): each for each in self.source.values(number, field)},
            )
        return self._typed[1].get(key, key)

    def date(self, text: str) -> date | None:
        """The day of a canonical date or moment in the workspace's time zone; None if the text is
        neither.
        """
        return day(text, self.schema.timezone) if text else None

    def days(self, text: str) -> int:
        """How many days ago a date or moment was; negative in the future, 0 for a text that is
        neither.
        """
        found = self.date(text)
        return self.today.toordinal() - found.toordinal() if found else 0


def at(
    row: Row, field: str, message: str, hint: str = "", value: str = "", about: str = ""
) -> Found:
    """A finding about a row's field."""
    return Found(row.path, row.id, field, value, message, hint, about=about)
