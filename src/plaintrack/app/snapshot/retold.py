"""What a repository says of its items, in the words of many: ids with its name before them, people,
statuses and lengths of time as they are called there.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from plaintrack.config.merged import REPO, Words
from plaintrack.model import dependency
from plaintrack.model.fields import LINKS, SERIES
from plaintrack.model.ids import elsewhere
from plaintrack.model.need import BadNeed, need
from plaintrack.model.task import Value, fold
from plaintrack.when.durations import BadDuration, minutes

_LONG = re.compile(r"(\d+(?:\.\d+)?)([dw])", re.IGNORECASE)
_CLOCK = ("elapsed",)
"""Fields of lengths by the clock: a day is a day everywhere."""


class Retold:
    """The words of one repository in place of which others stand here."""

    def __init__(
        self,
        words: Words,
        repositories: Mapping[str, str],
        people: Mapping[str, str],
        equipment: Mapping[str, str],
    ) -> None:
        """``repositories`` are the names of all by their folded ones, ``people`` and ``equipment``
        what those of this one are called, by folded handle.
        """
        self.name, self.words = words.name, words
        self.repositories, self.people, self.equipment = repositories, people, equipment
        self.schema = words.settings.schema
        self._folders = (*words.settings.tops, *words.settings.rooms.values())
        self._changes = self._kinds()

    def _kinds(self) -> dict[str, Callable[[str], str]]:
        """Field → how a value of it is told."""
        found: dict[str, Callable[[str], str]] = dict.fromkeys((*LINKS, *SERIES), self.link)
        for name, field in self.schema.fields.items():
            if field.kind == "link":
                found[name] = self.link
            elif name in found:
                del found[name]  # the settings make it a text
            if field.kind == "person" and self.people:
                found[name] = self.person
            if field.kind == "duration" and self.words.timed and name not in _CLOCK:
                found[name] = self.length
        if self.words.statuses:
            found["status"] = lambda text: self.words.statuses.get(text, text)
        if self.equipment or self.people:
            found["needs"] = self.need
        found |= {"id": self.item, "formerly": self.item, dependency.LAGS: self.lag}
        return {name: change for name, change in found.items() if name not in self.schema.own}

    def item(self, text: str) -> str:
        """An id of the repository."""
        return f"{self.name}/{text}" if text else ""

    def link(self, text: str) -> str:
        """What a link leads to, in this repository or in another one."""
        if "/" not in text:
            return self.item(text)
        there = elsewhere(text, self._folders)
        if there is None:
            return self.item(text)  # a slip: it leads nowhere
        known = self.repositories.get(fold(there.repository), there.repository)
        return f"{known}/{there.id}"

    def person(self, text: str) -> str:
        """A person, with or without a sign before the name."""
        sign = "@" if text.startswith("@") else ""
        return f"{sign}{self.people.get(fold(text.removeprefix('@')), text.removeprefix('@'))}"

    def length(self, text: str) -> str:
        """A length of working time, in minutes if days of another repository are not as long."""
        if _LONG.search(text) is None:
            return text
        try:
            found = minutes(text, self.schema.day, self.schema.week)
        except BadDuration:
            return text
        return f"{found:.9f}".rstrip("0").rstrip(".") + "m"

    def lag(self, element: str) -> str:
        """A dependency with a lag."""
        item = dependency.item(element)
        rest = element[len(item) :]
        if self.words.timed and dependency.canonical(element) is not None:
            rest = _LONG.sub(lambda found: self.length(found[0]), rest)  # not `2ed`
        return self.link(item) + rest

    def need(self, text: str) -> str:
        """What an item takes."""
        try:
            options = need(text).options
        except BadNeed:
            return text
        told = []
        for each in options:
            name = each.name
            if not each.skill:
                key = fold(name)
                name = self.equipment.get(key) or self.people.get(key) or name
            units = f"{each.units} " if each.units > 1 else ""
            told.append(f"{units}{'skill:' * each.skill}{name}")
        return " | ".join(told)

    def value(self, name: str, value: Value | None) -> Value | None:
        """A value of a field, which may be a list."""
        change = self._changes.get(name)
        if change is None or value is None:
            return value
        if isinstance(value, str):
            return change(value)
        return tuple([change(each) for each in value])

    def tells(self, name: str) -> bool:
        """Whether values of a field are told otherwise than the repository says them."""
        return name in self._changes or name in self.words.dropped

    def fields(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of an item, or of a step of it."""
        dropped = self.words.dropped
        return {
            name: self.value(name, each) if isinstance(each, str | tuple) else each
            for name, each in given.items()
            if name not in dropped and name != REPO
        }
