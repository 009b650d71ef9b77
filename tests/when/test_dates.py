"""Dates and durations as people type them."""

import datetime

import pytest

from plaintrack.when.dates import BadDate, past, read, span
from plaintrack.when.durations import BadDuration, minutes, show

TODAY = datetime.date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01T10:00:00+01:00", "2026-12-01T10:00:00+01:00"),
        ("2026-12-01 10:00", "2026-12-01T10:00:00"),
        ("2026-12-01T10:00Z", "2026-12-01T10:00:00+00:00"),
        ("today", "2026-11-23"),
        ("NOW", "2026-11-23"),
        ("tomorrow", "2026-11-24"),
        ("yesterday", "2026-11-22"),
        ("mon", "2026-11-30"),
        ("fri", "2026-11-27"),
        ("next fri", "2026-11-27"),
        ("Sunday", "2026-11-29"),
        ("+3d", "2026-11-26"),
        ("-2w", "2026-11-09"),
        ("+3m", "2027-02-23"),
        ("+1y", "2027-11-23"),
        ("3bd", "2026-11-26"),
        ("+5bd", "2026-11-30"),
        ("-1bd", "2026-11-20"),
        ("eow", "2026-11-29"),
        ("eom", "2026-11-30"),
        ("eoq", "2026-12-31"),
        ("eoy", "2026-12-31"),
        ("som", "2026-11-01"),
        ("2026-W49", "2026-11-30"),
        ("1 dec", "2026-12-01"),
        ("dec 1", "2026-12-01"),
        ("1 nov", "2027-11-01"),
        ("29 feb", "2028-02-29"),
        ("1 dec 2030", "2030-12-01"),
        ("December 1", "2026-12-01"),
    ],
)
def test_read(text: str, expected: str) -> None:
    assert read(text, TODAY) == expected


@pytest.mark.parametrize(
    "text", ["", "tomorow", "2026-13-01", "2026-W60", "+9999y", "31 feb", "-9999y", "0000", "٢٠٢٦"]
)
def test_bad_date(text: str) -> None:
    with pytest.raises(BadDate) as caught:
        read(text, TODAY)
    assert caught.value.hint


def test_suggestion() -> None:
    with pytest.raises(BadDate) as caught:
        read("tomorow", TODAY)
    assert "tomorrow" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12", ("2026-12-01", "2026-12-31")),
        ("2026-W49", ("2026-11-30", "2026-12-06")),
        ("2026", ("2026-01-01", "2026-12-31")),
        ("today", ("2026-11-23", "2026-11-23")),
        ("next week", ("2026-11-30", "2026-12-06")),
        ("this month", ("2026-11-01", "2026-11-30")),
    ],
)
def test_span(text: str, expected: tuple[str, str]) -> None:
    assert span(text, TODAY) == expected


@pytest.mark.parametrize("start", range(14))
@pytest.mark.parametrize("count", [-12, -5, -1, 1, 4, 5, 6, 11])
def test_workdays_one_by_one(start: int, count: int) -> None:
    from plaintrack.when.dates import add_workdays

    day = expected = TODAY + datetime.timedelta(days=start)
    left, step = abs(count), datetime.timedelta(days=1 if count > 0 else -1)
    while left:
        expected += step
        left -= expected.weekday() < 5
    assert add_workdays(day, count) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45m", 45),
        ("6h", 360),
        ("2d", 960),
        ("1w", 2400),
        ("1w2d", 3360),
        ("1.5h", 90),
        ("30min", 30),
    ],
)
def test_minutes(text: str, expected: float) -> None:
    assert minutes(text) == expected


@pytest.mark.parametrize("text", ["", "2", "d", "2x", "-2d", "1..5h"])
def test_bad_duration(text: str) -> None:
    with pytest.raises(BadDuration):
        minutes(text)


def test_show() -> None:
    assert show(3360) == "1w2d"
    assert show(90) == "1h30m"
    assert show(0) == "0m"
    assert show(-45) == "-45m"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon", "2026-11-23"),
        ("wed", "2026-11-25"),
        ("last wed", "2026-11-18"),
        ("thursday", "2026-11-19"),
        ("24 nov", "2026-11-24"),
        ("1 dec", "2025-12-01"),
        ("feb 29", "2024-02-29"),
        ("1 dec 2026", "2026-12-01"),
        ("-3d", "2026-11-22"),
        ("last week", "2026-11-16"),
        ("last month", "2026-10-01"),
    ],
)
def test_what_is_over_is_read_backwards(text: str, expected: str) -> None:
    assert past(text, datetime.date(2026, 11, 25))[0] == expected
