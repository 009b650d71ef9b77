"""One item in its surroundings: derived values, what blocks it, what it blocks, sub-items,
comments, urgency.
"""

import json
from typing import TYPE_CHECKING

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.detail import Detail, Stand
from plaintrack.model.task import Task, fields_of, fold
from plaintrack.query.facts import Facts
from plaintrack.query.urgency import DEFAULT
from plaintrack.query.urgency import terms as urgency_terms
from plaintrack.store.index import ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from plaintrack.model.rollup import Around
    from plaintrack.model.scores import Scores


def around(snapshot: Snapshot, item: str) -> tuple[Task, Facts]:
    """The item and the Facts of it and its direct neighbours, from the index."""
    connection = snapshot.index.connection
    weights = {**DEFAULT, **snapshot.settings.urgency}
    rows = ask.around(connection, item)
    if weights["inherit"]:
        rows = list(dict.fromkeys([*rows, *ask.behind(connection, item)]))
    found = []
    for path, name, data in rows:
        fields = {
            key: each if isinstance(each, str) else tuple(each)
            for key, each in json.loads(data).items()
        }
        found.append(Task(path, name, fields))
    facts = Facts(
        found,
        snapshot.schema,
        snapshot.today,
        weights,
        scores=snapshot.settings.scores,
        minutes=_minutes(snapshot) if weights["tight"] else None,
        logged=lambda: snapshot.logged if "time" in snapshot.settings.rooms else {},
    )
    return next(task for task in found if task.id.lower() == item.lower()), facts


def _minutes(snapshot: Snapshot) -> "Callable[[date], int]":
    from plaintrack.app.snapshot.answers import minutes

    return minutes(snapshot)


def detail(snapshot: Snapshot, task: Task, blame: bool = False, programs: bool = False) -> Detail:
    """The item with all that is told of it; raises NoGit if it is to ``blame``."""
    from plaintrack.app.snapshot.spoken import comments

    indexed, facts = around(snapshot, task.id)
    derived = _derived(task, facts)
    abroad = _elsewhere(snapshot, task)
    if abroad:
        derived.append(("elsewhere", f"{', '.join(abroad)} (another repository's)"))
    rolled = _rolled(snapshot, task.id)
    derived += [(n, text) for n, text in (("spent", rolled.spent), ("left", rolled.left)) if text]
    if snapshot.settings.sla:
        derived += _clocks(snapshot, task)
    found = Detail(
        task,
        derived,
        _related(indexed, facts),
        list(comments(snapshot, task.id)),
        urgency_terms(indexed, facts, facts.coefficients, snapshot.today),
        scores=_scores(snapshot, indexed) if snapshot.settings.scores else (),
        below=rolled.below,
    )
    if "approvals" in snapshot.settings.rooms:
        found = found._replace(verdicts=_verdicts(snapshot, task))
    if programs:
        found = found._replace(stand=_stand(snapshot, task, facts))
    if not blame:
        return found
    from plaintrack.app.snapshot import history, log

    blamed = log.blame(snapshot, history.history(snapshot), task)
    return found._replace(blame=blamed.fields, commits=blamed.commits)


def _rolled(snapshot: Snapshot, item: str) -> "Around":
    """Time and roll-up of the item; nothing is loaded where nothing is below it and no time is
    kept.
    """
    if "time" not in snapshot.settings.rooms and not ask.any_below(snapshot.index.connection, item):
        from plaintrack.model.rollup import Around

        return Around()
    from plaintrack.app.snapshot.rollup import around as rolled

    return rolled(snapshot, item)


def _clocks(snapshot: Snapshot, task: Task) -> list[tuple[str, str]]:
    """The state of each SLA of the item, and what is left."""
    from plaintrack.app.snapshot.expected import text

    found = []
    for name in snapshot.sla.get(fold(task.id), {}):
        field = f"sla.{name}"
        parts = [text(snapshot, task.id, f"{field}{part}") for part in (".state", "", ".left")]
        state, share, left = parts
        used = f", {share} used" if share else ""
        found.append((field, f"{state}{used}, {left} left"))
    return found


def _verdicts(snapshot: Snapshot, task: Task) -> list[tuple[str, str]]:
    from plaintrack.app.snapshot.approvals import stands, unmet

    how = stands(snapshot, task)
    kinds = (
        ("approved", how.valid),
        ("rejected", how.rejected),
        ("void: the item has changed since", how.void),
    )
    found = [
        (f"{each.by} on {each.date[:16].replace('T', ' ')}", word)
        for word, some in kinds
        for each in some
    ]
    try:
        lacks = unmet(snapshot, task)
    except PlaintrackError as error:  # a slip in the settings hides no item
        lacks = [error.message]
    return [*found, *(("missing", lack) for lack in lacks)]


