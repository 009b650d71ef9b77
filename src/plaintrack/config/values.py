"""What the settings say, as values; apart from the table, so that a listing need not load and check
that.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.model.fields import Field, Schema

if TYPE_CHECKING:
    from plaintrack.config.scoring import Model
    from plaintrack.model.ids import Elsewhere


SPOKEN = ("approvals", "updates")
"""The rooms in which each file says something of an item: a verdict, a status update."""


class View(NamedTuple):
    """A named question: query, order, columns, grouping, and the form in which it is told."""

    query: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    group: str = ""
    format: str = ""


class Settings(NamedTuple):
    """Everything ``plaintrack.yml`` says, with the defaults filled in."""

    schema: Schema
    folders: tuple[str, ...]
    archive: str
    prefix: str
    scheme: str
    length: int
    people: Mapping[str, Mapping[str, str]]
    urgency: Mapping[str, float]
    views: Mapping[str, View]
    view: str
    columns: tuple[str, ...]
    sort: str
    filename: str = "{id}-{slug}"
    title: str = "key"
    stamps: tuple[str, ...] = ("created", "closed")
    ignore: tuple[str, ...] = ()
    form: bool = True
    checks: Mapping[str, Any] = {}
    commit: str = "manual"
    git: Mapping[str, str] = {"fetch": "never"}
    scores: Mapping[str, "Model"] = {}
    recur: Mapping[str, Any] = {"catch_up": "latest", "shift": "none", "passing": True}
    calendar: Mapping[str, Any] = {
        "working_days": ("mon", "tue", "wed", "thu", "fri"),
        "holidays": (),
        "country": "",
    }
    calendars: Mapping[str, Mapping[str, Any]] = {}
    rooms: Mapping[str, str] = {}
    groups: Mapping[str, tuple[str, ...]] = {}
    plan: Mapping[str, Any] = {
        "slot": "30m",
        "horizon": "26w",
        "objective": "serve",
        "estimate": "",
        "reserve": {},
        "solver": "plaintrack",
    }
    planned: bool = False
    site: Mapping[str, Any] = {"private": False, "title": "", "source": ""}
    publish: Mapping[str, Any] = {"private": False, "name": "", "time": True}
    time: Mapping[str, Any] = {"timer": False, "forgotten": "10h"}
    metrics: Mapping[str, str] = {"size": "count", "branch": "", "dates": "landed"}

    goals: Mapping[str, float] = {"on_track": 0.7, "at_risk": 0.4}
    approvals: Mapping[str, Any] = {
        "content": {
            "fields": (),
            "except": (
                *("status", "assignee", "rank", "remaining", "closed"),
                *("target_start", "target_end", "watching"),
            ),
            "body": True,
            "files": False,
        },
        "signed": False,
        "needs": (),
    }
    owners: tuple[Mapping[str, Any], ...] = ()
    watching: tuple[Mapping[str, Any], ...] = (
        {"query": "", "path": "", "of": ("owner", "assignee", "author", "commented")},
    )
    health: Mapping[str, int] = {"days": 0}
    sla: Mapping[str, Mapping[str, Any]] = {}

    @property
    def tops(self) -> tuple[str, ...]:
        """The folders that items are in, the archive last."""
        return (*self.folders, self.archive)

    def is_item(self, path: str) -> bool:
        """Whether a file is taken for an item by its path."""
        return (
            holds(self.tops, path)
            and path.rpartition("/")[2] not in self.ignore
            and not self.in_room(path)
        )

    def room(self, path: str) -> str:
        """The room that a Markdown file of people or equipment lies in, ``people`` or
        ``equipment``; empty for all others.
        """
        for room in ("people", "equipment"):
            if room in self.rooms and path.rpartition("/")[0] == self.rooms[room]:
                return room if holds((self.rooms[room],), path) else ""
        return ""

    def spoken(self, path: str) -> str:
        """The room in which a Markdown file says something of an item: ``approvals``, ``updates``;
        empty if none.
        """
        for name in SPOKEN:
            room = self.rooms.get(name, "")
            below = path.startswith(f"{room}/") and path.count("/", len(room) + 1) == 1
            if room and below and holds((room,), path):
                return name
        return ""

    def records(self, path: str) -> bool:
        """Whether a file lies in a room whose files are neither items nor people nor equipment."""
        return bool(self.rooms) and self.in_room(path) and not self.room(path)

    def elsewhere(self, text: str) -> "Elsewhere | None":
        """The item of another repository that a link leads to, as ``api/PT-7`` names it; None if it
        leads to none.
        """
        if "/" not in text:
            return None
        from plaintrack.model.ids import elsewhere

        return elsewhere(text, (*self.tops, *self.rooms.values()), self.prefix)

    def in_room(self, path: str) -> bool:
        """Whether a file or folder lies in a room: a folder of people, equipment or the like."""
        return any(f"{path}/".startswith(f"{room}/") for room in self.rooms.values())


def holds(folders: Iterable[str], path: str) -> bool:
    """Whether a path is that of a Markdown file which is read below one of these folders, all paths
    from the workspace.

    Files and folders whose names begin with a dot are passed over; the folder itself may be called
    so, or lie below such a one. A name that is not UTF-8 is not read.
    """
    if not path.endswith(".md"):
        return False
    if not path.isascii() and any("\ud800" <= each <= "\udfff" for each in path):
        return False
    return any(
        path.startswith(f"{folder}/") and "/." not in path[len(folder) :] for folder in folders
    )


def plain(settings: Settings) -> dict[str, Any]:
    """The settings as dicts, tuples, texts and numbers only, to be remembered."""
    schema = {
        **settings.schema._asdict(),
        "fields": {name: tuple(each) for name, each in settings.schema.fields.items()},
    }
    return {
        **settings._asdict(),
        "schema": schema,
        "views": {name: tuple(each) for name, each in settings.views.items()},
        "scores": {name: tuple(each) for name, each in settings.scores.items()},
    }


def inside(folder: str) -> bool:
    """Whether the name of a folder leads into the workspace, and not into a folder of git."""
    parts = folder.removesuffix("/").lower().split("/")
    return (
        {"", ".", "..", ".git", "git~1", ".plaintrack"}.isdisjoint(parts)
        and "\\" not in folder
        and "\0" not in folder
    )


def whole(values: Mapping[str, Any]) -> Settings:
    """The settings that ``plain`` was given."""
    given = values["schema"]
    schema = Schema(
        **{**given, "fields": {name: Field(*each) for name, each in given["fields"].items()}}
    )
    views = {name: View(*each) for name, each in values["views"].items()}
    settings = Settings(**{**values, "schema": schema, "views": views})
    if not settings.scores:
        return settings
    from plaintrack.config.scoring import Model

    scores = {name: Model(*each) for name, each in values["scores"].items()}
    return settings._replace(scores=scores)
