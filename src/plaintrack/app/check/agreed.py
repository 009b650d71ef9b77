"""What is wrong with the approvals of a snapshot, and whether a change proves those it brings."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from plaintrack.app.snapshot import approvals, find
from plaintrack.app.snapshot.people import me, person
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.work import Agreed, Unapproved
from plaintrack.errors import PlaintrackError
from plaintrack.model.approval import Need, Verdict
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task, fields_of, fold
from plaintrack.store import files
from plaintrack.store.commits import Commit, Entry
from plaintrack.store.converted import converted
from plaintrack.store.repo import Repo
from plaintrack.text.parse import parse

Proof = Callable[[Snapshot, Sequence[tuple[Verdict, str]]], Sequence[tuple[str, str, str]]]
"""Which of these verdicts on items (by id) a change does not prove: path, id and why."""


class Change(NamedTuple):
    """The commits in which verdicts are judged: those of ``two`` (None: up to the work tree) that
    ``one`` does not have; ``staged``: up to what is staged.
    """

    workspace: Workspace
    one: str
    two: str | None
    staged: bool


def agreed(
    snapshot: Snapshot,
    focus: frozenset[str] | None,
    proof: Proof | None,
    earlier: Callable[[], Snapshot] | None = None,
) -> Agreed:
    """What is wrong with approvals; ``focus``: of the items at these paths, or whose verdicts lie
    there. ``earlier`` gives what was there before the change.
    """
    room = approvals.folder(snapshot)
    touched = _touched(room, focus)
    tasks = list(_tasks(snapshot, focus, touched))
    broken: list[Problem] = []
    void: list[tuple[str, str, str]] = []
    brought: list[tuple[Verdict, str]] = []
    for task in tasks:
        given = approvals.verdicts(snapshot, task)
        if not given:
            continue
        stands = approvals.stands(snapshot, task)
        broken += [each.problem for each in stands.broken if each.problem]
        brought += [(each, task.id) for each in given if not each.problem]
        if not snapshot.schema.closed(task.text("status")):
            again = {fold(each.by) for each in (*stands.valid, *stands.rejected)}
            void += [
                (task.path, task.id, each.by)
                for each in stands.void
                if each.approved and fold(each.by) not in again
            ]
    unproven: Sequence[tuple[str, str, str]] = ()
    if proof is not None and focus is not None:
        mine = [each for each in brought if each[0].path in focus]
        unproven = proof(snapshot, mine) if mine else ()
    missing = list(_missing(snapshot, focus, touched, earlier))
    return Agreed(missing, void, broken, unproven)


def _touched(room: str, focus: frozenset[str] | None) -> frozenset[str]:
    """The folded ids in the folders of verdicts among the paths in focus."""
    return frozenset(
        fold(path[len(room) + 1 :].partition("/")[0])
        for path in focus or ()
        if path.startswith(f"{room}/")
    )


def _tasks(
    snapshot: Snapshot, focus: frozenset[str] | None, touched: frozenset[str]
) -> Iterator[Task]:
    """The items that may have verdicts: those in focus, or all that have a folder of them."""
    from plaintrack.store.index import ask

    if focus is None:
        yield from approvals.decided(snapshot)
        return
    former = approvals.former(snapshot)
    for path, item in ask.named(snapshot.index.connection):
        called = {fold(item), *map(fold, former.get(fold(item), ()))}
        if called & touched or path in focus:
            yield find.load(snapshot, path)


def _missing(
    snapshot: Snapshot,
    focus: frozenset[str] | None,
    touched: frozenset[str],
    earlier: Callable[[], Snapshot] | None,
) -> Iterator[Unapproved]:
    lacking: dict[str, Unapproved] = {}
    for need in approvals.needs(snapshot):
        try:
            concerned = approvals.concerned(snapshot, need)
        except PlaintrackError:
            continue  # that the query cannot be used is a finding of its own
        for path, item in concerned:
            if focus is not None and path not in focus and fold(item) not in touched:
                continue
            task = find.load(snapshot, path)
            status = task.text("status")
            if not approvals.reaches(snapshot, need, status):
                continue
            if approvals.let_be(need, task) and not _reached(need, task, earlier):
                continue
            lacks = approvals.lacks(snapshot, need, task, approvals.stands(snapshot, task))
            before = lacking[path].lacks if path in lacking else ()
            if lacks:
                every = tuple(dict.fromkeys((*before, *lacks)))
                lacking[path] = Unapproved(path, item, status, every)
    yield from lacking.values()


def _reached(need: Need, task: Task, earlier: Callable[[], Snapshot] | None) -> bool:
    """Whether a change brought an item where the need holds it back: a day that it writes into
    ``closed`` does not count then.
    """
    from plaintrack.store.index import ask

    if earlier is None:
        return False
    before = earlier()
    ids = (task.id, *task.many("formerly"))
    known = [each for one in ids for each in ask.data(before.index.connection, one)]
    return bool(known) and not any(
        approvals.reaches(before, need, str(fields_of(each).get("status", ""))) for each in known
    )


def unproven(
    change: Change, snapshot: Snapshot, brought: Sequence[tuple[Verdict, str]]
) -> list[tuple[str, str, str]]:
    """Which verdicts that a change brings are not proven by its commits: path, id and why."""
    workspace = change.workspace
    repo = workspace.repo
    tip = change.two or repo.here
    commits = {each.hash: each for each in repo.commits(tip, [change.one])}
    room = approvals.folder(snapshot)
    writes: dict[str, tuple[Commit, list[Entry]]] = {}
    for name, entries in repo.changes(list(commits), [room, *snapshot.tops]):
        for entry in entries:
            if entry.new and entry.path.startswith(f"{room}/"):
                writes[entry.path] = commits[name], entries
    found = []
    for verdict, item in brought:
        there = writes.get(verdict.path)
        if there is None:
            why = _uncommitted(workspace, verdict)
        else:
            why = _committed(snapshot, repo, verdict, item, *there)
        if why:
            found.append((verdict.path, item, why))
    return found


def _uncommitted(workspace: Workspace, verdict: Verdict) -> str:
    """Why a verdict in the work tree is not the user's; empty if it is."""
    mine = me(workspace)
    if fold(verdict.by) in map(fold, mine):
        return ""
    return f"it is in the name of {verdict.by}, who has not committed it"


