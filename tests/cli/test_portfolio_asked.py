"""Commands ask a portfolio: what is said beside the answer, and what is refused."""

import json
import os
import sys

import pytest
from conftest import ROOT, Shell

sys.path.append(str(ROOT / "tests/app/snapshot"))
from many_made import Many

NOW = "2026-02-14T09:00:00+00:00"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Two repositories that share people, published side by side; web builds on api."""
    made = Many(tmp_path_factory.mktemp("many"))
    made.grown("api", 3).grown("web", 4, ("bob", "cid"), prefix="W", private=False)
    made.item("web", "W-3", type="project", goal="api/T-1", status="todo", due="2026-03-01")
    work = {"status": "todo", "estimate": "2d", "assignee": "bob"}
    made.item("web", "W-5", depends_on="api/T-4", project="W-3", **work)
    made.item("api", "T-4", **work)
    made.commit("web", 31)
    made.commit("api", 31)
    made.tell("api", "web")
    return made


@pytest.fixture
def ask(many, tmp_path):
    """Asks the portfolio outside of any repository."""
    shell = Shell(tmp_path)
    shell.env["PLAINTRACK_NOW"] = NOW
    moment = 1_771_000_000  # 2026-02-13T16:26:40Z
    for name, back in (("api", 0), ("web", 9 * 86_400)):
        os.utime(many.published / name / "manifest.json", (moment - back, moment - back))
    return lambda *words, **more: shell(*words, "--portfolio", str(many.published), **more), shell


def test_each_answer_says_how_old_its_data_is(ask):
    """For people after the answer, for programs within it; stale data is named."""
    asked, shell = ask
    for words in (
        ("goals",), ("plan",), ("metrics", "wip"),
        ("report", "goals"), ("list",), ("list", "closed<2020"), ("board",), ("stats",),
    ):  # fmt: skip
        told = asked(*words)
        said = told if words[0] == "report" else shell.err
        assert "web 9 d ago (last commit" in said.replace("\\", ""), words
        assert "api 16 h ago (last commit" in said.replace("\\", ""), words
        assert "stale, not looked at for 7 d: web" in said, words
        if words[0] != "report":
            found = json.loads(asked(*words, "--format", "json"))["repositories"]
            assert [(each["name"], each["stale"]) for each in found] == [
                ("api", False),
                ("web", True),
            ]
    asked("goals", "--stale", "10d")
    assert "stale" not in shell.err


def test_work_of_several_repositories_is_planned_together(ask):
    """Bob has one week: what he does in web comes after what it waits for in api."""
    asked, _ = ask
    lines = {each["id"]: each for each in json.loads(asked("plan", "--format", "json"))["items"]}
    first, second = lines["api/T-4"], lines["web/W-5"]
    assert "api/T-4" in second["waits_for"]
    assert first["end"] <= second["start"]
    assert "api/T-4" in asked("plan", "--why", "W-5")
    (goal,) = (
        each for each in json.loads(asked("goals", "--format", "json"))["goals"]
        if each["id"] == "api/T-1"
    )  # fmt: skip
    rows = json.loads(asked("workload", "--per", "month", "--format", "json"))["workload"]
    assert {each["person"] for each in rows if each["person"]} == {"ana", "bob", "cid"}
    assert goal["open"] >= 1  # W-5, by the project W-3 of web


def test_flow_is_told_by_team_and_by_repository(ask):
    """The parts are the whole."""
    asked, _ = ask
    whole = json.loads(asked("metrics", "throughput", "--format", "json"))
    for field in ("repo", "team"):
        found = json.loads(asked("metrics", "throughput", "--by", field, "--format", "json"))
        parts = {each["value"]: each["facts"]["items"] for each in found["groups"]}
        assert sum(parts.values()) == whole["facts"]["items"], field
        assert len(parts) > 1, field
    alone = json.loads(asked("metrics", "throughput", "repo:api", "--format", "json"))
    assert alone["facts"]["items"] < whole["facts"]["items"]


def test_links_between_repositories_are_checked(ask):
    """In the formats that check has; what one repository can check alone is not told."""
    asked, shell = ask
    said = asked("check", "--fail-on", "warning")
    assert said == ""
    assert "web 9 d ago" in shell.err
    found = json.loads(asked("check", "repo:web", "--format", "json"))
    assert found["findings"] == []
    assert "stale" in shell.err


def test_lists_boards_and_counts_of_many_repositories(ask, many):
    """What one repository says of its items, with the repository before the ids."""
    asked, _ = ask
    alone = Shell(many.folder / "api")
    alone.env["PLAINTRACK_NOW"] = NOW
    words = ("list", "--all", "sort:due,id", "--columns", "id,status,due,urgency,blocked,progress")
    here = alone(*words, "--format", "csv").splitlines()[1:]
    there = asked(*words, "repo:api", "--format", "csv").splitlines()[1:]
    assert there == [f"api/{each}" for each in here]
    # beside web they differ where it builds on them: its work counts there, too
    there = asked(*words, "--format", "csv").splitlines()[1:]
    there = [each for each in there if each.startswith("api/")]
    other = {f"api/{each}" for each in here}.symmetric_difference(there)
    assert {each.split(",")[0] for each in other} == {"api/T-1", "api/T-4"}
    counts = json.loads(asked("stats", "--by", "repo", "--format", "json"))
    assert {each["value"]: each["count"] for each in counts["items"]} == {"api": 11, "web": 11}
    for form in ("table", "markdown"):
        told = asked("list", "--group", "repo", "--columns", "id,title", "--format", form)
        assert "api/T-4" in told, form
        assert "web/W-5" in told, form
    assert asked("list", "depends_on:api/T-4", "--format", "ids").split() == ["web/W-5"]
    board = json.loads(asked("board", "repo:web", "--format", "json"))["columns"]
    found = [each["id"] for column in board for each in column["items"]]
    assert {each.partition("/")[0] for each in found} == {"web"}


def test_what_a_portfolio_cannot_be_asked_is_said(ask):
    """Unknown words are errors with a remedy; what only files and commits tell is refused."""
    asked, shell = ask
    for query, said in (
        ("is:nope", "unknown state 'nope'"),
        ("statsu:todo", "did you mean status"),
        ("status:foo", "unknown status 'foo'"),
        ("repo:nope", "the portfolio has no repository 'nope'"),
        ("view:mine", "unknown view"),
        ("is:approved", "a portfolio has no verdicts"),
        ("is:breached", "a portfolio has no SLAs"),
    ):
        asked("list", query, code=2)
        assert said in shell.err, (query, shell.err)


def test_what_was_is_asked_of_all_repositories(ask):
    asked, _ = ask
    for query in ("was:status=todo", "changed:status", "by:me", "by:ana changed:due"):
        asked("list", query, "--format", "ids")
    assert asked("list", "was:status=todo", "--format", "ids").split()


def test_a_week_of_all_repositories_and_what_takes_commits(ask):
    asked, shell = ask
    assert "From " in asked("report", "weekly")
    asked("metrics", "value", "--baseline", "v1", code=2)
    assert "neither files nor commits to look at" in shell.err
    assert "ask in a clone of the repository" in shell.err
