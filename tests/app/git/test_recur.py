"""Recurring work with real files, processes, clones and merges."""

import json
import re
import sys
from pathlib import Path

import pytest
from team import clones, put, read

ITEM = """---
id: {id}
title: {title}   # a comment stays
status: todo
priority: high
assignee: [ines]
{fields}created: 2026-01-05
custom: 'kept'
---
Body.

- [x] first
- [ ] second
"""


def item(shell, name, id_="PT-7k3q9x", title="Water the plants", **fields):
    lines = "".join(f"{key}: {value}\n" for key, value in fields.items())
    put(shell, f"tasks/{name}.md", ITEM.format(id=id_, title=title, fields=lines))


@pytest.fixture
def shell(empty):
    put(empty, "plaintrack.yml", "timezone: Europe/Berlin\n")
    return empty


def on(day, clock="09:00:00+01:00"):
    return {"PLAINTRACK_NOW": f"{day}T{clock}"}


def made(text):
    """Ids of the items that a command says it made."""
    return re.findall(r"^(\S+)  created: .*follows", text, re.MULTILINE)


def listed(shell, *query):
    columns = "id,status,due,start,occurrence,repeat,follows,series"
    return json.loads(shell("list", *query, "--all", "--format", "json", "--columns", columns))[
        "items"
    ]


def file_of(shell, id_):
    (path,) = [
        path
        for path in (shell.folder / "tasks").rglob("*.md")
        if f"id: {id_}\n" in path.read_text("utf-8")
    ]
    return path


def test_closing_makes_the_next_and_one_undo_takes_both_back(shell):
    item(shell, "plants", due="2026-11-23", start="2026-11-21", wait="2026-11-20", repeat="every week", closed="", remaining="2h",
         time="\n- 2026-11-22 1h", waive="\n- PT305 until 2099-12-31 because it is late")  # fmt: skip
    before = read(shell, "tasks/plants.md")
    (next_,) = made(shell("done", "7k3"))
    text = file_of(shell, next_).read_text("utf-8")
    expected = (
        f"---\nid: {next_}\ntitle: Water the plants   # a comment stays\nstatus: todo\npriority: high\nassignee: [ines]\n"
        "due: 2026-11-30\nstart: 2026-11-28\nwait: 2026-11-27\nrepeat: every week from 2026-11-23\n"
    )
    assert text.startswith(expected)
    assert "closed: 2" not in text
    assert "remaining: 2h" not in text
    assert "1h" not in text
    assert "waive" not in text
    for line in (
        "follows: PT-7k3q9x\n",
        "series: PT-7k3q9x\n",
        "occurrence: 2026-11-30\n",
        "created: 2026-11-23\n",
        "custom: 'kept'\n",
    ):
        assert line in text
    assert text.endswith("Body.\n\n- [ ] first\n- [ ] second\n")
    old = read(shell, "tasks/plants.md")
    assert "repeat:" not in old
    assert "- [x] first" in old
    assert "is already done" in (shell("done", "7k3"), shell.err)[1]
    assert shell("list", "is:recurring", "--format", "ids").split() == [next_]
    assert shell("list", "series:7k3", "--all", "--format", "ids").split() == [next_]
    shell("undo")
    assert read(shell, "tasks/plants.md") == before
    assert len(list((shell.folder / "tasks").glob("*.md"))) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["done", "7k3"],
        ["cancel", "7k3"],
        ["set", "7k3", "status=done"],
        ["set", "--where", "Water", "--yes", "status=cancelled"],
    ],
    ids=" ".join,
)
def test_whatever_closes_it(shell, words):
    item(shell, "plants", due="2026-11-23", repeat="every weekday")
    (next_,) = made(shell(*words))
    assert [each["due"] for each in listed(shell, f"id:{next_}")] == ["2026-11-24"]


