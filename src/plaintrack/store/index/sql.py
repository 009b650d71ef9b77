"""Compile a question to SQL over the index, with exactly the answers of ``query.evaluate``."""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.model.fields import UPWARD
from plaintrack.model.ids import natural
from plaintrack.model.task import Task, fold
from plaintrack.query import columns, nodes
from plaintrack.query.ast import BadQuery
from plaintrack.query.bind import Names
from plaintrack.query.columns import COLUMNS, MENTIONS
from plaintrack.query.nodes import (
    And,
    Compare,
    Has,
    In,
    Match,
    Node,
    Not,
    Or,
    Question,
    State,
)
from plaintrack.query.patterns import match, wild
from plaintrack.query.urgency import DEFAULT, HELD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from plaintrack.query.facts import Facts

OPEN = "i.category IN ('open', 'active')"
_LINKED = "('parent', 'project', 'milestone', 'goal')"
_UNDER = f"""(i.id <> ? COLLATE NOCASE AND i.number IN (
 WITH RECURSIVE below(number) AS (
  SELECT v.item FROM value v WHERE v.field IN {_LINKED} AND v.key = ?
  UNION SELECT v.item FROM below b JOIN item p ON p.number = b.number JOIN value v
   ON v.field IN {_LINKED} AND v.key = lower(p.id) WHERE p.id <> '')
 SELECT number FROM below))"""
_PROGRESS = (
    "CASE WHEN i.steps > 0 THEN i.ticked * {hundred} / i.steps WHEN i.children > 0 THEN"
    " i.children_closed * {hundred} / i.children END"
)
_failure: list[BadQuery] = []


class Fragment(NamedTuple):
    """A piece of SQL with its parameters."""

    sql: str
    params: tuple[object, ...] = ()


