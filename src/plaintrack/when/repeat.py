"""How an item recurs, as people write it: an RFC 5545 RRULE or words, read into a Rule."""

import datetime
import re
from typing import NamedTuple

from plaintrack.errors import PlaintrackError

INTERVAL, COUNT = 1000, 10_000
"""The largest interval and count that a rule may have."""
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAY_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAYS = tuple((0, each) for each in range(5))
EXAMPLES = "write `every weekday`, `every 2 weeks on mon,thu`, `monthly on the last day` or FREQ=WEEKLY;BYDAY=MO"


class BadRepeat(PlaintrackError):
    """A text that says no way to recur; ``column`` is the place in it (from 1)."""

    slug = "bad-repeat"


class Rule(NamedTuple):
    """A way to recur, with the parts of an RRULE.

    ``times``: how many dates it has in all (COUNT; 0: no end). ``byday`` holds (which one, weekday) pairs, 0 for every one. ``start`` is the first day of the series if the rule names it.
    ``after``: counted from the completion. ``working``: the days are the calendar's working days. ``clamp``: a day of the month
    that a month lacks becomes its last. ``shift`` is what the words say of days that are no working days (``next``, ``previous``).
    """

    freq: str
    interval: int = 1
    times: int = 0
    until: datetime.date | None = None
    start: datetime.date | None = None
    bymonth: tuple[int, ...] = ()
    bymonthday: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byday: tuple[tuple[int, int], ...] = ()
    bysetpos: tuple[int, ...] = ()
    wkst: int = 0
    after: bool = False
    working: bool = False
    clamp: bool = False
    shift: str = ""

    @property
    def implicit(self) -> bool:
        """Whether the day within the period is that of the series' first day."""
        return not (self.bymonthday or self.byyearday or self.byweekno or self.byday)

    @property
    def phased(self) -> bool:
        """Whether the dates depend on the series' first day, beyond beginning there."""
        return self.interval > 1 or bool(self.times) or (self.implicit and self.freq != "DAILY")


def read(text: str) -> Rule:
    """The Rule that ``text`` says; raises BadRepeat with the place and a suggestion."""
    if len(text) > 500:
        raise BadRepeat("the rule is longer than 500 characters", EXAMPLES)
    if re.match(r"\s*(?:RRULE|DTSTART|FREQ|INTERVAL|BY[A-Z]+|COUNT|UNTIL|WKST)\s*[:=]", text, re.IGNORECASE):
        from plaintrack.when.rrule import read as of_rrule

        rule = of_rrule(text)
    else:
        from plaintrack.when.words import read as of_words

        rule = of_words(text)
    return _checked(rule, text)


def _checked(rule: Rule, text: str) -> Rule:
    if rule.until and rule.start and rule.until < rule.start:
        raise BadRepeat(f"the series ends on {rule.until} before it begins on {rule.start}", "correct one of the two days", text)
    never = _never(rule)
    if never:
        raise BadRepeat(f"{text!r} never comes: {never}", "correct the day or the month", text)
    return rule


def _never(rule: Rule) -> str:
    """Why the rule has no dates, where that can be told without looking for them."""
    longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    months = [longest[month - 1] for month in rule.bymonth or range(1, 13)]
    if rule.bymonthday and not rule.clamp and not any(abs(day) <= length for day in rule.bymonthday for length in months):
        return "no such month has such a day"
    if rule.byday and (rule.freq == "MONTHLY" or rule.bymonth) and all(abs(which) > 5 for which, _ in rule.byday):
        return "a month has five of a weekday at most"
    most = {"DAILY": 1, "WEEKLY": len(rule.byday), "MONTHLY": 31, "YEARLY": 366}[rule.freq]
    if rule.implicit:  # one day, or one in each month
        most = len(rule.bymonth) if rule.freq == "YEARLY" else 1
    if rule.bysetpos and all(abs(at) > most for at in rule.bysetpos):
        return f"BYSETPOS chooses among {most} of them"
    return ""


def anchored(text: str, first: datetime.date) -> str:
    """``text`` with the series' first day in it, if the rule's dates depend on that and it does not say it: ``monthly from 2026-01-31``."""
    rule = read(text)
    return f"{text.rstrip()} from {first.isoformat()}" if rule.phased and not rule.start and not rule.after else text


def counted(text: str) -> str:
    """``text`` with one time less to go, for rules that count from the completion."""
    return re.sub(r"(\bCOUNT=)?\b(\d+)(?(1)|(?=\s+times?\b))", lambda each: (each[1] or "") + str(int(each[2]) - 1), text, count=1, flags=re.IGNORECASE)


def day(word: str, text: str, at: int) -> datetime.date:
    """An ISO day in a rule; raises BadRepeat."""
    plain = re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)(?:T\d{6}Z?)?", word.upper(), re.ASCII)
    try:
        if plain:
            return datetime.date(*map(int, plain.groups()))
    except ValueError:
        pass
    raise BadRepeat(f"{word!r} is no day", "write it as 2026-12-31", text, at + 1)

