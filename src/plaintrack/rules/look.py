"""A look: what is to be acted on at one moment; and what it makes rules do."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from plaintrack.model.change import Change
from plaintrack.model.fields import Schema
from plaintrack.model.sla import Clocks
from plaintrack.model.task import Task
from plaintrack.rules import match
from plaintrack.rules.conditions import World, scheduled
from plaintrack.rules.rule import Firing, Rule
from plaintrack.when.durations import minutes

State = Mapping[str, tuple[bytes, bytes] | None]
"""Path → digest and bytes of a file; None if it is not there."""


class Happened(NamedTuple):
    """The Changes of one item since the last look.

    ``chain`` names the rules that made them. ``day`` is the day they belong to if other clones make
    the same ones; empty: they were made here and now.
    """

    item: str
    changes: tuple[Change, ...]
    chain: tuple[str, ...] = ()
    day: str = ""


class Closing(NamedTuple):
    """An item that the message of a commit says it closes."""

    item: str
    subject: str
    date: str


class Baseline(NamedTuple):
    """What is seen with a look, once its firings are remembered: files, and where git is.

    ``unmet`` are commits made here that no look has met, ``mine`` the files that such commits
    changed and that have to wait.
    """

    files: State
    head: str
    mark: str
    unmet: tuple[str, ...]
    mine: frozenset[str]


class Look(NamedTuple):
    """What has happened by ``now`` and was not acted on.

    ``due`` are the firings of time triggers. ``taken`` are the keys of all firings that were or
    that wait, ``gained`` those of them that git has brought since the last look.
    """

    now: datetime
    schema: Schema
    alike: match.Alike
    happened: tuple[Happened, ...] = ()
    closings: tuple[Closing, ...] = ()
    due: tuple[Firing, ...] = ()
    taken: frozenset[str] = frozenset()
    gained: frozenset[str] = frozenset()
    baseline: Baseline | None = None


class Occurrence(NamedTuple):
    """One time that a change triggers a rule; ``what`` tells it from others of the item: the change
    in words, of a comment its file.
    """

    rule: str
    item: str
    why: str
    what: str


def firings(look: Look, rules: Iterable[Rule]) -> list[Firing]:
    """What a look makes rules do, if their conditions hold: for changes by rule and item, then for
    messages of commits, then for the time.
    """
    rules = list(rules)
    keys = _Keys(look)
    found = []
    for rule in rules:
        for happened in sorted(look.happened, key=lambda each: each.item):
            for occurrence in occurrences(look, rule, happened):
                if key := keys.free(occurrence):
                    moment = happened.day or look.now.isoformat()
                    rule_name, item, why, _ = occurrence
                    found.append(Firing(rule_name, item, why, key, moment, happened.chain))
    found += [firing for firing in closed(look.closings, rules) if firing.key not in look.taken]
    return [*found, *look.due]


def occurrences(look: Look, rule: Rule, happened: Happened) -> Iterator[Occurrence]:
    """The times that the Changes of an item trigger a rule: once per Change."""
    for change in match.by_change(rule, happened.changes, look.schema, look.alike):
        if change.kind == "commented":
            yield Occurrence(rule.name, happened.item, "comment: comment", change.path)
        elif change.kind == "mentioned":
            why, name = change.describe(), change.path.rpartition("/")[2]
            what = f"{why} {name}" if change.field else why
            yield Occurrence(rule.name, happened.item, why, what)
        else:
            why = change.describe()
            yield Occurrence(rule.name, happened.item, why, why)


def closed(closings: Iterable[Closing], rules: Iterable[Rule]) -> list[Firing]:
    """The firings for what messages close; they are the same after an amend or a rebase."""
    waiting = [rule.name for rule in rules if match.waits_for_messages(rule)]
    return [
        Firing(
            rule,
            closing.item,
            f"commit: {closing.subject}",
            match.key(rule, closing.item, f"closes {closing.date}"),
            closing.date[:10],
        )
        for closing in closings
        for rule in waiting
    ]


class _Keys:
    """The keys that occurrences get: each the next free one of its kind."""

    def __init__(self, look: Look) -> None:
        self.taken, self.gained = set(look.taken), set(look.gained)

    def free(self, occurrence: Occurrence) -> str:
        """The next free key; empty if git has brought the file of one: a CI job, say, has acted on
        it.
        """
        ordinal = 0
        while (key := key_of(occurrence, ordinal)) in self.taken:
            if key in self.gained:
                self.gained.remove(key)
                return ""
            ordinal += 1
        self.taken.add(key)
        return key


def by_time(
    rule: Rule,
    tasks: Iterable[Task],
    look: Look,
    updated: Mapping[str, str],
    world: World,
    after: datetime,
) -> list[Firing]:
    """The firings of a rule's time triggers at the moment of a look, for the ``tasks`` that it
    waits for (``updated``: path → day of their last change) and for slots ``after`` a moment.
    """
    found = [
        _timed(rule, task.id, why, day)
        for task in tasks
        for why, day in match.by_day(
            rule, task, look.schema, updated.get(task.path, ""), look.now.date()
        )
    ]
    for slot in match.by_schedule(rule.triggers, after, look.now):
        why = f"schedule {slot.strftime('%Y-%m-%d %H:%M')}"
        day = slot.date().isoformat()
        found += [_timed(rule, item, why, day) for item in scheduled(world, rule)]
    return sorted(found, key=lambda firing: (firing.item, firing.why))


def by_clock(rule: Rule, clocks: Mapping[str, tuple[str, Clocks]], look: Look) -> list[Firing]:
    """The firings of a rule's triggers about SLAs (``clocks``: folded id → the id, and the latest
    cycle of each SLA): once for each cycle that is not paused and of which no more is left.

    A cycle that has not used any time fires nothing: its start may not be committed yet.
    """
    found = []
    for trigger in rule.triggers:
        if trigger.kind != "sla-in":
            continue
        wanted = minutes(trigger.text, look.schema.day, look.schema.week)
        for item, some in clocks.values():
            clock = some.get(trigger.field)
            if clock is None or not clock.open or clock.state == "paused" or not clock.used:
                continue
            if clock.left <= wanted:
                since = datetime.fromtimestamp(clock.start, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                why = f"{trigger.field} within {trigger.text}: since {since}"
                found.append(_timed(rule, item, why, look.now.date().isoformat()))
    return sorted(found, key=lambda firing: (firing.item, firing.why))


def _timed(rule: Rule, item: str, why: str, day: str) -> Firing:
    return Firing(rule.name, item, why, match.key(rule.name, item, why), day)


def key_of(occurrence: Occurrence, ordinal: int) -> str:
    """The key of an occurrence that was there ``ordinal`` times before."""
    return match.key(occurrence.rule, occurrence.item, occurrence.what, ordinal)
