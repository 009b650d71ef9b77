"""What an item has taken from another in a merge: git takes a new file for a removed one renamed,
where they look alike.

Only files that a parent of the merge does not have can be mistaken. A field of such an item that is
as in none of the parents, and that another item changed which this merge has lost, is that other
item's.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from plaintrack.app.snapshot import review
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.work import Taken
from plaintrack.model.task import Task
from plaintrack.store import files
from plaintrack.store.commits import Entry
from plaintrack.store.converted import converted, converted_at
from plaintrack.store.refusals import GitFailed, NoGit
from plaintrack.text.parse import parse

BODY = "body"


def taken(
    workspace: Workspace, since: str = "", until: str | None = None, staged: bool = False
) -> list[Taken]:
    """What the merges from ``since`` to ``until`` (None: to what is checked out) did; without
    ``since`` the last commit's.

    A merge that is in progress counts, too; with ``staged`` it is the only one. What was put right
    meanwhile is left out.
    """
    from plaintrack.store import place

    if place.git_folder(workspace.root) is None:
        return []
    try:
        found = (
            []
            if staged
            else [
                each
                for merge in _merges(workspace, since, until)
                for each in _of(workspace, *merge)
            ]
        )
        if until is None and workspace.repo.underway == "merge":
            found += _of(
                workspace,
                "",
                (workspace.repo.resolve("HEAD"), workspace.repo.resolve("MERGE_HEAD")),
            )
    except NoGit as error:
        workspace.miss(error)
        return []
    except GitFailed:
        return []
    return [each for each in found if _still(workspace, each, until)]


def _merges(
    workspace: Workspace, since: str, until: str | None
) -> list[tuple[str, tuple[str, ...]]]:
    """(merge, its parents) of the merges in which a file differs from all parents and is not in all
    of them.
    """
    repo = workspace.repo
    if not repo.head:
        return []
    found = dict(repo.merges(until or "HEAD", since))
    changes = repo.changes(list(found), review.paths(workspace)) if found else ()
    return [
        (commit, found[commit])
        for commit, entries in changes
        if any(entry.new and not all(entry.old) for entry in entries)
    ]


def _of(workspace: Workspace, merge: str, parents: Sequence[str]) -> list[Taken]:
    """What items have taken in one merge; an empty ``merge`` is what is staged."""
    paths = review.paths(workspace)
    sides = [
        _Side(
            workspace, parent, workspace.repo.diff(parent, merge or None, paths, staged=not merge)
        )
        for parent in parents
    ]
    suspects = set.intersection(
        *({path for path, entry in side.entries.items() if entry.new.strip("0")} for side in sides)
    )
    found = []
    for path in sorted(suspects):
        if any(not side.entries[path].old[0] for side in sides):
            blob = sides[0].entries[path].new
            item = sides[0].parsed({path: blob}).get(path)
            found += _compared(workspace, item, sides, merge) if item is not None else []
    return found


class _Side:
    """A parent of a merge, and what differs from it to the merge."""

    def __init__(self, workspace: Workspace, commit: str, entries: Sequence[Entry]) -> None:
        self.workspace, self.commit = workspace, commit
        self.entries = {entry.path: entry for entry in entries if workspace.followed(entry.path)}

    def parsed(self, blobs: dict[str, str]) -> dict[str, Task]:
        """The items (or comments) in blobs."""
        contents = converted(
            self.workspace.repo, [(blob, path) for path, blob in blobs.items()], files.LARGEST + 1
        )
        return {
            path: parse(path, data, self.workspace.schema) for (_, path), data in contents.items()
        }

    @cached_property
    def gone(self) -> dict[str, Task]:
        """Key → item of the files that the parent has and the merge does not."""
        blobs = {
            path: entry.old[0]
            for path, entry in self.entries.items()
            if entry.old[0] and not entry.new
        }
        return {_key(task): task for task in self.parsed(blobs).values()}

    @cached_property
    def come(self) -> set[str]:
        """The keys of the items in files that the merge has and the parent does not."""
        blobs = {
            path: entry.new
            for path, entry in self.entries.items()
            if not entry.old[0] and entry.new.strip("0")
        }
        return {_key(task) for task in self.parsed(blobs).values()}

    def own(self, path: str, key: str) -> Task | None:
        """The item as the parent has it, under this path or another."""
        blob = self.entries[path].old[0]
        here = self.parsed({path: blob}).get(path) if blob else None
        return here if here is not None and _key(here) == key else self.gone.get(key)


def _key(task: Task) -> str:
    return task.id.lower() or task.path


def _compared(workspace: Workspace, item: Task, sides: Sequence[_Side], merge: str) -> list[Taken]:
    """The fields of an item that are as in no parent, and that another item changed which the merge
    lost.
    """
    owns = [side.own(item.path, _key(item)) for side in sides]
    known = [own for own in owns if own is not None]
    if not known:
        return []
    fields = _odd_fields(item, known)
    lines = _lines(item).difference(*map(_lines, known))
    found: list[Taken] = []
    for other, before, source in _lost(workspace, sides, owns):
        if not fields and not lines:
            break
        theirs = [name for name in sorted(fields) if _has_changed(other, before, name)]
        fields -= set(theirs)
        texts = [(name, item.text(name), known[0].text(name)) for name in theirs]
        if lines & (_lines(other) - (_lines(before) if before else set())):
            texts.append((BODY, item.body, known[0].body))
            lines = set()
        whose = other.id or other.path
        found += [Taken(item.path, item.id, *each, whose, merge, source) for each in texts]
    return found


def _odd_fields(item: Task, known: Sequence[Task]) -> set[str]:
    """The fields of an item that are as in none of the parents."""
    names = {*item.fields, *(name for own in known for name in own.fields)}
    return {
        name
        for name in names
        if all(own.fields.get(name) != item.fields.get(name) for own in known)
    }


def _lines(task: Task) -> set[str]:
    return set(task.body.splitlines())


def _has_changed(other: Task, before: Task | None, name: str) -> bool:
    """Whether its side changed a field of another item."""
    return other.fields.get(name) != (before.fields.get(name) if before else None)


def _lost(
    workspace: Workspace, sides: Sequence[_Side], owns: Sequence[Task | None]
) -> Iterator[tuple[Task, Task | None, str]]:
    """The other items that the merge has lost from parents without the item: each as it was, as it
    was before its side changed it, and where it stood.
    """
    named = workspace.schema.named is not None
    known = [own for own in owns if own is not None]
    for side, own in zip(sides, owns, strict=True):
        gone = side.gone if own is None else {}
        for other in gone.values():
            if _key(other) in side.come:
                continue
            before = _before(workspace, other, side, sides)
            if not any(_renamed(before or other, each, named) for each in known):
                home = workspace.repo.home(side.commit)
                yield other, before, f"{side.commit[:10]}:{home}{other.path}"


def _renamed(before: Task, after: Task, named: bool) -> bool:
    """Whether two items are one that got another id; ``named``: ids are file names."""
    if named and any(
        before.text(name) and before.text(name) == after.text(name) for name in ("created", "title")
    ):
        return True
    one, two = ({**task.fields, "id": ""} for task in (before, after))
    return one == two and before.body == after.body


def _before(workspace: Workspace, other: Task, side: _Side, sides: Sequence[_Side]) -> Task | None:
    """The other item before its side changed it."""
    for each in sides:
        base = workspace.repo.base(side.commit, each.commit) if each is not side else None
        blob = workspace.repo.blob_ids([(base, other.path)])[0] if base else ""
        if blob:
            return side.parsed({other.path: blob}).get(other.path)
    return None


def _still(workspace: Workspace, each: Taken, until: str | None) -> bool:
    """Whether the item still has what it took."""
    now = _now(workspace, each, until)
    if now is None:
        return False
    return now.body == each.value if each.field == BODY else now.text(each.field) == each.value


def _now(workspace: Workspace, each: Taken, until: str | None) -> Task | None:
    try:
        data = (
            workspace.read(each.path)
            if until is None
            else converted_at(workspace.repo, until, each.path, files.LARGEST + 1)
        )
    except (OSError, files.Oddity):
        data = None
    return parse(each.path, data, workspace.schema) if data is not None else None
