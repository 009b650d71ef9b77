"""Measure plaintrack against floors of the same machine in the same minute, and print Markdown tables.

Every command runs beside its floor (A B A B), and a ratio is the median of the ratios of such pairs: what else the machine does
meanwhile falls on both.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any, NamedTuple

import measure
import peers
from measure import Sample

HERE = os.path.dirname(os.path.abspath(__file__))
BIN = os.path.join(os.path.dirname(HERE), ".venv", "bin")
PYTHON, PLAINTRACK = f"{BIN}/python", f"{BIN}/plaintrack"
PASS = [PYTHON, "-c", "pass"]
CLICK = [PYTHON, "-c", "import click, sqlite3"]
PEER_RUNS = 3  # some take seconds
SETTLED = 0.1  # seconds after which a changed file can no longer be taken for an unchanged one


class Command(NamedTuple):
    """One thing to measure: its arguments, made anew for each run; what to do before and after, unmeasured."""

    name: str
    words: Callable[[], list[str]]
    before: Callable[[], object] = lambda: None
    after: Callable[[], object] = lambda: None


class Goal(NamedTuple):
    """A command at a size must not take more than ``limit`` times its floor (or ``limit`` MB)."""

    command: str
    size: int
    floor: str
    limit: float


IN_PROCESS = ("stat all", "read all", "parse all (C loader)")
FLOORS = ("pass", "click", "click+stat", "read+parse")
DAILY = ("list --limit 25", "list", "next", "show ID", "list QUERY --limit 25")
EVERY = "every command"
GOALS = [
    *(Goal(name, 1000, "click", 1.8) for name in DAILY),
    *(Goal(name, 10000, "click+stat", 1.5) for name in DAILY),
    *(Goal("set ID", size, "show ID", 1.5) for size in (1000, 10000)),
    Goal("first index", 10000, "read+parse", 1.5),
    Goal("list", 10000, "MB", 80),
    Goal(EVERY, 100000, "MB", 500),
]


class Bench:
    """One workspace of ``size`` items in ``folder`` and what is measured on it."""

    def __init__(self, folder: str, size: int, runs: int) -> None:
        self.folder, self.size, self.runs = folder, size, runs
        self.env = measure.environment()
        self.samples: dict[str, list[Sample]] = {}
        self.ratios: dict[str, dict[str, list[float]]] = {}
        self.shown, self.changed, self.edited = self._open_items(3)
        self.values: Iterator[str] = itertools.cycle(["high", "low"])

    def _open_items(self, count: int) -> list[str]:
        """The paths of a few items that are to be done, from the middle."""
        paths = sorted(measure.items(self.folder))
        found = []
        for path in paths[len(paths) // 2 :]:
            with open(path, encoding="utf-8") as handle:
                if re.search("\nstatus: ['\"]?todo", handle.read()):
                    found.append(path)
            if len(found) == count:
                break
        return found

    def commands(self) -> list[Command]:
        """What is measured, in order."""
        ident = _id(self.shown)
        query = ["status:todo", "tags:web", "due:..+30d"]
        return [
            Command("list --limit 25", lambda: ["list", "--limit", "25"]),
            Command("list", lambda: ["list"]),
            Command("next", lambda: ["next"]),
            Command("show ID", lambda: ["show", ident]),
            Command("list QUERY --limit 25", lambda: ["list", *query, "--limit", "25"]),
            Command("search WORD --limit 25", lambda: ["search", "zebrafish", "--limit", "25"]),
            Command(
                "set ID",
                lambda: ["set", _id(self.changed), f"priority={next(self.values)}"],
                after=self.settle,
            ),
            Command(
                "list after an edit",
                lambda: ["list", "--limit", "25"],
                before=self.edit,
                after=self.settle,
            ),
            Command(
                "add",
                lambda: ["add", "Look into the new report", "tags=web", "due=+3d"],
                after=self.settle,
            ),
            Command(
                "first index",
                lambda: ["list", "--limit", "25"],
                before=self.forget,
                after=self.settle,
            ),
        ]

    def plaintrack(self, words: list[str]) -> Sample:
        """One run of plaintrack in the workspace."""
        return measure.process([PLAINTRACK, *words], self.env)

    def settle(self) -> None:
        """Let the index forget its doubt about files that changed just now."""
        time.sleep(SETTLED)
        self.plaintrack(["list", "--limit", "1"])

    def edit(self) -> None:
        """Change one item as an editor does."""
        with open(self.edited, "a", encoding="utf-8") as handle:
            handle.write("One more line.\n")

    def forget(self) -> None:
        """Delete the cache."""
        shutil.rmtree(f"{self.folder}/.git/plaintrack")

    def note(self, name: str, sample: Sample) -> Sample:
        """Keep a sample."""
        self.samples.setdefault(name, []).append(sample)
        return sample

    def round(self, commands: list[Command]) -> None:
        """Measure everything once, each command right after its floors."""
        bare = self.note("python -c pass", measure.process(PASS, self.env))
        read = self.note("read all", measure.in_child(lambda: measure.read_all(self.folder)))
        parse = self.note(
            "parse all (C loader)", measure.in_child(lambda: measure.parse_all(self.folder))
        )
        show = None
        for command in commands:
            click = self.note("import click, sqlite3", measure.process(CLICK, self.env))
            stat = self.note("stat all", measure.in_child(lambda: measure.stat_all(self.folder)))
            if command.name == "set ID":
                show = self.plaintrack(["show", _id(self.shown)])
            command.before()
            sample = self.note(command.name, self.plaintrack(command.words()))
            command.after()
            floors = {
                "pass": bare.wall,
                "click": click.wall,
                "click+stat": click.wall + stat.wall,
                "read+parse": read.wall + parse.wall,
            }
            if show:
                floors["show ID"] = show.wall
            for floor, wall in floors.items():
                self.ratios.setdefault(command.name, {}).setdefault(floor, []).append(
                    sample.wall / wall
                )

    def run(self) -> None:
        """All rounds, in the workspace, after a listing that makes the index and is not kept."""
        commands = self.commands()
        os.chdir(self.folder)
        self.plaintrack(["list", "--limit", "1"])
        self.settle()
        for _ in range(self.runs):
            self.round(commands)

    def value(self, goal: Goal) -> float:
        """What was measured for a goal: a ratio, or MB."""
        if goal.floor == "MB":
            names = (
                [each.name for each in self.commands()] if goal.command == EVERY else [goal.command]
            )
            return max(median(sample.peak for sample in self.samples[name]) for name in names) / 1e6
        return median(self.ratios[goal.command][goal.floor])

    def result(self) -> dict[str, Any]:
        """The medians, in ms, MB and ratios."""
        rows = []
        for name, samples in self.samples.items():
            ratios = {
                floor: round(median(each), 2) for floor, each in self.ratios.get(name, {}).items()
            }
            wall, cpu, peak = (median(each) for each in zip(*samples, strict=True))
            rows.append(
                {
                    "name": name,
                    "wall_ms": wall * 1e3,
                    "cpu_ms": cpu * 1e3,
                    "peak_mb": peak / 1e6,
                    "ratios": ratios,
                }
            )
        goals = [
            {
                **goal._asdict(),
                "measured": round(self.value(goal), 2),
                "met": self.value(goal) <= goal.limit,
            }
            for goal in GOALS
            if goal.size == self.size
        ]
        return {"size": self.size, "runs": self.runs, "rows": rows, "goals": goals}


def _id(path: str) -> str:
    return "-".join(os.path.basename(path).split("-")[:2])


def print_result(result: dict[str, Any]) -> None:
    """The two tables of one size, in Markdown."""
    print(f"\n## {result['size']:,} items, {result['flavour']}, median of {result['runs']}\n")
    print(
        "| | × pass | × click | × (click + stat) | × (read + parse) | wall ms | CPU ms | peak MB |"
    )
    print("| --- |" + " ---: |" * 7)
    for row in result["rows"]:
        ratios = [f"{row['ratios'][floor]:.2f}" if row["ratios"] else "" for floor in FLOORS]
        peak = "" if row["name"] in IN_PROCESS else f"{row['peak_mb']:.0f}"
        figures = [f"{row['wall_ms']:.1f}", f"{row['cpu_ms']:.1f}", peak]
        print(f"| {row['name']} | {' | '.join([*ratios, *figures])} |")
    if result["goals"]:
        print("\n| goal | measured | |\n| --- | ---: | --- |")
    for goal in result["goals"]:
        unit = "MB" if goal["floor"] == "MB" else f"× {goal['floor']}"
        print(
            f"| {goal['command']} ≤ {goal['limit']:g} {unit} | {goal['measured']:.2f} | {'met' if goal['met'] else 'missed'} |"
        )
    if result["peers"]:
        print(
            "\n| beside it, on the same items | wall ms | CPU ms | peak MB |\n| --- | ---: | ---: | ---: |"
        )
    for row in result["peers"]:
        print(
            f"| {row['name']} | {row['wall_ms']:.1f} | {row['cpu_ms']:.1f} | {row['peak_mb']:.0f} |"
        )
    sys.stdout.flush()


def measured(
    size: int, runs: int, all_open: bool, with_peers: bool, flavour: str
) -> dict[str, Any]:
    """Make a workspace, measure on it, delete it."""
    env = measure.environment()
    with tempfile.TemporaryDirectory(
        prefix="plaintrack-bench-", ignore_cleanup_errors=True
    ) as folder:
        measure.process(
            [
                PYTHON,
                f"{HERE}/generate.py",
                str(size),
                folder,
                "--flavour",
                flavour,
                *(["--open"] if all_open else []),
            ],
            env,
        )
        measure.process([shutil.which("git") or "git", "init", "-q", folder], env)
        bench = Bench(folder, size, runs)
        try:
            bench.run()
        finally:
            os.chdir(HERE)
        beside = peers.run(folder, min(runs, PEER_RUNS)) if with_peers else []
    return {**bench.result(), "flavour": flavour, "peers": beside}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes",
        default="100,1000,10000",
        help="how many items, separated by commas (default 100,1000,10000)",
    )
    parser.add_argument(
        "--runs", type=int, default=7, help="how often everything is run (default 7)"
    )
    parser.add_argument(
        "--open", action="store_true", help="no item is closed (else three in five are)"
    )
    parser.add_argument(
        "--no-peers", action="store_true", help="do not measure other trackers that are installed"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--flavours",
        default="plain,mixed",
        help="of the front matter, separated by commas: plain, quoted, mixed (default plain,mixed)",
    )
    given = parser.parse_args()
    results = []
    for size, flavour in itertools.product(
        map(int, given.sizes.split(",")), given.flavours.split(",")
    ):
        beside = not given.no_peers and flavour == "plain"
        results.append(measured(size, given.runs, given.open, beside, flavour))
        if not given.json:
            print_result(results[-1])
    if given.json:
        print(json.dumps({"schema": 1, "results": results}, indent=2))


if __name__ == "__main__":
    main()
