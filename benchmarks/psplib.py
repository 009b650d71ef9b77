"""Measure the plan on PSPLIB: ``psplib.py FOLDER [--every 1] [--schedules N] [--solver cp-sat]`` plans each ``.sm`` file with the objective `end`, and compares with ``best-known.csv`` in the folder."""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
import time
from statistics import mean

from plaintrack.plan.cpsat import CpSat
from plaintrack.plan.problem import Activity, Link, Need, Problem, Resource
from plaintrack.plan.result import Plan
from plaintrack.plan.schedule import schedule

PARTS = ("PRECEDENCE RELATIONS:", "REQUESTS/DURATIONS:", "RESOURCEAVAILABILITIES:")


def read(text: str) -> Problem:
    """The problem of an ``.sm`` file: one slot is one period, a dummy activity a milestone."""
    relations, requests, available = (_rows(text, part) for part in PARTS)
    links = [Link(row[0] - 1, after - 1) for row in relations for after in row[3 : 3 + row[2]]]
    activities = [
        Activity(
            str(row[0]),
            work=row[2],
            needs=tuple(
                Need(((which, units),)) for which, units in enumerate(row[3:]) if units and row[2]
            ),
        )
        for row in requests
    ]
    horizon = sum(row[2] for row in requests)
    resources = tuple(
        Resource(f"R{number + 1}", ((0, horizon, units),))
        for number, units in enumerate(available[0])
    )
    return Problem(tuple(activities), tuple(links), resources, horizon=horizon, slots_per_day=1)


def _rows(text: str, title: str) -> list[list[int]]:
    """The lines of numbers below a title."""
    part = text.split(title, 1)[1].split("*" * 20, 1)[0]
    return [
        [int(word) for word in line.split()]
        for line in part.splitlines()
        if re.fullmatch(r"[\d\s]*\d[\d\s]*", line)
    ]


def faults(problem: Problem, plan: Plan) -> list[str]:
    """What is wrong with a plan of such a problem, counted slot by slot."""
    found = []
    spans = [(one.start, one.end) if one else None for one in plan.placed]
    for activity, span in zip(problem.activities, spans, strict=True):
        if span is None or span[1] - span[0] != activity.work:
            found.append(f"{activity.id}: {span} is not {activity.work} long")
    for link in problem.links:
        before, after = spans[link.before], spans[link.after]
        if before and after and before[1] > after[0]:
            found.append(f"{problem.activities[link.after].id} begins too early")
    for which, resource in enumerate(problem.resources):
        used = [0] * (problem.horizon + 1)
        for activity, span in zip(problem.activities, spans, strict=True):
            for need in activity.needs:
                if need.options[0][0] == which and span:
                    for slot in range(*span):
                        used[slot] += need.options[0][1]
        if max(used) > resource.runs[0][2]:
            found.append(f"{resource.name} is overbooked")
    return found


def best_known(folder: str) -> dict[str, int]:
    """The best known makespans by file; of a range the upper end."""
    with open(os.path.join(folder, "best-known.csv"), encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))[1:]
    return {name: int(found.rsplit("..", 1)[-1]) for name, found, *_ in rows}


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--every", type=int, default=1, help="plan only each Nth file")
    parser.add_argument("--schedules", type=int, help="another budget than the default one")
    parser.add_argument("--solver", choices=("plaintrack", "cp-sat"), default="plaintrack")
    words = parser.parse_args()
    known = best_known(words.folder)
    solver = CpSat() if words.solver == "cp-sat" else None
    names = sorted(name for name in os.listdir(words.folder) if name.endswith(".sm"))
    gaps, times, wrong = [], [], 0
    for name in names[:: words.every]:
        with open(os.path.join(words.folder, name), encoding="utf-8") as handle:
            problem = read(handle.read())
        before = time.process_time()
        plan = schedule(problem, "end", schedules=words.schedules, solver=solver)
        times.append(time.process_time() - before)
        for fault in faults(problem, plan):
            print(f"{name}: {fault}")
            wrong += 1
        gaps.append(100 * (plan.end - known[name]) / known[name])
    met = sum(gap <= 0 for gap in gaps)
    print(
        f"{len(gaps)} instances: mean gap {mean(gaps):.2f} %, worst {max(gaps):.1f} %, best known met by {met};"
        f" CPU mean {mean(times):.2f} s, most {max(times):.2f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
