"""Answers questions about the workspace's items from the index."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from plaintrack.app.workspace import Workspace
from plaintrack.model import ids
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task
from plaintrack.query.bind import Names, Question, bind
from plaintrack.query.nodes import And, State
from plaintrack.query.parser import parse
from plaintrack.query.urgency import DEFAULT
from plaintrack.store import files

if TYPE_CHECKING:
    import sqlite3

COLUMN = {
    "id": "i.id", "title": "i.title", "type": "i.type", "status": "i.status", "priority": "i.priority", "assignee": "i.assignee",
    "tags": "i.tags", "project": "i.project", "milestone": "i.milestone", "parent": "i.parent", "goal": "i.goal", "start": "i.start",
    "due": "i.due", "wait": "i.wait", "created": "i.created", "closed": "i.closed", "rank": "i.rank", "repeat": "i.repeat",
    "updated": "i.updated", "path": "i.path", "category": "i.category",
    "progress": "CASE WHEN i.steps > 0 THEN i.ticked * 100 / i.steps || '%' WHEN i.children > 0 THEN i.children_closed * 100 / i.children || '%' ELSE '' END",
    "blocked": "CASE WHEN i.blocked THEN 'yes' ELSE '' END",
}  # fmt: skip


def names(workspace: Workspace) -> Names:
    """What a query of this workspace may name."""
    connection = workspace.index.connection
    extra = frozenset(row[0] for row in connection.execute("SELECT DISTINCT field FROM value"))
    return Names(
        schema=workspace.schema,
        today=workspace.today,
        me=lambda: me(workspace),
        resolve=lambda text: resolve(workspace, text),
        extra=extra,
        urgency={**DEFAULT, **workspace.settings.urgency},
    )


def question(workspace: Workspace, text: str, *, state: str = "", sort: str = "", limit: int | None = None) -> Question:
    """The query text, bound to this workspace; raises BadQuery.

    ``state`` narrows it (``open``, ``ready``); ``sort`` and ``limit`` hold where the text says nothing of its own.
    """
    known = names(workspace)
    asked = bind(parse(text), known)
    if state:
        asked = asked._replace(where=And((asked.where, State(state))))
    if sort and not asked.sort:
        asked = asked._replace(sort=bind(parse(f"sort:{sort}"), known).sort)
    return asked if limit is None else asked._replace(limit=limit if asked.limit is None else min(limit, asked.limit))


def field(workspace: Workspace, name: str) -> str:
    """The canonical name of a field that can be shown or grouped by; raises BadQuery with the nearest name."""
    return name if name in COLUMN else bind(parse(f"sort:{name}"), names(workspace)).sort[0][0]


def rows(workspace: Workspace, asked: Question, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """The answer as rows of display texts, one per column name, in the question's order."""
    cells = [COLUMN.get(name, "i.data") for name in columns]
    answer = _select(workspace, asked, cells)
    if "i.data" not in cells:
        return answer
    return [tuple(_cell(each, name) for each, name in zip(row, columns, strict=True)) for row in answer]


def _select(workspace: Workspace, asked: Question, cells: Sequence[str]) -> list[Any]:
    from plaintrack.store.index.sql import compile as to_sql
    from plaintrack.store.index.sql import fetch, register

    connection = workspace.index.connection
    register(connection)
    found = to_sql(asked, names(workspace))
    limit = "" if found.limit is None else f" LIMIT {int(found.limit)}"
    sql = f"SELECT {', '.join(cells)} FROM item i WHERE {found.where} ORDER BY {found.order}{limit}"
    return fetch(connection, sql, found.params)


def _cell(text: str, name: str) -> str:
    if name in COLUMN:
        return text
    import json

    value = json.loads(text).get(name, "")
    return value if isinstance(value, str) else ", ".join(value)


def tasks(workspace: Workspace, asked: Question) -> list[Task]:
    """The answer as Tasks without their bodies."""
    import json

    found = []
    for path, item, data in rows_raw(workspace, asked):
        fields = {name: value if isinstance(value, str) else tuple(value) for name, value in json.loads(data).items()}
        found.append(Task(path, item, fields))
    return found


def rows_raw(workspace: Workspace, asked: Question) -> list[tuple[str, str, str]]:
    """(path, id, JSON of the fields) of each answer."""
    return _select(workspace, asked, ("i.path", "i.id", "i.data"))


def resolve(workspace: Workspace, part: str) -> str:
    """The one id that ``part`` names; raises UnknownId or AmbiguousId."""
    connection: sqlite3.Connection = workspace.index.connection
    pattern = "%" + part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    known = [row[0] for row in connection.execute("SELECT id FROM item WHERE id LIKE ? ESCAPE '\\'", (pattern,)) if row[0]]
    return ids.resolve(part, known)


def locate(workspace: Workspace, part: str) -> str:
    """The path of the one item that ``part`` names."""
    item = resolve(workspace, part)
    row = workspace.index.connection.execute("SELECT path FROM item WHERE id = ?", (item,)).fetchone()
    return str(row[0])


def load(workspace: Workspace, path: str) -> Task:
    """The item at ``path`` as its file says it now, body and all."""
    from plaintrack.text.parse import parse as parse_text

    return parse_text(path, files.read(workspace.path(path)), workspace.schema)


def problems(workspace: Workspace) -> list[Problem]:
    """Everything the index knows to be wrong, by path and place."""
    sql = 'SELECT code, path, message, hint, line, "column", excerpt, severity FROM problem ORDER BY path, line, "column"'
    return [Problem(*row) for row in workspace.index.connection.execute(sql)]


def me(workspace: Workspace) -> tuple[str, ...]:
    """The names git's user goes by here: the short name of ``people:`` with that e-mail or name, else name, e-mail and its local part."""
    name, email = _git_user(workspace.root)
    found = [
        short
        for short, about in workspace.settings.people.items()
        if (email and about.get("email", "").lower() == email.lower()) or (name and about.get("name") == name)
    ]
    return tuple(found) or tuple(each for each in (name, email, email.partition("@")[0]) if each)


def _git_user(root: str) -> tuple[str, str]:
    import subprocess

    def ask(key: str) -> str:
        try:
            run = subprocess.run(
                ["git", "-C", root, "config", "--get", key], capture_output=True, text=True, timeout=5, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return run.stdout.strip()

    return os.environ.get("GIT_AUTHOR_NAME") or ask("user.name"), os.environ.get("GIT_AUTHOR_EMAIL") or ask("user.email")
