"""Git takes a new item for a removed one that was renamed, and merges what was said of the old one into it: found wherever it can happen."""

import subprocess

import pytest

FOLDERS = ("tasks", ".tickets", "a b/täsks", "x/.y/z")
OLD = """\
---
id: PT-aaaaaa
title: Water the beans
type: task
status: todo
assignee:
- ida
priority: medium

tags:
- garden
due: 2026-12-01
created: 2026-11-20T10:00:00+01:00
---
## Steps

- [ ] look at the weather
- [ ] do it

## Notes

Ask Ida where the tools are.
"""
NEW = (
    OLD.replace("aaaaaa", "bbbbbb")
    .replace("Water the beans", "Weed the carrots")
    .replace("11-20", "11-27")
)
DONE = OLD.replace("status: todo", "status: done").replace("[ ] look", "[x] look")


@pytest.fixture(params=FOLDERS)
def garden(empty, request):
    """One branch has the old item replaced by a new one, `other` has the old one done."""
    shell, folder = empty, request.param
    shell("init")
    settings = shell.folder / "plaintrack.yml"
    settings.write_text(settings.read_text().replace("folders: [tasks,", f"folders: ['{folder}',"))
    place = shell.folder / folder
    place.mkdir(parents=True, exist_ok=True)
    (place / "PT-aaaaaa-water.md").write_text(OLD)
    commit(shell, "start")
    shell.git("checkout", "-qb", "other")
    (place / "PT-aaaaaa-water.md").write_text(DONE)
    commit(shell, "done")
    shell.git("checkout", "-q", "main")
    (place / "PT-aaaaaa-water.md").unlink()
    (place / "PT-bbbbbb-weed.md").write_text(NEW)
    commit(shell, "instead")
    return shell, place


def commit(shell, message):
    shell.git("add", "-A")
    shell.git("commit", "-qm", message)


def git(shell, *words):
    return subprocess.run(
        ["git", *words],
        cwd=shell.folder,
        env=shell.env,
        capture_output=True,
        text=True,
        check=False,
    )


def driver(shell):
    """The driver as `init --git` sets it up, for branches from before, too."""
    shell("init", "--git")
    commit(shell, "driver")
    attributes = (shell.folder / ".gitattributes").read_text()
    (shell.folder / ".git/info").mkdir(exist_ok=True)
    (shell.folder / ".git/info/attributes").write_text(attributes)


def test_git_alone_merges_it_and_check_finds_it(garden):
    shell, place = garden
    assert git(shell, "merge", "-q", "--no-edit", "other").returncode == 0
    new = place / "PT-bbbbbb-weed.md"
    assert "status: done" in new.read_text()
    said = shell("check", code=1)
    assert said.count("PT509") == 2, said
    assert "PT-aaaaaa" in said
    said = shell("check", "--since", "HEAD^1", code=1)
    assert said.count("PT509") == 2, said
    new.write_text(NEW)
    shell("check")
    commit(shell, "put right")
    said = shell("check", "--since", "HEAD~2")
    assert "PT509" not in said


def test_the_merge_is_found_while_it_is_under_way_and_in_its_commit(garden):
    shell, _ = garden
    assert git(shell, "merge", "-q", "--no-commit", "other").returncode == 0
    said = shell("check", "--staged", code=1)
    assert "PT509" in said
    said = shell("check", code=1)
    assert "PT509" in said


@pytest.mark.parametrize("garden", ["a b/täsks"], indirect=True)
@pytest.mark.parametrize(
    "words",
    [
        ["merge", "--no-edit", "other"],
        ["rebase", "other"],
        ["cherry-pick", "other"],
        ["merge", "--squash", "other"],
    ],
    ids=" ".join,
)
def test_the_driver_makes_it_a_conflict(garden, words):
    shell, place = garden
    driver(shell)
    done = git(shell, *words)
    assert done.returncode != 0, done.stdout
    new = place / "PT-bbbbbb-weed.md"
    assert "<<<<<<<" in new.read_text()
    said = shell("conflicts", code=1)
    assert "item:" in said
    shell("conflicts", "--take", "both", "--field", "item")
    assert new.read_text() == NEW
    others = [each.read_text() for each in place.glob("PT-aaaaaa*.md")]
    assert others == [DONE]
    assert "git add" in shell.err


@pytest.mark.parametrize("garden", ["tasks"], indirect=True)
def test_a_stash_of_the_removed_item(garden):
    shell, place = garden
    driver(shell)
    shell.git("checkout", "-q", "other~1")
    (place / "PT-aaaaaa-water.md").write_text(OLD.replace("status: todo", "status: done"))
    shell.git("stash")
    shell.git("checkout", "-q", "main")
    assert git(shell, "stash", "pop").returncode != 0
    assert "<<<<<<<" in (place / "PT-bbbbbb-weed.md").read_text()


@pytest.mark.parametrize("garden", ["tasks"], indirect=True)
def test_a_true_rename_merges_and_nothing_is_found(garden):
    shell, place = garden
    shell.git("reset", "-q", "--hard", "other~1")
    shell.git("mv", str(place / "PT-aaaaaa-water.md"), str(place / "PT-aaaaaa-rain.md"))
    (place / "PT-aaaaaa-rain.md").write_text(OLD.replace("Water the beans", "Let it rain"))
    commit(shell, "renamed")
    assert git(shell, "merge", "-q", "--no-edit", "other").returncode == 0
    assert "status: done" in (place / "PT-aaaaaa-rain.md").read_text()
    said = shell("check")
    said = shell("check", "--since", "HEAD^1")
    assert "PT509" not in said


@pytest.mark.parametrize("garden", ["tasks"], indirect=True)
def test_the_driver_merges_a_true_rename(garden):
    shell, place = garden
    shell.git("reset", "-q", "--hard", "other~1")
    driver(shell)
    (place / "PT-aaaaaa-water.md").unlink()
    (place / "PT-aaaaaa-rain.md").write_text(OLD.replace("Water the beans", "Let it rain"))
    commit(shell, "renamed")
    assert git(shell, "merge", "-q", "--no-edit", "other").returncode == 0
    assert (place / "PT-aaaaaa-rain.md").read_text() == DONE.replace(
        "Water the beans", "Let it rain"
    )


@pytest.mark.parametrize("garden", ["tasks"], indirect=True)
@pytest.mark.parametrize("driven", [True, False])
def test_a_new_id_is_no_new_item(garden, driven):
    shell, place = garden
    shell.git("reset", "-q", "--hard", "other~1")
    if driven:
        driver(shell)
    (place / "PT-aaaaaa-water.md").unlink()
    (place / "PT-cccccc-water.md").write_text(OLD.replace("aaaaaa", "cccccc"))
    commit(shell, "renumbered")
    assert git(shell, "merge", "-q", "--no-edit", "other").returncode == 0
    assert (place / "PT-cccccc-water.md").read_text() == DONE.replace("aaaaaa", "cccccc")
    shell("check")
