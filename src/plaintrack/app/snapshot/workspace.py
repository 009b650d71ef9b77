"""Opens a workspace: finds its root, reads its settings, wires files, index and clock together."""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from plaintrack import __version__
from plaintrack.config import values
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import Schema
from plaintrack.store import clock, files, place, state
from plaintrack.store.digest import digest
from plaintrack.store.index import ask
from plaintrack.store.index.database import UNUSABLE, Database, size
from plaintrack.store.index.update import Refresh
from plaintrack.store.remember import recall, remember

if TYPE_CHECKING:
    from plaintrack.app.write.writer import Follow
    from plaintrack.store.repo import Repo


ATTIC = "displaced"


class NoWorkspace(PlaintrackError):
    """There is no ``plaintrack.yml`` here or above."""

    slug = "no-workspace"


def _allowed(root: str) -> str:
    """Who lets git fetch what a partial clone lacks, see ``Repo.allowed``; always as the settings
    of the work tree have it.
    """
    from plaintrack.store import repo

    if repo.FETCH:
        return "option"
    try:
        return "setting" if Workspace(root).settings.git["fetch"] == "missing" else "never"
    except (PlaintrackError, OSError):
        return "never"


class Workspace:
    """One open workspace. Everything in it is made when it is first asked for."""

    live = True  # it is the work tree, not a commit

    def __init__(self, start: str = ".", follow: "Callable[[], Follow] | None" = None) -> None:
        """Open the workspace that ``start`` lies in; raises NoWorkspace. ``follow`` gives what
        follows from writing here, if anything.
        """
        root = place.root(start)
        if root is None:
            raise NoWorkspace(
                f"no plaintrack.yml in {os.path.abspath(start)} or a folder above it",
                "run `plaintrack init` to make a workspace here",
            )
        self.root = root
        self.cache = state.folder(root)
        self.follow = follow
        self._plain: set[str] = set()  # folders that no link leads to
        self.notice: Callable[[str], None] = _silent  # tells the user something by the way
        self.acted: Callable[[str], None] = _silent  # hears what rules did
        self.unasked = False  # whether the watcher writes here, for which `undo` is not meant
        self.told: Callable[[int, int], None] = (
            _untold  # hears how much of long work is done, and how much there is
        )

    @cached_property
    def settings(self) -> Settings:
        """The settings; parsed again only when the file's bytes have changed."""
        data = files.read(os.path.join(self.root, place.SETTINGS))
        source = _code() + data
        known = recall(self.cache, "settings.cache", source)
        if known is not None:
            with suppress(TypeError, KeyError, AttributeError):  # of another version
                settings = values.whole(known)
                if all(values.inside(each) for each in (*settings.folders, settings.archive)):
                    return settings
        from plaintrack.config.settings import read

        settings = read(_mapping(data))
        remember(self.cache, "settings.cache", source, values.plain(settings))
        return settings

    @property
    def schema(self) -> Schema:
        """The fields and the workflow."""
        return self.settings.schema

    @cached_property
    def now(self) -> datetime:
        """This moment, in the workspace's time zone; the same for the whole command."""
        return clock.now(self.schema.timezone, self.cache)

    @cached_property
    def repo(self) -> "Repo":
        """The git repository it lies in; raises NoGit."""
        from plaintrack.app.snapshot.former import Homes
        from plaintrack.store.repo import Repo

        found = Repo(self.root)
        found.homes = Homes(self.root, self.cache, found)
        found.allowed = partial(_allowed, self.root)
        return found

    @property
    def today(self) -> date:
        """The calendar day of ``now``."""
        return self.now.date()

    @property
    def tops(self) -> tuple[str, ...]:
        """The folders that items are in."""
        return (*self.settings.folders, self.settings.archive)

    def scan(self, folders: tuple[str, ...] | None = None) -> list[files.Folder]:
        """What stands in all folders of items now; or in just these, without what is below them."""
        return files.scan(
            self.root,
            self.tops if folders is None else folders,
            frozenset(self.settings.ignore),
            folders is None,
        )

    @cached_property
    def scanned(self) -> list[files.Folder]:
        """A scan of the files, to which the index is equal."""
        found = self.scan()
        if "index" in self.__dict__:  # a watcher has vouched for it
            Refresh(self.index, self.root, self.schema, found).run()
        return found

    @cached_property
    def index(self) -> Database:
        """The index, equal to the files as they are now."""
        database = Database(self.cache, key(self.settings))
        if "scanned" in self.__dict__ or not self._vouched(database):
            Refresh(database, self.root, self.schema, self.scanned, self.told).run()
        git = place.git_folder(self.root)
        if (git and place.sparse(git)) or ask.any_elsewhere(database.connection):
            from plaintrack.app.snapshot.absent import settle

            self.__dict__["index"] = database
            settle(self)
        return database

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

        return (
            cookies.state(self.root, self.tops, (database.mark, self.settings.ignore))
            if database.mark and database.path
            else ""
        )

    def renew(self) -> None:
        """Make the index afresh when it is next asked for."""
        Database(self.cache, key(self.settings)).distrust()
        self.look_again()

    def look_again(self) -> None:
        """Look at the files again when the index is next asked for."""
        for name in ("index", "scanned"):
            self.__dict__.pop(name, None)

    def unsettled(self) -> bool:
        """Whether an editor saved into a file that a write displaced, which waits for
        ``app.write.recover``.
        """
        attic = self.cache and os.path.join(self.cache, ATTIC)
        if not attic or not os.path.isdir(attic):
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
        if not paths or "index" not in self.__dict__:
            return
        database = self.index
        if (
            "scanned" in self.__dict__ and database.path and not database.untouched()
        ):  # written by somebody whose scan may be newer than ours
            self.scanned = self.scan()
        if "scanned" in self.__dict__:
            for path in paths:
                folder, _, name = path.rpartition("/")
                _rescan(self.root, self.scanned, folder, name)
            Refresh(database, self.root, self.schema, self.scanned).run()
        else:
            folders = tuple({path.rpartition("/")[0] for path in paths})
            there = {folder.path: folder for folder in self.scan(folders)}
            scanned = [there.get(path) or files.Folder(path, [], [], []) for path in folders]
            if not Refresh(database, self.root, self.schema, scanned, whole=False).run():
                _ = self.scanned

    @property
    def tip(self) -> str:
        """The commit whose history counts; raises NoGit."""
        return self.repo.here

    def followed(self, path: str) -> bool:
        """Whether a file is taken for an item or a comment by its path."""
        return self.is_item(path) or place.holds((place.COMMENTS,), path)

    def is_item(self, path: str) -> bool:
        """Whether a file is taken for an item by its path."""
        return place.holds(self.tops, path) and path.rpartition("/")[2] not in self.settings.ignore

    def read(self, path: str) -> bytes:
        """The bytes of a workspace file, whatever size an item may have; raises Oddity (also where
        a folder is a link), OSError.
        """
        self.plain(path)
        return files.read(self.path(path))

    def read_whole(self, path: str) -> bytes:
        """The bytes of a workspace file of any size; raises Oddity (also where a folder is a link),
        OSError.
        """
        self.plain(path)
        return files.read_whole(self.path(path))

    def plain(self, path: str) -> None:
        """Raise Oddity if the way to a workspace file leads out of it, or through a symbolic link:
        what lies there is not of the workspace.
        """
        folder = path.rpartition("/")[0]
        if folder in self._plain and path[0] != "/":
            return
        if os.path.isabs(path) or (folder and folder != os.path.normpath(folder)):
            raise files.Oddity(f"{path} is no path in this workspace", "it is not followed")
        if folder.startswith("..") and not state.inside(self.root, path):
            raise files.Oddity(
                f"{path} is not in this work tree, or behind a symbolic link", "it is not followed"
            )
        if not folder.startswith("..") and (link := files.linked(self.root, folder)):
            raise files.Oddity(
                f"{link} is a symbolic link; it is not followed", "replace it by the folder itself"
            )
        self._plain.add(folder)

    def entries(self, folder: str) -> list[str]:
        """The names in a folder of the workspace, sorted; none if it is not there, or lies behind a
        symbolic link.
        """
        try:
            self.plain(f"{folder}/.")
            return sorted(os.listdir(self.path(folder)))
        except (FileNotFoundError, NotADirectoryError, files.Oddity):
            return []

    def names(self, folder: str) -> list[str]:
        """The names of the Markdown files in a folder."""
        return [name for name in self.entries(folder) if name.endswith(".md") and name[0] != "."]

    def path(self, relative: str) -> str:
        """The place of a workspace file in the file system."""
        return os.path.join(self.root, relative)


