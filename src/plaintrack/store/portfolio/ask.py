"""Compile questions to a portfolio's SQL: that of PostgreSQL and that of DuckDB.

It is the index's compiler: only what the engines say differently stands here. Of every repository
rows have been worked out when it was published, so no function of Python is called; what only
Python can tell (regular expressions) is asked of the distinct values first, and compared then.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.config.merged import REPO
from plaintrack.model.fields import LINKS
from plaintrack.model.ids import natural
from plaintrack.model.task import fold
from plaintrack.query import columns, nodes
from plaintrack.query.columns import COLUMNS
from plaintrack.query.patterns import match, wild
from plaintrack.store.index.sql import OPEN, Compiled, Compiler, Fragment, assembled, known
from plaintrack.store.portfolio.rows import NOTHING, TooLarge, like
from plaintrack.store.portfolio.shape import BRIEF, FOLDED

if TYPE_CHECKING:
    from plaintrack.query.values import Names
    from plaintrack.store.portfolio.rows import Rows

_LINKED = "('parent', 'project', 'milestone', 'goal')"
_UNDER = f"""(i.address <> ? AND i.number IN (
 WITH RECURSIVE below(number) AS (
  SELECT v.item FROM {{links}} v WHERE v.field IN {_LINKED} AND v.target = ?
  UNION SELECT v.item FROM below b JOIN item p ON p.number = b.number JOIN {{links}} v
   ON v.field IN {_LINKED} AND v.target = p.address WHERE p.address <> '')
 SELECT number FROM below))"""


_NAME = Fragment("i.repository")


class Part(NamedTuple):
    """What one question is in some repositories: a condition, and what it is sorted by."""

    where: Fragment
    keys: tuple[tuple[Fragment, ...], ...]
    """Of each field of the order; and of the order in which it is told, if that is another."""
    shown: tuple[tuple[Fragment, ...], ...] | None


class InPortfolio(Compiler):
    """Compiles for some repositories of a portfolio; ids are those of the whole, ``repo/id``."""

    __slots__ = ("careful", "place", "rows")
    true, false = "TRUE", "FALSE"
    hundred = "CAST(100.0 AS float8)"  # what is written so is no number of the machine's there
    called = " q"
    less, more = "least", "greatest"

    def __init__(
        self,
        names: "Names",
        rows: "Rows",
        careful: bool = False,
        place: Fragment = _NAME,
    ) -> None:
        """``careful``: scores are calculated here, since the engine cannot. Repositories are
        ordered by ``place``.
        """
        super().__init__(names)
        self.rows = rows
        self.careful = careful
        self.place = place

    def part(self, question: nodes.Question) -> Part:
        """What the question is here."""
        shown = question.shown
        return Part(
            self.node(question.where),
            tuple(self.sorts(field) for field, _ in question.sort),
            None if shown is None else tuple(self.sorts(field) for field, _ in shown),
        )

    def sorts(self, field: str) -> tuple[Fragment, ...]:
        """What a field is sorted by; ids repository by repository."""
        if field == "id":
            whose = Fragment(
                f"CASE WHEN i.id_key <> '' THEN {self.place.sql} END", self.place.params
            )
            return (whose, self.key(field))
        if field == REPO:
            return (Fragment("lower(i.repository)"),)
        return (self.key(field),)

    # What the engines say differently from SQLite

    def folded(self, field: str) -> str:
        """A column of texts, folded: it stands there so, or is a date."""
        return f"i.{field}_fold" if field in FOLDED else f"lower(i.{field})"

    def counted(self, field: str) -> str:
        """The same as ids are ordered."""
        return self.rows.natural(self.folded(field))

    def column(self, field: str) -> str:
        """What the values of a list, a link or a declared field are compared by."""
        found = super().column(field)
        return 'v."natural"' if found.startswith("idkey") else found

    def same(self, field: str, keys: Sequence[str]) -> Fragment:
        """A column of texts is one of these, folded; an id with a `/` is that of the portfolio."""
        if field == "id":
            whole = [each for each in keys if "/" in each]
            bare = [each for each in keys if "/" not in each]
            return self._either(("i.address", whole), ("i.id_fold", bare))
        if field in FOLDED:
            return self.any_of(f"i.{field}_fold", keys)
        wanted = frozenset(keys)
        return self._told(f"i.{field}", lambda text: fold(text) in wanted)

    def any_of(self, sql: str, keys: Sequence[str]) -> Fragment:
        """An expression is one of these texts."""
        if len(keys) == 1:
            return Fragment(f"{sql} = ?", (keys[0],))
        return Fragment(f"{sql} = ANY(?)", (list(keys),))

    def _either(self, *tests: tuple[str, Sequence[str]]) -> Fragment:
        found = [self.any_of(sql, keys) for sql, keys in tests if keys]
        if not found:
            return Fragment(self.false)
        return Fragment(
            f"({' OR '.join(each.sql for each in found)})",
            tuple(p for each in found for p in each.params),
        )

    def _told(self, column: str, holds: Callable[[str], bool]) -> Fragment:
        """The text of a column is one of those, of all that there are, for which it holds."""
        values = self.rows.run(
            f"SELECT DISTINCT {column} FROM {self.rows.whole} i WHERE {column} <> ''", ()
        )
        return self.any_of(column, [value for (value,) in values if holds(value)])

    def valued(self, field: str, keys: Sequence[str]) -> Fragment:
        """Some value is one of these; a link also by the address that it leads to."""
        brief = "v.brief AND " if all(len(each) <= BRIEF for each in keys) else ""
        if not columns.counted(field, self.schema):
            test = self.any_of("v.key", keys)
            return self.listed(field, f"{brief}{test.sql}", *test.params)
        whole = [each for each in keys if "/" in each]
        bare = [each for each in keys if "/" not in each]
        target = "v.target" if field in LINKS else f"({self._address})"
        test = self._either(("v.key", bare), (target, whole))
        return self.listed(field, test.sql, *test.params)

    _address = "CASE WHEN v.key LIKE '%/%' THEN v.key ELSE lower(v.repository) || '/' || v.key END"

    def one_of(self, key: Fragment, words: Sequence[str]) -> Fragment:
        """An expression is one of a few words."""
        return Fragment(f"{key.sql} = ANY(?)", (*key.params, list(words)))

    def text(self, needle: str) -> Fragment:
        """Title or body contain the folded needle."""
        return self.rows.worded(needle)

    def under(self, id: str) -> Fragment:
        """What is below an item, in any repository."""
        return Fragment(_UNDER.format(links=self.rows.links), (fold(id), fold(id)))

    def fits(self, node: nodes.Wild | nodes.Match) -> Fragment:
        """A value of the field fits the pattern."""
        field = node.field
        if columns.worded(field, self.schema):
            words = self.schema.fields["kind"].choices if field == "kind" else columns.STANDS
            found = [word for word in words if self._fits(node, word)]
            return self.one_of(self.word(field, ranked=False), found)
        if field not in COLUMNS:
            if isinstance(node, nodes.Wild):
                return self.listed(field, "v.key LIKE ? ESCAPE '\\'", like(node.pattern))
            keys = self.rows.run("SELECT DISTINCT v.key FROM value v WHERE v.field = ?", (field,))
            test = self.any_of("v.key", [key for (key,) in keys if self._fits(node, key)])
            return self.listed(field, test.sql, *test.params)
        if isinstance(node, nodes.Wild) and field in FOLDED:
            whole = field == "id" and "/" in node.pattern
            column = "i.address" if whole else f"i.{field}_fold"
            return Fragment(
                f"(i.{field} <> '' AND {column} LIKE ? ESCAPE '\\')", (like(node.pattern),)
            )
        return self._told(f"i.{field}", lambda text: self._fits(node, text))

    def _fits(self, node: nodes.Wild | nodes.Match, text: str) -> bool:
        if isinstance(node, nodes.Wild):
            return wild(node.pattern, fold(text))
        return match(node.pattern, node.ignorecase or node.field not in COLUMNS, text)

    def leaf(self, node: nodes.Node) -> Fragment:
        """A condition on one field."""
        field = getattr(node, "field", "")
        if not columns.planned(field, self.schema):
            return self.stored(node)
        if field == "waits_for" and isinstance(node, nodes.In):
            return self.waiting(node.keys)
        return self.of_plan(node)

    def waiting(self, keys: frozenset[str]) -> Fragment:
        """The items that wait for one of these in the plan, which names those of the same
        repository by their ids alone.
        """
        found = [
            item
            for item, each in self.names.plan().items()
            if any(
                (key if "/" in key else f"{item.rpartition('/')[0]}/{key}") in keys
                for key in map(fold, each.waits_for)
            )
        ]
        return self.among(nodes.In("id", frozenset(found))) if found else Fragment(self.false)

    def key(self, field: str) -> Fragment:
        """What a field is compared and sorted by; NULL where it is unset."""
        if self.careful and field == "score" and self.schema.scored:
            return self.scored()
        return super().key(field)

    def scored(self) -> Fragment:
        """The first scoring model, calculated here."""
        from plaintrack.query.score import calculated, scoring
        from plaintrack.store.index.figures import given

        model = scoring(self.names.scores, self.schema)
        inputs = [given(each, self) for each in model.inputs]
        there = " AND ".join(f"{each.sql} IS NOT NULL" for each in inputs)
        params = tuple(p for each in inputs for p in each.params)
        found = self.rows.run(
            f"SELECT i.number, {joined(inputs).sql} FROM {self.rows.whole} i WHERE {there}",
            params * 2,
        )
        said = [each.said for each in model.inputs]
        scores = {
            str(number): calculated(model, dict(zip(said, numbers, strict=True)))
            for number, *numbers in found
        }
        return self.rows.looked_up(scores, "CAST(i.number AS text)")

    def least(self, field: str) -> Fragment:
        """The least of the values of a field."""
        where = "FROM value v WHERE v.item = i.number AND v.field = ?"
        return Fragment(f"(SELECT min({self.column(field)}) {where})", (field,))

    def by_plan(self, field: str) -> Fragment:
        """What a planned field is compared and sorted by."""
        told = self.ordered(field)
        found = {key: told(key) for key in known(self.facts([field]))}
        return self.rows.looked_up(found, "i.address")

    def kind_among(self, kinds: Sequence[str]) -> Fragment:
        """The items of one of these kinds."""
        return self.any_of("i.kind", kinds)

    def rest(self, otherwise: str) -> Fragment:
        """The minutes that time records leave of an item."""
        logged = self.names.logged()
        stated = {key: told.left for key, told in logged.items() if told.known and told.stated}
        known = self.rows.looked_up(dict.fromkeys(stated, 1.0), "i.address")
        left = self.rows.looked_up(stated, "i.address")
        return Fragment(
            f"(CASE WHEN {known.sql} IS NULL THEN {otherwise} ELSE {left.sql} END)",
            (*known.params, *left.params),
        )

    def stretch(self) -> Fragment:
        """The working minutes from today to the end of the day on which an item is due."""
        from plaintrack.when.calendars import Stretch

        until = Stretch(self.names.today, self.names.minutes, self.schema.day).until
        days = self.rows.run(
            f"SELECT DISTINCT i.due_day FROM item i WHERE {OPEN} AND i.due_day IS NOT NULL", ()
        )
        found = {str(day): float(until(day)) for (day,) in days}
        return self.rows.looked_up(found, "CAST(i.due_day AS text)")

    def pressing(self, free: Fragment) -> Fragment:
        """The largest urgency of what waits for an item, in any repository."""
        from plaintrack.query.urgency import pressed

        waits = self.rows.run(
            "SELECT v.item, o.number FROM value v JOIN item o ON o.address = v.target"
            " JOIN item w ON w.number = v.item WHERE v.field = 'depends_on' AND o.address <> ''"
            " AND o.category IN ('open', 'active') AND w.category IN ('open', 'active')",
            (),
        )
        linked = sorted({number for pair in waits for number in pair})
        values = self.rows.run(
            f"SELECT i.number, {free.sql} FROM {self.rows.whole} i WHERE i.number = ANY(?)",
            (*free.params, linked),
        )
        found = pressed(dict(values), waits)
        return self.rows.looked_up(
            {str(number): value for number, value in found.items()}, "CAST(i.number AS text)"
        )

    def figure(self, sign: str, parts: Sequence[Fragment]) -> Fragment:
        """A sign of a formula over its parts, as SQLite calculates it."""
        params = tuple(p for part in parts for p in part.params)
        if sign in ("min", "max"):  # here they take no notice of NULL
            listed = ", ".join(part.sql for part in parts)
            whole = " OR ".join(f"{part.sql} IS NULL" for part in parts)
            function = self.less if sign == "min" else self.more
            return Fragment(
                f"(CASE WHEN {whole} THEN NULL ELSE {function}({listed}) END)", params * 2
            )
        if sign == "/":
            return Fragment(f"({parts[0].sql} / nullif({parts[1].sql}, 0))", params)
        return super().figure(sign, parts)


Asked = Sequence[tuple[Sequence[str], nodes.Question, "Names"]]
"""What is asked of repositories, and what words mean there; the directions of the order and the
limit are the same in all.
"""


Cells = Callable[[InPortfolio], Sequence[Fragment]]
"""The expressions that are asked for, as they are compiled for some repositories."""


def select(asked: Asked, rows: "Rows", whole: int, cells: Cells) -> list[Any]:
    """What these expressions give for each item that answers, in its order; ``whole`` is how many
    repositories there are.
    """

    def statement(careful: bool) -> Fragment:
        found = compile(asked, rows, whole, careful)
        listed = joined(_cells(asked, rows, cells, careful))
        limit = "" if found.limit is None else f" LIMIT {int(found.limit)}"
        sql = f"SELECT {listed.sql} FROM {rows.whole} i WHERE {found.where}"
        sql = f"{sql} ORDER BY {found.order}{limit}"
        return Fragment(sql, (*listed.params, *found.params))

    return _run(rows, statement)


def members(
    asked: Asked,
    rows: "Rows",
    whole: int,
    cells: Cells,
    each: int | None = None,
    item: Fragment | None = None,
) -> list[Any]:
    """The same in no order. With ``each``, of every status only the first ones, so many. Questions
    are put to ``item``, see ``differing``; the expressions to the table itself.
    """
    item = item or Fragment(rows.whole)

    def statement(careful: bool) -> Fragment:
        groups = _parts(asked, rows, careful)
        where = _where(groups, whole)
        listed = joined(_cells(asked, rows, cells, careful))
        limit = asked[0][1].limit
        if limit is None and each is None:
            first = f"SELECT i.number FROM {item.sql} i WHERE {where.sql}"
            sql = f"SELECT {listed.sql} FROM {rows.whole} i WHERE i.number IN ({first})"
            return Fragment(sql, (*listed.params, *item.params, *where.params))
        order = _ordered(asked, groups, rows)
        if limit is not None:
            first = f"SELECT i.number FROM {item.sql} i WHERE {where.sql} ORDER BY {order.sql}"
            first = f"{first} LIMIT {int(limit)}"
            params = (*item.params, *where.params, *order.params)
        else:
            place = f"row_number() OVER (PARTITION BY i.status_fold ORDER BY {order.sql})"
            ranked = f"SELECT i.number, {place} AS place FROM {item.sql} i WHERE {where.sql}"
            first = f"SELECT r.number FROM ({ranked}) r WHERE r.place <= {int(each or 0)}"
            params = (*order.params, *item.params, *where.params)
        sql = f"SELECT {listed.sql} FROM {rows.whole} i WHERE i.number IN ({first})"
        return Fragment(sql, (*listed.params, *params))

    return _run(rows, statement)


def tally(
    asked: Asked,
    rows: "Rows",
    whole: int,
    cells: Cells,
    item: Fragment | None = None,
    within: Fragment | None = None,
) -> list[Any]:
    """The different rows that these expressions give for the items that answer, ``within`` those
    for which another condition holds, and at the end of each how many items have it.
    """
    table = item or Fragment(rows.whole)

    def statement(careful: bool) -> Fragment:
        where = _where(_parts(asked, rows, careful), whole)
        if within:
            sql = f"({where.sql}) AND ({within.sql})"
            where = Fragment(sql, (*where.params, *within.params))
        each = _cells(asked, rows, cells, careful)
        listed, places = joined(each), ", ".join(str(at + 1) for at in range(len(each)))
        sql = f"SELECT {listed.sql}, count(*) FROM {table.sql} i WHERE {where.sql}"
        sql = f"{sql} GROUP BY {places}"
        return Fragment(sql, (*listed.params, *table.params, *where.params))

    return _run(rows, statement)


def _run(rows: "Rows", statement: Callable[[bool], Fragment]) -> list[Any]:
    """The rows of a statement, which is made carefully if the engine cannot calculate it."""
    try:
        return rows.run(*statement(False))
    except TooLarge:
        return rows.run(*statement(True))


def _cells(asked: Asked, rows: "Rows", cells: Cells, careful: bool) -> list[Fragment]:
    """What stands behind SELECT."""
    each = [(some, cells(InPortfolio(names, rows, careful))) for some, _, names in asked]
    return [by_group([(some, found[at]) for some, found in each]) for at in range(len(each[0][1]))]


def joined(cells: Sequence[Fragment]) -> Fragment:
    """Expressions as they stand behind SELECT."""
    return Fragment(
        ", ".join(each.sql for each in cells), tuple(p for each in cells for p in each.params)
    )


Groups = Sequence[tuple[Sequence[str], Part]]
"""Repositories, and what the question is in these."""


def _parts(asked: Asked, rows: "Rows", careful: bool) -> Groups:
    groups: list[tuple[list[str], Part]] = []
    place = _place(_names(asked), rows)
    for repositories, question, names in asked:
        part = InPortfolio(names, rows, careful, place).part(question)
        same = next((some for some, other in groups if other == part), None)
        if same is None:
            groups.append(([*repositories], part))
        else:
            same += repositories
    return groups


def _names(asked: Asked) -> list[str]:
    """The repositories that are asked."""
    return [name for some, _, _ in asked for name in some]


def _place(names: Iterable[str], rows: "Rows", paths: bool = False) -> Fragment:
    """What repositories are ordered by: as their ids are, or as ``paths``."""
    wanted = sorted(names, key=lambda name: f"{name}/" if paths else natural(f"{fold(name)}/"))
    if wanted == sorted(names):
        return _NAME
    return rows.looked_up({name: float(at) for at, name in enumerate(wanted)}, "i.repository")


def compile(asked: Asked, rows: "Rows", whole: int, careful: bool = False) -> Compiled:
    """The question to a portfolio as fragments of SQL."""
    groups = _parts(asked, rows, careful)
    first = asked[0][1]
    shown = None
    if first.shown is not None:
        told = [(some, part.shown or ()) for some, part in groups]
        shown = _order(told, [descending for _, descending in first.shown], asked, rows)
    order = _ordered(asked, groups, rows)
    return assembled(_where(groups, whole), order, first.limit, shown, rows.whole)


def _where(groups: Groups, whole: int) -> Fragment:
    """What stands behind WHERE."""
    everywhere = len(groups) == 1 and len(groups[0][0]) == whole
    tests = [_within(some, part.where, everywhere) for some, part in groups]
    return Fragment(
        f"({' OR '.join(each.sql for each in tests)})",
        tuple(p for each in tests for p in each.params),
    )


def _ordered(asked: Asked, groups: Groups, rows: "Rows") -> Fragment:
    """What stands behind ORDER BY, by the order that decides which items answer."""
    falling = [descending for _, descending in asked[0][1].sort]
    return _order([(some, part.keys) for some, part in groups], falling, asked, rows)


def _within(repositories: Sequence[str], where: Fragment, everywhere: bool) -> Fragment:
    if everywhere:
        return where
    return Fragment(
        f"(i.repository = ANY(?) AND {where.sql})", (sorted(repositories), *where.params)
    )


def _order(
    groups: Sequence[tuple[Sequence[str], tuple[tuple[Fragment, ...], ...]]],
    falling: Sequence[bool],
    asked: Asked,
    rows: "Rows",
) -> Fragment:
    """What stands behind ORDER BY; ties are ordered by ``repo/id``, then by ``repo/path``."""
    texts: list[str] = []
    params: list[object] = []
    for at, descending in enumerate(falling):
        down = " DESC" if descending else ""
        for each in range(max(len(keys[at]) for _, keys in groups)):
            key = by_group(
                [(some, keys[at][min(each, len(keys[at]) - 1)]) for some, keys in groups]
            )
            if key != NOTHING:
                texts.append(f"({key.sql}){down} NULLS LAST")
                params += key.params
    names = _names(asked)
    by_id, by_path = _place(names, rows), _place(names, rows, paths=True)
    texts += [
        f"CASE WHEN i.id_key <> '' THEN {by_id.sql} END NULLS FIRST", "i.id_key", "i.id",
        by_path.sql, "i.path",
    ]  # fmt: skip
    return Fragment(", ".join(texts), (*params, *by_id.params, *by_path.params))


def by_group(found: Sequence[tuple[Sequence[str], Fragment]]) -> Fragment:
    """An expression that is another one in other repositories."""
    cases: list[tuple[list[str], Fragment]] = []
    for some, each in found:
        same = next((others for others, other in cases if other == each), None)
        if same is None:
            cases.append(([*some], each))
        else:
            same += some
    if len(cases) == 1:
        return cases[0][1]
    told = " ".join(f"WHEN i.repository = ANY(?) THEN {each.sql}" for _, each in cases)
    params = tuple(p for some, each in cases for p in (sorted(some), *each.params))
    return Fragment(f"CASE {told} END", params)
