"""Reads git's history into the cache ``history``: new commits only, and what has been read stays,
even if the reading is broken off.
"""

import gc
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from plaintrack.config.values import holds
from plaintrack.model.change import INITIAL, Change
from plaintrack.model.task import Task
from plaintrack.store.commits import Commit, Entry
from plaintrack.store.index.database import DAMAGED, READING, Connection, Database, to_blame
from plaintrack.store.lock import Locked, exclusive
from plaintrack.store.repo import Repo
from plaintrack.store.spread import Told

if TYPE_CHECKING:
    from plaintrack.store.index.happened import Touch
    from plaintrack.store.index.versions import Parse, Versions

_TIPS = 20
_ROWS = 20_000  # that wait to be written, at most
_NOTHING: "tuple[list[Change], list[Touch]]" = ([], [])
EVERY = 2.0
"""Seconds after which what has been read is kept, whatever comes."""


@contextmanager
def _without_collection() -> Iterator[None]:
    """Do not look for cycles meanwhile: there are none among a hundred thousand small values."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Revisions:
    """The history that one commit reaches, of the items below ``paths``."""

    def __init__(
        self,
        database: Database,
        repo: Repo,
        paths: Sequence[str],
        lists: frozenset[str],
        parse: "Parse",
        tip: str,
        told: Told,
        spoken: Mapping[str, str] = {},
    ) -> None:
        """``lists`` are the fields that are sets; ``parse`` makes a Task of a path and its bytes;
        ``spoken`` has the folders of verdicts and updates, folder → room. Reads what is new.
        """
        self.rooms = spoken
        self.database, self.repo, self.paths, self.lists, self.told = (
            database,
            repo,
            paths,
            lists,
            told,
        )
        self.parse = parse
        self.tip = tip
        self.connection = database.connection
        self.reach = self._reach() or self._refreshed()

    def _reach(self) -> int:
        row = self.connection.execute(
            "SELECT reach FROM tip WHERE hash = ?", (self.tip,)
        ).fetchone()
        return int.from_bytes(row[0], "little") if row else 0

    def _refreshed(self) -> int:
        """Read what is new, under the lock; in memory where the cache cannot be written."""
        database = self.database
        try:
            if database.path is None:
                return self._read()
            with exclusive(database.lock, READING):
                if not database.sealed():
                    database.connection.close()
                    database.connection = self.connection = database.reopen()
                try:
                    found = self._reach() or self._read()
                except DAMAGED as error:  # in a way that the seal does not show
                    if not to_blame(error):
                        raise
                    database.connection.close()
                    database.connection = self.connection = database.fresh()
                    found = self._read()
                database.seal()
                return found
        except (Locked, OSError, *DAMAGED):
            self.connection = database.connection = database.leave()
            return self._read()

    def _read(self) -> int:
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            reading = Reading(self)
            with _without_collection():
                reading.run()
            found = (2 << reading.number) - 2 if reading.first else self.reached(self.tip)
            number = int(
                connection.execute("SELECT coalesce(max(used), 0) + 1 FROM tip").fetchone()[0]
            )
            data = found.to_bytes((found.bit_length() + 7) // 8, "little")
            connection.execute(
                "INSERT OR REPLACE INTO tip VALUES (?, ?, ?)", (self.tip, data, number)
            )
            connection.execute("DELETE FROM tip WHERE used <= ?", (number - _TIPS,))
            connection.execute("DELETE FROM head")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return found

    def reached(self, commit: str) -> int:
        """The numbers of all revisions that a commit reaches, as bits; 0 if it is not known."""
        start = self._number_of(commit)
        if not start:
            return 0
        stored = {
            self._number_of(commit): bytes(reach)
            for commit, reach in self.connection.execute("SELECT hash, reach FROM tip")
        }
        found, seen, waiting = 0, set[int](), [start]
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            if number in stored:
                found |= int.from_bytes(stored[number], "little")
                continue
            seen.add(number)
            waiting += (
                parent
                for (parent,) in self.connection.execute(
                    "SELECT parent FROM parent WHERE revision = ?", (number,)
                )
            )
        bits = bytearray(max(seen, default=0) // 8 + 1)
        for number in seen:
            bits[number >> 3] |= 1 << (number & 7)
        return found | int.from_bytes(bits, "little")

    def _number_of(self, commit: str) -> int:
        row = self.connection.execute(
            "SELECT number FROM revision WHERE hash = ?", (bytes.fromhex(commit),)
        ).fetchone()
        return int(row[0]) if row else 0

    @cached_property
    def versions(self) -> "Versions":
        """The contents of history, parsed when they are asked for."""
        from plaintrack.store.index.versions import Versions

        return Versions(self.repo, self.parse)

    def tasks(self, tree: list[tuple[str, str]]) -> list[Task]:
        """The Tasks of the (path, blob) of a tree in the history."""
        from plaintrack.text.markdown import steps

        found = self.versions.of([(blob, path) for path, blob in tree])
        return [task._replace(steps=steps(task.body)) for task in found]


class Reading:
    """One reading of what is new: rows are gathered, and kept every few seconds, so that the next
    reading goes on from there if this one does not come to its end.
    """

    def __init__(self, revisions: Revisions) -> None:
        from plaintrack.store.index.happened import Happened

        self.revisions = revisions
        self.connection: Connection = revisions.connection
        self.heads = {row[0] for row in self.connection.execute("SELECT hash FROM head")}
        self.tips = [row[0] for row in self.connection.execute("SELECT hash FROM tip")]
        self.number, self.names = self.connection.execute(
            "SELECT (SELECT coalesce(max(number), 0) FROM revision), (SELECT max(number) FROM name)"
        ).fetchone()
        self.first = self.number == 0  # then there are no indexes, and nothing to be looked up
        self.happened = Happened(revisions.lists, self._before, revisions.rooms)
        self._known: dict[str, tuple[int, int] | None] = {}  # commit → number, stamp
        self._mine: dict[str, bool] = {}  # path → whether it is one of ours
        self._numbers: dict[str, int] = {"": 0}
        self._texts: list[tuple[int, str]] = []
        self._revisions: list[tuple[object, ...]] = []
        self._parents: list[tuple[int, int, int]] = []
        self._changes: list[tuple[object, ...]] = []
        self._touches: list[tuple[object, ...]] = []
        self._initial: list[tuple[object, ...]] = []

    def run(self) -> None:
        """Read all commits that the tip reaches and that are not known."""
        if self.heads:
            self._index()
        revisions = self.revisions
        done = self.number if self.heads else 0
        commits = revisions.repo.order(revisions.tip, [*self.tips, *self.heads])
        total, kept = done + len(commits), time.monotonic()
        walk = self._new(revisions.repo.walk(commits, revisions.paths))
        for commit, seen in revisions.versions.read(walk):
            self._store(commit, *(self.happened(seen) if seen else _NOTHING))
            done += 1
            if not done & 63 or done == total:
                revisions.told(done, total)
                if time.monotonic() > kept + EVERY:
                    self._keep()
                    kept = time.monotonic()
        self._flush()
        if self.first:
            if total > _ROWS:
                self._keep()
            self._index()

    def _new(
        self, walk: Iterator[tuple[Commit, list[Entry]]]
    ) -> Iterator[tuple[Commit, list[Entry]]]:
        """The commits that are not known, with the files that are ours."""
        for commit, entries in walk:
            if self._commit(commit.hash) is None:
                self._enter(commit)
                yield commit, [entry for entry in entries if self._is_mine(entry.path)]

    def _is_mine(self, path: str) -> bool:
        found = self._mine.get(path)
        if found is None:
            found = self._mine[path] = holds(self.revisions.paths, path)
        return found

    def _commit(self, commit: str) -> tuple[int, int] | None:
        """Number and stamp of a commit that is known."""
        found = self._known.get(commit)
        if found is None and not self.first:
            found = self.connection.execute(
                "SELECT number, stamp FROM revision WHERE hash = ?", (bytes.fromhex(commit),)
            ).fetchone()
            self._known[commit] = found
        return found

    def _enter(self, commit: Commit) -> None:
        """Give a commit its number and its stamp."""
        above = [self._commit(parent) for parent in commit.parents]
        stamp = max([commit.time, *[each[1] + 1 for each in above if each]])
        self.number += 1
        self._known[commit.hash] = self.number, stamp

    def _store(self, commit: Commit, changes: list[Change], touched: "list[Touch]") -> None:
        found = self._known[commit.hash]
        assert found
        number, stamp = found
        name = self._name
        self._revisions.append(
            (
                number,
                bytes.fromhex(commit.hash),
                stamp,
                commit.time,
                commit.date,
                name(commit.author),
                name(commit.email),
                commit.message,
            )
        )
        for place, parent in enumerate(commit.parents):
            known = self._commit(parent)
            if known:
                self._parents.append((number, place, known[0]))
        self.heads.difference_update(commit.parents)
        self.heads.add(commit.hash)
        place = 0
        for sub, (item, path, kind, field, old, new) in enumerate(changes):
            if kind == INITIAL:
                self._initial.append((name(field), number, place, sub, name(item), name(path), new))
                continue
            self._changes.append(
                (number, place, name(item), name(path), kind, name(field), old, new)
            )
            place += 1
        for place, (item, old_path, old_blob, path, blob) in enumerate(touched):
            self._touches.append(
                (
                    number,
                    place,
                    name(item),
                    name(old_path),
                    bytes.fromhex(old_blob) if old_blob else None,
                    name(path),
                    bytes.fromhex(blob) if blob else None,
                )
            )
        if len(self._revisions) + len(self._touches) > _ROWS:
            self._flush()

    def _name(self, text: str) -> int:
        """The number that stands for a text."""
        found = self._numbers.get(text)
        if found is None:
            found = None if self.first else number_of(self.connection, text)
            if found is None:
                found = self.names = self.names + 1
                self._texts.append((found, text))
            self._numbers[text] = found
        return found

    def _flush(self) -> None:
        """Write the rows that were gathered."""
        for table, rows in (
            ("name", self._texts),
            ("revision", self._revisions),
            ("parent", self._parents),
            ("change", self._changes),
            ("touch", self._touches),
            ("initial", self._initial),
        ):
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
                rows.clear()

    def _keep(self) -> None:
        """Keep what has been read so far, whatever comes."""
        self._flush()
        self.connection.execute("DELETE FROM head")
        self.connection.executemany("INSERT INTO head VALUES (?)", [(each,) for each in self.heads])
        self.revisions.database.unfinished()
        self.connection.execute("COMMIT")
        self.connection.execute("BEGIN IMMEDIATE")

    def _index(self) -> None:
        path = os.path.join(os.path.dirname(__file__), "lookups.sql")
        with open(path, encoding="utf-8") as handle:
            for statement in handle.read().split(";"):
                self.connection.execute(statement)

    def _before(self, blob: str, path: str) -> Task | None:
        """The readable state before a file was broken, of what was read earlier."""
        if self.first:
            return None
        for _ in range(100):
            sql = """SELECT t.old_blob, n.text FROM touch t JOIN name n ON n.number = t.old_path
                WHERE t.path = ? AND t.blob = ? AND t.old_blob IS NOT NULL"""
            row = self.connection.execute(sql, (self._name(path), bytes.fromhex(blob))).fetchone()
            if row is None:
                return None
            blob, path = row[0].hex(), row[1]
            task = next(self.revisions.versions.of([(blob, path)]))
            if task.fields:
                return task
        return None


def number_of(connection: Connection, text: str) -> int | None:
    """The number that stands for just this text in rows; None if none does."""
    sql = "SELECT number FROM name WHERE text = ? AND text = ? COLLATE BINARY"
    row = connection.execute(sql, (text, text)).fetchone()
    return int(row[0]) if row else None
