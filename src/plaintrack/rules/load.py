"""Reads rule files: every fault has its place, and an unknown word the nearest known one."""

import re
from collections.abc import Mapping
from typing import Any

from plaintrack.errors import suggestion
from plaintrack.model.problem import Problem, shown
from plaintrack.rules.rule import ACTIONS, CHANGES, SUBJECTS, TIMES, Action, Rule, Trigger
from plaintrack.text.document import locate
from plaintrack.text.nodes import BadYaml, Entry, Node, Root, scan

_KEYS = ("name", "about", "on", "for", "if", "do", "retry")
_NAME = re.compile(r"[\w][\w .-]{0,63}")
_SPAN = re.compile(r"\d{1,4}[dw]?")
_SECONDS = re.compile(r"\d{1,3}s?")
_OPTIONS: dict[str, tuple[str, ...]] = {
    "comment": ("text",),
    "tick": ("step",),
    "create": ("title", "template", "set", "body", "link"),
    "move": ("to",),
    "archive": (),
    "notify": ("text", "to"),
    "run": ("command", "env", "files", "timeout"),
    "webhook": ("url", "secret", "text"),
    "commit": (),
}
_MAIN = {
    "comment": "text",
    "tick": "step",
    "create": "title",
    "move": "to",
    "notify": "text",
    "run": "command",
    "webhook": "url",
}
_NEEDED = {
    "comment": "text",
    "tick": "step",
    "create": "title",
    "move": "to",
    "notify": "text",
    "run": "command",
    "webhook": "url",
}


class _Fault(Exception):
    """A fault at an offset of the text."""

    def __init__(self, message: str, hint: str, at: int) -> None:
        super().__init__(message)
        self.message, self.hint, self.at = message, hint, at


