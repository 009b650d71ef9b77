"""Reads rule files: every fault has its place, and an unknown word the nearest known one."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from plaintrack.errors import command, suggestion
from plaintrack.model.fields import CATEGORIES
from plaintrack.model.problem import Problem, shown
from plaintrack.rules.actions import ACTIONS, Action, ActionKind
from plaintrack.rules.rule import CHANGES, QUANTIFIERS, SUBJECTS, TIMES, Condition, Rule, Trigger
from plaintrack.text.document import locate
from plaintrack.text.nodes import BadYaml, Entry, Node, Root, scan

_KEYS = ("name", "about", "on", "for", "if", "do", "retry")
_NAME = re.compile(r"[\w][\w .-]{0,63}")
_SPAN = re.compile(r"\d{1,4}[dw]?")
_SECONDS = re.compile(r"\d{1,3}s?")


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
            "`rules:` takes a list of rules and must be the only key",
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
    for entry in entries:
        if entry.key not in _KEYS:
            raise _Fault(
                f"unknown key {entry.key!r} in a rule", _near(entry.key, _KEYS), entry.start
            )
    given = {entry.key: entry.value for entry in entries}
    for key in ("name", "on", "do"):
        if key not in given or given[key].null:
            raise _Fault(
                f"the rule has no `{key}:`",
                "a rule has `name`, `on`, `do`, and perhaps `if`, `for`, `retry`",
                at,
            )
    return Rule(
        _name(given["name"]),
        path,
        _triggers(given["on"]),
        _conditions(given["if"]) if "if" in given else (),
        _actions(given["do"]),
        _subject(given["for"]) if "for" in given else "item",
        _retry(given["retry"]) if "retry" in given else 0,
        _text(given["about"]) if "about" in given else "",
        locate(text, at)[0],
    )


def _name(node: Node) -> str:
    name = _text(node)
    if not _NAME.fullmatch(name):
        raise _Fault(
            f"{shown(name)} is not a name of a rule",
            "letters, digits, `-`, `.` and blanks; at most 64",
            node.start,
        )
    return name


def _subject(node: Node) -> str:
    subject = _text(node)
    if subject not in SUBJECTS:
        raise _Fault(f"unknown subject {subject!r}", _near(subject, SUBJECTS), node.start)
    return subject


def _retry(node: Node) -> int:
    retry = _text(node)
    if not retry.isdecimal() or int(retry) > 10:
        raise _Fault(f"retry is {shown(retry)}", "a number from 0 to 10", node.start)
    return int(retry)


def _text(node: Node) -> str:
    if node.kind != "scalar":
        raise _Fault(f"this is a {node.kind}, but must be a text", "write one value", node.start)
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
        raise _Fault(f"unknown trigger {kind!r}", _near(kind, (*CHANGES, *TIMES)), at)
    if kind == "changed" and node is not None and node.kind == "mapping":
        return _changed(node)
    text = "" if node is None else _text(node)
    if kind == "changed":
        return Trigger(kind, field=text)
    _TAKES[kind](kind, text, at if node is None else node.start)
    return Trigger(kind, text=text)


def _changed(node: Node) -> Trigger:
    """A change of one field, from one value to another."""
    keys = ("field", "from", "to")
    for entry in node.entries:
        if entry.key not in keys:
            raise _Fault(f"a change has no {entry.key!r}", _near(entry.key, keys), entry.start)
    given = {entry.key: _text(entry.value) for entry in node.entries}
    return Trigger("changed", given.get("field", ""), given.get("from", ""), given.get("to", ""))


def _nothing(kind: str, text: str, at: int) -> None:
    if text:
        raise _Fault(f"{kind} takes nothing, not {shown(text)}", "narrow it with `if:`", at)


def _category(_kind: str, text: str, at: int) -> None:
    if text not in CATEGORIES:
        raise _Fault(f"{text!r} is not a category of statuses", _near(text, CATEGORIES), at)


def _span(kind: str, text: str, at: int) -> None:
    if not _SPAN.fullmatch(text):
        raise _Fault(f"{kind} takes a number of days, not {shown(text)}", "write 3d or 2w", at)


def _span_or_nothing(kind: str, text: str, at: int) -> None:
    if text:
        _span(kind, text, at)


def _cron(_kind: str, text: str, at: int) -> None:
    from datetime import datetime

    from cronsim import CronSim, CronSimError

    try:
        if len(text.split()) != 5:
            raise CronSimError("it has five fields")
        CronSim(text, datetime(2026, 1, 1))
    except CronSimError as error:
        raise _Fault(
            f"{shown(text)} is not a cron line: {error}",
            "minute hour day month weekday, such as '0 9 * * mon'",
            at,
        ) from error


_TAKES = {
    "created": _nothing,
    "comment": _nothing,
    "closes": _nothing,
    "entered": _category,
    "due-in": _span,
    "stale": _span,
    "overdue": _span_or_nothing,
    "schedule": _cron,
}
"""What the text behind a trigger is held to."""


def _conditions(node: Node) -> tuple[Condition, ...]:
    if node.kind == "scalar":
        return (Condition("item", "all", _text(node)),) if _text(node) else ()
    if node.kind != "mapping":
        raise _Fault(
            "`if:` takes a query, or queries by subject",
            "if: {item: 'is:open', parent: 'is:open'}",
            node.start,
        )
    return tuple(condition for entry in node.entries for condition in _of_subject(entry))


def _of_subject(entry: Entry) -> Iterator[Condition]:
    """The conditions on one subject: a query that all answer, or queries by quantifier."""
    known = (*SUBJECTS, "trigger")
    if entry.key not in known:
        raise _Fault(f"unknown subject {entry.key!r}", _near(entry.key, known), entry.start)
    if entry.value.kind != "mapping":
        yield Condition(entry.key, "all", _text(entry.value))
        return
    for each in entry.value.entries:
        if each.key not in QUANTIFIERS:
            raise _Fault(
                f"{each.key!r} is not a quantifier", _near(each.key, QUANTIFIERS), each.start
            )
        yield Condition(entry.key, each.key, _text(each.value))


def _actions(node: Node) -> tuple[Action, ...]:
    if node.kind != "sequence" or not node.items:
        raise _Fault("`do:` takes a list of actions", "do:\n- set: {priority: high}", node.start)
    return tuple(_action(each) for each in node.items)


def _action(node: Node) -> Action:
    kind = ACTIONS.get(node.value) if node.kind == "scalar" else None
    if kind is not None and kind.plain:
        return Action(kind.name, {})
    if node.kind != "mapping" or len(node.entries) != 1:
        raise _Fault("an action is one word and its value", "- set: {priority: high}", node.start)
    entry = node.entries[0]
    kind = ACTIONS.get(entry.key)
    if kind is None:
        near = _near(entry.key, tuple(ACTIONS))
        raise _Fault(f"unknown action {entry.key!r}", near, entry.start)
    if kind.sign:
        return Action(kind.name, _fields(kind, entry.value))
    if kind.plain:
        if not entry.value.null:
            raise _Fault(f"{kind.name} takes nothing", f"- {kind.name}", entry.value.start)
        return Action(kind.name, {})
    return Action(kind.name, _given_options(kind, entry))


def _fields(kind: ActionKind, value: Node) -> Mapping[str, Any]:
    if value.kind != "mapping":
        example = f"- {kind.name}: {{priority: high}}"
        raise _Fault(f"{kind.name} takes fields and values", example, value.start)
    fields: Mapping[str, Any] = _plain(value)
    return fields


def _given_options(kind: ActionKind, entry: Entry) -> Mapping[str, Any]:
    """The options of an action, each of the right form."""
    nodes = _option_nodes(kind, entry.value)
    given = {name: _plain(node) for name, node in nodes.items()}
    for name, option in kind.options.items():
        if option.needed and not given.get(name):
            hint = f"{command('explain', kind.name)} shows how it is written"
            raise _Fault(f"{kind.name} needs its `{name}`", hint, entry.start)
    for name, value in given.items():
        form = FORMS[kind.options[name].kind]
        if not form.fits(value):
            message = form.message.format(name=name, action=kind.name, value=shown(value))
            raise _Fault(message, form.hint, nodes[name].start)
    return given


def _option_nodes(kind: ActionKind, value: Node) -> Mapping[str, Node]:
    """What stands for each option; a plain value stands for the main one."""
    if value.kind != "mapping":
        return {} if value.null else {kind.main: value}
    for each in value.entries:
        if each.key not in kind.options:
            near = _near(each.key, tuple(kind.options))
            raise _Fault(f"{kind.name} has no {each.key!r}", near, each.start)
    return {each.key: each.value for each in value.entries}


class Form(NamedTuple):
    """The form that the values of an option have, and what to say of others."""

    fits: Callable[[Any], bool]
    message: str
    hint: str


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_text_or_texts(value: Any) -> bool:
    return _is_text(value) or _is_texts(value)


def _is_https(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "env:"))


def _is_seconds(value: Any) -> bool:
    return isinstance(value, str) and _SECONDS.fullmatch(value or "30") is not None


def _is_fields(value: Any) -> bool:
    return value == "" or isinstance(value, dict)


_ONE_TEXT = Form(_is_text, "{name} of {action} is one text", "write one value")
FORMS = {
    "text": _ONE_TEXT,  # filled in
    "plain": _ONE_TEXT,  # as it stands
    "folder": _ONE_TEXT,
    "template": _ONE_TEXT,
    "field": _ONE_TEXT,
    "fields": Form(_is_fields, "{name} takes fields and values", "set: {priority: high}"),
    "https": Form(
        _is_https,
        "a webhook is an https address, not {value}",
        "https://host/path, or env:NAME",
    ),
    "words": Form(
        _is_texts,
        "a command is a list of words; no shell reads it",
        "- run: [make, report]",
    ),
    "names": Form(
        _is_text_or_texts,
        "env takes names of variables, not their values",
        "env: [TOKEN]",
    ),
    "paths": Form(
        _is_text_or_texts,
        "files takes the files and folders that the command uses",
        "files: [tools, Makefile]",
    ),
    "seconds": Form(
        _is_seconds,
        "{value} is not a time limit",
        "seconds, such as 60s; 600s at most",
    ),
}
"""The kinds of options."""
