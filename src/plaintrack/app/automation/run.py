"""Changes → what rules do about them: seen once, acted on once, in a bounded chain; whoever comes
first under the lock.

Everything that asks what rules do takes the same three steps: a ``look`` at what has happened, the
``firings`` that follow, and, unless it is a preview, ``carry_out``.
"""

import json
import os
from collections.abc import Iterable

from plaintrack.app.automation import retry, rules
from plaintrack.app.automation.act import Outcome, carry_out
from plaintrack.app.automation.breaker import Breaker, paused
from plaintrack.app.automation.changed import Watched, busy, state, watched
from plaintrack.app.automation.conditions import met
from plaintrack.app.automation.ledger import LEDGER, acted
from plaintrack.app.automation.look import first_look, look, nothing, with_due
from plaintrack.app.automation.rules import Rules, has_rules
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import alone, writing
from plaintrack.app.write.writer import NOTHING, Writer, follow_of
from plaintrack.errors import PlaintrackError
from plaintrack.rules.look import Baseline, Look, firings
from plaintrack.rules.rule import Firing
from plaintrack.store import place
from plaintrack.store.index.seen import Pending, Seen

CHAIN = 10
"""How many rules may follow from one another."""
RULE = "PLAINTRACK_RULE"
"""Set for the commands of rules: what they change is looked at by the plaintrack that runs them."""

__all__ = ["CHAIN", "after", "has_rules", "log", "mark_seen", "preview", "resume", "run"]


def after(
    workspace: Workspace, times: bool = True, since: str | None = None, rest: float = 0.0
) -> list[Outcome]:
    """Act on what has changed since automations last looked, and (``times``) on the time triggers
    due now; what came of it.

    ``since`` names a commit: what commits since then changed is acted on too, where the ledger does
    not have it. What git may have brought less than ``rest`` seconds ago waits.
    """
    if not has_rules(workspace) or workspace.cache is None or RULE in os.environ:
        return []
    with writing(
        workspace, "rules run", follow=follow_of(workspace)._replace(written=NOTHING.written)
    ) as writer:
        workspace.look_again()
        return run(writer, times, since, rest)


def resume(workspace: Workspace) -> list[Outcome]:
    """Let paused rules go on, with what has been waiting, as ``after``."""
    if workspace.cache is not None:
        with alone(workspace):
            Seen(workspace.cache).pause("")
    return after(workspace)


def preview(workspace: Workspace, since: str | None = None) -> list[Firing]:
    """What ``after`` would act on, as far as conditions hold now; nothing is done and nothing
    remembered.
    """
    if not has_rules(workspace) or workspace.cache is None or _waits(workspace):
        return []
    found = rules.rules(workspace)
    files = Watched(workspace, Seen(workspace.cache))
    if files.seen.fresh:
        seen = with_due(nothing(workspace, files.seen), files, found)
    else:
        seen = first_look(files, found, files.moves(), frozenset(), times=True)
    wanted = [
        each for each in firings(seen, found.rules) if met(workspace, found.named(each.rule), each)
    ]
    if since is None:
        return wanted
    from plaintrack.app.automation.replay import missing

    acted_on = {each.key for each in wanted}
    late = missing(workspace, found, since, acted_on)
    return [*wanted, *(each for each in late if met(workspace, found.named(each.rule), each))]


def run(
    writer: Writer, times: bool = False, since: str | None = None, rest: float = 0.0
) -> list[Outcome]:
    """As ``after``, as a part of a command that has the lock: what it wrote and what rules write
    are one entry of the journal.
    """
    workspace = writer.workspace
    found = rules.rules(workspace)
    for problem in found.problems:
        workspace.notice(problem.describe())
    if workspace.cache is None or (_waits(workspace) if times else busy(workspace)):
        return []
    files = Watched(workspace, Seen(workspace.cache), rest)
    if files.seen.fresh:
        files.begin(writer.written)
    running = _Run(writer, found, files)
    running.finish()
    running.repeat()
    retry.expire(workspace, files.seen)
    held = running.everything(times, since)
    if (held or times) and paused(files.seen):
        workspace.notice(paused(files.seen))
    return running.outcomes


def log(workspace: Workspace, limit: int) -> list[tuple[str, str, str, str, str]]:
    """(time, rule, item, why, result) of the last firings on this machine, the latest last."""
    if workspace.cache is None:
        return []
    return Seen(workspace.cache).log(limit)[::-1]


def mark_seen(workspace: Workspace, paths: Iterable[str]) -> None:
    """Take these files for seen, as they are now; nothing fires for them. To be called under the
    lock.
    """
    if workspace.cache is not None:
        seen = Seen(workspace.cache)
        if not seen.fresh:
            now = {path: state(workspace, path) for path in paths if watched(workspace, path)}
            seen.note({path.rpartition("/")[0]: b"" for path in now})
            seen.move_on(now, [])


