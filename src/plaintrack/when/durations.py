"""Durations as people type them: ``45m 6h 2d 1w2d 1.5h``, in minutes of work."""

import re

from plaintrack.errors import PlaintrackError


class BadDuration(PlaintrackError):
    """A text that is not a duration."""

    slug = "bad-duration"

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a duration", "write 45m, 6h, 2d, 1w or 1w2d")


def minutes(text: str, day: int = 480, week: int = 2400) -> float:
    """The minutes that ``text`` means, with working days and weeks of ``day`` and ``week`` minutes.

    Raises BadDuration.
    """
    word = text.replace(" ", "").lower()
    if not re.fullmatch(r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?(?:min|m|h|d|w))+", word):
        raise BadDuration(text)
    sizes = {"min": 1, "m": 1, "h": 60, "d": day, "w": week}
    return sum(
        (float(count) * sizes[unit] for count, unit in re.findall(r"([0-9.]+)(min|m|h|d|w)", word)),
        0.0,
    )


def show(amount: float, day: int = 480, week: int = 2400) -> str:
    """Minutes as a duration in weeks, days, hours and minutes, rounded: ``1w2d``."""
    rest = round(abs(amount))
    parts = []
    for size, unit in ((week, "w"), (day, "d"), (60, "h"), (1, "m")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return ("-" if amount < 0 and parts else "") + ("".join(parts) or "0m")
