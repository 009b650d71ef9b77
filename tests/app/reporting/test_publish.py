"""Publishing: what is told of a real workspace, that it is the same everywhere, and what stays untold."""

import json
from datetime import date

import pytest

from plaintrack.app.reporting import publish
from plaintrack.app.snapshot import folded
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.flow.series import Series, Step, Workflow
from plaintrack.store.portfolio import published, shape


def told(folder):
    """The rows of each table, as dicts."""
    found = published.read(str(folder))
    columns = {name: [each.name for each in some] for name, some in shape.TABLES.items()}
    return found.manifest, {
        name: [
            dict(zip(columns[name], row, strict=True))
            for rows in getattr(found, name)()
            for row in rows
        ]
        for name in shape.TABLES
    }


def rebuilt(manifest, changes):
    """The Series that the rows of changes tell."""
    steps = {}
    for row in changes:
        key = row["item"], row["place"]
        about = (row["position"], row["landed"], row["authored"], row["who"])
        value = None if row["new"] is None else json.loads(row["new"])
        steps.setdefault(key, (about, {}))[1][row["field"]] = value
    lives = {}
    for (item, _), (about, fields) in sorted(steps.items()):
        lives.setdefault(item, []).append(Step(*about, fields))
    flows = [Workflow(*each) for each in manifest.workflows]
    return Series(lives, flows, manifest.first, manifest.last, manifest.commits)


@pytest.fixture
def work(example):
    """The example, a commit later, and private."""
    with (example.folder / "plaintrack.yml").open("a") as settings:
        settings.write("publish: {private: true, name: rinnwerk}\n")
    example("start", "xybp33")
    example("add", "New one", "estimate:2d")
    example.git("add", "-A")
    example.git("commit", "-qm", "more")
    return example


def test_what_is_published_is_the_work(work, tmp_path):
    here = Workspace(str(work.folder))
    made = publish.publish(here, str(tmp_path / "out"))
    manifest, rows = told(tmp_path / "out")
    assert (manifest.name, manifest.private, manifest.tip) == ("rinnwerk", True, here.repo.head)
    index = here.index.connection
    later = ("haystack", "blob", "values")
    names = [
        each.name for each in shape.ITEM if each.name not in later and "_fold" not in each.name
    ]
    wanted = index.execute(f"SELECT {', '.join(names)} FROM item ORDER BY path").fetchall()
    assert [tuple(row[name] for name in names) for row in rows["items"]] == wanted
    then = publish.Tip(here.root, here.tip, date.fromisoformat(manifest.day), here.listener)
    assert len(rows["plan"]) == len(then.plan.lines)
    assert made.files[0].rows == len(wanted)
    assert rebuilt(manifest, rows["changes"]) == folded.series(here)
    again = publish.publish(here, str(tmp_path / "out"))
    assert {each.state for each in again.files} == {"unchanged"}
