"""How long a plan takes: ``python benchmarks/planning.py [ITEMS …]``.

Makes workspaces of open items with estimates, dependencies and needs, 20 people with leave and part-time,
and 10 pools of equipment, and prints the CPU seconds of a first call and of a second one on the unchanged
files, which answers from the cache.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

PEOPLE, POOLS = 20, 10
SETTINGS = """\
timezone: UTC
folders: [tasks]
rooms: {people: people, equipment: equipment}
plan: {}
"""


def make(folder: Path, items: int, seed: int = 1) -> None:
    """Write a workspace."""
    chance = random.Random(seed)
    first = date(2026, 11, 30)
    for name in ("tasks", "people", "equipment"):
        (folder / name).mkdir()
    (folder / "plaintrack.yml").write_text(SETTINGS)
    for number in range(PEOPLE):
        start = first + timedelta(days=chance.randrange(120))
        leave = f"leave:\n- {start}..{start + timedelta(days=9)} annual\n"
        hours = "hours:\n- 24h/w mon tue wed\n" if number % 5 == 0 else ""
        (folder / f"people/p{number}.md").write_text(
            f"---\nname: Person {number}\n{hours}{leave}---\n"
        )
    for number in range(POOLS):
        (folder / f"equipment/rig{number}.md").write_text(
            f"---\nname: Rig {number}\nunits: {chance.randrange(1, 4)}\n---\n"
        )
    for number in range(items):
        (folder / "tasks" / f"PT-{number:05}.md").write_text(item(number, chance, first))


def item(number: int, chance: random.Random, first: date) -> str:
    """One item; most have an estimate, a third waits for another, a tenth needs equipment."""
    lines = [f"id: PT-{number:05}", f"title: Work number {number}", "status: todo"]
    lines.append(f"assignee: p{chance.randrange(PEOPLE)}")
    lines.append(f"estimate: {chance.choice(('4h', '1d', '2d', '3d'))}")
    lines.append(f"priority: {chance.choice(('low', 'medium', 'high'))}")
    if number and chance.random() < 0.3:
        lines += ["depends_on:", f"- PT-{chance.randrange(max(0, number - 50), number):05}"]
    if chance.random() < 0.1:
        lines += ["needs:", f"- rig{chance.randrange(POOLS)}"]
    if chance.random() < 0.3:
        lines.append(f"due: {first + timedelta(days=chance.randrange(10, 300))}")
    return "---\n" + "\n".join(lines) + "\n---\n"


def seconds(folder: Path, *words: str) -> float:
    """The CPU seconds of one command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    env = {**os.environ, "PLAINTRACK_NOW": "2026-11-30T09:00:00+00:00", "HOME": str(folder.parent)}
    subprocess.run(
        [sys.executable, "-m", "plaintrack", *words],
        cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    for items in [int(word) for word in sys.argv[1:]] or [1000, 10_000]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "work"
            folder.mkdir()
            make(folder, items)
            seconds(folder, "list", "--limit", "1")
            first, second = (seconds(folder, "plan", "--format", "json") for _ in range(2))
            print(f"{items} items: plan {first:.2f} s of CPU, again {second:.2f} s", flush=True)


if __name__ == "__main__":
    main()
