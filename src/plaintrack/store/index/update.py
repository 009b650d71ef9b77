"""Brings the index up to date: scan, compare stamps, parse what changed, derive."""

import marshal
import os
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from plaintrack.model.fields import Schema
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task
from plaintrack.store import files
from plaintrack.store.index.database import Database
from plaintrack.store.lock import Locked, exclusive

try:
    from _blake2 import blake2b
except ImportError:  # other Pythons than CPython
    from hashlib import blake2b

MANY = 1500
Stamp = tuple[int, int, int, int]
NOWHERE: Stamp = (0, 0, 0, 0)


class Seen(NamedTuple):
    """One file that was read: where, its stamp, whether that is racy, the digest of its bytes, and the parse (None: content as before).

    ``gone``: it was in the scan and is there no more.
    """

    folder: str
    name: str
    stamp: Stamp
    racy: bool
    digest: bytes
    task: Task | None
    gone: bool = False


class Known(NamedTuple):
    """One file as the index has it."""

    number: int
    stamp: Stamp
    racy: int
    digest: bytes


def signature(folder: files.Folder) -> bytes:
    """A digest of all names and stamps of a folder."""
    return blake2b(marshal.dumps((folder.files, folder.odd), 2), digest_size=16).digest()


class Refresh:
    """One refresh of the index against one scan."""

    def __init__(self, database: Database, root: str, schema: Schema, scanned: list[files.Folder]) -> None:
        """``root`` is the workspace; ``scanned`` is what ``store.files.scan`` found there."""
        self.database = database
        self.root = root
        self.schema = schema
        self.scanned = scanned

    def run(self) -> None:
        """Make the index equal to the files; in memory if its file cannot be written."""
        current = {folder.path: signature(folder) for folder in self.scanned}
        database = self.database
        try:
            if self._stored() == current:
                return
            if database.path is None:
                self._apply(current)
                return
            with exclusive(database.lock, 10):
                if not database.sealed():
                    database.connection.close()
                    database.connection = database.reopen()
                try:
                    self._apply(current)
                except sqlite3.OperationalError:
                    raise
                except sqlite3.DatabaseError:  # damaged in a way that the seal does not show
                    database.connection.close()
                    database.connection = database.fresh()
                    self._apply(current)
                database.seal()
        except (Locked, OSError, sqlite3.DatabaseError):
            self._in_memory(current)

    def _in_memory(self, current: dict[str, bytes]) -> None:
        database = self.database
        try:
            if database.connection.in_transaction:
                database.connection.execute("ROLLBACK")
            database.connection = database.leave(database.connection)
            self._apply(current)
        except sqlite3.Error:
            database.connection = database.leave()
            self._apply(current)

    def _stored(self) -> dict[str, bytes | None]:
        return dict(self.database.connection.execute("SELECT path, signature FROM folder"))

    def _apply(self, current: dict[str, bytes]) -> None:
        connection = self.database.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            stored = self._stored()
            changed = [folder for folder in self.scanned if stored.get(folder.path) != current[folder.path]]
            derive = Derive(connection, self.total())
            for path in stored.keys() - current.keys():
                gone = connection.execute("SELECT number FROM file WHERE folder = ?", (path,)).fetchall()
                _forget(connection, [number for (number,) in gone], derive)
                connection.execute("DELETE FROM folder WHERE path = ?", (path,))
            for folder in changed:
                self._folder(folder, current[folder.path], derive)
            derive.run()
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def total(self) -> int:
        """The number of files in the scan."""
        return sum(len(folder.files) for folder in self.scanned)

    def _folder(self, folder: files.Folder, digest: bytes, derive: "Derive") -> None:
        """Bring one folder up to date."""
        connection = self.database.connection
        known = {
            row[0]: Known(row[1], (row[2], row[3], row[4], row[5]), row[6], row[7])
            for row in connection.execute(
                "SELECT name, number, mtime, ctime, size, inode, racy, digest FROM file WHERE folder = ?", (folder.path,)
            )
        }
        names = {entry[0] for entry in folder.files} | {name for name, _ in folder.odd}
        _forget(connection, [known[name].number for name in known.keys() - names], derive)
        stale = [
            (entry[0], known.get(entry[0]))
            for entry in folder.files
            if (was := known.get(entry[0])) is None or was.racy or was.stamp != entry[1:]
        ]
        racy = False
        for seen in read_all(self.root, folder.path, stale, self.schema):
            racy |= seen.racy
            _take(connection, seen, known.get(seen.name), self.schema, derive)
        for name, what in folder.odd:
            _odd(connection, folder.path, name, what, known.get(name), derive)
        connection.execute("INSERT OR REPLACE INTO folder VALUES (?, ?)", (folder.path, None if racy else digest))


