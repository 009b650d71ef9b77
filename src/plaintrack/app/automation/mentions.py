"""Whom new text names with ``@``, as Changes that trigger rules."""

from collections.abc import Iterator, Mapping

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.change import Change
from plaintrack.model.task import Task, fold


def mentions(
    snapshot: Snapshot, item: str, before: Task | None, after: Task | None, apart: bool = False
) -> Iterator[Change]:
    """A Change for each person or group whom the text of a file names and did not before: that of
    the item itself, or (``apart``) of a comment on it or a status update.
    """
    if after is None or "@" not in after.body:
        return
    from plaintrack.text.mention import mentioned

    said = frozenset(mentioned(before.body)) if before else frozenset[str]()
    names = [each for each in mentioned(after.body) if each not in said]
    known = _known(snapshot) if names else {}
    for name in names:
        if name in known:
            yield Change(item, after.path, "mentioned", "apart" if apart else "", new=known[name])


def _known(snapshot: Snapshot) -> Mapping[str, str]:
    """Folded name → name of each person and group; where none are declared, of all who are
    assigned to or own something.
    """
    staff = snapshot.staff
    if staff.people or staff.teams:
        return {**{key: each.handle for key, each in staff.people.items()}, **staff.spelled}
    used = (*answers.used(snapshot, "assignee"), *answers.used(snapshot, "owner"))
    return {fold(each): each for each in used}
