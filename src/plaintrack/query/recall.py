"""What a query asks of history."""

from collections.abc import Callable
from typing import NamedTuple


class Recall(NamedTuple):
    """A question to history: a ``field`` changed, had a value that ``holds``, or ``by`` changed it.

    ``since`` is the first day and ``until`` the last (ISO); whatever is empty does not matter.
    """

    field: str = ""
    holds: Callable[[str], bool] | None = None
    by: str = ""
    since: str = ""
    until: str = ""
