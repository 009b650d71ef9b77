"""Brings a branch and its upstream together: fetch, integrate field by field, push; or leaves
everything as it was.
"""

import os
import random
import time
from collections.abc import Set
from contextlib import suppress
from typing import NamedTuple

from plaintrack.app.git import commit
from plaintrack.app.snapshot.documents import documents
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.review import Reviewed, reviewed, told
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import alone
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.change import compare
from plaintrack.model.count import plural
from plaintrack.model.task import Task, fold
from plaintrack.store import remote
from plaintrack.store.repo import DetachedHead, GitUnderway, Refused

ATTEMPTS = 5
YOURS = ("assignee", "owner", "watching")
"""Fields that make an item someone's."""


class Traffic(NamedTuple):
    """What goes one way: the commits, and the items they change."""

    commits: int
    items: list[Reviewed]


class Synced(NamedTuple):
    """What a sync did: the short names of the upstream and of what was pushed to, what came in and
    what went out.
    """

    upstream: str
    target: str
    incoming: Traffic
    outgoing: Traffic


class Conflicting(Refused):
    """Both sides changed the same things."""

    slug = "conflicting"

    def __init__(self, count: int, upstream: str, how: str) -> None:
        super().__init__(
            f"conflicting changes here and on {upstream} in {plural(count, 'file')}; nothing was"
            " changed",
            f"`git {how} {upstream}`, resolve it with {command('conflicts')}, then"
            f" {command('sync')}",
        )


class Restless(Refused):
    """The upstream was pushed to again and again."""

    slug = "restless"

    def __init__(self, upstream: str) -> None:
        super().__init__(
            f"{upstream} moved {ATTEMPTS} times during the sync",
            "nothing was changed; try again",
        )


class NotCommitted(Refused):
    """Items have changes that are not committed."""

    slug = "not-committed"

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{plural(count, 'item file')} changed and not committed", f"{command('commit')} first"
        )


class LocalUpstream(Refused):
    """The upstream is a branch of this very repository."""

    slug = "local-upstream"

    def __init__(self, branch: str) -> None:
        super().__init__(
            f"the upstream of {branch} is a branch of this repository", "merge it with `git merge`"
        )


class NoUpstream(Refused):
    """The branch has no upstream to sync with."""

    slug = "no-upstream"

    def __init__(self, branch: str, remote: str) -> None:
        super().__init__(
            f"the branch {branch} has no upstream", f"run once: git push -u {remote} {branch}"
        )


def yours(workspace: Workspace, found: Synced) -> list[tuple[str, str]]:
    """(id, why) of the items that came in, or of which someone said something, and are the user's:
    by a field that names the user, before or now, by ``owners:``, or since what went out changes
    them, too.
    """
    mine = set(map(fold, me(workspace)))
    sent = {fold(each.id) for each in found.outgoing.items if each.id}
    known: dict[str, dict[str, None]] = {}
    for item in found.incoming.items:
        if item.staff:
            continue
        whys = known.setdefault(item.id or item.path, {})
        whys.update(dict.fromkeys(_whys(workspace, item, mine)))
        if item.id and fold(item.id) in sent:
            whys["changed here, too"] = None
    return [(name, ", ".join(whys)) for name, whys in known.items() if whys]


def _whys(workspace: Workspace, item: Reviewed, mine: Set[str]) -> list[str]:
    """By which fields an item is the user's."""
    from plaintrack.app.snapshot import approvals, find

    sides = [task for task in (item.old, item.new) if task is not None]
    if not sides:
        with suppress(PlaintrackError, OSError):  # it may be gone
            sides = [find.view(workspace, find.locate(workspace, item.id))]
    whys = [
        name
        for name in YOURS
        if any(fold(each) in mine for task in sides for each in task.many(name))
    ]
    if "owner" not in whys and workspace.settings.owners:
        owners = {fold(each) for task in sides for each in approvals.owners(workspace, task)}
        whys += [] if owners.isdisjoint(mine) else ["owner"]
    return whys


def sync(workspace: Workspace, dry: bool = False) -> Synced:
    """Fetch the upstream of this branch, integrate it as git is configured, push. ``dry`` stops
    after the fetch.

    Raises Refused, with branch, index and work tree as they were, on any conflict or failure.
    """
    with commit.alone(workspace), commit.told(workspace):
        branch, upstream = _upstream(workspace)
        _committed(workspace, dry)
        repo = workspace.repo
        remote.fetch(repo, upstream.remote)
        known = None if upstream.pushed == upstream.tracking else repo.find(upstream.pushed)
        if dry:
            return _report(workspace, upstream, repo.head, repo.find(upstream.tracking), known)
        with alone(workspace):
            # no other plaintrack writes while git may have to take the tree back
            before = repo.head
            folders = workspace.settings.tops
            work = remote.Integration(
                repo, branch, folders, repo.inside(documents(workspace)), workspace.cache
            )
            try:
                tip = _together(workspace, work, upstream)
            except BaseException:
                work.give_up()
                raise
        if repo.head and (home := repo.home(repo.head)) != repo.prefix:
            workspace.notice(
                f"the workspace was moved and is now in {home or 'the top of the repository'}"
            )
        return _report(workspace, upstream, before, tip, known)


