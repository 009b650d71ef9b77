"""Annotations by GitHub's workflow commands: ``::error file=…,line=…::message``.

GitHub shows ten of each severity per step; the gravest come first and what is left over is counted
in a line of the log. Source: GitHub Docs, "Workflow commands for GitHub Actions".
"""

from collections import Counter

from plaintrack.checks.report import Finding, Report
from plaintrack.show.findings.plain import gravest, message, path

SHOWN = 10
"""Annotations of one severity per step."""
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def write(report: Report) -> str:
    """One annotation a line."""
    lines, shown = [], Counter[str]()
    for finding in gravest(report):
        shown[finding.severity] += 1
        if shown[finding.severity] <= SHOWN:
            lines.append(_command(report, finding))
    left = sum(max(0, count - SHOWN) for count in shown.values())
    if left:
        lines.append(f"plaintrack: {left} more than GitHub shows as annotations")
    return "".join(f"{each}\n" for each in lines)


def _command(report: Report, finding: Finding) -> str:
    about = {"file": path(report, finding), "title": f"{finding.code} {finding.name}"}
    if finding.line:
        about |= {"line": str(finding.line), "col": str(finding.column)}
    if finding.line and finding.end > finding.column:
        about["endColumn"] = str(finding.end)
    properties = ",".join(f"{name}={_property(value)}" for name, value in about.items())
    return f"::{_COMMANDS[finding.severity]} {properties}::{_data(message(finding))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    plain = "".join(each if each.isprintable() else "\ufffd" for each in text)
    return _data(plain).replace(":", "%3A").replace(",", "%2C")
