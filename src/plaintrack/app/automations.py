"""The rules of a workspace, and the ledger of what they did: one small file per firing, in the tree, the same in every clone."""

import os
from typing import NamedTuple

from plaintrack.app.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.problem import Problem
from plaintrack.rules.load import load
from plaintrack.rules.rule import Firing, Rule
from plaintrack.store import files
from plaintrack.text.format import lines

FOLDER = "automations"
LEDGER = "automations/fired"


class NoRule(PlaintrackError):
    """There is no rule of that name."""

    slug = "no-rule"


class Rules(NamedTuple):
    """All rules in their order, what is wrong with files, and the bytes of every rule file."""

    rules: tuple[Rule, ...]
    problems: tuple[Problem, ...]
    sources: dict[str, bytes]

    def named(self, name: str) -> Rule:
        """The rule of that name; raises NoRule with the nearest."""
        found = next((each for each in self.rules if each.name == name), None)
        if found is None:
            from difflib import get_close_matches

            near = get_close_matches(name, [each.name for each in self.rules], 1)
            raise NoRule(f"there is no rule {name!r}", f"did you mean {near[0]!r}?" if near else "`plaintrack rules list` names them")
        return found


def has_rules(workspace: Workspace) -> bool:
    """Whether there is a folder of rules; one ``stat``."""
    return os.path.isdir(os.path.join(workspace.root, FOLDER))


def rules(workspace: Workspace) -> Rules:
    """The rules of the work tree. A name that is taken already is a Problem."""
    found: list[Rule] = []
    problems: list[Problem] = []
    sources: dict[str, bytes] = {}
    for path in _paths(workspace):
        try:
            sources[path] = files.read(workspace.path(path))
        except (OSError, files.Oddity) as error:
            problems.append(Problem("rule", path, str(error), "it must be an ordinary file"))
            continue
        some, wrong = load(path, sources[path])
        problems += wrong
        for rule in some:
            if any(rule.name == each.name for each in found):
                problems.append(Problem("rule", path, f"the name {rule.name!r} is taken already", "give it another", rule.line, 1))
            else:
                found.append(rule)
    return Rules(tuple(found), tuple(problems), sources)


def _paths(workspace: Workspace) -> list[str]:
    folder = workspace.path(FOLDER)
    if os.path.islink(folder) or not os.path.isdir(folder):
        return []
    return [f"{FOLDER}/{name}" for name in sorted(os.listdir(folder)) if name.endswith((".yml", ".yaml")) and name[0] != "."]


def faults(workspace: Workspace, found: Rules) -> list[Problem]:
    """What is wrong with the rules: their files, and queries, fields and values that this workspace does not know."""
    from plaintrack.app import read
    from plaintrack.app.assign import declared

    problems = list(found.problems)
    for rule in found.rules:
        for _, _, query in rule.conditions:
            try:
                read.question(workspace, query)
            except PlaintrackError as error:
                problems.append(_problem(rule, found, query, error))
        names = [(each.field, "changed") for each in rule.triggers if each.field and each.field != "body"]
        names += [(name, action.kind) for action in rule.actions if action.kind in ("set", "add", "remove") for name in action.about]
        for name, _ in names:
            try:
                declared(workspace, name)
            except PlaintrackError as error:
                problems.append(_problem(rule, found, name, error))
    return sorted(problems, key=lambda each: (each.path, each.line, each.column))


def _problem(rule: Rule, found: Rules, text: str, error: PlaintrackError) -> Problem:
    """A Problem at the place of ``text`` behind the beginning of the rule."""
    from plaintrack.text.document import locate

    whole = found.sources[rule.path].decode("utf-8-sig")
    start = sum(map(len, whole.splitlines(keepends=True)[: rule.line - 1]))
    at = whole.find(text, start)
    line, column, excerpt = locate(whole, at if at >= 0 else start)
    return Problem("rule", rule.path, f"{rule.name}: {error.message}", error.hint, line, column + max(error.column - 1, 0), excerpt)


def ledger(workspace: Workspace) -> dict[str, str]:
    """Key → workspace path of every firing in the ledger."""
    found = {}
    top = workspace.path(LEDGER)
    for month in sorted(os.listdir(top)) if os.path.isdir(top) and not os.path.islink(top) else ():
        folder = os.path.join(top, month)
        if os.path.isdir(folder) and not os.path.islink(folder):
            found.update({name[:-4]: f"{LEDGER}/{month}/{name}" for name in os.listdir(folder) if name.endswith(".yml")})
    return found


def entry(firing: Firing) -> tuple[str, bytes]:
    """Path and bytes of a firing's file in the ledger."""
    text = "".join(lines(name, value) for name, value in (("rule", firing.rule), ("item", firing.item), ("why", firing.why)) if value)
    return f"{LEDGER}/{firing.moment[:7]}/{firing.key}.yml", text.encode("utf-8", "replace")
