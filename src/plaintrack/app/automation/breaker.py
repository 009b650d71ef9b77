"""The breaker: rules that keep setting off each other or themselves are paused, and what is due
waits until a person resumes them.
"""

import os
from collections import Counter

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.rules.rule import Firing, Rule
from plaintrack.store.index.seen import NAME, Seen

LIMIT = 100
"""How many actions a minute may hold, as ``cost`` counts them."""
ROUNDS = 10
"""How often changes from outside may bring a rule back to an item, before each of its firings
counts.
"""


class Breaker:
    """Counts what rules do on this machine, whoever lets them: commands, ``rules run``, the
    watcher.
    """

    def __init__(self, workspace: Workspace, seen: Seen) -> None:
        """``seen`` keeps the count and the pause."""
        self.workspace, self.seen = workspace, seen
        self.now = int(workspace.now.timestamp())
        self.spread: set[str] = set()
        self.rounds = ROUNDS

    def inside(self) -> None:
        """From now on, what is looked at are changes that rules and their scripts have made in this
        very run.
        """
        self.rounds = 1

    def look(self) -> None:
        """A new look begins, with firings of its own."""
        self.spread = set()

    def cost(self, rule: Rule, firing: Firing) -> int:
        """What a firing counts: its actions; nothing if another of the rule from the same look has
        counted, unless the rule keeps coming back to the item.

        So a change of 300 items at once counts once, though it is made a few times in a minute. A
        loop counts every time: it comes back to its items, or needs a look for every new one.
        """
        if (
            rule.name in self.spread
            and self.seen.times(rule.name, firing.item, self.now) < self.rounds
        ):
            return 0
        self.spread.add(rule.name)
        return len(rule.actions)

    def holds(self) -> bool:
        """Whether rules are paused, or have to be from now on."""
        if paused(self.seen):
            return True
        done = self.seen.counted(self.now)
        if sum(cost for _, _, cost in done) < LIMIT:
            return False
        self.seen.pause(self._reason(done))
        return True

    def _reason(self, done: list[tuple[str, str, int]]) -> str:
        rules = Counter(rule for rule, _, _ in done).most_common()
        fired = ", ".join(f"{name} {count} times" for name, count in rules[:3]) + (
            f" and {len(rules) - 3} others" if len(rules) > 3 else ""
        )
        item, count = Counter(item for _, item, _ in done).most_common(1)[0]
        most = f"; {count} times on {item}" if item else ""
        since = self.workspace.now.strftime("%Y-%m-%d %H:%M")
        return (
            f"rules are paused since {since}: {LIMIT} actions in a minute ({fired}{most}). What is"
            " due waits and nothing is lost: fix the rules if they set each other off, then"
            " `plaintrack rules resume`"
        )


def paused(seen: Seen) -> str:
    """Why rules are paused and what to do; empty if they are not."""
    return seen.known("paused")


def state(workspace: Workspace) -> tuple[str, int]:
    """Why rules are paused (empty: they are not), and how many firings wait."""
    if workspace.cache is None or not os.path.exists(os.path.join(workspace.cache, NAME)):
        return "", 0
    seen = Seen(workspace.cache)
    return paused(seen), len(seen.pending())
