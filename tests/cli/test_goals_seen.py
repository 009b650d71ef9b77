"""`goals` on the command line: the tree, what serves no goal, alignment over time, past states, other people's keys."""

import json
import random
from datetime import date

import pytest

SETTINGS = "timezone: UTC\n"
ITEMS = {
    "goals/G-1.md": "type: goal\ntitle: Grow\nstart: 2026-10-01\ndue: 2026-12-31\nowner: ana",
    "goals/G-2.md": "type: goal\ntitle: Ten customers\ngoal: G-1\nweight: 3\ntarget: 10\ncurrent: 7\nunit: customers",
    "goals/G-3.md": "type: goal\ntitle: Less churn\ngoal: G-1\nweight: 1\ninitial: 5\ntarget: 2\ncurrent: 5",
    "goals/G-4.md": "type: goal\ntitle: Nobody works on it",
    "projects/P-1.md": "type: project\ntitle: Launch\ngoal: G-2\ndue: 2026-12-01",
    "tasks/T-1.md": "title: Site\nproject: P-1\nestimate: 2d\nstatus: done\nclosed: 2026-11-10T10:00:00Z",
    "tasks/T-2.md": "title: Shop\nproject: P-1\nestimate: 4d\nremaining: 1d\nstatus: in-progress",
    "tasks/T-3.md": "title: Video\nparent: P-1",
    "tasks/T-4.md": "title: Support\nestimate: 1d",
}


@pytest.fixture
def place(empty):
    for folder in ("tasks", "goals", "projects"):
        (empty.folder / folder).mkdir()
    (empty.folder / "plaintrack.yml").write_text(SETTINGS)
    for path, fields in ITEMS.items():
        lines = f"---\nid: {path.split('/')[1][:-3]}\n{fields}\n"
        (empty.folder / path).write_text(
            lines + ("---\n" if "status:" in fields else "status: todo\n---\n")
        )
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def test_the_tree_says_how_far_each_goal_is(place):
    lines = place("goals").splitlines()
    assert lines[1].split() == [
        "G-1",
        "Grow",
        "0.52",
        "on",
        "track",
        "33%",
        "1w1d",
        "1w",
        "2",
        "1",
        "2026-12-31",
    ]
    assert "├─ Ten customers    0.70   on track   7 / 10 customers  3 " in lines[2]
    assert "└─ Less churn       0.00   off track  5 → 5 / 2         1 " in lines[3]
    assert "Open work for no goal:  1 item, 1d left" in lines
    assert any(line.startswith("T-4") for line in lines)
    assert lines[lines.index("Goals without open work:  2") + 2].split()[0] == "G-3"
    assert "  operations   50% of what is left of all open work (1d of 2d)" in lines


def test_programs_get_the_numbers(place):
    found = json.loads(place("goals", "--format", "json"))
    goal = found["goals"][1]
    assert goal["id"] == "G-2"
    assert (goal["score"], goal["progress"], goal["health"]) == (0.7, 1 / 3, "on track")
    assert (goal["planned"], goal["spent"], goal["unestimated"], goal["open"]) == (2880, 2400, 1, 2)
    assert goal["passed"] == pytest.approx(53 / 92)
    assert [each["id"] for each in found["orphans"]] == ["T-4"]
    assert found["operations"] == {"left": 480.0, "of": 960.0, "share": 0.5, "unestimated": 0}
    assert (
        place("goals", "--format", "csv").splitlines()[2].startswith("1,G-2,Ten customers,g-1,todo")
    )
    assert "| [G-1](goals/G-1.md) | Grow | 0.52 |" in place("goals", "--format", "markdown")


def test_a_query_chooses_goals(place):
    assert [line.split()[0] for line in place("goals", "id:G-2").splitlines()[1:2]] == ["G-2"]
    assert "G-1" not in place("goals", "under:G-1").split("Open work")[0]
    place("goals", "owner:nobody")
    assert place.err == "no goals match the query\n"
    assert "unknown field" in place.run(("goals", "ownr:x"), place.env).stderr


def test_what_was_done_for_which_goal(place):
    """T-1 was done when it was first committed, so its own stamp counts; the others by their commit."""
    place("done", "T-2", "T-4")
    dates = {f"GIT_{who}_DATE": "2026-11-17T12:00:00+00:00" for who in ("AUTHOR", "COMMITTER")}
    place.env.update(dates)
    place.git("commit", "-qam", "two more")
    found = json.loads(place("goals", "--since", "2026-11-01", "--format", "json"))
    assert [
        [row["period"], row["goal"], row["share"], row["effort"]] for row in found["alignment"]
    ] == [
        ["2026-W46", "G-2", 1.0, 960.0],
        ["2026-W47", "G-2", 0.8, 1920.0],
        ["2026-W47", None, 0.2, 480.0],
    ]
    assert (
        place.err
        == "1 item counted on the day of `closed`: not committed, or done before the first commit\n"
    )
    lines = place(
        "goals", "assignee:x or title:Shop", "--since", "2026-11-01", "--per", "month"
    ).splitlines()
    assert [line.split() for line in lines][2:] == [
        ["2026-11"],
        ["G-2", "Ten", "customers", "100%", "4d", "1"],
    ]
    assert "--per needs --since" in place.run(("goals", "--per", "week"), place.env).stderr


