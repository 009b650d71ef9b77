"""Items in rows, as a list shows them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.listing import Listing
from plaintrack.query.bind import Question
from plaintrack.query.nodes import In

if TYPE_CHECKING:
    from plaintrack.model.rollup import Rollup


def grouped(asked: Question, group: str) -> Question:
    """The question, its answer told group by group."""
    if not group:
        return asked
    return asked._replace(shown=((group, False), *(asked.shown or asked.sort)))


def listing(
    snapshot: Snapshot,
    asked: Question,
    names: list[str],
    group: str = "",
    *,
    paths: bool = False,
    late: bool = False,
    standing: bool = False,
) -> Listing:
    """The answer as texts; with a ``group``, the rows of one group stand together. ``late``: with
    those that are overdue, ``standing``: with how each of them stands.
    """
    paths = paths or bool(group)
    extra = [*(["path"] if paths else []), *(["category", "due"] if late else [])]
    if standing:
        from plaintrack.app.snapshot.standing import COLUMNS, standings

        extra += COLUMNS
    if not (extra or group):
        return Listing(names, answers.rows(snapshot, asked, names))
    wanted = [*names, *extra, *([group] if group else [])]
    rows = answers.rows(snapshot, asked, wanted)
    groups = None
    if group:
        from plaintrack.app.snapshot.groups import gathered

        order, groups = gathered([row[-1] for row in rows])
        rows = [rows[at] for at in order]
    width = len(names)
    return Listing(
        names,
        [row[:width] for row in rows],
        [row[width] for row in rows] if paths else None,
        groups,
        _late(snapshot, rows, width + paths) if late else frozenset(),
        together(snapshot, groups, [row[width] for row in rows]) if groups else None,
        standings(snapshot, [row[-6 - bool(group) :][:6] for row in rows]) if standing else (),
    )


def relative(snapshot: Snapshot, listed: Listing) -> Listing:
    """The same with dates as days from today."""
    from datetime import date

    from plaintrack.query.columns import kind
    from plaintrack.when.moments import day
    from plaintrack.when.relative import distance

    schema = snapshot.schema
    places = [
        at for at, name in enumerate(listed.names) if kind(name, schema) in ("date", "datetime")
    ]

    @cache
    def told(text: str) -> str:
        found: date | None = day(text, schema.timezone)
        return distance(found, snapshot.today) if found else text

    rows = [list(row) for row in listed.rows]
    for row in rows:
        for at in places:
            row[at] = told(row[at])
    return listed._replace(rows=[tuple(row) for row in rows])


def together(
    snapshot: Snapshot, groups: Sequence[str], paths: Sequence[str]
) -> Mapping[str, "Rollup"]:
    """What the rows of each group are together; nothing where there is nothing to add up."""
    from plaintrack.app.snapshot.rollup import groups as rolled

    return rolled(snapshot, zip(groups, paths, strict=True))


def _late(snapshot: Snapshot, rows: Sequence[tuple[str, ...]], at: int) -> frozenset[int]:
    """The numbers of the rows that are overdue; category and due date stand at ``at``."""
    from plaintrack.query.facts import overdue

    schema, today = snapshot.schema, snapshot.today
    return frozenset(
        number
        for number, row in enumerate(rows)
        if row[at + 1] and overdue(row[at], row[at + 1], schema, today)
    )


def typed(snapshot: Snapshot, asked: Question, names: list[str]) -> Listing:
    """The answer as typed values, see ``answers.values``."""
    return Listing(names, answers.values(snapshot, asked, names))


def of_files(
    snapshot: Snapshot, paths: Sequence[str], names: list[str], programs: bool
) -> dict[str, tuple[Any, ...]]:
    """Path → the row of the item in that file; ``programs``: of typed values."""
    from plaintrack.model.task import fold

    where = In("path", frozenset(map(fold, paths)))
    asked = answers.question(snapshot, "")._replace(where=where)
    ask = answers.values if programs else answers.rows
    return {row[-1]: tuple(row[:-1]) for row in ask(snapshot, asked, [*names, "path"])}
