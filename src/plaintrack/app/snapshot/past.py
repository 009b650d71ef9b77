"""A commit as a snapshot: every question that the work tree answers, asked of any revision or past
date.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property

from plaintrack.app.snapshot.former import at as at_commit
from plaintrack.app.snapshot.history import days_of, history, moment
from plaintrack.app.snapshot.settings import understood
from plaintrack.app.snapshot.snapshot import Listener, Snapshot, asked, key
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.task import Task
from plaintrack.store import files, place
from plaintrack.store.index.database import Database
from plaintrack.store.index.fill import fill
from plaintrack.when import dates

KEPT = 4
"""Snapshots kept in the cache."""
_AGO = re.compile(r"(\d{1,4}|an?)\s+(day|week|month|year)s?\s+ago")


class NoSuchTime(PlaintrackError):
    """Neither a revision nor a date that history reaches."""

    slug = "no-such-time"


class BeforeHistory(NoSuchTime):
    """History begins later."""

    slug = "before-history"

    def __init__(self, day: date, shallow: bool) -> None:
        cut = " (this clone is shallow)" if shallow else ""
        super().__init__(
            f"no commit on or before {day.isoformat()}{cut}",
            f"{command('log')} shows how far history goes",
        )


class NeitherRevisionNorDate(NoSuchTime):
    """The text is neither a revision nor a date."""

    slug = "neither-revision-nor-date"

    def __init__(self, text: str, hint: str) -> None:
        super().__init__(
            f"{text!r} is neither a revision nor a date", f"a branch, tag or commit; or {hint}"
        )


PLANNING = ("plan", "planned", "calendar", "calendars", "people", "groups", "rooms")
"""The settings that a plan depends on, beside how long a day and a week are."""


class Past(Snapshot):
    """One commit. The settings are those of now, but for the folders of items; with ``own``
    settings also for those that a plan depends on, which are the commit's.

    ``day`` is what counts as today; None: the present day, for a revision is looked at with today's
    eyes.
    """

    def __init__(
        self, root: str, commit: str, day: date | None, listener: Listener, own: bool = False
    ) -> None:
        """The commit ``commit`` of the repository that ``root`` lies in."""
        super().__init__(root, listener, day)
        self.commit, self.own = commit, own

    @cached_property
    def settings(self) -> Settings:
        """Those of now, but with the folders that items were in, and the archive that was."""
        now = Workspace(self.root).settings
        folders, archive = at_commit(self.repo, self.commit) or (now.folders, now.archive)
        found = now._replace(
            folders=folders, archive=archive, schema=now.schema._replace(archive=archive)
        )
        return self._planned_then(found) if self.own else found

    def _planned_then(self, now: Settings) -> Settings:
        """With what the commit's settings say of the plan, where they can be read."""
        try:
            then, _ = understood(self.read(place.SETTINGS))
        except (PlaintrackError, OSError):
            return now
        if then is None:
            return now
        schema = now.schema._replace(day=then.schema.day, week=then.schema.week)
        return now._replace(schema=schema, **{name: getattr(then, name) for name in PLANNING})

    def as_it_planned(self) -> "Past":
        """The same commit, with its own settings of the plan."""
        found = Past(self.root, self.commit, self.day, self.listener, own=True)
        found.discreet = self.discreet
        return found

    @property
    def tip(self) -> str:
        """The commit."""
        return self.commit

    @cached_property
    def index(self) -> Database:
        """An index of the commit's items, made once."""
        name = f"at-{self.commit[:16]}"
        database = Database(
            self.cache,
            key(self.settings),
            name,
            f"{self.commit} {self.repo.ancestry} {self.repo.trail}",
        )
        if not database.filled():
            known = history(self)
            tree = [
                (path, blob)
                for path, blob in self.repo.tree(self.commit, self.tops)
                if self.followed(path)
            ]
            fill(database, known.tasks(tree), days_of(self, known), self.schema)
            self._prune(database.name)
        return database

    def _prune(self, name: str) -> None:
        """Delete the snapshots that were made longest ago."""
        if self.cache is None:
            return
        with suppress(OSError):
            seals = [
                each
                for each in os.listdir(self.cache)
                if each.startswith("at-") and each.endswith(".seal")
            ]
            seals.sort(
                key=lambda each: os.stat(os.path.join(str(self.cache), each)).st_mtime_ns,
                reverse=True,
            )
            for seal in seals[KEPT:]:
                stem = seal.removesuffix(".seal")
                for each in os.listdir(self.cache):
                    if each.startswith(stem) and stem != name:
                        os.unlink(os.path.join(self.cache, each))

    def read(self, path: str) -> bytes:
        """The bytes of a file in the commit; raises FileNotFoundError."""
        data = self.repo.blob(self.commit, path)
        if data is None:
            raise FileNotFoundError(path)
        return data

    def contents(self, folder: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of the wanted files below a folder of the commit."""
        from plaintrack.store.converted import converted

        tree = self.repo.tree(self.commit, [folder])
        chosen = [(blob, path) for path, blob in sorted(tree) if asked(path, folder, wanted)]
        for (_, path), data in converted(self.repo, chosen, files.LARGEST + 1).items():
            yield path, data

    def names(self, folder: str) -> list[str]:
        """The names of the Markdown files in a folder of the commit."""
        return sorted(
            path.rpartition("/")[2]
            for path, _ in self.repo.tree(self.commit, [folder])
            if path.endswith(".md") and files.legible(path)
        )


STAGED = "staged"
"""The name of what is staged, where no revision is called so."""


def at(snapshot: Snapshot, text: str, today: date | None = None) -> Snapshot:
    """The work at a revision; where none has that name, what is ``staged``, or the work at the end
    of a date: on the first-parent line of the present commit. ``today`` counts as today, also
    where the date would.

    Raises NoSuchTime, NoGit.
    """
    commit = snapshot.repo.find(text)
    if commit is not None:
        return _like(snapshot, Past(snapshot.root, commit, today, snapshot.listener))
    if text == STAGED:
        from plaintrack.app.snapshot.staged import Staged

        return _like(snapshot, Staged(snapshot.root, snapshot.listener, today))
    try:
        day = _past_day(text, snapshot.today)
    except dates.BadDate as error:
        raise NeitherRevisionNorDate(text, error.hint) from error
    commit = snapshot.repo.before(
        moment(snapshot, day.isoformat(), end=True) - 1, snapshot.repo.here
    )
    if commit is None:
        raise BeforeHistory(day, snapshot.repo.shallow)
    return _like(snapshot, Past(snapshot.root, commit, today or day, snapshot.listener))


def _like(snapshot: Snapshot, other: Snapshot) -> Snapshot:
    """Another snapshot, as discreet as the first one."""
    other.discreet = snapshot.discreet
    return other


def _past_day(text: str, today: date) -> date:
    """The last such day that is not in the future."""
    word = " ".join(text.lower().split())
    ago = _AGO.fullmatch(word)
    if ago:
        word = (
            f"-{1 if ago[1].startswith('a') else ago[1]}{'mo' if ago[2] == 'month' else ago[2][0]}"
        )
    return date.fromisoformat(dates.past(word, today)[1][:10])


def ended(snapshot: Snapshot, eve: date) -> Sequence[Task] | None:
    """The items at the end of a day; None without git, and before its first commit."""
    from plaintrack.app.snapshot.answers import all_tasks
    from plaintrack.app.snapshot.history import moment
    from plaintrack.store.refusals import NoGit

    try:
        snapshot.tell_cut()
        commit = snapshot.repo.before(moment(snapshot, eve.isoformat(), end=True) - 1, snapshot.tip)
    except NoGit as error:
        snapshot.miss(error)
        return None
    if commit is None:
        return None
    return all_tasks(Past(snapshot.root, commit, eve, snapshot.listener))
