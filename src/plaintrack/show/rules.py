"""Rules, what they did and what their commands may do, as Documents for programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plaintrack.model.problem import Problem
from plaintrack.render.document import Document
from plaintrack.render.sections import Code
from plaintrack.rules.rule import Firing, Rule, Trigger
from plaintrack.show.data import rows
from plaintrack.show.problems import entry

if TYPE_CHECKING:
    from plaintrack.show import outputs

_RULE = ("name", "about", "path", "line", "on", "do")
_FIRED = ("time", "rule", "item", "why", "result")
_WOULD = ("date", "item", "why")
_COMMAND = ("rule", "command")
_TRUSTED = {True: "trusted on this machine", False: "not trusted", None: "no trust is needed"}


def trigger(each: Trigger) -> str:
    """What a rule waits for, in short: ``overdue 1d``."""
    return " ".join(filter(None, (each.kind, each.field, each.text)))


def rules(
    found: Sequence[Rule], problems: Sequence[Problem], pause: tuple[str, int], form: str
) -> Document:
    """The rules, and the problems in their files; ``pause``: why they are paused (empty: they are
    not), and how many firings wait.
    """
    about: outputs.Ruled = {"problems": [entry(each) for each in problems], **_paused(pause)}
    return rows([_rule(each) for each in found], "rules", _RULE, form, about)


def _rule(rule: Rule) -> "outputs.Rule":
    return {
        "name": rule.name,
        "about": rule.about,
        "path": rule.path,
        "line": rule.line,
        "on": list(map(trigger, rule.triggers)),
        "do": [each.kind for each in rule.actions],
    }


def _paused(pause: tuple[str, int]) -> "outputs.Paused":
    reason, waiting = pause
    return {"paused": reason or None, "waiting": waiting}


def log(
    lines: Sequence[tuple[str, str, str, str, str]], pause: tuple[str, int], form: str
) -> Document:
    """What ran: (time, rule, item, why, result) of each firing."""
    fired: list[outputs.Fired] = [
        {"time": time, "rule": rule, "item": item or None, "why": why, "result": result}
        for time, rule, item, why, result in lines
    ]
    return rows(fired, "firings", _FIRED, form, _paused(pause))


def replayed(found: Sequence[tuple[str, Firing]], form: str) -> Document:
    """When a rule would have fired: the moment of each firing."""
    would: list[outputs.Replayed] = [
        {"date": moment[:10], "item": firing.item or None, "why": firing.why}
        for moment, firing in found
    ]
    return rows(would, "firings", _WOULD, form)


def trust(
    commands: Sequence[tuple[str, list[str]]],
    trusted: bool | None,
    covered: Sequence[str],
    changes: Sequence[str],
    form: str,
) -> Document:
    """What rules would run (rule and words), whether they may, what trust is bound to, and the
    lines of what has changed since it was given.
    """
    words: list[outputs.Command] = [
        {"rule": rule, "command": list(command)} for rule, command in commands
    ]
    about: outputs.Trust = {
        "trusted": trusted,
        "covered": list(covered),
        "changes": list(changes),
    }
    found = rows(words, "commands", _COMMAND, form, about, [_TRUSTED[trusted], *covered])
    if form == "markdown" and changes:
        return found._replace(parts=[*found.parts, Code(changes, "diff")])
    return found
