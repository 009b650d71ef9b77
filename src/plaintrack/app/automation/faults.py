"""What is wrong with rules beyond their form: queries, fields, values, templates and folders that
this workspace does not know.
"""

from collections.abc import Callable, Iterator
from typing import Any

from plaintrack.app.automation.rules import Rules
from plaintrack.app.items.assign import DERIVED, BadAssignment, choice, declared, edit
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError, nearest, suggestion
from plaintrack.model.problem import Problem
from plaintrack.model.task import fold
from plaintrack.rules.actions import ACTIONS, Action
from plaintrack.rules.rule import Rule, Trigger


def faults(workspace: Workspace, found: Rules) -> list[Problem]:
    """All that is wrong with the rules: with their files, and with what they name. Raises
    BadSetting: without settings nothing can be said.
    """
    _ = workspace.schema
    problems = list(found.problems)
    for rule in found.rules:
        problems += [
            _problem(rule, found, text, error) for text, error in _unknown(workspace, rule)
        ]
    return sorted(problems, key=lambda each: (each.path, each.line, each.column))


def _unknown(workspace: Workspace, rule: Rule) -> Iterator[tuple[str, PlaintrackError]]:
    """What the workspace does not know of what a rule names, and why."""
    for _, _, query in rule.conditions:
        yield from _tried(query, lambda query=query: answers.condition(workspace, query))
    for trigger in rule.triggers:
        if trigger.kind == "mentioned":
            yield from _tried(trigger.text, lambda name=trigger.text: _mentioned(workspace, name))
        elif trigger.kind == "sla-in":
            yield from _tried(trigger.field, lambda name=trigger.field: _sla(workspace, name))
        elif trigger.field and trigger.field != "body":
            yield from _change(workspace, trigger)
    for action in rule.actions:
        yield from _action(workspace, action)
        for text in _filled(action):
            yield from _places(workspace, text)


def _tried(text: str, attempt: Any) -> Iterator[tuple[str, PlaintrackError]]:
    try:
        attempt()
    except PlaintrackError as error:
        yield text, error


def _sla(workspace: Workspace, name: str) -> None:
    known = workspace.settings.sla
    if name not in known:
        raise BadAssignment(
            f"there is no SLA {name!r}", suggestion(name, known, "name it under `sla:`")
        )


def _mentioned(workspace: Workspace, name: str) -> None:
    """Check that a name that is waited for is that of a person or group, where those are known."""
    staff = workspace.staff
    known = [*(each.handle for each in staff.people.values()), *staff.spelled.values()]
    if name and staff.people and fold(name) not in map(fold, known):
        raise BadAssignment(
            f"no person or group is called {name!r}",
            suggestion(name, known, "write the name of a person's file, or of a team"),
        )


def _change(workspace: Workspace, trigger: Trigger) -> Iterator[tuple[str, PlaintrackError]]:
    bad = [*_tried(trigger.field, lambda: declared(workspace, trigger.field))]
    yield from bad
    field = None if bad else declared(workspace, trigger.field)
    if field and field.kind == "choice":
        for text in filter(None, (trigger.old, trigger.new)):
            yield from _tried(text, lambda text=text: choice(field, text))


def _action(workspace: Workspace, action: Action) -> Iterator[tuple[str, PlaintrackError]]:
    kind = ACTIONS[action.kind]
    if kind.sign:
        yield from _values(workspace, action.about, kind.sign)
    for name, option in kind.options.items():
        given = action.about.get(name)
        if given and option.kind in _NAMED:
            yield from _NAMED[option.kind](workspace, given)


def _template(workspace: Workspace, name: str) -> Iterator[tuple[str, PlaintrackError]]:
    from plaintrack.app.items import template

    return _tried(name, lambda: template.template(workspace, name))


def _person(workspace: Workspace, name: str) -> Iterator[tuple[str, PlaintrackError]]:
    from plaintrack.app.snapshot.people import known

    return _tried(name, lambda: known(workspace, name))


def _field(workspace: Workspace, name: str) -> Iterator[tuple[str, PlaintrackError]]:
    return _tried(name, lambda: declared(workspace, name))


def _fields(workspace: Workspace, fields: Any) -> Iterator[tuple[str, PlaintrackError]]:
    return _values(workspace, fields, "=")


def _folder(workspace: Workspace, path: str) -> Iterator[tuple[str, PlaintrackError]]:
    from plaintrack.app.automation.act import folder

    if "{" not in path:
        yield from _tried(path, lambda: folder(workspace, path))


_NAMED: dict[str, Callable[[Workspace, Any], Iterator[tuple[str, PlaintrackError]]]] = {
    "person": _person,
    "template": _template,
    "field": _field,
    "fields": _fields,
    "folder": _folder,
}
"""The kinds of options that name what the workspace must know."""


def _values(workspace: Workspace, about: Any, sign: str) -> Iterator[tuple[str, PlaintrackError]]:
    """Fields that are not declared, and values that a field does not take; what is filled in later
    is not looked at.
    """
    for name, given in about.items():
        unknown = [*_field(workspace, name)]
        yield from unknown
        for text in () if unknown else _texts(given):
            category = name == "status" and text in workspace.schema.statuses.values()
            if "{" not in text and not category:
                word = f"{name}{sign}{text}"
                yield from _tried(text, lambda word=word: edit(workspace, word))


def _texts(given: Any) -> list[str]:
    """The texts in a value: one, a list of them, or those that are rotated."""
    if isinstance(given, dict):
        given = given.get("rotate") or []
    values = given if isinstance(given, list) else [given]
    return [each for each in values if isinstance(each, str)]


def _filled(action: Action) -> Iterator[str]:
    """The texts of an action in which fields are filled in."""
    kind, about = ACTIONS[action.kind], action.about
    values = [*about.values()] if kind.sign else []
    for name, option in kind.options.items():
        if option.kind in ("text", "folder"):
            values.append(about.get(name))
        elif option.kind == "fields":
            values += (about.get(name) or {}).values()
    for value in values:
        if not isinstance(value, dict):
            yield from _texts(value)


def _places(workspace: Workspace, text: str) -> Iterator[tuple[str, PlaintrackError]]:
    """Names in braces that are nearly those of something to be filled in; other braces may be meant
    as they stand.
    """

    from plaintrack.app.automation.act import OWN, PLACE

    known = (*OWN, *workspace.schema.fields, *workspace.schema.keys())
    for found in PLACE.finditer(text):
        name = found[1]
        if name in DERIVED and name not in known:
            yield (
                found[0],
                BadAssignment(
                    f"{found[0]} is not filled in: {name} is worked out when it is asked for",
                    "name a field of the file",
                ),
            )
        elif (
            name not in known
            and (near := nearest(name, known))
            and any(_tried(name, lambda name=name: declared(workspace, name)))
        ):
            yield (
                found[0],
                BadAssignment(
                    f"{found[0]} is not filled in: unknown field {name!r}",
                    f"did you mean {{{near}}}?",
                ),
            )


def _problem(rule: Rule, found: Rules, text: str, error: PlaintrackError) -> Problem:
    """A Problem at the place of ``text`` behind the beginning of the rule."""
    from plaintrack.text.document import locate

    whole = found.sources[rule.path].decode("utf-8-sig")
    start = sum(map(len, whole.splitlines(keepends=True)[: rule.line - 1]))
    at = whole.find(text, start)
    line, column, excerpt = locate(whole, at if at >= 0 else start)
    return Problem(
        "rule",
        rule.path,
        f"{rule.name}: {error.message}",
        error.hint,
        line,
        column + max(error.column - 1, 0),
        excerpt,
    )
