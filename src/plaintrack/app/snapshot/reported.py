"""Which files of a workspace a report wrote: those are a report's to overwrite and to commit."""

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.store import files

MARK = "<!-- plaintrack report: {} -->"
"""What a report in a Markdown file begins with."""
META = '<meta name="generator" content="plaintrack report {}">'
"""What it has in HTML."""
_MARKS = (
    MARK.partition("{")[0].encode(),
    META.partition("{")[0].encode(),
    b'"report": ',
)
_ENDINGS = (".md", ".html", ".json")
_HEAD = 4000


def reported(data: bytes) -> bool:
    """Whether a file with this content was written by a report."""
    return any(mark in data[:_HEAD] for mark in _MARKS)


def by_report(snapshot: Snapshot, path: str) -> bool:
    """Whether a report wrote the file at ``path``."""
    if not path.endswith(_ENDINGS):
        return False
    try:
        return reported(snapshot.read(path))
    except (OSError, files.Oddity):
        return False
