"""A file of another program, opened as often as it is needed, and what can be wrong with it."""

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from plaintrack.errors import PlaintrackError

LONGEST = 4_000_000
"""Characters of one line or cell."""
MOST = 64_000_000
"""Characters of one line of a table."""
IN_PIECES = 8_000_000
"""Bytes of JSON from which on it is read piece by piece, if that is installed."""
AT_ONCE = 64_000_000
"""Bytes of JSON that are read at once, at most."""

DEEPEST = 500
"""Levels of nested JSON that no export has."""
LARGEST = 256_000_000
"""Bytes of JSON of a format that cannot be streamed."""


class BadSource(PlaintrackError):
    """A file of another program cannot be read as it should."""

    slug = "bad-source"

    def __init__(
        self, name: str, message: str, hint: str = "", line: int = 0, column: int = 0
    ) -> None:
        place = f"{name}:{line}:{column}" if column else f"{name}:{line}" if line else name
        super().__init__(f"{place}: {message}; nothing was imported", hint)


class StreamMissing(PlaintrackError):
    """What reads long JSON piece by piece is not installed."""

    slug = "stream-missing"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} has over {AT_ONCE // 1_000_000} MB; to read it piece by piece takes the extra"
            " `import`",
            "run `pip install 'plaintrack[import]'`",
        )


class Source(NamedTuple):
    """One input. ``open`` opens it anew; ``name`` is how messages call it, ``size`` its bytes.

    ``zone`` is the workspace's time zone, for moments without an offset; None: the machine's.
    ``notes`` collects what the user should know. ``columns`` is the Mapping's reading of columns,
    for formats that have none of their own. ``parts`` are the files, if it is a folder of them.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int
    zone: tzinfo | None
    notes: list[str]
    columns: Mapping[str, str] = {}
    parts: tuple["Source", ...] = ()

    def note(self, text: str) -> None:
        """Tell something, once."""
        if text not in self.notes:
            self.notes.append(text)

    def local(self, moment: datetime) -> datetime:
        """A moment in the workspace's zone; one without an offset is meant there."""
        if moment.tzinfo is None:
            return moment.replace(tzinfo=self.zone) if self.zone else moment.astimezone()
        return moment.astimezone(self.zone)

    def moment(self, moment: datetime) -> str:
        """A moment as plaintrack writes it."""
        return self.local(moment).replace(microsecond=0).isoformat()

    def day(self, moment: datetime) -> str:
        """The day of a moment, in the workspace's zone."""
        return self.local(moment).date().isoformat()


def lines(source: Source) -> Iterator[tuple[int, str]]:
    """The lines of a text, numbered from 1, without their ends. Raises BadSource."""
    for number, line in enumerate(_text(source), 1):
        if len(line) > LONGEST:
            raise BadSource(source.name, "the line is too long", "is this the right file?", number)
        yield number, line.rstrip("\r\n")


def rows(source: Source, delimiter: str = "") -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file, numbered by their first lines. The delimiter is found in the
    first line that has one. Raises BadSource.
    """
    csv.field_size_limit(LONGEST)
    if not delimiter:
        delimiter = _delimiter(source)
    reader = csv.reader(_whole(source), delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            from plaintrack.exchange.places import in_record

            hint = "export it again as CSV, in UTF-8"
            message = f"this is not CSV: {str(error).rstrip('.')}"
            place = in_record(_text(source, newline=""), number, delimiter)
            raise BadSource(source.name, message, hint, *place) from error
        yield number, row
        number = reader.line_num + 1


def surplus(source: Source, line: int, columns: int) -> tuple[int, int]:
    """Where a record that begins in a line has a value more than there are columns."""
    from plaintrack.exchange.places import in_record

    return in_record(_text(source, newline=""), line, _delimiter(source), columns)


def _whole(source: Source) -> Iterator[str]:
    """The lines as they stand, long ones too: a cell may have ``LONGEST`` characters, a line of
    many cells ``MOST``. Raises BadSource.
    """
    text = _text(source, newline="")
    for number, line in enumerate(text, 1):
        if len(line) > LONGEST and line[-1] not in "\r\n":
            line = _joined(source, number, line, text)
        yield line


def _joined(source: Source, number: int, begin: str, text: Iterator[str]) -> str:
    """A line of which the first piece was read."""
    pieces, size = [begin], len(begin)
    while pieces[-1][-1] not in "\r\n" and (more := next(text, "")):
        pieces.append(more)
        size += len(more)
        if size > MOST:
            raise BadSource(source.name, "the line is too long", "is this the right file?", number)
    return "".join(pieces)


def _delimiter(source: Source) -> str:
    for _, line in lines(source):
        counts = {each: line.count(each) for each in ",;\t"}
        if any(counts.values()):
            return max(counts, key=lambda each: counts[each])
    return ","


def objects(source: Source, *under: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON list; of an object, those of its first list among the keys ``under``.
    A sequence of objects, a line each, is read as well. Raises BadSource, StreamMissing.
    """
    apart = source.size > IN_PIECES and (_streams() or source.size > AT_ONCE)
    found = _streamed(source, under) if apart else _listed(source, parsed(source), under)
    for number, each in enumerate(found, 1):
        if not isinstance(each, dict):
            message = f"record {number} is not an object"
            raise BadSource(source.name, message, "is this the right format?")
        yield each


