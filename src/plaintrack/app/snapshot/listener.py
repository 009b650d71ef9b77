"""Who hears what happens by the way, so that the core never talks to a terminal."""

from collections.abc import Callable
from typing import NamedTuple


def _unheard(_text: str) -> None:
    """Tell no one."""


def _uncounted(_done: int, _whole: int) -> None:
    """Tell no one."""


class Listener(NamedTuple):
    """The door's ears: each hears one kind of thing, and no one listens unless a door says so."""

    notice: Callable[[str], None] = _unheard
    """Hears what the user should know, a line each."""
    acted: Callable[[str], None] = _unheard
    """Hears what rules did, a line each."""
    progress: Callable[[int, int], None] = _uncounted
    """Hears how much of a long piece of work is done, and how much there is."""


SILENT = Listener()
"""No one listens."""