def test_closing_in_an_editor(shell):
    item(shell, "plants", due="2026-11-23", repeat="every weekday")
    assert len(made(shell("edit", "7k3", EDITOR="sed -i 's/^status: todo/status: done/'"))) == 1
    item(
        shell, "windows", "PT-m2v8rd", "Clean the windows", due="2026-11-23", repeat="every weekday"
    )
    put(
        shell,
        "tasks/windows.md",
        read(shell, "tasks/windows.md").replace("status: todo", "status: done"),
    )
    shell("recur", "--dry-run")
    assert len(listed(shell)) == 3
    assert len(made(shell("recur"))) == 1
    assert made(shell("recur")) == []
    assert "no items are due" in shell.err


def test_dry_run_writes_nothing_and_shows_both_files(shell):
    item(shell, "plants", due="2026-11-23", repeat="every week")
    out = shell("done", "7k3", "--dry-run")
    assert "+follows: PT-7k3q9x" in out
    assert "-repeat: every week" in out
    assert len(list((shell.folder / "tasks").glob("*.md"))) == 1
    assert "+occurrence: 2026-12-07" in shell("recur", "--dry-run", **on("2026-12-08"))
    assert len(list((shell.folder / "tasks").glob("*.md"))) == 1


def test_passing_the_day(shell):
    item(shell, "plants", due="2026-11-23", repeat="every week")
    assert made(shell("recur", **on("2026-11-29"))) == []
    (one,) = made(shell("recur", **on("2026-11-30")))
    assert made(shell("recur", **on("2026-11-30"))) == []
    (two,) = made(shell("recur", **on("2026-12-15")))
    rows = {each["id"]: each for each in listed(shell)}
    assert {each["status"] for each in rows.values()} == {"todo"}
    assert (rows[one]["due"], rows[two]["due"], rows[two]["follows"], rows[two]["series"]) == (
        "2026-11-30",
        "2026-12-14",
        one,
        "PT-7k3q9x",
    )
    assert [each["id"] for each in rows.values() if each.get("repeat")] == [two]


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [("all", "2026-11-30 2026-12-07 2026-12-14"), ("latest", "2026-12-14"), ("skip", "")],
)
def test_catching_up(shell, policy, wanted):
    put(shell, "plaintrack.yml", f"timezone: Europe/Berlin\nrecur: {{catch_up: {policy}}}\n")
    item(shell, "plants", due="2026-11-23", repeat="every week")
    names = made(shell("recur", **on("2026-12-16")))
    rows = {each["id"]: each for each in listed(shell)}
    assert " ".join(rows[each]["due"] for each in names) == wanted
    assert [rows[each]["follows"] for each in names] == ["PT-7k3q9x", *names][: len(names)]
    item(shell, "windows", "PT-m2v8rd", due="2026-11-23", repeat="every week", catch_up="all")
    assert len(made(shell("recur", **on("2026-12-16")))) == 3


def test_passing_can_be_switched_off(shell):
    put(shell, "plaintrack.yml", "timezone: Europe/Berlin\nrecur: {passing: false}\n")
    item(shell, "plants", due="2026-11-23", repeat="every week")
    assert made(shell("recur", **on("2026-12-16"))) == []
    assert len(made(shell("done", "7k3", **on("2026-12-16")))) == 1


def test_a_time_of_day_stays_across_the_change_of_clocks(shell):
    item(
        shell,
        "plants",
        due="2026-10-20T09:00:00+02:00",
        start="2026-10-19T18:30:00+02:00",
        wait="2026-10-19T06:00:00Z",
        repeat="every week",
    )
    (autumn,) = made(shell("done", "7k3", **on("2026-10-20")))
    text = file_of(shell, autumn).read_text("utf-8")
    assert (
        "due: 2026-10-27T09:00:00+01:00\nstart: 2026-10-26T18:30:00+01:00\nwait: 2026-10-26T06:00:00+00:00\n"
        in text
    )
    put(
        shell,
        "tasks/other.md",
        ITEM.format(
            id="PT-m2v8rd",
            title="x",
            fields="due: 2026-03-23T02:30:00+01:00\nrepeat: every 6 days\n",
        ),
    )
    (spring,) = made(shell("done", "m2v", **on("2026-03-23")))
    assert "due: 2026-03-29T02:30:00+01:00" in file_of(shell, spring).read_text(
        "utf-8"
    )  # an hour that does not exist there


