"""The watch loop: after any change of the files, whoever made it, it brings the index up to date
and tells what happened.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event
from typing import NamedTuple

from plaintrack.app.snapshot.snapshot import Listener
from plaintrack.app.snapshot.workspace import NoWorkspace, Workspace
from plaintrack.app.watch.keeper import Keeper
from plaintrack.app.write.session import recover
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change, compare, pairs, telling
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task
from plaintrack.store import cookies, lock, place
from plaintrack.store.index import ask, survey
from plaintrack.store.index.database import UNUSABLE, Connection
from plaintrack.store.underway import REST, at_work, underway
from plaintrack.store.watch import Hints

QUIET = 0.1  # seconds without an event that end a burst of them
LONGEST = 1.0  # seconds after which a burst is looked at all the same
TICK = 1.0  # seconds between two looks at the watched folders themselves
GRACE = (
    1.0  # seconds for which a file may be gone or broken, since its editor may just be saving it
)
BUSY = 0.25  # seconds between two looks at whether git has finished
BRIEF = 0.1  # seconds for which a command may hold the lock, to see whether the watcher was killed
MANY = 50  # items changed at once, from which on they are only counted


class AlreadyWatching(PlaintrackError):
    """Another process watches the workspace."""

    slug = "already-watching"

    def __init__(self, who: str) -> None:
        super().__init__(
            f"this workspace is already being watched ({who or 'another process'})",
            "end that one first",
        )

    exit_code = 1


class NoPlace(PlaintrackError):
    """There is no folder for the lock."""

    slug = "nowhere-to-lock"

    def __init__(self, root: str) -> None:
        super().__init__(
            f"{root}: cannot create a folder for cache and locks",
            "make it or its git folder writable",
        )


class WorkspaceGone(NoWorkspace):
    """The workspace that is watched is not there any more."""

    slug = "workspace-gone"

    def __init__(self, root: str) -> None:
        PlaintrackError.__init__(
            self, f"{root} is no longer a workspace", "watching goes on when it is back"
        )


class Told(NamedTuple):
    """One thing that the watcher tells: a ``kind`` (``watching``, ``change``, ``changes``,
    ``action``, ``wait``, ``trouble``, ``stop``) and what it is about.
    """

    kind: str
    text: str
    change: Change | None = None


class Seen(NamedTuple):
    """One file as the watcher knows it."""

    digest: bytes | None
    task: Task


Tell = Callable[[Told], None]
Act = Callable[[Workspace, bool], Iterable[str]]


@contextmanager
def only_one(workspace: Workspace) -> Iterator[Callable[[], None]]:
    """Be the only watcher of a workspace; raises AlreadyWatching, which says who is, and NoPlace.

    Gives what is to be called now and then, and raises the same: someone may have removed the
    cache with the lock in it.
    """
    if workspace.cache is None:
        raise NoPlace(workspace.root)
    path, note = (os.path.join(workspace.cache, name) for name in (cookies.LOCK, "watch.pid"))
    me = f"process {os.getpid()}, since {workspace.now.isoformat()}"

    def hold() -> None:
        if _text(note) == me:
            return
        try:
            held.enter_context(lock.exclusive(path, BRIEF))
        except lock.Locked as error:
            raise AlreadyWatching(_text(note)) from error
        with open(note, "w", encoding="utf-8") as handle:
            handle.write(me)

    def hold_again() -> None:
        with suppress(OSError, NoWorkspace):  # it is gone, for now
            Workspace(workspace.root)  # makes the folder of the cache
            hold()

    with ExitStack() as held:
        hold()
        try:
            yield hold_again
        finally:
            if _text(note) == me:
                os.unlink(note)


def _text(path: str) -> str:
    with suppress(OSError), open(path, encoding="utf-8", errors="replace") as handle:
        return handle.read()
    return ""


class Watch:
    """One watcher. ``act`` does what follows from changes (given: whether something may have
    changed since) and says what it did.
    """

    def __init__(
        self,
        root: str,
        tell: Tell,
        act: Act | None = None,
        poll: float = 0.0,
        opened: Callable[..., Workspace] = Workspace,
    ) -> None:
        """``poll``: seconds between two scans where no events are to be relied upon; ``opened``:
        opens the workspace for a look.
        """
        self.opened = opened
        self.root, self.tell, self.act, self.poll = root, tell, act, poll
        self.hints = Hints()
        self.keeper = Keeper(self.hints)
        self.doubtful: dict[str, float] = {}
        self.seen: dict[str, Seen] | None = None
        self.newest = 0
        self.waiting = ""
        self.rest = 0.0
        self.owed = False
        self.trouble = ""
        self.noticed: list[
            str
        ] = []  # by the way in the last look: it is told once, not at every look
        self.again: float | None = None

    def run(self, stop: Event, hold: Callable[[], object] = bool) -> None:
        """Watch until ``stop`` is set; whoever sets it sets ``hints.event`` too. ``hold`` is what
        ``only_one`` gives.
        """
        self.rest = REST
        try:
            hinted = False
            while not stop.is_set():
                hold()
                self._listen()
                self.once(hinted)
                hinted = self._wait(stop)
        finally:
            self.keeper.close()
            self.hints.disarm()

    def once(self, hinted: bool = True) -> None:
        """One look at everything; ``hinted``: events said that something has changed."""
        self.again = None
        try:
            self._look(hinted)
            self.trouble = ""
        except (PlaintrackError, OSError, UNUSABLE) as error:
            self.again = time.monotonic() + TICK
            if isinstance(error, PlaintrackError):
                said = error.message + (f" ({error.hint})" if error.hint else "")
            else:
                said = str(error)
            if said != self.trouble:
                self.trouble = said
                self.tell(Told("trouble", said))

    def _listen(self) -> None:
        """Watch the folders that stand there now; without events, scan again and again."""
        if self.poll or self.hints.intact():
            return
        try:
            settings = Workspace(self.root).settings
            folders = [*settings.tops, "automations", "comments"]
        except (PlaintrackError, OSError):
            self.hints.disarm()
            return
        git = place.git_folder(self.root) or ""
        why = self.hints.arm(self.root, list(dict.fromkeys(folders)), git)
        if why:
            self.poll = 2.0
            self.tell(
                Told(
                    "trouble",
                    f"the system reports no changes ({why}); looking every {self.poll:g} s instead",
                )
            )

    def _look(self, hinted: bool) -> None:
        workspace = self.opened(
            self.root,
            listener=Listener(notice=lambda text: self.tell(Told("trouble", text))),
            unasked=True,
        )
        if os.path.realpath(workspace.root) != os.path.realpath(self.root):
            raise WorkspaceGone(self.root)
        if workspace.unsettled():
            recover(workspace)
        if self.keeper.refresh(workspace, self.hints.armed and not self.poll):
            self._by(time.monotonic())
        first = self.seen is None
        changes = self._changes(workspace, not hinted or self.hints.lost or self.keeper.moved)
        self.hints.lost = False
        self._tell(changes)
        self.owed |= first or hinted or bool(changes)
        if self._held(workspace):
            return
        self._act(workspace)
        self.owed = self._held(workspace)  # git came in between

    def _act(self, workspace: Workspace) -> None:
        """Do what follows, and look again when a rule's action is to be tried again. What is
        noticed by the way at every look, such as that rules are paused, is told once.
        """
        from plaintrack.app.automation.owed import next_try

        noticed: list[str] = []
        try:
            with workspace.heard(workspace.listener._replace(notice=noticed.append)):
                for line in self.act(workspace, self.owed) if self.act else ():
                    self.tell(Told("action", line))
        finally:
            for text in dict.fromkeys(noticed):
                if text not in self.noticed:
                    self.tell(Told("trouble", text))
            self.noticed = noticed
        wait = next_try(workspace) if self.act else None
        if wait is not None:
            self._by(time.monotonic() + max(wait, BUSY))

    def _tell(self, changes: list[Change]) -> None:
        """Each Change; of many only how many items they are about."""
        if len(items := {change.path for change in changes}) > MANY:
            self.tell(Told("changes", f"{len(items):,} items changed"))
        else:
            for change in changes:
                self.tell(Told("change", change.describe(), change))

    def _held(self, workspace: Workspace) -> bool:
        """Whether git is at work, so that only the net change is to be acted upon, when it is
        through.
        """
        folder = place.git_folder(workspace.root)
        what = (
            underway(folder) or ("checkout" if at_work(folder, self.rest) else "") if folder else ""
        )
        if what and what != "checkout" and what != self.waiting:
            self.tell(
                Told("wait", f"git is in the middle of a {what}; automations wait for its end")
            )
        self.waiting = what
        if what:
            self.again = time.monotonic() + BUSY
        return bool(what)

    def _changes(self, workspace: Workspace, whole: bool) -> list[Change]:
        """What is different from what was seen last; only files that changed since then are looked
        at, unless ``whole`` or some are gone.
        """
        connection = workspace.index.connection
        if self.seen is None:
            self.seen = dict(self._rows(connection, 0))
            return []
        rows = dict(self._rows(connection, 0 if whole else self.newest))
        total = ask.stamped(connection)
        if not whole and total != len(self.seen.keys() | rows.keys()):
            rows, whole = dict(self._rows(connection, 0)), True
        gone = self.seen.keys() - rows.keys() if whole else set()
        touched = {
            path
            for path, row in rows.items()
            if path not in self.seen or self.seen[path].digest != row.digest
        }
        moved = {rows[path].task.id for path in touched if path not in self.seen}
        self._doubt(rows, gone, touched, moved)
        old = [self.seen.pop(path).task for path in (*gone, *touched) if path in self.seen]
        self.seen |= {path: rows[path] for path in touched}
        lists = workspace.schema.lists
        sides = sorted(
            pairs(old, [rows[path].task for path in touched]),
            key=lambda each: (each[1] or each[0] or old[0]).path,
        )
        return [change for before, after in sides for change in _told(before, after, lists)]

    def _doubt(
        self, rows: dict[str, Seen], gone: set[str], touched: set[str], moved: set[str]
    ) -> None:
        """Leave out, for a moment, files that are gone or cannot be read: they may be in the middle
        of being saved.
        """
        seen, now = self.seen or {}, time.monotonic()
        gone_now = {path for path in gone if seen[path].task.id not in moved}
        broken = {
            path
            for path in touched
            if not rows[path].task.fields and (path not in seen or seen[path].task.fields)
        }
        self.doubtful = {path: self.doubtful.get(path, now) for path in gone_now | broken}
        for path, since in list(self.doubtful.items()):
            if now - since < GRACE:
                gone.discard(path)
                touched.discard(path)
                self._by(since + GRACE)
            else:
                del self.doubtful[path]

    def _rows(self, connection: Connection, since: int) -> Iterator[tuple[str, Seen]]:
        """Path → what the index says of the files whose stamp is not older than ``since`` (ctime,
        ns).
        """
        from plaintrack.model.task import fields_of

        newest = self.newest
        for number, path, ctime, digest, item, data in survey.seen(connection, since):
            newest = max(newest, ctime)
            fields = fields_of(data) if data else {}
            yield (
                path,
                Seen(
                    digest,
                    Task(
                        path,
                        item or "",
                        fields,
                        problems=() if fields else _why(connection, number),
                    ),
                ),
            )
        self.newest = newest

    def _by(self, moment: float) -> None:
        self.again = moment if self.again is None else min(self.again, moment)

    def _wait(self, stop: Event) -> bool:
        """Wait for a burst of events to end, or for the next look; whether there were events."""
        event = self.hints.event
        self._by(time.monotonic() + (self.poll or self.keeper.pause))
        while not stop.is_set():
            left = (self.again or 0) - time.monotonic()
            if event.wait(max(0.0, min(TICK, left))):
                break
            if left <= 0 or not (self.poll or self.hints.intact()):
                return False
        end = time.monotonic() + LONGEST
        while not stop.is_set() and time.monotonic() < end:
            event.clear()
            if not event.wait(QUIET):
                break
        event.clear()
        return True


def _why(connection: Connection, number: int) -> tuple[Problem, ...]:
    """Why a file gives no item."""
    problem = ask.why(connection, number)
    return (problem,) if problem else ()


def _told(before: Task | None, after: Task | None, lists: frozenset[str]) -> list[Change]:
    """What happened to one item, as far as its fields tell it; else that its text has changed."""
    if before is None and after is not None and not after.fields:
        before = Task(after.path, "", {"id": ""})
    changes = telling(compare(before, after, lists))
    if changes or before is None or after is None or not after.fields:
        return changes
    return [Change(after.id, after.path, "body")]
