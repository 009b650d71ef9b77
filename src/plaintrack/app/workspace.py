"""Opens a workspace: finds its root, reads its settings, wires files, index and clock together."""

import os
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from plaintrack.config.settings import TABLE, Settings
from plaintrack.config.settings import read as read_settings
from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import Schema
from plaintrack.store import clock, files, place
from plaintrack.store.index.database import Database
from plaintrack.store.index.update import Refresh


class NoWorkspace(PlaintrackError):
    """There is no ``plaintrack.yml`` here or above."""

    slug = "no-workspace"


class Workspace:
    """One open workspace. Everything in it is made when it is first asked for."""

    def __init__(self, start: str = ".") -> None:
        """Open the workspace that ``start`` lies in; raises NoWorkspace."""
        root = place.root(start)
        if root is None:
            raise NoWorkspace(
                f"no plaintrack.yml in {os.path.abspath(start)} or a folder above it",
                "run `plaintrack init` to make a workspace here",
            )
        self.root = root
        self.cache = place.cache(root)
        self.scanned: list[files.Folder] = []
        self.notice: Callable[[str], None] = _silent  # tells the user something by the way

    @cached_property
    def settings(self) -> Settings:
        """The settings; parsed again only when the file's bytes have changed."""
        data = files.read(os.path.join(self.root, place.SETTINGS))
        return read_settings(_cached_mapping(data, self.cache))

    @property
    def schema(self) -> Schema:
        """The fields and the workflow."""
        return self.settings.schema

    @cached_property
    def now(self) -> datetime:
        """This moment, in the workspace's time zone; the same for the whole command."""
        return clock.now(self.schema.timezone)

    @property
    def today(self) -> date:
        """The calendar day of ``now``."""
        return self.now.date()

    @cached_property
    def index(self) -> Database:
        """The index, equal to the files as they are now."""
        database = Database(self.cache, _key(self.settings))
        self.scanned = files.scan(self.root, (*self.settings.folders, self.settings.archive), self.settings.ignore)
        Refresh(database, self.root, self.schema, self.scanned).run()
        return database

    def config(self) -> dict[str, str]:
        """Name → value of every setting in force, as texts."""
        import json

        given = dict(_cached_mapping(files.read(os.path.join(self.root, place.SETTINGS)), self.cache))
        _ = self.settings
        return {each.name: json.dumps(given.get(each.name, each.default), ensure_ascii=False) for each in TABLE}

    def touch(self, paths: list[str]) -> None:
        """Tell the index that exactly these files (relative paths) have changed."""
        for path in paths:
            folder, _, name = path.rpartition("/")
            _rescan(self.root, self.scanned, folder, name)
        Refresh(self.index, self.root, self.schema, self.scanned).run()

    def path(self, relative: str) -> str:
        """The place of a workspace file in the file system."""
        return os.path.join(self.root, relative)


def _silent(text: str) -> None:
    """Tell nobody; a user interface puts something better in its place."""
    del text


def _rescan(root: str, scanned: list[files.Folder], folder: str, name: str) -> None:
    known = next((each for each in scanned if each.path == folder), None)
    if known is None:
        known = files.Folder(folder, [], [])
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


def _key(settings: Settings) -> str:
    """What the parse and the derived columns depend on; another key makes the index afresh."""
    from zlib import crc32

    text = repr((settings.schema, settings.folders, settings.archive))
    return f"{crc32(text.encode()):08x}{len(text):x}"


def _cached_mapping(data: bytes, cache: str | None) -> Mapping[str, Any]:
    """The settings file as a mapping, from the cache if that was made of the same bytes (they stand before the JSON)."""
    import json

    name = os.path.join(cache, "settings.cache") if cache else None
    mark = b"%d\n" % len(data) + data + b"\n"
    if name:
        try:
            with open(name, "rb") as handle:
                stored = handle.read()
            if stored.startswith(mark):
                found: Mapping[str, Any] = json.loads(stored[len(mark) :])
                return found
        except (OSError, ValueError):
            pass
    from plaintrack.text.nodes import mapping

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlaintrackError(f"{place.SETTINGS}: not UTF-8 at byte {error.start}", "save it as UTF-8") from error
    parsed: Mapping[str, Any] = mapping(text, place.SETTINGS)
    if name:
        try:
            temporary = f"{name}.{os.getpid()}"
            with open(temporary, "wb") as handle:
                handle.write(mark + json.dumps(parsed).encode())
            os.replace(temporary, name)
        except OSError:
            pass
    return parsed
