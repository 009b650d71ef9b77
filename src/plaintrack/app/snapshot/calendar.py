"""The calendar of the work: which days are worked."""

from datetime import date

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.when.calendars import Calendar

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class NoHolidays(PlaintrackError):
    """The holidays of a country are wanted, and cannot be told."""

    slug = "no-holidays"


class UnknownCountry(NoHolidays):
    """No holidays are known of the country."""

    slug = "unknown-country"

    def __init__(self, country: str, why: str) -> None:
        super().__init__(f"plaintrack.yml: calendar.country: {country} is not known", why)


class HolidaysNotInstalled(NoHolidays):
    """The package that knows holidays is not installed."""

    slug = "holidays-not-installed"

    def __init__(self) -> None:
        super().__init__(
            "`calendar: country` needs the package holidays",
            "run `pip install 'plaintrack[holidays]'`, or list the days",
        )


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
        raise HolidaysNotInstalled from error
    country, _, part = given["country"].partition("-")
    try:
        public = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise UnknownCountry(given["country"], str(error).splitlines()[0]) from error
    return found._replace(public=lambda day: day in public)
