"""Checks of changes: what one commit, branch or pull request may do to the work. They run with
``--since`` and ``--staged``.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from plaintrack.checks.catalogue import Option, check
from plaintrack.checks.waivers import FIELD
from plaintrack.checks.work import Delta, Found, Options, Work
from plaintrack.errors import command
from plaintrack.model.task import Task, fold


@check(
    "PT501",
    "transition",
    "error",
    on=False,
    allowed=Option("lists", {}, "status → the statuses that it may be followed by"),
    steps=Option("number", 0, "how many allowed steps one commit may take at most; 0: any number"),
)
def transition(work: Work, options: Options) -> Iterator[Found]:
    """The status of an item moved in a way that the workflow does not allow.

    Why: a step such as the review was left out.

    Fix: move it to one of the statuses that may follow. A status that is not named may be followed
    by any. One commit may hold several allowed steps; with `steps: 1` each needs a commit of its
    own, which shows that none was left out. Commands refuse a step that is not allowed, unless
    `--force REASON` comments why.

    Bad:
        status: done, and before it todo, with
        checks:
          transition: {allowed: {todo: [in-progress, cancelled]}, steps: 1}

    Good:
        status: in-progress
    """
    allowed = options["allowed"]
    for delta in work.deltas:
        old, new = delta.old, delta.new
        if not old or not new or not new.fields or _steps_allowed(work, delta, options):
            continue
        one, two = old.text("status"), new.text("status")
        if not reached(allowed, one, two, options["steps"]):
            yield _at(new, "status", f"status went from {one} to {two}", after(allowed, one))


def after(allowed: Mapping[str, Sequence[str]], status: str) -> str:
    """What may follow a status that is named, in words."""
    return f"after {status} comes {' or '.join(allowed[status]) or 'nothing'}"


def reached(allowed: Mapping[str, Sequence[str]], one: str, two: str, most: int) -> bool:
    """Whether at most so many allowed steps (0: any number) lead from a status to another."""
    seen, ends, taken = {one}, {one}, 0
    while ends and (not most or taken < most):
        if any(status not in allowed or two in allowed[status] for status in ends):
            return True
        ends = {each for status in ends for each in allowed[status]} - seen
        seen |= ends
        taken += 1
    return one == two


def _steps_allowed(work: Work, delta: Delta, options: Options) -> bool:
    """Whether an item's status stayed, or went by allowed steps from commit to commit."""
    if delta.old and delta.new and delta.old.text("status") == delta.new.text("status"):
        return True
    steps = work.source.steps(delta, "status")
    pairs = [(one, two) for one, two in pairwise(steps) if one != two]
    most = options["steps"]
    return bool(pairs) and all(reached(options["allowed"], *pair, most) for pair in pairs)


@check(
    "PT502",
    "who-moves",
    "error",
    on=False,
    status=Option("lists", {}, "status → who may move items to it: people, groups, teams, `owner`"),
)
def who_moves(work: Work, options: Options) -> Iterator[Found]:
    """Someone moved an item to a status who may not.

    `owner` are the owners of the item, by `owners:` or its field, as they were before the change.
    Commands refuse it, too, unless `--force REASON` comments why; git forbids nothing.

    Why: the workspace says who accepts work as done.

    Fix: let one of them do it. People are named as under `people:`; who it was is the author of the
    commit (of what is staged: git's user), which anybody can set: enforce who may push on the
    server.

    Bad:
        checks:
          who-moves: {status: {done: [amelie]}}, and jonas set status: done

    Good:
        status: review
    """
    for delta in work.deltas:
        status = delta.new.text("status") if delta.new else ""
        before = delta.old.text("status") if delta.old else ""
        named = options["status"].get(status)
        if delta.new and named is not None and status != before:
            who = work.source.author(delta, "status")
            allowed = work.source.people(delta, named)
            if fold(who) not in map(fold, allowed):
                message = f"{who or 'someone'} moved it to {status}"
                yield _at(delta.new, "status", message, only(named, allowed), who)


def only(named: Sequence[str], people: Sequence[str]) -> str:
    """Who alone may do it, in words; ``people`` are those whom the names mean for an item."""
    if named and not people:
        return f"only {' and '.join(named)} may do that, and it names no one"
    return f"only {' and '.join(people) or 'no one'} may do that"


@check("PT503", "due-without-reason", "error", on=False)
def due_without_reason(work: Work, _options: Options) -> Iterator[Found]:
    """A due date was moved without a comment that says why.

    Why: whoever counts on the date should be able to read what happened.

    Fix: `plaintrack comment ID '…'`, in the same change.

    Bad:
        due: 2026-12-15, and before it 2026-12-01, and no comment

    Good:
        the same, with a new file in comments/PT-7k3q9x/
    """
    for delta in work.deltas:
        moved = [
            each
            for each in delta.changes
            if each.field == "due" and each.kind == "set" and each.old
        ]
        said = any(each.kind == "commented" and each.new for each in delta.changes)
        if moved and delta.new and not said:
            yield _at(
                delta.new,
                "due",
                moved[0].describe() + ", and no comment says why",
                "say why: `plaintrack comment ID …`",
            )


