"""Checkstyle's XML, which many review tools read."""

from itertools import groupby

from plaintrack.checks.report import Finding, Report
from plaintrack.show.findings.plain import line, message, path
from plaintrack.show.findings.xml import HEADER, tag

_SEVERITIES = {"error": "error", "warning": "warning", "note": "info"}


def write(report: Report) -> str:
    """A ``file`` per path, an ``error`` per finding."""
    files = [
        tag("file", "\n" + "".join(map(_error, some)), name=line(name))
        for name, some in groupby(report.findings, key=lambda finding: path(report, finding))
    ]
    return HEADER + tag("checkstyle", "\n" + "".join(files), version="4.3")


def _error(finding: Finding) -> str:
    place = {"line": max(1, finding.line), "column": max(1, finding.column)}
    return tag(
        "error",
        **place,
        severity=_SEVERITIES[finding.severity],
        message=message(finding),
        source=f"plaintrack.{finding.code}",
    )
