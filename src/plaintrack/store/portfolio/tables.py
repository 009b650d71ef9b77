"""The tables of a portfolio in PostgreSQL, made from the shape. They are a projection: on any doubt
they are dropped and loaded again.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
    func,
    select,
    text,
)
from sqlalchemy.schema import CreateSchema, CreateSequence, CreateTable
from sqlalchemy.types import TypeEngine

from plaintrack.store.index.rows import DERIVED
from plaintrack.store.portfolio import shape
from plaintrack.store.portfolio.follow import LINKED

SCHEMA = "plaintrack"
"""The schema of the database that all tables stand in."""
LAYOUT = f"{shape.VERSION}.4"
"""Of the tables. Another one: they are dropped and loaded again, see ``make``."""
PARTS = 16
"""The hash partitions of ``item``."""
APART = (
    "data", "haystack", "blob", "title", "title_fold", "path_fold", "folder", "folder_fold",
    "start", "due", "wait", "created", "closed", "updated", "start_at", "updated_at",
)  # fmt: skip
"""The columns of an item that stand in ``item_rest``: fewer pages are read without them."""
WORDS = "rest_words"
"""The index of full text."""
_EARLY = (
    "project", "type_fold", "priority_fold", "status_fold", "status", "assignee", "id_key", "id",
    "path",
)  # fmt: skip
_SMALL = ("archived", "next", "blocked", "blocking", "status_rank", "priority_rank", "type_rank")
YEARS = range(1990, 2100)
"""The years that have a partition of ``change`` once needed; before and after is one each."""

MAKING = 7311901
"""The advisory lock for making tables."""
_WORDS = Text(collation="C")
_WIDE = ("reached", "landed", "authored", "begin")  # Unix seconds
_KINDS: dict[str, TypeEngine[object]] = {"text": _WORDS, "real": Double()}  # type: ignore[dict-item]
METADATA = MetaData(schema=SCHEMA)
NUMBER = Sequence("item_numbers", metadata=METADATA)
"""Gives items their ``number``: unique in the whole portfolio, kept while the file is there."""


def _columns(columns: Iterable[shape.Column]) -> list[Column[object]]:
    """The columns of the shape, but for a list of values, which is a table."""
    return [
        Column(each.name, _type(each), nullable=each.empty, comment=each.doc or None)
        for each in columns
        if each.kind != "values"
    ]


def _type(column: shape.Column) -> TypeEngine[object]:
    if column.name in _SMALL:
        return SmallInteger()  # type: ignore[return-value]
    if column.kind == "integer":
        return BigInteger() if column.name in _WIDE else Integer()  # type: ignore[return-value]
    return _KINDS[column.kind]


def _repository() -> Column[str]:
    return Column("repository", _WORDS, nullable=False, comment="Its name.")


repository = Table(
    "repository",
    METADATA,
    Column("name", _WORDS, primary_key=True),
    Column("key", _WORDS, nullable=False, unique=True, comment="The name, folded."),
    Column("source", _WORDS, nullable=False, comment="Where it is loaded from."),
    Column("roots", ARRAY(_WORDS), nullable=False, comment="Its first commits."),
    Column("tip", _WORDS, nullable=False, comment="The commit that the rows are of."),
    Column("tip_time", BigInteger, nullable=False, comment="Unix seconds."),
    Column("manifest", _WORDS, nullable=False, comment="JSON, as it was published."),
    Column("loaded", DateTime(timezone=True), nullable=False, comment="When rows last changed."),
    Column(
        "seen",
        DateTime(timezone=True),
        nullable=False,
        comment="When it was last published, also if nothing had changed.",
    ),
    comment="One repository, at the tip that was loaded last.",
)


def _number() -> Column[int]:
    return Column("number", BigInteger, nullable=False, comment="Unique in the whole portfolio.")


def _depth(column: Column[Any]) -> int:
    """Where a column of an item stands: PostgreSQL reads a row from its beginning, numbers that are
    always there the quickest.
    """
    if not isinstance(column.type, Text):
        return 2 if column.nullable else 0
    if column.name in ("category", "repository"):
        return 1
    return 3 if column.name in _EARLY else 4


def _item_columns() -> Iterator[Column[Any]]:
    yield _number()
    yield _repository()
    yield Column(
        "address", _WORDS, nullable=False, comment="Folded `repo/id`; empty without an id."
    )
    yield from _columns(each for each in shape.ITEM if each.name not in APART)
    yield Column(
        "zoned", SmallInteger, nullable=False, comment="A bit for each moment that says its offset."
    )
    # Of `blocked` and its like: what the repository says alone. Those of the shape also count links
    # from and to other repositories.
    for name in DERIVED:
        yield Column(f"{name}_alone", Integer, nullable=False)


item = Table(
    "item",
    METADATA,
    *sorted(_item_columns(), key=_depth),
    postgresql_partition_by="HASH (repository)",
    comment="One item at the tip of its repository: what most questions look at.",
)

item_rest = Table(
    "item_rest",
    METADATA,
    _repository(),
    _number(),
    *_columns(each for each in shape.ITEM if each.name in APART),
    Column("digest", _WORDS, nullable=False, comment="Of the row and its values, as published."),
    comment="The other columns of an item.",
)

value = Table(
    "value",
    METADATA,
    _repository(),
    Column("item", BigInteger, nullable=False, comment="Its number."),
    *_columns(shape.VALUE),
    Column("target", _WORDS, comment="Of a field that links: the address it leads to."),
    Column("crosses", Boolean, nullable=False, comment="It leads to another repository."),
    Column(
        "brief", Boolean, nullable=False, comment=f"The key has at most {shape.BRIEF} characters."
    ),
    comment="One value of a field of an item.",
)

change = Table(
    "change",
    METADATA,
    _repository(),
    *_columns(shape.CHANGE),
    postgresql_partition_by="RANGE (reached)",
    comment="One field that one step changed.",
)

time_entry = Table(
    "time_entry", METADATA, _repository(), *_columns(shape.TIME), comment="Time spent on an item."
)

plan_line = Table(
    "plan_line",
    METADATA,
    _repository(),
    *_columns(shape.PLAN),
    comment="What the plan says of an open item.",
)

person_address = Table(
    "person_address",
    METADATA,
    Column("address", _WORDS, primary_key=True, comment="An e-mail address, in lower case."),
    Column("person", _WORDS, nullable=False, comment="The id of a person in the whole company."),
    comment="Filled by the company: who is the same person. Kept when the tables are made again.",
)

repository_right = Table(
    "repository_right",
    METADATA,
    Column("role", _WORDS, primary_key=True, comment="A role of the database, or `public`."),
    Column("repository", _WORDS, primary_key=True, comment="A name, or `*` for all."),
    comment="Filled by the company: who reads what. Kept when the tables are made again.",
)

failure = Table(
    "failure",
    METADATA,
    Column("source", _WORDS, primary_key=True),
    Column("repository", _WORDS, comment="Its name, where it is known."),
    Column("code", _WORDS, nullable=False, comment="The slug of the error."),
    Column("message", _WORDS, nullable=False),
    Column("hint", _WORDS, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False, comment="The first time in a row."),
    Column("latest", DateTime(timezone=True), nullable=False),
    Column("times", Integer, nullable=False, comment="In a row."),
    comment="A source that could not be loaded; gone once it was.",
)

pending = Table(
    "pending",
    METADATA,
    Column("key", _WORDS, nullable=False),
    comment="Repositories, by their key, whose links to others are still to be followed.",
)

layout = Table("layout", METADATA, Column("version", _WORDS, primary_key=True), comment="LAYOUT.")

OWN = (person_address, repository_right)
"""Filled by the company: they outlive a change of the layout."""
ROWS = (item, item_rest, value, change, time_entry, plan_line)
"""What repositories have rows in."""
READ = (repository, *ROWS, failure)
"""What a reader sees of the repositories that he has a right to."""

INDEXES = (
    Index("item_status", func.left(item.c.status_fold, shape.WORD), item.c.repository),
    Index("item_linked", item.c.repository, postgresql_where=text(LINKED)),
    Index("item_number", item.c.number),
    Index("item_repository", item.c.repository),
    Index("item_address", item.c.address, postgresql_using="hash"),
    Index("rest_number", item_rest.c.number, unique=True),  # so a join that is not needed is none
    Index("rest_repository", item_rest.c.repository),
    Index("value_item", value.c.item),
    Index("value_field", value.c.field, value.c.key, value.c.item, postgresql_where=value.c.brief),
    Index("value_target", value.c.target, postgresql_using="hash"),
    Index("value_crosses", value.c.repository, value.c.target, postgresql_where=value.c.crosses),
    Index("value_long", value.c.field, postgresql_where=~value.c.brief),
    Index("value_repository", value.c.repository),
    Index("change_item", change.c.repository, change.c.item),
    Index("time_item", time_entry.c.repository, time_entry.c.item),
    Index("plan_item", plan_line.c.repository, plan_line.c.item),
)
"""What queries and loaders find rows by."""


def make(connection: Connection) -> None:
    """Make the tables, in the transaction of the connection."""
    connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
    connection.execute(CreateSequence(NUMBER, if_not_exists=True))
    for table in METADATA.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
    for part in range(PARTS):
        connection.exec_driver_sql(
            f"CREATE TABLE {SCHEMA}.item_{part} PARTITION OF {SCHEMA}.item"
            f" FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
        )
    for index in INDEXES:
        index.create(connection)
    columns = ", ".join(f'r."{each}"' for each in APART)
    connection.exec_driver_sql(  # which role asks decides what it shows
        f"CREATE VIEW {SCHEMA}.{shape.WHOLE} WITH (security_invoker = true) AS"
        f" SELECT i.*, {columns} FROM {item.fullname} i"
        f" LEFT JOIN {item_rest.fullname} r ON r.number = i.number"
    )
    connection.execute(layout.insert(), {"version": LAYOUT})


def index_words(connection: Connection) -> None:
    """Index full text by its trigrams where it is not, the server has these, and the role may have
    them; the transaction is ended. To add to the index costs more than to make it, so it is made
    once there are rows.
    """
    from sqlalchemy.exc import DBAPIError

    run = connection.exec_driver_sql
    connection.execute(select(func.pg_advisory_xact_lock(MAKING)))
    try:
        if not connection.scalar(text(f"SELECT to_regclass('{SCHEMA}.{WORDS}') IS NOT NULL")):
            run("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            named = "SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'pg_trgm'"
            schema = connection.scalar(text(named))
            run("SET LOCAL maintenance_work_mem = '256MB'")
            run(
                f"CREATE INDEX {WORDS} ON {item_rest.fullname}"
                f" USING gin (haystack {schema}.gin_trgm_ops)"
            )
        connection.commit()
    except DBAPIError:
        connection.rollback()


def drop(connection: Connection) -> None:
    """Drop the tables, but for those that the company fills."""
    for table in reversed(METADATA.sorted_tables):
        if table not in OWN:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table.fullname} CASCADE")
    connection.exec_driver_sql(f"DROP SEQUENCE IF EXISTS {SCHEMA}.{NUMBER.name}")


def partition(year: int) -> str:
    """The partition of ``change`` that a year (UTC) stands in: its own, ``before`` or ``after``."""
    if year < YEARS.start:
        return "before"
    return str(year) if year < YEARS.stop else "after"


def seconds(year: int) -> tuple[int, int]:
    """The first second of a year (UTC), and that of the next one; in Unix seconds."""
    first, last = date(max(year, 1), 1, 1), date(min(year + 1, 9999), 1, 1)
    days = first.toordinal(), last.toordinal() + (365 if year == 9999 else 0)
    return (days[0] - _EPOCH) * 86_400, (days[1] - _EPOCH) * 86_400


_EPOCH = date(1970, 1, 1).toordinal()


def _bounds(part: str) -> tuple[str, str]:
    """The first second of a partition of ``change`` and the one after its last, as SQL has them."""
    if part == "before":
        return "MINVALUE", str(seconds(YEARS.start)[0])
    if part == "after":
        return str(seconds(YEARS.stop)[0]), "MAXVALUE"
    first, last = seconds(int(part))
    return str(first), str(last)


def there(connection: Connection, name: str) -> bool:
    """Whether a table is there. It is asked of the catalogue: ``to_regclass`` may not see what
    another one has just made.
    """
    asked = text("SELECT EXISTS (SELECT FROM pg_tables WHERE (schemaname, tablename) = (:s, :t))")
    return bool(connection.scalar(asked, {"s": SCHEMA, "t": name}))


def grow(connection: Connection, years: Iterable[int]) -> None:
    """Make the partitions of ``change`` for these years that are not there; the transaction is
    ended. Others may read and write the table meanwhile: attaching does not lock it.
    """
    for part in sorted({partition(each) for each in years}):
        name = f"change_{part}"
        if there(connection, name):
            continue
        connection.execute(select(func.pg_advisory_xact_lock(MAKING)))
        if not there(connection, name):
            first, last = _bounds(part)
            run = connection.exec_driver_sql
            run(f"CREATE TABLE {SCHEMA}.{name} (LIKE {SCHEMA}.change INCLUDING ALL)")
            run(
                f"ALTER TABLE {SCHEMA}.change ATTACH PARTITION {SCHEMA}.{name}"
                f" FOR VALUES FROM ({first}) TO ({last})"
            )
        connection.commit()
    connection.rollback()
