"""How long people are there: spans of days against a count day by day, and the cases that other planners get wrong."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.model.person import BadLine, Hours, Leave, allowance, hours, leave, rate, share
from plaintrack.plan.availability import Availability, free_days
from plaintrack.when.calendars import Calendar

MON = date(2026, 11, 30)
WEEK = Calendar()
DAYS = st.integers(0, 60).map(lambda number: MON + timedelta(days=number - 10))


@st.composite
def availabilities(draw):
    spans = draw(
        st.lists(st.tuples(DAYS, st.integers(0, 9), st.sampled_from(["", "am", "pm"])), max_size=6)
    )
    away = tuple(
        Leave(first, first if half else first + timedelta(days=length), "annual", half)
        for first, length, half in spans
    )
    lines = [
        Hours(None, weekly=2400),
        Hours(None, share=0.5),
        Hours(None, each=300, days=frozenset((0, 2, 5))),
    ]
    worked = draw(
        st.lists(st.tuples(st.one_of(st.none(), DAYS), st.sampled_from(lines)), max_size=3)
    )
    starts = [since for since, _ in worked]
    if len(set(starts)) < len(starts):
        worked = []
    calendar = Calendar(
        draw(st.sets(st.integers(0, 6), min_size=1).map(frozenset)),
        frozenset(draw(st.lists(DAYS, max_size=3))),
        frozenset(((12, 8), (2, 29))),
        own=draw(st.dictionaries(DAYS, st.sampled_from([0, 240, 600]), max_size=2)),
    )
    made = tuple(line._replace(since=since) for since, line in worked)
    since, until = draw(st.one_of(st.none(), DAYS)), draw(st.one_of(st.none(), DAYS))
    return Availability(calendar, 480, made, since, until, away)


def on_one_day(one: Availability, day: date) -> int:
    """What a person would work out for one day, with no spans."""
    if (one.since and day < one.since) or (one.until and day > one.until):
        return 0
    away = [each for each in one.leave if each.first <= day <= each.last]
    halves = {each.half for each in away}
    if "" in halves or len(halves) == 2:
        return 0
    usual = 480 if day.weekday() in one.calendar.week else 0
    known = [each for each in one.hours if (each.since or date.min) <= day]
    mine = usual
    if known:
        line = sorted(known, key=lambda each: each.since or date.min)[-1]
        days = sorted(line.days) or sorted(one.calendar.week)
        if day.weekday() not in days:
            mine = 0
        elif line.weekly is not None:
            mine = line.weekly // len(days) + (days.index(day.weekday()) < line.weekly % len(days))
        else:
            mine = line.each if line.each is not None else round((usual or 480) * line.share)
    if day in one.calendar.own:
        length = one.calendar.own[day]
        mine = length if mine == usual else min(mine, length)
    elif day in one.calendar.holidays or (day.month, day.day) in one.calendar.yearly:
        mine = 0
    return mine // 2 if halves else mine


@given(availabilities(), st.integers(0, 20), st.integers(0, 40))
@settings(deadline=None)
def test_spans_agree_with_a_count_day_by_day(one, start, length):
    first, last = MON + timedelta(days=start - 8), MON + timedelta(days=start - 8 + length)
    days = [first + timedelta(days=number) for number in range(length + 1)]
    wanted = {day: on_one_day(one, day) for day in days}
    spans = one.spans(first, last)
    assert [span.first for span in spans][1:] == [span.last + timedelta(days=1) for span in spans][
        :-1
    ]
    assert (spans[0].first, spans[-1].last) == (first, last)
    assert dict(free_days(spans, first, last)) == {
        day: each for day, each in wanted.items() if each
    }
    assert one.minutes(first, last) == sum(wanted.values())


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("40h/w", (480, 480, 480, 480, 480, 0, 0)),
        ("37h/w", (444, 444, 444, 444, 444, 0, 0)),
        ("24h/w mon tue wed", (480, 480, 480, 0, 0, 0, 0)),
        ("20h/w mon-wed", (400, 400, 400, 0, 0, 0, 0)),
        ("8h/d mon,fri", (480, 0, 0, 0, 480, 0, 0)),
        ("mon-thu 8h fri 4h30m", (480, 480, 480, 480, 270, 0, 0)),
        ("50%", (240, 240, 240, 240, 240, 0, 0)),
        ("80% mon tue wed thu", (384, 384, 384, 384, 0, 0, 0)),
        ("6h/d", (360, 360, 360, 360, 360, 0, 0)),
        ("16h/w sat sun", (0, 0, 0, 0, 0, 480, 480)),
    ],
)
def test_hours(line, wanted):
    assert tuple(Availability(WEEK, hours=(hours(line),)).spans(MON, MON)[0].week) == wanted


@pytest.mark.parametrize(
    ("read", "line", "part"),
    [
        (hours, "40", "not a day of the week"),
        (hours, "200h/w", "longer than a week"),
        (hours, "25h/d", "longer than a day"),
        (hours, "mon tue", "no hours behind"),
        (hours, "8h/w funday", "not a day"),
        (hours, "2027-13-01 40h/w", "no day 2027-13-01"),
        (leave, "annual", "begin with a day"),
        (leave, "2027-01-06..2026-12-21 annual", "is before"),
        (leave, "2026-12-21", "type of leave"),
        (leave, "2026-12-21..2026-12-22 am sick", "half of a single day"),
        (leave, "2026-12-21 annual family", "too much"),
        (rate, "80", "not a rate"),
        (allowance, "annual 25d", "not an allowance"),
        (share, "150%", "not a share"),
    ],
)
def test_lines_that_cannot_be_read_say_why(read, line, part):
    with pytest.raises(BadLine) as caught:
        read(line)
    assert part in caught.value.message or part in str(caught.value)
    assert caught.value.hint


def test_leave():
    assert leave("2026-12-09 pm sick") == Leave(date(2026, 12, 9), date(2026, 12, 9), "sick", "pm")
    found = leave("2026-12-21..2027-01-06 Annual asked · with the family")
    assert (found.kind, found.asked, found.note) == ("annual", True, "with the family")
    assert leave("2026-12-09 2 units", "maintenance").units == 2


def test_reasons():
    one = Availability(
        Calendar(holidays=frozenset((date(2026, 12, 8),))),
        hours=(hours("20h/w"),),
        since=date(2026, 12, 1),
        until=date(2026, 12, 16),
        leave=(leave("2026-12-09 pm sick"), leave("2026-12-14..2026-12-15 away")),
    )
    found = [(span.first.day, span.why) for span in one.spans(MON, date(2026, 12, 18))]
    assert found == [
        (30, "not here yet"),
        (1, "part-time"),
        (8, "holiday"),
        (9, "sick pm"),
        (10, "part-time"),
        (14, "away"),
        (16, "part-time"),
        (17, "left"),
    ]


def test_units_in_maintenance_are_taken_off_the_pool():
    one = Availability(WEEK, leave=(leave("2026-12-01 2 units", "maintenance"),), units=3)
    assert [one.minutes(day, day) for day in (MON, date(2026, 12, 1))] == [1440, 480]


def test_a_thousand_years_of_leave_and_thousands_of_lines_cost_little():
    lines = [
        leave(f"2026-{month:02}-{day:02} sick") for month in range(1, 13) for day in range(1, 29)
    ] * 12
    one = Availability(WEEK, leave=(*lines, leave("2027-01-01..3026-12-31 sabbatical")))
    started = time.process_time()
    assert one.minutes(date(2026, 1, 1), date(2028, 12, 31)) == (261 - 240) * 480
    assert time.process_time() - started < 1


def test_public_holidays_free_whoever_works_that_day_of_the_week():
    feast = date(2026, 12, 5)  # a Saturday
    calendar = Calendar(public=lambda day: day == feast)
    weekend = Availability(calendar, hours=(hours("16h/w sat sun"),))
    assert [weekend.minutes(day, day) for day in (feast, feast + timedelta(days=1))] == [0, 480]
    assert [span.why for span in weekend.spans(feast, feast)] == ["holiday"]
    assert Availability(calendar).minutes(MON, feast) == 5 * 480
