"""Roll-up: counts and sums of items, each once."""

import pytest
from outlines import outline

from plaintrack.model.task import Task
from plaintrack.plan.outline import GROUPS, NOTED, Outline, Piece
from plaintrack.plan.rollup import Rolling, Sums


def piece(item, estimate=None, category="open", logged=None, **fields):
    task = Task(f"tasks/{item}.md", item, {"id": item, **fields})
    return Piece(task, category, estimate, logged=logged)


def below(pieces, item):
    work = Outline(pieces)
    return Rolling(work).sums(work.below(work.numbers[item.lower()]))


def test_an_item_with_parent_project_and_goal_counts_once():
    pieces = [
        piece("G", type="goal"),
        piece("P", type="project", goal="G"),
        piece("S", 600, parent="P", project="P", goal="G"),
        piece("A", 480, logged=60, parent="S", project="P", goal="G"),
        piece("B", 240, "done", parent="S", project="P", goal="G"),
        piece("C", parent="S", project="P"),
        piece("D", 999, "cancelled", logged=5, parent="S"),
    ]
    sums = Sums(3, 1, 1, 1, 720.0, 480.0, 65.0)
    assert below(pieces, "S") == below(pieces, "P") == below(pieces, "G") == sums


def test_an_estimate_stands_in_only_where_nothing_below_is_estimated():
    pieces = [piece("P"), piece("S", 600, parent="P"), piece("A", parent="S")]
    assert below(pieces, "P") == Sums(1, 0, 1, 1, 600.0, 600.0)
    assert below([*pieces, piece("B", 60, parent="S")], "P") == Sums(2, 0, 1, 1, 60.0, 60.0)
    assert below(pieces, "S") == Sums(1, 0, 1, 1, None, None)


def test_in_a_circle_each_counts_once():
    pieces = [
        piece("X"),
        piece("A", 60, parent="B", project="X"),
        piece("B", 30, parent="A"),
        piece("C", 15, parent="B"),
    ]
    assert below(pieces, "X").items == 1  # A and B have C below them, which is estimated
    pieces.pop()
    assert below(pieces, "X") == Sums(2, 0, 0, 0, 90.0, 90.0)


def _plain(work, numbers):
    """The definition once more, from the links alone."""

    def ups(number):
        found, waiting = set(), [number]
        while waiting:
            for name in ("parent", "project", "milestone", "goal"):
                for link in work.pieces[waiting[0]].task.many(name):
                    above = work.numbers.get(link.lower())
                    if above is not None and above not in found:
                        found.add(above)
                        waiting.append(above)
            waiting.pop(0)
        return found

    def live(number):
        each = work.pieces[number]
        noted = each.task.text("type") in NOTED and each.estimate is None
        return each.category != "cancelled" and not noted

    def under(number, test):
        return any(
            number in ups(other) and other not in ups(number) and live(other) and test(other)
            for other in range(len(work.pieces))
            if other != number
        )

    def told(number):
        return work.pieces[number].estimate is not None or work.pieces[number].remaining is not None

    items = estimate = 0
    for number in numbers:
        if not live(number):
            continue
        group = work.pieces[number].task.text("type") in GROUPS
        counted = not group and not under(number, lambda _: True)
        items += counted
        if counted or (told(number) and not under(number, told)):
            estimate += work.pieces[number].estimate or 0
    return items, estimate


@pytest.mark.parametrize("seed", range(24))
def test_roll_up_is_its_definition(seed):
    work = outline(seed, 18, circles=seed % 2 == 1)
    rolling = Rolling(work)
    for number in range(len(work.pieces)):
        numbers = work.below(number)
        found = rolling.sums(numbers)
        assert (found.items, found.estimate or 0) == _plain(work, numbers)
