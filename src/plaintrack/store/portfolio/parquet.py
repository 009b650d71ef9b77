"""Rows as Parquet files and back, by DuckDB."""

import errno
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from plaintrack.store.portfolio.database import PortfolioMissing
from plaintrack.store.portfolio.shape import VALUE, Column

if TYPE_CHECKING:
    import duckdb

Row = tuple[Any, ...]
BATCH = 2000
"""Rows that are read at a time."""
MEMORY = "1GB"
"""What DuckDB may take to read a file."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_KINDS = {"text": "VARCHAR", "integer": "BIGINT", "real": "DOUBLE"}


class Unwritable(Exception):
    """There is no room for a file; says why."""


class Unreadable(Exception):
    """DuckDB cannot read a file; says why."""


def demand() -> None:
    """Raise PortfolioMissing unless DuckDB is installed."""
    try:
        import duckdb  # noqa: F401
    except ImportError as error:
        raise PortfolioMissing from error


def version() -> str:
    """The version of DuckDB: another one may write other bytes."""
    demand()
    import duckdb

    found: str = duckdb.__version__
    return found


def kind(column: Column) -> str:
    """The type of a column in Parquet, as DuckDB names it."""
    if column.kind == "values":
        inner = ", ".join(f'"{each.name}" {_KINDS[each.kind]}' for each in VALUE)
        return f"STRUCT({inner})[]"
    return _KINDS[column.kind]


@cache
def _engine() -> "duckdb.DuckDBPyConnection":
    """DuckDB for what is our own; one thread writes the same bytes each time."""
    import duckdb

    return duckdb.connect(":memory:", config={"threads": 1})


def write(path: str, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Write rows to a Parquet file; how many they were. The same rows give the same bytes. Raises
    Unwritable.
    """
    import duckdb

    lines = f"{path}.json"
    names = [column.name for column in columns]
    nested = [at for at, column in enumerate(columns) if column.kind == "values"]
    inner = [each.name for each in VALUE]
    count, longest = 0, 0
    try:
        # Lines of JSON are the fast way in: row by row takes DuckDB a hundred times as long.
        with open(lines, "w", encoding="utf-8", errors="replace", newline="\n") as handle:
            for row in rows:
                count += 1
                cells = list(row)
                for at in nested:
                    cells[at] = [dict(zip(inner, each, strict=True)) for each in row[at]]
                line = json.dumps(dict(zip(names, cells, strict=True)))
                longest = max(longest, len(line))
                handle.write(f"{line}\n")
        kinds = ", ".join(f"'{column.name}': '{kind(column)}'" for column in columns)
        with _engine().cursor() as connection:
            connection.execute(
                f"COPY (SELECT * FROM read_json({_quoted(lines)}, format='newline_delimited',"
                f" maximum_object_size={max(longest + 1024, 1 << 20)}, columns={{{kinds}}}))"
                f" TO {_quoted(path)} (FORMAT parquet, COMPRESSION zstd)"
            )
    except duckdb.IOException as error:
        raise Unwritable(str(error).partition("\n")[0]) from error
    except OSError as error:  # rows may come from files, too: those errors are not ours
        if error.errno in _NO_ROOM:
            raise Unwritable(error.strerror) from error
        raise
    finally:
        if os.path.exists(lines):
            os.unlink(lines)
    return count


