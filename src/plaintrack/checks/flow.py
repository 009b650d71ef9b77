"""Checks of the flow of work: what lies about, what no one has, what is too much at once, what was
closed too early.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from plaintrack.checks.catalogue import Option, check
from plaintrack.checks.work import SETTINGS, Found, Options, Work, at

_GROUPS = ("project", "milestone", "goal")


@check("PT401", "stale", "note", on=False, days=Option("number", 30, "days without a change"))
def stale(work: Work, options: Options) -> Iterator[Found]:
    """Work in progress has not been touched for a long time.

    Why: it is either done and not closed, or stuck, or given up.

    Fix: comment on what blocks it, or put it back: `plaintrack set ID status=todo`. The
    time is that of the last commit to the item's file.

    Bad:
        status: in-progress, and the last commit to it is 45 days old

    Good:
        status: todo
    """
    touched = work.source.touched()
    for row in work.open if touched is not None else ():
        day = (touched or {}).get(row.path, "") if row.category == "active" else ""
        if day and work.days(day) > options["days"]:
            yield at(
                row,
                "status",
                f"it is {row.status}, and was last touched {work.days(day)} days ago",
                "comment on what blocks it, or unassign it",
            )


@check("PT402", "blocked-long", "note", on=False, days=Option("number", 14, "days"))
def blocked_long(work: Work, options: Options) -> Iterator[Found]:
    """An open item has been blocked for a long time.

    Why: what it waits for is not being done.

    Fix: push what it depends on, or remove the dependency. The time is counted from the commit that
    last changed `depends_on`; without history from `created`.

    Bad:
        depends_on:
        - PT-9x2mfa (open), for 30 days

    Good:
        status of PT-9x2mfa: in-progress, due soon
    """
    for row in work.open:
        if row.blocked and not (
            work.date(row.created) and work.days(row.created) <= options["days"]
        ):
            day = work.source.since(row.id, "depends_on") or row.created
            if work.date(day) and work.days(day) > options["days"]:
                yield at(
                    row,
                    "depends_on",
                    f"it has been blocked for {work.days(day)} days",
                    "push what it depends on, or remove the dependency",
                )


@check("PT403", "unassigned", "note", on=False)
def unassigned(work: Work, _options: Options) -> Iterator[Found]:
    """An open item has no assignee.

    Why: what is everybody's work is done by no one.

    Fix: `plaintrack set ID assignee=…`.

    Bad:
        status: todo

    Good:
        status: todo
        assignee: alice
    """
    return (
        at(row, "status", "no one is assigned", "set assignee")
        for row in work.open
        if not row.assignee
    )


@check("PT404", "active-unassigned", "note")
def active_unassigned(work: Work, _options: Options) -> Iterator[Found]:
    """Work in progress has no owner.

    Why: someone is doing it, and no one can tell who to ask.

    Fix: `plaintrack set ID assignee=…`, or put it back to an open status.

    Bad:
        status: in-progress

    Good:
        status: in-progress
        assignee: alice
    """
    for row in work.open:
        if row.category == "active" and not row.assignee and row.type not in _GROUPS:
            yield at(
                row,
                "status",
                f"it is {row.status}, and no one is assigned",
                "set assignee, or put it back",
            )


@check("PT405", "unestimated", "note", on=False)
def unestimated(work: Work, _options: Options) -> Iterator[Found]:
    """An open item has no estimate.

    Why: plans and forecasts leave it out.

    Fix: `plaintrack set ID estimate=2d`.

    Bad:
        status: todo

    Good:
        status: todo
        estimate: 2d
    """
    return (
        at(row, "status", "it has no estimate", "set estimate")
        for row in work.open
        if row.estimate is None and row.type not in _GROUPS
    )


@check(
    "PT406",
    "wip-status",
    "warning",
    on=False,
    limits=Option("numbers", {}, "how many items each status may hold"),
)
def wip_status(work: Work, options: Options) -> Iterator[Found]:
    """More items are in a status than its limit allows.

    Why: work that is begun and not finished helps no one; a limit makes finishing come first.

    Fix: finish something before the next is begun.

    Bad:
        checks:
          wip-status: {limits: {review: 5}}, and 7 items are in review

    Good:
        5 items in review
    """
    counts = Counter(row.status for row in work.open)
    for status, limit in options["limits"].items():
        if counts[status] > limit:
            message = f"{counts[status]} items are in {status}, and the limit is {limit}"
            yield Found(
                SETTINGS,
                "",
                f"statuses.{status}",
                "",
                message,
                "finish something first",
                key=status,
                weight=counts[status],
            )


@check(
    "PT407", "wip-person", "warning", on=False,
    limit=Option("number", 5, "how many active items everybody may have"),
    limits=Option("numbers", {}, "how many some people may have"),
)  # fmt: skip
def wip_person(work: Work, options: Options) -> Iterator[Found]:
    """Someone has more work in progress than the limit allows.

    Why: whoever does many things at once finishes none of them soon.

    Fix: finish something, give something away, or put it back.

    Bad:
        checks:
          wip-person: {limit: 3}, and alice has 5 active items

    Good:
        3 active items for alice
    """
    active = {
        row.number for row in work.open if row.category == "active" and row.type not in _GROUPS
    }
    counts = Counter(key for number, _, key in work.source.links("assignee") if number in active)
    limits: dict[str, int] = {name.lower(): limit for name, limit in options["limits"].items()}
    names = {name.lower(): name for name in work.settings.people}
    for person, count in sorted(counts.items()):
        limit = limits[person] if person in limits else options["limit"]
        if count > limit:
            field = f"people.{names[person]}" if person in names else "statuses"
            message = (
                f"{names.get(person, person)} has {count} items in progress, and the limit is"
                f" {limit}"
            )
            yield Found(
                SETTINGS,
                "",
                field,
                "",
                message,
                "finish something, or give something away",
                key=person,
                weight=count,
            )


@check("PT408", "goal-without-work", "note")
def goal_without_work(work: Work, _options: Options) -> Iterator[Found]:
    """An open goal has nothing open below it.

    Why: no one is working on it; or it has been reached, and can be closed.

    Fix: link work to it (`goal:`, `parent:`), or close it.

    Bad:
        type: goal, with nothing that has `goal:` set to it

    Good:
        a project with `goal:` set to it
    """
    for row in work.open:
        if row.type == "goal" and row.children == row.children_closed:
            if row.children:
                message = "all work for this goal is closed"
            else:
                message = "no work is linked to this goal"
            yield at(row, "id", message, "link work to it, or close it")


@check("PT409", "closed-open-steps", "note", on=False)
def closed_open_steps(work: Work, _options: Options) -> Iterator[Found]:
    """An item is done, and some of its steps are not ticked.

    Why: either it is not quite done, or the steps were not kept up.

    Fix: tick the steps, delete those that were dropped, or open the item again.

    Bad:
        status: done
        - [ ] Tell the customer

    Good:
        status: done
        - [x] Tell the customer
    """
    for row in work.source.rows("open steps"):
        if row.category == "done":
            left = row.steps - row.ticked
            yield at(
                row,
                "status",
                f"it is {row.status}, and {left} of its {row.steps} steps"
                f" {'is' if left == 1 else 'are'} not ticked",
                "tick them, or open it again",
            )


@check("PT410", "closed-open-children", "note")
def closed_open_children(work: Work, _options: Options) -> Iterator[Found]:
    """An item is closed, and items below it are open.

    Why: the whole is not done before its parts; or the parts were given up and forgotten.

    Fix: close the parts or move them elsewhere, or open the item again.

    Bad:
        status: done, and PT-9x2mfa with `parent:` set to it is in todo

    Good:
        status of PT-9x2mfa: done
    """
    for row in work.source.rows("open children"):
        left = row.children - row.children_closed
        yield at(
            row,
            "status",
            f"it is {row.status}, and {left} of the {row.children} items below it"
            f" {'is' if left == 1 else 'are'} open",
            "close or move them, or open it again",
        )


@check(
    "PT411", "required", "error", on=False,
    type=Option("lists", {}, "the fields that items of each type need"),
    status=Option("lists", {}, "the fields that items in each status need"),
)  # fmt: skip
def required(work: Work, options: Options) -> Iterator[Found]:
    """A field that items of this type, or in this status, need is not set.

    Why: the workspace asks for it, in the options of this check.

    Fix: set the field.

    Bad:
        checks:
          required: {status: {review: [reviewer]}}, and an item in review has no reviewer

    Good:
        status: review
        reviewer: lena
    """
    asked: dict[tuple[str, str], Iterable[str]] = {
        ("type", name): fields for name, fields in options["type"].items()
    }
    asked |= {("status", name): fields for name, fields in options["status"].items()}
    rows = [
        *work.open,
        *(
            work.source.rows("closed")
            if any(work.schema.closed(status) for status in options["status"])
            else ()
        ),
    ]
    for (kind, name), fields in asked.items():
        for field in fields:
            have = work.source.having(field)
            for row in rows:
                if getattr(row, kind) == name and row.number not in have:
                    yield at(
                        row,
                        kind,
                        f"{kind} {name} needs {field}",
                        f"set {field}",
                        about=f"{kind} {name} {field}",
                    )
