"""Who logs time, and moments as people type them."""

import re
from copy import copy
from datetime import date, datetime, timedelta, timezone

from plaintrack.app.snapshot import answers, timelog
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.time.faults import BadMoment, NoPerson
from plaintrack.model.task import fold
from plaintrack.timeclock.entry import offset_in
from plaintrack.when import dates
from plaintrack.when.moments import zone

_TIME = re.compile(r"(?:(.*)[ T])?(\d\d?):(\d\d)(?::(\d\d))?", re.ASCII)
_AGO = re.compile(r"-(?:(\d{1,3})h)?(?:(\d{1,4})(?:m|min))?", re.ASCII)


def whose(snapshot: Snapshot, name: str = "") -> str:
    """The person that is named, else the user: a handle. Raises NoPerson, UnknownPerson."""
    if name and name != "me":
        return timelog.named(snapshot, name.removeprefix("@"))
    names = me(snapshot)
    known = [timelog.handle(snapshot, each) for each in names]
    people = snapshot.staff.people if snapshot.settings.rooms or snapshot.settings.people else {}
    found = next((people[fold(each)].handle for each in known if fold(each) in people), "")
    found = found or next((each for each in reversed(names) if timelog.HANDLE.fullmatch(each)), "")
    if not found:
        raise NoPerson
    return found


class Clock:
    """The clock of one person, in the time zone that the person works in."""

    def __init__(self, snapshot: Snapshot, person: str) -> None:
        self.snapshot = snapshot
        self.person = person
        self.zone = zone(timelog.zone_of(snapshot, person))
        self.ahead = offset_in(self.zone)
        self.now = int(snapshot.now.timestamp())

    def like(self, moment: int, offset: int) -> "Clock":
        """The clock on which an entry was made: this one, or one that keeps its offset."""
        if self.offset(moment) == offset:
            return self
        found = copy(self)
        found.zone = timezone(timedelta(seconds=offset))
        found.ahead = offset_in(found.zone)
        return found

    def local(self, moment: int) -> datetime:
        """What the person's clock shows at a moment."""
        return datetime.fromtimestamp(moment, self.zone).astimezone(self.zone)

    def offset(self, moment: int) -> int:
        """What the clock is ahead of UTC at a moment, in seconds."""
        found = self.local(moment).utcoffset()
        return 0 if found is None else int(found.total_seconds())

    @property
    def today(self) -> date:
        """The day that the person's clock shows."""
        return self.local(self.now).date()

    def day(self, text: str) -> date:
        """A day as it is typed, `mon` being the latest Monday; raises BadDate."""
        first, _ = dates.past(text, self.today, answers.works(self.snapshot))
        return date.fromisoformat(first[:10])

    def read(self, text: str) -> int | date:
        """A moment as it is typed, in seconds, or just a day. Raises BadMoment, BadDate."""
        word = text.strip()
        if word.lower() in ("", "now"):
            return self.now
        ago = _AGO.fullmatch(word)
        if ago and (ago[1] or ago[2]):
            return self.now - int(ago[1] or 0) * 3600 - int(ago[2] or 0) * 60
        try:
            whole = datetime.fromisoformat(word) if len(word) > 10 else None
        except ValueError:
            whole = None
        if whole is not None and whole.tzinfo is not None:
            return int(whole.timestamp())
        found = _TIME.fullmatch(word)
        if found is None:
            return self.day(word)
        if int(found[2]) > 23 or int(found[3]) > 59 or int(found[4] or 0) > 59:
            raise BadMoment(text)
        day = self.day(found[1]) if found[1] else self.today
        return self.at(day, int(found[2]), int(found[3]), int(found[4] or 0))

    def moment(self, text: str) -> int:
        """A moment as it is typed; raises BadMoment for a day alone."""
        found = self.read(text)
        if isinstance(found, date):
            raise BadMoment(text)
        return found

    def at(self, day: date, hour: int, minute: int = 0, second: int = 0) -> int:
        """A time of day; where it is there twice, the first; where the clock leaps over it, as if
        it had not leapt yet.
        """
        local = datetime(day.year, day.month, day.day, hour, minute, second)
        since = local - datetime(1970, 1, 1)
        return since // timedelta(seconds=1) - self.ahead(local)

    def shown(self, moment: int, beside: int | None = None) -> str:
        """A moment as the person's clock shows it; the time alone, if ``beside`` is of that day."""
        local = self.local(moment)
        if beside is not None and self.local(beside).date() == local.date():
            return local.strftime("%H:%M:%S" if local.second else "%H:%M")
        return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")
