"""A portfolio as a Document: what became of its sources, and how old its repositories are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plaintrack.model.count import plural
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Alert, Heading, Sentences

if TYPE_CHECKING:
    from plaintrack.app.reporting.portfolio import Mirrored, Outcome, Status
    from plaintrack.errors import PlaintrackError
    from plaintrack.render.document import Part
    from plaintrack.show import outputs

_LOADED = ("source", "repository", "state", "items", "removed", "changes", "error", "hint")
_MIRRORED = ("address", "folder", "state", "tip", "error", "hint")
_STANDING = ("repository", "state", "tip", "tip_time", "loaded", "seen", "items", "source", "error")
_UNITS = ((86_400, "d"), (3600, "h"))


def outcome(found: "Outcome") -> str:
    """What became of one source, in a line."""
    if found.error is not None:
        return _failed(found.source, found.error)
    parts = [plural(found.items, "item")]
    parts += [f"{found.removed} removed"] if found.removed else []
    parts += [plural(found.changes, "change")]
    told = "" if found.what == "same" else f": {', '.join(parts)}"
    return f"{found.what:8} {found.name}{told}  ({found.seconds:.1f} s)"


def _failed(source: str, error: "PlaintrackError") -> str:
    """A failure, with its source once."""
    told = _told(error)
    return f"failed   {told if source in error.message else f'{source}: {told}'}"


def _told(error: "PlaintrackError") -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message


def outcomes(some: "Sequence[Outcome]") -> Document:
    """What became of all sources, for programs."""
    rows: list[outputs.LoadedSource] = [
        {
            "source": each.source,
            "repository": each.name or None,
            "state": each.what,  # type: ignore[typeddict-item]
            "items": each.items,
            "removed": each.removed,
            "changes": each.changes,
            "error": each.error.message if each.error else None,
            "hint": each.error.hint or None if each.error else None,
        }
        for each in some
    ]
    return Document([Records([dict(each) for each in rows], "sources", _LOADED)])


def mirrored(found: "Mirrored") -> str:
    """What became of one mirror, in a line."""
    if found.error is not None:
        return _failed(found.address, found.error)
    return f"{found.what:8} {found.address}  {found.tip[:10]}  {found.folder}"


def mirrors(some: "Sequence[Mirrored]") -> Document:
    """What became of all mirrors, for programs."""
    rows: list[outputs.Mirror] = [
        {
            "address": each.address,
            "folder": each.folder or None,
            "state": each.what,  # type: ignore[typeddict-item]
            "tip": each.tip or None,
            "error": each.error.message if each.error else None,
            "hint": each.error.hint or None if each.error else None,
        }
        for each in some
    ]
    return Document([Records([dict(each) for each in rows], "mirrors", _MIRRORED)])


def status(found: "Status", now: float) -> Document:
    """The repositories and how old their data is, what is stale and what failed, for people."""
    return Document(list(_status(found, now)))


def _status(found: "Status", now: float) -> "list[Part]":
    rows = [
        (
            each.name,
            each.tip[:10],
            f"{_ago(now - each.tip_time)} ago",
            f"{_ago(now - each.seen)} ago",
            f"{each.items:,}",
            "stale" if each.name in found.stale else "",
            each.source,
        )
        for each in found.repositories
    ]
    columns = ("repository", "tip", "committed", "looked at", "items", "", "source")
    late = frozenset(at for at, row in enumerate(rows) if row[5])
    parts: list[Part] = [Table(columns, rows, late=late, flexible=6)] if rows else []
    if found.failures:
        parts.append(Heading("Failed:", str(len(found.failures))))
        failed = [
            (
                each.name or each.source,
                f"{each.times} × since {_ago(now - each.since)}",
                each.message,
                each.hint,
            )
            for each in found.failures
        ]
        parts.append(Table(("repository", "times", "why", "what to do"), failed, flexible=2))
    total = sum(each.items for each in found.repositories)
    count = plural(len(found.repositories), "repository", "repositories")
    said = f"{count}, {total:,} items"
    if found.stale:
        parts.append(Alert(f"{said}; stale: {len(found.stale)}"))
    else:
        parts.append(Sentences([said]))
    return parts


def _ago(seconds: float) -> str:
    """A length of time in one unit."""
    for size, unit in _UNITS:
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds // 60))} min"


def standing(found: "Status", iso: "dict[float, str]") -> Document:
    """The same for programs; ``iso`` has the moments as texts."""
    rows: list[outputs.LoadedRepository] = [
        {
            "repository": each.name,
            "state": "stale" if each.name in found.stale else "fresh",
            "tip": each.tip,
            "tip_time": iso[each.tip_time],
            "loaded": iso[each.loaded],
            "seen": iso[each.seen],
            "items": each.items,
            "source": each.source,
            "error": None,
        }
        for each in found.repositories
    ]
    rows += [
        {
            "repository": each.name or None,
            "state": "failed",
            "tip": None,
            "tip_time": None,
            "loaded": None,
            "seen": iso[each.latest],
            "items": None,
            "source": each.source,
            "error": each.message,
        }
        for each in found.failures
    ]
    return Document([Records([dict(each) for each in rows], "repositories", _STANDING)])
