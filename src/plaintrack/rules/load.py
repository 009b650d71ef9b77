"""Reads rule files: every fault has its place, and an unknown word the nearest known one."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

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

MOST_RETRIES = 10
"""How often a rule may try again."""


class Fault(Exception):
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
    except Fault as fault:
        return [], [_problem(path, text, fault)]
    for entries, start in given:
        try:
            rules.append(_rule(path, text, entries, start))
        except Fault as fault:
            problems.append(_problem(path, text, fault))
    return rules, problems


def _given(root: Root) -> list[tuple[tuple[Entry, ...], int]]:
    """What each rule of a file holds, and where it begins."""
    many = next((entry for entry in root.entries if entry.key == "rules"), None)
    if many is None:
        return [(root.entries, 0)]
    if len(root.entries) > 1 or many.value.kind != "sequence":
        from plaintrack.rules.fault import NotOnlyRules

        raise NotOnlyRules(many.start)
    return [(node.entries, node.start) for node in many.value.items]


def _problem(path: str, text: str, fault: Fault) -> Problem:
    line, column, excerpt = locate(text, fault.at)
    return Problem("rule", path, fault.message, fault.hint, line, column, excerpt)


def _rule(path: str, text: str, entries: tuple[Entry, ...], at: int) -> Rule:
    for entry in entries:
        if entry.key not in _KEYS:
            from plaintrack.rules.fault import UnknownKey

            raise UnknownKey(entry.key, _KEYS, entry.start)
    given = {entry.key: entry.value for entry in entries}
    for key in ("name", "on", "do"):
        if key not in given or given[key].null:
            from plaintrack.rules.fault import KeyMissing

            raise KeyMissing(key, at)
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
        from plaintrack.rules.fault import BadName

        raise BadName(name, node.start)
    return name


def _subject(node: Node) -> str:
    subject = _text(node)
    if subject not in SUBJECTS:
        from plaintrack.rules.fault import UnknownSubject

        raise UnknownSubject(subject, SUBJECTS, node.start)
    return subject


def _retry(node: Node) -> int:
    retry = _text(node)
    if not retry.isdecimal() or int(retry) > MOST_RETRIES:
        from plaintrack.rules.fault import BadRetry

        raise BadRetry(retry, MOST_RETRIES, node.start)
    return int(retry)


def _text(node: Node) -> str:
    if node.kind != "scalar":
        from plaintrack.rules.fault import NotOneText

        raise NotOneText(node.kind, node.start)
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
        from plaintrack.rules.fault import UnknownTrigger

        raise UnknownTrigger(kind, (*CHANGES, *TIMES), at)
    if kind == "changed" and node is not None and node.kind == "mapping":
        return _changed(node)
    if kind == "sla-in":
        return _sla_in(node, at)
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
            from plaintrack.rules.fault import UnknownPart

            raise UnknownPart(entry.key, keys, entry.start)
    given = {entry.key: _text(entry.value) for entry in node.entries}
    return Trigger("changed", given.get("field", ""), given.get("from", ""), given.get("to", ""))


def _sla_in(node: Node | None, at: int) -> Trigger:
    """How little is left of an SLA."""
    from plaintrack.when.durations import BadDuration, minutes

    if node is None or node.kind != "mapping":
        from plaintrack.rules.fault import NotSlaIn

        raise NotSlaIn(at if node is None else node.start)
    given = {}
    for entry in node.entries:
        if entry.key not in ("name", "left"):
            from plaintrack.rules.fault import UnknownSlaPart

            raise UnknownSlaPart(entry.key, ("name", "left"), entry.start)
        given[entry.key] = entry.value
    if len(given) < 2 or not _text(given["name"]):
        from plaintrack.rules.fault import NotSlaIn

        raise NotSlaIn(node.start)
    left = _text(given["left"])
    try:
        minutes(left)
    except BadDuration as error:
        from plaintrack.rules.fault import NotALength

        raise NotALength(left, given["left"].start) from error
    return Trigger("sla-in", field=_text(given["name"]), text=left)


def _nothing(kind: str, text: str, at: int) -> None:
    if text:
        from plaintrack.rules.fault import TriggerTakesNothing

        raise TriggerTakesNothing(kind, text, at)


def _name_or_nothing(_kind: str, text: str, at: int) -> None:
    if text.startswith("@"):
        from plaintrack.rules.fault import NameWithSign

        raise NameWithSign(text, at)


def _category(_kind: str, text: str, at: int) -> None:
    if text not in CATEGORIES:
        from plaintrack.rules.fault import NotACategory

        raise NotACategory(text, CATEGORIES, at)


def _span(kind: str, text: str, at: int) -> None:
    if not _SPAN.fullmatch(text):
        from plaintrack.rules.fault import NotDays

        raise NotDays(kind, text, at)


def _span_or_nothing(kind: str, text: str, at: int) -> None:
    if text:
        _span(kind, text, at)


def _not_cron(text: str) -> str:
    """Why the text is not a cron line; empty if it is one."""
    from datetime import datetime

    from cronsim import CronSim, CronSimError

    if len(text.split()) != 5:
        return "it has five fields"
    try:
        CronSim(text, datetime(2026, 1, 1))
    except CronSimError as error:
        return str(error)
    return ""


def _cron(_kind: str, text: str, at: int) -> None:
    why = _not_cron(text)
    if why:
        from plaintrack.rules.fault import NotCron

        raise NotCron(text, why, at)


_TAKES = {
    "created": _nothing,
    "comment": _nothing,
    "mentioned": _name_or_nothing,
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
        from plaintrack.rules.fault import NotQueries

        raise NotQueries(node.start)
    return tuple(condition for entry in node.entries for condition in _of_subject(entry))


def _of_subject(entry: Entry) -> Iterator[Condition]:
    """The conditions on one subject: a query that all answer, or queries by quantifier."""
    known = (*SUBJECTS, "trigger")
    if entry.key not in known:
        from plaintrack.rules.fault import UnknownSubject

        raise UnknownSubject(entry.key, known, entry.start)
    if entry.value.kind != "mapping":
        yield Condition(entry.key, "all", _text(entry.value))
        return
    for each in entry.value.entries:
        if each.key not in QUANTIFIERS:
            from plaintrack.rules.fault import NotAQuantifier

            raise NotAQuantifier(each.key, QUANTIFIERS, each.start)
        yield Condition(entry.key, each.key, _text(each.value))


def _actions(node: Node) -> tuple[Action, ...]:
    if node.kind != "sequence" or not node.items:
        from plaintrack.rules.fault import NotActions

        raise NotActions(node.start)
    return tuple(_action(each) for each in node.items)


def _action(node: Node) -> Action:
    kind = ACTIONS.get(node.value) if node.kind == "scalar" else None
    if kind is not None and kind.plain:
        return Action(kind.name, {})
    if node.kind != "mapping" or len(node.entries) != 1:
        from plaintrack.rules.fault import NotOneAction

        raise NotOneAction(node.start)
    entry = node.entries[0]
    kind = ACTIONS.get(entry.key)
    if kind is None:
        from plaintrack.rules.fault import UnknownAction

        raise UnknownAction(entry.key, ACTIONS, entry.start)
    if kind.sign:
        return Action(kind.name, _fields(kind, entry.value))
    if kind.plain:
        if not entry.value.null:
            from plaintrack.rules.fault import ActionTakesNothing

            raise ActionTakesNothing(kind.name, entry.value.start)
        return Action(kind.name, {})
    return Action(kind.name, _given_options(kind, entry))


def _fields(kind: ActionKind, value: Node) -> Mapping[str, Any]:
    if value.kind != "mapping":
        from plaintrack.rules.fault import NotFields

        raise NotFields(kind.name, value.start)
    fields: Mapping[str, Any] = _plain(value)
    return fields


def _given_options(kind: ActionKind, entry: Entry) -> Mapping[str, Any]:
    """The options of an action, each of the right form."""
    nodes = _option_nodes(kind, entry.value)
    given = {name: _plain(node) for name, node in nodes.items()}
    for name, option in kind.options.items():
        if option.needed and not given.get(name):
            from plaintrack.rules.fault import OptionMissing

            raise OptionMissing(kind.name, name, entry.start)
    for name, value in given.items():
        form = FORMS[kind.options[name].kind]
        if not form.fits(value):
            message = form.message.format(name=name, action=kind.name, value=shown(value))
            raise Fault(message, form.hint, nodes[name].start)
    return given


def _option_nodes(kind: ActionKind, value: Node) -> Mapping[str, Node]:
    """What stands for each option; a plain value stands for the main one."""
    if value.kind != "mapping":
        return {} if value.null else {kind.main: value}
    for each in value.entries:
        if each.key not in kind.options:
            from plaintrack.rules.fault import UnknownOption

            raise UnknownOption(kind.name, each.key, kind.options, each.start)
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


def _is_period(value: Any) -> bool:
    return value in ("", "day", "week")


def _is_fields(value: Any) -> bool:
    return value == "" or isinstance(value, dict)


_ONE_TEXT = Form(_is_text, "{name} of {action} is one text", "write one value")
FORMS = {
    "text": _ONE_TEXT,  # filled in
    "plain": _ONE_TEXT,  # as it stands
    "person": _ONE_TEXT,
    "period": Form(_is_period, "{action} is of a day or a week, not {value}", "day, or week"),
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
