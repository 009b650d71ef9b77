"""Values that queries hold for equal are one group, in whatever case or normal form they stand."""

from collections import Counter
from collections.abc import Iterable, Sequence

from plaintrack.model.task import fold


def spellings(values: Iterable[str]) -> dict[str, str]:
    """Folded value → the spelling that most have; of equally many the first in the alphabet."""
    found: dict[str, str] = {}
    for spelling, _ in sorted(Counter(values).items(), key=lambda row: (-row[1], row[0])):
        found.setdefault(fold(spelling), spelling)
    return found


def gathered(values: Sequence[str]) -> tuple[list[int], list[str]]:
    """The order in which the members of each group stand together, groups in the order of their
    first members; and the group of each in that order.
    """
    keys = list(map(fold, values))
    first: dict[str, int] = {}
    for at, key in enumerate(keys):
        first.setdefault(key, at)
    names = spellings(values)
    order = sorted(range(len(keys)), key=lambda at: first[keys[at]])
    return order, [names[keys[at]] for at in order]
