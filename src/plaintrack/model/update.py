"""Status updates: how someone sees a project or goal at one moment, in words."""

from typing import NamedTuple

from plaintrack.model.problem import Problem

HEALTHS = ("on track", "at risk", "off track")
"""The words of health, as rules tell it too."""


class Update(NamedTuple):
    """One update as its file says it: health, by whom, when (ISO), and the text. Where the file
    cannot be used, ``problem`` says why, and nothing else counts.
    """

    path: str
    health: str = ""
    by: str = ""
    date: str = ""
    text: str = ""
    problem: Problem | None = None

    @property
    def told(self) -> str:
        """Who said it and when, in words."""
        return f"{self.date[:10]}, {self.by}" if self.by else self.date[:10]


class Told(NamedTuple):
    """How a project or goal stands: its health by the latest update, else by rule (``update`` is
    None), and since how many days there is none (None: there never was one); ``overdue``: one is
    due.
    """

    path: str
    id: str
    title: str
    kind: str
    health: str
    update: Update | None = None
    days: int | None = None
    overdue: bool = False
