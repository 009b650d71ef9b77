"""Published folders as the tables of a portfolio: views of their files in DuckDB, so that compiled
questions (``ask``) run over them as they run in PostgreSQL.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from plaintrack.model.fields import LINKS
from plaintrack.model.task import fold
from plaintrack.store.index.rows import DERIVED
from plaintrack.store.portfolio import shape
from plaintrack.store.portfolio.follow import ends, followed
from plaintrack.store.portfolio.parquet import Opened
from plaintrack.store.portfolio.published import Published, Unfinished
from plaintrack.store.portfolio.rows import DuckDB

ITEMS = "items"
"""The table that is viewed."""
THREADS = 4
"""Of DuckDB, at the most."""
_LINKS = ", ".join(f"'{name}'" for name in LINKS)
_FILE = "CREATE TABLE file (path VARCHAR, repository VARCHAR, key VARCHAR, first BIGINT)"
_ALONE = f"""CREATE VIEW alone AS SELECT n.repository, n.first + f.file_row_number AS number,
 CASE WHEN f.id_fold = '' THEN '' ELSE n.key || '/' || f.id_fold END AS address,
 {", ".join(f'f."{each.name}"' for each in shape.ITEM if each.name not in ("values", *DERIVED))},
 {", ".join(f"f.{name} AS {name}_alone" for name in DERIVED)}
 FROM {{source}} f JOIN file n ON f.filename = n.path"""
_VALUE = f"""CREATE VIEW value AS SELECT repository, item,
 {", ".join(f'v."{each.name}" AS "{each.name}"' for each in shape.VALUE)},
 CASE WHEN v.field IN ({_LINKS}) THEN
  CASE WHEN contains(v.key, '/') THEN v.key ELSE own || '/' || v.key END END AS target,
 v.field IN ({_LINKS}) AND contains(v.key, '/') AS crosses, length(v.key) <= {shape.BRIEF} AS brief
 FROM (SELECT n.repository, n.key AS own, n.first + f.file_row_number AS item,
  unnest(f."values") AS v FROM {{source}} f JOIN file n ON f.filename = n.path)"""
_LINK = (  # links are followed from one to the next: they are asked again and again
    "CREATE TABLE link AS SELECT repository, item, field, target, crosses FROM value"
    " WHERE target IS NOT NULL"
)
_CROSSED = "CREATE TABLE crossed AS SELECT * FROM link WHERE crosses"
_FOLLOWED = (
    f"CREATE TABLE involved AS {ends('alone', 'crossed', 'TRUE')}",
    # all links of those, and all items that these join: so little that it is followed at once
    "CREATE TABLE known AS SELECT number, address FROM alone JOIN involved USING (number)",
    (
        "CREATE TABLE touching AS SELECT * FROM link v"
        " WHERE v.target IN (SELECT address FROM known) OR v.item IN (SELECT number FROM known)"
    ),
    (
        "CREATE TABLE near AS SELECT repository, number, address, category, blocked_alone"
        " FROM alone i WHERE i.number IN (SELECT item FROM touching UNION SELECT number FROM known)"
        " OR i.address IN (SELECT target FROM touching)"
    ),
    f"CREATE TABLE linked AS {followed('near', 'touching')}",
)
_ITEM = f"""CREATE VIEW item AS SELECT i.*,
 {", ".join(f"coalesce(l.{name}, i.{name}_alone) AS {name}" for name in DERIVED)}
 FROM alone i LEFT JOIN linked l ON l.number = i.number"""
_SAME = f"""CREATE VIEW item AS SELECT *,
 {", ".join(f"{name}_alone AS {name}" for name in DERIVED)} FROM alone"""


class Views(DuckDB):
    """Published folders, by a connection that can read their items and nothing else."""

    links = "link"

    def __init__(self, connection: Any, published: Sequence[Published]) -> None:
        super().__init__(connection)
        self.published = published

    def run(self, sql: str, params: Sequence[object]) -> list[Any]:
        """All rows of a statement, of the very bytes that were checked; raises PortfolioSilent, and
        Unfinished if a file became another one meanwhile.
        """
        rows = super().run(sql, params)
        unchanged(self.published, ITEMS)
        return rows


@contextmanager
def opened(published: Iterable[Published]) -> Iterator[Views]:
    """The tables ``item`` and ``value`` of these published folders, each file checked first. Links
    that lead from one of them to another count. Raises NotReadable.
    """
    some = list(published)
    files = [(each, name, each.path(name)) for each in some for name in each.files(ITEMS)]
    with Opened(*(path for _, _, path in files), threads=THREADS) as file:
        connection = file.connection
        connection.execute(_FILE)
        first = 0
        for each, name, path in files:
            told = each.manifest
            connection.execute(
                "INSERT INTO file VALUES (?, ?, ?, ?)", [path, told.name, fold(told.name), first]
            )
            first += told.files[name].rows
        connection.execute(_ALONE.replace("{source}", file.numbered))
        connection.execute(_VALUE.replace("{source}", file.numbered))
        views = Views(connection, some)
        views.run(_LINK, ())
        views.run(_CROSSED, ())
        crossed = views.run("SELECT count(*) FROM crossed", ())[0][0]
        for statement in (*_FOLLOWED, _ITEM) if crossed else (_SAME,):
            views.run(statement, ())
        yield views


def unchanged(published: Iterable[Published], table: str) -> None:
    """Raise Unfinished unless the files of a table are those that were checked."""
    for each in published:
        for name in each.files(table):
            if not each.untouched(name):
                raise Unfinished(f"{each.folder}/{name}", "it changed while it was read")
