"""One clock: a moment is an instant, its day is the workspace's, and a day is as long as its zone makes it."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.text.parse import canonical
from plaintrack.when import moments

ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Australia/Lord_Howe", "America/Sao_Paulo",
    "Asia/Beirut", "America/Havana", "Pacific/Apia", "Asia/Kathmandu",
]  # fmt: skip
INSTANTS = st.integers(0, 2**31).map(
    lambda seconds: datetime.datetime.fromtimestamp(seconds, datetime.UTC)
)
OFFSETS = st.integers(-56, 56).map(
    lambda quarters: datetime.timezone(datetime.timedelta(minutes=15 * quarters))
)


@given(INSTANTS, OFFSETS, st.sampled_from(ZONES))
def test_a_moment_is_of_the_day_that_the_calendar_shows(moment, offset, zone):
    text = moment.astimezone(offset).isoformat()
    day = moments.day(text, zone)
    assert day == moment.astimezone(ZoneInfo(zone)).date()
    first, last = moments.bounds(day)
    assert first <= moments.key(text, zone) <= last
    assert moments.key(day.isoformat(), zone) == first
    assert moments.key(day.isoformat(), zone, late=True) == last


@given(INSTANTS, st.floats(-100_000, 100_000), OFFSETS, OFFSETS, st.sampled_from(ZONES))
def test_moments_are_ordered_however_they_are_written(one, seconds, here, there, zone):
    two = one + datetime.timedelta(seconds=round(seconds, 3))
    keys = [
        moments.key(each.astimezone(offset).isoformat(), zone)
        for each, offset in ((one, here), (two, there))
    ]
    assert (keys[0] < keys[1]) == (one < two)
    assert (keys[0] == keys[1]) == (one == two)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-11-28"])
def test_every_hour_of_a_short_and_of_a_long_day(day):
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime.datetime.fromisoformat(day).replace(tzinfo=berlin).astimezone(datetime.UTC)
    hours = [start + datetime.timedelta(hours=each) for each in range(26)]
    mine = [each for each in hours if each.astimezone(berlin).date().isoformat() == day]
    assert len(mine) == {"2026-03-29": 23, "2026-10-25": 25, "2026-11-28": 24}[day]
    first, last = moments.bounds(datetime.date.fromisoformat(day))
    keys = [moments.key(each.isoformat(), "Europe/Berlin") for each in hours]
    assert keys == sorted(keys)
    assert [each for each in keys if first <= each <= last] == keys[: len(mine)]


@pytest.mark.parametrize(("text", "spelling"), [
    ("2026-11-28 09:30", "2026-11-28T09:30:00"), ("2026-11-28T09:30:00.25z", "2026-11-28T09:30:00.250000+00:00"),
    ("2026-11-28 24:00", "2026-11-29T00:00:00"), ("2026-12-31T24:00:00-05:00", "2027-01-01T00:00:00-05:00"),
    ("2026-11-28T24:01", None), ("2026-11-28T25:00", None), ("2026-02-30T10:00", None),
])  # fmt: skip
def test_spellings_of_other_trackers(text, spelling):
    assert canonical("datetime", text) == spelling


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-30", "2026-13-01T10:00:00Z", "2026-11", "٢٠٢٦-11-01"]
)
def test_what_is_no_moment_has_neither_day_nor_place_in_the_order(text):
    assert moments.day(text, "UTC") is None
    assert moments.key(text, "UTC") is None


def test_the_ends_of_the_calendar():
    for text in (
        "0001-01-01",
        "9999-12-31",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ):
        assert moments.day(text, "Asia/Tokyo") is not None
        assert moments.key(text, "Asia/Tokyo") is not None
