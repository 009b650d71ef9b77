"""Checks the links between the repositories of a portfolio: what none of them can check alone."""

from collections.abc import Iterator, Mapping, Sequence

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.gathered import Gathered
from plaintrack.checks.catalogue import every
from plaintrack.checks.cycles import cycles, described
from plaintrack.checks.report import Finding, Report
from plaintrack.checks.run import key as key_of
from plaintrack.checks.work import Found, Link, Row
from plaintrack.errors import NEARER, suggestion
from plaintrack.model.fields import LINKS, UPWARD
from plaintrack.model.ids import elsewhere
from plaintrack.model.task import fold
from plaintrack.store.index import checking

CODES = ("PT202", "PT203", "PT204", "PT410")
"""The checks that are also asked between repositories."""
_CIRCLES = (
    ("PT203", ("depends_on",), "remove one of these dependencies"),
    ("PT204", UPWARD, "remove one of these links"),
)


def across(snapshot: Gathered, query: str = "") -> Report:
    """What is wrong with links that lead from one repository to another, of the items that answer a
    query: no such item, a circle, an open item below a closed one. Raises BadQuery.
    """
    checks = {each.code: each for each in every()}
    found = list(_Across(snapshot).found())
    if query:
        rows = answers.rows_raw(snapshot, answers.question(snapshot, query))
        wanted = {path for path, _, _ in rows}
        found = [(code, each) for code, each in found if each.path in wanted]
    findings = [
        Finding(
            code,
            checks[code].name,
            each.path,
            each.message,
            each.hint,
            severity=checks[code].severity,
            item=each.item,
            key=key_of(code, each),
        )
        for code, each in found
    ]
    findings.sort(key=lambda each: (each.path, each.code, each.message))
    return Report(
        tuple(findings),
        checks,
        len(checking.ids(snapshot.index.connection)),
        snapshot.today.isoformat(),
    )


class _Across:
    """The links between repositories, and the items at both their ends."""

    def __init__(self, snapshot: Gathered) -> None:
        connection = snapshot.index.connection
        self.snapshot = snapshot
        self.ids = checking.ids(connection)
        self.numbers = {key: number for number, key in self.ids.items()}
        self.links: Sequence[Link] = checking.links(connection, LINKS)
        self.names = {fold(name): name for name in snapshot.source.repositories}
        self.gathered = {fold(each.name) for each in snapshot.repositories}
        mine = {number: key.partition("/")[0] for number, key in self.ids.items()}
        # an item without an id has none before a slash either; its links are looked at, too
        self.crossing = [
            link
            for link in self.links
            if link[2].partition("/")[0] != mine.get(link[0]) and elsewhere(link[2])
        ]
        ends = {link[0] for link in self.crossing}
        ends |= {self.numbers[link[2]] for link in self.crossing if link[2] in self.numbers}
        self.rows = checking.at(connection, sorted(ends)) if ends else {}

    def found(self) -> Iterator[tuple[str, Found]]:
        """Code and finding."""
        for number, field, key in self.crossing:
            row = self.rows[number]
            if fold(row.path.partition("/")[0]) == key.partition("/")[0]:
                continue  # of an item without an id, to its own repository
            if key in self.numbers:
                yield from self.closed(row, field, self.rows[self.numbers[key]])
            else:
                yield from self.dangling(row, field, key)
        for code, fields, hint in _CIRCLES:
            yield from self.circles(code, fields, hint)

    def dangling(self, row: Row, field: str, key: str) -> Iterator[tuple[str, Found]]:
        """A link that leads to no item."""
        name, _, item = key.partition("/")
        if name not in self.names:
            near = suggestion(name, self.names.values(), alike=NEARER)
            message = f"{field}: the portfolio has no repository {name}"
            hint = near or "correct the name, or let that repository publish"
            yield "PT202", Found(row.path, row.id, field, key, message, hint)
        elif name in self.gathered:
            known = [each.partition("/")[2] for each in self.numbers if each.startswith(f"{name}/")]
            near = suggestion(item, known, alike=NEARER)
            message = f"{field}: {self.names[name]} has no item {item}"
            hint = near or "write the whole id of an item, or remove it"
            yield "PT202", Found(row.path, row.id, field, key, message, hint)

    def closed(self, row: Row, field: str, target: Row) -> Iterator[tuple[str, Found]]:
        """An open item that is a part of a closed one, or waits for one that was given up."""
        if row.category not in ("open", "active"):
            return
        given_up = field == "depends_on" and target.category == "cancelled"
        if given_up or (field in UPWARD and target.category in ("done", "cancelled")):
            message = f"{field}: {target.id} is {target.status}, and this is open"
            hint = "close or move it, or open that again"
            if given_up:
                hint = "remove the dependency, or depend on what takes its place"
            yield "PT410", Found(row.path, row.id, field, fold(target.id), message, hint)

    def circles(self, code: str, fields: Sequence[str], hint: str) -> Iterator[tuple[str, Found]]:
        """Circles of items of several repositories."""
        graph: dict[str, list[str]] = {}
        named: dict[tuple[str, str], str] = {}
        for number, field, key in self.links:
            if field in fields and number in self.ids and key in self.numbers:
                graph.setdefault(self.ids[number], []).append(key)
                named.setdefault((self.ids[number], key), field)
        for circle in cycles(self._knotted(graph)):
            if len({each.partition("/")[0] for each in circle}) < 2:
                continue
            some = [self.numbers[each] for each in circle]
            rows = checking.at(self.snapshot.index.connection, some)
            field = named[circle[0], circle[1]]
            message = described([rows[each].id for each in some], field)
            first = rows[some[0]]
            yield code, Found(first.path, first.id, field, "", message, hint, key=" ".join(circle))

    def _knotted(self, graph: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The part of a graph that links across repositories lead into, and what that leads to: no
        other circle goes through several.
        """
        starts = {key for _, _, key in self.crossing if key in graph}
        found: dict[str, list[str]] = {}
        waiting = list(starts)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found[node] = sorted(graph.get(node, ()))
                waiting += found[node]
        return found
