"""The items that a verb is about: those that are named, or those that a query finds."""

from collections.abc import Iterable
from typing import NamedTuple

from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.model.task import Task
from plaintrack.store.index import ask


class Target(NamedTuple):
    """An item as the index knows it; one that has no id is named by its path."""

    path: str
    id: str


def named(workspace: Workspace, words: Iterable[str]) -> list[Target]:
    """The items that the words name, each once; raises UnknownId, AmbiguousId, BrokenItem."""
    items = dict.fromkeys(find.resolve(workspace, word) for word in words)
    connection = workspace.index.connection
    return [Target(str(ask.path(connection, item, exact=True)), item) for item in items]


def matching(workspace: Workspace, query: str, within: str = "") -> list[Target]:
    """The items that a query finds, and that the query ``within`` finds too; raises BadQuery."""
    from plaintrack.app.snapshot import answers

    asked = answers.question(workspace, query, within=within)
    return [Target(path, item) for path, item, _ in answers.rows_raw(workspace, asked)]


def loaded(workspace: Workspace, targets: Iterable[Target]) -> list[Task]:
    """The items as their files are now."""
    return [find.load(workspace, target.path) for target in targets]
