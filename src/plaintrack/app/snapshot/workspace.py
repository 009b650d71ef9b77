"""The work tree as a snapshot: finds the workspace, reads its settings, and keeps the index equal
to the files.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from plaintrack import __version__
from plaintrack.app.snapshot.snapshot import SILENT, Listener, Snapshot, asked, key
from plaintrack.config import values
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError, command
from plaintrack.store import files, place, state
from plaintrack.store.index import ask
from plaintrack.store.index.database import UNUSABLE, Database, size
from plaintrack.store.index.update import Refresh
from plaintrack.store.remember import KEPT, forget, recall, remember, slot

if TYPE_CHECKING:
    from plaintrack.app.write.writer import Follow


ATTIC = "displaced"


class NoWorkspace(PlaintrackError):
    """There is no ``plaintrack.yml`` here or above."""

    slug = "no-workspace"

    def __init__(self, start: str) -> None:
        super().__init__(
            f"no plaintrack.yml in {os.path.abspath(start)} or a folder above it",
            f"run {command('init')} to create a workspace here",
        )


class LinkedFolder(files.Oddity):
    """The way to a file leads through a symbolic link."""

    slug = "linked-folder"

    def __init__(self, link: str) -> None:
        super().__init__(
            f"{link} is a symbolic link; it is not followed", "replace it by the folder itself"
        )


class OutsideWorkspace(files.Oddity):
    """A path that leads out of the workspace is not followed."""

    slug = "outside-workspace"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is not in this work tree, or is behind a symbolic link",
            "use a path inside the workspace",
        )


class NotUtf8Settings(PlaintrackError):
    """The settings are no UTF-8 text."""

    slug = "not-utf8-settings"

    def __init__(self, byte: int) -> None:
        super().__init__(f"{place.SETTINGS}: not UTF-8 at byte {byte}", "save it as UTF-8")


class SettingsInConflict(PlaintrackError):
    """The settings have conflict markers."""

    slug = "settings-in-conflict"

    def __init__(self, line: int) -> None:
        super().__init__(
            f"{place.SETTINGS}:{line}: it has conflict markers",
            f"resolve them in an editor, then `git add {place.SETTINGS}`",
        )


class UnknownSetting(PlaintrackError):
    """No setting has that name."""

    slug = "unknown-setting"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"unknown setting {name!r}", f"the settings are {', '.join(known)}")


class Workspace(Snapshot):
    """The work tree, opened for one request: the snapshot that can be written to.

    ``follow`` gives what follows from writing here, if anything. ``unasked``: no person asked for
    what is written, so ``undo`` passes over it.
    """

    def __init__(
        self,
        start: str = ".",
        follow: "Callable[[], Follow] | None" = None,
        listener: Listener = SILENT,
        unasked: bool = False,
        day: date | None = None,
        to_be: Settings | None = None,
    ) -> None:
        """Open the workspace that ``start`` lies in; raises NoWorkspace. With settings ``to_be`` it
        is the one that would be in ``start``, where there is none yet.
        """
        root = os.path.abspath(start) if to_be else place.root(start)
        if root is None:
            raise NoWorkspace(start)
        super().__init__(root, listener, day)
        if to_be:
            vars(self)["settings"] = to_be
        self.follow = follow
        self.unasked = unasked
        self._plain: set[str] = set()  # folders that no link leads to
        self._passed: set[str] = set()  # what was told to be passed over
        self._index: Database | None = None
        self._scanned: list[files.Folder] | None = None

    @property
    def worktree(self) -> "Workspace":
        """This one."""
        return self

    def acted(self, line: str) -> None:
        """Tell the user what a rule did."""
        self.listener.acted(line)

    @contextmanager
    def heard(self, listener: Listener) -> Iterator[None]:
        """For a while someone else hears what happens by the way."""
        before, self.listener = self.listener, listener
        try:
            yield
        finally:
            self.listener = before

    @cached_property
    def beside(self) -> list[str]:
        """The Markdown files beside the items that may have a part in the work; one question to
        git, which reads them all.
        """
        from plaintrack.app.snapshot.documents import beside

        return beside(self)

    @cached_property
    def settings(self) -> Settings:
        """The settings; parsed again only when the file's bytes have changed."""
        data = files.read(os.path.join(self.root, place.SETTINGS))
        source = _code() + data
        name = slot("settings", source)
        known = recall(self.cache, name, source)
        if known is not None:
            with suppress(TypeError, KeyError, AttributeError):  # of another version
                settings = values.whole(known)
                if all(values.inside(each) for each in settings.tops):
                    return settings
        settings = parsed(data)
        remember(self.cache, name, source, values.plain(settings))
        forget(self.cache, "settings-", KEPT)
        return settings

    def scan(self, folders: tuple[str, ...] | None = None) -> list[files.Folder]:
        """What stands in all folders of items now; or in just these, without what is below them."""
        found = files.scan(
            self.root,
            self.tops if folders is None else folders,
            frozenset(self.settings.ignore),
            folders is None,
        )
        if not self.settings.rooms:
            return found
        return [folder for folder in found if not self.settings.in_room(folder.path)]

    @property
    def scanned(self) -> list[files.Folder]:
        """A scan of the files, to which the index is equal."""
        if self._scanned is None:
            self._scanned = self.scan()
            if self._index is not None:  # a watcher has vouched for it
                Refresh(self._index, self.root, self.schema, self._scanned).run()
        return self._scanned

    @property
    def index(self) -> Database:
        """The index, equal to the files as they are now."""
        if self._index is None:
            database = Database(self.cache, key(self.settings))
            if self._scanned is not None or not self._vouched(database):
                progress = self.listener.progress
                Refresh(database, self.root, self.schema, self.scanned, progress).run()
            self.take(database)
        assert self._index is not None
        return self._index

    def take(self, database: Database) -> None:
        """Go on with this index, which is equal to the files that are here."""
        self._index = database
        git = place.git_folder(self.root)
        if (git and place.sparse(git)) or ask.any_elsewhere(database.connection):
            from plaintrack.app.snapshot.absent import settle

            settle(self)

    def know(self, scanned: list[files.Folder], index: Database | None = None) -> None:
        """Go on with this scan of the files and, if the watcher has it, the index equal to it."""
        self._scanned = scanned
        self._plan_again()
        if index is not None:
            self._index = index

    def _vouched(self, database: Database) -> bool:
        """Whether a watcher says that the index is equal to the files, so that they need not be
        scanned.
        """
        from plaintrack.store import cookies

        if (
            not self.cache
            or not database.path
            or not os.path.isdir(os.path.join(self.cache, cookies.FOLDER))
        ):
            return False
        try:
            files = size(database.connection)
        except UNUSABLE:  # damaged or locked, which is for the Refresh to deal with
            return False
        return files >= cookies.FEW and cookies.caught_up(self.cache, self.state(database), files)

    def state(self, database: Database) -> str:
        """What a command and a watcher have to agree about, so that this index needs no scan; empty
        where that cannot be.
        """
        from plaintrack.store import cookies

        if database.mark and database.path:
            return cookies.state(self.root, self.tops, (database.mark, self.settings.ignore))
        return ""

    def renew(self) -> None:
        """Make the index afresh when it is next asked for."""
        Database(self.cache, key(self.settings)).distrust()
        self.look_again()

    def look_again(self) -> None:
        """Look at the files again when the index is next asked for."""
        self._index = self._scanned = None
        self._plan_again()

    def read_settings_again(self) -> None:
        """Read the settings, people and equipment again when they are next asked for."""
        vars(self).pop("settings", None)
        vars(self).pop("staff", None)
        self._plan_again()

    def _plan_again(self) -> None:
        """Make the plan again when it is next asked for."""
        vars(self).pop("expected", None)
        vars(self).pop("logged", None)
        vars(self).pop("sla", None)

    def look_at_git_again(self) -> None:
        """Ask git again for the present commit and all that goes with it when next asked."""
        vars(self).pop("repo", None)

    def unsettled(self) -> bool:
        """Whether an editor saved into a file that a write displaced, which waits for
        ``app.write.recover``.
        """
        attic = self.cache and os.path.join(self.cache, ATTIC)
        if not attic or not os.path.isdir(attic) or not os.listdir(attic):
            return False
        from plaintrack.store.replace import waiting

        return waiting(attic)

    def config(self) -> dict[str, str]:
        """Name → value of every setting in force, as texts."""
        import json

        from plaintrack.config.settings import TABLE

        _ = self.settings
        given = _mapping(files.read(os.path.join(self.root, place.SETTINGS)))
        return {
            each.name: json.dumps(given.get(each.name, each.default), ensure_ascii=False)
            for each in TABLE
        }

    def touch(self, paths: list[str]) -> None:
        """Tell the index, if it is open, that exactly these files (relative paths) have changed;
        those that are not items do not matter.
        """
        paths = [path for path in paths if self.is_item(path)]
        if not paths or self._index is None:
            return
        self._plan_again()
        database = self._index
        if self._scanned is None:
            self._touch_unscanned(database, paths)
            return
        if database.path and not database.untouched():
            self._scanned = self.scan()  # who wrote the index may have a newer scan than ours
        names: dict[str, list[str]] = {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            names.setdefault(folder, []).append(name)
        for folder, some in names.items():
            _rescan(self.root, self._scanned, folder, some)
        Refresh(database, self.root, self.schema, self._scanned).run()

    def saving(self, path: str) -> bool:
        """Wait a moment for a file that was written within the last second, and look at it again;
        False if it is older.
        """
        try:
            age = time.time() - os.stat(self.path(path)).st_mtime
        except OSError:
            return False
        if not 0 <= age < 1:
            return False
        time.sleep(0.05)
        self.touch([path])
        return True

    def _touch_unscanned(self, database: Database, paths: list[str]) -> None:
        """Bring the folders of these files up to date; all, if that is not enough."""
        folders = tuple({path.rpartition("/")[0] for path in paths})
        there = {folder.path: folder for folder in self.scan(folders)}
        scanned = [there.get(path) or files.Folder(path, [], [], []) for path in folders]
        if not Refresh(database, self.root, self.schema, scanned, whole=False).run():
            _ = self.scanned

    def read(self, path: str) -> bytes:
        """The bytes of a workspace file, whatever size an item may have; raises Oddity (also where
        a folder is a link), OSError.
        """
        self.plain(path)
        try:
            return files.read(self.path(path))
        except FileNotFoundError:
            found = self._tracked([path]) if path in self.away else {}
            if path not in found:
                raise
            return found[path]

    def read_whole(self, path: str) -> bytes:
        """The bytes of a workspace file of any size; raises Oddity (also where a folder is a link),
        OSError.
        """
        self.plain(path)
        try:
            return files.read_whole(self.path(path))
        except FileNotFoundError:
            found = self._tracked([path]) if path in self.away else {}
            if path not in found:
                raise
            return found[path]

    @cached_property
    def away(self) -> Mapping[str, str]:
        """Path → blob of the files of rooms, and of comments, that git tracks and a sparse checkout
        leaves out: they are read from git, so that no sum lacks them. None can be written.
        """
        git = place.git_folder(self.root)
        if git is None or not place.sparse(git):
            return {}
        with suppress(PlaintrackError):
            return dict(self.repo.skipped((*self.settings.rooms.values(), place.COMMENTS))[0])
        return {}

    def _tracked(self, paths: Sequence[str]) -> dict[str, bytes]:
        """Path → what a checkout would write there."""
        from plaintrack.store.converted import converted

        chosen = [(self.away[path], path) for path in paths]
        found = converted(self.repo, chosen, files.LARGEST + 1)
        return {path: data for (_, path), data in found.items()}

    def plain(self, path: str) -> None:
        """Raise Oddity if the way to a workspace file leads out of it, or through a symbolic link:
        what lies there is not of the workspace.
        """
        folder = path.rpartition("/")[0]
        if folder in self._plain and path[0] != "/":
            return
        if os.path.isabs(path) or (folder and folder != os.path.normpath(folder)):
            raise OutsideWorkspace(path)
        if folder.startswith("..") and not state.inside(self.root, path):
            raise OutsideWorkspace(path)
        if not folder.startswith("..") and (link := files.linked(self.root, folder)):
            raise LinkedFolder(link)
        self._plain.add(folder)

    def entries(self, folder: str) -> list[str]:
        """The names in a folder of the workspace, sorted; none if it is not there, or lies behind a
        symbolic link. What is passed over is told.
        """
        start = f"{folder}/"
        away = {path[len(start) :].split("/")[0] for path in self.away if path.startswith(start)}
        return sorted({*self._here(folder), *away}) if away else self._here(folder)

    def _here(self, folder: str) -> list[str]:
        """The names in a folder of the work tree, sorted."""
        try:
            self.plain(f"{folder}/.")
            names = sorted(os.listdir(self.path(folder)))
        except FileNotFoundError:
            return []
        except NotADirectoryError as error:
            self._pass_over(folder, str(error.strerror))
            return []
        except files.Oddity:
            link = os.path.relpath(files.linked(self.root, folder) or folder, self.root)
            self._pass_over(link, files.NOT_FOLLOWED)
            return []
        return [name for name in names if self._legible(f"{folder}/{name}")]

    def _legible(self, path: str) -> bool:
        if files.legible(path):
            return True
        if files.wanted(path):
            self._pass_over(path, files.UNREAD)
        return False

    def _pass_over(self, path: str, why: str) -> None:
        """Tell once that an answer lacks what stands at a path."""
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        if shown not in self._passed:
            self._passed.add(shown)
            self.notice(f"{shown}: {why}")

    def names(self, folder: str) -> list[str]:
        """The names of the Markdown files in a folder."""
        return [name for name in self.entries(folder) if name.endswith(".md") and name[0] != "."]

    def contents(self, folder: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of the wanted files below a folder; no symbolic link is followed. What is
        passed over is told.
        """
        if not self.away:
            return self._walked(folder, wanted)
        below = [path for path in self.away if path.startswith(f"{folder}/")]
        there = self._tracked([path for path in below if asked(path, folder, wanted)])
        return iter(sorted({**there, **dict(self._walked(folder, wanted))}.items()))

    def _walked(self, folder: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        try:
            self.plain(f"{folder}/.")
            with os.scandir(self.path(folder)) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except FileNotFoundError:
            return
        except files.Oddity:
            link = os.path.relpath(files.linked(self.root, folder) or folder, self.root)
            self._pass_over(link, files.NOT_FOLLOWED)
            return
        except OSError as error:
            self._pass_over(folder, str(error.strerror))
            return
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.name[0] == "." or not self._legible(path):
                continue
            linked, below = entry.is_symlink(), entry.is_dir()
            if not wanted(f"{path}/" if below else path):
                continue
            if linked:
                self._pass_over(path, files.NOT_FOLLOWED)
            elif below:
                yield from self._walked(path, wanted)
            else:
                data = self._whole(path)
                if data is not None:
                    yield path, data

    def _whole(self, path: str) -> bytes | None:
        """The bytes of a file; None with a notice if it cannot be read, without if it is gone."""
        try:
            return files.read_whole(self.path(path))
        except FileNotFoundError:
            return None
        except files.Oddity as error:
            self._pass_over(path, error.message.removeprefix(f"{self.path(path)} "))
        except OSError as error:
            self._pass_over(path, str(error.strerror))
        return None


def _rescan(root: str, scanned: list[files.Folder], folder: str, names: list[str]) -> None:
    """Look at these files of a folder again."""
    known = next((each for each in scanned if each.path == folder), None)
    if known is None:
        known = files.Folder(folder, [], [], [])
        scanned.append(known)
    entries = {entry[0]: entry for entry in known.files}
    for name in names:
        try:
            info = os.stat(os.path.join(root, folder, name), follow_symlinks=False)
        except FileNotFoundError:
            entries.pop(name, None)
            continue
        stamp = (info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino)
        entries[name] = (name, *stamp)
    known.files[:] = entries.values()


def _code() -> bytes:
    """What the settings in force depend on besides the file: the version and, for who works on
    plaintrack, the code.
    """
    package = os.path.dirname(os.path.dirname(values.__file__))
    try:
        stamps = [
            os.stat(f"{package}/{each}.py").st_mtime_ns
            for each in ("config/settings", "model/fields")
        ]
    except OSError:
        stamps = []
    return f"{__version__} {stamps}\n".encode()


def parsed(data: bytes) -> Settings:
    """The settings in the bytes of a file; raises PlaintrackError for those that cannot be used."""
    from plaintrack.config.settings import read

    return read(_mapping(data))


def _mapping(data: bytes) -> Mapping[str, Any]:
    from plaintrack.text.nodes import mapping

    if (marker := f"\n{data.decode('latin-1')}".find("\n<<<<<<< ")) >= 0:
        raise SettingsInConflict(data.count(b"\n", 0, marker) + 1)
    try:
        return mapping(data.decode("utf-8-sig"), place.SETTINGS)
    except UnicodeDecodeError as error:
        raise NotUtf8Settings(error.start) from error
