"""What a portfolio in PostgreSQL costs: loads and questions, seconds of wall time and of processor time of client and server.

    python benchmarks/portfolio.py [--repositories 100] [--items 10000] [--changes-per-item 10] [--years 5] [--loaders 1,2,4]
        [--folder DIR] [--database URL] [--no-questions]

It publishes repositories below DIR (those that are there from an earlier run stay; see ``portfolio_folders.py``), and starts a PostgreSQL
of its own in a temporary folder, by the settings of docs/portfolio.md; or takes an empty database, whose processor time it
cannot tell. The floor is to COPY the rows of one repository, as text that is ready, into tables without an index.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import portfolio_folders
from measure import Sample, environment, in_child, process
from portfolio_folders import Size, name_of
from run import PLAINTRACK

TESTS = Path(__file__).parent.parent / "tests"
# As compose.yml has them, on a machine with less memory.
SETTINGS = {
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on",
    "shared_buffers": "1GB", "work_mem": "64MB", "max_wal_size": "4GB", "jit": "on",
}  # fmt: skip
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 300
"""Seconds after which a question is given up."""
TABLES = ("item", "item_rest", "value", "change", "time_entry", "plan_line")
ASKED = (
    "list --limit 25",
    "list is:open assignee:dana-c --limit 25",
    "list is:ready --sort due --limit 25",
    "list repo:repo-002 is:open sort:due --limit 25",
    "list type:bug priority:critical sort:-created --limit 25",
    "list login --limit 25",
    "board repo:repo-002",
    "board assignee:dana-c",
    "stats",
    "stats --by repo",
    "stats --by tags",
    "goals repo:repo-002",
    "metrics throughput repo:repo-002",
    "workload repo:repo-002 --per month",
    "goals",
    "metrics throughput",
    "workload --per month",
)


class Bench:
    """A server with a database, and folders to load."""

    def __init__(self, folder: Path, url: str, pid: int | None) -> None:
        self.folder, self.url, self.pid = folder, url, pid
        self.env = environment()

    def server(self) -> float:
        """Seconds of processor time that the server has taken up to now."""
        if self.pid is None:
            return 0.0
        took = 0
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    text = Path("/proc", entry, "stat").read_text()
                except OSError:
                    continue
                cells = text.rpartition(")")[2].split()
                if int(entry) == self.pid:
                    took += sum(map(int, cells[11:15]))  # with those of its children that ended
                elif int(cells[1]) == self.pid:
                    took += sum(map(int, cells[11:13]))
        return took / TICKS

    def measured(self, name: str, work: Callable[[], Sample], note: str = "") -> Sample:
        """Print the line of what is measured."""
        before = self.server()
        took = work()
        server = f"{self.server() - before:.2f}" if self.pid else "–"
        peak = f"{took.peak / 1e6:.0f}" if took.peak else "–"
        late = "> " if took.wall >= PATIENCE and name[0] == "`" else ""
        line(name, f"{late}{took.wall:.2f}", f"{took.cpu:.2f}", server, peak, note)
        return took

    def ask(self, *words: str) -> Sample:
        """Run plaintrack, not for ever."""
        limit = ["/usr/bin/env", "timeout", str(PATIENCE)]
        return process([*limit, PLAINTRACK, *words], self.env, codes=(0, 1, 124))

    def load(self, *folders: str) -> Sample:
        """Load folders; all must succeed."""
        paths = [str(self.folder / each) for each in folders]
        return process([PLAINTRACK, "portfolio", "load", self.url, *paths], self.env)

    def at_once(self, shares: Sequence[Sequence[str]]) -> Sample:
        """Load shares by as many loaders at the same time; the sum of their processor time."""
        begun, before = time.perf_counter(), os.times()
        some = [
            subprocess.Popen(
                [
                    *(PLAINTRACK, "portfolio", "load", self.url),
                    *(str(self.folder / each) for each in share),
                ],
                env=self.env,
                stdout=subprocess.DEVNULL,
            )
            for share in shares
        ]
        failed = sum(each.wait() != 0 for each in some)
        assert not failed, f"{failed} loaders failed"
        after = os.times()
        cpu = after[2] + after[3] - before[2] - before[3]
        return Sample(time.perf_counter() - begun, cpu, 0)

    def sizes(self) -> dict[str, int]:
        """Bytes of each table with its indexes."""
        import psycopg

        asked = (
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON"
            " n.oid = relnamespace WHERE nspname = 'plaintrack' AND relkind IN ('r') AND"
            " relname ~ ('^' || %s || '(_[0-9]+|_before|_after)?$')"
        )
        with psycopg.connect(self.url) as connection:
            return {
                name: int((connection.execute(asked, (name,)).fetchone() or [0])[0])
                for name in TABLES
            }

    def empty(self) -> None:
        """Drop all that was loaded."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS plaintrack CASCADE")

    def floor(self, name: str) -> Callable[[], object]:
        """COPY the rows of one repository once more, where nothing else is done."""
        import psycopg

        ready: dict[str, list[Any]] = {}
        with psycopg.connect(self.url) as connection:
            for table in TABLES:
                chosen = f"SELECT * FROM plaintrack.{table} WHERE repository = '{name}'"
                with connection.cursor().copy(f"COPY ({chosen}) TO STDOUT") as out:
                    ready[table] = [bytes(each) for each in out]

        def work() -> None:
            with psycopg.connect(self.url) as connection:
                for table, texts in ready.items():
                    connection.execute(f"CREATE TABLE plain (LIKE plaintrack.{table})")
                    with connection.cursor().copy("COPY plain FROM STDIN") as into:
                        into.write(b"".join(texts))
                    connection.execute("DROP TABLE plain")

        return work


