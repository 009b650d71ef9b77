"""What can be asked of git's history: which changes there were, and where a value comes from."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from plaintrack.model.change import Change
from plaintrack.model.task import Task, fold
from plaintrack.store.index.database import READING, UNUSABLE
from plaintrack.store.index.revisions import Revisions, number_of
from plaintrack.store.lock import Locked, exclusive


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


Place = tuple[int, bytes]
"""Where a revision stands in the order of history: its stamp, and its hash among equal ones."""


class Look(NamedTuple):
    """What events to look for: of items, of a field, by authors (names or e-mails, lower case),
    within commit times (Unix seconds), of some commits (None: of all that are reached).
    """

    items: tuple[str, ...] = ()
    field: str = ""
    by: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    initial: bool = False
    commits: Sequence[str] | None = None


_KEPT = 5000  # parsed files
_CREATED = """SELECT c.revision, c.place, c.item, c.path, p.text, t.blob
    FROM change c CROSS JOIN touch t INDEXED BY touch_path
    ON t.path = c.path AND t.revision = c.revision
    CROSS JOIN name p ON p.number = c.path
    WHERE c.kind = 'created' AND c.revision > ? AND NOT EXISTS
    (SELECT 1 FROM parent q WHERE q.revision = c.revision AND q.place > 0)"""
"""The files of new items, but of those that a merge made."""

LATEST = 1 << 62
"""A stamp after all commits: that of what is not committed."""


def _within(spans: dict[str, tuple[int, int]], item: str, stamp: int) -> bool:
    """Whether a stamp lies in the time in which an id was the item's: after the first, before the
    second.
    """
    low, high = spans[item.lower()]
    return low < stamp < high


_NAMED = "SELECT number FROM name WHERE text IN (SELECT value FROM json_each(?))"
"""The numbers of ids, in any case."""
_TEXTS = """CROSS JOIN name i ON i.number = c.item CROSS JOIN name p ON p.number = c.path
    CROSS JOIN name f ON f.number = c.field"""
_AUTHORS = """CROSS JOIN name a ON a.number = r.author CROSS JOIN name e ON e.number = r.email"""
_VALUES = """(SELECT revision, place, 1 AS sub, item, path, kind, field, old, new FROM change
    UNION ALL SELECT revision, place, sub - 1000000, item, path, 'initial', field, '', new
    FROM initial)"""
"""Changes, and before that of a new item those of its fields."""


def _terms(look: Look, ids: Sequence[str], field: int) -> tuple[list[str], list[object]]:
    """What a look asks for in SQL, with its values; ``ids`` are those its items ever had, ``field``
    the number of its field.
    """
    terms, values = ["1"], list[object]()
    if look.items:
        terms.append(f"c.item IN ({_NAMED})")
        values.append(json.dumps(ids))
    if look.field:
        terms.append("c.field = ?")
        values.append(field)
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

    low = 0
    pending: Sequence[tuple[str, str]] = ()
    present: frozenset[str] = frozenset()

    def beyond(self, commit: str) -> None:
        """Leave out what another commit reaches, if that is known here: only what is new is read
        then.
        """
        self.reach &= ~self.reached(commit)
        self.low = (self.reach & -self.reach).bit_length() - 1 if self.reach else LATEST

    def involved(
        self, items: Iterable[str], names: Iterable[str], kinds: Iterable[str]
    ) -> set[str]:
        """Those of the ids, folded, of items that someone of these names or e-mails (lower case)
        made (``kinds``: ``created``) or said something on (``commented``).
        """
        sql = f"""SELECT DISTINCT i.text FROM change c JOIN revision r ON r.number = c.revision
            JOIN name i ON i.number = c.item {_AUTHORS}
            WHERE c.item IN ({_NAMED}) AND c.kind IN (SELECT value FROM json_each(?))
            AND (lower(a.text) IN (SELECT value FROM json_each(?))
            OR lower(e.text) IN (SELECT value FROM json_each(?)))"""
        people = json.dumps(list(names))
        rows = self.connection.execute(
            sql, (json.dumps(list(items)), json.dumps(list(kinds)), people, people)
        )
        return {fold(row[0]) for row in rows}

    @cached_property
    def _renumbered(self) -> list[tuple[int, str, str]]:
        """(stamp, old id, new id) of each item that got another id, the latest first."""
        sql = """SELECT r.number, r.stamp, c.old, c.new
            FROM change c JOIN revision r ON r.number = c.revision
            WHERE c.field = ? AND c.field <> 0 AND c.kind = 'set' AND c.old <> ''
            ORDER BY r.stamp DESC, r.hash DESC"""
        rows = self.connection.execute(sql, (number_of(self.connection, "id"),))
        committed = [row[1:] for row in rows if self.reach >> row[0] & 1]
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
        sql = """SELECT r.number FROM touch t JOIN revision r ON r.number = t.revision
            WHERE t.item IN (SELECT number FROM name WHERE text = ?) AND r.stamp > ?"""
        return any(
            self.reach >> number & 1 for (number,) in self.connection.execute(sql, (item, stamp))
        )

    def events(self, look: Look) -> Iterator[Event]:
        """The Events looked for, the latest first."""
        return (event for _, event in self.placed(look))

    def placed(self, look: Look) -> Iterator[tuple[Place, Event]]:
        """The Events looked for with their places, the latest first."""
        spans: dict[str, tuple[int, int]] = {}
        if self._renumbered:
            for item in look.items:
                spans.update({name: (low, high) for name, low, high in self.names(item)})
        if look.initial:
            self._derive()
        field = number_of(self.connection, look.field) or 0
        if look.field and not field:
            return
        terms, values = _terms(look, [*look.items, *spans], field)
        if self.low:
            terms.append(f"r.number >= {self.low}")
        if look.commits is not None:
            numbers = ", ".join(str(self._number_of(commit)) for commit in look.commits)
            terms.append(f"c.revision IN ({numbers})")
        table, within = (_VALUES, "c.place, c.sub") if look.initial else ("change", "c.place")
        # Few changes are sorted; many are read commit by commit, since the first are perhaps all
        # that is wanted.
        few = look.items or look.field or look.commits is not None
        tables = f"{table} c JOIN revision r" if few else f"revision r CROSS JOIN {table} c"
        sql = (
            "SELECT r.number, r.stamp, i.text, p.text, c.kind, f.text, c.old, c.new, r.hash,"
            f" r.date, a.text, e.text, r.message, r.time FROM {tables} ON r.number = c.revision"
            f" {_TEXTS} {_AUTHORS}"
            f" WHERE {' AND '.join(terms)} ORDER BY r.stamp DESC, r.hash DESC, {within}"
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
            event = Event(Change(*change), commit.hex(), date, author, email, subject, time)
            yield (stamp, commit), event

    def merges(self, commit: str) -> bool:
        """Whether a commit is a merge."""
        sql = """SELECT 1 FROM parent p JOIN revision r ON r.number = p.revision
            WHERE r.hash = ? AND p.place > 0"""
        return self.connection.execute(sql, (bytes.fromhex(commit),)).fetchone() is not None

    def touched(self, commit: str, item: str) -> list[Touched]:
        """The files of an item that a commit touched."""
        sql = """SELECT o.text, t.old_blob, p.text, t.blob
            FROM revision r JOIN touch t ON t.revision = r.number
            JOIN name o ON o.number = t.old_path JOIN name p ON p.number = t.path
            WHERE r.hash = ? AND t.item IN (SELECT number FROM name WHERE text = ?)"""
        return [
            Touched(old_path, _hex(old_blob), path, _hex(blob))
            for old_path, old_blob, path, blob in self.connection.execute(
                sql, (bytes.fromhex(commit), item)
            )
        ]

    def values(self, item: str, field: str) -> list[tuple[tuple[str, ...], int]]:
        """The values that led to the present one, the oldest first, each with the revision that set
        it.

        At a merge the line of the parent that has the merge's value is followed, as ``git log``
        follows an unchanged parent; what a merge discarded is not in it. While the file could not
        be read, the value is what it was before.
        """
        line = Line(self, item)
        at = line.origins.get(self._number_of(self.tip))
        found: list[tuple[tuple[str, ...], int]] = []
        while at is not None:
            before = line.above(at)
            value = line.value(at, field)
            same = next((each for each in before if line.value(each, field) == value), None)
            if same is None and (before or value):
                found.append((value, at))
            at = same or next(iter(before), None)
        return found[::-1]

    def files(self, item: str) -> dict[int, tuple[str, str]]:
        """Revision → (path, blob) after it, of the revisions that touched the item."""
        spans = {each: (low, high) for each, low, high in self.names(item)}
        sql = f"""SELECT t.revision, i.text, r.stamp, p.text, t.blob
            FROM touch t JOIN revision r ON r.number = t.revision
            JOIN name i ON i.number = t.item JOIN name p ON p.number = t.path
            WHERE t.item IN ({_NAMED}) ORDER BY t.blob IS NOT NULL, t.revision, t.place"""
        rows = self.connection.execute(sql, (json.dumps(list(spans)),))
        return {
            number: (path, _hex(blob))
            for number, name, stamp, path, blob in rows
            if self.reach >> number & 1 and _within(spans, name, stamp)
        }

    def origins(self, files: dict[int, tuple[str, str]]) -> dict[int, int | None]:
        """Revision → the revision that made the item's file what it is there."""
        parents = self.parents
        origins: dict[int, int | None] = {}
        reach = self.reach
        for number in self._order:
            if number in files:
                origins[number] = number
            elif reach >> number & 1:
                above = parents.get(number, ())
                found = {origins.get(parent) for parent in above}
                if len(found) > 1:
                    origins[number] = self._taken(number, found, files)
                else:
                    origins[number] = found.pop() if found else None
        return origins

    @cached_property
    def parents(self) -> dict[int, list[int]]:
        """The parents of each revision, in their order."""
        found: dict[int, list[int]] = {}
        for child, parent in self.connection.execute(
            "SELECT revision, parent FROM parent ORDER BY revision, place"
        ):
            found.setdefault(child, []).append(parent)
        return found

    @cached_property
    def _order(self) -> list[int]:
        """All revisions, parents before children."""
        sql = "SELECT number FROM revision ORDER BY stamp, hash"
        return [row[0] for row in self.connection.execute(sql)]

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
        blobs = self.repo.blob_ids([(commit.hex(), path) for _, path, _ in there])
        return next(
            (each for (each, _, blob), found in zip(there, blobs, strict=True) if found == blob),
            None,
        )

    @cached_property
    def parsed(self) -> dict[tuple[str, str], Task]:
        """(blob, path) → Task of those that were asked for."""
        return {}

    def parse_all(self, files: Iterable[tuple[str, str]]) -> None:
        """Parse these (path, blob), all in one go."""
        places = dict.fromkeys((blob, path) for path, blob in files if blob)
        lacking = [each for each in places if each not in self.parsed]
        if lacking:
            if len(self.parsed) > _KEPT:
                self.parsed.clear()
                lacking = list(places)
            for place, task in zip(lacking, self.versions.of(lacking), strict=True):
                self.parsed[place] = task

    def revision(self, number: int) -> Event:
        """A revision as an Event without a Change."""
        sql = f"""SELECT r.hash, r.date, a.text, e.text, r.message, r.time
            FROM revision r {_AUTHORS} WHERE r.number = ?"""
        commit, date, author, email, message, time = self.connection.execute(
            sql, (number,)
        ).fetchone()
        return Event(
            Change("", "", ""),
            commit.hex(),
            date,
            author,
            email,
            message.partition("\n")[0],
            time,
        )

    def ids(self) -> list[str]:
        """Every id that an item ever had."""
        sql = "SELECT text FROM name WHERE number IN (SELECT item FROM change WHERE item <> 0)"
        return [row[0] for row in self.connection.execute(sql)]

    def naming(self, item: str) -> Iterator[Event]:
        """The commits whose message names an item outside of its trailers, the latest first."""
        import re

        word = re.compile(rf"(?<![\w.-]){re.escape(item)}(?![\w-])", re.IGNORECASE)
        sql = f"""SELECT r.number, r.hash, r.date, a.text, e.text, r.message, r.time
            FROM revision r {_AUTHORS}
            WHERE instr(lower(r.message), ?) ORDER BY r.stamp DESC, r.hash DESC"""
        for number, commit, date, author, email, message, time in self.connection.execute(
            sql, (item.lower(),)
        ):
            lines = [line for line in message.splitlines() if not line.startswith("Item: ")]
            if self.reach >> number & 1 and word.search("\n".join(lines)):
                yield Event(
                    Change(item, "", "named"),
                    commit.hex(),
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
        sql = """SELECT t.revision, o.text, p.text, t.blob
            FROM touch t JOIN revision r ON r.number = t.revision
            JOIN name o ON o.number = t.old_path JOIN name p ON p.number = t.path
            WHERE t.item IN (SELECT number FROM name WHERE text = ?)
            ORDER BY r.stamp, r.hash, p.text COLLATE BINARY"""
        return [
            (number, old_path, path, _hex(blob))
            for number, old_path, path, blob in self.connection.execute(sql, (item,))
            if self.reach >> number & 1
        ]

    def spoken(self) -> dict[str, str]:
        """Path of every comment → the author's date of the last commit that changed it."""
        sql = """SELECT p.text, r.number, r.date
            FROM change c JOIN revision r ON r.number = c.revision
            JOIN name p ON p.number = c.path
            WHERE c.kind = 'commented' ORDER BY r.stamp, r.hash"""
        return {
            path: date
            for path, number, date in self.connection.execute(sql)
            if self.reach >> number & 1
        }

    def days(self) -> dict[str, str]:
        """Path → the author's date of the last commit that touched it."""
        sql = """SELECT t.path, r.number, r.date
            FROM revision r CROSS JOIN touch t ON t.revision = r.number
            WHERE t.path <> 0 ORDER BY r.stamp, r.hash"""
        found = {
            path: date
            for path, number, date in self.connection.execute(sql)
            if self.reach >> number & 1
        }
        texts = dict(self.connection.execute("SELECT number, text FROM name"))
        return {texts[path]: date for path, date in found.items()}

    def _derive(self) -> None:
        """Have the first values of items among what can be asked for; they are read once, and kept
        where the cache can be written.
        """
        latest = "SELECT max(number), (SELECT until FROM derived) FROM revision"
        last, until = self.connection.execute(latest).fetchone()
        if until >= last or self._derived():
            return
        if self.database.path is not None:
            self.connection = self.database.connection = self.database.leave(self.connection)
        self._read_initial()

    def _derived(self) -> bool:
        """Read them into the cache, if it can be written now."""
        database = self.database
        if database.path is None:
            return False
        try:
            with exclusive(database.lock, READING):
                if not database.sealed():
                    return False
                self._read_initial()
                database.seal()
        except (Locked, OSError, UNUSABLE):
            return False
        return True

    def _read_initial(self) -> None:
        """Read the first values of items that came since they were read last; those of merges are
        known.
        """
        connection = self.connection
        connection.execute("BEGIN")
        try:
            (until,) = connection.execute("SELECT until FROM derived").fetchone()
            created = connection.execute(_CREATED, (until,)).fetchall()
            tasks = self.versions.of([(row[-1].hex(), row[-2]) for row in created])
            connection.executemany(
                "INSERT INTO initial VALUES (?, ?, ?, ?, ?, ?, ?)", self._initial(created, tasks)
            )
            connection.execute("UPDATE derived SET until = (SELECT max(number) FROM revision)")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _initial(
        self, created: Iterable[tuple[Any, ...]], tasks: Iterable[Task]
    ) -> Iterator[tuple[object, ...]]:
        """The rows of the first values of new items."""
        from plaintrack.store.index.happened import initial

        fields: dict[str, int] = {}
        for (revision, place, item, path, _, _), task in zip(created, tasks, strict=True):
            for sub, value in enumerate(initial(task)):
                if value.field not in fields:
                    fields[value.field] = self._named(value.field)
                yield fields[value.field], revision, place, sub, item, path, value.new

    def _named(self, text: str) -> int:
        """The number that stands for a text, a new one if none does yet."""
        found = number_of(self.connection, text)
        if found is None:
            sql = "INSERT INTO name VALUES ((SELECT max(number) + 1 FROM name), ?) RETURNING number"
            found = int(self.connection.execute(sql, (text,)).fetchone()[0])
        return found


def _hex(blob: bytes | None) -> str:
    return blob.hex() if blob else ""


class Line:
    """The line of one item through history: its files, and which revision made each of them."""

    def __init__(self, history: History, item: str) -> None:
        self.history = history
        self.files = history.files(item)
        history.parse_all(self.files.values())
        self.origins = history.origins(self.files)

    def above(self, number: int) -> list[int]:
        """The revisions that made the files that a revision changed."""
        parents = self.history.parents.get(number, ())
        return [each for parent in parents if (each := self.origins.get(parent)) is not None]

    def value(self, number: int | None, field: str) -> tuple[str, ...]:
        """A field of the file that a revision made; while that cannot be read, what it was
        before.
        """
        while number is not None:
            task = self.task(number)
            if task is None:
                return ()
            if task.fields:
                return task.many(field)
            number = next(iter(self.above(number)), None)
        return ()

    def task(self, number: int) -> Task | None:
        """The item as a revision left it; None: not there."""
        path, blob = self.files[number]
        return self.history.parsed[blob, path] if blob else None
