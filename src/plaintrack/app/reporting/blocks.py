"""What a live block says: the kinds of blocks, and the answer of each as a Document."""

import re
from collections.abc import Mapping, Sequence

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.board import board, of_columns
from plaintrack.app.snapshot.counts import counts, progress
from plaintrack.app.snapshot.listing import grouped, listing
from plaintrack.app.snapshot.rollup import Rollups
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.tree import Tree
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.render.document import Document
from plaintrack.render.figures import Figure, Progress
from plaintrack.show import board as boards
from plaintrack.show import counts as numbers
from plaintrack.show import diagrams, items
from plaintrack.show import tree as trees
from plaintrack.show.items import Where

KINDS = (
    *("list", "board", "count", "progress", "graph", "gantt", "tree", "stats"),
    *("goals", "project-status", "plan", "plan-gantt", "metric", "forecast"),
)
UNTOLD = frozenset(("time", "budget", "rate", "rates", "cost", "salary", "email"))
"""Fields that reports and pages leave out unless the settings say that readers may know them."""
_ORDER = "due,created,id"
_OPTIONS = {"list": ("columns", "group"), "stats": ("by", "sum"), "plan-gantt": ("by",)}
"""The options of each kind of block; elsewhere such a word is a term of the query."""
_OPTION = re.compile(r"(?:^|\s)(columns|group|by|sum):([^\s\"']+)(?=\s|$)")


class BadBlock(PlaintrackError):
    """A block asks for what there is not."""

    slug = "live-block"


class NoBlock(BadBlock):
    """The line that opens a block does not name one."""

    slug = "no-block"

    def __init__(self) -> None:
        super().__init__(
            "the block does not say what it shows", f"the blocks are {', '.join(KINDS)}"
        )


class UnknownBlock(BadBlock):
    """No block has that name."""

    slug = "unknown-block"

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"unknown block {kind!r}",
            suggestion(kind, KINDS, f"the blocks are {', '.join(KINDS)}"),
            kind,
            1,
        )


class UnknownGrouping(BadBlock):
    """A chart of the plan cannot be grouped so."""

    slug = "unknown-grouping"

    def __init__(self, by: str, known: Sequence[str]) -> None:
        super().__init__(
            f"a plan cannot be grouped by {by!r}",
            suggestion(by, known, f"write by:{' or by:'.join(known)}"),
            by,
            1,
        )


class PrivateField(BadBlock):
    """A block of a report names a field that its readers may not know."""

    slug = "private-field"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is left out of reports",
            "remove it here, or say `site: {private: true}` in plaintrack.yml",
            name,
            1,
        )


def understood(asked: str) -> tuple[str, str, dict[str, str]]:
    """What a block shows, its query and its options; raises BadBlock."""
    kind, _, rest = asked.partition(" ")
    if not kind:
        raise NoBlock
    if kind not in KINDS:
        raise UnknownBlock(kind)
    options: dict[str, str] = {}
    for name, value in _OPTION.findall(rest):
        if name in _OPTIONS.get(kind, ()):
            options[name] = value
    return (
        kind,
        _OPTION.sub(lambda each: "" if options.get(each[1]) == each[2] else each[0], rest).strip(),
        options,
    )


def fields(kind: str, options: Mapping[str, str]) -> list[str]:
    """The fields that options name; raises BadBlock."""
    if kind != "plan-gantt":
        return [name for value in options.values() for name in value.split(",")]
    from plaintrack.show.plan import GROUPS

    by = options.get("by", "person")
    if by not in GROUPS:
        raise UnknownGrouping(by, GROUPS)
    return []


