"""What rules owe: actions that failed and are tried again later, and commands, webhooks and
notifications held back until they are trusted.
"""

import os
from typing import NamedTuple

from plaintrack.app.automation.breaker import paused
from plaintrack.app.automation.rules import Rules
from plaintrack.app.automation.trust import NotTrusted, in_ci
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.rules.rule import Act, Rule
from plaintrack.store.digest import digest
from plaintrack.store.index.seen import NAME, Owed, Seen

WAITS = (1, 5, 30, 120, 600, 1800, 3600, 10_800, 21_600, 43_200)
"""Seconds before the first, the second … repetition of an action that failed."""
DAYS = 7
MOST = 100
"""For how long, and how many, actions wait for trust."""


class Later(NamedTuple):
    """What becomes of an action that failed: whether it is put off and until when (Unix seconds;
    None: until it is trusted), and that in words.
    """

    off: bool
    due: int | None
    words: str


def later(workspace: Workspace, rule: Rule, error: Exception, attempt: int) -> Later:
    """What becomes of an action that failed at its ``attempt`` (from 1). What a CI job may not do
    is not put off.
    """
    if isinstance(error, NotTrusted):
        if in_ci():
            return Later(False, None, "")
        return Later(True, None, f" (held back for {DAYS} days)")
    if not rule.retry:
        return Later(False, None, "")
    of = f"attempt {attempt} of {rule.retry + 1}"
    if attempt > rule.retry:
        return Later(False, None, f" ({of}, the last)")
    wait = WAITS[min(attempt, len(WAITS)) - 1]
    span = f"{wait} s" if wait < 120 else f"{wait // 60} min"
    return Later(True, int(workspace.now.timestamp()) + wait, f" ({of}; again in {span})")


def source(rules: Rules, rule: Rule) -> str:
    """What tells the rule's file as it is now from any other."""
    return digest(rules.sources[rule.path]).hex()


def owing(workspace: Workspace, rules: Rules, act: Act, due: int | None) -> Owed:
    """An action that failed for the first time."""
    made = int(workspace.now.timestamp())
    version = source(rules, act.rule)
    return Owed(0, list(act.firing), act.number, act.target, version, 1, due, made)


def next_try(workspace: Workspace) -> float | None:
    """In how many seconds an action is tried again; None if none is, or rules are paused."""
    if workspace.cache is None or not os.path.exists(os.path.join(workspace.cache, NAME)):
        return None
    seen = Seen(workspace.cache)
    times = [] if paused(seen) else [each.due for each in seen.owed() if each.due is not None]
    return min(times) - workspace.now.timestamp() if times else None