def _committed(
    snapshot: Snapshot,
    repo: Repo,
    verdict: Verdict,
    item: str,
    commit: Commit,
    entries: list[Entry],
) -> str:
    """Why a commit does not prove a verdict; empty if it does."""
    who = person(snapshot, commit.author, commit.email)
    if not is_by(snapshot, verdict.by, commit.author, commit.email):
        if snapshot.settings.approvals["signed"] and len(entries) > 1:
            return (
                f"it came in the commit {commit.hash[:9]} by {who}, which squashes it with other"
                f" work: the signature of {verdict.by} is lost"
            )
        return f"it is in the name of {verdict.by}, and was committed by {who}"
    if _changes_content(snapshot, repo, item, entries):
        return f"it came in the commit {commit.hash[:9]}, which changes what it is on"
    if snapshot.settings.approvals["signed"]:
        return unsigned(snapshot, repo, verdict.by, commit)
    return ""


def is_by(snapshot: Snapshot, handle: str, author: str, email: str) -> bool:
    """Whether a commit is by a person: by an address where the person has any."""
    known = snapshot.staff.people.get(fold(handle))
    if known is not None and known.emails:
        return fold(email) in map(fold, known.emails)
    return fold(handle) in (fold(author), fold(email), fold(email.partition("@")[0]))


def _changes_content(snapshot: Snapshot, repo: Repo, item: str, entries: list[Entry]) -> bool:
    """Whether a commit changes what a verdict on the item is on."""
    mine = [entry for entry in entries if entry.new and snapshot.is_item(entry.path)]
    wanted = {(blob, entry.path) for entry in mine for blob in (*entry.old, entry.new) if blob}
    if not wanted:
        return False
    blobs = converted(repo, sorted(wanted), files.LARGEST + 1)

    def digest(blob: str, path: str) -> str:
        task = parse(path, blobs.get((blob, path), b""), snapshot.schema)
        return approvals.digest(snapshot, task) if fold(task.id) == fold(item) else ""

    for entry in mine:
        now = digest(entry.new, entry.path)
        if now and all(not old or digest(old, entry.path) != now for old in entry.old):
            return True
    return False


def unsigned(snapshot: Snapshot, repo: Repo, handle: str, commit: Commit) -> str:
    """Why the signature of a commit is not that person's; empty if it is."""
    good, signer = repo.signed(commit.hash)
    if not good:
        return f"the commit {commit.hash[:9]} that brought it has no good signature"
    known = snapshot.staff.people.get(fold(handle))
    addresses = known.emails if known is not None else ()
    if addresses_of(signer).isdisjoint(map(fold, addresses)):
        return f"the commit {commit.hash[:9]} that brought it is signed by {signer}"
    return ""


def addresses_of(signer: str) -> frozenset[str]:
    """The folded addresses of a signer, as git tells it: that of an OpenPGP key stands in brackets
    behind a name, which may look like another; the principals of an SSH key are a list.
    """
    if signer.endswith(">"):
        return frozenset([fold(signer.rpartition("<")[2][:-1])])
    return frozenset(map(fold, signer.replace(",", " ").split()))
