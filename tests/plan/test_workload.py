"""Workload: sums agree with a count by hand, leave moves load, and days are looked at beside weeks."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.model.person import leave
from plaintrack.plan.availability import Availability
from plaintrack.plan.workload import Days, Duty, days_of, load, periods, row, window
from plaintrack.when.calendars import Calendar

MON = date(2026, 11, 30)


def day(number: int) -> date:
    return MON + timedelta(days=number)


def days(*leaves: str, length: int = 60) -> Days:
    away = tuple(map(leave, leaves))
    return days_of(Availability(Calendar(), leave=away).spans(MON, day(length)))


def duty(minutes: float | None, first: int, last: int, name: str = "PT-1") -> Duty:
    return Duty(name, "", minutes, day(first), day(last))


def test_leave_lowers_capacity_and_moves_load_to_the_days_that_are_left():
    there = days("2026-12-01..2026-12-02 annual", "2026-12-03 pm sick")
    found = load(duty(1200, 0, 4), there)
    # Monday and Friday have 8 hours, Thursday 4: 20 hours of work on 20 hours of time
    assert [found.between(day(number), day(number)) for number in range(5)] == [480, 0, 0, 240, 480]
    one = row("ana", [found], there, periods("week", MON, day(6)))
    (bucket,) = one.buckets
    assert (bucket.capacity, bucket.planned, bucket.share, bucket.days) == (1200, 1200, 1.0, ())


def test_two_days_of_200_percent_do_not_hide_in_a_week_of_80():
    there = days()
    found = [load(duty(1920, 1, 2), there)]
    (bucket,) = row("ana", found, there, periods("week", MON, day(6))).buckets
    assert bucket.share == 0.8
    assert bucket.excess == 0
    assert bucket.days == (day(1), day(2))
    assert bucket.items[0][0].id == "PT-1"


def test_work_whose_days_are_all_leave_is_told_on_the_last_of_them():
    there = days("2026-11-30..2026-12-04 annual")
    (bucket,) = row(
        "ana", [load(duty(480, 0, 4), there)], there, periods("week", MON, day(6))
    ).buckets
    assert (bucket.capacity, bucket.planned, bucket.days) == (0, 480, (day(4),))
    assert bucket.share is None


@pytest.mark.parametrize(
    ("start", "wait", "due", "wanted"),
    [
        (None, None, None, None),
        (None, None, 4, (0, 4)),
        (None, None, -3, (0, 0)),
        (2, None, 4, (2, 4)),
        (2, 3, 4, (3, 4)),
        (5, None, 4, None),
        (None, 6, 4, None),
        (-9, None, 4, (0, 4)),
        (2, None, -3, None),
    ],
)
def test_the_days_of_an_item(start, wait, due, wanted):
    given_days = [None if number is None else day(number) for number in (start, wait, due)]
    assert window(MON, *given_days) == (wanted and (day(wanted[0]), day(wanted[1])))


def test_what_is_undated_or_unestimated_is_beside_the_chart():
    there = days()
    loads = [
        load(Duty("PT-1", "", 300.0), there),
        load(Duty("PT-2", "", None, MON, day(3)), there),
        load(duty(60, 0, 3, "PT-3"), there),
    ]
    one = row("ana", loads, there, periods("week", MON, day(6)))
    assert [each.id for each in one.undated] == ["PT-1"]
    assert [each.id for each in one.unestimated] == ["PT-2"]
    assert one.undated_minutes == 300
    assert round(one.buckets[0].planned) == 60


DUTIES = st.lists(
    st.tuples(st.integers(1, 5000), st.integers(0, 40), st.integers(0, 15)), max_size=5
)


@given(DUTIES, st.sampled_from(["day", "week", "month"]))
@settings(deadline=None)
def test_all_periods_together_have_all_the_work_whatever_they_are(some, per):
    there = days("2026-12-07..2026-12-11 annual", "2026-12-21 am sick")
    loads = [
        load(duty(minutes, first, first + length, f"PT-{number}"), there)
        for number, (minutes, first, length) in enumerate(some)
    ]
    one = row("ana", loads, there, periods(per, MON, day(60)))
    assert sum(bucket.planned for bucket in one.buckets) == pytest.approx(
        sum(minutes for minutes, _, _ in some)
    )
    assert sum(bucket.capacity or 0 for bucket in one.buckets) == there.between(MON, day(60))


def test_periods_are_cut_at_the_ends():
    found = periods("week", date(2026, 12, 30), date(2027, 1, 12))
    assert [(name, first.day, last.day) for name, first, last in found] == [
        ("2026-W53", 30, 3),
        ("2027-W01", 4, 10),
        ("2027-W02", 11, 12),
    ]
    assert [name for name, _, _ in periods("month", date(2026, 12, 30), date(2027, 1, 12))] == [
        "2026-12",
        "2027-01",
    ]


def test_unknown_capacity_is_neither_full_nor_nothing():
    found = [load(duty(4800, 0, 4), days())]
    (bucket,) = row("ana", found, None, periods("week", MON, day(6))).buckets
    assert (bucket.capacity, bucket.share, bucket.excess, bucket.days) == (None, None, 0, ())
    assert bucket.planned == pytest.approx(4800)