class Compiled(NamedTuple):
    """``SELECT … FROM item i WHERE {where} ORDER BY {order}``, its length, and the parameters of
    both parts in order; ``planned`` is what the SQL calls by that name, where it does.
    """

    where: str
    order: str
    limit: int | None
    params: list[object]
    planned: "Callable[[str, str], str | float | None] | None" = None


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that the SQL calls: ``fold``, ``wild``, ``match`` and
    ``idkey``.
    """
    connection.create_function("fold", 1, fold, deterministic=True)
    connection.create_function("wild", 2, _wild, deterministic=True)
    connection.create_function("match", 3, _match, deterministic=True)
    connection.create_function("idkey", 1, lambda key: key and natural(key), deterministic=True)


def made(connection: sqlite3.Connection, params: Sequence[Any]) -> Sequence[Any]:
    """The parameters; one that can be called makes a function of the connection known that the
    statement calls, and its value is 0.
    """
    found = list(params)
    for at, each in enumerate(found):
        if callable(each):
            each(connection)
            found[at] = 0
    return found


def fetch(connection: sqlite3.Connection, statement: str, params: Sequence[Any]) -> list[Any]:
    """All rows of a statement; a BadQuery raised by a function in it comes out as itself."""
    _failure.clear()
    try:
        return connection.execute(statement, made(connection, params)).fetchall()
    except sqlite3.OperationalError:
        if _failure:
            raise _failure.pop() from None
        raise


def select(
    connection: sqlite3.Connection,
    asked: "Compiled",
    cells: Sequence[str],
    params: Sequence[Any] = (),
) -> list[Any]:
    """What these expressions give for each item that answers, in its order; ``params`` are
    theirs.
    """
    register(connection)
    if asked.planned is not None:
        connection.create_function("planned", 2, asked.planned)
    limit = "" if asked.limit is None else f" LIMIT {int(asked.limit)}"
    statement = (
        f"SELECT {', '.join(cells)} FROM item i WHERE {asked.where} ORDER BY {asked.order}{limit}"
    )
    return fetch(connection, statement, [*params, *asked.params])


class Overrun(Exception):
    """A question takes longer than it may."""


def select_within(
    connection: sqlite3.Connection, seconds: float, asked: "Compiled", cells: Sequence[str]
) -> list[Any]:
    """As ``select``; raises Overrun if that takes longer than so many seconds."""
    deadline = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > deadline, 200)
    try:
        return select(connection, asked, cells)
    except sqlite3.OperationalError as error:
        raise Overrun from error
    finally:
        connection.set_progress_handler(None, 0)


def compile(question: Question, names: Names) -> Compiled:
    """The question as SQL fragments; ties are ordered by id (its numbers as numbers), then path."""
    compiler = Compiler(names)
    where, order = compiler.node(question.where), compiler.order(question.sort)
    shown = None if question.shown is None else compiler.order(question.shown)
    return assembled(where, order, question.limit, shown)._replace(planned=compiler.planned)


def assembled(
    where: Fragment,
    order: Fragment,
    limit: int | None,
    shown: Fragment | None,
    item: str = "item",
) -> Compiled:
    """The question of these parts; ``shown`` as in Question, ``item`` is the table."""
    if shown is not None:
        if limit is not None:
            first = (
                f"SELECT i.number FROM {item} i WHERE {where.sql} ORDER BY {order.sql} LIMIT"
                f" {int(limit)}"
            )
            where, limit = Fragment(f"i.number IN ({first})", (*where.params, *order.params)), None
        order = shown
    return Compiled(where.sql, order.sql, limit, [*where.params, *order.params])


def key(field: str, names: Names) -> Fragment:
    """What a field is compared and sorted by; NULL where it is unset."""
    return Compiler(names).key(field)


def _wild(pattern: str, text: str | None) -> bool:
    return text is not None and wild(pattern, text)


def _match(pattern: str, ignorecase: int, text: str | None) -> bool:
    try:
        return text is not None and match(pattern, bool(ignorecase), text)
    except BadQuery as error:
        _failure.append(error)
        raise


def _joined(word: str, parts: Sequence[Fragment]) -> Fragment:
    if len(parts) == 1:
        return parts[0]
    if len(parts) > 16:  # keeps the expression shallow; SQLite allows a depth of 1000
        half = len(parts) // 2
        parts = (_joined(word, parts[:half]), _joined(word, parts[half:]))
    return Fragment(
        "(" + f" {word} ".join(each.sql for each in parts) + ")",
        tuple(p for each in parts for p in each.params),
    )


def known(facts: "Facts") -> list[str]:
    """The folded ids of which the plan, time records and their like say something."""
    said = (
        facts.plan(), facts.logged(), facts.rolled(), facts.sla(), facts.approved(),
        facts.addressed(),
    )  # fmt: skip
    return [key for some in said for key in some]


def _json(values: Sequence[str]) -> str:
    import json

    return json.dumps(values)


class Compiler:
    """Compiles to SQLite's SQL; what another engine says differently is a method of its own, see
    ``store.portfolio.ask``.
    """

    __slots__ = ("names", "now", "orders", "planned", "schema")
    true, false = "1", "0"
    hundred = "100.0"  # a number with a fraction, so that a division has one
    called = ""
    """What stands behind a SELECT in FROM: its name, where it must have one."""
    less, more = "min", "max"
    """The functions that give the least and the largest of their arguments."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.schema = names.schema
        self.now = float(names.today.toordinal())
        self.planned: Callable[[str, str], str | float | None] | None = None
        self.orders: dict[str, Callable[[str], str | float | None]] = {}

    def order(self, fields: nodes.Order) -> Fragment:
        """What stands behind ORDER BY."""
        keys = [(self.key(field), " DESC" if descending else "") for field, descending in fields]
        text = ", ".join(
            [
                *(f"({key.sql}){falling} NULLS LAST" for key, falling in keys),
                "i.id_key",
                "i.id",
                "i.path",
            ]
        )
        return Fragment(text, tuple(p for key, _ in keys for p in key.params))

    def node(self, node: Node) -> Fragment:
        """A condition."""
        if isinstance(node, And):
            return _joined("AND", [self.node(each) for each in node.parts])
        if isinstance(node, Or):
            return _joined("OR", [self.node(each) for each in node.parts])
        if isinstance(node, Not):
            part = self.node(node.part)
            return Fragment(f"NOT ({part.sql})", part.params)
        if isinstance(node, State):
            return self.state(node.name)
        return self.leaf(node)

    # What engines say differently

    def folded(self, field: str) -> str:
        """A column of texts, folded."""
        return f"fold(i.{field})"

    def counted(self, field: str) -> str:
        """The same as ids are ordered."""
        return f"idkey({self.folded(field)})"

    def same(self, field: str, keys: Sequence[str]) -> Fragment:
        """A column of texts is one of these, folded."""
        plain = tuple(each for each in keys if each.isascii())
        other = tuple(each for each in keys if not each.isascii())
        parts = []
        for column, some in (
            (f"i.{field} COLLATE NOCASE", plain),
            (self.folded(field), other),
        ):
            if len(some) > 500:  # SQLite takes a limited number of parameters
                parts.append(
                    Fragment(f"{column} IN (SELECT value FROM json_each(?))", (_json(some),))
                )
            elif some:
                parts.append(Fragment(f"{column} IN ({', '.join('?' * len(some))})", some))
        return _joined("OR", parts)

    def listed(self, field: str, test: str, *params: object) -> Fragment:
        """Some row of ``value`` with this field passes the test."""
        return Fragment(
            f"i.number IN (SELECT v.item FROM value v WHERE v.field = ? AND {test})",
            (field, *params),
        )

    def valued(self, field: str, keys: Sequence[str]) -> Fragment:
        """Some value of a list, a link or a declared field is one of these."""
        return self.listed(field, f"v.key IN ({', '.join('?' * len(keys))})", *keys)

    def one_of(self, key: Fragment, words: Sequence[str]) -> Fragment:
        """An expression is one of a few words."""
        return Fragment(f"{key.sql} IN ({', '.join('?' * len(words))})", (*key.params, *words))

    def text(self, needle: str) -> Fragment:
        """Title or body contain the folded needle."""
        found = (
            "EXISTS (SELECT 1 FROM words w WHERE w.item = i.number AND instr(w.haystack, ?) > 0)"
        )
        return Fragment(found, (needle,))

    def under(self, id: str) -> Fragment:
        """What is below an item."""
        return Fragment(_UNDER, (fold(id), fold(id)))

    def fits(self, node: "nodes.Wild | Match") -> Fragment:
        """A value of the field fits the pattern."""
        if isinstance(node, nodes.Wild):
            return self.tested(node.field, "wild(?, {})", (node.pattern,), folded=True)
        ignorecase = int(node.ignorecase or node.field not in COLUMNS)
        return self.tested(node.field, "match(?, ?, {})", (node.pattern, ignorecase), folded=False)

    def pressing(self, free: Fragment) -> Fragment:
        """The largest urgency of what waits for an item; NULL if nothing does. ``free`` is the
        urgency of an item by itself, as if nothing held it up.
        """
        from plaintrack.store.index.figures import pressing

        return Fragment("pressing(i.number + ?)", (pressing(free),))

    def rest(self, otherwise: str) -> Fragment:
        """The minutes that time records leave of an item."""
        from plaintrack.store.index.figures import clocked

        return Fragment(f"clocked(fold(i.id), {otherwise}, ?)", (clocked(self.names),))

    def stretch(self) -> Fragment:
        """The working minutes from today to the end of the day on which an item is due."""
        from plaintrack.store.index.figures import stretch

        return Fragment("stretch(i.due_day + ?)", (stretch(self.names),))

    def figure(self, sign: str, parts: Sequence[Fragment]) -> Fragment:
        """A sign of a formula over its parts; ``min`` and ``max`` have several."""
        params = tuple(p for part in parts for p in part.params)
        if sign in ("min", "max"):
            return Fragment(f"{sign}({', '.join(part.sql for part in parts)})", params)
        if len(parts) == 1:
            return Fragment(f"(-{parts[0].sql})", params)
        return Fragment(f"({parts[0].sql} {sign} {parts[1].sql})", params)

    # What all say alike

    def leaf(self, node: Node) -> Fragment:
        """A condition on one field."""
        field = getattr(node, "field", "")
        if columns.planned(field, self.schema):
            return self.of_plan(node)
        if field == MENTIONS and field not in self.schema.fields:
            return _joined("OR", [self.stored(node), self.of_plan(node)])
        return self.stored(node)

    def stored(self, node: Node) -> Fragment:
        """A condition on what the index holds."""
        if isinstance(node, nodes.Text):
            return self.text(node.needle)
        if isinstance(node, In):
            return self.among(node)
        if isinstance(node, Compare):
            return self.compare(node)
        if isinstance(node, Has):
            return self.has(node.field)
        if isinstance(node, nodes.Under):
            return self.under(node.id)
        if isinstance(node, nodes.Wild | Match):
            return self.fits(node)
        return Fragment(self.true)

    def facts(self, fields: "Iterable[str]") -> "Facts":
        """What the plan or time records say, as far as the fields take it, for evaluating in
        memory: asked for now, and not from within a query.
        """
        from plaintrack.query.facts import Facts

        asked, ours = set(fields), set(columns.LOGGED)
        clocked = asked & {"breached", *self.schema.slas}
        apart = clocked | {"approved", MENTIONS}
        rolled = self.names.rolled() if asked & set(columns.ROLLED) - apart else {}
        logged = self.names.logged() if asked & ours - apart - set(columns.ROLLED) else {}
        plan = self.names.plan() if asked - ours - apart else {}
        approved = self.names.approved() if "approved" in asked else frozenset()
        addressed = self.names.addressed() if MENTIONS in asked else {}
        sla = self.names.sla() if clocked else {}
        return Facts(
            (),
            self.schema,
            self.names.today,
            plan=lambda: plan,
            logged=lambda: logged,
            sla=lambda: sla,
            approved=lambda: approved,
            addressed=lambda: addressed,
            rolled=lambda: rolled,
        )

    def of_plan(self, node: Node) -> Fragment:
        """The items for which a condition on what the plan or time records say holds. Of what they
        say nothing of none does: whatever is asked, there is no value.
        """
        from plaintrack.query.evaluate import holds

        asked = node.name if isinstance(node, State) else getattr(node, "field", "")
        facts = self.facts([asked])
        ids = [key for key in known(facts) if holds(node, Task("", key, {}), facts)]
        return self.among(In("id", frozenset(ids))) if ids else Fragment(self.false)

    def ordered(self, field: str) -> "Callable[[str], str | float | None]":
        """What a planned field of a folded id is sorted by."""
        from plaintrack.query.evaluate import comparables

        facts = self.facts([field])
        return lambda key: min(comparables(Task("", key, {}), field, facts), default=None)

    def by_plan(self, field: str) -> Fragment:
        """What a planned field is compared and sorted by."""
        if field not in self.orders:
            self.orders[field] = self.ordered(field)
        self.planned = lambda name, key: self.orders[name](key)
        return Fragment("planned(?, fold(i.id))", (field,))

    def tested(self, field: str, test: str, params: tuple[object, ...], folded: bool) -> Fragment:
        """A value of the field passes a test, which has `{}` in place of the value."""
        if columns.worded(field, self.schema):
            kind = self.word(field, ranked=False)
            return Fragment(
                f"coalesce({test.format(kind.sql)}, {self.false})", (*params, *kind.params)
            )
        if field not in COLUMNS:
            return self.listed(field, test.format("v.key"), *params)
        column = self.folded(field) if folded else f"i.{field}"
        return Fragment(f"(i.{field} <> '' AND {test.format(column)})", params)

    def among(self, node: In) -> Fragment:
        """A value of the field is one of the keys."""
        keys = sorted(node.keys)
        if columns.inherited(node.field, self.schema):
            return self.kind_among(keys)
        if columns.stated(node.field, self.schema):
            return self.one_of(self.stands(ranked=False), keys)
        if node.field not in COLUMNS or node.field in UPWARD:
            return self.valued(node.field, keys)
        found = self.same(node.field, keys)
        if "" in keys:
            return Fragment(f"(i.{node.field} <> '' AND {found.sql})", found.params)
        return found

    def compare(self, node: Compare) -> Fragment:
        """A value of the field is within the bounds."""
        bounds = [(node.op, node.key), *([node.also] if node.also else [])]
        params = tuple(key for _, key in bounds)
        if node.field in COLUMNS or columns.computed(node.field, self.schema):
            key = self.key(node.field)
            tests = " AND ".join(f"{key.sql} {op} ?" for op, _ in bounds)
            both = tuple(p for bound in params for p in (*key.params, bound))
            return Fragment(f"coalesce({tests}, {self.false})", both)
        column = self.column(node.field)
        return self.listed(
            node.field, " AND ".join(f"{column} {op} ?" for op, _ in bounds), *params
        )

    def column(self, field: str) -> str:
        """What the values of a list, a link or a declared field are compared by."""
        if columns.measured(field, self.schema):
            return "v.number"
        return "idkey(v.key)" if columns.counted(field, self.schema) else "v.key"

    def has(self, field: str) -> Fragment:
        """The field is set."""
        if columns.computed(field, self.schema):
            key = self.key(field)
            return Fragment(f"({key.sql}) IS NOT NULL", key.params)
        return Fragment(f"i.{field} <> ''") if field in COLUMNS else self.listed(field, self.true)

    def key(self, field: str) -> Fragment:
        """What a field is compared and sorted by; NULL where it is unset."""
        if field == "urgency":
            return self.urgency()
        if field == "score" and self.schema.scored:
            from plaintrack.store.index.figures import score

            return score(self)
        if columns.worded(field, self.schema):
            return self.word(field, ranked=True)
        if columns.planned(field, self.schema):
            return self.by_plan(field)
        if field == "age":
            return Fragment("(? - i.created_day)", (self.now,))
        if field == "progress":
            return Fragment(f"({_PROGRESS.format(hundred=self.hundred)})")
        if field in ("estimate", "remaining"):
            return Fragment(f"i.{field}")
        if field in columns.CHOICES:
            return Fragment(f"(CASE WHEN i.{field}_rank < 999 THEN i.{field}_rank END)")
        if field in COLUMNS and columns.kind(field, self.schema) in ("date", "datetime"):
            return Fragment(f"i.{field}_at")
        if field in COLUMNS:
            if columns.counted(field, self.schema):
                text = self.counted(field)
            else:
                text = self.folded(field)
            return Fragment("nullif(i.id_key, '')" if field == "id" else f"nullif({text}, '')")
        return self.least(field)

    def least(self, field: str) -> Fragment:
        """The least of the values that a field has in the index, and of those that it has from
        comments and updates.
        """
        where = "FROM value v WHERE v.item = i.number AND v.field = ?"
        if field != MENTIONS or field in self.schema.fields:
            return Fragment(f"(SELECT min({self.column(field)}) {where})", (field,))
        told = self.by_plan(field)
        return Fragment(
            f"(SELECT min(k) FROM (SELECT v.key AS k {where} UNION ALL SELECT {told.sql}))",
            (field, *told.params),
        )

    def kind_among(self, kinds: Sequence[str]) -> Fragment:
        """The items of one of these kinds."""
        paths = [path for path, kind in self.names.kinds().items() if kind in kinds]
        return Fragment("i.path IN (SELECT value FROM json_each(?))", (_json(paths),))

    def kind(self, ranked: bool) -> Fragment:
        """The kind of an item: its name, or (``ranked``) its place among the choices."""
        cases = []
        params: list[object] = []
        for rank, name in enumerate(self.schema.fields["kind"].choices):
            among = self.kind_among([name])
            cases.append(f"WHEN {among.sql} THEN ?")
            params += [*among.params, float(rank) if ranked else name]
        return Fragment(f"(CASE {' '.join(cases)} END)", tuple(params))

    def word(self, field: str, ranked: bool) -> Fragment:
        """A field with one of a few words: the word, or (``ranked``) its place among them."""
        return self.stands(ranked) if columns.stated(field, self.schema) else self.kind(ranked)

    def stands(self, ranked: bool) -> Fragment:
        """The state of an item: its name, or (``ranked``) its place among the states."""
        tests = (
            "i.category = 'cancelled'",
            "i.category = 'done'",
            f"coalesce(i.due_day < ?, {self.false})",
            "i.blocked <> 0",
            f"coalesce(i.wait_day > ?, {self.false})",
            "i.category = 'active'",
            self.true,
        )
        words = [str(float(n)) if ranked else f"'{name}'" for n, name in enumerate(columns.STANDS)]
        cases = " ".join(f"WHEN {t} THEN {word}" for t, word in zip(tests, words, strict=True))
        return Fragment(f"(CASE {cases} END)", (self.now, self.now))

    def state(self, name: str) -> Fragment:
        """The item is in that state."""
        waiting = f"coalesce(i.wait_day > ?, {self.false})"
        simple = {
            "open": OPEN,
            "closed": f"NOT ({OPEN})",
            "active": "i.category = 'active'",
            "blocked": f"({OPEN} AND i.blocked <> 0)",
            "unassigned": "i.assignee = ''",
            "recurring": "i.repeat <> ''",
            "archived": "i.archived <> 0",
            "blocking": f"({OPEN} AND i.blocking <> 0)",
            "done": "i.category = 'done'",
            "cancelled": "i.category = 'cancelled'",
        }
        if name in simple:
            return Fragment(simple[name])
        if name in nodes.PLANNED_STATES:
            return self.of_plan(State(name))
        if name == "waiting":
            return Fragment(f"({OPEN} AND {waiting})", (self.now,))
        if name == "ready":
            return Fragment(f"({OPEN} AND i.blocked = 0 AND NOT {waiting})", (self.now,))
        return Fragment(f"({OPEN} AND coalesce(i.due_day < ?, {self.false}))", (self.now,))

    def urgency(self) -> Fragment:
        """The terms of ``query.urgency.terms``, summed in their order."""
        weights = {name: float(each) for name, each in {**DEFAULT, **self.names.urgency}.items()}
        total = self.own(weights)
        if not weights["inherit"]:
            return total
        held = self.pressing(self.own(weights, HELD))
        lift = f"{self.more}(0.0, coalesce({held.sql}, o) - o) * ?"
        return Fragment(
            f"(CASE WHEN {OPEN} THEN (SELECT o + {lift} FROM (SELECT {total.sql} AS"
            f" o){self.called}) ELSE 0.0 END)",
            (*held.params, weights["inherit"], *total.params),
        )

    def own(self, weights: "Mapping[str, float]", without: Sequence[str] = ()) -> Fragment:
        """The terms that are an item's own, but those of these names."""
        now, longest = self.now, weights["age.max"]
        ranks = " ".join(f"WHEN {number} THEN ?" for number in range(len(self.schema.priorities)))
        priorities = tuple(weights.get(f"priority.{each}", 0.0) for each in self.schema.priorities)
        waiting = "CASE WHEN i.wait_day > ? THEN ? ELSE 0.0 END"
        # each day is named as seldom as can be: in a portfolio it may be a long expression
        due_factor = (
            f"CASE WHEN i.due_day IS NULL THEN 0.0 ELSE {self.less}(1.0, {self.more}(0.2,"
            " (? - i.due_day + 14.0) * 0.8 / 21.0 + 0.2)) END"
        )
        age_factor = "CASE WHEN i.created_day IS NULL THEN 0.0 ELSE 1.0 END"
        ages: tuple[object, ...] = ()
        if longest > 0.0:
            age_factor = (
                f"CASE WHEN ? - i.created_day >= ? THEN 1.0"
                f" ELSE coalesce({self.more}(0.0, (? - i.created_day) / ?), 0.0) END"
            )
            ages = (now, longest, now, longest)
        parts: dict[str, tuple[str, tuple[object, ...]]] = {
            "next": ("CASE WHEN i.next <> 0 THEN ? ELSE 0.0 END", (weights["next"],)),
            "due": (f"({due_factor}) * ?", (now, weights["due"])),
            "priority": (
                f"CASE i.priority_rank {ranks} ELSE 0.0 END" if ranks else "0.0",
                priorities,
            ),
            "blocking": ("CASE WHEN i.blocking <> 0 THEN ? ELSE 0.0 END", (weights["blocking"],)),
            "active": (
                "CASE WHEN i.category = 'active' THEN ? ELSE 0.0 END",
                (weights["active"],),
            ),
            "waiting": (waiting, (now, weights["waiting"])),
            "blocked": ("CASE WHEN i.blocked <> 0 THEN ? ELSE 0.0 END", (weights["blocked"],)),
            "age": (
                f"({age_factor}) * ?",
                (*ages, weights["age"]),
            ),
            "tags": (
                (
                    f"CASE {self.less}(3, i.tag_count) WHEN 0 THEN 0.0 WHEN 1 THEN 0.8 WHEN 2 THEN"
                    " 0.9 ELSE 1.0 END * ?"
                ),
                (weights["tags"],),
            ),
            "project": ("CASE WHEN i.project <> '' THEN ? ELSE 0.0 END", (weights["project"],)),
        }
        if weights["tight"]:
            from plaintrack.store.index.figures import tight

            parts["tight"] = tight(self, weights["tight"])
        found = [part for name, part in parts.items() if name not in without]
        total = " + ".join(["0.0", *(f"({sql})" for sql, _ in found)])
        return Fragment(
            f"(CASE WHEN {OPEN} THEN {total} ELSE 0.0 END)",
            tuple(p for _, params in found for p in params),
        )
