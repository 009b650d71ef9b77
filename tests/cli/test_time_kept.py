"""Time on the command line, in real repositories."""

import json
import shutil
import subprocess

import pytest


@pytest.fixture
def place(empty):
    (empty.folder / "plaintrack.yml").write_text(
        "folders: [tasks]\ntimezone: Europe/Berlin\npeople:\n  jonas: {email: jonas@rinnwerk.example}\n  ana: {email: ana@example.org}\n"
    )
    for name, more in (
        ("A-1", "estimate: 2h\ntype: bug\n"),
        ("A-2", "project: A-3\ntype: task\n"),
        ("A-3", "type: project\n"),
    ):
        path = empty.folder / f"tasks/{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\nid: {name}\ntitle: Item {name}\nstatus: todo\n{more}---\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def clock(hour, day=20):
    return {"PLAINTRACK_NOW": f"2026-11-{day}T{hour}:00+01:00"}


def entries(place, *words):
    return json.loads(place("time", "list", "--from", "2026-01-01", "--format", "json", *words))[
        "entries"
    ]


def commit(place, message="more", author=""):
    place.git("add", "-A")
    place.git("commit", "-qm", message, *([f"--author={author}"] if author else []))


def test_a_day_with_the_timer(place):
    place("time", "status", code=1)
    place("start", "A-1", "--timer", **clock("09:00"))
    assert "A-1  timer" not in place("start", "A-1", "--timer", **clock("09:05"))
    assert "0:30" in place("time", "status", **clock("09:30"))
    said = place("time", "start", "A-2", "--note", "a; call", "--tag", "talk", **clock("10:00"))
    assert said.splitlines() == [
        "A-1  1:00 logged for jonas, 2026-11-20 09:00 to 10:00",
        "A-2  timer of jonas started at 2026-11-20 10:00",
    ]
    place("time", "log", "A-1", "30m", code=2, **clock("10:30"))
    assert "overlaps with 2026-11-20 10:00 to 10:30 A-2 (timer)" in place.err
    said = place("time", "stop", "--remaining", "1d", **clock("11:15"))
    assert said == "A-2  remaining: (none) → 1d; 1:15 logged for jonas, 2026-11-20 10:00 to 11:15\n"
    place("time", "continue", **clock("12:00"))
    assert place("time", "stop", "--discard", **clock("12:30")).startswith("A-2  timer since")
    (folder,) = (place.folder / "time/jonas").iterdir()
    (file,) = folder.iterdir()
    assert file.name.startswith("2026-11-20-")
    assert folder.name == "2026-11"
    assert file.read_text() == (
        "i 2026-11-20 09:00:00+0100 A-1\no 2026-11-20 10:00:00+0100\n\n"
        "i 2026-11-20 10:00:00+0100 A-2  a, call  ; talk:\no 2026-11-20 11:15:00+0100\n\n"
    )
    commit(place)
    place("time", "log", "A-1", "45m", "--at", "2026-11-20")
    assert len(list(folder.iterdir())) == 2, "a file in the commit is not appended to"
    assert entries(place)[-1]["start"] == "2026-11-20T11:15:00+01:00"
    told = json.loads(
        place("time", "report", "--from", "2026-11-20", "--by", "project", "--format", "json")
    )
    assert [(each["project"], each["seconds"]) for each in told["time"]] == [
        (None, 6300),
        ("A-3", 4500),
    ]


def test_the_settings_let_start_and_done_keep_the_time(place):
    with open(place.folder / "plaintrack.yml", "a") as settings:
        settings.write("time: {timer: true, forgotten: 4h}\n")
    place("start", "A-1", **clock("09:00"))
    place("done", "A-1", code=2, **clock("14:00"))
    assert "when did you stop?" in place.err
    assert (
        place("done", "A-1", **clock("12:00")).splitlines()[0]
        == "A-1  3:00 logged for jonas, 2026-11-20 09:00 to 12:00"
    )
    place("time", "status", code=1)
    place("start", "A-2", "--no-timer", **clock("12:00"))
    place("time", "status", code=1)


