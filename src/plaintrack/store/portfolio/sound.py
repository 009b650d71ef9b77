"""What is wrong with the rows of a published file: asked of DuckDB, before any row is believed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from plaintrack.store.portfolio.parquet import Opened
from plaintrack.store.portfolio.shape import VALUE, Column

LONGEST = 8 << 20
"""Bytes of one text."""
LARGEST = 8 << 30
"""Bytes of all texts of a file: much more than it has, if a few are told again and again."""
MOST_VALUES = 50_000_000
_LAST_DAY = date.max.toordinal()
LAST_SECOND = 253_402_300_799
"""Of the year 9999."""
_TIMES = ("reached", "landed", "authored", "begin")
_NAMES = r"[0-9a-f]{40}([0-9a-f]{24})?"
_TEXTS = {
    "commit": f"NOT regexp_full_match({{}}, '{_NAMES}')",
    "blob": f"NOT regexp_full_match({{}}, '{_NAMES}')",
    "category": "{} NOT IN ('open', 'active', 'done', 'cancelled')",
    "path": r"{} = '' OR regexp_matches({}, '^/|\\|(^|/)\.\.?(/|$)')",
}
"""What must not be said of these texts."""
_FLAT = (
    "(json_type({0}) = 'VARCHAR' OR (json_type({0}) = 'ARRAY' AND coalesce(list_bool_and("
    "list_transform(json_extract({0}, '$[*]'), lambda e: json_type(e) = 'VARCHAR')), true)))"
)
"""It is a JSON text, or a list of them."""
_OBJECT = (
    "(json_type({0}) = 'OBJECT' AND coalesce(list_bool_and(list_transform("
    f"json_extract({{0}}, '$.*'), lambda v: {_FLAT.format('v')})), true))"
)
_JSON = {
    "data": f"NOT coalesce({_OBJECT}, false)",
    "new": f"{{1}} IS NOT NULL AND NOT coalesce({_FLAT} OR {{0}}::VARCHAR = '1', false)",
}
_ONCE = {"items": "path", "changes": '(position, item, place, "field")'}
"""Table → what no two of its rows share."""


class Fault(NamedTuple):
    """What is wrong: in words, and in how many rows."""

    what: str
    rows: int


class Size(NamedTuple):
    """How much the texts of a file are, with the longest one, and how many values there are."""

    texts: int
    longest: int
    values: int


def size(file: Opened, columns: Sequence[Column]) -> Size:
    """How much a file holds, before anything is done with it."""
    texts = [f'"{each.name}"' for each in columns if each.kind == "text"]
    whole = " + ".join(f"coalesce(sum(strlen({each})), 0)" for each in texts)
    longest = ", ".join(f"coalesce(max(strlen({each})), 0)" for each in texts)
    counts = [f'coalesce(sum(len("{each.name}")), 0)' for each in columns if each.kind == "values"]
    found = file.one(
        f"SELECT {whole}, greatest({longest}, 0), {' + '.join(counts) or 0} FROM {{file}}",
    )
    return Size(*map(int, found))


def fault(file: Opened, table: str, columns: Sequence[Column], year: int | None) -> Fault | None:
    """The first thing that is wrong with the rows of a table, of a file for a ``year`` if there is
    one; None: nothing is. Raises parquet.Unreadable.
    """
    asked = dict(_asked(columns, table, year))
    found = _first(file, "{file}", asked)
    if found is None and table in _ONCE:
        once = f"SELECT count(*) - count(DISTINCT {_ONCE[table]}) FROM {{file}}"
        again = int(file.one(once)[0])
        found = Fault("two rows are one", again) if again else None
    for column in columns:
        if found is None and column.kind == "values":
            found = _listed(file, column)
    return found


def _listed(file: Opened, column: Column) -> Fault | None:
    """What is wrong with the values of a column."""
    asked = {f"one of {column.name} is NULL": "v IS NULL"}
    for each in VALUE:
        for what, condition in _of(each, f'v."{each.name}"'):
            asked[what] = condition
    return _first(file, f'(SELECT unnest("{column.name}") AS v FROM {{file}})', asked)


def _first(file: Opened, source: str, asked: dict[str, str]) -> Fault | None:
    counts = ", ".join(f"count(*) FILTER ({each})" for each in asked.values())
    row = file.one(f"SELECT {counts} FROM {source}")
    for what, count in zip(asked, row, strict=True):
        if count:
            return Fault(what, int(count))
    return None


def _asked(columns: Sequence[Column], table: str, year: int | None) -> Iterator[tuple[str, str]]:
    """What would be wrong, in words and in SQL."""
    for column in columns:
        yield from _of(column, f'"{column.name}"')
    if year is None:
        return
    if table == "changes":
        first, after = (int(datetime(each, 1, 1, tzinfo=UTC).timestamp()) for each in _years(year))
        yield "reached is of another year", f"reached < {first} OR reached >= {after}"
    else:
        first, after = (date(each, 1, 1).toordinal() for each in _years(year))
        yield "day is of another year", f'"day" < {first} OR "day" >= {after}'


def _years(year: int) -> tuple[int, int]:
    return year, min(year + 1, date.max.year)


def _of(column: Column, name: str) -> Iterator[tuple[str, str]]:
    """What would be wrong with one column."""
    if not column.empty:
        yield f"{column.name} is NULL", f"{name} IS NULL"
    if column.kind == "text":
        yield f"{column.name} has a NUL", f"contains({name}, chr(0))"
        if column.name in _TEXTS:
            yield f"{column.name} is not one", _TEXTS[column.name].replace("{}", name)
        if column.name in _JSON:
            tried = f"try_cast({name} AS JSON)"
            wrong = _JSON[column.name].replace("{0}", tried).replace("{1}", name)
            yield f"{column.name} is not JSON of texts and lists of texts", wrong
    elif column.kind == "real":
        odd = f"isnan({name}) OR isinf({name}) OR abs({name}) > 1e15"
        yield f"{column.name} is not a number", odd
    elif column.kind == "integer":
        least, most = _bounds(column.name)
        yield f"{column.name} is out of bounds", f"{name} < {least} OR {name} > {most}"


def _bounds(name: str) -> tuple[int, int]:
    """The least and the largest that an integer may be."""
    if name in _TIMES:
        return -62_135_596_800, LAST_SECOND
    if name == "day" or name.endswith("_day"):
        return 1, _LAST_DAY
    if name in ("position", "place", "seconds"):
        return 0, (1 << 31) - 1
    return -(1 << 31), (1 << 31) - 1
