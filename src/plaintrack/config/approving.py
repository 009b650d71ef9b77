"""The settings of approvals: ``approvals:``, and ``owners:``, who is asked."""

from collections.abc import Mapping
from typing import Any

from plaintrack.config import fault
from plaintrack.config.values import Settings, inside

APPROVALS: Mapping[str, Any] = Settings._field_defaults["approvals"]
_CONTENT = ("fields", "except", "body", "files")
_NEED = ("query", "to", "of", "since")
_OWNER = ("query", "path", "of")
NOT_AUTHOR = "not author"


def approvals(name: str, value: Any) -> Mapping[str, Any]:
    """``content`` (what a verdict is on), ``signed`` and ``needs``."""
    if not isinstance(value, dict):
        raise fault.NotMapping(name, APPROVALS)
    found = dict(APPROVALS)
    for key, given in value.items():
        if key not in APPROVALS:
            raise fault.UnknownKey(f"{name}.{key}", APPROVALS)
        found[key] = _READERS[key](f"{name}.{key}", given)
    return found


def _content(name: str, value: Any) -> Mapping[str, Any]:
    given = _known(name, value, _CONTENT)
    if "fields" in given and "except" in given:
        raise fault.BothOf(name, "fields", "except")
    found: dict[str, Any] = dict(APPROVALS["content"])
    for key in ("fields", "except"):
        if key in given:
            found[key] = _texts(f"{name}.{key}", given[key])
    for key in ("body", "files"):
        if key in given:
            found[key] = _truth(f"{name}.{key}", given[key])
    return found


def _needs(name: str, value: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list):
        raise fault.NotListOf(name, "rules, each with `query` and `of`")
    return tuple(_need(f"{name}.{number}", each) for number, each in enumerate(value))


def _need(name: str, value: Any) -> Mapping[str, Any]:
    given = _known(name, value, _NEED)
    for key in ("query", "of"):
        if not given.get(key):
            raise fault.KeyMissing(name, key)
    wanted = [_wanted(f"{name}.of", each) for each in _texts(f"{name}.of", given["of"])]
    counted = tuple(each for each in wanted if each[0])
    if not counted:
        raise fault.KeyMissing(f"{name}.of", "a name")
    return {
        "query": _text(f"{name}.query", given["query"]),
        "to": _texts(f"{name}.to", given.get("to", "done")),
        "wanted": counted,
        "author": len(counted) < len(wanted),
        "since": _day(f"{name}.since", given["since"]) if given.get("since") else "",
    }


def _wanted(name: str, text: str) -> tuple[int, str]:
    """``2 of leads``, ``ana``, ``owner``; (0, …) for ``not author``."""
    if text.strip().lower() == NOT_AUTHOR:
        return 0, ""
    count, sign, who = text.partition(" of ")
    if not sign:
        count, who = "1", text
    if not (count.strip().isdecimal() and 1 <= int(count) <= 100 and who.strip()):
        raise fault.BadWanted(name, text)
    return int(count), who.strip()


def owners(name: str, value: Any) -> tuple[Mapping[str, Any], ...]:
    """Who owns what: ``query``, ``path`` or both, and ``of``."""
    if not isinstance(value, list):
        raise fault.NotListOf(name, "rules, each with `query` or `path`, and `of`")
    return tuple(_owner(f"{name}.{number}", each) for number, each in enumerate(value))


def watching(name: str, value: Any) -> tuple[Mapping[str, Any], ...]:
    """Whose inbox has what becomes of items: ``of``, and perhaps ``query`` and ``path``."""
    if not isinstance(value, list):
        raise fault.NotListOf(name, "rules, each with `of`")
    return tuple(_chosen(f"{name}.{number}", each) for number, each in enumerate(value))


def _owner(name: str, value: Any) -> Mapping[str, Any]:
    given = _known(name, value, _OWNER)
    if not given.get("query") and not given.get("path"):
        raise fault.KeyMissing(name, "query")
    return _chosen(name, given)


def _chosen(name: str, value: Any) -> Mapping[str, Any]:
    """A rule that says for which items it holds, and who it names."""
    given = _known(name, value, _OWNER)
    if "of" not in given:
        raise fault.KeyMissing(name, "of")
    path = _text(f"{name}.path", given.get("path", ""))
    if path and not inside(path):
        raise fault.NotInside(f"{name}.path", path)
    return {
        "query": _text(f"{name}.query", given.get("query", "")),
        "path": path.strip("/"),
        "of": _texts(f"{name}.of", given["of"] or []),
    }


def _known(name: str, value: Any, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise fault.NotMapping(name, keys)
    for key in value:
        if key not in keys:
            raise fault.UnknownKey(f"{name}.{key}", keys)
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise fault.NotOneText(name)
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise fault.NotTexts(name)
    return tuple(values)


def _truth(name: str, value: Any) -> bool:
    if value not in ("true", "false"):
        raise fault.NotOneOf(name, value, ("true", "false"))
    return bool(value == "true")


def _day(name: str, value: Any) -> str:
    from datetime import date

    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise fault.DayWanted(name, value) from error


_READERS = {"content": _content, "signed": _truth, "needs": _needs}
