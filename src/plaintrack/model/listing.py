"""Items in rows, as a list shows them: ``app`` finds them, ``show`` tells them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from plaintrack.model.rollup import Rollup


class Standing(NamedTuple):
    """How an item stands: whether it is overdue, blocked, and the user's; the category of its
    status, that and its priority folded, and the priority's place (``first``, ``second``, ``last``
    or none of these).
    """

    overdue: bool
    blocked: bool
    mine: bool
    category: str
    status: str
    priority: str
    rank: str


class Listing(NamedTuple):
    """Rows of cells, one per name; of texts, or of typed values.

    ``paths`` has the file of each row and ``groups`` its group, if they were asked for; ``late``
    the numbers of the rows that are overdue, ``standings`` how each row stands, ``rolled`` what the
    rows of each group are together.
    """

    names: list[str]
    rows: Sequence[tuple[Any, ...]]
    paths: list[str] | None = None
    groups: list[str] | None = None
    late: frozenset[int] = frozenset()
    rolled: "Mapping[str, Rollup] | None" = None
    standings: Sequence[Standing] = ()
