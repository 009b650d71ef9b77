"""The setting ``plan:``, checked and read."""

from collections.abc import Mapping
from typing import Any

from plaintrack.config import fault
from plaintrack.config.values import Settings
from plaintrack.when.durations import BadDuration, minutes

PLAN: Mapping[str, Any] = Settings._field_defaults["plan"]
OBJECTIVES = ("serve", "end")
SOLVERS = ("plaintrack", "cp-sat")
SLOTS = (5, 10, 15, 20, 30, 60, 120, 240, 480, 1440)
LONGEST = 520 * 5 * 480
"""The farthest horizon: ten years of working weeks, in minutes."""


def plan(name: str, value: Any) -> Mapping[str, Any]:
    """``slot``, ``horizon``, ``estimate`` as durations; ``objective``, ``solver``; and ``reserve``
    (kind of work → percent).
    """
    if not isinstance(value, dict):
        raise fault.NotMapping(name, PLAN)
    found = dict(PLAN)
    for key, given in value.items():
        if key not in PLAN:
            raise fault.UnknownKey(f"{name}.{key}", PLAN)
        found[key] = _READERS[key](f"{name}.{key}", given)
    return found


def _minutes(name: str, value: Any) -> float:
    try:
        return minutes(str(value))
    except BadDuration as error:
        raise fault.NotADuration(name, error.message) from error


def _slot(name: str, value: Any) -> str:
    found = _minutes(name, value)
    if found not in SLOTS:
        raise fault.BadSlot(name, value, SLOTS)
    return str(value)


def _horizon(name: str, value: Any) -> str:
    found = _minutes(name, value)
    if not 0 < found <= LONGEST:
        raise fault.BadHorizon(name, value)
    return str(value)


def _estimate(name: str, value: Any) -> str:
    if value in ("", None):
        return ""
    _minutes(name, value)
    return str(value)


def _one_of(choices: tuple[str, ...]) -> Any:
    def read(name: str, value: Any) -> str:
        if value not in choices:
            raise fault.NotOneOf(name, value, choices)
        return str(value)

    return read


def _reserve(name: str, value: Any) -> Mapping[str, int]:
    if not isinstance(value, dict):
        raise fault.NotMapping(name, ("operations",))
    found = {}
    for kind, share in value.items():
        digits = str(share).strip().removesuffix("%").strip()
        if kind != "operations":
            raise fault.UnknownKey(f"{name}.{kind}", ("operations",))
        if not digits.isdecimal() or not 0 <= int(digits) < 100:
            raise fault.NotAShare(f"{name}.{kind}", share)
        found[str(kind)] = int(digits)
    return found


_READERS = {
    "slot": _slot,
    "horizon": _horizon,
    "objective": _one_of(OBJECTIVES),
    "estimate": _estimate,
    "reserve": _reserve,
    "solver": _one_of(SOLVERS),
}
