"""How old what is known of a repository is."""

from collections.abc import Sequence
from typing import NamedTuple


class Age(NamedTuple):
    """What is known of one repository: its last commit that counts and when that was made, and when
    its publisher looked at it last, both in Unix seconds (``seen`` is None where that is not
    known). Old data is ``stale``: it was not looked at for longer than it should be.
    """

    name: str
    tip: str
    tip_time: int
    seen: int | None
    stale: bool


class Ages(NamedTuple):
    """The ages of the repositories that an answer is made of, at a moment (Unix seconds); what is
    older than ``most`` seconds is stale.
    """

    now: int
    most: int
    each: Sequence[Age]