def _streams() -> bool:
    """Whether the extra that reads JSON piece by piece is installed."""
    from importlib.util import find_spec

    return find_spec("ijson") is not None


def _listed(source: Source, whole: Any, under: tuple[str, ...]) -> Iterable[Any]:
    if isinstance(whole, dict):
        found = next((whole[key] for key in under if isinstance(whole.get(key), list)), None)
        return [whole] if found is None else found
    if isinstance(whole, list):
        return whole
    raise BadSource(source.name, "this holds no list of items", "is this the right format?")


def parsed(source: Source, kept: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """A JSON text as values, a list of them if it is a sequence; ``kept`` is what is kept of an
    object. Raises BadSource.
    """
    if source.size > LARGEST:
        message = f"this has over {LARGEST // 1_000_000} MB"
        raise BadSource(source.name, message, "export it in parts")
    text = "".join(_text(source))
    try:
        return json.loads(text, object_hook=kept)
    except RecursionError as error:
        message = "this is nested too deeply"
        raise BadSource(source.name, message, "is this an export?", *_deep(text)) from error
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return list(_sequence(source, text.split("\n")))
        raise _not_json(source, error.msg, error.lineno, error.colno) from error
    except ValueError as error:  # a number of more digits than Python reads
        raise BadSource(source.name, f"this cannot be read: {error}") from error


def _deep(text: str) -> tuple[int, int]:
    """The line and column (from 1) from which on a JSON text is nested too deeply."""
    depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > DEEPEST:
            before = text[: found.start()]
            return before.count("\n") + 1, len(before) - before.rfind("\n")
    return 0, 0


def _not_json(source: Source, message: str, line: int, column: int) -> BadSource:
    return BadSource(source.name, f"this is not JSON: {message}", "export it again", line, column)


def _sequence(source: Source, lines: Iterable[str]) -> Iterator[Any]:
    """The values of JSON Lines. Raises BadSource."""
    for number, line in enumerate(lines, 1):
        text = line.strip(" \t\r\n,")
        if not text:
            continue
        try:
            yield json.loads(text)
        except RecursionError as error:
            message = "this is nested too deeply"
            raise BadSource(source.name, message, "is this an export?", number) from error
        except ValueError as error:
            said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            column = error.colno if isinstance(error, json.JSONDecodeError) else 1
            column += len(line) - len(line.lstrip(" \t\r\n,"))
            raise _not_json(source, said, number, column) from error


def _lined(source: Source) -> bool:
    """Whether a file is JSON Lines, as its first line tells."""
    some = list(islice((line for line in _text(source) if line.strip()), 2))
    try:
        return len(some) == 2 and isinstance(json.loads(some[0].strip(" \t\r\n,")), dict)
    except (ValueError, RecursionError):
        return False


def _streamed(source: Source, under: tuple[str, ...]) -> Iterator[Any]:
    """The same without the whole in memory: JSON Lines line by line, else by ijson."""
    if _lined(source):
        yield from _sequence(source, _text(source))
        return
    try:
        import ijson
    except ImportError as error:
        raise StreamMissing(source.name) from error
    with source.open() as stream:
        first = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    prefixes = ["item"] if first == b"[" else [f"{key}.item" for key in under] or [""]
    for prefix in prefixes:
        with source.open() as stream:
            count = 0
            try:
                for each in ijson.items(
                    _marked(stream), prefix, use_float=True, multiple_values=not prefix
                ):
                    count += 1
                    yield each
            except (ijson.JSONError, ValueError, RecursionError) as error:
                from plaintrack.exchange.places import in_json

                why = str(error).partition("\n")[0].rstrip(".")
                message = f"this is not JSON behind record {count}: {why}"
                with source.open() as again:
                    place = in_json(again, not prefix)
                raise BadSource(source.name, message, "export it again", *place) from error
            if count:
                return


def _marked(stream: BinaryIO) -> BinaryIO:
    """A stream behind its byte order mark."""
    if stream.read(3) != codecs.BOM_UTF8:
        stream.seek(0)
    return stream


def _text(source: Source, newline: str | None = None) -> Iterator[str]:
    """The lines of a file in UTF-8 or UTF-16, with their ends. Raises BadSource."""
    with source.open() as stream:
        mark = stream.read(2)
        stream.seek(0)
        wide = mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        text = io.TextIOWrapper(stream, "utf-16" if wide else "utf-8-sig", newline=newline)
        try:
            while line := text.readline(LONGEST + 1):
                yield line
        except UnicodeDecodeError as error:
            from plaintrack.exchange.places import undecodable

            with source.open() as again:
                place = undecodable(again, "utf-16" if wide else "utf-8-sig")
            message = "this is not UTF-16" if wide else "this is not UTF-8"
            raise BadSource(source.name, message, "save or export it as UTF-8", *place) from error


def of_bytes(data: bytes, name: str, zone: tzinfo | None) -> Source:
    """Bytes as a Source."""
    return Source(name, lambda: io.BytesIO(data), len(data), zone, [])


def iso(text: str) -> datetime | None:
    """A moment in ISO 8601, with or without an offset; None if it is not one."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def iso_day(text: str) -> str:
    """The day that a text in ISO 8601 begins with; empty if it begins with none."""
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        return ""


def epoch(seconds: float) -> datetime | None:
    """The moment so many seconds after 1970; None if there is no such moment."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
