"""Unsaved text over the files, as a snapshot: the work as an editor shows it."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from plaintrack.app.snapshot.snapshot import key
from plaintrack.app.snapshot.workspace import Workspace, parsed
from plaintrack.config.values import Settings
from plaintrack.store import files, place
from plaintrack.store.index.apply import lay
from plaintrack.store.index.database import Database
from plaintrack.store.index.update import Refresh
from plaintrack.store.repo import Repo


class Buffers(Workspace):
    """The work tree with some files as an editor has them, and has not saved them.

    Path → bytes; None: the file is as good as deleted. Verbs of ``app`` take it where they are
    ``dry``: what they would write is then an edit of what the editor shows.
    """

    def __init__(
        self,
        under: Workspace,
        texts: Mapping[str, bytes | None],
        laid: Database | None = None,
    ) -> None:
        """``texts`` lie over the files of the workspace ``under``; ``laid`` is an index that has
        them already.
        """
        super().__init__(under.root, under.follow, under.listener, day=under.day)
        self.under = under
        self.texts = dict(texts)
        self._laid = laid

    @property
    def worktree(self) -> Workspace:
        """The work tree below."""
        return self.under

    @cached_property
    def settings(self) -> Settings:
        """The settings, as they are being edited; raises PlaintrackError while they are broken."""
        data = self.texts.get(place.SETTINGS)
        return self.under.settings if data is None else parsed(data)

    @cached_property
    def repo(self) -> Repo:
        """The git repository, as the work tree below has asked it already."""
        return self.under.repo

    @cached_property
    def index(self) -> Database:
        """A copy in memory of the index of the files, with the texts in place of theirs."""
        if self._laid is not None:
            return self._laid
        database = Database(None, "")
        if key(self.settings) == key(self.under.settings):
            database.connection = database.leave(self.under.index.connection)
        else:
            scanned = [
                folder
                for folder in files.scan(self.root, self.tops, frozenset(self.settings.ignore))
                if not self.settings.in_room(folder.path)
            ]
            Refresh(database, self.root, self.schema, scanned).run()
        texts = {path: data for path, data in self.texts.items() if self.is_item(path)}
        lay(database.connection, self.schema, texts, files.clock())
        return database

    def read(self, path: str) -> bytes:
        """The bytes of a file as the editor has them; see Workspace."""
        if path not in self.texts:
            return self.under.read(path)
        data = self.texts[path]
        if data is None:
            raise FileNotFoundError(path)
        return data

    def read_whole(self, path: str) -> bytes:
        """The bytes of a file as the editor has them; see Workspace."""
        return self.read(path) if path in self.texts else self.under.read_whole(path)

    def entries(self, folder: str) -> list[str]:
        """The names in a folder, of new files too."""
        names = set(self.under.entries(folder))
        for path, data in self.texts.items():
            above, _, name = path.rpartition("/")
            if above == folder:
                (names.discard if data is None else names.add)(name)
        return sorted(names)

    def contents(self, folder: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of the wanted files below a folder, new ones too."""
        found = dict(self.under.contents(folder, wanted))
        for path, data in self.texts.items():
            if path.startswith(f"{folder}/") and wanted(path):
                found.pop(path, None)
                if data is not None:
                    found[path] = data
        yield from sorted(found.items())
