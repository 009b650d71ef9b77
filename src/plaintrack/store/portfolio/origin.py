"""Where the rows of a portfolio come from: a database, or a folder of published folders."""

import csv
import io
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack import __version__
from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import LINKS
from plaintrack.model.task import fold
from plaintrack.store import files, state
from plaintrack.store.digest import digest
from plaintrack.store.portfolio import database, shape
from plaintrack.store.remember import recall, remember

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from plaintrack.store.portfolio.folders import Views
    from plaintrack.store.portfolio.published import Published
    from plaintrack.store.portfolio.rows import Rows

Row = tuple[Any, ...]
Items = Collection[tuple[str, str]]
"""Repositories and folded ids."""
ADDRESSES = "person_address.csv"
"""The table of addresses in a folder: `address,person` in each line."""
CHANGE = ("item", "place", "position", "landed", "authored", "who", "field", "new")
TIME = ("item", "person", "day", "begin", "seconds", "note", "tags")
FEW = 10_000
"""Items of folders that are read faster than they are asked."""
_SORTED = 400_000
"""Rows that DuckDB sorts at a time."""
_LEFT_OUT = {
    "items": " is left out",
    "changes": ": its changes are left out",
    "time": ": its time records are left out",
}
"""What is left out where a file of a table is not what the manifest says."""
_ACROSS = tuple(name for name in LINKS)
_PAIRS = "SELECT * FROM unnest(%s::text[], %s::text[])"
_AMONG = "f.item IN (SELECT unnest(CAST(? AS VARCHAR[])))"
_THROUGH = "position(':' IN {}.item) > 0"
"""An account such as client:pt-7 means the item at its end."""
_SAME = "o.repository = c.repository AND o.item = c.item"
_NOT_NEW = (
    f"NOT EXISTS (SELECT FROM plaintrack.change o WHERE {_SAME} AND o.field = '+'"
    " AND (o.place = c.place OR (c.landed < 0 AND o.landed < 0 AND o.place = c.place - 1"
    " AND o.authored = c.authored)))"
)
_NOT_MERGED = (
    f"(c.landed < 0 OR NOT EXISTS (SELECT FROM plaintrack.change o WHERE {_SAME}"
    " AND o.position = c.position AND o.landed < 0 AND o.field = c.field))"
)


class NotAPortfolio(PlaintrackError):
    """There is no portfolio in a folder."""

    slug = "not-a-portfolio"

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"no repository is published in {folder}",
            "name the folder that holds what `plaintrack publish` wrote, a folder for each"
            " repository; or postgresql://HOST/NAME",
        )


class NothingReadable(PlaintrackError):
    """Nothing that is published in a folder can be read."""

    slug = "nothing-readable"

    def __init__(self, why: str) -> None:
        super().__init__(why, "publish it again with `plaintrack publish`")


class SameName(PlaintrackError):
    """Two published folders are of repositories of one name."""

    slug = "same-repository-name"

    def __init__(self, name: str, one: str, two: str) -> None:
        super().__init__(
            f"{one} and {two} are both of a repository {name!r}",
            "remove one of the folders, or give one repository another name"
            " (`publish: {name: NAME}` in its plaintrack.yml)",
        )


class BadAddresses(PlaintrackError):
    """The table of addresses cannot be used."""

    slug = "bad-addresses"

    def __init__(self, path: str, line: int, why: str) -> None:
        super().__init__(
            f"{path}:{line}: {why}", "write an address and a person, as `ana@x.org,ana`"
        )


class Told(NamedTuple):
    """What a repository's manifest says of it; ``seen`` is when it was last published (Unix
    seconds; None: not known).
    """

    name: str
    tip: str
    tip_time: int
    day: str
    private: bool
    settings: Mapping[str, Any]
    workflows: Sequence[tuple[int, int, Mapping[str, str]]]
    first: int
    last: int
    commits: int
    people: Mapping[str, str]
    equipment: Mapping[str, str]
    said: Mapping[str, Sequence[str]]
    seen: int | None


