"""Circles: all are found, each once, however long, and the search ends."""

import random

import pytest
from gallery_help import TODAY
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.app.check.check import Asked, check
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.cycles import MOST, cycles

graphs = st.dictionaries(
    st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefgh"), max_size=4), max_size=8
)


def reaches(graph, start, target):
    """Whether one comes from a node to another in one step or more."""
    seen, waiting = set(), list(graph.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node == target:
            return True
        if node not in seen:
            seen.add(node)
            waiting += graph.get(node, ())
    return False


@given(graphs)
def test_what_is_found_is_a_circle_and_every_circle_is_met(graph):
    found = cycles(graph)
    for circle in found:
        assert circle[0] == min(circle)
        assert len(set(circle)) == len(circle)
        assert all(
            two in graph[one] for one, two in zip(circle, [*circle[1:], circle[0]], strict=True)
        )
    assert len({tuple(each) for each in found}) == len(found)
    # without the edges that were found nothing leads back to itself, unless more circles were knotted together than are told
    left = {node: list(dict.fromkeys(targets)) for node, targets in graph.items()}
    for circle in found:
        for one, two in zip(circle, [*circle[1:], circle[0]], strict=True):
            left[one].remove(two)
    assert len(found) >= MOST or not any(reaches(left, node, node) for node in graph)


@given(graphs, st.randoms())
def test_the_order_of_the_nodes_does_not_matter(graph, rng):
    items = list(graph.items())
    rng.shuffle(items)
    least = [(len(each), each[0]) for each in cycles(graph)]
    assert [(len(each), each[0]) for each in cycles(dict(items))] == least


def test_long_chains_and_dense_knots_end():
    size = 20_000
    assert cycles({str(at): [str(at + 1)] for at in range(size)}) == []
    (circle,) = cycles({f"{at:05}": [f"{(at + 1) % size:05}"] for at in range(size)})
    assert len(circle) == size
    rng = random.Random(1)
    dense = {str(at): [str(rng.randrange(100)) for _ in range(30)] for at in range(100)}
    assert len(cycles(dense)) == MOST


def chain(folder, size, closed):
    """A workspace with a chain of dependencies, perhaps closed to a circle."""
    (folder / "plaintrack.yml").write_text("timezone: UTC\n")
    (folder / "tasks").mkdir()
    for at in range(size):
        last = at == size - 1
        depends = "" if last and not closed else f"depends_on: T-{(at + 1) % size:05}\n"
        (folder / f"tasks/T-{at:05}.md").write_text(
            f"---\nid: T-{at:05}\ntitle: {at}\n{depends}---\n"
        )


@pytest.mark.parametrize("size", [400, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_long_circle_of_items_is_told_once(tmp_path, size):
    chain(tmp_path, size, closed=True)
    (finding,) = check(Workspace(str(tmp_path)), Asked(today=TODAY)).findings
    assert finding.code == "PT203"
    assert finding.message.startswith("T-00000 → T-00001 → ")
    assert f"{size - 6:,} more → T-00000" in finding.message
    assert (finding.path, finding.line, finding.column) == ("tasks/T-00000.md", 4, 13)


@pytest.mark.parametrize("size", [400, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_long_chain_is_fine(tmp_path, size):
    chain(tmp_path, size, closed=False)
    assert check(Workspace(str(tmp_path)), Asked(today=TODAY)).findings == ()
