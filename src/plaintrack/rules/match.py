"""What triggers a rule: Changes, commits and days, as occurrences that have the same key in every
clone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from plaintrack.model.change import Change
from plaintrack.model.fields import Schema
from plaintrack.model.ids import ALPHABET
from plaintrack.model.task import Task, fold
from plaintrack.rules.rule import TIMES, Rule, Trigger
from plaintrack.when.moments import day


def key(rule: str, item: str, what: str, ordinal: int = 0) -> str:
    """The key of an occurrence: the same wherever it is worked out."""
    return sha256(
        "\x1f".join((rule, item.lower(), what, str(ordinal))).encode("utf-8", "surrogatepass")
    ).hexdigest()[:20]


def letters(key: str, count: int) -> str:
    """Characters of an id made of a key."""
    number = int(sha256(key.encode()).hexdigest(), 16)
    found = ""
    while len(found) < count:
        number, rest = divmod(number, len(ALPHABET))
        found += ALPHABET[rest]
    return found


Alike = Callable[[str, str, str], bool]
"""Whether, for a field, what a rule asks for means a value."""


def by_change(
    rule: Rule, changes: Iterable[Change], schema: Schema, alike: Alike
) -> Iterator[Change]:
    """The Changes of one item that trigger the rule."""
    for change in changes:
        if any(_fits(trigger, change, schema, alike) for trigger in rule.triggers):
            yield change


def _fits(trigger: Trigger, change: Change, schema: Schema, alike: Alike) -> bool:
    if trigger.kind == "created":
        return change.kind == "created"
    if trigger.kind == "comment":
        return change.kind == "commented" and not change.old and bool(change.new)
    if trigger.kind == "entered":
        return _entered(trigger.text, change, schema)
    if trigger.kind == "mentioned":
        return change.kind == "mentioned" and (
            not trigger.text or alike("mentions", trigger.text, change.new)
        )
    return trigger.kind == "changed" and _changed(trigger, change, alike)


def _entered(category: str, change: Change, schema: Schema) -> bool:
    """Whether an item has come into a category of statuses."""
    if change.field != "status" or change.kind != "set":
        return False
    before = schema.category(change.old) if change.old else ""
    return schema.category(change.new) == category != before


def _changed(trigger: Trigger, change: Change, alike: Alike) -> bool:
    """Whether a field, or a step, has changed as the trigger has it."""
    if change.kind in _NOT_CHANGED:
        return False
    if trigger.field and fold(trigger.field) != fold(change.field):
        return trigger.field == "body" and change.kind in _BODY
    wanted = ((trigger.old, change.old), (trigger.new, change.new))
    return all(not want or alike(change.field, want, have) for want, have in wanted)


_NOT_CHANGED = ("created", "deleted", "commented", "mentioned", "updated", "broken", "mended")
_BODY = ("body", "ticked", "unticked", "step-added", "step-removed")
"""The kinds of Changes that are changes of the text."""


def waits_for_messages(rule: Rule) -> bool:
    """Whether messages of commits trigger the rule."""
    return any(trigger.kind == "closes" for trigger in rule.triggers)


def waits_for_mentions(rule: Rule) -> bool:
    """Whether names in texts trigger the rule."""
    return any(trigger.kind == "mentioned" for trigger in rule.triggers)


def waits_for_time(rule: Rule) -> bool:
    """Whether the clock triggers the rule."""
    return any(trigger.kind in TIMES for trigger in rule.triggers)


def waits_for_slas(rule: Rule) -> bool:
    """Whether the clock of an SLA triggers the rule."""
    return any(trigger.kind == "sla-in" for trigger in rule.triggers)


def days(text: str) -> int:
    """The days in ``3d``, ``2w`` or ``3``."""
    number = int(text.rstrip("dw") or "0")
    return number * 7 if text.endswith("w") else number


def by_day(
    rule: Rule, task: Task, schema: Schema, updated: str, today: date
) -> Iterator[tuple[str, str]]:
    """(why, the first day on which it held) of each time trigger of the rule that an item meets
    today.
    """
    if schema.closed(task.text("status")):
        return
    due = day(task.text("due"), schema.timezone)
    for trigger in rule.triggers:
        span = timedelta(days=days(trigger.text)) if trigger.kind in _BY_DAY else timedelta()
        if trigger.kind == "due-in" and due and due - span <= today <= due:
            yield f"due within {trigger.text}: {due}", (due - span).isoformat()
        elif trigger.kind == "overdue" and due and due + span < today:
            by = f" by {trigger.text}" if trigger.text else ""
            yield f"overdue{by}: {due}", (due + span + timedelta(days=1)).isoformat()
        elif trigger.kind == "stale" and updated:
            first = date.fromisoformat(updated) + span
            if first <= today:
                yield f"stale for {trigger.text}: {updated}", first.isoformat()


_BY_DAY = ("due-in", "overdue", "stale")


def by_schedule(triggers: Sequence[Trigger], after: datetime, now: datetime) -> Iterator[datetime]:
    """The latest slot of each schedule in the time (``after``, ``now``]."""
    for trigger in triggers:
        if trigger.kind == "schedule":
            from cronsim import CronSim

            slot = next(CronSim(trigger.text, now + timedelta(minutes=1), reverse=True))
            if after < slot <= now:
                yield slot