def _scores(snapshot: Snapshot, task: Task) -> "list[Scores]":
    from plaintrack.app.snapshot.scores import by_all

    return by_all(snapshot, task)


def related(snapshot: Snapshot, item: str) -> list[tuple[str, list[Task]]]:
    """(heading, items) of what the item is blocked by, what it blocks, and what is below it."""
    return _related(*around(snapshot, item))


def _derived(task: Task, facts: Facts) -> list[tuple[str, str]]:
    """(name, text) of the derived values worth showing."""
    first = facts.state(task)
    states = [
        name
        for name, holds in (
            ("blocked", facts.blocked(task)),
            ("blocking", facts.blocking(task)),
            ("waiting", facts.waiting(task)),
            ("overdue", facts.overdue(task)),
        )
        if holds
    ]
    if facts.reason(task) and "blocked" in states:
        states[states.index("blocked")] = f"blocked ({facts.reason(task)})"
    if not facts.closed(task) and not facts.blocked(task) and not facts.waiting(task):
        states.append("ready")
    others = [each for each in states if each.partition(" ")[0] != first]
    told = next((each for each in states if each.partition(" ")[0] == first), first)
    found = [("state", ", ".join([told, *others]))]
    progress, age = facts.progress(task), facts.age(task)
    if progress is not None:
        found.append(("progress", f"{progress:.0f}%"))
    if age is not None:
        found.append(("age", f"{age:.0f} days"))
    return [*found, ("urgency", f"{facts.urgency(task):.2f}")]


def _stand(snapshot: Snapshot, task: Task, facts: Facts) -> Stand:
    from plaintrack.app.snapshot.typed import typed

    blocked, waiting = facts.blocked(task), facts.waiting(task)
    progress, age = facts.progress(task), facts.age(task)
    texts = {
        name: each if isinstance(each, str) else list(each) for name, each in task.fields.items()
    }
    return Stand(
        fields={name: typed(each, name, snapshot.schema) for name, each in texts.items()},
        state=facts.state(task),
        blocked=blocked,
        blocking=facts.blocking(task),
        waiting=waiting,
        overdue=facts.overdue(task),
        ready=not (facts.closed(task) or blocked or waiting),
        progress=None if progress is None else int(progress),
        age=None if age is None else int(age),
        links=_links(snapshot, task, facts),
        elsewhere=_elsewhere(snapshot, task),
    )


def _links(
    snapshot: Snapshot, task: Task, facts: Facts
) -> dict[str, list[tuple[str, Task | None]]]:
    """The items that the item's fields name, and those of the relations that others have to it."""
    found: dict[str, list[tuple[str, Task | None]]] = {}
    for field in snapshot.schema.fields.values():
        if field.kind == "link" and task.many(field.name):
            found[field.name] = [(each, _named(snapshot, each)) for each in task.many(field.name)]
    for heading, tasks in _related(task, facts):
        if heading != "Depends on":
            found.setdefault(heading.lower(), [(each.id, each) for each in tasks])
    return found


def _elsewhere(snapshot: Snapshot, task: Task) -> dict[str, str]:
    """The item's links that lead to other repositories, each with that."""
    names = (each.name for each in snapshot.schema.fields.values() if each.kind == "link")
    links = dict.fromkeys(link for name in names for link in task.many(name) if "/" in link)
    found = {link: snapshot.settings.elsewhere(link) for link in links}
    return {link: there.repository for link, there in found.items() if there}


def _named(snapshot: Snapshot, item: str) -> Task | None:
    """The item of an id, without its body; None if there is none."""
    connection = snapshot.index.connection
    path = ask.path(connection, item)
    if path is None:
        return None
    data = ask.data(connection, item)
    return Task(path, item, fields_of(data[0]))


def _related(task: Task, facts: Facts) -> list[tuple[str, list[Task]]]:
    item = task.id.lower()
    wanted = {each.lower() for each in task.many("depends_on")}
    needs = [each for each in facts.tasks if each.id.lower() in wanted]
    needed = [
        each for each in facts.tasks if item in {other.lower() for other in each.many("depends_on")}
    ]
    groups = (("Depends on", needs), ("Blocks", needed), ("Contains", facts.children(task)))
    return [(heading, tasks) for heading, tasks in groups if tasks]
