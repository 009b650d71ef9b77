"""`metrics` and `forecast` on the command line: formats, options, refusals, definitions."""

import json
import os
import subprocess
from datetime import date, timedelta

import pytest

FIRST = date(2025, 11, 24)


def imported(folder, days):
    """A history in which one item a day is begun, and done two days later, in one fast import."""
    lines, marks = [], 0
    for day in range(days):
        when = f"{int((FIRST + timedelta(days=day) - date(1970, 1, 1)).total_seconds()) + 40_000} +0000"
        lines += [
            "commit refs/heads/main",
            f"committer Ana <ana@example.org> {when}",
            "data 1",
            "x",
        ]
        files = [(day, "in-progress"), (day - 2, "done")]
        if day == 0:
            lines += inline("plaintrack.yml", "timezone: UTC\nfolders: [tasks]\n")
            files += [(f"open{n}", "todo") for n in range(12)]
        for name, status in files:
            if not isinstance(name, int) or name >= 0:
                kind = "bug" if name == day or (name == day - 2 and name % 2) else "task"
                text = f"---\nid: T-{name}\ntitle: Item {name}\ntype: {kind}\nstatus: {status}\nassignee: ana\n---\n"
                lines += inline(f"tasks/T-{name}.md", text)
    env = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        ["git", "fast-import", "--quiet"],
        cwd=folder,
        input="\n".join(lines) + "\n",
        text=True,
        check=True,
        env=env,
    )
    subprocess.run(["git", "reset", "-q", "--hard", "main"], cwd=folder, check=True, env=env)
    return marks


def inline(path, text):
    return [f"M 644 inline {path}", f"data {len(text.encode())}", text]


@pytest.fixture
def place(empty):
    imported(empty.folder, 360)
    return empty


def test_metrics_and_forecasts_as_people_and_programs_read_them(place):
    page = place("metrics")
    assert page.startswith("Throughput\n  items")
    assert "\nWork item age\n" in page
    assert "dated by when each change reached the first-parent line" in page

    found = json.loads(place("metrics", "cycle-time", "--from", "2026-11-01", "--format", "json"))
    assert found["facts"] == {"items": 18, "p50": 3, "p70": 3, "p85": 3, "p95": 3, "mean": 3}
    assert found["basis"]["dates"] == "landed"
    assert found["rows"][0] == {
        "id": "T-340", "title": "Item 340", "started": "2026-10-30", "done": "2026-11-01", "days": 3, "assignee": "ana",
    }  # fmt: skip

    weeks = place(
        "metrics", "throughput", "--from", "2026-11-02", "--until", "2026-11-15", "--format", "csv"
    )
    assert weeks.splitlines() == [
        "period,first,last,items", "2026-W45,2026-11-02,2026-11-08,7", "2026-W46,2026-11-09,2026-11-15,7",
    ]  # fmt: skip
    past = json.loads(place("metrics", "wip", "--at", "2026-03-10", "--format", "json"))
    assert past["facts"]["now"] == 2
    assert past["basis"]["until"] == "2026-03-10"
    assert "| Day" in place("metrics", "wip", "--format", "markdown")
    split = json.loads(place("metrics", "throughput", "--by", "type", "--format", "json"))
    assert sum(each["facts"]["items"] for each in split["groups"]) == split["facts"]["items"]
    place("metrics", "--", "cfd")  # a word of the query, not a metric
    assert "Throughput" in place("metrics", "--", "cfd")

    # the forecast: one item a day, 14 open (12 never begun, two in progress)
    found = json.loads(place("forecast", "--format", "json"))
    assert found["items"] == 14
    assert [each["days"] for each in found["chances"]] == [14 + late for late in lateness(found)]
    assert found["independent_windows"] >= 15
    assert all(each["held"] <= each["of"] for each in found["chances"])
    text = place("forecast", "--date", "+2w")
    assert "how many items are done by 2026-12-07" in text
    assert "seed 1" in text
    assert "the scope is fixed" in place("forecast", "status:todo")
    assert "Back-test" in place("forecast", "--backtest")
    assert "not enough history for a percentage" in place("forecast", "--items", "300")
    assert place("forecast", "--format", "csv").splitlines()[0].startswith("percent,days,date")
    place("forecast", "--date", "2020-01-01", code=2)
    assert "is not after today" in place.err
    place("forecast", "status:cancelled", code=1)
    assert "nothing to forecast" in place.err
    place("forecast", "--planned", code=2)
    assert "finished items have both an estimate and logged time" in place.err
    place("forecast", "--planned", "--growth", code=2)


def lateness(found):
    """Whole days: seven drawn in a row give seven items, but for the days at the ends."""
    values = [each["days"] - 14 for each in found["chances"]]
    assert all(0 <= each <= 10 for each in values)
    assert values == sorted(values)
    return values


def test_live_blocks_and_the_report_say_the_same(place):
    blocks = "<!-- plaintrack: {} -->\n<!-- /plaintrack -->\n"
    path = place.folder / "FLOW.md"
    path.write_text(
        "".join(map(blocks.format, ("metric throughput type:bug", "forecast", "metric cycle-tme")))
    )
    place("render", "FLOW.md", code=1)
    assert "there is no metric 'cycle-tme' (did you mean 'cycle-time'?)" in place.err
    text = path.read_text()
    assert "### Throughput\n" in text
    assert "14 open items will be done" in text
    place.git("add", "-A")
    place.git("commit", "-qm", "a page")
    place("render", "FLOW.md", code=1)
    assert path.read_text() == text  # a commit alone changes nothing
    report = place("report", "flow", "--format", "markdown")
    assert "Cumulative flow" in report
    assert "14 open items will be done" in place("report", "forecast", "--format", "markdown")


def test_each_number_is_defined(place):
    for name in ("cycle-time", "cfd", "forecast", "xmr"):
        text = place("explain", name)
        assert "Formula: " in text
        assert "Source: " in text
        assert "Pitfalls: " in text


def test_what_cannot_be_measured_says_so(empty):
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\nmetrics: {size: points}\n")
    empty("metrics", code=2)
    assert "metrics.size" in empty.err
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\nmetrics: {branch: nowhere}\n")
    (empty.folder / "tasks").mkdir()
    (empty.folder / "tasks/T-1.md").write_text("---\nid: T-1\ntitle: One\nstatus: todo\n---\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    empty("metrics", code=2)
    assert "there is no branch 'nowhere'" in empty.err
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    empty("metrics", "--from", "2026-11-20", "--until", "2026-11-01", code=2)
    assert "is before" in empty.err
