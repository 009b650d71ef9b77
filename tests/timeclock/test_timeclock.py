"""Entries as text and what they add up to, against plain loops over datetimes and sets of seconds."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintrack.timeclock.accuracy import Case, accuracy
from plaintrack.timeclock.entry import Entry, free, offset_in, overlaps, plain, read, text
from plaintrack.timeclock.hours import Days, clock, report, week
from plaintrack.timeclock.left import Logged, left
from plaintrack.timeclock.sheet import Period, belonging, frozen

BERLIN = ZoneInfo("Europe/Berlin")
ITEMS = st.sampled_from(["PT-1", "PT-2", "PT-3"])
OFFSETS = st.sampled_from([-34200, -3600, 0, 3600, 7200, 20700, 50400])
NOTES = st.text("ab ;:#  \t\n\x07ö\u2028—0123", max_size=12).map(plain)
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TAGS = st.lists(st.sampled_from(["a", "meeting", "größe"]), unique=True, max_size=3).map(tuple)


@st.composite
def entries(draw):
    start = draw(st.integers(1_760_000_000, 1_800_000_000))
    end = start + draw(st.integers(1, 200_000))
    offset, later = draw(OFFSETS), draw(OFFSETS)
    return Entry(
        "ana", start, end, draw(ITEMS), draw(NOTES), draw(TAGS), offset=offset, end_offset=later
    )


@PATIENT
@given(st.lists(entries(), max_size=5))
def test_what_is_written_reads_back(given):
    found = read("ana", "x", "".join(map(text, given)))
    assert found.faults == ()
    assert [each.normal for each in found.entries] == [each.normal for each in given]
    assert [(each.offset, each.end_offset) for each in found.entries] == [
        (each.offset, each.end_offset) for each in given
    ]
    assert [each.line for each in found.entries] == [1 + 3 * at for at in range(len(given))]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            "i 2026/03/31 22:21:10 work\no 2026/03/31 22:25:17 a reason\n",
            [("work", "a reason", 247)],
        ),  # Emacs
        (
            "i 2026/03/27 22:00:00 Client:Project  Payee\nO 2026/03/27 23:00:00\n",
            [("Client:Project", "Payee", 3600)],
        ),  # ledger
        (
            "h 8\nb 5\n; comment\n# one\n* two\n\ni 2026-3-7 9:05 a b c  d\no 2026-3-7 10:05\n",
            [("a b c", "d", 3600)],
        ),
        (
            "i 2026-11-27 09:00:00+0100 x ; t:, u: v\r\no 2026-11-27 09:00:00Z\r\n",
            [("x", "", 3600)],
        ),
        ("i 2026-11-27T23:00:00+01:00 x\no 2026-11-28T00:30:00+01:00\n", [("x", "", 5400)]),
    ],
)
def test_timeclock_of_any_make_is_read(lines, told):
    found = read("ana", "x", lines)
    assert [(each.item, each.note, each.seconds) for each in found.entries] == told
    assert found.faults == ()


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        ("i 2026-02-30 09:00 x\no 2026-03-01 10:00\n", 1, "there is no such day or time"),
        ("o 2026-03-01 10:00\n", 1, "it ends nothing"),
        ("i 2026-03-01 11:00 x\no 2026-03-01 10:00\n", 2, "it ends before it begins"),
        (
            "i 2026-03-01 9:00 x\no 2026-03-01 10:00\n<<<<<<< ours\n",
            3,
            "this line is not a time record",
        ),
        ("i 2026-03-01 09:61 x\n", 1, "there is no such day or time"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(lines, line, message):
    fault = read("ana", "x", lines).faults[0]
    assert (fault.line, fault.message) == (line, message)


def test_a_time_without_an_offset_is_that_of_the_zone_on_both_sides_of_summer_time():
    found = read(
        "ana",
        "x",
        "i 2026-03-29 01:30 a\no 2026-03-29 03:30\ni 2026-10-25 02:30 b\no 2026-10-25 03:30\n",
        offset_in(BERLIN),
    )
    assert [each.seconds for each in found.entries] == [3600, 7200]


@PATIENT
@given(
    st.lists(entries(), max_size=6),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 40),
    st.sampled_from([None, UTC, BERLIN, ZoneInfo("Asia/Kathmandu")]),
)
def test_sums_are_equal_to_the_entries_to_the_second(given, first, length, zone):
    last = first + timedelta(length)
    days = Days(zone)
    low = datetime(first.year, first.month, first.day, tzinfo=zone).timestamp()
    after = last + timedelta(1)
    high = datetime(after.year, after.month, after.day, tzinfo=zone).timestamp()
    expected = sum(max(0, min(each.end, high) - max(each.start, low)) for each in given)
    pieces = list(days.pieces(given, first, last))
    for names in (
        lambda piece: (piece.entry.item,),
        lambda piece: (piece.day.isoformat(),),
        lambda piece: (week(piece.day),),
    ):
        found = report(pieces, names)
        assert found.total == sum(seconds for _, seconds in found.rows) == expected
    tagged = report(pieces, lambda piece: piece.entry.tags)
    assert tagged.total == expected
    for name, seconds in tagged.rows:
        mine = [each for each in given if (name in each.tags if name else not each.tags)]
        assert seconds == sum(max(0, min(each.end, high) - max(each.start, low)) for each in mine)
    for piece in pieces:
        for moment in (piece.start, piece.end - 1):
            assert datetime.fromtimestamp(moment, zone).date() == piece.day


def test_days_of_23_and_25_hours():
    days = Days(BERLIN)
    assert [
        (days.end(day) - days.start(day)) / 3600
        for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 5, 1))
    ] == [23, 25, 24]


@PATIENT
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=6),
    st.integers(0, 60),
    st.integers(1, 40),
)
def test_what_is_free_is_what_no_entry_takes(spans, start, length):
    taken = [Entry("ana", at, at + size, "x") for at, size in spans]
    second = {each for entry in taken for each in range(entry.start, entry.end)}
    found = free(start, start + length, taken)
    assert {each for one, two in found for each in range(one, two)} == set(
        range(start, start + length)
    ) - second
    meet = any(
        one.start < two.end and two.start < one.end
        for at, one in enumerate(taken)
        for two in taken[at + 1 :]
    )
    assert bool(list(overlaps(taken))) == meet


@PATIENT
@given(st.lists(entries(), min_size=1, max_size=5), st.randoms())
def test_the_hash_knows_neither_files_nor_order_and_sees_every_change(given, random):
    days = Days(BERLIN)
    span = Period("all", date(2025, 1, 1), date(2027, 12, 31))
    whole = frozen(list(belonging(given, span, days)))
    other = [each._replace(path="packed", line=9, offset=0) for each in given]
    random.shuffle(other)
    assert frozen(list(belonging(other, span, days))) == whole
    later = [given[0]._replace(note=given[0].note + "x"), *given[1:]]
    assert frozen(list(belonging(later, span, days)))[0] != whole[0]
    assert sum(day.seconds for day in whole[1]) == sum(each.seconds for each in given)


def test_an_entry_over_the_end_of_a_week_counts_in_both_and_one_counted_elsewhere_only_there():
    days, offset = Days(BERLIN), 3600
    sunday = int(datetime(2026, 11, 22, 23, tzinfo=timezone(timedelta(hours=1))).timestamp())
    entry = Entry("ana", sunday, sunday + 7200, "x", offset=offset, end_offset=offset)
    weeks = [
        Period("2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        Period("2026-W48", date(2026, 11, 23), date(2026, 11, 29)),
    ]
    assert [sum(piece.seconds for piece in belonging([entry], each, days)) for each in weeks] == [
        3600,
        3600,
    ]
    late = entry._replace(counted="2026-W48")
    assert [sum(piece.seconds for piece in belonging([late], each, days)) for each in weeks] == [
        0,
        7200,
    ]


@pytest.mark.parametrize(
    ("estimate", "remaining", "logged", "closed", "expected"),
    [
        (480, None, Logged(120, 0), False, 360),
        (480, 240, Logged(900, 60), False, 180),
        (480, 240, Logged(900, 240), False, None),
        (480, None, Logged(480, 0), False, None),
        (480, None, Logged(600, 0), True, 0),
        (None, None, Logged(60, 0), False, None),
        (480, 0, Logged(), False, None),
    ],
)
def test_left_is_unknown_rather_than_nothing(estimate, remaining, logged, closed, expected):
    assert left(estimate, remaining, logged, closed) == expected


def test_accuracy_and_bias():
    cases = [
        Case(str(at), 100, actual, "ana", "bug")
        for at, actual in enumerate((50, 100, 120, 200, 130))
    ]
    found = accuracy("ana", cases)
    assert found.bias == 600 / 500
    assert (found.low, found.middle, found.high, found.close) == (1.0, 1.2, 1.3, 0.4)


def test_lengths_are_shown_with_seconds_only_where_there_are_any():
    assert [clock(each) for each in (0, 60, 3600, 90061, -90)] == [
        "0:00",
        "0:01",
        "1:00",
        "25:01:01",
        "-0:01:30",
    ]
