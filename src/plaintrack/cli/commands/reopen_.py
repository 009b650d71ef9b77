"""``plaintrack reopen``: a step of the workflow."""

from plaintrack.cli import bulk

command = bulk.step("reopen", "Open closed items again; archived ones come back from the archive.")
