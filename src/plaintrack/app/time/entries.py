"""What people do to time records: log, edit, delete."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from plaintrack.app.snapshot import answers, find, timelog
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.time import records
from plaintrack.app.time.clock import Clock, whose
from plaintrack.app.time.faults import (
    InTheFuture,
    LongerThanADay,
    NoTime,
    Overlapping,
    UnknownEntry,
    told,
)
from plaintrack.app.write.verb import Verb, verb
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.done import Done
from plaintrack.model.edit import Set
from plaintrack.timeclock import entry as clocked
from plaintrack.timeclock.entry import Entry
from plaintrack.timeclock.hours import clock as shown
from plaintrack.when.durations import minutes

DAY = 86_400
MORNING = 9
"""The hour at which the first entry of a day begins that is logged by its day alone."""
NEAR = timedelta(days=1)


class BadTag(PlaintrackError):
    """A text that is not a tag."""

    slug = "bad-time-tag"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} cannot be a tag of a time entry", "use one word without `:`, `,` and `;`"
        )


class NothingToLog(PlaintrackError):
    """A duration of nothing."""

    slug = "nothing-to-log"

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a length of time", "write 2h30m, 45m or 1d")


class Given(NamedTuple):
    """What is said of an entry; None: nothing."""

    note: str | None = None
    tags: tuple[str, ...] = ()
    remaining: str = ""
    adjust: bool = False


def log(
    workspace: Workspace,
    name: str,
    length: str,
    at: str = "",
    person: str = "",
    given: Given = Given(),  # noqa: B008
    dry: bool = False,
) -> Done:
    """Log time on an item: so much of it, from the moment ``at`` on; without one, until now. Where
    that is a day, after what is logged on it already, else from nine o'clock on. Raises
    PlaintrackError.
    """
    item = find.resolve(workspace, name)
    who = whose(workspace, person)
    clock = Clock(workspace, who)
    schema = workspace.schema
    seconds = round(minutes(length, schema.day, schema.week) * 60)
    if not seconds:
        raise NothingToLog(length)
    when = clock.read(at)
    if isinstance(when, date):
        start = _after(workspace, clock, who, when)
    else:
        start = when if at.strip() not in ("", "now") else when - seconds
    with verb(workspace, f"time log {item} {length}", dry) as work:
        enter(work, clock, made(clock, who, start, start + seconds, item, given), given)
    return work.done()


def _after(snapshot: Snapshot, clock: Clock, person: str, day: date) -> int:
    """When the last entry of a day ends, else nine o'clock."""
    begin, end = clock.at(day, 0), clock.at(day + NEAR, 0)
    entries = timelog.log(snapshot, day, day, [person]).entries
    ends = [each.end for each in entries if each.end and each.start < end and each.end > begin]
    return max(ends) if ends else clock.at(day, MORNING)


def made(clock: Clock, person: str, start: int, end: int, item: str, given: Given) -> Entry:
    """A new entry; raises BadTag."""
    return Entry(
        person,
        start,
        end,
        item,
        clocked.plain(given.note or ""),
        tags_of(given.tags),
        offset=clock.offset(start),
        end_offset=clock.offset(end),
    )


def tags_of(texts: Sequence[str]) -> tuple[str, ...]:
    """The tags that were typed, also several in one word; raises BadTag."""
    found = []
    for text in texts:
        for each in text.split(","):
            tag = each.strip().removeprefix("#")
            if not tag:
                continue
            if tag == clocked.COUNTED or not tag.isprintable() or set(tag) & set(" :;"):
                raise BadTag(tag)
            found.append(tag)
    return tuple(dict.fromkeys(found))


