"""Wildcards in linear time, and regular expressions with a time limit."""

from functools import lru_cache
from typing import Any

from plaintrack.errors import PlaintrackError

SECONDS = 0.5


class BadPattern(PlaintrackError):
    """A regular expression that is wrong."""

    slug = "bad-pattern"

    def __init__(self, why: Exception) -> None:
        super().__init__(f"wrong regular expression: {why}")


def wild(pattern: str, text: str) -> bool:
    """Whether ``text`` matches ``pattern`` with its ``*`` wildcards; both are folded."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    last = rest.pop()
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in rest:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


@lru_cache(64)
def compiled(pattern: str, ignorecase: bool) -> Any:
    """The regular expression, compiled. Raises BadPattern."""
    import regex

    try:
        return regex.compile(pattern, regex.IGNORECASE if ignorecase else 0)
    except (regex.error, OverflowError, RecursionError) as error:
        raise BadPattern(error) from error


def match(pattern: str, ignorecase: bool, text: str) -> bool:
    """Whether ``text`` contains the regular expression; raises BadQuery if that takes too long."""
    try:
        return compiled(pattern, bool(ignorecase)).search(text, timeout=SECONDS) is not None
    except TimeoutError as error:
        from plaintrack.query.fault import PatternTooSlow

        raise PatternTooSlow(pattern) from error
