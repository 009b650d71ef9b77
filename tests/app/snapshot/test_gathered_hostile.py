"""Repositories that do not fit together: what each means stays what it means."""

import os
import re
from datetime import date

import pytest
from many_made import Many

from plaintrack.app.check.across import across
from plaintrack.app.flow.metrics import told
from plaintrack.app.flow.view import Asked
from plaintrack.app.snapshot import answers, goals, workload
from plaintrack.app.snapshot.calendar import calendar
from plaintrack.app.snapshot.gather import gather
from plaintrack.app.snapshot.gathered import NothingUsable
from plaintrack.store import files
from plaintrack.store.portfolio.origin import ADDRESSES, BadAddresses, SameName, origin

REVIEWED = "statuses: {{todo: open, review: {}, done: done}}\n"


@pytest.fixture
def many(tmp_path):
    return Many(tmp_path)


def _start(many, name, settings="", **more):
    many.start(name, settings, **more)
    many.commit(name, 0)


def _end(many, *names, day=5):
    for name in names:
        many.commit(name, day)
    many.tell(*names)
    return many.gathered()


def _found(snapshot, query=""):
    return [(each.code, each.item, each.message) for each in across(snapshot, query).findings]


def test_links_across_are_checked(many):
    """No such item, no such repository, circles through three, closed targets; nothing else."""
    for name in ("api", "ops", "web"):
        _start(many, name)
    many.item("api", "A-1", status="todo", depends_on="web/W-1", parent="ops/O-9")
    many.item("api", "A-2", status="done")
    many.item("api", "A-3", status="cancelled")
    many.item("api", "A-4", status="todo", depends_on="A-404")  # its own repository says that
    many.item("ops", "O-1", status="todo", depends_on="[api/A-1, opz/X-1, api/A-2]", goal="api/A-2")
    many.item("ops", "O-2", status="todo", depends_on="[API/a-3, ops/O-1]")
    many.item("web", "W-1", status="todo", depends_on="ops/O-1", project="api/A-1")
    many.item("web", "W-2", status="done", goal="api/A-2", depends_on="W-3")
    many.item("web", "W-3", status="todo", depends_on="W-2")
    both = _end(many, "api", "ops", "web")
    assert _found(both) == [
        ("PT202", "api/A-1", "parent: ops has no item o-9"),
        ("PT203", "api/A-1", "api/A-1 → web/W-1 → ops/O-1 → api/A-1: they depend on each other in a circle"),
        ("PT202", "ops/O-1", "depends_on: the portfolio has no repository opz"),
        ("PT410", "ops/O-1", "goal: api/A-2 is done, and this is open"),
        ("PT410", "ops/O-2", "depends_on: api/A-3 is cancelled, and this is open"),
    ]  # fmt: skip
    assert [each[1] for each in _found(both, "repo:api")] == ["api/A-1"] * 2
    assert both.source.crossing(["api", "ops", "web"]) == {
        *(("api", key) for key in ("web", "ops")),
        *(("ops", key) for key in ("api", "opz", "ops")),
        *(("web", key) for key in ("api", "ops")),
    }
    alone = many.gathered("api")
    _ = alone.index
    assert [each for each in alone.notes if each.startswith("links lead to ops, web, which")]
    reasons = {line.id: line.reason for line in both.plan.lines}  # the rest is planned
    assert reasons["web/W-1"] == "in a circle of dependencies"


def test_one_status_of_two_meanings_stays_two(many):
    """Each repository's items are what its own workflow says."""
    _start(many, "api", REVIEWED.format("active"))
    _start(many, "web", REVIEWED.format("done"))
    for name in ("api", "web"):
        many.item(name, "T-1", status="todo")
        many.commit(name, 1)
        many.item(name, "T-1", status="review")
    both = _end(many, "api", "web", day=3)
    assert dict(both.schema.statuses) == {
        "todo": "open",
        "review (active)": "active",
        "done": "done",
        "review (done)": "done",
    }
    done = told(both, ["throughput"], Asked("", "2026-01-05"))[0].answer.facts["items"]
    wip = told(both, ["wip"], Asked("", "2026-01-05"))[0].answer.facts["now"]
    assert (done, wip) == (1, 1)
    assert [line.id for line in both.plan.lines] == ["api/T-1"]
    assert any("review means active in api, done in web" in each for each in both.notes)


