"""A Problem: what is wrong, where, and what to do about it."""

from typing import NamedTuple


def shown(text: object) -> str:
    """``text`` in quotes for a message, at most 80 characters of it."""
    found = str(text)
    return repr(found if len(found) <= 80 else f"{found[:79]}…")


class Problem(NamedTuple):
    """One finding in one file.

    ``code`` is a stable name (``yaml``, ``duplicate-key`` …); ``severity`` is ``error`` or
    ``warning``; ``line`` and ``column`` count from 1 (0: the file as a whole); ``excerpt`` is the
    line of the file it speaks of.
    """

    code: str
    path: str
    message: str
    hint: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""
    severity: str = "error"

    @property
    def place(self) -> str:
        """``path:line:column``, or the path alone for a Problem of the whole file."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path

    @property
    def text(self) -> str:
        """Where it is and what is wrong, on one line."""
        return f"{self.place}: {self.message}"

    def describe(self) -> str:
        """The problem in one line: where, what is wrong, and what to do."""
        return f"{self.text} ({self.hint})" if self.hint else self.text
