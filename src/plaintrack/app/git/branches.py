"""How items differ on other branches, and branches for items; fetches nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from plaintrack.app.snapshot.review import Reviewed, paths, reviewed
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.model import ids
from plaintrack.model.task import Task
from plaintrack.text.format import slug


class Seen(NamedTuple):
    """One item as branches that stand at one commit have it, since the merge base with HEAD."""

    item: Reviewed
    branches: tuple[str, ...]
    commit: str

    @property
    def state(self) -> str:
        """Its status there; ``deleted`` if it is gone."""
        if self.item.new is None and self.item.old is not None:
            return "deleted"
        return self.item.new.text("status") if self.item.new else ""


class Switched(NamedTuple):
    """The branch of an item that was switched to, and whether it was made for that."""

    branch: str
    made: bool


def switch(workspace: Workspace, name: str, dry: bool = False) -> Switched | None:
    """Switch to the branch of the item that ``name`` names; None if it is the current one. What is
    not committed comes along, as with `git switch`; raises Refused.
    """
    from plaintrack.app.git.commit import told
    from plaintrack.app.snapshot import find

    branch = branch_name(find.load(workspace, find.locate(workspace, name)))
    if workspace.repo.branch == branch:
        return None
    if dry:
        return Switched(branch, False)
    with told(workspace):
        made, said = workspace.repo.switch(branch)
    for line in said:
        workspace.notice(f"  {line}")
    return Switched(branch, made)


def seen(workspace: Workspace, wanted: Sequence[str] = ()) -> list[Seen]:
    """The items (those ``wanted``, else all) that other branches changed and have other than HEAD,
    by id, then branch.

    Raises UnknownId for an item that is neither here nor there, NoGit.
    """
    repo = workspace.repo
    head = repo.here
    tips: dict[str, list[str]] = {}
    for name, commit in repo.branches(head):
        tips.setdefault(commit, []).append(name)
    where = paths(workspace, *tips)
    bases = {tip: repo.base(head, tip) for tip in tips}
    clone = " in this shallow clone" if repo.shallow else ""
    for tip, base in bases.items():
        if base is None:
            workspace.notice(f"{tips[tip][0]} shares no history with HEAD{clone}")
    pairs = [f"{tip} {base}" for tip, base in bases.items() if base]
    differing = {
        tip: {entry.path for entry in entries}
        for tip, entries in repo.changes([f"{tip} {head}" for tip in bases], where)
    }
    found = []
    for tip, entries in repo.changes(pairs, where):
        # The others are here already, picked or squashed.
        mine = [entry for entry in entries if entry.path in differing.get(tip, ())]
        names = tuple(sorted(tips[tip]))
        found += [Seen(item, names, tip) for item in reviewed(workspace, mine, tip)]
    if wanted:
        ids = {_resolved(workspace, word, found).lower() for word in wanted}
        found = [each for each in found if each.item.id.lower() in ids]
    return sorted(found, key=lambda each: (each.item.id.lower(), each.item.path, each.branches))


def _resolved(workspace: Workspace, word: str, found: list[Seen]) -> str:
    from plaintrack.app.snapshot import find

    try:
        return find.resolve(workspace, word)
    except (ids.UnknownId, find.BrokenItem):
        return ids.resolve(word, sorted({each.item.id for each in found if each.item.id}))


def branch_name(task: Task) -> str:
    """The branch for work on an item: its id and the words of its title."""
    return "-".join(part for part in (task.id, slug(task.text("title"))) if part)
