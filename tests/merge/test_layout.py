"""New files merge as plain text, without a driver: the merge buttons of forges run none."""

import random
import subprocess
from itertools import combinations, pairwise

import pytest

from plaintrack.model.edit import Add, Set
from plaintrack.model.fields import schema
from plaintrack.text.edit import edited
from plaintrack.text.format import FORM, form
from plaintrack.text.parse import parse

SCHEMA = schema()
CHOICES = {
    "title": ["One", "Two"], "status": ["in-progress", "review"], "priority": ["low", "high"], "assignee": [("ada",), ("bo",)],
    "project": ["PT-aaa222", "PT-bbb333"], "tags": [("web",), ("api",)], "estimate": ["2d", "4h"], "due": ["2026-12-01", "2026-12-24"],
    "depends_on": [("PT-ccc444",), ("PT-ddd555",)],
}  # fmt: skip


def new_item(rng):
    """A new file with some of the daily fields."""
    fields = {
        "id": "PT-7k3q9x",
        "title": "Start",
        "status": "todo",
        "created": "2026-11-22T10:00:00+01:00",
    }
    fields |= {
        name: rng.choice(CHOICES[name])
        for name in CHOICES
        if name != "title" and rng.random() < 0.4
    }
    return form(list(fields.items()), "Text.\n", SCHEMA).encode()


def merged(folder, base, ours, theirs):
    """What `git merge-file` makes of it; None with a conflict."""
    for name, data in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_bytes(data)
    run = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return run.stdout if run.returncode == 0 else None


@pytest.mark.parametrize(("one", "two"), list(combinations(CHOICES, 2)))
def test_two_daily_fields_of_a_new_file_never_conflict(tmp_path, one, two):
    rng = random.Random(f"{one} {two}")
    for _ in range(4):
        base = new_item(rng)
        edits = [
            (Add if name in ("tags", "depends_on") else Set)(name, rng.choice(CHOICES[name]))
            for name in (one, two)
        ]
        sides = [edited(base, "a.md", (edit,), SCHEMA) for edit in edits]
        found = merged(tmp_path, base, *sides)
        assert found is not None, base
        wanted = parse("a.md", edited(sides[0], "a.md", (edits[1],), SCHEMA), SCHEMA)
        assert parse("a.md", found, SCHEMA).fields == wanted.fields


def test_the_form_has_the_daily_fields_apart():
    rows = list(FORM)
    hot = [at for at, name in enumerate(rows) if name in CHOICES]
    assert {rows[at] for at in hot} == set(CHOICES)
    assert all(after - before > 1 for before, after in pairwise(hot))
