"""Goals and projects: every number against an independent computation over random outlines."""

from collections import Counter
from datetime import date

import outlines
import pytest

from plaintrack.plan import goals, projects
from plaintrack.plan.alignment import Closing, alignment
from plaintrack.plan.goals import Bands, Metric, Yardstick
from plaintrack.plan.outline import Effort, Piece, effort, operations, progress, share, spent, total

TODAY = date(2026, 11, 23)
YARDSTICK = Yardstick(TODAY, "UTC", Bands())


@pytest.mark.parametrize("seed", range(40))
def test_what_serves_which_goal_and_what_is_work(seed):
    work = outlines.outline(seed)
    numbers = range(len(work.pieces))
    assert list(work.goals) == [outlines.served(work, at) for at in numbers]
    several = [set(each) for each in work.served]
    assert several == [outlines.all_served(work, at) for at in numbers]
    for at in numbers:  # the one that efforts count for is among those that time counts for
        assert outlines.kind(work, at) == "goal" or {work.goals[at]} - {""} <= several[at]
    assert list(work.work) == [at for at in numbers if outlines.is_work(work, at)]
    kinds = [
        "" if outlines.kind(work, at) == "goal" else outlines.work_kind(work, at) for at in numbers
    ]
    assert list(work.kinds) == kinds


@pytest.mark.parametrize("seed", range(40))
def test_efforts_and_scores_of_goals(seed):
    work = outlines.outline(seed)
    found = goals.goals(work, YARDSTICK)
    pieces = {key: [] for key in found}
    for at in work.work:
        for key in outlines.chain(work, at):
            pieces[key].append(work.pieces[at])
    for key, goal in found.items():
        some = pieces[key]
        estimates = [piece.estimate for piece in some]
        assert goal.effort.items == len(some)
        assert goal.effort.unestimated == estimates.count(None)
        assert goal.effort.planned == sum(filter(None, estimates))
        done = [piece.estimate or 0 for piece in some if piece.category == "done"]
        assert goal.effort.done == sum(done)
        assert goal.effort.closed == len(done)
        assert goal.open == len(some) - len(done)
        assert goal.score == pytest.approx(outlines.goal_score(work, key))
    orphans = [at for at in work.work if not outlines.served(work, at)]
    roots = [goal.effort for goal in found.values() if not goal.above]
    whole = total([*roots, *map(work.effort, orphans)])
    assert whole == total(map(work.effort, work.work))  # nothing is lost, nothing counts twice


@pytest.mark.parametrize("seed", range(30))
def test_circles_end_and_lose_no_goal(seed):
    small = outlines.outline(seed, 10, circles=True)
    several = [outlines.all_served(small, at) for at in range(10)]
    assert list(map(set, small.served)) == several
    work = outlines.outline(seed, circles=True)
    found = goals.goals(work, YARDSTICK)
    every = {piece.task.id.lower() for piece in work.pieces if piece.task.text("type") == "goal"}
    assert every <= set(found)
    standing = goals.standing(work, found, sorted(found))
    assert Counter(row.goal.key for row in standing.rows) == Counter(found.keys())
    for at, piece in enumerate(work.pieces):
        if piece.task.text("type") == "project":
            projects.project(work, at, YARDSTICK)


def test_a_long_chain_and_a_wide_tree_take_no_time():
    chain = [
        outlines.Task(f"{at:06}", f"T-{at}", {"type": "goal", "goal": f"T-{min(at + 1, 29_999)}"})
        for at in range(30_000)
    ]
    wide = [
        outlines.Task(f"{at:06}", f"W-{at}", {"type": "task", "goal": "T-0"})
        for at in range(30_000, 60_000)
    ]
    found = goals.goals(outlines.Outline([Piece(task) for task in [*chain, *wide]]), YARDSTICK)
    assert found["t-29999"].effort.items == 30_000
    assert [goal.effort.items for goal in found.values() if goal.above == ""] == [30_000]


@pytest.mark.parametrize(
    ("metric", "part"),
    [
        (Metric(0, 10, 7), 0.7),
        (Metric(4, 10, 7), 0.5),
        (Metric(5, 2, 3), 2 / 3),
        (Metric(5, 2, 6), 0.0),
        (Metric(0, 10, 12), 1.0),
        (Metric(3, 3, 3), None),
        (Metric(0, 0, 0), None),
    ],
)
def test_how_far_a_metric_is(metric, part):
    assert goals.reached(metric) == (None if part is None else pytest.approx(part))


