"""Measure time records: ``timed.py [--items 10000] [--people 20] [--days 250] [--entries 10]``: what
reports cost beside a warm ``list``, and what the files cost the listing, the first index, git.

Ratios are medians of CPU time, the two sides in turns. Every person logs on every working day into
one file a day, as the commands do; before and after `time pack` is what the months cost git.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from generate import generate
from measure import environment, process
from run import PLAINTRACK

TODAY = datetime.date(2026, 11, 27)
ENV = {**environment(), "PLAINTRACK_NOW": "2026-11-28T09:00:00+01:00"}


def kept(folder: Path, people: int, days: int, entries: int) -> tuple[int, int]:
    """Put in time records; how many entries in how many files."""
    dice = random.Random(1)
    items = [
        line.removeprefix("id: ")
        for path in sorted(folder.rglob("*.md"))
        for line in path.read_text(encoding="utf-8").split("\n", 8)[:8]
        if line.startswith("id: ")
    ]
    count = files = 0
    for person in range(people):
        day = TODAY
        for _ in range(days):
            place = folder / f"time/p{person}/{day:%Y-%m}"
            place.mkdir(parents=True, exist_ok=True)
            at = datetime.datetime(day.year, day.month, day.day, 8)
            lines = []
            for _ in range(entries):
                end = at + datetime.timedelta(minutes=dice.randrange(10, 48))
                item = dice.choice(items)
                lines.append(f"i {at:%Y-%m-%d %H:%M:%S}+0100 {item}  some work\n")
                lines.append(f"o {end:%Y-%m-%d %H:%M:%S}+0100\n\n")
                at = end
            (place / f"{day}-{dice.randrange(10**6):06}.timeclock").write_text("".join(lines))
            count, files = count + entries, files + 1
            day -= datetime.timedelta(days=3 if day.weekday() == 0 else 1)
    return count, files


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def committed(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "config", "gc.auto", "0")
    git(folder, "-c", "user.name=A", "-c", "user.email=a@x", "commit", "-qm", message)
    git(folder, "gc", "-q")


def against(one: list[str], other: list[str], places: tuple[Path, Path], runs: int) -> float:
    """The median ratio of the CPU times of two commands, each in its folder."""
    ratios = []
    for turn in range(runs + 1):
        found = []
        for place, words in zip(places, (one, other), strict=True):
            os.chdir(place)
            found.append(process(words, ENV).cpu)
        if turn:
            ratios.append(found[0] / found[1])
    return median(ratios)


def cpu(words: list[str], runs: int = 5) -> float:
    return median(process(words, ENV).cpu for _ in range(runs))


def cold(place: Path) -> float:
    """CPU seconds of a first listing."""
    cache = place / ".git/plaintrack"
    found = []
    os.chdir(place)
    for _ in range(5):
        shutil.rmtree(cache, ignore_errors=True)
        found.append(process([PLAINTRACK, "list", "--limit", "25"], ENV).cpu)
    return min(found)


def clones(place: Path, top: Path) -> tuple[float, float, int]:
    """CPU seconds of `git clone` and of a warm `git status`; the bytes of the clone's pack."""
    copy = top / "copy"
    os.chdir(top)
    words = ["/usr/bin/env", "git", "clone", "-q", "--no-local", str(place), str(copy)]
    cloning = []
    for _ in range(3):
        shutil.rmtree(copy, ignore_errors=True)
        cloning.append(process(words, ENV).cpu)
    os.chdir(copy)
    status = cpu(["/usr/bin/env", "git", "status", "--short"])
    packs = sum(each.stat().st_size for each in copy.rglob("*.pack"))
    return median(cloning), status, packs


def told(name: str, found: tuple[float, float, int]) -> None:
    """Print what git costs."""
    clone, status, size = found
    print(
        f"| {name}: `git clone`, `git status`, pack | {clone:.2f} s, {status:.3f} s, {size / 1e6:.1f} MB |"
    )


