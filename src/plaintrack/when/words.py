"""How an item recurs, in words: ``every 2 weeks on mon,thu``, ``monthly on the last day``, ``every
3 months after completion``.
"""

import datetime
import re
from collections.abc import Callable
from typing import NamedTuple

from plaintrack.errors import NEARER, suggestion
from plaintrack.when.dates import DAYS, MONTHS
from plaintrack.when.rule import COUNT, EXAMPLES, INTERVAL, WEEKDAYS, BadRepeat, Rule, day

_TOKEN = re.compile(r"\d{4}-\d\d-\d\d|-?\d+(?:st|nd|rd|th)?\b|[^\W\d_]+|[^\s\w]|\S+")
_NOISE = frozenset((",", "and", "the", "&"))
_HEADS = {
    "daily": Rule("DAILY"),
    "weekly": Rule("WEEKLY"),
    "fortnightly": Rule("WEEKLY", 2),
    "monthly": Rule("MONTHLY"),
    "quarterly": Rule("MONTHLY", 3),
    "yearly": Rule("YEARLY"),
    "annually": Rule("YEARLY"),
}
_UNITS = {
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "year": ("YEARLY", 1),
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_ENDS = ("after", "when", "until", "from", "starting", "times")
_VOCABULARY = (
    *(*_HEADS, *_UNITS, *(f"{each}s" for each in _UNITS), *_ORDINALS, *_ENDS, *DAYS, *MONTHS),
    *("every", "other", "on", "in", "of", "weekday", "weekend", "working", "completion", "done"),
)


class _Token(NamedTuple):
    word: str
    at: int


def read(text: str) -> Rule:
    """The Rule; raises BadRepeat with the place and the nearest word."""
    reader = _Reader(text, 0)
    rule = reader.head()
    if reader.take("on", "in"):
        rule = reader.days(rule)
    return reader.tails(rule)


def tails(text: str, at: int, rule: Rule) -> Rule:
    """``rule`` with the ``from``, ``until``, ``… times`` or ``after completion`` at ``at`` in
    ``text``.
    """
    return _Reader(text, at).tails(rule)


def _weekday(word: str) -> int | None:
    plain = word.removesuffix("s") if len(word) > 4 else word
    return next(
        (number for number, name in enumerate(DAYS) if len(plain) > 1 and name.startswith(plain)),
        None,
    )


def _month(word: str) -> int | None:
    return next(
        (
            number
            for number, name in enumerate(MONTHS, 1)
            if len(word) > 2 and name.startswith(word)
        ),
        None,
    )


def _ordinal(word: str) -> int | None:
    if word in _ORDINALS:
        return _ORDINALS[word]
    found = re.fullmatch(r"(\d{1,3})(?:st|nd|rd|th)", word)
    return int(found[1]) if found else None


class _Reader:
    """Reads the tokens of one text from left to right."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.tokens = [
            _Token(each.group().lower(), each.start()) for each in _TOKEN.finditer(text, at)
        ]
        self.tokens = [each for each in self.tokens if each.word not in _NOISE]
        self.at = 0

    def word(self, ahead: int = 0) -> str:
        """The next word, empty at the end."""
        return self.tokens[self.at + ahead].word if self.at + ahead < len(self.tokens) else ""

    def take(self, *words: str) -> str:
        """The next word if it is one of these; it is then done with."""
        found = self.word()
        if found and found in words:
            self.at += 1
            return found
        return ""

    def column(self, back: int = 0) -> int:
        """Where the next word stands, or one of those before it; from 1."""
        number = self.at - back
        place = self.tokens[number].at if number < len(self.tokens) else len(self.text)
        return place + 1

    def fail(self, hint: str = "") -> BadRepeat:
        """The error about the next word, which is none that can stand there."""
        from plaintrack.when.fault import NotUnderstood, RuleIncomplete

        word = self.word()
        if not hint:
            hint = EXAMPLES
            if word not in _VOCABULARY:
                hint = suggestion(word, _VOCABULARY, EXAMPLES, NEARER)
        if not word:
            return RuleIncomplete(hint, self.text, self.column())
        return NotUnderstood(word, hint, self.text, self.column())

    def head(self) -> Rule:
        """How often."""
        name = self.take(*_HEADS)
        if name:
            return _HEADS[name]
        if not self.take("every", "each"):
            raise self.fail()
        interval = 1
        if self.take("other"):
            interval = 2
        elif self.word().isdecimal() and _month(self.word(1)) is None:
            interval = self.number(INTERVAL)
        rule = self.unit(interval)
        if rule is not None:
            return rule
        if _weekday(self.word()) is not None:
            return self.weekdays(Rule("WEEKLY", interval))
        if interval > 1:
            raise self.fail()
        return self.days(Rule("YEARLY" if self.dated() else "MONTHLY"))

    def unit(self, interval: int) -> Rule | None:
        """Days, weekdays, weeks, months, quarters or years."""
        word = self.word().removesuffix("s")
        if word in _UNITS:
            self.at += 1
            freq, size = _UNITS[word]
            return Rule(freq, interval * size)
        special = word in ("weekday", "weekend", "workday") or (
            word == "working" and self.word(1) in ("day", "days")
        )
        if not special:
            return None
        if interval > 1:
            from plaintrack.when.fault import NoSuchInterval

            raise NoSuchInterval(interval, word, self.text, self.column())
        self.at += 2 if word == "working" else 1
        if word == "weekday":
            return Rule("WEEKLY", byday=WEEKDAYS)
        if word == "weekend":
            return Rule("WEEKLY", byday=((0, 5), (0, 6)))
        return Rule("DAILY", working=True)

    def number(self, most: int) -> int:
        """A number from 1 on."""
        word = self.word()
        if not (word.isdecimal() and word.isascii() and 1 <= int(word) <= most):
            from plaintrack.when.fault import NotACount

            raise NotACount(word, most, self.text, self.column())
        self.at += 1
        return int(word)

    def dated(self) -> bool:
        """Whether a day of a named month comes next: ``24 dec``, ``last friday of november``."""
        words = [self.word(each) for each in range(4)]
        return any(_month(each) is not None for each in words[:2]) or (
            words[2] == "of" and _month(words[3]) is not None
        )

    def days(self, rule: Rule) -> Rule:
        """On which days of the period."""
        readers: dict[str, Callable[[Rule], Rule]] = {
            "WEEKLY": self.weekdays,
            "MONTHLY": self.monthdays,
            "YEARLY": self.yeardays,
        }
        if rule.freq not in readers or rule.working or rule.byday:
            from plaintrack.when.fault import NoDaysHere

            raise NoDaysHere(self.text, self.column(1))
        return readers[rule.freq](rule)

    def weekdays(self, rule: Rule) -> Rule:
        """Days of the week."""
        found: list[tuple[int, int]] = []
        while True:
            number = _weekday(self.word())
            if number is not None:
                found.append((0, number))
            elif self.word() in ("weekday", "weekdays"):
                found += WEEKDAYS
            elif self.word() in ("weekend", "weekends"):
                found += [(0, 5), (0, 6)]
            else:
                break
            self.at += 1
        if not found:
            raise self.fail()
        return rule._replace(byday=tuple(dict.fromkeys(found)))

    def monthdays(self, rule: Rule) -> Rule:
        """Days of the month: ``15th``, ``last day``, ``second tuesday``, ``last working day``."""
        days: list[int] = []
        named: list[tuple[int, int]] = []
        while (which := _ordinal(self.word())) is not None or self.counted():
            which = int(self.word()) if which is None else which
            self.at += 1
            number = _weekday(self.word())
            if number is not None:
                if abs(which) > 5:
                    from plaintrack.when.fault import NoSuchWeekdayOfMonth

                    raise NoSuchWeekdayOfMonth(self.text, self.column(1))
                named.append((which, number))
                self.at += 1
                continue
            if self.working():
                if which not in (1, -1) or days or named:
                    from plaintrack.when.fault import NoSuchWorkingDay

                    raise NoSuchWorkingDay(self.text, self.column(1))
                return rule._replace(
                    bymonthday=(which,), shift="next" if which == 1 else "previous"
                )
            if not 1 <= abs(which) <= 31:
                from plaintrack.when.fault import NoSuchDayOfMonth

                raise NoSuchDayOfMonth(self.text, self.column(1))
            days.append(which)
            self.take("day")
        if bool(days) == bool(named):
            if not days:
                raise self.fail()
            from plaintrack.when.fault import DaysMixed

            raise DaysMixed(self.text, self.column())
        return rule._replace(
            bymonthday=tuple(dict.fromkeys(days)),
            byday=tuple(dict.fromkeys(named)),
            clamp=any(each > 28 for each in days),
        )

    def counted(self) -> bool:
        """Whether a bare number stands for a day here: ``on 15``."""
        return (
            self.word().isdecimal()
            and self.word().isascii()
            and len(self.word()) < 4
            and self.word(1) not in ("time", "times")
        )

    def working(self) -> bool:
        """Whether `working day` comes next; it is then done with."""
        if self.word() in ("working", "work") and self.word(1) == "day":
            self.at += 2
            return True
        return bool(self.take("workday"))

    def yeardays(self, rule: Rule) -> Rule:
        """Days of the year: ``24 dec``, ``dec 24``, ``last friday of november``."""
        if (month := _month(self.word())) is not None:
            self.at += 1
            if _ordinal(self.word()) is None and not self.counted():
                return rule._replace(bymonth=(month,))
            return self.monthdays(rule)._replace(bymonth=(month,))
        rule = self.monthdays(rule)
        self.take("of")
        month = _month(self.word())
        if month is None:
            from plaintrack.when.fault import MonthMissing

            raise MonthMissing(self.text, self.column())
        self.at += 1
        return rule._replace(bymonth=(month,))

    def tails(self, rule: Rule) -> Rule:
        """From when, until when, how often, and from where it counts."""
        while self.at < len(self.tokens):
            if self.take("until"):
                rule = rule._replace(until=self.day())
            elif self.take("from", "starting"):
                rule = rule._replace(start=self.day())
            elif self.take("after", "when"):
                if not self.take("completion", "completed", "done"):
                    raise self.fail(hint="write `after completion`")
                rule = rule._replace(after=True)
            elif self.word().isdecimal() and self.word(1) in ("time", "times"):
                rule = rule._replace(times=self.number(COUNT))
                self.at += 1
            else:
                raise self.fail()
        if rule.times and rule.until:
            from plaintrack.when.fault import TwoEnds

            raise TwoEnds(self.text)
        return rule

    def day(self) -> datetime.date:
        """An ISO day."""
        if not self.word():
            from plaintrack.when.fault import DayMissing

            raise DayMissing(self.text, self.column())
        found = day(self.word(), self.text, self.tokens[self.at].at)
        self.at += 1
        return found
