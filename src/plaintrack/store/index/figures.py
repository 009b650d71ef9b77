"""Figures of the index that few questions ask for: scores, and what urgency needs when its terms
``tight`` and ``inherit`` count.

The factories here give parameters that make an SQL function known to the connection, see
``sql.made``.
"""

import sqlite3
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING

from plaintrack.model.formula import Name, Number
from plaintrack.model.task import fold
from plaintrack.query.score import scoring
from plaintrack.store.index.sql import OPEN, Fragment, made

if TYPE_CHECKING:
    from plaintrack.model.formula import Tree
    from plaintrack.query.bind import Names
    from plaintrack.query.score import Input

Ready = Callable[[sqlite3.Connection], None]


def score(names: "Names") -> Fragment:
    """The first scoring model, calculated as ``model.formula.value`` does: NULL for what is
    missing, for a division by zero, and for what is too large to be a number.
    """
    model = scoring(names.scores, names.schema)
    inputs = {each.said: _input(each) for each in model.inputs}
    found = _formula(model.tree, inputs)
    finite = "CASE WHEN abs(s) <= 1.7976931348623157e308 THEN s END"
    return Fragment(f"(SELECT {finite} FROM (SELECT {found.sql} AS s))", found.params)


def _formula(tree: "Tree", inputs: Mapping[str, Fragment]) -> Fragment:
    """A formula over fields; the signs are those of the parser, and never come from a text."""
    if isinstance(tree, Number):
        return Fragment("?", (tree.value,))
    if isinstance(tree, Name):
        return inputs[tree.field]
    parts = [_formula(part, inputs) for part in tree.parts]
    params = tuple(p for part in parts for p in part.params)
    if tree.sign in ("min", "max"):  # of one part they would be those of a whole column
        listed = ", ".join(part.sql for part in parts)
        return Fragment(f"{tree.sign}({listed})" if len(parts) > 1 else listed, params)
    if len(parts) == 1:
        return Fragment(f"(-{parts[0].sql})", params)
    return Fragment(f"({parts[0].sql} {tree.sign} {parts[1].sql})", params)


def _input(given: "Input") -> Fragment:
    """The number of one input of a scoring model."""
    if given.column:
        cases = Fragment(f"i.{given.name}")
        if given.weights is not None:
            cases = _weighed(f"fold(i.{given.name})", given.weights)
    else:
        cases = Fragment("min(v.number)")
        if given.weights is not None:
            cases = _weighed("min(v.key)", given.weights)
        cases = Fragment(
            f"(SELECT CASE WHEN count(*) = 1 THEN {cases.sql} END FROM value v WHERE v.item ="
            " i.number AND v.field = ?)",
            (*cases.params, given.name),
        )
    return Fragment(f"({cases.sql} / 60.0)", cases.params) if given.hours else cases


def _weighed(key: str, weights: Mapping[str, float]) -> Fragment:
    """The number of the value that a key is."""
    cases = " ".join("WHEN ? THEN ?" for _ in weights)
    params = tuple(each for pair in weights.items() for each in pair)
    return Fragment(f"(CASE {key} {cases} END)", params) if weights else Fragment("NULL")


def tight(names: "Names", weight: float) -> tuple[str, tuple[object, ...]]:
    """The term ``tight``: see ``query.urgency``."""
    fields = names.schema.fields
    measures = [
        f"i.{name}" for name in ("remaining", "estimate") if fields[name].kind == "duration"
    ]
    left = f"coalesce({', '.join(measures)}, NULL)" if measures else "NULL"
    params: tuple[object, ...] = ()
    if names.timed:
        left = f"clocked(fold(i.id), {left}, ?)"
        params = (_clocked(names),)
    factor = f"max(-1.0, min(1.0, ({left} - stretch(i.due_day + ?)) / {left}))"
    return (
        f"CASE WHEN {left} > 0 AND i.due_day IS NOT NULL THEN {factor} ELSE 0.0 END * ?",
        (*params, *params, _stretch(names), *params, weight),
    )


def _clocked(names: "Names") -> Ready:
    """``clocked(id, otherwise, _)``: the minutes that time records leave of an item."""
    logged = names.logged()

    def left(key: str, otherwise: float | None, _: object) -> float | None:
        told = logged.get(key)
        return otherwise if told is None else told.rest(otherwise)

    def ready(connection: sqlite3.Connection) -> None:
        connection.create_function("clocked", 3, left)

    return ready


def _stretch(names: "Names") -> Ready:
    """``stretch(day)``: the working minutes from today to the end of the day."""

    def ready(connection: sqlite3.Connection) -> None:
        from plaintrack.when.calendars import Stretch

        until = Stretch(names.today, names.minutes, names.schema.day).until
        connection.create_function(
            "stretch", 1, lambda day: None if day is None else float(until(day))
        )

    return ready


def pressing(free: Fragment) -> Ready:
    """``pressing(number)``: the largest urgency of what waits for an item; NULL if nothing does.

    ``free`` is the urgency of an item by itself, as if nothing held it up.
    """

    def ready(connection: sqlite3.Connection) -> None:
        from plaintrack.query.urgency import pressed

        numbers: dict[str, list[int]] = {}
        values: dict[Hashable, float] = {}
        live = f"SELECT i.number, i.id, {free.sql} FROM item i WHERE {OPEN}"
        for number, item, value in connection.execute(live, made(connection, free.params)):
            values[number] = value
            if item:
                numbers.setdefault(fold(item), []).append(number)
        links = connection.execute("SELECT item, key FROM value WHERE field = 'depends_on'")
        waits = [(item, each) for item, key in links for each in numbers.get(key, ())]
        connection.create_function("pressing", 1, pressed(values, waits).get)

    return ready
