"""What can be wrong with a line of a person's file, with a need and with a formula, one class a
failure.
"""

from datetime import date

from plaintrack.model.formula import BadFormula
from plaintrack.model.need import BadNeed
from plaintrack.model.person import HOURS_HINT, LEAVE_HINT, SHARE_HINT, BadLine


class NoDayFirst(BadLine):
    """Leave does not begin with a day."""

    def __init__(self) -> None:
        super().__init__("it does not begin with a day", LEAVE_HINT)


class DaysReversed(BadLine):
    """The last day is before the first."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(f"{last} is before {first}", f"write {last}..{first}")


class HalfOfSeveral(BadLine):
    """Half of more than one day."""

    def __init__(self, half: str, first: date) -> None:
        super().__init__(
            f"{half} is half of a single day", f"write `{first} {half} …` in a line apart"
        )


class LeaveTypeMissing(BadLine):
    """Leave without its type."""

    def __init__(self) -> None:
        super().__init__("the type of leave is missing", LEAVE_HINT)


class NotALeaveType(BadLine):
    """No type of leave can have that name."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind!r} is not a type of leave", LEAVE_HINT)


class TooMuch(BadLine):
    """Words behind the end of the line, perhaps a note."""

    def __init__(self, words: str) -> None:
        super().__init__(f"{words!r} is too much", f"write a note as `· {words}`")


class HoursMissing(BadLine):
    """There are no hours in the line."""

    def __init__(self) -> None:
        super().__init__("the hours are missing", HOURS_HINT)


class ShareTooLarge(BadLine):
    """More than twice the calendar's hours."""

    def __init__(self, percent: int) -> None:
        super().__init__(f"more than {percent} %", HOURS_HINT)


class HoursWithoutDay(BadLine):
    """Hours in a list of days, and no day before them."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word!r} has no day before it", HOURS_HINT)


class DayWithoutHours(BadLine):
    """A day in a list of days, and no hours behind it."""

    def __init__(self, day: str) -> None:
        super().__init__(f"{day} has no hours behind it", HOURS_HINT)


class LongerThan(BadLine):
    """More hours than a day or a week has."""

    def __init__(self, amount: str, unit: str) -> None:
        super().__init__(f"{amount} is longer than a {unit}", HOURS_HINT)


class NotInWeek(BadLine):
    """A day of the week is wanted."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word!r} is not a day of the week", HOURS_HINT)


class NotARate(BadLine):
    """The line is not an amount, a currency and a unit of time."""

    def __init__(self) -> None:
        super().__init__("it is not a rate", "write `80 EUR/h` or `2027-01-01 640 EUR/d`")


class NotAnAllowance(BadLine):
    """The line is not a year, a type and a number of days."""

    def __init__(self) -> None:
        super().__init__("it is not an allowance", "write year, type and days: `2026 annual 25d`")


class NotAPercentage(BadLine):
    """The text is not a percentage from above 0 to 100."""

    def __init__(self) -> None:
        super().__init__("it is not a share", SHARE_HINT)


class NotFromADay(BadLine):
    """A span of days, where the next line ends what this one says."""

    def __init__(self, first: str) -> None:
        super().__init__("it holds from a day on", f"write {first} alone; the next line ends it")


class NoSuchDay(BadLine):
    """The month has no such day."""

    def __init__(self, text: str) -> None:
        super().__init__(f"there is no day {text}", "write it as YYYY-MM-DD")


class NameMissing(BadNeed):
    """A need, or one of its options, is empty."""

    def __init__(self) -> None:
        super().__init__("a name is missing")


class TooManyUnits(BadNeed):
    """No units, or more than a line can ask for."""

    def __init__(self, digits: str, most: int) -> None:
        units = f"{int(digits):,}" if len(digits) <= 12 else f"{digits[:9]}…"
        super().__init__(f"{units} units; a line takes 1 to {most:,}")


class FormulaTooLong(BadFormula):
    """The formula is longer than any that people write."""

    slug = "formula-too-long"

    def __init__(self, most: int) -> None:
        super().__init__(f"a formula has at most {most} characters", "make it shorter")


class WrongFormula(BadFormula):
    """A formula that cannot be read, and where."""

    def __init__(self, what: str, text: str, start: int) -> None:
        hint = "a formula has numbers, names of fields, + - * / ( ), min and max"
        super().__init__(what, hint, text.replace("\n", " "), start + 1)


class NotOfFormula(WrongFormula):
    """A sign that no formula has."""

    slug = "not-of-formula"

    def __init__(self, text: str, start: int) -> None:
        super().__init__("not a part of a formula", text, start)


class Unexpected(WrongFormula):
    """Something follows the end of the formula."""

    slug = "unexpected"

    def __init__(self, token: str, text: str, start: int) -> None:
        super().__init__(f"unexpected {token!r}", text, start)


class FormulaTooDeep(WrongFormula):
    """There are too many parentheses in parentheses."""

    slug = "formula-too-deep"

    def __init__(self, text: str, start: int) -> None:
        super().__init__("nested too deeply", text, start)


class NotExpected(WrongFormula):
    """Something else must stand there."""

    slug = "not-expected"

    def __init__(self, what: str, token: str, text: str, start: int) -> None:
        super().__init__(f"{what} is expected here, not {token!r}", text, start)


class ExpectedAtEnd(WrongFormula):
    """The formula ends too early."""

    slug = "expected-at-end"

    def __init__(self, what: str, text: str) -> None:
        super().__init__(f"{what} is expected at the end", text, len(text.rstrip()))
