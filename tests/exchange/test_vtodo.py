"""To-dos of calendars: what comes along, what their programs read, and the way back."""

import io
import json
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintrack.exchange import ical, vtodo
from plaintrack.exchange.draft import Draft, Remark
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import BadSource, Source

BIN = Path(sys.executable).parent
BERLIN = ZoneInfo("Europe/Berlin")


TOP = 'Top; "one"'


def read(text: str | bytes) -> tuple[list[Draft], list[str]]:
    data = text if isinstance(text, bytes) else text.encode()
    source = Source("file", lambda: io.BytesIO(data), len(data), BERLIN, [])
    return list(vtodo.read(source)), source.notes


def todo(*lines: str) -> str:
    mine = "\n".join(("BEGIN:VTODO", "UID:u1", "SUMMARY:Fix", *lines, "END:VTODO"))
    return f"BEGIN:VCALENDAR\n{mine}\nEND:VCALENDAR\n"


def only(*lines: str) -> Draft:
    (found,) = read(todo(*lines))[0]
    return found


ZONE = """BEGIN:VCALENDAR
BEGIN:VTIMEZONE
TZID:Ours
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0500
TZOFFSETTO:+0500
END:STANDARD
END:VTIMEZONE
END:VCALENDAR
"""


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("DUE;VALUE=DATE:20261201", "2026-12-01"),
        ("DUE:20261201T230000Z", "2026-12-02T00:00:00+01:00"),
        ("DUE:20261201T100000", "2026-12-01T10:00:00+01:00"),
        ("DUE;TZID=America/New_York:20261201T100000", "2026-12-01T16:00:00+01:00"),
        ("DTSTART;VALUE=DATE:20261130\nDURATION:P1D", "2026-12-01"),
    ],
)
def test_days_and_moments_of_todos(line, due):
    assert only(line).fields["due"] == due


def test_a_zone_may_stand_in_the_file():
    found, _ = read(ZONE + todo("DUE;TZID=Ours:20261201T100000"))
    assert found[0].fields["due"] == "2026-12-01T06:00:00+01:00"
    _, notes = read(todo("DUE;TZID=Nowhere:20261201T100000"))
    assert "'Nowhere' is not known" in notes[0]
    _, notes = read(todo("DTSTART;VALUE=DATE:20261130", "DUE:20261201T100000Z"))
    assert "a day and a moment" in notes[0]


def test_links_people_and_unknown_properties():
    found = only(
        "RELATED-TO:p",
        "RELATED-TO;RELTYPE=DEPENDS-ON:q",
        "RELATED-TO;RELTYPE=SIBLING:s",
        "ATTENDEE;CN=Ana Ruiz:mailto:ana@example.org",
        "ORGANIZER:mailto:ben@example.org",
        "CATEGORIES:a,b\\,c",
        "CATEGORIES:d",
        "PERCENT-COMPLETE:40",
        "X-APPLE-SORT-ORDER:5",
        "RRULE:FREQ=WEEKLY;BYDAY=MO",
        "RRULE:FREQ=DAILY",
        "PRIORITY:0",
    )
    assert found.links == {"parent": ("p",), "depends_on": ("q",)}
    assert found.fields["assignee"] == ("Ana Ruiz <ana@example.org>",)
    assert found.fields["owner"] == ("ben@example.org",)
    assert found.fields["tags"] == ("a", "b,c", "d")
    assert found.fields["repeat"] == "FREQ=WEEKLY;BYDAY=MO"
    assert "priority" not in found.fields
    assert found.extra == {
        "RELATED-TO SIBLING": ("s",),
        "PERCENT-COMPLETE": "40",
        "X-APPLE-SORT-ORDER": "5",
        "RRULE": "FREQ=DAILY",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (todo("DUE:2026xx"), "file:5: this to-do cannot be read"),
        (todo("CLASS:PUBLIC", "broken"), "file:6: this to-do cannot be read"),
        (todo("DESCRIPTION:a", " b", "RRULE:FREQ=NEVER"), "file:7: this to-do cannot be read"),
        (todo("END:VALARM"), "file:5: END:VALARM ends nothing"),
        (todo(*["BEGIN:X"] * 1000), "file:11: components are nested too deeply"),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:a\n", "file:2: VTODO begins and does not end"),
        ("[]", "no BEGIN:VCALENDAR"),
        (todo().replace("UID:u1\n", ""), "file:2: a to-do without UID"),
    ],
)
def test_a_broken_calendar_says_where(text, said):
    with pytest.raises(BadSource) as error:
        read(text)
    assert said in error.value.message


def test_a_long_line_of_a_calendar_is_read():
    assert len(only("DESCRIPTION:" + "x" * 1_000_000).body) == 1_000_000


