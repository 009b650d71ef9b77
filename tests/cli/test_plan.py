"""``plaintrack plan`` as a user meets it: pictures, reasons, what-ifs that touch no file, dates that are agreed on."""

import csv
import io
import json
import time
from xml.etree import ElementTree

import pytest


def put(shell, item, *lines):
    text = "\n".join(("---", f"id: {item}", f"title: Work {item}", *lines, "---", ""))
    (shell.folder / f"tasks/{item}.md").write_text(text)


@pytest.fixture
def work(empty):
    empty("init")
    put(empty, "A-1", "status: todo", "estimate: 2d", "assignee: ana")
    put(empty, "A-2", "status: todo", "estimate: 3d", "assignee: ana", "depends_on: A-1")
    put(empty, "A-3", "status: todo", "estimate: 1d", "assignee: bob", "due: 2026-11-24")
    put(empty, "A-4", "status: todo", "assignee: bob")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def lines(shell, *words):
    return {
        line["id"]: line for line in json.loads(shell("plan", "--format", "json", *words))["items"]
    }


def clean(shell):
    return shell.git("status", "--porcelain") == ""


HOSTILE = {
    "due: 9999-12-31\nestimate: 1d": "2026-11-23",
    "due: 0001-01-01\nestimate: 1d": "2026-11-23",
    "start: 0001-01-01\nestimate: 1d": "2026-11-23",
    "start: 0001-01-01\npinned: true\nestimate: 1d": "2026-11-23",
    "start: 9999-12-31\nestimate: 1d": "does not fit before the horizon of the plan",
    "wait: 9999-12-31\nestimate: 1d": "does not fit before the horizon of the plan",
    "start: 9999-12-31\npinned: true\nestimate: 1d": "is not there where it is pinned",
    "estimate: 1000000000h": "is not a duration",
    "elapsed: 1000000000h": "is not a duration",
    "estimate: 1d\ndepends_on: A-1 +52000w": "does not fit before the horizon of the plan",
    "estimate: 1d\ndepends_on: A-1 +52000000ew": "does not fit before the horizon of the plan",
    "estimate: 1d\ndepends_on: A-1 -52000ew": "2026-11-23",
    "estimate: 1d\ndepends_on: OLD +52000ew": "2026-11-23",
    "estimate: 1d\nneeds: 1000000000 rig": "a line takes 1 to 10,000",
    "estimate: 1d\ndepends_on: B-15": "in a circle of dependencies",
    "estimate: 1d\ndepends_on: B-14": "in a circle of dependencies",
    "estimate: 1d\nneeds: 10000000000000000000000 rig": "100000000… units; a line takes 1 to 10,000",
}


def test_numbers_and_dates_without_measure_concern_one_item_each(work):
    put(work, "OLD", "status: done", "closed: 0001-01-01")
    for number, text in enumerate(HOSTILE):
        put(work, f"B-{number}", "status: todo", f"assignee: p{number}", text)
    before = time.process_time()
    found = lines(work)
    assert time.process_time() - before < 2
    starts = [found[item]["start"] for item in ("A-1", "A-2", "A-3")]
    assert starts == ["2026-11-23", "2026-11-25", "2026-11-23"]
    said = [
        found[f"B-{number}"]["start"] or found[f"B-{number}"]["reason"]
        for number in range(len(HOSTILE))
    ]
    assert [each.endswith(end) for each, end in zip(said, HOSTILE.values(), strict=True)] == [
        True
    ] * len(HOSTILE), said


def test_a_chart_with_what_it_says(work):
    said = work("plan")
    assert "A-1 Work A-1  " in said
    assert "█" in said
    assert "All that has dates is done by 2026-11-27; A-2 ends last: waits for A-1 to end" in said
    assert "1 item has no dates: 1 without an estimate; `plaintrack plan --assume 1d`" in said
    assert "Assumed: everyone works the workspace's week; no equipment is scarce." in said
    assert clean(work)


def test_people_who_cannot_be_seen_are_told_of(work):
    with (work.folder / "plaintrack.yml").open("a") as settings:
        settings.write("rooms: {people: people}\n")
    said = work("plan")
    assert "hours and leave are unknown and everyone works the workspace's week" in said


def test_dates_for_programs(work):
    answer = json.loads(work("plan", "--format", "json"))
    assert (answer["schema"], answer["end"], answer["chain"]) == (1, "2026-11-27", ["A-1", "A-2"])
    found = lines(work)
    assert [found[item]["start"] for item in ("A-1", "A-2", "A-3", "A-4")] == [
        "2026-11-23", "2026-11-25", "2026-11-23", None,
    ]  # fmt: skip
    assert found["A-2"]["waits_for"] == ["A-1"]
    assert found["A-2"]["causes"] == [
        {"kind": "link", "item": "A-1", "link": "FS", "lag_minutes": 0}
    ]
    assert found["A-4"]["reason"] == "no estimate"
    assert lines(work, "--assume", "1d")["A-4"]["assumed"] is True


