"""Knows which folders have changed since they were scanned, and answers commands that ask whether
any has: the kernel's own order of events (Linux).
"""

import os
import re
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from watchdog.utils import UnsupportedLibcError

from plaintrack.store import cookies

try:
    from watchdog.observers.inotify_c import (
        CallbackId,
        InotifyConstants,
        InotifyEvent,
        InotifyFD,
        Mask,
        WatchDescriptor,
    )

    _HOW = InotifyConstants.IN_ONLYDIR | InotifyConstants.IN_DONT_FOLLOW
    _NAMES = InotifyConstants.IN_CREATE | InotifyConstants.IN_DELETE | InotifyConstants.IN_MOVE
    _TEXTS = (
        InotifyConstants.IN_MODIFY | InotifyConstants.IN_CLOSE_WRITE | InotifyConstants.IN_ATTRIB
    )
    _MASK = Mask(
        _NAMES | _TEXTS | InotifyConstants.IN_DELETE_SELF | InotifyConstants.IN_MOVE_SELF | _HOW
    )
    _NEW = Mask(InotifyConstants.IN_CREATE | _HOW)
    AVAILABLE = True
except (
    ImportError,
    AttributeError,
    UnsupportedLibcError,
):
    # another system, or a watchdog without it: every look is a whole scan
    AVAILABLE = False

