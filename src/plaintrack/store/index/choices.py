"""Merges that chose between two values of a field: what both sides changed since they parted."""

import heapq
from collections.abc import Collection, Iterator, Sequence

from plaintrack.model.change import CHOSEN, Change
from plaintrack.store.index.history import Event, History, Line, Look, Place

Pair = tuple[int, int]
"""The numbers of an item and of a field."""
_TWICE = """SELECT item, field FROM change WHERE kind = 'set' AND field <> 0
    GROUP BY item, field HAVING count(*) > 1"""
_SET = f"""SELECT c.revision, c.item, c.field FROM change c JOIN ({_TWICE}) t
    ON t.item = c.item AND t.field = c.field WHERE c.kind = 'set'"""


class Choices:
    """The merges of a history that chose a value; of most only the parents are looked at."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.sets: dict[int, set[Pair]] = {}
        for revision, item, field in history.connection.execute(_SET):
            if history.reach >> revision & 1:
                self.sets.setdefault(revision, set()).add((item, field))
        self.lines: dict[int, Line] = {}

    def events(self, look: Look) -> Iterator[tuple[Place, Event]]:
        """What merges chose, as far as it is looked for, the latest first: with stamp and hash."""
        merges = {
            child: parents
            for child, parents in (self.history.parents if self.sets else {}).items()
            if len(parents) > 1 and child >= self.history.low and self.history.reach >> child & 1
        }
        if not merges:
            return
        wanted = {item.lower() for item in look.items}
        for number, place in self._ordered(merges):
            for change in self._chosen(number, merges[number]):
                if wanted and change.id.lower() not in wanted:
                    continue
                if look.field and change.field != look.field:
                    continue
                event = self.history.revision(number)._replace(change=change)
                if _within(event, look):
                    yield place, event

    def _ordered(self, merges: Collection[int]) -> list[tuple[int, Place]]:
        """The merges, the latest first."""
        rows = self.history.connection.execute(
            "SELECT number, stamp, hash FROM revision ORDER BY stamp DESC, hash DESC"
        )
        return [(number, (stamp, commit)) for number, stamp, commit in rows if number in merges]

    def _chosen(self, merge: int, parents: Sequence[int]) -> Iterator[Change]:
        """What a merge chose: the value of one side, where both had set another."""
        first, *others = parents
        for other in others:
            for item, field in sorted(self._both(first, other)):
                line = self._line(item)
                name = self._text(field)
                there = [line.origins.get(each) for each in (first, other, merge)]
                one, two, found = (line.value(each, name) for each in there)
                task = line.task(there[2]) if there[2] is not None else None
                if task is None or one == two or found not in (one, two):
                    continue
                lost = two if found == one else one
                yield Change(task.id, task.path, CHOSEN, name, ", ".join(lost), ", ".join(found))

    def _line(self, item: int) -> Line:
        if item not in self.lines:
            self.lines[item] = Line(self.history, self._text(item))
        return self.lines[item]

    def _text(self, number: int) -> str:
        sql = "SELECT text FROM name WHERE number = ?"
        return str(self.history.connection.execute(sql, (number,)).fetchone()[0])

    def _both(self, one: int, two: int) -> set[Pair]:
        """What was set on either side since the two parted."""
        sides: tuple[set[Pair], set[Pair]] = (set(), set())
        parents = self.history.parents
        flags = {one: 1, two: 2} if one != two else {one: 3}
        waiting = [-number for number in flags]
        heapq.heapify(waiting)
        open_ends = sum(flag != 3 for flag in flags.values())
        while open_ends:
            # children have higher numbers than their parents, so all that lead here were seen
            number = -heapq.heappop(waiting)
            flag = flags.pop(number)
            if flag != 3:
                open_ends -= 1
                sides[flag - 1].update(self.sets.get(number, ()))
            for parent in parents.get(number, ()):
                before = flags.get(parent, 0)
                if not before:
                    heapq.heappush(waiting, -parent)
                flags[parent] = before | flag
                open_ends += (flags[parent] != 3) - (before not in (0, 3))
        return sides[0] & sides[1]


def _within(event: Event, look: Look) -> bool:
    """Whether a merge was made when and by whom it is looked for."""
    if look.by and look.by.isdisjoint((event.author.lower(), event.email.lower())):
        return False
    if look.since is not None and event.time < look.since:
        return False
    return look.until is None or event.time < look.until


def told(history: History, look: Look) -> Iterator[Event]:
    """The Events looked for and what merges chose, the latest first."""
    streams = (history.placed(look), Choices(history).events(look))
    # of one commit, what it changed comes before what it chose
    for _, event in heapq.merge(*streams, key=lambda each: each[0], reverse=True):
        yield event