class Past(NamedTuple):
    """What is asked of changes: those of a ``field`` (empty: of any), to values that ``holds``, by
    authors that ``by`` tells, from ``since`` on and before ``until`` (Unix seconds).

    Both are told the repository first, then the JSON of a value, or the author as published. What
    an item begins with counts only if ``holds`` is asked, or who it was by.
    """

    field: str = ""
    holds: Callable[[str, str], bool] | None = None
    by: Callable[[str, str], bool] | None = None
    since: int | None = None
    until: int | None = None


def told(manifest: Mapping[str, Any], name: str, seen: int | None) -> Told:
    """The manifest of a repository that is known by a name here."""
    line = manifest.get("line", manifest)
    return Told(
        name,
        str(manifest["tip"]),
        int(manifest["tip_time"]),
        str(manifest["day"]),
        bool(manifest["private"]),
        manifest["settings"],
        [(int(at), int(time), dict(some)) for at, time, some in manifest["workflows"]],
        int(line["first"]),
        int(line["last"]),
        int(line["commits"]),
        manifest["people"],
        manifest["equipment"],
        manifest.get("said", {}),
        seen,
    )


class Origin(ABC):
    """A portfolio's rows. Repositories are named as they are called in it; whoever asks for rows
    names whose.
    """

    place: str
    """What messages call it."""
    left_out: Sequence[str] = ()
    """What could not be read, in sentences."""

    def __init__(self) -> None:
        self._kept = ExitStack()

    @cached_property
    @abstractmethod
    def repositories(self) -> Mapping[str, Told]:
        """Name → what is told of it, by name."""

    @abstractmethod
    def items(self, names: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[str, Row]]:
        """(repository, cells) of the items, by repository and path."""

    @abstractmethod
    def values(self, names: Sequence[str], field: str) -> Iterator[tuple[str, str, str]]:
        """(repository, path, folded key) of the values of a field."""

    @abstractmethod
    def changes(self, names: Sequence[str]) -> Iterator[tuple[str, Row]]:
        """(repository, cells of CHANGE), by repository, item and place."""

    @abstractmethod
    def recalled(self, names: Sequence[str], asked: Past) -> Iterator[tuple[str, str]]:
        """(repository, folded id) of the items that changed so, by what is published: of a branch
        that was merged, the statuses by their authors' dates, and else what it changed as a whole.
        """

    @abstractmethod
    def time(self, names: Sequence[str], items: Items | None = None) -> Iterator[tuple[str, Row]]:
        """(repository, cells of TIME); all, or at least those of these items."""

    @abstractmethod
    def stated(self, items: Items, field: str) -> Iterator[tuple[tuple[str, str], int]]:
        """Of items of which it is known: when the field got its value (Unix seconds)."""

    @abstractmethod
    def crossing(self, names: Sequence[str]) -> frozenset[tuple[str, str]]:
        """(repository, folded name of another one) where links lead from one to the other, of the
        first ones that are named.
        """

    def usable(self, _name: str) -> bool:
        """Whether the items of a repository can be read; if not, it is told as left out."""
        return True

    @abstractmethod
    def rows(self, names: Sequence[str]) -> "Rows | None":
        """What answers compiled questions about these repositories; None: their rows have to be
        read.
        """

    @abstractmethod
    def known(self, names: Sequence[str]) -> Sequence[str]:
        """The repositories whose rows those of these are."""

    def close(self) -> None:
        """Let go of what is kept open."""
        self._kept.close()

    @cached_property
    @abstractmethod
    def addresses(self) -> Mapping[str, str]:
        """E-mail address in lower case → the person whose it is."""


def origin(name: str) -> Origin:
    """The portfolio of that name, ``postgresql://…`` or a folder. Raises PlaintrackError."""
    return Tables(name) if database.is_database(name) else Folders(name)


