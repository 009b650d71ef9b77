"""The time records of a snapshot: read only by the questions that are about them."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.model.task import fold
from plaintrack.store import timers
from plaintrack.timeclock.entry import Entry, Fault, Offset, of_line, offset_in, read
from plaintrack.timeclock.hours import Days
from plaintrack.when.moments import zone

SUFFIX = ".timeclock"
SLACK = timedelta(days=2)
"""How far the day in the name of a file may lie from the days of what it holds: an entry may be a
day long, and offsets are up to 14 hours.
"""
FEW = 30
"""Files that name none of the items are not parsed where at most this number of items is asked
about: to look for more names takes as long.
"""
HANDLE = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")
"""What a person without a file may be called."""
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=-)", re.ASCII)


class UnknownPerson(PlaintrackError):
    """No such person."""

    slug = "unknown-person"
    exit_code = 1


class Log(NamedTuple):
    """Entries in the order of their start, and what is wrong in their files."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[Fault, ...] = ()


def log(
    snapshot: Snapshot,
    first: date | None = None,
    last: date | None = None,
    persons: Iterable[str] = (),
    about: re.Pattern[str] | None = None,
) -> Log:
    """The time records of these people (none named: of all), where days are given those that may
    touch them, where something is asked about those of files that say it; whose ``person`` is the
    handle of now, also where the folder has a former one.
    """
    if snapshot.kept is not None:
        return Log(tuple(_within(snapshot, snapshot.kept, first, last, persons)))
    room = snapshot.settings.rooms.get("time")
    if not room:
        return Log()
    handles = _handles(snapshot)
    chosen = {fold(each) for each in persons}
    offsets: dict[str, Offset] = {}
    entries: list[Entry] = []
    faults: list[Fault] = []

    def wanted(path: str) -> bool:
        parts = path[len(room) + 1 :].rstrip("/").split("/")
        if chosen and fold(handles(parts[0])) not in chosen:
            return False
        if path.endswith("/"):
            return len(parts) != 2 or _month(parts[1], first, last)
        return path.endswith(SUFFIX) and _day(parts[-1], first, last)

    for path, data in snapshot.contents(room, wanted):
        person = handles(path[len(room) + 1 :].split("/", 1)[0])
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            faults.append(Fault(path, line, "this is not UTF-8", "save the file as UTF-8"))
            continue
        if about is not None and not about.search(text):
            continue
        if person not in offsets:
            offsets[person] = _offset(snapshot, person)
        found = read(person, path, text, offsets[person])
        entries += found.entries
        faults += found.faults
    entries.sort(key=_order)
    return Log(tuple(entries), tuple(faults))


def _within(
    snapshot: Snapshot,
    entries: Iterable[Entry],
    first: date | None,
    last: date | None,
    persons: Iterable[str],
) -> Iterator[Entry]:
    """Those entries that are of these people (none named: of all), and that touch these days."""
    chosen, own = {fold(each) for each in persons}, days(snapshot)
    low = own.start(first) if first else None
    high = own.end(last) if last else None
    for entry in entries:
        early = low is not None and (entry.end or entry.start) <= low
        late = high is not None and entry.start >= high
        if not (early or late or (chosen and fold(entry.person) not in chosen)):
            yield entry


def everything(snapshot: Snapshot, ids: Collection[str] | None = None) -> tuple[Entry, ...]:
    """All entries, those in the old field `time` of items too; where ids are given, at least those
    of these items.
    """
    about = None if ids is None or len(ids) > FEW else _about(snapshot, ids)
    return tuple(sorted((*log(snapshot, about=about).entries, *old(snapshot)), key=_order))


def _about(snapshot: Snapshot, ids: Collection[str]) -> re.Pattern[str]:
    """Finds the ids and former ids of these items."""
    from plaintrack.store.index import checking

    folded = {fold(each) for each in ids}
    former = checking.former(snapshot.index.connection)
    names = [*ids, *(each for each, item in former if fold(item) in folded)]
    return re.compile("|".join(map(re.escape, names)), re.IGNORECASE)


def old(snapshot: Snapshot) -> list[Entry]:
    """The entries in the field `time` of items, which is no longer written: lines such as
    ``2026-11-27 2h30m ana  note`` or ``2026-11-27T09:00+01:00/2026-11-27T10:30+01:00 ana``, whose
    person is else the first assignee. A line that is neither is passed over.
    """
    from plaintrack.store.index import checking

    field = snapshot.schema.fields["time"]
    if snapshot.kept is not None or field.key or field.kind != "text":
        return []
    found = []
    for path, item, lines, assignees in checking.timed(snapshot.index.connection):
        for line in lines:
            entry = of_line(line, item, path, assignees, days(snapshot).start, snapshot.schema.day)
            if entry is not None:
                found.append(entry)
    return found


