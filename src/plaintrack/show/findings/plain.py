"""What the formats share: text from files made harmless, and the gravest findings first."""

import json

from plaintrack.checks.report import SEVERITIES, Finding, Report


def line(text: str) -> str:
    """``text`` in one line, with a mark for every character that is not to be printed."""
    return "".join(
        each if each.isprintable() else "\ufffd"
        for each in text.replace("\n", " ").replace("\t", " ")
    )


def message(finding: Finding) -> str:
    """What is wrong and what to do, in one line."""
    return line(f"{finding.message} ({finding.hint})" if finding.hint else finding.message)


def path(report: Report, finding: Finding) -> str:
    """The path from the top of the repository; a name that is not UTF-8 with its bytes escaped."""
    return (report.prefix + finding.path).encode("utf-8", "backslashreplace").decode()


def gravest(report: Report) -> list[Finding]:
    """The findings, errors first."""
    return sorted(report.findings, key=lambda finding: SEVERITIES.index(finding.severity))


def title(report: Report, code: str) -> str:
    """The title of a check."""
    return line(report.checks[code].explained.title)


def encoded(value: object) -> str:
    """``value`` as JSON in ASCII, which no reader can stumble over."""
    return json.dumps(value, indent=2) + "\n"
