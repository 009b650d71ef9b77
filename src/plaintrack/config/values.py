"""What the settings say, as values; apart from the table, so that a listing need not load and check
that.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from plaintrack.model.fields import Field, Schema


class View(NamedTuple):
    """A named question: query, order, columns, grouping."""

    query: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    group: str = ""


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
    recur: Mapping[str, Any] = {"catch_up": "latest", "shift": "none", "passing": True}
    calendar: Mapping[str, Any] = {
        "working_days": ("mon", "tue", "wed", "thu", "fri"),
        "holidays": (),
        "country": "",
    }


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
    return Settings(
        **{
            **values,
            "schema": schema,
            "views": {name: View(*each) for name, each in values["views"].items()},
        }
    )
