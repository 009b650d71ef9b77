"""The diagrams of live documents, as Mermaid that forges draw. No title can break out of it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from plaintrack.model.fields import Schema
from plaintrack.model.task import Task
from plaintrack.query.facts import overdue
from plaintrack.render.markdown import NOTHING
from plaintrack.when.moments import day

_LABEL = 70  # characters
_ARROWS = 200  # of a diagram; above 500 Mermaid draws nothing, and those take it 14 seconds
_SHORT = 200  # days on which the axis of a Gantt chart has days, and not months
_TEXT = 50_000  # characters of a diagram, above which Mermaid draws nothing
_MERMAID = {each: f"#{ord(each)};" for each in '"#$%&*:;<>\\`'}
_MERMAID["ﬂ"] = "fl"  # Mermaid puts ﬂ° in the place of an entity's start
_WORDS = re.compile(
    r"(?i)^(?=\d|acc(?:title|descr)|href|call|click|gantt|(?:date|axis)format|inclusiveenddates|topaxis|tickinterval|[ie][nx]cludes|todaymarker|week(?:day|end)|title|section)."
    r"|.(?<=d)(?=irection )"
)
"""The first letter of what Mermaid would take for a statement: at the start of a line of a Gantt
chart, anywhere in one of a flow chart.
"""


def _label(text: str) -> str:
    """``text`` for a Mermaid diagram: everything that means something there as an entity; at most
    _LABEL characters.
    """
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    plain = plain if len(plain) <= _LABEL else f"{plain[: _LABEL - 1]}…"
    coded = "".join(_MERMAID.get(each, each) for each in plain)
    return _WORDS.sub(lambda each: f"#{ord(each[0])};", coded)


def graph(tasks: Sequence[Task], schema: Schema, today: date) -> list[str]:
    """A Mermaid flow chart of the dependencies among items, and of the items that have any: arrows
    lead from what must be done first.
    """
    number = {task.id.lower(): at for at, task in enumerate(tasks)}
    pairs = (
        (number.get(key.lower(), -1), at)
        for at, task in enumerate(tasks)
        for key in task.many("depends_on")
    )
    arrows = [pair for pair in dict.fromkeys(pairs) if pair[0] >= 0]
    head, tail = ["flowchart LR"], [
        "  classDef open fill:#f6f8fa,stroke:#57606a,color:#24292f",
        "  classDef active fill:#ddf4ff,stroke:#0969da,color:#24292f",
        "  classDef done fill:#dafbe1,stroke:#1a7f37,color:#24292f",
        "  classDef late fill:#ffebe9,stroke:#cf222e,color:#24292f",
    ]  # fmt: skip
    nodes: dict[int, str] = {}
    lines: list[str] = []
    room = _TEXT - _size(head + tail)
    for arrow in arrows[:_ARROWS]:
        new = {at: _node(at, tasks[at], schema, today) for at in arrow if at not in nodes}
        line = "  n{} --> n{}".format(*arrow)
        room -= _size([*new.values(), line])
        if room < 0:
            break
        nodes |= new
        lines.append(line)
    return (
        _diagram(
            [*head, *(nodes[at] for at in sorted(nodes)), *lines, *tail],
            len(arrows) - len(lines),
            "dependencies",
        )
        if lines
        else [NOTHING]
    )


def _node(at: int, task: Task, schema: Schema, today: date) -> str:
    return (
        f'  n{at}["{_label(task.id + " " + task.text("title"))}"]:::{_state(task, schema, today)}'
    )


def _size(lines: Sequence[str]) -> int:
    """How much of _TEXT lines take, or a bit less."""
    return sum(len(line.encode()) + 1 for line in lines)


def _diagram(lines: Sequence[str], left: int, of: str) -> list[str]:
    """A Mermaid diagram, and below it how many there were no room for."""
    return [
        "```mermaid",
        *lines,
        "```",
        *(
            [
                "",
                (
                    f"*{left:,} more {of} are too many for one diagram; a query that finds fewer"
                    " items shows them.*"
                ),
            ]
            if left
            else []
        ),
    ]


def _state(task: Task, schema: Schema, today: date) -> str:
    kind = schema.category(task.text("status"))
    if overdue(kind, task.text("due"), schema, today):
        return "late"
    return "done" if kind in ("done", "cancelled") else kind


def gantt(
    tasks: Sequence[Task], schema: Schema, today: date, names: Mapping[str, str]
) -> list[str]:
    """A Mermaid Gantt chart of the items with a due date, in a section for each project; ``names``
    are titles by folded id.
    """
    bars: dict[str, list[str]] = {}
    days: list[date] = []
    head = ["gantt", "  dateFormat YYYY-MM-DD", "  inclusiveEndDates", "  axisFormat %Y-%m"]
    room, left = _TEXT - _size(head), 0
    for task in tasks:
        span = _span(task, schema)
        if span is None:
            continue
        tag = {"late": "crit, ", "done": "done, ", "active": "active, "}.get(
            _state(task, schema, today), ""
        )
        project = names.get(task.text("project").lower(), task.text("project"))
        section = f"  section {_label(project) or 'Without a project'}"
        bar = (
            f"    {_label(task.id + ' ' + task.text('title')) or '#45;'} :{tag}{span[0]}, {span[1]}"
        )
        room -= _size([bar] if section in bars else [section, bar])
        if room < 0:
            left += 1
        else:
            bars.setdefault(section, []).append(bar)
            days += span
    if days and (max(days) - min(days)).days < _SHORT:
        head[-1] = "  axisFormat %m-%d"
    lines = [line for section, found in bars.items() for line in (section, *found)]
    return _diagram([*head, *lines], left, "items") if lines else [NOTHING]


def _span(task: Task, schema: Schema) -> tuple[date, date] | None:
    """First and last day: from start (else created) to due; None without a due date."""
    due = day(task.text("due"), schema.timezone)
    if due is None:
        return None
    start = day(task.text("start") or task.text("created"), schema.timezone) or due
    return min(start, due), due
