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
from plaintrack.rules.rule import Rule, Trigger
from plaintrack.text.closing import closes
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


def by_change(rule: Rule, changes: Iterable[Change], schema: Schema, alike: Alike) -> Iterator[str]:
    """In words, each occurrence of the rule's triggers among the Changes of one item; a rule fires
    once per Change.
    """
    for change in changes:
        if any(_fits(trigger, change, schema, alike) for trigger in rule.triggers):
            yield change.describe()


def _fits(trigger: Trigger, change: Change, schema: Schema, alike: Alike) -> bool:
    if trigger.kind == "created":
        return change.kind == "created"
    if trigger.kind == "comment":
        return change.kind == "commented" and not change.old and bool(change.new)
    if trigger.kind == "entered":
        entered = (
            change.field == "status"
            and change.kind == "set"
            and schema.category(change.new) == trigger.text
        )
        return entered and (not change.old or schema.category(change.old) != trigger.text)
    if trigger.kind != "changed" or change.kind in (
        "created",
        "deleted",
        "commented",
        "broken",
        "mended",
    ):
        return False
    if trigger.field and fold(trigger.field) != fold(change.field):
        return trigger.field == "body" and change.kind in (
            "body",
            "ticked",
            "unticked",
            "step-added",
            "step-removed",
        )
    wanted = ((trigger.old, change.old), (trigger.new, change.new))
    return all(not want or alike(change.field, want, have) for want, have in wanted)


def by_commit(rule: Rule, message: str) -> tuple[str, ...]:
    """The ids (as they are written) that a commit message says it closes, if the rule waits for
    that.
    """
    if not any(trigger.kind == "closes" for trigger in rule.triggers):
        return ()
    return closes(message)


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
    closed, due = schema.closed(task.text("status")), day(task.text("due"), schema.timezone)
    for trigger in rule.triggers:
        if trigger.kind not in ("due-in", "overdue", "stale"):
            continue
        if closed:
            continue
        span = timedelta(days=days(trigger.text))
        if trigger.kind == "due-in" and due and due - span <= today <= due:
            yield f"due within {trigger.text}: {due}", (due - span).isoformat()
        elif trigger.kind == "overdue" and due and due + span < today:
            yield (
                f"overdue{f' by {trigger.text}' if trigger.text else ''}: {due}",
                (due + span + timedelta(days=1)).isoformat(),
            )
        elif trigger.kind == "stale" and updated and date.fromisoformat(updated) + span <= today:
            yield (
                f"stale for {trigger.text}: {updated}",
                (date.fromisoformat(updated) + span).isoformat(),
            )


def by_schedule(triggers: Sequence[Trigger], after: datetime, now: datetime) -> Iterator[datetime]:
    """The latest slot of each schedule in the time (``after``, ``now``]."""
    for trigger in triggers:
        if trigger.kind == "schedule":
            from cronsim import CronSim

            slot = next(CronSim(trigger.text, now + timedelta(minutes=1), reverse=True))
            if after < slot <= now:
                yield slot
