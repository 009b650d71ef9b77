"""init: a commented settings file, folders and templates; only what is missing, never over what is there."""

import os
import pty
import subprocess
import sys

import pytest
from conftest import Shell


def contents(folder):
    """Path → bytes of every file in the workspace, without git's."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(params=["git", "no git"])
def place(request, empty, tmp_path):
    """An empty folder, in git and not."""
    if request.param == "git":
        return empty
    folder = tmp_path / "plain"
    folder.mkdir()
    return Shell(folder)


def test_it_makes_a_workspace_that_works(place):
    made = place("init").splitlines()
    files = contents(place.folder)
    assert {line.removeprefix("created ").removesuffix("/") for line in made} >= {
        "plaintrack.yml",
        "tasks",
        "projects",
        "goals",
    }
    assert {"templates/bug.md", "templates/feature.md", "templates/task.md"} <= files.keys()
    settings = files["plaintrack.yml"].decode()
    assert sum(line.startswith("#") for line in settings.splitlines()) >= 10
    assert place("list") == ""
    assert "no items" in place.err
    for template in ("bug", "feature", "task"):
        place("add", "-t", template, f"From {template}")
    assert place("list").count("From ") == 3
    assert place.err == ""
    assert place("doctor") == ""


def test_a_second_time_changes_nothing(place):
    place("init")
    before = contents(place.folder)
    assert "nothing to create" in place("init", "--prefix", "XX")
    assert contents(place.folder) == before


def test_only_what_is_missing_is_made(place):
    folder = place.folder
    (folder / "plaintrack.yml").write_text("folders: [work]  # ours\nids: {prefix: AB}\n")
    (folder / "templates").mkdir()
    (folder / "templates/bug.md").write_text("---\npriority: high\n---\nOurs.\n")
    before = contents(folder)
    assert place("init") == "created work/\n"
    assert contents(folder) == {**before, "work/.gitkeep": b""}
    assert "AB-" in place("add", "-t", "bug", "One")
    (item,) = (folder / "work").glob("AB-*.md")
    assert item.read_text().endswith("---\nOurs.\n")
    assert "priority: high" in item.read_text()


def test_the_prefix_is_that_of_new_ids(place):
    place("init", "--prefix", "WEB")
    assert place("add", "One").startswith("WEB-")
    place("init", "other", "--prefix", "no good", code=2)
    assert "prefix" in place.err
    assert not (place.folder / "other").exists()


def test_another_folder_and_one_inside_a_workspace(place):
    place("init", "a/b")
    assert (place.folder / "a/b/plaintrack.yml").is_file()
    assert place.err == ""
    place("init", "a/b/c")
    assert "is inside the workspace" in place.err
    place("-C", "a/b/c", "add", "Inner")
    assert "Inner" not in place("-C", "a/b", "list")


def test_a_file_in_the_way_is_an_error_and_no_traceback(place):
    (place.folder / "file").write_text("x")
    place("init", "file/inside", code=2)
    assert "plaintrack: " in place.err
    assert "Traceback" not in place.err


EXTRA = {
    "--git": [],
    "--hooks": [],
    "--live": [],
    "--adopt": ["."],
    "--prefix": ["XX"],
    "--dry-run": [],
    "--undo": [],
}
DONE = {
    "--git": ".gitattributes",
    "--hooks": ".git/hooks/pre-commit",
    "--live": "tasks/README.md",
    "--adopt": "plaintrack.yml",
}


@pytest.mark.parametrize("one", EXTRA)
@pytest.mark.parametrize("two", EXTRA)
def test_two_options_do_both_or_are_refused(empty, one, two):
    """None is dropped in silence, and with ``--dry-run`` nothing is written."""
    (empty.folder / "tasks").mkdir()
    (empty.folder / "tasks/t-1 - One.md").write_text(
        "---\nid: t-1\ntitle: One\nstatus: To Do\nassignee: []\ncreated_date: '2026-11-01'\nlabels: []\ndependencies: []\n---\n"
    )
    before = contents(empty.folder)
    run = empty.run(["init", *dict.fromkeys([one, *EXTRA[one], two, *EXTRA[two]])], empty.env)
    assert run.returncode in (0, 1, 2), run.stderr
    if run.returncode == 2 or "--dry-run" in (one, two):
        assert contents(empty.folder) == before, run.stderr
    else:
        for option in {one, two} & DONE.keys() if "--undo" not in (one, two) else ():
            assert (empty.folder / DONE[option]).exists() or run.returncode == 1, (
                option,
                run.stdout,
                run.stderr,
            )


BACKLOG = "---\nid: t-1\ntitle: One\nstatus: To Do\nassignee: []\ncreated_date: '2026-11-01'\nlabels: []\ndependencies: []\n---\n"


@pytest.mark.parametrize("adopt", [[], ["--adopt", "."]])
def test_all_at_once_as_the_dry_run_said(empty, adopt):
    (empty.folder / "backlog/tasks").mkdir(parents=True)
    (empty.folder / "backlog/tasks/t-1 - One.md").write_text(BACKLOG)
    before = contents(empty.folder)
    config = (empty.folder / ".git/config").read_bytes()
    words = ("init", *adopt, "--git", "--hooks", "--live")
    said = empty(*words, "--dry-run")
    assert contents(empty.folder) == before
    assert (empty.folder / ".git/config").read_bytes() == config
    assert not (empty.folder / ".git/hooks/pre-commit").exists()
    done = empty(*words)
    for word, past in (("would create", "created"), ("would set", "set"), ("would write", "wrote")):
        said = said.replace(word, past)
    assert said == done
    for path in said.splitlines():
        if path.startswith("created "):
            assert (empty.folder / path.removeprefix("created ")).exists()
    assert "would" not in empty("init", "--git", "--hooks", "--dry-run")


def test_without_git_nothing_is_half_done(tmp_path):
    shell = Shell(tmp_path)
    shell("init", "new", "--git", code=2)
    assert "run `git init`" in shell.err
    assert not list(tmp_path.iterdir())


def test_another_trackers_files_are_named_and_in_a_terminal_offered(empty):
    (empty.folder / "backlog/tasks").mkdir(parents=True)
    (empty.folder / "backlog/tasks/t-1 - One.md").write_text(BACKLOG)
    empty("init", "--dry-run")
    assert "1 item of Backlog.md is here: `plaintrack init --adopt .` uses" in empty.err
    outer, inner = pty.openpty()
    os.write(outer, b"y\n")
    command = [sys.executable, "-m", "plaintrack", "init"]
    subprocess.run(
        command,
        cwd=empty.folder,
        env=empty.env,
        stdin=inner,
        stdout=inner,
        stderr=inner,
        check=True,
    )
    os.close(inner)
    os.close(outer)
    assert "Backlog.md" in (empty.folder / "plaintrack.yml").read_text()
    assert "One" in empty("list")
    assert not (empty.folder / "templates").exists()
