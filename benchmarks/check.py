"""Measure check: ``check.py [--size 10000] [--runs 7] [--flavour mixed]``, beside a listing and a ``show`` of the same minute (A B A B); exits with 1 if a goal is missed."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from statistics import median

import measure
from generate import FLAVOURS, generate
from run import PLAINTRACK, SETTLED

AUTHOR = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ben"), ("EMAIL", "b@example.com"))
}
ANSWERS = (0, 1)  # exit codes: 1 says that there are findings


def git(*words: str) -> None:
    """Run git in the current folder."""
    subprocess.run(
        ["git", *words], check=True, env={**os.environ, **AUTHOR}, stdout=subprocess.DEVNULL
    )


def staged(count: int) -> str:
    """Commit everything, then change and stage ``count`` items; the id of another one, for ``show``."""
    git("add", "-A")
    git("commit", "-q", "-m", "all of it")
    paths = sorted(path for path in measure.items(".") if "/projects/" not in path)
    middle = len(paths) // 2
    for path in paths[middle : middle + count]:
        with open(path, "a", encoding="utf-8") as handle:
            handle.write("One more line.\n")
    git("add", "-A")
    return "-".join(os.path.basename(paths[middle + count]).split("-")[:2])


def pairs(floor: list[str], mine: list[str], runs: int) -> tuple[float, float, float]:
    """Medians of: seconds of ``mine``, its wall time in those of ``floor``, its CPU time in those of ``floor``."""
    env = measure.environment()
    walls, ratios, cpus = [], [], []
    for _ in range(runs):
        base = measure.process([PLAINTRACK, *floor], env)
        sample = measure.process([PLAINTRACK, *mine], env, ANSWERS)
        walls.append(sample.wall)
        ratios.append(sample.wall / base.wall)
        cpus.append(sample.cpu / base.cpu)
    return median(walls), median(ratios), median(cpus)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="how many items")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument(
        "--flavour", choices=FLAVOURS, default="plain", help="of the front matter, see generate.py"
    )
    given = parser.parse_args()
    met = True
    with tempfile.TemporaryDirectory(prefix="plaintrack-bench-") as folder:
        generate(given.size, folder, flavour=given.flavour)
        os.chdir(folder)
        git("init", "-q", ".")
        ident = staged(3)
        for _ in range(2):
            time.sleep(SETTLED)
            measure.process([PLAINTRACK, "list", "--limit", "1"], measure.environment())
        print(
            f"## {given.size:,} items, {given.flavour}, median of {given.runs}\n\n| | ms | wall ratio | CPU ratio | goal | |\n| --- | ---: | ---: | ---: | ---: | --- |"
        )
        for floor, mine, goal in (
            (["list", "--format", "ids"], ["check"], 2.0),
            (["show", ident], ["check", "--staged"], 1.5),
            (["list", "--format", "ids"], ["check", "--since", "HEAD"], 0.0),
        ):
            wall, ratio, cpu = pairs(floor, mine, given.runs)
            said = "" if not goal else "met" if ratio <= goal else "missed"
            met = met and said != "missed"
            name = f"{' '.join(mine)} / {' '.join(floor)}"
            print(
                f"| {name} | {wall * 1e3:.0f} | {ratio:.2f} | {cpu:.2f} | {goal or ''} | {said} |",
                flush=True,
            )
        os.chdir("/")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