class Tables(Origin):
    """A portfolio in PostgreSQL."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.place = name, database.place(name)

    def _connected(self) -> AbstractContextManager["Connection"]:
        return database.connected(self.name)

    @cached_property
    def repositories(self) -> Mapping[str, Told]:
        """Those that this role may read."""
        sql = "SELECT name, manifest, extract(epoch FROM seen)::bigint FROM plaintrack.repository"
        with self._connected() as connection:
            rows = connection.exec_driver_sql(sql).all()
        return {name: told(json.loads(text), name, seen) for name, text, seen in sorted(rows)}

    def rows(self, _names: Sequence[str]) -> "Rows":
        """The database, by a connection that is kept for several questions."""
        return self._asked

    @cached_property
    def _asked(self) -> "Rows":
        from plaintrack.store.portfolio.rows import PostgreSQL

        return PostgreSQL(self._kept.enter_context(self._connected()))

    def known(self, _names: Sequence[str]) -> Sequence[str]:
        """All that this role may read."""
        return list(self.repositories)

    def _rows(self, sql: str, names: Sequence[str], *more: Any) -> Iterator[Row]:
        """The rows of a question whose first parameter are repositories."""
        with self._connected() as connection:
            found = connection.execution_options(yield_per=5000).exec_driver_sql(
                sql, (list(names), *more)
            )
            for row in found:
                yield tuple(row)

    def _of(
        self, table: str, columns: Sequence[str], names: Sequence[str], order: str
    ) -> Iterator[tuple[str, Row]]:
        shown = ", ".join(f'"{each}"' for each in columns)
        sql = (
            f"SELECT repository, {shown} FROM plaintrack.{table} WHERE repository = ANY(%s)"
            f" ORDER BY repository, {order}"
        )
        return ((row[0], row[1:]) for row in self._rows(sql, names))

    def items(self, names: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[str, Row]]:
        """(repository, cells) of the items."""
        return self._of(shape.WHOLE, columns, names, "path")

    def values(self, names: Sequence[str], field: str) -> Iterator[tuple[str, str, str]]:
        """(repository, path, key) of the values of a field."""
        sql = (
            "SELECT v.repository, i.path, v.key FROM plaintrack.value v JOIN plaintrack.item i ON"
            " i.repository = v.repository AND i.number = v.item WHERE v.repository = ANY(%s) AND"
            " v.field = %s ORDER BY 1, 2"
        )
        return ((row[0], row[1], row[2]) for row in self._rows(sql, names, field))

    def changes(self, names: Sequence[str]) -> Iterator[tuple[str, Row]]:
        """(repository, cells of CHANGE)."""
        return self._of("change", CHANGE, names, "item, place")

    def recalled(self, names: Sequence[str], asked: Past) -> Iterator[tuple[str, str]]:
        """By the database; of values and authors it is asked first which there are."""
        terms: list[str] = []
        given: list[Any] = []
        if asked.field:
            terms.append("c.field = %s")
            given.append(asked.field)
        for column, holds in (("new", asked.holds), ("who", asked.by)):
            if holds is not None:
                terms.append(f"(c.repository, c.{column}) IN ({_PAIRS})")
                given += self._pairs(names, column, asked.field, holds)
        for sign, moment in ((">=", asked.since), ("<", asked.until)):
            if moment is not None:
                terms.append(f"CASE WHEN c.landed < 0 THEN c.authored ELSE c.landed END {sign} %s")
                given.append(moment)
        if asked.holds is None and asked.by is None:
            terms += (_NOT_NEW, _NOT_MERGED)
        sql = (
            "SELECT DISTINCT c.repository, c.item FROM plaintrack.change c"
            f" WHERE {' AND '.join(['c.repository = ANY(%s)', *terms])}"
        )
        return ((row[0], row[1]) for row in self._rows(sql, names, *given))

    def _pairs(
        self, names: Sequence[str], column: str, field: str, holds: Callable[[str, str], bool]
    ) -> list[list[str]]:
        """The repositories and the values of a column of changes of a field for which it holds."""
        where, more = (" AND c.field = %s", [field]) if field else ("", [])
        sql = (
            f"SELECT DISTINCT c.repository, c.{column} FROM plaintrack.change c"
            f" WHERE c.repository = ANY(%s){where} AND c.{column} IS NOT NULL"
        )
        found = [(row[0], row[1]) for row in self._rows(sql, names, *more) if holds(*row)]
        return [[name for name, _ in found], [value for _, value in found]]

    def time(self, names: Sequence[str], items: Items | None = None) -> Iterator[tuple[str, Row]]:
        """(repository, cells of TIME)."""
        if items is None:
            return self._of("time_entry", TIME, names, "day, item")
        listed = ", ".join(f't."{name}"' for name in TIME)
        sql = (
            f"SELECT t.repository, {listed} FROM plaintrack.time_entry t"
            f" WHERE t.repository = ANY(%s) AND ((t.repository, t.item) IN ({_PAIRS})"
            f" OR {_THROUGH.format('t')})"
            " ORDER BY t.repository, t.day, t.item"
        )
        return ((row[0], row[1:]) for row in self._rows(sql, names, *_split(items)))

    def stated(self, items: Items, field: str) -> Iterator[tuple[tuple[str, str], int]]:
        """Of items of which it is known: when the field got its value (Unix seconds)."""
        sql = (
            "SELECT DISTINCT ON (c.repository, c.item) c.repository, c.item, c.landed"
            " FROM plaintrack.change c WHERE c.repository = ANY(%s)"
            f" AND (c.repository, c.item) IN ({_PAIRS}) AND c.field = %s"
            " ORDER BY c.repository, c.item, c.place DESC"
        )
        names = sorted({name for name, _ in items})
        for name, item, landed in self._rows(sql, names, *_split(items), field):
            yield (name, item), landed

    def crossing(self, names: Sequence[str]) -> frozenset[tuple[str, str]]:
        """By the index of links that cross."""
        sql = (
            "SELECT DISTINCT repository, left(target, length(target) - position('/' IN"
            " reverse(target))) FROM plaintrack.value WHERE crosses AND repository = ANY(%s)"
        )
        return frozenset((one, two) for one, two in self._rows(sql, names))

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """The table ``person_address``."""
        with self._connected() as connection:
            rows = connection.exec_driver_sql(
                "SELECT address, person FROM plaintrack.person_address"
            ).all()
        return {address.lower(): person for address, person in rows}


class Folders(Origin):
    """A folder that holds published folders."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = self.place = folder
        self.left_out: list[str] = []
        real = os.fsencode(os.path.realpath(folder))
        self._source = real + f" {__version__} {shape.VERSION}".encode()
        self._cache = f"sound-{digest(real).hex()[:16]}.cache"
        self._known: dict[str, Any] = {}
        self._views: Views | None = None

    def _remember(self) -> None:
        """Remember which files were found to be sound: to look at every row takes longer than to
        read what a question needs.
        """
        known = {
            os.path.relpath(each.folder, self.folder): {
                name: [each.manifest.files[name].sha256, *stamp]
                for name, stamp in each.vouched.items()
            }
            for each in self.published.values()
        }
        if known != self._known:
            self._known = known
            remember(state.user(self.folder), self._cache, self._source, known)

    @cached_property
    def published(self) -> Mapping[str, "Published"]:
        """Name → the published folder of it; one that cannot be read is left out, and told."""
        from plaintrack.store.portfolio.published import read
        from plaintrack.store.portfolio.sources import sources

        found: dict[str, Published] = {}
        taken: dict[str, str] = {}
        sound = recall(state.user(self.folder), self._cache, self._source) or {}
        for path, _ in sources(self.folder):
            try:
                one = read(path)
                _complete(one)
                one.vouch(_sound(one, sound.get(os.path.relpath(path, self.folder), {})))
            except PlaintrackError as error:
                if error.slug == "portfolio-missing":
                    raise
                self.left_out.append(f"{path} is left out: {error.message}")
                continue
            key = fold(one.manifest.name)
            if key in taken:
                raise SameName(one.manifest.name, taken[key], path)
            taken[key] = path
            found[one.manifest.name] = one
        if not found:
            if self.left_out:
                raise NothingReadable(self.left_out[0])
            raise NotAPortfolio(self.folder)
        return dict(sorted(found.items()))

    @cached_property
    def repositories(self) -> Mapping[str, Told]:
        """Those that are published there."""
        return {name: told(each.told, name, each.seen) for name, each in self.published.items()}

    def _of(
        self,
        table: str,
        columns: Sequence[str],
        names: Iterable[str],
        order: str,
        where: str = "",
        items: Sequence[str] | None = None,
    ) -> Iterator[tuple[str, Row]]:
        params = [] if items is None else [items]
        from plaintrack.store.portfolio.folders import unchanged
        from plaintrack.store.portfolio.parquet import asked

        shown = ", ".join(f'f."{each}"' for each in columns)
        ordered = ", ".join(f'f."{each}"' for each in order.split(", "))
        names = [name for name in names if self._sound(name, table)]
        for paths in self._some(table, names):
            called = ", ".join(
                f"({_quoted(path)}, {_quoted(name)})" for path, name in paths.items()
            )
            sql = (
                f"SELECT n.name, {shown} FROM {{file}} f JOIN (VALUES {called}) n(path, name)"
                f" ON f.filename = n.path {where} ORDER BY n.name, {ordered}"
            )
            for rows in asked(list(paths), sql, params):
                for row in rows:
                    yield row[0], row[1:]
        unchanged((self.published[name] for name in names), table)
        self._remember()

    def rows(self, names: Sequence[str]) -> "Rows | None":
        """Views of the files, if these hold so much that less is read so."""
        some = [self.published[name] for name in names]
        held = sum(each.manifest.files[file].rows for each in some for file in each.files("items"))
        if held < FEW:
            return None
        from plaintrack.store.portfolio.folders import opened

        self._views = self._kept.enter_context(opened(some))
        self._remember()
        return self._views

    def known(self, names: Sequence[str]) -> Sequence[str]:
        """These alone are opened."""
        return names

    def usable(self, name: str) -> bool:
        """Whether the items of a repository are what its manifest says."""
        return self._sound(name, "items")

    def _sound(self, name: str, table: str) -> bool:
        """Whether the files of a table are what the manifest says; if not, that is told."""
        from plaintrack.store.portfolio.published import NotReadable

        one = self.published[name]
        try:
            for file in one.files(table):
                one.sound(file)
        except NotReadable as error:
            self.left_out.append(f"{one.folder}{_LEFT_OUT[table]}: {error.message}")
            return False
        return True

    def _some(self, table: str, names: Iterable[str]) -> Iterator[dict[str, str]]:
        """Path → repository of the files of a table, so many at a time as can be sorted in memory;
        all files of a repository are together.
        """
        some: dict[str, str] = {}
        rows = 0
        for name in names:
            each = self.published[name]
            mine = {os.path.join(each.folder, file): name for file in each.files(table)}
            more = sum(each.manifest.files[file].rows for file in each.files(table))
            if some and rows + more > _SORTED:
                yield some
                some, rows = {}, 0
            some |= mine
            rows += more
        if some:
            yield some

    def items(self, names: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[str, Row]]:
        """(repository, cells) of the items."""
        return self._of("items", columns, names, "path")

    def values(self, names: Sequence[str], field: str) -> Iterator[tuple[str, str, str]]:
        """(repository, path, key) of the values of a field."""
        for name, (path, values) in self._of("items", ("path", "values"), names, "path"):
            for each in values:
                if each["field"] == field:
                    yield name, path, each["key"]

    def changes(self, names: Sequence[str]) -> Iterator[tuple[str, Row]]:
        """(repository, cells of CHANGE)."""
        return self._of("changes", CHANGE, names, "item, place")

    def recalled(self, names: Sequence[str], asked: Past) -> Iterator[tuple[str, str]]:
        """By looking at each change of the field."""
        fields = f"WHERE f.field IN ('+', {_quoted(asked.field)})" if asked.field else ""
        rows = self._of("changes", CHANGE, names, "item, place, field", fields)
        for (name, item), mine in groupby(rows, key=lambda row: (row[0], row[1][0])):
            if _changed([row for _, row in mine], name, asked):
                yield name, item

    def time(self, names: Sequence[str], items: Items | None = None) -> Iterator[tuple[str, Row]]:
        """(repository, cells of TIME)."""
        if items is None:
            return self._of("time", TIME, names, "day, item")
        where = f"WHERE ({_AMONG} OR {_THROUGH.format('f')})"
        return self._of("time", TIME, names, "day, item", where, _split(items)[1])

    def stated(self, items: Items, field: str) -> Iterator[tuple[tuple[str, str], int]]:
        """Of items of which it is known: when the field got its value (Unix seconds)."""
        names = sorted({name for name, _ in items})
        where = f"WHERE f.field = {_quoted(field)} AND {_AMONG}"
        for name, (item, _, landed) in self._of(
            "changes", ("item", "place", "landed"), names, "item, place", where, _split(items)[1]
        ):
            yield (name, item), landed  # of several the last one counts

    def crossing(self, names: Sequence[str]) -> frozenset[tuple[str, str]]:
        """By the links of all their items."""
        if self._views and set(names) <= {each.manifest.name for each in self._views.published}:
            sql = "SELECT DISTINCT repository, target FROM crossed WHERE repository = ANY(?)"
            told = self._views.run(sql, (list(names),))
            return frozenset((name, target.rpartition("/")[0]) for name, target in told)
        fields = ", ".join(f"'{name}'" for name in _ACROSS)
        where = (
            f'WHERE len(list_filter("values", lambda v: v.field IN ({fields}) AND'
            " contains(v.key, '/'))) > 0"
        )
        found = set()
        for name, (values,) in self._of("items", ("values",), names, "path", where):
            for each in values:
                if each["field"] in _ACROSS and "/" in each["key"]:
                    found.add((name, each["key"].rpartition("/")[0]))
        return frozenset(found)

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """The table in the folder, if there is one."""
        path = os.path.join(self.folder, ADDRESSES)
        if not os.path.lexists(path):
            return {}
        data = files.read(path)
        if len(data) > files.LARGEST:
            raise BadAddresses(path, 1, "this is too large to be read")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadAddresses(path, 1, "this is not UTF-8") from error
        return _addresses(path, text)


