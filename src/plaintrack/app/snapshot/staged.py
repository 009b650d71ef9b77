"""What is staged, as a snapshot: the work as the next commit would have it."""

from collections.abc import Callable, Iterator
from functools import cached_property

from plaintrack.app.snapshot.history import days_of, history
from plaintrack.app.snapshot.settings import understood
from plaintrack.app.snapshot.snapshot import Snapshot, asked, key
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.config.values import Settings
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task
from plaintrack.store import files, place
from plaintrack.store.converted import converted
from plaintrack.store.digest import digest
from plaintrack.store.index.database import Database
from plaintrack.store.index.fill import fill
from plaintrack.store.refusals import NoGit
from plaintrack.text.parse import parse


class Staged(Snapshot):
    """What is staged, with the settings that are staged; those of the work tree if none are, or
    they cannot be used.
    """

    @cached_property
    def settings(self) -> Settings:
        """The staged settings."""
        now = Workspace(self.root).settings
        data = self._data(place.SETTINGS)
        if data is None:
            return now
        settings, _ = understood(data)
        return settings or now

    @cached_property
    def _blobs(self) -> dict[str, str]:
        """Path → blob of every staged file of the workspace; an empty blob: there is a conflict."""
        return self.repo.index()

    @cached_property
    def index(self) -> Database:
        """An index of the staged items, made again only when others are staged."""
        blobs = {path: blob for path, blob in self._blobs.items() if self.is_item(path)}
        mark = digest(repr((blobs, self.today, self.repo.head)).encode()).hex()
        database = Database(self.cache, key(self.settings), "staged", mark)
        if not database.filled():
            fill(database, self._tasks(blobs), self._days(blobs), self.schema)
        return database

    def _tasks(self, blobs: dict[str, str]) -> list[Task]:
        wanted = [(blob, path) for path, blob in sorted(blobs.items()) if blob]
        contents = converted(self.repo, wanted, files.LARGEST + 1)
        tasks = [parse(path, data, self.schema) for (_, path), data in contents.items()]
        return [*tasks, *(_conflict(path) for path, blob in sorted(blobs.items()) if not blob)]

    def _days(self, blobs: dict[str, str]) -> dict[str, str]:
        """Path → day of the last change: today for what the last commit does not have so."""
        today = self.today.isoformat()
        try:
            days = days_of(self, history(self))
            changed = {
                entry.path for entry in self.repo.diff(self.tip, None, self.tops, staged=True)
            }
        except NoGit:
            days, changed = {}, set()
        return {path: today if path in changed else days.get(path, today) for path in blobs}

    def _data(self, path: str) -> bytes | None:
        blob = self._blobs.get(path)
        if not blob:
            return None
        return converted(self.repo, [(blob, path)], files.LARGEST + 1).get((blob, path))

    def read(self, path: str) -> bytes:
        """The bytes of a staged file; raises FileNotFoundError, also while it has a conflict."""
        data = self._data(path)
        if data is None:
            raise FileNotFoundError(path)
        return data

    def contents(self, folder: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of the wanted staged files below a folder, without those in conflict."""
        chosen = [
            (blob, path)
            for path, blob in sorted(self._blobs.items())
            if blob and path.startswith(f"{folder}/") and asked(path, folder, wanted)
        ]
        for (_, path), data in converted(self.repo, chosen, files.LARGEST + 1).items():
            yield path, data

    def names(self, folder: str) -> list[str]:
        """The names of the staged Markdown files in a folder."""
        return sorted(
            path.rpartition("/")[2]
            for path in self._blobs
            if path.rpartition("/")[0] == folder and path.endswith(".md") and files.legible(path)
        )


def _conflict(path: str) -> Task:
    problem = Problem(
        "conflict", path, "it has an unresolved conflict", "resolve it, then `git add` it"
    )
    return Task(path, "", {}, problems=(problem,))
