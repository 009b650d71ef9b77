"""The table ``item`` as the settings of all repositories together would have it: what some of them
say otherwise is told in the words of all.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.store.index.rows import DERIVED
from plaintrack.store.index.sql import Fragment
from plaintrack.store.portfolio import shape
from plaintrack.store.portfolio.follow import LINKED

if TYPE_CHECKING:
    from plaintrack.store.portfolio.rows import Rows

CHOICES = ("status", "priority", "type")
"""Fields that are ordered by their choices."""
_UNSET, _UNKNOWN = 1000, 999  # see store/index/rows.py
_DAYS = ("due", "wait", "created")
_SPAN = 100_000  # see when/moments.py
_FIRST = "DATE '0001-01-01'"


class Differing(NamedTuple):
    """What some repositories say otherwise: what statuses are called here, the places of the
    choices of a field, and their time zone with that of all.
    """

    names: tuple[str, ...]
    statuses: Mapping[str, str] = {}
    ranks: Mapping[str, Sequence[str]] = {}
    zones: tuple[str, str] | None = None


def item(
    some: Sequence[Differing], rows: "Rows", linked: Mapping[int, Sequence[int]] = {}
) -> Fragment:
    """What stands behind FROM in place of ``item``; ``linked``, see ``lookup.linked``."""
    if not some and not linked:
        return Fragment(rows.whole)
    plain = [each.name for each in shape.ITEM if each.kind != "values"]
    cases: dict[str, list[_Case]] = {}
    for each in some:
        for case in _columns(each, rows):
            cases.setdefault(case.column, []).append(case)
    cells: list[str] = []
    params: list[object] = []
    plain = [each.name for each in shape.ITEM if each.kind != "values"]
    for name in ("repository", "number", "address", *plain):
        if linked and name in DERIVED:
            known = {str(number): each[DERIVED.index(name)] for number, each in linked.items()}
            told = rows.looked_up(known, "CAST(t.number AS text)")
            sql = f"coalesce(CAST({told.sql} AS int), t.{name})"
            cells.append(f"CASE WHEN {LINKED} THEN {sql} ELSE t.{name} END AS {name}")
            params += told.params
        elif name not in cases:
            cells.append(f"t.{name}")
        else:
            whens = " ".join(
                f"WHEN {case.where}t.repository = ANY(?) THEN {case.told.sql}"
                for case in cases[name]
            )
            cells.append(f"CASE {whens} ELSE t.{name} END AS {name}")
            params += [p for case in cases[name] for p in (list(case.names), *case.told.params)]
    return Fragment(f"(SELECT {', '.join(cells)} FROM {rows.whole} t)", tuple(params))


class _Case(NamedTuple):
    """What a column is in some repositories; ``where``: a condition that is looked at before."""

    names: tuple[str, ...]
    column: str
    told: Fragment
    where: str = ""


def _columns(some: Differing, rows: "Rows") -> Iterator[_Case]:
    """What they say otherwise."""
    if some.statuses:
        yield _Case(some.names, "status", _words("t.status", some.statuses))
        folded = _words("t.status", some.statuses, "t.status_fold", folded=True)
        yield _Case(some.names, "status_fold", folded)
    for field, choices in some.ranks.items():
        text = Fragment(f"t.{field}")
        if field == "status" and some.statuses:
            text = _words("t.status", some.statuses)
        whens = " ".join(f"WHEN ? THEN {at}" for at in range(len(choices)))
        sql = f"CASE {text.sql} WHEN '' THEN {_UNSET} {whens} ELSE {_UNKNOWN} END"
        yield _Case(some.names, f"{field}_rank", Fragment(sql, (*text.params, *choices)))
    if some.zones:
        for field in shape.MOMENTS:
            day, moment = _moved(field, *some.zones)
            # few say it, so it is the quickest to ask first
            where = f"t.{field}_at IS NOT NULL AND {rows.zoned(field)} AND "
            yield _Case(some.names, f"{field}_at", moment, where)
            if field in _DAYS:
                yield _Case(some.names, f"{field}_day", day, where)


def _words(
    column: str, words: Mapping[str, str], otherwise: str = "", folded: bool = False
) -> Fragment:
    """A text with others in place of some words."""
    from plaintrack.model.task import fold

    params = [p for text, told in words.items() for p in (text, fold(told) if folded else told)]
    whens = " ".join("WHEN ? THEN ?" for _ in words)
    return Fragment(f"CASE {column} {whens} ELSE {otherwise or column} END", tuple(params))


def _moved(field: str, own: str, here: str) -> tuple[Fragment, Fragment]:
    """The day and the key of a moment in another time zone, of one that says its offset: a day is a
    day, and a time of day one everywhere.
    """
    old, at = f"floor(t.{field}_at / {_SPAN})", f"t.{field}_at"
    begun = f"(({_FIRST} + (CAST({old} AS int) - 1))::timestamp AT TIME ZONE ?)"
    instant = f"({begun} + ({at} - {old} * {_SPAN}) * interval '1 second')"
    day = f"CAST(({instant} AT TIME ZONE ?) AS date)"
    number = f"({day} - {_FIRST} + 1)"
    midnight = f"({day}::timestamp AT TIME ZONE ?)"
    seconds = f"(extract(epoch FROM {instant}) - extract(epoch FROM {midnight}))"
    key = f"CAST(CAST({number} AS bigint) * {_SPAN} + {seconds} AS float8)"
    there = (own, here)
    return Fragment(number, there), Fragment(key, (*there, own, *there, here))
