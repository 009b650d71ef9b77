"""``plaintrack done``: a step of the workflow."""

from plaintrack.cli import bulk

command = bulk.step("done", "Close items as done.")
