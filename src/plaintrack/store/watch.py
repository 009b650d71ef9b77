"""Hints from the file system (watchdog) that something may have changed; what has changed only a
scan can tell.
"""

import logging
import os
import sys
import threading
import warnings
from collections.abc import Sequence

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from plaintrack.store.files import TEMPORARY

# elsewhere no one tells that a file was closed
_SAVED = FileClosedEvent if sys.platform == "linux" else FileModifiedEvent
_EVENTS: list[type[FileSystemEvent]] = [
    _SAVED, FileCreatedEvent, FileMovedEvent, FileDeletedEvent, DirCreatedEvent, DirMovedEvent,
    DirDeletedEvent,
]  # fmt: skip
# else what its threads say while they end would go to stderr
logging.getLogger("watchdog").addHandler(logging.NullHandler())


class Hints(FileSystemEventHandler):
    """An event that is set when something below the watched folders may have changed, or when
    events may have been lost.
    """

    def __init__(self) -> None:
        """Nothing is watched before ``arm``."""
        self.event = threading.Event()
        self.lost = False
        self._observer: BaseObserver | None = None
        self._watched: dict[str, tuple[int, int] | None] = {}
        self._log = _Overflow(self)

    def arm(self, root: str, folders: Sequence[str], git: str = "") -> str:
        """Watch ``root`` itself, everything below ``folders``, and in a ``git`` folder what HEAD
        is; why that cannot be, or an empty text.
        """
        self.disarm()
        try:
            observer = Observer()
        except OSError as error:  # no instance left
            return str(error)
        below = {os.path.join(root, folder): True for folder in folders}
        alone = [root, *([os.path.join(git, "logs")] if git else [])]
        below |= dict.fromkeys(alone, False)
        self._watched = {path: _identity(path) for path in below}
        try:
            for path, recursive in below.items():
                if self._watched[path] is not None:
                    observer.schedule(self, path, recursive=recursive, event_filter=_EVENTS)
            observer.start()
        except (
            OSError,
            RuntimeError,
        ) as error:  # no watches or instances left, no such system call, no threads
            _stop(observer)
            return str(error)
        # a folder seen twice, which is not news
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="watchdog")
        logging.getLogger("watchdog").addHandler(self._log)
        logging.getLogger("watchdog").propagate = False
        self._observer = observer
        return ""

    @property
    def armed(self) -> bool:
        """Whether something is being watched."""
        return self._observer is not None

    def disarm(self) -> None:
        """Watch nothing any more."""
        logging.getLogger("watchdog").removeHandler(self._log)
        if self._observer is not None:
            _stop(self._observer)
            self._observer = None

    def intact(self) -> bool:
        """Whether the watched folders are still the ones that stand there, and every thread that
        listens lives.
        """
        if (
            self._observer is None
            or not self._observer.is_alive()
            or not all(each.is_alive() for each in self._observer.emitters)
        ):
            return False
        return all(_identity(path) == known for path, known in self._watched.items())

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog's thread; only sets the event."""
        if event.is_directory or any(
            _telling(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path
        ):
            self.event.set()


class _Overflow(logging.Handler):
    """watchdog tells lost events only to its log."""

    def __init__(self, hints: Hints) -> None:
        super().__init__(logging.WARNING)
        self.hints = hints

    def emit(self, _record: logging.LogRecord) -> None:
        self.hints.lost = True
        self.hints.event.set()


def _telling(path: str) -> bool:
    """Whether a file of that name can matter: an item, a comment, a document, the settings, a
    rule, or git's record of where HEAD was.
    """
    name = os.path.basename(path)
    if name == "HEAD":
        return True
    return name.endswith((".md", ".yml")) and not name.startswith(TEMPORARY)


def _identity(path: str) -> tuple[int, int] | None:
    """What tells a folder from another of the same name; None where there is no folder to watch."""
    try:
        info = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return (info.st_dev, info.st_ino) if os.path.isdir(path) and not os.path.islink(path) else None


def _stop(observer: BaseObserver) -> None:
    observer.stop()
    if observer.is_alive():
        observer.join(5)
