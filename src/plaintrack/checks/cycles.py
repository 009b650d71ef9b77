"""Circles in a directed graph, each once, without recursion, and how items in one are told."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

MOST = 10
"""Circles reported of one knot of items."""
_SHOWN = 6
"""Ids of a circle that a message names."""
Graph = dict[str, list[str]]


def cycles(edges: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The circles of a graph (node → the nodes it leads to), each beginning with its least node, in
    order.

    Of nodes that are knotted into several circles, the shortest one through the least node comes
    first; then those that are left without its edges; at most MOST.
    """
    found = []
    graph = {node: list(dict.fromkeys(targets)) for node, targets in edges.items()}
    for knot in _knots(_trimmed(graph)):
        waiting, budget = [knot], MOST
        while waiting and budget:
            part = waiting.pop()
            circle = _shortest(part, min(part))
            found.append(circle)
            for one, two in zip(circle, [*circle[1:], circle[0]], strict=True):
                part[one].remove(two)
            waiting += _knots(_trimmed(part))
            budget -= 1
    return sorted(found)


def _trimmed(graph: Graph) -> Graph:
    """The graph without nodes that lead nowhere, again and again: from what is left one comes to a
    circle.
    """
    left = {node: sum(each in graph for each in targets) for node, targets in graph.items()}
    before: Graph = {}
    for node, targets in graph.items():
        for each in targets:
            before.setdefault(each, []).append(node)
    waiting = [node for node, count in left.items() if not count]
    while waiting:
        node = waiting.pop()
        del left[node]
        for each in before.get(node, ()):
            left[each] -= 1
            if not left[each]:
                waiting.append(each)
    return {node: [each for each in graph[node] if each in left] for node in left}


def _knots(graph: Graph) -> Iterator[Graph]:
    """The strongly connected parts that have a circle in them (Tarjan's algorithm, with a stack of
    its own).
    """
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    stacked: set[str] = set()
    for start in graph:
        path: list[tuple[str, Iterator[str]]] = []
        following: str | None = None if start in number else start
        while path or following is not None:
            if following is not None:
                number[following] = low[following] = len(number)
                stack.append(following)
                stacked.add(following)
                path.append((following, iter(graph[following])))
                following = None
            node, targets = path[-1]
            for each in targets:
                if each not in number:
                    following = each
                    break
                if each in stacked:
                    low[node] = min(low[node], number[each])
            if following is not None:
                continue
            path.pop()
            if path:
                low[path[-1][0]] = min(low[path[-1][0]], low[node])
            if low[node] == number[node]:
                knot = {stack.pop(): None}
                while node not in knot:
                    knot[stack.pop()] = None
                stacked -= knot.keys()
                if len(knot) > 1 or node in graph[node]:
                    yield {
                        each: [target for target in graph[each] if target in knot] for each in knot
                    }


def _shortest(knot: Graph, start: str) -> list[str]:
    """The shortest circle through a node of a knot."""
    came = {start: start}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for each in knot[node]:
            if each == start:
                circle = [node]
                while circle[-1] != start:
                    circle.append(came[circle[-1]])
                return circle[::-1]
            if each not in came:
                came[each] = node
                waiting.append(each)
    raise ValueError("a knot without a circle")


def described(names: list[str], field: str) -> str:
    """A circle of items in words; ``field`` holds a link of it, from the first item."""
    if len(names) == 1:
        what = "depends on itself" if field == "depends_on" else f"is its own {field}"
        return f"{names[0]} {what}"
    shown = names[:_SHOWN]
    if len(names) > _SHOWN:
        shown.append(f"{len(names) - _SHOWN:,} more")
    what = "depend on" if field == "depends_on" else "contain"
    return f"{' → '.join([*shown, names[0]])}: they {what} each other in a circle"
