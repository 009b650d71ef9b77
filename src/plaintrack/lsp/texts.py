"""Texts by lines and columns as editors count them: a line ends with LF, CRLF or CR, and a column
counts UTF-16 units, unless the two sides agree on others.
"""

import re
from functools import cached_property

_LINE = re.compile(r"\r\n|\n|\r")
Spot = tuple[int, int]
"""A line and a column, both from 0."""


class Text:
    """One text; it never changes."""

    def __init__(self, text: str, units: str = "utf-16") -> None:
        """``units`` is what columns count: ``utf-8``, ``utf-16`` or ``utf-32``."""
        self.text, self.units = text, units

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line begins."""
        return [0, *(each.end() for each in _LINE.finditer(self.text))]

    def _end(self, line: int) -> int:
        """The offset behind the last character of a line, without its ending."""
        if line + 1 >= len(self.starts):
            return len(self.text)
        end = self.starts[line + 1]
        return end - (2 if self.text.endswith("\r\n", self.starts[line], end) else 1)

    def offset(self, spot: Spot) -> int:
        """The offset of a place; one behind the end of a line or the text is that end."""
        line, column = spot
        if line < 0:
            return 0
        if line >= len(self.starts):
            return len(self.text)
        start, end = self.starts[line], self._end(line)
        if self.units == "utf-32":
            return min(start + max(column, 0), end)
        part = self.text[start:end]
        if part.isascii():
            return min(start + max(column, 0), end)
        for number, char in enumerate(part):
            if column <= 0:
                return start + number
            column -= self._width(char)
        return end

    def spot(self, offset: int) -> Spot:
        """The line and column of an offset."""
        from bisect import bisect_right

        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self.starts, offset) - 1
        part = self.text[self.starts[line] : offset]
        return line, self.columns(part)

    def columns(self, part: str) -> int:
        """How many columns a part of a line takes."""
        if self.units == "utf-32" or part.isascii():
            return len(part)
        return sum(map(self._width, part))

    def _width(self, char: str) -> int:
        if self.units == "utf-16":
            return 2 if char > "\uffff" else 1
        return len(char.encode("utf-8", "surrogatepass"))

    def place(self, line: int, column: int) -> int:
        """The offset of a line and column that count characters from 1, as findings do."""
        number = max(line, 1) - 1
        if number >= len(self.starts):
            return len(self.text)
        return min(self.starts[number] + max(column, 1) - 1, self._end(number))

    def end(self, line: int) -> int:
        """The offset of the end of a line, counted from 1."""
        return self._end(min(max(line, 1), len(self.starts)) - 1)

    def replaced(self, start: int, end: int, new: str) -> "Text":
        """The text with what stands between two offsets replaced, in whatever order they are."""
        first, last = min(start, end), max(start, end)
        return Text(self.text[:first] + new + self.text[last:], self.units)