def enter(work: Verb, clock: Clock, entry: Entry, given: Given, timed: bool = False) -> None:
    """Put an entry in, checked; what is left of the item, if that is said. ``timed``: it is what
    the timer ran, so that the timer does not stand in its way.
    """
    workspace = work.workspace
    _sound(clock, entry)
    if given.remaining:
        minutes(given.remaining)  # raises BadDuration, before anything is written
    pieces = [entry]
    cut = ""
    others = _others(workspace, clock, entry, timed)
    if others:
        pieces = _free(clock, entry, others)
        rest = ", ".join(_span(clock, each) for each in pieces)
        if not given.adjust or not pieces:
            raise Overlapping([told(each) for each in others], rest)
        cut = f"cut by {', '.join(told(each) for each in others)}"
    # a timer may have been started on an item of another branch, or the item was deleted meanwhile
    here = not timed or bool(given.remaining) or answers.is_item(workspace, entry.item)
    task_path = find.locate(workspace, entry.item) if here else ""
    paths = records.append(work, pieces)
    changes: tuple[Change, ...] = ()
    if given.remaining:
        changes = work.writer.edit(task_path, (Set("remaining", given.remaining),))
    total = sum(each.seconds for each in pieces)
    spans = ", ".join(_span(clock, each) for each in pieces)
    also = [f"{shown(total)} logged for {entry.person}, {spans}", *([cut] if cut else [])]
    work.item(entry.item, paths[-1], changes, tuple(also))
    if not task_path:
        work.notes.append(f"{entry.item} is not an item here; the entry names it all the same")
    elif workspace.schema.closed(status := find.load(workspace, task_path).text("status")):
        work.notes.append(f"{entry.item} is {status}")
    work.notes += submitted(workspace, entry.person, pieces)


def _span(clock: Clock, entry: Entry) -> str:
    assert entry.end is not None
    return f"{clock.shown(entry.start)} to {clock.shown(entry.end, entry.start)}"


def _sound(clock: Clock, entry: Entry) -> None:
    """Raise what is wrong with an entry itself."""
    assert entry.end is not None
    if entry.end <= entry.start:
        raise NoTime(clock.shown(entry.start), clock.shown(entry.end))
    if entry.seconds > DAY:
        raise LongerThanADay(entry.seconds)
    if entry.end > clock.now:
        raise InTheFuture(clock.shown(entry.end))


def _others(
    snapshot: Snapshot, clock: Clock, entry: Entry, timed: bool, but: Entry | None = None
) -> list[Entry]:
    """The entries of the person that the time is taken by, the running timer included."""
    assert entry.end is not None
    first, last = clock.local(entry.start).date(), clock.local(entry.end).date()
    taken = [
        each
        for each in timelog.log(snapshot, first, last, [entry.person]).entries
        if each != but and each.end and each.start < entry.end and each.end > entry.start
    ]
    running = None if timed else timelog.running(snapshot, entry.person)
    if running is not None and running.start < entry.end:
        taken.append(
            Entry(
                running.person,
                running.start,
                max(clock.now, running.start),
                f"{running.item} (timer)",
                offset=running.offset,
                end_offset=clock.offset(clock.now),
            )
        )
    return taken


def _free(clock: Clock, entry: Entry, others: Sequence[Entry]) -> list[Entry]:
    """The parts of an entry that are free."""
    assert entry.end is not None
    return [
        entry._replace(
            start=start, end=end, offset=clock.offset(start), end_offset=clock.offset(end)
        )
        for start, end in clocked.free(entry.start, entry.end, others)
    ]


def submitted(
    workspace: Workspace, person: str, new: Sequence[Entry], gone: Sequence[Entry] = ()
) -> list[str]:
    """Notes of submitted periods that say something else than they were submitted with, now that
    these entries come and those are ``gone``.
    """
    from plaintrack.app.snapshot.timesheets import covering, standing

    touched = {piece.day for piece in timelog.days(workspace).pieces([*new, *gone])}
    counted = {each.counted for each in (*new, *gone) if each.counted}
    found = covering(workspace, person, touched, counted)
    if not found:
        return []
    # the files may have been written already, or not: either way it is these entries
    kept = {each.key: each for each in timelog.log(workspace, persons=[person]).entries}
    for each in gone:
        kept.pop(each.key, None)
    kept |= {each.key: each for each in new}
    return [
        f"{sheet.period} of {person} was submitted before; submit it again, or count the entry in"
        " the open period: `plaintrack time edit ENTRY --count-in PERIOD`"
        for sheet in found
        if standing(workspace, sheet, kept.values()).changed
    ]


