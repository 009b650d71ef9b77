"""Loads what repositories publish into PostgreSQL: each in one transaction, only what differs.

The rows of a repository are its own: whatever it publishes, rows of others stay as they are.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import Connection, Table, delete, func, select, text

from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import LINKS
from plaintrack.model.task import fold
from plaintrack.store.index.rows import DERIVED
from plaintrack.store.portfolio import parquet, shape, tables
from plaintrack.store.portfolio.database import ConnectionLost, reason, state
from plaintrack.store.portfolio.follow import LINKED, ends, followed
from plaintrack.store.portfolio.tables import (
    MAKING,
    SCHEMA,
    change,
    item,
    item_rest,
    pending,
    repository,
    value,
)

if TYPE_CHECKING:
    from psycopg import Cursor

    from plaintrack.store.portfolio.published import Manifest

Row = tuple[Any, ...]
LINKING = 7311902
"""The advisory lock for links between repositories; loaders of single ones share it."""
GROWN = 0.05
"""The part of the rows that a run may write before the tables are counted again."""
_PATH, _FOLDED, _VALUES = (
    [each.name for each in shape.ITEM].index(name) for name in ("path", "id_fold", "values")
)
_TOLD = (
    *("repository", "number", "address"),
    *(each.name for each in shape.ITEM if each.kind != "values"),
    *(f"{name}_alone" for name in DERIVED),
    "zoned",
    "digest",
)
"""The columns of ``item`` and ``item_rest``."""
_MOMENTS = [[each.name for each in shape.ITEM].index(name) for name in shape.MOMENTS]
_OFFSET = re.compile(f".*{shape.OFFSET}", re.DOTALL)
_ALONE = [[each.name for each in shape.ITEM].index(name) for name in DERIVED]


class Publication(Protocol):
    """What a repository publishes, see ``published.Published``."""

    @property
    def manifest(self) -> "Manifest":
        """What is published."""

    @property
    def told(self) -> Mapping[str, Any]:
        """The manifest as it stands there."""

    @property
    def seen(self) -> int:
        """When the publisher last looked at its repository, in Unix seconds."""

    def files(self, table: str) -> list[str]:
        """The names of the files of a table."""

    def items(self) -> Iterator[list[Row]]:
        """Batches of rows of shape.ITEM."""

    def lines(self, name: str) -> Iterator[list[str]]:
        """Batches of rows of another file, each as a line that PostgreSQL copies in."""


class NotLoaded(PlaintrackError):
    """A repository could not be loaded; its rows are those of the last time."""

    slug = "not-loaded"


class NameInUse(NotLoaded):
    """Another source has this name."""

    slug = "name-in-use"

    def __init__(self, name: str, source: str, known: str) -> None:
        super().__init__(
            f"{source} calls itself {name}, which is loaded from {known}",
            "give one of the two another name; or, where the repository moved, load it once with"
            " --moved",
        )


class OtherRepository(NotLoaded):
    """A source has another repository than before."""

    slug = "other-repository"

    def __init__(self, name: str, source: str, known: str) -> None:
        super().__init__(
            f"{source} had the repository {known}, and now has {name}, with another history",
            "load it once with --moved, which removes the old one",
        )


class StrayRow(NotLoaded):
    """A row contradicts the file that it stands in."""

    slug = "stray-row"

    def __init__(self, source: str, why: str) -> None:
        super().__init__(f"{source}: {why}", "publish it again")


class RowsRefused(NotLoaded):
    """The database does not take the rows."""

    slug = "rows-refused"

    def __init__(self, source: str, said: str, state: str) -> None:
        about_rows = state[:2] in ("22", "23")  # of data, of constraints
        hint = "publish it again" if about_rows else "look in the server's log, and load it again"
        super().__init__(f"{source}: the database refused its rows: {said}", hint)


class Loaded(NamedTuple):
    """What a load did: rows of items and changes that came and went; ``what`` is ``new``,
    ``changed``, ``renamed`` or ``same``.
    """

    name: str
    what: str
    items: int = 0
    removed: int = 0
    changes: int = 0


def prepare(connection: Connection, rebuild: bool = False) -> None:
    """Make the tables where there are none, or again; the transaction is ended."""
    from plaintrack.store.portfolio import database, rights

    connection.execute(select(func.pg_advisory_xact_lock(MAKING)))
    if rebuild:
        connection.execute(select(func.pg_advisory_xact_lock(LINKING)))
        tables.drop(connection)
    if rebuild or database.version(connection) is None:
        tables.make(connection)
        rights.secure(connection)
    connection.commit()


def load(
    connection: Connection, published: Publication, source: str, moved: bool = False
) -> Loaded:
    """Have the rows of one repository be what is published, in one transaction; raises NotLoaded,
    ConnectionLost and what reading raises, and then nothing has changed.
    """
    import psycopg
    from sqlalchemy.exc import DBAPIError

    driver = connection.connection.driver_connection
    assert driver is not None
    try:
        tables.grow(connection, {_year(each) for each in published.files("changes")})
        found = _Load(connection, published, source, moved).run()
        connection.commit()
    except (DBAPIError, psycopg.Error) as error:
        if driver.closed:
            raise ConnectionLost(reason(error)) from error
        connection.rollback()
        raise RowsRefused(source, reason(error), state(error)) from error
    except BaseException:
        connection.rollback()
        raise
    return found


class _Known(NamedTuple):
    """What the database knows of a repository."""

    name: str
    source: str
    roots: frozenset[str]
    manifest: Mapping[str, Any]


class _Load:
    """The load of one repository."""

    def __init__(
        self, connection: Connection, published: Publication, source: str, moved: bool
    ) -> None:
        self.connection, self.published = connection, published
        self.manifest, self.source, self.moved = published.manifest, source, moved
        self.name, self.key = self.manifest.name, fold(self.manifest.name)
        self.told = published.told

    def run(self) -> Loaded:
        """Load it, in the transaction of the connection."""
        self._lock()
        before, what = self._before()
        if before and json.dumps(before.manifest) == json.dumps(self.told):
            self._note(changed=False)
            return Loaded(self.name, "same")
        files = before.manifest["files"] if before else {}
        items, removed = self._items() if self._differ("items", files) else (0, 0)
        changes = self._changes(files)
        for table, kind in ((tables.time_entry, "time"), (tables.plan_line, "plan")):
            if self._differ(kind, files):
                self.connection.execute(delete(table).where(table.c.repository == self.name))
                for name in self._files(kind):
                    self._bring(table, name)
        self._note(changed=True)
        return Loaded(self.name, what, items, removed, changes)

    # Who it is

    def _lock(self) -> None:
        """Only one loader at a time is at this repository; none follows links meanwhile."""
        self.connection.execute(select(func.pg_advisory_xact_lock_shared(LINKING)))
        for each in sorted({self.key, f"from {self.source}"}):
            self.connection.execute(
                select(func.pg_advisory_xact_lock(func.hashtextextended(each, 0)))
            )

    def _before(self) -> tuple[_Known | None, str]:
        """What is known of the repository, and what becomes of it; raises NameInUse,
        OtherRepository.
        """
        namesake = self._known(repository.c.key == self.key)
        if namesake and namesake.source != self.source and not self.moved:
            raise NameInUse(self.name, self.source, namesake.source)
        if namesake and namesake.name == self.name:
            return namesake, "changed"
        former = namesake or self._known(repository.c.source == self.source)
        if former is None:
            return None, "new"
        same = bool(former.roots & {*self.manifest.roots})
        if not same and not self.moved:
            raise OtherRepository(self.name, self.source, former.name)
        remove(self.connection, former.name)
        return None, "renamed" if same else "new"

    def _known(self, condition: Any) -> _Known | None:
        c = repository.c
        row = self.connection.execute(
            select(c.name, c.source, c.roots, c.manifest).where(condition)
        ).first()
        return row and _Known(row.name, row.source, frozenset(row.roots), json.loads(row.manifest))

    def _note(self, changed: bool) -> None:
        """Say what is loaded now."""
        from sqlalchemy.dialects.postgresql import insert

        fresh: dict[str, Any] = {
            "key": self.key,
            "source": self.source,
            "roots": list(self.manifest.roots),
            "tip": self.manifest.tip,
            "tip_time": self.manifest.tip_time,
            "manifest": json.dumps(self.told),  # the order of keys counts
            "seen": func.to_timestamp(self.published.seen),
        }
        if changed:
            fresh["loaded"] = func.clock_timestamp()
        row = {"name": self.name, **fresh, "loaded": func.clock_timestamp()}
        self.connection.execute(
            insert(repository)
            .values(row)
            .on_conflict_do_update(index_elements=["name"], set_=fresh)
        )
        self.connection.execute(
            delete(tables.failure).where(tables.failure.c.source == self.source)
        )

    # Files

    def _files(self, table: str) -> list[str]:
        return self.published.files(table)

    def _differ(self, table: str, before: Mapping[str, Any]) -> bool:
        """Whether the files of a table are other ones than those that were loaded last."""
        was = {name for name in before if name.startswith((f"{table}.", f"{table}/"))}
        now = {*self._files(table)}
        return was != now or any(self.told["files"][each] != before[each] for each in now)

    # Rows

    @property
    def _cursor(self) -> "Cursor[Any]":
        driver = self.connection.connection.driver_connection
        assert driver is not None
        cursor: Cursor[Any] = driver.cursor()
        return cursor

    def _copy(self, table: Table, rows: Iterable[Row]) -> None:
        """Add rows, which have all columns of a table."""
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        statement = f"COPY {table.fullname} ({names}) FROM STDIN"
        with self._cursor as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def _bring(self, table: Table, name: str, into: str = "") -> None:
        """Add the rows of a file as they stand there: none is looked at here."""
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        statement = f"COPY {into or table.fullname} ({columns}) FROM STDIN"
        mine = f"{parquet.copied(self.name)}\t"
        with self._cursor as cursor, cursor.copy(statement) as copy:
            for lines in self.published.lines(name):
                copy.write("".join([f"{mine}{line}\n" for line in lines]))

    def _items(self) -> tuple[int, int]:
        """Have the items be those published: how many rows were written and removed."""
        c, t = item.c, item_rest.c
        asked = select(c.path, c.number, t.digest).join(item_rest, c.number == t.number)
        known = {
            path: (number, digest)
            for path, number, digest in self.connection.execute(
                asked.where(c.repository == self.name)
            )
        }
        _note_links(self.connection, self.name, self.key)
        seen: set[str] = set()
        count = 0
        for batch in self.published.items():
            fresh = []
            for row in batch:
                path, digest = row[_PATH], _digest(row)
                if path in seen:
                    raise StrayRow(self.source, f"the item {path[:80]!r} is there twice")
                seen.add(path)
                if known.get(path, (0, ""))[1] != digest:
                    fresh.append((row, digest))
            self._put(fresh, known)
            count += len(fresh)
        gone = [number for path, (number, _) in known.items() if path not in seen]
        self._forget(gone)
        if count or gone:
            _note_links(self.connection, self.name, self.key)
        return count, len(gone)

    def _put(self, fresh: list[tuple[Row, str]], known: Mapping[str, tuple[int, str]]) -> None:
        """Write rows of items that are new or other ones; an item keeps its number."""
        self._forget([known[row[_PATH]][0] for row, _ in fresh if row[_PATH] in known])
        free = self._numbers(sum(row[_PATH] not in known for row, _ in fresh))
        rows = [
            (known[row[_PATH]][0] if row[_PATH] in known else next(free), row, digest)
            for row, digest in fresh
        ]
        if rows:
            told = [self._item(*each) for each in rows]
            for table in (item, item_rest):
                cells = itemgetter(*(_TOLD.index(column.name) for column in table.columns))
                self._copy(table, map(cells, told))
            listed = (each for number, row, _ in rows for each in self._listed(number, row))
            self._copy(value, listed)

    def _numbers(self, count: int) -> Iterator[int]:
        """New numbers of items."""
        asked = text(f"SELECT nextval('{SCHEMA}.{tables.NUMBER.name}') FROM generate_series(1, :n)")
        return iter(self.connection.scalars(asked, {"n": count}).all())

    def _item(self, number: int, row: Row, digest: str) -> Row:
        """Its cells, see _TOLD."""
        if len(row) != len(shape.ITEM):
            raise StrayRow(self.source, "an item with other columns")
        folded = row[_FOLDED]
        address = f"{self.key}/{folded}" if folded else ""
        alone = [row[at] for at in _ALONE]
        cells = (*row[:_VALUES], *row[_VALUES + 1 :], *alone)
        return (self.name, number, address, *cells, _zoned(row), digest)

    def _listed(self, number: int, row: Row) -> Iterator[Row]:
        for field, key, measured, natural in row[_VALUES]:
            target, crosses = None, False
            if field in LINKS:
                crosses = "/" in key
                target = key if crosses else f"{self.key}/{key}"
            brief = len(key) <= shape.BRIEF
            yield (self.name, number, field, key, measured, natural, target, crosses, brief)

    def _forget(self, numbers: Sequence[int]) -> None:
        """Remove items and their values."""
        if not numbers:
            return
        some = text("SELECT unnest(CAST(:numbers AS bigint[]))").bindparams(numbers=list(numbers))
        self.connection.execute(delete(value).where(value.c.item.in_(some)))
        for table in (item, item_rest):
            self.connection.execute(
                delete(table).where(table.c.repository == self.name, table.c.number.in_(some))
            )

    def _changes(self, before: Mapping[str, Any]) -> int:
        """Have the changes be those published, year by year; how many rows came."""
        was = {name for name in before if name.startswith("changes/")}
        now = self._files("changes")
        for name in sorted(was.difference(now)):
            self.connection.execute(delete(change).where(self._of_year(name)))
        count = 0
        for name in now:
            if name not in was:
                self._bring(change, name)
                self._count(name)
                count += self.told["files"][name]["rows"]
            elif before[name] != self.told["files"][name]:
                count += self._amend(name)
        return count

    def _of_year(self, name: str) -> Any:
        """The condition for the rows of a file of changes."""
        first, last = tables.seconds(_year(name))
        c = change.c
        return (c.repository == self.name) & (c.reached >= first) & (c.reached < last)

    def _amend(self, name: str) -> int:
        """Have the rows of a year be those of a file: the same ones stay. How many came."""
        run = self.connection.exec_driver_sql
        run(f"CREATE TEMPORARY TABLE fresh (LIKE {SCHEMA}.change) ON COMMIT DROP")
        self._bring(change, name, into="fresh")
        run("ANALYZE fresh")
        first, last = tables.seconds(_year(name))
        mine = "c.repository = %s AND c.reached >= %s AND c.reached < %s"
        about = (self.name, first, last)
        columns = [column.name for column in change.columns]
        same = " AND ".join(f'f."{each}" IS NOT DISTINCT FROM c."{each}"' for each in columns[4:])
        keyed = "f.item = c.item AND f.place = c.place AND f.field = c.field"
        of = f"{SCHEMA}.change c"
        run(
            f"DELETE FROM {of} WHERE {mine} AND NOT EXISTS"
            f" (SELECT FROM fresh f WHERE {keyed} AND f.position = c.position AND"
            f" f.commit = c.commit AND {same})",
            about,
        )
        came = run(
            f"INSERT INTO {SCHEMA}.change SELECT f.* FROM fresh f WHERE NOT EXISTS"
            f" (SELECT FROM {of} WHERE {mine} AND {keyed})",
            about,
        ).rowcount
        run("DROP TABLE fresh")
        self._count(name)
        return came

    def _count(self, name: str) -> None:
        """Raise StrayRow unless as many rows of a year are there as the manifest says."""
        asked = select(func.count()).select_from(change).where(self._of_year(name))
        count = self.connection.scalar(asked)
        if count != self.told["files"][name]["rows"]:
            raise StrayRow(self.source, f"a change in {name} is there twice, or of another year")


def _zoned(row: Row) -> int:
    """A bit for each moment that says its offset."""
    return sum(
        1 << bit
        for bit, at in enumerate(_MOMENTS)
        if isinstance(row[at], str) and len(row[at]) > 10 and _OFFSET.fullmatch(row[at])
    )


def _year(name: str) -> int:
    """The year of a file of changes."""
    return int(name.rpartition("/")[2].partition(".")[0])


def _digest(row: Row) -> str:
    """What tells a row from another one of the same item."""
    return blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def remove(connection: Connection, name: str) -> bool:
    """Remove a repository with all its rows, in the transaction of the connection; whether it was
    there.
    """
    _note_links(connection, name, fold(name))
    for table in tables.ROWS:
        connection.execute(delete(table).where(table.c.repository == name))
    return bool(connection.execute(delete(repository).where(repository.c.name == name)).rowcount)


def forget(connection: Connection, name: str) -> bool:
    """Remove a repository and what failed for it, or a source that failed; whether there was any.
    The transaction is ended.
    """
    connection.execute(select(func.pg_advisory_xact_lock_shared(LINKING)))
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(fold(name), 0))))
    found = remove(connection, name)
    c = tables.failure.c
    failed = connection.execute(
        delete(tables.failure).where((c.repository == name) | (c.source == name))
    )
    connection.commit()
    return found or bool(failed.rowcount)


def settle(connection: Connection, written: int) -> None:
    """Have the planner know the tables, where many rows were written: of a partitioned table the
    server does not count them by itself.
    """
    asked = text("SELECT reltuples FROM pg_class WHERE oid = CAST(:name AS regclass)")
    known = sum(
        max(connection.scalar(asked, {"name": table.fullname}) or 0, 0) for table in (item, change)
    )
    connection.rollback()
    if written <= known * GROWN:
        return
    tables.index_words(connection)
    apart = connection.engine.execution_options(isolation_level="AUTOCOMMIT")
    with apart.connect() as other:
        for table in (item, item_rest, value):  # whose indexes alone answer some questions then
            other.exec_driver_sql(f"VACUUM (ANALYZE, SKIP_LOCKED) {table.fullname}")
        for table in (change, tables.time_entry, tables.plan_line):
            other.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {table.fullname}")


# Links from one repository to another

_PARTNERS = text(
    f"INSERT INTO {pending.fullname}"
    f" WITH out AS (SELECT split_part(target, '/', 1) AS key FROM {value.fullname}"
    "  WHERE crosses AND repository = :name),"
    f" into_it AS (SELECT DISTINCT r.key FROM {value.fullname} v JOIN {repository.fullname} r"
    "  ON r.name = v.repository WHERE v.crosses AND split_part(v.target, '/', 1) = :key),"
    " partners AS (SELECT key FROM out UNION SELECT key FROM into_it)"
    " SELECT key FROM partners UNION SELECT :key WHERE EXISTS (SELECT FROM partners)"
)
_ASKED = "v.crosses AND (v.repository = ANY(:names) OR split_part(v.target, '/', 1) = ANY(:keys))"
_INVOLVED = text(
    "CREATE TEMPORARY TABLE involved ON COMMIT DROP AS"
    f" {ends(item.fullname, value.fullname, _ASKED)}"
    f" UNION SELECT i.repository, i.number FROM {item.fullname} i WHERE i.repository = ANY(:names)"
    f" AND {LINKED}"
)
"""The items with links from or to repositories, and those that had some."""
_FOLLOW = (
    f"WITH found AS ({followed(item.fullname, value.fullname)})"
    f" UPDATE {item.fullname} i SET blocked = f.blocked, blocking = f.blocking,"
    " children = f.children, children_closed = f.children_closed FROM found f"
    " WHERE i.repository = f.repository AND i.number = f.number AND"
    " (i.blocked, i.blocking, i.children, i.children_closed) <>"
    " (f.blocked, f.blocking, f.children, f.children_closed)"
)


def _note_links(connection: Connection, name: str, key: str) -> None:
    """Note the repositories that one has links with, either way, and itself."""
    connection.execute(_PARTNERS, {"name": name, "key": key})


def link(connection: Connection) -> int:
    """Follow the links between repositories where loads noted some: whether items are blocked,
    block others and have children. How many rows changed; the transaction is ended.

    Loaders wait meanwhile, and it waits for those that are at work: rows of other repositories are
    written, too.
    """
    if connection.scalar(select(pending.c.key).limit(1)) is None:
        connection.rollback()
        return 0
    connection.execute(select(func.pg_advisory_xact_lock(LINKING)))
    keys = [*connection.scalars(delete(pending).returning(pending.c.key))]
    names = [*connection.scalars(select(repository.c.name).where(repository.c.key.in_({*keys})))]
    connection.execute(_INVOLVED, {"names": names, "keys": keys})
    run = connection.exec_driver_sql
    run("ANALYZE involved")
    run("SET LOCAL enable_hashjoin = off")  # few rows of big tables: by their indexes
    run("SET LOCAL enable_mergejoin = off")
    found = run(_FOLLOW).rowcount
    connection.commit()
    return found


# Failures


def fail(connection: Connection, source: str, name: str | None, error: PlaintrackError) -> None:
    """Note that a source could not be loaded; the transaction is ended."""
    from sqlalchemy.dialects.postgresql import insert

    now = func.clock_timestamp()
    c = repository.c
    last = connection.scalar(select(c.name).where(c.source == source).limit(1))
    told = {
        "repository": name or last,
        "code": error.slug,
        "message": _clean(error.message),
        "hint": _clean(error.hint),
        "latest": now,
    }
    table = tables.failure
    added = insert(table).values(source=source, since=now, times=1, **told)
    connection.execute(
        added.on_conflict_do_update(
            index_elements=["source"], set_={**told, "times": table.c.times + 1}
        )
    )
    connection.commit()


def _clean(text: str) -> str:
    """A text as the database can hold it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:2000]
