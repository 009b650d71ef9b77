"""What a change makes of items beyond its own lines: what it closes, and what becomes overdue,
blocked or ready by it.
"""

from typing import TYPE_CHECKING

from plaintrack.checks.report import Effect
from plaintrack.errors import PlaintrackError
from plaintrack.store.index import ask

if TYPE_CHECKING:
    from plaintrack.app.check.source import Sight

KINDS = {
    "closes": "is:closed",
    "overdue": "is:overdue",
    "blocked": "is:blocked",
    "ready": "is:ready",
}


def effects(old: "Sight", new: "Sight", focus: frozenset[str]) -> tuple[Effect, ...]:
    """The Effects on the items whose files are in ``focus``; an item without an id has none. An
    item that is new is not made ready by it.
    """
    known, titles = _ids(old), _titles(new)
    found = []
    for kind, query in KINDS.items():
        try:
            before = {item.lower() for item in old.answers(query).values()}
            after = new.answers(query)
        except PlaintrackError:  # the queries of the checks took all the time there is
            return ()
        for path, item in after.items():
            if (
                item
                and item.lower() not in before
                and path in focus
                and (item.lower() in known or kind in ("overdue", "blocked"))
            ):
                found.append(Effect(kind, item, titles.get(path, ""), path))
    return tuple(found)


def _ids(side: "Sight") -> frozenset[str]:
    return frozenset(side.ids().values())


def _titles(side: "Sight") -> dict[str, str]:
    return ask.titles_of_paths(side.connection)