def chosen(snapshot: Snapshot, key: str, person: str = "") -> Entry:
    """The one entry that is called so; raises UnknownEntry."""
    wanted = key.strip().lower()
    entries = timelog.log(snapshot, persons=[person] if person else ()).entries
    found = [each for each in entries if wanted and each.key.startswith(wanted)]
    if len(found) != 1:
        raise UnknownEntry(key, found)
    return found[0]


class Wish(NamedTuple):
    """What an entry is to say; None or empty: as it does."""

    start: str = ""
    end: str = ""
    item: str = ""
    note: str | None = None
    tags: tuple[str, ...] | None = None
    counted: str | None = None


def edit(workspace: Workspace, key: str, wish: Wish, dry: bool = False) -> Done:
    """Change an entry; raises UnknownEntry, Overlapping and what else is wrong with it."""
    entry = chosen(workspace, key)
    clock = Clock(workspace, entry.person)
    new = _wished(workspace, clock, entry, wish)
    if new.end is not None and (new.start, new.end) != (entry.start, entry.end):
        _sound(clock.like(entry.start, entry.offset), new)
        others = _others(workspace, clock, new, False, entry)
        if others:
            raise Overlapping([told(each) for each in others], "")
    with verb(workspace, f"time edit {entry.key[:6]}", dry) as work:
        if new == entry:
            work.kept(entry.item, entry.path, f"{entry.key[:6]} says that already")
            return work.done()
        path = records.change(work, entry, new)
        work.item(new.item, path, (), (f"{told(entry)} is now {told(new)}",))
        work.notes += submitted(workspace, entry.person, [new], [entry])
    return work.done()


def _wished(workspace: Workspace, clock: Clock, entry: Entry, wish: Wish) -> Entry:
    new = entry
    own = clock.like(entry.start, entry.offset)
    if wish.start:
        start = _on(own, wish.start, entry.start)
        new = new._replace(start=start, offset=own.offset(start))
    if wish.end:
        end = _on(own, wish.end, new.start)
        new = new._replace(end=end, end_offset=own.offset(end))
    if wish.item:
        new = new._replace(item=find.resolve(workspace, wish.item))
    if wish.note is not None:
        new = new._replace(note=clocked.plain(wish.note))
    if wish.tags is not None:
        new = new._replace(tags=tags_of(wish.tags))
    if wish.counted is not None:
        new = new._replace(counted=_period(clock, wish.counted))
    return new


def _on(clock: Clock, text: str, beside: int) -> int:
    """A moment as it is typed; a time of day alone is one of the day of the entry."""
    if len(text) <= 8 and ":" in text and text[:1].isdigit():
        day = clock.local(beside).date()
        return clock.moment(f"{day.isoformat()} {text}")
    return clock.moment(text)


def _period(clock: Clock, text: str) -> str:
    """The name of the week or month that is meant; empty for nothing."""
    from plaintrack.app.snapshot.timesheets import period

    return period(text, clock.today).name if text else ""


def delete(workspace: Workspace, key: str, dry: bool = False) -> Done:
    """Take an entry out; raises UnknownEntry."""
    entry = chosen(workspace, key)
    with verb(workspace, f"time edit {entry.key[:6]} --delete", dry) as work:
        records.remove(work, entry)
        work.item(entry.item or entry.person, entry.path, (), (f"{told(entry)} deleted",))
        work.notes += submitted(workspace, entry.person, [], [entry])
    return work.done()
