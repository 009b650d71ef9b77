"""How often forecasts held on public histories: ``python benchmarks/forecasting.py DIR...``, each a
clone (bare or not) named below; what is not there is left out.

Nothing of them is kept. A series is the number of items done on each day of the first-parent line:
files whose status became final, or changes that were merged.
"""

import re
import subprocess
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from math import erfc
from pathlib import Path
from random import Random

from plaintrack.flow.forecast import (
    CHANCES,
    REPLAYED,
    Past,
    _learn,
    _least,
    _windows,
    amounts,
    held,
    independent,
    replay,
)

HORIZONS = (7, 14, 28)
ENOUGH = 30
DAY = 86_400


def lines(repo: Path, *words: str) -> Iterator[str]:
    with subprocess.Popen(
        ["git", "-C", str(repo), *words], stdout=subprocess.PIPE, text=True, errors="replace"
    ) as git:
        assert git.stdout
        yield from (line.rstrip("\n") for line in git.stdout)
    if git.returncode:
        raise NotWhole(repo)


class NotWhole(Exception):
    """Git could not read all of a history: the clone lacks objects."""


def versions(repo: Path, *paths: str) -> Iterator[tuple[int, str, str]]:
    """(day, path, text) of each version of files on the first-parent line, the oldest first. A
    version that the clone lacks is passed over, and how many is told: what it said shows in the
    next one.
    """
    how = ("--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames", "--format=@%ct")
    found, day = [], 0
    for line in lines(repo, "log", "--reverse", *how, "HEAD", "--", *paths):
        if line.startswith("@"):
            day = max(day, int(line[1:]) // DAY)
        elif line.startswith(":") and (blob := line.split()[3]).strip("0"):
            found.append((day, line.partition("\t")[2], blob))
    missing = 0
    for (day, path, _), text in zip(found, texts(repo, [each[2] for each in found]), strict=True):
        missing += text is None
        if text is not None:
            yield day, path, text
    if missing:
        print(f"{repo}: {missing} of {len(found)} versions are missing", file=sys.stderr)


def texts(repo: Path, blobs: list[str]) -> Iterator[str | None]:
    """The texts of blobs; None for one that the clone lacks."""
    with subprocess.Popen(
        ["git", "-C", str(repo), "cat-file", "--batch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as git:
        assert git.stdin
        assert git.stdout
        for blob in blobs:
            git.stdin.write(f"{blob}\n".encode())
            git.stdin.flush()
            head = git.stdout.readline().split()
            if head[-1] == b"missing":
                yield None
            else:
                yield git.stdout.read(int(head[2]) + 1).decode(errors="replace")


def reached(status: str, *paths: str) -> Callable[[Path], list[int]]:
    """The days on which a file first got a status."""
    wanted = re.compile(
        rf"^\s*[*-]?\s*status:\s*['\"]?(?:{status})\b", re.IGNORECASE | re.MULTILINE
    )

    def days(repo: Path) -> list[int]:
        found: dict[str, int] = {}
        for day, path, text in versions(repo, *paths):
            name = path.rpartition("/")[2].partition(" - ")[0].lower()
            if name not in found and wanted.search(text):
                found[name] = day
        return list(found.values())

    return days


def listed(repo: Path) -> list[int]:
    """The days on which an issue of beads, a line of JSON, was first closed."""
    found: dict[str, int] = {}
    seen = set[str]()
    wanted = re.compile(r'\{"id":"([^"]+)".*"status":"closed"')
    for day, _, text in versions(repo, ".beads/issues.jsonl", ".beads/beads.jsonl"):
        fresh = set(text.split("\n")) - seen
        seen |= fresh
        for line in fresh:
            if match := wanted.match(line):
                found.setdefault(match[1], day)
    return list(found.values())


def merged(repo: Path) -> list[int]:
    """The days of merges, and of squashed pull requests."""
    found, day = [], 0
    for line in lines(repo, "log", "--reverse", "--first-parent", "--format=%ct %P|%s", "HEAD"):
        about, _, subject = line.partition("|")
        time, *parents = about.split()
        day = max(day, int(time) // DAY)
        if len(parents) > 1 or re.search(r"\(#\d+\)$", subject):
            found.append(day)
    return found


HISTORIES: dict[str, Callable[[Path], list[int]]] = {
    "MrLesk/Backlog.md, tasks done": reached("Done", "backlog"),
    "ethereum/EIPs, final": reached("Final", "EIPS"),
    "python/peps, final": reached("Final|Accepted|Active", "."),
    "bitcoin/bips, final": reached("Final|Active|Complete|Deployed", "."),
    "swiftlang/swift-evolution, implemented": reached(r"\*\*(?:Implemented|Accepted)", "proposals"),
    "steveyegge/beads, issues closed": listed,
    "MrLesk/Backlog.md, merged": merged,
    "steveyegge/beads, merged": merged,
    "ethereum/EIPs, merged": merged,
    "python/peps, merged": merged,
    "rust-lang/rfcs, merged": merged,
    "bitcoin/bips, merged": merged,
    "swiftlang/swift-evolution, merged": merged,
    "pre-commit/pre-commit, merged": merged,
    "psf/black, merged": merged,
    "pallets/click, merged": merged,
}


def series(days: list[int]) -> list[int]:
    """The number of each day, the first to the last."""
    if not days:
        return []
    counts = Counter(days)
    return [counts[day] for day in range(min(days), max(days) + 1)]


def naive(done: list[int], horizon: int) -> tuple[int, int]:
    """How often the 85 % of independent draws from the last 30 days held."""
    good = of = 0
    for day in range(30, len(done) - horizon + 1, 7):
        random = Random(f"{day} {horizon}")
        last = done[day - 30 : day]
        trials = sorted(sum(random.choices(last, k=horizon)) for _ in range(400))
        good += sum(done[day : day + horizon]) >= trials[int(0.15 * 400)]
        of += 1
    return good, of


def split(done: list[int], horizon: int, past: list[Past]) -> tuple[float, int]:
    """How many of the 85 % would have held if the number said were not a whole one: a tie counts by
    the part of its probability that 85 % takes (the randomised coverage of a discrete forecast);
    and how many were ties.
    """
    at = CHANCES.index(85)
    quantiles = [1 - each / 100 for each in CHANCES]
    good, ties, judged = 0.0, 0, 0
    for each in past:
        while judged < len(past) and past[judged].day + horizon <= each.day:
            _learn(quantiles, past[judged])
            judged += 1
        random = Random(f"1 {each.day} {horizon}")
        trial = amounts(_windows(done[: each.day], done[: each.day]), horizon, REPLAYED, random)
        said = _least(trial, quantiles[at])
        assert said == each.said[at]  # the same replay
        above = len(trial) - bisect_right(trial, said)
        equal = bisect_right(trial, said) - bisect_left(trial, said)
        part = ((1 - quantiles[at]) * len(trial) - above) / equal
        tie = each.done == said
        ties += tie
        good += part if tie else each.done > said
    return good, ties


def main(folders: list[str]) -> None:
    there = {path.name.replace("+", "/"): path for path in map(Path, folders)}
    print(
        "| history | done | days | horizon | windows | 50 % | 70 % | 85 % | 95 % | 85 %, ties split"
        " | 30 days, 85 % |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    close = judged = 0
    chance = 0.0
    pooled: Counter[str] = Counter()
    for name, read in HISTORIES.items():
        repo = there.get(name.partition(",")[0])
        if repo is None:
            continue
        repo = repo / "repo" if (repo / "repo").exists() else repo
        try:
            done = series(read(repo))
        except NotWhole:
            print(f"{name}: left out, the clone lacks a part of its history", file=sys.stderr)
            continue
        for horizon in HORIZONS:
            windows = independent(len(done), horizon)
            if windows < ENOUGH or sum(done) < windows:
                continue
            _, past = replay(done, horizon, 1)
            shares = [held(past, at) / len(past) for at in range(len(CHANCES))]
            fair, ties = split(done, horizon, past)
            good, of = naive(done, horizon)
            cells = " | ".join(f"{share:.0%}" for share in shares)
            print(
                f"| {name} | {sum(done)} | {len(done)} | {horizon} | {windows} | {cells}"
                f" | {fair / len(past):.0%} ({ties / len(past):.0%} ties) | {good / of:.0%} |",
                flush=True,
            )
            judged += 1
            spread = (0.85 * 0.15 / windows) ** 0.5
            chance += erfc(0.04 / spread / 2**0.5)
            close += abs(shares[2] - 0.85) <= 0.04
            pooled.update({"fair": fair, "ties": ties})
            pooled.update({"held": held(past, 2), "of": len(past), "naive": good, "each": of})
    if judged:
        print()
        print(
            f"{close} of {judged} within 85 ± 4 %; all forecasts together"
            f" {pooled['held'] / pooled['of']:.1%}, with ties split {pooled['fair'] / pooled['of']:.1%}"
            f" ({pooled['ties'] / pooled['of']:.1%} ties), by 30 days"
            f" {pooled['naive'] / pooled['each']:.1%} (seen {datetime.now(UTC).date()})"
        )
        print(
            f"Of independent forecasts that hold with exactly 85 %, chance would put {chance:.1f} of"
            f" {judged} rows outside."
        )


if __name__ == "__main__":
    main(sys.argv[1:])