def test_days_of_other_lengths_and_calendars_keep_their_length(many):
    """Two days are 16 hours there and 12 here; who works from Sunday on does so."""
    _start(many, "api")
    _start(many, "ops")
    _start(many, "web", "day: 6h\nweek: 4d\ncalendar: {working_days: [sun, mon, tue, wed, thu]}\n")
    many.person("api", "ana")
    many.person("web", "dia")
    for name, who in (("api", "ana"), ("web", "dia")):
        work = {"status": "todo", "estimate": "2d", "assignee": who}
        many.item(name, "T-1", **work, due="2026-02-25", depends_on=f"[{'T-2 +1d'}]")
        many.item(name, "T-2", status="todo", type="goal")
    both = _end(many, "api", "ops", "web")
    found = workload.workload(both, "", "person", workload.days(both, "day"), False)
    loads = {row.name: sum(each.planned for each in row.buckets) for row in found.rows}
    assert loads == {"ana": pytest.approx(960), "dia": pytest.approx(720)}
    sunday, friday = date(2026, 2, 22), date(2026, 2, 20)
    capacity = {row.name: {each.first: each.capacity for each in row.buckets} for row in found.rows}
    assert (capacity["ana"][sunday], capacity["ana"][friday]) == (0, 480)
    assert capacity["dia"][sunday] > 0 == capacity["dia"][friday]
    assert calendar(both).works(friday)
    said = [each for each in both.notes if each.startswith(("day", "week", "calendar"))]
    assert sorted(said) == [
        "calendar: that of most, but not in web",
        "day: 8h, but not in web",
        "week: 40h, but not in web",
    ]


def test_a_moment_lies_on_a_day_of_the_zone_that_most_have(many):
    """A change at 23:00 UTC is of the next day in Berlin."""
    for name in ("api", "ops"):
        _start(many, name, zone="Europe/Berlin")
    _start(many, "web")
    for name in ("api", "ops", "web"):
        many.item(name, "T-1", status="todo")
        many.commit(name, 1)
        many.item(name, "T-1", status="done")
        many.commit(name, 2, hour=23)
    both = _end(many, "api", "ops", "web")
    rows = told(both, ["throughput"], Asked("", "2026-01-05", per="day"))[0].answer.rows
    assert {row[0]: row[3] for row in rows if row[3]} == {"2026-01-08": 3}
    assert "timezone: Europe/Berlin, but not in web" in both.notes


def test_someone_is_one_person_by_the_table_else_by_handle(many):
    """Of one name and two addresses: one person, unless the table says two."""
    for name, handle, mail in (
        ("api", "ana", "ana@x.org"), ("ops", "ana", "ana@y.org"), ("web", "asmith", "Ana@x.org"),
    ):  # fmt: skip
        _start(many, name)
        many.person(name, handle, f"email: {mail}", f"skills: [{name}]", "hours: 20h/w")
        work = {"status": "todo", "estimate": "1d", "due": "2026-02-27"}
        many.item(name, "T-1", **work, assignee=handle)
    one = _end(many, "api", "ops", "web")
    assert {key: each.skills for key, each in one.staff.people.items()} == {
        "ana": ("api", "ops"),
        "asmith": ("web",),
    }
    assert any("ana has different addresses" in each for each in one.notes)
    table = many.published / ADDRESSES
    table.write_text("address,person\nana@x.org,ana.smith\nana@y.org,ana.young\n")
    two = many.gathered()
    assert {key: each.skills for key, each in two.staff.people.items()} == {
        "ana.smith": ("api", "web"),
        "ana.young": ("ops",),
    }
    found = workload.workload(two, "", "person", workload.days(two, "month"), False)
    loads = {row.name: sum(each.planned for each in row.buckets) for row in found.rows}
    assert loads == {"ana.smith": pytest.approx(960), "ana.young": pytest.approx(480)}
    table.write_text("ana@x.org,a\nANA@x.org,b\n")
    with pytest.raises(BadAddresses, match="another person above"):
        _ = many.gathered().everyone


@pytest.mark.parametrize("kind", ["pipe", "link", "folder", "wide", "large", "latin"])
def test_a_table_of_addresses_that_is_none_is_refused_at_once(tmp_path, kind):
    """It came with the files, as the rows did: nothing waits for it, and no link is followed."""
    table = tmp_path / ADDRESSES
    match kind:
        case "pipe":
            os.mkfifo(table)
        case "link":
            (tmp_path / "else").write_text("ana@x.org,ana\n")
            table.symlink_to("else")
        case "folder":
            table.mkdir()
        case "wide":
            table.write_text("a" * 200_000 + "@x.org,ana\n")
        case "large":
            with table.open("wb") as handle:
                handle.truncate(files.LARGEST + 1)
        case "latin":
            table.write_bytes("jörg@x.org,jörg\n".encode("latin-1"))
    with pytest.raises((BadAddresses, files.Oddity, IsADirectoryError)):
        _ = origin(str(tmp_path)).addresses