def test_monthly_from_the_31st_and_yearly_from_29_february(shell):
    item(shell, "rent", due="2026-01-31", repeat="monthly")
    item(shell, "leap", "PT-m2v8rd", due="2024-02-29", repeat="yearly")
    found, name = [], "7k3"
    for day in ("2026-01-31", "2026-02-28", "2026-03-31"):
        (name,) = made(shell("done", name, **on(day)))
        found += [each["due"] for each in listed(shell, f"id:{name}")]
    assert found == ["2026-02-28", "2026-03-31", "2026-04-30"]
    found, name = [], "m2v"
    for year in range(2024, 2028):
        (name,) = made(shell("done", name, **on(f"{year}-02-28")))
        found += [each["due"] for each in listed(shell, f"id:{name}")]
    assert found == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


def test_after_completion_and_a_series_that_ends(shell):
    item(shell, "filter", due="2026-11-20", repeat="every 3 months 2 times after completion")
    (next_,) = made(shell("done", "7k3"))
    (row,) = listed(shell, f"id:{next_}")
    assert (row["due"], row["repeat"]) == ("2027-02-23", "every 3 months 1 times after completion")
    assert made(shell("done", next_, **on("2027-03-01"))) == []
    assert "ends here" in shell.err
    assert made(shell("recur", **on("2028-01-01"))) == []


@pytest.mark.parametrize(
    ("rule", "count"),
    [("every week until 2026-12-07", 2), ("every week 3 times", 2), ("FREQ=WEEKLY;COUNT=3", 2)],
)
def test_until_and_times(shell, rule, count):
    item(shell, "plants", due="2026-11-23", repeat=rule)
    name, number = "7k3", 0
    while found := made(shell("done", name)):
        (name,), number = found, number + 1
    assert number == count


def test_taking_repeat_away_or_deleting_the_last_ends_the_series(shell):
    item(shell, "plants", due="2026-11-23", repeat="every week")
    (next_,) = made(shell("done", "7k3"))
    shell("delete", next_, "--yes")
    assert made(shell("recur", **on("2027-01-01"))) == []
    item(shell, "windows", "PT-m2v8rd", due="2026-11-23", repeat="every week")
    shell("set", "m2v", "repeat=", "status=done")
    assert made(shell("recur", **on("2027-01-01"))) == []


def test_holidays_and_working_days(shell):
    settings = "timezone: Europe/Berlin\ncalendar:\n  working_days: [mon, tue, wed, thu]\n  holidays: [2026-12-24 Christmas Eve, 01-01]\nrecur: {shift: previous}\n"
    put(shell, "plaintrack.yml", settings)
    item(
        shell,
        "report",
        due="2026-11-23",
        start="2026-11-22",
        repeat="yearly on 24 dec",
        shift="next",
    )
    (next_,) = made(shell("done", "7k3"))
    (row,) = listed(shell, f"id:{next_}")
    assert (row["due"], row["occurrence"]) == ("2026-12-28", "2026-12-24")
    item(shell, "month", "PT-m2v8rd", due="2026-10-29", repeat="monthly on the last day")
    out = shell("recur", "m2v", "--preview", "2")
    assert out.split("\n")[0] == "Mon 2026-11-30  PT-m2v8rd  Water the plants"
    assert out.split("\n")[1] == "Thu 2026-12-31  PT-m2v8rd  Water the plants"
    assert "(for Sun 2027-01-31)" in shell("recur", "m2v", "--preview", "3")


def test_public_holidays_of_a_country(shell):
    put(shell, "plaintrack.yml", "timezone: Europe/Berlin\ncalendar: {country: DE-BY}\n")
    item(shell, "report", due="2026-12-24", repeat="every working day")
    (next_,) = made(shell("done", "7k3"))
    assert [each["due"] for each in listed(shell, f"id:{next_}")] == ["2026-12-28"]


def test_without_the_package_a_country_is_an_error_and_nothing_is_closed(shell):
    put(shell, "plaintrack.yml", "timezone: Europe/Berlin\ncalendar: {country: ZZ}\n")
    item(shell, "report", due="2026-12-24", repeat="every working day")
    before = read(shell, "tasks/report.md")
    shell("done", "7k3", code=2)
    assert "holidays" in shell.err or "ZZ" in shell.err
    assert read(shell, "tasks/report.md") == before


