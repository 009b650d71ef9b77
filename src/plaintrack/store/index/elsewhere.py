"""Keeps in the index which items are tracked by git and not checked out."""

from collections.abc import Mapping
from contextlib import suppress

from plaintrack.store.index.database import DAMAGED, PATIENCE, Database
from plaintrack.store.index.rows import DERIVE_SQL
from plaintrack.store.lock import Locked, exclusive


def keep(database: Database, items: Mapping[str, int]) -> None:
    """Make these (folded id → whether it is open) the items that are not here; where the file
    cannot be written, in memory.
    """
    if _known(database) == items:
        return
    if database.path is not None:
        with suppress(Locked, OSError, *DAMAGED), exclusive(database.lock, PATIENCE):
            if database.sealed():
                _write(database, items)
                database.seal()
                return
        database.connection = database.leave(database.connection)
    _write(database, items)


def _known(database: Database) -> dict[str, int]:
    return dict(database.connection.execute("SELECT id, open FROM absent"))


def _write(database: Database, items: Mapping[str, int]) -> None:
    connection = database.connection
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("DELETE FROM absent")
        connection.executemany("INSERT INTO absent VALUES (?, ?)", items.items())
        for sql in DERIVE_SQL:
            connection.execute(sql)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
