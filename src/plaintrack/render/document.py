"""What to say, apart from how it is drawn: the parts of a Document know neither tasks nor colours.

It lives in ``render``, the room below all others, so that ``show`` can make what ``render`` draws.
Every drawing (a terminal, Markdown, data for programs) is one module with a ``draw`` of its own.
What most commands need is here, the other parts are in ``figures`` and ``sections``: each class
takes its time to be made when a command starts.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from plaintrack.render import chart, figures, loads, plot, sections

Value = Any
"""A text, number, truth, None for nothing, a sequence of these, or a mapping from names to them."""


Tone = tuple[str, ...]
"""What a text is about, the most special name first; a theme says which colour that has."""
Paint = Mapping[str, str]
"""Tone → the parameters of its escape sequence; without one there are no colours at all."""


class Table(NamedTuple):
    """Rows of cells below the names of their columns.

    ``name`` is what programs find the rows under. ``groups`` has the group of each row; the rows
    of a group stand together, and ``sums`` says what they are. ``links`` has the address of each
    row, which its ``id`` leads to. ``late`` has the numbers of rows to warn of, and on a terminal
    ``tones`` the tone of each cell of a column, ``marks`` a mark before each row with its tone. The
    column ``flexible`` gives way where the table is too wide, and ``lasting`` is the last to go.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    name: str = "items"
    groups: Sequence[str] | None = None
    links: Sequence[str] | None = None
    late: frozenset[int] = frozenset()
    flexible: int = 1
    sums: Mapping[str, str] = {}
    tones: Mapping[int, Sequence[Tone]] = {}
    marks: Sequence[tuple[str, Tone]] = ()
    lasting: int = -1


class Records(NamedTuple):
    """Things for programs, each with the names that it has.

    ``columns`` are the names that each has: as a table they stand there without rows, too.
    """

    rows: Iterable[Mapping[str, Value]]
    name: str = "items"
    columns: Sequence[str] = ()


class Document(NamedTuple):
    """Parts in their order; ``about`` is what programs are told beside the rows."""

    parts: Iterable["Part"]
    about: Mapping[str, Value] = {}


if TYPE_CHECKING:
    Part = (
        Table
        | Records
        | figures.Board
        | figures.Counts
        | figures.Tree
        | figures.Progress
        | figures.Figure
        | figures.Graph
        | figures.Gantt
        | sections.Heading
        | figures.Comparison
        | sections.Alert
        | sections.Fields
        | sections.Section
        | sections.Prose
        | sections.Code
        | sections.Sentences
        | chart.Timeline
        | loads.Loads
        | plot.Plot
    )