def load(path: str, data: bytes) -> tuple[list[Rule], list[Problem]]:
    """The rules of one file, one rule or a list under ``rules:``, and what is wrong with others of
    them.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [
            Problem("rule", path, f"not UTF-8 at byte {error.start}", "save it as UTF-8", 1, 1)
        ]
    rules: list[Rule] = []
    problems: list[Problem] = []
    try:
        given = _given(scan(text, path))
    except BadYaml as error:
        return [], [error.problem]
    except _Fault as fault:
        return [], [_problem(path, text, fault)]
    for entries, start in given:
        try:
            rules.append(_rule(path, text, entries, start))
        except _Fault as fault:
            problems.append(_problem(path, text, fault))
    return rules, problems


def _given(root: Root) -> list[tuple[tuple[Entry, ...], int]]:
    """What each rule of a file holds, and where it begins."""
    many = next((entry for entry in root.entries if entry.key == "rules"), None)
    if many is None:
        return [(root.entries, 0)]
    if len(root.entries) > 1 or many.value.kind != "sequence":
        raise _Fault(
            "`rules:` takes a list of rules and stands alone",
            "write `- name: …` below it",
            many.start,
        )
    return [(node.entries, node.start) for node in many.value.items]


def _problem(path: str, text: str, fault: _Fault) -> Problem:
    line, column, excerpt = locate(text, fault.at)
    return Problem("rule", path, fault.message, fault.hint, line, column, excerpt)


def _near(word: str, known: tuple[str, ...]) -> str:
    return suggestion(word, known, f"one of {', '.join(known)}")


def _rule(path: str, text: str, entries: tuple[Entry, ...], at: int) -> Rule:
    given = {entry.key: entry for entry in entries}
    for entry in entries:
        if entry.key not in _KEYS:
            raise _Fault(f"a rule has no {entry.key!r}", _near(entry.key, _KEYS), entry.start)
    for key in ("name", "on", "do"):
        if key not in given or given[key].value.null:
            raise _Fault(
                f"the rule has no `{key}:`",
                "a rule has `name`, `on`, `do`, and perhaps `if`, `for`, `retry`",
                at,
            )
    name = _text(given["name"].value)
    if not _NAME.fullmatch(name):
        raise _Fault(
            f"{shown(name)} is no name of a rule",
            "letters, digits, `-`, `.` and blanks; 64 at most",
            given["name"].value.start,
        )
    subject = _text(given["for"].value) if "for" in given else "item"
    if subject not in SUBJECTS:
        raise _Fault(
            f"there is no subject {subject!r}", _near(subject, SUBJECTS), given["for"].value.start
        )
    retry = _text(given["retry"].value) if "retry" in given else "0"
    if not (retry.isdecimal() and int(retry) <= 10):
        raise _Fault(
            f"retry is {shown(retry)}", "a number from 0 to 10", given["retry"].value.start
        )
    conditions = _conditions(given["if"].value) if "if" in given else ()
    about = _text(given["about"].value) if "about" in given else ""
    line = locate(text, at)[0]
    return Rule(
        name,
        path,
        _triggers(given["on"].value),
        conditions,
        _actions(given["do"].value),
        subject,
        int(retry),
        about,
        line,
    )


def _text(node: Node) -> str:
    if node.kind != "scalar":
        raise _Fault(
            f"a {node.kind} stands here, but one text is wanted", "write one value", node.start
        )
    return "" if node.null else node.value


def _plain(node: Node) -> Any:
    if node.kind == "scalar":
        return "" if node.null else node.value
    if node.kind == "sequence":
        return [_plain(each) for each in node.items]
    return {entry.key: _plain(entry.value) for entry in node.entries}


def _triggers(node: Node) -> tuple[Trigger, ...]:
    if node.kind == "scalar":
        return (_trigger(node.value, None, node.start),)
    if node.kind == "sequence":
        return tuple(found for each in node.items for found in _triggers(each))
    return tuple(_trigger(entry.key, entry.value, entry.start) for entry in node.entries)


def _trigger(kind: str, node: Node | None, at: int) -> Trigger:
    if kind not in (*CHANGES, *TIMES):
        raise _Fault(f"there is no trigger {kind!r}", _near(kind, (*CHANGES, *TIMES)), at)
    if node is not None and node.kind == "mapping" and kind == "changed":
        given = {entry.key: _text(entry.value) for entry in node.entries}
        for entry in node.entries:
            if entry.key not in ("field", "from", "to"):
                raise _Fault(
                    f"a change has no {entry.key!r}",
                    _near(entry.key, ("field", "from", "to")),
                    entry.start,
                )
        return Trigger(kind, given.get("field", ""), given.get("from", ""), given.get("to", ""))
    text = "" if node is None else _text(node)
    place = at if node is None else node.start
    if kind in ("created", "comment", "closes") and text:
        raise _Fault(f"{kind} takes nothing, not {shown(text)}", "narrow it with `if:`", place)
    if kind == "changed":
        return Trigger(kind, field=text)
    if kind == "entered" and text not in ("open", "active", "done", "cancelled"):
        raise _Fault(
            f"{text!r} is no category of a status",
            _near(text, ("open", "active", "done", "cancelled")),
            place,
        )
    if (
        kind in ("due-in", "stale", "overdue")
        and not _SPAN.fullmatch(text)
        and (text or kind != "overdue")
    ):
        raise _Fault(f"{kind} takes a number of days, not {shown(text)}", "write 3d or 2w", place)
    if kind == "schedule":
        _cron(text, place)
    return Trigger(kind, text=text)


def _cron(text: str, at: int) -> None:
    from datetime import datetime

    from cronsim import CronSim, CronSimError

    try:
        if len(text.split()) != 5:
            raise CronSimError("it has five fields")
        CronSim(text, datetime(2026, 1, 1))
    except CronSimError as error:
        raise _Fault(
            f"{shown(text)} is no cron line: {error}",
            "minute hour day month weekday, such as '0 9 * * mon'",
            at,
        ) from error


def _conditions(node: Node) -> tuple[tuple[str, str, str], ...]:
    if node.kind == "scalar":
        return (("item", "all", _text(node)),) if _text(node) else ()
    if node.kind != "mapping":
        raise _Fault(
            "`if:` takes a query, or queries by subject",
            "if: {item: 'is:open', parent: 'is:open'}",
            node.start,
        )
    found = []
    for entry in node.entries:
        if entry.key not in (*SUBJECTS, "trigger"):
            raise _Fault(
                f"there is no subject {entry.key!r}",
                _near(entry.key, (*SUBJECTS, "trigger")),
                entry.start,
            )
        if entry.value.kind == "mapping":
            for each in entry.value.entries:
                if each.key not in ("all", "any", "none"):
                    raise _Fault(
                        f"{each.key!r} is no quantifier",
                        _near(each.key, ("all", "any", "none")),
                        each.start,
                    )
                found.append((entry.key, each.key, _text(each.value)))
        else:
            found.append((entry.key, "all", _text(entry.value)))
    return tuple(found)


def _actions(node: Node) -> tuple[Action, ...]:
    if node.kind != "sequence" or not node.items:
        raise _Fault("`do:` takes a list of actions", "do:\n- set: {priority: high}", node.start)
    return tuple(_action(each) for each in node.items)


def _action(node: Node) -> Action:
    if node.kind == "scalar" and node.value in ("archive", "commit"):
        return Action(node.value, {})
    if node.kind != "mapping" or len(node.entries) != 1:
        raise _Fault(
            "an action is one word with what it takes", "- set: {priority: high}", node.start
        )
    entry = node.entries[0]
    kind, value = entry.key, entry.value
    if kind not in ACTIONS:
        raise _Fault(f"there is no action {kind!r}", _near(kind, ACTIONS), entry.start)
    if kind in ("set", "add", "remove"):
        if value.kind != "mapping":
            raise _Fault(
                f"{kind} takes fields and values", f"- {kind}: {{priority: high}}", value.start
            )
        return Action(kind, _plain(value))
    if kind in ("archive", "commit") and not value.null:
        raise _Fault(f"{kind} takes nothing", f"- {kind}", value.start)
    if value.kind != "mapping":
        given: Mapping[str, Any] = (
            {_MAIN[kind]: _plain(value)} if kind in _MAIN and not value.null else {}
        )
    else:
        for each in value.entries:
            if each.key not in _OPTIONS[kind]:
                raise _Fault(
                    f"{kind} has no {each.key!r}",
                    _near(each.key, _OPTIONS[kind] or ("nothing",)),
                    each.start,
                )
        given = _plain(value)
    if kind in _NEEDED and not given.get(_NEEDED[kind]):
        raise _Fault(f"{kind} needs its `{_NEEDED[kind]}`", "see docs/automation.md", entry.start)
    _check(kind, given, value)
    return Action(kind, given)


def _check(kind: str, given: Mapping[str, Any], value: Node) -> None:
    """What an action takes must be of the right form."""
    places = (
        {entry.key: entry.value.start for entry in value.entries} if value.kind == "mapping" else {}
    )
    for name, each in given.items():
        if name not in ("command", "env", "files", "set") and not isinstance(each, str):
            raise _Fault(
                f"{name} of {kind} is one text", "write one value", places.get(name, value.start)
            )
    if kind == "create" and not isinstance(given.get("set") or {}, dict):
        raise _Fault("set takes fields and values", "set: {priority: high}", places["set"])
    if kind == "webhook" and not given["url"].startswith(("https://", "env:")):
        raise _Fault(
            f"a webhook is an https address, not {shown(given['url'])}",
            "https://host/path, or env:NAME",
            places.get("url", value.start),
        )
    if kind != "run":
        return
    if not (
        isinstance(given["command"], list)
        and all(isinstance(each, str) for each in given["command"])
    ):
        raise _Fault(
            "a command is a list of words; no shell reads it",
            "- run: [make, report]",
            places.get("command", value.start),
        )
    names = given.get("env") or []
    if not isinstance(names, str) and not (
        isinstance(names, list) and all(isinstance(each, str) for each in names)
    ):
        raise _Fault(
            "env takes names of variables, not their values", "env: [TOKEN]", places["env"]
        )
    paths = given.get("files") or []
    if not isinstance(paths, str) and not (
        isinstance(paths, list) and all(isinstance(each, str) for each in paths)
    ):
        raise _Fault(
            "files takes the files and folders that the command uses",
            "files: [tools, Makefile]",
            places["files"],
        )
    if not _SECONDS.fullmatch(given.get("timeout") or "30"):
        raise _Fault(
            f"{shown(given['timeout'])} is no time limit",
            "seconds, such as 60s; 600s at most",
            places["timeout"],
        )
