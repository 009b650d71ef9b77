"""Mentions as queries and columns know them, in SQL and in memory alike."""

import datetime
import json

from plaintrack.app.snapshot import answers, offers
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.query.evaluate import answer
from plaintrack.query.facts import Facts
from plaintrack.text.parse import parse

BODIES = {
    "T-1": "Ask @Ana and @leads.",
    "T-2": "See `@ana` or ana@example.org.",
    "T-3": "@ana2 knows.\n\n@bob",
    "T-4": "",
}


def item(name, body, front=""):
    return f"---\nid: {name}\ntitle: A\nstatus: todo\n{front}---\n{body}\n"


def found(shell, query):
    return shell("list", query, "--format", "ids").split()


def test_items_are_found_by_whom_they_mention(empty):
    empty("init")
    empty.git("config", "user.name", "ana")
    for name, body in BODIES.items():
        (empty.folder / f"tasks/{name}.md").write_text(item(name, body))
    assert found(empty, "mentions:ana") == found(empty, "mentions:me") == ["T-1"]
    told = json.loads(empty("list", "has:mentions", "--columns", "id,mentions", "--format", "json"))
    assert [(each["id"], each["mentions"]) for each in told["items"]] == [
        ("T-1", ["ana", "leads"]),
        ("T-3", ["ana2", "bob"]),
    ]
    workspace = Workspace(str(empty.folder))
    offered = [each.text for each in offers.query(workspace, "mentions:")]
    assert offered == [f"mentions:{each}" for each in ("me", "ana", "ana2", "bob", "leads")]
    tasks = [
        parse(f"tasks/{name}.md", item(name, body).encode(), workspace.schema)
        for name, body in BODIES.items()
    ]
    facts = Facts(tasks, workspace.schema, datetime.date(2026, 11, 28))
    for query in (
        "mentions:ana",
        "mentions:a*",
        "no:mentions",
        "-mentions:leads",
        "mentions:/b$/",
        "sort:mentions",
    ):
        asked = answers.question(workspace, query)
        assert [task.id for task in answer(asked, tasks, facts)] == [
            row[1] for row in answers.rows_raw(workspace, asked)
        ], query


def test_comments_and_updates_mention_too(empty):
    """As in memory; also after the item got another id, in the past, and by a group."""
    empty("init")
    empty.git("config", "user.name", "ana")
    with open(empty.folder / "plaintrack.yml", "a") as settings:
        settings.write("groups: {leads: [ana, bob]}\nrooms: {updates: updates}\n")
    for name, body in BODIES.items():
        (empty.folder / f"tasks/{name}.md").write_text(item(name, body))
    for path, said in (
        ("comments/T-4/20261122T100000Z-aaaaaa.md", "---\nauthor: cem\n---\nFor @zoe and @ana.\n"),
        ("updates/T-9/2026-11-22-aaaaaa.md", "---\nhealth: on-track\nby: cem\n---\nAsk @leads.\n"),
        ("comments/T-3/20261122T100000Z-aaaaaa.md", "---\nauthor: cem\n---\nNot `@zoe`.\n"),
    ):
        (empty.folder / path).parent.mkdir(parents=True)
        (empty.folder / path).write_text(said)
    (empty.folder / "tasks/T-5.md").write_text(item("T-5", "", "formerly: [T-9]\n"))
    assert found(empty, "mentions:me sort:id") == ["T-1", "T-4", "T-5"]
    assert [each.text for each in offers.query(Workspace(str(empty.folder)), "mentions:z")] == [
        "mentions:zoe"
    ]
    told = json.loads(empty("list", "has:mentions", "--columns", "id,mentions", "--format", "json"))
    assert {each["id"]: each["mentions"] for each in told["items"]} == {
        "T-1": ["ana", "leads"], "T-3": ["ana2", "bob"], "T-4": ["zoe", "ana"], "T-5": ["leads"],
    }  # fmt: skip
    workspace = Workspace(str(empty.folder))
    tasks = [each for each in answers.all_tasks(workspace) if each.id != "T-1"]
    facts = Facts(
        tasks, workspace.schema, datetime.date(2026, 11, 28), addressed=lambda: workspace.addressed
    )
    for query in ("mentions:zoe", "mentions:me", "mentions:z*", "no:mentions", "mentions:/^l/",
                  "has:mentions", "mentions>b", "sort:mentions", "sort:-mentions"):  # fmt: skip
        asked = answers.question(workspace, f"{query} -id:T-1,T-3")
        assert [task.id for task in answer(asked, tasks, facts)] == [
            row[1] for row in answers.rows_raw(workspace, asked)
        ], query
    empty.git("add", "-A")
    empty.git("commit", "-qm", "all")
    (empty.folder / "comments/T-4/20261122T100000Z-aaaaaa.md").unlink()
    assert found(empty, "mentions:zoe") == []
    assert empty("list", "mentions:zoe", "--at", "HEAD", "--format", "ids").split() == ["T-4"]


def test_a_declared_field_of_that_name_comes_first(empty):
    empty("init")
    with open(empty.folder / "plaintrack.yml", "a") as settings:
        settings.write("fields: {mentions: {type: text}}\n")
    (empty.folder / "tasks/T-1.md").write_text(item("T-1", "@ana", "mentions: the press\n"))
    assert found(empty, 'mentions:"the press"') == ["T-1"]
    assert found(empty, "mentions:ana") == []
    assert "the press" in empty("list", "--columns", "mentions")
