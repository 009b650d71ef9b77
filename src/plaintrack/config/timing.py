"""The setting ``time:``, checked and read."""

from collections.abc import Mapping
from typing import Any

from plaintrack.config import fault
from plaintrack.config.values import Settings
from plaintrack.when.durations import BadDuration, minutes

TIME: Mapping[str, Any] = Settings._field_defaults["time"]
_TRUTHS = ("true", "false")


def time(name: str, value: Any) -> Mapping[str, Any]:
    """``timer`` (a truth) and ``forgotten`` (a duration)."""
    if value == TIME:
        return TIME
    if not isinstance(value, dict):
        raise fault.NotMapping(name, TIME)
    found = dict(TIME)
    for key, given in value.items():
        if key == "timer":
            if given not in _TRUTHS:
                raise fault.NotOneOf(f"{name}.{key}", given, _TRUTHS)
            found[key] = given == "true"
        elif key == "forgotten":
            found[key] = _length(f"{name}.{key}", given)
        else:
            raise fault.UnknownKey(f"{name}.{key}", TIME)
    return found


def _length(name: str, value: Any) -> str:
    try:
        found = minutes(str(value))
    except BadDuration as error:
        raise fault.NotADuration(name, error.message) from error
    if not found:
        raise fault.NoLength(name)
    return str(value)
