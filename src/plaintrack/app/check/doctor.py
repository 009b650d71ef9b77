"""Finds what is broken across the workspace: files, ids, references, names, the index."""

from collections import defaultdict

from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.absent import Absent, absent
from plaintrack.app.snapshot.identity import by_age
from plaintrack.app.snapshot.spoken import faults
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write import rescue
from plaintrack.app.write.session import recover
from plaintrack.model.fields import LINKS, Schema
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task
from plaintrack.store.index import ask
from plaintrack.store.index.database import DAMAGED, Database
from plaintrack.store.index.elsewhere import keep
from plaintrack.store.index.update import Refresh
from plaintrack.text.format import filename


def findings(workspace: Workspace) -> list[Problem]:
    """Every Problem of every file, then lost-found, the index, duplicate ids, dangling references,
    and names that do not begin with their id.
    """
    recover(workspace)
    stale = _index(workspace)  # first: the rest is asked of a true one
    tasks = all_tasks(workspace)
    found = [
        *find.problems(workspace),
        *rescue.findings(workspace),
        *stale,
        *_duplicates(workspace, tasks),
    ]
    hint = "write the whole id of an item, or remove it"
    if unread(workspace, tasks):
        hint = "it may be in a file that cannot be read: fix that first"
    missing = dangling(tasks, workspace.schema)
    away = absent(workspace, thorough=True) if missing else Absent()
    if away.submodules:
        hint = (
            f"it may be in the submodule {', '.join(away.submodules)}, which is not checked out:"
            " `git submodule update --init`"
        )
    for task, name, target in missing:
        if not away.has(target):
            found.append(
                Problem("dangling-reference", task.path, f"{name}: there is no item {target}", hint)
            )
    found += faults(workspace, (task.id for task in tasks))
    for task in tasks:
        if task.id and misnamed(workspace, task.path, task.id):
            message = f"the file name does not begin with its id {task.id}"
            found.append(
                Problem(
                    "misnamed", task.path, message, "`doctor --fix` renames it", severity="warning"
                )
            )
    return found


def all_tasks(workspace: Workspace) -> list[Task]:
    """Every item, the oldest first."""
    return answers.tasks(workspace, answers.question(workspace, "sort:created"))


def unread(workspace: Workspace, tasks: list[Task]) -> set[str]:
    """The files with errors that gave no item, so that nobody knows which ids they hold."""
    wrong = {problem.path for problem in find.problems(workspace) if problem.severity == "error"}
    return wrong - {task.path for task in tasks if task.id}


def _index(workspace: Workspace) -> list[Problem]:
    """Whether the index says what an index made from nothing says; if not, that one takes its place
    in this process.
    """
    database = Database(None, "")
    kept = workspace.index
    Refresh(database, workspace.root, workspace.schema, workspace.scanned).run()
    keep(database, ask.elsewhere(kept.connection))
    try:
        if ask.same(kept.connection, database.connection):
            return []
    except DAMAGED:
        pass
    workspace.take(database)
    hint = "`doctor --fix` makes it afresh; please report this"
    return [Problem("stale-index", ".", "the index differs from the files", hint)]


def duplicates(workspace: Workspace, tasks: list[Task]) -> dict[str, list[str]]:
    """Folded id → the files that have it, where there are several: that which keeps it first."""
    by_id: dict[str, dict[str, str]] = defaultdict(dict)
    for task in tasks:
        if task.id:
            by_id[task.id.lower()][task.path] = task.text("created")
    return {item: by_age(workspace, item, paths) for item, paths in by_id.items() if len(paths) > 1}


def _duplicates(workspace: Workspace, tasks: list[Task]) -> list[Problem]:
    return [
        Problem(
            "duplicate-id",
            path,
            f"its id {name} is also that of {paths[0]}",
            "`doctor --fix` gives this one a new id",
        )
        for name, paths in duplicates(workspace, tasks).items()
        for path in paths[1:]
    ]


def dangling(tasks: list[Task], schema: Schema) -> list[tuple[Task, str, str]]:
    """(item, field, target) of each reference to an item that does not exist; fields that the
    settings make text hold none.
    """
    known = {task.id.lower() for task in tasks}
    links = [name for name in LINKS if schema.fields[name].kind != "text"]
    return [
        (task, name, each)
        for task in tasks
        for name in links
        for each in task.many(name)
        if each.lower() not in known
    ]


def misnamed(workspace: Workspace, path: str, item: str) -> bool:
    """Whether the file's name does not begin as the setting ``filename`` has it, which may leave
    out the id.
    """
    name, template = path.rpartition("/")[2].lower(), workspace.settings.filename
    head, found, tail = template.partition("}")
    if workspace.schema.named is not None or not head.startswith("{id"):
        return False
    start = filename(head + found, item, "").lower()
    return not name.startswith((start + tail.partition("{")[0], start + ".md"))
