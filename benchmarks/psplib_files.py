"""PSPLIB as people would have it: ``psplib_files.py FOLDER [--every 40]`` writes each ``.sm`` file as a workspace of items and equipment with units, plans it on the command line with the objective `end`, and holds the makespan against the one that the kernel finds."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import psplib

from plaintrack.plan.problem import Problem
from plaintrack.plan.schedule import schedule

TODAY = date(2026, 11, 30)
SETTINGS = """\
timezone: UTC
folders: [tasks]
rooms: {equipment: equipment}
day: 24h
week: 7d
calendar: {working_days: [mon, tue, wed, thu, fri, sat, sun]}
plan: {objective: end, slot: 24h}
"""


def write(folder: Path, problem: Problem) -> None:
    """A period is a day, a resource is equipment with units, a dummy activity a milestone."""
    for name in ("tasks", "equipment"):
        (folder / name).mkdir()
    (folder / "plaintrack.yml").write_text(SETTINGS)
    for resource in problem.resources:
        text = f"---\nunits: {resource.runs[0][2]}\ncalendar: always\n---\n"
        (folder / f"equipment/{resource.name}.md").write_text(text)
    waits: dict[int, list[str]] = {}
    for link in problem.links:
        waits.setdefault(link.after, []).append(problem.activities[link.before].id)
    for number, activity in enumerate(problem.activities):
        lines = [f"id: J-{activity.id}", f"title: Job {activity.id}", "status: todo"]
        lines.append(f"duration: {activity.work}d" if activity.work else "type: milestone")
        if number in waits:
            lines += ["depends_on:", *(f"- J-{item}" for item in waits[number])]
        needs = [need.options[0] for need in activity.needs]
        if needs:
            names = (problem.resources[which].name for which, _ in needs)
            pairs = zip(needs, names, strict=True)
            lines += ["needs:", *(f"- {units} {name}" for (_, units), name in pairs)]
        text = "---\n" + "\n".join(lines) + "\n---\n"
        (folder / f"tasks/J-{activity.id}.md").write_text(text)


def makespan(folder: Path) -> int:
    """The days that the command line's plan takes."""
    env = {**os.environ, "PLAINTRACK_NOW": f"{TODAY}T08:00:00+00:00"}
    words = [sys.executable, "-m", "plaintrack", "plan", "--format", "json"]
    done = subprocess.run(words, cwd=folder, env=env, check=True, capture_output=True, text=True)
    return (date.fromisoformat(json.loads(done.stdout)["end"]) - TODAY).days + 1


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--every", type=int, default=40, help="take only each Nth file")
    words = parser.parse_args()
    names = sorted(name for name in os.listdir(words.folder) if name.endswith(".sm"))
    differ = 0
    for name in names[:: words.every]:
        with open(os.path.join(words.folder, name), encoding="utf-8") as handle:
            problem = psplib.read(handle.read())
        with tempfile.TemporaryDirectory() as place:
            write(Path(place), problem)
            found, kernel = makespan(Path(place)), schedule(problem, "end").end
        differ += found != kernel
        print(f"{name}: {found} days, the kernel {kernel}", flush=True)
    print(f"{differ} differ" if differ else "all the same")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
