"""The values of fields for programs: numbers, truths and lists instead of texts."""

from plaintrack.model.fields import Field, Schema

Typed = str | int | float | bool | None | list[str | int | float | bool]
_UNKNOWN = Field("")


def typed(value: str | list[str] | None, name: str, schema: Schema) -> Typed:
    """What a field holds, from its canonical text: None or an empty list for nothing.

    A text that is not of the field's kind stays as it is. Dates are ISO texts already, and
    durations stay as they are written. An id is a text, also where it is written as a number.
    """
    if name == "id":
        return value if isinstance(value, str) else None
    field = schema.fields.get(name, _UNKNOWN)
    if isinstance(value, list) or field.many:
        texts = [value] if isinstance(value, str) else value or []
        return [_one(text, field.kind) for text in texts if text]
    return _one(value, field.kind) if value else None


def measured(schema: Schema) -> list[str]:
    """The names of the fields that hold numbers or truths."""
    return [
        name
        for name, field in schema.fields.items()
        if field.kind in ("integer", "number", "boolean") and name != "id"
    ]


def _one(text: str, kind: str) -> str | int | float | bool:
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    try:
        if kind == "integer":
            return int(text)
        if kind == "number":
            number = float(text)
            return number if number - number == 0.0 else text  # JSON knows no infinity
    except ValueError:
        pass
    return text
