"""The values of one field in a query: choices, ids, dates, numbers and ranges."""

import datetime
from collections.abc import Callable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import Schema
from plaintrack.model.ids import UnknownId, natural
from plaintrack.model.task import fold
from plaintrack.query import columns
from plaintrack.query.ast import BadQuery, Range, Value
from plaintrack.query.nodes import Compare, In, Match, Node, Or, Wild
from plaintrack.when import dates, durations, moments

if TYPE_CHECKING:
    from plaintrack.config.scoring import Model
    from plaintrack.model.expected import Expected, Spent
    from plaintrack.model.sla import Clocks
    from plaintrack.query.recall import Recall

KEYWORDS = ("has", "no", "is", "under", "was", "changed", "by", "view")
_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")
_ORDERED = ("date", "datetime", "integer", "number", "duration")
_GROUPS = ("project", "milestone", "goal")


class Names(NamedTuple):
    """What a query's words mean here: schema, day, me, ids, undeclared fields, coefficients.

    ``in_use`` says whether some item has that folded value in that field; ``recall`` the folded ids
    that history answers with, ``works`` whether a day is a working day, ``leftover`` whether an
    item has a choice that the settings do not know (any more), ``is_item`` whether a text is the
    whole id of an item; ``teams`` gives folded team → folded names of its people, ``kinds`` path of
    an item → the kind of work that it is, ``minutes`` the working time of a day (None: Monday to
    Friday), ``plan`` folded id → what the plan says of an open item, ``logged`` what time
    records say, ``rolled`` the same with all below an item, ``sla`` what SLAs do, ``approved`` the
    folded ids of what is approved, ``addressed`` folded id → the folded names that its comments and
    updates mention; each is asked for only where a query names it. ``timed`` says whether time is
    kept, ``views`` has the queries of the views, ``is_person`` says whether a person or team has
    that name.
    """

    schema: Schema
    today: datetime.date
    me: Callable[[], tuple[str, ...]]
    resolve: Callable[[str], str]
    extra: frozenset[str] = frozenset()
    urgency: Mapping[str, float] = {}
    scores: Mapping[str, "Model"] = {}
    minutes: Callable[[datetime.date], int] | None = None
    in_use: Callable[[str, str], bool] = lambda _field, _key: True
    recall: Callable[["Recall"], frozenset[str]] = lambda _recall: frozenset()
    works: dates.Works | None = None
    leftover: Callable[[str, str], bool] = lambda _field, _key: False
    is_item: Callable[[str], bool] = lambda _id: False
    teams: Callable[[], Mapping[str, frozenset[str]]] = dict
    kinds: Callable[[], Mapping[str, str]] = dict
    plan: Callable[[], Mapping[str, "Expected"]] = dict
    logged: Callable[[], Mapping[str, "Spent"]] = dict
    rolled: Callable[[], Mapping[str, "Spent"]] = dict
    sla: Callable[[], Mapping[str, "Clocks"]] = dict
    approved: Callable[[], Set[str]] = frozenset
    addressed: Callable[[], Mapping[str, Sequence[str]]] = dict
    timed: bool = False
    views: Mapping[str, str | None] = {}
    is_person: Callable[[str], bool] = lambda _name: False


