"""One snapshot of the work: what every question is put to, be it the files, a commit, what is
staged, or an editor's unsaved text over the files.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.config.values import Settings, holds
from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import Schema
from plaintrack.store import clock, files, place, state
from plaintrack.store.digest import digest
from plaintrack.store.index.database import Database

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping, Set

    from plaintrack.app.snapshot.lexicon import Lexicon
    from plaintrack.app.snapshot.passed import Passed
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.model.ages import Ages
    from plaintrack.model.expected import Expected, Spent
    from plaintrack.model.sla import Clocks
    from plaintrack.model.staff import Staff
    from plaintrack.model.task import Task
    from plaintrack.model.update import Update
    from plaintrack.plan.answer import Planned
    from plaintrack.query.nodes import Question
    from plaintrack.query.recall import Recall
    from plaintrack.store.refusals import NoGit
    from plaintrack.store.repo import Repo
    from plaintrack.timeclock.entry import Entry


def _unheard(_text: str) -> None:
    """Tell no one."""


def _uncounted(_done: int, _whole: int) -> None:
    """Tell no one."""


class Listener(NamedTuple):
    """The door's ears: each hears one kind of thing, and no one listens unless a door says so."""

    notice: Callable[[str], None] = _unheard
    """Hears what the user should know, a line each."""
    acted: Callable[[str], None] = _unheard
    """Hears what rules did, a line each."""
    progress: Callable[[int, int], None] = _uncounted
    """Hears how much of a long piece of work is done, and how much there is."""


SILENT = Listener()
"""No one listens."""


class Wanted(NamedTuple):
    """What is asked for of the items that answer a question."""

    columns: Sequence[str] = ()
    counted: str = ""
    """How many have which values of this field; without ``each`` nothing else."""
    each: int | None = None
    """Of every status the first ones, so many."""
    rolled: bool = False
    """Also what items are together, see ``rollup``."""


