"""What a portfolio holds: each repository with its age, and what could not be loaded."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from plaintrack.store.portfolio.tables import failure, item, repository


class Standing(NamedTuple):
    """A repository: the commit that its rows are of and when that was made, when rows last changed
    and when its publisher, or who mirrors it, last looked at it, all in Unix seconds.
    """

    name: str
    source: str
    tip: str
    tip_time: int
    loaded: float
    seen: float
    items: int


class Failed(NamedTuple):
    """A source that could not be loaded so often in a row, since then; ``name`` of the repository
    is empty where it is not known.
    """

    source: str
    name: str
    code: str
    message: str
    hint: str
    since: float
    latest: float
    times: int


def repositories(connection: Connection) -> list[Standing]:
    """The repositories, by name."""
    counts = (
        select(item.c.repository, func.count().label("total"))
        .group_by(item.c.repository)
        .subquery()
    )
    c = repository.c
    asked = (
        select(
            *(c.name, c.source, c.tip, c.tip_time, c.loaded, c.seen),
            func.coalesce(counts.c.total, 0),
        )
        .outerjoin(counts, counts.c.repository == c.name)
        .order_by(c.name)
    )
    return [
        Standing(name, source, tip, time, _seconds(loaded), _seconds(seen), items)
        for name, source, tip, time, loaded, seen, items in connection.execute(asked)
    ]


def failures(connection: Connection) -> list[Failed]:
    """What could not be loaded, by source."""
    c = failure.c
    rows = connection.execute(
        select(
            *(c.source, c.repository, c.code, c.message, c.hint, c.since, c.latest, c.times)
        ).order_by(c.source)
    )
    return [
        Failed(source, name or "", code, message, hint, _seconds(since), _seconds(latest), times)
        for source, name, code, message, hint, since, latest, times in rows
    ]


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
