"""Bind a syntax tree to a workspace: names, dates, numbers and ids are resolved.

What cannot be resolved is refused.
"""

import datetime
import re
from collections.abc import Callable

from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.query import columns
from plaintrack.query.ast import Ast, BadQuery, Group, Range, Term, Value
from plaintrack.query.nodes import (
    STATES,
    And,
    Everything,
    Has,
    In,
    Node,
    Not,
    Or,
    Question,
    State,
    Text,
    Under,
)
from plaintrack.query.parser import parse
from plaintrack.query.values import KEYWORDS, Names, Values
from plaintrack.when import dates

_PERSON = re.compile(r"@\w[\w.+-]*")
Holds = Callable[[str], bool]
"""Whether it holds for a value."""

__all__ = ["Names", "Question", "bind"]


def test(name: str, value: str, names: Names) -> Holds:
    """Whether the term ``name:value`` finds a former or new value of a field; raises BadQuery."""
    kind = "wild" if "*" in value else "bare"
    return _told(name, _Binder(value, names).listed(name, (Value(value, 1, kind),)), names)


def _told(name: str, node: Node, names: Names) -> Holds:
    """The term about a field, asked of one value of it."""
    from plaintrack.model.task import Task
    from plaintrack.query.evaluate import holds
    from plaintrack.query.facts import Facts

    facts = Facts((), names.schema, names.today)
    known: dict[str, bool] = {}

    def told(value: str) -> bool:
        if value not in known:
            body = f"@{value}" if name == columns.MENTIONS else ""
            task = Task("", value if name == "id" else "", {name: value}, body)
            known[value] = bool(value) and holds(node, task, facts)
        return known[value]

    return told


def bind(ast: Ast, names: Names) -> Question:
    """The question that ``ast`` asks here; raises BadQuery, which points at the column."""
    binder = _Binder(ast.text, names)
    where = binder.node(ast.where) if ast.where is not None else Everything()
    sort = tuple(
        (binder.field(value.text, value.column), descending) for value, descending in ast.sort
    )
    return Question(where, sort, ast.limit)


def field(name: str, names: Names) -> str:
    """The canonical name of a field, given in any case or by its key; raises BadQuery."""
    binder = _Binder(name, names)
    found = binder.named(name)
    if found is None and name.lower() == "score":
        from plaintrack.query.fault import NoModels

        raise NoModels()
    if found is None:
        from plaintrack.query.fault import NoSuchField

        raise NoSuchField(name, binder.known())
    return found


class _Binder(Values):
    """Binds the terms of a query."""

    __slots__ = ()

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
            if _PERSON.fullmatch(first.text) and first.kind == "bare":
                who = first._replace(text=first.text[1:], column=first.column + 1)
                if self.names.is_person(who.text):
                    return self.listed("assignee", (who,))
            return Text(fold(first.text)) if first.text else Everything()
        if term.field.lower() in KEYWORDS and term.field not in self.schema.fields:
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
                from plaintrack.query.fault import OnlyValues

                raise OnlyValues(word, self.text, item.column)
            if word == "is":
                parts.append(State(self.chosen(item, STATES, "state")))
            elif word == "under":
                parts.append(Under(self.identified(item)))
            elif word == "view":
                parts.append(self.view(item))
            elif word in ("changed", "by"):
                parts.append(self.recalled(word, item))
            else:
                has = Has(self.field(item.text, item.column))
                parts.append(Not(has) if word == "no" else has)
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def view(self, value: Value) -> Node:
        """What a view of the settings finds; its order is not a part of it. Views may name others,
        but not in a circle.
        """
        views = self.names.views
        name = self.chosen(value, tuple(views), "view")
        query = views[name]
        if query is None:
            from plaintrack.query.fault import ViewInCircle

            raise ViewInCircle(name, self.text, value.column)
        inner = self.names._replace(views={**views, name: None})
        found = bind(parse(query), inner)
        if found.limit is not None:
            from plaintrack.query.fault import ViewWithLimit

            raise ViewWithLimit(name, self.text, value.column)
        return found.where

    def was(self, items: tuple[Value | Range, ...]) -> Node:
        """``was:FIELD=VALUE,…``: ``FIELD:VALUE,…`` about every value the field ever had."""
        first = items[0].low if isinstance(items[0], Range) else items[0]
        name, operator, _ = _split(first.text) if first else ("", "", "")
        if first is None or not operator:
            from plaintrack.query.fault import FormerValueMissing

            raise FormerValueMissing(self.text, items[0].column)
        field = self.field(name, first.column)
        if field in columns.derived(self.schema):
            from plaintrack.query.fault import NotRecorded

            raise NotRecorded(field, self.text, first.column)
        skip = len(name) + len(operator)
        rest = _value(first, skip)
        if not rest.text and not isinstance(items[0], Range):
            from plaintrack.query.fault import FormerValueMissing

            raise FormerValueMissing(self.text, first.column)
        low = rest if rest.text else None
        start = Range(low, items[0].high, items[0].column) if isinstance(items[0], Range) else rest
        wanted = (start, *items[1:])
        try:
            if operator in (":", "="):
                node = self.listed(field, wanted)
            else:
                node = self.compared(field, operator, rest)
        except BadQuery:
            gone = self.gone(field, wanted)
            if gone is None:
                raise
            node = gone
        holds = _told(field, node, self.names)
        return Or((self.found(first, field, holds), node))

    def gone(self, field: str, wanted: tuple[Value | Range, ...]) -> Node | None:
        """The values as written, if history knows them: former choices and ids."""
        node = In(field, frozenset(fold(each.text) for each in wanted if isinstance(each, Value)))
        if len(node.keys) < len(wanted):
            return None
        return node if self.recall(field, _told(field, node, self.names)) else None

    def recalled(self, word: str, value: Value) -> Node:
        """The ids that history gives for ``changed:FIELD>=DATE`` or ``by:WHO``."""
        if word == "by":
            return self.found(value, by=value.text)
        name, operator, text = _split(value.text)
        place = value.column + len(name) + len(operator)
        field = self.field(name, value.column)
        if not operator:
            return self.found(value, field)
        try:
            first, last = dates.span(text, self.names.today, self.names.works)
        except PlaintrackError as error:
            from plaintrack.query.fault import Unresolved

            raise Unresolved(error, self.text, place) from error
        before = (datetime.date.fromisoformat(first[:10]) - datetime.timedelta(days=1)).isoformat()
        after = (datetime.date.fromisoformat(last[:10]) + datetime.timedelta(days=1)).isoformat()
        bounds = {
            "<": ("", before),
            "<=": ("", last[:10]),
            ">": (after, ""),
            ">=": (first[:10], ""),
        }
        since, until = bounds.get(operator, (first[:10], last[:10]))
        return self.found(value, field, since=since, until=until)

    def recall(self, field: str = "", holds: Holds | None = None, **more: str) -> frozenset[str]:
        """The ids that history gives, see ``Recall``."""
        from plaintrack.query.recall import Recall

        return self.names.recall(Recall(field, holds, **more))

    def found(self, value: Value, field: str = "", holds: Holds | None = None, **more: str) -> Node:
        """The items that history gives for ``value``."""
        try:
            ids = self.recall(field, holds, **more)
        except PlaintrackError as error:
            from plaintrack.query.fault import Unresolved

            raise Unresolved(error, self.text, value.column) from error
        return In("id", ids) if ids else Not(Everything())


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
