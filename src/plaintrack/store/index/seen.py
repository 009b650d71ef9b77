"""What automations have seen: the last contents of every file they watch, the firings under way,
and what became of them.
"""

import json
import os
import sqlite3
from contextlib import suppress
from typing import Any, NamedTuple

from plaintrack.store.index.database import to_blame

_TABLES = """
CREATE TABLE IF NOT EXISTS seen (path TEXT PRIMARY KEY, digest BLOB, data BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folder (path TEXT PRIMARY KEY, signature BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pending (number INTEGER PRIMARY KEY, key TEXT UNIQUE, firing TEXT,
  step INTEGER, started INTEGER);
CREATE TABLE IF NOT EXISTS log (number INTEGER PRIMARY KEY, time TEXT, rule TEXT, item TEXT,
  why TEXT, result TEXT);
CREATE TABLE IF NOT EXISTS rounds (rule TEXT, item TEXT, moment INTEGER, times INTEGER,
  PRIMARY KEY (rule, item)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counted (moment INTEGER, rule TEXT, item TEXT, cost INTEGER);
CREATE TABLE IF NOT EXISTS owed (
  number INTEGER PRIMARY KEY, key TEXT, firing TEXT, action INTEGER, target TEXT, source TEXT,
  attempt INTEGER, due INTEGER, made INTEGER,
  started INTEGER NOT NULL DEFAULT 0, UNIQUE (key, action, target)
);
CREATE TABLE IF NOT EXISTS fired (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gone (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS known (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
KEPT = 5000
MINUTE = 60
NAME = "automations.sqlite"


class Pending(NamedTuple):
    """A firing under way: ``step`` actions are done; ``started``: the one after them had begun."""

    number: int
    firing: list[Any]
    step: int
    started: bool


class Owed(NamedTuple):
    """One action that is to be done later: the action's place in its rule and the item it is about;
    ``source`` digests the rule's file.

    ``attempt`` counts the tries so far, ``due`` is the time (s) of the next one (None: when it is
    trusted), ``made`` that of the first, ``started``: it had begun.
    """

    number: int
    firing: list[Any]
    action: int
    target: str
    source: str
    attempt: int
    due: int | None
    made: int
    started: bool = False


class Seen:
    """The memory of automations on this machine. No cache: what is lost is taken from the present,
    and nothing fires for it.
    """

    def __init__(self, folder: str) -> None:
        """Open it in the cache folder; a damaged one is put aside, and not one that is locked or
        lies on a full disk.
        """
        path = os.path.join(folder, NAME)
        try:
            self._open(path)
        except sqlite3.DatabaseError as error:
            if not to_blame(error):
                raise
            os.replace(path, path + ".damaged")
            self._open(path)
        self.fresh = self.known("baseline") == ""

    def _open(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        self.connection.executescript(f"PRAGMA synchronous=FULL; {_TABLES}")

    def __del__(self) -> None:
        """Close the file; a connection is a cycle of references, which the watcher would keep open
        for long.
        """
        with suppress(AttributeError, sqlite3.Error):
            self.connection.close()

    def known(self, name: str) -> str:
        """A remembered text; empty if there is none."""
        row = self.connection.execute("SELECT value FROM known WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def contents(self, folder: str) -> dict[str, bytes]:
        """Path → digest of what was seen right in a folder."""
        sql = (  # 0 comes after /
            "SELECT path, digest FROM seen WHERE path >= ? || '/' AND path < ? || '0' AND"
            " instr(substr(path, length(?) + 2), '/') = 0"
        )
        return dict(self.connection.execute(sql, (folder, folder, folder)))

    def folders(self) -> dict[str, bytes]:
        """Every folder in which something was seen, with the signature that it had when all its
        files were as they were seen; empty if they were not.
        """
        found = dict(self.connection.execute("SELECT path, signature FROM folder"))
        return found or {
            path.rpartition("/")[0]: b""
            for (path,) in self.connection.execute("SELECT path FROM seen")
        }

    def note(self, folders: dict[str, bytes | None]) -> None:
        """Remember the signatures of folders; None: nothing is left there."""
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        for path, signature in folders.items():
            run("DELETE FROM folder WHERE path = ?", (path,))
            if signature is not None:
                run("INSERT INTO folder VALUES (?, ?)", (path, signature))
        run("COMMIT")

    def data(self, path: str) -> bytes | None:
        """The bytes that were seen at a path."""
        row = self.connection.execute("SELECT data FROM seen WHERE path = ?", (path,)).fetchone()
        return bytes(row[0]) if row else None

    def ever(self) -> set[str]:
        """The keys of all firings that the ledger had at some look, or that were made here."""
        return {
            row[0]
            for row in self.connection.execute("SELECT key FROM fired UNION SELECT key FROM gone")
        }

    def gained(self, ledger: set[str]) -> set[str]:
        """Those keys of the ledger that were not there at the last look, and that are not of a
        firing under way.
        """
        if not self.known("ledger"):
            return set()
        rows = self.connection.execute("SELECT key FROM fired UNION SELECT key FROM pending")
        return ledger - {row[0] for row in rows}

    def move_on(
        self,
        now: dict[str, tuple[bytes, bytes] | None],
        firings: list[tuple[str, list[Any]]],
        ledger: set[str] | None = None,
        **known: str,
    ) -> None:
        """In one step: take these files (None: gone) and the keys of the ``ledger`` for seen, and
        remember the firings that follow from that.
        """
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        try:
            for path, each in now.items():
                if each is None:
                    run("DELETE FROM seen WHERE path = ?", (path,))
                else:
                    run("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (path, *each))
            for key, firing in firings:
                run(
                    "INSERT OR IGNORE INTO pending (key, firing, step, started) VALUES (?, ?,"
                    " 0, 0)",
                    (key, json.dumps(firing)),
                )
            if ledger is not None:
                before = {row[0] for row in run("SELECT key FROM fired")}
                self.connection.executemany(
                    "INSERT OR IGNORE INTO gone VALUES (?)", [(key,) for key in before - ledger]
                )
                self.connection.executemany(
                    "DELETE FROM fired WHERE key = ?", [(key,) for key in before - ledger]
                )
                self.connection.executemany(
                    "INSERT INTO fired VALUES (?)", [(key,) for key in ledger - before]
                )
                known["ledger"] = "1"
            for name, value in known.items():
                run("INSERT OR REPLACE INTO known VALUES (?, ?)", (name, value))
            run("COMMIT")
        except BaseException:
            run("ROLLBACK")
            raise

    def pending(self) -> list[Pending]:
        """The firings under way, in their order."""
        rows = self.connection.execute(
            "SELECT number, firing, step, started FROM pending ORDER BY number"
        )
        return [
            Pending(number, json.loads(firing), step, bool(started))
            for number, firing, step, started in rows
        ]

    def mark(self, number: int, step: int, started: bool = False) -> None:
        """Note how far a firing is."""
        self.connection.execute(
            "UPDATE pending SET step = ?, started = ? WHERE number = ?", (step, started, number)
        )

    def end(
        self,
        number: int,
        rule: str,
        item: str,
        why: str,
        time: str,
        result: str,
        moment: int = 0,
        cost: int | None = None,
    ) -> None:
        """A firing has ended, in one step with its line in the log; ``cost`` is what it counts in
        the minute of ``moment`` (s), if it did anything.
        """
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        run("INSERT OR IGNORE INTO fired SELECT key FROM pending WHERE number = ?", (number,))
        run("DELETE FROM pending WHERE number = ?", (number,))
        if cost is not None:
            times = self.times(rule, item, moment) + 1
            run("INSERT OR REPLACE INTO rounds VALUES (?, ?, ?, ?)", (rule, item, moment, times))
        if cost:
            for table in ("rounds", "counted"):
                run(f"DELETE FROM {table} WHERE abs(moment - ?) >= ?", (moment, MINUTE))
            run("INSERT INTO counted VALUES (?, ?, ?, ?)", (moment, rule, item, cost))
        run(
            "INSERT INTO log (time, rule, item, why, result) VALUES (?, ?, ?, ?, ?)",
            (time, rule, item, why, result),
        )
        run("DELETE FROM log WHERE number <= (SELECT max(number) FROM log) - ?", (KEPT,))
        run("COMMIT")

    def owe(self, each: Owed, number: int, step: int) -> None:
        """An action of the firing under way ``number`` is put off, in one step with going on to
        ``step``; one that was put off before is put off anew.
        """
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        row = (each.firing[3], json.dumps(each.firing), *each[2:8])
        run(
            "INSERT OR REPLACE INTO owed (key, firing, action, target, source, attempt, due, made)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        run("UPDATE pending SET step = ?, started = 0 WHERE number = ?", (step, number))
        run("COMMIT")

    def owed(self) -> list[Owed]:
        """All actions that are put off, in their order."""
        rows = self.connection.execute(
            "SELECT number, firing, action, target, source, attempt, due, made, started FROM owed"
            " ORDER BY number"
        )
        return [Owed._make((row[0], json.loads(row[1]), *row[2:8], bool(row[8]))) for row in rows]

    def begin(self, each: Owed) -> None:
        """Note that an action that was put off has begun."""
        self.connection.execute("UPDATE owed SET started = 1 WHERE number = ?", (each.number,))

    def settle(
        self, each: Owed, time: str, result: str, again: tuple[int, int | None] | None = None
    ) -> None:
        """It is done or dropped, or put off ``again`` (its attempts so far, when it is due), in one
        step with its line in the log.
        """
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        if again is None:
            run("DELETE FROM owed WHERE number = ?", (each.number,))
        else:
            run(
                "UPDATE owed SET attempt = ?, due = ?, started = 0 WHERE number = ?",
                (*again, each.number),
            )
        run(
            "INSERT INTO log (time, rule, item, why, result) VALUES (?, ?, ?, ?, ?)",
            (time, *each.firing[:3], result),
        )
        run("COMMIT")

    def log(self, limit: int) -> list[tuple[str, str, str, str, str]]:
        """(time, rule, item, why, result) of the last firings, the latest first."""
        return self.connection.execute(
            "SELECT time, rule, item, why, result FROM log ORDER BY number DESC LIMIT ?", (limit,)
        ).fetchall()

    def times(self, rule: str, item: str, moment: int) -> int:
        """How often the rule has done something about the item, with less than a minute in between,
        up to ``moment`` (s).
        """
        row = self.connection.execute(
            "SELECT moment, times FROM rounds WHERE rule = ? AND item = ?", (rule, item)
        ).fetchone()
        return row[1] if row is not None and abs(row[0] - moment) < MINUTE else 0

    def counted(self, moment: int) -> list[tuple[str, str, int]]:
        """(rule, item, cost) of every firing of that minute that counts."""
        return self.connection.execute(
            "SELECT rule, item, cost FROM counted WHERE abs(moment - ?) < ?", (moment, MINUTE)
        ).fetchall()

    def pause(self, reason: str) -> None:
        """Note that rules are paused and why; an empty reason: they go on, and the count begins
        anew.
        """
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        run("INSERT OR REPLACE INTO known VALUES ('paused', ?)", (reason,))
        if not reason:
            run("DELETE FROM rounds")
            run("DELETE FROM counted")
        run("COMMIT")