class Derive:
    """Keeps account of which items changed, and derives what depends on other items: for a few the touched ones, for many all."""

    def __init__(self, connection: sqlite3.Connection, total: int) -> None:
        """``total`` is the number of items, about."""
        self.connection = connection
        self.few = min(200, total // 20)
        self.changed: set[int] = set()

    def note(self, number: int) -> None:
        """This item is about to go or to change, or has just come or changed."""
        first = not self.changed
        self.changed.add(number)
        if len(self.changed) > self.few:
            return
        if first:
            for table in ("changed", "touched"):
                self.connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} (number INTEGER PRIMARY KEY)")
                self.connection.execute(f"DELETE FROM {table}")
        self._touch((number,))

    def _touch(self, numbers: Iterable[int]) -> None:
        from plaintrack.store.index.rows import TOUCH_SQL

        self.connection.execute("DELETE FROM changed")
        self.connection.executemany("INSERT INTO changed VALUES (?)", [(number,) for number in numbers])
        for statement in TOUCH_SQL:
            self.connection.execute(statement)

    def run(self) -> None:
        """Derive; to be called when all rows are in."""
        from plaintrack.store.index.rows import DERIVE_SQL, DERIVE_TOUCHED_SQL

        if not self.changed:
            return
        few = len(self.changed) <= self.few
        if few:
            self._touch(self.changed)
        for statement in DERIVE_TOUCHED_SQL if few else DERIVE_SQL:
            self.connection.execute(statement)


def _take(connection: sqlite3.Connection, seen: Seen, before: Known | None, schema: Schema, derive: Derive) -> None:
    """Bring the rows of one file up to date with what was read of it."""
    if seen.gone:
        if before is not None:
            _forget(connection, [before.number], derive)
    elif seen.task is not None:
        if before is not None:
            _forget(connection, [before.number], derive)
        derive.note(_store(connection, seen, seen.task, before, schema))
    elif before is not None:
        connection.execute(
            "UPDATE file SET mtime=?, ctime=?, size=?, inode=?, racy=? WHERE number=?", (*seen.stamp, seen.racy, before.number)
        )
        if seen.stamp[0] != before.stamp[0]:
            connection.execute("UPDATE item SET updated=? WHERE number=?", (_day(seen.stamp[0], schema), before.number))


def _forget(connection: sqlite3.Connection, numbers: list[int], derive: Derive) -> None:
    for number in numbers:
        derive.note(number)
    for statement in (
        "DELETE FROM file WHERE number=?",
        "DELETE FROM item WHERE number=?",
        "DELETE FROM value WHERE item=?",
        "DELETE FROM words WHERE item=?",
        "DELETE FROM problem WHERE file=?",
    ):
        connection.executemany(statement, [(number,) for number in numbers])


def _odd(connection: sqlite3.Connection, folder: str, name: str, what: str, before: Known | None, derive: Derive) -> None:
    if before is not None:
        _forget(connection, [before.number], derive)
    number = connection.execute("INSERT INTO file (folder, name, racy) VALUES (?, ?, 0)", (folder, name)).lastrowid
    path = f"{folder}/{name}" if name else folder
    problem = Problem("not-a-file", path, what, "move it away, or put an ordinary file in its place")
    _problems(connection, int(number or 0), (problem,))


def _problems(connection: sqlite3.Connection, number: int, problems: tuple[Problem, ...]) -> None:
    connection.executemany(
        "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(number, p.code, p.path, p.message, p.hint, p.line, p.column, p.excerpt, p.severity) for p in problems],
    )


