"""Brings the rows of the index up to date with the files that have changed."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from plaintrack.model.fields import Schema
from plaintrack.model.problem import Problem
from plaintrack.store import files
from plaintrack.store.digest import digest
from plaintrack.store.index.database import size
from plaintrack.store.index.reading import MANY, PART, Job, Known, Seen, day, parsed, read_all
from plaintrack.store.index.rows import (
    DERIVE_SQL,
    DERIVE_TOUCHED_SQL,
    FRESH_SQL,
    TOUCH_SQL,
    put,
    put_all,
    unread,
)
from plaintrack.store.spread import Told
from plaintrack.when.moments import key as moment_key

_FILE = (
    "INSERT INTO file (number, folder, name, mtime, ctime, size, inode, racy, digest)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def apply(
    connection: sqlite3.Connection,
    root: str,
    schema: Schema,
    folders: Sequence[files.Folder],
    signs: Mapping[str, bytes],
    told: Told,
    whole: bool,
) -> None:
    """Make the index equal to the ``folders`` of a scan, whose signatures are ``signs``, in one
    transaction; ``told`` hears how far it is.

    ``whole``: there are no other folders.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        _apply(connection, root, schema, folders, signs, told, whole)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _apply(
    connection: sqlite3.Connection,
    root: str,
    schema: Schema,
    folders: Sequence[files.Folder],
    signs: Mapping[str, bytes],
    told: Told,
    whole: bool,
) -> None:
    stored = dict(connection.execute("SELECT path, signature FROM folder"))
    changed = [folder for folder in folders if stored.get(folder.path) != signs[folder.path]]
    total = size(connection)
    first = not stored and not total
    derive = Derive(connection, total)
    for path in stored.keys() - signs.keys() if whole else ():
        gone = connection.execute("SELECT number FROM file WHERE folder = ?", (path,)).fetchall()
        _forget(connection, [number for (number,) in gone], derive)
        connection.execute("DELETE FROM folder WHERE path = ?", (path,))
    jobs = [job for folder in changed for job in _stale(connection, folder, derive)]
    indexes = [] if not first or len(jobs) < MANY else _drop_indexes(connection)
    racy = set()
    read = zip(jobs, read_all(root, jobs, schema, told), strict=True)
    while some := list(islice(read, PART)):
        racy.update([job.folder for job, seen in some if seen.racy])
        _take_new(connection, [(job, seen) for job, seen in some if job.known is None], derive)
        for job, seen in some:
            if job.known is not None:
                _take(connection, job, job.known, seen, schema, derive)
    for sql in indexes:
        connection.execute(sql)
    now = [(each.path, None if each.path in racy else signs[each.path]) for each in changed]
    connection.executemany("INSERT OR REPLACE INTO folder VALUES (?, ?)", now)
    derive.run()


def lay(
    connection: sqlite3.Connection,
    schema: Schema,
    texts: Mapping[str, bytes | None],
    mtime: int,
) -> None:
    """Have the index say what it would if the files held these texts (None: were gone), saved at
    ``mtime`` (ns).
    """
    connection.execute("BEGIN IMMEDIATE")
    derive = Derive(connection, size(connection))
    for path, data in sorted(texts.items()):
        folder, _, name = path.rpartition("/")
        row = connection.execute(
            "SELECT number FROM file WHERE folder = ? AND name = ?", (folder, name)
        ).fetchone()
        if row is not None:
            _forget(connection, [row[0]], derive)
        if data is None:
            continue
        number = connection.execute(
            "INSERT INTO file (number, folder, name, racy, digest) VALUES (?, ?, ?, 1, ?)",
            (row and row[0], folder, name, digest(data)),
        ).lastrowid
        put(connection, int(number or 0), parsed(path, data, schema, mtime))
        derive.note(int(number or 0))
    derive.run()
    connection.execute("COMMIT")


