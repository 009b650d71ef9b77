"""What the plan says of items, as derived fields of lists, queries, checks and rules."""

import json
import subprocess
import sys
from datetime import date

import pytest


def put(shell, item, *lines, folder="tasks"):
    text = "\n".join(("---", f"id: {item}", f"title: Work {item}", *lines, "---", ""))
    (shell.folder / folder).mkdir(exist_ok=True)
    (shell.folder / f"{folder}/{item}.md").write_text(text)


@pytest.fixture
def work(empty):
    """Ana works on A-1, then A-2, which is due too early; Bob on A-3; A-4 has no estimate."""
    empty("init")
    put(empty, "A-1", "status: todo", "estimate: 2d", "assignee: ana", "target_end: 2026-11-23")
    put(empty, "A-2", "status: todo", "estimate: 3d", "assignee: ana", "depends_on: A-1")
    put(empty, "A-3", "status: todo", "estimate: 1d", "assignee: bob", "due: 2026-11-25")
    put(empty, "A-4", "status: todo", "assignee: bob", "depends_on: A-3", "due: 2026-11-24")
    put(empty, "A-5", "status: done", "estimate: 1d", "assignee: bob")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def ids(shell, *words):
    return shell("list", "--format", "ids", "--sort", "id", *words).split()


COLUMNS = "id,planned_start,planned_end,slack,critical,slipping,waits_for"


def rows(shell, *words):
    said = shell("list", "--all", "--columns", COLUMNS, "--format", "json", "--sort", "id", *words)
    return {row.pop("id"): row for row in json.loads(said)["items"]}


def test_columns_are_typed_and_nothing_is_guessed(work):
    found = rows(work)
    assert found["A-2"] == {
        "planned_start": "2026-11-25", "planned_end": "2026-11-27", "slack": "0m",
        "critical": True, "slipping": False, "waits_for": ["A-1"],
    }  # fmt: skip
    assert (found["A-1"]["slipping"], found["A-3"]["slipping"]) == (True, False)
    nothing = dict.fromkeys(COLUMNS.split(",")[1:])
    assert found["A-4"] == {**nothing, "waits_for": ["A-3"]}
    assert found["A-5"] == {**nothing, "waits_for": []}
    table = work("list", "--columns", "id,planned_end,critical,waits_for", "--sort", "id")
    assert "A-2  2026-11-27   yes       A-1" in table
    plan = {
        line["id"]: line for line in json.loads(work("plan", "--format", "json"))["items"]
    }  # the plan itself is the other computation
    for item in ("A-1", "A-2", "A-3"):
        assert found[item]["planned_end"] == plan[item]["end"]
        assert found[item]["critical"] == plan[item]["critical"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("planned_end:..2026-11-24", "A-1 A-3"),
        ("planned_end:..+7d", "A-1 A-2 A-3"),
        ("planned_start>=2026-11-25", "A-2"),
        ("slack:1d..", "A-3"),
        ("slack:..0", "A-1 A-2"),
        ("is:slipping", "A-1"),
        ("-is:slipping", "A-2 A-3 A-4"),
        ("slipping:no", "A-2 A-3"),
        ("is:critical", "A-1 A-2"),
        ("has:planned_end", "A-1 A-2 A-3"),
        ("no:planned_end", "A-4"),
        ("waits_for:A-1", "A-2"),
        ("waits_for:A-1 or waits_for:a-3", "A-2 A-4"),
        ("has:waits_for is:closed", ""),
    ],
)
def test_queries(work, query, wanted):
    assert " ".join(ids(work, query)) == wanted


def test_order_and_groups(work):
    assert ids(work, "sort:-planned_end") == ["A-2", "A-1", "A-3", "A-4"]
    assert ids(work, "sort:slack,-id")[-1] == "A-4"
    said = work("list", "--group", "planned_end", "--columns", "id", "--sort", "id")
    assert said.splitlines()[-4:] == ["2026-11-27", "A-2", "", "A-4"] or "2026-11-27" in said
    assert work("stats", "--by", "critical").count("\n")


def test_target_before_due(work):
    work("set", "A-1", "target_end=2026-11-30", "due=2026-11-23")
    assert ids(work, "is:slipping") == []
    work("set", "A-1", "target_end=")
    assert ids(work, "is:slipping") == ["A-1"]


def test_any_snapshot(work):
    put(work, "A-1", "status: todo", "estimate: 4d", "assignee: ana")
    assert rows(work)["A-2"]["planned_end"] == "2026-12-01"
    assert rows(work, "--at", "HEAD")["A-2"]["planned_end"] == "2026-11-27"
    assert rows(work, "--at", "staged")["A-2"]["planned_end"] == "2026-11-27"
    work.git("add", "-A")
    assert rows(work, "--at", "staged")["A-2"]["planned_end"] == "2026-12-01"
    assert ids(work, "is:slipping", "--at", "HEAD") == ["A-1"]


def test_what_an_editor_has_not_saved(work):
    from plaintrack.app.snapshot import answers
    from plaintrack.app.snapshot.buffers import Buffers
    from plaintrack.app.snapshot.workspace import Workspace

    path = "tasks/A-1.md"
    text = (work.folder / path).read_bytes().replace(b"estimate: 2d", b"estimate: 4d")
    here = Workspace(str(work.folder), day=date(2026, 11, 23))
    shown = Buffers(here, {path: text})
    asked = "planned_end:..2026-11-27 is:open sort:id"
    found = [task.id for task in answers.tasks(shown, answers.question(shown, asked))]
    assert found == ["A-1", "A-3"]
    found = [task.id for task in answers.tasks(here, answers.question(here, asked))]
    assert found == ["A-1", "A-2", "A-3"]


