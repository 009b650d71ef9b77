"""JSON Schemas for editors: of the front matter, made from the settings; of settings and rules."""

import json
from collections.abc import Mapping
from typing import Any

from plaintrack.config.nested import ANY, BELOW, LISTS
from plaintrack.config.settings import TABLE, Setting
from plaintrack.model.fields import Field, Schema
from plaintrack.rules.actions import ACTIONS, explained
from plaintrack.rules.rule import CHANGES, SUBJECTS, TIMES

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


def settings() -> str:
    """The JSON Schema of ``plaintrack.yml``, from the table of settings."""
    properties = {each.name: _setting(each) for each in TABLE}
    return _document("Settings of a plaintrack workspace", properties)


def _setting(row: Setting) -> dict[str, Any]:
    """What one setting may be, as far as its default and the table of nested keys show that;
    `check` knows the rest.
    """
    kinds: dict[type, dict[str, Any]] = {
        bool: {"type": "boolean"},
        str: {"type": ["string", "number"]},
        tuple: {"type": ["array", "string", "object"]},
    }
    default = row.default
    if isinstance(default, Mapping):
        known = () if row.name in _NAMED else tuple(map(str, default))
        shape: dict[str, Any] = {"type": "object"}
        if known:
            shape["properties"] = {name: {} for name in known}
    else:
        shape = next((each for kind, each in kinds.items() if isinstance(default, kind)), {})
    return {"description": row.doc, **shape, **_nested((row.name,))}


def _nested(way: tuple[str, ...]) -> dict[str, Any]:
    """What may stand below the keys ``way``."""
    if (*way, ANY) in BELOW:
        return {"additionalProperties": _nested((*way, ANY))}
    if way not in BELOW:
        return {}
    properties = {
        key: {"description": about, **_nested((*way, key))} for key, about in BELOW[way].items()
    }
    if way in LISTS:
        return {"type": "array", "items": {"type": "object", "properties": properties}}
    return {"properties": properties}


_NAMED = frozenset(("statuses", "people", "fields", "views", "scores", "checks", "sla", "urgency"))
"""Settings whose keys are names that the workspace gives."""


def rules() -> str:
    """The JSON Schema of a file of rules, from the table of actions."""
    actions = {name: {"description": explained(kind).title} for name, kind in ACTIONS.items()}
    do = {
        "description": "The actions, in order.",
        "type": "array",
        "items": {
            "anyOf": [
                {"enum": list(ACTIONS)},
                {"type": "object", "properties": actions, "additionalProperties": False},
            ]
        },
    }
    on = [*CHANGES, *TIMES]
    trigger = {
        "anyOf": [
            {"enum": on},
            {"type": "object", "properties": {each: {} for each in on}},
        ]
    }
    rule = {
        "name": {"type": "string", "description": "What it is called."},
        "about": {"type": "string", "description": "What it is for."},
        "on": {
            "description": "When it fires.",
            "anyOf": [trigger, {"type": "array", "items": trigger}],
        },
        "for": {"enum": list(SUBJECTS), "description": "On whom it acts."},
        "if": {"description": "A query that must hold, or conditions on others."},
        "do": do,
        "retry": {"type": ["integer", "string"], "description": "How often it tries again."},
    }
    several = {"rules": {"type": "array", "items": {"type": "object", "properties": rule}}}
    return _document("Rules of a plaintrack workspace", {**rule, **several})


def _document(title: str, properties: Mapping[str, Any]) -> str:
    found = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return json.dumps(found, indent=2, ensure_ascii=False)
