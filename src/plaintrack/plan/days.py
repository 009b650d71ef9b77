"""Days and slots: a plan counts in slots of its days, people in dates."""

from datetime import date, timedelta
from math import ceil
from typing import NamedTuple


class Days(NamedTuple):
    """The time axis of a plan: it begins at the first slot of ``first``, and a slot has ``slot``
    minutes, of which a day has ``per_day`` slots. Slot 0 of a day is the start of work.
    """

    first: date
    slot: int = 30

    @property
    def per_day(self) -> int:
        """The slots of a day."""
        return 1440 // self.slot

    def start(self, day: date) -> int:
        """The first slot of a day."""
        return (day - self.first).days * self.per_day

    def end(self, day: date) -> int:
        """The slot after the last of a day."""
        return self.start(day) + self.per_day

    def day(self, slot: int) -> date:
        """The day that a slot lies in."""
        return self.first + timedelta(days=slot // self.per_day)

    def last(self, end: int) -> date:
        """The last day of what ends before the slot ``end``."""
        return self.day(end - 1)

    def slots(self, minutes: float) -> int:
        """So many minutes in slots, rounded up."""
        return ceil(minutes / self.slot - 1e-9)

    def minutes(self, slots: int) -> int:
        """So many slots in minutes."""
        return slots * self.slot