def line(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


@contextmanager
def started(folder: Path) -> Iterator[tuple[str, int]]:
    """A server that runs meanwhile: the URL of a database there, and its process."""
    sys.path.insert(0, str(TESTS))
    room = tempfile.mkdtemp(prefix="portfolio-", dir=folder)
    server = import_module("postgres").Server(room, SETTINGS)
    server.start()
    try:
        pid = int(Path(room, "data", "postmaster.pid").read_text().split()[0])
        yield server.url(), pid
    finally:
        server.stop()
        shutil.rmtree(room)


def loads(bench: Bench, repositories: int, size: Size, loaders: Sequence[int]) -> None:
    """Measure loads."""
    names = [name_of(number) for number in range(repositories)]
    for count in loaders:
        bench.empty()
        shares = [names[at::count] for at in range(count)]
        what = f"first load of all, {count} loader{'s' * (count > 1)}"
        if count == 1:
            bench.measured(what, lambda: bench.load(*names))
        else:
            bench.measured(what, lambda shares=shares: bench.at_once(shares))  # type: ignore[misc]
    for name, count in bench.sizes().items():
        line(f"size of `{name}`, with indexes", "", "", "", "", f"{count / 1e6:,.0f} MB")
    bench.measured("COPY of one repository, floor", lambda: in_child(lambda: bench.floor(names[0])))
    bench.measured("load again, nothing changed", lambda: bench.load(*names))
    chosen = repositories // 2
    for edits in (10, min(1000, size.items)):
        portfolio_folders.write_one(str(bench.folder), chosen, size, edits)
        what = f"one repository changed, {edits:,} items edited"
        bench.measured(what, lambda: bench.load(names[chosen]))
    for count in loaders:
        if 1 < count <= repositories:
            for number in range(count):
                portfolio_folders.write_one(str(bench.folder), number, size, 10)
            some = [[name] for name in names[:count]]
            what = f"{count} repositories changed, 10 items edited in each, {count} loaders"
            bench.measured(what, lambda some=some: bench.at_once(some))  # type: ignore[misc]
    for number in {chosen, *range(min(max(loaders), repositories))}:
        portfolio_folders.write_one(str(bench.folder), number, size)
    bench.measured("those as they were, forced push", lambda: bench.load(*names))
    import psycopg

    with psycopg.connect(bench.url) as connection:
        connection.execute(f"DELETE FROM plaintrack.repository WHERE name = '{names[chosen]}'")
        for table in TABLES:
            connection.execute(
                f"DELETE FROM plaintrack.{table} WHERE repository = '{names[chosen]}'"
            )
    bench.measured("one repository among the others, new", lambda: bench.load(names[chosen]))


def questions(bench: Bench) -> None:
    """Measure questions, from the start of the process to its end."""
    for each in ASKED:
        words = [*each.split(), "--portfolio", bench.url]
        bench.measured(f"`{each}`", lambda words=words: bench.ask(*words))  # type: ignore[misc]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    portfolio_folders.sizes(parser)
    parser.add_argument("--loaders", default="1,2,4", help="how many load at once, each in turn")
    parser.add_argument("--folder", type=Path, help="where folders are published, and kept")
    parser.add_argument("--database", help="an empty database; its schema plaintrack is dropped")
    parser.add_argument("--no-questions", action="store_true")
    given = parser.parse_args()
    size = Size(given.items, given.changes_per_item, given.years)
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "published"
        folder.mkdir(parents=True, exist_ok=True)
        total = portfolio_folders.write(str(folder), given.repositories, size)
        print(f"{given.repositories} repositories, {given.items:,} items each\n")
        line("what", "wall s", "client CPU s", "server CPU s", "peak MB", "")
        line("---", "---:", "---:", "---:", "---:", "---:")
        line("size of the Parquet", "", "", "", "", f"{total / 1e6:,.0f} MB")

        def run(url: str, pid: int | None) -> None:
            bench = Bench(folder, url, pid)
            loads(bench, given.repositories, size, [int(each) for each in given.loaders.split(",")])
            if not given.no_questions:
                questions(bench)

        if given.database:
            run(given.database, None)
        else:
            os.chmod(temporary, 0o755)  # root starts it as another user
            with started(Path(temporary)) as (url, pid):
                run(url, pid)


if __name__ == "__main__":
    main()
