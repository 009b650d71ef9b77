"""Status updates: how someone sees a project or goal at one moment, in words."""

from typing import NamedTuple

from plaintrack.model.change import Change
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task

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


def reported(path: str, before: Task | None, after: Task | None) -> tuple[Change, ...]:
    """What happened to an item by the file of a status update of it, ``ROOM/<id>/<name>.md``: it
    came, it says something else now, or it is gone. Files that do not tell a health tell nothing.
    """
    old, new = _said(before), _said(after)
    item = path.split("/")[-2]
    if new and new != old:
        return (Change(item, path, "updated", old=old, new=new),)
    return (Change(item, path, "withdrawn", old=f"health: {old}"),) if old and not new else ()


def _said(task: Task | None) -> str:
    """Health and first line of an update; empty if it is none."""
    health = task.text("health").replace("-", " ") if task else ""
    if task is None or health not in HEALTHS:
        return ""
    line = task.body.strip().partition("\n")[0].strip()
    line = line if len(line) <= 80 else f"{line[:79]}…"
    return f"{health}: {line}" if line else health


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
