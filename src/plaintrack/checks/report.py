"""Findings and the Report: what a run of the checks came to, as every output format takes it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.checks.catalogue import Check
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.plan.compare import Comparison

SEVERITIES = ("error", "warning", "note")
"""The severities, the gravest first."""


class Finding(NamedTuple):
    """One thing that is wrong.

    ``code`` (``PT301``; for a check of the workspace's own, its name) is a key of
    ``Report.checks``, ``name`` the readable name. ``path`` is relative to the workspace, with
    ``/``; ``line`` and ``column`` count from 1 in characters (0: the file as a whole), ``end`` is
    the column behind the last character on that line (0: not known). ``excerpt`` is the line it
    points at, ``hint`` what to do, ``item`` the id of the item if it has one. ``message``,
    ``hint``, ``excerpt``, ``path`` and ``item`` hold text from files as it is: every format escapes
    it. ``key`` tells the finding from all others of its Report and does not move with lines: code,
    item or path, field and value.
    """

    code: str
    name: str
    path: str
    message: str
    hint: str = ""
    line: int = 0
    column: int = 0
    end: int = 0
    excerpt: str = ""
    severity: str = "error"
    item: str = ""
    key: str = ""

    @property
    def place(self) -> str:
        """``path:line:column``, or the path alone for a finding of the whole file."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits that stay the same as long as the finding does, wherever its line
        moves.
        """
        from hashlib import sha256

        return sha256(self.key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Effect(NamedTuple):
    """What a change makes of one item: it ``closes`` it, or it makes it ``overdue``, ``blocked`` or
    ``ready``; or of a person, whom it makes ``overbooked``.
    """

    kind: str
    id: str
    title: str
    path: str


class Replanned(NamedTuple):
    """What a change moves in the plan; ``paths`` are those of the items after it, by folded id."""

    comparison: "Comparison"
    paths: Mapping[str, str]


class Report(NamedTuple):
    """What a run of the checks came to.

    ``findings`` are ordered by path, line, column and code; ``checks`` has the catalogue's entry
    for every code among them. ``items`` is how many items were looked at, ``day`` the day (ISO)
    that counted as today. ``base`` and ``head`` name what was compared (both empty: everything was
    checked; ``head`` is a revision or ``staged``); ``policy`` is the revision that the rules were
    read from (empty: the present settings). ``waived`` and ``known`` count the findings that a
    waiver or the baseline hides. ``prefix`` is what stands before a path to have it from the top of
    the repository (empty, or a folder with ``/`` behind it). ``effects`` are what the change makes
    of items, if that was asked for; ``links`` is the address that Markdown puts before paths.
    ``looked`` is how many of the items the paths and the query narrowed it to (None: it was not
    narrowed). ``notes`` says in sentences what the reader should know of the run, such as the
    history a shallow clone lacked. ``replanned`` is what the change moves in the plan, where that
    was asked for and the settings have ``plan:``.
    """

    findings: tuple[Finding, ...]
    checks: Mapping[str, Check]
    items: int
    day: str
    base: str = ""
    head: str = ""
    policy: str = ""
    waived: int = 0
    known: int = 0
    notes: tuple[str, ...] = ()
    prefix: str = ""
    effects: tuple[Effect, ...] = ()
    links: str = ""
    looked: int | None = None
    replanned: Replanned | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        found = dict.fromkeys(SEVERITIES, 0)
        for each in self.findings:
            found[each.severity] += 1
        return found

    def summary(self) -> str:
        """One line: ``3 errors, 1 note in 120 items (today is 2026-11-23)``."""
        counts = [plural(number, severity) for severity, number in self.counts.items() if number]
        counts += [f"{self.waived} waived"] if self.waived else []
        counts += [f"{self.known} known from the baseline"] if self.known else []
        within = f"in {plural(self.items, 'item')}"
        if self.looked is not None:
            within = f"in {self.looked} of {self.items} items looked at"
        return f"{', '.join(counts) or 'nothing found'} {within} (today is {self.day})"

    def fails(self, on: str) -> bool:
        """Whether there is a finding as grave as ``on`` (a severity, or ``never``)."""
        return on in SEVERITIES and any(
            SEVERITIES.index(each.severity) <= SEVERITIES.index(on) for each in self.findings
        )
