"""Where the checks get their rows: an index, the settings and rules of one snapshot, and, for those
that ask, history.
"""

import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from plaintrack.app.check.replanned import WHY
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.work import (
    Agreed,
    Clocked,
    Delta,
    Ended,
    Found,
    Link,
    Row,
    Taken,
    Withdrawn,
)
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError
from plaintrack.model.problem import Problem
from plaintrack.model.staff import Staff
from plaintrack.model.task import fold
from plaintrack.store import files, place
from plaintrack.store.index import checking
from plaintrack.store.index.database import Connection, fields

if TYPE_CHECKING:
    from plaintrack.app.snapshot.capacity import Capacities
    from plaintrack.model.expected import Expected
    from plaintrack.model.sla import Clocks
    from plaintrack.model.staff import Equipment, Person
    from plaintrack.plan.answer import Line
    from plaintrack.plan.availability import Availability
    from plaintrack.query.ast import Ast, Value
    from plaintrack.query.bind import Names
    from plaintrack.store.index.history import History

SECONDS = 20.0
"""What all queries of a run may take together; one that takes longer is a finding."""
_QUOTE = "write the id of an item, or quote the word to search texts for it"
RULES = place.RULES
Files = Callable[[], Iterable[tuple[str, bytes]]]
Merged = Callable[[Callable[..., Sequence[Any]]], Sequence[Any]]
"""Asks a function about the merges that led to a snapshot."""


class Authors(Protocol):
    """What the commits of a change tell of its items."""

    def of(self, delta: Delta, field: str) -> str:
        """Who gave a field its new value; empty if no one knows."""

    def steps(self, delta: Delta, field: str) -> Sequence[str]:
        """The values that a field had one after the other."""

    def people(self, delta: Delta, names: Sequence[str]) -> Sequence[str]:
        """The people whom names mean for an item, as they were before the change."""


class Slow(PlaintrackError):
    """The queries take too long."""

    slug = "slow-query"

    def __init__(self) -> None:
        super().__init__("the queries of the checks take too long", "simplify them")


