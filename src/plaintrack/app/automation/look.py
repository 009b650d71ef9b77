"""Looks at the files, git and the clock: what is to be acted on now, as a value. Nothing is done,
and nothing is remembered.
"""

from collections.abc import Mapping, Set

from plaintrack.app.automation.changed import Files, Moves, Watched, busy, is_said
from plaintrack.app.automation.conditions import alike
from plaintrack.app.automation.ledger import acted
from plaintrack.app.automation.mentions import mentions
from plaintrack.app.automation.rules import Rules
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.config.values import holds
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change, compare, pairs
from plaintrack.model.task import Task
from plaintrack.rules.look import Baseline, Closing, Happened, Look
from plaintrack.rules.match import waits_for_messages
from plaintrack.store.commits import Commit
from plaintrack.store.index import ask
from plaintrack.store.index.seen import Seen
from plaintrack.store.place import COMMENTS
from plaintrack.text.parse import parse

Chains = Mapping[str, tuple[str, ...]]
"""Path → the chain of rules that wrote it."""


def look(watched: Watched, came: Moves, written: Set[str], chains: Chains) -> Look:
    """What was changed here since the last look.

    ``came`` says how HEAD moved, ``written`` names the files that the present command wrote. What
    git brought happened elsewhere, and fires nothing.
    """
    workspace = watched.workspace
    ours, pulled, moves = _sides(watched, came, written)
    baseline = Baseline(ours | pulled, moves.head, moves.mark, moves.unmet, moves.mine)
    happened = _happened(watched, ours, chains)
    if not happened:
        return Look(workspace.now, workspace.schema, _never, baseline=baseline)
    return Look(
        workspace.now,
        workspace.schema,
        alike(workspace),
        happened,
        taken=taken(workspace, watched.seen),
        baseline=baseline,
    )


def first_look(watched: Watched, rules: Rules, came: Moves, written: Set[str], times: bool) -> Look:
    """As ``look``, with what messages of new commits close, what git has brought of the ledger, and
    (``times``) what is due.
    """
    workspace, seen = watched.workspace, watched.seen
    found = look(watched, came, written, {})
    found = found._replace(
        gained=frozenset(seen.gained({*acted(workspace)})),
        taken=found.taken or taken(workspace, seen),
    )
    if came.head and came.before and came.head != came.before:
        found = found._replace(closings=closings(workspace, rules, came.before, came.head))
    return with_due(found, watched, rules) if times else found


def with_due(found: Look, watched: Watched, rules: Rules) -> Look:
    """A look with what the clock triggers."""
    from plaintrack.app.automation.due import due

    known = found.taken | watched.seen.ever()
    return found._replace(due=due(watched.workspace, rules, found, known))


def nothing(workspace: Workspace, seen: Seen) -> Look:
    """A look before which nothing was seen: so nothing has changed."""
    return Look(workspace.now, workspace.schema, _never, taken=taken(workspace, seen))


def taken(workspace: Workspace, seen: Seen) -> frozenset[str]:
    """The keys of all firings that were, or that wait."""
    return frozenset((*acted(workspace), *(each.firing[3] for each in seen.pending())))


def closings(
    workspace: Workspace, rules: Rules, before: str | None, head: str
) -> tuple[Closing, ...]:
    """What the messages of the commits since ``before`` (None: of all) close, if a rule waits for
    that.
    """
    if not any(map(waits_for_messages, rules.rules)):
        return ()
    commits = workspace.repo.commits(head, [before] if before else [])
    return tuple(each for commit in commits for each in closings_of(workspace, commit))


def closings_of(workspace: Workspace, commit: Commit) -> list[Closing]:
    """What the message of one commit closes; words that name no item close nothing."""
    from plaintrack.text.closing import closes

    found = []
    for word in closes(commit.message):
        try:
            item = answers.whole(workspace, word)
        except PlaintrackError:
            continue
        found.append(Closing(item, commit.subject, commit.date))
    return found


