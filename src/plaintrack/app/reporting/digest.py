"""The digest of a person's inbox as a text, for a mail or a chat."""

from plaintrack.app.snapshot import inbox
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.render.markdown import draw
from plaintrack.show.inbox import digest


def text(workspace: Workspace, who: str, period: str) -> str:
    """What concerned a person in the last ``day`` or ``week``, as Markdown; empty if nothing did.
    Raises UnknownName, NoGit.
    """
    found = inbox.digest_of(workspace, inbox.DAYS[period], who)
    if not found.items:
        return ""
    return "\n".join(draw(digest(found.items, inbox.title(workspace, period, who))))
