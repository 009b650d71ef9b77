"""Opens the index: finds, checks, seals or makes the SQLite file; falls back to memory where it
cannot be written.
"""

import os
import sqlite3
import sys
from contextlib import suppress

from plaintrack.store.digest import digest
from plaintrack.store.index import slots
from plaintrack.store.lock import Locked, exclusive

FORMAT = 8
PATIENCE = 3  # seconds to wait for who holds the lock; then the work is done again in memory
READING = 60  # seconds to wait for who reads history, for that takes longer
Connection = sqlite3.Connection
UNUSABLE = sqlite3.Error
"""What is raised by a connection to a file that is damaged, locked or gone."""
DAMAGED = (sqlite3.DatabaseError, UnicodeDecodeError)
_UNFINISHED = "unfinished"
SCHEMAS = {"index": "schema.sql", "history": "history.sql", "flow": "flow.sql"}


class Database:
    """One open index. ``path`` is None for one in memory; ``connection`` is in autocommit mode;
    ``mark`` is the seal that it had when it was opened, or sealed here.

    A file that is made afresh gets a name of its own, and the seal says which one is current:
    SQLite finds a journal by the name of its database, so two files must never share one.
    """

    def __init__(self, folder: str | None, key: str, kind: str = "index", state: str = "") -> None:
        """Open the cache ``kind`` in ``folder`` for the settings digest ``key``; make it where it
        is missing, foreign, damaged, unsealed, or of another ``state``.

        Kinds are ``index``, ``history``, and any other for an index of another snapshot. Caches of
        other keys, and of other Pythons, stand beside it; one of another state makes way.
        """
        self.folder = folder
        self.kind = kind
        environment = f"{FORMAT} {sys.version_info[0]}.{sys.version_info[1]} {key}"
        self.key = f"{environment} {digest(state.encode('utf-8', 'surrogatepass')).hex()}"
        self.name = f"{kind}-{digest(environment.encode()).hex()[:8]}"
        """How the names of all its files begin."""
        self._use = slots.use(folder, self.name)
        self.path: str | None = None
        self.mark = ""
        self.connection = self._current() or self._first()

    def __del__(self) -> None:
        """Close the file; a connection is a cycle of references, which may stay open for hours in a
        process that goes on.
        """
        with suppress(AttributeError, sqlite3.Error):
            self.connection.close()
        self._unuse()

    def _unuse(self) -> None:
        """Say that it is in use no more."""
        with suppress(AttributeError, OSError):
            if self._use is not None:
                os.close(self._use)
                self._use = None

    def _current(self) -> sqlite3.Connection | None:
        """The sealed file, open; None if there is none."""
        self.mark = self._sealed()
        self.path = self._of(self.mark)
        if self.path is None:
            return None
        try:
            connection = _connect(self.path, "rw" if os.access(self.path, os.W_OK) else "ro")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            return connection
        except (sqlite3.Error, UnicodeDecodeError):
            return None

    def _first(self) -> sqlite3.Connection:
        """A sealed file that another process has just finished, or a new one."""
        if self.folder is not None:
            try:
                patience = READING if self.kind == "history" else PATIENCE
                with exclusive(self.lock, patience):
                    return self.reopen()
            except (OSError, Locked):
                pass
        return self.leave()

    def reopen(self) -> sqlite3.Connection:
        """The file that is current by now, or a fresh one; to be called under the lock."""
        return self._current() or self._broken_off() or self.fresh()

    @property
    def lock(self) -> str:
        """The lock to be held by who writes the file or its seal."""
        return os.path.join(str(self.folder), f"{self.name}.lock")

    @property
    def _seal(self) -> str:
        return os.path.join(str(self.folder), f"{self.name}.seal")

    def sealed(self) -> bool:
        """Whether the open file is the current one and as plaintrack left it."""
        return self.path is not None and self._of(self._sealed()) == self.path

    def untouched(self) -> bool:
        """Whether no one else has written the index since it was opened, or sealed here."""
        return bool(self.mark) and self._sealed() == self.mark

    def _sealed(self) -> str:
        """The seal, if the file it speaks of is as it says; else an empty text."""
        if self.folder is None:
            return ""
        try:
            with open(self._seal, encoding="utf-8") as handle:
                mark = handle.read()
            return mark if mark.split("\n")[1:2] == [self._stamp(str(self._of(mark)))] else ""
        except (OSError, ValueError):
            return ""

    def _of(self, mark: str) -> str | None:
        """The file that a seal speaks of."""
        if mark:
            return os.path.join(str(self.folder), os.path.basename(mark.partition("\n")[0]))
        return None

    def _stamp(self, path: str) -> str:
        info = os.stat(path)
        return f"{self.key} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_size} {info.st_ino}"

    def filled(self) -> bool:
        """Whether anything was stored in this index."""
        return self.connection.execute("SELECT 1 FROM folder LIMIT 1").fetchone() is not None

    def seal(self) -> None:
        """Say that the file is now as it should be; to be called after a commit, under the lock."""
        if self.path and self.folder:
            self._write_seal(  # two may fall into one tick of the stamp's clock
                f"{os.path.basename(self.path)}\n{self._stamp(self.path)}\n{os.urandom(4).hex()}"
            )

    def unfinished(self) -> None:
        """Say that the file is being written and may be gone on with, if it is sound, once we are
        dead; to be called under the lock, before a commit.
        """
        if self.path and self.folder and not self.mark.endswith(_UNFINISHED):
            self._write_seal(f"{os.path.basename(self.path)}\n{self._growing(self.path)}")

    def _growing(self, path: str) -> str:
        return f"{self.key} {os.stat(path).st_ino} {_UNFINISHED}"

    def _broken_off(self) -> sqlite3.Connection | None:
        """The file that a process did not finish, if all of it is sound; to be called under the
        lock. SQLite itself takes back what was not committed.
        """
        if self.folder is None:
            return None
        try:
            with open(self._seal, encoding="utf-8") as handle:
                mark = handle.read()
            path = str(self._of(mark))
            if mark.split("\n")[1:] != [self._growing(path)]:
                return None
            connection = _connect(path, "rwc")
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                connection.close()
                return None
        except (OSError, ValueError, *DAMAGED):
            return None
        self.path, self.mark = path, mark
        return connection

    def _write_seal(self, mark: str) -> None:
        temporary = f"{self._seal}.{os.getpid()}"
        with open(temporary, "w", encoding="utf-8") as handle:
            handle.write(mark)
        os.replace(temporary, self._seal)
        self.mark = mark

    def fresh(self) -> sqlite3.Connection:
        """An empty index in place of the old one, to be called under the lock; in memory where that
        cannot be.
        """
        if self.folder:
            try:
                for name in os.listdir(self.folder):
                    if name.startswith(f"{self.name}-"):
                        with suppress(OSError):
                            os.unlink(os.path.join(self.folder, name))
                self.path = os.path.join(self.folder, f"{self.name}-{os.urandom(6).hex()}.sqlite")
                connection = _connect(self.path, "rwc")
                self._create(connection)
                self.seal()
                self._unuse()  # who made way for others may have taken the file of that away
                self._use = slots.use(self.folder, self.name)
                if not self.kind.startswith("at-"):  # of those each commit has one
                    slots.prune(self.folder, self.name)
                return connection
            except (OSError, sqlite3.Error):
                pass
        return self.leave()

    def _create(self, connection: sqlite3.Connection) -> None:
        name = SCHEMAS.get(self.kind, SCHEMAS["index"])
        with open(
            os.path.join(os.path.dirname(__file__), name), encoding="utf-8"
        ) as handle:  # importlib.resources costs 8 ms
            connection.executescript(handle.read())

    def distrust(self) -> None:
        """Break the seal, so that who opens it next makes it afresh."""
        with suppress(OSError, Locked), exclusive(self.lock):
            os.unlink(self._seal)

    def leave(self, copy: sqlite3.Connection | None = None) -> sqlite3.Connection:
        """Go on in memory, with a copy of ``copy`` if given: the file cannot be written now."""
        self.path = None
        connection = _connect(":memory:", "memory")
        if copy is None:
            self._create(connection)
        else:
            copy.backup(connection)
        return connection


