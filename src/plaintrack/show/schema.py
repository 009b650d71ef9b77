"""The JSON Schema of the front matter, made from the settings, for editors."""

import json
from typing import Any

from plaintrack.model.fields import Field, Schema

_DATE = r"^\d{4}-\d{2}-\d{2}$"
_TIME = (
    r"^\d{4}-\d{2}-\d{2}([Tt ]\s*\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s*([Zz]|[-+]\d{2}(:?\d{2})?)?)?$"
)
_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "number", "boolean"]},
    "person": {"type": "string"},
    "link": {"type": ["string", "number"]},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "pattern": _TIME},
    "datetime": {"type": "string", "pattern": _TIME},
    "duration": {"type": "string", "pattern": r"^(\d+(\.\d+)?[mhdw])+$"},
}


def write(schema: Schema) -> str:
    """The schema as JSON: standard and own fields under the keys they have here; other keys are
    free.
    """
    properties = {field.key or field.name: _property(field) for field in schema.fields.values()}
    required = [field.key or field.name for field in schema.fields.values() if field.required]
    if schema.named is None:
        required = list(dict.fromkeys([schema.fields["id"].key or "id", *required]))
    found = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a plaintrack item",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": True,
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _property(field: Field) -> dict[str, Any]:
    one = (
        {"enum": list(field.choices)}
        if field.kind == "choice" and field.choices
        else dict(_KINDS.get(field.kind, _KINDS["text"]))
    )
    if field.name == "id":
        one = {"type": ["string", "integer"], "pattern": _ID}
    known: dict[str, Any] = {"description": field.doc} if field.doc else {}
    if field.many:
        return {**known, "oneOf": [one, {"type": "array", "items": _loose(one)}, {"type": "null"}]}
    if "enum" in one:
        return {**known, "enum": [*one["enum"], *([] if field.required else [None])]}
    return {**known, **_loose(one, not field.required)}


def _loose(one: dict[str, Any], null: bool = True) -> dict[str, Any]:
    """The schema of a value that may also be empty."""
    if not null or "type" not in one:
        return one
    kinds = one["type"] if isinstance(one["type"], list) else [one["type"]]
    return {**one, "type": [*kinds, "null"]}