class Opened:
    """A Parquet file, or several of one table, open: DuckDB can read them, and reach nothing else.
    Its methods raise Unreadable.
    """

    def __init__(self, *paths: str, threads: int = 1) -> None:
        import duckdb

        listed = f"[{', '.join(map(_quoted, paths))}]"
        self.source = f"read_parquet({listed})"
        self.named = f"read_parquet({listed}, filename = true)"
        self.numbered = f"read_parquet({listed}, filename = true, file_row_number = true)"
        self.path = paths[0]
        self.connection = duckdb.connect(
            ":memory:", config={"threads": threads, "memory_limit": MEMORY, "temp_directory": ""}
        )
        self.connection.execute(f"SET allowed_paths = {listed}")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def __enter__(self) -> "Opened":
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def footer(self) -> int:
        """How many bytes the footer says it has."""
        with open(self.path, "rb") as handle:
            size = handle.seek(0, 2)
            handle.seek(max(0, size - 8))
            end = handle.read()
        found = int.from_bytes(end[:4], "little") if len(end) == 8 else size
        if end[4:] != b"PAR1" or found > size - 12:
            raise Unreadable("it is not a whole Parquet file")
        return found

    def columns(self) -> list[tuple[str, str]]:
        """Name and type of each column."""
        rows = self._rows(f"DESCRIBE SELECT * FROM {self.source}").fetchall()
        return [(name, kind) for name, kind, *_ in rows]

    def count(self) -> int:
        """How many rows the footer says there are."""
        asked = f"SELECT num_rows FROM parquet_file_metadata({_quoted(self.path)})"
        return int(_fetched(self._rows(asked))[0][0])

    def one(self, sql: str) -> Row:
        """The one row of a question to the file, which the SQL calls ``{file}``."""
        return _fetched(self._rows(sql.replace("{file}", self.source)))[0]

    def rows(self, sql: str, params: Sequence[object] = ()) -> Iterator[list[Row]]:
        """The rows of a question, so many at a time."""
        found = self._rows(sql.replace("{file}", self.source), params)
        while rows := _fetched(found):
            yield rows

    def batches(self, columns: Sequence[Column]) -> Iterator[list[Row]]:
        """The rows, so many at a time; lists of values as tuples."""
        nested = [at for at, column in enumerate(columns) if column.kind == "values"]
        inner = [each.name for each in VALUE]
        names = ", ".join(f'"{column.name}"' for column in columns)
        for rows in self.rows(f"SELECT {names} FROM {{file}}"):
            yield [_unnested(row, nested, inner) for row in rows] if nested else rows

    def lines(self, columns: Sequence[Column]) -> Iterator[list[str]]:
        """The rows, so many at a time, each as a line of text: cells apart by tabs, as PostgreSQL
        copies them in. No column is a list of values.
        """
        cells = " || chr(9) || ".join(map(_copied, columns))
        for rows in self.rows(f"SELECT {cells} FROM {{file}}"):
            yield [line for (line,) in rows]

    def _rows(self, sql: str, params: Sequence[object] = ()) -> "duckdb.DuckDBPyConnection":
        import duckdb

        try:
            return self.connection.execute(sql, list(params))
        except duckdb.Error as error:
            raise Unreadable(_first_line(error)) from error


_SPECIAL = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
"""What PostgreSQL copies in under another name."""


def copied(text: str) -> str:
    """A text as a cell of a line."""
    for special, escaped in _SPECIAL:
        text = text.replace(special, escaped)
    return text


def _copied(column: Column) -> str:
    """An expression for a cell of a line."""
    cell = f'"{column.name}"'
    if column.kind == "text":
        for special, escaped in _SPECIAL:
            cell = f"replace({cell}, chr({ord(special)}), '{escaped}')"
    return f"coalesce(CAST({cell} AS VARCHAR), '\\N')"


def _unnested(row: Row, nested: Sequence[int], inner: Sequence[str]) -> Row:
    cells = list(row)
    for at in nested:
        cells[at] = [tuple([each[name] for name in inner]) for each in row[at]]
    return tuple(cells)


def asked(paths: Sequence[str], sql: str, params: Sequence[object] = ()) -> Iterator[list[Row]]:
    """The rows of a question to Parquet files of one table, which it calls ``{file}``; each row has
    the path of its file as ``filename``, too.
    """
    with Opened(*paths) as file:
        yield from file.rows(sql.replace("{file}", file.named), params)


def kinds(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """Name and type of columns as ``Opened.columns`` has them."""
    shown = ", ".join(f'NULL::{kind(column)} AS "{column.name}"' for column in columns)
    with _engine().cursor() as connection:
        rows = connection.execute(f"DESCRIBE SELECT {shown}").fetchall()
    return [(name, kind) for name, kind, *_ in rows]


def _fetched(found: "duckdb.DuckDBPyConnection") -> list[Row]:
    import duckdb

    try:
        rows: list[Row] = found.fetchmany(BATCH)
    except (duckdb.Error, UnicodeDecodeError) as error:
        raise Unreadable(_first_line(error)) from error
    return rows


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
