"""Many repositories as one snapshot, made from the rows that they publish: what is asked of it runs
the same code as in one of them.

Ids have the name of their repository before them, as ``api/PT-7``, and links lead across. What a
question does not need is not read.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from plaintrack.app.snapshot.joined import Joined, joined
from plaintrack.app.snapshot.passed import Passed, stamp
from plaintrack.app.snapshot.people import made
from plaintrack.app.snapshot.retold import Retold
from plaintrack.app.snapshot.snapshot import SILENT, Listener, Snapshot
from plaintrack.config.merged import REPO, Merged, merged, shortened
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.flow.passage import Ladder, passages
from plaintrack.flow.series import Series, Step, Workflow, upto
from plaintrack.model.ages import Age, Ages
from plaintrack.model.task import Task, fields_of, fold
from plaintrack.model.update import Update
from plaintrack.query.columns import MENTIONS
from plaintrack.store import clock
from plaintrack.store.index.database import Database
from plaintrack.store.index.gathered import Row, fill
from plaintrack.store.portfolio.origin import Origin, Told
from plaintrack.timeclock.entry import Entry
from plaintrack.when.durations import minutes

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Set

    from plaintrack.app.snapshot.lexicon import Lexicon
    from plaintrack.app.snapshot.narrowed import Narrowed
    from plaintrack.app.snapshot.snapshot import Wanted
    from plaintrack.config.merged import Words
    from plaintrack.model.sla import Clocks
    from plaintrack.model.staff import Staff
    from plaintrack.query.nodes import Question
    from plaintrack.query.recall import Recall
    from plaintrack.store.portfolio.rows import Rows
    from plaintrack.store.repo import Repo

STALE = "7d"
"""How long after it was looked at data is stale, if it is not said otherwise."""
_COLUMNS = ("path", "id", "data", "archived", "category", "steps", "ticked", "updated")
_EPOCH = date(1970, 1, 1).toordinal()


class NotOneRepository(PlaintrackError):
    """What is asked for needs the files or the commits of a repository."""

    slug = "not-one-repository"

    def __init__(self) -> None:
        super().__init__(
            "a portfolio has rows, and neither files nor commits to look at",
            "ask in a clone of the repository",
        )


class NotPublished(PlaintrackError):
    """What is asked for is not among what repositories publish."""

    slug = "not-published"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"a portfolio has no {what}: they are not published",
            "ask in a clone of the repository",
        )


class NoSuchRepository(PlaintrackError):
    """The portfolio has no repository of that name."""

    slug = "no-such-repository"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            f"the portfolio has no repository {name!r}",
            suggestion(name, known, f"there are {', '.join(known[:8])}"),
        )


class NothingUsable(PlaintrackError):
    """None of the repositories asked for can be used."""

    slug = "nothing-usable"

    def __init__(self, why: Sequence[str]) -> None:
        super().__init__(
            why[-1] if why else "the portfolio has no repositories",
            "publish it again, and load it",
        )


def patience(text: str) -> int:
    """Seconds after which data is stale; an empty text means STALE. Raises BadDuration."""
    return round(minutes(text or STALE, 1440, 10_080) * 60)


class Gathered(Snapshot):
    """The repositories of a portfolio, or some of them, as one snapshot.

    ``worded``: texts are read, too; only what is asked for words needs them. ``named`` are fields
    that queries name: which repositories do not have them is told. Data that was not
    looked at for so long is ``stale``.
    """

    def __init__(
        self,
        source: Origin,
        names: Sequence[str] | None = None,
        listener: Listener = SILENT,
        day: date | None = None,
        worded: bool = False,
        stale: str = "",
        named: Iterable[str] = (),
        whole: bool = False,
    ) -> None:
        """``names`` are those of the repositories, None: all that can be used. ``whole``: all rows
        are needed, whatever is asked.
        """
        self.root = os.getcwd()
        self.cache = None
        self.listener = listener
        self.day = day
        self.discreet = False
        self.source, self.worded, self.stale = source, worded, patience(stale)
        self.named = sorted({fold(name) for name in named})
        told = source.repositories
        self._whole = whole
        self._chosen = list(told) if names is None else sorted(names)
        self._notes: list[str] = []
        self._narrowed: Narrowed | None = None

    @cached_property
    def _settings(self) -> Mapping[str, Settings]:
        """Name → settings; a repository whose settings cannot be used is left out, and told."""
        from plaintrack.config.settings import read

        found = {}
        for name in self._chosen:
            if not self.source.usable(name):
                continue
            told = self.source.repositories[name]
            try:
                settings = read(told.settings)
                clock.zone(settings.schema.timezone)
            except (PlaintrackError, TypeError, AttributeError) as error:
                why = error.message if isinstance(error, PlaintrackError) else "they are damaged"
                self._notes.append(f"{name} is left out: its settings cannot be used: {why}")
                continue
            found[name] = settings
        if not found:
            raise NothingUsable(self.notes)
        self._notes += _lacking(found, self.named)
        return found

    @property
    def repositories(self) -> list[Told]:
        """What is told of those that it is made of."""
        return [self.source.repositories[name] for name in self._settings]

    @property
    def notes(self) -> Sequence[str]:
        """What the repositories differ in, and what is left out; as far as it was asked for."""
        return tuple(dict.fromkeys([*self.source.left_out, *self._notes]))

    def _beside(self) -> None:
        """Say so if links lead to repositories that were not asked for."""
        names = {fold(name): name for name in self.source.repositories}
        asked = set(map(fold, self._chosen))
        if len(asked) == len(names):
            return
        others = {key for _, key in self.source.crossing(self._chosen) if key in names} - asked
        if others:
            told = shortened(sorted(names[key] for key in others), 8)
            self._notes.append(
                f"links lead to {told}, which `repo:` leaves out: what is there counts as unknown"
            )

    @cached_property
    def ages(self) -> Ages:
        """How old what is known of each is."""
        now = int(self.now.timestamp())
        each = [
            Age(
                told.name,
                told.tip,
                told.tip_time,
                told.seen,
                now - (told.tip_time if told.seen is None else told.seen) > self.stale,
            )
            for told in self.repositories
        ]
        return Ages(now, self.stale, each)

    @cached_property
    def _merged(self) -> Merged:
        found = merged(self._settings)
        self._notes += found.notes
        return found

    @property
    def settings(self) -> Settings:
        """Those of all repositories as one."""
        return self._merged.settings

    @cached_property
    def _joined(self) -> Joined:
        """People and equipment of all."""
        staffs: dict[str, Staff] = {}
        for name, settings in self._settings.items():
            told = self.source.repositories[name]
            files = {
                room: [(path, text.encode()) for path, text in sorted(some.items())]
                for room, some in (("people", told.people), ("equipment", told.equipment))
            }
            staffs[name] = made(settings, files, [])
        addresses = self.source.addresses
        found = joined(staffs, self._merged.words, addresses)
        self._notes += found.notes
        return found

    @cached_property
    def everyone(self) -> "Staff":
        """People and equipment of all repositories; someone who is in several is one person."""
        return self._joined.staff

    @cached_property
    def _retold(self) -> Mapping[str, Retold]:
        names = {fold(name): name for name in self.source.repositories}
        return {
            name: Retold(words, names, self._joined.people[name], self._joined.equipment[name])
            for name, words in self._merged.words.items()
        }

    def retold(self, name: str) -> Retold:
        """How what a repository says is told here."""
        return self._retold[name]

    @cached_property
    def index(self) -> Database:
        """An index in memory of the items of all; once it is narrowed, of some."""
        return self._index(self._items(list(self._settings)))

    def _index(self, items: Iterable[Row]) -> Database:
        database = Database(None, "")
        fill(database.connection, items, self.schema)
        self._beside()
        return database

    @property
    def chosen(self) -> Sequence[str]:
        """The repositories that are asked."""
        return list(self._settings)

    @property
    def asked(self) -> Sequence[str] | None:
        """The same; None: all that ``rows`` are of."""
        found = self.chosen
        return None if len(found) == len(self.known) else found

    @property
    def known(self) -> Sequence[str]:
        """The repositories that ``rows`` are of."""
        return self.source.known(self.chosen)

    @cached_property
    def rows(self) -> "Rows | None":
        """What answers compiled questions; None: the rows have to be read."""
        return None if self._whole else self.source.rows(self.chosen)

    def words(self, name: str) -> "Words":
        """How the settings of a repository are told here."""
        return self._merged.words[name]

    @cached_property
    def lexicon(self) -> "Lexicon":
        """What the words of a question may mean."""
        rows = self.rows
        if rows is None or "index" in self.__dict__:
            return super().lexicon
        from plaintrack.app.snapshot.narrowed import Lookup

        return Lookup(self, rows)

    def narrow(self, asked: "Question", wanted: "Wanted") -> bool:
        """Have the index hold no more than answers the question, where the database can tell what
        that is.
        """
        rows = self.rows
        if rows is None or "index" in self.__dict__:
            return False
        from plaintrack.app.snapshot.narrowed import narrowed

        found = narrowed(self, rows, asked, wanted)
        if found is None or "index" in self.__dict__:
            return False
        self._narrowed = found
        self.index = self._index(self._some(found, asked))
        return True

    @property
    def measured(self) -> bool:
        """Whether an item says how long it takes, also one that does not answer."""
        return bool(self._narrowed and self._narrowed.wanted.rolled) or super().measured

    def tally(self, asked: "Question", field: str) -> "Counter[tuple[str, ...]] | None":
        """How many items have these values of a field, once it is narrowed to that."""
        if not self._narrowed or not self._narrowed.wanted.counted:
            return None
        return self._narrowed.tally(asked, field)

    def _some(self, found: "Narrowed", asked: "Question") -> Iterator[Row]:
        columns = (*_COLUMNS, "haystack") if self.worded else _COLUMNS
        for each in found.members(asked, columns):
            row = self._row(each.repository, each.cells, each.mentions if self.worded else ())
            yield row._replace(derived=each.derived)
        if found.apart:
            yield from self._items(found.apart)

    def _items(self, names: Sequence[str]) -> Iterator[Row]:
        columns = (*_COLUMNS, "haystack") if self.worded else _COLUMNS
        mentions: dict[tuple[str, str], list[str]] = {}
        if self.worded:
            for name, path, key in self.source.values(names, MENTIONS):
                mentions.setdefault((name, path), []).append(key)
        for name, row in self.source.items(names, columns):
            yield self._row(name, row, mentions.get((name, row[0]), []))

    def _row(self, name: str, row: Sequence[Any], mentions: Iterable[str]) -> Row:
        """A row of the index, of the cells of an item."""
        path, item, data, archived, category, steps, ticked, updated, *text = row
        told = self.retold(name)
        fields = told.fields(fields_of(data))
        fields[REPO] = name
        return Row(
            Task(f"{name}/{path}", told.item(item), fields),
            bool(archived),
            category,
            steps,
            ticked,
            updated,
            text[0] if text else "",
            [fold(told.person(each)) for each in mentions],
        )

    # History

    @cached_property
    def lines(self) -> Mapping[str, Series]:
        """Repository → what became of its items."""
        names = list(self._settings)
        lives: dict[str, dict[str, list[Step]]] = {name: {} for name in names}
        who = _Authors(self)
        last: tuple[str, str, int] | None = None
        for name, row in self.source.changes(names):
            item, place, position, landed, authored, by, field, new = row
            told = self.retold(name)
            if (name, item, place) != last:
                last = (name, item, place)
                changes: dict[str, Any] = {}
                steps = lives[name].setdefault(fold(told.item(item)), [])
                steps.append(Step(position, landed, authored, who.of(name, by), changes))
            if field in told.words.dropped:
                continue
            value = None if new is None else json.loads(new)
            if isinstance(value, list):
                value = list(told.value(field, tuple(value)) or ())
            elif isinstance(value, str):
                value = told.value(field, value)
            changes[field] = value
            if field == "+":
                changes[REPO] = name
        return {name: self._series(name, lives[name]) for name in names}

    def _series(self, name: str, lives: Mapping[str, Sequence[Step]]) -> Series:
        told, called = self.source.repositories[name], self._merged.words[name].statuses
        flows = [
            Workflow(at, when, {called.get(each, each): what for each, what in statuses.items()})
            for at, when, statuses in told.workflows
        ]
        return Series(lives, flows, told.first, told.last, told.commits)

    def passed(self, by_author: bool) -> Passed:
        """The passages of all, each by the workflow and the clock of its own repository."""
        ladder = Ladder(self.schema.statuses)
        found = []
        for name, line in self.lines.items():
            words = self._merged.words[name]
            schema = words.settings.schema
            now = {words.statuses.get(each, each): what for each, what in schema.statuses.items()}
            found += passages(line, ladder, now, stamp(schema.timezone), by_author)
        lines = [each for each in self.lines.values() if each.lives]
        return Passed(
            found,
            min((each.first for each in lines), default=0),
            max((each.last for each in lines), default=0),
            sum(each.commits for each in lines),
            ["of each repository the line counts that it publishes"],
        )

    def finished(self) -> Mapping[str, str]:
        """Folded id → when the item was done (ISO), of those that history saw being done."""
        zone = clock.zone(self.schema.timezone)
        found = {}
        for name, line in self.lines.items():
            words = self._merged.words[name]
            statuses = words.settings.schema.statuses
            now = {words.statuses.get(each, each): what for each, what in statuses.items()}
            for key, steps in line.lives.items():
                moment = _done(steps, now)
                if moment is not None:
                    found[key] = datetime.fromtimestamp(moment, zone).isoformat()
        return found

    def ended(self, eve: date) -> Sequence[Task] | None:
        """The items at the end of a day, by their changes; None where no repository is as old."""
        from plaintrack.app.snapshot.history import moment

        end = moment(self, eve.isoformat(), end=True)
        found = []
        lines = {name: line for name, line in self.lines.items() if line.first < end}
        for name, line in lines.items():
            for key, steps in line.lives.items():
                fields = upto(steps, end)
                if fields is not None:
                    found.append(Task(f"{name}/{key}", key, fields))
        return found if lines else None

    def recall(self, asked: "Recall") -> frozenset[str]:
        """The folded ids of the items that changed so, as far as changes are published."""
        from plaintrack.app.snapshot.history import moment
        from plaintrack.app.snapshot.people import author
        from plaintrack.store.portfolio.origin import Past

        authors = author(self, asked.by) if asked.by else frozenset[str]()
        who = _Authors(self)

        def by(name: str, published: str) -> bool:
            told = {*published.split("\t"), who.of(name, published)}
            return not authors.isdisjoint(each.lower() for each in told)

        wanted = Past(
            asked.field,
            partial(self._held, asked.field, asked.holds) if asked.holds else None,
            by if asked.by else None,
            moment(self, asked.since) if asked.since else None,
            moment(self, asked.until, end=True) if asked.until else None,
        )
        names = [name for name in self._settings if asked.field not in self.words(name).dropped]
        found = self.source.recalled(names, wanted)
        return frozenset(f"{fold(name)}/{item}" for name, item in found)

    def _held(self, field: str, holds: Callable[[str], bool], name: str, new: str) -> bool:
        """Whether a value that a repository published (JSON) is one that holds."""
        value = json.loads(new)
        some = value if isinstance(value, list) else [value]
        return any(map(holds, self.retold(name).value(field, tuple(map(str, some))) or ()))

    def stated(self, item: str, field: str) -> int | None:
        """When a field of an item got its value."""
        if self._narrowed:
            name, _, key = item.partition("/")
            return self._stated(field).get((name, fold(key)))
        line = self.lines.get(item.partition("/")[0])
        steps = line.lives.get(fold(item), ()) if line else ()
        return next((each.landed for each in reversed(steps) if field in each.changes), None)

    @cache  # noqa: B019 (a snapshot lives as long as a command)
    def _stated(self, field: str) -> Mapping[tuple[str, str], int]:
        """The same of all items of a narrowed index."""
        return dict(self.source.stated(self._members, field))

    @property
    def _members(self) -> Sequence[tuple[str, str]]:
        """(repository, folded id) of the items of a narrowed index, also as they were called."""
        from plaintrack.store.index import checking

        connection = self.index.connection
        ids = [*checking.spellings(connection), *(each for each, _ in checking.former(connection))]
        names = {fold(name): name for name in self.chosen}
        found = {each.partition("/")[::2] for each in map(fold, ids)}
        return [(names.get(name, name), item) for name, item in sorted(found)]

    def _worked(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """The time entries, as far as items are asked about."""
        names = list(self._settings)
        return self.source.time(names, self._members if self._narrowed else None)

    def said(self, task: "Task | None") -> Update | None:
        """What people said of a project or goal last, as it was published."""
        if task is None or "/" not in task.id:
            return None
        name, _, item = task.id.partition("/")
        found = self.source.repositories[name].said.get(fold(item))
        if not found:
            return None
        when, _, who = found[1].partition(", ")
        return Update("", found[0], who, when)

    # Time

    @cached_property
    def kept(self) -> Sequence[Entry]:
        """All time entries; where a repository does not tell when someone worked, at the beginning
        of the day.
        """
        zone = clock.zone(self.schema.timezone)
        found = []
        for name, row in self._worked():
            item, person, day, begin, seconds, note, tags = row
            told = self.retold(name)
            start = begin
            if start is None:
                start = int(datetime.combine(date.fromordinal(day), time(), zone).timestamp())
            offset = _offset(start, day, zone)
            found.append(
                Entry(
                    told.person(person) if person else "",
                    start,
                    start + seconds,
                    told.item(item),
                    note,
                    tuple(filter(None, tags.split(","))),
                    offset=offset,
                    end_offset=offset,
                )
            )
        found.sort(key=lambda each: (each.start, each.person, each.item))
        return found

    # What a portfolio does not have

    @cached_property
    def repo(self) -> "Repo":
        """None; raises NotOneRepository."""
        raise NotOneRepository

    @cached_property
    def sla(self) -> "Mapping[str, Clocks]":
        """None: clocks of SLAs are not published; raises NotPublished."""
        raise NotPublished("SLAs")

    @cached_property
    def approved(self) -> "Set[str]":
        """None: verdicts are not published; raises NotPublished."""
        raise NotPublished("verdicts")

    @cached_property
    def addressed(self) -> Mapping[str, Sequence[str]]:
        """Nothing beside what is published with the items."""
        return {}

    def tell_cut(self) -> None:
        """No history is cut: a shallow clone publishes nothing."""

    def read(self, path: str) -> bytes:
        """Nothing; raises FileNotFoundError."""
        raise FileNotFoundError(path)

    def names(self, _folder: str) -> list[str]:
        """None."""
        return []

    def contents(self, _folder: str, _wanted: Callable[[str], bool]) -> Iterable[tuple[str, bytes]]:
        """None."""
        return ()


class _Authors:
    """Who the authors of commits are here."""

    def __init__(self, snapshot: Gathered) -> None:
        self.snapshot = snapshot
        self._known: dict[tuple[str, str], str] = {}

    def of(self, repository: str, who: str) -> str:
        """The author of a step, as the person is called here; else as git has the name."""
        found = self._known.get((repository, who))
        if found is None:
            found = self._known[repository, who] = self._found(repository, who)
        return found

    def _found(self, repository: str, who: str) -> str:
        name, tab, mail = who.partition("\t")
        if not tab:
            return self.snapshot.retold(repository).person(who)
        for each in self.snapshot.everyone.people.values():
            if mail.lower() in (one.lower() for one in each.emails):
                return each.handle
        return self.snapshot.retold(repository).person(name)


def _lacking(found: Mapping[str, Settings], named: Iterable[str]) -> Iterator[str]:
    """Which repositories do not know fields that others declare, in sentences."""
    known = {
        name: {
            fold(text) for each in settings.schema.fields.values() for text in (each.name, each.key)
        }
        for name, settings in found.items()
    }
    for field in named:
        without = [name for name in found if field not in known[name]]
        if 0 < len(without) < len(found):
            have = "has" if len(without) == 1 else "have"
            yield (
                f"{len(without)} of {len(found)} repositories {have} no field `{field}`:"
                f" {shortened(without, 8)}"
            )


def _done(steps: Sequence[Step], statuses: Mapping[str, str]) -> int | None:
    """When an item was done for good; None if it is not, or was when it was first seen. On a branch
    that was merged it was when its commit was made.
    """
    found = None
    apart = {step.position for step in steps if step.landed < 0 and "status" in step.changes}
    for step in reversed(steps):
        if "status" not in step.changes or (step.landed >= 0 and step.position in apart):
            continue
        done = statuses.get(str(step.changes["status"] or ""), "open") == "done"
        if done and "+" in step.changes:
            return None
        if not done:
            break
        found = step.landed if step.landed >= 0 else step.authored
    return found


def _offset(start: int, day: int, zone: tzinfo | None) -> int:
    """How much a clock was ahead of UTC that showed a day then: that of the zone, if it did."""
    ahead = datetime.fromtimestamp(start, zone).astimezone(zone).utcoffset() or timedelta()
    seconds = int(ahead.total_seconds())
    midnight = (day - _EPOCH) * 86_400
    return seconds if 0 <= start + seconds - midnight < 86_400 else midnight - start
