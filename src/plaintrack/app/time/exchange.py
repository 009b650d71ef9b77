"""Time records in bulk: taken over from other programs, and packed into fewer files."""

import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from plaintrack.app.snapshot import find, timelog
from plaintrack.app.snapshot.timesheets import named, period, sheets, standing
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.time import records
from plaintrack.app.time.clock import Clock, whose
from plaintrack.app.write.verb import Verb, verb
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.count import plural
from plaintrack.model.done import Done
from plaintrack.model.ids import AmbiguousId, UnknownId
from plaintrack.model.task import fold
from plaintrack.store import files
from plaintrack.timeclock.entry import Entry, plain, read, text
from plaintrack.timeclock.hours import clock

PACKED = f"packed{timelog.SUFFIX}"
_INTERVAL = re.compile(
    r"inc (\d{8}T\d{6})Z(?: - (\d{8}T\d{6})Z)?(?: # ((?:(?! # ).)*))?(?: # (.*))?", re.ASCII
)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


class NotTimeclock(PlaintrackError):
    """A file of another program that cannot be read as it should."""

    slug = "not-timeclock"

    def __init__(self, path: str, line: int, message: str, hint: str) -> None:
        super().__init__(f"{path}:{line}: {message}; nothing was imported", hint)


def take(workspace: Workspace, paths: Sequence[str], person: str = "", dry: bool = False) -> Done:
    """Put in the entries of files of other programs that are not there yet. Raises NotTimeclock
    before anything is written, and OSError.
    """
    who = whose(workspace, person)
    known = {each.normal for each in timelog.log(workspace, persons=[who]).entries}
    found = [each for path in paths for each in _taken(workspace, who, path)]
    new = list({each.normal: each for each in found if each.normal not in known}.values())
    with verb(workspace, f"time import {' '.join(paths)}", dry) as work:
        written = records.append(work, sorted(new, key=lambda each: each.start))
        total = sum(each.seconds for each in new)
        there = len(found) - len(new)
        passed = f"; {there} were there already" if there else ""
        said = f"{plural(len(new), 'entry', 'entries')} imported, {clock(total)}{passed}"
        work.item(who, written[-1] if written else "", (), (said,))
    return work.done()


def _taken(workspace: Workspace, person: str, path: str) -> Iterator[Entry]:
    """The entries of a file, their items called as here where they are known."""
    data = files.read_whole(os.path.abspath(path))
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotTimeclock(path, line, "this is not UTF-8", "save the file as UTF-8") from error
    if decoded.lstrip().startswith("inc "):
        yield from _intervals(workspace, person, path, decoded)
        return
    mine = Clock(workspace, person)
    found = read(person, path, decoded, mine.ahead)
    for fault in found.faults:
        raise NotTimeclock(path, fault.line, fault.message, fault.hint)
    for entry in found.entries:
        if entry.end is not None:
            yield entry._replace(item=_item(workspace, entry.item), path="", line=0, last=0)


def _item(workspace: Workspace, account: str) -> str:
    """The item that an account means: itself or its last part; the account, if it is none."""
    for word in (account, account.rpartition(":")[2]):
        try:
            return find.resolve(workspace, word) if word else account
        except (UnknownId, AmbiguousId, find.BrokenItem):
            continue
    return account


def _intervals(workspace: Workspace, person: str, path: str, decoded: str) -> Iterator[Entry]:
    """The entries of Timewarrior's lines, ``inc 20261127T080000Z - 20261127T093000Z # tags``: the
    first tag that is an item's id names it, the others stay tags.
    """
    mine = Clock(workspace, person)
    for number, line in enumerate(decoded.splitlines(), 1):
        if not line.strip():
            continue
        found = _INTERVAL.fullmatch(line.strip())
        if found is None:
            hint = "Timewarrior writes `inc 20261127T080000Z - 20261127T093000Z # tags`"
            raise NotTimeclock(path, number, "this is not an interval of Timewarrior", hint)
        if not found[2]:
            continue  # it runs
        start, end = (
            int(datetime.strptime(each, "%Y%m%dT%H%M%S").replace(tzinfo=UTC).timestamp())
            for each in (found[1], found[2])
        )
        words = [one.replace('\\"', '"') or two for one, two in _WORD.findall(found[3] or "")]
        items = [each for each in words if _is_item(workspace, each)]
        item = _item(workspace, items[0]) if items else (words[0] if words else "")
        tags = tuple(re.sub(r"[\s,;:]+", "-", each) for each in words if each not in (item, *items))
        note = plain((found[4] or "").strip('"'))
        offsets = mine.offset(start), mine.offset(end)
        yield Entry(person, start, end, item, note, tags, "", *offsets)