LOCAL = frozenset(
    ("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "bcachefs", "zfs", "jfs", "tmpfs", "overlay")
)
"""File systems on which every change is made through this kernel, so that it can tell of all."""


class Tracker:
    """Follows the folders of one workspace. All events come through one queue of the kernel, so
    they come in the order of the changes.

    ``devices`` holds a folder on each file system there is. ``hint`` is called when someone waits
    for a look, or no one knows what has changed. Paths are relative to the root, which is ``""``
    itself.
    """

    def __init__(self, root: str, cache: str, hint: Callable[[], None]) -> None:
        """Follow nothing before ``cover``; raises OSError where the kernel has no more of what it
        takes.
        """
        self.root, self.cache, self.hint = root, cache, hint
        self._lock = threading.Lock()
        self._changed: set[str] = set()
        self._whole = True
        self._state = ""
        self._tops: frozenset[str] = frozenset()  # the folders of items and what is above them
        self._above: set[str] = set()  # only what is above them, the root too
        self._scanned: frozenset[str] = frozenset()
        self._folders: dict[str, tuple[WatchDescriptor, tuple[int, int]]] = {}
        self._paths: dict[WatchDescriptor, str] = {}
        self._doubted: set[str] = set()
        self.devices: dict[int, str] = {}
        self._asked: WatchDescriptor | None = None
        self._inotify = InotifyFD()
        self._inotify.start()

    def close(self) -> None:
        """Follow nothing any more, and answer no one."""
        cookies.close(self.cache)
        self._inotify.stop()
        self._inotify.join(5)

    def take(self) -> set[str] | None:
        """The folders whose files may have changed since the last time; None: any may. From now on
        the answer is no, until ``settle``.
        """
        with self._lock:
            changed, self._changed = self._changed, set()
            whole, self._whole, self._state = self._whole, False, ""
        return None if whole else changed

    def cover(self, folders: Collection[str], tops: Sequence[str]) -> bool:
        """Follow the root and exactly these folders of a scan, the paths below ``tops``; whether
        they were followed already when it began.

        If not, something may have been missed, and the next ``take`` says so. OSError: no more
        watches.
        """
        self._tops = _with_parents(tops)
        above = {path.rpartition("/")[0] for path in self._tops}
        self._above = {path for path in above if os.path.isdir(os.path.join(self.root, path))}
        self._scanned = frozenset(folders)
        followed = ("", *sorted(self._above - {"", *folders}), *folders)
        self._forget_but(set(followed))
        known = True
        self.devices = {}
        for path in followed:
            there = _identity(os.path.join(self.root, path))
            if there is None:
                known = False
                continue
            self.devices.setdefault(there[0], path)
            if self._folders.get(path, (0, None))[1] != there:
                known = False
                self._follow(path, there)
        if not known:
            with self._lock:
                self._whole = True
        return known

    def _forget_but(self, wanted: Collection[str]) -> None:
        """Follow other folders no longer, nor those that were moved or are in doubt."""
        with self._lock:
            doubted, self._doubted = self._doubted, set()
            gone = [
                path
                for path in self._folders
                if path not in wanted or (doubted and _within(path, doubted))
            ]
            old = [self._folders.pop(path)[0] for path in gone]
        self._inotify.remove_callbacks([(each, CallbackId(id(self))) for each in old])

    def settle(self, state: str) -> None:
        """From now on say that the index is equal to the files, to who asks about this ``state``,
        until the next change; if it is empty, be not asked.
        """
        if not state:
            if self._asked is not None:
                cookies.close(self.cache)
            return
        if self._asked is None:
            self._asked = self._inotify.add_callback(
                os.fsencode(cookies.open_(self.cache)), _NEW, self, CallbackId(id(self))
            )
        with self._lock:
            if not self._changed and not self._whole:
                self._state = state

    def on_event(self, event: "InotifyEvent") -> None:
        """Called by watchdog, in the order of the kernel's queue."""
        name = os.fsdecode(event.name)
        if event.wd == self._asked:
            self._answer(name)
            return
        with self._lock:
            path = self._paths.get(event.wd)
            whole = f"{path}/{name}" if path else name
            if (
                name
                and whole not in self._tops
                and (name.startswith(".") or (path in self._above and path not in self._scanned))
            ):
                return
            if not path or event.is_directory or not name:
                self._whole = True
                self._doubted.add(f"{path}/{name}" if path and name else path or name)
            elif name.endswith(".md") or event.mask & _NAMES:
                # another name may be a link to a folder
                self._changed.add(path)

    def on_watch_deleted(self, wd: "WatchDescriptor") -> None:
        """Called by watchdog when a folder is there no more."""
        with self._lock:
            if wd == self._asked:
                self._asked = None
                return
            path = self._paths.pop(wd, None)
            if path is not None and self._folders.get(path, (0,))[0] == wd:
                del self._folders[path]
            self._whole = True
        self.hint()

    def on_queue_overflow(self) -> None:
        """Called by watchdog when the kernel has dropped events."""
        with self._lock:
            self._whole = True
        self.hint()

    def _follow(self, path: str, there: tuple[int, int]) -> None:
        with self._lock:
            old = [self._folders.pop(path)[0]] if path in self._folders else []
        self._inotify.remove_callbacks([(each, CallbackId(id(self))) for each in old])
        full = os.path.join(self.root, path)
        try:
            wd = self._inotify.add_callback(os.fsencode(full), _MASK, self, CallbackId(id(self)))
        except (FileNotFoundError, NotADirectoryError):
            return
        with self._lock:
            self._paths[wd] = path
            if _identity(full) == there:
                self._folders[path] = wd, there

    def _answer(self, name: str) -> None:
        with self._lock:
            settled = self._state and not self._changed and not self._whole
            agreed = bool(settled) and name.startswith(f"{self._state}-")
            if settled and not agreed:
                # someone else brought the index up to date, or a folder is not the one we follow
                self._whole = True
        cookies.answer(self.cache, name, agreed)
        if not agreed:
            self.hint()


def local(paths: Collection[str]) -> bool:
    """Whether all that happens below these paths goes through this kernel, as far as the kinds of
    their file systems tell.
    """
    kinds: dict[str, str] = {}
    with suppress(OSError, ValueError, IndexError), open("/proc/self/mountinfo", "rb") as handle:
        for line in handle:
            words = line.split()
            place = re.sub(rb"\\([0-7]{3})", lambda each: bytes([int(each[1], 8) & 255]), words[4])
            kinds[os.fsdecode(place)] = words[words.index(b"-") + 1].decode("ascii", "replace")
    return bool(kinds) and all(_kind(kinds, os.path.realpath(path)) in LOCAL for path in paths)


def _kind(kinds: dict[str, str], path: str) -> str:
    while path not in kinds and path != "/":
        path = os.path.dirname(path)
    return kinds.get(path, "")


def _within(path: str, folders: Collection[str]) -> bool:
    """Whether the path is one of ``folders`` or below one; everything is below ``""``."""
    while path and path not in folders:
        path = path.rpartition("/")[0]
    return path in folders


def _identity(path: str) -> tuple[int, int] | None:
    try:
        info = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return info.st_dev, info.st_ino


def _with_parents(paths: Sequence[str]) -> frozenset[str]:
    """The paths, and the folders above them."""
    parts = [path.split("/") for path in paths]
    return frozenset("/".join(each[:end]) for each in parts for end in range(1, len(each) + 1))
