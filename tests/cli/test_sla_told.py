"""SLAs through the command line: on real history, as columns, queries, checks and triggers."""

import json

import pytest

SETTINGS = """timezone: Europe/Berlin
statuses: {todo: open, doing: active, waiting: active, done: done}
sla:
  response: {query: 'type:bug', start: 'status:todo', stop: 'is:active', goal: {high: 4h, default: 1d}}
  resolution: {start: 'is:open', pause: ['status:waiting', 'tags:held'], stop: 'is:closed', goal: 3d}
"""
RULE = """name: hurry
on: {sla-in: {name: resolution, left: 2d}}
do:
- comment: 'Soon: {why}'
"""


def write(shell, number, status, more="", kind="bug"):
    path = shell.folder / f"tasks/T-{number}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"---\nid: T-{number}\ntitle: Item {number}\ntype: {kind}\nstatus: {status}\n{more}---\n"
    )


def commit(shell, moment):
    """Commit all at a time of November 2026, in Berlin."""
    date = f"2026-11-{moment}:00+01:00"
    shell.git("add", "-A")
    shell.env |= {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    shell.git("commit", "-qm", moment)


@pytest.fixture
def place(empty):
    """T-1 answered, paused from Tuesday to Wednesday, done and open again; T-2 runs; T-3 came done."""
    (empty.folder / "plaintrack.yml").write_text(SETTINGS)
    write(empty, 1, "todo", "priority: high\n")
    write(empty, 2, "doing", kind="task")
    commit(empty, "16T09:00")
    write(empty, 1, "doing", "priority: high\n")
    write(empty, 3, "done")
    commit(empty, "16T15:00")
    write(empty, 1, "waiting", "priority: high\n")
    commit(empty, "17T10:00")
    write(empty, 1, "doing", "priority: high\n")
    commit(empty, "18T10:00")
    write(empty, 1, "done", "priority: high\n")
    commit(empty, "19T10:00")
    write(empty, 1, "todo", "priority: high\n")
    commit(empty, "20T10:00")
    empty.env["PLAINTRACK_NOW"] = "2026-11-20T13:00:00+01:00"
    return empty


def cycles(shell, *words):
    found = json.loads(shell("sla", *words, "--format", "json"))["slas"]
    return {
        (line["sla"], line["id"], line["cycle"]): (line["state"], line["used_minutes"])
        for each in found
        for line in (*each["stopped"], *each["running"])
    }


def test_cycles_of_a_history(place):
    assert cycles(place) == {
        ("response", "T-1", 1): ("breached", 360),
        ("response", "T-1", 2): ("running", 180),
        ("resolution", "T-1", 1): ("met", 8 * 60 + 60 + 7 * 60 + 60),
        ("resolution", "T-1", 2): ("running", 180),
        ("resolution", "T-2", 1): ("breached", 4 * 480 + 240),
        ("resolution", "T-3", 1): ("met", 0),
    }
    table = place("sla", "id:T-1")
    assert "T-1  Item 1  running  3h    2d5h  2026-11-25 10:00" in table
    assert "not finer than people commit" in table


def test_fields_of_slas_in_lists_queries_and_show(place):
    columns = "id,sla.response,sla.response.left,sla.resolution.state,sla.resolution.left"
    rows = place("list", "--columns", columns, "sort:id").splitlines()
    assert rows[1].split() == ["T-1", "75%", "1h", "running", "2d5h"]
    assert rows[2].split() == ["T-2", "breached", "-1d4h"]
    for query in ("sla.response:70%..", "sla.response.left<2h", "sla.response.state:running"):
        assert place("list", query, "--format", "csv", "--columns", "id") == "id\nT-1\n"
    assert place("list", "is:breached", "--format", "csv", "--columns", "id") == "id\nT-2\n"
    assert place("list", "sort:sla.resolution.left", "--format", "csv", "--columns", "id").split() == [
        "id", "T-2", "T-1",
    ]  # fmt: skip
    assert "running, 75% used, 1h left" in place("show", "T-1")
    typed = json.loads(place("list", "id:T-1", "--columns", columns, "--format", "json"))
    assert typed["items"][0]["sla.response"] == 75.0
    place("set", "T-1", "sla.response=1", code=2)


def test_what_is_not_committed_counts_as_now(place):
    write(place, 1, "doing", "priority: high\n")
    write(place, 4, "todo")
    found = cycles(place)
    assert found["response", "T-1", 2] == ("met", 180)
    assert found["response", "T-4", 1] == ("running", 0)


def test_the_past_is_told_as_it_was(place):
    found = cycles(place, "--at", "2026-11-17")
    assert found["resolution", "T-1", 1] == ("paused", 480 + 60)
    assert ("response", "T-1", 2) not in found


def test_authors_dates_count_if_metrics_say_so(place):
    """A branch that was made on Friday morning and merged at noon."""
    place.git("checkout", "-qb", "answer")
    write(place, 1, "doing", "priority: high\n")
    commit(place, "20T11:00")
    place.git("checkout", "-q", "-")
    place.env |= {"GIT_COMMITTER_DATE": "2026-11-20T12:00:00+01:00"}
    place.git("merge", "-q", "--no-ff", "--no-edit", "answer")
    assert cycles(place)["response", "T-1", 2] == ("met", 120)
    (place.folder / "plaintrack.yml").write_text(SETTINGS + "metrics: {dates: author}\n")
    assert cycles(place)["response", "T-1", 2] == ("met", 60)
    assert "by the authors' dates" in place("sla")


def test_a_changed_goal_counts_from_the_start(place):
    (place.folder / "plaintrack.yml").write_text(SETTINGS.replace("high: 4h", "high: 2h"))
    assert cycles(place)["response", "T-1", 2] == ("breached", 180)
    write(place, 1, "todo", "priority: low\n")
    assert cycles(place)["response", "T-1", 2] == ("running", 180)


def test_holidays_and_calendars_count(place):
    held = SETTINGS.replace("goal: 3d", "goal: 3d, calendar: pt") + (
        "calendars: {pt: {holidays: ['2026-11-20']}}\n"
    )
    (place.folder / "plaintrack.yml").write_text(held)
    assert cycles(place)["resolution", "T-1", 2] == ("running", 0)
    (place.folder / "plaintrack.yml").write_text(held.replace("calendar: pt", "calendar: always"))
    assert cycles(place)["resolution", "T-2", 1] == ("breached", 4 * 1440 + 240)


def test_a_rule_before_the_goal_passes_once_per_cycle(place):
    (place.folder / "automations").mkdir()
    (place.folder / "automations/hurry.yml").write_text(RULE)
    place.env["PLAINTRACK_NOW"] = "2026-11-20T13:00:00+01:00"
    place("rules", "run")
    spoken = list(place.folder.glob("comments/T-1/*.md"))
    assert not spoken  # 2d5h are left
    place.env["PLAINTRACK_NOW"] = "2026-11-23T11:00:00+01:00"
    place("rules", "run")
    place("rules", "run")
    (spoken,) = place.folder.glob("comments/T-1/*.md")
    assert "Soon: resolution within 2d: since 2026-11-20T09:00:00Z" in spoken.read_text()
    (place.folder / "automations/hurry.yml").write_text(RULE.replace("name: res", "name: rse"))
    assert "did you mean 'resolution'?" in place("rules", "check", code=1)


def test_the_recipe_says_what_must_be_answered_soon(place):
    place("rules", "add", "sla-reminder")
    assert place("rules", "run").count("rule sla-reminder: T-1 needs an answer: Item 1") == 1
    assert "0 fired" in place("rules", "run")


def test_the_check_names_conditions_that_cannot_be_asked(place):
    (place.folder / "plaintrack.yml").write_text(SETTINGS.replace("'is:active'", "'is:ready'"))
    found = place("check", code=1)
    assert "is:ready cannot be asked of an item as it was then" in found
    assert "plaintrack.yml:4:" in found


def test_without_git_all_is_seen_now(place):
    import shutil

    shutil.rmtree(place.folder / ".git")
    found = cycles(place)
    assert found["response", "T-1", 1] == ("running", 0)
    assert "there is no history" in place("sla")
