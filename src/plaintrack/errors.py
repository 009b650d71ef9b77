"""The one base of every error that plaintrack raises on purpose, and what to suggest for a word
that is not known.
"""

from collections.abc import Callable, Iterable

NEAR = 0.6
"""How alike two words are (0 to 1, as difflib counts), so that one may be a slip for the other."""
NEARER = 0.75
"""The same for ids and dates, which look alike."""


class PlaintrackError(Exception):
    """Something the user can understand and fix.

    ``message`` says what is wrong and where, in one line; ``hint`` says what to do. ``excerpt`` is
    the text it speaks of, if it helps to see it, and ``column`` the place in its last line (from 1;
    0: the whole). ``slug`` is a stable name for programs, ``exit_code`` is what the command line
    exits with (1: the answer is "no", 2: wrong usage or bad input).
    """

    slug = "error"
    exit_code = 2

    def __init__(self, message: str, hint: str = "", excerpt: str = "", column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.excerpt = excerpt
        self.column = column

    def __str__(self) -> str:
        shown = f"\n  {self.excerpt}" if self.excerpt else ""
        return (
            self.message
            + shown
            + (f"\n  {' ' * (self.column - 1)}^" if shown and self.column else "")
        )


def command(*words: str) -> str:
    """A command line of plaintrack as messages show it: in backticks, each word as a shell takes
    it.
    """
    from shlex import quote

    return f"`{' '.join(['plaintrack', *map(quote, words)])}`"


def nearest(word: str, known: Iterable[str], alike: float = NEAR) -> str:
    """The known word that someone may have meant, in its own spelling; empty if none is near.
    Upper and lower case are the same.
    """
    from difflib import get_close_matches

    spellings = {each.lower(): each for each in sorted(known, reverse=True)}
    found = get_close_matches(word.lower(), spellings, 1, alike)
    return spellings[found[0]] if found else ""


def suggestion(
    word: str,
    known: Iterable[str],
    otherwise: str = "",
    alike: float = NEAR,
    write: Callable[[str], str] = repr,
) -> str:
    """The question whether the nearest known word was meant, as ``write`` puts it down;
    ``otherwise`` if none is near.
    """
    found = nearest(word, known, alike)
    return f"did you mean {write(found)}?" if found else otherwise
