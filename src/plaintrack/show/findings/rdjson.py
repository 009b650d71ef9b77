"""Reviewdog's diagnostic format as JSON (rdjson). Source: reviewdog, proto/rdf/reviewdog.proto:
columns count bytes of UTF-8.
"""

from plaintrack.checks.report import Finding, Report
from plaintrack.show.findings.plain import encoded, message, path

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def write(report: Report) -> str:
    """One diagnostic per finding."""
    return encoded(
        {
            "source": {"name": "plaintrack"},
            "diagnostics": [_diagnostic(report, each) for each in report.findings],
        }
    )


def _diagnostic(report: Report, finding: Finding) -> dict[str, object]:
    location: dict[str, object] = {"path": path(report, finding)}
    if finding.line:
        area = {"start": {"line": finding.line, "column": _bytes(finding, finding.column)}}
        if finding.end > finding.column:
            area["end"] = {"line": finding.line, "column": _bytes(finding, finding.end)}
        location["range"] = area
    return {
        "message": message(finding),
        "location": location,
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": f"{finding.code} {finding.name}"},
    }


def _bytes(finding: Finding, column: int) -> int:
    """The column in bytes of UTF-8, from 1, as far as the excerpt tells."""
    return max(1, column) + sum(
        len(each.encode("utf-8", "replace")) - 1 for each in finding.excerpt[: max(0, column - 1)]
    )
