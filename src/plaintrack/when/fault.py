"""What can be wrong with a text that says how an item recurs, one class a failure."""

import datetime
from collections.abc import Iterable

from plaintrack.errors import suggestion
from plaintrack.when.rule import DAY_NAMES, EXAMPLES, FREQUENCIES, BadRepeat


class RepeatTooLong(BadRepeat):
    """The rule is longer than any that people write."""

    slug = "repeat-too-long"

    def __init__(self, most: int) -> None:
        super().__init__(f"the rule is longer than {most} characters", EXAMPLES)


class EndsBeforeStart(BadRepeat):
    """The series ends before it begins."""

    slug = "ends-before-start"

    def __init__(self, until: datetime.date, start: datetime.date, text: str) -> None:
        super().__init__(
            f"the series ends on {until}, before it begins on {start}",
            "correct one of the two days",
            text,
        )


class NeverOccurs(BadRepeat):
    """No day is one of the series, as ``why`` says."""

    slug = "never-occurs"

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"{text!r} never occurs: {why}", "correct the day or the month", text)


class NotUnderstood(BadRepeat):
    """A word is none that can stand there."""

    slug = "not-understood"

    def __init__(self, word: str, hint: str, text: str, column: int) -> None:
        super().__init__(f"{word!r} is not understood here", hint, text, column)


class RuleIncomplete(BadRepeat):
    """The text ends where a word must follow."""

    slug = "rule-incomplete"

    def __init__(self, hint: str, text: str, column: int) -> None:
        super().__init__("the rule is incomplete", hint, text, column)


class NoSuchInterval(BadRepeat):
    """Weekdays and weekends recur each time, not every second time."""

    slug = "no-such-interval"

    def __init__(self, interval: int, word: str, text: str, column: int) -> None:
        super().__init__(
            f"`every {interval} {word}s` is not known",
            "write `every weekday`, or a number of days",
            text,
            column,
        )


class NotACount(BadRepeat):
    """A number is wanted, of periods or of times."""

    slug = "not-a-count"

    def __init__(self, word: str, most: int, text: str, column: int) -> None:
        super().__init__(
            f"{word!r} is not a number from 1 to {most}",
            "write `every 2 weeks`, `10 times`",
            text,
            column,
        )


class NoDaysHere(BadRepeat):
    """Days are named where each day is one of the series, or days are named already."""

    slug = "no-days-here"

    def __init__(self, text: str, column: int) -> None:
        super().__init__(
            "days cannot be named here",
            "days can be named for weeks, months or years",
            text,
            column,
        )


class NoSuchWeekdayOfMonth(BadRepeat):
    """A month has no sixth Tuesday."""

    slug = "no-such-weekday-of-month"

    def __init__(self, text: str, column: int) -> None:
        super().__init__(
            "a month has at most five of a weekday", "write `last friday`", text, column
        )


class NoSuchWorkingDay(BadRepeat):
    """A working day between the first and the last of a month."""

    slug = "no-such-working-day"

    def __init__(self, text: str, column: int) -> None:
        super().__init__(
            "only `first working day` and `last working day` are known",
            "name a day and set `shift: next`",
            text,
            column,
        )


class NoSuchDayOfMonth(BadRepeat):
    """A month has no 32nd."""

    slug = "no-such-day-of-month"

    def __init__(self, text: str, column: int) -> None:
        super().__init__("a month has at most 31 days", "write `on the 15th`", text, column)


class DaysMixed(BadRepeat):
    """Days of the month and days of the week in one rule."""

    slug = "days-mixed"

    def __init__(self, text: str, column: int) -> None:
        super().__init__("days and weekdays cannot be mixed", "use two items", text, column)


class MonthMissing(BadRepeat):
    """A day of the year without its month."""

    slug = "month-missing"

    def __init__(self, text: str, column: int) -> None:
        super().__init__(
            "a day of the year needs its month",
            "write `yearly on 24 dec` or `yearly on the last friday of november`",
            text,
            column,
        )