class Sight:
    """What the checks ask of one snapshot; see ``checks.work.Source``.

    ``present`` are the settings as the snapshot's file has them (None: they cannot be used,
    ``faults`` say why); ``files`` are its files of rules. ``authors`` tells who gave an item's
    field its value in a change, ``tip`` is the commit before the change. ``notes`` gathers what
    history could not tell.
    """

    def __init__(
        self,
        workspace: Workspace,
        connection: Connection,
        today: date,
        present: Settings | None,
        faults: Sequence[Found],
        files: Files,
        authors: "Authors | None" = None,
        tip: str | None = None,
        changed: bool = False,
        live: Files = tuple,
        spoken: Files = tuple,
        merged: Merged | None = None,
        staff: Callable[[], Staff] | None = None,
        lines: "Callable[[], Sequence[Line]] | None" = None,
        agreement: "Callable[[frozenset[str] | None], Agreed] | None" = None,
        timed: "Callable[[], Clocked] | None" = None,
        named: bool = True,
        withdrawn: "Callable[[], Sequence[Withdrawn]] | None" = None,
    ) -> None:
        """``workspace`` answers what is a matter of the whole; ``changed``: the snapshot is one
        side of a change; ``live`` are its documents with blocks.

        ``merged`` asks a function about the merges that led to it; ``staff`` gives its people,
        without it those of the work tree count; ``lines`` gives those of the plan of a side, and
        ``agreement`` what is wrong with its approvals, ``timed`` the time records
        of one side of a change that touches some, ``withdrawn`` what the change takes away of what
        others said. ``named``: a change brings files, whose names may be at odds with those of
        others.
        """
        self.workspace = workspace
        self.connection = connection
        self.today = today
        self._present, self._faults, self._files = present, faults, files
        self._authors, self._tip, self.changed, self._live, self._spoken = (
            authors,
            tip,
            changed,
            live,
            spoken,
        )
        self._merged = merged
        self._staff = staff
        self._planned = lines
        self._agreement = agreement
        self._timed = timed
        self._named = named
        self._withdrawn = withdrawn
        self.notes: list[str] = []
        self._left = SECONDS

    def rows(self, which: str) -> list[Row]:
        """The items of a kind."""
        return checking.rows(self.connection, which)

    def at(self, numbers: Sequence[int]) -> dict[int, Row]:
        """Items by number."""
        return checking.at(self.connection, numbers) if numbers else {}

    def links(self, *fields: str) -> list[Link]:
        """The values of fields."""
        return checking.links(self.connection, fields) if fields else []

    def beginning(self, sign: str, *fields: str) -> list[Link]:
        """The values of fields that begin with a sign."""
        return checking.beginning(self.connection, sign, fields) if fields else []

    def ids(self) -> Mapping[int, str]:
        """Number → folded id."""
        return checking.ids(self.connection)

    def duplicates(self) -> list[Row]:
        """Items that share their id."""
        return checking.duplicates(self.connection)

    def twins(self) -> list[tuple[Row, str]]:
        """Items that share their source."""
        return checking.twins(self.connection)

    def elsewhere(self, links: Sequence[Link]) -> list[Link]:
        """Those of these links, to no item here, that lead to nothing which is tracked and not
        checked out.
        """
        if not links:
            return []
        from plaintrack.app.snapshot.absent import absent, told

        away = absent(self.workspace, thorough=True)
        missing = [link for link in links if not away.has(link[2])]
        unknown = told(away, (key for _, _, key in missing))
        if unknown:
            self.notes.append(unknown)
        return [] if unknown else missing

    def ranks(self, longest: int) -> list[tuple[str, str, str]]:
        """Items whose rank is not a key, or longer."""
        return checking.ranks(self.connection, longest)

    def paths(self) -> Sequence[str]:
        """The files of the items; on the later side of a change that brings some those of the work
        tree, too.
        """
        found = checking.paths(self.connection)
        if self.changed and self._merged is not None and self._named:
            found += checking.paths(self.workspace.index.connection)
        return list(dict.fromkeys(found))

    def problems(self) -> list[tuple[Problem, str]]:
        """What parsing found, in the files of people and equipment, too; and what stands in rooms
        and is not read.
        """
        found = checking.problems(self.connection)
        return [*found, *((each, "") for each in (*self.staff().faults, *self._unread))]

    @cached_property
    def _unread(self) -> Sequence[Problem]:
        from plaintrack.app.check.rooms import unread

        return () if self.changed else unread(self.workspace)

    @cached_property
    def _people(self) -> Staff:
        settings = self._present or self.workspace.settings
        if not settings.rooms and not settings.groups and not settings.people:
            return Staff()
        return self._staff() if self._staff else self.workspace.staff

    def staff(self) -> Staff:
        """Its people, equipment and teams."""
        return self._people

    @cached_property
    def _capacities(self) -> "Capacities":
        from plaintrack.app.snapshot.capacity import Capacities

        return Capacities(self.workspace)

    def availability(self, who: "Person | Equipment") -> "Availability | None":
        """How long one is there; None where the calendar cannot be told."""
        try:
            return self._capacities.of(who)
        except PlaintrackError:
            return None

    def fields(self) -> list[str]:
        """The fields in use."""
        return sorted(fields(self.connection))

    def having(self, field: str) -> frozenset[int]:
        """The items in which a field is set."""
        return checking.having(self.connection, field)

    def values(self, number: int, field: str) -> tuple[str, ...]:
        """The values of a field as they were typed."""
        import json

        value = json.loads(checking.data(self.connection, number)).get(field, ())
        return (value,) if isinstance(value, str) else tuple(value)

    def present(self) -> Settings | None:
        """The settings of the snapshot."""
        return self._present

    def settings(self) -> Sequence[Found]:
        """What is wrong with its settings as a whole."""
        return self._faults

    def rules(self) -> Sequence[Found]:
        """What is wrong with its rules."""
        found = []
        for path, data in self._files():
            from plaintrack.rules.load import load

            for each in load(path, data)[1]:
                found.append(
                    Found(
                        path,
                        "",
                        "",
                        "",
                        each.message,
                        each.hint,
                        each.line,
                        each.column,
                        each.excerpt,
                        each.code,
                    )
                )
        return found

    def documents(self) -> Sequence[Found]:
        """What is wrong with the blocks of its documents."""
        found = []
        for path, data in self._live():
            from plaintrack.app.documents import faults

            for each in faults(path, data, self._refused):
                found.append(
                    Found(
                        path,
                        "",
                        "",
                        "",
                        each.message,
                        each.hint,
                        each.line,
                        each.column,
                        each.excerpt,
                        each.message,
                    )
                )
        return found

    @cached_property
    def _comments(self) -> Sequence[tuple[str, Problem | None]]:
        from plaintrack.app.snapshot.spoken import comment, everything

        if not self.changed:
            return list(everything(self.workspace))
        schema = self._present.schema if self._present else self.workspace.schema
        return [
            (path, comment(path, data, schema).problem)
            for path, data in self._spoken()
            if path.startswith(f"{place.COMMENTS}/")
        ]

    def comments(self) -> Sequence[tuple[str, Problem | None]]:
        """Path of every comment, of a change those it touches, and why it cannot be read."""
        return self._comments

    def mentions(self, items: Container[str]) -> Sequence[tuple[str, Sequence[str]]]:
        """Path and folded names of the comments on these items (folded ids) and their updates that
        mention someone; of a change those it touches, on whichever item.
        """
        from plaintrack.app.snapshot.addressed import mentioning, texts

        schema = self._present.schema if self._present else self.workspace.schema
        if self.changed:
            return list(mentioning(self._spoken(), schema))

        def wanted(path: str) -> bool:
            return path[-1] != "/" or fold(path.split("/")[-2]) in items

        return list(mentioning(texts(self.workspace, wanted), schema))

    def strangers(self, names: Sequence[str], former: bool = False) -> Sequence[str]:
        """Those of these ids that no item has, checked out or not; ``former``: nor had."""
        from plaintrack.app.snapshot.spoken import strangers

        connection = self.workspace.index.connection
        known = [
            *self.ids().values(),
            *(checking.ids(connection).values() if names else ()),
            *(item for item, _ in (checking.former(connection) if names and former else ())),
        ]
        return strangers(self.workspace, names, known)

    def spellings(self) -> Sequence[str]:
        """The ids of the work tree as they are written."""
        return checking.spellings(self.workspace.index.connection)

    def kept(self) -> Sequence[tuple[str, str]]:
        """(name, path of a file) of each folder of status updates and of approvals, which is called
        after an item; of a change none.
        """
        found = []
        for room in ("updates", "approvals"):
            folder = self.workspace.settings.rooms.get(room) if not self.changed else None
            for name in self.workspace.entries(folder) if folder else ():
                files_ = self.workspace.names(f"{folder}/{name}")
                found += [(name, f"{folder}/{name}/{each}") for each in files_[:1]]
        return found

    def astray(self, gone: Container[str] | None) -> Sequence[Found]:
        """Links in items of the work tree to where no item's file is any more."""
        from plaintrack.app.check.astray import astray

        return astray(self.workspace, gone)

    def nested(self) -> Sequence[Found]:
        """Folders of the work tree that git would take for a repository; of a change, on its later
        side.
        """
        if self._merged is None:
            return ()
        from plaintrack.app.check.nested import nested

        return nested(self.workspace)

    @cached_property
    def _names(self) -> "Names":
        """What a query may name: ids are those of the whole workspace, and on one side of a change
        its own.
        """
        from plaintrack.app.snapshot.answers import names
        from plaintrack.model import ids

        found = names(self.workspace)
        elsewhere = found.resolve

        def resolve(text: str) -> str:
            try:
                return elsewhere(text)
            except ids.UnknownId:  # which the other side of a change may have taken away
                return ids.resolve(text, list(self.ids().values()) if self.changed else [])

        return found._replace(
            resolve=resolve,
            today=self.today,
            extra=found.extra | frozenset(fields(self.connection)),
            plan=lambda: self._expected,
        )

    @cached_property
    def _expected(self) -> "Mapping[str, Expected]":
        """What the plan says of each open item, of a side of a change that of its own."""
        from plaintrack.plan.expected import expected

        return expected(self._lines)

    @cached_property
    def _lines(self) -> "Sequence[Line]":
        if self._planned is not None:
            return self._planned()
        from plaintrack.app.snapshot.planned import planned

        return planned(self.workspace, today=self.today).lines

    def fault(
        self,
        query: str,
        sort: str = "",
        columns: Sequence[str] = (),
        condition: bool = False,
        approving: bool = False,
    ) -> tuple[str, str] | None:
        """What is wrong with a query (or ``condition``), an order or columns."""
        asked = f"{query} sort:{sort}" if sort else query
        error = self._refused(asked, columns, condition, approving)
        return (error.message, error.hint) if error else None

    def _refused(
        self, query: str, columns: Sequence[str], condition: bool = False, approving: bool = False
    ) -> PlaintrackError | None:
        """Why a query or columns cannot be asked for. Who ``me`` is does not matter, and history is
        not asked.
        """
        from plaintrack.query.bind import bind, field
        from plaintrack.query.parser import parse
        from plaintrack.store.index.ask import CELLS

        schema = self._present.schema if self._present else self._names.schema
        names = self._names._replace(
            schema=schema, me=lambda: ("me",), recall=lambda _: frozenset()
        )
        try:
            parsed = parse(query, condition)
            asked = bind(parsed, names)
            self._demand_items(parsed, names)
            if approving:
                from plaintrack.app.snapshot.approvals import check_circle

                check_circle(asked)
            for each in columns:
                if each not in CELLS:
                    field(each, names)
        except PlaintrackError as error:
            return error
        return None

    def _demand_items(self, asked: "Ast", names: "Names") -> None:
        """Raise BadQuery for a word that has the form of an id and names no item: what was saved
        with the id of an item would search texts for it once the item is gone.
        """
        from plaintrack.model import ids
        from plaintrack.query.ast import words

        settings = self._present or self.workspace.settings
        for word in words(asked.where):
            if ids.formed(word.text, settings.scheme, settings.prefix, settings.length):
                self._demand_item(word, asked.text, names)

    @staticmethod
    def _demand_item(word: "Value", query: str, names: "Names") -> None:
        from plaintrack.model import ids
        from plaintrack.query.fault import Unresolved

        try:
            names.resolve(word.text)
        except ids.NotCheckedOut:
            return
        except ids.UnknownId:
            error = ids.UnknownId(word.text, _QUOTE)
            raise Unresolved(error, query, word.column) from error

    def answers(self, query: str) -> Mapping[str, str]:
        """Path → id of the items that answer a query; raises BadQuery, Slow."""
        from plaintrack.query.bind import bind
        from plaintrack.query.parser import parse
        from plaintrack.store.index.sql import Overrun, select_within
        from plaintrack.store.index.sql import compile as to_sql

        asked = to_sql(bind(parse(query, condition=True), self._names), self._names)
        started = time.monotonic()
        try:
            return dict(select_within(self.connection, self._left, asked, ("i.path", "i.id")))
        except Overrun as error:
            raise Slow from error
        finally:
            self._left -= time.monotonic() - started

    @cached_property
    def _history(self) -> "History | None":
        """The history of the present commit; None where there is none."""
        from plaintrack.app.snapshot.history import history
        from plaintrack.store.refusals import NoGit

        try:
            found = history(self.workspace, self._tip)
        except NoGit as error:
            self.notes.append(f"checks that need history did not run: {error.message}")
            return None
        if self.workspace.repo.shallow:
            self.notes.append(
                "this clone is shallow: what happened before its first commit is not known; fetch"
                " the whole history for certainty"
            )
        return found

    def touched(self) -> Mapping[str, str] | None:
        """Path → day of the last change; None for one side of a change, where it makes no
        difference.
        """
        if self.changed or self._history is None:
            return None
        from plaintrack.app.snapshot.updated import touched

        return touched(self.workspace)

    def since(self, item: str, field: str) -> str:
        """The day on which a field got its present value; empty where that is not known."""
        if self.changed or self._history is None:
            return ""
        values = self._history.values(item, field)
        return self._day(self._history.revision(values[-1][1]).date) if values else ""

    def _day(self, text: str) -> str:
        from plaintrack.store.clock import zone

        return (
            datetime.fromisoformat(text)
            .astimezone(zone(self.workspace.schema.timezone))
            .date()
            .isoformat()
        )

    def plan(self) -> "Sequence[Line]":
        """The lines of the plan; none, and a note, where one side of a change cannot be planned."""
        if not self.changed:
            return self._lines
        try:
            return self._lines
        except PlaintrackError as error:
            self.notes.append(f"{WHY}: {error.message}")
            return ()

    def author(self, delta: Delta, field: str) -> str:
        """Who gave a field its new value."""
        return self._authors.of(delta, field) if self._authors else ""

    def steps(self, delta: Delta, field: str) -> Sequence[str]:
        """The values that a field had one after the other in the commits of a change."""
        return self._authors.steps(delta, field) if self._authors else ()

    def people(self, delta: Delta, names: Sequence[str]) -> Sequence[str]:
        """The people whom names mean for an item, as they were before the change."""
        return self._authors.people(delta, names) if self._authors else names

    def agreed(self, focus: frozenset[str] | None) -> Agreed:
        """What is wrong with approvals."""
        if self._agreement is not None:
            return self._agreement(focus)
        from plaintrack.app.check.agreed import agreed

        return agreed(self.workspace, focus, None)

    def withdrawn(self) -> Sequence[Withdrawn]:
        """What a change takes away of what others said."""
        return self._withdrawn() if self._withdrawn else ()

    def quiet(self) -> Sequence[tuple[Row, int | None]]:
        """The projects and goals whose next update is due."""
        if self.changed:
            return ()
        from plaintrack.app.snapshot.updates import told

        due = {
            each.path: each.days for each in told(self.workspace, today=self.today) if each.overdue
        }
        return [(row, due[row.path]) for row in self.rows("open") if row.path in due]

    def clocks(self) -> "Mapping[str, Clocks]":
        """Folded id → the latest cycles of its SLAs; none for a change, or with a bad condition."""
        if self.changed or not self.workspace.settings.sla or self.clock_faults():
            return {}
        return self.workspace.sla

    def clock_faults(self) -> Sequence[tuple[str, tuple[str, str]]]:
        """Place, message and hint of the conditions of SLAs that cannot be asked."""
        if not self._present or not self._present.sla:
            return ()
        from plaintrack.app.snapshot.sla import faults

        names = self._names._replace(
            schema=self._present.schema, me=lambda: ("me",), recall=lambda _: frozenset()
        )
        return faults(self._present.sla, names)

    def clocked(self) -> Clocked:
        """The time records; none for a change that touches none."""
        if self.changed:
            return self._timed() if self._timed else Clocked()
        from plaintrack.app.check.clocked import clocked

        return clocked(self.workspace)

    def taken(self) -> Sequence[Taken]:
        """What items took from others in merges."""
        if self._merged is None or place.git_folder(self.workspace.root) is None:
            return ()
        from plaintrack.app.check.taken import taken

        return self._merged(taken)

    def ended(self) -> Sequence[Ended]:
        """The series that branches ended and merges go on with."""
        if self._merged is None or place.git_folder(self.workspace.root) is None:
            return ()
        from plaintrack.app.check.ended import ended

        return self._merged(ended)

    def ever(self) -> frozenset[str]:
        """The folded ids of all items of history."""
        if self._history:
            return frozenset(each.lower() for each in self._history.ids())
        return frozenset()


def live(workspace: Workspace) -> Iterable[tuple[str, bytes]]:
    """Path and bytes of every document with blocks in the work tree, within the workspace."""
    from plaintrack.app.snapshot.documents import documents

    for path in documents(workspace, workspace.beside):
        if not path.startswith("../"):
            try:
                yield path, workspace.read_whole(path)
            except (OSError, files.Oddity):
                continue


def rules(workspace: Workspace) -> Iterable[tuple[str, bytes]]:
    """Path and bytes of every file of rules in the work tree."""
    for name in workspace.entries(RULES):
        if place.is_rules(path := f"{RULES}/{name}"):
            try:
                yield path, workspace.read(path)
            except (OSError, files.Oddity):
                continue
