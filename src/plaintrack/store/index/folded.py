"""What became of every item along one line of commits, kept in the cache ``flow``."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from plaintrack.store.index.database import DAMAGED, Database, to_blame
from plaintrack.store.lock import Locked, exclusive

Raw = list[Any]
"""A step as JSON has it, see flow.series.Step."""


class Folded:
    """The lives of items, as far as they were folded."""

    def __init__(self, database: Database) -> None:
        """``database`` is the cache ``flow``."""
        self.database = database

    def find(self, commit: str) -> int | None:
        """The position of a commit on the line; None if it is not there."""
        row = self._connection.execute(
            "SELECT position FROM line WHERE hash = ?", (commit,)
        ).fetchone()
        return None if row is None else int(row[0])

    @property
    def tip(self) -> str:
        """The last commit of the line; empty: there is none."""
        row = self._connection.execute(
            "SELECT hash FROM line ORDER BY position DESC LIMIT 1"
        ).fetchone()
        return "" if row is None else str(row[0])

    def time(self, position: int) -> int:
        """When a position of the line was reached (Unix seconds); 0: there is no such position."""
        row = self._connection.execute(
            "SELECT time FROM line WHERE position = ?", (position,)
        ).fetchone()
        return 0 if row is None else int(row[0])

    def line(self) -> list[tuple[str, int]]:
        """Commit and time of each position."""
        rows = self._connection.execute("SELECT hash, time FROM line ORDER BY position")
        return [(commit, time) for commit, time in rows]

    def workflows(self) -> list[tuple[int, int, dict[str, str]]]:
        """(position, time, status → category) of each workflow, the oldest first."""
        rows = self._connection.execute(
            "SELECT position, time, statuses FROM workflow ORDER BY position"
        )
        return [(position, time, json.loads(text)) for position, time, text in rows]

    def lives(self) -> Iterator[tuple[str, list[Raw]]]:
        """(folded id, its steps) of every item."""
        rows = self._connection.execute("SELECT item, steps FROM life ORDER BY item").fetchall()
        steps = json.loads(f"[{','.join(text for _, text in rows)}]")  # one by one takes twice
        return zip((item for item, _ in rows), steps, strict=True)

    def life(self, item: str) -> list[Raw]:
        """The steps of one item; empty: there is no such item."""
        row = self._connection.execute("SELECT steps FROM life WHERE item = ?", (item,)).fetchone()
        return json.loads(row[0]) if row else []

    def write(self, fold: Callable[[], None]) -> None:
        """Let ``fold`` change the lives, all or nothing; in memory where the cache cannot be
        written.
        """
        database = self.database
        try:
            if database.path is None:
                self._transacted(fold)
                return
            with exclusive(database.lock, 60):
                if not database.sealed():
                    database.connection.close()
                    database.connection = database.reopen()
                try:
                    self._transacted(fold)
                except DAMAGED as error:
                    if not to_blame(error):
                        raise
                    database.connection.close()
                    database.connection = database.fresh()
                    self._transacted(fold)
                database.seal()
        except (Locked, OSError, *DAMAGED):
            database.connection = database.leave()
            self._transacted(fold)

    def cut(self, position: int, key: Callable[[list[Raw]], str]) -> None:
        """Forget what came after a position; ``key`` is the folded id that steps end with."""
        run = self._connection.execute
        lives = run("SELECT item, steps FROM life WHERE last > ?", (position,)).fetchall()
        run("DELETE FROM life WHERE last > ?", (position,))
        for _, text in lives:
            steps = [step for step in json.loads(text) if step[0] <= position]
            if steps:
                self.keep(key(steps), steps)
        run("DELETE FROM line WHERE position > ?", (position,))
        run("DELETE FROM workflow WHERE position > ?", (position,))

    def extend(self, line: Iterable[tuple[int, str, int]]) -> None:
        """Append (position, commit, time) to the line."""
        self._connection.executemany("INSERT INTO line VALUES (?, ?, ?)", line)

    def adopt(self, position: int, time: int, statuses: Mapping[str, str]) -> None:
        """From a position on this is the workflow."""
        row = (position, time, json.dumps(dict(statuses), ensure_ascii=False))
        self._connection.execute("INSERT OR REPLACE INTO workflow VALUES (?, ?, ?)", row)

    def keep(self, item: str, steps: Sequence[Raw]) -> None:
        """The steps of an item, in place of those it had."""
        text = json.dumps(steps, ensure_ascii=False, separators=(",", ":"))
        last = max(step[0] for step in steps)
        self._connection.execute("INSERT OR REPLACE INTO life VALUES (?, ?, ?)", (item, last, text))

    def drop(self, item: str) -> None:
        """Forget an item."""
        self._connection.execute("DELETE FROM life WHERE item = ?", (item,))

    @property
    def _connection(self) -> Any:
        return self.database.connection

    def _transacted(self, fold: Callable[[], None]) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            fold()
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
