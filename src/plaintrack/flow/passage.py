"""A Passage: how one item went through the workflow, with backward moves and skipped statuses."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from plaintrack.flow.series import Categories, Series, State, states

RANKS = {"open": 0, "active": 1, "done": 2}
Day = Callable[[int], int]
"""The calendar day, as an ordinal, of a moment in Unix seconds."""
Stamp = Callable[[str], float | None]
"""The moment (Unix seconds) of a date or time in a field; None: it is neither."""


class Passage(NamedTuple):
    """One item. Moments are Unix seconds, days ordinals of the workspace's calendar.

    ``seen`` is the moment of its first commit, ``created`` that of its stamp if it is earlier.
    ``entered`` has, for each status of the present workflow that counts, when the item entered it
    for good (None: not yet, or left again backwards); see ``entries``. ``closed`` ends its time in
    the flow: done, cancelled or deleted. ``imported``: it was first seen closed, so its start is
    unknown. ``begun``: it was first seen in progress. ``fields`` are the last ones it had.
    """

    key: str
    fields: Mapping[str, Any]
    states: Sequence[State]
    seen: int
    created: int
    entered: Sequence[int | None]
    started: int | None
    done: int | None
    closed: int | None
    here: bool
    imported: bool
    begun: bool

    @property
    def id(self) -> str:
        """The id, as it is spelt."""
        return str(self.fields.get("id") or self.key)

    @property
    def category(self) -> str:
        """What the status means at the end."""
        return self.states[-1].category

    def many(self, name: str) -> list[str]:
        """The values of a field."""
        return many(self.fields, name)


def many(fields: Mapping[str, Any], name: str) -> list[str]:
    """The values of a field in fields as a State has them."""
    value = fields.get(name)
    if not value:
        return []
    return [value] if isinstance(value, str) else list(value)


class Ladder:
    """The statuses that work goes through, in order: by category, then as the settings list
    them.
    """

    def __init__(self, statuses: Mapping[str, str]) -> None:
        """``statuses`` are those of the present settings, with their categories."""
        named = [name for name in statuses if statuses[name] in RANKS]
        self.names = sorted(named, key=lambda name: RANKS[statuses[name]])
        self._ranks = {name: rank for rank, name in enumerate(self.names)}
        self._statuses = statuses
        self._first = {
            category: next(
                (rank for rank, name in enumerate(self.names) if statuses[name] == category), None
            )
            for category in RANKS
        }

    def rank(self, status: str, category: str) -> int:
        """The place of a status; one that the settings no longer have, or that meant something
        else, counts as the first of its category.
        """
        if self._statuses.get(status) == category:
            return self._ranks[status]
        found = self._first[category]
        if found is None:  # the present workflow has no active status
            found = self._first["done" if category == "done" else "open"]
        return found or 0

    @property
    def active(self) -> int:
        """The first rank that counts as started."""
        found = self._first["active"]
        return self.done if found is None else found

    @property
    def done(self) -> int:
        """The first rank that counts as done."""
        found = self._first["done"]
        return len(self.names) if found is None else found


def entries(found: Sequence[State], ladder: Ladder) -> tuple[list[int | None], int | None]:
    """When each status was entered, and when the item was closed.

    The first entry into a status counts; going back erases the entries of later ones; a status that
    was skipped has the moment of the next later one.
    """
    entered: list[int | None] = [None] * len(ladder.names)
    closed: int | None = None
    for state in found:
        if not state.here or state.category == "cancelled":
            closed = state.time if closed is None else closed
            continue
        rank = ladder.rank(str(state.fields.get("status") or ""), state.category)
        for later in range(rank + 1, len(entered)):
            entered[later] = None
        if entered[rank] is None:
            entered[rank] = state.time
        closed = (state.time if closed is None else closed) if state.category == "done" else None
    following: int | None = None
    for rank in reversed(range(len(entered))):
        following = entered[rank] = entered[rank] if entered[rank] is not None else following
    return entered, closed


def passages(
    series: Series, ladder: Ladder, statuses: Mapping[str, str], stamp: Stamp, by_author: bool
) -> list[Passage]:
    """The passage of every item."""
    categories = Categories(series, statuses)
    found = []
    for key, steps in series.lives.items():
        past = states(steps, categories, series.commits - 1, by_author)
        if past:
            found.append(_passage(key, past, ladder, stamp))
    return found


def _passage(key: str, past: Sequence[State], ladder: Ladder, stamp: Stamp) -> Passage:
    first, last = past[0], past[-1]
    fields = next((state.fields for state in reversed(past) if state.here), last.fields)
    seen = first.time
    created = _earlier(stamp(str(fields.get("created") or "")), seen)
    imported = first.here and first.category in ("done", "cancelled")
    entered, closed = entries(past, ladder)
    if imported:
        was = _earlier(stamp(str(first.fields.get("closed") or "")), seen)
        entered = [was if each == seen else each for each in entered]
        closed = was if closed == seen else closed
    done = entered[ladder.done] if ladder.done < len(entered) else None
    if last.category == "cancelled":
        done = None
    started = entered[ladder.active] if ladder.active < len(entered) else None
    if started is not None and closed is not None:
        closed = max(closed, started)  # cancelled, and called done later
    begun = first.here and first.category == "active"
    return Passage(
        key, fields, past, seen, created, entered, started, done, closed, last.here,
        imported and closed is not None, begun,
    )  # fmt: skip


def _earlier(stamp: float | None, seen: int) -> int:
    """A stamp, if it lies before the commit that first has it."""
    return seen if stamp is None or stamp > seen else int(stamp)
