"""Markdown for a step summary: the counts, what the change makes of other items, then a table,
within the size that forges take.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from plaintrack.checks.report import Effect, Finding, Report
from plaintrack.model.task import fold
from plaintrack.render.markdown import brief
from plaintrack.show.findings.plain import gravest, line, path
from plaintrack.show.review import LARGEST

if TYPE_CHECKING:
    from plaintrack.plan.compare import Moved

_MARKS = {"error": "❌", "warning": "⚠️", "note": "ℹ️"}
_KINDS = {
    "closes": "Closes",
    "overdue": "Becomes overdue",
    "blocked": "Becomes blocked",
    "ready": "Becomes ready",
    "overbooked": "Becomes overbooked",
}
_MOVES = 10
"""Items that move in the plan and are named."""
_SHOWN = 20
"""Items of one effect that are named."""


def write(report: Report, most: int = LARGEST) -> str:
    """The report; what does not fit into ``most`` characters is counted."""
    lines = [
        f"### plaintrack check: {brief(report.summary())}",
        "",
        *_effects(report),
        *_plan(report),
    ]
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


def _plan(report: Report) -> Iterator[str]:
    """What the change moves in the plan: in sentences, and the items that move the most."""
    if report.replanned is None:
        return
    from plaintrack.show.plan import told

    compared = report.replanned.comparison
    yield from ("#### Plan", "")
    yield from (f"* {brief(sentence)}" for sentence in told(compared))
    yield ""
    rows = [row for row in compared.moved if row.late or row.how not in ("new", "gone")]
    if not rows:
        return
    yield from ("| item | working days | ends | why |", "| --- | --- | --- | --- |")
    for row in rows[:_MOVES]:
        yield _move(report, row)
    if len(rows) > _MOVES:
        yield ""
        yield f"… and {len(rows) - _MOVES} more; `plaintrack plan --compare` shows all."
    yield ""


def _move(report: Report, row: "Moved") -> str:
    """One item that the plan has at another time."""
    path = report.replanned.paths.get(fold(row.line.id), "") if report.replanned else ""
    item = _item(report, Effect("", row.line.id, row.line.title, path))
    how = f"{row.days:+d}" if row.days else row.how
    if row.late or row.freed:
        how += ", **newly late**" if row.late else ", no longer late"
    before, after = (side.end if side and side.end else "–" for side in (row.before, row.after))
    ends = after if before == after else f"{before} → {after}"
    why = ""
    if row.after:
        why = row.after.why or row.after.reason or ("in progress" if row.after.begun else "")
    return f"| {item} | {how} | {ends} | {brief(why)} |"


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
