"""What an item takes, as a line of ``needs`` says it: ``rig``, ``2 van``, ``van | truck``."""

import re
from typing import NamedTuple

MOST = 10_000
"""Units that one line can ask for."""
_OPTION = re.compile(r"(?:(\d+)\s+(?:of\s+)?)?(skill:\s*)?(\S.*)", re.DOTALL)


class Option(NamedTuple):
    """One way to meet a need: ``units`` of the equipment, person or team ``name``, or that many
    people with the skill of that name.
    """

    units: int
    name: str
    skill: bool = False


class Need(NamedTuple):
    """One line of ``needs``: the first of its options that can be had, in order of preference."""

    options: tuple[Option, ...]


class BadNeed(ValueError):
    """A line of ``needs`` that cannot be read; its text says why."""


def need(text: str) -> Need:
    """The Need in a line; raises BadNeed."""
    return Need(tuple(_option(each.strip()) for each in text.split("|")))


def _option(text: str) -> Option:
    found = _OPTION.fullmatch(text)
    if found is None:
        from plaintrack.model.fault import NameMissing

        raise NameMissing()
    count, skill, name = found.groups()
    digits = (count or "1").lstrip("0") or "0"
    units = int(digits) if len(digits) <= len(str(MOST)) else MOST + 1
    if not 1 <= units <= MOST:
        from plaintrack.model.fault import TooManyUnits

        raise TooManyUnits(digits, MOST)
    return Option(units, " ".join(name.split()), bool(skill))


def key(text: str) -> str:
    """What tells a line from others of the list: what is needed, without the units."""
    try:
        options = need(text).options
    except BadNeed:
        return text.casefold()
    return " | ".join(f"{'skill:' * each.skill}{each.name}" for each in options).casefold()