def to_blame(error: Exception) -> bool:
    """Whether an error of DAMAGED means that the file is not what it should be, and not that it
    cannot be used now.
    """
    if not isinstance(error, sqlite3.OperationalError):
        return True
    # "Could not decode to UTF-8" comes from Python, without a code.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return bool(code == sqlite3.SQLITE_ERROR)


def _connect(path: str, mode: str) -> sqlite3.Connection:
    if mode == "memory":
        name = path
    else:
        name = (
            "file:"
            + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
            + f"?mode={mode}"
        )
    connection = sqlite3.connect(
        name, uri=mode != "memory", timeout=2, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute(
        "PRAGMA journal_mode=TRUNCATE" if mode == "rwc" else "PRAGMA temp_store=MEMORY"
    )
    connection.execute("PRAGMA cache_size=-16000")
    return connection


def size(connection: sqlite3.Connection) -> int:
    """How many files the index has; a few more, where the latest were deleted again."""
    return int(connection.execute("SELECT max(number) FROM file").fetchone()[0] or 0)


_FIELDS = """WITH RECURSIVE used(field) AS (
 SELECT min(field) FROM value UNION ALL SELECT (SELECT min(v.field)
 FROM value v WHERE v.field > used.field) FROM used WHERE field IS NOT NULL)
SELECT field FROM used WHERE field IS NOT NULL"""  # DISTINCT would look at every row


def fields(connection: sqlite3.Connection) -> list[str]:
    """The names of the fields that some item has and that are no columns of the index."""
    found = (row[0] for row in connection.execute(_FIELDS))
    # see model.dependency.LAGS and rows.HELD
    return [name for name in found if name not in ("depends_on.lag", "blocker.set")]
