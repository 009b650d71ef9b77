"""The dates of rules: against a walk over all days and the examples of RFC 5545 where that decides, and by example where we do."""

import datetime
import time
from itertools import islice, takewhile

import every_day
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.when.calendars import Calendar
from plaintrack.when.recurrence import between, following
from plaintrack.when.repeat import anchored, counted, read
from plaintrack.when.rule import BadRepeat
from plaintrack.when.series import Series

D = datetime.date.fromisoformat
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def some(values, most=3):
    return st.lists(values, min_size=1, max_size=most, unique=True).map(
        lambda found: ",".join(map(str, found))
    )


def signed(most):
    return st.integers(1, most) | st.integers(-most, -1)


@st.composite
def rules(draw):
    """An RRULE of the parts that RFC 5545 allows together."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": freq}
    plain = st.sampled_from(NAMES)
    if draw(st.booleans()):
        parts["BYMONTH"] = draw(some(st.integers(1, 12), 4))
    days = {}
    if freq != "WEEKLY" and draw(st.booleans()):
        days["BYMONTHDAY"] = draw(some(signed(31)))
    if freq == "YEARLY" and draw(st.integers(0, 3)) == 0:
        days["BYYEARDAY"] = draw(some(signed(366)))
    if freq == "YEARLY" and draw(st.integers(0, 3)) == 0:
        days["BYWEEKNO"] = draw(
            some(st.integers(1, 51) | st.integers(-51, -1))
        )  # about -52, 52 and 53 dateutil errs
    if draw(st.booleans()):
        most = {"MONTHLY": 6, "YEARLY": 6 if "BYMONTH" in parts else 53}.get(freq, 0)
        if most and "BYWEEKNO" not in days and draw(st.booleans()):
            plain |= st.tuples(signed(most), plain).map(lambda each: f"{each[0]}{each[1]}")
        days["BYDAY"] = draw(some(plain, 4))
    parts |= days
    if (days or "BYMONTH" in parts) and draw(st.integers(0, 2)) == 0:
        parts["BYSETPOS"] = draw(some(signed(5)))
    parts["INTERVAL"] = draw(st.integers(1, 5))
    if draw(st.booleans()):
        parts["WKST"] = draw(st.sampled_from(NAMES))
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end:
        parts[end] = (
            draw(st.integers(1, 40))
            if end == "COUNT"
            else draw(st.dates(D("2090-01-01"), D("2099-12-31"))).strftime("%Y%m%d")
        )
    return ";".join(f"{name}={value}" for name, value in draw(st.permutations(list(parts.items()))))


STARTS = st.dates(datetime.date(1895, 1, 1), datetime.date(2095, 12, 31))


@settings(max_examples=150, deadline=None)
@given(rules(), STARTS, st.integers(-400, 1500))
def test_as_rfc_5545_says_of_every_day(text, start, later):
    try:
        rule = read(text)
    except BadRepeat as error:
        assert "never occurs" in error.message  # noqa: PT017
        return
    after, last = start + datetime.timedelta(days=later), datetime.date(start.year + 8, 12, 31)
    assert list(between(rule, start, after, last)) == [
        each for each in every_day.dates(rule, start, 8) if each > after
    ]


@settings(max_examples=100, deadline=None)
@given(
    rules().filter(lambda text: "BYWEEKNO" not in text),
    st.dates(datetime.date(9985, 1, 1), datetime.date(9994, 12, 31)),
)
def test_at_the_end_of_the_calendar(text, start):
    try:
        rule = read(text)
    except BadRepeat:
        return
    week = D("9999-12-26")  # the last week is not quite there
    found = between(rule, start, start, datetime.date.max)
    assert [each for each in found if each < week] == [
        each for each in every_day.dates(rule, start, 9999 - start.year) if start < each < week
    ]


RFC = [  # of its section 3.8.5.3, with the dates as it prints them
    (
        "FREQ=DAILY;COUNT=10",
        "1997-09-02",
        "09-02 09-03 09-04 09-05 09-06 09-07 09-08 09-09 09-10 09-11",
    ),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", "09-02 09-12 09-22 10-02 10-12"),
    (
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "1997-09-02",
        "09-02 09-16 09-30 10-14 10-28 11-11 11-25 12-09 12-23",
    ),
    (
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "1997-09-02",
        "09-02 09-04 09-09 09-11 09-16 09-18 09-23 09-25 09-30 10-02 10-07",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "1997-09-02",
        "09-02 09-04 09-16 09-18 09-30 10-02 10-14 10-16",
    ),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", "08-05 08-10 08-19 08-24"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", "08-05 08-17 08-19 08-31"),
    (
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "1997-09-05",
        "09-05 10-03 11-07 12-05 1998-01-02 02-06 03-06 04-03 05-01 06-05",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "1997-09-07",
        "09-07 09-28 11-02 11-30 1998-01-04 01-25 03-01 03-29 05-03 05-31",
    ),
    ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22", "09-22 10-20 11-17 12-22 1998-01-19 02-16"),
    ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "09-28 10-29 11-28 12-29 1998-01-29 02-26"),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "1997-09-30",
        "09-30 10-01 10-31 11-01 11-30 12-01 12-31 1998-01-01 01-31 02-01",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=18;COUNT=4;BYMONTHDAY=10,11",
        "1997-09-10",
        "09-10 09-11 1999-03-10 03-11",
    ),
    ("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15", "01-15 01-30 02-15 03-15 03-30"),
    (
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "1997-06-10",
        "06-10 07-10 1998-06-10 07-10 1999-06-10 07-10 2000-06-10 07-10 2001-06-10 07-10",
    ),
    (
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "1997-03-10",
        "03-10 1999-01-10 02-10 03-10 2001-01-10 02-10 03-10 2003-01-10 02-10 03-10",
    ),
    (
        "FREQ=YEARLY;INTERVAL=3;COUNT=5;BYYEARDAY=1,100,200",
        "1997-01-01",
        "01-01 04-10 07-19 2000-01-01 04-09",
    ),
    ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "05-19 1998-05-18 1999-05-17"),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", "05-12 1998-05-11 1999-05-17"),
    (
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "1997-03-13",
        "03-13 03-20 03-27 1998-03-05 03-12 03-19 03-26",
    ),
    (
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "1997-09-02",
        "1998-02-13 03-13 11-13 1999-08-13 2000-10-13",
    ),
    (
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "1997-09-13",
        "09-13 10-11 11-08 12-13 1998-01-10 02-07 03-07 04-11 05-09 06-13",
    ),
    (
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996-11-05",
        "11-05 2000-11-07 2004-11-02",
    ),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "09-04 10-07 11-06"),
    (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "1997-09-29",
        "09-29 10-30 11-27 12-30 1998-01-29 02-26 03-30",
    ),
]


def dated(days, year):
    """The days of a line, with the year where it changes."""
    found = []
    for each in days.split():
        year = each[:-6] or year
        found.append(D(f"{year}-{each[-5:]}"))
    return found


@pytest.mark.parametrize(("text", "start", "days"), RFC)
def test_the_examples_of_rfc_5545(text, start, days):
    wanted, first = dated(days, start[:4]), D(start)
    found = list(
        islice(
            between(read(text), first, first - datetime.timedelta(days=1), D("2060-12-31")),
            len(wanted) + 1,
        )
    )
    assert found[: len(wanted)] == wanted
    assert len(found) == len(wanted) or ("COUNT" not in text and "UNTIL" not in text)


@pytest.mark.parametrize(("text", "start"), [each[:2] for each in RFC])
@pytest.mark.parametrize("years", [0, 1, 29, 400])
def test_the_days_are_asked_for_in_a_later_time_of_the_same_calendar(text, start, years):
    """dateutil, asked for them as they are, says the same."""
    first = D(start).replace(year=int(start[:4]) + years)
    last = first.replace(year=first.year + 30)
    plain = rrulestr(
        text.partition(";UNTIL")[0], dtstart=datetime.datetime.combine(first, datetime.time())
    )
    wanted = [each.date() for each in takewhile(lambda each: each.date() <= last, plain)]
    for late in (last, datetime.date(last.year + 800, 12, 31)):
        found = between(
            read(text.partition(";UNTIL")[0]), first, first - datetime.timedelta(days=1), late
        )
        assert list(takewhile(lambda each: each <= last, found)) == wanted


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 51) | st.integers(-51, -1),
    st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31)),
)
def test_weeks_are_those_of_iso_8601(week, start):
    days = [start + datetime.timedelta(days=number) for number in range(1, 3000)]
    weeks = {year: datetime.date(year, 12, 28).isocalendar().week for year in range(1989, 2105)}
    calendar = [(each, each.isocalendar()) for each in days]
    wanted = [
        day for day, (year, number, _) in calendar if week in (number, number - weeks[year] - 1)
    ]
    assert list(between(read(f"FREQ=YEARLY;BYWEEKNO={week}"), start, start, days[-1])) == wanted


@pytest.mark.parametrize("day", NAMES[:5])
def test_the_working_days_of_the_last_weeks_of_the_year(day):
    """dateutil errs about Saturdays and Sundays of a week 52 or 53 that lie in January, in one year of twenty."""
    found = between(
        read(f"FREQ=YEARLY;BYWEEKNO=52,53;BYDAY={day}"),
        D("2000-01-01"),
        D("2000-01-02"),
        D("2100-12-31"),
    )
    every = (D("2000-01-02") + datetime.timedelta(days=number) for number in range(1, 36889))
    assert list(found) == [
        each for each in every if each.isocalendar().week >= 52 and NAMES[each.weekday()] == day
    ]


@settings(max_examples=200, deadline=None)
@given(
    st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31)),
    st.integers(1, 30),
    st.sampled_from(["months", "years", "weeks", "days"]),
)
def test_plain_words_are_steps_and_the_day_comes_back(start, interval, unit):
    from dateutil.relativedelta import relativedelta

    rule = read(f"every {interval} {unit}")
    ours = list(islice(between(rule, start, start, datetime.date(2999, 1, 1)), 30))
    assert ours == [start + relativedelta(**{unit: interval * number}) for number in range(1, 31)]


@settings(max_examples=100, deadline=None)
@given(rules(), st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1)))
def test_the_next_date_is_found_whatever_is_known_already(text, start):
    """From date to date as items are made one after the other, with what each item knows of the series."""
    try:
        read(text)
    except BadRepeat:
        return
    whole = list(islice(between(read(text), start, start, datetime.date(2060, 1, 1)), 6))
    known, day = anchored(text, start), start
    for each in whole:
        assert following(read(known), day, day) == each
        known, day = anchored(known, day), each


WORDS = [
    ("every day", "2026-11-23", "2026-11-24 2026-11-25"),
    ("every weekday", "2026-11-27", "2026-11-30 2026-12-01"),
    ("every 2 weeks on mon,thu", "2026-11-23", "2026-11-26 2026-12-07 2026-12-10"),
    ("every other tuesday", "2026-11-24", "2026-12-08"),
    ("Every week on Monday and Thursday", "2026-11-23", "2026-11-26 2026-11-30"),
    ("every mon, wed, and fri", "2026-11-23", "2026-11-25 2026-11-27 2026-11-30"),
    ("weekly", "2026-11-25", "2026-12-02"),
    ("fortnightly", "2026-11-25", "2026-12-09"),
    ("weekly on weekends", "2026-11-23", "2026-11-28 2026-11-29 2026-12-05"),
    ("monthly", "2026-01-31", "2026-02-28 2026-03-31 2026-04-30 2026-05-31"),
    ("FREQ=MONTHLY", "2026-01-31", "2026-02-28 2026-03-31"),
    ("monthly on the 31st", "2026-01-31", "2026-02-28 2026-03-31"),
    ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", "2026-03-31 2026-05-31"),
    ("every 3 months", "2025-11-30", "2026-02-28 2026-05-30"),
    ("quarterly", "2025-11-30", "2026-02-28 2026-05-30"),
    ("monthly on the last day", "2026-01-31", "2026-02-28 2026-03-31 2026-04-30"),
    ("monthly on the 15th", "2026-01-15", "2026-02-15"),
    ("monthly on the 1st and 15th", "2026-01-15", "2026-02-01 2026-02-15"),
    ("monthly on the last friday", "2026-10-30", "2026-11-27 2026-12-25"),
    ("every second tuesday", "2026-11-10", "2026-12-08"),
    ("every last friday", "2026-10-30", "2026-11-27"),
    ("monthly on the 1st and 31st", "2026-01-31", "2026-02-01 2026-02-28 2026-03-01 2026-03-31"),
    (
        "monthly on the 29th, 30th and 31st",
        "2026-01-31",
        "2026-02-28 2026-03-29 2026-03-30 2026-03-31 2026-04-29 2026-04-30 2026-05-29",
    ),
    ("monthly on the 30th", "2028-01-30", "2028-02-29 2028-03-30"),
    (
        "FREQ=YEARLY;BYMONTH=2,4;INTERVAL=2",
        "2026-01-31",
        "2026-02-28 2026-04-30 2028-02-29 2028-04-30",
    ),
    ("FREQ=YEARLY;BYMONTH=2,4,6;BYSETPOS=-1", "2026-01-31", "2026-06-30 2027-06-30"),
    ("FREQ=MONTHLY;BYMONTH=2,4;BYSETPOS=1", "2026-01-31", "2026-02-28 2026-04-30 2027-02-28"),
    (
        "FREQ=MONTHLY;BYDAY=MO,1TU",
        "2026-12-01",
        "2026-12-07 2026-12-14 2026-12-21 2026-12-28 2027-01-04 2027-01-05",
    ),
    ("FREQ=MONTHLY;BYDAY=1MO,-40TU", "2026-12-01", "2026-12-07 2027-01-04"),
    ("FREQ=DAILY;INTERVAL=3;BYDAY=MO,TU", "2026-11-23", "2026-12-08 2026-12-14"),
    ("FREQ=DAILY;BYMONTH=2", "2026-02-27", "2026-02-28 2027-02-01"),
    ("yearly", "2024-02-29", "2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
    ("FREQ=YEARLY", "2024-02-29", "2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29", "2028-02-29 2032-02-29"),
    ("every 2 years", "2024-05-01", "2026-05-01"),
    ("yearly on 24 dec", "2025-12-24", "2026-12-24"),
    ("every dec 24", "2025-12-24", "2026-12-24"),
    ("yearly on the last friday of november", "2025-11-28", "2026-11-27"),
    ("every week until 2026-12-05", "2026-11-23", "2026-11-30"),
    ("every week 3 times", "2026-11-23", "2026-11-30 2026-12-07"),
    ("FREQ=WEEKLY;COUNT=3", "2026-11-23", "2026-11-30 2026-12-07"),
    ("rrule:freq=weekly;until=20261205T235959Z", "2026-11-23", "2026-11-30"),
    ("every 2 weeks from 2026-11-23", "2026-12-07", "2026-12-21"),
    ("DTSTART:20261123;FREQ=WEEKLY;INTERVAL=2", "2026-12-07", "2026-12-21"),
]


@pytest.mark.parametrize(("text", "first", "expected"), WORDS)
def test_words(text, first, expected):
    wanted = [D(each) for each in expected.split()]
    found = list(islice(between(read(text), D(first), D(first), D("2060-01-01")), len(wanted)))
    assert found == wanted


@pytest.mark.parametrize(
    "text", ["every week until 2026-12-05", "every week 3 times", "FREQ=WEEKLY;COUNT=3"]
)
def test_a_series_ends(text):
    assert following(read(text), D("2026-11-23"), D("2026-12-07")) is None


BAD = [
    ("evry day", 1, "every"),
    ("every 2 weks on mon", 9, "weeks"),
    ("every week on munday", 15, "sunday"),
    ("FREQ=WEEKLY;BYDYA=MO", 13, "BYDAY"),
    ("FREQ=WEEKLLY", 6, "WEEKLY"),
    ("FREQ=HOURLY", 1, "due"),
    ("FREQ=DAILY;BYHOUR=9", 12, "due"),
    ("INTERVAL=2", 1, "FREQ"),
    ("FREQ=DAILY;INTERVAL=0", 21, "1 to 1000"),
    ("FREQ=DAILY;FREQ=DAILY", 12, "leave one out"),
    ("FREQ=DAILY;COUNT=3;UNTIL=20270101", 12, "not both"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", 0, "correct"),
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 0, "correct"),
    ("FREQ=MONTHLY;BYDAY=6MO", 0, "correct"),
    ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3", 0, "correct"),
    ("FREQ=DAILY;BYMONTH=2;BYSETPOS=-2", 0, "correct"),
    ("FREQ=YEARLY;BYMONTH=2,3;BYSETPOS=3", 0, "correct"),
    ("FREQ=MONTHLY;BYMONTHDAY=32", 25, "1 to 31"),
    ("monthly on the 32nd", 16, "15th"),
    ("every 0 days", 7, "2 weeks"),
    ("every 99999 days", 7, "2 weeks"),
    ("every week until soon", 18, "2026-12-31"),
    ("every week until 2026-02-30", 18, "2026-12-31"),
    ("every day on mon", 11, "weeks"),
    ("every week until 2026-12-01 3 times", 0, "leave one out"),
    ("every week until 2026-12-01 from 2027-01-01", 0, "correct"),
    ("every 3 working days", 9, "weekday"),
    ("sometimes", 1, "every weekday"),
    ("every", 6, "every weekday"),
    ("every week \u0663 times", 12, "2 weeks"),
]


@pytest.mark.parametrize(("text", "column", "hint"), BAD)
def test_what_is_no_rule_is_told_at_its_place(text, column, hint):
    with pytest.raises(BadRepeat) as error:
        read(text)
    assert error.value.column == column
    assert hint in error.value.hint


PIECES = (
    "every",
    "2",
    "weeks",
    "on",
    "mon",
    "last",
    "day",
    "of",
    "after",
    "until",
    "times",
    "3",
    "15th",
    "FREQ=DAILY;BYDAY=1MO",
    "-",
    ",",
    "from",
    "2026-01-01",
)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join))
def test_any_text_is_a_rule_or_a_message(text):
    wrong = None
    try:
        following(read(text), D("2026-01-31"), D("2026-11-23"))
    except BadRepeat as error:
        wrong = error
    assert wrong is None or (wrong.hint and wrong.column <= len(text) + 1)


HOSTILE = (
    "FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2",
    "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=1",
    "FREQ=YEARLY;BYDAY=53MO;BYMONTHDAY=1;COUNT=9 from 0001-01-01",
    "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6;COUNT=10 from 0001-01-01",
    "FREQ=WEEKLY;INTERVAL=2;BYMONTH=1;BYDAY=MO;COUNT=10000 from 0001-01-01",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;COUNT=10000 from 0001-01-01",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=28;BYDAY=MO;INTERVAL=7 from 2026-01-01",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_rule_that_never_comes_costs_little(text):
    started = time.process_time()
    found = following(read(text), D("2026-01-01"), D("2026-01-01"))
    assert found is None or found > D("2026-01-01")
    assert (
        time.process_time() - started < 2
    )  # dateutil goes on to the year 9999: 2.6 million days, 416 thousand weeks


@pytest.mark.parametrize(
    "text",
    [
        "daily",
        "every 3 days",
        "FREQ=DAILY;BYMONTHDAY=3",
        "weekly",
        "monthly",
        "every 3 months",
        "yearly",
        "every 2 weeks on mon,thu",
    ],
)
def test_a_series_that_began_long_ago_is_not_gone_through(text):
    rule, first, today = read(text), D("1001-01-01"), D("2026-11-23")
    started = time.process_time()
    for number in range(50):
        assert following(rule, first, today + datetime.timedelta(days=number)) is not None
    assert time.process_time() - started < 2  # 374 thousand days, fifty times


def test_counting_down_and_anchoring():
    assert (
        counted("every 2 weeks 3 times after completion")
        == "every 2 weeks 2 times after completion"
    )
    assert counted("FREQ=DAILY;COUNT=10 after completion") == "FREQ=DAILY;COUNT=9 after completion"
    assert anchored("monthly", D("2026-01-31")) == "monthly from 2026-01-31"
    assert anchored("every weekday", D("2026-01-31")) == "every weekday"
    assert anchored("monthly from 2026-01-31", D("2026-02-28")) == "monthly from 2026-01-31"


CALENDAR = Calendar(holidays=frozenset([D("2026-12-28")]), yearly=frozenset([(12, 25)]))


def series(text, first, catch_up="latest", shift="none", lead=0):
    return Series(read(text), D(first), CALENDAR, catch_up, shift, lead)


def test_working_days_and_holidays():
    assert [
        str(each)
        for each in islice(series("every working day", "2026-12-23").dates(D("2027-01-01")), 3)
    ] == ["2026-12-24", "2026-12-29", "2026-12-30"]
    for shift, wanted in (
        ("next", "2026-12-29"),
        ("previous", "2026-12-24"),
        ("none", "2026-12-25"),
    ):
        assert (
            str(series("yearly on 25 dec", "2025-12-25", shift=shift).moved(D("2026-12-25")))
            == wanted
        )
    last = series("monthly on the last working day", "2026-10-30")
    assert [str(last.moved(each)) for each in last.dates(D("2027-01-31"))] == [
        "2026-11-30",
        "2026-12-31",
        "2027-01-29",
    ]
    assert [
        str(each) for each in series("every day", "2026-11-27", shift="next").dates(D("2026-12-01"))
    ] == ["2026-11-28", "2026-12-01"]


@pytest.mark.parametrize(
    ("catch_up", "open_", "closed"),
    [
        ("all", "2026-11-30 2026-12-07", "2026-11-30 2026-12-07"),
        ("latest", "2026-12-07", "2026-12-07"),
        ("skip", "", "2026-12-14"),
    ],
)
def test_catching_up(catch_up, open_, closed):
    weekly, today = series("every week", "2026-11-23", catch_up), D("2026-12-09")
    assert " ".join(map(str, weekly.come(today))) == open_
    assert " ".join(map(str, weekly.closed(today, today))) == closed
    assert weekly.closed(D("2026-11-20"), D("2026-11-20")) == [D("2026-11-30")]
    assert weekly.come(D("2026-11-30")) == [D("2026-11-30")]


def test_after_completion():
    rule = series("every 3 months after completion", "2026-11-30")
    assert rule.come(D("2027-06-01")) == []
    assert rule.closed(D("2027-06-01"), D("2026-11-30")) == [D("2027-02-28")]
    assert (
        series("every week 1 time after completion", "2026-11-30").closed(
            D("2026-12-01"), D("2026-12-01")
        )
        == []
    )


def test_an_item_is_there_before_its_day_if_its_work_starts_before():
    assert series("every week", "2026-11-23", lead=3).come(D("2026-11-26")) == []
    assert series("every week", "2026-11-23", lead=3).come(D("2026-11-27")) == [D("2026-11-30")]


@pytest.mark.parametrize(
    ("rule", "done", "following"),
    [
        ("every 4 weeks on sunday after completion", "2022-04-19", "2022-05-15"),
        ("every 2 weeks on mon,thu after completion", "2026-11-24", "2026-12-03"),
        ("every week on sunday after completion", "2026-11-24", "2026-11-29"),
        ("every 4 weeks after completion", "2026-11-24", "2026-12-22"),
        ("every 3 months on the last friday after completion", "2026-11-24", "2027-01-29"),
        ("every 10 days after completion", "2026-11-24", "2026-12-04"),
    ],
)
def test_named_days_after_completion_keep_the_interval(rule, done, following):
    completed = datetime.date.fromisoformat(done)
    day = datetime.date.fromisoformat(following)
    assert Series(read(rule), datetime.date(2022, 4, 10), Calendar(), "latest", "none", 0).closed(
        completed, completed
    ) == [day]