def test_todos_need_their_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(ical.IcalMissing):
        read(todo())
    with pytest.raises(ical.IcalMissing):
        list(vtodo.write([]))


TEXTS = st.text(st.sampled_from('aNn ,;:\\"=\t\n ä🎉'), max_size=12)
LINES_OF_TODOS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("due;value=date:20261201", "DUE:20261201T100000Z", "DUE:20261301T100000Z"),
                *(
                    "DUE;VALUE=DATE:20261201T1",
                    "DTSTAMP:20261201T100000Z",
                    "PRIORITY:7",
                    "PRIORITY:07",
                    "X-A:1",
                ),
                *(
                    "BEGIN:VALARM",
                    "END:VALARM",
                    "CATEGORIES:a\\,b\\\\,c",
                    "COMPLETED;X=1:20261201T100000Z",
                ),
            ]
        ),
        st.tuples(
            st.sampled_from(["SUMMARY:", "description:", "CATEGORIES:", "STATUS:", "SUMMARY;X=y:"]),
            TEXTS.map(lambda text: text.replace("\n", "\n ")),
        ).map("".join),
    ),
    max_size=5,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(LINES_OF_TODOS)
def test_usual_lines_say_what_icalendar_reads(lines):
    text = todo(*lines)
    quick = tried(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vtodo, "_usual", lambda text: ({}, text))
        assert quick == tried(text)


def tried(text):
    try:
        (found,) = read(text)[0]
    except BadSource as error:
        return error.message
    return found


WORDS = st.text(st.sampled_from("aZN9 ,;:\\\"'\n=ä🎉-"), min_size=1, max_size=90).map(
    lambda text: f"t{text}".strip()
)
LINES = WORDS.map(lambda text: " ".join(text.split()))
DAYS = st.sampled_from(["1999-12-31", "2024-02-29", "2026-12-01"])
MOMENTS = st.sampled_from(["2026-12-01T10:00:00+01:00", "2026-07-01T00:30:00+02:00"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.lists(LINES, min_size=1, max_size=3, unique=True).map(tuple),
        "created": MOMENTS,
        "closed": MOMENTS,
        "repeat": st.sampled_from(["every monday, friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"]),
        "assignee": st.sampled_from([("ana",), ("ana", "ben@example.org")]),
        "owner": st.just(("ben",)),
    },
)
DATES = st.one_of(
    st.fixed_dictionaries({}, optional={"due": DAYS, "start": DAYS}),
    st.fixed_dictionaries({}, optional={"due": MOMENTS, "start": MOMENTS}),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    LINES,
    WORDS,
    st.sampled_from(sorted(vtodo._STATUS)),
    FIELDS,
    DATES,
    st.integers(0, 3),
    st.integers(1, 9999),
)
def test_todos_take_back_what_they_wrote(title, body, category, fields, dates, rank, minutes):
    links = {"parent": ("T-2",), "depends_on": ("T-3", "T-4")}
    record = Record(
        "T-1",
        title,
        body,
        category,
        {**fields, **dates, **links},
        rank,
        4,
        {"estimate": minutes},
        (Remark(body),),
        origins={"T-3": "vtodo:abc"},
    )
    (draft,) = read(b"".join(vtodo.write([record])))[0]
    if category not in ("done", "cancelled"):
        fields = {name: value for name, value in fields.items() if name != "closed"}
    assert (draft.key, draft.title, draft.body) == ("T-1@plaintrack", title, body)
    assert {name: draft.fields.get(name) for name in (*fields, *dates)} == {**fields, **dates}
    assert draft.links == {"parent": ("T-2@plaintrack",), "depends_on": ("abc", "T-4@plaintrack")}
    maps = vtodo.CODEC.maps
    assert maps["status"][str(draft.fields["status"]).lower()] == category
    words = ("critical", "high", "medium", "low")
    assert maps["priority"][str(draft.fields["priority"])] == words[rank]
    hours, _, rest = str(draft.fields["estimate"]).rpartition("h")
    assert int(hours or 0) * 60 + int(rest.rstrip("m") or 0) == minutes
    assert [each.text for each in draft.remarks] == [body]
    assert not draft.extra


@pytest.mark.parametrize(
    ("fields", "start"),
    [
        ({"wait": "2026-12-01"}, "DTSTART;VALUE=DATE;X-PLAINTRACK=wait:20261201"),
        ({"wait": "2026-12-01", "due": "2026-12-04"}, "DTSTART;VALUE=DATE;X-PLAINTRACK=wait"),
        ({"wait": "2026-12-05", "due": "2026-12-04"}, "X-PLAINTRACK-WAIT:2026-12-05"),
        ({"wait": "2026-12-01", "start": "2026-12-01"}, "X-PLAINTRACK-WAIT:2026-12-01"),
        ({"type": "project", "color_of": "a, b"}, "X-PLAINTRACK-COLOR-OF:a\\, b"),
        ({"milestone": "v1; first"}, "X-PLAINTRACK-MILESTONE:v1\\; first"),
    ],
)
def test_what_calendars_have_no_place_for_comes_back(fields, start):
    written = b"".join(vtodo.write([Record("T-1", "t", "", "open", fields)]))
    assert start in written.decode()
    (draft,) = read(written)[0]
    found = {
        **draft.fields,
        **draft.extra,
        **{name: "".join(key) for name, key in draft.links.items()},
    }
    assert {name: found.get(name) for name in fields} == fields
    assert not {"wait", "start"} & (found.keys() - fields.keys())


