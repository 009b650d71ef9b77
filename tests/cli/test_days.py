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
    (empty.folder / "plaintrack.yml").write_text("timezone: Europe/Berlin\nchecks: {unassigned: off}\n")
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


@pytest.mark.parametrize("now", ["2026-11-28T00:10:00+01:00", "2026-11-27T23:10:00Z", "2026-11-28T08:10:00+09:00"])
def test_overdue_is_what_its_day_has_passed_at_every_door(world, now):
    late = ["T-1", "T-2"]
    assert sorted(ids(world, "is:overdue", PLAINTRACK_NOW=now)) == late
    found = json.loads(world("check", "--output", "json", code=1, PLAINTRACK_NOW=now))["findings"]
    assert sorted(each["item"] for each in found if each["code"] == "PT305") == late
    assert all("overdue" in world("show", each, PLAINTRACK_NOW=now) for each in late)
    assert "overdue" not in world("show", "T-9", PLAINTRACK_NOW=now)
    (world.folder / "plan.md").write_text("<!-- plaintrack: gantt -->\n<!-- /plaintrack -->\n")
    world("render", PLAINTRACK_NOW=now)
    assert [line.split("#45;")[0].strip() for line in (world.folder / "plan.md").read_text().splitlines() if ":crit" in line] != []
    assert (world.folder / "plan.md").read_text().count("crit, 2026-11-27, 2026-11-27") == 2
    (world.folder / "automations").mkdir()
    (world.folder / "automations/late.yml").write_text("name: late\non: {overdue: ''}\ndo:\n- set: {priority: high}\n")
    world("rules", "run", PLAINTRACK_NOW=now)
    assert sorted(ids(world, "priority:high", PLAINTRACK_NOW=now)) == late


def test_the_next_item_of_a_series_keeps_the_time_of_its_place(world):
    item(world, "T-20", due="2026-11-28T01:00:00+09:00", repeat="every week", status="todo")
    world("done", "T-20")
    assert ids(world, "follows:T-20 due:2026-12-04")
