"""The floor plan in CONTRIBUTING.md is true: every room is in it, and nothing else."""

import re

from conftest import ROOT

CODE = ROOT / "src/plaintrack"


def rooms(folder):
    return {f"{path.name}/" for path in folder.iterdir() if (path / "__init__.py").exists()}


def test_every_room_is_in_the_floor_plan():
    plan = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    house, _, core = plan.partition("| in `app/` |")
    named = [set(re.findall(r"`(\w+/)`", "".join(re.findall(r"^\| (`.*?) \|", part, re.MULTILINE)))) for part in (house, core)]
    assert named[0] == rooms(CODE)
    assert named[1] == rooms(CODE / "app")
    files = {path.name for path in (CODE / "app").glob("*.py")} - {"__init__.py"}
    assert files == {"documents.py", "follow.py"}
    assert all(f"`{name}`" in core for name in files)
