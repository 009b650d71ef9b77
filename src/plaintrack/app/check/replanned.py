"""What a change moves in the plan: the plans of both sides, with one today."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.checks.report import Replanned
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.store.index import ask

if TYPE_CHECKING:
    from plaintrack.plan.compare import Comparison

WHY = "the plans before and after were not compared"


class Plans:
    """The plans of both sides of a change, made once, when they are first asked for."""

    def __init__(
        self,
        older: Callable[[], Snapshot],
        newer: Callable[[], Snapshot],
        today: date,
        names: tuple[str, str],
    ) -> None:
        """``older`` and ``newer`` give all of a side; both are planned with the same ``today``."""
        self._older, self._newer = older, newer
        self.today, self.names = today, names

    @cached_property
    def newer(self) -> Snapshot:
        """All of the newer side."""
        return self._newer()

    @cached_property
    def comparison(self) -> "Comparison":
        """Both plans; the newer one keeps the order of the older. Raises PlaintrackError."""
        from plaintrack.app.planning.plan import between

        return between(self._older(), self.newer, self.today, self.names)

    def replanned(self) -> tuple[Replanned | None, str]:
        """What the change moves; or None, and in a sentence why that cannot be told."""
        try:
            found = self.comparison
        except PlaintrackError as error:
            return None, f"{WHY}: {error.message}"
        circles = {*found.before.circle, *found.after.circle}
        if circles:
            listed = ", ".join(sorted(circles)[:6])
            return None, f"{WHY}: {listed} wait for each other"
        places = ask.places(self.newer.index.connection)
        return Replanned(found, {fold(item): path for item, path in places}), ""
