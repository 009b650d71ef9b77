"""The shipped rules: files to copy and change."""

import os
from collections.abc import Iterable

from plaintrack.app.automation.rules import FOLDER
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.errors import PlaintrackError
from plaintrack.rules.load import load
from plaintrack.store import files
from plaintrack.store.shipped import shipped


class NoRecipe(PlaintrackError):
    """No recipe of that name is shipped."""

    slug = "no-recipe"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"unknown recipe {name!r}", f"the recipes are {', '.join(known)}")


class Taken(PlaintrackError):
    """There is such a file already."""

    slug = "taken"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} exists already", "delete it first to have it as it is shipped")


def recipes() -> list[tuple[str, str]]:
    """(name, what it is for) of every recipe."""
    folder = shipped("automations")
    found = []
    for name in sorted(os.listdir(folder)):
        rules, _ = load(name, files.read(os.path.join(folder, name)))
        found.append((name.removesuffix(".yml"), rules[0].about if rules else ""))
    return found


def copy(workspace: Workspace, name: str) -> str:
    """Copy a recipe into the workspace; its path. Raises NoRecipe, Taken."""
    if name not in dict(recipes()):
        raise NoRecipe(name, dict(recipes()))
    path = f"{FOLDER}/{name}.yml"
    with writing(workspace, f"rules add {name}") as writer:
        try:
            writer.create(path, files.read(shipped("automations", f"{name}.yml")))
        except FileExistsError as error:
            raise Taken(path) from error
    return path
