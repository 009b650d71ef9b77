"""Publishing: what is told of a real workspace, that it is the same everywhere, and what stays untold."""

import json
from datetime import date

import canaries
import pytest
from conftest import Shell
from publishing import written

from plaintrack.app.reporting import publish
from plaintrack.app.snapshot import folded, people, timelog
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.config.settings import read
from plaintrack.flow.series import Series, Step, Workflow
from plaintrack.model.task import fold
from plaintrack.store.portfolio import published, shape


def told(folder):
    """The rows of each table, as dicts."""
    found = published.read(str(folder))
    columns = {name: [each.name for each in some] for name, some in shape.TABLES.items()}
    return found.manifest, {
        name: [
            dict(zip(columns[name], row, strict=True))
            for file in found.files(name)
            for rows in found.rows(file)
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
    """The example, some commits later, and private."""
    with (example.folder / "plaintrack.yml").open("a") as settings:
        settings.write("publish: {private: true, name: rinnwerk}\n")
    example("start", "xybp33")
    example("add", "New one", "estimate:2d")
    example.git("add", "-A")
    example.git("commit", "-qm", "more")
    example.git("switch", "-qc", "side", "HEAD^")
    example.git("commit", "-q", "--allow-empty", "-m", "side")
    example("set", "7rrpba", "priority=low")
    example.git("commit", "-qam", "lower")
    example.git("switch", "-q", "main")
    example.git("merge", "-q", "--no-ff", "-m", "both", "side")
    return example


def test_what_is_published_is_the_work_and_the_same_everywhere(work, tmp_path):
    """In another clone, another time zone of the machine, another locale, on another day, with and without what is cached."""
    here = Workspace(str(work.folder))
    publish.publish(here, str(tmp_path / "out"))
    manifest, rows = told(tmp_path / "out")
    assert (manifest.name, manifest.private, manifest.tip) == ("rinnwerk", True, here.repo.head)
    index = here.index.connection
    later = ("haystack", "blob", "values", "kind", "updated", "updated_at")
    names = [
        each.name for each in shape.ITEM if each.name not in later and "_fold" not in each.name
    ]
    wanted = index.execute(f"SELECT {', '.join(names)} FROM item ORDER BY path").fetchall()
    assert [tuple(row[name] for name in names) for row in rows["items"]] == wanted
    values = index.execute(
        "SELECT i.path, v.field, v.key, v.number FROM value v JOIN item i ON i.number = v.item"
    ).fetchall()
    found = [(row["path"], *each[:3]) for row in rows["items"] for each in row["values"]]
    assert {*values} == {each for each in found if each[1] != "mentions" or each in values}
    haystacks = index.execute(
        "SELECT w.haystack FROM words w JOIN item i ON i.number = w.item ORDER BY i.path"
    )
    assert [row["haystack"] for row in rows["items"]] == [text for (text,) in haystacks]
    blobs = {row["path"]: row["blob"] for row in rows["items"]}
    tree = work.git("ls-tree", "-r", "HEAD").splitlines()
    assert blobs.items() <= {line.split("\t")[1]: line.split()[2] for line in tree}.items()
    assert rebuilt(manifest, rows["changes"]) == folded.series(here)
    then = publish.Tip(here.root, here.tip, date.fromisoformat(manifest.day), here.listener)
    lines = [(fold(each.id), each.start, each.end) for each in then.plan.lines]
    assert sorted((row["item"], row["start"], row["end"]) for row in rows["plan"]) == sorted(lines)
    seconds = sum(each.seconds for each in timelog.everything(here))
    assert sum(row["seconds"] for row in rows["time"]) == seconds > 0
    settings = read(manifest.settings)
    assert settings.schema == here.settings.schema
    assert list(settings.schema.statuses) == list(here.settings.schema.statuses)
    filed = {"people": [(path, text.encode()) for path, text in manifest.people.items()]}
    assert people.made(settings, filed, []).people == here.everyone.people
    one = written(tmp_path / "out")
    clone = tmp_path / "a clone"
    work.git("clone", "-q", ".", str(clone))
    env = {"TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "PLAINTRACK_NOW": "2027-03-01T01:00:00+13:00", "PYTHONHASHSEED": "7"}  # fmt: skip
    Shell(clone)("publish", "../two", **env)
    assert written(tmp_path / "two") == one
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.parquet")}
    assert {each.state for each in publish.publish(here, str(tmp_path / "out")).files} == {
        "unchanged"
    }
    assert written(tmp_path / "out") == one
    assert {path: path.stat().st_mtime_ns for path in before} == before


def everything(folder):
    """All that a reader finds in a folder, as one text."""
    manifest, rows = told(folder)
    return repr(written(folder)["manifest.json"].decode()) + repr(manifest) + repr(rows)


def test_nothing_is_told_that_only_the_team_may_know(empty):
    canaries.secrets(empty)
    empty("publish", "../out")
    found = everything(empty.folder.parent / "out")
    for name, canary in canaries.CANARIES.items():
        assert canary not in found, name
    assert "2026-11-23..2026-11-27 away" in found
    assert "away" in found
    assert "are not told" in empty.err
    settings = empty.folder / "plaintrack.yml"
    text = settings.read_text()
    settings.write_text(text + "publish: {time: false}\n")
    empty.git("commit", "-qam", "no time")
    assert "time/2026.parquet" in empty("publish", "../out")  # removed
    assert told(empty.folder.parent / "out")[1]["time"] == []
    assert "time records are not told" in empty.err
    settings.write_text(text + "publish: {private: true}\n")
    empty.git("commit", "-qam", "private")
    assert "are not told" not in empty("publish", "../out") + empty.err
    found = everything(empty.folder.parent / "out")
    for name, canary in canaries.CANARIES.items():
        assert (canary in found) == (name not in ("remote",)), name


def test_worktrees_and_workspaces_below_the_top_have_names_of_their_own(empty, tmp_path):
    """The name is that of the repository, whatever folder a worktree is in."""
    folder = empty.folder / "apps" / "web.x"
    (folder / "tasks").mkdir(parents=True)
    (folder / "plaintrack.yml").write_text("folders: [tasks]\n")
    for who in ("ann", "bob"):
        text = f"---\nid: {who}\ntitle: Ask {who}@example.org \N{GRINNING FACE}\nstatus: todo\n---\nText\n"
        (folder / f"tasks/{who}@example.org.md").write_text(text)
    (folder / "tasks/broken.md").write_text("broken: [\n")
    (folder / "tasks/T-1.md").write_text("---\nid: T-1\ntitle: One\nstatus: todo\n---\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    empty.git("worktree", "add", "-qb", "other", str(tmp_path / "a tree"))
    here, there = Shell(folder), Shell(tmp_path / "a tree/apps/web.x")
    here("publish", str(tmp_path / "one"))
    assert "days are those of UTC" in here.err
    assert "1 file in the item folders cannot be read" in here.err
    there("publish", f"file://{tmp_path}/two")
    assert written(tmp_path / "one") == written(tmp_path / "two")
    manifest, rows = told(tmp_path / "two")
    assert manifest.name == "empty-apps-web.x"
    assert {row["id"] for row in rows["items"]} >= {"T-1"}
    assert len({row["path"] for row in rows["items"]}) == len(rows["items"])
    assert "@" not in repr(rows)
    there("publish", str(tmp_path / "two"), "--at", "staged", code=2)
    (folder.parents[1] / ".mailmap").write_text("Jo <jonas@rinnwerk.example>\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "another name")
    here("publish", str(tmp_path / "one"))
    empty.git("-C", str(tmp_path / "a tree"), "merge", "-q", "main")
    there("publish", str(tmp_path / "two"))
    assert {row["who"] for row in told(tmp_path / "one")[1]["changes"]} == {"Jo"}
    assert written(tmp_path / "one") == written(tmp_path / "two")
    there("set", "T-1", "title=Two")
    there("publish", str(tmp_path / "two"))
    assert written(tmp_path / "one") == written(tmp_path / "two")
    assert "1 file in the item folders cannot be read" in there.err


def test_texts_are_made_fit_for_every_database():
    assert publish.cleaner(False)("a\0b \ud83d c@d.example") == "a\ufffdb \ufffd c@d.example"
    assert publish.cleaner(True)("\N{GRINNING FACE} c@d.example") == "\N{GRINNING FACE} (address)"