def test_bad_rules_are_told_at_their_place(shell):
    item(shell, "plants", due="2026-11-23", repeat="evry week")
    item(shell, "quoted", "PT-m2v8rd", due="2026-11-23", repeat="'every week on munday'")
    shell("list")
    assert (
        "tasks/plants.md:8:9: repeat is 'evry week': 'evry' is not understood here (did you mean 'every'?)"
        in shell.err
    )
    assert "tasks/quoted.md:8:24: " in shell.err
    out = shell("check", code=1)
    assert "tasks/plants.md:8:9" in out
    assert "did you mean 'every'?" in out
    shell("recur")
    assert "tasks/plants.md:8:9" in shell.err
    shell("set", "7k3", "repeat=every 2 weks", code=2)
    assert "did you mean 'weeks'?" in shell.err
    shell("recur", "7k3", "--preview", "3", code=1)
    assert "does not recur" in shell.err
    for settings in (
        "recur: {catch_up: some}",
        "recur: all",
        "recur: {when: done}",
        "calendar: {holidays: [soon]}",
        "calendar: {working_days: []}",
        "calendar: {country: Bavaria}",
    ):
        put(shell, "plaintrack.yml", f"timezone: UTC\n{settings}\n")
        shell("list", code=2)
        assert "plaintrack.yml: " in shell.err


def test_one_that_cannot_be_carried_on_does_not_stop_the_others(shell):
    item(shell, "plants", due="2026-11-23", repeat="every week")
    item(shell, "windows", "PT-m2v8rd", due="2026-11-23", repeat="every week")
    put(
        shell,
        "tasks/plants.md",
        read(shell, "tasks/plants.md") + "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n",
    )
    assert len(made(shell("recur", code=1, **on("2026-12-01")))) == 1
    assert "conflict" in shell.err


@pytest.mark.parametrize(
    "settings",
    [
        "ids: {scheme: sequential}",
        "ids: {prefix: '', length: 4}",
        "ids: {from: filename}\nfilename: '{slug}'\ntitle: heading",
        "title: heading\nform: false\nstamps: []",
        "statuses: {idea: open, doing: active, shipped: done}\nfields: {due: {key: deadline}, repeat: {key: recurrence}, created: {format: '%Y-%m-%d %H:%M'}}",
    ],
)
def test_other_schemas(shell, settings):
    put(shell, "plaintrack.yml", f"timezone: UTC\n{settings}\n")
    shell("add", "Water the plants", "due=2026-11-23", "repeat=every week")
    (name,) = listed(shell)
    first = name = name["id"]
    for number in range(3):
        (name,) = made(shell("done", name))
        row = next(each for each in listed(shell) if each["id"] == name)
        assert (row["due"], row["series"]) == (
            ("2026-11-30", "2026-12-07", "2026-12-14")[number],
            first,
        )
    shell("check")
    assert shell("doctor") == "" or "nothing" in shell("doctor")


def test_an_item_without_dates(shell):
    item(shell, "plants", repeat="every week on fri")
    (next_,) = made(shell("done", "7k3"))
    (row,) = listed(shell, f"id:{next_}")
    assert (row["due"], row["occurrence"]) == (
        "2026-11-20",
        "2026-11-20",
    )  # the last that has come since it was made


def test_the_example_workspace_recurs(example):
    out = example("recur", "--preview", "4")
    assert (
        out.splitlines()[0] == "Tue 2026-11-24  PT-kd7mkc  Look at ingest errors and dead letters"
    )
    assert len(made(example("recur", **on("2026-12-07")))) == 3
    (drill,) = made(example("done", "4vdqk5", **on("2026-12-07")))
    assert [each["due"] for each in listed(example, f"id:{drill}")] == ["2026-12-31"]
    example("add", "--template", "weekly", "Weekly operations")


# two clones


def series_of(one):
    item(one, "plants", "PT-ppppxx", due="2026-11-23", repeat="every weekday")
    item(
        one,
        "rent",
        "PT-m2v8rx",
        "Rent",
        due="2026-10-31T09:00:00+01:00",
        repeat="monthly",
        catch_up="all",
    )
    one.git("add", "-A")
    one.git("commit", "-qm", "series")
    one.git("push", "-q")


