"""Tables with a header: each record with its values by column, however often a column stands
there.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from plaintrack.exchange.draft import Words
from plaintrack.exchange.source import BadSource, Source, rows, surplus

HIGHEST = 50
"""Rows in which a header is looked for."""


class Row(NamedTuple):
    """One record: its first line (from 1), and the values of each column, without empty ones."""

    line: int
    values: Mapping[str, tuple[str, ...]]

    def text(self, *names: str) -> str:
        """The first value of the first of these columns that has one."""
        return next((self.values[name][0] for name in names if self.values.get(name)), "")

    def many(self, *names: str) -> tuple[str, ...]:
        """All values of these columns."""
        return tuple(value for name in names for value in self.values.get(name, ()))

    def rest(self, known: "frozenset[str] | set[str]") -> dict[str, Words]:
        """The columns that are not known, with what they hold."""
        return {
            name: values[0] if len(values) == 1 else values
            for name, values in self.values.items()
            if name not in known and values
        }


def table(source: Source, *required: str, what: str, hint: str) -> Iterator[Row]:
    """The records below the first row that has all ``required`` columns. Raises BadSource."""
    header: list[str] = []
    for line, cells in rows(source):
        if not header:
            names = [cell.strip() for cell in cells]
            if set(required) <= set(names):
                header = names
            elif line > HIGHEST:
                break
            continue
        below(source, line, cells, header)
        found: dict[str, list[str]] = {}
        for name, cell in zip(header, cells, strict=False):
            if cell.strip():
                found.setdefault(name, []).append(cell.strip())
        if found:
            yield Row(line, {name: tuple(values) for name, values in found.items()})
    if not header:
        columns = ", ".join(map(repr, required))
        raise BadSource(source.name, f"{what} has a header with {columns}; there is none", hint)


def below(source: Source, line: int, cells: list[str], header: list[str]) -> None:
    """Raise BadSource if more values stand in a record than there are columns."""
    if len(cells) > len(header):
        message = f"{len(cells)} values stand below {len(header)} columns"
        place = surplus(source, line, len(header))
        raise BadSource(source.name, message, "is a separator or a quote missing?", *place)
