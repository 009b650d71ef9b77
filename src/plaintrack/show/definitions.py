"""The definitions of what plaintrack computes: a table of functions, whose docstrings they are."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from inspect import cleandoc

DEFINITIONS = {
    "bias": "timeclock.accuracy:bias",
    "time-report": "timeclock.hours:report",
    "timesheet-hash": "timeclock.sheet:frozen",
    "accepted": "plan.projects:accepted",
    "alignment": "plan.alignment:alignment",
    "balance": "plan.profile:Balance",
    "budget": "plan.projects:budget",
    "capacity": "plan.availability:capacity",
    "cost": "plan.cost:cost",
    "critical": "plan.expected:critical",
    "goal-score": "plan.goals:score",
    "health": "plan.goals:health",
    "ice": "query.score:ICE",
    "kind": "plan.outline:Outline.kinds",
    "metric": "plan.goals:reached",
    "left": "timeclock.left:left",
    "load": "plan.workload:load",
    "operations": "plan.outline:operations",
    "overload": "plan.workload:overloaded",
    "planned-load": "plan.portions:portions",
    "planned_end": "plan.expected:planned_end",
    "planned_start": "plan.expected:planned_start",
    "progress": "plan.outline:progress",
    "rank": "model.rank:",
    "rice": "query.score:RICE",
    "roll-up": "plan.rollup:Rolling.sums",
    "score": "query.score:",
    "serves": "plan.outline:Outline.goals",
    "sla": "show.sla:DEFINITION",
    "sla-met": "flow.sla:met_share",
    "slack": "plan.expected:slack",
    "slipping": "plan.expected:slipping",
    "spent": "plan.outline:spent",
    "state": "query.facts:Facts.state",
    "total_left": "timeclock.left:total_left",
    "total_spent": "timeclock.left:total_spent",
    "urgency": "query.urgency:",
    "waits_for": "plan.expected:waits_for",
    "wsjf": "query.score:WSJF",
}
"""What is defined → what computes it, as module and name, or just the module; or a text."""
_HEAD = """# Definitions

Made from the code by `make docs`. `plaintrack explain NAME` says the same on the command line.

What plaintrack computes, and how."""


def names() -> list[str]:
    """What is defined."""
    return [*DEFINITIONS]


def text(name: str) -> str:
    """A definition in paragraphs: the first one says what it is. Raises KeyError."""
    module, _, path = DEFINITIONS[name].partition(":")
    found = import_module(f"plaintrack.{module}")
    for part in filter(None, path.split(".")):
        found = getattr(found, part)
    words = found if isinstance(found, str) else found.__doc__
    return cleandoc(words or "").replace("``", "`")


def explain(name: str) -> Iterator[str]:
    """A definition in lines."""
    from textwrap import wrap

    yield f"{name} (computed)"
    for number, paragraph in enumerate(text(name).split("\n\n")):
        if number:
            yield ""
        yield from wrap(" ".join(paragraph.split()), 100)


def page(chosen: Iterable[str]) -> str:
    """The definitions as a page of Markdown."""
    parts = [_HEAD]
    for name in chosen:
        parts += [f"## {name}", text(name)]
    return "\n\n".join(parts) + "\n"
