"""Org files: what Emacs writes, and what must be made of it."""

import io
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import orgparse
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintrack.exchange import org, orgtext
from plaintrack.exchange.draft import Draft, Remark, Span
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import BadSource, Source

BERLIN = ZoneInfo("Europe/Berlin")


def read(text: str) -> tuple[list[Draft], list[str]]:
    data = text.encode()
    source = Source("file", lambda: io.BytesIO(data), len(data), ZoneInfo("Europe/Berlin"), [])
    return list(org.read(source)), source.notes


def only(text: str) -> Draft:
    (found,) = read(text)[0]
    return found


@pytest.mark.parametrize(
    ("repeater", "repeat"),
    [
        ("+1w", "every 1 weeks"),
        ("++2m", "every 2 months"),
        (".+3d", "every 3 days after completion"),
        ("+1y", "every 1 years"),
        ("", None),
    ],
)
def test_repeaters_of_org(repeater, repeat):
    found = only(f"* TODO Pay\n  DEADLINE: <2026-12-01 Tue {repeater}>\n")
    assert (found.fields.get("repeat"), found.fields["due"]) == (repeat, "2026-12-01")


def test_hours_and_habits_are_kept_beside():
    found = only("* TODO Pay\nSCHEDULED: <2026-12-01 Tue 10:00-11:00 +6h -2d>\n")
    assert found.fields["start"] == "2026-12-01T10:00:00+01:00"
    assert found.extra == {
        "SCHEDULED until": "2026-12-01T11:00:00+01:00",
        "SCHEDULED warning": "-2d",
        "SCHEDULED repeater": "+6h",
    }
    assert only("* TODO Run\nSCHEDULED: <2026-12-01 Tue .+2d/3d>\n").extra["habit"] == ".+2d/3d"


LOG = """* DONE Fix
CLOSED: [2026-11-05 Thu 12:00]
:LOGBOOK:
- State "DONE"       from "NEXT"       [2026-11-05 Thu 12:00] \\\\
  it works
- Note taken on [2026-11-04 Wed 11:00] \\\\
  half way
- State "NEXT"       from "TODO"       [2026-11-02 Mon 08:00]
CLOCK: [2026-11-03 Tue 09:00]--[2026-11-03 Tue 10:30] =>  1:30
CLOCK: [2026-11-02 Mon 23:30]--[2026-11-03 Tue 00:15] =>  0:45
CLOCK: [2026-11-04 Wed 09:00]
:END:
- [X] a step
"""


def test_the_logbook_is_time_moves_and_comments():
    (found,), notes = read(LOG)
    assert [(each.start.isoformat(), (each.end - each.start).seconds) for each in found.spans] == [
        ("2026-11-02T23:30:00+01:00", 2700),
        ("2026-11-03T09:00:00+01:00", 5400),
    ]
    assert [(each.old, each.new) for each in found.moves] == [("TODO", "NEXT"), ("NEXT", "DONE")]
    assert [(each.text, each.date) for each in found.remarks] == [
        ("it works", "2026-11-05T12:00:00+01:00"),
        ("half way", "2026-11-04T11:00:00+01:00"),
    ]
    assert found.body == "- [X] a step"
    assert found.fields["closed"] == "2026-11-05T12:00:00+01:00"
    assert "still runs" in notes[0]


def test_sections_are_headings_and_text_below_items():
    found, notes = read(
        "#+FILETAGS: :work:\n* Home :house:\nlost\n** TODO Paint :blue:\nwith care\n"
        "*** Colours\nblue\n**** TODO Buy it\n* TODO Rest\n"
    )
    paint, buy, rest = found
    assert (paint.key, paint.extra["heading"]) == ("Home/Paint", "Home")
    assert paint.body == "with care\n*** Colours\nblue"
    assert paint.fields["tags"] == ("work", "house", "blue")
    assert buy.links == {"parent": ("Home/Paint",)}
    assert (rest.links, rest.fields["tags"]) == ({}, ("work",))
    assert notes == ["1 line of text below no heading with a keyword is left out"]


