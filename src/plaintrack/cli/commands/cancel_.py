"""``plaintrack cancel``: a step of the workflow."""

from plaintrack.cli import bulk

command = bulk.step("cancel", "Close items as cancelled.")
