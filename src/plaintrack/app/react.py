"""Changes → what rules do about them: seen once, acted on once, in a bounded chain; whoever comes first under the lock."""

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from plaintrack.app import automations
from plaintrack.app.automations import LEDGER, Rules, has_rules
from plaintrack.app.perform import Outcome, met, perform
from plaintrack.app.workspace import Workspace
from plaintrack.app.write import Writer, writing
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change, compare, pairs
from plaintrack.model.task import Task
from plaintrack.rules import match
from plaintrack.rules.rule import Firing, Rule
from plaintrack.store import files, place
from plaintrack.store.digest import digest
from plaintrack.store.index.seen import Seen

CHAIN = 10
"""How many rules may follow from one another."""
COMMENTS = "comments"
RULE = "PLAINTRACK_RULE"
"""Set for the commands of rules: what they change is looked at by the plaintrack that runs them."""
_BUSY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "index.lock")
State = dict[str, tuple[bytes, bytes] | None]

__all__ = ["CHAIN", "absorb", "after", "has_rules", "preview", "within"]


def after(workspace: Workspace, times: bool = True, since: str | None = None) -> list[Outcome]:
    """Act on what has changed since automations last looked, and (``times``) on the time triggers due now; what came of it.

    ``since`` names a commit: what commits since then changed is acted on too, where the ledger does not have it.
    """
    if not has_rules(workspace) or workspace.cache is None or RULE in os.environ:
        return []
    with writing(workspace, "rules run") as writer:
        workspace.look_again()
        return within(writer, times, since)


def preview(workspace: Workspace, since: str | None = None) -> list[Firing]:
    """What ``after`` would act on, as far as conditions hold now; nothing is done and nothing remembered."""
    if not has_rules(workspace) or workspace.cache is None or _git_is_busy(workspace):
        return []
    run = _Run(Writer(workspace, dry=True), automations.rules(workspace))
    firings = [] if run.seen.fresh else run.upcoming(True)[1]
    if since is not None:
        from plaintrack.app.replay import missing

        firings += missing(workspace, run.found, since)
    return [each for each in firings if met(workspace, run.found.named(each.rule), each)]


def within(writer: Writer, times: bool = False, since: str | None = None) -> list[Outcome]:
    """As ``after``, as a part of a command that has the lock: what it wrote and what rules write are one entry of the journal."""
    workspace = writer.workspace
    found = automations.rules(workspace)
    for problem in found.problems:
        workspace.notice(f"{problem.place}: {problem.message} ({problem.hint})")
    if workspace.cache is None or _git_is_busy(workspace):
        return []
    return _Run(writer, found).run(times, since)


def absorb(workspace: Workspace, paths: Iterable[str]) -> None:
    """Take these files for seen, as they are now; nothing fires for them. To be called under the lock."""
    if workspace.cache is not None:
        seen = Seen(workspace.cache)
        if not seen.fresh:
            seen.move_on({path: _state(workspace, path) for path in paths if _watched(workspace, path)}, [])


def _git_is_busy(workspace: Workspace) -> bool:
    """Whether git is in the middle of something: rules wait, and then see the net change."""
    folder = place.git_folder(workspace.root)
    return folder is not None and any(os.path.exists(os.path.join(folder, name)) for name in _BUSY)


def _watched(workspace: Workspace, path: str) -> bool:
    tops = (*workspace.settings.folders, workspace.settings.archive, COMMENTS)
    return path.startswith(tuple(f"{each}/" for each in tops)) and workspace.followed(path)


