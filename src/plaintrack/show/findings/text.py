"""Findings for people: ``path:line:column: CODE severity: message``, the line with a mark under the
place, and what to do.
"""

from collections.abc import Callable, Iterator

from plaintrack.checks.report import Finding, Report

_COLOURS = {"error": "\x1b[31m", "warning": "\x1b[33m", "note": "\x1b[36m"}
_BOLD, _DIM, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_BREAKS = {code: chr(0x2400 + code) for code in range(32) if code != 9} | {
    0x7F: "\u2421",
    0x85: " ",
    0x2028: " ",
    0x2029: " ",
}


def flat(text: str) -> str:
    """``text`` on one line."""
    return text.translate(_BREAKS)


def write(report: Report, safe: Callable[[str], str] = flat, paint: bool = False) -> str:
    """The findings; ``safe`` makes text from files fit for where it is written, ``paint`` adds
    colours.
    """
    return "".join(f"{line}\n" for each in report.findings for line in _lines(each, safe, paint))


def _lines(finding: Finding, safe: Callable[[str], str], paint: bool) -> Iterator[str]:
    bold, dim, off, colour = (
        (_BOLD, _DIM, _OFF, _COLOURS[finding.severity]) if paint else ("", "", "", "")
    )
    place = safe(finding.place)
    if place.lstrip().startswith(
        ("::", "##")
    ):  # a path of a hostile workspace that GitHub would take for a command
        place = f"./{place}"
    yield (
        f"{bold}{place}:{off} {finding.code} {colour}{finding.severity}{off}:"
        f" {safe(finding.message)}"
    )
    if finding.excerpt and finding.line:
        shown = safe(finding.excerpt.replace("\t", " "))
        before = safe(finding.excerpt[: finding.column - 1].replace("\t", " "))
        width = (
            len(safe(finding.excerpt[finding.column - 1 : finding.end - 1].replace("\t", " ")))
            if finding.end
            else 1
        )
        # never a line that begins with text of a file: GitHub would take `  ::error::` for a
        # command
        yield (f"  | {shown}")
        yield f"  | {' ' * _cells(before)}{colour}{'^' * max(1, width)}{off}"
    if finding.hint:
        yield f"  {dim}fix: {safe(finding.hint)}{off}"


def _cells(text: str) -> int:
    """The columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    found: int = wcswidth(text)
    return found if found >= 0 else len(text)
