"""The series that a recurring item is one of."""

from datetime import date

from plaintrack.app.snapshot.calendar import calendar
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.task import Task
from plaintrack.when import moments
from plaintrack.when.calendars import Calendar
from plaintrack.when.repeat import read as rule_of
from plaintrack.when.series import Series

DATES = ("due", "start", "wait")
"""The dates of an item, that of its series first."""


def series_of(snapshot: Snapshot, task: Task, today: date) -> Series:
    """The series as the item knows it."""
    given, rule = snapshot.settings.recur, rule_of(task.text("repeat"))
    shift, catch_up = (
        task.text("shift") or given["shift"],
        task.text("catch_up") or given["catch_up"],
    )
    wanted = rule.working or rule.shift or shift in ("next", "previous")
    days = calendar(snapshot) if wanted else Calendar()
    dated = [found for name in DATES if (found := date_of(snapshot, task.text(name)))]
    lead = max(0, (dated[0] - min(dated)).days) if dated else 0
    return Series(rule, occurrence_of(snapshot, task) or today, days, catch_up, shift, lead)


def day_of(snapshot: Snapshot, task: Task) -> date | None:
    """The day of the item's series, or the first of its dates."""
    days = (date_of(snapshot, task.text(name)) for name in ("occurrence", *DATES))
    return next(filter(None, days), None)


def occurrence_of(snapshot: Snapshot, task: Task) -> date | None:
    """The day of the series that the item stands for; one without any date stands for the day it
    was made.
    """
    return day_of(snapshot, task) or date_of(snapshot, task.text("created"))


def date_of(snapshot: Snapshot, text: str) -> date | None:
    """The day of a canonical date or moment; None if it is neither."""
    return moments.day(text, snapshot.schema.timezone)
