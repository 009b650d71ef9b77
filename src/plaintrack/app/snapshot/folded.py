"""Folds history into a Series, once: only commits that are new are looked at again."""

import os
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from plaintrack.app.snapshot.former import former
from plaintrack.app.snapshot.history import history
from plaintrack.app.snapshot.settings import understood
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.values import holds
from plaintrack.errors import PlaintrackError
from plaintrack.flow.series import Series, key_of, made
from plaintrack.model.change import Change, pairs
from plaintrack.model.task import Task, fold
from plaintrack.store import files, place
from plaintrack.store.commits import Commit
from plaintrack.store.digest import digest
from plaintrack.store.index.database import Database
from plaintrack.store.index.folded import Folded, Raw
from plaintrack.store.index.history import History, Look
from plaintrack.store.refusals import GitFailed

INITIAL = "initial"
FEW = 500
"""New commits up to which each is looked up; beyond that all of history is read."""
FORMAT = 1
"""Of the steps; another number folds all again."""


class NoSuchBranch(PlaintrackError):
    """The branch that the settings name is not here."""

    slug = "no-metrics-branch"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"plaintrack.yml: metrics.branch: there is no branch {name!r}",
            "fetch it, or leave the setting out: then the present branch counts",
        )


def tip(snapshot: Snapshot) -> str:
    """The commit that the line ends with."""
    branch = snapshot.settings.metrics["branch"]
    if not branch or snapshot.worktree is None:
        return snapshot.tip
    for name in (branch, f"origin/{branch}"):
        found = snapshot.repo.find(name)
        if found is not None:
            return found
    raise NoSuchBranch(branch)


def series(snapshot: Snapshot, tip: str = "") -> Series:
    """The Series of the first-parent line that ends with a commit, the snapshot's without one;
    raises NoGit.
    """
    tip = tip or snapshot.tip
    folded = _folded(snapshot, tip)
    end = folded.find(tip)
    assert end is not None
    return made(list(folded.lives()), folded.workflows(), end, folded.time(0), folded.time(end))


def line(snapshot: Snapshot) -> list[tuple[str, int]]:
    """Commit and time (Unix seconds) of each position of the line that ends with the snapshot's
    commit.
    """
    folded = _folded(snapshot, snapshot.tip)
    return folded.line()[: (folded.find(snapshot.tip) or 0) + 1]


def _folded(snapshot: Snapshot, tip: str) -> Folded:
    """What became of items up to a commit, and maybe further."""
    folded = Folded(Database(snapshot.cache, _key(snapshot), "flow"))
    if folded.find(tip) is None:
        folded.write(partial(_bring, snapshot, folded, tip))
    return folded


def _key(snapshot: Snapshot) -> str:
    """What the steps depend on beside the commits."""
    schema, repo = snapshot.schema, snapshot.repo
    fields = [(field.name, field.key, field.kind, field.many) for field in schema.fields.values()]
    folders = (snapshot.settings.folders, snapshot.settings.archive)
    parts = (FORMAT, fields, schema.named, folders, snapshot.settings.rooms, *_renamed(snapshot))
    return digest(repr((*parts, repo.ancestry, repo.trail)).encode()).hex()


def _renamed(snapshot: Snapshot) -> tuple[bytes, ...]:
    """The `.mailmap` by which git tells the names of authors, if there is one."""
    try:
        return (files.read(os.path.join(snapshot.repo.repository.top, ".mailmap")),)
    except (OSError, PlaintrackError):
        return ()


def _bring(snapshot: Snapshot, folded: Folded, tip: str) -> None:
    """Bring the lives up to a commit."""
    if folded.find(tip) is not None:  # another process did
        return
    commits = _new(snapshot, folded, tip)
    known = {commit.hash: commit for commit in commits}
    line: list[Commit] = []
    at: str | None = tip
    while at in known and folded.find(at) is None:  # a shallow clone ends somewhere
        line.append(known[at])
        at = next(iter(known[at].parents), None)
    base = folded.find(at) if at is not None else None
    folded.cut(-1 if base is None else base, key_of)
    _Fold(snapshot, folded, commits, line[::-1], -1 if base is None else base).run()


def _new(snapshot: Snapshot, folded: Folded, tip: str) -> list[Commit]:
    """The commits that the line may have new, parents before children: those that the last one
    known does not reach, if the new line begins there; else all.
    """
    repo, last = snapshot.repo, folded.tip
    if last:
        try:
            found = list(repo.commits(tip, [last]))
        except GitFailed:  # thrown away since
            found = []
        known = {commit.hash: commit for commit in found}
        at = tip
        while at in known and known[at].parents:
            at = known[at].parents[0]
        if found and folded.find(at) is not None:
            return found
    return list(repo.commits(tip))


class _Side(NamedTuple):
    """What a merged branch did to an item: its steps, and who made the last, and when."""

    steps: list[Raw]
    authored: int
    who: str


