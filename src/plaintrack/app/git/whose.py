"""Who made the two sides of a merge that git has not finished what they are."""

from typing import NamedTuple

from plaintrack.app.snapshot.people import person
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.store.refusals import GitFailed, NoGit

_OTHERS = ("MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")


class Whose(NamedTuple):
    """Who changed a file on our side, and on theirs, since they parted; the latest first."""

    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


def whose(workspace: Workspace, path: str) -> Whose:
    """Who changed a file on both sides; no one where git is not in the midst of a merge."""
    try:
        repo = workspace.repo
        head = repo.find("HEAD")
        other = next(filter(None, map(repo.find, _OTHERS)), None)
        base = repo.base(head, other) if head and other else None
        if not head or not other or not base:
            return Whose()
        return Whose(*(_authors(workspace, f"{base}..{side}", path) for side in (head, other)))
    except (NoGit, GitFailed):
        return Whose()


def _authors(workspace: Workspace, span: str, path: str) -> tuple[str, ...]:
    out = workspace.repo.ask("log", "--no-show-signature", "--format=%an%x00%ae", span, "--", path)
    pairs = [line.partition("\0") for line in out.decode("utf-8", "replace").splitlines()]
    return tuple(dict.fromkeys(person(workspace, name, email) for name, _, email in pairs))
