"""Plays history to rules: when they would have fired, and what of that the ledger does not have."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cached_property

from plaintrack.app.automation import ledger
from plaintrack.app.automation.conditions import alike, unreadable
from plaintrack.app.automation.ledger import LEDGER
from plaintrack.app.automation.rules import Rules
from plaintrack.app.snapshot import answers, review
from plaintrack.app.snapshot.former import former, was_item
from plaintrack.app.snapshot.history import history, moment
from plaintrack.app.snapshot.past import NoSuchTime
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import UPWARD
from plaintrack.model.task import Task, fold
from plaintrack.query.evaluate import holds
from plaintrack.query.facts import Facts
from plaintrack.rules import match
from plaintrack.rules.rule import TIMES, Firing, Rule
from plaintrack.store.clock import zone
from plaintrack.store.plumbing import Commit
from plaintrack.when import dates

_RULES = re.compile(r"T000000Z-|Z-r\d{3,}-")
"""The names of comments that rules wrote."""


def base(workspace: Workspace, since: str) -> str | None:
    """The commit that ``since`` names, or the last one before that day; None: before all commits.
    Raises NoSuchTime, also if history is cut off after it.
    """
    found = workspace.repo.find(since)
    if found is not None:
        return found
    cut = (
        f"{since}: this clone is shallow and does not go back that far",
        "fetch more history: `git fetch --unshallow`, or `fetch-depth: 0` in CI",
    )
    try:
        day = dates.span(since, workspace.today, answers.works(workspace))[0][:10]
    except dates.BadDate as error:
        raise NoSuchTime(
            *(
                cut
                if workspace.repo.shallow
                else (f"{since!r} is neither a revision nor a date", error.hint)
            )
        ) from error
    found = workspace.repo.before(moment(workspace, day) - 1, workspace.repo.here)
    if found is None and workspace.repo.shallow:
        raise NoSuchTime(*cut)
    return found


def replay(workspace: Workspace, rule: Rule, since: str) -> list[tuple[str, Firing]]:
    """(when, firing) of all that the rule would have done since then, its own effects left out."""
    return _Replay(workspace, (rule,), base(workspace, since), True).run()


def missing(workspace: Workspace, found: Rules, since: str) -> list[Firing]:
    """The firings for changes in the commits since then that the ledger did not gain since, and for
    their messages.
    """
    start = base(workspace, since)
    before = {path for path, _ in workspace.repo.tree(start, [LEDGER])} if start else set()
    now = ledger.acted(workspace)
    gained = {key for key, path in now.items() if path not in before}
    known = {*now, *(path.rpartition("/")[2][:-4] for path in before)}
    wanted: Counter[Firing] = Counter(
        each for _, each in _Replay(workspace, _readable(workspace, found), start, False).run()
    )
    order = {rule.name: number for number, rule in enumerate(found.rules)}
    firings = []
    for firing, count in sorted(
        wanted.items(), key=lambda each: (order[each[0].rule], each[0].item, each[0].why)
    ):
        done = sum(key in gained for key in _keys(firing, known))
        first = len(_keys(firing, set(now)))
        for ordinal in range(first, first + max(0, count - done)):
            key = match.key(firing.rule, firing.item, firing.key or firing.why, ordinal)
            firings.append(firing._replace(key=key, moment=workspace.today.isoformat()))
    return [
        *firings,
        *(
            each
            for each in closed(workspace, found, start, workspace.repo.here)
            if each.key not in now
        ),
    ]


def closing(workspace: Workspace, rule: Rule, commit: Commit) -> Iterator[Firing]:
    """The firings for what a commit's message says it closes; they are the same after an amend or a
    rebase.
    """
    for word in match.by_commit(rule, commit.message):
        with suppress(PlaintrackError):
            item = answers.whole(workspace, word)
            key = match.key(rule.name, item, f"closes {commit.date}")
            yield Firing(rule.name, item, f"commit: {commit.subject}", key, commit.date[:10])


def closed(workspace: Workspace, found: Rules, before: str | None, head: str) -> list[Firing]:
    """The firings for what messages of the commits since ``before`` (None: of all) close."""
    rules = [
        rule for rule in found.rules if any(trigger.kind == "closes" for trigger in rule.triggers)
    ]
    commits = workspace.repo.commits(head, [before] if before else []) if rules else ()
    return [
        each for commit in commits for rule in rules for each in closing(workspace, rule, commit)
    ]


def _readable(workspace: Workspace, found: Rules) -> tuple[Rule, ...]:
    """The rules whose queries can be read; of the others a notice is given."""
    rules = []
    for rule in found.rules:
        try:
            for _, _, query in rule.conditions:
                answers.condition(workspace, query)
            rules.append(rule)
        except PlaintrackError as error:
            workspace.notice(unreadable(rule, error))
    return tuple(rules)


def _keys(firing: Firing, keys: set[str]) -> list[str]:
    """The keys of all times that an occurrence has been."""
    found: list[str] = []
    while (
        key := match.key(firing.rule, firing.item, firing.key or firing.why, len(found))
    ) in keys:
        found.append(key)
    return found


class _Replay:
    """One walk over the commits since a commit, with the items as they were after each."""

    def __init__(
        self, workspace: Workspace, rules: tuple[Rule, ...], start: str | None, times: bool
    ) -> None:
        self.workspace, self.rules, self.times = workspace, rules, times
        self.repo, self.schema = workspace.repo, workspace.schema
        tree = self.repo.tree(start, review.paths(workspace)) if start else []
        kept = [
            (path, blob)
            for path, blob in tree
            if was_item(workspace, former(workspace), path) and not path.startswith("comments/")
        ]
        self.start = start
        self.tasks = {task.path: task for task in history(workspace).tasks(kept)}
        self.updated: dict[str, str] = {}
        self.day = workspace.today
        self.found: list[tuple[str, Firing]] = []
        self.told: set[str] = set()
        self.alike = alike(workspace)

    def run(self) -> list[tuple[str, Firing]]:
        """All firings, in the order of history."""
        commits = {
            each.hash: each
            for each in self.repo.commits(self.repo.here, [self.start] if self.start else [])
        }
        last: date | None = None
        entries = dict(
            self.repo.changes(list(commits), review.paths(self.workspace)) if commits else ()
        )
        for name, commit in commits.items():
            self.day = datetime.fromtimestamp(commit.time, zone(self.schema.timezone)).date()
            while self.times and last is not None and last < self.day:
                self._day(last)
                last += timedelta(days=1)
            last = max(last or self.day, self.day)
            items = review.reviewed(self.workspace, entries.get(name, []))
            for each in items:
                if each.old:
                    self.tasks.pop(each.old.path, None)
                if any(
                    change.kind == "commented" and not _RULES.search(change.path)
                    for change in each.changes
                ):  # a sign of life, too
                    self.updated |= {
                        task.path: self.day.isoformat()
                        for task in self.tasks.values()
                        if fold(task.id) == fold(each.id)
                    }
                if each.new:
                    self.tasks[each.new.path] = each.new
                    self.updated[each.new.path] = self.day.isoformat()
            self.__dict__.pop("facts", None)
            for rule in self.rules:
                for each in items:
                    self._changed(rule, each, commit)
                if self.times:
                    self._closed(rule, commit)
        while self.times and last is not None and last <= self.workspace.today:
            self._day(last)
            last += timedelta(days=1)
        return self.found

    @cached_property
    def facts(self) -> Facts:
        """What is known of the items at this point."""
        return Facts(self.tasks.values(), self.schema, self.day)

    def _changed(self, rule: Rule, each: review.Reviewed, commit: Commit) -> None:
        for change in each.changes:
            for why in match.by_change(rule, [change], self.schema, self.alike):
                spoken = change.kind == "commented"
                firing = Firing(
                    rule.name,
                    each.id,
                    "comment: comment" if spoken else why,
                    change.path if spoken else "",
                    "",
                )
                if self._holds(rule, each.id):
                    self.found.append((commit.date, firing))

    def _closed(self, rule: Rule, commit: Commit) -> None:
        for firing in closing(self.workspace, rule, commit):
            if self._holds(rule, firing.item):
                self.found.append((commit.date, firing))

    def _day(self, day: date) -> None:
        """The time triggers of one day, by what the items were at its end."""
        self.day = day
        self.__dict__.pop("facts", None)
        for rule in self.rules:
            if not any(trigger.kind in TIMES for trigger in rule.triggers):
                continue
            for task in list(self.tasks.values()):
                for why, _ in match.by_day(
                    rule, task, self.schema, self.updated.get(task.path, ""), day
                ):
                    self._once(rule, task.id, why)
            end = datetime.combine(
                day + timedelta(days=1), datetime.min.time(), zone(self.schema.timezone)
            )
            for slot in match.by_schedule(
                rule.triggers, end - timedelta(days=1, minutes=1), end - timedelta(minutes=1)
            ):
                why = f"schedule {slot.strftime('%Y-%m-%d %H:%M')}"
                narrowed = any(subject == "item" for subject, _, _ in rule.conditions)
                for item in (
                    sorted({task.id for task in self.tasks.values() if task.id})
                    if narrowed
                    else [""]
                ):
                    self._once(rule, item, why)

    def _once(self, rule: Rule, item: str, why: str) -> None:
        key = match.key(rule.name, item, why)
        if key not in self.told and self._holds(rule, item):
            self.told.add(key)
            self.found.append((self.day.isoformat(), Firing(rule.name, item, why, key, "")))

    def _holds(self, rule: Rule, trigger: str) -> bool:
        """Whether the conditions held for one of those the rule acts on."""
        targets = self._related(trigger, rule.subject) if trigger else [""]
        return any(self._met(rule, target, trigger) for target in targets)

    def _met(self, rule: Rule, target: str, trigger: str) -> bool:
        for subject, quantifier, query in rule.conditions:
            items = (
                self._related(trigger, "item")
                if subject == "trigger"
                else self._related(target, subject)
            )
            where = answers.condition(self.workspace, query)
            held = [holds(where, task, self.facts) for item in items for task in self._named(item)]
            if quantifier == "all" and not (held and all(held)):
                return False
            if (quantifier == "any" and not any(held)) or (quantifier == "none" and any(held)):
                return False
        return True

    def _named(self, item: str) -> list[Task]:
        return [task for task in self.facts.tasks if item and fold(task.id) == fold(item)]

    def _related(self, item: str, subject: str) -> list[str]:
        if subject == "item":
            return [task.id for task in self._named(item)]
        if subject in UPWARD:
            return [
                found.id
                for task in self._named(item)
                for link in task.many(subject)
                for found in self._named(link)
            ]
        fields = ("depends_on",) if subject == "dependents" else UPWARD
        return [
            t.id
            for t in self.facts.tasks
            if any(fold(link) == fold(item) for name in fields for link in t.many(name))
        ]
