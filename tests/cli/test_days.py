"""Dates and moments at every door: one order, one calendar day, whatever offset they are written with."""

import json

import pytest


def item(shell, id, **fields):
    lines = "".join(f"{name}: {value}\n" for name, value in {"title": id, **fields}.items())
    (shell.folder / f"tasks/{id}-x.md").write_text(f"---\nid: {id}\n{lines}---\n")


@pytest.fixture
def world(empty):
    """Three moments of two days of Berlin, and the day that follows, from places all over the world."""
    empty("init")
    (empty.folder / "plaintrack.yml").write_text(
        "timezone: Europe/Berlin\nchecks: {unassigned: off}\n"
    )
    item(empty, "T-1", due="2026-11-28T01:00:00+09:00")  # the 27th, 17:00
    item(empty, "T-2", due="2026-11-27T20:00:00")  # the 27th, of Berlin itself
    item(empty, "T-9", due="2026-11-27T23:30:00Z")  # the 28th, 00:30
    item(empty, "T-10", due="2026-11-27T23:30:00-05:00")  # the 28th, 05:30
    item(empty, "T-11", due="2026-11-28")  # until the 28th ends
    return empty


def ids(shell, *words, **env):
    return shell("list", *words, "--format", "ids", **env).split()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sort:due", "T-1 T-2 T-9 T-10 T-11"),
        ("sort:-due", "T-11 T-10 T-9 T-2 T-1"),
        ("sort:id", "T-1 T-2 T-9 T-10 T-11"),
        ("due:2026-11-27 sort:due", "T-1 T-2"),
        ("due:2026-11-28 sort:due", "T-9 T-10 T-11"),
        ("due<2026-11-28 sort:due", "T-1 T-2"),
        ("due>2026-11-27 sort:due", "T-9 T-10 T-11"),
        ("due<2026-11-27T18:00:00+00:00", "T-1"),
        ("due:2026-11-27T19:00:00Z", "T-2"),
        ("due:2026-11-28T00:00..2026-11-28T06:00 sort:due", "T-9 T-10"),
    ],
)
def test_order_and_ranges(world, query, found):
    assert ids(world, query) == found.split()


def test_an_option_may_have_a_value_with_a_minus(world):
    assert ids(world, "--sort", "-due") == ["T-11", "T-10", "T-9", "T-2", "T-1"]
    assert ids(world, "--sort", "-due", "-id:T-11", "limit:1") == ["T-10"]


@pytest.mark.parametrize(
    "now", ["2026-11-28T00:10:00+01:00", "2026-11-27T23:10:00Z", "2026-11-28T08:10:00+09:00"]
)
def test_overdue_is_what_its_day_has_passed_at_every_door(world, now):
    late = ["T-1", "T-2"]
    assert sorted(ids(world, "is:overdue", PLAINTRACK_NOW=now)) == late
    found = json.loads(world("check", "--output", "json", code=1, PLAINTRACK_NOW=now))["findings"]
    assert sorted(each["item"] for each in found if each["code"] == "PT305") == late
    assert all("overdue" in world("show", each, PLAINTRACK_NOW=now) for each in late)
    assert "overdue" not in world("show", "T-9", PLAINTRACK_NOW=now)
    (world.folder / "plan.md").write_text("<!-- plaintrack: gantt -->\n<!-- /plaintrack -->\n")
    world("render", PLAINTRACK_NOW=now)
    assert [
        line.split("#45;")[0].strip()
        for line in (world.folder / "plan.md").read_text().splitlines()
        if ":crit" in line
    ] != []
    assert (world.folder / "plan.md").read_text().count("crit, 2026-11-27, 2026-11-27") == 2
    (world.folder / "automations").mkdir()
    (world.folder / "automations/late.yml").write_text(
        "name: late\non: {overdue: ''}\ndo:\n- set: {priority: high}\n"
    )
    world("rules", "run", PLAINTRACK_NOW=now)
    assert sorted(ids(world, "priority:high", PLAINTRACK_NOW=now)) == late


def test_the_next_item_of_a_series_keeps_the_time_of_its_place(world):
    item(world, "T-20", due="2026-11-28T01:00:00+09:00", repeat="every week", status="todo")
    world("done", "T-20")
    assert ids(world, "follows:T-20 due:2026-12-04")


def test_working_days_are_those_of_the_settings(world):
    with open(world.folder / "plaintrack.yml", "a") as settings:
        settings.write(
            "calendar: {working_days: [mon, tue, wed, thu], holidays: [2026-11-24, 12-01]}\n"
        )
    for words, day in (
        ("+1bd", "2026-11-25"),
        ("+3bd", "2026-11-30"),
        ("+4bd", "2026-12-02"),
        ("-1bd", "2026-11-19"),
    ):
        world("set", "T-11", f"due={words}")
        assert f"due: {day}" in (world.folder / "tasks/T-11-x.md").read_text()
        assert ids(world, f"due:{words}") == ["T-11"]


def test_numbers_stay_numbers_in_csv(world):
    with open(world.folder / "plaintrack.yml", "a") as settings:
        settings.write("fields: {delta: {type: number}, note: {type: text}}\n")
    item(world, "T-30", delta="-6.20", note="'-6.20+A1'", status="todo")
    assert (
        world("list", "T-30", "--columns", "delta,note", "--format", "csv").splitlines()[1]
        == "-6.20,'-6.20+A1"
    )


def test_what_log_says_is_what_finds_it(world):
    late = {
        "GIT_AUTHOR_DATE": "2026-11-20T20:30:00-05:00",
        "GIT_COMMITTER_DATE": "2026-11-22T23:30:00Z",
    }
    world.git("add", "-A")
    world.env.update(late)
    world.git("commit", "-qm", "late")
    assert "2026-11-23 00:30" in world("log")
    assert "late" in world("log", "--since", "2026-11-23", "--until", "2026-11-23")
    assert "late" not in world("log", "--until", "2026-11-22")
    assert "2026-11-23" in world("show", "T-1", "--blame")


def test_a_misspelt_coefficient_is_named(world):
    with open(world.folder / "plaintrack.yml", "a") as settings:
        settings.write("urgency: {wating: 3}\n")
    world("list", code=2)
    assert "did you mean 'waiting'?" in world.err


def test_rules_say_that_they_wait_for_git_and_a_dry_run_says_what_a_run_does(world):
    (world.folder / "automations").mkdir()
    (world.folder / "automations/late.yml").write_text(
        "name: late\non: {due-in: 9d}\ndo:\n- set: {priority: high}\n"
    )
    world.git("add", "-A")
    world.git("commit", "-qm", "start")
    (world.folder / ".git/BISECT_LOG").write_text("")
    for words in (["--dry-run"], []):
        assert "T-11" not in world("rules", "run", *words)
        assert "git is in the middle of a bisect" in world.err
    (world.folder / ".git/BISECT_LOG").unlink()
    assert "T-11" in world("rules", "run", "--dry-run")
    assert "T-11" in world("rules", "run")
