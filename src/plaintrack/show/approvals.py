"""Verdicts on items as Documents."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from plaintrack.render.document import Document, Records, Table

if TYPE_CHECKING:
    from plaintrack.app.snapshot.approvals import Approved, Owned
    from plaintrack.model.approval import Verdict
    from plaintrack.show import outputs

COLUMNS = ("id", "title", "verdict", "by", "as", "when", "state", "content")
SHOWN = 12
"""As many digits of a digest tell it from all others that people meet."""


def states(found: "Approved") -> Iterator[tuple[str, "Verdict"]]:
    """Each verdict on an item with how it stands: ``valid``, ``void``, ``replaced``, ``broken``."""
    how = found.standing
    for state, verdicts in (
        ("valid", (*how.valid, *how.rejected)),
        ("void", how.void),
        ("replaced", how.past),
        ("broken", how.broken),
    ):
        for each in verdicts:
            yield state, each


def table(found: "Iterable[Approved]") -> Document:
    """Verdicts for people, with what is missing after those of each item."""
    rows = []
    for item in found:
        called = [item.task.id, item.task.text("title")]
        for state, each in states(item):
            rows.append(
                [
                    *called,
                    _word(each),
                    each.by,
                    each.role,
                    each.date[:16].replace("T", " "),
                    state,
                    each.content.rpartition(":")[2][:SHOWN],
                ]
            )
        if item.needed:
            rows.append([*called, "; ".join(item.lacks) or "all that is needed", *[""] * 5])
    return Document((Table(list(COLUMNS), rows, flexible=1),))


_VERDICT = (
    "id", "title", "path", "verdict", "by", "as", "date", "state", "content", "message", "file",
    "needed", "lacks",
)  # fmt: skip


def records(found: "Iterable[Approved]") -> Document:
    """Verdicts for programs, a record each; an item that lacks some has one without a verdict."""
    rows = []
    for item in found:
        about = {"id": item.task.id, "title": item.task.text("title"), "path": item.task.path}
        lacks = list(item.lacks)
        verdicts = [
            {
                **about,
                "verdict": _word(each),
                "by": each.by,
                "as": each.role,
                "date": each.date,
                "state": state,
                "content": each.content,
                "message": each.text,
                "file": each.path,
                "needed": item.needed,
                "lacks": lacks,
            }
            for state, each in states(item)
        ]
        empty = dict.fromkeys(("verdict", "by", "as", "date", "state", "content", "message"), "")
        nothing = {**about, **empty, "file": "", "needed": item.needed, "lacks": lacks}
        rows += verdicts or [nothing]
    return Document((Records(rows, columns=_VERDICT),))


def _word(verdict: "Verdict") -> str:
    if verdict.problem:
        return "broken"
    return "approved" if verdict.approved else "rejected"


def owners(found: "Iterable[Owned]") -> Document:
    """Items with their owners for people."""
    rows = [
        (
            each.task.id,
            each.task.text("title"),
            ", ".join(each.owners),
            ", ".join(each.people) if tuple(each.people) != tuple(each.owners) else "",
        )
        for each in found
    ]
    return Document((Table(("id", "title", "owners", "people"), rows, flexible=1),))


def owners_of(found: "Iterable[Owned]") -> Document:
    """The same for programs; beside them all people (``reviewers``) and groups (``labels``)."""
    items = list(found)
    people = {one for each in items for one in each.people}
    groups = {one for each in items for one in each.owners} - people
    rows: list[outputs.Owned] = [
        {
            "id": each.task.id,
            "title": each.task.text("title"),
            "path": each.task.path,
            "owners": list(each.owners),
            "people": list(each.people),
        }
        for each in items
    ]
    beside: outputs.Asked = {"reviewers": sorted(people), "labels": sorted(groups)}
    columns = ("id", "title", "path", "owners", "people")
    return Document((Records(rows, columns=columns),), beside)