def _never(_field: str, _wanted: str, _value: str) -> bool:
    return False


def _sides(watched: Watched, came: Moves, written: Set[str]) -> tuple[Files, Files, Moves]:
    """What was changed here, what git brought, and how HEAD moved without the commits met.

    Without what someone may be saving or git may be bringing at this moment, since a merge writes
    files before it moves HEAD: it is looked at the next time. And without what a stash holds, until
    that is popped or dropped.
    """
    changed = watched.changed()
    away = watched.aside(_without(changed, written), came.head)
    changed = _without(changed, away)
    pulled, moves = watched.pulled(changed, came, written)
    ours = _without(changed, pulled | watched.saved)
    if ours.keys() - written and (
        busy(watched.workspace, watched.rest) or watched.head() != came.head
    ):
        ours = {path: file for path, file in ours.items() if path in written}
    left = moves.mine & changed.keys() - ours.keys()
    brought = {path: changed[path] for path in pulled}
    return ours, brought, moves._replace(mine=left)


def _without(files: Files, paths: Set[str]) -> Files:
    return {path: file for path, file in files.items() if path not in paths}


def _happened(watched: Watched, changed: Files, chains: Chains) -> tuple[Happened, ...]:
    """What happened to each item whose files have changed."""
    by_item: dict[str, Happened] = {}
    for each in (*_edited(watched, changed, chains), *_spoken(watched, changed, chains)):
        known = by_item.get(each.item)
        if known is None:
            by_item[each.item] = each
        else:
            by_item[each.item] = known._replace(
                changes=known.changes + each.changes, day=known.day or each.day
            )
    return tuple(by_item.values())


def _edited(watched: Watched, changed: Files, chains: Chains) -> list[Happened]:
    """What happened to items: they were made, or are different."""
    workspace = watched.workspace
    items = {path: file for path, file in changed.items() if not is_said(workspace, path)}
    before = [task for path in items if (task := watched.task(path, watched.seen.data(path)))]
    now = [task for path, file in items.items() if file and (task := watched.task(path, file[1]))]
    fields = watched.workspace.schema.fields.items()
    lists = frozenset(name for name, field in fields if field.many)
    found = []
    for old, new in pairs(before, now):
        if new is None or (old is None and _copied(watched, new)):
            continue
        day = ""
        if old is None and new.text("occurrence"):  # every clone makes it, as the same item
            day = new.text("created")[:10] or new.text("occurrence")[:10]
        chain = chains.get(new.path, ())
        changes = (*compare(old, new, lists), *mentions(workspace, new.id, old, new))
        found.append(Happened(new.id, changes, chain, day))
    return found


def _copied(watched: Watched, task: Task) -> bool:
    """Whether a new file only repeats the id of an item that was there before, as the copies do
    that programs leave which keep folders in step.
    """
    holders = ask.holders(watched.workspace.index.connection, task.id)
    others = (path for path in holders if path != task.path)
    return any(watched.seen.data(path) is not None for path in others)


def _spoken(watched: Watched, changed: Files, chains: Chains) -> list[Happened]:
    """The new comments, and what status updates mention; not those that were taken along with an
    item to its new id.
    """
    workspace = watched.workspace
    comments = {path: file for path, file in changed.items() if is_said(workspace, path)}
    gone = {
        (path.rpartition("/")[2], watched.seen.data(path))
        for path, file in comments.items()
        if not file
    }
    found = []
    for path, file in comments.items():
        if not file or watched.seen.data(path) is not None:
            continue
        if (path.rpartition("/")[2], file[1]) not in gone:
            item, said = path.split("/")[-2], parse(path, file[1], workspace.schema)
            changes = tuple(mentions(workspace, item, None, said, apart=True))
            if holds((COMMENTS,), path):
                changes = (Change(item, path, "commented", new="comment"), *changes)
            if changes:
                found.append(Happened(item, changes, chains.get(path, ())))
    return found
