"""SLA clocks: sums equal an independent count by minutes, and cycles come and go as they should."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.flow.series import State
from plaintrack.flow.sla import Hours, Terms, clocks, lived, met_share
from plaintrack.when.calendars import Calendar

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 23, tzinfo=BERLIN)  # the clocks go forward on Sunday, 29 March
HOLIDAY = Calendar(
    frozenset(range(5)),
    holidays=frozenset((date(2026, 3, 25),)),
    hours=(-1, -1, -1, -1, 360, -1, -1),
    own={date(2026, 3, 28): 120},
)
ALWAYS = Calendar(frozenset(range(7)), hours=(1440,) * 7)


def at(minute):
    """The instant so many minutes after MONDAY began."""
    return int(MONDAY.timestamp()) + 60 * minute


def counted(calendar, begins, start, end):
    """The working minutes in [start, end), each looked at by itself."""
    found = 0
    for instant in range(start, end, 60):
        local = datetime.fromtimestamp(instant, BERLIN)
        length = calendar.worked(local.date(), 480)
        first = min(begins, 1440 - length)
        found += first <= local.hour * 60 + local.minute < first + length
    return found


WEEK = st.integers(0, 8 * 1440)


@settings(max_examples=25, deadline=None)
@given(WEEK, WEEK, st.sampled_from([(HOLIDAY, 540), (HOLIDAY, 1380), (ALWAYS, 540)]))
def test_working_time_equals_a_count_by_minutes(one, two, how):
    calendar, begins = how
    start, end = at(min(one, two)), at(max(one, two))
    hours = Hours(calendar, 480, begins, BERLIN, start)
    assert hours.between(start, end) == 60 * counted(calendar, begins, start, end)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.sampled_from("twhd")), min_size=1, max_size=12))
def test_cycles_equal_a_walk_through_the_minutes(moves):
    """Statuses at random: t(odo) starts, w(aiting) and h(eld) pause, d(one) stops."""
    past, minute = [], 0
    for length, status in moves:
        past.append(state(minute, status))
        minute += length
    found = clocks(terms(), lived(terms(), past), past[-1], at(minute))
    assert [(each.used or 0, each.open) for each in found] == walked(past, minute)


def walked(past, last):
    """(minutes used, whether it goes on) of each cycle, minute by minute."""
    cycles, used, running = [], None, False
    for number, each in enumerate(past):
        status = each.fields["status"]
        if status == "d":
            before = past[number - 1].fields["status"] if number else ""
            if used is not None or before != "d":
                cycles.append((used or 0, False))
            used, running = None, False
        else:
            used = used or 0 if used is not None or status == "t" else None
            running = status == "t"
        upto = past[number + 1].time if number + 1 < len(past) else at(last)
        if used is not None and running:
            used += counted(HOLIDAY, 540, each.time, upto)
    return cycles if used is None else [*cycles, (used, True)]


def state(minute, status, here=True, **fields):
    return State(at(minute), "", here, {"status": status, **fields}, "open")


def terms(goal=240, **more):
    def on(*names):
        return lambda each: each.fields["status"] in names

    about = {
        "chosen": lambda each: each.fields.get("type", "bug") == "bug",
        "starts": on("t"), "pauses": on("w", "h"), "stops": on("d"),
        "goal": lambda each: {"high": 3600.0, "none": None}.get(
            each.fields.get("priority"), goal * 60.0
        ),
        "hours": Hours(HOLIDAY, 480, 540, BERLIN, at(0)),
    }  # fmt: skip
    return Terms(**{**about, **more})


NINE = 540
TABLE = {
    "it runs": ([state(NINE, "t")], [("running", 120, 120)]),
    "exactly the goal is met": ([state(NINE - 120, "t"), state(NINE + 240, "d")], [("met", 240, 0)]),
    "a minute more is breached": ([state(NINE, "t"), state(NINE + 241, "d")], [("breached", 241, -1)]),
    "start and stop in one commit": ([state(NINE, "d")], [("met", 0, 240)]),
    "two pauses at once are one": (
        [state(NINE, "t"), state(NINE + 10, "w"), state(NINE + 20, "h"), state(NINE + 60, "t"), state(NINE + 70, "d")],
        [("met", 20, 220)],
    ),
    "never out of pause": (
        [state(NINE, "t"), state(NINE, "w"), state(NINE + 60, "d")], [("met", 0, 240)],
    ),
    "reopened": (
        [state(NINE, "t"), state(NINE + 60, "d"), state(NINE + 90, "t")],
        [("met", 60, 180), ("running", 30, 210)],
    ),
    "paused at the end": ([state(NINE, "t"), state(NINE + 30, "w")], [("paused", 30, 210)]),
    "a new priority counts from the start": (
        [state(NINE, "t"), state(NINE + 90, "t", priority="high")], [("breached", 120, -60)],
    ),
    "without a goal there is no cycle": ([state(NINE, "t", priority="none")], []),
    "deleted while it ran": ([state(NINE, "t"), state(NINE + 9, "t", here=False)], []),
    "it left the query": ([state(NINE, "t"), state(NINE + 9, "t", type="idea")], []),
    "stopped twice without a start between": (
        [state(NINE, "t"), state(NINE + 1, "d"), state(NINE + 2, "d")], [("met", 1, 239)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_cycles_of(name):
    past, expected = TABLE[name]
    found = clocks(terms(), lived(terms(), past), past[-1], at(NINE + 120))
    assert [(each.state, each.used or 0, each.left) for each in found] == expected


def test_who_starts_in_a_pause_and_never_leaves_it_has_no_time():
    paused = terms(starts=lambda _: True)
    past = [state(NINE, "w"), state(NINE + 600, "d")]
    (found,) = clocks(paused, lived(paused, past), past[-1], at(NINE + 900))
    assert (found.state, found.used, found.share) == ("met", None, None)


def test_an_import_is_in_no_cycle():
    imports = terms(imported=lambda _: True)
    life = lived(imports, [state(NINE, "d"), state(NINE + 5, "t"), state(NINE + 9, "d")])
    assert life.imported
    assert [each.used for each in life.ended] == [4]


def test_when_the_goal_passes_skips_the_holiday():
    past = [state(1440 + NINE + 360, "t")]  # Tuesday, 15:00; Wednesday is a holiday
    (found,) = clocks(terms(), lived(terms(), past), past[-1], past[-1].time)
    assert datetime.fromtimestamp(found.ends, BERLIN) == MONDAY + timedelta(days=3, hours=11)


def test_a_calendar_that_ends_has_no_end_of_the_goal():
    once = Calendar(frozenset(), own={date(2026, 3, 23): 60})
    hours = Hours(once, 480, 540, BERLIN, at(0))
    assert hours.after(at(0), 3601) is None
    assert hours.after(at(0), 3600) == at(NINE + 60)


def test_share_met_by_week():
    past = [state(NINE, "t"), state(NINE + 241, "d"), state(1440 + NINE, "t"), state(7 * 1440, "d")]
    past += [state(7 * 1440 + NINE, "t"), state(7 * 1440 + NINE + 9, "d")]
    life = lived(terms(), past)
    found = [
        (str(each.monday), each.stopped, each.met, each.share)
        for each in met_share(life.ended, BERLIN)
    ]
    assert found == [("2026-03-23", 1, 0, 0.0), ("2026-03-30", 2, 1, 50.0)]
    assert met_share([], UTC) == []
