"""What a question to a portfolio takes of its rows: the database finds the items that answer, and
only their rows are read.

The question is asked of these rows once more, so there may be more of them than answer, but none
may be missing. Repositories whose settings make other things of the rows than those of most are
read as a whole; and so are all, where the question is one that the database cannot tell.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.lexicon import Lexicon
from plaintrack.config.merged import REPO
from plaintrack.model import ids
from plaintrack.model.dependency import LAGS
from plaintrack.model.fields import LINKS, SERIES, Schema
from plaintrack.model.task import Task, fold
from plaintrack.query import columns
from plaintrack.query.columns import MENTIONS
from plaintrack.query.nodes import (
    PLANNED_STATES,
    And,
    Everything,
    Has,
    In,
    Match,
    Node,
    Not,
    Or,
    Question,
    State,
    Under,
    Wild,
)
from plaintrack.query.urgency import DEFAULT
from plaintrack.store.index.sql import Fragment
from plaintrack.store.portfolio import ask, lookup, shape
from plaintrack.store.portfolio.differing import CHOICES, Differing, item

if TYPE_CHECKING:
    from plaintrack.app.snapshot.gathered import Gathered
    from plaintrack.app.snapshot.snapshot import Wanted
    from plaintrack.store.portfolio.lookup import Member
    from plaintrack.store.portfolio.rows import Rows

_NOTHING = Not(Everything())
_PATHS = ("path", "folder")
_OTHERWISE = (*SERIES, LAGS, "needs", "formerly")
"""Fields whose values are told in other words than they are published in, beside links, people and
statuses.
"""
_TEXTS = frozenset(each.name for each in shape.ITEM if each.kind == "text") & {
    *shape.FOLDED, "assignee", "tags", "start", "due", "wait", "created", "closed",
}  # fmt: skip
"""Fields that have a column with what they say as one text."""
_DERIVED = ("category", "updated", "folder")


def narrowed(
    snapshot: "Gathered", rows: "Rows", asked: Question, wanted: "Wanted"
) -> "Narrowed | None":
    """The question as the database answers it; None if it cannot."""
    wanted = wanted._replace(rolled=wanted.rolled and _measured(snapshot, rows))
    if wanted.rolled:  # then all items of a column are added up
        wanted = wanted._replace(counted="", each=None)
    if not _Sayable(snapshot).all(asked, wanted):
        return None
    words = _differing(snapshot, rows, asked)
    apart = [name for name in snapshot.chosen if name not in words]
    if not words or _entangled(snapshot, apart):
        return None
    found = Narrowed(snapshot, rows, wanted, words, apart)
    if wanted.counted and asked.limit is None and found.counted(wanted.counted) is None:
        return None
    return None if found.whole(asked) else found


class Narrowed:
    """The part of a portfolio that answers a question.

    ``words`` are the repositories whose rows the database may judge, with what they say otherwise;
    those that are ``apart`` are read.
    """

    def __init__(
        self,
        snapshot: "Gathered",
        rows: "Rows",
        wanted: "Wanted",
        words: Mapping[str, Differing],
        apart: Sequence[str],
    ) -> None:
        self.snapshot, self.rows, self.wanted = snapshot, rows, wanted
        self.words, self.apart = words, apart
        groups: dict[str, Differing] = {}
        for each in words.values():
            key = repr(each._replace(names=()))
            groups[key] = each._replace(
                names=groups.get(key, each._replace(names=())).names + each.names
            )
        some = [each for each in groups.values() if each[1:] != Differing(())[1:]]
        self.linked = lookup.linked(rows, snapshot.chosen) if rows.limited else {}
        self.item = item(some, rows, self.linked)

    def members(self, asked: Question, columns: Sequence[str]) -> "Iterator[Member]":
        """The items that answer; what these are a part of, where the question is about that; what
        is below them, where they are added up.
        """
        wanted = self.wanted
        counted = wanted.counted and asked.limit is None
        if counted and not wanted.each:
            return
        each = wanted.each if counted else None
        mentions = MENTIONS in wanted.columns or _names(asked, MENTIONS)
        cells = lookup.cells(columns, mentions)
        found = ask.members(
            self._asked(asked), self.rows, self._whole, lambda _: cells, each, self.item
        )
        members = list(map(self._member, found))
        yield from members
        known = {each.number for each in members}
        more: set[int] = set()
        if wanted.rolled:
            more |= set(lookup.below(self.rows, {each.number for each in members if each.children}))
        if any(isinstance(part, Under) for part in answers.parts(asked.where)):
            more |= set(lookup.above(self.rows, known | more))
        yield from map(self._member, lookup.items(self.rows, more - known, cells))

    def _member(self, row: "Sequence[Any]") -> "Member":
        found = lookup.member(row)
        return found._replace(derived=self.linked.get(found.number, found.derived))

    def whole(self, asked: Question) -> bool:
        """Whether all rows are read anyway."""
        few = asked.limit is not None or self.wanted.each is not None or self.wanted.counted
        return not few and all(
            question.where == Everything() for _, question, _ in self._asked(asked)
        )

    @property
    def _whole(self) -> int:
        return len(self.snapshot.known)

    def _asked(self, asked: Question) -> ask.Asked:
        """What is asked of which repositories."""
        found: dict[Question, list[str]] = {}
        for name in self.words:
            where = _Translated(self.snapshot, name).node(asked.where)
            found.setdefault(asked._replace(where=where), []).append(name)
        names = answers.names(self.snapshot)
        return [(some, question, names) for question, some in found.items()]

    def tally(self, asked: Question, field: str) -> "Counter[tuple[str, ...]] | None":
        """How many items have these values of a field; None: the items that answer are all in the
        index.
        """
        from plaintrack.app.snapshot.counts import values

        cells = self.counted(field)
        if cells is None or asked.limit is not None:
            return None
        within = In(REPO, frozenset(map(fold, self.apart)))
        others = asked._replace(where=And((within, asked.where)))
        found = Counter(values(self.snapshot, others, field))
        again = False
        for name, text, odd, count in self._tallied(asked, cells.plain):
            again = again or odd
            if not odd:
                plain = text.split(", ") if field == "tags" and text else text or ""
                found[self._values(name, field, plain)] += count
        if again:
            for name, data, count in self._tallied(asked, cells.said, cells.odd):
                found[self._values(name, field, json.loads(data) if data else "")] += count
        return found

    def _tallied(
        self, asked: Question, cells: "ask.Cells", within: Fragment | None = None
    ) -> list[Any]:
        return ask.tally(self._asked(asked), self.rows, self._whole, cells, self.item, within)

    def counted(self, field: str) -> "Tally | None":
        """How the database tells what is counted; None if it cannot."""
        snapshot, schema = self.snapshot, self.snapshot.schema
        if field == REPO:
            return _text(lambda _: _NAME)
        if field in ("id", "path"):
            return None
        if field in schema.fields and not answers.figure(snapshot, field):
            return self._stored(field)
        if columns.stated(field, schema):
            return _text(lambda to: to.stands(ranked=False))
        if field in _DERIVED:
            return _text(lambda _: Fragment(f"i.{field}"))
        return None if answers.computed(snapshot, field) else self._stored(field)

    def _stored(self, field: str) -> "Tally":
        """What an item says of a field: its text; and where it says several things, or is spelt
        otherwise than it is compared, the JSON.
        """
        said = self.rows.said(field)
        if field not in _TEXTS:
            return Tally(lambda _: (_NAME, _NULL, Fragment("TRUE")), None, lambda _: (_NAME, said))
        several = f"i.{field} LIKE '%, %'"
        if field == "tags":  # unless that is as many as there are: then none holds a comma
            commas = "length(i.tags) - length(replace(i.tags, ', ', ''))"
            several = f"i.tags <> '' AND {commas} <> 2 * (i.tag_count - 1)"
        odd = Fragment(f"({several} OR NOT ({self.rows.ascii(f'i.{field}')}))")
        text = Fragment(f"CASE WHEN NOT {odd.sql} THEN i.{field} END")
        return Tally(lambda _: (_NAME, text, odd), odd, lambda _: (_NAME, said))

    def _values(self, name: str, field: str, given: str | Sequence[str]) -> tuple[str, ...]:
        """The values that a row of a tally stands for."""
        text = given if isinstance(given, str) else ""
        if field == "folder":
            return (f"{name}/{text}" if text else name,)
        if field in _DERIVED or columns.stated(field, self.snapshot.schema) or field == REPO:
            return (text,)
        value = given if isinstance(given, str) else tuple(given)
        return Task("", "", self.snapshot.retold(name).fields({field: value})).many(field) or ("",)


class Tally(NamedTuple):
    """How the database tells what is counted."""

    plain: "ask.Cells"
    """A repository with a text; and whether another condition holds: then the text says nothing."""
    odd: Fragment | None
    """That condition; None: it always holds."""
    said: "ask.Cells"
    """A repository with JSON, of those for which it holds."""


def _text(cell: "Callable[[ask.InPortfolio], Fragment]") -> Tally:
    """A text that says it all."""
    never = Fragment("FALSE")
    return Tally(lambda to: (_NAME, cell(to), never), never, lambda _: (_NAME, _NULL))


_NAME, _NULL = Fragment("i.repository"), Fragment("CAST(NULL AS text)")


# Which questions the database can tell, and of which repositories


class _Sayable:
    """Whether the database can tell what a question asks for."""

    def __init__(self, snapshot: "Gathered") -> None:
        self.snapshot, self.schema = snapshot, snapshot.schema
        weights = {**DEFAULT, **snapshot.settings.urgency}
        self._local = not (weights["tight"] or weights["inherit"])
        told = [snapshot.retold(name) for name in snapshot.chosen]
        self._people = all(fold(each) == key for one in told for key, each in one.people.items())
        self._timed = any(one.words.timed for one in told)
        self._statuses = any(one.words.statuses for one in told)

    def all(self, asked: Question, wanted: "Wanted") -> bool:
        """Whether it can tell all of it."""
        parts = answers.parts(asked.where)
        if not all(self._part(part) for part in parts):
            return False
        if not all(self._derived(name) for name in wanted.columns):
            return False
        if asked.limit is None and not wanted.each:
            return True
        return all(self._ordered(field) for field, _ in asked.sort)

    def _derived(self, field: str) -> bool:
        """Whether what is derived of an item is in its row, as far as it is derived."""
        if columns.planned(field, self.schema) or columns.inherited(field, self.schema):
            return False
        return self._local or field != "urgency"

    def _part(self, part: Node) -> bool:
        if isinstance(part, State):
            return part.name not in PLANNED_STATES
        field = getattr(part, "field", "")
        if not field or field == REPO:
            return True
        if not self._derived(field) or field in _PATHS:
            return False
        if isinstance(part, Has):
            return True
        if field in _OTHERWISE:
            return False
        if isinstance(part, In):
            return True
        if isinstance(part, Wild | Match) and columns.kind(field, self.schema) == "duration":
            return not self._timed
        if isinstance(part, Match) and field == "status" and self._statuses:
            return False
        return self._spelt(field)

    def _spelt(self, field: str) -> bool:
        """Whether what a field says stands in the rows as it is told."""
        if columns.counted(field, self.schema):
            return False
        return self._people or not _of_people(field, self.schema)

    def _ordered(self, field: str) -> bool:
        if field in ("id", REPO):
            return True
        if field in _PATHS or field in _OTHERWISE or field == MENTIONS:
            return False
        return self._derived(field) and self._spelt(field)


def _names(asked: Question, field: str) -> bool:
    """Whether a question is about a field."""
    return any(getattr(part, "field", "") == field for part in answers.parts(asked.where))


def _of_people(field: str, schema: Schema) -> bool:
    return columns.kind(field, schema) == "person"


def _differing(snapshot: "Gathered", rows: "Rows", asked: Question) -> dict[str, Differing]:
    """The repositories whose rows tell what the settings of all would make of their items, as far
    as a question is about that; with what they say otherwise.
    """
    fields = {getattr(part, "field", "") for part in answers.parts(asked.where)}
    fields |= {field for field, _ in asked.sort}
    fields -= {"", REPO, *CHOICES}
    here = snapshot.schema
    found: dict[str, Differing] = {}
    strange: dict[str, set[str]] = {}
    for name in snapshot.chosen:
        words = snapshot.words(name)
        own = words.settings.schema
        if words.dropped or any(_kind(each, own) != _kind(each, here) for each in fields):
            continue
        called = [words.statuses.get(each, each) for each in own.statuses]
        choices = {"status": called, "priority": own.priorities, "type": own.types}
        ranks = {
            field: here.fields[field].choices
            for field, some in choices.items()
            if tuple(some) != here.fields[field].choices
        }
        zones = None if own.timezone == here.timezone else (own.timezone, here.timezone)
        found[name] = Differing((name,), words.statuses, ranks, zones)
        strange[name] = set(here.statuses).difference(own.statuses)
    # what a status means that a repository does not know is told by the settings of others
    statuses = set().union(*strange.values())
    if statuses:
        for name, status in lookup.statuses(rows, statuses):
            if status in strange.get(name, ()):
                found.pop(name, None)
    zones_ = {each.zones for each in found.values() if each.zones}
    unknown = {zones for zones in zones_ if not all(lookup.zone(rows, each) for each in zones)}
    return {name: each for name, each in found.items() if each.zones not in unknown}


def _kind(field: str, schema: Schema) -> tuple[str, Sequence[str]]:
    """What the values of a field are compared by."""
    declared = schema.fields.get(field)
    return columns.kind(field, schema), declared.choices if declared else ()


def _entangled(snapshot: "Gathered", apart: Sequence[str]) -> bool:
    """Whether items are another thing in the rows than among the repositories that are asked, by
    links from or to others.
    """
    source, chosen = snapshot.source, snapshot.chosen
    known = snapshot.known
    if len(chosen) < len(known):
        names = {fold(name) for name in chosen}
        if any((fold(one) in names) != (two in names) for one, two in source.crossing(known)):
            return True
    elif apart:
        strange = set(map(fold, apart))
        if any({fold(one), two} & strange for one, two in source.crossing(chosen)):
            return True
    return False


def _measured(snapshot: "Gathered", rows: "Rows") -> bool:
    """As ``rollup.measured``."""
    return "time" in snapshot.settings.rooms or lookup.measured(rows, snapshot.asked)


class _Translated:
    """A condition in the words of one repository."""

    def __init__(self, snapshot: "Gathered", name: str) -> None:
        from plaintrack.query.facts import Facts

        self.name, self.schema = name, snapshot.schema
        self.facts = Facts((), self.schema, snapshot.today)
        self.people: dict[str, set[str]] = {}
        for key, handle in snapshot.retold(name).people.items():
            self.people.setdefault(fold(handle), set()).add(key)
        self.known = set(snapshot.retold(name).people)

    def node(self, node: Node) -> Node:
        """The condition; what it says of the repository itself is decided."""
        if isinstance(node, And | Or):
            return type(node)(tuple(map(self.node, node.parts)))
        if isinstance(node, Not):
            return Not(self.node(node.part))
        field = getattr(node, "field", "")
        if field == REPO:
            from plaintrack.query.evaluate import holds

            here = holds(node, Task("", "", {REPO: self.name}), self.facts)
            return Everything() if here else _NOTHING
        if not isinstance(node, In):
            return node
        keys = node.keys
        if columns.counted(field, self.schema):
            keys = frozenset(key for key in keys if "/" in key)
        elif _of_people(field, self.schema):
            keys = frozenset(each for key in keys for each in self._people(key))
        return In(field, keys) if keys else _NOTHING

    def _people(self, key: str) -> set[str]:
        """Whoever is called so here, with or without a sign before the name."""
        name = key.removeprefix("@")
        sign = "@" if key.startswith("@") else ""
        found = self.people.get(name, set()) | ({name} - self.known)
        return {f"{sign}{each}" for each in found}


# What words mean


class Lookup(Lexicon):
    """Asks the rows of a portfolio."""

    def __init__(self, snapshot: "Gathered", rows: "Rows") -> None:
        super().__init__(snapshot)
        self.portfolio, self.rows = snapshot, rows

    def fields(self) -> list[str]:
        """The names of the fields that some item has and that are no columns."""
        return self._fields

    @cached_property
    def _fields(self) -> list[str]:
        return lookup.fields(self.rows, self.portfolio.asked)

    def is_item(self, text: str) -> bool:
        """Whether a text is the whole id of an item."""
        return bool(lookup.spelt(self.rows, self.portfolio.asked, text))

    def resolve(self, text: str) -> str:
        """The one id that a text names; of one that names none all rows tell more."""
        whole = lookup.spelt(self.rows, self.portfolio.asked, text)
        if whole:
            return ids.resolve(text, whole)
        known = lookup.holding(self.rows, self.portfolio.asked, text) if text.strip() else []
        if not known:
            return super().resolve(text)
        try:
            return ids.resolve(text, known)
        except ids.SharedId:
            raise
        except ids.AmbiguousId as error:
            told = partial(lookup.title, self.rows)
            raise ids.AmbiguousId(text, error.items, told) from error
        except ids.UnknownId:
            return super().resolve(text)

    def in_use(self, field: str, key: str) -> bool:
        """Whether some item has that folded value in a list, a link or a declared field."""
        if field in LINKS and field in self.portfolio.schema.fields:
            return lookup.has_value(self.rows, self.portfolio.asked, field, key, target=True)
        if self._told(field):
            return key in self.values(field)
        return lookup.has_value(self.rows, self.portfolio.asked, field, key)

    def in_column(self, field: str, key: str) -> bool:
        """Whether some item has a value, in any case, in one of COLUMNS."""
        if self._told(field):
            return super().in_column(field, key)
        return lookup.has_text(self.rows, self.portfolio.asked, field, key)

    def values(self, field: str) -> list[str]:
        """The folded values of a field that is a list, a link or declared."""
        if field == REPO:
            return sorted(map(fold, self.portfolio.chosen))
        found = set()
        for name, key in lookup.values(self.rows, self.portfolio.asked, field):
            told = self.portfolio.retold(name).fields({field: key})
            if field in told:
                found.add(fold(told[field]))
        return sorted(found)

    def _told(self, field: str) -> bool:
        """Whether values of a field are told otherwise than they stand in the rows."""
        return field == REPO or any(
            self.portfolio.retold(name).tells(field) for name in self.portfolio.chosen
        )
