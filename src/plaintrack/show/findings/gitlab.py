"""GitLab's code quality report. Source: GitLab Docs, "Code Quality", "Code Quality report
format".
"""

from plaintrack.checks.report import Report
from plaintrack.show.findings.plain import encoded, message, path

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def write(report: Report) -> str:
    """A list with one entry per finding."""
    entries = [
        {
            "description": message(finding),
            "check_name": f"{finding.code} {finding.name}",
            "fingerprint": finding.fingerprint,
            "severity": _SEVERITIES[finding.severity],
            "location": {"path": path(report, finding), "lines": {"begin": max(1, finding.line)}},
        }
        for finding in report.findings
    ]
    return encoded(entries)
