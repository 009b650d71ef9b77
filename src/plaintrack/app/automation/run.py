"""Changes → what rules do about them: seen once, acted on once, in a bounded chain; whoever comes
first under the lock.
"""

import json
import os
from collections.abc import Iterable

from plaintrack.app.automation import retry, rules
from plaintrack.app.automation.act import Outcome, carry_out
from plaintrack.app.automation.breaker import Breaker, paused
from plaintrack.app.automation.changed import COMMENTS, Moves, Present, State, state, watched
from plaintrack.app.automation.conditions import alike, met
from plaintrack.app.automation.ledger import LEDGER, acted
from plaintrack.app.automation.rules import Rules, has_rules
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import alone, writing
from plaintrack.app.write.writer import NOTHING, Writer, follow_of
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change, compare, pairs
from plaintrack.rules import match
from plaintrack.rules.rule import Firing, Rule
from plaintrack.store import place
from plaintrack.store.index.seen import Seen

CHAIN = 10
"""How many rules may follow from one another."""
RULE = "PLAINTRACK_RULE"
"""Set for the commands of rules: what they change is looked at by the plaintrack that runs them."""

__all__ = ["CHAIN", "absorb", "after", "has_rules", "preview", "resume", "within"]


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
        return within(writer, times, since, rest)


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
    run = _Run(Writer(workspace, dry=True), rules.rules(workspace))
    firings = run.timed() if run.seen.fresh else run.upcoming(True)[1]
    if since is not None:
        from plaintrack.app.automation.replay import missing

        firings += missing(workspace, run.found, since)
    return [each for each in firings if met(workspace, run.found.named(each.rule), each)]


def within(
    writer: Writer, times: bool = False, since: str | None = None, rest: float = 0.0
) -> list[Outcome]:
    """As ``after``, as a part of a command that has the lock: what it wrote and what rules write
    are one entry of the journal.
    """
    workspace = writer.workspace
    found = rules.rules(workspace)
    for problem in found.problems:
        workspace.notice(problem.describe())
    if workspace.cache is None or (_waits(workspace) if times else _git_is_busy(workspace)):
        return []
    return _Run(writer, found, rest).run(times, since)


def absorb(workspace: Workspace, paths: Iterable[str]) -> None:
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
    if not _git_is_busy(workspace):
        return False
    from plaintrack.store.underway import underway

    what = underway(place.git_folder(workspace.root) or "")
    workspace.notice(
        f"git is in the middle of a {what}; rules wait until it is over"
        if what
        else "git is at work; rules wait until it is done"
    )
    return True


def _git_is_busy(workspace: Workspace, rest: float = 0.0) -> bool:
    """Whether git is in the middle of something, or was ``rest`` seconds ago: rules wait, and then
    see the net change.
    """
    folder = place.git_folder(workspace.root)
    if folder is None:
        return False
    from plaintrack.store.underway import at_work, underway

    return bool(underway(folder)) or at_work(folder, rest)


