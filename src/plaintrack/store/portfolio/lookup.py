"""What is asked of a portfolio by name: what its words mean, how it hangs together, a few items.

``names`` are the repositories that are asked; with None it is all that there are.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from plaintrack.model.dependency import LAGS
from plaintrack.model.fields import UPWARD
from plaintrack.model.task import fold
from plaintrack.query.columns import COLUMNS
from plaintrack.store.index.rows import DERIVED, HELD
from plaintrack.store.index.sql import Fragment
from plaintrack.store.portfolio.follow import LINKED, followed
from plaintrack.store.portfolio.rows import PortfolioSilent, Rows, escaped
from plaintrack.store.portfolio.shape import BRIEF, WORD

Names = Sequence[str] | None
_UPWARD = f"({', '.join(map(repr, UPWARD))})"


def _within(names: Names, table: str) -> Fragment:
    """A condition for the rows of these repositories."""
    if names is None:
        return Fragment("TRUE")
    return Fragment(f"{table}.repository = ANY(?)", (list(names),))


def fields(rows: Rows, names: Names) -> list[str]:
    """The names of the fields that some item has and that are no columns."""
    if names is None and rows.indexed:  # from one to the next, by the index of values
        sql = (
            "WITH RECURSIVE f(field) AS (SELECT min(field) FROM value WHERE brief UNION ALL"
            " SELECT (SELECT min(v.field) FROM value v WHERE v.brief AND v.field > f.field) FROM f"
            " WHERE f.field IS NOT NULL) SELECT field FROM f WHERE field IS NOT NULL UNION"
            " SELECT DISTINCT field FROM value WHERE NOT brief"
        )
        found = rows.run(sql, ())
    else:
        within = _within(names, "v")
        sql = f"SELECT DISTINCT v.field FROM value v WHERE {within.sql}"
        found = rows.run(sql, within.params)
    return sorted(field for (field,) in found if field not in (HELD, LAGS))


def spelt(rows: Rows, names: Names, item: str) -> list[str]:
    """How the id ``repo/id`` is spelt in the items that have it, in any case."""
    within = _within(names, "i")
    sql = (
        f"SELECT i.repository, i.id FROM item i WHERE i.address = ? AND i.id <> '' AND {within.sql}"
    )
    found = _ids(rows.run(sql, (fold(item), *within.params)))
    return [each for each in found if _plain(each) == _plain(item)]


def holding(rows: Rows, names: Names, part: str) -> list[str]:
    """The ids that hold a text, in any case."""
    within = _within(names, "i")
    sql = (
        "SELECT i.repository, i.id FROM item i WHERE i.address LIKE ? ESCAPE '\\' AND i.id <> ''"
        f" AND {within.sql}"
    )
    found = _ids(rows.run(sql, (f"%{escaped(fold(part))}%", *within.params)))
    return [each for each in found if _plain(part) in _plain(each)]


def _ids(found: Sequence[Any]) -> list[str]:
    return sorted(f"{repository}/{item}" for repository, item in found)


def _plain(text: str) -> str:
    """A text as ids are compared: case counts only beyond ASCII."""
    return "".join(each.lower() if each.isascii() else each for each in text)


def title(rows: Rows, item: str) -> str | None:
    """The title of an item."""
    found = rows.run(
        f"SELECT i.title FROM {rows.whole} i WHERE i.address = ? LIMIT 1", (fold(item),)
    )
    return str(found[0][0]) if found else None


def has_value(rows: Rows, names: Names, field: str, key: str, target: bool = False) -> bool:
    """Whether some item has that folded value in a field; ``target``: leads there."""
    within = _within(names, "v")
    column = "v.target = ?" if target else "v.key = ?"
    if not target and len(key) <= BRIEF:
        column = f"v.brief AND {column}"  # by the index
    sql = f"SELECT 1 FROM value v WHERE v.field = ? AND {column} AND {within.sql} LIMIT 1"
    return bool(rows.run(sql, (field, key, *within.params)))


def has_text(rows: Rows, names: Names, field: str, key: str) -> bool:
    """Whether some item has a value, in any case, in one of COLUMNS that is a text."""
    if field not in COLUMNS:  # else a text from outside would become SQL
        raise KeyError(field)
    within = _within(names, "i")
    sql = f"SELECT DISTINCT i.{field} FROM {rows.whole} i WHERE i.{field}_fold = ? AND {within.sql}"
    found = rows.run(sql, (key, *within.params))
    return any(_plain(text) == _plain(key) for (text,) in found)


def values(rows: Rows, names: Names, field: str) -> list[tuple[str, str]]:
    """(repository, folded value) of all values of a field, each once."""
    within = _within(names, "v")
    sql = f"SELECT DISTINCT v.repository, v.key FROM value v WHERE v.field = ? AND {within.sql}"
    return [(name, key) for name, key in rows.run(sql, (field, *within.params))]


def statuses(rows: Rows, some: Collection[str]) -> list[tuple[str, str]]:
    """(repository, status) of all items that have one of these, each once."""
    brief = f"left(i.status_fold, {WORD})"  # by the index of these
    sql = (
        f"SELECT DISTINCT i.repository, i.status FROM item i WHERE {brief} = ANY(?) AND"
        " i.status = ANY(?)"
    )
    keys = [fold(each)[:WORD] for each in some]
    return [(name, status) for name, status in rows.run(sql, (keys, list(some)))]


def zone(rows: Rows, name: str) -> bool:
    """Whether the database knows a time zone."""
    if not name:
        return False
    try:
        rows.run("SELECT now() AT TIME ZONE ?", (name,))
    except PortfolioSilent:
        return False
    return True


def measured(rows: Rows, names: Names) -> bool:
    """Whether an item says how long it takes, or what remains."""
    within = _within(names, "i")
    sql = (
        "SELECT 1 FROM item i WHERE (i.estimate IS NOT NULL OR i.remaining IS NOT NULL) AND"
        f" {within.sql} LIMIT 1"
    )
    return bool(rows.run(sql, within.params))


def linked(rows: Rows, names: Sequence[str]) -> dict[int, tuple[int, ...]]:
    """DERIVED of the items that links between repositories make another thing: as they are by those
    links alone that may be read.
    """
    sql = f"SELECT repository, number FROM item WHERE repository = ANY(?) AND {LINKED}"
    ends = rows.run(sql, (list(names),))
    if not ends:
        return {}
    # told one by one, so that the engine knows how few there are
    listed = "SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS bigint[])) AS e(repository, number)"
    sql = f"WITH involved AS ({listed}) {followed('item', 'value')}"
    found = rows.run(sql, ([name for name, _ in ends], [number for _, number in ends]))
    return {number: tuple(derived) for _, number, *derived in found}


def above(rows: Rows, numbers: Collection[int]) -> list[int]:
    """The numbers of all that these items are a part of, and theirs."""
    sql = f"""WITH RECURSIVE up(number) AS (SELECT unnest(CAST(? AS bigint[]))
  UNION SELECT p.number FROM up JOIN {rows.links} v ON v.item = up.number JOIN item p
   ON p.address = v.target WHERE v.field IN {_UPWARD})
