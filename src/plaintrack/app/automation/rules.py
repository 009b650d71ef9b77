"""The rules of a workspace, and the ledger of what they did: one small file per firing, in the
tree, the same in every clone.
"""

import os
from collections.abc import Iterable
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError, command, suggestion
from plaintrack.model.problem import Problem
from plaintrack.rules.load import load
from plaintrack.rules.rule import Rule
from plaintrack.store import files, place

FOLDER = place.RULES


class NoRule(PlaintrackError):
    """There is no rule of that name."""

    slug = "no-rule"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"unknown rule {name!r}",
            suggestion(name, known, f"{command('rules', 'list')} lists them"),
        )


class Rules(NamedTuple):
    """All rules in their order, what is wrong with files, and the bytes of every rule file."""

    rules: tuple[Rule, ...]
    problems: tuple[Problem, ...]
    sources: dict[str, bytes]

    def find(self, name: str) -> Rule | None:
        """The rule of that name."""
        return next((rule for rule in self.rules if rule.name == name), None)

    def named(self, name: str) -> Rule:
        """The rule of that name; raises NoRule with the nearest."""
        found = self.find(name)
        if found is None:
            raise NoRule(name, [rule.name for rule in self.rules])
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
            sources[path] = workspace.read(path)
        except (OSError, files.Oddity) as error:
            problems.append(Problem("rule", path, str(error), "it must be an ordinary file"))
            continue
        some, wrong = load(path, sources[path])
        problems += wrong
        for rule in some:
            other = next((each.path for each in found if rule.name == each.name), None)
            if other is None:
                found.append(rule)
            else:
                problems.append(
                    Problem(
                        "rule",
                        path,
                        f"the name {rule.name!r} is already taken by {other}",
                        "give it another",
                        rule.line,
                        1,
                    )
                )
    return Rules(tuple(found), tuple(problems), sources)


def _paths(workspace: Workspace) -> list[str]:
    return [
        path for name in workspace.entries(FOLDER) if place.is_rules(path := f"{FOLDER}/{name}")
    ]
