"""What every exporter writes from: one item of ours, with its words as they stand."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import NamedTuple

from plaintrack.exchange.changes import AUTHORS, CLOCK, FOLDED, LAG, MOMENTS, Change, Changes
from plaintrack.exchange.draft import Remark, Span, Words
from plaintrack.exchange.source import iso_day


class Record(NamedTuple):
    """One item for another program.

    ``fields`` are those of the front matter, by plaintrack's names. ``category`` is what the status
    means, ``rank`` where the priority stands among ``ranks`` (0: the first; None: none is set).
    ``minutes`` has the durations among the fields, in minutes of work. ``origins`` has, for each
    item that it names, the ``source`` that one came from. ``statuses`` are those of the workspace
    with their categories, in order; ``zone`` is its time zone. ``project`` is the id of its
    project, whose title is among the fields. ``changes`` counts what a codec writes otherwise.
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
    changes: Changes | None = None

    def tell(self, field: str, old: str, new: str, why: str) -> None:
        """Count a value that is written otherwise than it stands."""
        if self.changes is not None:
            self.changes.add(Change(field, old, new, why))

    @property
    def group(self) -> bool:
        """Whether it is one of those that other programs know by their names alone."""
        return self.text("type") in ("project", "milestone", "goal")

    def tell_status(self, word: str) -> None:
        """Count a status that other statuses share a word with."""
        mine = self.text("status")
        if sum(kind == self.category for kind in self.statuses.values()) > 1:
            self.tell("status", mine, word, FOLDED)

    def tell_dates(self, *names: str) -> None:
        """Count the moments among these fields of which the day is written."""
        for name in names:
            text = self.text(name)
            if len(text) > 10 and iso_day(text):
                self.tell(name, text, iso_day(text), CLOCK)

    def tell_remarks(self, *, moments: bool) -> None:
        """Count the comments whose authors are not written, and without ``moments`` their
        moments.
        """
        for remark in self.remarks:
            if remark.author:
                self.tell("comments", remark.author, "", AUTHORS)
            if remark.date and not moments:
                self.tell("comments", remark.date, "", MOMENTS)

    def blockers(self) -> list[str]:
        """The ids of what it waits for, in formats without lags."""
        found = []
        for each in self.many("depends_on"):
            found.append(each.split()[0])
            if found[-1] != each:
                self.tell("depends_on", each, found[-1], LAG)
        return found

    def tight(self, field: str, text: str, sign: str = "-") -> str:
        """A text without blanks."""
        found = sign.join(text.split())
        if found != text:
            self.tell(field, text, found, f"`{sign}` for blanks")
        return found

    def text(self, name: str) -> str:
        """A field of one value; the first of several; empty without one."""
        found = self.fields.get(name, "")
        return found if isinstance(found, str) else (found[0] if found else "")

    def many(self, name: str) -> tuple[str, ...]:
        """A field of several values."""
        found = self.fields.get(name, ())
        return ((found,) if found else ()) if isinstance(found, str) else found
