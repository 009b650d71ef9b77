"""A second door: the verbs of the core are called without the command line, and a preview is the deed with nothing written."""

import pytest
from conftest import NOW, ROOT

from plaintrack.app.check.renumber import renumber
from plaintrack.app.follow import opened
from plaintrack.app.items.add import add
from plaintrack.app.items.archive import archive
from plaintrack.app.items.assign import edits
from plaintrack.app.items.change import change
from plaintrack.app.items.comment import comment
from plaintrack.app.items.delete import delete
from plaintrack.app.items.recur import generate
from plaintrack.app.items.target import matching, named
from plaintrack.app.items.tick import tick
from plaintrack.app.items.workflow import move
from plaintrack.errors import PlaintrackError
from plaintrack.show.done import lines

ITEM = "---\nid: PT-{0}\ntitle: Item {0}\nstatus: {1}\n{2}---\n- [ ] a step\n"


@pytest.fixture
def place(empty, monkeypatch):
    """The root of a workspace with four items, one of which recurs, and a rule."""
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    files = {
        "plaintrack.yml": "folders: [tasks]\n",
        "automations/r.yml": "name: talk\non: {changed: priority}\ndo:\n- set: {order: first}\n",
        "tasks/PT-aaaa.md": ITEM.format("aaaa", "todo", ""),
        "tasks/PT-bbbb.md": ITEM.format("bbbb", "todo", "depends_on: [PT-aaaa]\norder: last\n"),
        "tasks/PT-cccc.md": ITEM.format("cccc", "done", ""),
        "tasks/PT-dddd.md": ITEM.format("dddd", "done", "due: 2026-11-20\nrepeat: weekly\n"),
    }
    for path, text in files.items():
        target = empty.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return empty.folder


VERBS = {
    "change": lambda w, dry: change(w, named(w, ["aaaa", "bbbb"]), edits(w, ["title=New", "tags+=x"]), dry=dry),
    "matching": lambda w, dry: change(w, matching(w, "is:open"), edits(w, ["due=2026-12-01"]), dry=dry),
    "move": lambda w, dry: move(w, "done", ["aaaa", "cccc"], dry),
    "tick": lambda w, dry: tick(w, "aaaa", [1], dry=dry),
    "archive": lambda w, dry: archive(w, ["cccc"], dry=dry),
    "delete": lambda w, dry: delete(w, ["aaaa"], dry),
    "renumber": lambda w, dry: renumber(w, "aaaa", "PT-zzzz", dry),
    "recur": lambda w, dry: generate(w, dry=dry),
}  # fmt: skip


@pytest.mark.parametrize("name", VERBS)
def test_a_preview_is_the_deed(place, name):
    before = {path: path.read_bytes() for path in sorted(place.rglob("*.md"))}
    planned = VERBS[name](opened(str(place)), True)
    assert {path: path.read_bytes() for path in sorted(place.rglob("*.md"))} == before
    done = VERBS[name](opened(str(place)), False)
    assert planned._replace(dry=False) == done
    held = {}
    for file in done.files:
        held[file.path] = file.after
    for path, data in held.items():
        target = place / path
        assert (target.read_bytes() if target.exists() else None) == data


def test_what_follows_is_in_the_answer(place):
    workspace = opened(str(place))
    opened(str(place)).index  # noqa: B018 (rules begin with what they see first)
    change(workspace, named(workspace, ["bbbb"]), edits(workspace, ["tags+=x"]))
    workspace = opened(str(place))
    done = change(workspace, named(workspace, ["bbbb"]), edits(workspace, ["priority=high"]))
    assert [item.id for item in done.items] == ["PT-bbbb"]
    assert done.rules == ("rule talk: PT-bbbb  order: last → first",)
    assert [line for line, _ in lines(done)] == [
        "PT-bbbb  priority: (none) → high",
        "rule talk: PT-bbbb  order: last → first",
    ]


def test_new_items_and_comments_are_named(place):
    workspace = opened(str(place))
    (item,) = add(workspace, "A title", edits(workspace, ["tags=x"])).items
    assert (place / item.path).exists()
    done = comment(opened(str(place)), item.id, "Said.")
    assert "Said." in (place / done.items[0].path).read_text()


def test_what_was_done_before_a_failure_is_told(place):
    workspace = opened(str(place))
    targets = named(workspace, ["aaaa", "bbbb"])
    (place / "tasks/PT-bbbb.md").unlink()
    done = change(workspace, targets, edits(workspace, ["title=New"]))
    assert [item.id for item in done.items] == ["PT-aaaa"]
    assert isinstance(done.stopped, PlaintrackError)
    assert "title: New" in (place / "tasks/PT-aaaa.md").read_text()


def test_no_command_opens_a_session():
    for path in (ROOT / "src/plaintrack/cli").rglob("*.py"):
        assert "writing(" not in path.read_text("utf-8"), path