@check("PT504", "done-unticked", "error", on=False)
def done_unticked(work: Work, _options: Options) -> Iterator[Found]:
    """An item was done while some of its steps are not ticked.

    Why: the steps are what was agreed to belong to it.

    Fix: do and tick them, or delete those that were dropped.

    Bad:
        status: done
        - [ ] Tell the customer

    Good:
        status: done
        - [x] Tell the customer
    """
    for delta in work.deltas:
        if (
            delta.new
            and work.schema.category(delta.new.text("status")) == "done"
            and not _was_done(work, delta)
        ):
            left = [step.text for step in delta.new.steps if not step.done]
            if left:
                more = f" and {len(left) - 1} more" if len(left) > 1 else ""
                yield _at(
                    delta.new,
                    "status",
                    f"it was done without the step {left[0][:80]!r}{more}",
                    "tick the steps first",
                )


def _was_done(work: Work, delta: Delta) -> bool:
    return delta.old is not None and work.schema.category(delta.old.text("status")) == "done"


@check("PT505", "estimate-after-start", "error", on=False)
def estimate_after_start(work: Work, _options: Options) -> Iterator[Found]:
    """An estimate was changed after work had started.

    Why: an estimate that follows the work says nothing about how well work is estimated; what is
    left belongs into `remaining`.

    Fix: restore `estimate` and set `remaining`.

    Bad:
        status: in-progress
        estimate: 5d, and before it 2d

    Good:
        estimate: 2d
        remaining: 3d
    """
    for delta in work.deltas:
        if delta.old and delta.new and work.schema.category(delta.old.text("status")) != "open":
            for each in delta.changes:
                if each.field == "estimate" and each.old:
                    message = (
                        f"estimate went from {each.old} to {each.new or '(none)'} after"
                        " work had started"
                    )
                    yield _at(delta.new, "estimate", message, "restore it, and set remaining")


@check("PT506", "reused-id", "error", on=False)
def reused_id(work: Work, _options: Options) -> Iterator[Found]:
    """A new item has the id of another that is gone.

    Why: commit messages, comments and bookmarks with that id now seem to be about something else.

    Fix: `plaintrack renumber` gives it an id of its own.

    Bad:
        a new item with id: PT-7k3q9x, which was deleted last week

    Good:
        a new item with an id that `plaintrack add` makes
    """
    ever: frozenset[str] | None = None
    for delta in work.deltas:
        if delta.new and delta.new.id:
            made = [task.text("created") if task else "" for task in (delta.old, delta.new)]
            if delta.old is None and ever is None:
                ever = work.source.ever()
            gone = delta.old is None and ever is not None and delta.new.id.lower() in ever
            if gone or (
                delta.old and delta.old.id == delta.new.id and all(made) and made[0] != made[1]
            ):
                yield _at(
                    delta.new,
                    "id",
                    f"the id {delta.new.id} was that of another item",
                    "`plaintrack renumber` gives it one of its own",
                )


@check("PT507", "changed-id", "error", on=False)
def changed_id(work: Work, _options: Options) -> Iterator[Found]:
    """The id of an item was changed.

    Why: whatever names the old id leads nowhere: commit messages, other branches, bookmarks.

    Fix: restore the old id.

    Bad:
        id: PT-9x2mfa, and before it PT-7k3q9x

    Good:
        id: PT-7k3q9x
    """
    for delta in work.deltas:
        if (
            delta.old
            and delta.new
            and delta.old.id
            and delta.new.id
            and delta.old.id.lower() != delta.new.id.lower()
        ):
            yield _at(delta.new, "id", f"the id was {delta.old.id}", "restore it")


@check("PT508", "added-waiver", "error", on=False)
def added_waiver(work: Work, _options: Options) -> Iterator[Found]:
    """A change adds a waiver.

    Why: whoever is checked should not be the one who switches checks off. With `--policy-from` this
    check is on.

    Fix: let someone who may decide that merge it all the same.

    Bad:
        waive:
        - overdue because I say so

    Good:
        no new waiver
    """
    for delta in work.deltas:
        for text in delta.new.many(FIELD) if delta.new else ():
            if delta.new and (delta.old is None or text not in delta.old.many(FIELD)):
                yield _at(
                    delta.new,
                    FIELD,
                    "this change adds a waiver",
                    "someone who may decide that has to merge it",
                    value=text,
                )


