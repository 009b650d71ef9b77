"""Findings for people: ``path:line:column: CODE severity: message``, the line with a mark under the
place, and what to do.
"""

from collections.abc import Iterator

from plaintrack.checks.report import Finding, Report
from plaintrack.render.table import cell_width
from plaintrack.render.visible import safe

_COLOURS = {"error": "\x1b[31m", "warning": "\x1b[33m", "note": "\x1b[36m"}
_BOLD, _DIM, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def write(report: Report, paint: bool = False) -> str:
    """The findings, safe for a terminal; ``paint`` adds colours."""
    return "".join(f"{line}\n" for each in report.findings for line in _lines(each, paint))


def _lines(finding: Finding, paint: bool) -> Iterator[str]:
    bold, dim, off = (_BOLD, _DIM, _OFF) if paint else ("", "", "")
    colour = _COLOURS[finding.severity] if paint else ""
    place = safe(finding.place)
    # GitHub would take the path of a hostile workspace for a command
    if place.lstrip().startswith(("::", "##")):
        place = f"./{place}"
    severity = f"{colour}{finding.severity}{off}"
    yield f"{bold}{place}:{off} {finding.code} {severity}: {safe(finding.message)}"
    if finding.excerpt and finding.line:
        # never a line that begins with text of a file: GitHub would take `  ::error::` for a
        # command
        yield f"  | {_shown(finding.excerpt)}"
        before = _shown(finding.excerpt[: finding.column - 1])
        yield f"  | {' ' * cell_width(before)}{colour}{'^' * _width(finding)}{off}"
    if finding.hint:
        yield f"  {dim}fix: {safe(finding.hint)}{off}"


def _shown(excerpt: str) -> str:
    return safe(excerpt.replace("\t", " "))


def _width(finding: Finding) -> int:
    """How many marks stand below the place."""
    if not finding.end:
        return 1
    return max(1, len(_shown(finding.excerpt[finding.column - 1 : finding.end - 1])))
