"""Draws the pictures of docs/metrics.md, docs/reports.md and docs/time.md: charts of the example.

`make docs` runs it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from plaintrack.app.flow import metrics
from plaintrack.app.flow.view import Asked
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.render.plot import Plot
from plaintrack.render.vega import svg
from plaintrack.show.metrics import metrics as document

HERE = Path(__file__).parent
NOW = "2026-11-23T09:00:00+01:00"
CHARTED = (
    "cycle-time", "throughput", "work-item-age", "cfd", "burnup", "velocity", "xmr", "accuracy",
)  # fmt: skip


def chart(folder: Path, name: str) -> str:
    """A metric of the example's half year."""
    found = metrics.told(Workspace(str(folder)), (name,), Asked(first="2026-05-25"))
    return svg(next(part for part in document(found).parts if isinstance(part, Plot)))


def roadmap(folder: Path) -> str:
    """The roadmap as a site has it."""
    site = folder.parent / "site"
    command = [sys.executable, "-m", "plaintrack", "report", "site", str(site)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (site / "charts/roadmap-1-light.svg").read_text("utf-8")


def pictures(folder: Path) -> dict[str, str]:
    """Name of the file → the picture; ``folder`` becomes a copy of the example."""
    shutil.copytree(HERE.parent / "example-workspace", folder)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    named = {"PLAINTRACK_NOW": NOW, "GIT_CONFIG_GLOBAL": os.devnull}
    with patch.dict(os.environ, {**kept, **named}, clear=True):
        subprocess.run([sys.executable, "history.py"], cwd=folder, check=True, capture_output=True)
        drawn = {f"metrics-{name}.svg": chart(folder, name) for name in CHARTED}
        return {**drawn, "report-roadmap.svg": roadmap(folder)}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for name, picture in pictures(Path(scratch, "work")).items():
            (HERE / name).write_text(picture.rstrip("\n") + "\n", "utf-8")