class TwoEnds(BadRepeat):
    """The series ends on a day and after a number of times."""

    slug = "two-ends"

    def __init__(self, text: str) -> None:
        super().__init__(
            "a series ends on a day or after a number of times, not both", "leave one out", text
        )


class DayMissing(BadRepeat):
    """Nothing follows ``from`` or ``until``."""

    slug = "day-missing"

    def __init__(self, text: str, column: int) -> None:
        super().__init__("a day is missing", "write it as 2026-12-31", text, column)


class NotADay(BadRepeat):
    """A day is wanted."""

    slug = "not-a-day"

    def __init__(self, word: str, text: str, column: int) -> None:
        super().__init__(f"{word!r} is not a day", "write it as 2026-12-31", text, column)


class NoFrequency(BadRepeat):
    """An RRULE does not say how often."""

    slug = "no-frequency"

    def __init__(self, text: str, column: int) -> None:
        super().__init__(
            "the rule has no FREQ",
            "start with FREQ=DAILY, FREQ=WEEKLY, FREQ=MONTHLY or FREQ=YEARLY",
            text,
            column,
        )


class AboutHours(BadRepeat):
    """An RRULE speaks of hours, minutes or seconds."""

    slug = "about-hours"

    def __init__(self, part: str, text: str, column: int) -> None:
        super().__init__(
            f"{part!r} is about hours, but items recur by days",
            "put the time of day into `due`",
            text,
            column,
        )


class UnknownPart(BadRepeat):
    """An RRULE has no such part."""

    slug = "unknown-part"

    def __init__(self, name: str, known: Iterable[str], text: str, column: int) -> None:
        parts = tuple(known)
        hint = suggestion(name.upper(), parts, f"the parts are {', '.join(parts)}")
        super().__init__(f"{name!r} is not a part of an RRULE", hint, text, column)


class GivenTwice(BadRepeat):
    """An RRULE has a part twice."""

    slug = "given-twice"

    def __init__(self, name: str, text: str, column: int) -> None:
        super().__init__(f"{name} is given twice", "leave one out", text, column)


class UnknownFrequency(BadRepeat):
    """FREQ has no such value."""

    slug = "unknown-frequency"

    def __init__(self, word: str, text: str, column: int) -> None:
        hint = suggestion(word.upper(), FREQUENCIES, f"one of {', '.join(FREQUENCIES)}")
        super().__init__(f"{word!r} is not a FREQ", hint, text, column)


class NotAWeekday(BadRepeat):
    """WKST takes a day of the week."""

    slug = "not-a-weekday"

    def __init__(self, word: str, text: str, column: int) -> None:
        super().__init__(
            f"{word!r} is not a day of the week", f"one of {', '.join(DAY_NAMES)}", text, column
        )


class NotInBounds(BadRepeat):
    """The number of a part of an RRULE is none that it takes."""

    slug = "not-in-bounds"

    def __init__(
        self, name: str, word: str, bounds: tuple[int, int, bool], text: str, column: int
    ) -> None:
        least, most, negative = bounds
        hint = f"a number from {least} to {most}"
        if negative:
            hint += " (or negative: from the end)"
        super().__init__(f"{word!r} is not a valid {name}", hint, text, column)


class BadByday(BadRepeat):
    """BYDAY takes days of the week, each perhaps with a number."""

    slug = "bad-byday"

    def __init__(self, word: str, text: str, column: int) -> None:
        super().__init__(
            f"{word!r} is not a valid BYDAY",
            "write MO, or 2MO for the second, -1FR for the last Friday",
            text,
            column,
        )


class NotTogether(BadRepeat):
    """A part of an RRULE that its other parts rule out, as ``why`` says."""

    slug = "not-together"

    def __init__(self, name: str, why: str, text: str, column: int) -> None:
        super().__init__(f"{name} cannot be used here", why, text, column)