class _Fold:
    """The new commits of a line, made into steps."""

    def __init__(
        self,
        snapshot: Snapshot,
        folded: Folded,
        commits: Sequence[Commit],
        line: Sequence[Commit],
        base: int,
    ) -> None:
        """``commits`` are all that are new, ``line`` those on the line, ``base`` the position that
        they come after.
        """
        self.snapshot, self.folded, self.line, self.base = snapshot, folded, line, base
        self.commits = {commit.hash: commit for commit in commits}
        self.history: History = history(snapshot, line[-1].hash)
        self.lives: dict[str, list[Raw]] = {}
        self.fields: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()
        self.tops = (*snapshot.tops, *former(snapshot))
        self.changes = self._changes()
        self.order = {commit.hash: number for number, commit in enumerate(commits)}

    def run(self) -> None:
        """Write the steps and the line."""
        landed = self.folded.time(self.base)
        rows = []
        merged = self._merged()
        nets = self._nets()
        times = []
        for number, commit in enumerate(self.line, self.base + 1):
            landed = max(landed, commit.time)
            times.append(landed)
            rows.append((number, commit.hash, landed))
            if commit.hash in nets or len(commit.parents) > 1:
                self._merge(commit, number, landed, merged.get(commit.hash, ()), nets)
            else:
                self._plain(commit, number, landed)
        self.folded.extend(rows)
        self._workflows(times)
        for item in self.gone - self.lives.keys():
            self.folded.drop(item)
        for item, steps in self.lives.items():
            if steps:
                self.folded.keep(item, steps)

    def _changes(self) -> dict[str, list[Change]]:
        """Commit → what it changed of items, in the order of history."""
        few = list(self.commits) if len(self.commits) <= FEW else None
        found: dict[str, list[Change]] = {}
        for event in self.history.events(Look(initial=True, commits=few)):
            if event.commit in self.commits and self._item(event.change.path):
                found.setdefault(event.commit, []).append(event.change)
        for changes in found.values():  # the fields of a new item come before it
            changes.sort(key=lambda change: change.kind != "created")
        return found

    def _item(self, path: str) -> bool:
        settings = self.snapshot.settings
        return (
            holds(self.tops, path)
            and path.rpartition("/")[2] not in settings.ignore
            and not settings.in_room(path)
        )

    def _merged(self) -> dict[str, list[Commit]]:
        """Merge of the line → the commits that came with it, parents before children."""
        taken = {commit.hash for commit in self.line}
        found: dict[str, list[Commit]] = {}
        for commit in self.line:
            waiting = list(commit.parents[1:])
            mine = []
            while waiting:
                at = waiting.pop()
                if at in taken or at not in self.commits:
                    continue
                taken.add(at)
                mine.append(self.commits[at])
                waiting += self.commits[at].parents
            if mine:
                found[commit.hash] = sorted(mine, key=lambda each: self.order[each.hash])
        return found

    def _nets(self) -> dict[str, list[tuple[Task | None, Task | None]]]:
        """Merge of the line → the items that differ from its first parent, before and after."""
        asked = [
            f"{commit.hash} {commit.parents[0]}" for commit in self.line if len(commit.parents) > 1
        ]
        if not asked:
            return {}
        found = {}
        for commit, entries in self.snapshot.repo.changes(asked, self.tops):
            mine = [entry for entry in entries if self._item(entry.path)]
            old = [(entry.path, entry.old[0]) for entry in mine if entry.old[0]]
            new = [(entry.path, entry.new) for entry in mine if entry.new]
            found[commit.split()[0]] = pairs(self.history.tasks(old), self.history.tasks(new))
        return found

    # One commit of the line

    def _plain(self, commit: Commit, position: int, landed: int) -> None:
        """The steps of a commit with one parent."""
        about = (position, landed, _seconds(commit.date), _who(commit))
        changes = self.changes.get(commit.hash, [])
        self._rename(
            (fold(each.old), fold(each.new))
            for each in changes
            if each.field == "id" and each.kind == "set" and each.old
        )
        steps: dict[str, dict[str, Any]] = {}
        for change in changes:
            key = fold(change.id)
            if key:
                self._change(self._fields(key), steps.setdefault(key, {}), change)
        for key, step in steps.items():
            if step:
                self.lives[key].append([*about, step])

    def _change(self, fields: dict[str, Any], step: dict[str, Any], change: Change) -> None:
        """Apply a Change to the fields of an item, and note it in the step."""
        name = change.field
        match change.kind:
            case "created":
                fields.clear()
                step.clear()
                step["+"] = 1
                fields["id"] = step["id"] = change.id
            case "deleted":
                step["-"] = 1
            case "set" if not (name in self.history.lists and isinstance(fields.get(name), list)):
                fields[name] = step[name] = change.new or None
            case "initial" if name == "id":
                pass
            case "initial" if not (name in self.history.lists or name in step):
                fields[name] = step[name] = change.new
            case "initial" | "added":
                before = _list(fields.get(name)) if name in step or change.kind == "added" else []
                fields[name] = step[name] = [*before, change.new]
            case "removed":
                left = [each for each in _list(fields.get(name)) if each != change.old]
                fields[name] = left
                step[name] = left or None

    def _merge(
        self,
        commit: Commit,
        position: int,
        landed: int,
        came: Sequence[Commit],
        nets: dict[str, list[tuple[Task | None, Task | None]]],
    ) -> None:
        """The steps of a merge: what it changed against its first parent."""
        sides = self._sides(came, position)
        net = nets.get(commit.hash, [])
        self._rename(
            (fold(before.id), fold(after.id))
            for before, after in net
            if before and after and before.id and after.id and fold(before.id) != fold(after.id)
        )
        for before, after in net:
            key = fold((after or before).id) if after or before else ""  # type: ignore[union-attr]
            if not key and before:
                key = fold(before.id)
            if not key or (after is not None and not after.fields):
                continue  # it cannot be read: it is what it was
            step = self._net(key, after, before is None)
            if not step:
                continue
            side = sides.get(key)
            authored, who = (
                (side.authored, side.who) if side else (_seconds(commit.date), _who(commit))
            )
            self.lives[key] += side.steps if side else []
            self.lives[key].append([position, landed, authored, who, step])

    def _net(self, key: str, after: Task | None, fresh: bool) -> dict[str, Any]:
        """What brings the fields of an item to those of a Task; None: it is gone."""
        fields = self._fields(key)
        if after is None:
            return {"-": 1}
        wanted: dict[str, Any] = {"id": after.id}
        for name, value in after.fields.items():
            wanted[name] = list(value) if isinstance(value, tuple) else value
        there = bool(self.lives[key]) and "-" not in self.lives[key][-1][4]
        if fresh and not there:
            fields.clear()
            step: dict[str, Any] = {"+": 1, **wanted}
        else:
            step = {
                name: value
                for name, value in wanted.items()
                if _plain_value(fields.get(name)) != _plain_value(value)
            }
            step |= dict.fromkeys(name for name in fields if name not in wanted)
        fields.clear()
        fields.update(wanted)
        return step

    def _sides(self, came: Sequence[Commit], position: int) -> dict[str, _Side]:
        """Folded id → what the commits that came with a merge did: the statuses one after the
        other, by their authors' dates.
        """
        found: dict[str, _Side] = {}
        for commit in came:
            authored, who = _seconds(commit.date), _who(commit)
            for change in self.changes.get(commit.hash, ()):
                key = fold(change.id)
                if change.field == "id" and change.kind == "set" and fold(change.old) in found:
                    found[key] = found.pop(fold(change.old))
                side = found.get(key, _Side([], 0, ""))
                steps = side.steps
                about = [position, -1, authored, who]
                if change.kind == "created":
                    steps.append([*about, {"+": 1, "id": change.id}])
                elif change.field == "status" and change.kind in ("set", INITIAL):
                    steps.append([*about, {"status": change.new or None}])
                found[key] = _Side(steps, max(authored, side.authored), who)
        return found

    # Lives

    def _fields(self, key: str) -> dict[str, Any]:
        """The fields of an item as they are now; its steps are loaded with them."""
        if key not in self.fields:
            steps = [] if key in self.gone else self.folded.life(key)
            fields: dict[str, Any] = {}
            for _, landed, _, _, changes in steps:
                if landed < 0:
                    continue
                if "+" in changes:
                    fields.clear()
                fields.update((name, value) for name, value in changes.items() if name not in "+-")
            fields = {name: value for name, value in fields.items() if value is not None}
            self.lives[key], self.fields[key] = steps, fields
        return self.fields[key]

    def _rename(self, moves: Iterable[tuple[str, str]]) -> None:
        """Let items go by other ids, all at once: two may change places."""
        taken = []
        for old, new in moves:
            if old == new:
                continue
            fields = self._fields(old)
            taken.append((new, self.lives.pop(old), fields))
            del self.fields[old]
            self.gone.add(old)
        for new, steps, fields in taken:
            self.lives[new], self.fields[new] = steps, fields

    # Settings

    def _workflows(self, times: Sequence[int]) -> None:
        """Note where the settings say something else of statuses."""
        repo = self.snapshot.repo
        blobs = repo.blob_ids([(commit.hash, place.SETTINGS) for commit in self.line])
        known = self.folded.workflows()
        before = known[-1][2] if known else None
        contents: dict[str, bytes] = dict(repo.blobs(sorted({each for each in blobs if each})))
        read: dict[str, dict[str, str] | None] = {}
        last = ""
        for number, blob in enumerate(blobs):
            if blob == last or not blob:
                continue
            last = blob
            if blob not in read:
                settings = understood(contents[blob])[0] if blob in contents else None
                read[blob] = dict(settings.schema.statuses) if settings else None
            statuses = read[blob]
            if statuses is not None and statuses != before:
                before = statuses
                self.folded.adopt(self.base + 1 + number, times[number], statuses)


def _list(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def _plain_value(value: Any) -> Any:
    """A value as it is compared: a list of one is that one."""
    if isinstance(value, list | tuple):
        return value[0] if len(value) == 1 else list(value)
    return value


def _who(commit: Commit) -> str:
    return f"{commit.author}\t{commit.email}"


def _seconds(text: str) -> int:
    """Unix seconds of an ISO date with offset."""
    from datetime import datetime

    return int(datetime.fromisoformat(text).timestamp())