def _state(workspace: Workspace, path: str) -> tuple[bytes, bytes] | None:
    try:
        data = files.read(workspace.path(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    return digest(data), data


class _Run:
    """One look at the workspace, and all that follows from it."""

    def __init__(self, writer: Writer, found: Rules) -> None:
        self.writer, self.workspace, self.found = writer, writer.workspace, found
        self.seen = Seen(str(self.workspace.cache))
        self.outcomes: list[Outcome] = []
        self.caused: dict[str, tuple[str, ...]] = {}  # path → the chain of rules that wrote it

    def run(self, times: bool, since: str | None) -> list[Outcome]:
        """Finish what was interrupted, then act on changes and times until nothing follows."""
        if self.seen.fresh:
            self._begin()
        self._finish()
        changed, firings, head = self.upcoming(times)
        self._go(changed, firings, head)
        if since is not None:
            from plaintrack.app.replay import missing

            self._go({}, missing(self.workspace, self.found, since), head)
        while changed := self._changed():
            self._go(changed, self._firings(changed), head)
        return self.outcomes

    def _begin(self) -> None:
        """The present, without what this command wrote, is what was seen."""
        now: State = {path: _state(self.workspace, path) for path in self._present()}
        for each in reversed(self.writer.written):
            if _watched(self.workspace, each.path):
                now[each.path] = None if each.before is None else (digest(each.before), each.before)
        self.seen.move_on({path: each for path, each in now.items() if each}, [], baseline="1", head=self._head())

    def _present(self, known: dict[str, bytes] | None = None) -> dict[str, bytes]:
        """Path → digest of every item and comment; a comment that is ``known`` is not read again, since only new ones count."""
        known = known or {}
        rows = self.workspace.index.connection.execute("SELECT folder, name, digest FROM file")
        found = {f"{folder}/{name}": bytes(each or b"") for folder, name, each in rows}
        for path in self._comments():
            if path in known:
                found[path] = known[path]
                continue
            with suppress(OSError, files.Oddity):
                found[path] = digest(files.read(self.workspace.path(path)))
        return found

    def _comments(self) -> list[str]:
        top = self.workspace.path(COMMENTS)
        owners = sorted(os.listdir(top)) if os.path.isdir(top) else []
        return [f"{COMMENTS}/{owner}/{name}" for owner in owners for name in self.workspace.names(f"{COMMENTS}/{owner}")]

    def _head(self) -> str:
        if place.git_folder(self.workspace.root) is None:
            return ""
        with suppress(PlaintrackError):
            self.workspace.__dict__.pop("repo", None)
            return self.workspace.repo.head or ""
        return ""

    def upcoming(self, times: bool) -> tuple[State, list[Firing], str]:
        """What has changed since the last look, what that and the clock trigger, and HEAD."""
        head, before = self._head(), self.seen.known("head")
        changed = self._changed()
        pulled = self._pulled(changed, before, head) if head and head != before else set()
        firings = self._firings({path: each for path, each in changed.items() if path not in pulled})
        if head and before and head != before:
            firings += self._commits(before, head)
        if times:
            from plaintrack.app.times import due

            firings += due(self.workspace, self.found, set(automations.ledger(self.workspace)))
        return changed, firings, head

    def _go(self, changed: State, firings: list[Firing], head: str) -> None:
        """Move the baseline on and remember the firings, in one step; then carry them out."""
        kept = [each for each in firings if not self._cut(each)]
        self.seen.move_on(changed, [(each.key, list(each)) for each in kept], head=head)
        self._finish()

    def _cut(self, firing: Firing) -> bool:
        if len(firing.chain) < CHAIN:
            return False
        chain = " → ".join((*firing.chain, firing.rule))
        line = f"rules: stopped after {CHAIN} that follow from one another: {chain} ({firing.item})"
        self.workspace.acted(line)
        self.outcomes.append(Outcome(firing, "cut", (line,)))
        return True

    def _changed(self) -> State:
        """What differs from what was seen; a file that cannot be read now is left for later."""
        before = self.seen.contents()
        now = self._present(before)
        found: State = {path: None for path in before if path not in now}
        for path, known in now.items():
            if before.get(path) != known:
                state = _state(self.workspace, path)
                if state is not None and before.get(path) != state[0] and (path.startswith(COMMENTS + "/") or self._task(path, state[1])):
                    found[path] = state
        return found

    def _task(self, path: str, data: bytes | None) -> Task | None:
        from plaintrack.text.parse import parse

        found = parse(path, data, self.workspace.schema) if data is not None else None
        return found if found and found.fields and found.id else None

    def _pulled(self, changed: State, before: str, head: str) -> set[str]:
        """The changed files that git brought: HEAD moved, they are as it has them, and no commit made here did it."""
        from plaintrack.store.digest import is_blob

        repo = self.workspace.repo
        paths = list(changed)
        blobs = dict(zip(paths, repo.blob_ids([(head, path) for path in paths]), strict=True)) if head else {}
        mine = repo.made_here(before, head)
        return {
            path
            for path, each in changed.items()
            if path not in mine and path in blobs and (is_blob(each[1], blobs[path]) if each and blobs[path] else not each and not blobs[path])
        }

    def _firings(self, changed: State) -> list[Firing]:
        """What the changes trigger: by item, in the order of the rules."""
        if not changed:
            return []
        old = [task for path in changed if not path.startswith(COMMENTS) and (task := self._task(path, self.seen.data(path)))]
        new = [task for path, each in changed.items() if each and not path.startswith(COMMENTS) and (task := self._task(path, each[1]))]
        lists = frozenset(name for name, field in self.workspace.schema.fields.items() if field.many)
        by_item: dict[str, tuple[list[Change], tuple[str, ...]]] = {}
        for one, two in pairs(old, new):
            if two is not None:
                happened, _ = by_item.setdefault(two.id, ([], self.caused.get(two.path, ())))
                happened += compare(one, two, lists)
        for path, state in changed.items():
            if state and path.startswith(COMMENTS) and self.seen.data(path) is None:
                spoken, _ = by_item.setdefault(path.split("/")[1], ([], self.caused.get(path, ())))
                spoken.append(Change(path.split("/")[1], path, "commented", new="comment"))
        taken = set(automations.ledger(self.workspace))
        found = []
        for rule in self.found.rules:
            for item, (changes, chain) in sorted(by_item.items()):
                for why in match.by_change(rule, changes, self.workspace.schema):
                    what = _occurrence(changes, why)
                    found.append(self._firing(rule, item, why, what, taken, chain))
        return found

    def _firing(self, rule: Rule, item: str, why: str, what: str, taken: set[str], chain: tuple[str, ...]) -> Firing:
        """The firing, with the next free key of its occurrence."""
        ordinal = 0
        while (key := match.key(rule.name, item, what, ordinal)) in taken:
            ordinal += 1
        taken.add(key)
        return Firing(rule.name, item, why, key, self.workspace.today.isoformat(), chain)

    def _commits(self, before: str, head: str) -> list[Firing]:
        """What the messages of new commits close; the ledger knows those that were acted on elsewhere."""
        if not any(trigger.kind == "closes" for rule in self.found.rules for trigger in rule.triggers):
            return []
        from plaintrack.app import read

        taken = set(automations.ledger(self.workspace))
        found = []
        for commit in self.workspace.repo.commits(head, [before]):
            for rule in self.found.rules:
                for word in match.by_commit(rule, commit.message):
                    with suppress(PlaintrackError):
                        item = read.resolve(self.workspace, word)
                        key = match.key(rule.name, item, f"closes {commit.date} {commit.subject}")
                        if key not in taken:
                            found.append(Firing(rule.name, item, f"commit: {commit.subject}", key, commit.date[:10]))
        return found

    def _finish(self) -> None:
        """Carry out every firing that is under way; one whose rule is gone is dropped."""
        for waiting in self.seen.pending():
            rule, item, why, key, moment, chain = waiting.firing
            firing = Firing(rule, item, why, key, moment, tuple(chain))
            try:
                outcome = perform(self.writer, self.found, firing, self.seen, waiting)
            except (PlaintrackError, OSError) as error:
                outcome = Outcome(firing, "failed", (f"rule {firing.rule}: {getattr(error, 'message', error)}",))
            self.seen.end(waiting.number, *_line(firing, outcome, self.workspace))
            if outcome.result != "not met":
                self.outcomes.append(outcome)
            touched = [each.path for each in self.writer.written if not each.path.startswith(LEDGER)]
            for path in touched:
                if path in outcome.paths:
                    self.caused[path] = (*firing.chain, firing.rule)
            for line in outcome.lines:
                self.workspace.acted(line)
            if outcome.paths:
                tops = tuple(f"{each}/" for each in (*self.workspace.settings.folders, self.workspace.settings.archive))
                self.workspace.touch([path for path in outcome.paths if path.startswith(tops)])


def _occurrence(changes: list[Change], why: str) -> str:
    """What tells an occurrence from others: the change in words; of a comment its file."""
    return next((each.path for each in changes if each.kind == "commented" and each.describe() == why), why)


def _line(firing: Firing, outcome: Outcome, workspace: Workspace) -> tuple[Any, ...]:
    result = "; ".join((outcome.result, *outcome.lines))
    return firing.rule, firing.item, firing.why, workspace.now.isoformat(), result
