"""Reads git's history into the cache ``history``: new commits only, each content parsed once."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from plaintrack.config.values import holds
from plaintrack.model.change import Change, compare, pairs
from plaintrack.model.problem import Problem
from plaintrack.model.task import Step, Task
from plaintrack.store.commits import Entry
from plaintrack.store.files import LARGEST
from plaintrack.store.index.database import DAMAGED, Database, to_blame
from plaintrack.store.lock import Locked, exclusive
from plaintrack.store.place import COMMENTS
from plaintrack.store.refusals import GitFailed
from plaintrack.store.repo import Repo
from plaintrack.store.spread import Told, spread
from plaintrack.text.comment import said

_TIPS = 20
_CHUNK = 5000
PART = 250
INITIAL = "initial"
Parse = Callable[[str, bytes], Task]


class Revisions:
    """The history that one commit reaches, of the items below ``paths``."""

    def __init__(
        self,
        database: Database,
        repo: Repo,
        paths: Sequence[str],
        lists: frozenset[str],
        parse: Parse,
        tip: str,
        told: Told,
    ) -> None:
        """``lists`` are the fields that are sets; ``parse`` makes a Task of a path and its bytes.
        Reads what is new.
        """
        self.database, self.repo, self.paths, self.lists, self.parse, self.told = (
            database,
            repo,
            paths,
            lists,
            parse,
            told,
        )
        self.tip = tip
        self.connection = database.connection
        self._good: dict[tuple[str, str], Task] = {}  # the last readable state before (blob, path)
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
            with exclusive(database.lock, 60):
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
            self._revisions()
            found = self._reached()
            number = int(
                connection.execute("SELECT coalesce(max(used), 0) + 1 FROM tip").fetchone()[0]
            )
            data = found.to_bytes((found.bit_length() + 7) // 8, "little")
            connection.execute(
                "INSERT OR REPLACE INTO tip VALUES (?, ?, ?)", (self.tip, data, number)
            )
            connection.execute("DELETE FROM tip WHERE used <= ?", (number - _TIPS,))
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return found

    def _revisions(self) -> None:
        connection = self.connection
        known = [row[0] for row in connection.execute("SELECT hash FROM tip")]
        try:
            commits = list(self.repo.commits(self.tip, known))
        except GitFailed:  # a tip that git has thrown away since
            commits = list(self.repo.commits(self.tip))
        stamps: dict[str, tuple[int, int]] = {}
        following = int(
            connection.execute("SELECT coalesce(max(number), 0) + 1 FROM revision").fetchone()[0]
        )
        fresh = []
        for commit in commits:
            if self._known(commit.hash, stamps):
                continue
            above = [self._known(parent, stamps) for parent in commit.parents]
            stamp = max([commit.time, *(each[1] + 1 for each in above if each)])
            stamps[commit.hash] = (following, stamp)
            connection.execute(
                "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    following,
                    commit.hash,
                    stamp,
                    commit.time,
                    commit.date,
                    commit.author,
                    commit.email,
                    commit.message,
                ),
            )
            rows = [(following, place, each[0]) for place, each in enumerate(above) if each]
            connection.executemany("INSERT INTO parent VALUES (?, ?, ?)", rows)
            fresh.append(commit.hash)
            following += 1
        if fresh:
            self._changes(fresh, stamps)

    def _known(self, commit: str, stamps: dict[str, tuple[int, int]]) -> tuple[int, int] | None:
        if commit not in stamps:
            row = self.connection.execute(
                "SELECT number, stamp FROM revision WHERE hash = ?", (commit,)
            ).fetchone()
            if row is None:
                return None
            stamps[commit] = (row[0], row[1])
        return stamps[commit]

    def _reached(self) -> int:
        """The numbers of all revisions that the tip reaches, as bits."""
        row = self.connection.execute(
            "SELECT number FROM revision WHERE hash = ?", (self.tip,)
        ).fetchone()
        stored = {
            number: bytes(reach)
            for number, reach in self.connection.execute(
                "SELECT r.number, t.reach FROM tip t JOIN revision r ON r.hash = t.hash"
            )
        }
        found, seen, waiting = 0, set[int](), [int(row[0])]
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

    def _changes(self, commits: list[str], stamps: dict[str, tuple[int, int]]) -> None:
        chunk: list[tuple[str, list[Entry]]] = []
        for commit, entries in self.repo.changes(commits, self.paths):
            mine = [entry for entry in entries if holds(self.paths, entry.path)]
            if mine:
                chunk.append((commit, mine))
            if len(chunk) >= _CHUNK:
                self._store(chunk, stamps)
                chunk = []
        self._store(chunk, stamps)

    def _store(
        self, chunk: list[tuple[str, list[Entry]]], stamps: dict[str, tuple[int, int]]
    ) -> None:
        wanted = (
            (blob, entry.path)
            for _, entries in chunk
            for entry in entries
            for blob in (*entry.old, entry.new)
            if blob
        )
        tasks = self._versions(list(dict.fromkeys(wanted)))
        changes, touched = [], []
        for commit, entries in chunk:
            number = stamps[commit][0]
            found, files = self._happened(entries, tasks)
            changes += [(number, *change) for change in found]
            touched += [(number, *file) for file in files]
        self.connection.executemany(
            "INSERT INTO change (revision, item, path, kind, field, old, new) VALUES (?, ?, ?, ?,"
            " ?, ?, ?)",
            changes,
        )
        self.connection.executemany("INSERT INTO touch VALUES (?, ?, ?, ?, ?, ?)", touched)

    def tasks(self, tree: list[tuple[str, str]]) -> list[Task]:
        """The Tasks of the (path, blob) of a tree in the history."""
        known = [(path, blob, self.stored(blob, path)) for path, blob in tree]
        lacking = dict(
            self.repo.blobs((blob for _, blob, task in known if task is None), LARGEST + 1)
        )
        return [
            task or (self.parse(path, lacking[blob]) if blob in lacking else _missing(path))
            for path, blob, task in known
        ]

    def _versions(self, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], Task]:
        """The Task of each (blob, path), parsed only if it never was; in the order of history, in
        which git finds them quickest.
        """
        tasks = {key: task for key in wanted if (task := self.stored(*key)) is not None}
        paths: dict[str, list[str]] = {}
        for blob, path in wanted:
            if (blob, path) in tasks:
                continue
            paths.setdefault(blob, []).append(path)
        jobs = list(paths.items())
        parts = [jobs[start : start + PART] for start in range(0, len(jobs), PART)]
        sql = (
            "INSERT OR IGNORE INTO version (blob, path, item, data, body, problem) VALUES (?, ?, ?,"
            " ?, ?, ?)"
        )
        for part in spread(self._parsed, parts, self.told):
            self.connection.executemany(sql, [row[:6] for row in part])
            for blob, path, item, _, body, problem, fields, steps in part:
                problems = (Problem("unreadable", path, problem),) if problem else ()
                tasks[blob, path] = Task(
                    path, item, fields, body, tuple(Step(*each) for each in steps), problems
                )
        return tasks

    def _parsed(self, jobs: list[tuple[str, list[str]]]) -> list[tuple[Any, ...]]:
        """(blob, path, id, JSON of the fields, body, problem, fields, steps) of each path of each
        blob, of plain values only.
        """
        paths = dict(jobs)
        found: list[tuple[Any, ...]] = []
        for blob, data in self.repo.blobs(paths, LARGEST + 1):
            for path in paths[blob]:
                task = self.parse(path, data)
                fields = dict(task.fields)
                text = json.dumps(fields, ensure_ascii=False) if fields else None
                problem = task.problems[0].message if task.problems and not fields else ""
                found.append(
                    (
                        blob,
                        path,
                        task.id,
                        text,
                        task.body,
                        problem,
                        fields,
                        [tuple(step) for step in task.steps],
                    )
                )
        return found

    def stored(self, blob: str, path: str) -> Task | None:
        """The Task of a content that was parsed before."""
        from plaintrack.text.markdown import steps

        sql = "SELECT item, data, body, problem FROM version WHERE blob = ? AND path = ?"
        row = self.connection.execute(sql, (blob, path)).fetchone()
        if row is None:
            return None
        item, data, body, problem = row
        if data is None:
            return Task(path, "", {}, problems=(Problem("unreadable", path, problem),))
        fields = {
            name: value if isinstance(value, str) else tuple(value)
            for name, value in json.loads(data).items()
        }
        return Task(path, item, fields, body, steps(body))

    def _happened(
        self, entries: list[Entry], tasks: dict[tuple[str, str], Task]
    ) -> tuple[list[Change], list[tuple[str, ...]]]:
        """The Changes of one commit, of a merge only those against every parent; and the touched
        files of items.
        """
        comments = [entry for entry in entries if _comment(entry.path)]
        spoken: list[Change] = []
        for entry in _without_moves(comments):
            spoken += self._comment(entry, tasks)
        items = [entry for entry in entries if not _comment(entry.path)]
        if not items:
            return spoken, []
        sides = [self._against(items, side, tasks) for side in range(len(items[0].old))]
        changes, files = sides[0]
        if len(sides) > 1:
            marks = [{_mark(change) for change in against} for against, _ in sides]
            common = set.intersection(*marks)
            changes = [change for change in changes if _mark(change) in common]
        return [*spoken, *changes], files

    def _against(
        self, entries: list[Entry], side: int, tasks: dict[tuple[str, str], Task]
    ) -> tuple[list[Change], list[tuple[str, ...]]]:
        blobs = {}
        old, new = [], []
        for entry in entries:
            if entry.old[side]:
                old.append(task := tasks.get((entry.old[side], entry.path)) or _missing(entry.path))
                blobs[id(task)] = entry.old[side]
            if entry.new:
                new.append(task := tasks.get((entry.new, entry.path)) or _missing(entry.path))
                blobs[id(task)] = entry.new
        changes: list[Change] = []
        files: list[tuple[str, ...]] = []
        for before, after in pairs(old, new):
            changes += self._compared(before, after, blobs)
            item = after.id if after else ""
            if not item and before:
                item = before.id
            places = [
                (task.path, blobs[id(task)]) if task else ("", "") for task in (before, after)
            ]
            files.append((item, *places[0], *places[1]))
        return changes, files

    def _compared(
        self, before: Task | None, after: Task | None, blobs: dict[int, str]
    ) -> Iterator[Change]:
        good = before
        if before is not None and not before.fields:
            good = self._last_good(blobs[id(before)], before.path)
        if after is not None and not after.fields:
            if good is not None:
                self._good[blobs[id(after)], after.path] = good
                yield from compare(before, after, self.lists)
            return
        if after is not None and good is None:
            for name in after.fields:
                yield from (
                    Change(after.id, after.path, INITIAL, name, new=value)
                    for value in after.many(name)
                )
        elif after is not None and good is not before:
            yield Change(after.id, after.path, "mended")
        yield from compare(good, after, self.lists)

    def _last_good(self, blob: str, path: str) -> Task | None:
        """The readable state before a file was broken."""
        for _ in range(100):
            if (blob, path) in self._good:
                return self._good[blob, path]
            sql = (
                "SELECT old_blob, old_path FROM touch WHERE blob = ? AND path = ? AND old_blob"
                " <> ''"
            )
            row = self.connection.execute(sql, (blob, path)).fetchone()
            if row is None:
                return None
            blob, path = row
            task = self.stored(blob, path)
            if task is not None and task.fields:
                return task
        return None

    def _comment(self, entry: Entry, tasks: dict[tuple[str, str], Task]) -> Iterator[Change]:
        if len(entry.old) > 1:
            return  # a merge does not speak
        old, new = (
            _words(tasks.get((blob, entry.path))) if blob else ""
            for blob in (entry.old[0], entry.new)
        )
        yield Change(entry.path.split("/")[1], entry.path, "commented", old=old, new=new)


def _comment(path: str) -> bool:
    return path.startswith(COMMENTS + "/") and path.count("/") == 2


def _missing(path: str) -> Task:
    return Task(
        path, "", {}, problems=(Problem("unreadable", path, "its contents are not in this clone"),)
    )


def _words(task: Task | None) -> str:
    """The first line of a comment, shortened."""
    line = said(task)
    return line if len(line) <= 80 else f"{line[:79]}…"


def _mark(change: Change) -> tuple[str, ...]:
    """What must be the same for a merge to have made a Change itself."""
    if change.kind == "body":
        return (change.id.lower(), "body")
    return (change.id.lower(), change.kind, change.field, change.new or change.old)


def _without_moves(comments: list[Entry]) -> list[Entry]:
    """The Entries of comments, but of those that went along with an item to its new id."""
    went = {(_name(each), each.old[0]) for each in comments if not each.new}
    came = {(_name(each), each.new) for each in comments if not each.old[0]}
    moved = went & came
    return [each for each in comments if (_name(each), each.new or each.old[0]) not in moved]


def _name(entry: Entry) -> str:
    return entry.path.rpartition("/")[2]
