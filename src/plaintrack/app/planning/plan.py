"""The plan that a door asks for: of any snapshot, with suppositions, and beside another plan."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from plaintrack.app.planning.scenario import supposed, what_if
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.past import Past, at
from plaintrack.app.snapshot.planned import planned
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import verb
from plaintrack.model.done import Done
from plaintrack.model.edit import Set
from plaintrack.model.task import fold
from plaintrack.plan.answer import AS_IS, Line, Planned, WhatIf
from plaintrack.plan.compare import Comparison, compare
from plaintrack.when.durations import minutes


class Supposed(NamedTuple):
    """What is only supposed: fields of items, absences, units, an estimate for work without one;
    and another solver than that of the settings.
    """

    fields: Sequence[str] = ()
    without: Sequence[str] = ()
    add: Sequence[str] = ()
    assume: str = ""
    solver: str = ""


NOTHING = Supposed()


def plan(snapshot: Snapshot, what: Supposed = NOTHING) -> Planned:
    """The plan of a snapshot, with what is supposed. Raises PlaintrackError."""
    if what == NOTHING:
        return snapshot.plan
    here, world = _world(snapshot, what)
    return planned(here, world)


def _world(snapshot: Snapshot, what: Supposed) -> tuple[Snapshot, WhatIf]:
    if what.assume:
        minutes(what.assume)
    here = supposed(snapshot, what.fields)
    world = what_if(here, what.without, what.add, what.assume)
    return here, world._replace(solver=what.solver)


def compared(snapshot: Snapshot, revision: str, what: Supposed) -> Comparison:
    """The plan of a revision (empty: of the snapshot as it is), and the plan of the snapshot with
    what is supposed; the newer one keeps the order of the older where that is no worse. Both have
    the same today, and each has its own calendars and settings of the plan.
    """
    older = _as_it_was(at(snapshot, revision, snapshot.today) if revision else snapshot)
    before = planned(older, AS_IS._replace(assume=what.assume, solver=what.solver))
    here, world = _world(_as_it_was(snapshot), what)
    after = planned(here, world, _kept(before, older, here))
    now = "as supposed" if any(what._replace(solver="")) else "now"
    return compare(before, after, (revision or "as it is", now))


def between(older: Snapshot, newer: Snapshot, today: date, names: tuple[str, str]) -> Comparison:
    """The plans of two snapshots, which have the same ``today``; see ``compared``."""
    older, newer = _as_it_was(older), _as_it_was(newer)
    before = planned(older, today=today)
    after = planned(newer, AS_IS, _kept(before, older, newer), today)
    return compare(before, after, names)


def _as_it_was(snapshot: Snapshot) -> Snapshot:
    """A revision with what its own settings said of calendars, people, equipment and the plan;
    otherwise a revision is looked at with the settings of now.
    """
    return snapshot.as_it_planned() if isinstance(snapshot, Past) else snapshot


def _kept(before: Planned, older: Snapshot, newer: Snapshot) -> Planned | None:
    """The plan whose order the newer one keeps; None where their slots are not the same."""
    same = older.settings.plan["slot"] == newer.settings.plan["slot"]
    return before if same else None


def chosen(snapshot: Snapshot, answer: Planned, words: Sequence[str]) -> list[Line]:
    """The lines of a plan whose items match a query; a whole id means that item."""
    if not words:
        return list(answer.lines)
    text = " ".join(f"id:{word}" if answers.is_item(snapshot, word) else word for word in words)
    found = answers.rows_raw(snapshot, answers.question(snapshot, text))
    ids = {fold(item) for _, item, _ in found}
    return [line for line in answer.lines if fold(line.id.partition("@")[0]) in ids]


def agreed(workspace: Workspace, lines: Sequence[Line], dry: bool = False) -> Done:
    """Write the planned dates of items as the dates agreed on, ``target_start`` and
    ``target_end``; they constrain no plan.
    """
    paths = {fold(item): path for path, item, _ in _all(workspace)}
    dated = [line for line in lines if line.end and not line.occurrence]
    with verb(workspace, "plan --apply", dry) as work:
        for line in dated:
            path = paths.get(fold(line.id))
            if path is not None:
                edits = (Set("target_start", line.start), Set("target_end", line.end))
                work.item(line.id, path, work.writer.edit(path, edits))
    return work.done()


def _all(workspace: Workspace) -> list[tuple[str, str, str]]:
    return answers.rows_raw(workspace, answers.question(workspace, "is:open"))