def test_items_of_another_repository_cannot_be_claimed(many):
    """A project of web is that of web, whatever api calls its own; a name is one repository's."""
    for name in ("api", "web"):
        _start(many, name)
        many.item(name, "P-1", type="project", status="in-progress")
        many.item(name, "G-1", type="goal", status="in-progress")
    many.item("api", "T-1", project="P-1", goal="G-1", status="done", estimate="1d")
    many.item("api", "T-2", project="web/P-1", goal="WEB/g-1", status="todo", estimate="3d")
    many.item("web", "T-1", project="P-1", goal="G-1", status="done", estimate="1d")
    both = _end(many, "api", "web")
    rows = {each.goal.key: each.goal for each in goals.standing(both).rows}
    assert {key: each.score for key, each in rows.items()} == {"api/g-1": 1.0, "web/g-1": 0.25}
    many.tell("web")
    (many.published / "web").rename(many.published / "fake")
    many.tell("web")
    with pytest.raises(SameName, match="both of a repository 'web'"):
        _ = origin(str(many.published)).repositories


def test_what_cannot_be_used_is_left_out_and_told(many):
    """A folder half uploaded, and settings that this version does not know."""
    for name in ("api", "ops", "web"):
        _start(many, name)
        many.item(name, "T-1", status="todo")
    _end(many, "api", "ops", "web")
    (many.published / "ops/items.parquet").write_bytes(b"PAR1")
    manifest = many.published / "web/manifest.json"
    manifest.write_text(re.sub(r'"timezone": *"UTC"', '"timezone": "Mars/X"', manifest.read_text()))
    found = many.gathered()
    assert [each.name for each in found.repositories] == ["api"]
    assert any("ops is left out" in each for each in found.notes)
    assert any("web is left out" in each and "Mars/X" in each for each in found.notes)


def test_what_was_found_sound_is_looked_at_again_once_it_changed(many, monkeypatch):
    """The rows of a folder are checked once; another file in place of one of it is found."""
    from plaintrack.store.portfolio.published import Published

    _start(many, "api")
    many.item("api", "T-1", status="todo")
    _ = _end(many, "api").index
    checked = []
    real = Published._values
    monkeypatch.setattr(Published, "_values", lambda *args: (checked.append(args[1]), real(*args)))
    _ = many.gathered().index
    assert checked == []
    path = many.published / "api/items.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(NothingUsable, match=r"api is left out: .*SHA-256"):
        _ = many.gathered().index


def test_files_of_the_right_size_with_other_bytes_are_left_out_and_told(many):
    """Without its items a repository is left out; without its changes, these are."""
    for name in ("api", "ops", "web"):
        _start(many, name)
        many.item(name, "T-1", status="todo")
    _end(many, "api", "ops", "web")
    for path in ("ops/items.parquet", "web/changes/2026.parquet"):
        data = bytearray((many.published / path).read_bytes())
        data[len(data) // 2] ^= 1
        (many.published / path).write_bytes(data)
    for _ in range(2):  # what was found sound is remembered, and nothing else
        found = many.gathered()
        ids = [task.id for task in answers.tasks(found, answers.question(found, ""))]
        assert ids == ["api/T-1", "web/T-1"]
        assert [each.name for each in found.repositories] == ["api", "web"]
        assert {name: len(line.lives) for name, line in found.lines.items()} == {"api": 1, "web": 0}
        told = [each for each in found.notes if "left out" in each]
        why = "is not what manifest.json says: its SHA-256 is another one"
        assert [re.sub(r"\S+/published/", "", each) for each in told] == [
            f"ops is left out: ops/items.parquet {why}",
            f"web: its changes are left out: web/changes/2026.parquet {why}",
        ]


@pytest.mark.slow
def test_it_is_told_which_repositories_do_not_have_a_field(many):
    names = [f"r{number:02}" for number in range(12)]
    for name in names:
        many.start(name, "fields: {severity: {}}\n" if name < "r02" else "")
        many.item(name, "T-1", status="todo")
        many.commit(name, 0)
    many.tell(*names)
    less = "10 of 12 repositories have no field `severity`: r02, r03, r04, r05, r06, r07, r08, r09 and 2 more"
    for query, wanted in (
        ("severity:high", less), ("is:open (bug or -has:Severity)", less), ("sort:-severity", less),
        ("repo:r01,r02 severity:high", "1 of 2 repositories has no field `severity`: r02"),
        ("repo:r00,r01 severity:high", None), ("repo:r03,r04 severity:high", None), ("status:todo no:due nonsense", None),
    ):  # fmt: skip
        found = gather(str(many.published), [query])
        _ = found.settings
        assert [each for each in found.notes if "no field" in each] == [wanted] * bool(wanted), (
            query
        )
