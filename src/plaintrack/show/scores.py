"""Scores of items as Documents, and one score term by term."""

from collections.abc import Iterator
from typing import Any

from plaintrack.model.scores import Score, Scores
from plaintrack.render.document import Document, Records, Table


def table(found: Scores, why: bool) -> Document:
    """Items for people, the best first; ``why``: with the inputs of the formula."""
    inputs = found.inputs if why else ()
    columns = ["place", "id", "title", "score", *inputs]
    rows = [
        [
            str(each.place or ""),
            each.item.id,
            each.item.text("title"),
            _number(each.value, 2),
            *(_number(value) for _, value in each.inputs[: len(inputs)]),
            each.why,
        ]
        for each in found.rows
    ]
    if any(each.why for each in found.rows):
        columns.append("unscored")
    return Document((Table(columns, [row[: len(columns)] for row in rows], flexible=2),))


def records(found: Scores, flat: bool = False) -> Document:
    """Items for programs, with the model beside them; ``flat``: each input in a column of its
    own.
    """
    rows = [
        {
            "place": each.place,
            "id": each.item.id,
            "title": each.item.text("title"),
            "path": each.item.path,
            **_values(each),
            **(dict(each.inputs) if flat else {"inputs": dict(each.inputs)}),
        }
        for each in found.rows
    ]
    columns = ("place", "id", "title", "path", "score", "unscored", *(found.inputs if flat else ()))
    about = {"model": found.model, "formula": found.formula}
    return Document((Records(rows, columns=columns),), about)


def terms(found: Scores) -> Iterator[str]:
    """The score of the one item, term by term."""
    (each,) = found.rows
    for name, value in each.inputs:
        unit = " h" if value is not None and name in found.hours else ""
        yield f"{name:20} {_number(value) or 'none'}{unit}"
    result = f"unscored: {each.why}" if each.value is None else _number(each.value, 2)
    yield f"{found.formula} = {result}"


def scored(found: Scores) -> dict[str, Any]:
    """The same for programs."""
    (each,) = found.rows
    return {
        "model": found.model,
        "formula": found.formula,
        **_values(each),
        "inputs": dict(each.inputs),
    }


def _values(each: Score) -> dict[str, Any]:
    return {"score": each.value, "unscored": each.why or None}


def _number(value: float | None, digits: int | None = None) -> str:
    """A number in words: with so many digits behind the point, else as few as it needs."""
    if value is None:
        return ""
    return f"{value:.12g}" if digits is None else f"{value:.{digits}f}"
