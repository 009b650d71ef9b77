"""The calendars of the work: which days are worked, and for how long."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.when.calendars import NAMES, Calendar

if TYPE_CHECKING:
    from plaintrack.model.staff import Equipment, Person

ALWAYS = "always"
"""The calendar that is there without the settings: every day, around the clock."""


class NoHolidays(PlaintrackError):
    """The holidays of a country are wanted, and cannot be told."""

    slug = "no-holidays"


class UnknownCountry(NoHolidays):
    """No holidays are known of the country."""

    slug = "unknown-country"

    def __init__(self, key: str, country: str, why: str) -> None:
        super().__init__(f"plaintrack.yml: {key}: {country} is not known", why)


class HolidaysNotInstalled(NoHolidays):
    """The package that knows holidays is not installed."""

    slug = "holidays-not-installed"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"`{key.replace('.', ': ', 1)}` needs the package holidays",
            "run `pip install 'plaintrack[holidays]'`, or list the days",
        )


class UnknownCalendar(PlaintrackError):
    """A calendar that the settings do not name."""

    slug = "unknown-calendar"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"there is no calendar {name!r}",
            suggestion(name, known, "name it under `calendars:` in plaintrack.yml"),
        )


def calendar(snapshot: Snapshot, name: str = "") -> Calendar:
    """The workspace's calendar, or the one of that name; raises NoHolidays, UnknownCalendar."""
    settings = snapshot.settings
    if name in ("", "default") and name not in settings.calendars:
        return _made(settings.calendar, "calendar.country")
    if name == ALWAYS:
        return Calendar(frozenset(range(7)), hours=(1440,) * 7)
    if name not in settings.calendars:
        raise UnknownCalendar(name, [*settings.calendars, ALWAYS])
    return _made(settings.calendars[name], f"calendars.{name}.country")


def named(snapshot: Snapshot, who: "Person | Equipment") -> str:
    """The name of someone's calendar: one's own, else the first of one's teams that has one, else
    empty for the workspace's.
    """
    return named_in(snapshot.settings, who)


def named_in(settings: Settings, who: "Person | Equipment") -> str:
    """The same by some settings."""
    if who.calendar:
        return who.calendar
    from plaintrack.model.task import fold

    of_team = {
        fold(team): name for name, about in settings.calendars.items() for team in about["teams"]
    }
    return next((of_team[fold(team)] for team in who.teams if fold(team) in of_team), "")


def _made(given: Mapping[str, Any], key: str) -> Calendar:
    week = frozenset(NAMES.index(each) for each in given["working_days"])
    single = frozenset(date.fromisoformat(each) for each in given["holidays"] if len(each) == 10)
    yearly = frozenset(
        (int(each[:2]), int(each[3:])) for each in given["holidays"] if len(each) == 5
    )
    lengths = given.get("hours", {})
    hours = tuple(lengths.get(name, -1) for name in NAMES)
    own = {date.fromisoformat(day): length for day, length in given.get("days", {}).items()}
    found = Calendar(week, single, yearly, hours=hours, own=own)
    if not given["country"]:
        return found
    return found._replace(public=_public(given["country"], key))


def _public(name: str, key: str) -> Callable[[date], bool]:
    try:
        import holidays
    except ImportError as error:
        raise HolidaysNotInstalled(key) from error
    country, _, part = name.partition("-")
    try:
        public = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise UnknownCountry(key, name, str(error).splitlines()[0]) from error
    return partial(_holds, public)


def _holds(days: Any, day: date) -> bool:
    return day in days
