"""The timer: start, stop, continue, status."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from plaintrack.app.snapshot import find, timelog
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.time.clock import Clock, whose
from plaintrack.app.time.entries import DAY, Given, enter, made, tags_of
from plaintrack.app.time.faults import (
    Elsewhere,
    Forgotten,
    InTheFuture,
    NothingToContinue,
    NoTimer,
    Overlapping,
    told,
)
from plaintrack.app.write.verb import Verb, verb
from plaintrack.model.done import Done, ItemChanges
from plaintrack.store import timers
from plaintrack.store.timers import Timer
from plaintrack.timeclock.entry import plain
from plaintrack.timeclock.hours import clock as shown
from plaintrack.when.durations import minutes


class Running(NamedTuple):
    """A running timer: how long it has run, in seconds, when it began, and whether so long that it
    may be forgotten. ``today`` is what its person logged today, without it.
    """

    timer: Timer
    since: str
    seconds: int
    forgotten: bool
    today: int


def start(
    workspace: Workspace,
    name: str,
    at: str = "",
    person: str = "",
    given: Given = Given(),  # noqa: B008
) -> Done:
    """Start the timer on an item; one that runs is stopped first. Raises PlaintrackError."""
    item = find.resolve(workspace, name)
    who = whose(workspace, person)
    clock = Clock(workspace, who)
    moment = clock.moment(at)
    if moment > clock.now:
        raise InTheFuture(clock.shown(moment))
    stopped = None
    running = timelog.running(workspace, who)
    if running is not None:
        stopped = stop(workspace, at, person, given._replace(note=None, tags=(), remaining=""))
    _unclaimed(workspace, clock, who, moment)
    new = Timer(
        who,
        item,
        moment,
        clock.offset(moment),
        plain(given.note or ""),
        tags_of(given.tags),
        timers.inside(workspace.root),
    )
    with timers.alone(workspace.root):
        timers.keep(workspace.root, new)
    begun = ItemChanges(item, "", (), (f"timer of {who} started at {clock.shown(moment)}",))
    done = stopped or Done()
    return done._replace(items=(*done.items, begun))


def _unclaimed(workspace: Workspace, clock: Clock, person: str, moment: int) -> None:
    """Raise Overlapping if an entry of the person goes on after the moment."""
    first, last = clock.local(moment).date(), clock.today
    later = [
        each
        for each in timelog.log(workspace, first, last, [person]).entries
        if each.end and each.end > moment and each.start <= clock.now
    ]
    if later:
        end = max(each.end or 0 for each in later)
        raise Overlapping([told(each) for each in later], f"from {clock.shown(end)} on")


def stop(
    workspace: Workspace,
    at: str = "",
    person: str = "",
    given: Given = Given(),  # noqa: B008
    dry: bool = False,
) -> Done:
    """Stop the timer, and log what it ran. Raises NoTimer, Forgotten, Elsewhere, Overlapping."""
    who = whose(workspace, person)
    clock = Clock(workspace, who)
    with timers.alone(workspace.root):
        running = _mine(workspace, who)
        _remembered(workspace, clock, running, at)
        with verb(workspace, f"time stop {running.item}", dry) as work:
            logged(work, clock, running, clock.moment(at), given)
        if not dry and work.stopped is None:
            timers.drop(workspace.root, running.person)
    return work.done()


def _mine(workspace: Workspace, person: str) -> Timer:
    """The timer of a person in this workspace; raises NoTimer, Elsewhere."""
    running = timelog.running(workspace, person)
    if running is None:
        raise NoTimer(person)
    if running.inside != timers.inside(workspace.root):
        raise Elsewhere(running.item, running.inside)
    return running


def _remembered(workspace: Workspace, clock: Clock, running: Timer, at: str) -> None:
    """Raise Forgotten if it has run for long and no one says until when."""
    seconds = clock.now - running.start
    if not at and seconds > limit(workspace):
        raise Forgotten(running.item, clock.shown(running.start), shown(seconds))


def limit(workspace: Workspace) -> int:
    """The seconds after which a timer may be forgotten; a day here is that of the clock."""
    return round(minutes(workspace.settings.time["forgotten"], 1440) * 60)


def logged(work: Verb, clock: Clock, running: Timer, end: int, given: Given) -> None:
    """Put in what a timer ran, as a part of a verb."""
    if end == running.start:
        work.kept(running.item, "", f"{running.item}: the timer ran for less than a second")
        return
    note = running.note if given.note is None else given.note
    said = given._replace(note=note, tags=(*running.tags, *given.tags))
    item = timelog.renamed(work.workspace)(running.item)
    who = timelog.handle(work.workspace, running.person)
    entry = made(clock, who, running.start, end, item, said)
    enter(work, clock, entry, said, timed=True)


def discard(workspace: Workspace, person: str = "") -> Done:
    """Stop the timer, and log nothing. Raises NoTimer."""
    who = whose(workspace, person)
    clock = Clock(workspace, who)
    with timers.alone(workspace.root):
        running = timelog.running(workspace, who)
        if running is None:
            raise NoTimer(who)
        timers.drop(workspace.root, running.person)
    ran = f"timer since {clock.shown(running.start)} discarded; nothing was logged"
    return Done((ItemChanges(running.item, "", (), (ran,)),))


def carry_on(workspace: Workspace, at: str = "", person: str = "") -> Done:
    """Start the timer anew on what the person logged last, with its note and tags. Raises
    NothingToContinue.
    """
    who = whose(workspace, person)
    entries = timelog.log(workspace, persons=[who]).entries
    if not entries:
        raise NothingToContinue(who)
    last = max(entries, key=lambda each: (each.end or 0, each.start))
    item = timelog.renamed(workspace)(last.item)
    return start(workspace, item, at, person, Given(last.note, last.tags))


def status(workspace: Workspace) -> list[Running]:
    """The timers that run in this clone."""
    found = []
    for kept in timers.timers(workspace.root):
        running = kept._replace(person=timelog.handle(workspace, kept.person))
        clock = Clock(workspace, running.person)
        seconds = clock.now - running.start
        entries = timelog.log(workspace, clock.today, clock.today, [running.person]).entries
        begin = clock.at(clock.today, 0)
        today = sum(
            (each.end or 0) - max(each.start, begin)
            for each in entries
            if each.end and each.end > begin
        )
        late = seconds > min(limit(workspace), DAY)
        found.append(Running(running, clock.shown(running.start), seconds, late, today))
    return found


def begun(workspace: Workspace, done: Done, items: Sequence[str], dry: bool = False) -> Done:
    """The answer of a verb that began work on items, with the timer started: it runs on one item,
    so that of several none gets it.
    """
    if len(items) != 1:
        return done._replace(
            notes=(*done.notes, "the timer runs on one item at a time; not started")
        )
    running = timelog.running(workspace, whose(workspace))
    if running is not None and running.item.lower() == items[0].lower():
        return done._replace(notes=(*done.notes, f"the timer on {running.item} runs already"))
    if dry:
        return done._replace(notes=(*done.notes, f"would start the timer on {items[0]}"))
    started = start(workspace, items[0])
    return done._replace(
        items=(*done.items, *started.items),
        files=(*done.files, *started.files),
        notes=(*done.notes, *started.notes),
    )


@contextmanager
def ending(
    workspace: Workspace, items: Sequence[str], dry: bool
) -> Iterator[Callable[[Verb], None] | None]:
    """What stops the user's timer within a verb that ends work on items; None if none of them has
    it. The timer is dropped when the verb is through. Raises Forgotten.
    """
    running = timelog.running(workspace, whose(workspace))
    mine = running is not None and running.inside == timers.inside(workspace.root)
    if running is None or not mine or running.item.lower() not in map(str.lower, items):
        yield None
        return
    clock = Clock(workspace, running.person)
    _remembered(workspace, clock, running, "")
    stopped = []

    def stop(work: Verb) -> None:
        logged(work, clock, running, clock.now, Given())
        stopped.append(work)

    with timers.alone(workspace.root):
        yield stop
        if not dry and stopped and stopped[0].stopped is None:
            timers.drop(workspace.root, running.person)
