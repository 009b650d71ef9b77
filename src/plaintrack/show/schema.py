"""JSON Schemas of the front matter, made from the settings; of settings and rules; and of what
commands give to programs.
"""

import json
import types
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from plaintrack.config.nested import ANY, BELOW, LISTS
from plaintrack.config.settings import TABLE, Setting
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.model.fields import Field, Schema
from plaintrack.rules.actions import ACTIONS, explained
from plaintrack.rules.rule import CHANGES, SUBJECTS, TIMES

if TYPE_CHECKING:
    from plaintrack.show.outputs import Format, Kind, Output

DIALECT = "https://json-schema.org/draft/2020-12/schema"
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
        "$schema": DIALECT,
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


# What commands give to programs


class NoOutput(PlaintrackError):
    """No command gives JSON under that name."""

    slug = "no-output"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"no command {name!r} writes JSON",
            suggestion(name, known, f"known: {', '.join(known)}"),
        )


def output(name: str, schema: Schema) -> str:
    """The JSON Schema of what the command of that name writes with ``--format json`` in a workspace
    with these fields; raises NoOutput. More keys may come with every version.
    """
    from plaintrack.show.outputs import OUTPUTS

    name = " ".join(name.replace("-", " ").split())
    if name not in OUTPUTS:
        raise NoOutput(name, OUTPUTS)
    shapes = _Shapes(schema)
    found = [shapes.output(name, each) for each in OUTPUTS[name]]
    one = found[0] if len(found) == 1 else {"anyOf": found}
    about = {"$schema": DIALECT, "title": f"plaintrack {name} --format json", **one}
    if shapes.named:
        about["$defs"] = shapes.named
    return json.dumps(about, indent=2, ensure_ascii=False)


_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
    Any: {},
}


def page(schema: Schema) -> str:
    """What commands write as JSON, as a page of Markdown."""
    from plaintrack.show.outputs import OUTPUTS

    shapes = _Shapes(schema)
    parts = [_HEAD]
    for name, several in OUTPUTS.items():
        parts.append(f"## {name}")
        for each in several:
            parts += _described(shapes.output(name, each._replace(fields=False)), each)
    parts.append("## Objects in these")
    for name, made in sorted(shapes.named.items()):
        parts += [f"### {name}", made["description"], _keys(made)]
    return "\n\n".join(parts) + "\n"


_HEAD = """# What commands write as JSON

Made by `make docs` from the types that the code is checked against.
`plaintrack schema --output list` prints the JSON Schema (2020-12) of
`plaintrack list --format json` with the fields of the workspace; so it is with each command below.
`schema` is 1 and stays 1: keys may be added, none is taken away or changes its meaning, so a reader
must let pass what it does not know. [Scripting](scripting.md) says what all formats share."""


def _described(made: dict[str, Any], shape: "Output") -> Iterator[str]:
    """One shape of an output in Markdown."""
    rows = made["properties"].pop(shape.name, None)
    del made["properties"]["schema"]
    if shape.options:
        yield f"With `{shape.options}`:"
    if made["properties"]:
        yield _keys(made)
    if rows is None:
        return
    fields = "the fields of the item" if shape.fields else ""
    if not rows["items"]["properties"]:
        yield f"`{shape.name}` is a list; each element has {fields}."
        return
    yield f"`{shape.name}` is a list; each element has{f' {fields} and' if fields else ''}:"
    yield _keys(rows["items"])


def _keys(made: Mapping[str, Any]) -> str:
    """The keys of an object as a table."""
    lines = ["| key | value | meaning |", "|---|---|---|"]
    for name, value in made["properties"].items():
        optional = "" if name in made["required"] else " (if there is one)"
        meaning = value.get("description", "")
        lines.append(f"| `{name}` | {_kind(value)}{optional} | {meaning} |")
    return "\n".join(lines)


