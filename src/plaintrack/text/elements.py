"""The values of fields whose elements say more than one word: read by their grammar, each with its
fault, and the line to write where a mapping stands.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from plaintrack.model import dependency, person
from plaintrack.model.need import MOST, BadNeed, need


class Fault(NamedTuple):
    """Why an element cannot be read, and how to write it."""

    message: str
    hint: str


class Elements(NamedTuple):
    """The values of a field as all others read them, a fault or None for each, and the lags that
    are kept apart from ids.
    """

    values: tuple[str, ...]
    faults: tuple[Fault | None, ...]
    lags: tuple[str, ...] = ()


def read(grammar: str, texts: Sequence[str]) -> Elements:
    """The elements in these texts."""
    if grammar == "dependency":
        return _dependencies(texts)
    return Elements(tuple(texts), tuple(_fault(grammar, each) for each in texts))


def _dependencies(texts: Sequence[str]) -> Elements:
    values, faults, lags = [], [], []
    for text in texts:
        fault = None
        more = " " in text and dependency.says_more(text)
        spelt = dependency.canonical(text) if more else None
        if more and spelt is None:
            what = text.split(None, 1)[1]
            fault = Fault(f"{what[:40]!r} is not a lag", dependency.HINT)
        elif spelt is not None and " " in spelt:
            lags.append(spelt)
        values.append(dependency.item(text))
        faults.append(fault)
    return Elements(tuple(values), tuple(faults), tuple(lags))


def _fault(grammar: str, text: str) -> Fault | None:
    if grammar == "need":
        try:
            need(text)
        except BadNeed as error:
            return Fault(
                str(error), f"write `rig`, `2 van` or `van | truck`; {MOST:,} units at most"
            )
        return None
    try:
        _LINES[grammar](text)
    except person.BadLine as error:
        return Fault(error.message, error.hint)
    return None


_LINES: Mapping[str, Callable[[str], object]] = {
    "leave": person.leave,
    "maintenance": lambda text: person.leave(text, "maintenance"),
    "hours": person.hours,
    "rate": person.rate,
    "allowance": person.allowance,
    "share": person.share,
}


def line(grammar: str, source: str) -> str:
    """The line that was meant where a mapping stands: ``skill: welding`` is ``skill:welding``, and
    ``2026-12-21 annual: family`` is leave with a note.
    """
    text = " ".join(source.split()).strip("{} ")
    if grammar in ("leave", "maintenance"):
        return text.replace(": ", " · ", 1)
    if grammar == "need":
        return text.replace(": ", ":", 1)
    return text.replace(": ", " ", 1)
