"""Gives verdicts on items: each a file of its own, that names the content by its digest."""

from datetime import UTC, datetime, timedelta

from plaintrack.app.snapshot import approvals, find
from plaintrack.app.snapshot.people import me, members
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.room import room_for
from plaintrack.app.write.stamps import behind
from plaintrack.app.write.verb import verb
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.model.approval import Standing, Verdict
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.model.task import fold


class NotInRole(PlaintrackError):
    """The user is not in the group in whose name a verdict is to be given."""

    slug = "not-in-role"

    def __init__(self, who: str, role: str, hint: str) -> None:
        super().__init__(f"{who} is not in {role}", hint)


class NoOneKnown(PlaintrackError):
    """Git does not say who the user is, or no person here is that."""

    slug = "no-one-known"

    def __init__(self, who: str) -> None:
        what = f"{who} is no one of the people here" if who else "git does not know who you are"
        super().__init__(what, "set git's user.email to an address of your file among the people")


class NoReason(PlaintrackError):
    """A rejection says why."""

    slug = "no-reason"

    def __init__(self) -> None:
        super().__init__("a rejection needs a reason", "add -m TEXT")


def decide(
    workspace: Workspace,
    name: str,
    approved: bool,
    role: str = "",
    text: str = "",
    dry: bool = False,
) -> Done:
    """Approve or reject the item that ``name`` names, as it is now, in the user's name; with
    ``role`` in that of a group alone. Raises RoomNotNamed, NoOneKnown, NotInRole, NoReason.
    """
    path = find.locate(workspace, name)
    task = find.load(workspace, path)
    if not approved and not text.strip():
        raise NoReason
    who = _who(workspace)
    _check_role(workspace, who, role, task.id, approvals.owners(workspace, task))
    word, kind = ("approve", "approved") if approved else ("reject", "rejected")
    with verb(workspace, f"{word} {task.id}", dry) as work:
        task = find.load(workspace, path)
        content = approvals.digest(workspace, task)
        found = approvals.stands(workspace, task)
        same = found.valid if approved else found.rejected
        if any((fold(each.by), fold(each.role)) == (fold(who), fold(role)) for each in same):
            work.kept(task.id, path, f"{who} has {kind} {task.id} as it is already")
            return work.done()
        room = room_for(workspace, work.writer, "approvals")
        moment = _moment(workspace, found, who)
        stamp = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        file = behind(workspace, f"{room}/{task.id}", stamp)
        given = Verdict(file, approved, who, role, moment.isoformat(), content, text)
        work.writer.create(file, _bytes(given))
        work.item(task.id, path, (Change(task.id, file, kind, new=text.strip()),))
    return work.done()


def _moment(workspace: Workspace, found: Standing, who: str) -> datetime:
    """Now, or a second after the user's last verdict where the clock of another machine was ahead:
    what is said last holds.
    """
    kinds = (found.valid, found.rejected, found.void, found.past)
    mine = [each.date for some in kinds for each in some if fold(each.by) == fold(who)]
    now = workspace.now
    last = max(mine, key=lambda date: approvals.moment(workspace, date), default="")
    if not last or approvals.moment(workspace, last) <= approvals.moment(
        workspace, now.isoformat()
    ):
        return now
    return datetime.fromisoformat(last).astimezone(now.tzinfo) + timedelta(seconds=1)


def _bytes(given: Verdict) -> bytes:
    """The file of a verdict, read again before it is written."""
    from plaintrack.app.items.comment import NotReadBack
    from plaintrack.text.verdict import verdict, written

    data = written(given).encode("utf-8", "replace")
    again = verdict(given.path, data)
    if again.problem is not None:
        raise NotReadBack(again.problem.message)
    if (again.by, again.role, again.content) != (given.by, given.role, given.content):
        raise NotReadBack
    return data


def _who(workspace: Workspace) -> str:
    """The user's short name; any name will do where no people are known."""
    name = next(iter(me(workspace)), "")
    staff = workspace.staff
    if not name or (staff.people and fold(name) not in staff.people):
        raise NoOneKnown(name)
    return name


def _check_role(
    workspace: Workspace, who: str, role: str, item: str, owners: tuple[str, ...]
) -> None:
    if not role:
        return
    people = owners if role == approvals.OWNER else members(workspace, role)
    if fold(who) in map(fold, people):
        return
    if role == approvals.OWNER:
        raise NotInRole(who, f"the owners of {item}", "leave out --as")
    mine = [
        name
        for key, name in workspace.staff.spelled.items()
        if fold(who) in map(fold, workspace.staff.teams[key])
    ]
    raise NotInRole(who, role, suggestion(role, mine, "leave out --as"))
