"""What rules have acted on, in every clone: a line each in a file of the work."""

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.rules.rule import Firing
from plaintrack.store import place
from plaintrack.text.format import lines

LEDGER = place.LEDGER


def acted(workspace: Workspace) -> dict[str, str]:
    """Key → workspace path of every firing in the ledger."""
    found = {}
    for month in workspace.entries(LEDGER):
        folder = f"{LEDGER}/{month}"
        found.update(
            {
                name[:-4]: f"{folder}/{name}"
                for name in workspace.entries(folder)
                if name.endswith(".yml")
            }
        )
    return found


def entry(firing: Firing) -> tuple[str, bytes]:
    """Path and bytes of a firing's file in the ledger."""
    text = "".join(
        lines(name, value)
        for name, value in (("rule", firing.rule), ("item", firing.item), ("why", firing.why))
        if value
    )
    return f"{LEDGER}/{firing.moment[:7]}/{firing.key}.yml", text.encode("utf-8", "replace")