@pytest.mark.parametrize(
    ("score", "passed", "overdue", "health"),
    [
        (None, 0.5, False, ""),
        (0.5, None, False, ""),
        (0.0, 0.05, False, ""),
        (0.0, 0.5, False, "off track"),
        (0.2, 0.5, False, "at risk"),
        (0.35, 0.5, False, "on track"),
        (1.0, 1.0, True, "at risk"),
        (0.39, 1.0, True, "off track"),
    ],
)
def test_health(score, passed, overdue, health):
    assert goals.health(score, passed, overdue, Bands()) == health


def test_how_much_time_has_passed():
    first, last = date(2026, 11, 1), date(2026, 11, 10)
    days = [
        date(2026, 10, 31),
        first,
        date(2026, 11, 6),
        last,
        date(2026, 11, 11),
        date(2026, 12, 1),
    ]
    assert [goals.passed(first, last, day) for day in days] == [0, 0, 0.5, 0.9, 1, 1]
    assert (
        goals.passed(None, last, first)
        is goals.passed(first, None, last)
        is goals.passed(last, first, first)
        is None
    )


@pytest.mark.parametrize(
    ("category", "estimate", "remaining", "used"),
    [
        ("open", 480, None, 0), ("open", 480, 120, 360), ("open", None, None, 0), ("open", None, 60, None),
        ("active", 480, 120, 360), ("active", 480, None, None), ("active", 480, 600, None), ("active", None, 60, None),
        ("done", 480, None, 480), ("done", 480, 120, 480), ("done", None, None, None),
    ],
)  # fmt: skip
def test_what_was_spent(category, estimate, remaining, used):
    assert spent(Piece(outlines.Task("", "", {}), category, estimate, remaining)) == used


def test_a_number_that_is_not_known_is_absent():
    assert progress(Effort(items=3, unestimated=3)) is None
    assert share(Effort(), Effort()) is None
    assert goals.score(None, [], None, done=False) is None
    assert goals.score(None, [(0.0, 0.5)], 0.25, done=False) == 0.25
    assert (
        goals.number("nan")
        is goals.number("1e999")
        is goals.number("1_0")
        is goals.number("")
        is None
    )


@pytest.mark.parametrize("seed", range(20))
def test_alignment_adds_up(seed):
    work = outlines.outline(seed)
    days = [date(2026, 10 + number % 2, 1 + number % 28) for number in range(len(work.pieces))]
    closings = [Closing(at, days[at]) for at in work.work if work.pieces[at].category == "done"]
    shares = alignment(work, closings, lambda day: day.isoformat()[:7])
    assert sum(each.items for each in shares) == len(closings)
    for period in ("2026-10", "2026-11"):
        some = [each for each in shares if each.period == period]
        total = sum(each.effort for each in some)
        if total:
            assert sum(each.share or 0 for each in some) == pytest.approx(1)
        for each in some:
            mine = [
                at
                for at, day, _ in closings
                if outlines.served(work, at) == each.goal and day.isoformat()[:7] == period
            ]
            assert each.effort == sum(work.pieces[at].estimate or 0 for at in mine)
            assert each.unestimated == sum(work.pieces[at].estimate is None for at in mine)


@pytest.mark.parametrize("seed", range(20))
def test_projects_and_operations(seed):
    work = outlines.outline(seed)
    live = [at for at in work.work if work.pieces[at].category in ("open", "active")]
    whole, running = operations(work)
    lefts = {
        at: (
            work.pieces[at].remaining
            if work.pieces[at].remaining is not None
            else work.pieces[at].estimate
        )
        or 0
        for at in live
    }
    assert whole.left == sum(lefts.values())
    assert running.left == sum(
        left for at, left in lefts.items() if outlines.work_kind(work, at) == "operations"
    )
    for at, piece in enumerate(work.pieces):
        if piece.task.text("type") != "project":
            continue
        below = {at}
        for _ in work.pieces:
            below |= {
                other
                for other in range(len(work.pieces))
                if below
                & set(outlines.above(work, other, "parent", "project", "milestone", "goal"))
            }
        below -= {at}
        found = projects.project(work, at, YARDSTICK)
        some = [other for other in below if outlines.is_work(work, other)]
        assert found.effort == total(effort(work.pieces[other]) for other in some)
        assert found.open == sum(
            work.pieces[other].category in ("open", "active") for other in below
        )
        names = {
            work.pieces[other].task.id
            for other in below
            if outlines.kind(work, other) == "deliverable"
        }
        assert {each.task.id for each in found.deliverables} == names
