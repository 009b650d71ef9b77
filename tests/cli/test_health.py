"""Status updates of projects and goals through the command line."""

import json

import pytest

ITEM = "---\nid: {0}\ntitle: Item {0}\ntype: {1}\nstatus: {2}\n{3}---\n"


def write(shell, path, text):
    target = shell.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def commit(shell, day):
    shell.git("add", "-A")
    moment = f"{day}T12:00:00+00:00"
    shell.env |= {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    shell.git("commit", "-qm", day)


@pytest.fixture
def place(empty):
    """A project with one item that is done since, one that was added and one that slipped; beside it another project."""
    write(empty, "plaintrack.yml", "timezone: UTC\n")
    write(
        empty,
        "projects/P-1.md",
        ITEM.format("P-1", "project", "in-progress", "start: 2026-10-01\ndue: 2026-12-31\n"),
    )
    write(empty, "projects/P-2.md", ITEM.format("P-2", "project", "in-progress", ""))
    write(empty, "goals/G-1.md", ITEM.format("G-1", "goal", "todo", ""))
    below = "project: P-1\nestimate: 1d\n"
    write(empty, "tasks/T-1.md", ITEM.format("T-1", "task", "todo", below))
    write(empty, "tasks/T-2.md", ITEM.format("T-2", "task", "todo", below + "due: 2026-11-20\n"))
    write(empty, "tasks/T-3.md", ITEM.format("T-3", "task", "todo", "project: P-2\n"))
    commit(empty, "2026-11-01")
    write(empty, "tasks/T-1.md", ITEM.format("T-1", "task", "done", below))
    write(empty, "tasks/T-2.md", ITEM.format("T-2", "task", "todo", below + "due: 2026-12-10\n"))
    write(empty, "tasks/T-3.md", ITEM.format("T-3", "task", "done", "project: P-2\n"))
    write(empty, "tasks/T-4.md", ITEM.format("T-4", "task", "todo", below + "depends_on: T-2\n"))
    commit(empty, "2026-11-15")
    return empty


def test_an_update_has_the_facts_since_the_last_one(place):
    assert (
        place("health", "P-1", "at-risk", "-m", "Waits for the auditors.")
        == "P-1  health: at risk\n"
    )
    (path,) = (place.folder / "updates/P-1").iterdir()
    text = path.read_text()
    assert text.startswith(
        "---\nhealth: at-risk\nby: Jonas Okafor\ndate: 2026-11-23T08:00:00+00:00\n---\nWaits for"
    )
    assert "Since 2026-11-09:" in text
    assert (
        "* done: 1 (T-1 Item T-1)\n* added: 1 (T-4 Item T-4)\n* slipped: T-2 Item T-2: due moved by 20 days"
        in text
    )
    assert "* blocked: 1 (T-4 Item T-4)" in text
    assert "T-3" not in text
    commit(place, "2026-11-23")
    place(
        "health", "P-1", "on-track", "-m", "They came.", PLAINTRACK_NOW="2026-11-24T09:00:00+01:00"
    )
    (second,) = [each for each in (place.folder / "updates/P-1").iterdir() if each != path]
    assert "Since 2026-11-24:" in second.read_text()
    assert "done" not in second.read_text()
    place("undo")
    assert not second.exists()


def test_health_is_that_of_the_latest_update_else_by_rule(place):
    before = {each["id"]: each for each in json.loads(place("health", "--format", "json"))["items"]}
    assert list(before) == ["P-1", "P-2", "G-1"]
    assert (before["P-1"]["health"], before["P-1"]["from"]) == ("at risk", "rule")
    place("health", "P-1", "at-risk", "-m", "One.")
    place("health", "P-1", "on-track", "-m", "Two.", PLAINTRACK_NOW="2026-11-24T09:00:00+01:00")
    after = {each["id"]: each for each in json.loads(place("health", "--format", "json"))["items"]}
    assert (after["P-1"]["health"], after["P-1"]["by"]) == ("on track", "Jonas Okafor")
    assert "on track (2026-11-24)" in place("project", "status")
    assert "on track (update of 2026-11-24, Jonas Okafor)" in place("project", "show", "P-1")
    said = place("health", "P-1")
    assert said.index("Two.") < said.index("One.")
    place("health", "G-1", "off-track", "-m", "No.")
    assert "off track (2026-11-23)" in place("goals")
    assert "at risk" in place("health", "P-1", "--format", "csv")


def test_what_is_refused(place):
    place("health", "T-1", "on-track", "-m", "x", code=2)
    assert "T-1 is a task, and only projects and goals have status updates" in place.err
    place("health", "P-1", "on-track", "-m", " ", code=2)
    assert "the update is empty" in place.err
    place("health", "P-1", "-m", "x", code=2)
    place("health", "P-1", "on-track", "--at", "HEAD", "-m", "x", code=2)
    place("health", "P-1", "great", code=2)
    assert not (place.folder / "updates").exists()


def test_a_file_that_cannot_be_used_is_shown_and_counts_for_nothing(place):
    place("health", "P-1", "at-risk", "-m", "One.")
    write(
        place, "updates/P-1/2026-11-30-zzzzzz.md", "---\nhealth: splendid\ndate: 2026-11-30\n---\n"
    )
    assert "cannot be read" in place("health", "P-1")
    assert "at risk" in place("project", "status")


def test_the_past_has_the_updates_of_then(place):
    place("health", "P-1", "at-risk", "-m", "One.")
    commit(place, "2026-11-23")
    place("health", "P-1", "on-track", "-m", "Two.", PLAINTRACK_NOW="2026-11-24T09:00:00+01:00")
    assert "at risk" in place("health", "--at", "HEAD")
    assert "by rule" not in place("health", "P-1", "--at", "HEAD")
    assert "no updates of P-1 yet" not in place.err


def test_updates_and_verdicts_are_committed_and_deleted_with_the_item(place):
    place("health", "P-1", "at-risk", "-m", "One.")
    place("approve", "P-1")
    place("commit", "-m", "said")
    assert place.git("ls-files", "updates", "approvals").count("P-1/") == 2
    place("health", "P-1", "on-track", "-m", "Two.")
    place("approve", "T-2")
    place("commit")
    assert place.git("status", "--porcelain", "updates", "approvals") == ""
    place("delete", "P-1", "--yes")
    assert not list((place.folder / "updates").rglob("*.md"))
    assert len(list((place.folder / "approvals").rglob("*.md"))) == 1
    place("undo")
    assert len(list((place.folder / "updates").rglob("*.md"))) == 2
