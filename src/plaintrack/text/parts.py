"""What front matter says, part by part: most lines stand in many files, and are read once."""

import re
from collections.abc import Callable

from plaintrack.model.task import Value

_CUT = re.compile(r"\n(?=[A-Za-z_])")
_CHARACTERS = 8_000_000  # of the parts that are remembered, at most
Said = tuple[str, tuple[tuple[str, Value], ...]]
"""A key of a front matter, and the fields that it and its value give."""


def cut(front: str) -> list[str]:
    """A front matter without its last end of line, in parts: each a line that begins with a key,
    and the lines below it up to the next.

    If every part is YAML of one entry, so is the whole, and it holds just these entries: what is
    open at the end of a part (a quote, a bracket) is an error there.
    """
    return _CUT.split(front)


class Parts:
    """What parts of front matters say by one schema; those that were read are remembered."""

    __slots__ = ("_apart", "_most", "_read", "_size", "known")

    def __init__(
        self, read: Callable[[str], Said | None], most: int, apart: tuple[str, ...] = ()
    ) -> None:
        """``read`` says what a part says, None if it can't be told from it alone; ``most`` parts
        are remembered, none of the keys ``apart``.
        """
        self._read, self._most, self._apart = read, most, apart
        self.known: dict[str, Said] = {}
        self._size = 0

    def said(self, part: str) -> Said | None:
        """What a part says, which is not known yet."""
        found = self._read(part)
        if found is not None and found[0] not in self._apart:
            if len(self.known) >= self._most or self._size > _CHARACTERS:
                self.known.clear()
                self._size = 0
            self.known[part] = found
            self._size += len(part)
        return found

    def fields(self, parts: list[str]) -> dict[str, Value] | None:
        """The fields of a front matter; None if they can't be told part by part.

        Two entries of one key are an error; which of two keys of one field counts, is not told
        here.
        """
        known = self.known
        keys: dict[str, tuple[tuple[str, Value], ...]] = {}
        for part in parts:
            found = known.get(part) or self.said(part)
            if found is None:
                return None
            keys[found[0]] = found[1]
        pairs = [pair for given in keys.values() for pair in given]
        fields = dict(pairs)
        return fields if len(keys) == len(parts) and len(fields) == len(pairs) else None
