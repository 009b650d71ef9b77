"""Days as people say them: how far they are from today."""

from datetime import date

WEEKS, MONTHS, YEARS = 28, 91, 730
"""Days from which on a distance is told in weeks, months and years."""


def distance(found: date, today: date) -> str:
    """How far a day is from today: ``tomorrow``, ``in 3 days``, ``5 weeks ago``; whole weeks,
    months (of 30.4 days) and years, rounded down.
    """
    away = (found - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(away)
    if near:
        return near
    number, unit = _rounded(abs(away))
    text = f"{number} {unit}{'' if number == 1 else 's'}"
    return f"in {text}" if away > 0 else f"{text} ago"


def _rounded(days: int) -> tuple[int, str]:
    if days < WEEKS:
        return days, "day"
    if days < MONTHS:
        return days // 7, "week"
    if days < YEARS:
        return int(days / 30.4375), "month"
    return int(days / 365.25), "year"
