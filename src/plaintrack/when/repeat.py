"""How an item recurs, as people write it: an RFC 5545 RRULE or words, read into a Rule."""

import datetime
import re

from plaintrack.when.rule import Rule

LONGEST = 500
"""How many characters a rule may have."""


def read(text: str) -> Rule:
    """The Rule that ``text`` says; raises BadRepeat with the place and a suggestion."""
    if len(text) > LONGEST:
        from plaintrack.when.fault import RepeatTooLong

        raise RepeatTooLong(LONGEST)
    if re.match(
        r"\s*(?:RRULE|DTSTART|FREQ|INTERVAL|BY[A-Z]+|COUNT|UNTIL|WKST)\s*[:=]", text, re.IGNORECASE
    ):
        from plaintrack.when.rrule import read as of_rrule

        rule = of_rrule(text)
    else:
        from plaintrack.when.words import read as of_words

        rule = of_words(text)
    return _checked(rule, text)


def _checked(rule: Rule, text: str) -> Rule:
    if rule.until and rule.start and rule.until < rule.start:
        from plaintrack.when.fault import EndsBeforeStart

        raise EndsBeforeStart(rule.until, rule.start, text)
    never = _never(rule)
    if never:
        from plaintrack.when.fault import NeverOccurs

        raise NeverOccurs(text, never)
    return rule


def _never(rule: Rule) -> str:
    """Why the rule has no dates, where that can be told without looking for them."""
    longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    months = [longest[month - 1] for month in rule.bymonth or range(1, 13)]
    if (
        rule.bymonthday
        and not rule.clamp
        and not any(abs(day) <= length for day in rule.bymonthday for length in months)
    ):
        return "no such month has such a day"
    if (
        rule.byday
        and (rule.freq == "MONTHLY" or rule.bymonth)
        and all(abs(which) > 5 for which, _ in rule.byday)
    ):
        return "a month has at most five of a weekday"
    most = {"DAILY": 1, "WEEKLY": len(rule.byday), "MONTHLY": 31, "YEARLY": 366}[rule.freq]
    if rule.implicit:  # one day, or one in each month
        most = len(rule.bymonth) if rule.freq == "YEARLY" else 1
    if rule.bysetpos and all(abs(at) > most for at in rule.bysetpos):
        return f"BYSETPOS chooses among {most} of them"
    return ""


def anchored(text: str, first: datetime.date) -> str:
    """``text`` with the series' first day in it, if the rule's dates depend on that and it does not
    say it: ``monthly from 2026-01-31``.
    """
    rule = read(text)
    if rule.phased and not rule.start and not rule.after:
        return f"{text.rstrip()} from {first.isoformat()}"
    return text


def counted(text: str) -> str:
    """``text`` with one time less to go, for rules that count from the completion."""
    return re.sub(
        r"(\bCOUNT=)?\b(\d+)(?(1)|(?=\s+times?\b))",
        lambda each: (each[1] or "") + str(int(each[2]) - 1),
        text,
        count=1,
        flags=re.IGNORECASE,
    )
