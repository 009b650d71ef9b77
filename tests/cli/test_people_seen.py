"""People, equipment and workload on the command line: the page's commands, every snapshot, worktrees, what is not there."""

import json
import re
import shlex
import xml.dom.minidom

import pytest
from conftest import ROOT

from plaintrack.app.snapshot.buffers import Buffers
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.workspace import Workspace

ANA = "---\nname: Ana\nemail: ana@example.org\nteam: platform\nleave:\n- 2026-11-30..2026-12-02 sick\n---\n"


@pytest.fixture
def place(empty):
    """A workspace below the top of its repository, in a folder whose name has a blank and dots."""
    top = empty.folder
    empty.folder = top / "our work.d/v1.2"
    for folder in ("tasks", "people", "equipment"):
        (empty.folder / folder).mkdir(parents=True)
    (empty.folder / "plaintrack.yml").write_text(
        "timezone: UTC\nrooms: {people: people, equipment: equipment}\ngroups: {leads: [ana]}\n"
    )
    (empty.folder / "people/ana.md").write_text(ANA)
    (empty.folder / "equipment/van.md").write_text("---\nname: Vans\nunits: 2\n---\n")
    item(
        empty, "T-1", "assignee: ana\nestimate: 3d\nstart: 2026-11-30\ndue: 2026-12-04\nneeds: van"
    )
    item(empty, "T-2", "team: platform\nestimate: 1d")
    item(empty, "T-3", "assignee: bob")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def item(shell, name, fields):
    text = f"---\nid: {name}\ntitle: Item {name}\nstatus: todo\n{fields}\n---\n"
    (shell.folder / f"tasks/{name}.md").write_text(text)


def rows(shell, *words):
    found = json.loads(shell("workload", "--format", "json", *words))
    by = found["by"]
    return {(each[by], each["period"]): each for each in found["workload"]}, found


def test_the_commands_on_the_page_run(empty):
    text = (ROOT / "docs/planning.md").read_text("utf-8")
    empty("init")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line]
    assert len(lines) > 12
    for line in lines:
        prompt, command, *words = shlex.split(line)
        assert (prompt, command) == ("$", "plaintrack")
        empty(*words)
    ana = (empty.folder / "people/ana.md").read_text()
    assert "\n\nleave:\n- 2026-12-21..2027-01-06 annual\n---" in ana
    settings = (empty.folder / "plaintrack.yml").read_text()
    assert "\nrooms:\n" in settings
    assert "  people: people\n" in settings
    assert "  equipment: equipment\n" in settings
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        (empty.folder / "plaintrack.yml").write_text(block.replace("country: PT, ", ""))
        empty("config")


def test_leave_moves_work_to_the_days_that_are_left(place):
    found, whole = rows(place)
    week = found["ana", "2026-W49"]
    assert (week["capacity"], week["planned"], week["over"]) == (960, 1440, 480)
    assert week["days_over"] == ["2026-12-03", "2026-12-04"]
    assert week["items"] == [{"id": "T-1", "minutes": 1440}]
    assert whole["unknown"] is False
    assert {
        "person": "platform",
        "undated_minutes": 480,
        "undated": ["T-2"],
        "unestimated": [],
    } in whole["beside"]
    assert found["bob", "2026-W49"]["capacity"] is None  # others have files, and he has none
    picture = xml.dom.minidom.parseString(place("workload", "--format", "svg"))
    assert any(
        each.getAttribute("fill") == "#cf222e" for each in picture.getElementsByTagName("rect")
    )
    chart = place("workload")
    assert "Overbooked:  1" in chart
    assert "T-1 24h" in chart
    assert rows(place, "--by", "equipment")[0]["van", "2026-W49"]["planned"] == 1440
    assert rows(place, "--by", "team")[0]["platform", "2026-W49"]["over"] == 480
    assert rows(place, "--by", "team", "assignee:bob")[0]["platform", "2026-W49"]["planned"] == 0


