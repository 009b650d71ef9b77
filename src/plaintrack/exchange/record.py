"""What every exporter writes from: one item of ours, with its words as they stand."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import NamedTuple

from plaintrack.exchange.draft import Remark, Span, Words


class Record(NamedTuple):
    """One item for another program.

    ``fields`` are those of the front matter, by plaintrack's names. ``category`` is what the status
    means, ``rank`` where the priority stands among ``ranks`` (0: the first; None: none is set).
    ``minutes`` has the durations among the fields, in minutes of work. ``origins`` has, for each
    item that it names, the ``source`` that one came from. ``statuses`` are those of the workspace
    with their categories, in order; ``zone`` is its time zone. ``project`` is the id of its
    project, whose title is among the fields.
    """

    id: str
    title: str
    body: str
    category: str
    fields: Mapping[str, Words]
    rank: int | None = None
    ranks: int = 0
    minutes: Mapping[str, int] = {}
    remarks: tuple[Remark, ...] = ()
    spans: tuple[Span, ...] = ()
    origins: Mapping[str, str] = {}
    statuses: Mapping[str, str] = {}
    zone: tzinfo | None = None
    project: str = ""

    @property
    def group(self) -> bool:
        """Whether it is one of those that other programs know by their names alone."""
        return self.text("type") in ("project", "milestone", "goal")

    def text(self, name: str) -> str:
        """A field of one value; the first of several; empty without one."""
        found = self.fields.get(name, "")
        return found if isinstance(found, str) else (found[0] if found else "")

    def many(self, name: str) -> tuple[str, ...]:
        """A field of several values."""
        found = self.fields.get(name, ())
        return ((found,) if found else ()) if isinstance(found, str) else found
