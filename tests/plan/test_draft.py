"""What is planned: items as activities, and what they wait for."""

from datetime import date

import pytest

from plaintrack.model.dependency import dependencies
from plaintrack.model.fields import schema
from plaintrack.model.person import hours, leave
from plaintrack.model.staff import Equipment, Person, Staff
from plaintrack.model.task import Task, fold
from plaintrack.plan.days import Days
from plaintrack.plan.draft import Given, draft
from plaintrack.plan.schedule import schedule
from plaintrack.plan.supply import Supply
from plaintrack.when.calendars import Calendar

TODAY = date(2026, 11, 23)  # a Monday
DAYS = Days(TODAY)


def task(item, **fields):
    listed = {"assignee", "depends_on", "needs", "team"}
    values = {
        name: tuple(value.split(",")) if name in listed else value for name, value in fields.items()
    }
    return Task(f"tasks/{item}.md", item, {"id": item, "status": "todo", "title": item, **values})


def supply(people=(), equipment=(), teams=None, days=400, **more):
    known = Staff(
        {fold(one.handle): one for one in people},
        {fold(one.handle): one for one in equipment},
        teams or {},
        there=bool(people),
    )
    return Supply(known, Calendar(), lambda _who: Calendar(), DAYS, days, **more)


def given(tasks, **more):
    waits = {
        fold(each.id): dependencies(each.many("depends_on"), each.many("depends_on"))
        for each in tasks
        if each.many("depends_on")
    }
    return Given(tasks, waits, schema(), TODAY, DAYS, **more)


def dates(tasks, people=None, **more):
    """Id → (first day, last day) of the plan, and the reasons of those without dates."""
    made = draft(given(tasks, **more), people or supply())
    plan = schedule(made.problem)
    found = {}
    for one in plan.placed:
        if one and one.end > one.start:
            found[one.id] = (DAYS.day(one.start).isoformat(), DAYS.last(one.end).isoformat())
        elif one:
            found[one.id] = DAYS.day(max(0, one.end - 1)).isoformat()
    return found, {one.id: one.reason for one in plan.unplanned}


def test_one_after_the_other_for_one_person():
    found, _ = dates(
        [task("A-1", estimate="2d", assignee="ana"), task("A-2", estimate="1d", assignee="ana")]
    )
    assert found == {"A-1": ("2026-11-23", "2026-11-24"), "A-2": ("2026-11-25", "2026-11-25")}


def test_two_people_share_an_effort():
    found, _ = dates([task("A-1", estimate="4d", assignee="ana,bob")])
    assert found["A-1"] == ("2026-11-23", "2026-11-24")


def test_half_of_the_time_takes_twice_as_long():
    found, _ = dates([task("A-1", estimate="1d", assignee="ana", share="50%")])
    assert found["A-1"] == ("2026-11-23", "2026-11-24")


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("A-1", "2026-11-24"),
        ("A-1 +2d", "2026-11-26"),
        ("A-1 +4d", "2026-11-30"),  # the weekend is not worked
        ("A-1 +1ed", "2026-11-25"),  # a day of the clock, then the next morning
        ("A-1 SS+1d", "2026-11-24"),
        ("A-1 SS", "2026-11-23"),
        ("A-1 -1d", "2026-11-23"),
    ],
)
def test_links_and_lags(line, start):
    found, _ = dates(
        [
            task("A-1", estimate="1d", assignee="ana"),
            task("A-2", estimate="1d", assignee="bob", depends_on=line),
        ]
    )
    assert found["A-2"][0] == start


def test_without_an_estimate_or_anybody_there_are_no_dates():
    found, reasons = dates(
        [
            task("A-1", assignee="ana"),
            task("A-2", estimate="1d"),
            task("A-3", estimate="1d", assignee="ana", depends_on="A-1"),
            task("A-4", estimate="1d", duration="2d", assignee="ana"),
        ]
    )
    assert found == {}
    assert reasons["A-1"] == "no estimate"
    assert reasons["A-2"] == "no one is assigned"
    assert "A-1" in reasons["A-3"]
    assert "contradict" in reasons["A-4"]


