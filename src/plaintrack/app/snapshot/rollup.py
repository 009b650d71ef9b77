"""Roll-up: what is below an item, or what some items are together, in counts and sums."""

from collections.abc import Iterable, Mapping

from plaintrack.app.snapshot import outline as outlines
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.expected import UNSPENT
from plaintrack.model.rollup import Around, Rollup
from plaintrack.model.task import fold
from plaintrack.plan.outline import Outline
from plaintrack.plan.rollup import Rolling, Sums
from plaintrack.store.index import ask
from plaintrack.when.durations import show


class Rollups:
    """Roll-ups of one snapshot; the outline is made when something is to be added."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.outline = outlines.outline(snapshot, timed=not snapshot.discreet)
        self.rolling = Rolling(self.outline)
        self.places = {piece.task.path: at for at, piece in enumerate(self.outline.pieces)}

    def below(self, item: str) -> Rollup | None:
        """What is below an item; None if nothing is."""
        number = self.outline.numbers.get(fold(item))
        below = [] if number is None else self.outline.below(number)
        return _told(self.snapshot, self.rolling.sums(below)) if below else None

    def together(self, paths: Iterable[str]) -> Rollup:
        """What the items in these files are together."""
        numbers = (self.places[path] for path in paths if path in self.places)
        return _told(self.snapshot, self.rolling.sums(numbers))


def measured(snapshot: Snapshot) -> bool:
    """Whether there is anything to add up: estimates, what remains, or logged time."""
    if "time" in snapshot.settings.rooms and not snapshot.discreet:
        return True
    return snapshot.measured


def groups(snapshot: Snapshot, groups: Iterable[tuple[str, str]]) -> Mapping[str, Rollup]:
    """Group → what its items are together, of (group, path); nothing where there is nothing to
    add up.
    """
    if not measured(snapshot):
        return {}
    found: dict[str, list[str]] = {}
    for group, path in groups:
        found.setdefault(group, []).append(path)
    rolled = Rollups(snapshot)
    return {group: rolled.together(paths) for group, paths in found.items()}


def around(snapshot: Snapshot, item: str) -> Around:
    """Time and roll-up of one item; no more is read than that takes."""
    kept = "time" in snapshot.settings.rooms and not snapshot.discreet
    ids = ask.below(snapshot.index.connection, item)
    if not ids and not kept:
        return Around()
    from plaintrack.app.snapshot.logged import logged

    told = logged(snapshot, [*ids, item]) if kept else {}
    work: Outline = outlines.some(snapshot, [*ids, item], told)
    number = work.numbers[fold(item)]
    below = work.below(number)
    rolled = _told(snapshot, Rolling(work).sums(below)) if below else None
    mine = told.get(fold(item), UNSPENT)
    if not mine.known:
        return Around(below=rolled)
    spent, left = (
        "" if each is None else _duration(snapshot, each) for each in (mine.spent, mine.left)
    )
    return Around(spent, left, rolled)


def _duration(snapshot: Snapshot, minutes: float) -> str:
    return show(minutes, snapshot.schema.day, snapshot.schema.week)


def _told(snapshot: Snapshot, sums: Sums) -> Rollup:
    def length(minutes: float | None) -> str:
        return "" if minutes is None else _duration(snapshot, minutes)

    counts = (sums.items, sums.done, sums.unestimated, sums.unknown)
    # of open work something is left: nothing known to add is not 0
    left = None if sums.unknown and not sums.left else sums.left
    return Rollup(*counts, length(sums.estimate), length(left), length(sums.spent))
