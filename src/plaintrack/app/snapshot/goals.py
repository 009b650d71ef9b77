"""How the goals of a snapshot stand, and what its work was for."""

from collections.abc import Callable
from datetime import date

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.outline import outline
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.task import fold
from plaintrack.plan import alignment as aligned
from plaintrack.plan import goals
from plaintrack.plan.alignment import Alignment, Closing
from plaintrack.plan.goals import Bands, Standing, Yardstick
from plaintrack.plan.outline import Outline
from plaintrack.store.refusals import NoGit
from plaintrack.when import dates
from plaintrack.when.moments import day

PERIODS: dict[str, Callable[[date], str]] = {
    "week": lambda day: "{}-W{:02}".format(*day.isocalendar()),
    "month": lambda day: day.isoformat()[:7],
}
"""How the weeks and months are called that days lie in."""
_WEEKS = 13
"""How many weeks are told one by one, unless it is said otherwise."""


def yardstick(snapshot: Snapshot) -> Yardstick:
    """What goals and projects are measured with."""
    bands = Bands(**snapshot.settings.goals)
    return Yardstick(snapshot.today, snapshot.schema.timezone, bands)


def standing(snapshot: Snapshot, query: str = "") -> Standing:
    """How the goals stand that answer a query: the open ones, unless it asks for others. Raises
    BadQuery.
    """
    work = outline(snapshot)
    every = {
        key: _said(snapshot, goal) for key, goal in goals.goals(work, yardstick(snapshot)).items()
    }
    asked = answers.question(snapshot, query, state="open?", shown="due,created,id")
    chosen = [fold(item) for _, item, _ in answers.rows_raw(snapshot, asked)]
    names = [] if query else [key for key, goal in every.items() if goal.task is None]
    return goals.standing(work, every, [key for key in [*chosen, *names] if key in every])


def _said(snapshot: Snapshot, goal: goals.Goal) -> goals.Goal:
    """A goal with the health that its latest update has, if there is one."""
    update = None if goal.closed else snapshot.said(goal.task)
    return goal._replace(health=update.health, told=update.told) if update else goal


def alignment(snapshot: Snapshot, query: str, since: str, per: str = "") -> Alignment:
    """What the work was for that answers a query and was done since a day, in any spelling, by
    ``week`` or ``month``. Raises BadQuery, BadDate.
    """
    work = outline(snapshot)
    first = date.fromisoformat(dates.past(since, snapshot.today, answers.works(snapshot))[0][:10])
    if not per:
        per = "week" if (snapshot.today - first).days <= 7 * _WEEKS else "month"
    closed, why = closings(snapshot, work)
    recent = [each for each in closed if first <= each.day <= snapshot.today]
    if query:
        rows = answers.rows_raw(snapshot, answers.question(snapshot, query))
        wanted = {path for path, _, _ in rows}
        recent = [each for each in recent if work.pieces[each.number].task.path in wanted]
    return Alignment(
        shares=aligned.alignment(work, recent, PERIODS[per]),
        goals=goals.goals(work, yardstick(snapshot)),
        since=first,
        per=per,
        stamped=sum(each.stamped for each in recent),
        why=why,
    )


def closings(snapshot: Snapshot, work: Outline) -> tuple[list[Closing], str]:
    """When each piece of work was done; and why all of them go by their stamps, if they do."""
    try:
        commits, why = snapshot.finished(), ""
    except NoGit as error:
        commits, why = {}, error.message
    found = []
    for number in work.work:
        piece = work.pieces[number]
        if piece.category == "done":
            committed = commits.get(fold(piece.task.id), "")
            text = committed or piece.task.text("closed")
            when = day(text, snapshot.schema.timezone) or snapshot.today
            found.append(Closing(number, when, not committed))
    return found, why
