"""Commits: exactly the changed item files, with a message made of what changed in them."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import NamedTuple

from plaintrack.app.snapshot.former import former, was_item
from plaintrack.app.snapshot.reported import by_report
from plaintrack.app.snapshot.review import Reviewed, grouped, reviewed
from plaintrack.app.snapshot.review import told as folders
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError, command
from plaintrack.model import ids
from plaintrack.store import files, place
from plaintrack.store.commits import Entry
from plaintrack.store.environment import index
from plaintrack.store.index import ask
from plaintrack.store.lock import exclusive
from plaintrack.store.plumbing import Plumbing
from plaintrack.store.repo import MANY, DetachedHead, GitUnderway, Refused

SUBJECT = 72
LISTED = 50
LEDGER = place.LEDGER
OWN = (place.SETTINGS, "templates", "automations")
"""What belongs to a workspace besides items and comments; committed by the first commit, and if it
is named.
"""


class NotOurs(PlaintrackError):
    """The path is not a part of the workspace."""

    slug = "not-ours"

    def __init__(self, word: str) -> None:
        super().__init__(
            f"{word} is neither an item nor a file of the workspace", "commit it with `git commit`"
        )


class MovedWorkspace(Refused):
    """The folder of the workspace was moved, and the move is not committed."""

    slug = "moved-workspace"

    def __init__(self, before: str) -> None:
        super().__init__(
            f"the workspace was moved here from {before}, and the move is not committed",
            "commit the move first, with git",
        )


class Unmerged(Refused):
    """Git waits for a conflict to be settled."""

    slug = "unmerged"

    def __init__(self, path: str, item: bool = False) -> None:
        how = (
            f"{command('conflicts')} shows both sides" if item else "resolve it, then `git add` it"
        )
        super().__init__(f"{path} has an unresolved conflict", how)


class ConflictMarkers(Refused):
    """A file that would be committed has conflict markers."""

    slug = "conflict-markers"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} has conflict markers",
            f"resolve the conflict; {command('conflicts')} shows both sides",
        )


class InsideCommit(Refused):
    """The command is run by a hook of the commit that is being made."""

    slug = "inside-commit"

    def __init__(self) -> None:
        super().__init__("git is already committing; this command runs in its hook")


class Plan(NamedTuple):
    """A commit to be: the workspace paths it takes in, its message, and whether it ends a merge."""

    paths: list[str]
    message: str
    merge: bool = False

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


def plan(workspace: Workspace, wanted: Sequence[str] = (), subject: str = "") -> Plan:
    """What a commit of the changed items would be; ``wanted`` narrows it to ids and paths,
    ``subject`` replaces the first line.

    Without changes the plan has no paths. In a merge it is the commit that ends it, if all is
    settled and nothing narrows it. Raises Refused if the repository or a file is in no state to be
    committed.
    """
    entries, others = _chosen(workspace, changed(workspace, folders(workspace)), wanted)
    fired = _fired(workspace)
    if not wanted:
        others = [
            *others, *_recorded(workspace), *_rooms(workspace), *_founding(workspace)
        ]  # fmt: skip
    if wanted:
        if any(workspace.settings.spoken(entry.path) for entry in entries):
            others += _rooms(workspace)
        owners = {each.lower() for each in _owners(workspace, entries).values()}
        fired = {
            path: about for path, about in fired.items() if about.get("item", "").lower() in owners
        }
    _tell(workspace)
    if workspace.repo.underway == "merge" and not wanted:
        return _merge(workspace, [*(entry.path for entry in entries), *others, *fired], subject)
    return _plan(workspace, entries, others, subject, fired)


def _merge(workspace: Workspace, changed: Sequence[str], subject: str) -> Plan:
    """The commit that ends a merge; raises Refused if a conflict is not settled."""
    from plaintrack.app.git.conflicts import find
    from plaintrack.app.git.staging import merge_message, unmerged

    for conflict in find(workspace):
        raise Unmerged(conflict.path, item=True)
    open_ = unmerged(workspace)
    for path in open_:
        if not workspace.is_item(path):
            raise Unmerged(path)
    found = list(dict.fromkeys([*changed, *open_]))
    _unmarked(workspace, found)
    return Plan(found, subject.strip() or merge_message(workspace), merge=True)


def _tell(workspace: Workspace, touched: Sequence[str] | None = None) -> None:
    """Give notice of changed items (those ``touched``, else all) in folders that are repositories
    of their own: they are not committed here.
    """
    for folder in _folders(workspace):
        if not os.path.lexists(workspace.path(f"{folder}/.git")):
            continue
        with suppress(PlaintrackError):
            count = _changed_inside(workspace, folder, touched)
            if count:
                items = "1 changed item is" if count == 1 else f"{count} changed items are"
                workspace.notice(
                    f"{items} in {folder}, a separate repository (a submodule):"
                    " commit there, with git"
                )


def _folders(workspace: Workspace) -> dict[str, None]:
    """The folders of items and those above them, each once."""
    folders: dict[str, None] = {}
    for path in ask.folders(workspace.index.connection):
        parts = path.split("/") if path else []
        for end in range(1, len(parts) + 1):
            folders["/".join(parts[:end])] = None
    return folders


def _changed_inside(workspace: Workspace, folder: str, touched: Sequence[str] | None) -> int:
    """How many items, of those ``touched``, are changed in a folder that is the top of another
    repository; 0 if it is none. Raises NoGit.
    """
    inner = Plumbing(workspace.path(folder))
    below = ["."]
    if touched is not None:
        below = [path[len(folder) + 1 :] for path in touched if path.startswith(f"{folder}/")]
    if not below or inner.repository.top != os.path.realpath(workspace.path(folder)):
        return 0
    differing = inner.diff(inner.head or inner.nothing, None, below)
    paths = {entry.path for entry in differing} | set(inner.untracked(below))
    return sum(workspace.is_item(f"{folder}/{path}") for path in paths)


def commit(workspace: Workspace, wanted: Sequence[str] = (), subject: str = "") -> tuple[str, Plan]:
    """Carry out the ``plan``; the new commit (empty: there was nothing to commit). Raises Refused,
    with files and index as they were.
    """
    with alone(workspace):
        return _carried_out(workspace, plan(workspace, wanted, subject))


def auto(workspace: Workspace, touched: Sequence[str], subject: str = "") -> str:
    """Commit what a command has written, as the setting ``commit: auto`` asks; ``subject`` replaces
    the first line. The commit; empty if something was in the way, which is told: the edits stay.
    """
    try:
        if index(place.repository(workspace.root)):
            raise InsideCommit
        with alone(workspace):
            if not workspace.repo.branch:
                raise DetachedHead
            where = touched if len(touched) <= LISTED else folders(workspace)
            mine = set(touched)
            entries = [entry for entry in changed(workspace, where) if entry.path in mine]
            fired = {path: about for path, about in _fired(workspace).items() if path in mine}
            others = [path for path in touched if workspace.settings.records(path)]
            if others:
                others = [path for path in _recorded(workspace) if path in set(others)]
            others += _reports(workspace, touched)
            if place.SETTINGS in touched:
                others += _rooms(workspace)
            founding = _founding(workspace)
            found = _plan(workspace, entries, others, subject, fired)
            made, _ = _carried_out(workspace, found)
        if made:
            workspace.notice(f"committed {made[:10]}")
            _uncommitted(workspace, founding)
        _tell(workspace, touched)
        return made
    except (PlaintrackError, OSError) as error:
        workspace.notice(
            f"not committed: {error.message if isinstance(error, PlaintrackError) else error}"
        )
    return ""


def _uncommitted(workspace: Workspace, founding: Sequence[str]) -> None:
    """Say what a clone lacks to be a workspace: only what a command has touched is committed."""
    if not founding:
        return
    more = f" and {len(founding) - 1} more" if len(founding) > 1 else ""
    verb = "are" if more else "is"
    workspace.notice(
        f"{place.SETTINGS}{more} {verb} not committed yet; {command('commit')} commits what makes a"
        " workspace"
    )


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """One plaintrack at a time moves HEAD; what was known of the repository is asked again."""
    lock = (
        exclusive(os.path.join(workspace.cache, "commit.lock"))
        if workspace.cache
        else nullcontext()
    )
    with lock:
        vars(workspace).pop("repo", None)
        yield


def everything(workspace: Workspace) -> str:
    """Commit all changed items; to be called under ``alone``."""
    return _carried_out(workspace, plan(workspace))[0]


def _plan(
    workspace: Workspace,
    entries: list[Entry],
    others: Sequence[str] = (),
    subject: str = "",
    fired: Mapping[str, Mapping[str, str]] | None = None,
) -> Plan:
    fired = fired or {}
    meant = dict.fromkeys(entry.path for entry in entries)
    others = [path for path in others if path not in meant]
    found = list(dict.fromkeys([*meant, *others, *fired]))
    _ready(workspace, found)
    names = sorted({about["rule"] for about in fired.values() if about.get("rule")})
    shown = entries
    if subject and len(entries) > MANY:  # items rather than what is said of them
        shown = sorted(entries, key=lambda each: not workspace.is_item(each.path))[:LISTED]
    items = _items(workspace, shown)
    more = len(entries) - len(shown)
    return Plan(found, _message(workspace, items, others, subject, names, more))


def _fired(workspace: Workspace) -> dict[str, dict[str, str]]:
    """Path → what it says, of every firing of the ledger that is not committed."""
    if not os.path.isdir(workspace.path(LEDGER)):
        return {}
    from plaintrack.text.nodes import BadYaml, mapping

    found = {}
    for entry in _differing(workspace, [LEDGER]):
        try:
            about = mapping(workspace.read(entry.path).decode("utf-8", "replace"), entry.path)
        except (OSError, files.Oddity, BadYaml):
            about = {}
        found[entry.path] = {name: each for name, each in about.items() if isinstance(each, str)}
    return found


def _carried_out(workspace: Workspace, plan: Plan) -> tuple[str, Plan]:
    if plan.merge:
        from plaintrack.app.git.staging import end

        with told(workspace):
            return end(workspace, plan.paths, plan.message), plan
    if not plan.paths:
        return "", plan
    with told(workspace):
        if not workspace.repo.branch:
            workspace.notice(
                "HEAD is detached: the commit is not on a branch; `git switch -c NAME` keeps it"
            )
        before = _held(workspace, plan.paths)
        made = workspace.repo.commit(plan.paths, plan.message)
        _follow(workspace, before)
        return made, plan


def _held(workspace: Workspace, found: Iterable[str]) -> dict[str, bytes]:
    """Path → what the file holds."""
    held = {}
    for path in found:
        with suppress(OSError, files.Oddity):
            held[path] = workspace.read_whole(path)
    return held


def _follow(workspace: Workspace, before: Mapping[str, bytes]) -> None:
    """Tell the journal what git's hooks, such as formatters, have made of the files: it does not
    keep `undo` from the command that wrote them.
    """
    for path, data in before.items():
        now = _held(workspace, (path,)).get(path, data)
        if now != data:
            from plaintrack.app.write.journal import Journal

            Journal(workspace.cache).follow(path, data, now)


def changed(workspace: Workspace, where: Sequence[str]) -> list[Entry]:
    """The items, comments, verdicts and status updates below ``where`` that are not as the last
    commit has them, each path once.
    """
    before = former(workspace)  # what was moved out of them is committed with where it went
    return [
        entry
        for entry in _differing(workspace, where)
        if was_item(workspace, before, entry.path)
        or workspace.settings.room(entry.path)
        or workspace.settings.spoken(entry.path)
    ]


@contextmanager
def told(workspace: Workspace) -> Iterator[None]:
    """Give notice of what git and its hooks said if they refuse."""
    try:
        yield
    except Refused as error:
        for line in error.said:
            workspace.notice(f"  {line}")
        raise


def _reports(workspace: Workspace, touched: Sequence[str]) -> list[str]:
    """The files that reports of rules wrote among those that a command has written."""
    folders = (*workspace.settings.tops, *workspace.settings.rooms.values(), *OWN)
    apart = [path for path in touched if not path.startswith(tuple(f"{each}/" for each in folders))]
    found = [path for path in apart if by_report(workspace, path)]
    return [entry.path for entry in _differing(workspace, found)] if found else []


def _recorded(workspace: Workspace) -> list[str]:
    """The changed files of time records, timesheets, verdicts, status updates and imports."""
    rooms = workspace.settings.rooms
    kept = ("time", "timesheets", "approvals", "updates", "imports")
    folders = [rooms[room] for room in kept if room in rooms]
    return [entry.path for entry in _differing(workspace, folders)] if folders else []


def _rooms(workspace: Workspace) -> list[str]:
    """The settings, if all that they have new is which folders records are in: no clone would read
    them without.
    """
    from plaintrack.app.write.room import only_rooms
    from plaintrack.store.converted import converted_at

    repo = workspace.repo
    if repo.head is None or not _differing(workspace, [place.SETTINGS]):
        return []
    before = converted_at(repo, repo.head, place.SETTINGS, files.LARGEST + 1)
    if before is None:
        return []
    alone = only_rooms(before, workspace.read(place.SETTINGS))
    if alone is False:
        workspace.notice(
            f"{place.SETTINGS} names folders of records that no clone reads without it, and has"
            " other changes, too: name it to commit it"
        )
    return [place.SETTINGS] if alone else []


def _founding(workspace: Workspace) -> list[str]:
    """What a workspace is made of, for the commit that is the first to have its settings: without
    them its items are plain files in every clone.
    """
    entries = _differing(workspace, [place.SETTINGS])
    if not any(entry.path == place.SETTINGS and not any(entry.old) for entry in entries):
        return []
    from plaintrack.app.git.setup import ATTRIBUTES
    from plaintrack.app.snapshot.documents import documents, index_path

    kept = [f"{folder}/.gitkeep" for folder in workspace.settings.folders]
    live = [path for path in documents(workspace) if path == index_path(workspace)]
    found = _differing(workspace, [*OWN, ATTRIBUTES, *kept, *live])
    if any(entry.path == ATTRIBUTES and any(entry.old) for entry in found):
        workspace.notice(f"{ATTRIBUTES} has changed, too: name it to commit it")
    return [entry.path for entry in found if not any(entry.old)]


def _differing(workspace: Workspace, where: Sequence[str]) -> list[Entry]:
    repo = workspace.repo
    entries = repo.diff(repo.head or repo.nothing, None, where)
    entries += [Entry(path, ("",), "0" * 40) for path in repo.untracked(where)]
    return list({entry.path: entry for entry in entries}.values())


def _ready(workspace: Workspace, found: Iterable[str]) -> None:
    """Raise Refused if git is in the middle of something, or a file has conflict markers."""
    repo = workspace.repo
    if repo.underway:
        raise GitUnderway(repo.underway)
    if repo.head and repo.home(repo.head) != repo.prefix:
        before = repo.home(repo.head) or "the top of the repository"
        raise MovedWorkspace(before)
    open_ = sorted(repo.unmerged())
    if open_:
        raise Unmerged(open_[0])
    _unmarked(workspace, found)


def _unmarked(workspace: Workspace, found: Iterable[str]) -> None:
    """Raise Refused if a file has conflict markers."""
    from plaintrack.text.document import conflict

    for path in found:
        try:
            text = workspace.read(path).decode("utf-8", "replace")
        except (FileNotFoundError, files.Oddity):
            continue
        if conflict(text) is not None:
            raise ConflictMarkers(path)


def _chosen(
    workspace: Workspace, entries: list[Entry], wanted: Sequence[str]
) -> tuple[list[Entry], list[str]]:
    """The entries that are meant, and the other changed files of the workspace that were named."""
    if not wanted:
        return entries, []
    owners: dict[str, str] = {}
    meant: set[str] = set()
    others: list[str] = []
    ours = folders(workspace)
    for word in wanted:
        path = os.path.relpath(os.path.abspath(word), workspace.root).replace(os.sep, "/")
        there = os.path.lexists(word)
        below = [entry.path for entry in entries if _is_below(entry.path, path)]
        if path.partition("/")[0] in OWN:
            others += [entry.path for entry in _differing(workspace, [path])]
        elif below:
            meant.update(below)
        elif (there or path in workspace.tops) and _related(path, ours):
            continue  # ours, with nothing changed
        elif not there:
            owners = owners or _owners(workspace, entries)
            item = _resolve(workspace, word, owners)
            meant.update(path for path, owner in owners.items() if owner.lower() == item.lower())
        elif path != "." or not os.path.isdir(word):
            raise NotOurs(word)
    return [entry for entry in entries if entry.path in meant], others


def _is_below(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(folder + "/")


def _related(path: str, folders: Iterable[str]) -> bool:
    """Whether a path is one of these folders, or lies in or above one."""
    return any(
        path == folder or path.startswith(f"{folder}/") or folder.startswith(f"{path}/")
        for folder in folders
    )


def _resolve(workspace: Workspace, word: str, owners: dict[str, str]) -> str:
    """The id that ``word`` names, also of an item that is gone."""
    from plaintrack.app.snapshot import find

    try:
        return find.resolve(workspace, word)
    except (ids.UnknownId, find.BrokenItem):
        gone = sorted(set(owners.values()) - {""})
        try:
            return ids.resolve(word, gone)
        except ids.UnknownId:
            pass
        raise


def _owners(workspace: Workspace, entries: list[Entry]) -> dict[str, str]:
    """Path → id of the item that it is about."""
    found = {entry.path: "" for entry in entries}
    for each in _items(workspace, entries):
        found.update(dict.fromkeys(_paths(each), each.id))
    return found


def _paths(item: Reviewed) -> set[str]:
    return {task.path for task in (item.old, item.new) if task} | {
        change.path for change in item.changes
    }


def _items(workspace: Workspace, entries: list[Entry]) -> list[Reviewed]:
    """What the entries are about, also those whose fields and body stay as they are: their
    formatting differs.
    """
    from plaintrack.text.parse import parse

    found = reviewed(workspace, entries)
    known = {path for each in found for path in _paths(each)}
    for entry in entries:
        if entry.path not in known and not workspace.settings.spoken(entry.path):
            try:
                task = parse(entry.path, workspace.read(entry.path), workspace.schema)
            except (FileNotFoundError, files.Oddity):
                continue
            found.append(Reviewed(task, task, ()))
    return found


def _message(
    workspace: Workspace,
    items: list[Reviewed],
    others: list[str],
    subject: str,
    rules: Sequence[str] = (),
    more: int = 0,
) -> str:
    """``more`` files are not looked into."""
    from plaintrack.text.closing import inert

    if items or others or not rules:
        whole = _subject(workspace, items, others)
    else:
        whole = _plain(f"rules: {', '.join(rules)}")
    given, given_trailers = _trailers(subject.strip())
    first = given or _cut(whole, SUBJECT)
    parts = [first if subject.strip() else inert(first)]

    lines = [_line(item) for item in items] + others
    if len(lines) > 1 or first != whole:
        listed = [f"* {inert(_cut(_plain(line), 200))}" for line in lines[:LISTED]]
        if more:
            listed.append(f"* … and {more} more files")
        elif len(lines) > LISTED:
            listed.append(f"* … and {len(lines) - LISTED} more")
        parts.append("\n".join(listed))

    named = [item.id for item in items if ids.acceptable(item.id) and not item.staff]
    trailers = [f"Item: {name}" for name in named[:LISTED]]
    trailers += [f"Rule: {inert(_plain(name))}" for name in rules[:LISTED]]
    trailers = list(dict.fromkeys([*trailers, *given_trailers]))
    if trailers:
        parts.append("\n".join(trailers))
    return "\n\n".join(parts) + "\n"


def _line(item: Reviewed) -> str:
    """An item and what happened to it."""
    return f"{_name(item)} {item.title}".strip() + f": {events(item, item.title != '')}"


def _trailers(message: str) -> tuple[str, list[str]]:
    """A message without its trailers, and these: git looks for them in the last paragraph only, so
    ours and the user's stand together.
    """
    text, gap, last = message.rpartition("\n\n")
    found = last.split("\n")
    if gap and all(
        re.match(r"[A-Za-z0-9-]+ ?: |[ \t]+\S|\(cherry picked from commit ", line) for line in found
    ):
        return text.rstrip(), found
    return message, []


def _subject(workspace: Workspace, items: list[Reviewed], others: list[str]) -> str:
    parts: list[str] = []
    if len(items) == 1:
        parts.append(f"{_name(items[0])}: {events(items[0])}")
    elif items:
        groups = grouped(items, workspace.schema)
        counts = ", ".join(f"{len(group)} {name.lower()}" for name, group in groups)
        parts.append(f"{len(items)} items: {counts}")
    if len(others) == 1:
        parts.append(others[0])
    elif others:
        parts.append(f"{len(others)} files of the workspace")
    subject = "; ".join(parts)
    return _plain(subject if items else f"{subject} changed")


def _name(item: Reviewed) -> str:
    return item.id or item.path


def events(item: Reviewed, titled: bool = False) -> str:
    """What happened to an item, in the words of the log; ``titled``: its title is told already."""
    stamps = {"closed"} if any(change.field == "status" for change in item.changes) else set()
    words = [
        change.kind if titled and change.kind in ("created", "deleted") else change.describe()
        for change in item.changes
        if change.field not in stamps
    ]
    return "; ".join(words) or "formatting"


def _plain(text: str) -> str:
    """``text`` on one line, without what a terminal could obey."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
