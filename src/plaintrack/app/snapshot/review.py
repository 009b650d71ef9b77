"""Compares two snapshots of the workspace: which items changed, how, and in the groups a reviewer
thinks in.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.app.snapshot import people
from plaintrack.app.snapshot.former import former, was_item
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.values import SPOKEN
from plaintrack.model.approval import VERDICTS, decided
from plaintrack.model.change import Change, compare, pairs
from plaintrack.model.fields import Schema
from plaintrack.model.task import Task
from plaintrack.model.update import reported
from plaintrack.store import files, place
from plaintrack.store.commits import Entry
from plaintrack.store.converted import converted
from plaintrack.store.place import COMMENTS
from plaintrack.store.refusals import NoCommonHistory, NoGit
from plaintrack.store.repo import Repo

if TYPE_CHECKING:
    from plaintrack.model.answer import Differing

PLANNING = frozenset(
    [
        "start",
        "due",
        "wait",
        "estimate",
        "remaining",
        "repeat",
        "priority",
        "rank",
        "project",
        "milestone",
        "parent",
        "goal",
        "depends_on",
    ]
)
FIRST = ("assignee", "due", "estimate", "priority", "parent", "project")
"""What is told of an item that was added."""
STAFF = "People and equipment"
GROUPS = (
    "Broken",
    "Closed",
    "Reopened",
    "Moved on",
    "Added",
    "Re-planned",
    "Re-assigned",
    "Edited",
    "Decided",
    "Reported",
    "Commented",
    "Moved",
    "Deleted",
    STAFF,
)


class Reviewed(NamedTuple):
    """One item that differs: what it was, what it is (None: not there), and what happened in
    between.
    """

    old: Task | None
    new: Task | None
    changes: tuple[Change, ...]

    @property
    def id(self) -> str:
        """Its id, or that of the item commented on; empty if it has none."""
        return next((task.id for task in (self.new, self.old) if task and task.id), "") or (
            self.changes[0].id if self.changes else ""
        )

    @property
    def path(self) -> str:
        """Where its file is, or was."""
        task = self.new or self.old
        return self.changes[0].path if task is None else task.path

    @property
    def title(self) -> str:
        """Its title, the present one if there is one; the name of a person."""
        name = "name" if self.staff else "title"
        return next((task.text(name) for task in (self.new, self.old) if task and task.fields), "")

    @property
    def staff(self) -> bool:
        """Whether it is no item, but a person or equipment: those have no title."""
        return any(
            task is not None and task.fields and "title" not in task.fields
            for task in (self.old, self.new)
        )


class Review(NamedTuple):
    """What differs between two snapshots: the Reviewed items by id, and whether the settings
    differ; ``old`` and ``new`` name the snapshots.
    """

    old: str
    new: str
    items: list[Reviewed]
    settings: bool


def paths(snapshot: Snapshot, *commits: str | None) -> list[str]:
    """The folders that hold items and comments, and those that did when the settings named others,
    as they may in ``commits``.
    """
    return [*snapshot.tops, COMMENTS, *former(snapshot, *commits)]


def reviewable(snapshot: Snapshot, *commits: str | None) -> list[str]:
    """As ``paths``, and the folders of people and equipment."""
    rooms = snapshot.settings.rooms
    staff = [rooms[room] for room in ("people", "equipment") if room in rooms]
    return [*paths(snapshot, *commits), *staff]


def told(snapshot: Snapshot, *commits: str | None) -> list[str]:
    """As ``reviewable``, and the folders of verdicts and status updates."""
    rooms = snapshot.settings.rooms
    return [*reviewable(snapshot, *commits), *(rooms[room] for room in SPOKEN if room in rooms)]


def review(snapshot: Snapshot, wanted: str = "", staged: bool = False) -> Review:
    """The review of ``A..B``, ``A...B`` (from their merge base), ``A`` (to the work tree) or,
    without one, of what is not committed.

    Raises UnknownRevision, NoGit.
    """
    repo = snapshot.repo
    one, two, names = sides(repo, wanted)
    other = two if two != repo.head else None
    where = [*told(snapshot, other), place.SETTINGS]
    entries = repo.diff(one, two, where, staged)
    changed = any(entry.path == place.SETTINGS for entry in entries)
    if changed and (more := [*told(snapshot, one, other), place.SETTINGS]) != where:
        # they may have named other folders
        where = more
        entries = repo.diff(one, two, where, staged)
    if two is None and not staged:
        names = (names[0], "work tree")
        entries += [Entry(path, ("",), "0" * len(one)) for path in repo.untracked(where)]
    elif staged:
        names = (names[0], "staged")
    mine = [each for each in entries if each.path != place.SETTINGS]
    found = reviewed(snapshot, mine, one if changed else None, other)
    return Review(*names, found, any(entry.path == place.SETTINGS for entry in entries))


def sides(repo: Repo, wanted: str) -> tuple[str, str | None, tuple[str, str]]:
    """What ``A..B``, ``A...B``, ``A`` or nothing compares: (tree before, tree after or None: the
    work tree, their names).

    Raises UnknownRevision, NoGit.
    """
    if not wanted:
        return repo.head or repo.nothing, None, ("HEAD" if repo.head else "nothing", "")
    for dots in ("...", ".."):
        left, found, right = wanted.partition(dots)
        if found:
            left, right = left or "HEAD", right or "HEAD"
            one, two = repo.resolve(left), repo.resolve(right)
            if dots == "...":
                base = repo.base(one, two)
                if base is None:
                    raise NoCommonHistory(left, right)
                one = base
            return one, two, (left, right)
    return repo.resolve(wanted), None, (wanted, "")


def reviewed(snapshot: Snapshot, entries: list[Entry], *commits: str | None) -> list[Reviewed]:
    """The items that the Entries of a diff are about, by id, then path; ``commits`` may name other
    folders of items.
    """
    return paired(snapshot.schema, *parsed(snapshot, entries, *commits))


def parsed(
    snapshot: Snapshot, entries: list[Entry], *commits: str | None
) -> tuple[list[Task], list[Task], list[Reviewed]]:
    """The items before and after that the Entries of a diff are about, and what stands for itself:
    comments, people and equipment.
    """
    repo = snapshot.repo
    settings = snapshot.settings
    folders = former(snapshot, *commits)
    mine = [
        entry
        for entry in entries
        if was_item(snapshot, folders, entry.path)
        or settings.room(entry.path)
        or settings.spoken(entry.path)
    ]
    blobs = (
        (blob, entry.path)
        for entry in mine
        for blob in (entry.old[0], entry.new)
        if blob.strip("0")
    )
    contents = converted(repo, blobs, files.LARGEST + 1)
    old, new, comments = [], [], []
    moved = _moved(snapshot, mine, contents)
    for entry in mine:
        both = [_bytes(snapshot, entry.path, blob, contents) for blob in (entry.old[0], entry.new)]
        before, after = (
            None if data is None else people.parsed(settings, entry.path, data) for data in both
        )
        if settings.room(entry.path):
            changes = compare(before, after, people.schema_for(settings, entry.path).lists)
            comments += [Reviewed(before, after, changes)] if changes else []
            continue
        spoken = settings.spoken(entry.path)
        if spoken:
            read = decided if spoken == "approvals" else reported
            comments += [Reviewed(None, None, (each,)) for each in read(entry.path, before, after)]
            continue
        if entry.path.startswith(COMMENTS + "/"):
            if entry.path in moved:
                continue
            comments.append(Reviewed(None, None, (_comment(entry.path, before, after),)))
            continue
        old += [before] if before else []
        new += [after] if after else []
    return old, new, comments


def _moved(
    snapshot: Snapshot, entries: list[Entry], contents: dict[tuple[str, str], bytes]
) -> set[str]:
    """The paths, before and after, of comments that went along with an item to its new id: nothing
    was said.
    """
    spoken = [
        entry
        for entry in entries
        if entry.path.startswith(COMMENTS + "/") and not (entry.old[0] and entry.new)
    ]
    gone = {
        (_name(each), contents.get((each.old[0], each.path))): each.path
        for each in spoken
        if each.old[0]
    }
    found = set()
    for entry in spoken if gone else ():
        if entry.new:
            before = gone.get((_name(entry), _bytes(snapshot, entry.path, entry.new, contents)))
            found |= {before, entry.path} if before else set()
    return found


def _name(entry: Entry) -> str:
    return entry.path.rpartition("/")[2]


def paired(
    schema: Schema, old: list[Task], new: list[Task], comments: list[Reviewed]
) -> list[Reviewed]:
    """The items that differ, by id, then path, each with its comments."""
    lists = schema.lists
    found = [
        Reviewed(before, after, compare(before, after, lists)) for before, after in pairs(old, new)
    ]
    return sorted(
        _joined([each for each in found if each.changes], comments),
        key=lambda each: (each.id.lower(), each.path),
    )


def _joined(items: list[Reviewed], comments: list[Reviewed]) -> list[Reviewed]:
    """Each comment with its item, if that differs too."""
    by_id = {each.id.lower(): number for number, each in enumerate(items)}
    for comment in comments:
        number = by_id.setdefault(comment.id.lower(), len(items))
        if number == len(items):
            items.append(comment)
        else:
            items[number] = items[number]._replace(
                changes=(*items[number].changes, *comment.changes)
            )
    return items


def _bytes(
    snapshot: Snapshot, path: str, blob: str, contents: dict[tuple[str, str], bytes]
) -> bytes | None:
    if not blob:
        return None
    if blob.strip("0"):
        return contents.get((blob, path))
    try:
        return snapshot.read(path)
    except (FileNotFoundError, files.Oddity):
        return None


def _comment(path: str, before: Task | None, after: Task | None) -> Change:
    from plaintrack.text.comment import said

    old, new = said(before), said(after)
    return Change(path.split("/")[1], path, "commented", old=old, new=new)


def grouped(items: Iterable[Reviewed], schema: Schema) -> list[tuple[str, list[Reviewed]]]:
    """The items in the groups of GROUPS; each is in one, that of the weightiest thing that happened
    to it.
    """
    found: dict[str, list[Reviewed]] = {}
    for each in items:
        found.setdefault(group(each, schema), []).append(each)
    return [(name, found[name]) for name in GROUPS if name in found]


def differing(snapshot: Snapshot, found: Review) -> list[tuple[str, list["Differing"]]]:
    """The groups of a review with what is told of each item."""
    from plaintrack.app.snapshot import answers

    titles = answers.titles(snapshot)
    return [
        (name, [_differing(each, titles) for each in items])
        for name, items in grouped(found.items, snapshot.schema)
    ]


def _differing(item: Reviewed, titles: Mapping[str, str]) -> "Differing":
    from plaintrack.model.answer import Differing

    title = item.title or titles.get(item.id.lower(), "")
    added = item.old is None and item.new is not None and not item.staff
    facts = [(name, item.new.text(name)) for name in FIRST] if added and item.new else []
    told = tuple((name, text) for name, text in facts if text)
    return Differing(item.id, title, item.path if item.new else "", item.changes, told)


def group(item: Reviewed, schema: Schema) -> str:
    """The group an item belongs to."""
    if item.staff:
        return STAFF
    old, new = item.old, item.new
    kinds = {change.kind for change in item.changes}
    fields = {change.field for change in item.changes}
    if "broken" in kinds or (new is not None and not new.fields):
        return "Broken"
    if old is not None and new is None:
        return "Deleted"
    if new is not None and old is None:
        return "Added"
    if old is not None and new is not None and "status" in fields:
        return _moved_on(schema, old, new)
    if fields & PLANNING:
        return "Re-planned"
    if "assignee" in fields:
        return "Re-assigned"
    if kinds & {*VERDICTS, "withdrawn"}:
        return "Decided"
    if "updated" in kinds:
        return "Reported"
    if kinds == {"commented"}:
        return "Commented"
    if kinds == {"moved"}:
        return "Moved"
    return "Edited"


def _moved_on(schema: Schema, old: Task, new: Task) -> str:
    """The group of an item with another status."""
    closed = schema.closed(new.text("status"))
    if closed == schema.closed(old.text("status")):
        return "Moved on"
    return "Closed" if closed else "Reopened"


def mine(snapshot: Snapshot) -> list[Reviewed]:
    """What is not committed yet; nothing without git."""
    try:
        return review(snapshot).items
    except NoGit as error:
        snapshot.miss(error)
        return []
