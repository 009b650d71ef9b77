"""Checks of time records and timesheets; they run where the settings name a folder of them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from plaintrack.checks.catalogue import Option, check
from plaintrack.checks.work import Found, Options, Work, at
from plaintrack.errors import command
from plaintrack.model.task import fold

if TYPE_CHECKING:
    from plaintrack.timeclock.entry import Entry

CODES = tuple(f"PT7{number:02}" for number in range(1, 15))
"""Time records are about people and all of their files: also about one a change leaves alone."""


def _found(entry: "Entry", message: str, hint: str) -> Found:
    """A finding about an entry, at its line; the same wherever the entry stands."""
    whole = f"{entry.person}\t{entry.normal}"
    where = f"{_shown(entry)} {entry.item}".rstrip()
    return Found(
        entry.path, "", "", "", message, hint, entry.line, 1, where, key=f"{whole}\t{message}"
    )


def _shown(entry: "Entry") -> str:
    """When an entry began, by its own clock."""
    moment = datetime.fromtimestamp(entry.start, timezone(timedelta(seconds=entry.offset)))
    return moment.strftime("%Y-%m-%d %H:%M")


def _clock(seconds: int) -> str:
    """Hours and minutes; what shows them is loaded where there is something to show."""
    from plaintrack.timeclock.hours import clock

    return clock(seconds)


def _edit(entry: "Entry", *words: str) -> str:
    return command("time", "edit", entry.key[:6], *words)


@check("PT701", "bad-time-record", "error")
def bad_time_record(work: Work, _options: Options) -> Iterator[Found]:
    """A line of a file of time records cannot be read, or ends before it begins.

    Why: the time is in no report, and no one sees that it is missing.

    Fix: correct the line; or delete it.

    Bad:
        i 2026-11-27 09:00:00+0100 PT-7k3q9x
        o 2026-11-27 08:30:00+0100

    Good:
        i 2026-11-27 09:00:00+0100 PT-7k3q9x
        o 2026-11-27 09:30:00+0100
    """
    for each in work.clocked.faults:
        yield Found(
            each.path, "", "", "", each.message, each.hint, each.line, 1, each.excerpt,
            about=f"{each.message} {each.excerpt}",
        )  # fmt: skip


@check("PT702", "time-overlaps", "warning")
def time_overlaps(work: Work, _options: Options) -> Iterator[Found]:
    """Two entries of one person overlap.

    Why: the same time is counted twice. Two timers on two machines do that, and commands of two
    branches that did not know of each other.

    Fix: change or delete one of the two with `plaintrack time edit`.

    Bad:
        09:00 to 11:00 PT-7k3q9x, and 10:00 to 12:00 PT-9x2mfa

    Good:
        09:00 to 10:00 PT-7k3q9x, and 10:00 to 12:00 PT-9x2mfa
    """
    people: dict[str, list[Entry]] = {}
    for entry in work.clocked.entries:
        people.setdefault(fold(entry.person), []).append(entry)
    if not people:
        return
    from plaintrack.timeclock.entry import overlaps

    for mine in people.values():
        for one, two in overlaps(mine):
            assert one.end is not None
            assert two.end is not None
            shared = _clock(min(one.end, two.end) - two.start)
            other = f"{_shown(one)} {one.item} ({one.path}:{one.line})"
            message = f"{two.person} has logged {shared} twice: it overlaps with {other}"
            hint = f"change or delete one of the two: {_edit(two, '--delete')}"
            found = _found(two, message, hint)
            yield found._replace(key=f"{two.person}\t{one.normal}\t{two.normal}")


@check("PT703", "time-in-future", "warning")
def time_in_future(work: Work, _options: Options) -> Iterator[Found]:
    """An entry ends in the future.

    Why: no one can have worked then; often the year or the month is wrong, and sums of the present
    period are wrong with it.

    Fix: correct the times, or wait.

    Bad:
        i 2062-11-27 09:00:00+0100 PT-7k3q9x

    Good:
        i 2026-11-27 09:00:00+0100 PT-7k3q9x
    """
    for entry in work.clocked.entries:
        ends = max(entry.start, entry.end or 0)
        if ends > work.clocked.now or entry.day > work.today:
            yield _found(entry, "it ends in the future", "correct the time")


@check("PT704", "long-time", "warning", hours=Option("number", 24, "hours that may be one entry"))
def long_time(work: Work, options: Options) -> Iterator[Found]:
    """An entry is longer than a day.

    Why: a timer was forgotten, or a date is wrong. Reports of later days do not look so far back,
    and miss a part of it.

    Fix: correct its end, or make an entry of each day.

    Bad:
        i 2026-11-27 09:00:00+0100 PT-7k3q9x
        o 2026-11-30 17:00:00+0100

    Good:
        i 2026-11-27 09:00:00+0100 PT-7k3q9x
        o 2026-11-27 17:00:00+0100
    """
    for entry in work.clocked.entries:
        if entry.seconds > options["hours"] * 3600:
            message = f"it is {_clock(entry.seconds)} long"
            yield _found(entry, message, f"correct it: {_edit(entry, '--end', '17:00')}")


@check("PT705", "time-on-leave", "warning")
def time_on_leave(work: Work, _options: Options) -> Iterator[Found]:
    """Someone has logged time on a day of leave, or when not here yet or any more.

    Why: either the leave was not taken and counts too much, or the entry is wrong.

    Fix: change the leave in the person's file, or the entry.

    Bad:
        leave: 2026-11-27 annual, and an entry of 2026-11-27

    Good:
        leave: 2026-11-28 annual
    """
    for entry in work.clocked.entries:
        person = work.staff.people.get(fold(entry.person))
        if person is None:
            continue
        day = entry.day
        why = ""
        if person.since and day < person.since:
            why = f"before the first day here, {person.since}"
        elif person.until and day > person.until:
            why = f"after the last day here, {person.until}"
        else:
            away = [
                each
                for each in person.leave
                if each.first <= day <= each.last and not each.half and not each.asked
            ]
            if away:
                why = f"on a day of leave ({away[0].kind})"
        if why:
            message = f"{entry.person} has logged {_clock(entry.seconds)} {why}"
            yield _found(entry, message, "change the entry, or the person's file")


@check("PT706", "time-on-closed", "note")
def time_on_closed(work: Work, _options: Options) -> Iterator[Found]:
    """Time was logged on an item after it was closed.

    Why: either the work is not over, or the time belongs to another item.

    Fix: open the item again, or give the entry its item: `plaintrack time edit ENTRY --item ID`.

    Bad:
        closed: 2026-11-20T12:00:00+01:00, and an entry of 2026-11-27

    Good:
        the entry of 2026-11-27 names the item that is open
    """
    items = work.clocked.items
    for entry in work.clocked.entries:
        item, closed = items.get(entry.item, ("", None))
        if item and closed is not None and entry.start >= closed:
            message = f"{_clock(entry.seconds)} were logged on {entry.item} after it was closed"
            yield _found(entry, message, f"open {entry.item} again, or name another item")


@check("PT707", "time-on-unknown", "warning")
def time_on_unknown(work: Work, _options: Options) -> Iterator[Found]:
    """An entry names an item that does not exist.

    Why: the time belongs to no project and no goal.

    Fix: correct the id. An item that was renumbered keeps its old id under `formerly:`.

    Bad:
        i 2026-11-27 09:00:00+0100 PT-7k3q9

    Good:
        i 2026-11-27 09:00:00+0100 PT-7k3q9x
    """
    items = work.clocked.items
    for entry in work.clocked.entries:
        if not items.get(entry.item, ("", None))[0]:
            named = f"there is no item {entry.item!r}" if entry.item else "it names no item"
            yield _found(entry, named, f"name one: {_edit(entry, '--item', 'ID')}")


@check("PT708", "time-of-unknown", "warning")
def time_of_unknown(work: Work, _options: Options) -> Iterator[Found]:
    """Time is logged for someone who is not among the people.

    Why: it is in no one's timesheet; often the folder is misspelt.

    Fix: rename the folder, make the person's file, or write the old name under `formerly:` there.

    Bad:
        time/anna/2026-11/…, and people/ana.md

    Good:
        time/ana/2026-11/…
    """
    if not work.staff.people:
        return
    told: set[str] = set()
    for entry in work.clocked.entries:
        name = fold(entry.person)
        if name not in work.staff.people and name not in told:
            told.add(name)
            hint = f"rename the folder, or make {entry.person}'s file"
            message = f"{entry.person} is not one of the people"
            found = _found(entry, message, hint)
            yield found._replace(key=name)


@check("PT709", "misplaced-time", "warning")
def misplaced_time(work: Work, _options: Options) -> Iterator[Found]:
    """An entry stands in the file of another day, or in the folder of another month.

    Why: a report of a few days reads the files of these days only, and misses it.

    Fix: move the lines to a file of the right day or month, or rename the file.

    Bad:
        time/ana/2026-11/2026-11-27-7k3q9x.timeclock: i 2026-12-04 09:00:00+0100 PT-7k3q9x

    Good:
        time/ana/2026-12/2026-12-04-7k3q9x.timeclock: i 2026-12-04 09:00:00+0100 PT-7k3q9x
    """
    for entry in work.clocked.entries:
        folder, name = entry.path.split("/")[-2:]
        day = entry.day.isoformat()
        if _is_month(folder) and not day.startswith(folder):
            message = f"it begins on {day}, and stands in the folder of {folder}"
        elif _is_day(name[:10]) and name[10:11] == "-" and not name.startswith(day):
            message = f"it begins on {day}, and stands in the file of {name[:10]}"
        else:
            continue
        yield _found(entry, message, "move the entry to a file of its day")


def _is_month(text: str) -> bool:
    return len(text) == 7 and _is_day(f"{text}-01")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@check("PT710", "running-time", "warning")
def running_time(work: Work, _options: Options) -> Iterator[Found]:
    """A timer has run for so long that it may be forgotten, or an entry has no end.

    Why: the time is in no report, and the longer it runs the less anyone knows when it ended.

    Fix: `plaintrack time stop --at 17:30`, or put in the line of its end.

    Bad:
        i 2026-11-27 09:00:00+0100 PT-7k3q9x (and no `o`)

    Good:
        i 2026-11-27 09:00:00+0100 PT-7k3q9x
        o 2026-11-27 17:00:00+0100
    """
    for entry in work.clocked.entries:
        if entry.end is None:
            yield _found(entry, "it has no end", "put in the line of its end, `o` and the time")
    for person, item, since in work.clocked.running:
        row = work.by_id.get(item.lower())
        message = f"{person}'s timer on it has run here since {since}"
        hint = f"say when it ended: {command('time', 'stop', '--at', '17:30')}"
        if row is not None:
            yield at(row, "id", message, hint, about=person)


@check("PT711", "late-time", "warning")
def late_time(work: Work, _options: Options) -> Iterator[Found]:
    """Entries of a submitted timesheet have changed, or one has come late.

    Why: what was approved is not what stands there. A merge brings an entry of another branch, or
    someone corrected one.

    Fix: submit the period again, which needs a new verdict; or count the late entry in the open
    period: `plaintrack time edit ENTRY --count-in PERIOD`.

    Bad:
        - 2026-11-27 7:45:00 4be0643f1d98, and entries of 8:15 on that day

    Good:
        - 2026-11-27 8:15:00 b493d48364af
    """
    for each in work.clocked.sheets:
        if not each.changed:
            continue
        sheet = each.sheet
        days = ", ".join(day.isoformat() for day in each.changed)
        again = command("time", "submit", sheet.period, "--person", sheet.person)
        was = "approved" if sheet.approved else "submitted"
        message = f"entries of {days} are not those that {sheet.person} {was} in {sheet.period}"
        if sheet.approved:
            message = f"entries of {days} are not those of {sheet.person} that were approved"
        yield Found(
            sheet.path, "", "sha256", "", message,
            f"submit it again: {again}; or `--count-in` of `time edit` counts a late one elsewhere",
            key=f"{fold(sheet.person)}\t{sheet.period}\t{each.now}",
        )  # fmt: skip


@check("PT712", "bad-timesheet", "error")
def bad_timesheet(work: Work, _options: Options) -> Iterator[Found]:
    """A timesheet cannot be read.

    Why: no one knows whether its period was submitted or approved.

    Fix: take it back from git, or submit the period again.

    Bad:
        days: all of them

    Good:
        days:
        - 2026-11-27 7:45:00 4be0643f1d98
    """
    for path, message in work.clocked.unread:
        yield Found(path, "", "", "", message, "take it back from git, or submit it again", 1, 1)


@check("PT713", "unproven-timesheet", "warning")
def unproven_timesheet(work: Work, _options: Options) -> Iterator[Found]:
    """A verdict on a timesheet is not that of another person, known here, in a commit of theirs.

    Why: anyone can write a line into a file; the author of the commit shows who said it.

    Fix: the one it names gives it: `plaintrack time approve PERSON PERIOD`, and commits it.

    Bad:
        - approved bob 2026-11-30T09:00:00+01:00 4be0643f1d98… in a commit of ana

    Good:
        the same line in a commit of bob
    """
    known = work.staff.people
    for each in work.clocked.sheets:
        for line, verdict in zip(each.sheet.lines, each.sheet.verdicts, strict=False):
            why = ""
            if fold(verdict.by) == fold(each.sheet.person):
                why = f"{verdict.by} cannot judge {verdict.by}'s own timesheet"
            elif known and fold(verdict.by) not in known:
                why = f"{verdict.by} is not one of the people"
            if why:
                yield _verdict(each.sheet.path, line, why)
    for path, line, why in work.clocked.unproven:
        yield _verdict(path, line, why)


def _verdict(path: str, line: int, why: str) -> Found:
    return Found(path, "", "", "", why, "someone else gives the verdict", line, 1, about=why)


@check("PT714", "overrun", "note")
def overrun(work: Work, _options: Options) -> Iterator[Found]:
    """More time is logged on an open item than was said to be needed, or nothing is said to remain
    of it: what is left is not known.

    Why: what is left of it is not known, so that it has no dates in the plan, and what waits for it
    neither.

    Fix: say what remains: `plaintrack set ID remaining=1d`, or with `--remaining 1d` when you stop
    the timer.

    Bad:
        estimate: 2d, and 2d4h logged

    Good:
        estimate: 2d
        remaining: 1d
    """
    for item, minutes in work.clocked.overrun.items():
        row = work.by_id.get(item)
        if row is not None:
            used = "its time is 0 and it is open"
            if minutes:
                used = f"{_clock(round(minutes * 60))} are logged on it"
            message = f"{used}: what remains is not known"
            hint = f"say so: {command('set', row.id, 'remaining=1d')}"
            yield at(row, "estimate", message, hint)
