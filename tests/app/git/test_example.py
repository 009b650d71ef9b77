"""The example workspace's history: it leads to the files there are, and what plaintrack tells of it."""

import json
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, Shell

from plaintrack.app.flow.metrics import NAMES


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The example workspace with its history."""
    folder = tmp_path_factory.mktemp("told") / "example"
    shutil.copytree(ROOT / "example-workspace", folder)
    shell = Shell(folder)
    subprocess.run([sys.executable, "history.py"], cwd=folder, env=shell.env, check=True)
    return shell


def test_history_leads_to_the_very_files(told):
    for path in (ROOT / "example-workspace").rglob("*"):
        if path.is_file():
            assert (
                told.folder / path.relative_to(ROOT / "example-workspace")
            ).read_bytes() == path.read_bytes()
    assert told.git("status", "--porcelain") == ""
    authors = set(told.git("log", "--format=%an").splitlines())
    assert authors == {
        "Amélie Brandt",
        "Jonas Okafor",
        "Priya Raman",
        "Tomasz Wójcik",
        "Lena Hofmann",
        "Mateo Silva",
    }
    assert "merge fix/49-days" in told.git("log", "--merges", "--format=%s")


def test_what_plaintrack_tells_of_it(told):
    assert "due moved 13 Nov → 18 Nov 2026" in told("log", "7rrpba")
    assert told("list", "changed:due>=2026-11-16", "--all", "--format", "ids").split() == [
        "PT-7rrpba",
        "PT-btfkm6",
    ]
    assert "PT-7rrpba" in told("list", "is:overdue", "--at", "2026-11-14", "--format", "ids")
    assert "PT-7rrpba" not in told("list", "is:overdue", "--at", "2026-11-13", "--format", "ids")
    reviewed = told("list", "was:status=in-progress", "status:review", "--format", "ids").split()
    assert sorted(reviewed) == ["PT-7xz957", "PT-9g73tr", "PT-abb63c", "PT-j3qt4a", "PT-s36waq"]
    assert "(2026-11-16 amelie, " in told("show", "7rrpba", "--blame")
    assert " closed, " in told("diff", "HEAD~60..HEAD")


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_of_the_example_shows_something(told, name):
    query = ["iteration:PT-cbhakd"] if name in ("burndown", "burnup", "scope") else []
    more = ["--baseline", "2026-10-01"] if name == "value" else []
    words = ["metrics", name, *query, "--from", "-180d", *more, "--format", "json"]
    found = json.loads(told(*words))
    assert found["rows"]
    assert all(each is not None for each in found["facts"].values())


def test_the_example_has_history_enough_for_a_forecast(told):
    drawn = told("forecast", "--date", "2026-12-04")
    assert "85 %" in drawn
    assert "19 independent windows" in drawn


def test_the_team_works_together(told):
    """A thread that is resolved, a call to a group, verdicts, an update that is due, owners, forms."""
    assert "(thread resolved)" in told("show", "j3qt4a")
    assert told("list", "mentions:on-site", "--format", "ids").split() == ["PT-btfkm6"]
    assert "valid" in told("approvals", "type:decision")
    due = [row.split()[0] for row in told("health").splitlines() if row.endswith(", due")]
    assert due == ["PT-5qv3bc"]
    told("done", "w8r3fb", code=1)
    assert "only amelie may do that" in told.err
    told("add", "--form", "bug", "--from", "-", code=2, stdin="")
    assert "title: an answer is needed; severity: an answer is needed" in told.err
    answers = (
        "### What happens?\n\nNo readings\n\n### How bad is it?\n\ns1\n\n### Steps\n\n1. Wait\n"
    )
    added = told("add", "--form", "bug", "--from", "-", "--dry-run", stdin=answers)
    assert "severity: s1" in added


@pytest.mark.parametrize(("mine", "shipped"), [("check", "pull-request"), ("merged", "merged")])
def test_the_workflows_of_the_example_are_those_that_are_shipped(mine, shipped):
    workflow = ROOT / f"example-workspace/.github/workflows/{mine}.yml"
    assert workflow.read_text("utf-8") == (ROOT / f"ci/{shipped}.yml").read_text("utf-8")
