"""A report in a file of the workspace, as rules write it."""

from collections.abc import Sequence

from plaintrack.app.reporting.drawn import drawn
from plaintrack.app.reporting.report import Asked, report
from plaintrack.app.snapshot.reported import MARK, reported
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.writer import Writer
from plaintrack.config.values import inside
from plaintrack.errors import PlaintrackError
from plaintrack.show.items import address
from plaintrack.store import place

_ENDS = {".md": "markdown", ".html": "html", ".json": "json"}


class NotAReportFile(PlaintrackError):
    """A report cannot be written to that path."""

    slug = "not-a-report-file"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"a report cannot be written to {path!r}",
            "name a file below the workspace that ends in .md, .html or .json, outside of the"
            " folders of items, rules and people",
        )


class NotAReport(PlaintrackError):
    """The file is there, and no report made it."""

    slug = "not-a-report"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was not written by a report and is kept", "name another file, or remove it"
        )


def text(workspace: Workspace, words: Sequence[str], since: str) -> str:
    """A report as Markdown; ``words`` are its name and what comes after it."""
    made = report(_apart(workspace), words[0] if words else "", Asked(words[1:], since))
    return drawn(made, "markdown")


def write(writer: Writer, words: Sequence[str], to: str, since: str) -> list[str]:
    """Write a report into a file, unless it says the same already; what to tell. Raises
    NotAReportFile, NotAReport, and what the report raises.
    """
    workspace = writer.workspace
    form = _form(workspace, to)
    before = _before(workspace, to)
    asked = Asked(words[1:], since, lambda path: address(path, to))
    made = report(_apart(workspace), words[0] if words else "", asked)
    told = drawn(made, form)
    if form == "markdown":
        told = f"{MARK.format(made.name)}\n\n{told}"
    data = told.encode()
    if before == data:
        return []
    if before is None:
        writer.create(to, data)
    else:
        writer.rewrite(to, before, data)
    return [f"report {made.name} written to {to}"]


def _apart(workspace: Workspace) -> Workspace:
    """The same files as another snapshot: what a report leaves out, others may need."""
    return Workspace(workspace.root, listener=workspace.listener, day=workspace.day)


def _form(snapshot: Snapshot, to: str) -> str:
    """The format of a file, by its name. Raises NotAReportFile."""
    form = next((form for end, form in _ENDS.items() if to.endswith(end)), "")
    settings = snapshot.settings
    taken = (*settings.tops, *settings.rooms.values(), place.COMMENTS, "automations", "templates")
    if (
        not form
        or not inside(to)
        or to.startswith(("/", "."))
        or "/." in to
        or any(to.startswith(f"{folder}/") for folder in taken)
    ):
        raise NotAReportFile(to)
    return form


def _before(snapshot: Snapshot, to: str) -> bytes | None:
    """What the file holds; None: there is none. Raises NotAReport."""
    try:
        data = snapshot.read(to)
    except FileNotFoundError:
        return None
    if not reported(data):
        raise NotAReport(to)
    return data
