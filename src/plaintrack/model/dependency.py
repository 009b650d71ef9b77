"""A dependency on another item, as an element of ``depends_on`` says it: ``PT-9 SS+2d``."""

import re
from collections.abc import Iterable
from typing import NamedTuple

LAGS = "depends_on.lag"
"""Under this name an item's fields hold the elements of ``depends_on`` that say more than an id."""

# Texts, which are compiled when they are first needed: few lists have a lag.
_WORDS = r"(?ai)(\S+)\s+(?:(FS|SS|FF|SF)\s*)?(?:([+-])\s*((?:\d{1,9}(?:\.\d{1,9})?e?[mhdw])+))?"
_SAYS_MORE = r"(?ai)\S+\s+(?:(?:FS|SS|FF|SF)\b|[+-]\s*\d)"
_PARTS = r"(\d+(?:\.\d+)?)(e?)([mhdw])"
_CLOCK = {"m": 1, "h": 60, "d": 1440, "w": 10080}
HINT = "write it as `PT-9 +2d` (working time), `PT-9 +2ed` (elapsed) or `PT-9 SS+1d`"


class Dependency(NamedTuple):
    """What has to happen before an item may start, or end.

    ``kind`` names the two ends that are linked: FS (this starts when that has finished), SS, FF,
    SF. ``lag`` is in minutes, of work in the calendar of ``id``, or of the clock if ``elapsed``;
    a negative lag is a lead.
    """

    id: str
    kind: str = "FS"
    lag: float = 0
    elapsed: bool = False


def item(element: str) -> str:
    """The id that an element names: its identity in the list."""
    return element.split(None, 1)[0] if " " in element and says_more(element) else element


def says_more(element: str) -> bool:
    """Whether an element has a kind or a lag beside the id, or seems to be meant so."""
    return re.match(_SAYS_MORE, element) is not None


def canonical(element: str) -> str | None:
    """``PT-9 SS+1d`` in its one spelling; the id alone if nothing else is said; None if it cannot
    be read.
    """
    found = re.fullmatch(_WORDS, element.strip())
    if found is None:
        return None
    id_, kind, sign, length = found.groups()
    kind = "" if kind is None or kind.upper() == "FS" else kind.upper()
    lag = f"{sign}{length.lower()}" if length else ""
    if lag and len({bool(part[1]) for part in re.findall(_PARTS, lag)}) > 1:
        return None  # working and elapsed time in one lag
    return f"{id_} {kind}{lag}".rstrip()


def dependency(element: str, day: int = 480, week: int = 2400) -> Dependency:
    """The Dependency that an element says; one that cannot be read means its id alone.

    ``day`` and ``week`` are the minutes of a working day and week.
    """
    text = canonical(element) if " " in element.strip() else None
    if text is None:
        return Dependency(item(element.strip()))
    id_, _, rest = text.partition(" ")
    kind = rest[:2] if rest[:2] in ("SS", "FF", "SF") else "FS"
    lag, elapsed = 0.0, False
    for count, clock, unit in re.findall(_PARTS, rest):
        elapsed = bool(clock)
        sizes = _CLOCK if elapsed else {"m": 1, "h": 60, "d": day, "w": week}
        lag += float(count) * sizes[unit]
    return Dependency(id_, kind, -lag if "-" in rest else lag, elapsed)


def dependencies(
    ids: Iterable[str], lags: Iterable[str], day: int = 480, week: int = 2400
) -> tuple[Dependency, ...]:
    """The Dependencies of an item: ``ids`` are its ``depends_on``, ``lags`` what stands under
    LAGS.
    """
    known = {item(each).lower(): each for each in lags}
    return tuple(dependency(known.get(each.lower(), each), day, week) for each in ids)
