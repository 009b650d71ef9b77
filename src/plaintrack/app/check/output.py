"""Where the report of a check goes beside the terminal: files, and a comment on a pull request."""

import os
from collections.abc import Iterable

from plaintrack.app.check.check import Asked
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.checks.report import Report
from plaintrack.errors import PlaintrackError
from plaintrack.render.visible import masked
from plaintrack.show.findings import write
from plaintrack.store import files
from plaintrack.store.place import top

COMMENT = "comment"
"""The format that becomes a comment on a pull request."""


def discreet(workspace: Snapshot, forms: Iterable[str]) -> None:
    """Before a check whose outcome goes to a pull request: what only the team may know stays out,
    unless the settings say that readers may know it.
    """
    if COMMENT not in forms:
        return
    try:
        workspace.discreet = not workspace.settings.site["private"]
    except (PlaintrackError, OSError):  # settings that cannot be used allow nothing
        workspace.discreet = True


def save(workspace: Snapshot, file: str, text: str) -> None:
    """Write a file that was named; raises LinkedOutput if it is, or lies behind, a symbolic link
    among the files of the work.

    Such a link may have come with a change that is being checked. Elsewhere links are the user's
    own.
    """
    full = os.path.abspath(file)
    for bound in (workspace.root, top(workspace.root) or workspace.root):
        inside = full.startswith(bound.rstrip(os.sep) + os.sep)
        link = files.linked(bound, os.path.relpath(full, bound)) if inside else None
        if link:
            raise files.LinkedOutput(link)
    with open(file, "w", encoding="utf-8") as handle:
        handle.write(text)


def written(workspace: Snapshot, asked: Asked, report: Report, form: str, paint: bool) -> str:
    """The Report in a format; a comment has the review of the change before it, if one was checked.

    What cannot be reviewed says why. ``paint``: with colours, where the format has some.
    """
    if form == "text":
        from plaintrack.show.findings.text import write as text

        return text(report, paint)
    if form == COMMENT:
        from plaintrack.show.findings.comment import write as comment

        if not workspace.discreet:
            return comment(report, _review(workspace, asked, report))
        report = _without_lines(workspace, report)
        return masked(comment(report, _review(workspace, asked, report)))
    return write(report, form)


def _without_lines(workspace: Snapshot, report: Report) -> Report:
    """A Report in which findings in people's files do not quote them."""
    try:
        room = workspace.settings.rooms.get("people", "")
    except (PlaintrackError, OSError):  # which is what the Report tells
        return report
    found = [
        each._replace(message=each.name.replace("-", " "), hint="see the file")
        if room and each.path.startswith(f"{room}/")
        else each
        for each in report.findings
    ]
    return report._replace(findings=tuple(found))


def _review(workspace: Snapshot, asked: Asked, report: Report) -> str:
    from urllib.parse import quote

    from plaintrack.app.snapshot import review
    from plaintrack.render.markdown import brief, limited
    from plaintrack.show.findings.comment import HALF
    from plaintrack.show.review import MORE, UNTOLD
    from plaintrack.show.review import review as document

    here = workspace.worktree
    if here is None or not (asked.since or asked.staged):
        return ""
    try:
        found = review.review(here, asked.since, asked.staged)
        groups = review.differing(here, found)
    except PlaintrackError as error:
        return f"### Work changed\n\n{brief(error.message)}\n"
    links = report.links + quote(report.prefix)
    drawn = document(
        groups, found.old, found.new, found.settings, links, UNTOLD if workspace.discreet else ()
    )
    return limited(drawn, HALF, MORE)