def _store(connection: sqlite3.Connection, seen: Seen, task: Task, before: Known | None, schema: Schema) -> int:
    """Insert the rows of one file, under its old number if it had one; the number."""
    cursor = connection.execute(
        "INSERT INTO file (number, folder, name, mtime, ctime, size, inode, racy, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (before.number if before else None, seen.folder, seen.name, *seen.stamp, seen.racy, seen.digest),
    )
    number = int(cursor.lastrowid or 0)
    if task.fields:
        _insert(connection, number, task, schema, seen.stamp[0])
    if task.problems:
        _problems(connection, number, task.problems)
    return number


def _insert(connection: sqlite3.Connection, number: int, task: Task, schema: Schema, mtime: int) -> None:
    import json
    from datetime import date

    from plaintrack.query.evaluate import Facts
    from plaintrack.store.index.rows import rows

    updated = _day(mtime, schema)
    row = rows(task, Facts((), schema, date.min, updated={task.path: updated}))
    fields = {"number": number, **row.item, "data": json.dumps(dict(task.fields), ensure_ascii=False)}
    connection.execute(f"INSERT INTO item ({', '.join(fields)}) VALUES ({', '.join('?' * len(fields))})", tuple(fields.values()))
    connection.executemany("INSERT INTO value VALUES (?, ?, ?, ?)", [(number, *value) for value in row.values])
    connection.execute("INSERT INTO words VALUES (?, ?)", (number, row.haystack))


def _day(mtime: int, schema: Schema) -> str:
    """The calendar day of a time stamp (ns) in the workspace's time zone; empty for one that no calendar has."""
    from datetime import datetime

    from plaintrack.store.clock import zone

    try:
        return datetime.fromtimestamp(mtime // 1_000_000_000, zone(schema.timezone)).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def read_all(root: str, folder: str, stale: list[tuple[str, Known | None]], schema: Schema) -> Iterator[Seen]:
    """Read and parse the stale files of one folder, on two cores if there are many."""
    if len(stale) < MANY or (os.cpu_count() or 1) < 2:
        for name, known in stale:
            yield read_one(root, folder, name, known.digest if known else None, schema)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial

    work = partial(_read_chunk, root, folder, schema=schema)
    jobs = [(name, known.digest if known else None) for name, known in stale]
    chunks = [jobs[start : start + 250] for start in range(0, len(jobs), 250)]
    with ProcessPoolExecutor(min(4, os.cpu_count() or 1), multiprocessing.get_context("fork")) as pool:
        for done in pool.map(work, chunks):
            yield from done


def _read_chunk(root: str, folder: str, jobs: list[tuple[str, bytes | None]], schema: Schema) -> list[Seen]:
    return [read_one(root, folder, name, digest, schema) for name, digest in jobs]


def read_one(root: str, folder: str, name: str, digest: bytes | None, schema: Schema) -> Seen:
    """Read one file; parse it unless its bytes have the ``digest`` they had before. What cannot be read is a Task with a Problem."""
    from hashlib import sha1

    path = f"{folder}/{name}"
    try:
        data, stamp = files.read_stamped(os.path.join(root, path))
    except FileNotFoundError:
        return Seen(folder, name, NOWHERE, True, b"", None, gone=True)
    except (OSError, files.Oddity) as error:
        message = error.message if isinstance(error, files.Oddity) else f"cannot be read: {error.strerror}"
        problem = Problem("unreadable", path, message, "check that the file is there and that you may read it")
        mark = message.encode()
        return Seen(folder, name, NOWHERE, True, mark, None if mark == digest else Task(path, "", {}, problems=(problem,)))
    found = sha1(data, usedforsecurity=False).digest()
    racy = files.racy(stamp, files.clock())
    return Seen(folder, name, stamp, racy, found, None if found == digest else parse(path, data, schema))


def parse(path: str, data: bytes, schema: Schema) -> Task:
    """The Task of one file."""
    from plaintrack.text.parse import parse as parse_text

    return parse_text(path, data, schema)
