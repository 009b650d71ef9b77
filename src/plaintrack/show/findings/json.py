"""Findings for programs: one JSON object."""

import json
from typing import Any

from plaintrack.checks.report import Finding, Replanned, Report


def write(report: Report) -> str:
    """The whole Report; ``schema`` is the version of this form, which only grows."""
    found = {
        "schema": 1,
        "day": report.day,
        "base": report.base,
        "head": report.head,
        "policy": report.policy,
        "items": report.items,
        "counts": report.counts,
        "waived": report.waived,
        "known": report.known,
        "notes": report.notes,
        "effects": [each._asdict() for each in report.effects],
        "plan": _plan(report.replanned),
        "findings": [entry(each) for each in report.findings],
    }
    return json.dumps(found, indent=2) + "\n"


def _plan(replanned: Replanned | None) -> dict[str, Any] | None:
    """What the change moves in the plan; None where that was not compared."""
    if replanned is None:
        return None
    from plaintrack.show.plan import moved_records

    return moved_records(replanned.comparison)


def entry(finding: Finding) -> dict[str, Any]:
    """One finding; ``line``, ``column`` and ``end`` are null where the finding is about the file as
    a whole.
    """
    given = finding._asdict()
    del given["key"]
    places = {name: given[name] or None for name in ("line", "column", "end")}
    return {**given, **places, "fingerprint": finding.fingerprint}