def _kind(value: Mapping[str, Any]) -> str:
    """What a value may be, in words."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in value:
        return ", ".join(f"`{each}`" for each in value["enum"])
    if "anyOf" in value:
        return " or ".join(map(_kind, value["anyOf"]))
    kinds = value.get("type", "anything")
    words = [_KIND.get(each, each) for each in ([kinds] if isinstance(kinds, str) else kinds)]
    if value.get("format"):
        words = [_FORMAT[value["format"]], *words[1:]]
    if "items" in value:
        words[0] = f"list of {_kind(value['items'])}"
    if isinstance(value.get("additionalProperties"), dict) and value["additionalProperties"]:
        words[0] = f"names, each with {_kind(value['additionalProperties'])}"
    return " or ".join(words)


_KIND = {"string": "text", "integer": "whole number", "boolean": "true or false"}
_FORMAT = {"date": "day", "date-time": "moment"}


class _Shapes:
    """Makes JSON Schemas of types; ``named`` collects those of classes, which others refer to."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.named: dict[str, dict[str, Any]] = {}

    def output(self, name: str, shape: "Output") -> dict[str, Any]:
        """One shape of what a command writes."""
        found = self.object(shape.about)
        if shape.name:
            row = self.object(shape.row)
            if shape.fields:
                row["properties"] = {**_fields(self.schema), **row["properties"]}
            found["properties"][shape.name] = {"type": "array", "items": row}
            found["required"].append(shape.name)
        found["properties"] = {"schema": {"const": 1}, **found["properties"]}
        found["required"].insert(0, "schema")
        if shape.options:
            found = {"title": f"plaintrack {name} {shape.options} --format json", **found}
        return found

    def object(self, kinds: "Iterable[Kind]") -> dict[str, Any]:
        """An object with the keys of several types."""
        found: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
        for kind in kinds:
            for name, hint in get_type_hints(kind, include_extras=True).items():
                found["properties"][name] = self.value(hint)
                if get_origin(hint) is not NotRequired:
                    found["required"].append(name)
        return found

    def value(self, hint: Any) -> dict[str, Any]:
        """The JSON Schema of a type's values."""
        if hint in _PLAIN:
            return dict(_PLAIN[hint])
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._told(*arguments)
        if origin is NotRequired:
            return self.value(arguments[0])
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin is list:
            return {"type": "array", "items": self.value(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.value(arguments[1])}
        if origin in (Union, types.UnionType):
            return _either([self.value(each) for each in arguments])
        return self._reference(hint)

    def _told(self, kind: Any, *more: "str | Format") -> dict[str, Any]:
        """A type's values, with what they mean."""
        found = self.value(kind)
        for each in more:
            found |= {"description": each} if isinstance(each, str) else each._asdict()
        return found

    def _reference(self, kind: Any) -> dict[str, Any]:
        """Where the JSON Schema of a class stands."""
        name = kind.__name__
        if name not in self.named:
            self.named[name] = {}  # it may refer to itself
            about = " ".join((kind.__doc__ or "").partition("\n\n")[0].split()).replace("``", "`")
            self.named[name] |= {"description": about, **self.object([kind])}
        return {"$ref": f"#/$defs/{name}"}


def _either(kinds: list[dict[str, Any]]) -> dict[str, Any]:
    """Values of one of several kinds: of one with null, or of a few plain ones, in one object."""
    if all(isinstance(each.get("type"), str) for each in kinds):
        merged: dict[str, Any] = {}
        for each in kinds:
            merged |= each
        return {**merged, "type": [each["type"] for each in kinds]}
    return {"anyOf": kinds}


_TYPED: dict[str, dict[str, Any]] = {
    "integer": {"type": ["integer", "string", "null"]},
    "number": {"type": ["number", "string", "null"]},
    "boolean": {"type": ["boolean", "string", "null"]},
}
"""What a field of a kind holds; a value that is not of its kind stays a text."""


def _fields(schema: Schema) -> dict[str, dict[str, Any]]:
    """The fields of an item and its derived values, as programs get them; those that are not asked
    for are left out.
    """
    from plaintrack.query.columns import derived, kind

    found: dict[str, dict[str, Any]] = {}
    for field in schema.fields.values():
        one = _TYPED.get(field.kind, {"type": ["string", "null"]})
        if field.many:
            one = {"type": ["array", "string"], "items": one}
        found[field.name] = {**one, **({"description": field.doc} if field.doc else {})}
    for name in derived(schema):
        one = _TYPED.get(kind(name, schema), {"type": ["string", "null"]})
        if name in ("mentions", "waits_for"):
            one = {"type": ["array", "null"], "items": {"type": "string"}}
        found.setdefault(name, dict(one))
    return found