@check("PT509", "taken-change", "error")
def taken_change(work: Work, _options: Options) -> Iterator[Found]:
    """A merge gave an item what was said of another.

    One branch deleted an item and added another, the other branch changed the deleted one. New
    items look alike, so git takes the new one for the deleted one renamed, and merges the change
    into it without a question. The merge driver stops there; a forge has none, and neither has a
    clone that was not set up. The last commit is looked at if it is a merge, and a merge that is in
    progress; with `--since` every merge since then.

    Why: work counts as done that no one did, or the other way round.

    Fix: give the field its own value back, and decide about the other item, which the merge has
    deleted with its change.

    Bad:
        status: done, which another branch said of PT-7k3q9x

    Good:
        status: todo
    """
    for each in work.source.taken():
        if each.field == "body":
            what = "lines of the body"
        else:
            what = f"{each.field} {each.value or '(none)'}"
        merge = f"the merge {each.merge[:10]}" if each.merge else "this merge"
        message = (
            f"{what} belong{'' if each.field == 'body' else 's'} to {each.other}; {merge} took its"
            " file for this one, renamed"
        )
        own = "the body" if each.field == "body" else f"{each.field} (it was {each.own or 'unset'})"
        hint = f"restore {own}; {each.other} as it was changed: `git show {each.source}`"
        field = "" if each.field == "body" else each.field
        yield Found(
            each.path, each.item, field, "", message, hint, about=f"{each.other} {each.field}"
        )


@check("PT510", "ended-series", "warning")
def ended_series(work: Work, _options: Options) -> Iterator[Found]:
    """A series goes on after a merge, though a branch had ended it.

    One branch took `repeat` away to end the series, the other closed the item, so that `repeat`
    moved on to the next one. Both look alike in the item before, and git merges them without a
    question. The merges looked at are those of PT509.

    Why: whoever ended the series believes it to be over.

    Fix: end it in its newest item, `plaintrack set ID repeat=`, or waive this if it is to go on.

    Bad:
        repeat: weekly, in the item that follows the one in which a branch deleted `repeat`

    Good:
        no `repeat`
    """
    for each in work.source.ended():
        hint = f"end it: {command('set', each.item, 'repeat=')}; or waive this"
        message = (
            f"the series goes on, but a merged branch ended it in {each.last} (`git show"
            f" {each.source}`)"
        )
        yield Found(each.path, each.item, "repeat", "", message, hint, about=each.last)


def _at(task: Task, field: str, message: str, hint: str, about: str = "", value: str = "") -> Found:
    return Found(task.path, task.id, field, value, message, hint, about=about)


@check("PT511", "unproven-approval", "error")
def unproven_approval(work: Work, _options: Options) -> Iterator[Found]:
    """A change brings a verdict that the one in whose name it is has not given.

    Why: anyone can write another's name into a file. Where the commits are seen, in a pull request,
    the commit that brought the verdict has to be by that person, and must not change what the
    verdict is on. On the main branch, after a merge or a squash, only the digest counts.

    Fix: let that person run `plaintrack approve ID` and commit it alone.

    Bad:
        by: ana                   # in a commit by Bob

    Good:
        by: ana                   # in a commit by Ana, which changes nothing else of the item
    """
    for path, item, why in work.agreed.unproven:
        yield Found(
            path, item, "by", "", why, "let that person give the verdict, in a commit alone"
        )


@check("PT512", "withdrawn-approval", "error")
def withdrawn_approval(work: Work, _options: Options) -> Iterator[Found]:
    """A change edits or deletes a verdict that someone else gave, while the item remains.

    Its file can be moved, and whoever gave the verdict can take it back. What a change brings and
    takes away again is found, too, as long as its commits show both.

    Why: a rejection that someone deletes holds nothing back any more.

    Fix: restore the file, or let that person take the verdict back in a commit of theirs.

    Bad:
        the rejection by Ana, deleted in a commit by Bob

    Good:
        the same, deleted in a commit by Ana
    """
    hint = "restore the file, or let that person commit the change"
    for each in work.withdrawn:
        if each.room == "approvals":
            yield Found(each.path, each.item, "", "", each.why, hint, about=each.file)


@check("PT513", "withdrawn-record", "warning")
def withdrawn_record(work: Work, _options: Options) -> Iterator[Found]:
    """A change edits or deletes what someone else said: a comment, a status update, a timesheet or
    a verdict on one, while the item remains.

    Why: it stands there in that person's name.

    Fix: restore the file, or let that person change it; answer a comment instead.

    Bad:
        a status update by Ana, edited in a commit by Bob

    Good:
        a second one, by Bob
    """
    hint = "restore the file, or let that person commit the change"
    for each in work.withdrawn:
        if each.room != "approvals":
            yield Found(each.path, each.item, "", "", each.why, hint, about=each.file)