def test_keywords_are_those_of_the_file():
    found, _ = read("#+TODO: OPEN(o) PARKED | FIXED(f!) DONE\n* FIXED a\n* PARKED b\n* TODO c\n")
    assert [each.fields["status"] for each in found] == ["FIXED (done)", "PARKED"]
    found, _ = read("#+SEQ_TODO: OPEN FIXED\n* FIXED a\n")
    assert found[0].fields["status"] == "FIXED (done)"


def test_properties_of_org():
    found = only(
        "* TODO [#A] See [[https://a.b/c][it]] [1/2]\n:PROPERTIES:\n:ID: x-1\n:Effort: 1:30\n"
        ":CREATED: [2026-11-01 Sun 10:00]\n:Color: blue\n:Color+: green\n:END:\n"
    )
    assert (found.key, found.title) == ("x-1", "See it")
    assert found.fields["priority"] == "A"
    assert found.fields["estimate"] == "1h30m"
    assert found.fields["created"] == "2026-11-01T10:00:00+01:00"
    assert found.extra == {"Color": "blue green", "link": ("https://a.b/c",)}
    assert only("* TODO a\n:PROPERTIES:\n:EFFORT: soon\n:END:\n").extra == {"EFFORT": "soon"}


def test_dates_and_clocks_in_texts_are_texts():
    body = (
        "on [2026-02-31 Tue]\n#+BEGIN_SRC org\nCLOCK: [2026-99-99 Tue 10:00]\n:LOGBOOK:\n#+END_SRC"
    )
    assert only(f"* TODO a\n{body}\n").body == body


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("* TODO a\n\n* TODO b\nDEADLINE: <2026-02-31 Tue>\n", "file:4: no such date"),
        ("* TODO a\nCLOCK: [2026-99-03 Tue 09:00]\n", "file:2: no such date"),
        (f"\n* TODO {'a ' * 500_000}\n", "file:2: the heading has over"),
    ],
)
def test_a_broken_org_file_says_where(text, said):
    with pytest.raises(BadSource) as error:
        read(text)
    assert said in error.value.message


@pytest.mark.parametrize(
    "text",
    [
        f"* TODO a\n{' ' * 1_000_000}\n",
        f"* TODO a\n:PROPERTIES:\n:{':' * 1_000_000}\n",
        f"* TODO a\nDEADLINE: {'<' * 1_000_000}\n",
        f"* TODO {':' * 1_900}\n",
        "".join(f"{'*' * depth} TODO a\n" for depth in range(1, 1500)),
    ],
)
def test_hostile_org_files_are_read_in_no_time(text):
    start = time.process_time()
    assert read(text)[0]
    assert time.process_time() - start < 2


def test_org_needs_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "orgparse", None)
    with pytest.raises(org.OrgMissing):
        read("* TODO a\n")


def test_an_org_file_comes_along_whole(empty):
    empty("init")
    (empty.folder / "a.org").write_text(LOG + "* TODO [#A] Next\nDEADLINE: <2026-12-01 .+1w>\n")
    out = empty("import", "org", "a.org")
    assert "2 items read, 2 made, 2 comments, 2 time entries" in out
    assert "2 as they were" in empty("import", "org", "a.org")
    empty("check")
    assert "2:15" in empty("time", "report", "--from", "2026-11-01", "--until", "2026-11-30")
    text = "".join(path.read_text() for path in (empty.folder / "tasks").glob("*.md"))
    assert "repeat: every 1 weeks after completion" in text


# Org files that are written