@pytest.mark.parametrize(
    "settings",
    ["", "ids: {scheme: sequential}\n", "ids: {from: filename}\nfilename: '{slug}'\n"],
    ids=["random", "sequential", "filename"],
)
def test_two_clones_make_the_same_items_and_git_merges_them(tmp_path, settings):
    one, two = clones(tmp_path, "one", "two", settings=settings)
    series_of(one)
    two.git("pull", "-q")
    for clone, minute in ((one, "09:00:00+01:00"), (two, "17:45:11+01:00")):
        assert len(made(clone("recur", **on("2026-12-16", minute)))) == 2
        clone.git("add", "-A")
        clone.git("commit", "-qm", "recur")
    trees = {clone.git("rev-parse", "HEAD^{tree}") for clone in (one, two)}
    assert len(trees) == 1
    one.git("push", "-q")
    two.git("pull", "-q", "--no-rebase", "--no-edit")
    assert two.git("status", "--porcelain") == ""
    ids = two("list", "--all", "--format", "ids").split()
    assert len(ids) == len(set(ids))
    assert len(two("list", "is:recurring", "--format", "ids").split()) == 2
    assert made(two("recur", **on("2026-12-16"))) == []


def test_what_a_rule_says_of_an_item_that_two_clones_make_is_said_once(tmp_path):
    one, two = clones(tmp_path, "one", "two")
    put(one, "automations/hello.yml", "name: hello\non: created\ndo:\n- comment: 'due on {due}'\n")
    series_of(one)
    two.git("pull", "-q")
    for clone, minute in ((one, "09:00:00+01:00"), (two, "17:45:11+01:00")):
        clone("rules", "run", **on("2026-11-23", minute))
        clone("recur", "pppp", **on("2026-11-24", minute))
        clone.git("add", "-A")
        clone.git("commit", "-qm", "recur")
    one.git("push", "-q")
    two.git("pull", "-q", "--no-rebase", "--no-edit")
    assert [
        path.read_text().splitlines()[-1] for path in (two.folder / "comments").rglob("*.md")
    ] == ["due on 2026-11-24"]


def test_two_clones_that_complete_the_same_item_make_one_next(tmp_path):
    one, two = clones(tmp_path, "one", "two", settings="stamps: [created]\n")
    series_of(one)
    two.git("pull", "-q")
    item(two, "other", "PT-zzzzzz", "Other work", due="2026-11-23")
    names = [made(clone("done", "pppp", "m2v8rx")) for clone in (one, two)]
    assert names[0] == names[1]
    for clone in (one, two):
        clone.git("add", "-A")
        clone.git("commit", "-qm", "done")
    one.git("push", "-q")
    two.git("pull", "-q", "--no-rebase", "--no-edit")
    assert two.git("status", "--porcelain") == ""
    assert len(two("list", "--all", "--format", "ids").split()) == 7
    two("check", "is:recurring")


def test_a_clone_that_is_behind_heals(tmp_path):
    """One goes on to the next but one before the other makes the next."""
    one, two = clones(tmp_path, "one", "two")
    for clone in (one, two):
        clone("init", "--git")
        (clone.folder / ".gitattributes").rename(clone.folder / ".git/info/attributes")
    series_of(one)
    two.git("pull", "-q")
    (first,) = made(one("recur", "pppp", **on("2026-11-24")))
    (second,) = made(one("done", first, **on("2026-11-24")))
    assert made(two("recur", "pppp", **on("2026-11-24"))) == [first]
    for clone in (one, two):
        clone.git("add", "-A")
        clone.git("commit", "-qm", "recur")
    one.git("push", "-q")
    two.git("pull", "-q", "--no-rebase", "--no-edit", check=False)
    assert "status: todo (ours) or done (theirs)" in two(
        "conflicts", code=1
    )  # git knows of no state before both
    two("conflicts", first, "--take", "theirs")
    two.git("add", "-A")
    two.git("commit", "-qm", "merge")
    assert made(two("recur", **on("2026-11-24"))) == []
    rows = {each["id"]: each for each in listed(two, "series:pppp")}
    assert set(rows) == {first, second}
    assert [each for each in rows if rows[each].get("repeat")] == [second]