def _is_item(workspace: Workspace, word: str) -> bool:
    from plaintrack.app.snapshot.answers import is_item

    return is_item(workspace, word)


def pack(workspace: Workspace, before: str = "", person: str = "", dry: bool = False) -> Done:
    """Put the files of each month that is over, and whose every entry is in an approved timesheet,
    into one; files that say more than entries stay. Raises NotAPeriod.
    """
    today = workspace.today
    end = period(before, today).first if before else today.replace(day=1)
    who = whose(workspace, person) if person else ""
    log = timelog.log(workspace, persons=[who] if who else ())
    with verb(workspace, "time pack", dry) as work:
        kept = records.committed(work, workspace.settings.rooms.get("time", "."))
        approved: dict[str, set[date]] = {}
        for folder, entries in sorted(_months(log.entries).items()):
            month = folder.rpartition("/")[2]
            if f"{month}-01" >= end.isoformat():
                continue
            person = entries[0].person
            if person not in approved:
                approved[person] = _approved(workspace, person, log)
            why = _unapproved(workspace, entries, approved[person])
            if why:
                work.notes.append(f"{folder}: {why}")
            else:
                _pack(work, folder, entries, kept)
        if not work.items and not work.notes:
            work.notes.append("there is nothing to pack")
        if work.items and not dry:
            work.notes.append(
                f"commit it by itself: {command('commit', '-m', 'pack time records')}"
            )
    return work.done()


def _months(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Folder of a month → its entries, where there is more than one file."""
    found: dict[str, list[Entry]] = {}
    for each in entries:
        folder = each.path.rpartition("/")[0]
        if re.fullmatch(r"\d{4}-\d\d", folder.rpartition("/")[2], re.ASCII):
            found.setdefault(folder, []).append(each)
    return {folder: some for folder, some in found.items() if len({each.path for each in some}) > 1}


def _approved(workspace: Workspace, person: str, log: timelog.Log) -> set[date]:
    """The days of a person whose entries are in an approved timesheet that still holds."""
    mine = [each for each in log.entries if each.person == person]
    covered: set[date] = set()
    for sheet in sheets(workspace, person).sheets:
        span = named(sheet.period)
        if span and sheet.approved and not standing(workspace, sheet, mine).changed:
            covered.update(span.days())
            covered.update(each.day for each in sheet.days)
    return covered


def _unapproved(workspace: Workspace, entries: Sequence[Entry], approved: set[date]) -> str:
    """Why a month cannot be packed; empty if it can."""
    if any(each.end is None for each in entries):
        return "an entry has no end"
    days = timelog.days(workspace)
    open_ = sorted({piece.day for piece in days.pieces(entries)} - approved)
    return f"entries of {open_[0]} are not approved" if open_ else ""


def _pack(work: Verb, folder: str, entries: Sequence[Entry], kept: frozenset[str]) -> None:
    """Put the files of a month into one, of those in the commit (``kept``); those that say more
    than entries stay.
    """
    paths = sorted({each.path for each in entries})
    plain_ = [path for path in paths if path in kept and _only_entries(work, path, entries)]
    if len(plain_) < 2:
        return
    target = f"{folder}/{PACKED}"
    mine = sorted((each for each in entries if each.path in plain_), key=lambda each: each.start)
    whole = "".join(map(text, mine)).encode()
    if target in plain_:
        work.writer.rewrite(target, records.bytes_of(work, target), whole)
    else:
        work.writer.create(target, whole)
    for path in plain_:
        if path != target:
            work.writer.delete(path)
    said = f"{plural(len(plain_), 'file')} packed into one"
    work.item(fold(entries[0].person), target, (), (f"{said}  ({target})",))


def _only_entries(work: Verb, path: str, entries: Sequence[Entry]) -> bool:
    """Whether a file holds nothing that its entries, written anew, would not say."""
    mine = sorted((each for each in entries if each.path == path), key=lambda each: each.line)
    lines = [line for each in mine for line in text(each).splitlines() if line]
    there = records.bytes_of(work, path).decode("utf-8-sig").splitlines()
    return [line.rstrip() for line in there if line.strip()] == lines