class Snapshot(ABC):
    """The work at one point: settings, files, the index made from them, and the day that counts as
    today. What it gives is made when it is first asked for, and stays the same.

    ``root`` is the folder of the workspace, ``cache`` the folder of its state (None: there is
    none). ``discreet``: what is answered leaves the team, so leave is just "away", and no one has a
    rate or an address; say so before the first question.
    """

    def __init__(self, root: str, listener: Listener = SILENT, day: date | None = None) -> None:
        """``root`` is a workspace; ``day`` counts as today, None: the present day."""
        self.root = root
        self.cache = state.folder(root)
        self.listener = listener
        self.day = day
        self.discreet = False

    @property
    def worktree(self) -> "Workspace | None":
        """The work tree, if it is a snapshot of that, with what is not committed yet."""
        return None

    @property
    def notes(self) -> Sequence[str]:
        """What must be said of any answer, in sentences."""
        return ()

    @property
    def ages(self) -> "Ages | None":
        """How old the data of its repositories is; None: it is the repository itself."""
        return None

    @property
    @abstractmethod
    def settings(self) -> Settings:
        """The settings."""

    @property
    @abstractmethod
    def index(self) -> Database:
        """The index, equal to the files of the snapshot."""

    @property
    def lexicon(self) -> "Lexicon":
        """What the words of a question may mean."""
        from plaintrack.app.snapshot.lexicon import Lexicon

        return Lexicon(self)

    @property
    def measured(self) -> bool:
        """Whether an item says how long it takes, or what remains."""
        from plaintrack.store.index import ask

        return ask.any_measure(self.index.connection)

    def narrow(self, _asked: "Question", _wanted: "Wanted") -> bool:
        """From now on no other question is asked: what does not answer it need not be read. Whether
        it is so.
        """
        return False

    def tally(self, _asked: "Question", _field: str) -> "Counter[tuple[str, ...]] | None":
        """How many items have these values of a field, of those that answer a question; None: the
        items have to be counted.
        """
        return None

    @abstractmethod
    def read(self, path: str) -> bytes:
        """The bytes of a workspace file; raises OSError, and Oddity if it is not a regular file."""

    @abstractmethod
    def names(self, folder: str) -> list[str]:
        """The names of the Markdown files in a folder, sorted."""

    @abstractmethod
    def contents(self, folder: str, wanted: Callable[[str], bool]) -> "Iterable[tuple[str, bytes]]":
        """Path and bytes of the files below a folder, in the order of their paths, of whose paths
        ``wanted`` holds; folders are asked for with a slash at their end. What cannot be read is
        passed over.
        """

    @property
    def schema(self) -> Schema:
        """The fields and the workflow."""
        return self.settings.schema

    @cached_property
    def now(self) -> datetime:
        """This moment, in the workspace's time zone, the same for the whole command; of another
        day its last second.
        """
        if self.day is None:
            return clock.now(self.schema.timezone, self.cache)
        return datetime.combine(self.day, time(23, 59, 59), clock.zone(self.schema.timezone))

    @property
    def today(self) -> date:
        """The calendar day of ``now``."""
        return self.now.date()

    @cached_property
    def repo(self) -> "Repo":
        """The git repository it lies in; raises NoGit."""
        from plaintrack.app.snapshot.former import Homes
        from plaintrack.store.repo import Repo

        repo = Repo(self.root)
        repo.homes = Homes(self.root, self.cache, repo)
        repo.allowed = partial(_allowed, self.root)
        return repo

    @cached_property
    def staff(self) -> "Staff":
        """People, equipment and teams, as much of them as may be told."""
        return self.everyone.discreet() if self.discreet else self.everyone

    @cached_property
    def everyone(self) -> "Staff":
        """People, equipment and teams as their files have them."""
        from plaintrack.app.snapshot.people import staff

        return staff(self)

    @cached_property
    def plan(self) -> "Planned":
        """The plan of all open work, with nothing supposed. Raises PlaintrackError for what cannot
        be planned at all.
        """
        from plaintrack.app.snapshot.planned import planned

        return planned(self)

    @cached_property
    def expected(self) -> "Mapping[str, Expected]":
        """Folded id → what the plan says of the open item."""
        from plaintrack.app.snapshot.expected import expected

        return expected(self)

    @cached_property
    def logged(self) -> "Mapping[str, Spent]":
        """Folded id → what time records say of the item."""
        from plaintrack.app.snapshot.logged import logged

        return logged(self)

    @cached_property
    def rolled(self) -> "Mapping[str, Spent]":
        """Folded id → the same, with what is below the item."""
        from plaintrack.app.snapshot.logged import rolled

        return rolled(self)

    @cached_property
    def sla(self) -> "Mapping[str, Clocks]":
        """Folded id → the latest cycle of each SLA of the item."""
        from plaintrack.app.snapshot.sla import latest
        from plaintrack.store.refusals import NoGit

        if self.settings.sla:
            with suppress(NoGit):  # then it goes by the files, and says so
                self.tell_cut()
        return latest(self)

    @cached_property
    def approved(self) -> "Set[str]":
        """The folded ids of what is approved, and lacks no approval."""
        from plaintrack.app.snapshot.approvals import agreed

        return agreed(self)

    @cached_property
    def addressed(self) -> "Mapping[str, Sequence[str]]":
        """Folded id → the folded names that comments on the item and updates of it mention."""
        from plaintrack.app.snapshot.addressed import addressed

        return addressed(self)

    def passed(self, by_author: bool) -> "Passed":
        """How its items went through the workflow; raises NoGit."""
        from plaintrack.app.snapshot.passed import passed

        return passed(self, by_author)

    def finished(self) -> "Mapping[str, str]":
        """Folded id → when the item was done (ISO), by the commit that said so, of those of which
        history knows that; raises NoGit.
        """
        from plaintrack.app.snapshot.finished import finished

        return finished(self)

    @property
    def kept(self) -> "Sequence[Entry] | None":
        """All time entries, in the order of their start; None: they are in files."""
        return None

    def stated(self, item: str, field: str) -> int | None:
        """When a field of an item got its value (Unix seconds), by its commit; None if that is not
        known. Raises NoGit.
        """
        from plaintrack.app.snapshot.history import stated

        return stated(self, item, field)

    def ended(self, eve: date) -> "Sequence[Task] | None":
        """The items at the end of a day; None without git, and before its first commit."""
        from plaintrack.app.snapshot.past import ended

        return ended(self, eve)

    def recall(self, asked: "Recall") -> frozenset[str]:
        """The folded ids of the items that changed so; raises NoGit."""
        from plaintrack.app.snapshot.history import recall

        return recall(self, asked)

    def said(self, task: "Task | None") -> "Update | None":
        """The latest status update of a project or goal, if there is one."""
        if "updates" not in self.settings.rooms:
            return None
        from plaintrack.app.snapshot.updates import latest

        return latest(self, task)

    @property
    def tip(self) -> str:
        """The commit whose history counts; raises NoGit."""
        return self.repo.here

    @property
    def tops(self) -> tuple[str, ...]:
        """The folders that items are in."""
        return self.settings.tops

    def is_item(self, path: str) -> bool:
        """Whether a file is taken for an item by its path."""
        return self.settings.is_item(path)

    def followed(self, path: str) -> bool:
        """Whether a file is taken for an item or a comment by its path."""
        return self.is_item(path) or holds((place.COMMENTS,), path)

    def path(self, relative: str) -> str:
        """The place of a workspace file in the file system."""
        return os.path.join(self.root, relative)

    def saving(self, _path: str) -> bool:
        """Whether someone may just be saving a file, so that it is worth another look."""
        return False

    def notice(self, text: str) -> None:
        """Tell the user something by the way."""
        self.listener.notice(text)

    @cached_property
    def _missed(self) -> set[str]:
        return set()

    def tell_cut(self) -> None:
        """Tell once that history is cut, if it is: an answer depends on what came before."""
        text = "this clone is shallow: history begins where it was cut (`git fetch --unshallow`)"
        if self.repo.shallow and text not in self._missed:
            self._missed.add(text)
            self.notice(text)

    def miss(self, error: "NoGit") -> None:
        """Go on without what git knows. Where there is a repository that git refuses to read, the
        user is told once: the answer is another one than with it.
        """
        if not error.plain and error.message not in self._missed:
            self._missed.add(error.message)
            self.notice(f"{error.message}; the answer goes by the files alone ({error.hint})")


def asked(path: str, folder: str, wanted: Callable[[str], bool]) -> bool:
    """Whether a file below a folder is wanted, and each folder on the way to it."""
    parts = path[len(folder) + 1 :].split("/")
    if any(part.startswith(".") for part in parts) or not files.legible(path):
        return False
    at = folder
    for part in parts[:-1]:
        at = f"{at}/{part}"
        if not wanted(f"{at}/"):
            return False
    return wanted(path)


def _allowed(root: str) -> str:
    """Who lets git fetch what a partial clone lacks, see ``Repo.allowed``; always as the settings
    of the work tree have it.
    """
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.store import repo

    if repo.FETCH:
        return "option"
    try:
        return "setting" if Workspace(root).settings.git["fetch"] == "missing" else "never"
    except (PlaintrackError, OSError):
        return "never"


def key(settings: Settings) -> str:
    """What the parse and the derived columns depend on; another key makes the index afresh."""
    # Without a zone of the workspace that of the machine counts: `updated` depends on it.
    zone = settings.schema.timezone or clock.machine()
    read = (settings.schema, zone, settings.folders, settings.archive, settings.rooms)
    return digest(repr(read).encode()).hex()