def test_entries_are_adjusted_changed_and_deleted_only_when_asked(place):
    place("time", "log", "A-1", "1h", "--at", "2026-11-20 09:00")
    before = (place.folder / "time").rglob("*.timeclock").__next__().read_text()
    said = place("time", "log", "A-2", "3h", "--at", "2026-11-20 08:00", "--adjust")
    assert (
        "2:00 logged for jonas, 2026-11-20 08:00 to 09:00, 2026-11-20 10:00 to 11:00; cut by 2026-11-20 09:00 to 10:00 A-1"
        in said
    )
    assert before in (place.folder / "time").rglob("*.timeclock").__next__().read_text()
    first, second, third = entries(place)
    place("time", "edit", first["entry"][:6], "--end", "09:30", code=2)
    place("time", "edit", first["entry"][:6], "--end", "08:30", "--tags", "a,b", "--note", "")
    place(
        "time",
        "edit",
        third["entry"][:6],
        "--start",
        "2026-11-19 23:00",
        "--end",
        "2026-11-20 01:00",
        "--item",
        "A-1",
    )
    place("time", "edit", second["entry"], "--delete", "--dry-run")
    place("time", "edit", second["entry"], "--delete")
    found = entries(place)
    assert [(each["start"], each["seconds"], each["tags"], each["item"]) for each in found] == [
        ("2026-11-19T23:00:00+01:00", 7200, [], "A-1"),
        ("2026-11-20T08:00:00+01:00", 1800, ["a", "b"], "A-2"),
    ]
    assert "2026-11-19-" in found[0]["path"]
    report = json.loads(
        place(
            "time",
            "report",
            "--by",
            "item",
            "--from",
            "2026-11-20",
            "--until",
            "2026-11-20",
            "--format",
            "json",
        )
    )
    assert [(each["item"], each["seconds"]) for each in report["time"]] == [
        ("A-1", 3600),
        ("A-2", 1800),
    ]
    assert report["seconds"] == 5400
    place("undo")
    assert len(entries(place)) == 3


def test_a_timesheet_is_frozen_until_a_late_entry_comes(place):
    for day, item in ((16, "A-1"), (17, "A-2")):
        place("time", "log", item, "2h", "--at", f"2026-11-{day} 09:00", "--person", "ana")
    place("time", "submit", "2026-W47", "--person", "ana")
    commit(place, author="Ana <ana@example.org>")
    place("time", "approve", "ana", "2026-W47", "--note", "fine")
    commit(place)
    assert "approved by jonas: fine" in place("time", "sheet", "2026-W47", "--person", "ana")
    place.git("switch", "-qc", "late", "HEAD~1")
    place("time", "log", "A-1", "30m", "--at", "2026-11-17 14:00", "--person", "ana")
    commit(place)
    place.git("switch", "-q", "main")
    place.git("merge", "-q", "--no-edit", "late")
    shown = json.loads(place("time", "sheet", "2026-W47", "--person", "ana", "--format", "json"))
    assert (shown["state"], shown["changed"], shown["seconds"]) == (
        "changed",
        ["2026-11-17"],
        16200,
    )
    late = next(each for each in entries(place) if each["seconds"] == 1800)
    told = place("time", "edit", late["entry"][:8], "--count-in", "2026-W48") + place.err
    assert "submitted before" not in told, "the week is again what was submitted"
    shown = json.loads(place("time", "sheet", "2026-W47", "--person", "ana", "--format", "json"))
    assert (shown["state"], shown["by"], shown["seconds"]) == ("approved", "jonas", 14400)
    assert (
        json.loads(place("time", "sheet", "2026-W48", "--person", "ana", "--format", "json"))[
            "seconds"
        ]
        == 1800
    )
    place(
        "time",
        "edit",
        next(each for each in entries(place) if each["seconds"] == 1800)["entry"],
        "--count-in",
        "",
    )
    place("time", "submit", "2026-W47", "--person", "ana")
    shown = json.loads(place("time", "sheet", "2026-W47", "--person", "ana", "--format", "json"))
    assert (shown["state"], shown["by"]) == ("submitted", None), (
        "an approval of something else has lapsed"
    )


