"""The work at a moment of history as a snapshot: its items as they were then, held in memory."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property

from plaintrack.app.snapshot.snapshot import Snapshot, key
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.config.values import Settings
from plaintrack.model.task import Task
from plaintrack.store.index.database import Database
from plaintrack.store.index.fill import fill


class Replayed(Snapshot):
    """Items of the past, with the settings, the people and the equipment of now."""

    def __init__(self, workspace: Workspace, tasks: Iterable[Task], day: date) -> None:
        """``tasks`` are all items as they were on that day. Nothing of it is kept in the cache."""
        super().__init__(workspace.root, workspace.listener, day)
        self.workspace = workspace
        self.tasks = list(tasks)
        self.cache = None

    @cached_property
    def settings(self) -> Settings:
        """Those of now."""
        return self.workspace.settings

    @cached_property
    def index(self) -> Database:
        """An index of the items, in memory."""
        database = Database(None, key(self.settings), "replayed")
        fill(database, self.tasks, {}, self.schema)
        return database

    def read(self, path: str) -> bytes:
        """The bytes of a file as it is now."""
        return self.workspace.read(path)

    def contents(self, folder: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        """The files as they are now: like people and equipment."""
        return self.workspace.contents(folder, wanted)

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder as it is now."""
        return self.workspace.names(folder)