SELECT number FROM up"""
    return [number for (number,) in rows.run(sql, (list(numbers),))]


class Member(NamedTuple):
    """An item: its repository, the columns that were asked for, what other items make of it (see
    DERIVED), and whom its text mentions.
    """

    number: int
    repository: str
    derived: tuple[int, ...]
    mentions: Sequence[str]
    cells: tuple[Any, ...]

    @property
    def children(self) -> int:
        """How many items are a part of it."""
        return self.derived[DERIVED.index("children")]


def cells(columns: Sequence[str], mentions: bool) -> list[Fragment]:
    """What is asked of items, see ``member``."""
    said = "ARRAY(SELECT v.key FROM value v WHERE v.item = i.number AND v.field = 'mentions')"
    told = ["number", "repository", *DERIVED]
    given = [Fragment(f"i.{name}") for name in (*told, *columns)]
    return [Fragment(said if mentions else "NULL"), *given]


def member(row: Sequence[Any]) -> Member:
    """A row of ``cells``."""
    mentions, number, repository, *more = row
    at = len(DERIVED)
    return Member(number, repository, tuple(more[:at]), mentions or (), tuple(more[at:]))


def below(rows: Rows, numbers: Collection[int]) -> list[int]:
    """The numbers of all that is a part of these items, and theirs."""
    sql = f"""WITH RECURSIVE down(number, address) AS (
 SELECT i.number, i.address FROM item i WHERE i.number = ANY(?)
  UNION SELECT c.number, CASE WHEN c.children > 0 THEN c.address ELSE '' END FROM down
   JOIN {rows.links} v ON v.target = down.address AND v.field IN {_UPWARD} JOIN item c
   ON c.repository = v.repository AND c.number = v.item WHERE down.address <> '')
SELECT number FROM down"""
    return [number for (number,) in rows.run(sql, (list(numbers),))]


def items(rows: Rows, numbers: Collection[int], cells: Sequence[Fragment]) -> Iterator[Any]:
    """What these expressions give for items."""
    from plaintrack.store.portfolio.ask import joined

    if not numbers:
        return
    listed = joined(cells)
    sql = f"SELECT {listed.sql} FROM {rows.whole} i WHERE i.number = ANY(?)"
    yield from rows.run(sql, (*listed.params, list(numbers)))
