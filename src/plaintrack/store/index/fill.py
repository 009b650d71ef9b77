"""Fills an index with the items of a commit."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date

from plaintrack.model.fields import Schema
from plaintrack.model.task import Task
from plaintrack.store.index.database import Database
from plaintrack.store.index.rows import DERIVE_SQL, put, rows, unread
from plaintrack.store.lock import Locked, exclusive


def fill(
    database: Database, tasks: Iterable[Task], updated: Mapping[str, str], schema: Schema
) -> None:
    """Store the Tasks in an empty index; ``updated`` is the day of the last change by path. In
    memory where it cannot be written.
    """
    found = list(tasks)
    try:
        if database.path is not None:
            with exclusive(database.lock, 60):
                if not database.sealed():
                    database.connection.close()
                    database.connection = database.reopen()
                if not database.filled():
                    _rows(database.connection, found, updated, schema)
                    database.seal()
                return
    except (Locked, OSError, sqlite3.Error):
        database.connection = database.leave()
    _rows(database.connection, found, updated, schema)


def _rows(
    connection: sqlite3.Connection, tasks: list[Task], updated: Mapping[str, str], schema: Schema
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number, task in enumerate(tasks, 1):
            folder, _, name = task.path.rpartition("/")
            connection.execute(
                "INSERT INTO file (number, folder, name, racy) VALUES (?, ?, ?, 0)",
                (number, folder, name),
            )
            day = updated.get(task.path, date.min.isoformat())
            put(
                connection,
                number,
                rows(task, schema, day) if task.fields else unread(task.problems),
            )
        for statement in DERIVE_SQL:
            connection.execute(statement)
        connection.execute("INSERT INTO folder VALUES ('', NULL)")  # says that it is filled
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