def approved(folder: Path) -> None:
    """Submit and approve every month of every person, as the commands would write it."""
    from plaintrack.app.snapshot import timelog
    from plaintrack.app.snapshot.timesheets import frozen_now, period
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.text import sheet as text
    from plaintrack.timeclock.sheet import Sheet, Verdict

    workspace = Workspace(str(folder))
    entries = timelog.log(workspace).entries
    for person in sorted({each.person for each in entries}):
        mine = [each for each in entries if each.person == person]
        place = folder / "timesheets" / person
        place.mkdir(parents=True)
        for month in sorted({each.path.split("/")[2] for each in mine}):
            zone, when = workspace.schema.timezone, workspace.now.isoformat()
            span = period(month, TODAY)
            whole, days = frozen_now(workspace, person, span, zone, mine)
            said = Verdict("approved", "boss", when, whole, "")
            sheet = Sheet(person, month, zone, whole, days, when, (said,))
            (place / f"{month}.md").write_text(text.text(sheet))


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=10_000)
    options.add_argument("--people", type=int, default=20)
    options.add_argument("--days", type=int, default=250, help="working days that each logs on")
    options.add_argument("--entries", type=int, default=10, help="entries a day")
    options.add_argument("--runs", type=int, default=7)
    given = options.parse_args()
    top = Path(tempfile.mkdtemp())
    bare, timed = top / "bare", top / "timed"
    try:
        generate(given.items, str(bare))
        git(bare, "init", "-qb", "main")
        committed(bare, "items")
        shutil.copytree(bare, timed)
        count, files = kept(timed, given.people, given.days, given.entries)
        with (timed / "plaintrack.yml").open("a") as settings:
            settings.write("rooms: {time: time, timesheets: timesheets}\n")
        committed(timed, "time")
        print(
            f"{count:,} entries of {given.people} people in {files:,} files; {given.items:,} items\n"
        )
        listing = [PLAINTRACK, "list"]
        print("| | CPU time |\n|---|---:|")
        same = (timed, timed)
        for name, words in (
            ("`time report` of a week", ["time", "report"]),
            ("`time report --by project` of a week", ["time", "report", "--by", "project"]),
            ("`time sheet`", ["time", "sheet", "--person", "p1"]),
            ("`time report` of a year", ["time", "report", "--from", "-1y"]),
            ("`list --columns id,spent,left`", ["list", "--columns", "id,spent,left"]),
            ("`list --columns id,total_spent`", ["list", "--columns", "id,total_spent"]),
        ):
            ratio = against([PLAINTRACK, *words], listing, same, given.runs)
            print(f"| {name} | {ratio:.2f} × a warm `list` |", flush=True)
        ratio = against(listing, listing, (timed, bare), given.runs)
        print(f"| a warm `list` | {ratio:.2f} × the same without time records |")
        print(f"| first index | {cold(timed) / cold(bare):.2f} × the same without time records |")
        for name, place in (("without time records", bare), ("with them", timed)):
            told(name, clones(place, top))
        approved(timed)
        committed(timed, "approved")
        os.chdir(timed)
        year = [PLAINTRACK, "time", "report", "--from", "-1y", "--format", "csv"]
        before = subprocess.run(year, env=ENV, capture_output=True, check=True).stdout
        print(f"| `time pack` of all | {process([PLAINTRACK, 'time', 'pack'], ENV).cpu:.2f} s |")
        after = subprocess.run(year, env=ENV, capture_output=True, check=True).stdout
        assert before == after
        committed(timed, "packed")
        files = len(list(timed.glob("time/**/*.timeclock")))
        for name, words in (
            ("a week", ["time", "report"]),
            ("a year", ["time", "report", "--from", "-1y"]),
        ):
            ratio = against([PLAINTRACK, *words], listing, same, given.runs)
            print(f"| {name}, packed into {files} files | {ratio:.2f} × a warm `list` |")
        told("packed", clones(timed, top))
    finally:
        os.chdir("/")
        shutil.rmtree(top)


if __name__ == "__main__":
    main()
