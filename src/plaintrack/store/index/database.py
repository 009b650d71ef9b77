"""Opens the index: finds, checks, seals or makes the SQLite file; falls back to memory where it cannot be written."""

import os
import sqlite3
import sys
from importlib import resources

FORMAT = 1


class Database:
    """One open index. ``path`` is None for one in memory; ``connection`` is in autocommit mode."""

    def __init__(self, folder: str | None, key: str) -> None:
        """Open the index in ``folder`` for the settings digest ``key``; make it where it is missing, foreign, damaged or unsealed."""
        self.folder = folder
        self.key = f"{FORMAT} {sys.version_info[0]}.{sys.version_info[1]} {key}"
        self.path = os.path.join(folder, "index.sqlite") if folder else None
        self.connection = self._open()

    def _open(self) -> sqlite3.Connection:
        if self.path and self.sealed():
            try:
                connection = _connect(self.path, "rw" if os.access(self.path, os.W_OK) else "ro")
                connection.execute("SELECT count(*) FROM folder").fetchone()
                return connection
            except sqlite3.Error:
                pass
        return self.fresh()

    @property
    def seal(self) -> str:
        """The file that says what the index looked like when plaintrack last wrote it."""
        return f"{self.path}.seal"

    def sealed(self) -> bool:
        """Whether the file is as plaintrack left it: its key and its stamp are those of the seal."""
        try:
            with open(self.seal, encoding="utf-8") as handle:
                return handle.read() == self._stamp()
        except (OSError, ValueError):
            return False

    def _stamp(self) -> str:
        info = os.stat(str(self.path))
        return f"{self.key} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_size} {info.st_ino}"

    def close_seal(self) -> None:
        """Say that the file is now as it should be; to be called after a commit, under the index lock."""
        if self.path:
            temporary = f"{self.seal}.{os.getpid()}"
            with open(temporary, "w", encoding="utf-8") as handle:
                handle.write(self._stamp())
            os.replace(temporary, self.seal)

    def fresh(self) -> sqlite3.Connection:
        """An empty index in place of the old one; in memory where that cannot be."""
        if self.path:
            try:
                for name in (self.seal, self.path, f"{self.path}-journal"):
                    if os.path.lexists(name):
                        os.unlink(name)
                connection = _connect(self.path, "rwc")
                _create(connection)
                return connection
            except (OSError, sqlite3.Error):
                pass
        return self.leave()

    def leave(self, copy: sqlite3.Connection | None = None) -> sqlite3.Connection:
        """Go on in memory, with a copy of ``copy`` if given: the file cannot be written now."""
        self.path = None
        connection = _connect(":memory:", "memory")
        if copy is None:
            _create(connection)
        else:
            copy.backup(connection)
        return connection


def _connect(path: str, mode: str) -> sqlite3.Connection:
    from urllib.parse import quote

    name = path if mode == "memory" else f"file:{quote(path)}?mode={mode}"
    connection = sqlite3.connect(name, uri=mode != "memory", timeout=5, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=TRUNCATE" if mode == "rwc" else "PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA cache_size=-16000")
    return connection


def _create(connection: sqlite3.Connection) -> None:
    connection.executescript(resources.files("plaintrack.store.index").joinpath("schema.sql").read_text("utf-8"))