def _order(entry: Entry) -> tuple[int, str, str]:
    return entry.start, entry.person, entry.item


def _month(name: str, first: date | None, last: date | None) -> bool:
    """Whether the folder of a month may hold what touches these days; any other folder may."""
    if _MONTH.fullmatch(name) is None:
        return True
    low = (first - SLACK).isoformat()[:7] if first else ""
    high = (last + SLACK).isoformat()[:7] if last else "~"
    return low <= name <= high


def _day(name: str, first: date | None, last: date | None) -> bool:
    """Whether a file that is named after a day may hold what touches these days; any other may."""
    found = _DAY.match(name)
    if found is None:
        return True
    low = (first - SLACK).isoformat() if first else ""
    high = (last + SLACK).isoformat() if last else "~"
    return low <= found[0] <= high


def _handles(snapshot: Snapshot) -> Callable[[str], str]:
    """The name of a folder → the handle of the person, by the names people had before, too."""
    if "people" not in snapshot.settings.rooms and not snapshot.settings.people:
        return lambda name: name
    known = {}
    for key, each in snapshot.staff.people.items():
        known[key] = each.handle
    for each in snapshot.staff.people.values():
        for former in each.formerly:
            known.setdefault(fold(former), each.handle)
    return lambda name: known.get(fold(name), name)


def handle(snapshot: Snapshot, name: str) -> str:
    """The handle that a person goes by now, whom a name or former name means; else the name."""
    return _handles(snapshot)(name)


def running(snapshot: Snapshot, person: str) -> timers.Timer | None:
    """The timer of a person, also one that was started under a former name."""
    now = _handles(snapshot)
    wanted = fold(person)
    found = timers.timers(snapshot.root)
    return next((each for each in found if fold(now(each.person)) == wanted), None)


def named(snapshot: Snapshot, name: str) -> str:
    """The handle of the person that is named; where there are no people, any name. Raises
    UnknownPerson.
    """
    found = handle(snapshot, name)
    staff = snapshot.staff
    if fold(found) in staff.people:
        return staff.people[fold(found)].handle
    if not HANDLE.fullmatch(found) or staff.people:
        known = [each.handle for each in staff.people.values()]
        raise UnknownPerson(
            f"there is no person {name!r}", suggestion(name, known, "name one of the people")
        )
    return found


def _folders(snapshot: Snapshot) -> frozenset[str]:
    """The folded names of those who have a folder of time."""
    room = snapshot.settings.rooms.get("time")
    if not room:
        return frozenset()
    found = set()

    def asked(path: str) -> bool:
        if path.endswith("/"):
            found.add(fold(path[len(room) + 1 : -1]))
        return False

    for _ in snapshot.contents(room, asked):
        pass
    return frozenset(found)


def chosen(snapshot: Snapshot, names: Sequence[str]) -> list[str]:
    """The handles of the people, teams and folders of time that are named. Raises UnknownPerson."""
    found: list[str] = []
    folders = _folders(snapshot) if names else frozenset()
    for name in (each.removeprefix("@") for each in names):
        if name == "me":
            found += [handle(snapshot, each) for each in me(snapshot)]
        elif fold(name) in snapshot.staff.teams:
            found += map(partial(handle, snapshot), snapshot.staff.members(name))
        elif fold(name) in folders:
            found.append(handle(snapshot, name))
        else:
            found.append(named(snapshot, name))
    return found


def _offset(snapshot: Snapshot, person: str) -> Offset:
    """What a time of day without an offset means in a person's files."""
    return offset_in(zone(zone_of(snapshot, person)))


def zone_of(snapshot: Snapshot, person: str) -> str:
    """The name of the time zone that a person works in; empty: that of the machine."""
    known = None
    if "people" in snapshot.settings.rooms:
        known = snapshot.staff.person(person)
    return (known.timezone if known else "") or snapshot.schema.timezone


def days(snapshot: Snapshot) -> Days:
    """The days of the workspace's time zone."""
    return Days(zone(snapshot.schema.timezone))


def renamed(snapshot: Snapshot) -> Callable[[str], str]:
    """What stands in an entry → the id of the item that is meant now; itself, if there is none.

    An account such as ``client:PT-7k3`` means the item at its end.
    """
    from plaintrack.store.index import checking

    connection = snapshot.index.connection
    ids = {fold(each): each for each in checking.spellings(connection)}
    for former, item in checking.former(connection):
        ids.setdefault(fold(former), item)
    return partial(_meant, ids, {})


def _meant(ids: dict[str, str], known: dict[str, str], text: str) -> str:
    found = known.get(text)
    if found is None:
        found = ids.get(fold(text)) or ids.get(fold(text.rpartition(":")[2])) or text
        known[text] = found
    return found
