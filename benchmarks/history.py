"""Measure history: ``history.py [--sizes 2000x5000,10000x30000] [--runs 5] [--flat] [--flavour mixed] [--merges]``, beside git's
own plumbing in the same minute. ``--repository DIR`` measures the first reading of one that is there, and metrics,
which commit to it.

The first reading is measured in processor time, git's included on both sides, with its peak of memory (of one process) and the
size of its cache; so are metrics; what follows in wall time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from statistics import median

import measure
import repository
from run import BIN, PLAINTRACK

PLUMBING = "git log --raw --no-abbrev --no-renames --format=%H | awk '/^:/{print $4}' | grep -v '^0*$' | git cat-file --batch >/dev/null"


def first(folder: str, runs: int) -> str:
    """A line about the first reading of the history of the repository in the current folder."""
    env = {**measure.environment(), "PATH": f"{BIN}:{os.environ['PATH']}"}
    cache = f"{folder}/.git/plaintrack"
    for _ in range(2):
        measure.process([PLAINTRACK, "list", "--limit", "1"], env)
    times, floors, peaks = [], [], []
    for _ in range(runs):
        for name in os.listdir(cache):
            if name.startswith("history"):
                os.unlink(f"{cache}/{name}")
        floors.append(measure.process([shutil.which("sh") or "sh", "-c", PLUMBING], env).cpu)
        done = measure.process([PLAINTRACK, "log", "--limit", "1"], env)
        times.append(done.cpu)
        peaks.append(done.peak)
    ratios = [mine / floor for mine, floor in zip(times, floors, strict=True)]
    store = _size(cache, "history")
    pack = _size(f"{folder}/.git/objects/pack", "pack")
    return (
        f"first history: {median(times):.2f} s CPU, floor {median(floors):.2f} s, ratio {median(ratios):.2f}; peak"
        f" {max(peaks) / 1e6:.0f} MB; cache {store / 1e6:.1f} MB, pack {pack / 1e6:.1f} MB"
    )


def flow(runs: int) -> str:
    """A line about metrics on the repository in the current folder, in processor time: beside a whole log, and what one commit adds."""
    env = {**measure.environment(), "PATH": f"{BIN}:{os.environ['PATH']}"}

    def cpu(*words: str) -> float:
        return measure.process([PLAINTRACK, *words], env).cpu

    metric = ("metrics", "cycle-time", "--format", "json")
    cpu("log", "--limit", "1")
    cache = f"{os.getcwd()}/.git/plaintrack"
    for name in os.listdir(cache):
        if name.startswith("flow"):
            os.unlink(f"{cache}/{name}")
    first = cpu(*metric)
    ratios, added, beside = [], [], []
    items = measure.items(os.getcwd())
    for number in range(runs):
        ratios.append(cpu(*metric) / cpu("log"))
        with open(items[number * 7 % len(items)], "a", encoding="utf-8") as handle:
            handle.write("One line more.\n")
        subprocess.run(
            ["git", "commit", "-qam", "one more"], check=True, env={**os.environ, **AUTHOR}
        )
        cpu("list", "--limit", "1")
        log, after = cpu("log", "--limit", "1"), cpu(*metric)
        beside.append(log - cpu("log", "--limit", "1"))
        added.append(after - cpu(*metric))
    return (
        f"first metric after the first history: {first:.2f} s CPU; warm: {median(ratios):.2f} x a warm log;"
        f" one commit adds {median(added) * 1000:.0f} ms, to log {median(beside) * 1000:.0f} ms"
    )


def _size(folder: str, prefix: str) -> int:
    """Bytes of the files of a folder whose names begin so."""
    return sum(each.stat().st_size for each in os.scandir(folder) if each.name.startswith(prefix))


def measured(runs: int) -> list[tuple[str, float, float]]:
    """(what, median seconds, median ratio to its floor) on the repository in the current folder."""
    env = {**measure.environment(), "PATH": f"{BIN}:{os.environ['PATH']}"}

    def run(*words: str) -> float:
        return measure.process([PLAINTRACK, *words], env).wall

    def shell(line: str) -> float:
        return measure.process([shutil.which("sh") or "sh", "-c", line], env).wall

    def pair(
        what: str, mine: Callable[[], float], floor: Callable[[], float], times: int = runs
    ) -> tuple[str, float, float]:
        walls, ratios = [], []
        for _ in range(times):
            base = floor()
            walls.append(mine())
            ratios.append(walls[-1] / base)
        return what, median(walls), median(ratios)

    rows: list[tuple[str, float, float]] = []
    item = subprocess.run(
        [PLAINTRACK, "list", "--limit", "1", "--format", "ids"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    run("list", "--limit", "25", "--at", "HEAD~100")

    def warm() -> float:
        return run("list", "--limit", "25") + shell("git rev-parse HEAD")

    rows.append(
        pair("log --limit 25 / (list + git rev-parse)", lambda: run("log", "--limit", "25"), warm)
    )
    rows.append(pair("log ID / (list + git rev-parse)", lambda: run("log", item), warm))
    rows.append(
        pair(
            "list --at REV / (list + git rev-parse)",
            lambda: run("list", "--limit", "25", "--at", "HEAD~100"),
            warm,
        )
    )
    rows.append(
        pair(
            "diff HEAD~5..HEAD / (list + git rev-parse)", lambda: run("diff", "HEAD~5..HEAD"), warm
        )
    )

    def grow() -> float:
        subprocess.run(
            ["git", "commit", "-q", "--allow-empty", "-m", "one more"],
            check=True,
            env={**os.environ, **AUTHOR},
        )
        return run("log", "--limit", "25")

    rows.append(pair("log after one commit / (list + git rev-parse)", grow, warm))
    return rows


AUTHOR = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ben"), ("EMAIL", "b@example.com"))
}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2000x5000", help="items x commits, separated by commas")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--flat", action="store_true", help="all tasks in one folder")
    parser.add_argument("--flavour", default="plain", help="of front matter, see generate.py")
    parser.add_argument("--merges", action="store_true", help="a third of the commits are merges")
    parser.add_argument("--repository", help="a workspace in a repository, instead of made ones")
    parser.add_argument("--only-first", action="store_true", help="only the first reading")
    given = parser.parse_args()
    if given.repository:
        os.chdir(given.repository)
        print(first(os.getcwd(), given.runs))
        if not given.only_first:
            print(flow(given.runs))
        return
    for size in given.sizes.split(","):
        count, commits = map(int, size.split("x"))
        with tempfile.TemporaryDirectory(prefix="plaintrack-bench-") as place:
            folder = f"{place}/repository"
            repository.write(
                count, commits, folder, flat=given.flat, flavour=given.flavour, merges=given.merges
            )
            os.chdir(folder)
            about = [given.flavour, *["one folder"] * given.flat, *["merges"] * given.merges]
            print(f"\n## {count:,} items, {commits:,} commits, {', '.join(about)}\n")
            print(first(folder, given.runs), flush=True)
            if not given.only_first:
                print(flow(given.runs), flush=True)
                print("\n| | ms | ratio |\n| --- | ---: | ---: |")
                for what, wall, ratio in measured(given.runs):
                    print(f"| {what} | {wall * 1000:.0f} | {ratio:.2f} |", flush=True)
            os.chdir("/")


if __name__ == "__main__":
    main()
