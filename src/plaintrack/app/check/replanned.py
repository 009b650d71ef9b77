"""What a change moves in the plan: the plans of both sides, with one today."""

from datetime import date

from plaintrack.app.planning.plan import between
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.checks.report import Replanned
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.store.index import ask


def replanned(
    older: Snapshot, newer: Snapshot, today: date, names: tuple[str, str]
) -> tuple[Replanned | None, str]:
    """The plans compared; or None, and in a sentence why they cannot be."""
    try:
        found = between(older, newer, today, names)
    except PlaintrackError as error:
        return None, f"the plans before and after were not compared: {error.message}"
    circles = {*found.before.circle, *found.after.circle}
    if circles:
        listed = ", ".join(sorted(circles)[:6])
        return None, f"the plans before and after were not compared: {listed} wait for each other"
    places = ask.places(newer.index.connection)
    return Replanned(found, {fold(item): path for item, path in places}), ""
