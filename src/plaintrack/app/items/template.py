"""Templates: what a new item begins with."""

import os
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import Value
from plaintrack.store import files
from plaintrack.store.shipped import shipped


class NoTemplate(PlaintrackError):
    """There is no template of that name."""

    slug = "no-template"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"unknown template {name!r}", f"there are {', '.join(known)}")


class BrokenTemplate(PlaintrackError):
    """A template cannot be read."""

    slug = "broken-template"

    def __init__(self, name: str, path: str, why: Exception) -> None:
        super().__init__(f"the template {name!r} cannot be read: {why}", f"fix {path}")


class Template(NamedTuple):
    """One item template: its name, one line about it, the fields it sets, the body it starts with,
    and the questions it asks, as its file has them.
    """

    name: str
    about: str
    fields: dict[str, Value]
    body: str
    form: Sequence[Any] = ()


def templates(workspace: Workspace) -> dict[str, str]:
    """Name → file of every template; the workspace's own hide the shipped ones."""
    beside = shipped("items")
    found = {
        name[:-3]: os.path.join(beside, name) for name in os.listdir(beside) if name.endswith(".md")
    }
    found |= {
        name[:-3]: workspace.path(f"templates/{name}") for name in workspace.names("templates")
    }
    return dict(sorted(found.items()))


def abouts(workspace: Workspace) -> list[tuple[str, str]]:
    """(name, what it is for) of every template."""
    return [(name, template(workspace, name).about) for name in templates(workspace)]


def template(workspace: Workspace, name: str) -> Template:
    """The template of that name; raises NoTemplate,
    BrokenTemplate."""
    found = templates(workspace)
    if name not in found:
        raise NoTemplate(name, found)
    try:
        text = files.read(found[name]).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, files.Oddity) as error:
        raise BrokenTemplate(name, found[name], error) from error
    from plaintrack.text.template import parts

    try:
        metadata, body = parts(text)
    except ValueError as error:
        raise BrokenTemplate(name, found[name], error) from error
    asked = metadata.pop("form", ())
    fields = {
        key: each if isinstance(each, str) else tuple(str(one) for one in each)
        for key, each in metadata.items()
        if each
    }
    about = fields.pop("template", "")
    return Template(
        name,
        about if isinstance(about, str) else "",
        fields,
        body.rstrip("\n") + "\n",
        asked if isinstance(asked, list) else (),
    )
