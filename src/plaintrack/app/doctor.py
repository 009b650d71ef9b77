"""Finds what is broken across the workspace, and mends what is safe to mend."""

from collections import defaultdict

from plaintrack.app import read
from plaintrack.app.workspace import Workspace
from plaintrack.app.write import Writer, writing
from plaintrack.model import ids
from plaintrack.model.edit import Set
from plaintrack.model.problem import Problem

LINKS = ("depends_on", "project", "milestone", "parent", "goal")


def findings(workspace: Workspace) -> list[Problem]:
    """Every Problem of every file, then duplicate ids, dangling references and names that do not begin with their id."""
    found = list(read.problems(workspace))
    tasks = read.tasks(workspace, read.question(workspace, "sort:created"))
    known = {task.id.lower() for task in tasks}
    by_id: dict[str, list[str]] = defaultdict(list)
    for task in tasks:
        if task.id:
            by_id[task.id.lower()].append(task.path)
        for name in LINKS:
            for each in task.many(name):
                if each.lower() not in known:
                    found.append(
                        Problem(
                            "dangling-reference", task.path, f"{name}: there is no item {each}", "remove it, or restore the item"
                        )
                    )
    for name, paths in by_id.items():
        if len(paths) > 1:
            found.append(
                Problem(
                    "duplicate-id", paths[1], f"id {name} is also that of {paths[0]}", "`doctor --fix` gives this one a new id"
                )
            )
    for task in tasks:
        if task.id and _misnamed(task.path, task.id):
            found.append(
                Problem(
                    "misnamed",
                    task.path,
                    f"the file name does not begin with its id {task.id}",
                    "`doctor --fix` renames it",
                    severity="warning",
                )
            )
    return found


def _misnamed(path: str, item: str) -> bool:
    name = path.rpartition("/")[2]
    return not name.lower().startswith((item.lower() + "-", item.lower() + ".md"))


def fix(workspace: Workspace) -> list[str]:
    """Give the younger of two items with one id a new one, and rename files that do not begin with their id; what was done, as lines."""
    from plaintrack.text.format import slug

    done: list[str] = []
    tasks = read.tasks(workspace, read.question(workspace, "sort:created"))
    taken = {task.id for task in tasks}
    seen: set[str] = set()
    with writing(workspace, "doctor --fix") as writer:
        for task in tasks:
            item = task.id
            if not item or item.lower() in seen:
                item = ids.make(workspace.settings.prefix, workspace.settings.length, taken)
                _renumber(writer, task.path, item)
                taken.add(item)
                done.append(f"{task.path}: id {task.id or '(none)'} → {item}")
            seen.add(item.lower())
            if _misnamed(task.path, item):
                target = f"{task.path.rpartition('/')[0]}/{item}-{slug(task.text('title'))}.md"
                writer.move(task.path, target)
                done.append(f"{task.path} → {target}")
    return done


def _renumber(writer: Writer, path: str, item: str) -> None:
    writer.edit(path, [Set("id", item)])
