"""How long an item lies about is told by its commits, not by the time of its file."""

import os
import subprocess

from conftest import Shell
from test_rules import item, ledger, rule
from test_rules import place as place  # a fixture

OLD, NEW = "2026-10-01T12:00:00+00:00", "2026-11-20T12:00:00+00:00"


def commit(shell, date):
    shell.git("add", "-A")
    subprocess.run(
        ["git", "commit", "-qm", "x"],
        cwd=shell.folder,
        env={**shell.env, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
        check=True,
    )


def aged(shell, name, day):
    """Set the time of a file to noon of a day of 2026-11."""
    path = shell.folder / f"tasks/{name}.md"
    seconds = 1_793_534_400 + (day - 1) * 86_400  # 2026-11-01 12:00 UTC
    os.utime(path, (seconds, seconds))


def fired(shell):
    return sorted(line.split()[3] for line in shell("rules", "run", "--dry-run").splitlines())


def test_a_clone_a_checkout_and_touch_make_nothing_fresh(empty):
    empty("init")
    item(empty, "aaa1")
    rule(empty, "lie", "on: {stale: 2w}\ndo:\n- comment: stale\n")
    commit(empty, OLD)
    item(empty, "bbb2")
    commit(empty, NEW)
    item(empty, "ccc3", status="done")
    clone = Shell(empty.folder.parent / "clone")
    empty.git("clone", "-q", ".", str(clone.folder))
    for shell in (empty, clone):
        shell("rules", "run", PLAINTRACK_NOW="2026-10-01T12:00:00+00:00")
        assert fired(shell) == ["PT-aaa1"]
        (shell.folder / "tasks/aaa1.md").touch()
        assert fired(shell) == ["PT-aaa1"]
    empty.git("switch", "-q", "--detach", "HEAD^")
    empty.git("switch", "-q", "main")
    assert fired(empty) == ["PT-aaa1"]
    for shell in (empty, clone):
        assert "1 fired" in shell("rules", "run")
        assert shell("rules", "run") == "0 fired\n"
    assert ledger(empty) == ledger(clone)
    assert fired(clone) == []


def test_a_change_that_is_not_committed_counts_from_when_it_was_saved(place):
    rule(place, "lie", "on: {stale: 2w}\ndo:\n- notify: stale\n")
    commit(place, OLD)
    for name, day in (("aaa1", 5), ("bbb2", 20)):
        path = place.folder / f"tasks/{name}.md"
        path.write_text(path.read_text() + "more\n")
        aged(place, name, day)
    item(place, "new1")
    item(place, "new2")
    aged(place, "new1", 6)
    aged(place, "new2", 22)
    place("rules", "run", PLAINTRACK_NOW="2026-11-01T12:00:00+00:00")
    assert fired(place) == ["PT-aaa1", "PT-new1"]


def test_without_git_and_before_the_first_commit_it_is_the_time_of_the_file(tmp_path):
    for git in (False, True):
        folder = tmp_path / str(git)
        folder.mkdir()
        shell = Shell(folder)
        if git:
            shell.git("init", "-q", "-b", "main")
        shell("init")
        item(shell, "aaa1")
        item(shell, "bbb2")
        rule(shell, "lie", "on: {stale: 2w}\ndo:\n- notify: stale\n")
        shell("rules", "run")
        aged(shell, "aaa1", 2)
        aged(shell, "bbb2", 20)
        assert fired(shell) == ["PT-aaa1"]


def test_what_rules_and_checks_call_stale_is_the_same(place):
    rule(place, "lie", "on: {stale: 30d}\ndo:\n- notify: stale\n")
    item(place, "aaa1", status="in-progress")
    commit(place, OLD)
    settings = place.folder / "plaintrack.yml"
    settings.write_text(settings.read_text() + "\nchecks: {stale: {days: 30}}\n")
    place("rules", "run", PLAINTRACK_NOW="2026-10-02T12:00:00+00:00")
    assert "PT-aaa1" in fired(place)
    assert "last touched 53 days ago" in place("check")
    path = place.folder / "tasks/aaa1.md"
    path.write_text(path.read_text() + "more\n")
    aged(place, "aaa1", 20)
    assert "PT-aaa1" not in fired(place)
    assert "last touched" not in place("check")


def test_a_comment_is_a_sign_of_life(empty):
    empty("init")
    (empty.folder / "automations").mkdir()
    (empty.folder / "automations/s.yml").write_text(
        "name: s\non: {stale: 14d}\ndo:\n- set: {rank: m}\n"
    )
    with open(empty.folder / "plaintrack.yml", "a") as settings:
        settings.write("checks:\n  stale: {days: 14, severity: error}\n")
    (empty.folder / "tasks/PT-aaaaaa.md").write_text(
        "---\nid: PT-aaaaaa\ntitle: One\nstatus: in-progress\nassignee: ida\n---\n"
    )
    commit(empty, "2026-10-01T10:00:00Z")
    late = "2026-10-20T10:00:00+00:00"
    assert "PT401" in empty("check", code=1, PLAINTRACK_NOW=late)
    empty("comment", "aaaaaa", "still on it", PLAINTRACK_NOW="2026-10-13T10:00:00+00:00")
    commit(empty, "2026-10-13T10:00:00Z")
    assert "PT401" not in empty("check", PLAINTRACK_NOW=late)
    empty("rules", "run", PLAINTRACK_NOW=late)
    assert "rank: m" not in (empty.folder / "tasks/PT-aaaaaa.md").read_text()
    later = "2026-10-28T10:00:00+00:00"
    assert "PT401" in empty("check", code=1, PLAINTRACK_NOW=later)
    (empty.folder / "automations/s.yml").write_text(
        "name: s\non: {stale: 14d}\ndo:\n- comment: still there?\n"
    )
    assert "comment added" in empty("rules", "run", PLAINTRACK_NOW=later)
    assert "PT401" in empty("check", code=1, PLAINTRACK_NOW=later)  # what a rule says is none
