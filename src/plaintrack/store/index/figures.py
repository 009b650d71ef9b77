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
    from plaintrack.store.index.sql import Compiler

Ready = Callable[[sqlite3.Connection], None]


def score(to: "Compiler") -> Fragment:
    """The first scoring model, calculated as ``model.formula.value`` does: NULL for what is
    missing, for a division by zero, and for what is too large to be a number.
    """
    model = scoring(to.names.scores, to.schema)
    inputs = {each.said: given(each, to) for each in model.inputs}
    found = _formula(model.tree, inputs, to)
    finite = "CASE WHEN abs(s) <= 1.7976931348623157e308 THEN s END"
    return Fragment(f"(SELECT {finite} FROM (SELECT {found.sql} AS s){to.called})", found.params)


def _formula(tree: "Tree", inputs: Mapping[str, Fragment], to: "Compiler") -> Fragment:
    """A formula over fields; the signs are those of the parser, and never come from a text."""
    if isinstance(tree, Number):
        return Fragment("?", (tree.value,))
    if isinstance(tree, Name):
        return inputs[tree.field]
    parts = [_formula(part, inputs, to) for part in tree.parts]
    if tree.sign in ("min", "max") and len(parts) == 1:
        return parts[0]  # of one part they would be those of a whole column
    return to.figure(tree.sign, parts)


def given(one: "Input", to: "Compiler") -> Fragment:
    """The number of one input of a scoring model; NULL if it is missing."""
    if one.column:
        cases = Fragment(f"i.{one.name}")
        if one.weights is not None:
            cases = _weighed(to.folded(one.name), one.weights)
    else:
        cases = Fragment("min(v.number)")
        if one.weights is not None:
            cases = _weighed("min(v.key)", one.weights)
        cases = Fragment(
            f"(SELECT CASE WHEN count(*) = 1 THEN {cases.sql} END FROM value v WHERE v.item ="
            " i.number AND v.field = ?)",
            (*cases.params, one.name),
        )
    return Fragment(f"({cases.sql} / 60.0)", cases.params) if one.hours else cases


def _weighed(key: str, weights: Mapping[str, float]) -> Fragment:
    """The number of the value that a key is."""
    cases = " ".join("WHEN ? THEN ?" for _ in weights)
    params = tuple(each for pair in weights.items() for each in pair)
    return Fragment(f"(CASE {key} {cases} END)", params) if weights else Fragment("NULL")


def tight(to: "Compiler", weight: float) -> tuple[str, tuple[object, ...]]:
    """The term ``tight``: see ``query.urgency``."""
    fields = to.schema.fields
    measures = [
        f"i.{name}" for name in ("remaining", "estimate") if fields[name].kind == "duration"
    ]
    said = f"coalesce({', '.join(measures)}, NULL)" if measures else "NULL"
    left = to.rest(said) if to.names.timed else Fragment(said)
    until = to.stretch()
    factor = f"{to.more}(-1.0, {to.less}(1.0, ({left.sql} - {until.sql}) / {left.sql}))"
    return (
        f"CASE WHEN {left.sql} > 0 AND i.due_day IS NOT NULL THEN {factor} ELSE 0.0 END * ?",
        (*left.params, *left.params, *until.params, *left.params, weight),
    )


def clocked(names: "Names") -> Ready:
    """``clocked(id, otherwise, _)``: the minutes that time records leave of an item."""
    logged = names.logged()

    def left(key: str, otherwise: float | None, _: object) -> float | None:
        told = logged.get(key)
        return otherwise if told is None else told.rest(otherwise)

    def ready(connection: sqlite3.Connection) -> None:
        connection.create_function("clocked", 3, left)

    return ready


def stretch(names: "Names") -> Ready:
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
