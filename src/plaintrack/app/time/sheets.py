"""Submits timesheets, and approves or rejects them."""

from plaintrack.app.snapshot import timelog
from plaintrack.app.snapshot.timesheets import frozen_now, period, sheets, standing
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.time.clock import Clock, whose
from plaintrack.app.write.room import room_for
from plaintrack.app.write.verb import verb
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.count import plural
from plaintrack.model.done import Done
from plaintrack.model.task import fold
from plaintrack.text import sheet as text
from plaintrack.timeclock.entry import overlaps, plain
from plaintrack.timeclock.hours import clock
from plaintrack.timeclock.sheet import Period, Sheet, Verdict


class NothingLogged(PlaintrackError):
    """There is nothing to submit."""

    slug = "nothing-logged"
    exit_code = 1

    def __init__(self, person: str, name: str) -> None:
        super().__init__(
            f"{person} has logged nothing in {name}", f"{command('time', 'list')} shows entries"
        )


class NotSubmittable(PlaintrackError):
    """Something is wrong with the entries."""

    slug = "not-submittable"
    exit_code = 1

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} cannot be submitted: {why}", "correct that first")


class NotSubmitted(PlaintrackError):
    """There is no such sheet."""

    slug = "not-submitted"
    exit_code = 1

    def __init__(self, person: str, name: str) -> None:
        super().__init__(
            f"{person} has not submitted {name}", f"{command('time', 'submit', name)} does it"
        )


class ChangedSinceSubmitted(PlaintrackError):
    """The entries are not those that were submitted."""

    slug = "changed-since-submitted"
    exit_code = 1

    def __init__(self, person: str, name: str, days: str) -> None:
        super().__init__(
            f"entries of {days} have changed since {person} submitted {name}",
            f"{person} submits it again, or counts late entries in the open period",
        )


class OwnSheet(PlaintrackError):
    """No one judges his own sheet."""

    slug = "own-sheet"
    exit_code = 1

    def __init__(self, person: str) -> None:
        super().__init__(f"{person} cannot judge {person}'s own timesheet", "someone else does it")


class AlreadySo(PlaintrackError):
    """That is said already."""

    slug = "verdict-there"
    exit_code = 1

    def __init__(self, name: str, what: str, by: str) -> None:
        super().__init__(f"{name} is {what} by {by} already", "there is nothing to do")


def submit(workspace: Workspace, text_: str = "", person: str = "", dry: bool = False) -> Done:
    """Submit a week or month: write its hash, its days and its total, so that later changes are
    found. Raises NothingLogged, NotSubmittable.
    """
    who = whose(workspace, person)
    today = Clock(workspace, who).today
    span = period(text_, today)
    log = timelog.log(workspace, persons=[who])
    zone = workspace.schema.timezone
    whole, days = frozen_now(workspace, who, span, zone, log.entries)
    if not days:
        raise NothingLogged(who, span.name)
    _right(workspace, span.name, log, span)
    before = next(
        (each for each in sheets(workspace, who).sheets if each.period == span.name), None
    )
    with verb(workspace, f"time submit {span.name}", dry) as work:
        room = room_for(workspace, work.writer, "timesheets")
        made = Sheet(who, span.name, zone, whole, days, workspace.now.isoformat())
        if before is None:
            path = f"{room}/{who}/{span.name}.md"
            work.writer.create(path, text.text(made).encode())
        elif before.sha256 == whole:
            work.kept(who, before.path, f"{span.name} of {who} is submitted as it is")
            return work.done()
        else:
            path = before.path
            data = workspace.read_whole(path)
            made = made._replace(verdicts=before.verdicts)
            new = text.text(made, text.body(path, data)).encode()
            work.writer.rewrite(path, data, new)
        lapsed = " again; earlier verdicts have lapsed" if before and before.verdicts else ""
        length = f"{clock(made.total)} on {plural(len(days), 'day')}"
        said = f"{span.name} submitted{lapsed}: {length}  ({path})"
        work.item(who, path, (), (said,))
    return work.done()


def _right(workspace: Workspace, name: str, log: timelog.Log, span: Period) -> None:
    """Raise NotSubmittable for a fault or an overlap."""
    if log.faults:
        fault = log.faults[0]
        raise NotSubmittable(name, f"{fault.path}:{fault.line}: {fault.message}")
    own = timelog.days(workspace)
    inside = [piece.entry for piece in own.pieces(log.entries, span.first, span.last)]
    for one, two in overlaps(list(dict.fromkeys(inside))):
        raise NotSubmittable(name, f"{one.key[:6]} and {two.key[:6]} overlap")


def judge(
    workspace: Workspace,
    what: str,
    name: str,
    text_: str = "",
    note: str = "",
    dry: bool = False,
) -> Done:
    """Approve or reject what a person submitted, by the user; it names the hash, and stands in the
    sheet. Raises NotSubmitted, OwnSheet, ChangedSinceSubmitted, AlreadySo.
    """
    by, who = whose(workspace), whose(workspace, name)
    span = period(text_, Clock(workspace, who).today)
    made = next((each for each in sheets(workspace, who).sheets if each.period == span.name), None)
    if made is None:
        raise NotSubmitted(who, span.name)
    if fold(by) == fold(who):
        raise OwnSheet(who)
    state = standing(workspace, made, timelog.log(workspace, persons=[who]).entries)
    if state.changed:
        raise ChangedSinceSubmitted(who, span.name, ", ".join(map(str, state.changed[:7])))
    last = made.verdict()
    if last is not None and (last.what, fold(last.by)) == (what, fold(by)):
        raise AlreadySo(span.name, what, by)
    said = Verdict(what, by, workspace.now.isoformat(), made.sha256, plain(note))
    with verb(
        workspace, f"time {'approve' if what == 'approved' else 'reject'} {who} {span.name}", dry
    ) as work:
        data = workspace.read_whole(made.path)
        new = text.text(made._replace(verdicts=(*made.verdicts, said)), text.body(made.path, data))
        work.writer.rewrite(made.path, data, new.encode())
        because = f": {said.note}" if said.note else ""
        work.item(who, made.path, (), (f"{span.name} {what} by {by}{because}",))
    return work.done()