def test_an_assumed_estimate_is_marked():
    made = draft(given([task("A-1", assignee="ana")], assume="1d"), supply())
    assert made.assumed == {"A-1"}
    assert made.problem.activities[0].work == 16


def test_work_under_way_takes_what_is_left():
    found, _ = dates(
        [task("A-1", status="in-progress", estimate="9d", remaining="1d", assignee="ana")]
    )
    assert found["A-1"][1] == "2026-11-23"


def test_duration_is_working_time_and_elapsed_is_not():
    found, _ = dates(
        [
            task("A-1", duration="6d"),
            task("A-2", elapsed="6d"),
        ]
    )
    assert found["A-1"] == ("2026-11-23", "2026-11-30")
    assert found["A-2"] == ("2026-11-23", "2026-11-28")


def test_what_is_below_inherits_from_the_whole():
    tasks = [
        task("A-1", estimate="1d", assignee="ana"),
        task("P-1", type="project", depends_on="A-1", start="2026-11-26", priority="critical"),
        task("A-2", estimate="1d", assignee="bob", project="P-1"),
        task("A-3", estimate="1d", assignee="eve", depends_on="P-1"),
    ]
    found, _ = dates(tasks)
    assert found["A-2"][0] == "2026-11-26"
    assert found["A-3"][0] == "2026-11-27"
    made = draft(given(tasks), supply())
    assert made.below == {"p-1": ("A-2",)}
    priority = {one.id: one.priority for one in made.problem.activities}
    assert priority["A-2"] > priority["A-1"]


def test_a_milestone_lies_at_the_end_of_its_items():
    found, _ = dates(
        [
            task("M-1", type="milestone"),
            task("A-1", estimate="2d", assignee="ana", milestone="M-1"),
            task("A-2", estimate="3d", assignee="bob", milestone="M-1"),
        ]
    )
    assert found["M-1"] == "2026-11-25"


def test_pinned_begins_on_its_day():
    found, _ = dates(
        [
            task("A-1", estimate="1d", assignee="ana", pinned="true", start="2026-11-25"),
            task("A-2", estimate="5d", assignee="ana", priority="critical"),
        ]
    )
    assert found["A-1"] == ("2026-11-25", "2026-11-25")


def test_a_lag_counts_from_the_day_of_closing_and_a_cancelled_item_lets_go():
    closed = task("A-1", status="done", closed="2026-11-23T09:00:00+01:00")
    later = task("A-2", estimate="1d", assignee="bob", depends_on="A-1 +2d")
    found, _ = dates([closed, later])
    assert found["A-2"][0] == "2026-11-26"
    found, _ = dates([task("A-1", status="cancelled"), later])
    assert found["A-2"][0] == "2026-11-23"


def test_occurrences_to_come_are_work_of_their_own():
    found, _ = dates(
        [task("A-1", estimate="1d", assignee="ana", due="2026-11-23", repeat="weekly")],
        repeats={"a-1": [date(2026, 11, 30), date(2026, 12, 7)]},
    )
    assert found["A-1@2026-11-30"] == ("2026-11-30", "2026-11-30")
    assert found["A-1@2026-12-07"] == ("2026-12-07", "2026-12-07")


def test_manual_order_comes_first():
    found, _ = dates(
        [
            task("A-1", estimate="1d", assignee="ana", priority="critical", rank="b2000"),
            task("A-2", estimate="1d", assignee="ana", priority="low", rank="b1000"),
        ]
    )
    assert found["A-2"][0] == "2026-11-23"


@pytest.mark.parametrize("text", ["900000000d", "9" * 9 + "w"])
def test_an_estimate_without_end_is_no_hang(text):
    _, reasons = dates([task("A-1", estimate=text, assignee="ana"), task("A-2", duration="1d")])
    assert reasons == {"A-1": f"estimate: {text} is longer than any plan"}