def _upstream(workspace: Workspace) -> tuple[str, remote.Upstream]:
    repo = workspace.repo
    branch = repo.branch
    if not branch:
        raise DetachedHead
    if repo.underway:
        raise GitUnderway(repo.underway)
    upstream = remote.upstream(repo, branch)
    if upstream is None:
        known = os.fsdecode(repo.ask("remote")).split()
        raise NoUpstream(branch, known[0] if known else "REMOTE")
    if upstream.remote == ".":
        raise LocalUpstream(branch)
    return branch, upstream


def _committed(workspace: Workspace, dry: bool) -> None:
    """See to it that no item has changes that are not committed."""
    if dry:
        return
    if workspace.settings.commit == "auto":
        commit.everything(workspace)
        return
    count = len(commit.changed(workspace, told(workspace)))
    if count:
        raise NotCommitted(count)


def _together(
    workspace: Workspace, work: remote.Integration, upstream: remote.Upstream
) -> str | None:
    """Integrate and push until both are one; the upstream's commit that was integrated (None: there
    was none).
    """
    repo = workspace.repo
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(random.uniform(0.05, 0.4) * attempt)
            remote.fetch(repo, upstream.remote)
        tip = repo.find(upstream.tracking)
        if tip and not (repo.head and repo.contains(repo.head, tip)):
            done = work.run(upstream.short, tip)
            if done.code:
                _explain(workspace, upstream)
                repo.demand(done, f"{work.branch} and {upstream.short} could not be merged")
        known = repo.find(upstream.tracking) if upstream.push[0] == upstream.remote else None
        if not repo.head or known == repo.head or remote.push(repo, upstream, work.branch):
            return tip
    raise Restless(upstream.short)


def _explain(workspace: Workspace, upstream: remote.Upstream) -> None:
    """Raise Refused in field terms if git stopped because of conflicts."""
    repo = workspace.repo
    conflicts = repo.unmerged()
    if not conflicts:
        return
    swapped = repo.underway == "rebase"  # then `ours` is the upstream
    for path, stages in sorted(conflicts.items()):
        here, there = (stages.get(3 if swapped else 2, ""), stages.get(2 if swapped else 3, ""))
        workspace.notice(f"  {_conflict(workspace, path, stages.get(1, ''), here, there)}")
    how = "rebase" if swapped else "merge"
    raise Conflicting(len(conflicts), upstream.short, how)


def _conflict(workspace: Workspace, path: str, base: str, here: str, there: str) -> str:
    """One conflict: the item, and what each side did to the fields that both changed."""
    from plaintrack.text.parse import parse

    repo = workspace.repo
    blobs = (base, here, there)
    contents = dict(repo.blobs(blob for blob in blobs if blob))
    inside = repo.outside(path)
    tasks = [parse(inside, contents[blob], workspace.schema) for blob in blobs if blob in contents]
    ours = path.startswith(repo.prefix) and workspace.followed(inside)
    if not ours or len(tasks) < len(blobs):
        if not here:
            return f"{path}; deleted here"
        return path if there else f"{path}; deleted there"
    mine, other = (_told(tasks[0], task) for task in tasks[1:])
    both = [
        f"{mine[name]} here, {other[name]} there"
        for name in mine
        if name in other and mine[name] != other[name]
    ]
    name = next((task.id for task in tasks if task.id), path)
    return f"{name}  {'; '.join(both) or path}"


def _told(old: Task, new: Task) -> dict[str, str]:
    """What changed → how, in the words of the log."""
    return {change.field or change.kind: change.describe() for change in compare(old, new)}


def _report(
    workspace: Workspace,
    upstream: remote.Upstream,
    before: str | None,
    tip: str | None,
    known: str | None,
) -> Synced:
    """What the upstream's commit ``tip`` brought to the commit ``before``, and what of ours was
    new where it was pushed to: there ``known`` was the last commit, if that is not the upstream.
    """
    return Synced(
        upstream.short,
        upstream.target,
        _traffic(workspace, tip, before),
        _traffic(workspace, workspace.repo.head, known or tip),
    )


def _traffic(workspace: Workspace, tip: str | None, known: str | None) -> Traffic:
    repo = workspace.repo
    if not tip or tip == known:
        return Traffic(0, [])
    base = (known and repo.base(tip, known)) or repo.nothing
    return Traffic(
        repo.count(tip, known),
        reviewed(workspace, repo.diff(base, tip, told(workspace, base, tip)), base, tip),
    )