class _Run:
    """One look at the workspace, and all that follows from it."""

    def __init__(self, writer: Writer, found: Rules, rest: float = 0.0) -> None:
        self.rest = rest
        self.writer, self.workspace, self.found = writer, writer.workspace, found
        self.seen = Seen(str(self.workspace.cache))
        self.present = Present(self.workspace, self.seen)
        self.outcomes: list[Outcome] = []
        self.caused: dict[str, tuple[str, ...]] = {}  # path → the chain of rules that wrote it
        self.breaker = Breaker(self.workspace, self.seen)
        self.gained: set[str] = set()  # what the ledger has that it had not at the last look
        self.held = False  # whether there were firings, which wait if rules are paused

    def run(self, times: bool, since: str | None) -> list[Outcome]:
        """Finish what was interrupted, then act on changes and times until nothing follows."""
        if self.seen.fresh:
            self.present.begin(self.writer.written)
        self._finish()
        self._repeat()
        retry.expire(self.workspace, self.seen)
        came = self.present.moves()
        changed, firings, moves = self.upcoming(times, came)
        self._go(changed, firings, moves)
        if since is not None:
            from plaintrack.app.automation.replay import missing

            self._go({}, missing(self.workspace, self.found, since), moves)
        self.breaker.inside()
        while True:
            ours, pulled, moves = self._look(came)
            if not ours and not pulled:
                break
            self._go(ours | pulled, self._firings(ours), moves)
        if (self.held or times) and paused(self.seen):
            self.workspace.notice(paused(self.seen))
        return self.outcomes

    def upcoming(self, times: bool, came: Moves | None = None) -> tuple[State, list[Firing], Moves]:
        """What has changed since the last look, what that and the clock trigger, and how HEAD moved
        (``came``, if that is known), without the commits met.
        """
        ours, pulled, moves = self._look(came := came or self.present.moves())
        self.gained = self.seen.gained({*acted(self.workspace)})
        firings = self._firings(ours)
        self.gained = set()
        if moves.head and moves.before and moves.head != moves.before:
            firings += self._messages(moves)
        if times:
            firings += self.timed()
        return ours | pulled, firings, moves

    def timed(self) -> list[Firing]:
        """What the clock triggers."""
        from plaintrack.app.automation.due import due

        return due(self.workspace, self.found, self._taken() | self.seen.ever())

    def _look(self, came: Moves) -> tuple[State, State, Moves]:
        """What was changed here, what git brought, and how HEAD moved without the commits met.

        Without what somebody may be saving or git may be bringing at this moment, since a merge
        writes files before it moves HEAD: it is looked at the next time. And without what a stash
        holds, until that is popped or dropped.
        """
        changed, written = self.present.changed(), {each.path for each in self.writer.written}
        away = self.present.aside(
            {path: each for path, each in changed.items() if path not in written}, came.head
        )
        changed = {path: each for path, each in changed.items() if path not in away}
        pulled, moves = self.present.pulled(changed, came, written)
        ours = {
            path: each for path, each in changed.items() if path not in pulled | self.present.saved
        }
        if ours.keys() - written and (
            _git_is_busy(self.workspace, self.rest) or self.present.head() != came.head
        ):
            ours = {path: each for path, each in ours.items() if path in written}
        left = moves.mine & changed.keys() - ours.keys()
        return ours, {path: changed[path] for path in pulled}, moves._replace(mine=left)

    def _go(self, changed: State, firings: list[Firing], moves: Moves) -> None:
        """Move the baseline on and remember the firings, in one step; then carry them out."""
        kept = [each for each in firings if not self._cut(each)]
        ledger = {*acted(self.workspace)}
        marks = {
            "head": moves.head,
            "reflog": moves.mark,
            "unmet": "\n".join(moves.unmet),
            "mine": json.dumps(sorted(moves.mine)),
        }
        self.seen.move_on(changed, [(each.key, list(each)) for each in kept], ledger, **marks)
        self._finish()
        self.held |= bool(kept)

    def _cut(self, firing: Firing) -> bool:
        if len(firing.chain) < CHAIN:
            return False
        chain = " → ".join((*firing.chain, firing.rule))
        line = f"rules: stopped after {CHAIN} that follow from one another: {chain} ({firing.item})"
        self.workspace.acted(line)
        self.outcomes.append(Outcome(firing, "cut", (line,)))
        return True

    def _firings(self, changed: State) -> list[Firing]:
        """What the changes trigger: by item, in the order of the rules."""
        if not changed:
            return []
        old = [
            task
            for path in changed
            if not path.startswith(COMMENTS)
            and (task := self.present.task(path, self.seen.data(path)))
        ]
        new = [
            task
            for path, each in changed.items()
            if each and not path.startswith(COMMENTS) and (task := self.present.task(path, each[1]))
        ]
        lists = frozenset(
            name for name, field in self.workspace.schema.fields.items() if field.many
        )
        by_item: dict[str, tuple[list[Change], tuple[str, ...]]] = {}
        made: dict[str, str] = {}  # the day of what every clone makes as the same item
        for one, two in pairs(old, new):
            if two is not None:
                if one is None and two.text("occurrence"):
                    made[two.id] = two.text("created")[:10] or two.text("occurrence")[:10]
                happened, _ = by_item.setdefault(two.id, ([], self.caused.get(two.path, ())))
                happened += compare(one, two, lists)
        gone = {
            (path.rpartition("/")[2], self.seen.data(path))
            for path, each in changed.items()
            if path.startswith(COMMENTS) and not each
        }
        for path, now in changed.items():
            moved = (
                now and (path.rpartition("/")[2], now[1]) in gone
            )  # along with an item to its new id
            if now and not moved and path.startswith(COMMENTS) and self.seen.data(path) is None:
                spoken, _ = by_item.setdefault(path.split("/")[1], ([], self.caused.get(path, ())))
                spoken.append(Change(path.split("/")[1], path, "commented", new="comment"))
        taken, same = self._taken(), alike(self.workspace)
        found = []
        for rule in self.found.rules:
            for item, (changes, chain) in sorted(by_item.items()):
                for why in match.by_change(rule, changes, self.workspace.schema, same):
                    what = _occurrence(changes, why)
                    found += self._firing(rule, item, why, what, taken, chain, made.get(item, ""))
        return found

    def _taken(self) -> set[str]:
        """The keys of all firings that were, or that wait."""
        return {*acted(self.workspace), *(each.firing[3] for each in self.seen.pending())}

    def _firing(
        self,
        rule: Rule,
        item: str,
        why: str,
        what: str,
        taken: set[str],
        chain: tuple[str, ...],
        day: str = "",
    ) -> list[Firing]:
        """The firing, with the next free key of its occurrence; none if git has brought the file of
        one: a CI job, say, has acted on it.

        ``day``: when it happened, if other clones meet the same; else it is now.
        """
        ordinal = 0
        while (key := match.key(rule.name, item, what, ordinal)) in taken:
            if key in self.gained:
                self.gained.remove(key)
                return []
            ordinal += 1
        taken.add(key)
        return [Firing(rule.name, item, why, key, day or self.workspace.now.isoformat(), chain)]

    def _messages(self, moves: Moves) -> list[Firing]:
        """What the messages of new commits close; the ledger knows those that were acted on
        elsewhere.
        """
        if not any(
            trigger.kind == "closes" for rule in self.found.rules for trigger in rule.triggers
        ):
            return []
        from plaintrack.app.automation.replay import closed

        taken = self._taken()
        return [
            each
            for each in closed(self.workspace, self.found, moves.before, moves.head)
            if each.key not in taken
        ]

    def _finish(self) -> None:
        """Carry out every firing that is under way, as long as the breaker lets us; one whose rule
        is gone is dropped.
        """
        self.breaker.look()
        for waiting in self.seen.pending():
            if self.breaker.holds():
                return
            firing = Firing.read(waiting.firing)
            try:
                outcome = carry_out(self.writer, self.found, self.seen, waiting)
            except (PlaintrackError, OSError) as error:
                outcome = Outcome(
                    firing, "failed", (f"rule {firing.rule}: {getattr(error, 'message', error)}",)
                )
            if outcome.result == "not met" and self.present.saving(firing.item):
                continue  # asked again at the next look
            cost = (
                self.breaker.cost(self.found.named(firing.rule), firing)
                if outcome.result in ("done", "failed")
                else None
            )
            self.seen.end(
                waiting.number,
                *_line(firing, outcome, self.workspace),
                moment=self.breaker.now,
                cost=cost,
            )
            self._ended(outcome)

    def _repeat(self) -> None:
        """Try again what failed before and is due by now."""
        for each in retry.due(self.workspace, self.seen):
            if self.breaker.holds():
                return
            self._ended(retry.again(self.writer, self.found, self.seen, each))

    def _ended(self, outcome: Outcome) -> None:
        """Tell what came of a firing, and keep in mind what it wrote."""
        if outcome.result != "not met":
            self.outcomes.append(outcome)
        for path in outcome.paths:
            if not path.startswith(LEDGER):
                self.caused[path] = (*outcome.firing.chain, outcome.firing.rule)
        for line in outcome.lines:
            self.workspace.acted(line)
        self.workspace.touch(list(outcome.paths))


def _occurrence(changes: list[Change], why: str) -> str:
    """What tells an occurrence from others: the change in words; of a comment its file."""
    return next(
        (each.path for each in changes if each.kind == "commented" and each.describe() == why), why
    )


def _line(firing: Firing, outcome: Outcome, workspace: Workspace) -> tuple[str, str, str, str, str]:
    result = "; ".join((outcome.result, *outcome.lines))
    return firing.rule, firing.item, firing.why, workspace.now.isoformat(), result
