"""``plan --solver`` as a user meets it: who made a plan is said, and without its package it is an error."""

import json

import pytest

WORK = "---\nid: A-{0}\ntitle: Work {0}\nstatus: todo\nassignee: ana\nestimate: 2d\ndue: 2026-11-23\n---\n"


@pytest.fixture
def work(empty):
    empty("init")
    for number in (1, 2):
        (empty.folder / f"tasks/A-{number}.md").write_text(WORK.format(number))
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def settings(shell, text):
    path = shell.folder / "plaintrack.yml"
    path.write_text(f"{path.read_text()}\n{text}\n")


def test_a_package_that_is_not_there_is_an_error_and_nothing_is_planned_instead(work):
    hidden = work.folder.parent / "hidden/ortools"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('hidden')\n")
    path = str(hidden.parent)
    assert work("plan", "--solver", "cp-sat", code=2, PYTHONPATH=path) == ""
    assert "the solver cp-sat needs the package ortools" in work.err
    assert "hint: run `pip install 'plaintrack[plan]'`" in work.err
    settings(work, "plan: {solver: cp-sat}")
    work("list", "sort:planned_end", code=2, PYTHONPATH=path)
    assert "the solver cp-sat needs the package ortools" in work.err
    assert "A-1" in work("plan", "--solver", "plaintrack", PYTHONPATH=path)
    assert "A-1" in work("list", PYTHONPATH=path)


def test_who_made_a_plan_is_said(work):
    answer = json.loads(work("plan", "--format", "json"))
    assert answer["solver"] == "plaintrack"
    assert answer["solver_version"] in work("--version")
    assert "Planned by" not in work("plan")


def test_its_name_and_version_are_said_and_two_solvers_are_not_compared(work):
    ortools = pytest.importorskip("ortools")
    made_by = f"Planned by cp-sat {ortools.__version__}."
    before = work("plan")
    assert made_by not in before
    assert made_by in work("plan", "--solver", "cp-sat")
    assert work("plan") == before, "what is remembered is each solver's own"
    assert made_by in work("plan", "--compare", "HEAD", "--solver", "cp-sat")
    settings(work, "plan: {solver: cp-sat}")
    assert json.loads(work("plan", "--format", "json"))["solver"] == "cp-sat"
    assert work("plan", "--compare", "HEAD", code=2) == ""
    assert f"and the other by cp-sat {ortools.__version__}" in work.err
    assert "Nothing moves." in work("plan", "--compare", "HEAD", "--solver", "plaintrack")
