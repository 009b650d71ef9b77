"""Rows as Parquet files and back, by DuckDB."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_KINDS = {"text": "VARCHAR", "integer": "BIGINT", "real": "DOUBLE"}


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

    return duckdb.__version__


def kind(column: Column) -> str:
    """The type of a column in Parquet, as DuckDB names it."""
    if column.kind == "values":
        inner = ", ".join(f'"{each.name}" {_KINDS[each.kind]}' for each in VALUE)
        return f"STRUCT({inner})[]"
    return _KINDS[column.kind]


def write(path: str, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Write rows to a Parquet file; how many they were. The same rows give the same bytes."""
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
        with duckdb.connect(":memory:", config={"threads": 1}) as connection:
            connection.execute(
                f"COPY (SELECT * FROM read_json({_quoted(lines)}, format='newline_delimited',"
                f" maximum_object_size={max(longest + 1024, 1 << 20)}, columns={{{kinds}}}))"
                f" TO {_quoted(path)} (FORMAT parquet, COMPRESSION zstd)"
            )
    finally:
        if os.path.exists(lines):
            os.unlink(lines)
    return count


def read(path: str, columns: Sequence[Column], where: str = "") -> Iterator[list[Row]]:
    """The rows of a Parquet file, so many at a time; lists of values as tuples."""
    nested = [at for at, column in enumerate(columns) if column.kind == "values"]
    inner = [each.name for each in VALUE]
    names = ", ".join(f'"{column.name}"' for column in columns)
    with closed_in(path) as connection:
        found = _run(connection, f"SELECT {names} FROM read_parquet({_quoted(path)}){where}")
        while rows := _fetched(found):
            if nested:
                rows = [_unnested(row, nested, inner) for row in rows]
            yield rows


def _unnested(row: Row, nested: Sequence[int], inner: Sequence[str]) -> Row:
    cells = list(row)
    for at in nested:
        cells[at] = [tuple([each[name] for name in inner]) for each in row[at]]
    return tuple(cells)


def asked(paths: Sequence[str], sql: str) -> Iterator[list[Row]]:
    """The rows of a question to Parquet files of one table, which it calls ``files``."""
    with closed_in(*paths) as connection:
        listed = f"read_parquet([{', '.join(map(_quoted, paths))}])"
        found = _run(connection, sql.replace(" files ", f" {listed} ", 1))
        while rows := _fetched(found):
            yield rows


def one(path: str, sql: str) -> Mapping[str, Any]:
    """The one row of a question to a Parquet file, which it calls ``file``."""
    with closed_in(path) as connection:
        found = _run(connection, sql.replace("file", f"read_parquet({_quoted(path)})", 1))
        names = [each[0] for each in found.description or ()]
        return dict(zip(names, _fetched(found)[0], strict=True))


def described(path: str) -> tuple[list[tuple[str, str]], int]:
    """Name and type of each column of a Parquet file, and how many rows it says it has."""
    with closed_in(path) as connection:
        columns = _fetched(
            _run(connection, f"DESCRIBE SELECT * FROM read_parquet({_quoted(path)})"), 100_000
        )
        about = _fetched(
            _run(connection, f"SELECT num_rows FROM parquet_file_metadata({_quoted(path)})")
        )
        return [(name, kind) for name, kind, *_ in columns], int(about[0][0])


def kinds(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """Name and type of columns as ``described`` has them."""
    import duckdb

    shown = ", ".join(f'NULL::{kind(column)} AS "{column.name}"' for column in columns)
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(f"DESCRIBE SELECT {shown}").fetchall()
    return [(name, kind) for name, kind, *_ in rows]


def closed_in(*paths: str) -> "duckdb.DuckDBPyConnection":
    """A connection that can read these files and reach nothing else."""
    import duckdb

    connection = duckdb.connect(
        ":memory:", config={"threads": 1, "memory_limit": MEMORY, "temp_directory": ""}
    )
    connection.execute(f"SET allowed_paths = [{', '.join(map(_quoted, paths))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _run(connection: "duckdb.DuckDBPyConnection", sql: str) -> "duckdb.DuckDBPyConnection":
    import duckdb

    try:
        return connection.execute(sql)
    except duckdb.Error as error:
        raise Unreadable(_first_line(error)) from error


def _fetched(found: "duckdb.DuckDBPyConnection", most: int = BATCH) -> list[Row]:
    import duckdb

    try:
        return found.fetchmany(most)
    except (duckdb.Error, UnicodeDecodeError) as error:
        raise Unreadable(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
