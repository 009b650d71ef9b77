"""Markdown for a step summary or the comment on a pull request: the counts, then a table, within the size that forges take."""

from urllib.parse import quote

from plaintrack.checks.report import Finding, Report
from plaintrack.show.findings.plain import gravest, line, path
from plaintrack.show.review import LARGEST, escape

_MARKS = {"error": "❌", "warning": "⚠️", "note": "ℹ️"}


def write(report: Report) -> str:
    """The report; what does not fit is counted."""
    lines = [f"### plaintrack check: {escape(report.summary())}", ""]
    lines += [f"{escape(each)}\n" for each in report.notes]
    if report.findings:
        lines += ["| | place | what | fix |", "| --- | --- | --- | --- |"]
    size, left = sum(len(each) + 1 for each in lines), 0
    for finding in gravest(report):
        row = _row(report, finding)
        if left or size + len(row) >= LARGEST:
            left += 1
            continue
        lines.append(row)
        size += len(row) + 1
    if left:
        lines += ["", f"… and {left} more."]
    return "\n".join(lines) + "\n"


def _row(report: Report, finding: Finding) -> str:
    place = escape(line(finding.path) + (f":{finding.line}" if finding.line else ""))
    where = f"[{place}]({quote(path(report, finding))}{f'#L{finding.line}' if finding.line else ''})"
    what = f"{escape(finding.message)} (`{finding.code}`)"
    return f"| {_MARKS[finding.severity]} | {where} | {what} | {escape(finding.hint)} |"
