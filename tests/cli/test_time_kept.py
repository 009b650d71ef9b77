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
    place("time", "edit", late["entry"][:8], "--count-in", "2026-W48")
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
