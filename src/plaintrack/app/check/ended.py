"""Series that a branch ended and a merge goes on with: the other branch had made the next item
already.

A series moves on by the next item's `repeat`, and ends when `repeat` is taken away: in the item
before, both look alike, and git merges them without a question. The parents of the merge tell them
apart: whoever moved on has the next item.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.work import Ended
from plaintrack.store import files, place
from plaintrack.store.converted import converted
from plaintrack.store.index import ask, survey
from plaintrack.store.refusals import GitFailed, NoGit
from plaintrack.text.parse import parse

_STEPS = 20
"""Items of a series that are looked at, from the newest one back."""
_FEW_STEPS = 3
"""As many among more than ``_MANY`` merges."""
_MANY = 10


class _Item(NamedTuple):
    id: str
    path: str
    follows: str
    alive: bool


def ended(
    workspace: Workspace, since: str = "", until: str | None = None, staged: bool = False
) -> list[Ended]:
    """The living series that a parent of a merge had ended; the arguments are those of
    ``taken.taken``.
    """
    if place.git_folder(workspace.root) is None:
        return []
    try:
        merges = _merges(workspace, since, until, staged)
        if not merges:
            return []
        steps = _STEPS if len(merges) <= _MANY else _FEW_STEPS
        return _found(workspace, _chains(workspace, steps), merges)
    except NoGit as error:
        workspace.miss(error)
        return []
    except GitFailed:
        return []


def _merges(
    workspace: Workspace, since: str, until: str | None, staged: bool
) -> list[tuple[str, ...]]:
    """The parents of each merge that is looked at, also of the one under way."""
    repo = workspace.repo
    merges: list[tuple[str, ...]] = []
    if repo.head and not staged:
        merges = [parents for _, parents in repo.merges(until or "HEAD", since)]
    if until is None and repo.underway == "merge":
        merges.append((repo.resolve("HEAD"), repo.resolve("MERGE_HEAD")))
    return merges


def _chains(workspace: Workspace, steps: int) -> list[list[_Item]]:
    """For each series that is alive its newest items, the newest first."""
    items = _linked(workspace)
    chains = []
    for item in items.values():
        if not item.alive:
            continue
        chain = [item]
        while len(chain) <= steps:
            before = items.get(chain[-1].follows)
            if before is None or before in chain:  # the first one, or a circle
                break
            chain.append(before)
        if len(chain) > 1:
            chains.append(chain)
    return chains


def _linked(workspace: Workspace) -> dict[str, _Item]:
    """The items of series, by folded id: those that follow another or recur, and the first ones."""
    connection = workspace.index.connection
    items: dict[str, _Item] = {}
    for name, path, data, repeat in survey.linked(connection):
        follows = str(json.loads(data).get("follows") or "").lower()
        items[name.lower()] = _Item(name, path, follows, bool(repeat))
    first = {item.follows for item in items.values()} - items.keys()
    if first:
        for name, path in ask.places(connection):
            if name.lower() in first:
                items[name.lower()] = _Item(name, path, "", False)
    return items


def _found(
    workspace: Workspace, chains: Sequence[Sequence[_Item]], merges: Sequence[tuple[str, ...]]
) -> list[Ended]:
    blobs = _blobs(workspace, chains, merges)
    followers: dict[str, set[str]] = {}
    for chain in chains:
        for item in chain:
            followers.setdefault(item.follows, set()).add(item.path)

    found: dict[Ended, None] = {}
    steps = [(chain, before) for chain in chains for before in chain[1:]]
    for chain, before in steps:
        after = followers[before.id.lower()]
        for parents in merges:
            for moved, other in _parted(parents, blobs, before.path, after):
                if _ended(workspace, before.path, moved, other, blobs[other, before.path]):
                    source = f"{other[:10]}:{workspace.repo.home(other)}{before.path}"
                    found[Ended(chain[0].path, chain[0].id, before.id, source)] = None
    return list(found)


def _blobs(
    workspace: Workspace, chains: Sequence[Sequence[_Item]], merges: Sequence[tuple[str, ...]]
) -> dict[tuple[str, str], str]:
    """(parent of a merge, path of an item) → blob, all asked for at once."""
    commits = dict.fromkeys(parent for parents in merges for parent in parents)
    paths = dict.fromkeys(item.path for chain in chains for item in chain)
    wanted = [(commit, path) for commit in commits for path in paths]
    return dict(zip(wanted, workspace.repo.blob_ids(wanted), strict=True))


def _parted(
    parents: tuple[str, ...], blobs: Mapping[tuple[str, str], str], before: str, after: set[str]
) -> Iterator[tuple[str, str]]:
    """(a parent that has the next item, one that has only the item before) of a merge."""
    moved = [parent for parent in parents if any(blobs[parent, path] for path in after)]
    if not moved:
        return
    for parent in parents:
        if parent not in moved and blobs[parent, before]:
            yield moved[0], parent


def _ended(workspace: Workspace, path: str, one: str, other: str, blob: str) -> bool:
    """Whether an item recurred where two commits parted, and does not in a blob of the other."""
    base = workspace.repo.base(one, other)
    was = workspace.repo.blob_ids([(base, path)])[0] if base else ""
    contents = converted(
        workspace.repo, [(each, path) for each in (was, blob) if each], files.LARGEST + 1
    )
    found = (contents.get((each, path)) for each in (was, blob))
    before, after = (
        parse(path, data, workspace.schema) if data is not None else None for data in found
    )
    return bool(before and after and before.text("repeat") and not after.text("repeat"))
