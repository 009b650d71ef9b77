"""A series that one branch ends while another goes on with it: `check` says so after the merge."""

import subprocess

import pytest

ITEM = "---\nid: PT-aaaaaa\ntitle: Water\nstatus: todo\n\npriority: low\n\ndue: 2026-11-23\nrepeat: weekly\n---\n"


@pytest.fixture(params=["tasks", "a b/t\u00e4sks", ".tickets"])
def garden(empty, request):
    """The branch `other` has closed the item; we are on the other one, where it still recurs."""
    empty("init")
    settings = empty.folder / "plaintrack.yml"
    settings.write_text(
        settings.read_text().replace("folders: [tasks,", f"folders: ['{request.param}',")
    )
    place = empty.folder / request.param
    place.mkdir(parents=True, exist_ok=True)
    (place / "PT-aaaaaa.md").write_text(ITEM)
    save(empty, "start")
    empty.git("checkout", "-qb", "other")
    empty("done", "aaaaaa")
    save(empty, "done")
    empty.git("checkout", "-q", "-")
    return empty


def save(shell, message):
    shell.git("add", "-A")
    shell.git("commit", "-qm", message)


def merge(shell):
    subprocess.run(
        ["git", "merge", "-q", "--no-edit", "other"],
        cwd=shell.folder,
        env=shell.env,
        capture_output=True,
        check=True,
    )


def test_the_end_is_told_until_the_series_is_ended(garden):
    garden("set", "aaaaaa", "repeat=")
    save(garden, "ended")
    merge(garden)
    alive = garden("list", "is:recurring", "--format", "ids").strip()
    for words in (["check"], ["check", "--since", "HEAD^1"], ["check", "--since", "HEAD^2"]):
        said = garden(*words)
        assert said.count("PT510") == 1, (
            words,
            said,
            alive,
            garden.git("log", "--oneline", "--graph"),
        )
        assert alive in said
    garden("done", alive)
    save(garden, "the next one")
    said = garden("check", "--since", "HEAD~2")
    assert said.count("PT510") == 1, said
    newest = garden("list", "is:recurring", "--format", "ids").strip()
    garden("set", newest, "repeat=")
    assert "PT510" not in garden("check", "--since", "HEAD~2")


@pytest.mark.parametrize("garden", ["tasks"], indirect=True)
def test_a_series_that_both_went_on_with_is_nothing_to_tell(garden):
    garden("done", "aaaaaa")
    save(garden, "done here, too")
    merge(garden)
    assert "PT510" not in garden("check")
    assert "PT510" not in garden("check", "--since", "HEAD^1")


@pytest.mark.parametrize("garden", ["tasks"], indirect=True)
def test_a_series_that_one_side_left_alone_is_nothing_to_tell(garden):
    garden("set", "aaaaaa", "priority=high")
    save(garden, "more urgent")
    merge(garden)
    assert "PT510" not in garden("check")