def _addresses(path: str, text: str) -> dict[str, str]:
    """E-mail address in lower case → person, of a table in CSV. Raises BadAddresses."""
    found: dict[str, str] = {}
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in rows:
            if not row or row == ["address", "person"]:
                continue
            if len(row) != 2 or "@" not in row[0] or not row[1].strip():
                raise BadAddresses(path, rows.line_num, "this is not an address and a person")
            address, person = (cell.strip() for cell in row)
            if found.setdefault(address.lower(), person) != person:
                raise BadAddresses(path, rows.line_num, f"{address} is another person above")
    except csv.Error as error:
        raise BadAddresses(path, rows.line_num, str(error)) from error
    return found


def _sound(published: "Published", known: Mapping[str, Sequence[Any]]) -> dict[str, list[int]]:
    """The files of which it is remembered that they are what the manifest still means."""
    files = published.manifest.files
    return {
        name: list(stamp)
        for name, (sha256, *stamp) in known.items()
        if name in files and files[name].sha256 == sha256
    }


def _changed(rows: Sequence[Row], name: str, asked: Past) -> bool:
    """Whether one of the changes of an item (cells of CHANGE) is what is asked for."""
    first = asked.holds is not None or asked.by is not None
    return any(
        _meant(row, name, asked)
        for row in (rows if first else _later(rows))
        if not asked.field or row[6] == asked.field
    )


