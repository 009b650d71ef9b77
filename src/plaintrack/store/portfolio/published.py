"""The folder that a repository publishes: Parquet files and a manifest, written last, that says
what each of them holds. Whoever reads it trusts neither.
"""

import json
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from plaintrack.errors import PlaintrackError
from plaintrack.store import files
from plaintrack.store.portfolio import parquet, shape, sound
from plaintrack.store.portfolio.parquet import Row, Unreadable

_T = TypeVar("_T")
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 8 << 20
MOST_FILES = 10_000
MOST_ROWS = 50_000_000
"""In one file."""
LARGEST_FILE = 4 << 30
LARGEST_FOOTER = 8 << 20
"""Of a Parquet file: its columns and row groups; ours take a thousandth of that."""
LATEST = 253_402_214_400
"""A moment that every zone can write, in Unix seconds: the last day of the year 9999."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
"""What a repository may be called in a portfolio."""
_FILE = re.compile(r"(items|plan)\.parquet|(changes|time)/(\d{4})\.parquet", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class NotReadable(PlaintrackError):
    """What is published cannot be used as it is."""

    slug = "published"


class NothingPublished(NotReadable):
    """There is no manifest."""

    slug = "nothing-published"

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"{folder} has no {MANIFEST}: nothing is published there, or it is not complete yet",
            f"publish with `plaintrack publish DIR`, and copy {MANIFEST} last",
        )


class Unfinished(NotReadable):
    """A file is not the one that the manifest means."""

    slug = "unfinished"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path} is not what {MANIFEST} says: {why}",
            "it is just being uploaded, or damaged: try again, or publish it again",
        )


class BadManifest(NotReadable):
    """The manifest is not one."""

    slug = "bad-manifest"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}", "publish it again with `plaintrack publish`")


class NewerShape(NotReadable):
    """A later version of plaintrack published it."""

    slug = "newer-shape"

    def __init__(self, path: str, version: int) -> None:
        super().__init__(
            f"{path}: its schema has version {version}, and this plaintrack knows {shape.VERSION}",
            "install the plaintrack that published it here, too",
        )


class OlderShape(NotReadable):
    """An earlier version of plaintrack published it."""

    slug = "older-shape"

    def __init__(self, path: str, version: int) -> None:
        super().__init__(
            f"{path}: its schema has version {version}, and this plaintrack reads {shape.VERSION}",
            "publish it again with this version of plaintrack; nothing is migrated",
        )


class StrayName(NotReadable):
    """The manifest names a file that is none of what is published."""

    slug = "stray-name"

    def __init__(self, path: str, name: str) -> None:
        super().__init__(
            f"{path}: {name[:80]!r} is not a file that plaintrack publishes",
            "only items.parquet, plan.parquet, changes/YEAR.parquet and time/YEAR.parquet are read",
        )


class NotAPublishedFile(NotReadable):
    """A link, a pipe or a folder stands where a published file should be."""

    slug = "not-a-published-file"

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path} is {what}, not a regular file", "replace it with the file itself")


class TooMuchPublished(NotReadable):
    """More than anybody publishes."""

    slug = "too-much-published"

    def __init__(self, path: str, what: str, most: int) -> None:
        super().__init__(
            f"{path} has {what}, and {most:,} is the most that is read",
            "publish it again with `plaintrack publish`",
        )


class NotParquet(NotReadable):
    """The bytes are those that the manifest means, and no Parquet."""

    slug = "not-parquet"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path} cannot be read: {why}", "publish it again with `plaintrack publish`"
        )


class WrongColumns(NotReadable):
    """The columns of a file are not those of its table."""

    slug = "wrong-columns"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path} does not have the columns of its table: {why}",
            "publish it again with `plaintrack publish`",
        )


class WrongCount(NotReadable):
    """A file has not as many rows as the manifest says."""

    slug = "wrong-count"

    def __init__(self, path: str, told: int, found: int) -> None:
        super().__init__(
            f"{path} has {found:,} rows, and {MANIFEST} says {told:,}",
            "publish it again with `plaintrack publish`",
        )


class WrongValue(NotReadable):
    """Rows of a file are none of its table."""

    slug = "wrong-value"

    def __init__(self, path: str, what: str, rows: int) -> None:
        where = "one row" if rows == 1 else f"{rows:,} rows"
        super().__init__(
            f"{path}: {what}, in {where}", "publish it again with `plaintrack publish`"
        )


class NotOurPublication(PlaintrackError):
    """The folder to publish in holds something else."""

    slug = "not-our-publication"

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"{folder} is not empty and nothing was published in it", "name a new or empty folder"
        )


class CannotPublish(PlaintrackError):
    """The folder or a file in it cannot be written."""

    slug = "cannot-publish"

    def __init__(
        self, path: str, why: str, hint: str = "check the permissions and the disk"
    ) -> None:
        super().__init__(f"cannot write {path}: {why}", hint)


class Told(NamedTuple):
    """What the manifest says of a file."""

    rows: int
    bytes: int
    sha256: str


class Manifest(NamedTuple):
    """What is published, as the publisher says it: nothing of it is certain but its form.

    ``name`` and ``roots`` (the first commits) say which repository it is; ``tip_time`` are Unix
    seconds; ``day`` is the ISO day that counted as today. ``settings`` are those keys of
    ``plaintrack.yml`` that questions depend on; ``workflows`` as flow.series.Workflow; ``line`` is
    when the first-parent line began and ended, and its number of commits. ``people`` and
    ``equipment``: path of the file → its text, as far as it may be told. ``said``: folded id → the
    health that the latest update of an open project or goal says, and who said it when.
    """

    plaintrack: str
    schema: int
    name: str
    roots: tuple[str, ...]
    tip: str
    tip_time: int
    day: str
    private: bool
    settings: Mapping[str, Any]
    workflows: tuple[tuple[int, int, Mapping[str, str]], ...]
    first: int
    last: int
    commits: int
    people: Mapping[str, str]
    equipment: Mapping[str, str]
    said: Mapping[str, tuple[str, str]]
    files: Mapping[str, Told]


class Written(NamedTuple):
    """What a write did: what the manifest says of each file now; those that are new or other ones,
    those that are gone.
    """

    told: Mapping[str, Told]
    written: tuple[str, ...]
    removed: tuple[str, ...]


# Write


def known(folder: str) -> dict[str, Any]:
    """The manifest that stands in a folder as it is, with no check; empty if there is none. Raises
    NotOurPublication if it holds something else, CannotPublish.
    """
    try:
        there = os.listdir(folder)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CannotPublish(folder, error.strerror or "") from error
    if not there:
        return {}
    if MANIFEST in there:
        with suppress(OSError, ValueError, RecursionError, PlaintrackError):
            found = json.loads(_read(os.path.join(folder, MANIFEST), LARGEST_MANIFEST))
            if isinstance(found, dict) and "plaintrack" in found:
                return found
    raise NotOurPublication(folder)


def whole(folder: str) -> bool:
    """Whether all files in a folder are those that its manifest means."""
    try:
        found = Published(folder)
        for name in found.manifest.files:
            found.verified(name)
    except PlaintrackError:
        return False
    return True


def touch(folder: str) -> None:
    """Note that the manifest was true just now, by its time stamp."""
    with suppress(OSError):
        os.utime(os.path.join(folder, MANIFEST))


def write(
    folder: str, about: Mapping[str, Any], tables: Mapping[str, Iterable[Row]], dry: bool = False
) -> Written:
    """Have a folder hold these rows (``items.parquet``, ``changes/2026.parquet`` … → rows of the
    table's columns), and write the manifest last: ``about``, and what it says of the files.
    ``dry``: say what would be written.

    A file that stays the same is not written. While files are replaced the old manifest names
    hashes that they no longer have, so that a reader sees that it came in between. Raises
    NotOurPublication, CannotPublish, PortfolioMissing.
    """
    parquet.demand()
    before = known(folder).get("files")
    former = before if isinstance(before, dict) else {}
    gone = [name for name in sorted(former) if name not in tables and _FILE.fullmatch(name)]
    told: dict[str, Told] = {}
    made: dict[str, str] = {}
    changed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="plaintrack-publish-") as room:
        for number, (name, rows) in enumerate(tables.items()):
            path = os.path.join(room, f"{number}.parquet")
            try:
                count = parquet.write(path, columns_of(name), rows)
            except parquet.Unwritable as error:
                hint = "free some space there, or name another folder by TMPDIR"
                raise CannotPublish(os.path.dirname(room), str(error), hint) from error
            told[name] = Told(count, os.path.getsize(path), _digest(path))
            if not _is(os.path.join(folder, name), told[name]):
                changed.append(name)
            made[name] = path
        if not dry:
            try:
                os.makedirs(folder, exist_ok=True)
                with _alone(folder):
                    _put(
                        folder,
                        {
                            name: path
                            for name, path in made.items()
                            if not _is(os.path.join(folder, name), told[name])
                        },
                    )
                    _manifest(folder, about, told)
                    _sweep(folder, gone)
            except OSError as error:
                raise CannotPublish(error.filename or folder, error.strerror or "") from error
    return Written(told, tuple(changed), tuple(gone))


def columns_of(name: str) -> tuple[shape.Column, ...]:
    """The columns of the rows in a file."""
    found = _FILE.fullmatch(name)
    assert found is not None, name
    return shape.TABLES[found[1] or found[2]]


def _manifest(folder: str, about: Mapping[str, Any], told: Mapping[str, Told]) -> None:
    listed = {name: each._asdict() for name, each in sorted(told.items())}
    text = json.dumps({**about, "files": listed}, indent=1, allow_nan=False, ensure_ascii=False)
    data = f"{text}\n".encode()
    path = os.path.join(folder, MANIFEST)
    with suppress(OSError, PlaintrackError):
        if _read(path, LARGEST_MANIFEST) == data:
            touch(folder)
            return
    temporary = files.write_temporary(path, data)
    try:
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    files.sync(folder)


@contextmanager
def _alone(folder: str) -> Iterator[None]:
    """Wait until no other publisher writes to a folder, where its file system knows locks."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError, ImportError):
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sweep(folder: str, gone: Iterable[str]) -> None:
    """Remove the files that are published no more, and what killed publishers left."""
    left = [os.path.join(folder, name) for name in gone]
    for each in ("", "changes", "time"):
        left += files.strays(os.path.join(folder, each), files.clock())
    for path in left:
        with suppress(OSError):
            os.unlink(path)


def _put(folder: str, made: Mapping[str, str]) -> None:
    """Bring files to their places: all are there before the first one replaces another."""
    ready: list[tuple[str, str]] = []
    try:
        for name, path in made.items():
            target = os.path.join(folder, name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(path, "rb") as handle:
                ready.append((files.write_temporary(target, handle.read()), target))
        while ready:
            os.replace(*ready[0])
            del ready[0]
    finally:
        for temporary, _ in ready:
            os.unlink(temporary)
    for each in sorted({os.path.dirname(os.path.join(folder, name)) for name in made}):
        files.sync(each)


def _is(path: str, told: Told) -> bool:
    """Whether a file holds these bytes already."""
    try:
        return (
            stat.S_ISREG(os.lstat(path).st_mode)
            and os.path.getsize(path) == told.bytes
            and _digest(path) == told.sha256
        )
    except OSError:
        return False


# Read


def read(folder: str) -> "Published":
    """What is published in a folder; raises NotReadable. Rows are checked when they are read."""
    parquet.demand()
    return Published(folder)


class Published:
    """A published folder. Its bytes are another's: each file is checked before its first row is
    given, and whoever takes rows must take them all before he believes any.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        path = os.path.join(folder, MANIFEST)
        self.manifest, self.told = _checked(path)
        """What the manifest says: as a value, and as it stands there."""
        self.seen = _last_true(path)
        """When the publisher last looked at its repository, in Unix seconds."""
        self._good: dict[str, tuple[int, ...]] = {}

    def items(self) -> Iterator[list[Row]]:
        """Batches of rows of shape.ITEM, by path."""
        return self.rows("items.parquet")

    def lines(self, name: str) -> Iterator[list[str]]:
        """Batches of rows of one file, each as a line that PostgreSQL copies in; none of items."""
        return self._batches(name, lambda file: file.lines(columns_of(name)))

    def rows(self, name: str) -> Iterator[list[Row]]:
        """Batches of rows of one file."""
        return self._batches(name, lambda file: file.batches(columns_of(name)))

    @property
    def vouched(self) -> dict[str, tuple[int, ...]]:
        """The files that were found to be sound, each as it was then: see ``vouch``."""
        return dict(self._good)

    def untouched(self, name: str) -> bool:
        """Whether a file is still the one that was found to be sound."""
        return name in self._good and self._good[name] == _stamp(self._path(name))

    def vouch(self, known: Mapping[str, Sequence[int]]) -> None:
        """Believe that files are sound which were so under this very manifest, as long as they have
        not been touched since; only for what this user found himself.
        """
        self._good |= {name: tuple(stamp) for name, stamp in known.items()}

    def files(self, table: str) -> list[str]:
        """The names of the files of a table, in order."""
        return [
            name
            for name in sorted(self.manifest.files)
            if name == f"{table}.parquet" or name.startswith(f"{table}/")
        ]

    def path(self, name: str) -> str:
        """Where a file is, after a check of its bytes and rows; see ``verified``, ``sound``."""
        self.sound(name)
        return self._path(name)

    def verify(self) -> None:
        """Check all files."""
        for name in self.manifest.files:
            self.sound(name)

    def verified(self, name: str) -> None:
        """Check that the bytes of a file are those that the manifest means."""
        path, told = self._path(name), self.manifest.files[name]
        _ordinary(self.folder, name)
        try:
            before = _stamp(path)
            size = os.path.getsize(path)
            if size != told.bytes:
                raise Unfinished(path, f"{size:,} bytes, not {told.bytes:,}")
            if _digest(path) != told.sha256:
                raise Unfinished(path, "its SHA-256 is another one")
            if _stamp(path) != before:
                raise Unfinished(path, "it changed while it was read")
        except OSError as error:
            raise Unfinished(path, (error.strerror or "it cannot be read").lower()) from error
        self._good[name] = before

    def sound(self, name: str) -> None:
        """Check that a file is what the manifest means, and that its rows are such rows."""
        if self.untouched(name):
            return
        self._good.pop(name, None)
        self.verified(name)
        stamp = self._good.pop(name)
        path = self._path(name)
        try:
            with parquet.Opened(path) as file:
                self._columns(name, path, file)
                self._values(name, path, file)
        except Unreadable as error:
            raise NotParquet(path, str(error)) from error
        self._good[name] = stamp

    def _columns(self, name: str, path: str, file: parquet.Opened) -> None:
        footer, told = file.footer(), self.manifest.files[name].rows
        if footer > LARGEST_FOOTER:
            raise TooMuchPublished(path, f"a footer of {footer:,} bytes", LARGEST_FOOTER)
        found, wanted = file.columns(), _kinds(name)
        if found != wanted:
            raise WrongColumns(path, _difference(found, wanted))
        rows = file.count()
        if rows != told:
            raise WrongCount(path, told, rows)

    def _values(self, name: str, path: str, file: parquet.Opened) -> None:
        kind = _FILE.fullmatch(name)
        assert kind is not None
        held = sound.size(file, columns_of(name))
        for what, count, most in (
            (f"a text of {held.longest:,} bytes", held.longest, sound.LONGEST),
            (f"texts of {held.texts:,} bytes", held.texts, sound.LARGEST),
            (f"{held.values:,} values", held.values, sound.MOST_VALUES),
        ):
            if count > most:
                raise TooMuchPublished(path, what, most)
        year = int(kind[3]) if kind[3] else None
        found = sound.fault(file, kind[1] or kind[2], columns_of(name), year)
        if found is not None:
            raise WrongValue(path, found.what, found.rows)

    def _batches(
        self, name: str, read: Callable[[parquet.Opened], Iterator[list[_T]]]
    ) -> Iterator[list[_T]]:
        """Batches of the rows of a file, which is checked before the first and after the last."""
        self.sound(name)
        path, told, count = self._path(name), self.manifest.files[name], 0
        try:
            with parquet.Opened(path) as file:
                for batch in read(file):
                    count += len(batch)
                    yield batch
        except Unreadable as error:
            raise NotParquet(path, str(error)) from error
        if count != told.rows:
            raise WrongCount(path, told.rows, count)
        if _stamp(path) != self._good[name]:
            raise Unfinished(path, "it changed while it was read")

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    @cached_property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(each.bytes for each in self.manifest.files.values())


_KINDS: dict[str, list[tuple[str, str]]] = {}


def _kinds(name: str) -> list[tuple[str, str]]:
    """Name and type of each column that a file must have."""
    table = name.split("/")[0]
    if table not in _KINDS:
        _KINDS[table] = parquet.kinds(columns_of(name))
    return _KINDS[table]


def _difference(found: list[tuple[str, str]], wanted: list[tuple[str, str]]) -> str:
    if len(found) != len(wanted):
        return f"{len(found):,} instead of {len(wanted)}"
    (name, kind), (other, another) = next(
        pair for pair in zip(found, wanted, strict=True) if pair[0] != pair[1]
    )
    return f"{name[:40]!r} ({kind[:40]}) in place of {other!r} ({another[:40]})"


def _digest(path: str) -> str:
    found = sha256()
    with open(path, "rb", opener=_plainly) as handle:
        while piece := handle.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


def _plainly(path: str, flags: int) -> int:
    """Open what is no link, and wait for no one at the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _stamp(path: str) -> tuple[int, ...]:
    try:
        info = os.lstat(path)
    except OSError:
        return ()
    return (info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_ino)


def _last_true(path: str) -> int:
    """The time stamp of a manifest, see ``touch``; in the bounds of a date."""
    try:
        found = int(os.lstat(path).st_mtime)
    except OSError as error:
        raise Unfinished(path, "it is not there any more") from error
    return min(max(found, 0), LATEST)


def _ordinary(folder: str, name: str) -> None:
    """Check that no part of the way to a file leads elsewhere, and that it is a file."""
    at = folder
    for part in name.split("/"):
        at = os.path.join(at, part)
        try:
            mode = os.lstat(at).st_mode
        except OSError as error:
            raise Unfinished(os.path.join(folder, name), "it is not there") from error
        if stat.S_ISLNK(mode):
            raise NotAPublishedFile(at, "a symbolic link")
    if not stat.S_ISREG(mode):
        raise NotAPublishedFile(at, "a folder" if stat.S_ISDIR(mode) else "a pipe or device")


def _read(path: str, most: int) -> bytes:
    """The bytes of a manifest."""
    _ordinary(os.path.dirname(path), os.path.basename(path))
    with open(path, "rb", opener=_plainly) as handle:
        data = handle.read(most + 1)
    if len(data) > most:
        raise TooMuchPublished(path, "more bytes", most)
    return data


# The manifest


def _checked(path: str) -> tuple[Manifest, dict[str, Any]]:
    """The manifest at a path, each part of the right kind; and its JSON."""
    if not os.path.lexists(path):
        raise NothingPublished(os.path.dirname(path))
    try:
        found = json.loads(_read(path, LARGEST_MANIFEST))
    except (ValueError, RecursionError) as error:
        why = "it is nested too deep" if isinstance(error, RecursionError) else "it is not JSON"
        raise BadManifest(path, why) from error
    except OSError as error:
        raise BadManifest(path, error.strerror or "it cannot be read") from error
    if not isinstance(found, dict):
        raise BadManifest(path, "it is not an object")
    version = found.get("schema")
    if type(version) is not int or not isinstance(found.get("plaintrack"), str):
        raise BadManifest(path, "it is not one of plaintrack")
    if version > shape.VERSION:
        raise NewerShape(path, version)
    if version < shape.VERSION:
        raise OlderShape(path, version)
    try:
        return _manifest_of(path, found), found
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadManifest(path, "a part of it is missing, or of another kind") from error


def _manifest_of(path: str, found: Mapping[str, Any]) -> Manifest:
    repository, line = found["repository"], found["line"]
    told = found["files"]
    if len(told) > MOST_FILES:
        raise TooMuchPublished(path, f"{len(told):,} files", MOST_FILES)
    for name in told:
        if not _FILE.fullmatch(name):
            raise StrayName(path, name)
    _must("items.parquet" in told)
    return Manifest(
        plaintrack=_text(found["plaintrack"]),
        schema=found["schema"],
        name=_fitting(NAME, repository["name"]),
        roots=tuple(_fitting(_HASH, each) for each in _list(repository["roots"])),
        tip=_fitting(_HASH, found["tip"]),
        tip_time=_moment(found["tip_time"]),
        day=_fitting(re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), found["day"]),
        private=_flag(found["private"]),
        settings=_mapping(found["settings"]),
        workflows=tuple(_workflow(each) for each in _list(found["workflows"])),
        first=_moment(line["first"]),
        last=_moment(line["last"]),
        commits=_count(line["commits"]),
        people=_texts(found["people"]),
        equipment=_texts(found["equipment"]),
        said={key: _pair(each) for key, each in _mapping(found["said"]).items()},
        files={name: _told(path, name, told[name]) for name in sorted(told)},
    )


def _told(path: str, name: str, found: Mapping[str, Any]) -> Told:
    rows, size = _count(found["rows"]), _count(found["bytes"])
    where = os.path.join(os.path.dirname(path), name)
    if rows > MOST_ROWS:
        raise TooMuchPublished(where, f"{rows:,} rows", MOST_ROWS)
    if size > LARGEST_FILE:
        raise TooMuchPublished(where, f"{size:,} bytes", LARGEST_FILE)
    return Told(rows, size, _fitting(_SHA256, found["sha256"]))


def _workflow(each: Any) -> tuple[int, int, Mapping[str, str]]:
    position, time, statuses = each
    return _count(position), _moment(time), _texts(statuses)


def _pair(each: Any) -> tuple[str, str]:
    one, other = each
    return _text(one), _text(other)


def _must(holds: bool) -> None:
    if not holds:
        raise ValueError


def _text(value: Any) -> str:
    _must(isinstance(value, str))
    return str(value)


def _count(value: Any) -> int:
    _must(type(value) is int and 0 <= value < 1 << 50)
    return int(value)


def _moment(value: Any) -> int:
    _must(type(value) is int and abs(value) < sound.LAST_SECOND)
    return int(value)


def _flag(value: Any) -> bool:
    _must(isinstance(value, bool))
    return bool(value)


def _fitting(pattern: re.Pattern[str], value: Any) -> str:
    text = _text(value)
    _must(pattern.fullmatch(text) is not None)
    return text


def _list(value: Any) -> list[Any]:
    _must(isinstance(value, list))
    return list(value)


def _mapping(value: Any) -> dict[str, Any]:
    _must(isinstance(value, dict))
    return dict(value)


def _texts(value: Any) -> dict[str, str]:
    return {key: _text(each) for key, each in _mapping(value).items()}
