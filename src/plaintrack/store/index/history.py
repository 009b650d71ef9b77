"""What can be asked of git's history: which changes there were, and where a value comes from."""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from plaintrack.model.change import Change
from plaintrack.store.index.revisions import INITIAL, Revisions


class Event(NamedTuple):
    """A Change and its commit: when (ISO, the author's), by whom, in which words, and when it was
    committed (Unix seconds).
    """

    change: Change
    commit: str
    date: str
    author: str
    email: str
    subject: str
    time: int = 0


class Touched(NamedTuple):
    """The file of an item before and after a commit: paths and blobs, empty where it was not."""

    old_path: str
    old_blob: str
    path: str
    blob: str


class Look(NamedTuple):
    """What events to look for: of items, of a field, by authors (names or e-mails, lower case),
    within commit times (Unix seconds).
    """

    items: tuple[str, ...] = ()
    field: str = ""
    by: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    initial: bool = False


LATEST = 1 << 62
"""A stamp after all commits: that of what is not committed."""


def _within(spans: dict[str, tuple[int, int]], item: str, stamp: int) -> bool:
    """Whether a stamp lies in the time in which an id was the item's: after the first, before the
    second.
    """
    low, high = spans[item.lower()]
    return low < stamp < high


def _terms(look: Look, ids: Sequence[str]) -> tuple[list[str], list[object]]:
    """What a look asks for in SQL, with its values; ``ids`` are those its items ever had."""
    terms, values = ["1"], list[object]()
    if not look.initial:
        terms.append(f"c.kind <> '{INITIAL}'")
    if look.items:
        terms.append("c.item IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(ids))
    if look.field:
        terms.append("c.field = ?")
        values.append(look.field)
    if look.since is not None:
        terms.append("r.time >= ?")
        values.append(look.since)
    if look.until is not None:
        terms.append("r.time < ?")
        values.append(look.until)
    return terms, values


class History(Revisions):
    """The history that one commit reaches, of the items below ``paths``.

    ``pending`` are the (old, new) ids of items that got another since the last commit, ``present``
    the folded ids of those here.
    """

    pending: Sequence[tuple[str, str]] = ()
    present: frozenset[str] = frozenset()

    @cached_property
    def _renumbered(self) -> list[tuple[int, str, str]]:
        """(stamp, old id, new id) of each item that got another id, the latest first."""
        sql = """SELECT r.number, r.stamp, c.old, c.new
            FROM change c JOIN revision r ON r.number = c.revision
            WHERE c.field = 'id' AND c.kind = 'set' AND c.old <> ''
            ORDER BY r.stamp DESC, r.hash DESC"""
        committed = [row[1:] for row in self.connection.execute(sql) if self.reach >> row[0] & 1]
        return [*((LATEST, old, new) for old, new in self.pending), *committed]

    def names(self, item: str) -> list[tuple[str, int, int]]:
        """The ids that an item had, each with the stamps (after, up to) between which it was the
        item's; its present one first.

        An id that another item had before is this one's only since that one got another.
        """
        found: list[tuple[str, int, int]] = []
        current, until = item.lower(), LATEST + 1
        for _ in range(100):
            moves = [
                (stamp, old.lower(), new.lower())
                for stamp, old, new in self._renumbered
                if stamp < until
            ]
            left = next((stamp for stamp, old, _ in moves if old == current), -1)
            came = next(((stamp, old) for stamp, old, new in moves if new == current), None)
            since = left if left >= 0 and (found or self._later(current, left)) else -1
            if came is None or came[0] <= since:
                found.append((current, since, until))
                break
            found.append((current, came[0] - 1, until))
            until, current = came
        return found

    def _later(self, item: str, stamp: int) -> bool:
        """Whether there is an item of that id after another gave it up."""
        if item in self.present:
            return True
        sql = (
            "SELECT r.number FROM touch t JOIN revision r ON r.number = t.revision WHERE t.item = ?"
            " AND r.stamp > ?"
        )
        return any(
            self.reach >> number & 1 for (number,) in self.connection.execute(sql, (item, stamp))
        )

    def events(self, look: Look) -> Iterator[Event]:
        """The Events looked for, the latest first."""
        spans: dict[str, tuple[int, int]] = {}
        if self._renumbered:
            for item in look.items:
                spans.update({name: (low, high) for name, low, high in self.names(item)})
        terms, values = _terms(look, [*look.items, *spans])
        # Few changes are sorted; many are read commit by commit, since the first are perhaps all
        # that is wanted.
        few = look.items or look.field
        tables = "change c JOIN revision r" if few else "revision r CROSS JOIN change c"
        sql = (
            "SELECT r.number, r.stamp, c.item, c.path, c.kind, c.field, c.old, c.new, r.hash,"
            f" r.date, r.author, r.email, r.message, r.time FROM {tables} ON r.number = c.revision"
            f" WHERE {' AND '.join(terms)} ORDER BY r.stamp DESC, r.hash DESC, c.number"
        )
        reach = self.reach
        for (
            number,
            stamp,
            *change,
            commit,
            date,
            author,
            email,
            message,
            time,
        ) in self.connection.execute(sql, values):
            if spans and not _within(spans, change[0], stamp):
                continue
            if not reach >> number & 1:
                continue
            if look.by and look.by.isdisjoint((author.lower(), email.lower())):
                continue
            subject = message.partition("\n")[0]
            yield Event(Change(*change), commit, date, author, email, subject, time)

    def touched(self, commit: str, item: str) -> list[Touched]:
        """The files of an item that a commit touched."""
        sql = """SELECT t.old_path, t.old_blob, t.path, t.blob
            FROM touch t JOIN revision r ON r.number = t.revision
            WHERE r.hash = ? AND t.item = ?"""
        return [Touched(*row) for row in self.connection.execute(sql, (commit, item))]

    def values(self, item: str, field: str) -> list[tuple[tuple[str, ...], int]]:
        """The values that led to the present one, the oldest first, each with the revision that set
        it.

        At a merge the line of the parent that has the merge's value is followed, as ``git log``
        follows an unchanged parent; what a merge discarded is not in it. While the file could not
        be read, the value is what it was before.
        """
        files = self._files(item)
        origins, parents = self._origins(files)

        def above(number: int) -> list[int]:
            return [
                each
                for parent in parents.get(number, ())
                if (each := origins.get(parent)) is not None
            ]

        def value(number: int | None) -> tuple[str, ...]:
            while number is not None:
                found = self._value(files, number, field)
                if found is not None:
                    return found
                number = next(iter(above(number)), None)
            return ()

        at = origins.get(self._number())
        found: list[tuple[tuple[str, ...], int]] = []
        while at is not None:
            before = above(at)
            same = next((each for each in before if value(each) == value(at)), None)
            if same is None and (before or value(at)):
                found.append((value(at), at))
            at = same or next(iter(before), None)
        return found[::-1]

    def _number(self) -> int:
        return int(
            self.connection.execute(
                "SELECT number FROM revision WHERE hash = ?", (self.tip,)
            ).fetchone()[0]
        )

    def _files(self, item: str) -> dict[int, tuple[str, str]]:
        """Revision → (path, blob) after it, of the revisions that touched the item."""
        spans = {each: (low, high) for each, low, high in self.names(item)}
        sql = """SELECT t.revision, t.item, r.stamp, t.path, t.blob
            FROM touch t JOIN revision r ON r.number = t.revision
            WHERE t.item IN (SELECT value FROM json_each(?)) ORDER BY t.blob <> ''"""
        rows = self.connection.execute(sql, (json.dumps(list(spans)),))
        return {
            number: (path, blob)
            for number, name, stamp, path, blob in rows
            if self.reach >> number & 1 and _within(spans, name, stamp)
        }

    def _origins(
        self, files: dict[int, tuple[str, str]]
    ) -> tuple[dict[int, int | None], dict[int, list[int]]]:
        """Revision → the revision that made the item's file what it is there; and the parents of
        each revision, in their order.
        """
        parents: dict[int, list[int]] = {}
        for child, parent in self.connection.execute(
            "SELECT revision, parent FROM parent ORDER BY revision, place"
        ):
            parents.setdefault(child, []).append(parent)
        origins: dict[int, int | None] = {}
        reach = self.reach
        for (number,) in self.connection.execute(
            "SELECT number FROM revision ORDER BY stamp, hash"
        ):
            if number in files:
                origins[number] = number
            elif reach >> number & 1:
                above = parents.get(number, ())
                found = {origins.get(parent) for parent in above}
                if len(found) > 1:
                    origins[number] = self._taken(number, found, files)
                else:
                    origins[number] = found.pop() if found else None
        return origins, parents

    def _taken(
        self, merge: int, candidates: set[int | None], files: dict[int, tuple[str, str]]
    ) -> int | None:
        """Which of the parents' files a merge took."""
        commit = self.connection.execute(
            "SELECT hash FROM revision WHERE number = ?", (merge,)
        ).fetchone()[0]
        there = [
            (each, *files[each]) for each in sorted(filter(None, candidates)) if files[each][1]
        ]
        blobs = self.repo.blob_ids([(commit, path) for _, path, _ in there])
        return next(
            (each for (each, _, blob), found in zip(there, blobs, strict=True) if found == blob),
            None,
        )

    def _value(
        self, files: dict[int, tuple[str, str]], number: int, field: str
    ) -> tuple[str, ...] | None:
        """The value of a field after a revision; None where the file cannot be read."""
        path, blob = files[number]
        if not blob:
            return ()
        task = self.stored(blob, path)
        return task.many(field) if task is not None and task.fields else None

    def revision(self, number: int) -> Event:
        """A revision as an Event without a Change."""
        sql = "SELECT hash, date, author, email, message, time FROM revision WHERE number = ?"
        commit, date, author, email, message, time = self.connection.execute(
            sql, (number,)
        ).fetchone()
        return Event(
            Change("", "", ""), commit, date, author, email, message.partition("\n")[0], time
        )

    def ids(self) -> list[str]:
        """Every id that an item ever had."""
        return [
            row[0]
            for row in self.connection.execute("SELECT DISTINCT item FROM change WHERE item <> ''")
        ]

    def naming(self, item: str) -> Iterator[Event]:
        """The commits whose message names an item outside of its trailers, the latest first."""
        import re

        word = re.compile(rf"(?<![\w.-]){re.escape(item)}(?![\w-])", re.IGNORECASE)
        sql = (
            "SELECT number, hash, date, author, email, message, time FROM revision WHERE"
            " instr(lower(message), ?) ORDER BY stamp DESC, hash DESC"
        )
        for number, commit, date, author, email, message, time in self.connection.execute(
            sql, (item.lower(),)
        ):
            lines = [line for line in message.splitlines() if not line.startswith("Item: ")]
            if self.reach >> number & 1 and word.search("\n".join(lines)):
                yield Event(
                    Change(item, "", "named"),
                    commit,
                    date,
                    author,
                    email,
                    lines[0] if lines else "",
                    time,
                )

    def steps(self, item: str) -> list[tuple[int, str, str, str]]:
        """(revision, path before, path after, blob) of each file that had this id in a commit, the
        oldest first; empty: not there.
        """
        sql = """SELECT t.revision, t.old_path, t.path, t.blob
            FROM touch t JOIN revision r ON r.number = t.revision
            WHERE t.item = ? ORDER BY r.stamp, r.hash, t.path"""
        return [row for row in self.connection.execute(sql, (item,)) if self.reach >> row[0] & 1]

    def spoken(self) -> dict[str, str]:
        """Path of every comment → the author's date of the last commit that changed it."""
        sql = """SELECT c.path, r.number, r.date
            FROM change c JOIN revision r ON r.number = c.revision
            WHERE c.kind = 'commented' ORDER BY r.stamp, r.hash"""
        return {
            path: date
            for path, number, date in self.connection.execute(sql)
            if self.reach >> number & 1
        }

    def days(self) -> dict[str, str]:
        """Path → the author's date of the last commit that touched it."""
        sql = (
            "SELECT t.path, r.number, r.date FROM touch t JOIN revision r ON r.number = t.revision"
            " WHERE t.path <> '' ORDER BY r.stamp, r.hash"
        )
        return {
            path: date
            for path, number, date in self.connection.execute(sql)
            if self.reach >> number & 1
        }
