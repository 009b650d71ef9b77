"""How long people and equipment are there, as the arithmetic of ``plan.availability`` needs it."""

from plaintrack.app.snapshot.calendar import UnknownCalendar, calendar, named
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.staff import Equipment, Person
from plaintrack.plan.availability import Availability, of_equipment, of_person
from plaintrack.when.calendars import Calendar


class Capacities:
    """The availability of everybody in a snapshot; a calendar is made once."""

    def __init__(self, snapshot: Snapshot) -> None:
        """``snapshot`` has people, equipment and calendars."""
        self.snapshot = snapshot
        self.staff = snapshot.staff
        self._calendars: dict[str, Calendar] = {}

    def calendar(self, name: str = "") -> Calendar:
        """A calendar by name; raises NoHolidays, UnknownCalendar."""
        if name not in self._calendars:
            self._calendars[name] = calendar(self.snapshot, name)
        return self._calendars[name]

    def usual(self) -> Availability:
        """Who works the workspace's week."""
        return Availability(self.calendar(), self.snapshot.schema.day)

    def person(self, name: str) -> Availability | None:
        """How long a person is there; None where that is unknown.

        A person without a file works the workspace's week, unless others have files, or the folder
        that the settings name is not there: a private submodule, say.
        """
        found = self.staff.person(name)
        if found is not None and (found.path or not self.staff.named):
            return self._known(found)
        return None if self.staff.named else self.usual()

    def equipment(self, name: str) -> Availability | None:
        """How long all units of a pool are there; None if it is unknown."""
        from plaintrack.model.task import fold

        found = self.staff.equipment.get(fold(name))
        return None if found is None else self._known(found)

    def _known(self, who: Person | Equipment) -> Availability | None:
        """How long one is there; None if the calendar has no such name, which is a fault of the
        file.
        """
        try:
            return self.of(who)
        except UnknownCalendar:
            return None

    def of(self, who: Person | Equipment) -> Availability:
        """How long one is there who has a file, or is known to the settings; raises NoHolidays,
        UnknownCalendar.
        """
        days = self.calendar(named(self.snapshot, who))
        length = self.snapshot.schema.day
        if isinstance(who, Person):
            return of_person(who, days, length)
        return of_equipment(who, days, length)
