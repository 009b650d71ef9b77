"""One time record, and the hledger timeclock text that holds it."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

_EPOCH = date(1970, 1, 1).toordinal()
_LINE = re.compile(
    r"([iIoO])[ \t]+(\d{4})[-/.](\d\d?)[-/.](\d\d?)[ \tT]+(\d\d?):(\d\d)(?::(\d\d))?"
    r"(?:[ \t]*(Z|[+-]\d\d:?\d\d)(?![^ \t]))?(?:[ \t]+(.*))?",
    re.ASCII,
)
_PASSED_OVER = re.compile(r"\s*(?:[;#*]|[bhBH][ \t]|$)")
_NOTE = re.compile(r"[ \t]{2,}|\t")
_TAG = re.compile(r"(?:^|[\s,;])([^\s,;:]+):(?:[ \t]*([^,;]*))?")
COUNTED = "counted"
"""The tag of an entry that another period counts: ``counted: 2026-W49``."""


class Entry(NamedTuple):
    """Time that one person spent on one item.

    ``start`` and ``end`` are seconds since 1970 (UTC); ``end`` is None while it runs. ``offset``
    and ``end_offset`` are what the clock was ahead of UTC then, in seconds. ``item`` is the id as
    it was written, or what another program has in its place. ``counted`` names the period that
    counts it, if that is not its own. ``line`` (from 1) is that of ``i`` in the file ``path``,
    ``last`` that of ``o``.
    """

    person: str
    start: int
    end: int | None
    item: str
    note: str = ""
    tags: tuple[str, ...] = ()
    counted: str = ""
    offset: int = 0
    end_offset: int = 0
    path: str = ""
    line: int = 0
    last: int = 0

    @property
    def seconds(self) -> int:
        """How long it is; 0 while it runs."""
        return 0 if self.end is None else self.end - self.start

    @property
    def day(self) -> date:
        """The day on which it began, by its own clock."""
        return date.fromordinal(_EPOCH + (self.start + self.offset) // 86_400)

    @property
    def normal(self) -> str:
        """All that it says, in one line that does not depend on where and how it stands there."""
        end = "" if self.end is None else str(self.end)
        tags = ",".join(sorted(self.tags))
        return "\t".join((str(self.start), end, self.item, self.note, tags, self.counted))

    @property
    def key(self) -> str:
        """What it is called on the command line: the beginning of a hash of what it says."""
        from hashlib import sha256

        return sha256(f"{self.person}\t{self.normal}".encode()).hexdigest()[:10]


class Fault(NamedTuple):
    """What is wrong in a file of time records: the line (from 1), what to say, what to do."""

    path: str
    line: int
    message: str
    hint: str
    excerpt: str = ""


class Records(NamedTuple):
    """What a file holds."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]


Offset = Callable[[datetime], int]
"""What the clock is ahead of UTC, in seconds, at a time of day that has no offset of its own."""


def utc(_local: datetime) -> int:
    """No offset."""
    return 0


def offset_in(zone: tzinfo | None) -> Offset:
    """The offsets of a time zone; None: of the machine's. Of a time that is there twice, the first
    is meant.
    """

    def offset(local: datetime) -> int:
        placed = local.astimezone() if zone is None else local.replace(tzinfo=zone)
        found = placed.utcoffset()
        return 0 if found is None else int(found.total_seconds())

    return offset


@lru_cache(4096)
def _seconds(year: str, month: str, day: str) -> int:
    """When a day begins, in seconds since 1970, as if it were in UTC."""
    return (date(int(year), int(month), int(day)).toordinal() - _EPOCH) * 86_400


@lru_cache(64)
def _ahead(text: str) -> int:
    """The seconds that an offset such as ``+0100`` means."""
    if text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError(text)
    found = hours * 3600 + minutes * 60
    return -found if text[0] == "-" else found


def read(person: str, path: str, text: str, offset: Offset = utc) -> Records:
    """The time records in a text of timeclock, whoever made it: hledger, ledger, Emacs, a hand.

    An ``o`` ends the ``i`` before it. Lines of comments and of hours required (``b``, ``h``) say
    nothing here.
    """
    return Records(*_Reader(person, path, offset).read(text))