def _meant(row: Row, name: str, asked: Past) -> bool:
    """Whether a change is what is asked for, whatever it is of."""
    _, _, _, landed, authored, who, _, new = row
    if asked.holds is not None and (new is None or not asked.holds(name, new)):
        return False
    if asked.by is not None and not asked.by(name, who):
        return False
    moment = authored if landed < 0 else landed
    since = asked.since is None or moment >= asked.since
    return since and (asked.until is None or moment < asked.until)


def _later(rows: Sequence[Row]) -> Iterator[Row]:
    """The changes of an item, without what it began with, and without what a merge brought of
    which the branch tells.
    """
    begun = [row for row in rows if row[6] == "+"]
    whole = {place for _, place, *_ in begun}
    # a branch tells the status apart from the beginning
    status = {(place + 1, at) for _, place, _, landed, at, *_ in begun if landed < 0}
    apart = {(row[2], row[6]) for row in rows if row[3] < 0}
    for row in rows:
        _, place, position, landed, authored, _, field, _ = row
        known = (place, authored) in status if landed < 0 else (position, field) in apart
        if place not in whole and not known:
            yield row


def _split(items: Items) -> tuple[list[str], list[str]]:
    return [name for name, _ in items], [item for _, item in items]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _complete(published: "Published") -> None:
    """Raise Unfinished if a file is plainly not the one that is meant; each is checked to the last
    byte when it is read.
    """
    from plaintrack.store.portfolio.published import Unfinished

    for name, meant in published.manifest.files.items():
        path = os.path.join(published.folder, name)
        try:
            size = os.lstat(path).st_size
        except OSError as error:
            raise Unfinished(path, "it is not there") from error
        if size != meant.bytes:
            raise Unfinished(path, f"{size:,} bytes, not {meant.bytes:,}")