def _waits(workspace: Workspace) -> bool:
    """Whether git is in the middle of something, which is said: who asks for rules to run is to
    know why none does.
    """
    if not busy(workspace):
        return False
    from plaintrack.store.underway import underway

    what = underway(place.git_folder(workspace.root) or "")
    workspace.notice(
        f"git is in the middle of a {what}; rules wait until it is over"
        if what
        else "git is at work; rules wait until it is done"
    )
    return True


class _Run:
    """Carries out what follows from looks, until nothing follows any more."""

    def __init__(self, writer: Writer, found: Rules, files: Watched) -> None:
        self.writer, self.rules, self.files = writer, found, files
        self.breaker = Breaker(writer.workspace, files.seen)
        self.outcomes: list[Outcome] = []
        self.chains: dict[str, tuple[str, ...]] = {}  # path → the chain of rules that wrote it

    def everything(self, times: bool, since: str | None) -> bool:
        """Act on changes and times until nothing follows; whether anything fired."""
        workspace = self.writer.workspace
        came = self.files.moves()
        seen = first_look(self.files, self.rules, came, self._written(), times)
        fired = self._act_on(seen, firings(seen, self.rules.rules))
        if since is not None:
            from plaintrack.app.automation.replay import missing

            fired |= self._act_on(seen, missing(workspace, self.rules, since), files=False)
        self.breaker.inside()
        while True:
            seen = look(self.files, came, self._written(), self.chains)
            if seen.baseline is None or not seen.baseline.files:
                return fired
            fired |= self._act_on(seen, firings(seen, self.rules.rules))

    def _written(self) -> frozenset[str]:
        """The files that this command and its rules wrote so far."""
        return frozenset(each.path for each in self.writer.written)

    def _act_on(self, seen: Look, found: list[Firing], files: bool = True) -> bool:
        """Remember a look and its firings in one step, then carry them out; whether there are
        any. Without ``files``: they are seen already.
        """
        kept = [firing for firing in found if not self._cut(firing)]
        if seen.baseline is not None:
            self._remember(seen.baseline, kept, files)
        self.finish()
        return bool(kept)

    def _remember(self, baseline: Baseline, found: list[Firing], files: bool) -> None:
        self.files.seen.move_on(
            dict(baseline.files) if files else {},
            [(firing.key, list(firing)) for firing in found],
            {*acted(self.writer.workspace)},
            head=baseline.head,
            reflog=baseline.mark,
            unmet="\n".join(baseline.unmet),
            mine=json.dumps(sorted(baseline.mine)),
        )

    def _cut(self, firing: Firing) -> bool:
        if len(firing.chain) < CHAIN:
            return False
        chain = " → ".join((*firing.chain, firing.rule))
        line = f"rules: stopped after {CHAIN} that follow from one another: {chain} ({firing.item})"
        self._tell(Outcome(firing, "cut", (line,)))
        return True

    def finish(self) -> None:
        """Carry out every firing that is in progress, as long as the breaker lets us; one whose
        rule is gone is dropped.
        """
        self.breaker.look()
        for pending in self.files.seen.pending():
            if self.breaker.holds():
                return
            outcome = self._carried_out(pending)
            if outcome.result == "not met" and self.files.saving(outcome.firing.item):
                continue  # asked again at the next look
            self._end(pending, outcome)
            self._tell(outcome)

    def _carried_out(self, pending: Pending) -> Outcome:
        try:
            return carry_out(self.writer, self.rules, self.files.seen, pending)
        except (PlaintrackError, OSError) as error:
            firing = Firing.read(pending.firing)
            line = f"rule {firing.rule}: {getattr(error, 'message', error)}"
            return Outcome(firing, "failed", (line,))

    def _end(self, pending: Pending, outcome: Outcome) -> None:
        """Note that a firing is over, what came of it and what that costs."""
        firing, cost = outcome.firing, None
        if outcome.result in ("done", "failed"):
            cost = self.breaker.cost(self.rules.named(firing.rule), firing)
        self.files.seen.end(
            pending.number,
            firing.rule,
            firing.item,
            firing.why,
            self.writer.workspace.now.isoformat(),
            "; ".join((outcome.result, *outcome.lines)),
            moment=self.breaker.now,
            cost=cost,
        )

    def repeat(self) -> None:
        """Try again what failed before and is due by now."""
        seen = self.files.seen
        for owed in retry.due(self.writer.workspace, seen):
            if self.breaker.holds():
                return
            self._tell(retry.again(self.writer, self.rules, seen, owed))

    def _tell(self, outcome: Outcome) -> None:
        """Tell what came of a firing, and keep in mind what it wrote."""
        workspace = self.writer.workspace
        if outcome.result != "not met":
            self.outcomes.append(outcome)
        for path in outcome.paths:
            if not path.startswith(LEDGER):
                self.chains[path] = (*outcome.firing.chain, outcome.firing.rule)
        for line in outcome.lines:
            workspace.acted(line)
        workspace.touch(list(outcome.paths))