def test_a_to_do_stands_below_its_project():
    fields = {"project": "Shop"}
    record = Record("T-1", "t", "", "open", fields, origins={"T-9": "vtodo:x"}, project="T-9")
    written = b"".join(vtodo.write([record]))
    assert b"RELATED-TO;RELTYPE=PARENT;X-PLAINTRACK=project:x" in written
    assert read(written)[0][0].links == {"project": ("Shop",)}
    part = record._replace(fields={**fields, "parent": "T-2"})
    assert read(b"".join(vtodo.write([part])))[0][0].links["parent"] == ("T-2@plaintrack",)


@pytest.mark.parametrize("ranks", [1, 2, 3, 4])
def test_priorities_come_back_however_many_there_are(ranks):
    from plaintrack.exchange import words

    names = tuple(f"p{rank}" for rank in range(ranks))
    for rank in range(ranks):
        record = Record("T-1", "t", "", "open", {}, rank, ranks)
        (draft,) = read(b"".join(vtodo.write([record])))[0]
        theirs = vtodo.CODEC.maps["priority"][str(draft.fields["priority"])]
        assert words.priority(theirs, names) == names[rank]


@pytest.fixture
def work(empty):
    empty("init")
    empty("add", TOP, "due:2026-12-04", "pri:high", "--body", "Line\n\n- [ ] x")
    empty("add", "Part", "repeat=every 2 weeks", "due:2026-12-05", "est:2h30m")
    rows = {each["title"]: each["id"] for each in listed(empty)}
    empty("set", rows[TOP], "tags=a b")
    empty("set", rows["Part"], f"parent={rows[TOP]}")
    empty("start", rows["Part"])
    return empty


def listed(shell):
    return json.loads(shell("list", "is:open,closed", "--format", "json"))["items"]


def test_todoman_reads_the_todos(work, tmp_path):
    folder = tmp_path / "vdir/work"
    assert "2 written" in work("export", "vtodo", "--vdir", str(folder))
    assert "0 written, 2 unchanged" in work("export", "vtodo", "--vdir", str(folder))
    config = tmp_path / "config.py"
    config.write_text(
        f'path = "{tmp_path}/vdir/*"\ndate_format = "%Y-%m-%d"\ntime_format = "%H:%M"\ncache_path = "{tmp_path}/cache"\n'
    )

    def run(*words):
        done = subprocess.run(
            [BIN / "todo", "--config", str(config), *words],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    found = {each["summary"]: each for each in json.loads(run("--porcelain", "list"))}
    assert set(found) == {TOP, "Part"}
    top = found[TOP]
    assert (top["priority"], top["categories"]) == (3, ["a b"])
    run("done", str(top["id"]))
    assert "2 items read, 2 made" in work("import", "vtodo", str(folder), "--name", "back")
    rows = json.loads(work("list", "is:closed", "--format", "json"))["items"]
    assert [row["title"] for row in rows] == [TOP]


def test_todos_go_out_and_come_back(work):
    work("export", "vtodo", "--output", "all.ics")
    assert "2 items read, 2 made" in work("import", "vtodo", "all.ics")
    text = (work.folder / "all.ics").read_text()
    assert "2 as they were" in work("import", "vtodo", "-", stdin=text)
    found = [row for row in listed(work) if row["title"] == "Part"]
    names = ("status", "due", "repeat", "estimate", "priority")
    one, two = ({name: row.get(name) for name in names} for row in found)
    assert one == two
    assert len({row["parent"] for row in found}) == 2


def test_folders_that_hold_no_todos_are_told(work):
    (work.folder / "none").mkdir()
    work("import", "vtodo", "none", code=2)
    assert "no .ics files" in work.err
    work("import", "org", "none", code=2)
    assert "not an ordinary file" in work.err
    (work.folder / "none/a.ics").write_text(todo())
    (work.folder / "none/b.ics").write_text("BEGIN:VCALENDAR\nBEGIN:VTODO\n")
    work("import", "vtodo", "none", code=2)
    assert "none/b.ics:2: VTODO begins" in work.err
    work("export", "vtodo", "--vdir", "x", "--output", "y", code=2)
    assert "choose one" in work.err