def test_an_assumed_end_is_marked_for_people_only(work):
    (work.folder / "plaintrack.yml").write_text("plan: {estimate: 1d}\n")
    assert "~2026-11-24" in work("list", "A-4", "--columns", "planned_end")
    assert rows(work)["A-4"]["planned_end"] == "2026-11-24"


def test_a_declared_field_of_that_name_comes_first(work):
    (work.folder / "plaintrack.yml").write_text("fields: {slack: {type: text}}\n")
    put(work, "A-1", "status: todo", "estimate: 2d", "assignee: ana", "slack: plenty")
    assert ids(work, "slack:plenty") == ["A-1"]
    assert rows(work)["A-1"]["slack"] == "plenty"
    assert ids(work, "is:critical") == ["A-1", "A-2"]


def test_nobody_sets_what_is_derived(work):
    work("set", "A-1", "planned_end=2026-12-01", code=2)
    assert "planned_end is worked out" in work.err
    work("list", "was:slack=1d", code=2)
    assert "history does not record slack" in work.err


def found(said):
    """The items of which the workspace's own check says something."""
    return [each["item"] for each in json.loads(said)["findings"] if each["code"] == "slips"]


def test_own_checks_and_what_a_change_brings(work):
    (work.folder / "plaintrack.yml").write_text(
        "checks: {own: {slips: {query: 'is:slipping', message: it slips, severity: error}}}\n"
    )
    assert found(work("check", "--format", "json", code=1)) == ["A-1"]
    work.git("add", "-A")
    work.git("commit", "-qm", "check")
    work("check", "--since", "HEAD")
    put(work, "A-3", "status: todo", "estimate: 4d", "assignee: bob", "due: 2026-11-25")
    assert found(work("check", "--since", "HEAD", "--format", "json", code=1)) == ["A-3"]
    work.git("add", "-A")
    assert found(work("check", "--staged", "--format", "json", code=1)) == ["A-3"]


def test_rules_ask_the_plan_as_it_is(work):
    (work.folder / "automations").mkdir()
    (work.folder / "automations/late.yml").write_text(
        "name: late\non: {changed: estimate}\nif: is:slipping\ndo:\n  - set: {priority: high}\n"
    )
    work("rules", "check")
    work("rules", "run")
    work("set", "A-3", "estimate=2d")  # in time
    work("set", "A-3", "estimate=4d")
    work.git("commit", "-qam", "longer")
    work("set", "A-2", "estimate=8d")  # has neither a target nor a due date
    assert ids(work, "priority:high") == ["A-3"]
    assert "late would have fired 1 time" in work("rules", "test", "late", "--since", "HEAD~1")


def test_definitions(work):
    for name in ("planned_end", "slack", "critical", "slipping", "waits_for", "planned_start"):
        assert work("explain", name).startswith(f"{name} (computed)")


def test_only_who_names_the_plan_loads_it(work):
    code = (
        "import sys; sys.argv = ['plaintrack', *sys.argv[1:]]\n"
        "from plaintrack.cli.main import run\nrun()\n"
        "print([name for name in sys.modules if name.startswith('plaintrack.plan.') or 'expected' in name])"
    )
    for words, loads in ((["list"], False), (["next"], False), (["list", "is:critical"], True)):
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=work.folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert ("plaintrack" in done.stdout.splitlines()[-1]) is loads, words


def test_they_are_offered(work):
    from plaintrack.app.snapshot import offers
    from plaintrack.app.snapshot.workspace import Workspace

    here = Workspace(str(work.folder))
    assert [each.text for each in offers.columns(here, "id,planned_e")] == ["id,planned_end"]
    assert [each.text for each in offers.query(here, "slac")] == ["slack:"]
    assert [each.text for each in offers.query(here, "is:sl")] == ["is:slipping"]


def test_dates_that_are_none_are_no_dates(work):
    put(
        work,
        "A-1",
        "status: todo",
        "estimate: 2d",
        "assignee: ana",
        "target_end: never",
        "due: soon",
    )
    put(work, "P-1", "type: project", "status: todo", "due: 2026-13-01", "target_end: '0000-00-00'")
    put(work, "A-6", "status: todo", "estimate: 1d", "assignee: eve", "project: P-1")
    assert ids(work, "is:slipping") == []
    assert rows(work)["P-1"]["planned_end"] == "2026-11-23"
    assert "no due date" in work("plan", "--milestones")


def test_a_moment_is_a_day_of_the_workspace(work):
    (work.folder / "plaintrack.yml").write_text("timezone: Europe/Berlin\n")
    put(
        work,
        "A-1",
        "status: todo",
        "estimate: 2d",
        "assignee: ana",
        "due: 2026-11-23T23:30:00-05:00",
    )
    assert ids(work, "due:2026-11-24") == ["A-1", "A-4"]
    assert ids(work, "is:slipping") == []
    put(
        work,
        "A-1",
        "status: todo",
        "estimate: 2d",
        "assignee: ana",
        "due: 2026-11-24T00:30:00+09:00",
    )
    assert ids(work, "is:slipping") == ["A-1"]
