"""An import as a Document: what was read and made, what has no home, what is disputed."""

from typing import TYPE_CHECKING, Any

from plaintrack.errors import command
from plaintrack.model.count import plural
from plaintrack.render.document import Document, Table
from plaintrack.render.sections import Code, Heading, Sentences

if TYPE_CHECKING:
    from plaintrack.app.transfer.read import Reading
    from plaintrack.app.transfer.take import Imported
    from plaintrack.render.document import Part

MOST = 20
"""Rows of a table for people; programs get all."""


def imported(done: "Imported") -> Document:
    """What an import did, for people."""
    parts: list[Part] = [Sentences([_summary(done)])]
    if done.homeless:
        parts.append(Heading("", "Without a home"))
        rows = [
            (_short(each.name), str(each.items), _short(each.example), each.key or "(left out)")
            for each in done.homeless
        ]
        parts.append(Table(("PROPERTY", "ITEMS", "EXAMPLE", "KEPT AS"), rows))
    if done.altered:
        parts.append(Heading("", "Changed on the way"))
        parts.append(Table(("FIELD", "TIMES", "EXAMPLE", "BECOMES"), _altered(done)))
    if done.conflicts:
        parts.append(Heading("", "Changed here and there; kept as it is here"))
        parts.append(
            Table(
                ("ITEM", "FIELD", "HERE", "THERE"), [tuple(each) for each in done.conflicts[:MOST]]
            )
        )
        left = len(done.conflicts) - MOST
        more = [f"… and {left} more"] if left > 0 else []
        parts.append(
            Sentences([*more, "`--prefer there` takes what stands there, `--prefer here` keeps it"])
        )
    if done.held:
        parts.append(Heading("", "Not taken over; it stays as it is here"))
        rows = [(each.item, each.field, each.there, each.why) for each in done.held[:MOST]]
        parts.append(Table(("ITEM", "FIELD", "THERE", "WHY"), rows))
        left = len(done.held) - MOST
        parts.append(Sentences([f"… and {left} more"] if left > 0 else []))
    if done.changes and not done.dry:
        parts.append(Sentences([f"{item}: {what}" for item, what in done.changes[:MOST]]))
    if done.notes:
        parts.append(Sentences(done.notes))
    if done.dry:
        for written in done.samples:
            parts.append(Heading("", written.path))
            parts.append(Code((written.after or b"").decode("utf-8", "replace").splitlines()))
    if (done.made or done.changed) and not done.dry and not done.committed:
        line = command(
            "commit", "-m", f"import {plural(done.made + done.changed, 'item')} from {done.title}"
        )
        parts.append(Sentences([f"commit it by itself: {line}"]))
    return Document(parts)


def _summary(done: "Imported") -> str:
    counts = [
        f"{plural(done.read, 'item')} read",
        f"{done.made} {'would be made' if done.dry else 'made'}",
        f"{done.changed} {'would change' if done.dry else 'changed'}",
        f"{done.same} as they were",
        f"{done.skipped} skipped",
    ]
    numbers = (1, done.made, done.changed, done.same, done.skipped)
    said = [text for text, number in zip(counts, numbers, strict=True) if number]
    if done.comments:
        said.append(plural(done.comments, "comment"))
    if done.entries:
        said.append(plural(done.entries, "time entry", "time entries"))
    return f"{done.title}: {', '.join(said)}"


def _altered(done: "Imported") -> list[tuple[str, ...]]:
    return [
        (
            each.field,
            str(each.items),
            _short(each.old),
            f"{_short(each.new)} ({each.why})" if each.new else each.why,
        )
        for each in done.altered
    ]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"


def records(done: "Imported") -> Document:
    """The same for programs."""
    about: dict[str, Any] = {
        name: getattr(done, name)
        for name in (
            *("name", "read", "made", "changed", "same", "skipped", "comments", "entries"),
            *("committed", "dry"),
        )
    }
    about["homeless"] = [each._asdict() for each in done.homeless]
    about["altered"] = [each._asdict() for each in done.altered]
    about["conflicts"] = [each._asdict() for each in done.conflicts]
    about["held"] = [each._asdict() for each in done.held]
    about["notes"] = list(done.notes)
    about["updates"] = [{"id": item, "fields": what.split(", ")} for item, what in done.changes]
    return Document([], about)


def mapping(reading: "Reading") -> str:
    """A Mapping as YAML, to be edited and given again."""
    from plaintrack.text.format import scalar

    lines = [
        f"# What the words of {reading.codec.title} are called here.",
        "# Edit it, and give it with --mapping.",
        "# Nothing behind the colon leaves a word out.",
    ]
    for part, words in reading.mapping.parts.items():
        if not words:
            continue
        lines.append(f"{part}:")
        for theirs, ours in words.items():
            mark = "  # guessed" if (part, theirs) in reading.mapping.unsure else ""
            lines.append(f"  {scalar(theirs)}: {scalar(ours)}{mark}")
    return "\n".join(lines) + "\n"