def test_a_past_state_and_no_git(place, tmp_path):
    place("set", "G-2", "current=9")
    assert "7 / 10" in place("goals", "--at", "HEAD")
    assert "9 / 10" in place("goals")
    place.git("add", "-A")
    assert "9 / 10" in place("goals", "--at", "staged")
    (place.folder / ".git").rename(tmp_path / "away")
    assert "9 / 10" in place("goals")
    assert place("goals", "--since", "2026-11-01").splitlines()[3].split()[:2] == ["G-2", "Ten"]
    assert "by the stamps `closed`" in place.err


def test_fields_of_the_workspace_s_own_are_not_those_of_goals(place):
    with (place.folder / "plaintrack.yml").open("a") as handle:
        handle.write(
            "fields:\n  weight: {type: text}\n  current: {type: text}\n  target: {key: aim}\n"
        )
    goal = json.loads(place("goals", "--format", "json"))["goals"][1]
    assert (goal["weight"], goal["target"]) == (None, None)


def test_bad_values_are_notes_and_no_numbers(place):
    place("set", "G-2", "weight=heavy", code=2)
    assert "weight" in place.err
    path = place.folder / "goals/G-2.md"
    path.write_text(path.read_text().replace("target: 10", "target: ten"))
    goal = json.loads(place("goals", "--format", "json"))["goals"][1]
    assert (goal["target"], goal["score"]) == (None, 1 / 3)
    assert "goals/G-2.md:7:9: PT115 note: target is 'ten'" in place("check")


def test_bands_are_a_setting(place):
    with (place.folder / "plaintrack.yml").open("a") as handle:
        handle.write("goals: {on_track: 0.95}\n")
    assert "at risk" in place("goals").splitlines()[1]
    (place.folder / "plaintrack.yml").write_text("goals: {on_track: 0.3}\n")
    place("goals", code=2)
    assert "0 < at_risk <= on_track <= 1 must hold" in place.err


def test_definitions_are_explained(place):
    for name in (
        "score",
        "health",
        "progress",
        "spent",
        "alignment",
        "metric",
        "kind",
        "operations",
        "serves",
        "accepted",
    ):
        assert place("explain", name).startswith(f"{name} (computed)\n")
    place("explain", "helth", code=2)
    assert "health" in place.err


def test_unsaved_text_counts_for_an_editor(place):
    from plaintrack.app.snapshot.buffers import Buffers
    from plaintrack.app.snapshot.goals import standing
    from plaintrack.app.snapshot.workspace import Workspace

    data = (place.folder / "goals/G-2.md").read_bytes().replace(b"current: 7", b"current: 10")
    found = standing(Buffers(Workspace(str(place.folder)), {"goals/G-2.md": data}))
    assert [row.goal.score for row in found.rows[:2]] == [0.75, 1.0]
    assert "7 / 10" in place("goals")


def test_goals_in_a_circle_are_shown_once_and_found_by_check(place):
    path = place.folder / "goals/G-1.md"
    path.write_text(path.read_text().replace("---\n", "---\ngoal: G-2\n", 1))
    shown = [line.split()[0] for line in place("goals").split("\n\n")[0].splitlines()[1:]]
    assert sorted(shown) == ["G-1", "G-2", "G-3", "G-4"]
    assert "PT204" in place("check", code=1)


def test_titles_and_names_reach_no_terminal_as_they_are(place):
    path = place.folder / "goals/G-2.md"
    path.write_text(
        path.read_text()
        .replace("Ten customers", '"Ten \\e[31m customers"')
        .replace("unit: customers", 'unit: "\\e[2J"')
    )
    for form in ("table", "json", "csv", "markdown"):
        assert "\x1b" not in place("goals", "--format", form)


def test_when_work_was_done_is_what_git_says(place):
    """A random history of closing and reopening; the days are those of the commits that a walk over it finds."""
    dice = random.Random(7)
    tasks = [f"W-{number}" for number in range(20)]
    status = dict.fromkeys(tasks, "todo")
    done = {}

    def write(name):
        text = f"---\nid: {name}\ntitle: {name}\nstatus: {status[name]}\ngoal: G-{2 + int(name[2:]) % 2}\nestimate: {1 + int(name[2:])}h\n"
        (place.folder / f"tasks/{name}.md").write_text(text + "---\n")

    for name in tasks:
        write(name)
    for day in range(1, 21):
        for name in dice.sample(tasks, 3):
            before, status[name] = (
                status[name],
                dice.choice(("todo", "review", "done", "done", "cancelled")),
            )
            write(name)
            if status[name] != "done":
                done.pop(name, None)
            elif before != "done":
                done[name] = f"2026-11-{day:02}"
        stamp = f"2026-11-{day:02}T12:00:00+00:00"
        place.env.update(GIT_AUTHOR_DATE=stamp, GIT_COMMITTER_DATE=stamp)
        place.git("add", "-A")
        place.git("commit", "-qm", f"day {day}", "--allow-empty")
    expected = {}
    for name, day in done.items():
        week = "{}-W{:02}".format(*date.fromisoformat(day).isocalendar())
        key = (week, f"G-{2 + int(name[2:]) % 2}")
        expected[key] = expected.get(key, 0) + 60.0 * (1 + int(name[2:]))
    found = json.loads(
        place("goals", "title:W*", "--since", "2026-10-01", "--per", "week", "--format", "json")
    )
    assert {(row["period"], row["goal"]): row["effort"] for row in found["alignment"]} == expected
    assert len(expected) > 3
    past = json.loads(
        place("goals", "title:W*", "--since", "2026-10-01", "--at", "HEAD~8", "--format", "json")
    )
    assert max(row["period"] for row in past["alignment"]) == "2026-W46"
