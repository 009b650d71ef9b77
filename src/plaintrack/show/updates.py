"""Status updates as Documents."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plaintrack.model.update import Told, Update
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Heading, Prose
from plaintrack.show.items import Where

if TYPE_CHECKING:
    from plaintrack.render.document import Part
    from plaintrack.show import outputs

COLUMNS = ("id", "title", "type", "health", "from", "days")


def table(found: Iterable[Told], where: Where | None = None) -> Document:
    """Projects and goals for people: their health, who said so, and since how many days."""
    items = list(found)
    rows = [
        (
            each.id,
            each.title,
            each.kind,
            each.health,
            each.update.told if each.update else ("rule" if each.health else ""),
            _days(each),
        )
        for each in items
    ]
    links = [where(each.path) for each in items] if where else None
    return Document((Table(COLUMNS, rows, "health", flexible=1, links=links),))


def _days(each: Told) -> str:
    if each.days is None:
        return "due" if each.overdue else ""
    return f"{each.days}, due" if each.overdue else str(each.days)


_TOLD = (
    "id", "title", "type", "path", "health", "from", "by", "date", "days", "overdue",
)  # fmt: skip
_UPDATE = ("path", "health", "by", "date", "text", "problem")


def records(found: Iterable[Told]) -> Document:
    """The same for programs."""
    rows: list[outputs.Healthy] = [
        {
            "id": each.id,
            "title": each.title,
            "type": each.kind,
            "path": each.path,
            "health": each.health or None,
            "from": each.update.path if each.update else "rule",
            "by": each.update.by if each.update else None,
            "date": each.update.date if each.update else None,
            "days": each.days,
            "overdue": each.overdue,
        }
        for each in found
    ]
    return Document((Records(rows, columns=_TOLD),))


def whole(subject: Told, found: Iterable[Update]) -> Document:
    """One project or goal with all its updates, the latest first."""
    parts: list[Part] = [Heading(subject.id, subject.title)]
    for each in found:
        if each.problem:
            parts.append(Prose(each.problem.message, f"{each.path} (cannot be read)"))
        else:
            parts.append(
                Prose(each.text, f"{each.health}: {each.by or 'someone'} on {each.date[:10]}")
            )
    return Document(parts)


def texts(found: Iterable[Update]) -> Document:
    """The updates of one for programs."""
    rows: list[outputs.Update] = [
        {
            "path": each.path,
            "health": each.health or None,
            "by": each.by or None,
            "date": each.date or None,
            "text": each.text,
            "problem": each.problem.message if each.problem else None,
        }
        for each in found
    ]
    return Document((Records(rows, columns=_UPDATE),))
