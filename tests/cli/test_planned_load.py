"""``plaintrack workload --planned``: the load as the plan has it."""

import json

import pytest


def put(shell, item, *lines):
    text = "\n".join(("---", f"id: {item}", f"title: Work {item}", *lines, "---", ""))
    (shell.folder / f"tasks/{item}.md").write_text(text)


@pytest.fixture
def work(empty):
    """Ana has two items and leave on Tuesday, Bob one on the only rig, at half his time."""
    (empty.folder / "plaintrack.yml").write_text("rooms: {people: people, equipment: equipment}\n")
    for folder in ("tasks", "people", "equipment"):
        (empty.folder / folder).mkdir()
    for name, more in (("ana", "leave:\n- 2026-11-24 annual\n"), ("bob", "")):
        (empty.folder / f"people/{name}.md").write_text(
            f"---\nname: {name}\nhours: 40h/w\n{more}---\n"
        )
    (empty.folder / "equipment/rig.md").write_text("---\nname: Rig\nunits: 1\n---\n")
    put(empty, "A-1", "status: todo", "estimate: 2d", "assignee: ana", "due: 2026-12-11")
    put(empty, "A-2", "status: todo", "estimate: 4h", "assignee: ana", "depends_on: A-1")
    put(empty, "A-3", "status: todo", "estimate: 2d", "assignee: bob", "share: 50%", "needs: rig")
    put(empty, "A-4", "status: todo", "assignee: bob", "project: P")
    put(empty, "A-5", "status: todo", "estimate: 1d", "depends_on: A-4", "assignee: bob")
    return empty


def days(shell, *words):
    """Row, day → (minutes planned, minutes there are, items); and the answer."""
    said = json.loads(
        shell(
            "workload",
            "--planned",
            "--per",
            "day",
            "--until",
            "2026-11-27",
            "--format",
            "json",
            *words,
        )
    )
    by = said["by"]
    return {
        (row[by], row["period"][-2:]): (row["planned"], row["capacity"], [each["id"] for each in row["items"]])
        for row in said["workload"]
        if row["planned"]
    }, said  # fmt: skip


def test_each_item_counts_on_the_days_that_the_plan_gives_it(work):
    found, said = days(work)
    assert found == {
        ("ana", "23"): (480, 480, ["A-1"]),
        ("ana", "25"): (480, 480, ["A-1"]),
        ("ana", "26"): (240, 480, ["A-2"]),
        ("bob", "23"): (240, 480, ["A-3"]),
        ("bob", "24"): (240, 480, ["A-3"]),
        ("bob", "25"): (240, 480, ["A-3"]),
        ("bob", "26"): (240, 480, ["A-3"]),
    }
    assert said["basis"] == "plan"
    beside = {row["person"]: (row["undated"], row["unestimated"]) for row in said["beside"]}
    assert beside == {"bob": (["A-5"], ["A-4"])}
    assert "planned by the plan:" in work("workload", "--planned")
    assert "planned by the dates of the items:" in work("workload")


def test_equipment_projects_and_what_cannot_be(work):
    found, _ = days(work, "--by", "equipment")
    assert {day: minutes for (_, day), (minutes, _, _) in found.items()} == dict.fromkeys(
        ("23", "24", "25", "26"), 480
    )
    assert {key for key, _ in days(work, "--by", "project", "assignee:ana")[0]} == {None}
    (work.folder / "people/ana.md").write_text(
        "---\nname: ana\nhours: 40h/w\nleave:\n- 2026-11-23..2026-11-25 sick\n---\n"
    )
    assert ("ana", "26") in days(work)[0]
    assert ("ana", "23") not in days(work)[0]


def test_a_skill_is_planned_for_those_whom_the_plan_takes(work):
    for name, skills in (("ana", "welding, python"), ("bob", "welding, python"), ("cy", "welding")):
        (work.folder / f"people/{name}.md").write_text(
            f"---\nname: {name}\nhours: 40h/w\nskills: [{skills}]\n---\n"
        )
    for item in ("A-1", "A-2", "A-3", "A-4", "A-5"):
        (work.folder / f"tasks/{item}.md").unlink()
    put(work, "B-1", "status: todo", "estimate: 3d", "needs: ['2 skill:welding', 'skill:python']")
    put(work, "B-2", "status: todo", "estimate: 1d", "needs: skill:driving")
    found, said = days(work, "--by", "skill")
    assert {key: minutes for key, (minutes, _, _) in found.items()} == {
        ("python", "23"): 480,
        ("welding", "23"): 960,
    }
    assert found["welding", "23"][1] == 3 * 480
    assert {row["skill"]: row["undated"] for row in said["beside"]} == {"driving": ["B-2"]}


def test_operations_are_work_of_the_same_person(work):
    with open(work.folder / "plaintrack.yml", "a", encoding="utf-8") as handle:
        handle.write("plan: {reserve: {operations: 50%}}\n")
    put(work, "A-6", "status: todo", "estimate: 1d", "assignee: bob", "kind: operations")
    assert {name for name, _ in days(work)[0]} == {"ana", "bob"}
