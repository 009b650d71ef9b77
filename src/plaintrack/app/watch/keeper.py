"""Keeps the index true for the watcher, with as little scanning as what is known of the changes
allows, so that commands need not scan at all.
"""

import time
from typing import TYPE_CHECKING

from plaintrack.app.snapshot.snapshot import key
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.store import files
from plaintrack.store.index.database import Database
from plaintrack.store.index.update import Refresh
from plaintrack.store.inotify import AVAILABLE, Tracker, local
from plaintrack.store.watch import Hints

if TYPE_CHECKING:
    from collections.abc import Set

RESCAN = 30.0  # seconds between two scans of everything; longer where one takes long
SHARE = 100  # a scan that nothing asked for takes at most one in so many seconds
AGAIN = 5  # looks at once one after another, while folders come and go


class Keeper:
    """Refreshes the index at each look of a watcher."""

    def __init__(self, hints: Hints) -> None:
        """``hints`` is told when a look is wanted."""
        self.hints = hints
        self.pause = RESCAN
        """Seconds to the next scan of everything."""
        self.moved = False
        """Whether folders came, went or moved since the look before: files below them may have
        changed without another stamp.
        """
        self._due = 0.0
        self._tracker: Tracker | None = None
        self._able = AVAILABLE
        self._scanned: list[files.Folder] | None = None
        self._key: tuple[str, tuple[str, ...]] = ("", ())
        self._mark = ""
        self._devices: Set[int] = frozenset()
        self._local = False
        self._again = 0
        self._paths: set[str] = set()

    def close(self) -> None:
        """Answer no command any more."""
        if self._tracker is not None:
            self._tracker.close()
            self._tracker = None

    def refresh(self, workspace: Workspace, tracked: bool) -> bool:
        """Make the index equal to the files; whether a second look is needed at once. Not
        ``tracked``: there are no events.
        """
        tracker = self._follow(workspace) if tracked else None
        changed = tracker.take() if tracker else None
        now = (key(workspace.settings), workspace.settings.ignore)
        start = time.monotonic()
        before, self._scanned = self._scanned, None  # until all has gone well
        anew = (
            changed is None
            or before is None
            or now != self._key
            or start >= self._due
            or self.hints.lost
        )
        if anew or not self._some(workspace, before or [], changed or set()):
            workspace.know(workspace.scan())
            _ = workspace.index
            self.pause = max(RESCAN, SHARE * (time.monotonic() - start))
            self._due = start + self.pause
        paths = {folder.path for folder in workspace.scanned}
        self.moved, self._paths = paths != self._paths, paths
        self._scanned, self._key, self._mark = (
            workspace.scanned,
            now,
            workspace.index.mark if workspace.index.path else "",
        )
        return tracker is not None and self._settle(workspace, tracker)

    def _some(self, workspace: Workspace, before: list[files.Folder], changed: "Set[str]") -> bool:
        """Make the index equal to the files, of which only those in the folders ``changed`` have
        changed since ``before``; False if that cannot be done.
        """
        again = {folder.path: folder for folder in workspace.scan(tuple(changed))}
        if again.keys() != changed:  # one is gone
            return False
        scanned = [again.get(folder.path, folder) for folder in before]
        database = Database(workspace.cache, self._key[0])
        if database.mark and database.mark == self._mark:
            if not Refresh(
                database, workspace.root, workspace.schema, list(again.values()), whole=False
            ).run():
                return False
            workspace.know(scanned, database)
        else:  # someone else has written it
            workspace.know(scanned)
            _ = workspace.index
        return True

    def _follow(self, workspace: Workspace) -> Tracker | None:
        """The Tracker of the workspace, another one if its cache is another; None where there can
        be none.
        """
        if self._tracker is not None and (self._tracker.root, self._tracker.cache) != (
            workspace.root,
            workspace.cache,
        ):
            self.close()
        if self._tracker is None and self._able and workspace.cache:
            try:
                self._tracker = Tracker(workspace.root, workspace.cache, self.hints.event.set)
            except OSError:
                self._able = False
        return self._tracker

    def _settle(self, workspace: Workspace, tracker: Tracker) -> bool:
        """Let commands be answered, if every change is heard of; whether another look is needed
        first.
        """
        tops = workspace.tops
        # of the others the folder above tells
        folders = [
            folder.path
            for folder in workspace.scanned
            if not any(name == "" for name, _ in folder.odd)
        ]
        try:
            if not tracker.cover(folders, tops):
                self._again += 1
                return self._again < AGAIN
            self._again = 0
            tracker.settle(
                workspace.state(workspace.index) if self._heard(workspace, tracker) else ""
            )
        except OSError:  # no watches left
            self.close()
            self._able = False
        return False

    def _heard(self, workspace: Workspace, tracker: Tracker) -> bool:
        """Whether no file can change without an event: all is on local file systems, and no file
        has another name elsewhere.
        """
        if tracker.devices.keys() != self._devices:
            self._devices = frozenset(tracker.devices)
            self._local = local([workspace.path(each) for each in tracker.devices.values()])
        return self._local and not any(folder.linked for folder in workspace.scanned)
