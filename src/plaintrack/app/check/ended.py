"""Series that a branch ended and a merge goes on with: the other branch had made the next item
already.

A series moves on by the next item's `repeat`, and ends when `repeat` is taken away: in the item
before, both look alike, and git merges them without a question. The parents of the merge tell them
apart: whoever moved on has the next item.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.work import Ended
from plaintrack.store import files, place
from plaintrack.store.converted import converted
from plaintrack.store.index import ask, survey
from plaintrack.store.refusals import GitFailed, NoGit
from plaintrack.text.parse import parse

_STEPS = (
    20  # items of a series that are looked at, from the newest one back; among many merges fewer
)
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
    repo = workspace.repo
    try:
        found = (
            []
            if staged or not repo.head
            else [parents for _, parents in repo.merges(until or "HEAD", since)]
        )
        if until is None and repo.underway == "merge":
            found.append((repo.resolve("HEAD"), repo.resolve("MERGE_HEAD")))
        return (
            _found(workspace, _chains(workspace, _STEPS if len(found) <= _MANY else 3), found)
            if found
            else []
        )
    except (NoGit, GitFailed):
        return []


def _chains(workspace: Workspace, steps: int) -> list[list[_Item]]:
    """For each series that is alive its newest items, the newest first."""
    items: dict[str, _Item] = {}
    for name, path, data, repeat in survey.linked(workspace.index.connection):
        items[name.lower()] = _Item(
            name, path, str(json.loads(data).get("follows") or "").lower(), bool(repeat)
        )
    first = {each.follows for each in items.values()} - items.keys()
    for name, path in ask.places(workspace.index.connection) if first else ():
        if name.lower() in first:
            items[name.lower()] = _Item(name, path, "", False)
    found = []
    for each in items.values():
        chain = [each]
        while (
            chain[-1].follows in items
            and len(chain) <= steps
            and items[chain[-1].follows] not in chain
        ):
            chain.append(items[chain[-1].follows])
        if each.alive and len(chain) > 1:
            found.append(chain)
    return found


def _found(
    workspace: Workspace, chains: Sequence[Sequence[_Item]], merges: Sequence[tuple[str, ...]]
) -> list[Ended]:
    commits = list(dict.fromkeys(parent for parents in merges for parent in parents))
    paths = list(dict.fromkeys(item.path for chain in chains for item in chain))
    places = [(commit, path) for commit in commits for path in paths]
    blobs = dict(zip(places, workspace.repo.blob_ids(places), strict=True))
    followers: dict[str, set[str]] = {}
    for chain in chains:
        for item in chain:
            followers.setdefault(item.follows, set()).add(item.path)
    found: dict[Ended, None] = {}
    for chain in chains:
        for before in chain[1:]:
            after = followers[before.id.lower()]
            for parents in merges:
                moved = [each for each in parents if any(blobs[each, path] for path in after)]
                rest = [each for each in parents if each not in moved and blobs[each, before.path]]
                for other in rest if moved else ():
                    if _ended(workspace, before.path, moved[0], other, blobs[other, before.path]):
                        source = f"{other[:10]}:{workspace.repo.home(other)}{before.path}"
                        found[Ended(chain[0].path, chain[0].id, before.id, source)] = None
    return list(found)


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
