"""The dates of rules: against dateutil's rrule where RFC 5545 decides, and by example where we do."""

import datetime
import time
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.when.calendars import Calendar
from plaintrack.when.recurrence import between, following
from plaintrack.when.repeat import BadRepeat, anchored, counted, read
from plaintrack.when.series import Series

D = datetime.date.fromisoformat
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def some(values, most=3):
    return st.lists(values, min_size=1, max_size=most, unique=True).map(lambda found: ",".join(map(str, found)))


def signed(most):
    return st.integers(1, most) | st.integers(-most, -1)


@st.composite
def rules(draw):
    """An RRULE of the parts that RFC 5545 allows together, with its days named."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": freq}
    plain = some(st.sampled_from(NAMES), 4)
    if draw(st.booleans()):
        parts["BYMONTH"] = draw(some(st.integers(1, 12), 4))
    days = {}
    if freq != "WEEKLY" and draw(st.booleans()):
        days["BYMONTHDAY"] = draw(some(signed(31)))
    if freq == "YEARLY" and draw(st.integers(0, 3)) == 0:
        days["BYYEARDAY"] = draw(some(signed(366)))
    if freq == "YEARLY" and draw(st.integers(0, 3)) == 0:
        days["BYWEEKNO"] = draw(some(st.integers(2, 51) | st.integers(-51, -2)))  # at the turn of the year dateutil errs
    if draw(st.booleans()) or (freq != "DAILY" and not days):
        most = {"MONTHLY": 5, "YEARLY": 5 if "BYMONTH" in parts else 53}.get(freq, 0)
        if most and "BYWEEKNO" not in days and draw(st.booleans()):
            plain = some(st.tuples(signed(most), st.sampled_from(NAMES)).map(lambda each: f"{each[0]}{each[1]}"))
        days["BYDAY"] = draw(plain)
    parts |= days
    if days and freq != "WEEKLY" and draw(st.booleans()):
        parts["BYSETPOS"] = draw(some(signed(5)))
    parts["INTERVAL"] = draw(st.integers(1, 5))
    if draw(st.booleans()):
        parts["WKST"] = draw(st.sampled_from(NAMES))
    if draw(st.booleans()):
        parts["COUNT"] = draw(st.integers(1, 40))
    return ";".join(f"{name}={value}" for name, value in draw(st.permutations(list(parts.items()))))


# dateutil looks for a rule that never matches up to the year 9999, so the series begin not long before that
STARTS = st.dates(datetime.date(9965, 1, 1), datetime.date(9990, 12, 31))


def by_dateutil(text, start):
    found = []
    try:
        for each in rrulestr(text, dtstart=datetime.datetime.combine(start, datetime.time())):
            found.append(each.date())
    except ValueError:  # it stumbles over the end of the calendar
        pass
    return found


@settings(max_examples=250, deadline=None)
@given(rules(), STARTS, st.integers(-400, 3000))
def test_as_dateutil(text, start, later):
    theirs = by_dateutil(text, start)
    try:
        rule = read(text)
    except BadRepeat:  # it never comes
        assert theirs == []
        return
    after = min(start + datetime.timedelta(days=later), datetime.date(9999, 12, 30))
    ours = list(between(rule, start, after, datetime.date.max))
    assert ours == [each for each in theirs if each > after]


@settings(max_examples=60, deadline=None)
@given(signed(53), st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31)))
def test_weeks_are_those_of_iso_8601(week, start):
    end = start + datetime.timedelta(days=3000)
    days = [start + datetime.timedelta(days=number) for number in range(1, 3000)]
    weeks = {year: datetime.date(year, 12, 28).isocalendar().week for year in range(1989, 2105)}
    calendar = [(each, each.isocalendar()) for each in days]
    wanted = [day for day, (year, number, _) in calendar if week in (number, number - weeks[year] - 1)]
    assert list(between(read(f"FREQ=YEARLY;BYWEEKNO={week}"), start, start, end - datetime.timedelta(days=1))) == wanted


@settings(max_examples=200, deadline=None)
@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31)), st.integers(1, 30), st.sampled_from(["months", "years", "weeks", "days"]))
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


@pytest.mark.parametrize("text", ["every week until 2026-12-05", "every week 3 times", "FREQ=WEEKLY;COUNT=3"])
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


PIECES = ("every", "2", "weeks", "on", "mon", "last", "day", "of", "after", "until", "times", "3", "15th", "FREQ=DAILY;BYDAY=1MO", "-", ",", "from", "2026-01-01")


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join))
def test_any_text_is_a_rule_or_a_message(text):
    wrong = None
    try:
        following(read(text), D("2026-01-31"), D("2026-11-23"))
    except BadRepeat as error:
        wrong = error
    assert wrong is None or (wrong.hint and wrong.column <= len(text) + 1)


@pytest.mark.parametrize("text", ["FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=28;BYDAY=MO;INTERVAL=7 from 2026-01-01", "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=1"])
def test_a_rule_that_never_comes_costs_little(text):
    started = time.process_time()
    found = following(read(text), D("2026-01-01"), D("2026-01-01"))
    assert found is None or found > D("2026-01-01")
    assert time.process_time() - started < 2  # dateutil goes on to the year 9999


def test_counting_down_and_anchoring():
    assert counted("every 2 weeks 3 times after completion") == "every 2 weeks 2 times after completion"
    assert counted("FREQ=DAILY;COUNT=10 after completion") == "FREQ=DAILY;COUNT=9 after completion"
    assert anchored("monthly", D("2026-01-31")) == "monthly from 2026-01-31"
    assert anchored("every weekday", D("2026-01-31")) == "every weekday"
    assert anchored("monthly from 2026-01-31", D("2026-02-28")) == "monthly from 2026-01-31"


CALENDAR = Calendar(holidays=frozenset([D("2026-12-28")]), yearly=frozenset([(12, 25)]))


def series(text, first, catch_up="latest", shift="none", lead=0):
    return Series(read(text), D(first), CALENDAR, catch_up, shift, lead)


def test_working_days_and_holidays():
    assert [str(each) for each in islice(series("every working day", "2026-12-23").dates(D("2027-01-01")), 3)] == ["2026-12-24", "2026-12-29", "2026-12-30"]
    for shift, wanted in (("next", "2026-12-29"), ("previous", "2026-12-24"), ("none", "2026-12-25")):
        assert str(series("yearly on 25 dec", "2025-12-25", shift=shift).moved(D("2026-12-25"))) == wanted
    last = series("monthly on the last working day", "2026-10-30")
    assert [str(last.moved(each)) for each in last.dates(D("2027-01-31"))] == ["2026-11-30", "2026-12-31", "2027-01-29"]
    assert [str(each) for each in series("every day", "2026-11-27", shift="next").dates(D("2026-12-01"))] == ["2026-11-28", "2026-12-01"]


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
    assert series("every week 1 time after completion", "2026-11-30").closed(D("2026-12-01"), D("2026-12-01")) == []


def test_an_item_is_there_before_its_day_if_its_work_starts_before():
    assert series("every week", "2026-11-23", lead=3).come(D("2026-11-26")) == []
    assert series("every week", "2026-11-23", lead=3).come(D("2026-11-27")) == [D("2026-11-30")]
