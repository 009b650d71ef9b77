"""A newer plan begins with the older one: what has room to slip moves nothing else, and what is
closed when it was planned to be moves nothing at all.
"""

from random import Random

import making
import pytest
from making import DAY, week

from plaintrack.plan.explain import Explanation
from plaintrack.plan.problem import Activity, Link, Need, Problem, Resource
from plaintrack.plan.schedule import schedule

WORKED = 2  # slots of a day that people work


def team(seed, count=100):
    """A team's work of days: people with leave, a few vans, due dates that some work misses."""
    random = Random(seed)
    days = 400
    people = [making.person(random, days, f"p{number}") for number in range(5)]
    vans = Resource("van", week(days, units=2, slots=2))
    activities = []
    for number in range(count):
        options = random.sample(range(5), random.choice((1, 1, 1, 2)))
        needs = (Need(((5, 1),)),) if random.random() < 0.2 else ()
        activities.append(
            Activity(
                f"a{number}",
                "effort",
                random.choice((1, 2, 2, 4, 6)),
                (Need(tuple((one, 100) for one in options)),),
                needs,
                due=random.choice((None, None, random.randrange(20, 400))),
                release=random.choice((None, None, None, random.randrange(200))),
                priority=random.choice((1, 2, 3)),
                split=random.random() < 0.1,
            )
        )
    links = tuple(
        Link(random.randrange(max(0, number - 20), number), number)
        for number in range(1, count)
        if random.random() < 0.5
    )
    return Problem(tuple(activities), links, (*people, vans), (), days * DAY, 0, DAY)


def dates(plan, without):
    return {one.id: (one.start, one.end) for one in plan.placed if one and one.id != without}


def changed(problem, index, **values):
    activities = list(problem.activities)
    activities[index] = activities[index]._replace(**values)
    return problem._replace(activities=tuple(activities))


def slips(seed):
    """One day more on three activities with two days of room, one after the other."""
    problem = team(seed)
    older = schedule(problem)
    why = Explanation(older)
    roomy = [
        index
        for index, one in enumerate(problem.activities)
        if older.placed[index] and why.slack(one.id) >= 2 * WORKED
    ]
    for index in Random(seed).sample(roomy, min(3, len(roomy))):
        work = problem.activities[index].work
        newer = schedule(changed(problem, index, work=work + WORKED), previous=older)
        assert not newer.moved
        id = problem.activities[index].id
        assert dates(newer, id) == dates(older, id)
    return len(roomy)


def closings(seed):
    """Each of three activities closed on the day of its planned end, by the evening or at noon."""
    problem = team(seed)
    older = schedule(problem)
    first = sorted(
        (one.end, index) for index, one in enumerate(older.placed) if one and one.end <= DAY
    )
    for end, index in first[:3]:
        day = (end - 1) // DAY * DAY
        for ended in (day + 1, day + DAY):
            newer = schedule(changed(problem, index, ended=ended, began=0), previous=older)
            assert not newer.moved
            id = problem.activities[index].id
            assert dates(newer, id) == dates(older, id)
    return len(first)


@pytest.mark.parametrize("seed", range(10))
def test_what_has_room_moves_nothing_else(seed):
    slips(seed)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_closed_on_its_planned_day_moves_nothing(seed):
    closings(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 210))
def test_many_plans_are_calm(seed):
    slips(seed)
    closings(seed)


def test_the_same_problem_keeps_its_plan():
    problem = team(3)
    older = schedule(problem)
    newer = schedule(problem, previous=older)
    assert (newer.placed, newer.order, newer.schedules) == (older.placed, older.order, 1)


def test_new_work_comes_where_its_key_says():
    problem = team(4, 20)
    older = schedule(problem)
    urgent = Activity("new", "effort", 2, (Need(((0, 100),)),), due=4, priority=9)
    newer = schedule(problem._replace(activities=(*problem.activities, urgent)), previous=older)
    assert newer.by_id()["new"].end <= 4


def test_who_was_chosen_stays_unless_that_is_late():
    """Both could do it; the older plan chose ben since ana was away, and ana is back."""
    people = (Resource("ana", ((8, 100, 100),)), Resource("ben", ((0, 100, 100),)))
    both = Need(((0, 100), (1, 100)))
    problem = Problem((Activity("a", "effort", 8, (both,)),), (), people, (), 100, 0, DAY)
    older = schedule(problem)
    assert older.placed[0].choice == ("ben",)
    back = problem._replace(resources=(people[0]._replace(runs=((0, 100, 100),)), people[1]))
    assert schedule(back).placed[0].choice == ("ana",)
    assert schedule(back, previous=older).placed[0].choice == ("ben",)
    gone = problem._replace(resources=(people[0],))
    gone = changed(gone, 0, people=(Need(((0, 100),)),))
    assert schedule(gone, previous=older).placed[0].choice == ("ana",)