class _Reader:
    """One reading of one file."""

    def __init__(self, person: str, path: str, offset: Offset) -> None:
        self.person, self.path, self.offset = person, path, offset
        self.entries: list[Entry] = []
        self.faults: list[Fault] = []

    def fault(self, number: int, message: str, hint: str, excerpt: str) -> None:
        self.faults.append(Fault(self.path, number, message, hint, excerpt.rstrip()[:200]))

    def read(self, text: str) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
        begun: Entry | None = None
        line = ""
        for number, line in enumerate(text.split("\n"), 1):
            found = _LINE.fullmatch(line.rstrip("\r \t"))
            if found is None:
                if _PASSED_OVER.match(line) is None:
                    hint = "write `i 2026-11-27 09:00:00+0100 ID  note`, and `o` with its end"
                    self.fault(number, "this line is not a time record", hint, line)
                continue
            try:
                moment, ahead = self._moment(found)
            except ValueError:
                self.fault(number, "there is no such day or time", "correct it", line)
                begun = None if found[1] in "oO" else begun
                continue
            if found[1] in "iI":
                if begun is not None:
                    self._open(begun)
                begun = self._begun(moment, ahead, found[9] or "", number)
            elif begun is None:
                self.fault(number, "it ends nothing", "put the line of its `i` before it", line)
            else:
                self._ended(begun, moment, ahead, found[9] or "", number, line)
                begun = None
        if begun is not None:
            self._open(begun)
        return tuple(self.entries), tuple(self.faults)

    def _moment(self, found: re.Match[str]) -> tuple[int, int]:
        _, year, month, day, hour, minute, second, ahead, _ = found.groups()
        if int(hour) > 24 or int(minute) > 59 or int(second or 0) > 59:
            raise ValueError(found[0])
        at = int(hour) * 3600 + int(minute) * 60 + int(second or 0)
        local = _seconds(year, month, day) + at
        if ahead:
            offset = _ahead(ahead)
        else:
            offset = self.offset(datetime(1970, 1, 1) + timedelta(seconds=local))
        return local - offset, offset

    def _begun(self, moment: int, ahead: int, rest: str, number: int) -> Entry:
        item, note, tags, counted = _described(rest)
        return Entry(
            self.person, moment, None, item, note, tags, counted, ahead, ahead, self.path, number
        )

    def _ended(
        self, begun: Entry, moment: int, ahead: int, rest: str, number: int, line: str
    ) -> None:
        if moment < begun.start:
            self.fault(number, "it ends before it begins", "correct one of the two times", line)
            return
        note = begun.note or rest.strip()  # Emacs writes the reason where the work ends
        self.entries.append(begun._replace(end=moment, end_offset=ahead, note=note, last=number))

    def _open(self, begun: Entry) -> None:
        self.entries.append(begun._replace(last=begun.line))


_DAY_LINE = re.compile(
    r"(\d{4}-\d\d-\d\d)\s+([\d.]+(?:min|[mhd])[\d.mhdin]*)(?:\s+(.*))?", re.ASCII
)
_SPAN_LINE = re.compile(r"(\d{4}-\S+)/(\d{4}-\S+)(?:\s+(.*))?", re.ASCII)


def of_line(
    line: str,
    item: str,
    path: str,
    assignees: Sequence[str],
    start: Callable[[date], int],
    day: int,
) -> Entry | None:
    """The entry in a line of the old field `time`: a day and a duration, or a span, then perhaps a
    person and, behind two blanks, a note. A day begins at ``start`` and has ``day`` working
    minutes; None if it is something else.
    """
    from plaintrack.when.durations import BadDuration, minutes

    try:
        if found := _DAY_LINE.fullmatch(line.strip()):
            begin = start(date.fromisoformat(found[1]))
            end = begin + round(minutes(found[2], day) * 60)
        elif found := _SPAN_LINE.fullmatch(line.strip()):
            one, two = (datetime.fromisoformat(each) for each in (found[1], found[2]))
            if one.tzinfo is None or two.tzinfo is None:
                return None
            begin, end = int(one.timestamp()), int(two.timestamp())
        else:
            return None
    except (ValueError, BadDuration):
        return None
    parts = _NOTE.split(found[3] or "", maxsplit=1)
    person = parts[0].removeprefix("@") or (assignees[0] if assignees else "")
    note = parts[1] if len(parts) > 1 else ""
    return Entry(person, begin, end, item, note, path=path) if end > begin else None


