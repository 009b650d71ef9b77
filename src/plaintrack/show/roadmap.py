"""A roadmap as a Document: milestones, projects and goals, and how their dates stand."""

from collections.abc import Sequence
from datetime import date

from plaintrack.model.count import plural
from plaintrack.plan.answer import Line, Planned
from plaintrack.render.document import Document, Table
from plaintrack.render.sections import Sentences
from plaintrack.show.plan import WEEKS, gantt

COLUMNS = ("id", "title", "type", "start", "end", "due", "target", "dates")
_TYPES = ("project", "goal")


def marks(lines: Sequence[Line]) -> list[Line]:
    """The milestones, projects and goals among the lines."""
    return [line for line in lines if line.milestone or line.type in _TYPES]


def table(lines: Sequence[Line]) -> Document:
    """The roadmap as a table."""
    said = Sentences(sentences(lines))
    return Document((_table(lines), said) if lines else (said,))


def chart(planned: Planned, lines: Sequence[Line], weeks: int = WEEKS) -> Document:
    """The roadmap as a chart, with the table below it."""
    if not lines:
        return table(lines)
    drawing = next(iter(gantt(planned, lines, "none", weeks).parts))
    return Document((drawing, _table(lines), Sentences(sentences(lines))))


def _table(lines: Sequence[Line]) -> Table:
    rows = [
        (
            line.id,
            line.title,
            line.type,
            line.start,
            ("~" if line.assumed else "") + line.end,
            line.due,
            line.target,
            dates(line),
        )
        for line in lines
    ]
    late = frozenset(number for number, line in enumerate(lines) if line.late or line.slip)
    return Table(COLUMNS, rows, late=late, flexible=len(COLUMNS) - 1)


def dates(line: Line) -> str:
    """How the dates of a milestone, project or goal stand: by how many days the planned end lies
    after the due date, or before it; and after the day that was agreed on, where that is past.
    """
    if not line.end:
        return f"no dates: {line.reason}"
    found = []
    if line.late:
        found.append(f"{plural(line.late, 'day')} late")
    elif line.due:
        spare = (date.fromisoformat(line.due) - date.fromisoformat(line.end)).days
        found.append(f"in time, {plural(spare, 'day')} to spare" if spare else "in time, just")
    if line.slip:
        found.append(f"{plural(line.slip, 'day')} after what was agreed")
    if line.summary and line.why:
        found.append(line.why)
    return "; ".join(found) or "no due date"


def sentences(lines: Sequence[Line]) -> list[str]:
    """What the roadmap says as a whole."""
    if not lines:
        return ["There is no open milestone, project or goal."]
    late = sum(bool(line.late) for line in lines)
    undated = sum(not line.end for line in lines)
    counts = [f"{late} will be late" if late else "none will be late"]
    if undated:
        counts.append(f"{undated} without dates")
    some = plural(len(lines), "milestone, project or goal", "milestones, projects and goals")
    found = [f"{some}: {', '.join(counts)}."]
    if any(line.assumed for line in lines):
        found.append("Ends marked ~ rest on assumed estimates.")
    return found