def test_one_passes_the_day_while_the_other_completes_the_item(tmp_path):
    one, two = clones(tmp_path, "one", "two")
    for clone in (one, two):
        clone("init", "--git")
        (clone.folder / ".gitattributes").rename(clone.folder / ".git/info/attributes")
        clone.env["PATH"] = f"{Path(sys.executable).parent}:{clone.env['PATH']}"
    series_of(one)
    two.git("pull", "-q")
    assert made(one("recur", "pppp", **on("2026-11-24"))) == made(
        two("done", "pppp", **on("2026-11-24", "15:00:00+01:00"))
    )
    for clone in (one, two):
        clone.git("add", "-A")
        clone.git("commit", "-qm", "next")
    one.git("push", "-q")
    two.git("pull", "-q", "--no-rebase", "--no-edit")
    assert two.git("status", "--porcelain") == ""
    assert [each["status"] for each in listed(two, "id:PT-ppppxx")] == ["done"]
    assert len(two("list", "is:recurring", "pppp or series:pppp", "--format", "ids").split()) == 1


@pytest.mark.parametrize("form", [True, False], ids=["form", "lines"])
@pytest.mark.parametrize("order", [0, 1])
def test_plain_git_merges_passing_the_day_with_completing_the_item(tmp_path, form, order):
    """Without the merge driver: `repeat` goes on both sides, and `closed` comes beside the status."""
    clones_ = clones(tmp_path, "one", "two", settings=f"form: {str(form).lower()}\n")
    one, two = clones_[0], clones_[1]
    one(
        "add",
        "Water the plants",
        "priority=high",
        "assignee=ines",
        "due=2026-11-23",
        "repeat=every weekday",
        **on("2026-11-20"),
    )
    one.git("add", "-A")
    one.git("commit", "-qm", "series")
    one.git("push", "-q")
    two.git("pull", "-q")
    (first,) = one("list", "is:recurring", "--format", "ids").split()
    assert made(one("recur", **on("2026-11-24"))) == made(
        two("done", first, **on("2026-11-24", "15:00:00+01:00"))
    )
    for clone in clones_:
        assert not (clone.folder / ".gitattributes").exists()
        clone.git("add", "-A")
        clone.git("commit", "-qm", "next")
    clones_[order].git("push", "-q")
    clones_[1 - order].git("pull", "-q", "--no-rebase", "--no-edit")
    both = clones_[1 - order]
    assert both.git("status", "--porcelain") == ""
    text = file_of(both, first).read_text("utf-8")
    assert "\nstatus: done\nclosed: 2026-11-24T14:00:00+00:00\n" in text
    assert "repeat:" not in text
    assert len(both("list", "is:recurring", "--format", "ids").split()) == 1


def test_two_clones_complete_an_item_at_different_moments(tmp_path):
    """With the merge driver the earlier `closed` stays, and one item follows."""
    one, two = clones(tmp_path, "one", "two")
    for clone in (one, two):
        clone("init", "--git")
        (clone.folder / ".gitattributes").rename(clone.folder / ".git/info/attributes")
        clone.env["PATH"] = f"{Path(sys.executable).parent}:{clone.env['PATH']}"
    series_of(one)
    two.git("pull", "-q")
    assert made(one("done", "pppp", **on("2026-11-24", "15:00:00+01:00"))) == made(
        two("done", "pppp", **on("2026-11-24"))
    )
    for clone in (one, two):
        clone.git("add", "-A")
        clone.git("commit", "-qm", "done")
    one.git("push", "-q")
    two.git("pull", "-q", "--no-rebase", "--no-edit")
    assert two.git("status", "--porcelain") == ""
    assert "closed: 2026-11-24T08:00:00+00:00\n" in file_of(two, "PT-ppppxx").read_text("utf-8")
    assert len(two("list", "is:recurring", "pppp or series:pppp", "--format", "ids").split()) == 1
