"""Clones that each record something for the first time: the settings name the folders without a conflict."""

import pytest
from team import clones

FIRST = {
    "ana": ("approve", "PT-7k3q9x"),
    "bob": ("time", "log", "PT-7k3q9x", "30m"),
    "cem": ("health", "PT-g0a123", "on-track", "-m", "Well."),
}
GOAL = "---\nid: PT-g0a123\ntitle: Goal\ntype: goal\nstatus: todo\ncreated: 2026-11-01\n---\n"


@pytest.mark.parametrize(
    "rooms", ["", "rooms: {reports: reports}\n", "rooms:\n  reports: reports\n"]
)
def test_first_records_of_each_sort_merge(tmp_path, rooms):
    everyone = clones(tmp_path, *FIRST, settings=f"types: [task, goal]\n{rooms}")
    ana = everyone[0]
    (ana.folder / "tasks/PT-g0a123-goal.md").write_text(GOAL)
    ana.git("add", "-A")
    ana.git("commit", "-qm", "goal")
    ana.git("push", "-q")
    for shell, words in zip(everyone, FIRST.values(), strict=True):
        if shell is not ana:
            shell.git("pull", "-q")
        shell(*words)
        shell.git("add", "-A")
        shell.git("commit", "-qm", words[0])
    for shell in everyone:
        shell.git("pull", "-q", "--no-rebase", "--no-edit")  # fails on a conflict
        shell.git("push", "-q")
    settings = (shell.folder / "plaintrack.yml").read_text()
    for room in ("time", "timesheets", "updates", "approvals"):
        assert settings.count(f"{room}: {room}") == 1
    assert "approved" in shell("approvals")
    assert "on track" in shell("health")
    assert "0:30" in shell("time", "list")
    assert shell.run(("check",), shell.env).returncode == 0


def test_a_folder_that_is_there_is_not_taken_for_a_room(empty):
    empty("init")
    (empty.folder / "time").mkdir()
    (empty.folder / "time/zones.md").write_text("# Zones\n")
    empty("add", "One")
    (name,) = empty("list", "--format", "ids").split()
    empty("approve", name)
    settings = (empty.folder / "plaintrack.yml").read_text()
    assert "approvals: approvals" in settings
    assert "time: time" not in settings
    assert empty.run(("check",), empty.env).returncode == 0


def test_a_commit_takes_the_rooms_that_its_records_need(empty):
    """Without them no clone would read the records; other changes of the settings stay out."""
    settings = empty.folder / "plaintrack.yml"
    settings.write_text("types: [task]\n")
    (empty.folder / "tasks").mkdir()
    (empty.folder / "tasks/PT-aaaaaa.md").write_text(
        "---\nid: PT-aaaaaa\ntitle: One\nstatus: todo\n---\n"
    )
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    assert "One" in empty("triage")  # whichever types there are
    empty("time", "log", "PT-aaaaaa", "30m")
    empty("commit")
    assert empty.git("status", "--porcelain") == ""
    empty("people", "jonas", "--new")
    settings.write_text(settings.read_text() + "day: 6h\n")
    empty("commit")
    assert empty.git("status", "--porcelain") == " M plaintrack.yml\n"
    assert "has other changes, too: name it to commit it" in empty.err
    empty("commit", "plaintrack.yml")
    settings.write_text(settings.read_text() + "commit: auto\n")
    empty("commit", "plaintrack.yml")
    empty("equipment", "van", "--new", "units=1")
    assert empty.git("status", "--porcelain") == ""
