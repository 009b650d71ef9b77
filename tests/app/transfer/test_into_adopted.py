"""Imports into the workspaces of other trackers' files: new files are as the tracker itself, and plaintrack beside it, write them."""

import json
import re
import shutil
from pathlib import Path

import pytest

CASES = Path(__file__).parents[2] / "cases/adopt"
TRACKERS = sorted(path.name for path in CASES.iterdir() if path.is_dir())
URL = "https://github.com/o/r/issues/"
DATES = {"createdAt": "2026-10-01T10:00:00Z"}
ISSUES = [
    {
        "number": 1,
        "title": "Paint it",
        "state": "OPEN",
        "url": f"{URL}1",
        **DATES,
        "milestone": {"title": "Spring", "dueOn": "2026-12-20T08:00:00Z"},
        "blockedBy": {"nodes": [{"url": f"{URL}2"}]},
    },
    {
        "number": 2,
        "title": "Buy paint",
        "state": "CLOSED",
        "url": f"{URL}2",
        **DATES,
        "closedAt": "2026-10-05T10:00:00Z",
        "stateReason": "NOT_PLANNED",
    },
]


@pytest.fixture(params=TRACKERS)
def adopted(empty, request):
    shutil.copytree(CASES / request.param, empty.folder, dirs_exist_ok=True)
    empty("init", "--adopt", ".")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "adopted")
    (empty.folder / "f.json").write_text(json.dumps(ISSUES))
    return empty


def items(shell):
    rows = json.loads(shell("list", "is:open,closed", "--format", "json"))["items"]
    return {row["title"]: row for row in rows}


def shape(text, *keys):
    """The lines of a file that give a moment, with every digit as a 9."""
    lines = [line for line in text.splitlines() if line.partition(":")[0] in keys]
    return [re.sub(r"\d", "9", line).replace("'", "") for line in lines]


def test_imported_items_are_like_those_made_here(adopted):
    known = adopted.run(("check",), adopted.env).stdout
    adopted("import", "github", "f.json")
    rows = items(adopted)
    new = {
        title: (adopted.folder / rows[title]["path"]).read_text()
        for title in ("Paint it", "Buy paint")
    }
    adopted("add", "Made here")
    mine = (adopted.folder / items(adopted)["Made here"]["path"]).read_text()
    keys = ("created", "created_date", "created_at", "dateCreated")
    assert shape(new["Paint it"], *keys) == shape(mine, *keys)
    assert "Buy paint" not in adopted("list", "is:open")  # what was given up is no work
    assert rows["Buy paint"]["id"] in new["Paint it"]
    found = adopted.run(("check",), adopted.env).stdout
    assert found.count(" error: ") == known.count(" error: ")
    assert "PT113" not in found
    assert "as they were" in adopted("import", "github", "f.json")


def test_milestones_that_are_names_here_are_no_items(empty):
    shutil.copytree(CASES / "backlog", empty.folder, dirs_exist_ok=True)
    empty("init", "--adopt", ".")
    (empty.folder / "f.json").write_text(json.dumps(ISSUES))
    out = empty("import", "github", "f.json")
    assert "3 items read, 2 made, 1 as they were" in out
    assert (
        "milestone: the settings keep names, so no items are made of these (1 item, for example 'Spring')"
        in out
    )
    assert items(empty)["Paint it"]["milestone"] == "Spring"
