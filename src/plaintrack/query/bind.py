"""Bind a syntax tree to a workspace: names, dates, numbers and ids are resolved, or the query is
refused.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import Schema
from plaintrack.model.ids import UnknownId, natural
from plaintrack.model.task import fold
from plaintrack.query import nodes
from plaintrack.query.ast import Ast, BadQuery, Group, Range, Term, Value, nearest
from plaintrack.query.nodes import (
    And,
    Compare,
    Everything,
    Has,
    In,
    Match,
    Node,
    Not,
    Or,
    Question,
    State,
    Text,
    Under,
    Wild,
)
from plaintrack.when import dates, durations, moments

__all__ = ["Names", "Question", "bind"]

_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_KEYWORDS = ("has", "no", "is", "under", "was", "changed", "by")
_FIGURES = ("estimate", "remaining", "age", "urgency", "progress")
_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


class Recall(NamedTuple):
    """What history is asked: items whose ``field`` changed, had a value that ``holds``, or that
    ``by`` changed.

    ``since`` is the first day and ``until`` the last (ISO); whatever is empty does not matter.
    """

    field: str = ""
    holds: Callable[[str], bool] | None = None
    by: str = ""
    since: str = ""
    until: str = ""


class Names(NamedTuple):
    """What a query's words mean here: the schema, the day, me, ids, undeclared fields in use,
    coefficients.

    ``in_use`` says whether some item has that folded value in that field; ``recall`` the folded ids
    that history answers with, ``works`` whether a day is a working day, ``leftover`` whether an
    item has a choice that the settings do not know (any more), ``is_item`` whether a text is the
    whole id of an item.
    """

    schema: Schema
    today: datetime.date
    me: Callable[[], tuple[str, ...]]
    resolve: Callable[[str], str]
    extra: frozenset[str] = frozenset()
    urgency: Mapping[str, float] = {}
    in_use: Callable[[str, str], bool] = lambda _field, _key: True
    recall: Callable[[Recall], frozenset[str]] = lambda _recall: frozenset()
    works: dates.Works | None = None
    leftover: Callable[[str, str], bool] = lambda _field, _key: False
    is_item: Callable[[str], bool] = lambda _id: False


def test(name: str, value: str, names: Names) -> Callable[[str], bool]:
    """Whether a value that a field had, or gets, is one that the term ``name:value`` finds. Raises
    BadQuery.
    """
    kind = "wild" if "*" in value else "bare"
    return _told(name, _Binder(value, names).listed(name, (Value(value, 1, kind),)), names)


def _told(name: str, node: Node, names: Names) -> Callable[[str], bool]:
    """The term about a field, asked of one value of it."""
    from plaintrack.model.task import Task
    from plaintrack.query.evaluate import holds
    from plaintrack.query.facts import Facts

    facts = Facts((), names.schema, names.today)
    known: dict[str, bool] = {}

    def told(value: str) -> bool:
        if value not in known:
            known[value] = bool(value) and holds(
                node, Task("", value if name == "id" else "", {name: value}), facts
            )
        return known[value]

    return told


def bind(ast: Ast, names: Names) -> Question:
    """The question that ``ast`` asks in this workspace. Raises BadQuery, which points at the
    column.
    """
    binder = _Binder(ast.text, names)
    where = binder.node(ast.where) if ast.where is not None else Everything()
    sort = tuple(
        (binder.field(value.text, value.column), descending) for value, descending in ast.sort
    )
    return Question(where, sort, ast.limit)


def field(name: str, names: Names) -> str:
    """The canonical name of a field, whatever its case, or of the field with that key. Raises
    BadQuery with the nearest name.
    """
    binder = _Binder(name, names)
    found = binder.named(name)
    if found is None:
        raise BadQuery(f"unknown field {name!r}", hint=nearest(name, binder.known()))
    return found


class _Binder:
    __slots__ = ("names", "schema", "text")

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.names = names
        self.schema = names.schema

    def wrong(self, what: str, column: int, hint: str = "") -> BadQuery:
        return BadQuery(what, self.text, column, hint)

    def known(self) -> list[str]:
        """The names of all fields."""
        return [*self.schema.fields, *nodes.DERIVED, *sorted(self.names.extra)]

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
        if found is None:
            hint = nearest(name, [*self.known(), *_KEYWORDS, "sort", "limit"])
            raise self.wrong(
                f"unknown field {name!r}", column, f'{hint}; to search for text, put it in "…"'
            )
        return found

    def node(self, tree: Term | Group) -> Node:
        if isinstance(tree, Term):
            return self.term(tree)
        parts = tuple(self.node(each) for each in tree.parts)
        if tree.op == "not":
            return Not(parts[0])
        return And(parts) if tree.op == "and" else Or(parts)

    def term(self, term: Term) -> Node:
        first = term.items[0]
        if not term.field:
            assert isinstance(first, Value)
            if first.kind == "bare" and self.names.is_item(first.text):
                return In("id", frozenset((fold(first.text),)))
            return Text(fold(first.text)) if first.text else Everything()
        if term.field.lower() in _KEYWORDS and term.field not in self.schema.fields:
            return self.keyword(term.field.lower(), term)
        name = self.field(term.field, term.column)
        if term.op != ":":
            assert isinstance(first, Value)
            return self.compared(name, term.op, first)
        return self.listed(name, term.items)

    def keyword(self, word: str, term: Term) -> Node:
        parts: list[Node] = []
        if word == "was" and term.op == ":":
            return self.was(term.items)
        for item in term.items:
            if isinstance(item, Range) or term.op != ":":
                raise self.wrong(f"{word}: does not take a range or comparison", item.column)
            if word == "is":
                parts.append(State(self.chosen(item, nodes.STATES, "state")))
            elif word == "under":
                parts.append(Under(self.identified(item)))
            elif word in ("changed", "by"):
                parts.append(self.recalled(word, item))
            else:
                has = Has(self.field(item.text, item.column))
                parts.append(Not(has) if word == "no" else has)
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def was(self, items: tuple[Value | Range, ...]) -> Node:
        """``was:FIELD=VALUE,…``: the term ``FIELD:VALUE,…``, asked of every value that the field
        ever had.
        """
        first = items[0].low if isinstance(items[0], Range) else items[0]
        name, operator, _ = _split(first.text) if first else ("", "", "")
        if first is None or not operator:
            raise self.wrong(
                "was: takes a field and a value", items[0].column, "write was:status=review"
            )
        field = self.field(name, first.column)
        if field in nodes.DERIVED:
            raise self.wrong(
                f"history does not record {field}, since it is derived",
                first.column,
                "name a field of the file",
            )
        skip = len(name) + len(operator)
        rest = _value(first, skip)
        if not rest.text and not isinstance(items[0], Range):
            raise self.wrong(
                "was: takes a field and a value", first.column, "write was:status=review"
            )
        low = rest if rest.text else None
        start = Range(low, items[0].high, items[0].column) if isinstance(items[0], Range) else rest
        wanted = (start, *items[1:])
        try:
            node = (
                self.listed(field, wanted)
                if operator in (":", "=")
                else self.compared(field, operator, rest)
            )
        except BadQuery:
            gone = self.gone(field, wanted)
            if gone is None:
                raise
            node = gone
        return Or((self.found(Recall(field, _told(field, node, self.names)), first), node))

    def gone(self, field: str, wanted: tuple[Value | Range, ...]) -> Node | None:
        """The values as they stand, if history knows them: choices and ids that are not known any
        more.
        """
        node = In(field, frozenset(fold(each.text) for each in wanted if isinstance(each, Value)))
        if len(node.keys) < len(wanted):
            return None
        return node if self.names.recall(Recall(field, _told(field, node, self.names))) else None

    def recalled(self, word: str, value: Value) -> Node:
        """``changed:FIELD``, ``changed:FIELD>=DATE`` or ``by:WHO``, as the ids that history answers
        with.
        """
        if word == "by":
            return self.found(Recall(by=value.text), value)
        name, operator, text = _split(value.text)
        place = value.column + len(name) + len(operator)
        field = self.field(name, value.column)
        if not operator:
            return self.found(Recall(field), value)
        try:
            first, last = dates.span(text, self.names.today, self.names.works)
        except PlaintrackError as error:
            raise self.wrong(error.message, place, error.hint) from error
        before = (datetime.date.fromisoformat(first[:10]) - datetime.timedelta(days=1)).isoformat()
        after = (datetime.date.fromisoformat(last[:10]) + datetime.timedelta(days=1)).isoformat()
        bounds = {
            "<": ("", before),
            "<=": ("", last[:10]),
            ">": (after, ""),
            ">=": (first[:10], ""),
        }
        since, until = bounds.get(operator, (first[:10], last[:10]))
        return self.found(Recall(field, since=since, until=until), value)

    def found(self, recall: Recall, value: Value) -> Node:
        try:
            ids = self.names.recall(recall)
        except PlaintrackError as error:
            raise self.wrong(error.message, value.column, error.hint) from error
        return In("id", ids) if ids else Not(Everything())

    def chosen(self, value: Value, choices: tuple[str, ...], what: str) -> str:
        """The one of ``choices`` that is meant, whatever its case."""
        key = fold(value.text)
        for each in choices:
            if fold(each) == key:
                return each
        raise self.wrong(
            f"unknown {what} {value.text!r}", value.column, nearest(value.text, list(choices))
        )

    def identified(self, value: Value) -> str:
        """The full id that is meant."""
        try:
            return self.names.resolve(value.text)
        except PlaintrackError as error:
            raise self.wrong(error.message, value.column, error.hint) from error

    def listed(self, name: str, items: tuple[Value | Range, ...]) -> Node:
        """Any of the values and ranges."""
        keys: set[str] = set()
        parts: list[Node] = []
        for item in items:
            if isinstance(item, Range):
                parts.append(self.ranged(name, item))
            elif item.kind not in ("bare", "quoted") and name in _FIGURES:
                raise self.wrong(
                    f"{name} does not take a pattern",
                    item.column,
                    f"to find items that have any, write has:{name}",
                )
            elif item.kind in ("regex", "iregex"):
                parts.append(self.matched(name, item))
            elif item.kind == "wild":
                parts.append(Wild(name, fold(item.text)))
            elif self.kind(name) in ("date", "datetime", "integer", "number", "duration"):
                parts.append(self.ranged(name, Range(item, item, item.column)))
            else:
                keys |= self.keys(name, item)
        if keys:
            parts.append(In(name, frozenset(keys)))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def kind(self, name: str) -> str:
        return nodes.kind(name, self.schema)

    def matched(self, name: str, value: Value) -> Match:
        from plaintrack.query.patterns import BadPattern, compiled

        try:
            compiled(value.text, value.kind == "iregex")
        except BadPattern as error:
            raise self.wrong(error.message, value.column) from error
        return Match(name, value.text, value.kind == "iregex")

    def keys(self, name: str, value: Value) -> set[str]:
        """The folded keys that a value of an equality stands for."""
        found = self.kind(name)
        choices = self.choices(name)
        if choices:
            try:
                return {fold(self.chosen(value, choices, name))}
            except BadQuery:
                if self.names.leftover(name, fold(value.text)):
                    return {fold(value.text)}
                raise
        if found == "boolean":
            word = self.chosen(value, (*_TRUE, *_FALSE), f"value of {name}")
            return {"true" if word in _TRUE else "false"}
        if found == "person" and value.kind == "bare" and fold(value.text) == "me":
            mine = self.names.me()
            if not mine:
                raise self.wrong(
                    "plaintrack does not know who you are",
                    value.column,
                    "set git's user.name and user.email",
                )
            return {fold(each) for each in mine}
        if found == "link" or name == "id":
            return self.linked(name, value)
        return {fold(value.text)}

    def linked(self, name: str, value: Value) -> set[str]:
        """The id that is meant; a project, milestone or goal may also be a name that is in use and
        no item.
        """
        try:
            found = fold(self.names.resolve(value.text))
            return (
                {found, fold(value.text)} if name in ("project", "milestone", "goal") else {found}
            )
        except UnknownId as error:
            if name in ("project", "milestone", "goal") and self.names.in_use(
                name, fold(value.text)
            ):
                return {fold(value.text)}
            raise self.wrong(error.message, value.column, error.hint) from error
        except PlaintrackError as error:
            raise self.wrong(error.message, value.column, error.hint) from error

    def choices(self, name: str) -> tuple[str, ...]:
        declared = self.schema.fields.get(name)
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
                return Compare(
                    name, op, durations.minutes(value.text, self.schema.day, self.schema.week)
                )
        except PlaintrackError as error:
            raise self.wrong(error.message, value.column, error.hint) from error
        if found in ("integer", "number"):
            return Compare(name, op, self.number(value))
        choices = self.choices(name)
        if choices:
            rank = float(choices.index(self.chosen(value, choices, name)))
            return Compare(name, _FLIP[op] if name == "priority" else op, rank)
        key = fold(value.text)
        return Compare(name, op, natural(key) if nodes.counted(name, self.schema) else key)

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
        try:
            found = float(value.text.removesuffix("%"))
        except ValueError:
            found = float("nan")
        if found - found != 0.0 or "_" in value.text:
            raise self.wrong(f"{value.text!r} is not a number", value.column, "write 3 or 2.5")
        return found


def _value(value: Value, skip: int) -> Value:
    """A value without its first letters; what stands between slashes is a regular expression."""
    text, kind = value.text[skip:], value.kind
    regex = re.fullmatch(r"/(.+)/(i?)", text)
    if regex and kind == "bare":
        return Value(
            regex[1].replace("\\/", "/"), value.column + skip, "iregex" if regex[2] else "regex"
        )
    return Value(text, value.column + skip, kind)


def _split(text: str) -> tuple[str, str, str]:
    """A name, an operator and what stands after it; both empty without one."""
    found = re.fullmatch(r"([^<>=:]*)(<=|>=|<|>|=|:)(.*)", text)
    return (found[1], found[2], found[3]) if found else (text, "", "")