def test_every_snapshot_has_its_own_people(place):
    place("people", "ana", "leave-=2026-11-30")
    assert rows(place)[0]["ana", "2026-W49"]["capacity"] == 2400
    assert rows(place, "--at", "HEAD")[0]["ana", "2026-W49"]["capacity"] == 960
    assert rows(place, "--at", "staged")[0]["ana", "2026-W49"]["capacity"] == 960
    place.git("add", "-A")
    assert rows(place, "--at", "staged")[0]["ana", "2026-W49"]["capacity"] == 2400
    under = Workspace(str(place.folder))
    typed = ANA.replace("name: Ana", "name: Anna").encode()
    unsaved = Buffers(under, {"people/ana.md": typed, "people/new.md": b"---\nname: New\n---\n"})
    assert [each.name for each in unsaved.staff.people.values()] == ["Anna", "New"]
    assert [each.name for each in under.staff.people.values()] == ["Ana"]


def test_reviews_logs_commits_and_undo_know_people(place):
    before = (place.folder / "people/ana.md").read_bytes()
    place("people", "ana", "leave+=2026-12-09 pm sick", "hours=24h/w mon tue wed")
    said = place("diff")
    assert "People and equipment\n  ana  Ana" in said
    assert "leave + 2026-12-09 pm sick" in said
    place("commit")
    assert "ana" in place.git("log", "-1", "--format=%B")
    assert "leave + 2026-12-09 pm sick" in place("log", "ana")
    assert "Item:" not in place.git("log", "-1", "--format=%B")
    place("undo")
    assert (place.folder / "people/ana.md").read_bytes() == before


def test_branches_that_disagree_about_a_day_conflict_and_others_merge(place):
    place("init", "--git")
    for branch, line in (
        ("one", "2026-12-09 sick"),
        ("two", "2026-12-10 away"),
        ("three", "2026-12-09 annual"),
    ):
        place.git("switch", "-qC", branch, "main")
        place("people", "ana", f"leave+={line}")
        place.git("commit", "-qam", branch)
    place.git("merge", "-q", "two")
    assert (
        "- 2026-12-09 annual\n- 2026-12-10 away\n" in (place.folder / "people/ana.md").read_text()
    )
    place.git("merge", "one", check=False)
    assert "<<<<<<<" in (place.folder / "people/ana.md").read_text()


def test_a_team_stands_where_a_person_may(place):
    assert place("list", "team:platform", "--format", "ids") == "T-1\nT-2\n"
    assert place("list", "team:leads", "--format", "ids") == "T-1\n"
    assert place("list", "-team:@platform", "--format", "ids") == "T-3\n"
    assert "did you mean platform?" in place.run(("list", "team:platfrom"), place.env).stderr


def test_a_folder_that_is_named_and_not_there_makes_time_unknown(place):
    """A private submodule that is not checked out is an empty folder."""
    place.git("rm", "-qr", "people")
    place.git("commit", "-qm", "private")
    (place.folder / "people").mkdir()
    found, whole = rows(place)
    assert whole["unknown"] is True
    week = found["ana", "2026-W49"]
    assert (week["capacity"], week["share"], week["over"]) == (None, None, 0)
    assert week["planned"] == 1440
    assert "the time of people is unknown" in place("workload")
    assert "it is not known who is there when" in place("people")
    assert json.loads(place("people", "--format", "json"))["missing"] is True


def test_without_files_everyone_works_the_workspaces_week(empty):
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\ncalendar: {hours: {fri: 4h}}\n")
    (empty.folder / "tasks").mkdir()
    item(empty, "T-1", "assignee: ana\nestimate: 3d\nstart: 2026-11-30\ndue: 2026-12-04")
    week = rows(empty)[0]["ana", "2026-W49"]
    assert (week["capacity"], week["planned"]) == (4 * 480 + 240, 1440)


def test_rooms_are_no_folders_of_items(empty):
    (empty.folder / "plaintrack.yml").write_text(
        "folders: [tasks]\nrooms: {people: tasks/people}\n"
    )
    (empty.folder / "tasks/people").mkdir(parents=True)
    (empty.folder / "tasks/people/ana.md").write_text(ANA)
    item(empty, "T-1", "assignee: ana")
    assert empty("list", "--format", "ids") == "T-1\n"
    assert empty.err == ""
    empty("check")
    assert empty.err.startswith("nothing found in 1 item")
    (empty.folder / "plaintrack.yml").write_text("folders: [tasks]\n")
    assert "PT1" in empty.run(("check",), empty.env).stdout


def test_git_s_user_is_known_by_any_address_of_the_file(place):
    place.git("config", "user.email", "ANA@example.org")
    assert me(Workspace(str(place.folder))) == ("ana",)
    assert place("list", "assignee:me", "--format", "ids") == "T-1\n"


