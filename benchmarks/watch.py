"""Measure the watcher: ``watch.py [--sizes 100,10000,100000] [--saves 30]``: from a save to what it tells and to what a rule writes, CPU, and what commands gain."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import threading
import time
from statistics import median

import measure
from generate import generate
from run import PLAINTRACK

IDLE = 10.0
RULE = "name: raise\non: {changed: title}\ndo:\n- add: {tags: saved}\n"


def cpu(pid: int) -> float:
    """CPU seconds of a process so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as handle:
        words = handle.read().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Peak resident bytes of a process so far."""
    with open(f"/proc/{pid}/status", encoding="ascii") as handle:
        return next(int(line.split()[1]) * 1024 for line in handle if line.startswith("VmHWM"))


class Watcher:
    """``plaintrack watch`` in a workspace; ``told`` counts its lines."""

    def __init__(self, folder: str) -> None:
        """Wait until it watches and is done with its first looks."""
        self.told = threading.Semaphore(0)
        self.process = subprocess.Popen(
            [PLAINTRACK, "watch"],
            cwd=folder,
            env=measure.environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.lines = iter(self.process.stdout.readline, "")
        next(self.lines)
        threading.Thread(target=self._listen, daemon=True).start()
        while not os.path.isdir(f"{folder}/.git/plaintrack/cookies"):
            time.sleep(0.1)
        time.sleep(3)

    def _listen(self) -> None:
        for _ in self.lines:
            self.told.release()

    def end(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


def save(path: str, number: int) -> float:
    """Save another title as editors do, by rename; when it began."""
    with open(path, encoding="utf-8") as handle:
        text = handle.read()
    started = time.perf_counter()
    with open(f"{path}.new", "w", encoding="utf-8") as handle:
        handle.write(text.replace("\ntitle: ", f"\ntitle: Saved {number} ", 1))
    os.replace(f"{path}.new", path)
    return started


def to_told(watcher: Watcher, paths: list[str]) -> list[float]:
    """Seconds from each save to the line that tells of it."""
    waits = []
    for number, path in enumerate(paths):
        started = save(path, number)
        watcher.told.acquire(timeout=30)
        waits.append(time.perf_counter() - started)
        time.sleep(0.15)
    return waits


def to_rule(paths: list[str]) -> list[float]:
    """Seconds from each save to what the rule writes into the same file."""
    waits = []
    for number, path in enumerate(paths):
        started = save(path, number)
        saved = os.stat(path).st_ino
        while os.stat(path).st_ino == saved:
            time.sleep(0.001)
        waits.append(time.perf_counter() - started)
        time.sleep(0.5)
    return waits


def both(waits: list[float]) -> str:
    """Median and 99th percentile."""
    return f"{median(waits) * 1000:.0f} / {sorted(waits)[max(0, int(len(waits) * 0.99) - 1)] * 1000:.0f} ms"


def listing(folder: str, other: str, pairs: int = 15) -> float:
    """How long a list takes in the watched ``folder``, as a share of what it takes in its copy ``other``."""
    shares = []
    for _ in range(pairs):
        walls = []
        for place in (folder, other):
            os.chdir(place)
            walls.append(
                measure.process([PLAINTRACK, "list", "--limit", "25"], measure.environment()).wall
            )
        shares.append(walls[0] / walls[1])
    return median(shares)


def measured(folder: str, other: str, saves: int) -> str:
    """One row of the table for the workspace in ``folder``, which has a copy in ``other``."""
    paths = sorted(measure.items(folder))[:saves]
    watcher = Watcher(folder)
    pid = watcher.process.pid
    before = cpu(pid)
    time.sleep(IDLE)
    idle = (cpu(pid) - before) / IDLE
    share = listing(folder, other)
    before = cpu(pid)
    told = to_told(watcher, paths)
    each, peak = (cpu(pid) - before) / len(paths), memory(pid)
    watcher.end()
    os.makedirs(f"{folder}/automations")
    with open(f"{folder}/automations/rule.yml", "w", encoding="utf-8") as handle:
        handle.write(RULE)
    watcher = Watcher(folder)
    rule = to_rule(paths)
    watcher.end()
    return f"| {both(told)} | {both(rule)} | {each * 1000:.0f} ms | {idle:.2%} | {peak / 1e6:.0f} MB | {share:.2f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,10000,100000")
    parser.add_argument("--saves", type=int, default=30)
    args = parser.parse_args()
    print(
        "| items | save to told, median / 99 % | save to a rule's write | CPU a save | of a core when idle | peak | list, of one without a watcher |"
    )
    print("|---|---|---|---|---|---|---|")
    for size in map(int, args.sizes.split(",")):
        top = tempfile.mkdtemp()
        folder, other = f"{top}/one", f"{top}/two"
        try:
            for each in (folder, other):
                os.mkdir(each)
                generate(size, each)
                subprocess.run(["git", "init", "-q"], cwd=each, check=True)
                subprocess.run(
                    [PLAINTRACK, "list", "--limit", "1"],
                    cwd=each,
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
            print(f"| {size:,} {measured(folder, other, args.saves)}", flush=True)
        finally:
            os.chdir("/")
            shutil.rmtree(top)


if __name__ == "__main__":
    main()