def _drop_indexes(connection: sqlite3.Connection) -> list[str]:
    """Drop the indexes of an empty database; the SQL that makes them again, which is faster when
    the rows are in.
    """
    found = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _stale(connection: sqlite3.Connection, folder: files.Folder, derive: "Derive") -> list[Job]:
    """What is to be read of one folder; what is gone from it or no file is settled now."""
    known = {
        row[0]: Known(row[1], (row[2], row[3], row[4], row[5]), row[6], row[7])
        for row in connection.execute(
            "SELECT name, number, mtime, ctime, size, inode, racy, digest FROM file WHERE"
            " folder = ?",
            (folder.path,),
        )
    }
    names = {entry[0] for entry in folder.files} | {name for name, _ in folder.odd}
    _forget(connection, [known[name].number for name in known.keys() - names], derive)
    for name, what in folder.odd:
        _odd(connection, folder.path, name, what, known.get(name), derive)
    return [
        Job(folder.path, entry[0], known.get(entry[0]))
        for entry in folder.files
        if (was := known.get(entry[0])) is None or was.racy or was.stamp != entry[1:]
    ]


class Derive:
    """Keeps account of which items changed, and derives what depends on other items: for a few the
    touched ones, for many all.
    """

    def __init__(self, connection: sqlite3.Connection, total: int) -> None:
        """``total`` is the number of items, about; 0 if the index is new."""
        self.connection = connection
        self.total = total
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
                self.connection.execute(
                    f"CREATE TEMP TABLE IF NOT EXISTS {table} (number INTEGER PRIMARY KEY)"
                )
                self.connection.execute(f"DELETE FROM {table}")
        self._touch((number,))

    def _touch(self, numbers: Iterable[int]) -> None:
        self.connection.execute("DELETE FROM changed")
        self.connection.executemany(
            "INSERT INTO changed VALUES (?)", [(number,) for number in numbers]
        )
        for statement in TOUCH_SQL:
            self.connection.execute(statement)

    def run(self) -> None:
        """Derive; to be called when all rows are in."""
        if not self.changed:
            return
        few = len(self.changed) <= self.few
        if few:
            self._touch(self.changed)
        every = DERIVE_SQL if self.total else FRESH_SQL
        for statement in DERIVE_TOUCHED_SQL if few else every:
            self.connection.execute(statement)


def _take(
    connection: sqlite3.Connection,
    job: Job,
    before: Known,
    seen: Seen,
    schema: Schema,
    derive: Derive,
) -> None:
    """Bring the rows of one file up to date with what was read of it."""
    if seen.gone:
        _forget(connection, [before.number], derive)
    elif seen.stored is not None:
        _forget(connection, [before.number], derive)
        connection.execute(
            _FILE, (before.number, job.folder, job.name, *seen.stamp, seen.racy, seen.digest)
        )
        put(connection, before.number, seen.stored)
        derive.note(before.number)
    else:
        connection.execute(
            "UPDATE file SET mtime=?, ctime=?, size=?, inode=?, racy=? WHERE number=?",
            (*seen.stamp, seen.racy, before.number),
        )
        if seen.stamp[0] != before.stamp[0]:
            saved = day(seen.stamp[0], schema)
            moment = moment_key(saved, schema.timezone)
            connection.execute(
                "UPDATE item SET updated=?, updated_at=? WHERE number=?",
                (saved, moment, before.number),
            )


def _take_new(
    connection: sqlite3.Connection, some: Sequence[tuple[Job, Seen]], derive: Derive
) -> None:
    """Put files into an index that has none of them."""
    if not some:
        return
    found = [(job, seen) for job, seen in some if not seen.gone and seen.stored is not None]
    numbered = list(enumerate(found, size(connection) + 1))
    connection.executemany(
        _FILE,
        [
            (number, job.folder, job.name, *seen.stamp, seen.racy, seen.digest)
            for number, (job, seen) in numbered
        ],
    )
    put_all(connection, [(number, seen.stored) for number, (_, seen) in numbered if seen.stored])
    for number, _ in numbered:
        derive.note(number)


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


def _odd(
    connection: sqlite3.Connection,
    folder: str,
    name: str,
    what: str,
    before: Known | None,
    derive: Derive,
) -> None:
    if before is not None:
        _forget(connection, [before.number], derive)
    number = connection.execute(
        "INSERT INTO file (folder, name, racy) VALUES (?, ?, 0)", (folder, name)
    ).lastrowid
    path = f"{folder}/{name}" if name else folder
    problem = Problem("not-a-file", path, what, "move it away, or put a regular file in its place")
    put(connection, int(number or 0), unread([problem]))
