"""Who may move items to a status, by the check ``who-moves`` of the settings; commands obey it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.done import Written
from plaintrack.model.task import Task, fold


class NotMover(PlaintrackError):
    """The user is none of those who may move the item to that status."""

    slug = "not-mover"
    exit_code = 1

    def __init__(self, item: str, held: "Held", hint: str) -> None:
        who = f"you are {held.who}" if held.who else "git does not know who you are"
        super().__init__(f"{item or 'a new item'} cannot become {held.status} here: {who}", hint)


class Held(NamedTuple):
    """``who`` (empty: unknown) is not among those who may move an item to ``status``; ``only`` says
    in words who may.
    """

    who: str
    status: str
    only: str


def held(workspace: Workspace, task: Task, status: str) -> Held | None:
    """Why the user may not move an item, as it is now, to ``status``; None if nothing says so."""
    if not _named_at_all(workspace):
        return None
    from plaintrack.app.snapshot import approvals
    from plaintrack.app.snapshot.people import me

    named = _named(workspace, task, status)
    if named is None:
        return None
    people = approvals.people(workspace, named, task)
    who = next(iter(me(workspace)), "")
    if fold(who) in map(fold, people):
        return None
    from plaintrack.checks.changes import only

    return Held(who, status, only(named, people))


def _named_at_all(workspace: Workspace) -> bool:
    """Whether the check may be on for some items."""
    return not {"who-moves", "pt502", "overrides"}.isdisjoint(
        name.lower() for name in workspace.settings.checks
    )


def _named(workspace: Workspace, task: Task, status: str) -> Sequence[str] | None:
    """Whom the settings name for a status of an item; None where they name no one."""
    from plaintrack.checks.changes import who_moves
    from plaintrack.checks.policy import read
    from plaintrack.checks.run import covers

    rules = read(workspace.settings.checks, [who_moves]).rules[who_moves.code]
    for rule in reversed(rules):
        if covers(rule.paths, task.path) and _answers(workspace, rule.query, task):
            named: Sequence[str] | None = rule.options["status"].get(status)
            return named if rule.severity else None
    return None


def _answers(workspace: Workspace, query: str, task: Task) -> bool:
    """Whether an item answers the query of an override; what cannot be asked holds no one back."""
    from plaintrack.app.snapshot.approvals import fits

    try:
        return fits(workspace, {"path": "", "query": query}, task)
    except PlaintrackError:
        return False


def refusal(workspace: Workspace, task: Task, status: str, hint: str = "") -> NotMover | None:
    """What is raised where the user may not move an item to ``status``; None otherwise.
    The default of ``hint`` is for commands that can be forced.
    """
    why = held(workspace, task, status)
    if why is None:
        return None
    hint = hint or "`--force REASON` does it all the same, and comments why"
    return NotMover(task.id, why, f"{why.only}; {hint}")


def guard(workspace: Workspace, task: Task, status: str, hint: str) -> None:
    """Raise NotMover if the user may not move an item to ``status``."""
    refused = refusal(workspace, task, status, hint)
    if refused is not None:
        raise refused


def strays(workspace: Workspace, written: Iterable[Written]) -> list[str]:
    """A line for each item that the user has moved and may not."""
    if not _named_at_all(workspace):
        return []
    from plaintrack.text.parse import parse

    found = []
    for file in written:
        moved = [each for each in file.changes if (each.kind, each.field) == ("set", "status")]
        if moved and file.before is not None:
            before = parse(file.path, file.before, workspace.schema)
            why = held(workspace, before, str(moved[-1].new))
            if why is not None:
                found.append(f"{before.id}: it became {why.status}, and {why.only}")
    return found
