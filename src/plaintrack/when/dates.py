"""Dates as people type them, read into canonical ISO text."""

import datetime
import re
from collections.abc import Callable

from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.when import moments

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
Works = Callable[[datetime.date], bool]
_ONE_DAY = datetime.timedelta(days=1)
_EXAMPLES = "write 2026-12-01, today, tomorrow, fri, +3d, -2w, +3bd, eow, eom, 2026-W49 or '1 dec'"


class BadDate(PlaintrackError):
    """A text that is not a date."""

    slug = "bad-date"

    def __init__(self, text: str, hint: str) -> None:
        super().__init__(f"{text!r} is not a date", hint)


def read(text: str, today: datetime.date, works: Works | None = None) -> str:
    """The ISO date or datetime that ``text`` means on ``today``; a range word gives its first day.

    Raises BadDate with a suggestion.
    """
    return span(text, today, works)[0]


def span(text: str, today: datetime.date, works: Works | None = None) -> tuple[str, str]:
    """First and last day of what ``text`` means: a whole year, month or ISO week, else one date
    twice.

    ``works`` says of a day whether it is a working day (without it: Monday to Friday), for
    ``+3bd``.

    Raises BadDate with a suggestion.
    """
    word = " ".join(text.lower().split())
    try:
        for reader in (_period, _iso, _named, _day_month):
            found = reader(word, today)
            if found is not None:
                return found
        found = _offset(word, today, works)
        if found is not None:
            return found
    except (ValueError, OverflowError):
        pass
    raise BadDate(text, _suggestion(word))


def past(text: str, today: datetime.date, works: Works | None = None) -> tuple[str, str]:
    """The same of what is over, as time records are: `mon` and `24 nov` are the latest such day
    that is not after today, `last mon` one before today. Raises BadDate.
    """
    word = " ".join(text.lower().split())
    number = _prefixed(word.removeprefix("last "), DAYS)
    if number is not None:
        least = 1 if word.startswith("last ") else 0
        return _both(today - ((today.weekday() - number - least) % 7 + least) * _ONE_DAY)
    try:
        found = _day_month(word, today, -1)
    except ValueError:
        found = None
    return found or span(text, today, works)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """``day`` moved by whole months; a day that the month lacks becomes its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, _last(year, month)))


def add_workdays(day: datetime.date, count: int, works: Works | None = None) -> datetime.date:
    """``day`` moved by working days: those for which ``works`` holds, else Monday to Friday."""
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    if works is not None:
        for _ in range(abs(count)):
            day += step
            while not works(day):
                day += step
        return day
    weeks, rest = divmod(abs(count), 5)
    if weeks:
        while day.weekday() > 4:
            day -= step
        day += step * 7 * weeks
    while rest:
        day += step
        rest -= day.weekday() < 5
    return day


def _last(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _end(day: datetime.date) -> datetime.date:
    return day.replace(day=_last(day.year, day.month))


def _both(first: datetime.date, last: datetime.date | None = None) -> tuple[str, str]:
    return first.isoformat(), (last or first).isoformat()


def _period(word: str, today: datetime.date) -> tuple[str, str] | None:
    spoken = re.fullmatch(r"(this|last|next) (week|month)", word)
    if spoken:
        step = ("last", "this", "next").index(spoken[1]) - 1
        if spoken[2] == "week":
            monday = today + (7 * step - today.weekday()) * _ONE_DAY
            return _both(monday, monday + 6 * _ONE_DAY)
        first = add_months(today.replace(day=1), step)
        return _both(first, _end(first))
    if not word[:1].isdigit() or not word.isascii():
        return None
    week = re.fullmatch(r"(\d{4})-?w(\d{1,2})", word)
    if week:
        monday = datetime.date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return _both(monday, monday + 6 * _ONE_DAY)
    month = re.fullmatch(r"(\d{4})-(\d{2})", word)
    if month:
        first = datetime.date(int(month[1]), int(month[2]), 1)
        return _both(first, _end(first))
    if re.fullmatch(r"\d{4}", word):
        return _both(datetime.date(int(word), 1, 1), datetime.date(int(word), 12, 31))
    return None


def _iso(word: str, _today: datetime.date) -> tuple[str, str] | None:
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
        return None
    if len(word) == 10:
        return _both(datetime.date.fromisoformat(word))
    stamp = moments.iso(word.upper())
    return (stamp, stamp) if stamp else None


def _named(word: str, today: datetime.date) -> tuple[str, str] | None:
    quarter = (today.month - 1) // 3 * 3 + 1
    words: dict[str, Callable[[], datetime.date]] = {
        "today": lambda: today,
        "now": lambda: today,
        "tomorrow": lambda: today + _ONE_DAY,
        "yesterday": lambda: today - _ONE_DAY,
        "sow": lambda: today - today.weekday() * _ONE_DAY,
        "eow": lambda: today + (6 - today.weekday()) * _ONE_DAY,
        "som": lambda: today.replace(day=1),
        "eom": lambda: _end(today),
        "soq": lambda: today.replace(month=quarter, day=1),
        "eoq": lambda: _end(today.replace(month=quarter + 2, day=1)),
        "soy": lambda: today.replace(month=1, day=1),
        "eoy": lambda: today.replace(month=12, day=31),
    }
    if word in words:
        return _both(words[word]())
    number = _prefixed(word.removeprefix("next "), DAYS)
    if number is None:
        return None
    return _both(today + ((number - today.weekday() - 1) % 7 + 1) * _ONE_DAY)


def _prefixed(word: str, names: tuple[str, ...]) -> int | None:
    word = word.removesuffix(".")
    if len(word) < 3:
        return None
    return next((number for number, name in enumerate(names) if name.startswith(word)), None)


def _offset(word: str, today: datetime.date, works: Works | None) -> tuple[str, str] | None:
    match = re.fullmatch(r"([+-]?)((?:[0-9]{1,6}(?:bd|d|w|mo|m|y))+)", word)
    if not match:
        return None
    day, sign = today, -1 if match[1] == "-" else 1
    for count, unit in re.findall(r"([0-9]+)(bd|d|w|mo|m|y)", match[2]):
        amount = sign * int(count)
        if unit == "bd":
            day = add_workdays(day, amount, works)
        elif unit in ("d", "w"):
            day += amount * (7 if unit == "w" else 1) * _ONE_DAY
        else:
            day = add_months(day, amount * (12 if unit == "y" else 1))
    return _both(day)


def _day_month(word: str, today: datetime.date, way: int = 1) -> tuple[str, str] | None:
    """The next such day, today included; the latest one where ``way`` is -1."""
    match = re.fullmatch(r"([0-9]{1,2})\.? ?([a-z]{3,9}\.?)(?:,? ([0-9]{4}))?", word)
    if match:
        number, name, year = match[1], match[2], match[3]
    else:
        match = re.fullmatch(r"([a-z]{3,9}\.?) ([0-9]{1,2})(?:,? ([0-9]{4}))?", word)
        if not match:
            return None
        number, name, year = match[2], match[1], match[3]
    month = _prefixed(name, MONTHS)
    if month is None:
        return None
    if year:
        return _both(datetime.date(int(year), month + 1, int(number)))
    for each in range(today.year, today.year + 9 * way, way):
        if int(number) > _last(each, month + 1):
            continue
        found = datetime.date(each, month + 1, int(number))
        if found == today or (found > today) == (way > 0):
            return _both(found)
    return None


def _suggestion(word: str) -> str:

    names = ["today", "tomorrow", "yesterday", "eow", "eom", "eoq", "eoy", "som", *DAYS]
    return suggestion(word, names, _EXAMPLES)
