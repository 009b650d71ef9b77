"""The plan beside a change: in the comment on a pull request, and in live blocks."""

import json

import pytest


def put(shell, item, *lines):
    text = "\n".join(("---", f"id: {item}", f"title: Work {item}", *lines, "---", ""))
    (shell.folder / f"tasks/{item}.md").write_text(text)


SETTINGS = "plan: {objective: serve}\n"


@pytest.fixture
def work(empty):
    (empty.folder / "tasks").mkdir()
    (empty.folder / "plaintrack.yml").write_text(SETTINGS)
    put(empty, "A-1", "status: todo", "estimate: 2d", "assignee: ana", "milestone: A-4")
    put(
        empty,
        "A-2",
        "status: todo",
        "estimate: 1d",
        "assignee: ana",
        "depends_on: A-1",
        "due: 2026-11-26",
    )
    put(empty, "A-3", "status: todo", "estimate: 1d", "assignee: bob")
    put(empty, "A-4", "type: milestone", "status: todo", "due: 2026-11-30")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def comment(shell, *words):
    return shell("check", "--since", "HEAD~1...HEAD", "--format", "comment", *words)


def test_a_comment_says_what_moves_and_why(work):
    work("set", "A-1", "estimate=4d")
    work.git("commit", "-qam", "longer")
    said = comment(work)
    assert "* All is done by 2026-11-27 instead of 2026-11-25: 2 working days later." in said
    assert "Newly late: A-2." in said.replace("\\", "")
    assert "Milestones move: A-4 by +2 working days." in said.replace("\\", "")
    row = next(line for line in said.splitlines() if line.startswith("| [A-2](tasks/A-2.md)"))
    assert "| +2, **newly late** | 2026-11-25 → 2026-11-27 | waits for A-1 to end" in row
    found = json.loads(comment(work, "--format", "json"))["plan"]
    assert {row["id"]: row["days"] for row in found["moved"]} == {"A-1": 2, "A-2": 2, "A-4": 2}
    work("set", "A-1", "estimate=1d")
    work.git("commit", "-qam", "shorter")
    assert "No longer late: A-2." in comment(work).replace("\\", "")
    work("set", "A-3", "priority=high")
    work.git("commit", "-qam", "nothing")
    assert "#### Plan\n\n* Nothing moves." in comment(work)


def test_nothing_is_said_without_the_setting_and_a_note_where_it_cannot_be(work):
    path = next((work.folder / "tasks").glob("A-1*"))
    path.write_text(path.read_text().replace("---\n", "---\ndepends_on: A-2\n", 1))
    work.git("commit", "-qam", "circle")
    said = work("check", "--since", "HEAD~1...HEAD", "--format", "comment", code=1)
    assert "were not compared: A-1, A-2 wait for each other" in said.replace("\\", "")
    assert "#### Plan" not in said
    (work.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    work.git("commit", "-qam", "no plan")
    assert (
        "lan"
        not in comment(work).replace("plaintrack", "").replace("plan: ", "").partition("###")[2]
    )


def test_live_blocks_say_what_the_command_says(work):
    (work.folder / "README.md").write_text(
        "<!-- plaintrack: plan assignee:ana -->\n<!-- /plaintrack -->\n\n"
        "<!-- plaintrack: plan-gantt by:project -->\n<!-- /plaintrack -->\n"
    )
    work("render")
    text = (work.folder / "README.md").read_text()
    assert work("plan", "assignee:ana", "--format", "markdown").strip() in text
    assert "```mermaid\ngantt\n" in text
    work("render", "--check")
    (work.folder / "README.md").write_text(
        "<!-- plaintrack: plan-gantt by:proj -->\n<!-- /plaintrack -->\n"
    )
    assert "README.md:1:32: PT005" in work("check", "--fail-on", "never")


def test_a_roadmap_says_how_dates_stand(work):
    put(work, "P-1", "type: project", "status: todo", "due: 2026-11-20", "target_end: 2026-11-20")
    put(work, "A-5", "status: todo", "estimate: 1d", "assignee: bob", "project: P-1")
    put(work, "A-6", "status: todo", "assignee: bob", "project: P-1")
    said = work("plan", "--milestones")
    rows = {line.split()[0]: line for line in said.splitlines() if line.startswith(("A-", "P-"))}
    assert set(rows) == {"A-4", "P-1"}
    assert "2026-11-24  2026-11-30              in time, 6 days to spare" in rows["A-4"]
    assert "3 days late; 3 days after what was agreed; 1 item below it has no dates" in rows["P-1"]
    assert "2 milestones, projects and goals: 1 will be late." in said
    assert "◆" in said
    for form in ("json", "csv", "markdown", "mermaid", "svg"):
        found = work("plan", "--milestones", "--format", form)
        assert "A-4" in found
        assert "A-5" not in found
    work("plan", "--milestones", "--compare", "HEAD", code=2)


def test_a_holiday_in_the_settings_of_a_branch_moves_the_work(work):
    (work.folder / "plaintrack.yml").write_text(SETTINGS + "calendar: {holidays: [2026-11-24]}\n")
    said = work("plan", "--compare", "HEAD")
    assert "All is done by 2026-11-26 instead of 2026-11-25: 1 working day later." in said
    work.git("commit", "-qam", "a holiday")
    assert "1 working day later" in comment(work)
    (work.folder / "plaintrack.yml").write_text(
        "plan: {slot: 1h}\ncalendar: {holidays: [2026-11-24]}\n"
    )
    work.git("commit", "-qam", "longer slots")
    assert "* Nothing moves." in comment(work)


def found(shell, *words):
    """(code, item) → the message of what a check found."""
    said = json.loads(shell("check", *words, "--format", "json"))
    return {(each["code"], each["item"]): each["message"] for each in said["findings"]}


def test_the_checks_of_the_plan_tell_what_a_change_brings(work):
    """A-2 becomes late by what happens to A-1, and worse by the next change."""
    work("set", "A-1", "estimate=4d")
    assert ("PT621", "A-2") in found(work, "--since", "HEAD")
    assert not found(work, "--staged")
    work.git("commit", "-qam", "longer")
    assert list(found(work, "--since", "HEAD~1...HEAD")) == [("PT621", "A-2")]
    work("set", "A-3", "priority=high")
    work.git("commit", "-qam", "nothing")
    assert not found(work, "--since", "HEAD~1...HEAD")
    work("set", "A-1", "estimate=5d")
    work("set", "A-3", "estimate=")
    work.git("commit", "-qam", "worse")
    said = found(work, "--since", "HEAD~1...HEAD")
    assert set(said) == {("PT621", "A-2"), ("PT622", "A-3")}
    assert "2026-11-30, 4 days after it is due: waits for A-1 to end" in said["PT621", "A-2"]
    (work.folder / "plaintrack.yml").write_text("")
    assert not found(work, "--since", "HEAD~1")


def test_a_side_that_cannot_be_planned_is_a_note_of_the_checks(work):
    (work.folder / "plaintrack.yml").write_text(SETTINGS + "calendar: {country: XX}\n")
    said = json.loads(
        work(
            "check",
            "--since",
            "HEAD",
            "--format",
            "json",
        )
    )
    assert [note for note in said["notes"] if "before and after were not compared" in note]
