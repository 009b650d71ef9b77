"""Findings for programs: one JSON object a line."""

import json

from plaintrack.checks.report import Report
from plaintrack.show.findings.json import entry


def write(report: Report) -> str:
    """A line for each finding; nothing where there are none."""
    return "".join(json.dumps(entry(each)) + "\n" for each in report.findings)