def test_an_entry_counts_for_each_goal_that_its_item_serves(place):
    for name, more in (
        ("A-4", "type: goal\n"),
        ("A-5", "type: goal\ngoal: A-4\n"),
        ("A-3", "type: project\ngoal: A-5\n"),
        ("A-6", "project: A-3\ngoal: growth\nparent: A-1\nestimate: 4h\n"),
    ):
        path = place.folder / f"tasks/{name}.md"
        path.write_text(f"---\nid: {name}\ntitle: Item {name}\nstatus: todo\n{more}---\n")
    logged = (("A-1", "10m"), ("A-2", "20m"), ("A-4", "40m"), ("A-6", "1h20m"))
    for at, (item, length) in enumerate(logged):
        place("time", "log", item, length, **clock(f"{10 + 2 * at}:00"))
    words = ("time", "report", "--from", "2026-11-20", "--by", "goal", "--planned")
    report = json.loads(place(*words, "--format", "json"))
    assert [(row["goal"], row["seconds"] // 60) for row in report["time"]] == [
        ("A-5", 100),
        ("growth", 80),
        ("A-4", 40),
        (None, 10),
    ]
    assert report["seconds"] == 150 * 60
    assert [row["estimate_minutes"] for row in report["time"]] == [240, 240, None, 120]
    told = "2:30 in 4 entries, from 2026-11-20; the rows add up to 3:50"
    assert told in place(*words)


def test_what_a_report_of_the_past_says(place):
    place("time", "log", "A-1", "1h", "--at", "2026-11-20 09:00")
    commit(place)
    place("time", "log", "A-1", "1h", "--at", "2026-11-20 11:00")
    place.git("add", "-A")
    place("time", "log", "A-1", "1h", "--at", "2026-11-20 13:00", "--person", "ana")
    for at, seconds in (("HEAD", 3600), ("staged", 7200), ("", 10800)):
        words = ["--at", at] if at else []
        told = json.loads(
            place("time", "report", "--from", "2026-11-01", "--format", "json", *words)
        )
        assert told["seconds"] == seconds, at


def test_accuracy_of_what_is_done(place):
    place("time", "log", "A-1", "3h", "--at", "2026-11-20 09:00")
    place("done", "A-1")
    told = json.loads(place("time", "accuracy", "--by", "type", "--format", "json"))["accuracy"]
    assert told == [
        {
            "type": "bug",
            "items": 1,
            "bias": 1.5,
            "p25": 1.5,
            "p50": 1.5,
            "p75": 1.5,
            "within_quarter": 0.0,
        }
    ]


def test_accuracy_is_a_metric_too(place):
    place("set", "A-2", "estimate=2h")
    for item, length in (("A-1", "3h"), ("A-2", "1h")):
        place("time", "log", item, length, "--at", "2026-11-20")
        place("done", item)
    commit(place)
    later = {"PLAINTRACK_NOW": "2090-01-01T09:00:00+01:00"}
    words = ("metrics", "accuracy", "--from", "2000-01-01", "--format", "json")
    told = json.loads(place(*words, "--by", "type", **later))
    assert told["facts"] == {
        "items": 2, "bias": 1, "p25": 0.5, "p50": 0.5, "p75": 1.5, "within a quarter": 0,
    }  # fmt: skip
    assert [(each["id"], each["estimate"], each["logged"], each["ratio"]) for each in told["rows"]] == [
        ("A-1", 2, 3, 1.5), ("A-2", 2, 1, 0.5),
    ]  # fmt: skip
    assert [(each["value"], each["facts"]["bias"]) for each in told["groups"]] == [("bug", 1.5), ("task", 0.5)]  # fmt: skip
    assert "Pitfalls: " in place("explain", "accuracy")
    assert json.loads(place(*words, "--at", "HEAD~1", **later))["facts"] == {"items": 0}  # fmt: skip


def sha(place, name="time"):
    return {path.name: path.read_bytes() for path in sorted((place.folder / name).rglob("*.*"))}


def test_a_frozen_week_outlives_new_ids_and_names(place):
    (place.folder / "people").mkdir()
    (place.folder / "people/ann.md").write_text("---\nname: Ann\nemail: ann@example.org\n---\n")
    (place.folder / "people/jonas.md").write_text(
        "---\nname: Jonas\nemail: jonas@rinnwerk.example\n---\n"
    )
    (place.folder / "plaintrack.yml").write_text(
        "folders: [tasks]\ntimezone: Europe/Berlin\nrooms: {people: people}\n"
    )
    place("time", "log", "A-1", "1h", "--at", "2026-11-16 09:00", "--person", "ann")
    place("set", "A-2", "assignee=ann")
    place("time", "submit", "2026-W47", "--person", "ann")
    place("time", "approve", "ann", "2026-W47")
    commit(place)
    before = sha(place), sha(place, "timesheets")
    told = place("renumber", "A-1", "A-9") + place.err
    assert "named in 1 line" in told, "of the title, not of `formerly`"
    assert (
        "formerly: A-1" in place("show", "A-9")
        or "A-1" in (place.folder / "tasks/A-9.md").read_text()
    )
    editor = {"EDITOR": "sed -i s/^id:.*/id:\\ A-8/"}
    place("edit", "A-9", **editor)
    (place.folder / "people/ann.md").rename(place.folder / "people/ana.md")
    with open(place.folder / "people/ana.md", "r+") as file:
        text = file.read()
        file.seek(0)
        file.write(text.replace("name: Ann\n", "name: Ana\nformerly: ann\n"))
    assert (sha(place), sha(place, "timesheets")) == before
    report = json.loads(place("time", "report", "--from", "2026-11-01", "--format", "json"))["time"]
    assert [(each["item"], each["seconds"]) for each in report] == [("A-8", 3600)]
    assert [each["person"] for each in entries(place)] == ["ana"]
    for name in ("A-1", "A-9", "A-8"):
        assert place("show", name).startswith("A-8")
    shown = json.loads(place("time", "sheet", "2026-W47", "--person", "ana", "--format", "json"))
    assert (shown["state"], shown["by"]) == ("approved", "jonas")
    checked = place("check")
    assert "PT7" not in checked
    assert "fix: ana was called so before: write 'ana'" in checked


def test_spent_and_left_are_asked_for_like_other_fields(place):
    place("time", "log", "A-1", "90m", "--at", "2026-11-20 09:00")
    assert place("list", "spent:1h..", "--columns", "id,spent,left").split()[-3:] == [
        "A-1",
        "1h30m",
        "30m",
    ]
    assert place("list", "left:..1h", "--format", "ids") == "A-1\n"
    assert place("list", "--sort", "-spent", "--format", "ids").split()[0] == "A-1"
    place("set", "A-2", "estimate=1d", "assignee=jonas")
    place("set", "A-1", "assignee=jonas")
    told = json.loads(place("plan", "--format", "json"))["items"]
    place("time", "log", "A-1", "1h", "--at", "2026-11-20 11:00")
    (row,) = json.loads(place("list", "id:A-1", "--format", "json", "--columns", "id,spent,left"))[
        "items"
    ]
    assert (row["spent"], row["left"]) == ("2h30m", None)
    assert place("list", "has:left", "--format", "ids") == "A-2\n"
    after = json.loads(place("plan", "--format", "json"))["items"]
    ends = [
        {each["id"]: each.get("planned_end") or each.get("end") for each in some}["A-1"]
        for some in (told, after)
    ]
    assert ends[0]
    assert not ends[1]
    assert "PT714" in place("check")
    place("set", "A-1", "remaining=3h")
    assert place("list", "id:A-1", "--columns", "left").split()[-1] == "3h"
    commit(place)
    place("time", "log", "A-1", "1h", "--at", "2026-11-23 07:00", **clock("09:00", 28))
    assert "PT714" not in place("check")


def columns(place, query, names):
    words = ("list", query, "--columns", names, "--format", "csv")
    return [line.split(",") for line in place(*words).splitlines()[1:]]


def test_left_without_records_and_what_groups_add_up_to(place):
    place("set", "A-2", "estimate=1d")
    assert columns(place, "id:A-1", "spent,left") == [["", "2h"]]
    assert "PT714" not in place("check")
    place("set", "A-2", "remaining=0h")
    assert columns(place, "id:A-2,A-3", "id,left,total_left") == [["A-2", "", ""], ["A-3", "", ""]]
    assert "PT714 note: its time is 0 and it is open" in place("check")
    lines = json.loads(place("plan", "--format", "json"))["items"]
    assert next(each for each in lines if each["id"] == "A-2")["end"] is None
    place("set", "A-2", "remaining=3h", "parent=A-1")
    place("time", "log", "A-2", "1h", "--at", "2026-11-20 09:00")
    place("time", "log", "A-1", "30m", "--at", "2026-11-20 11:00")
    assert columns(place, "sort:id", "id,spent,total_spent,total_left") == [
        ["A-1", "30m", "1h30m", "3h"], ["A-2", "1h", "1h", "3h"], ["A-3", "", "1h", "3h"],
    ]  # fmt: skip
    assert place("list", "total_spent:1h30m..", "--format", "ids") == "A-1\n"


def test_urgency_goes_by_what_time_records_leave(place):
    with (place.folder / "plaintrack.yml").open("a") as settings:
        settings.write("urgency: {tight: 6}\n")
    place("set", "A-1", "due=2026-11-24", "estimate=4d")
    place("time", "log", "A-1", "16h", "--at", "2026-11-20 00:00")

    def urgency():
        listed = columns(place, "id:A-1", "urgency")[0][0]
        shown = json.loads(place("show", "A-1", "--format", "json"))["items"][0]["urgency"]
        assert float(listed) == pytest.approx(shown, abs=0.01)
        return shown

    tight = urgency()
    place("time", "log", "A-1", "8h", "--at", "2026-11-21 00:00")
    assert urgency() < tight - 1


def test_what_is_refused_writes_nothing(place):
    place("time", "log", "A-1", "1h", "--at", "fri 09:00", "--remaining", "soon", code=2)
    place("time", "start", "A-1", **clock("09:00"))
    place("time", "stop", "--remaining", "soon", code=2, **clock("10:00"))
    assert not (place.folder / "time").exists()
    place("time", "stop", "--remaining", "2h", **clock("10:00"))
    (entry,) = entries(place)
    assert entry["seconds"] == 3600
    place("time", "report", "--from", "2026-11-20", "--until", "2026-11-01", code=2)
    assert "2026-11-01 is before 2026-11-20" in place.err


def test_days_of_time_are_those_that_are_over(place):
    for at in ("thu 09:00", "24 nov", "last mon 10:00"):
        place("time", "log", "A-1", "1h", "--at", at, **clock("18:00", 27))
    assert [each["start"][:10] for each in entries(place)] == [
        "2026-11-23", "2026-11-24", "2026-11-26",
    ]  # fmt: skip
    told = place("time", "report", "--from", "mon", "--until", "fri", **clock("18:00", 25))
    assert "from 2026-11-23 until 2026-11-27" in told
    assert "2026-W47" in place("time", "sheet", "last week", **clock("18:00", 27))
    assert place("time", "pack") == "" and "nothing to pack" in place.err  # noqa: PT018


def test_an_entry_of_another_zone_is_shown_and_changed_by_its_own_clock(place):
    place("time", "log", "A-1", "1h", "--at", "2026-11-20T08:00-05:00")
    assert "14:00  15:00" in place("time", "list", "--from", "2026-11-20")
    path = next((place.folder / "time").rglob("*.timeclock"))
    path.write_text("i 2026-11-20 08:00:00-0500 A-1\no 2026-11-20 09:00:00-0500\n\n")
    assert "08:00-0500  09:00" in place("time", "list", "--from", "2026-11-20")
    (entry,) = entries(place)
    place("time", "edit", entry["entry"], "--end", "10:30")
    assert path.read_text() == "i 2026-11-20 08:00:00-0500 A-1\no 2026-11-20 10:30:00-0500\n\n"
    assert entries(place, "--person", "me") == entries(place, "--person", "jonas")
    place("time", "report", "--person", "jonsa", code=1)
    assert "did you mean 'jonas'?" in place.err


def test_commits_take_time_records_and_pull_requests_name_a_late_day(place):
    place("time", "log", "A-1", "2h", "--at", "2026-11-16 09:00", "--person", "ana")
    place("time", "submit", "2026-W47", "--person", "ana")
    said = place("commit")
    assert "time/ana/2026-11/2026-11-16-" in place.git("show", "--stat=200", "--format=")
    assert said
    assert place.git("status", "--porcelain") == ""  # the folders went with them
    place.git("switch", "-qc", "late")
    place("time", "log", "A-2", "1h", "--at", "2026-11-17 09:00", "--person", "ana")
    commit(place)
    told = place("check", "--since", "main")
    assert (
        "PT711 warning: entries of 2026-11-17 are not those that ana submitted in 2026-W47" in told
    )
    place.git("switch", "-q", "main")
    place("time", "approve", "ana", "2026-W47")
    commit(place, author="Ana <ana@example.org>")
    assert "PT713 warning: no commit of jonas brings this verdict" in place(
        "check", "--since", "HEAD~1"
    )
    place.git(
        "commit", "-q", "--amend", "--no-edit", "--author", "Jonas Okafor <jonas@rinnwerk.example>"
    )
    assert "PT713" not in place("check", "--since", "HEAD~1")
    (sheet,) = (place.folder / "timesheets/ana").iterdir()
    lines = sheet.read_text().splitlines(keepends=True)
    sheet.write_text("".join(line for line in lines if "approved jonas" not in line))
    commit(place, author="Ana <ana@example.org>")
    gone = "PT513 warning: the approval of ana's timesheet of 2026-W47 by jonas is changed or gone"
    assert gone in place("check", "--since", "HEAD~1")


def test_a_forgotten_timer_is_found(place):
    place("time", "start", "A-1", **clock("09:00"))
    assert "PT710 warning: jonas's timer on it has run here since 2026-11-20 09:00" in place(
        "check"
    )


def test_the_old_field_is_read(place):
    path = place.folder / "tasks/A-1.md"
    path.write_text(
        path.read_text().replace(
            "status: todo",
            "status: todo\nassignee: ana\ntime:\n- 2026-11-20 1h30m\n- 2026-11-20T09:00+01:00/2026-11-20T10:00+01:00 jonas  a talk\n- half an hour",
        )
    )
    assert [(each["person"], each["seconds"], each["note"]) for each in entries(place)] == [
        ("ana", 5400, ""),
        ("jonas", 3600, "a talk"),
    ]
    assert place("list", "id:A-1", "--columns", "spent").split()[-1] == "2h30m"


def test_approved_months_are_packed_and_the_hash_stays(place):
    for day in (5, 6, 7):
        place(
            "time",
            "log",
            "A-1",
            "1h",
            "--at",
            f"2026-10-{day:02} 09:00",
            "--person",
            "ana",
            "--note",
            "x",
            "--tag",
            "t",
        )
    place("time", "submit", "2026-10", "--person", "ana")
    commit(place)
    assert "entries of 2026-10-05 are not approved" in (place("time", "pack") or place.err)
    place("time", "approve", "ana", "2026-10")
    commit(place)
    before = [(each["entry"], each["seconds"]) for each in entries(place)]
    assert (
        place("time", "pack")
        == "ana  3 files packed into one  (time/ana/2026-10/packed.timeclock)\n"
    )
    assert [path.name for path in (place.folder / "time/ana/2026-10").iterdir()] == [
        "packed.timeclock"
    ]
    assert [(each["entry"], each["seconds"]) for each in entries(place)] == before
    assert (
        json.loads(place("time", "sheet", "2026-10", "--person", "ana", "--format", "json"))[
            "state"
        ]
        == "approved"
    )
    place("undo")
    assert len(list((place.folder / "time/ana/2026-10").iterdir())) == 3


def test_files_of_other_programs_are_taken_over_once(place):
    (place.folder / "old.timeclock").write_text(
        "i 2026/03/30 09:00:00 work:A-1  talk\no 2026/03/30 10:00:00\ni 2026/03/30 10:00:00 lunch\no 2026/03/30 10:30:00\n"
    )
    (place.folder / "2026-04.data").write_text(
        'inc 20260401T070000Z - 20260401T080000Z # A-2 "two words" # "a note"\ninc 20260401T090000Z\n'
    )
    assert (
        place("time", "import", "old.timeclock", "2026-04.data")
        == "jonas  3 entries imported, 2:30\n"
    )
    assert (
        place("time", "import", "old.timeclock")
        == "jonas  0 entries imported, 0:00; 2 were there already\n"
    )
    assert [
        (each["item"], each["start"], each["note"], each["tags"]) for each in entries(place)
    ] == [
        ("A-1", "2026-03-30T09:00:00+02:00", "talk", []),
        ("lunch", "2026-03-30T10:00:00+02:00", "", []),
        ("A-2", "2026-04-01T09:00:00+02:00", "a note", ["two-words"]),
    ]


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")
def test_hledger_reads_a_year(place):
    for month in range(1, 11):
        for day, item in ((3, "A-1"), (28, "A-2")):
            place(
                "time",
                "log",
                item,
                f"{month}h30m",
                "--at",
                f"2026-{month:02}-{day:02} 07:00",
                "--note",
                "größer, (1)",
                "--tag",
                "x",
            )
    place("time", "log", "A-2", "2h", "--at", "2026-03-28 23:00", "--person", "ana")
    (place.folder / "all.journal").write_text("include time/*/*/*.timeclock\n")
    told = subprocess.run(
        ["hledger", "-f", "all.journal", "balance", "-O", "csv"],
        cwd=place.folder,
        capture_output=True,
        text=True,
        check=True,
        env={**place.env, "LANG": "C.UTF-8"},
    )
    hours = {line.split('"')[1]: line.split('"')[3] for line in told.stdout.splitlines()[1:]}
    report = json.loads(place("time", "report", "--from", "2026-01-01", "--format", "json"))["time"]
    assert {each["item"]: f"{each['seconds'] / 3600:.2f}h" for each in report} == {
        name: hours[name] for name in ("A-1", "A-2")
    }


def test_a_timer_outlives_names_branches_and_work_trees(place, tmp_path):
    """It is stopped by whoever its person is now, wherever its item is, in any work tree."""
    folder = place.folder
    tree = tmp_path / "tree"
    place.git("worktree", "add", "-q", "-b", "other", str(tree))
    place.folder = tree
    item = place("add", "Only here", **clock("08:00")).split()[0]
    place("time", "start", item, **clock("08:00"))  # the first command in this clone
    place.folder = folder
    assert item in place("time", "status", **clock("09:00"))
    said = place("time", "stop", **clock("09:00"))
    assert f"{item}  1:00 logged for jonas" in said
    assert f"{item} is not an item here; the entry names it all the same" in place.err
    place("time", "start", "A-1", **clock("09:00"))
    settings = folder / "plaintrack.yml"
    lines = settings.read_text().splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if "jonas" not in line))
    place("people", "jonas", "--new", "email=jonas@rinnwerk.example")
    ours = folder / "people/jonas.md"
    ours.write_text(ours.read_text().replace("email:", "formerly: jonas\nemail:"))
    ours.rename(ours.with_name("jo.md"))
    place("renumber", "A-1", "A-9")
    assert "still named in 1 line;" in place.err  # its title, and not its `formerly`
    assert "jo " in place("time", "status", **clock("10:00"))
    assert "A-9  1:00 logged for jo," in place("time", "stop", **clock("10:00"))
    place("time", "start", "A-9", **clock("10:00"))
    place("delete", "A-9", "--yes")
    assert "1:00 logged" in place("time", "stop", **clock("11:00"))
    place("time", "status", code=1)
    assert sum(each["seconds"] for each in entries(place)) == 3 * 3600