@pytest.mark.parametrize("form", ["table", "csv", "markdown", "mermaid", "svg", "gantt"])
def test_every_form_is_safe_with_hostile_titles(work, form):
    hostile = '"a <script>]]> | x : crit, 2026-01-01 \\u001b[31m @all `code` =1+1"'
    (work.folder / "tasks/A-9.md").write_text(
        f"---\nid: A-9\ntitle: {hostile}\nstatus: todo\nestimate: 1d\nassignee: bob\n---\n"
    )
    said = work("plan", "--format", form)
    assert "A-9" in said
    assert "\x1b" not in said
    if form == "svg":
        ElementTree.fromstring(said)
    if form == "mermaid":
        assert said.startswith("gantt\n")
        assert "<script>" not in said


def test_why(work):
    said = work("plan", "--why", "A-2")
    assert "A-2 Work A-2: 2026-11-25 to 2026-11-27" in said
    assert "waits for A-1 to end (until 2026-11-24)" in said
    assert "no dates: no estimate" in work("plan", "--why", "A-4")
    assert "Work A-1" not in work("plan", "--critical", "A-3")


def test_suppositions_show_what_moves_and_touch_no_file(work):
    said = work("plan", "--without", "ana:2026-11-23..2026-11-24")
    assert "All is done by 2026-12-01 instead of 2026-11-27: 2 working days later." in said
    said = work("plan", "--set", "A-1 estimate=4d", "--format", "json")
    moved = {row["id"]: row for row in json.loads(said)["moved"]}
    assert (moved["A-2"]["how"], moved["A-2"]["days"]) == ("later", 2)
    assert "A-3" not in moved
    assert work("plan", "--set", "A-1 due=2026-12-24").strip() == "Nothing moves."
    assert clean(work)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--set", "A-1"], "is not an item with fields"),
        (["--set", "A-1 nosuch"], "is not an item with fields"),
        (["--without", "ana"], "does not say who is away and when"),
        (["--without", "ana:2026-13-01"], "does not say who is away and when"),
        (["--without", "ana:2026-12-02..2026-12-01"], "does not say who is away and when"),
        (["--without", "anna:2026-12-01"], "did you mean 'ana'?"),
        (["--add", "rig"], "does not say how many of what"),
        (["--add", "rig=1"], "there is no equipment 'rig'"),
        (["--assume", "soon"], "is not a duration"),
        (["A-1", "--compare", "HEAD"], "a comparison is of all work"),
        (["--why", "A-1", "--without", "ana:2026-12-01"], "a comparison is of all work"),
        (["--apply", "--critical"], "--apply writes what QUERY chooses"),
        (["--compare", "nosuch"], "neither a revision nor a date"),
    ],
)
def test_what_cannot_be_supposed_is_refused(work, words, message):
    work("plan", *words, code=2)
    assert message in work.err


def test_a_revision_is_a_baseline(work):
    put(work, "A-1", "status: todo", "estimate: 5d", "assignee: ana")
    (work.folder / "tasks/A-3.md").unlink()
    put(work, "A-5", "status: todo", "estimate: 1d", "assignee: eve", "due: 2026-11-20")
    moved = {
        row["id"]: row
        for row in json.loads(work("plan", "--compare", "HEAD", "--format", "json"))["moved"]
    }
    assert moved["A-3"]["how"] == "gone"
    assert (moved["A-5"]["how"], moved["A-5"]["newly_late"]) == ("new", True)
    assert (moved["A-2"]["how"], moved["A-2"]["days"]) == ("later", 3)
    work.git("commit", "-qam", "next")
    assert "All is done by 2026-12-02" in work("plan", "--compare", "HEAD~1", "--at", "HEAD")


def test_agreed_dates_are_written_once_and_constrain_nothing(work):
    before = lines(work)
    assert "+target_end: 2026-11-27" in work("plan", "--apply", "--dry-run", "A-2")
    assert clean(work)
    work("plan", "--apply", "--yes", "A-2")
    assert (
        "target_start: 2026-11-25\ntarget_end: 2026-11-27\n"
        in (work.folder / "tasks/A-2.md").read_text()
    )
    after = lines(work)
    assert all(
        after[item][name] == before[item][name] for item in before for name in ("start", "end")
    )
    assert after["A-2"]["target"] == "2026-11-27"
    work("plan", "--apply", "A-2")
    assert "nothing to change" in work.err
    put(work, "A-1", "status: todo", "estimate: 1d", "assignee: ana")
    assert lines(work)["A-2"]["start"] == "2026-11-24"
    work.git("checkout", "-q", "tasks/A-1.md")
    work("undo")
    assert clean(work)
    work("plan", "--apply", "--at", "HEAD", code=2)


