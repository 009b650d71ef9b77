"""`score` and the derived field `score`, through the command line."""

import json

import pytest

ITEM = "---\nid: PT-{0}\ntitle: Item {0}\nstatus: todo\n{1}---\n"
A, B, C = "aaaaaa", "bbbbbb", "cccccc"


@pytest.fixture
def place(empty):
    (empty.folder / "tasks").mkdir()
    (empty.folder / "plaintrack.yml").write_text(
        "timezone: UTC\nscores:\n  wsjf:\n  ours: {formula: priority / estimate, priority: {high: 5, low: 1}}\n  odd: value +\n"
        "checks: {own: {worthless: {query: 'score:..0.5', message: not worth it, severity: error}}}\n"
    )
    for name, fields in (
        (A, "value: 1\ntime_criticality: 1\nrisk_reduction: 2\nestimate: 1d\n"),
        (B, "value: 8\ntime_criticality: 1\nrisk_reduction: 1\nestimate: 4h\npriority: low\n"),
        (C, "value: 8\npriority: high\n"),
    ):
        (empty.folder / f"tasks/PT-{name}.md").write_text(ITEM.format(name, fields))
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def test_the_best_come_first_and_what_is_unscored_last(place):
    rows = [line.split(",") for line in place("score", "--format", "csv").splitlines()]
    assert [row[1] for row in rows[1:]] == [f"PT-{name}" for name in (B, A, C)]
    assert [row[0] for row in rows[1:]] == ["1", "2", ""]
    assert place("score", "--limit", "1", "--format", "csv").count("PT-") == 2  # its id and path
    found = json.loads(place("score", "--format", "json", "--model", "ours"))
    assert (found["model"], found["formula"]) == ("ours", "priority / estimate")
    assert [(each["id"], each["score"], each["unscored"]) for each in found["items"]] == [
        (f"PT-{B}", 0.25, None), (f"PT-{A}", None, "no priority"), (f"PT-{C}", None, "no estimate"),
    ]  # fmt: skip
    assert found["items"][0]["inputs"] == {"priority": 1.0, "estimate": 4.0}
    table = place("score", "--why")
    assert "TIME_CRITICALITY" in table
    assert "no time_criticality, no risk_reduction, no estimate" in table
    assert "1 of 3 items unscored" in place.err
    place("set", B, "estimate=0h")
    assert "division by zero: estimate is 0" in place("score", f"id:PT-{B}")
    assert "PT-bbbbbb" in place("score", "--at", "HEAD", "--format", "markdown").splitlines()[2]


def test_score_is_a_field_for_reading(place):
    assert place("list", "sort:-score", "--format", "ids").split() == [
        f"PT-{name}" for name in (B, A, C)
    ]
    assert place("list", "score:1..", "--format", "ids").split() == [f"PT-{B}"]
    assert place("list", "no:score", "--format", "ids").split() == [f"PT-{C}"]
    assert place("list", "--columns", "score,id", "sort:score", "--format", "csv").split() == [
        "score,id",
        f"0.50,PT-{A}",
        f"2.50,PT-{B}",
        f",PT-{C}",
    ]
    assert json.loads(place("list", "--columns", "score", "sort:id", "--format", "json"))[
        "items"
    ] == [{"score": each} for each in (0.5, 2.5, None)]
    assert "worthless" in place("check", code=1)
    assert "2.50" in place("show", B, "--why")
    shown = json.loads(place("show", B, "--why", "--format", "json"))["items"][0]
    assert shown["score"] == 2.5
    assert [each["model"] for each in shown["scores"]] == ["wsjf", "ours"]
    place("set", B, "score=9", code=2)
    assert "worked out" in place.err
    assert place("stats", "--by", "score", "--format", "csv").split() == [
        "value,count",
        ",1",
        "0.50,1",
        "2.50,1",
    ]


def test_models_that_are_missing_or_broken_say_so(place):
    place("score", "--model", "odd", code=2)
    assert "the scoring model odd cannot be used" in place.err
    place("score", "--model", "our", code=2)
    assert "did you mean 'ours'?" in place.err
    assert "PT116" in place("check", code=1)
    (place.folder / "plaintrack.yml").write_text("scores: {odd: value +}\n")
    place("list", "sort:-score", code=2)
    assert "the scoring model odd cannot be used" in place.err
    place("list")
    (place.folder / "plaintrack.yml").write_text("")
    for words in (
        ("score",),
        ("list", "sort:-score"),
        ("list", "--columns", "score"),
        ("list", "score:1.."),
    ):
        place(*words, code=2)
        assert "there are no scoring models" in place.err
        assert "`scores: {wsjf: }`" in place.err


def test_a_field_score_of_their_own_stays_theirs(place):
    (place.folder / "plaintrack.yml").write_text(
        "scores: {wsjf: }\nfields: {score: {type: integer}}\n"
    )
    place("set", C, "score=7")
    assert place("list", "score:5..", "--format", "ids").split() == [f"PT-{C}"]
    assert (
        place("list", "--columns", "id,score", "sort:-score", "--format", "csv").split()[1]
        == f"PT-{C},7"
    )
    assert f"PT-{B}" in place("score", "--format", "csv").splitlines()[1]


def test_urgency_knows_how_tight_a_date_is_and_what_waits(place):
    place("set", A, "due=2026-11-24", "estimate=4d", "priority=low")
    place("set", B, f"depends_on=PT-{C}", "priority=critical", "due=2026-11-20")
    place("set", C, f"depends_on=PT-{A}")
    plain = place("list", "--columns", "id,urgency", "--format", "csv")
    with (place.folder / "plaintrack.yml").open("a") as file:
        file.write("urgency: {tight: 0, inherit: 0}\n")
    assert place("list", "--columns", "id,urgency", "--format", "csv") == plain
    settings = (place.folder / "plaintrack.yml").read_text()
    (place.folder / "plaintrack.yml").write_text(
        settings.replace("{tight: 0, inherit: 0}", "{tight: 6, inherit: 1}")
    )
    shown = place("show", A, "--why")
    assert "tight                 0.500 ×   6.00 =   3.000" in shown
    assert "inherit " in shown
    first = place(
        "list", "--columns", "id,urgency", "sort:-urgency,-id", "--format", "csv"
    ).split()[1:3]
    assert first == [f"PT-{C},{first[0][-5:]}", f"PT-{A},{first[0][-5:]}"]
    assert json.loads(place("show", A, "--format", "json"))["items"][0]["urgency"] == pytest.approx(
        float(first[0][-5:]), abs=0.01
    )


def test_a_change_is_checked_with_all_that_waits_for_its_items(place):
    (place.folder / "plaintrack.yml").write_text(
        "timezone: UTC\nurgency: {inherit: 1}\nchecks: {own: {hot: {query: 'urgency:20..', message: it is hot, severity: error}}}\n"
    )
    place("set", B, f"depends_on=PT-{C}", "priority=critical", "due=2026-11-10")
    place("set", C, f"depends_on=PT-{A}", "priority=")
    place("set", A, "status=done")
    place.git("commit", "-qam", "base")
    place("set", A, "status=todo")
    assert f"PT-{A}" in place("check", "--since", "HEAD", code=1)
    assert place.run(("check",), place.env).stdout.count("it is hot") == 2


def test_what_first_is_defined(place):
    said = place("explain", "wsjf", "rice", "ice", "urgency", "score", "rank")
    for words in (
        "Reinertsen",
        "Intercom",
        "Sean Ellis",
        "Taskwarrior",
        "never 0",
        "fractional index",
    ):
        assert words in said