def _silent(text: str) -> None:
    """Tell nobody; a user interface puts something better in its place."""
    del text


def _untold(_done: int, _all: int) -> None:
    """Tell nobody."""


def _rescan(root: str, scanned: list[files.Folder], folder: str, name: str) -> None:
    known = next((each for each in scanned if each.path == folder), None)
    if known is None:
        known = files.Folder(folder, [], [], [])
        scanned.append(known)
    at = next((number for number, entry in enumerate(known.files) if entry[0] == name), None)
    try:
        info = os.stat(os.path.join(root, folder, name), follow_symlinks=False)
    except FileNotFoundError:
        if at is not None:
            del known.files[at]
        return
    entry = (name, info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino)
    if at is None:
        known.files.append(entry)
    else:
        known.files[at] = entry


def key(settings: Settings) -> str:
    """What the parse and the derived columns depend on; another key makes the index afresh."""
    zone = settings.schema.timezone or (
        time.tzname,
        time.timezone,
    )  # that of the machine; `updated` depends on it
    return digest(repr((settings.schema, zone, settings.folders, settings.archive)).encode()).hex()


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


def _mapping(data: bytes) -> Mapping[str, Any]:
    from plaintrack.text.nodes import mapping

    try:
        return mapping(data.decode("utf-8-sig"), place.SETTINGS)
    except UnicodeDecodeError as error:
        raise PlaintrackError(
            f"{place.SETTINGS}: not UTF-8 at byte {error.start}", "save it as UTF-8"
        ) from error
