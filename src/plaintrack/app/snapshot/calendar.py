"""The calendar of the work: which days are worked."""

from datetime import date

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.when.calendars import Calendar

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class NoHolidays(PlaintrackError):
    """The holidays of a country are wanted, and cannot be told."""

    slug = "no-holidays"


def calendar(workspace: Snapshot) -> Calendar:
    """The workspace's calendar; raises NoHolidays."""
    given = workspace.settings.calendar
    week = frozenset(_WEEK.index(each) for each in given["working_days"])
    single = frozenset(date.fromisoformat(each) for each in given["holidays"] if len(each) == 10)
    yearly = frozenset(
        (int(each[:2]), int(each[3:])) for each in given["holidays"] if len(each) == 5
    )
    found = Calendar(week, single, yearly)
    if not given["country"]:
        return found
    try:
        import holidays
    except ImportError as error:
        raise NoHolidays(
            "`calendar: country` needs the package holidays",
            "run `pip install 'plaintrack[holidays]'`, or list the days",
        ) from error
    country, _, part = given["country"].partition("-")
    try:
        public = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise NoHolidays(
            f"plaintrack.yml: calendar.country: {given['country']} is not known",
            str(error).splitlines()[0],
        ) from error
    return found._replace(public=lambda day: day in public)
