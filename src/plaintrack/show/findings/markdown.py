"""Markdown for a step summary: the counts, what the change makes of other items, then a table,
within the size that forges take.
"""

from collections.abc import Iterator
from urllib.parse import quote

from plaintrack.checks.report import Effect, Finding, Report
from plaintrack.render.markdown import brief
from plaintrack.show.findings.plain import gravest, line, path
from plaintrack.show.review import LARGEST

_MARKS = {"error": "❌", "warning": "⚠️", "note": "ℹ️"}
_KINDS = {
    "closes": "Closes",
    "overdue": "Becomes overdue",
    "blocked": "Becomes blocked",
    "ready": "Becomes ready",
    "overbooked": "Becomes overbooked",
}
_SHOWN = 20
"""Items of one effect that are named."""


def write(report: Report, most: int = LARGEST) -> str:
    """The report; what does not fit into ``most`` characters is counted."""
    lines = [f"### plaintrack check: {brief(report.summary())}", "", *_effects(report)]
    lines += [f"{brief(each)}\n" for each in report.notes]
    if report.findings:
        lines += ["| | place | what | fix |", "| --- | --- | --- | --- |"]
    size, left = sum(len(each) + 1 for each in lines), 0
    for finding in gravest(report):
        row = _row(report, finding)
        if left or size + len(row) >= most:
            left += 1
            continue
        lines.append(row)
        size += len(row) + 1
    if left:
        lines += ["", f"… and {left} more."]
    return "\n".join(lines) + "\n"


def _effects(report: Report) -> Iterator[str]:
    """One line for each kind of effect, and a blank one behind them."""
    for kind, name in _KINDS.items():
        some = [each for each in report.effects if each.kind == kind]
        if some:
            more = f"; and {len(some) - _SHOWN} more" if len(some) > _SHOWN else ""
            yield f"* **{name}:** {'; '.join(_item(report, each) for each in some[:_SHOWN])}{more}"
    if report.effects:
        yield ""


def _item(report: Report, effect: Effect) -> str:
    name = brief(effect.id)
    if effect.path:
        name = f"[{name}]({_link(report, effect.path)})"
    return f"{name} {brief(effect.title)}".rstrip()


def _link(report: Report, name: str) -> str:
    return report.links + quote((report.prefix + name).encode("utf-8", "backslashreplace").decode())


def _row(report: Report, finding: Finding) -> str:
    place = brief(line(finding.path) + (f":{finding.line}" if finding.line else ""))
    anchor = f"#L{finding.line}" if finding.line else ""
    where = f"[{place}]({report.links}{quote(path(report, finding))}{anchor})"
    what = f"{brief(finding.message)} (`{finding.code}`)"
    return f"| {_MARKS[finding.severity]} | {where} | {what} | {brief(finding.hint)} |"
