"""An RFC 5545 RRULE, read into a Rule: the parts that speak of days."""

import re
from typing import Any

from plaintrack.when.rule import COUNT, DAY_NAMES, FREQUENCIES, INTERVAL, Rule, day

_NUMBERS = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
}
_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_NUMBERS)
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")


def read(text: str) -> Rule:
    """The Rule; raises BadRepeat with the place. Behind the RRULE may stand what also ends words:
    ``from``, ``after completion``.
    """
    found = re.match(
        r"\s*(?:DTSTART(?:;VALUE=DATE)?[:=](\d{8}|\d{4}-\d\d-\d\d)(?:T\d{6}Z?)?[;\s]+)?(?:RRULE:)?(\S*)",
        text,
        re.IGNORECASE,
    )
    assert found is not None
    start = day(found[1], text, found.start(1)) if found[1] else None
    given = _parts(found[2], text, found.start(2))
    if "FREQ" not in given:
        from plaintrack.when.fault import NoFrequency

        raise NoFrequency(text, found.start(2) + 1)
    values = {name.lower(): _value(name, word, text, at) for name, (word, at) in given.items()}
    if "count" in values:
        values["times"] = values.pop("count")
    rule = Rule(start=start, **values)
    _together(rule, given, text)
    rest = found.end(2)
    if text[rest:].strip():
        from plaintrack.when.words import tails

        rule = tails(text, rest, rule)
    return rule


def _parts(words: str, text: str, at: int) -> dict[str, tuple[str, int]]:
    """Name → value and its place."""
    found: dict[str, tuple[str, int]] = {}
    for part in words.rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        upper = name.upper()
        if upper in _TIMES or value.upper() in ("HOURLY", "MINUTELY", "SECONDLY"):
            from plaintrack.when.fault import AboutHours

            raise AboutHours(part, text, at + 1)
        if not equals or upper not in _PARTS:
            from plaintrack.when.fault import UnknownPart

            raise UnknownPart(name, _PARTS, text, at + 1)
        if upper in found:
            from plaintrack.when.fault import GivenTwice

            raise GivenTwice(upper, text, at + 1)
        found[upper] = value, at + len(name) + 1
        at += len(part) + 1
    return found


def _value(name: str, word: str, text: str, at: int) -> Any:
    upper = word.upper()
    if name == "FREQ":
        if upper not in FREQUENCIES:
            from plaintrack.when.fault import UnknownFrequency

            raise UnknownFrequency(word, text, at + 1)
        return upper
    if name == "UNTIL":
        return day(word, text, at)
    if name == "WKST":
        if upper not in DAY_NAMES:
            from plaintrack.when.fault import NotAWeekday

            raise NotAWeekday(word, text, at + 1)
        return DAY_NAMES.index(upper)
    if name == "BYDAY":
        return tuple(_weekday(each, text, at) for each in upper.split(","))
    if name in ("INTERVAL", "COUNT"):
        return _number(name, word, 1, INTERVAL if name == "INTERVAL" else COUNT, False, text, at)
    least, most, negative = _NUMBERS[name]
    return tuple(
        dict.fromkeys(
            _number(name, each, least, most, negative, text, at) for each in word.split(",")
        )
    )


def _number(name: str, word: str, least: int, most: int, negative: bool, text: str, at: int) -> int:
    if (
        re.fullmatch(r"[+-]?[0-9]{1,5}", word)
        and least <= (abs(int(word)) if negative else int(word)) <= most
    ):
        return int(word)
    from plaintrack.when.fault import NotInBounds

    raise NotInBounds(name, word, (least, most, negative), text, at + 1)


def _weekday(word: str, text: str, at: int) -> tuple[int, int]:
    found = re.fullmatch(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", word)
    if found is None or (found[1] and not 1 <= abs(int(found[1])) <= 53):
        from plaintrack.when.fault import BadByday

        raise BadByday(word, text, at + 1)
    return int(found[1] or 0), DAY_NAMES.index(found[2])


def _together(rule: Rule, given: dict[str, tuple[str, int]], text: str) -> None:
    """Refuse the parts that RFC 5545 does not allow together."""
    wrong = None
    if rule.byweekno and rule.freq != "YEARLY":
        wrong = "BYWEEKNO", "it works only with FREQ=YEARLY"
    elif rule.byyearday and rule.freq != "YEARLY":
        wrong = "BYYEARDAY", "it works only with FREQ=YEARLY"
    elif rule.bymonthday and rule.freq == "WEEKLY":
        wrong = "BYMONTHDAY", "it does not work with FREQ=WEEKLY"
    elif any(which for which, _ in rule.byday) and (
        rule.freq not in ("MONTHLY", "YEARLY") or rule.byweekno
    ):
        wrong = (
            "BYDAY",
            "a number before the day works only with FREQ=MONTHLY or FREQ=YEARLY, without BYWEEKNO",
        )
    elif rule.bysetpos and rule.implicit and not rule.bymonth:
        wrong = "BYSETPOS", "it needs another BY… part to choose from"
    elif rule.times and rule.until:
        wrong = "COUNT", "a series has a COUNT or an UNTIL, not both"
    if wrong:
        name, why = wrong
        from plaintrack.when.fault import NotTogether

        raise NotTogether(name, why, text, given[name][1] - len(name))