def _described(rest: str) -> tuple[str, str, tuple[str, ...], str]:
    """Item, note, tags and the period that counts it, from what stands behind the time."""
    if not rest:
        return "", "", (), ""
    text, semicolon, comment = rest.partition(";")
    parts = _NOTE.split(text.strip(), maxsplit=1)
    note = " ".join(parts[1].split()) if len(parts) > 1 else ""
    tags, counted = [], ""
    if semicolon:
        for name, value in _TAG.findall(comment):
            if name == COUNTED and value.strip():
                counted = value.strip()
            else:
                tags.append(name)
    return parts[0], note, tuple(dict.fromkeys(tags)), counted


def stamp(moment: int, offset: int) -> str:
    """A moment as timeclock writes it: ``2026-11-27 09:00:00+0100``."""
    local = datetime.fromtimestamp(moment, timezone(timedelta(seconds=offset)))
    return local.strftime("%Y-%m-%d %H:%M:%S%z")[:24]


def text(entry: Entry) -> str:
    """The lines of an entry, and the blank one behind it that keeps git's merges apart."""
    head = f"i {stamp(entry.start, entry.offset)} {entry.item}".rstrip()
    if entry.note:
        head += f"  {entry.note}"
    tags = [f"{each}:" for each in entry.tags]
    if entry.counted:
        tags.append(f"{COUNTED}: {entry.counted}")
    if tags:
        head += f"  ; {', '.join(tags)}"
    end = "" if entry.end is None else f"o {stamp(entry.end, entry.end_offset)}\n"
    return f"{head}\n{end}\n"


def plain(note: str) -> str:
    """A note as one line that timeclock can hold: no line breaks or control characters, a comma
    for a semicolon.
    """
    kept = "".join(each if each.isprintable() else " " for each in note)
    return " ".join(kept.replace(";", ",").split())


def without(lines: Sequence[str], entry: Entry) -> list[str]:
    """The lines of a file, each with its end, without those of an entry; the blank one behind it
    stays, so that neighbours can change at the same time on another branch.
    """
    gone = {entry.line, entry.last}
    return [each for number, each in enumerate(lines, 1) if number not in gone]


def replaced(lines: Sequence[str], entry: Entry, new: Entry) -> list[str]:
    """The lines of a file, each with its end, with those of an entry as ``new`` has them."""
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    made = [f"{each}{newline}" for each in text(new).splitlines() if each]
    found = []
    for number, each in enumerate(lines, 1):
        if number == entry.line:
            found.append(made[0])
            if entry.last == entry.line:
                found += made[1:]
        elif number == entry.last:
            found += made[1:]
        else:
            found.append(each)
    return found


def overlaps(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Each entry of one person that begins before another one has ended, with that one."""
    latest: Entry | None = None
    for each in sorted(entries, key=lambda entry: (entry.start, entry.end or 0, entry.item)):
        if each.end is None:
            continue
        if latest is not None and latest.end is not None and each.start < latest.end:
            yield latest, each
        if latest is None or latest.end is None or each.end > latest.end:
            latest = each


def free(start: int, end: int, taken: Sequence[Entry]) -> list[tuple[int, int]]:
    """The parts of a span that no entry takes."""
    found = []
    at = start
    for each in sorted(taken, key=lambda entry: entry.start):
        if each.end is None or each.end <= at:
            continue
        if each.start >= end:
            break
        if each.start > at:
            found.append((at, each.start))
        at = max(at, each.end)
    if at < end:
        found.append((at, end))
    return found
