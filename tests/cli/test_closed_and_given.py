"""The stamp `closed`, by whatever door the status changes; and the body of a new item, wherever it comes from."""

import json
import re
from itertools import product

import pytest

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.stamps import stamps
from plaintrack.model.edit import Set, Unset
from plaintrack.model.task import Task

OLD, NEW = "2026-11-01T08:00:00+01:00", "2026-11-23T08:00:00+00:00"
STATUSES = {
    "": "open",
    "todo": "open",
    "in-progress": "active",
    "done": "done",
    "shipped": "done",
    "dropped": "cancelled",
    "gone": "open",
}


@pytest.fixture
def place(empty):
    (empty.folder / "plaintrack.yml").write_text(
        "folders: [tasks]\nids: {prefix: T}\nstatuses: {todo: open, in-progress: active, done: done, shipped: done, dropped: cancelled}\n"
    )
    empty.env["PLAINTRACK_NOW"] = NEW
    return empty


def item(place, number, status, closed=""):
    path = place.folder / f"tasks/T-{number}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"---\nid: T-{number}\ntitle: One\nstatus: {status}\n"
        + (f"closed: {closed}\n" if closed else "")
        + "---\nText.\n"
    )
    return path


def test_every_pair_of_statuses(place, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NEW)
    workspace = Workspace(str(place.folder))
    for old, new, closed in product(STATUSES, [*STATUSES, None], ["", OLD]):
        task = Task("x", "T-1", {"status": old, "closed": closed} if closed else {"status": old})
        status = Unset("status") if new is None else Set("status", new)
        found = stamps(workspace, task, (status,))
        was, now = STATUSES[old], STATUSES.get(new, "open")
        ends = now in ("done", "cancelled")
        if ends and was != now:
            assert [(each.field, each.value[:16]) for each in found] == [("closed", NEW[:16])], (
                old,
                new,
            )
        else:
            assert found == ((Unset("closed"),) if closed and not ends else ()), (old, new)
        assert stamps(workspace, task, (status, Set("closed", OLD))) == ()
        assert stamps(workspace, task, (Set("title", "x"),)) == ()
    assert (
        stamps(
            workspace, Task("x", "T-1", {"status": "Done", "closed": OLD}), (Set("status", "done"),)
        )
        == ()
    )


@pytest.mark.parametrize(
    "words",
    [
        ("set", "T-1", "status=done"),
        ("done", "T-1"),
        ("cancel", "T-1"),
        ("set", "T-1", "status=shipped"),
    ],
)
def test_commands_stamp_once(place, words):
    path = item(place, 1, "todo")
    assert "closed" not in place(*words)
    assert f"closed: {NEW}" in path.read_text()
    before = path.read_bytes()
    place(*words, PLAINTRACK_NOW="2026-12-24T09:00:00+01:00")
    assert path.read_bytes() == before
    place("set", "T-1", "status=todo")
    assert "closed" not in path.read_text()


def test_a_rule_that_closes_again_keeps_the_time(place):
    path, other = item(place, 1, "done", OLD), item(place, 2, "todo")
    (place.folder / "automations").mkdir()
    (place.folder / "automations/a.yml").write_text(
        "name: a\non: {changed: priority}\ndo:\n- set: {status: done}\n"
    )
    place("rules", "run")
    place("set", "T-1", "T-2", "priority=low")
    assert f"closed: {OLD}" in path.read_text()
    assert f"closed: {NEW}" in other.read_text()


def test_a_status_that_is_spelt_right_is_not_closed_anew(place):
    path = item(place, 1, "Done", OLD)
    place("check", "--fix")
    assert f"status: done\nclosed: {OLD}" in path.read_text()


def test_an_item_that_is_added_closed_has_a_stamp(place):
    place("add", "Old", "status=done")
    place("add", "Older", "status=done", "closed=2026-11-01")
    found = [
        next(iter(place.folder.glob(f"tasks/*-{name}.md"))).read_text() for name in ("old", "older")
    ]
    assert f"closed: {NEW}" in found[0]
    assert "closed: 2026-11-01\n" in found[1]


BODIES = {
    "none": ((), None),
    "text": (("--body", "Say {title}."), "Say {title}.\n"),
    "stdin": (("--body", "-"), "Piped {id}\n\nmore\n"),
}


@pytest.mark.parametrize(
    ("template", "body", "dry"), list(product((None, "bug", "mine"), BODIES, (False, True)))
)
def test_every_pair_of_options_of_add(place, template, body, dry):
    (place.folder / "templates").mkdir()
    (place.folder / "templates/mine.md").write_text("---\ntags: [m]\n---\nOf {title}.\n")
    words, wanted = BODIES[body]
    chosen = ("--template", template) if template else ()
    out = place(
        "add", "One", *chosen, *words, *(["--dry-run"] if dry else []), stdin="Piped {id}\n\nmore\n"
    )
    text = out if dry else next(place.folder.glob("tasks/*.md")).read_text()
    given = [line for line in (wanted or "").splitlines() if line]
    assert all(line in text for line in given), text
    assert ("Of One." in text) == (template == "mine" and wanted is None)
    if not dry:
        assert wanted is None or text.endswith(f"---\n{wanted}")
        assert ("tags: [m]" in text or "- m" in text) == (template == "mine")
    assert list(place.folder.glob("tasks/*.md")) == [] or not dry


def test_the_list_of_templates_makes_nothing(place):
    assert "bug" in place("add", "--template", "list")
    for more in (("One",), ("--body", "x"), ("--dry-run",)):
        assert place("add", "--template", "list", *more, code=2) == ""


def test_a_rule_gives_a_body_to_what_it_makes_from_a_template(place):
    item(place, 1, "todo")
    (place.folder / "templates").mkdir()
    (place.folder / "templates/mine.md").write_text("---\ntags: [m]\n---\nOf {title}.\n")
    (place.folder / "automations").mkdir()
    (place.folder / "automations/a.yml").write_text(
        "name: a\non: {changed: priority}\ndo:\n- create: {title: Mine, template: mine, body: 'From {id}.'}\n- create: {title: Plain, template: mine}\n"
    )
    place("rules", "run")
    place("set", "T-1", "priority=low")
    made = [next(place.folder.glob(f"tasks/*-{name}.md")).read_text() for name in ("mine", "plain")]
    assert made[0].endswith("---\nFrom T-1.\n") or made[0].endswith("---\nFrom T-1.")
    assert made[1].endswith("---\nOf Plain.\n")


def test_show_gives_comments_to_programs(place):
    item(place, 1, "todo")
    place("comment", "T-1", "First.")
    found = json.loads(place("show", "T-1", "--format", "json"))["items"][0]
    (comment,) = found["comments"]
    assert re.fullmatch("20261123T080000Z-[0-9a-f]{6}", comment.pop("name"))
    assert comment == {
        "author": "Jonas Okafor",
        "date": NEW,
        "body": "First.\n",
        "answers": "",
        "resolved": False,
    }
