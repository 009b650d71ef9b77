"""Measure the watcher: ``watch.py [--sizes 100,10000,100000] [--saves 30]``: from a save to what it tells, CPU per event and when idle."""

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


def cpu(pid: int) -> float:
    """CPU seconds of a process so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as handle:
        words = handle.read().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Peak resident bytes of a process so far."""
    with open(f"/proc/{pid}/status", encoding="ascii") as handle:
        return next(int(line.split()[1]) * 1024 for line in handle if line.startswith("VmHWM"))


def measured(folder: str, saves: int) -> str:
    """One row of the table for the workspace in ``folder``."""
    paths = sorted(measure.items(folder))[:saves]
    told = threading.Semaphore(0)
    process = subprocess.Popen([PLAINTRACK, "watch"], cwd=folder, env=measure.environment(), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    next(lines)

    def listen() -> None:
        for _ in lines:
            told.release()

    threading.Thread(target=listen, daemon=True).start()
    time.sleep(3)
    before = cpu(process.pid)
    time.sleep(IDLE)
    idle = (cpu(process.pid) - before) / IDLE
    before, waits = cpu(process.pid), []
    for number, path in enumerate(paths):
        with open(path, encoding="utf-8") as handle:
            text = handle.read()
        started = time.perf_counter()
        with open(f"{path}.new", "w", encoding="utf-8") as handle:
            handle.write(text.replace("\ntitle: ", f"\ntitle: Saved {number} ", 1))
        os.replace(f"{path}.new", path)
        told.acquire(timeout=30)
        waits.append(time.perf_counter() - started)
        time.sleep(0.15)
    each, peak = (cpu(process.pid) - before) / len(paths), memory(process.pid)
    process.terminate()
    process.wait()
    worst = sorted(waits)[int(len(waits) * 0.99) - 1]
    return f"| {median(waits) * 1000:.0f} ms | {worst * 1000:.0f} ms | {each * 1000:.0f} ms | {idle:.2%} | {peak / 1e6:.0f} MB |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,10000,100000")
    parser.add_argument("--saves", type=int, default=30)
    args = parser.parse_args()
    print("| items | save to told, median | 99 % | CPU a save | of a core when idle | peak |\n|---|---|---|---|---|---|")
    for size in map(int, args.sizes.split(",")):
        folder = tempfile.mkdtemp()
        try:
            generate(size, folder)
            subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
            subprocess.run([PLAINTRACK, "list", "--limit", "1"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            print(f"| {size:,} {measured(folder, args.saves)}", flush=True)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
