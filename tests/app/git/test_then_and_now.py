"""`was:` finds what the same term finds in some commit of the past; rules mean by `from:` and `to:` what a query means."""

import random

import pytest
from git_help import commit

from plaintrack.app.snapshot import answers, past
from plaintrack.app.snapshot.workspace import Workspace

VALUES = {
    "title": ["Fix the login", "Log out", "straße"],
    "status": ["todo", "in-progress", "review", "Done"],
    "assignee": ["jonas", "Jonas Okafor", "[ada, jonas]", "ada"],
    "project": ["PT-aaa222", "PT-bbb333"],
    "due": ["2026-11-20", "2026-11-20T23:30:00-05:00", "2026-11-21T05:00:00+09:00", "2026-12-01"],
    "estimate": ["2d", "16h", "1w", "45m"],
    "tags": ["[auth, web]", "web"],
    "priority": ["high", "low"],
    "effort": ["1", "2.50", "3"],
}
TERMS = [
    "assignee{}me", "assignee{}ada,jonas", "project{}aaa", "due{}2026-11-20", "due{}2026-11-21", "due{}2026-11", "due{}..2026-11-30",
    "due{}2026-11-20T20:00:00Z..", "estimate{}16h", "estimate{}2d", "estimate{}1h..1d", "title{}*login*", "title{}STRASSE", "title{}/^log/i",
    "status{}review", "status{}done", "tags{}WEB", "tags{}*u*", "priority{}high", "effort{}2.5",
]  # fmt: skip


@pytest.fixture
def histories(empty):
    """Three items with random values through seven commits, and some changes that are not committed."""
    (empty.folder / "tasks").mkdir()
    (empty.folder / "plaintrack.yml").write_text(
        "timezone: Europe/Berlin\nfields: {effort: {type: number}}\npeople:\n  jonas: {name: Jonas Okafor, email: jonas@rinnwerk.example}\n"
    )
    chosen = random.Random(20261128)
    empty.hashes = []
    for number in range(8):
        for id in ("PT-aaa222", "PT-bbb333", "PT-ccc444"):
            fields = {
                name: chosen.choice(values)
                for name, values in VALUES.items()
                if name in ("title", "status") or chosen.random() < 0.4
            }
            lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
            (empty.folder / f"tasks/{id}.md").write_text(f"---\nid: {id}\n{lines}---\n")
        if number < 7:
            empty.hashes.append(commit(empty, str(number), f"2026-11-{number + 10}T10:00:00+01:00"))
    return empty


def found(workspace, query):
    return {item for _, item, _ in answers.rows_raw(workspace, answers.question(workspace, query))}


def test_was_is_the_term_as_it_was(histories, monkeypatch):
    for name, value in histories.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(histories.folder)
    workspace = Workspace()
    snapshots = [workspace, *(past.at(workspace, each) for each in histories.hashes)]
    hits = 0
    for term in TERMS:
        ever = set().union(*(found(each, term.format(":")) for each in snapshots))
        assert found(workspace, f"was:{term.format('=')}") == ever, term
        hits += len(ever)
    assert hits > len(TERMS)


@pytest.mark.parametrize(
    ("field", "old", "new", "asked"),
    [
        ("estimate", "1d", "2d", "{from: 8h, to: 16h}"), ("due", "2026-11-28T01:00:00+09:00", "2026-12-01", "{from: 2026-11-27}"),
        ("assignee", "ada", "jonas", "{to: me}"), ("project", "", "PT-aaa222", "{to: aaa}"), ("title", "Old", "The login", "{to: '*LOGIN*'}"),
    ],
)  # fmt: skip
def test_a_rule_means_what_a_query_means(histories, field, old, new, asked):
    (histories.folder / "automations").mkdir()
    (histories.folder / "automations/r.yml").write_text(
        f"name: r\non:\n  changed: {{field: {field}, {asked[1:]}\ndo:\n- set: {{rank: m}}\n"
    )
    path = histories.folder / "tasks/PT-ccc444.md"
    title = "" if field == "title" else "title: T\n"
    path.write_text(f"---\nid: PT-ccc444\n{title}" + (f"{field}: {old}\n" if old else "") + "---\n")
    histories("rules", "run")
    path.write_text(f"---\nid: PT-ccc444\n{title}{field}: {new}\n---\n")
    histories("rules", "run")
    assert "rank: m" in path.read_text()
