"""The setting ``metrics:``, checked and read."""

from collections.abc import Mapping, Sequence
from typing import Any

from plaintrack.config import fault
from plaintrack.config.values import Settings
from plaintrack.model.fields import Schema

METRICS: Mapping[str, str] = Settings._field_defaults["metrics"]
DATES = ("landed", "author")
SIZES = ("count", "estimate")


def metrics(name: str, value: Any) -> Mapping[str, str]:
    """``size`` (``count``, ``estimate`` or a field of numbers), ``branch`` and ``dates``."""
    if not isinstance(value, dict):
        raise fault.NotMapping(name, METRICS)
    found = dict(METRICS)
    for key, given in value.items():
        if key not in METRICS:
            raise fault.UnknownKey(f"{name}.{key}", METRICS)
        if not isinstance(given, str):
            raise fault.NotOneText(f"{name}.{key}")
        found[key] = given
    if found["dates"] not in DATES:
        raise fault.NotOneOf(f"{name}.dates", found["dates"], DATES)
    return found


def sizes(schema: Schema) -> Sequence[str]:
    """What an item can count: SIZES and the fields of one number."""
    numbers = [
        field.name
        for field in schema.fields.values()
        if field.kind in ("integer", "number") and not field.many
    ]
    return (*SIZES, *numbers)


def check_size(size: str, schema: Schema) -> None:
    """Check that a size of the settings is one of ``sizes``."""
    if size not in sizes(schema):
        raise fault.NotOneOf("metrics.size", size, sizes(schema))
