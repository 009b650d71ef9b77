"""What answers the questions to a portfolio: PostgreSQL, or DuckDB over published folders."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from plaintrack.errors import PlaintrackError
from plaintrack.store.index.sql import Fragment
from plaintrack.store.portfolio.shape import MOMENTS, OFFSET, WHOLE

if TYPE_CHECKING:
    import duckdb
    from sqlalchemy import Connection


NOTHING = Fragment("NULL")
"""Of no type: elsewhere the same expression may be a text or a number."""


class TooLarge(Exception):
    """A number is larger, or nearer to zero, than the engine can calculate with."""


class PortfolioSilent(PlaintrackError):
    """The database does not answer a question."""

    slug = "portfolio-not-answered"

    def __init__(self, said: str) -> None:
        line = next((each.strip() for each in said.splitlines() if each.strip()), "no answer")
        super().__init__(
            f"the portfolio does not answer: {line}", "ask for less, or look in the server's log"
        )


class Rows(Protocol):
    """An engine with the tables of a portfolio; its SQL has ``?`` for parameters."""

    whole: str
    """The table that has all columns of an item."""
    indexed: bool
    """Whether there are indexes, so that a few rows are found without looking at all."""
    links: str
    """The table of the values that link."""

    @property
    def limited(self) -> bool:
        """Whether there may be repositories that we may not read."""

    def run(self, sql: str, params: Sequence[object]) -> list[Any]:
        """All rows of a statement."""

    def natural(self, sql: str) -> str:
        """An expression for a folded text as ids are ordered, see ``model.ids.natural``."""

    def worded(self, needle: str) -> Fragment:
        """Title or body of the item ``i`` contain a folded text."""

    def said(self, field: str) -> Fragment:
        """What the file of the item ``i`` says of a field, as JSON; NULL: nothing."""

    def looked_up(self, known: Mapping[str, str | float | None], key: str) -> Fragment:
        """The value that is known of a key; NULL for none."""

    def zoned(self, moment: str) -> str:
        """Whether a moment of the item ``t`` says its offset."""

    def ascii(self, sql: str) -> str:
        """Whether a text is ASCII."""


_OVERFLOW = "22003"
_PIECES = "'[0-9]+|[^0-9]+'"


class PostgreSQL:
    """A database, by a connection that reads."""

    indexed = True
    links = "value"
    whole = WHOLE

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        # sets of ids that a condition names must fit there to be hashed
        run = connection.exec_driver_sql
        run("SET search_path = plaintrack; SET work_mem = '128MB'")
        run("SET jit = off")  # to compile for each of many partitions takes longer than to look
        connection.commit()

    def run(self, sql: str, params: Sequence[object]) -> list[Any]:
        """All rows of a statement; raises TooLarge, PortfolioSilent."""
        from sqlalchemy.exc import DBAPIError

        text = sql.replace("%", "%%").replace("?", "%s")
        try:
            found = self.connection.exec_driver_sql(text, tuple(map(_clean, params)))
            return [tuple(row) for row in found]
        except DBAPIError as error:
            self.connection.rollback()
            if getattr(error.orig, "sqlstate", "") == _OVERFLOW:
                raise TooLarge from error
            raise PortfolioSilent(str(error.orig)) from error

    @property
    def limited(self) -> bool:
        """Whether there may be repositories that this role does not read."""
        sql = (
            "SELECT row_security_active('plaintrack.item') AND NOT EXISTS (SELECT FROM"
            " repository_right WHERE repository = '*')"
        )
        return bool(self.run(sql, ())[0][0])

    def natural(self, sql: str) -> str:
        """An expression for a folded text as ids are ordered."""
        number = "coalesce(nullif(ltrim(t[1], '0'), ''), '0')"
        weighed = f"lpad(length({number})::text, greatest(2, length(length({number})::text)), '0')"
        return (
            f"(SELECT string_agg(CASE WHEN t[1] ~ '^[0-9]' THEN {weighed} || {number} ELSE t[1] END"
            f", '' ORDER BY o) COLLATE \"C\" FROM regexp_matches({sql}, {_PIECES}, 'g')"
            " WITH ORDINALITY AS m(t, o))"
        )

    def worded(self, needle: str) -> Fragment:
        """Title or body of the item ``i`` contain a folded text; an index of trigrams can tell."""
        found = "SELECT t.number FROM item_rest t WHERE t.haystack LIKE ? OFFSET 0"
        return Fragment(f"i.number IN ({found})", (f"%{escaped(needle)}%",))  # found at once

    def said(self, field: str) -> Fragment:
        """What the file of the item ``i`` says of a field, as JSON; NULL: nothing."""
        said = "SELECT CAST(CAST(t.data AS jsonb) -> ? AS text)"
        return Fragment(f"({said} FROM item_rest t WHERE t.number = i.number)", (field,))

    def looked_up(self, known: Mapping[str, str | float | None], key: str) -> Fragment:
        """The value that is known of a key; NULL for none."""
        found = {_clean(each): value for each, value in known.items() if value is not None}
        if not found:
            return NOTHING
        sql = f"(CAST(? AS jsonb) ->> {key})"
        if all(isinstance(value, str) for value in found.values()):
            return Fragment(f'{sql} COLLATE "C"', (json.dumps(found),))
        return Fragment(f"CAST({sql} AS float8)", (json.dumps(found),))

    def zoned(self, moment: str) -> str:
        """Whether a moment of the item ``t`` says its offset: when it was loaded it did."""
        return f"t.zoned & {1 << MOMENTS.index(moment)} <> 0"

    def ascii(self, sql: str) -> str:
        """Whether a text is ASCII."""
        return f"octet_length({sql}) = length({sql})"


class DuckDB:
    """Published folders, by a connection that has views of them."""

    indexed = False
    limited = False
    links = "value"

    whole = "item"

    def __init__(self, connection: "duckdb.DuckDBPyConnection") -> None:
        self.connection = connection

    def run(self, sql: str, params: Sequence[object]) -> list[Any]:
        """All rows of a statement; raises PortfolioSilent."""
        import duckdb

        try:
            found = self.connection.execute(sql, [_clean(each) for each in params])
            rows: list[Any] = found.fetchall()
        except duckdb.Error as error:
            raise PortfolioSilent(str(error)) from error
        return rows

    def natural(self, sql: str) -> str:
        """An expression for a folded text as ids are ordered."""
        number = "coalesce(nullif(ltrim(t, '0'), ''), '0')"
        length = f"CAST(length({number}) AS VARCHAR)"
        weighed = f"lpad({length}, CAST(greatest(2, length({length})) AS INTEGER), '0') || {number}"
        return (
            f"list_aggregate(list_transform(regexp_extract_all({sql}, {_PIECES}), lambda t:"
            f" CASE WHEN regexp_matches(t, '^[0-9]') THEN {weighed} ELSE t END), 'string_agg', '')"
        )

    def worded(self, needle: str) -> Fragment:
        """Title or body of the item ``i`` contain a folded text."""
        return Fragment("contains(i.haystack, ?)", (needle,))

    def said(self, field: str) -> Fragment:
        """What the file of the item ``i`` says of a field, as JSON; NULL: nothing."""
        pointer = "/" + field.replace("~", "~0").replace("/", "~1")
        return Fragment("CAST(json_extract(i.data, ?) AS VARCHAR)", (pointer,))

    def looked_up(self, known: Mapping[str, str | float | None], key: str) -> Fragment:
        """The value that is known of a key; NULL for none."""
        found = {each: value for each, value in known.items() if value is not None}
        if not found:
            return NOTHING
        text = all(isinstance(value, str) for value in found.values())
        kind = "VARCHAR" if text else "DOUBLE"
        pairs = f"SELECT unnest(CAST(? AS VARCHAR[])) AS k, unnest(CAST(? AS {kind}[])) AS v"
        return Fragment(
            f"(SELECT any_value(u.v) FROM ({pairs}) u WHERE u.k = {key})",
            ([*found], [*found.values()]),
        )

    def zoned(self, moment: str) -> str:
        """Whether a moment of the item ``t`` says its offset."""
        return f"length(t.{moment}) > 10 AND t.{moment} ~ '^.*{OFFSET}'"

    def ascii(self, sql: str) -> str:
        """Whether a text is ASCII."""
        return f"strlen({sql}) = length({sql})"


def like(pattern: str) -> str:
    """A folded pattern, in which ``*`` is any text, as LIKE has it with the escape ``\\``."""
    return escaped(pattern).replace("*", "%")


def escaped(text: str) -> str:
    """A text as LIKE finds it, with the escape ``\\``."""
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return text


_UNTOLD = re.compile("[\0\ud800-\udfff]")


def _clean(value: Any) -> Any:
    """A parameter that every database takes: texts are published so, too."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _UNTOLD.sub("\ufffd", value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return value