def test_completion_offers_people_teams_skills_and_equipment(place):
    from plaintrack.app.snapshot import offers

    here = Workspace(str(place.folder))
    assert offers.values(here, "assignee")[:4] == ["me", "ana", "platform", "leads"]
    assert "van" in offers.values(here, "needs")
    assert [each.text for each in offers.staff(here, "people", "le")] == ["leads", "leave+="]


def test_the_balance_of_leave_counts_working_days_only(place):
    place("people", "ana", "allowance=2026 annual 25d", "hours=24h/w mon tue wed")
    for line in (
        "2026-06-01..2026-06-12 annual",
        "2026-12-09 pm annual",
        "2026-12-28..2027-01-05 annual asked",
        "2026-12-21..2026-12-24 annual",
    ):
        place("people", "ana", f"leave+={line}")
    (ana,) = json.loads(place("people", "ana", "--format", "json"))["people"]
    # June: two weeks of three days; a half Wednesday; 21 to 23 December; asked for: 28 to 30 December
    assert ana["balance"] == [
        {
            "year": 2026,
            "type": "annual",
            "allowed": 25,
            "taken": 6,
            "planned": 3.5,
            "asked": 3,
            "left": 15.5,
        }
    ]
    assert "2026  annual  25    6      3.5" in place("people", "ana")


def test_lags_outlive_a_new_id_and_faults_of_files_are_told_with_their_place(place):
    place("set", "T-2", "depends_on+=T-1 SS+1d")
    place("renumber", "T-1", "T-9")
    assert "\n- T-9 SS+1d\n" in (place.folder / "tasks/T-2.md").read_text()
    (place.folder / "people/me.md").write_text(
        "---\nname: Me\ntimezone: Mars/Crater\nhours: 40\n---\n"
    )
    said = place("check", code=1)
    assert "people/me.md:3:11: PT107 error: unknown time zone 'Mars/Crater'" in said
    assert "people/me.md:4:8: PT107 error: hours is '40'" in said
    assert "people/me.md:2:7: PT609 error: 'me' means whoever asks" in said
    place.git("add", "-A")
    assert "people/me.md:4:8: PT107" in place("check", "--staged", code=1)


def test_a_persons_calendar_beats_the_teams_and_that_the_workspaces(place):
    settings = place.folder / "plaintrack.yml"
    base = "timezone: UTC\nrooms: {people: people}\ncalendar: {hours: {mon: 1h}}\n"
    named = "calendars:\n  pt: {hours: {mon: 2h}, teams: [Platform]}\n  own: {hours: {mon: 3h}}\n"
    (place.folder / "people/bob.md").write_text(
        "---\nname: Bob\nteam: platform\ncalendar: own\n---\n"
    )
    (place.folder / "people/ana.md").write_text("---\nname: Ana\nteam: platform\n---\n")
    (place.folder / "people/zoe.md").write_text("---\nname: Zoe\n---\n")

    def mondays(text):
        settings.write_text(text)
        found, _ = rows(place, "--from", "2026-11-30", "--until", "2026-11-30")
        return [found[name, "2026-W49"]["capacity"] for name in ("zoe", "ana", "bob")]

    assert mondays(base + named) == [60, 120, 180]
    assert mondays(base + named.replace("own: {", "own: {days: {2026-11-30: 30m}, ")) == [
        60,
        120,
        30,
    ]
    with_holiday = base.replace("hours", "holidays: [11-30], hours") + named
    assert mondays(with_holiday) == [0, 120, 180]
    settings.write_text(base + named.replace("mon: 3h", "mon: 30h"))
    assert "calendars.own.hours.mon" in place.run(("people",), place.env).stderr


def test_a_holiday_moves_the_work_in_the_next_command(place):
    (place.folder / "people/ana.md").write_text("---\nname: Ana\n---\n")
    words = ("--per", "day", "--from", "2026-12-01", "--until", "2026-12-02")
    assert [
        each["planned"] for each in rows(place, *words)[0].values() if each["person"] == "ana"
    ] == [288, 288]
    settings = place.folder / "plaintrack.yml"
    settings.write_text(settings.read_text() + "calendar: {holidays: [2026-12-01]}\n")
    assert [
        each["planned"] for each in rows(place, *words)[0].values() if each["person"] == "ana"
    ] == [0, 360]