def person(handle, **more):
    lists = {
        name: tuple(read(line) for line in more.pop(name, ()))
        for name, read in (("hours", hours), ("leave", leave))
    }
    return Person(handle, path=f"people/{handle}.md", **lists, **more)


def test_leave_part_time_and_half_days_move_the_work():
    work = [task("A-1", estimate="2d", assignee="ana")]
    found, _ = dates(work, supply([person("ana", leave=["2026-11-24..2026-11-25 annual"])]))
    assert found["A-1"] == ("2026-11-23", "2026-11-26")
    found, _ = dates(work, supply([person("ana", leave=["2026-11-23 am sick"])]))
    assert found["A-1"] == ("2026-11-23", "2026-11-25")
    found, _ = dates(work, supply([person("ana", hours=["20h/w"])]))
    assert found["A-1"] == ("2026-11-23", "2026-11-26")
    found, _ = dates(work, supply([person("ana", leave=["2026-11-24 annual asked"])]))
    assert found["A-1"] == ("2026-11-23", "2026-11-24")


def test_a_pool_is_shared_and_its_units_can_be_away():
    work = [task(f"A-{number}", duration="1d", needs="van") for number in (1, 2, 3)]
    vans = Equipment("van", units=2)
    found, _ = dates(work, supply(equipment=[vans]))
    assert sorted(found.values()) == [("2026-11-23",) * 2, ("2026-11-23",) * 2, ("2026-11-24",) * 2]
    away = vans._replace(maintenance=(leave("2026-11-23 1 unit repair"),))
    found, _ = dates(work, supply(equipment=[away]))
    assert sorted(found.values())[0] == ("2026-11-23",) * 2
    assert sorted(found.values())[1] == ("2026-11-24",) * 2
    _, reasons = dates([task("A-1", duration="1d", needs="3 van")], supply(equipment=[vans]))
    assert "van" in reasons["A-1"]


def test_who_has_the_skill_is_chosen():
    people = [
        person("ana", skills=("welding",), leave=["2026-11-23..2026-12-04 annual"]),
        person("bob", skills=("Welding",)),
        person("eve"),
    ]
    made = draft(given([task("A-1", estimate="1d", needs="skill:welding")]), supply(people))
    placed = schedule(made.problem).by_id()["A-1"]
    assert placed.choice == ("bob",)


def test_a_team_does_it_where_no_one_is_assigned():
    people = [person("ana"), person("bob")]
    made = draft(
        given([task("A-1", estimate="1d", team="web")]), supply(people, teams={"web": ("bob",)})
    )
    assert schedule(made.problem).by_id()["A-1"].choice == ("bob",)


def test_time_held_back_for_operations_is_theirs_alone():
    work = [
        task("A-1", estimate="4d", assignee="ana"),
        task("A-2", estimate="1d", assignee="ana"),
    ]
    made = draft(given(work, operations=frozenset({"a-2"})), supply(reserve=20))
    plan = schedule(made.problem).by_id()
    assert DAYS.last(plan["A-1"].end).isoformat() == "2026-11-27"
    assert DAYS.last(plan["A-2"].end).isoformat() == "2026-11-27"
    assert {one.name for one in made.problem.resources} == {"ana", "ana (operations)"}


def test_work_between_two_absences_for_one_reason_is_not_lost():
    """Single days and half days of one kind, with work between them."""
    work = [task("A-1", estimate="2d", assignee="ana")]
    days = ["2026-11-23 annual", "2026-11-25 annual", "2026-11-27 annual"]
    found, _ = dates(work, supply([person("ana", leave=days)]))
    assert found["A-1"] == ("2026-11-24", "2026-11-26")
    halves = [f"2026-11-{day} {half} sick" for day, half in ((23, "pm"), (24, "pm"), (25, "am"))]
    found, _ = dates(
        [task("A-1", estimate="12h", assignee="ana")], supply([person("ana", leave=halves)])
    )
    assert found["A-1"] == ("2026-11-23", "2026-11-25")