WORDS = st.text(st.sampled_from("aZ9 :*#[]/-@,ä🎉"), max_size=20).map(
    lambda text: f"t {' '.join(text.split())}".strip()
)
TITLES = st.one_of(
    WORDS, st.sampled_from(["[#A] x", "x :a:b:", "see [[y]]", "done [1/2]", "COMMENT x", "* x"])
)
BODIES = st.lists(
    st.sampled_from(
        [
            *("text", "* item", "** two", "#+TODO: A | B", ":PROPERTIES:", ":END:", "  code", ""),
            *("CLOCK: [2026-99-99 Tue 10:00]", "DEADLINE: <2026-02-31>", "- [ ] a step", "- [X] b"),
            *("#+END_SRC", ",* x", "#+BEGIN_SRC markdown", '- State "a" from "b" [2026-01-01]'),
        ]
    ),
    max_size=5,
).map(lambda lines: "\n".join(lines).strip())
STATUSES = {"todo": "open", "in-progress": "active", "done": "done", "cancelled": "cancelled"}
SPAN = Span(datetime(2026, 11, 3, 9, tzinfo=BERLIN), datetime(2026, 11, 3, 10, 30, tzinfo=BERLIN))
MOMENT = "2026-11-01T10:00:00+01:00"
SAID = st.sampled_from(["Seen.", "- a\n- b\n\n  deep", "x\n:END:\ny"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "due": st.sampled_from(["2026-12-01", "2026-12-01T10:00:00+01:00"]),
        "start": st.sampled_from(["2026-11-29", "2026-11-29T08:30:00+01:00"]),
        "tags": st.just(("a", "b_2")),
        "created": st.just(MOMENT),
        "assignee": st.just(("ana", "ben")),
        "wait": st.just("2026-11-30"),
        "repeat": st.sampled_from(
            ["every 2 weeks", "every 3 days after completion", "every friday"]
        ),
    },
)


def record(number: int, title: str, body: str, status: str, **more: object) -> Record:
    fields = {"status": status, **more.pop("fields", {})}  # type: ignore[dict-item]
    return Record(
        f"T-{number}",
        title,
        body,
        STATUSES[status],
        fields,
        statuses=STATUSES,
        zone=BERLIN,
        ranks=4,
        **more,  # type: ignore[arg-type]
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    TITLES,
    BODIES,
    st.sampled_from(sorted(STATUSES)),
    FIELDS,
    st.one_of(st.none(), st.integers(0, 3)),
    SAID,
)
def test_org_takes_back_what_it_wrote(title, body, status, fields, rank, said):
    top = record(1, title, body, status, fields=fields, rank=rank, minutes={"estimate": 95})
    more = {"parent": "T-1", "depends_on": ("T-1", "T-3")}
    part = record(
        2, "part", "", "todo", fields=more, spans=(SPAN,), remarks=(Remark(said, "", MOMENT),)
    )
    text = b"".join(orgtext.write([part, top])).decode()
    one, two = read(text)[0]
    assert (one.key, one.title, one.body) == ("T-1", title, body)
    assert {name: one.fields.get(name) for name in fields} == fields
    assert org.CODEC.maps["priority"].get(str(one.fields.get("priority")).lower()) == (
        None if rank is None else ("critical", "high", "medium", "low")[rank]
    )
    assert (one.fields["estimate"], one.fields["status"].lower()) == ("1h35m", status)
    assert not one.extra
    assert two.links == {"parent": ("T-1",), "depends_on": ("T-1", "T-3")}
    assert two.spans == (SPAN,)
    assert [(each.text, each.date) for each in two.remarks] == [(said, MOMENT)]


def test_orgparse_reads_what_is_written():
    fields = {
        "due": "2026-12-01",
        "repeat": "every 2 weeks",
        "tags": ("a b", "c"),
        "closed": MOMENT,
    }
    top = record(1, "Top: it", "Text", "done", fields=fields, rank=0, spans=(SPAN,))
    part = record(2, "Part", "* a", "in-progress", fields={"parent": "T-1"})
    root = orgparse.loads(b"".join(orgtext.write([top, part])).decode())
    (found,) = root.children
    assert (found.todo, found.priority, found.heading) == ("DONE", "A", "Top: it")
    assert found.tags == {"a_b", "c"}
    assert found.deadline.start.isoformat() == "2026-12-01"
    assert found.deadline._repeater == ("+", 2, "w")
    assert found.closed.start == datetime(2026, 11, 1, 10)
    assert found.get_property("ID") == "T-1"
    assert [each.duration.seconds for each in found.clock] == [5400]
    assert [each.todo for each in found.children] == ["IN-PROGRESS"]
    assert root.env.done_keys == ["DONE", "CANCELLED"]
