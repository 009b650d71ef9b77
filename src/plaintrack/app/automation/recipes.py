"""The shipped rules: files to copy and change."""

import os

from plaintrack.app.automation.rules import FOLDER, NoRule
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.errors import PlaintrackError
from plaintrack.rules.load import load
from plaintrack.store import files
from plaintrack.store.shipped import shipped


class Taken(PlaintrackError):
    """There is such a file already."""

    slug = "taken"


def recipes() -> list[tuple[str, str]]:
    """(name, what it is for) of every recipe."""
    folder = shipped("automations")
    found = []
    for name in sorted(os.listdir(folder)):
        rules, _ = load(name, files.read(os.path.join(folder, name)))
        found.append((name.removesuffix(".yml"), rules[0].about if rules else ""))
    return found


def copy(workspace: Workspace, name: str) -> str:
    """Copy a recipe into the workspace; its path. Raises NoRule, Taken."""
    if name not in dict(recipes()):
        raise NoRule(f"there is no recipe {name!r}", f"there are {', '.join(dict(recipes()))}")
    path = f"{FOLDER}/{name}.yml"
    with writing(workspace, f"rules add {name}") as writer:
        try:
            writer.create(path, files.read(shipped("automations", f"{name}.yml")))
        except FileExistsError as error:
            raise Taken(
                f"{path} is there already", "delete it first to have it as it is shipped"
            ) from error
    return path
