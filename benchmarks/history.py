"""Measure history: ``history.py [--sizes 2000x5000,10000x50000] [--runs 5] [--flat]``, beside git's own plumbing in the same minute."""

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


def measured(folder: str, runs: int) -> list[tuple[str, float, float]]:
    """(what, median seconds, median ratio to its floor) on the repository in the current folder."""
    env = {**measure.environment(), "PATH": f"{BIN}:{os.environ['PATH']}"}
    cache = f"{folder}/.git/plaintrack"

    def run(*words: str) -> float:
        return measure.process([PLAINTRACK, *words], env).wall

    def shell(line: str) -> float:
        return measure.process([shutil.which("sh") or "sh", "-c", line], env).wall

    def forget() -> None:
        for name in os.listdir(cache) if os.path.isdir(cache) else ():
            if name.startswith(("history", "at-")):
                os.unlink(f"{cache}/{name}")

    def pair(
        what: str, mine: Callable[[], float], floor: Callable[[], float], times: int = runs
    ) -> tuple[str, float, float]:
        walls, ratios = [], []
        for _ in range(times):
            base = floor()
            walls.append(mine())
            ratios.append(walls[-1] / base)
        return what, median(walls), median(ratios)

    def first() -> float:
        forget()
        return run("log", "--limit", "1")

    run("list", "--limit", "1")
    run("list", "--limit", "1")
    rows = [
        pair(
            "first history / git log --raw | git cat-file --batch",
            first,
            lambda: shell(PLUMBING),
            min(runs, 3),
        )
    ]
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
    given = parser.parse_args()
    for size in given.sizes.split(","):
        count, commits = map(int, size.split("x"))
        with tempfile.TemporaryDirectory(prefix="plaintrack-bench-") as place:
            folder = f"{place}/repository"
            repository.write(count, commits, folder, flat=given.flat)
            os.chdir(folder)
            print(
                f"\n## {count:,} items, {commits:,} commits{', one folder' if given.flat else ''}\n\n| | ms | ratio |\n| --- | ---: | ---: |"
            )
            for what, wall, ratio in measured(folder, given.runs):
                print(f"| {what} | {wall * 1000:.0f} | {ratio:.2f} |")
            os.chdir("/")


if __name__ == "__main__":
    main()
