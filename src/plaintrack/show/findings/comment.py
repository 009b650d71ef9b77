"""The body of a comment on a pull request: the review of the work, what the change makes of other
items, and the findings.
"""

from plaintrack.checks.report import Report
from plaintrack.show.findings import markdown
from plaintrack.show.review import LARGEST

MARK = "<!-- plaintrack check -->"
"""The first line, by which a job finds the comment that it is to renew."""
HALF = LARGEST // 2
"""Characters that a review may have, so that there is room for findings."""


def write(report: Report, review: str = "") -> str:
    """``review`` is Markdown of at most HALF; all of it stays within the size that forges take."""
    head = f"{MARK}\n{review}\n" if review else f"{MARK}\n"
    return head + markdown.write(report, LARGEST - len(head))