def test_a_holiday_moves_the_work_at_once(work):
    with open(work.folder / "plaintrack.yml", "a", encoding="utf-8") as handle:
        handle.write("\ncalendar: {holidays: ['2026-11-24']}\n")
    assert lines(work)["A-2"]["end"] == "2026-11-30"


def test_a_circle_is_named_and_the_rest_is_planned(work):
    put(work, "A-1", "status: todo", "estimate: 2d", "assignee: ana", "depends_on: A-2")
    found = lines(work)
    assert found["A-1"]["reason"] == "in a circle of dependencies"
    assert found["A-3"]["start"] == "2026-11-23"
    assert "A-1, A-2 wait for each other" in work("plan").replace("A-2, A-1", "A-1, A-2")


def test_the_same_bytes_again(work):
    assert work("plan", "--format", "json") == work("plan", "--format", "json")


@pytest.fixture
def staffed(work):
    """Ana and Bob are a team, and A-3 needs one of two vans."""
    with open(work.folder / "plaintrack.yml", "a", encoding="utf-8") as handle:
        handle.write("\nrooms: {people: people, equipment: equipment}\n")
    for folder, name, line in (
        ("people", "ana", "team: core"), ("people", "bob", "team: core"), ("equipment", "van", "units: 2"),
    ):  # fmt: skip
        (work.folder / folder).mkdir(exist_ok=True)
        (work.folder / f"{folder}/{name}.md").write_text(f"---\nname: {name}\n{line}\n---\n")
    put(work, "A-3", "status: todo", "estimate: 1d", "assignee: bob", "needs: van")
    return work


def test_a_team_and_a_pool_may_be_away(staffed):
    def moved(*words):
        said = json.loads(staffed("plan", *words, "--format", "json"))
        return {row["id"]: row["days"] for row in said["moved"]}

    assert moved("--without", "core:2026-11-23") == {"A-1": 1, "A-2": 1, "A-3": 1}
    assert moved("--without", "@Van:2026-11-23..2026-11-24") == {"A-3": 2}
    assert moved("--set", "A-4 assignee=zoe", "--without", "zoe:2026-11-23") == {}
    staffed("plan", "--add", "vam=1", code=2)
    assert "did you mean 'van'?" in staffed.err


def test_a_comparison_is_a_table_for_spreadsheets(work):
    said = work("plan", "--without", "ana:2026-11-23..2026-11-24", "--format", "csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(said))}
    assert list(rows) == ["A-1", "A-2"]
    row = rows["A-2"]
    assert (row["how"], row["days"]) == ("later", "2")
    assert (row["start_before"], row["end_before"]) == ("2026-11-25", "2026-11-27")
    assert (row["start_after"], row["end_after"]) == ("2026-11-27", "2026-12-01")
    assert row["why"] == "waits for A-1 to end (until 2026-11-26)"
    assert "{" not in said


@pytest.mark.parametrize("words", [("plan",), ("workload",), ("people",)])
def test_a_file_of_people_that_cannot_be_read_is_told_with_its_place(staffed, words):
    (staffed.folder / "people/bob.md").write_text("---\nname: [bob\n---\n")
    assert "ana" in staffed(*words)
    assert staffed.err.startswith("people/bob.md:2:7: not valid YAML: ")
    assert json.loads(staffed(*words, "--format", "json"))["schema"] == 1
    staffed("check", code=1)


def test_work_rests_on_the_holidays_of_each_ones_country(work):
    """Thanksgiving, on Thursday the 26th, is free in the United States alone."""
    with open(work.folder / "plaintrack.yml", "a", encoding="utf-8") as handle:
        handle.write(
            "\nrooms: {people: people}\ncalendars: {us: {country: US}, pt: {country: PT}}\n"
        )
    (work.folder / "people").mkdir()
    for name, calendar in (("ana", "us"), ("bob", "pt")):
        (work.folder / f"people/{name}.md").write_text(f"---\ncalendar: {calendar}\n---\n")
    put(work, "A-3", "status: todo", "estimate: 5d", "assignee: bob")
    found = lines(work)
    assert (found["A-2"]["start"], found["A-2"]["end"]) == ("2026-11-25", "2026-11-30")
    assert found["A-3"]["end"] == "2026-11-27"
    assert "ana is off: holiday" in work("plan", "--set", "A-1 estimate=3d", "--format", "json")


def test_a_second_process_answers_from_the_cache(work):
    """Also where open items wait for many closed ones, which are named by a set."""
    names = [f"D-{number}" for number in range(12)]
    for name in names:
        put(work, name, "status: done", "closed: 2026-11-20")
    put(
        work,
        "A-1",
        "status: todo",
        "estimate: 2d",
        "assignee: ana",
        f"depends_on: [{', '.join(names)}]",
    )
    for seed in "123":
        work("plan", PYTHONHASHSEED=seed)
    assert len(list((work.folder / ".git/plaintrack").glob("plan-*.cache"))) == 1