class Values:
    """Binds names and values of fields; every refusal is a BadQuery that points at its column."""

    __slots__ = ("names", "schema", "text")

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.names = names
        self.schema = names.schema

    def known(self) -> list[str]:
        """The names of all fields."""
        return [*self.schema.fields, *columns.derived(self.schema), *sorted(self.names.extra)]

    def named(self, name: str) -> str | None:
        """The canonical name of a field; None if there is none."""
        known = self.known()
        if name in known:
            return name
        found = next((each for each in known if each.lower() == name.lower()), None)
        return found or next(
            (each.name for key, each in self.schema.keys().items() if key.lower() == name.lower()),
            None,
        )

    def field(self, name: str, column: int) -> str:
        """The canonical name of a field in the query."""
        found = self.named(name)
        if found is None and name.lower() == "score":
            from plaintrack.query.fault import NoModels

            raise NoModels(self.text, column)
        if found is None:
            from plaintrack.query.fault import NoSuchField

            known = [*self.known(), *KEYWORDS, "sort", "limit"]
            raise NoSuchField(name, known, self.text, column)
        return found

    def chosen(self, value: Value, choices: tuple[str, ...], what: str) -> str:
        """The one of ``choices`` that is meant, whatever its case."""
        key = fold(value.text)
        for each in choices:
            if fold(each) == key:
                return each
        from plaintrack.query.fault import NoSuchValue

        raise NoSuchValue(what, value.text, choices, self.text, value.column)

    def identified(self, value: Value) -> str:
        """The full id that is meant."""
        try:
            return self.names.resolve(value.text)
        except PlaintrackError as error:
            from plaintrack.query.fault import Unresolved

            raise Unresolved(error, self.text, value.column) from error

    def listed(self, name: str, items: tuple[Value | Range, ...]) -> Node:
        """Any of the values and ranges."""
        keys: set[str] = set()
        parts: list[Node] = []
        for item in items:
            part = self.part(name, item)
            if part is not None:
                parts.append(part)
            else:
                assert isinstance(item, Value)
                keys |= self.keys(name, item)
                if name == "team" and "team" not in self.schema.own:
                    parts.append(In("assignee", self.team(item)))
                    keys.add(fold(item.text.removeprefix("@")))
        if keys:
            parts.append(In(name, frozenset(keys)))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def part(self, name: str, item: Value | Range) -> Node | None:
        """The test of a range or pattern; None for a plain value, which its keys stand for."""
        if isinstance(item, Range):
            return self.ranged(name, item)
        if item.kind not in ("bare", "quoted") and columns.figure(name, self.schema):
            from plaintrack.query.fault import NoPatternHere

            raise NoPatternHere(name, self.text, item.column)
        if item.kind in ("regex", "iregex"):
            return self.matched(name, item)
        if item.kind == "wild":
            return Wild(name, fold(item.text))
        if self.kind(name) in _ORDERED:
            return self.ranged(name, Range(item, item, item.column))
        return None

    def team(self, value: Value) -> frozenset[str]:
        """The folded names of a team and of its people: what is assigned to one of them is the
        team's, like what names it itself.
        """
        key = fold(value.text.removeprefix("@"))
        known = self.names.teams()
        if known and key not in known and not self.names.in_use("team", key):
            from plaintrack.query.fault import NoSuchValue

            raise NoSuchValue("team", value.text, list(known), self.text, value.column)
        return frozenset((key, f"@{key}")) | known.get(key, frozenset())

    def kind(self, name: str) -> str:
        """The kind of a field, derived ones included."""
        return columns.kind(name, self.schema)

    def matched(self, name: str, value: Value) -> Match:
        """A regular expression, which must compile."""
        from plaintrack.query.patterns import BadPattern, compiled

        try:
            compiled(value.text, value.kind == "iregex")
        except BadPattern as error:
            from plaintrack.query.fault import Unresolved

            raise Unresolved(error, self.text, value.column) from error
        return Match(name, value.text, value.kind == "iregex")

    def keys(self, name: str, value: Value) -> set[str]:
        """The folded keys that a value of an equality stands for."""
        choices = self.choices(name)
        if choices:
            return {self.choice(name, value, choices)}
        kind = self.kind(name)
        if kind == "boolean":
            word = self.chosen(value, (*_TRUE, *_FALSE), f"value of {name}")
            return {"true" if word in _TRUE else "false"}
        if kind == "person":
            me = value.kind == "bare" and fold(value.text) == "me"
            people = self.mine(value) if me else {fold(value.text)}
            return people | self.groups(people) if name == columns.MENTIONS else people
        if kind == "link" or name == "id":
            return self.linked(name, value)
        return {fold(value.text)}

    def choice(self, name: str, value: Value, choices: tuple[str, ...]) -> str:
        """The folded choice; also one that only items know, since the settings dropped it."""
        try:
            return fold(self.chosen(value, choices, name))
        except BadQuery:
            if self.names.leftover(name, fold(value.text)):
                return fold(value.text)
            raise

    def mine(self, value: Value) -> set[str]:
        """The folded names of the user."""
        names = self.names.me()
        if not names:
            from plaintrack.query.fault import UserUnknown

            raise UserUnknown(self.text, value.column)
        return {fold(name) for name in names}

    def groups(self, people: set[str]) -> set[str]:
        """The folded names of the groups of these people: who mentions one means them."""
        if columns.MENTIONS in self.schema.fields:
            return set()
        return {team for team, members in self.names.teams().items() if people & members}

    def linked(self, name: str, value: Value) -> set[str]:
        """The id that is meant; a project, milestone or goal may also be a name in use, and a link
        an item of another repository.
        """
        try:
            item = fold(self.names.resolve(value.text))
        except UnknownId as error:
            named = name in _GROUPS or (name != "id" and "/" in value.text)
            if named and self.names.in_use(name, fold(value.text)):
                return {fold(value.text)}
            from plaintrack.query.fault import Unresolved

            raise Unresolved(error, self.text, value.column) from error
        except PlaintrackError as error:
            from plaintrack.query.fault import Unresolved

            raise Unresolved(error, self.text, value.column) from error
        return {item, fold(value.text)} if name in _GROUPS else {item}

    def choices(self, name: str) -> tuple[str, ...]:
        """The choices of a field; empty for another kind."""
        declared = self.schema.fields.get(name)
        if columns.stated(name, self.schema):
            return columns.STANDS
        return declared.choices if declared and declared.kind == "choice" else ()

    def ranged(self, name: str, item: Range) -> Node:
        """Both ends included."""
        low = self.compared(name, ">=", item.low) if item.low else None
        high = self.compared(name, "<=", item.high) if item.high else None
        if low is None or high is None:
            found = low or high
            assert found is not None
            return found
        if self.choices(name) and isinstance(low.key, float) and isinstance(high.key, float):
            first, last = sorted((low.key, high.key))
            return Compare(name, ">=", first, ("<=", last))
        return low._replace(also=(high.op, high.key))

    def compared(self, name: str, op: str, value: Value) -> Compare:
        """One comparison; a bound that is a day, month or year counts as a whole."""
        found = self.kind(name)
        try:
            if found in ("date", "datetime"):
                return self.dated(name, op, value)
            if name == "age":
                return Compare(name, op, durations.minutes(value.text, 1440, 10080) / 1440.0)
            if found == "duration":
                text = "0m" if value.text == "0" else value.text
                return Compare(name, op, durations.minutes(text, self.schema.day, self.schema.week))
        except PlaintrackError as error:
            from plaintrack.query.fault import Unresolved

            raise Unresolved(error, self.text, value.column) from error
        if found in ("integer", "number"):
            return Compare(name, op, self.number(value))
        choices = self.choices(name)
        if choices:
            rank = float(choices.index(self.chosen(value, choices, name)))
            return Compare(name, _FLIP[op] if name == "priority" else op, rank)
        key = fold(value.text)
        return Compare(name, op, natural(key) if columns.counted(name, self.schema) else key)

    def dated(self, name: str, op: str, value: Value) -> Compare:
        """A comparison of instants; a bound that is a day, month or year counts as a whole."""
        first, last = dates.span(value.text, self.names.today, self.names.works)
        if len(first) > 10:
            moment = moments.key(first, self.schema.timezone)
            assert moment is not None
            return Compare(name, op, moment)
        start = moments.bounds(datetime.date.fromisoformat(first))[0]
        end = moments.bounds(datetime.date.fromisoformat(last))[1]
        return Compare(name, op, end if op in ("<=", ">") else start)

    def number(self, value: Value) -> float:
        """A figure; a percent sign is ignored."""
        try:
            found = float(value.text.removesuffix("%"))
        except ValueError:
            found = float("nan")
        if found - found != 0.0 or "_" in value.text:
            from plaintrack.query.fault import NotANumber

            raise NotANumber(value.text, self.text, value.column)
        return found
