"""A forecast from estimates, by how far each person's were off, against plans made by hand."""

from datetime import date

import pytest
from history_made import START, Made

from plaintrack.app.flow.forecast import NoCases, simulated
from plaintrack.timeclock.accuracy import factors

MONDAY = date(2026, 3, 2)
TODAY = (MONDAY - START).days


@pytest.fixture
def made(tmp_path):
    found = Made(tmp_path / "w")
    people = "people:\n  ana: {email: ana@example.org}\n  bob: {email: bob@example.org}\n"
    found.write(
        "plaintrack.yml", f"timezone: UTC\nfolders: [tasks]\nrooms: {{time: time}}\n{people}"
    )
    return found


def finished(made, person, hours):
    """Items estimated at 2 hours, that took so long, each on a day of its own."""
    for number, length in enumerate(hours):
        name = f"{person}-{number}"
        made.item(name, "done", estimate="2h", assignee=person)
        logged(made, person, name, f"2026-02-{number + 1:02}", length)


def logged(made, person, item, day, hours):
    made.write(
        f"time/{person}/{day[:7]}/{day}-{item.lower()}.timeclock",
        f"i {day} 08:00:00+0000 {item}\no {day} {8 + hours:02}:00:00+0000\n\n",
    )


def ends(made, trials=20):
    found = simulated(made.snapshot(TODAY), "", trials=trials)
    return found, [found.ends[percent] for percent in (50, 70, 85, 95)]


def test_each_person_is_off_as_before_and_work_waits_for_work(made):
    finished(made, "ana", [4] * 5)  # always twice as long
    finished(made, "bob", [2] * 5)
    made.item("A-1", estimate="2d", assignee="ana")
    made.item("B-1", estimate="3d", assignee="bob")
    found, days = ends(made)
    assert found.planned == date(2026, 3, 4)
    assert days == [date(2026, 3, 5)] * 4  # four days of ana, from Monday on
    assert dict(found.people) == {"ana": 5, "bob": 5}
    made.item("B-1", estimate="3d", assignee="bob", depends_on="A-1")
    assert ends(made)[1] == [date(2026, 3, 10)] * 4  # three days of bob after them
    made.item("B-1", estimate="3d", assignee="cleo", depends_on="A-1")
    ratio_of_all = ends(made)[1]  # no records of cleo: 1 or 2, as often
    assert ratio_of_all[0] in (date(2026, 3, 10), date(2026, 3, 13))
    assert ratio_of_all[-1] == date(2026, 3, 13)


def test_the_chance_of_each_end_is_that_of_the_ratios_drawn(made):
    finished(made, "ana", [2, 2, 2, 2, 2, 2, 6, 6])  # one in four takes three times as long
    made.item("A-1", estimate="2d", assignee="ana")
    short, long = date(2026, 3, 3), date(2026, 3, 9)
    assert ends(made, 200)[1] == [short, short, long, long]


def test_of_begun_work_only_what_is_still_possible(made):
    finished(made, "ana", [1, 2, 4, 4, 6])  # ratios 0.5, 1, 2, 2, 3
    made.item("A-1", "in-progress", estimate="1d", assignee="ana")
    logged(made, "ana", "A-1", "2026-02-27", 6)
    assert factors([0.5, 1, 2, 2, 3], 0.75) == [1, 5, 5, 9]
    found, days = ends(made)
    assert found.planned == MONDAY  # two of eight hours are left
    assert days[0] == date(2026, 3, 3)  # 2 × 8 − 6 = 10 hours
    assert days[-1] == date(2026, 3, 4)  # 3 × 8 − 6 = 18 hours
    assert factors([0.5, 1], 0.99) == pytest.approx([1])
    assert factors([0.5, 1], 1.5) == [0.5, 1]


def test_too_few_finished_items_are_refused(made):
    finished(made, "ana", [2] * 4)
    made.item("A-1", estimate="1d", assignee="ana")
    with pytest.raises(NoCases, match="only 4 finished items"):
        ends(made)
