"""Draws the pictures of docs/reports.md: charts of the example, as `plaintrack report` draws them.

`make docs` runs it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from plaintrack.render.plot import Plot, Series
from plaintrack.render.vega import svg

HERE = Path(__file__).parent
NOW = "2026-11-23T09:00:00+01:00"


def run(folder: Path, *words: str) -> str:
    """What a command prints in a copy of the example."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env = {**kept, "PLAINTRACK_NOW": NOW, "GIT_CONFIG_GLOBAL": os.devnull}
    command = [sys.executable, "-m", "plaintrack", *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True)
    return done.stdout


def flow(folder: Path) -> Plot:
    """The cumulative flow of the example."""
    told = json.loads(run(folder, "report", "flow", "--format", "json"))
    found = next(
        each for each in told["sections"] if each["kind"] == "plot" and each["definition"] == "cfd"
    )
    series: dict[str, list[tuple[date | str | float, float | None]]] = {}
    for row in found["rows"]:
        series.setdefault(row["series"], []).append((date.fromisoformat(row["x"]), row["y"]))
    lines = [Series(name, points) for name, points in series.items()]
    return Plot(found["title"], "area", found["x"], found["y"], lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch, "work")
        shutil.copytree(HERE.parent / "example-workspace", work)
        subprocess.run([sys.executable, "history.py"], cwd=work, check=True, capture_output=True)
        (HERE / "report-flow.svg").write_text(svg(flow(work)) + "\n", "utf-8")
        site = Path(scratch, "site")
        run(work, "report", "site", str(site))
        shutil.copy(site / "charts/roadmap-1-light.svg", HERE / "report-roadmap.svg")