def answer(
    snapshot: Snapshot, kind: str, query: str, options: dict[str, str], where: Where
) -> Document:
    """What a block says, as the command of that name would say it. Raises BadBlock, BadQuery."""
    _demand(snapshot, fields(kind, options))
    if kind == "list":
        return _list(snapshot, query, options, where)
    if kind in ("goals", "project-status"):
        return _aims(snapshot, kind, query, where)
    if kind in ("plan", "plan-gantt"):
        return _plan(snapshot, kind, query, options.get("by", "person"))
    if kind in ("metric", "forecast"):
        return _flow(snapshot, kind, query)
    order = "-urgency" if kind == "board" else _ORDER
    state = "open?" if kind in ("count", "gantt") else ""
    asked = answers.question(snapshot, query, state=state, shown=order)
    if kind == "board":
        columns = board(snapshot, asked)
        return boards.board(*columns, where, rolled=of_columns(snapshot, columns))
    if kind == "stats":
        return numbers.counts(
            counts(snapshot, asked, options.get("by", "status"), options.get("sum", ""))
        )
    if kind == "progress":
        return Document((Progress(*progress(snapshot, asked)),))
    tasks = answers.tasks(snapshot, asked)
    if kind == "count":
        return Document((Figure(len(tasks)),))
    if kind == "graph":
        return diagrams.graph(tasks, snapshot.schema, snapshot.today)
    if kind == "gantt":
        return diagrams.gantt(tasks, snapshot.schema, snapshot.today, _titles(snapshot))
    tree = Tree(tasks, False, snapshot.settings.elsewhere)
    roots = tree.roots()
    if answers.is_item(snapshot, query):  # as the command: the item and what is below it
        everything = answers.tasks(snapshot, answers.question(snapshot, ""))
        tree, roots = Tree(everything, False, snapshot.settings.elsewhere), [query]
    limbs = (limb for root in roots for limb in tree.limbs(root))
    return trees.tree(limbs, Rollups(snapshot).below)


def _demand(snapshot: Snapshot, names: Sequence[str]) -> None:
    """Raise PrivateField for what the readers of a report may not know."""
    for name in names if snapshot.discreet else ():
        if name in UNTOLD:
            raise PrivateField(name)


def _aims(snapshot: Snapshot, kind: str, query: str, where: Where) -> Document:
    if kind == "goals":
        from plaintrack.app.snapshot.goals import standing
        from plaintrack.show.goals import goals

        return goals(standing(snapshot, query), snapshot.schema, where)
    from plaintrack.app.snapshot.projects import matching
    from plaintrack.show.projects import status

    return status(matching(snapshot, query), snapshot.schema, where)


def _plan(snapshot: Snapshot, kind: str, query: str, by: str) -> Document:
    """What the plan says of the items, as `plaintrack plan` does."""
    from plaintrack.app.planning.plan import chosen, plan
    from plaintrack.show import plan as plans

    if by not in plans.GROUPS:
        raise UnknownGrouping(by, plans.GROUPS)
    answer = plan(snapshot)
    lines = chosen(snapshot, answer, [query] if query else [])
    if kind == "plan":
        return plans.table(answer, lines, snapshot.schema.day)
    return plans.gantt(answer, lines, by)


def _flow(snapshot: Snapshot, kind: str, query: str) -> Document:
    """What `plaintrack metrics NAME` or `plaintrack forecast` says."""
    if kind == "forecast":
        from plaintrack.app.flow.forecast import Wanted, forecast
        from plaintrack.show.forecast import forecast as drawn

        return drawn(forecast(snapshot, Wanted(query)), False)
    from plaintrack.app.flow.metrics import metric
    from plaintrack.app.flow.view import Asked
    from plaintrack.show.metrics import metrics

    name, _, rest = query.partition(" ")
    return metrics([metric(snapshot, name, Asked(rest))], brief=True)


def _list(snapshot: Snapshot, query: str, options: dict[str, str], where: Where) -> Document:
    columns = options.get("columns", ",".join(snapshot.settings.columns)).split(",")
    names = [answers.field(snapshot, name) for name in columns]
    group = answers.field(snapshot, options["group"]) if "group" in options else ""
    asked = answers.question(snapshot, query, state="open?", shown=snapshot.settings.sort)
    asked = grouped(asked, group)
    return items.table(listing(snapshot, asked, names, group, paths=True), where)


def _titles(snapshot: Snapshot) -> dict[str, str]:
    """The titles of the projects by folded id."""
    projects = answers.tasks(snapshot, answers.question(snapshot, "type:project"))
    return {task.id.lower(): task.text("title") for task in projects}
