"""The views of the settings: questions with a name."""

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.values import View
from plaintrack.errors import PlaintrackError, suggestion


class UnknownView(PlaintrackError):
    """No view has that name."""

    slug = "unknown-view"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"unknown view {name!r}",
            suggestion(name, known, f"the views are: {', '.join(known) or 'none'}"),
            name,
            1,
        )


def view(snapshot: Snapshot, name: str | None) -> View:
    """The view of that name; without one, a view that says nothing. Raises UnknownView."""
    views = snapshot.settings.views
    if name is None:
        return View()
    if name not in views:
        raise UnknownView(name, tuple(views))
    return views[name]
