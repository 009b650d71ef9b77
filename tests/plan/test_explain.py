"""The causes named are the ones that hold: with all of them lifted, and everything else where it
is, the activity fits one slot sooner; with any one of them left it does not.
"""

import feasible
import making
from feasible import level, slots, works
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.plan.explain import Cause, Explanation
from plaintrack.plan.problem import Activity, Link, Need, Off, Problem, Resource
from plaintrack.plan.schedule import schedule

SEEDS = st.integers(0, 10**9)


class Held:
    """A plan in which one activity may be somewhere else, some causes lifted."""

    def __init__(self, problem, plan, index, lifted):
        self.problem, self.plan, self.index = problem, plan, index
        self.gone = {one.activity for one in lifted if one.kind in ("link", "holder")}
        offs = {(one.resource, one.off) for one in lifted if one.kind == "off"}
        self.dates = {one.kind for one in lifted}
        self.resources = [
            one._replace(off=tuple(off for off in one.off if (one.name, off) not in offs))
            for one in problem.resources
        ]
        self.calendars = [
            one._replace(off=tuple(off for off in one.off if (one.name, off) not in offs))
            for one in problem.calendars
        ]
        self.activity, self.placed = problem.activities[index], plan.placed[index]
        self.usage = self.uses()
        self.number = None
        if self.placed.parts:
            starts = [part.start for part in self.placed.parts]
            self.number = starts.index(min(starts))
            people, self.needs = feasible.options(problem, index, self.names())
            self.person = people[self.number] if people else None
            sums = {}
            for resource, units in self.needs:
                if self.person is None or self.person[0] != resource:
                    sums[resource] = sums.get(resource, 0) + units
            self.sums = sums

    def names(self):
        return self.placed.choice or tuple(
            self.problem.resources[need.options[0][0]].name for need in self.activity.needs
        )

    def open_in(self, slot, bare=False):
        resources = self.problem.resources if bare else self.resources
        calendars = self.problem.calendars if bare else self.calendars
        if bare:
            resources = [one._replace(off=()) for one in resources]
            calendars = [one._replace(off=()) for one in calendars]
        if self.activity.kind == "elapsed":
            return True
        if self.activity.calendar is not None and not works(
            calendars[self.activity.calendar], slot
        ):
            return False
        if self.person and not level(resources[self.person[0]], slot):
            return False
        return all(level(resources[one], slot) >= units for one, units in self.sums.items())

    def slot_before(self):
        """The slot before its start in which it could work if nothing were off."""
        if self.number is None:
            return self.placed.start - 1
        start = self.placed.parts[self.number].start
        return next((one for one in range(start - 1, -1, -1) if self.open_in(one, True)), -1)

    def used(self, resource, slot):
        return self.usage.get((resource, slot), 0)

    def uses(self):
        usage = {}
        for place, placed in enumerate(self.plan.placed):
            if placed and place != self.index and placed.id not in self.gone:
                for hold in (hold for part in placed.parts for hold in part.holds):
                    for slot in slots(hold.runs):
                        usage[hold.resource, slot] = (
                            usage.get((hold.resource, slot), 0) + hold.units
                        )
        return usage

    def free_in(self, slot):
        others = [one for place, one in enumerate(self.placed.parts) if place != self.number]
        shared = any(slot in slots(part.runs) for part in others)
        for resource, units in self.sums.items():
            there = level(self.resources[resource], slot)
            if self.activity.kind == "elapsed" and there < units:
                continue
            if not (shared and self.person) and self.used(resource, slot) + units > there:
                return False
        if self.person:
            there = level(self.resources[self.person[0]], slot)
            return self.used(self.person[0], slot) + min(self.person[1], there) <= there
        return True

    def fits_from(self, slot):
        if slot < self.problem.now:
            return False
        pinned = self.activity.pinned is not None
        if pinned and "pinned" not in self.dates and slot < self.activity.pinned:
            return False
        released = pinned or "release" in self.dates or self.activity.release is None
        if not released and slot < self.activity.release:
            return False
        end = slot if self.number is None else self.end_from(slot)
        return end is not None and self.linked(slot, end)

    def end_from(self, slot):
        if not self.open_in(slot) or not self.free_in(slot):
            return None
        wanted = self.activity.work
        if self.person:
            workers = sum(need.number for need in self.activity.people)
            wanted = -(-wanted * 100 // workers)
        at = slot
        while wanted > 0:
            if at >= self.problem.horizon:
                return None
            if self.open_in(at):
                if self.free_in(at):
                    there = self.person and level(self.resources[self.person[0]], at)
                    wanted -= min(self.person[1], there) if self.person else 1
                elif not self.activity.split:
                    return None
            at += 1
        others = [one.end for place, one in enumerate(self.placed.parts) if place != self.number]
        return max([at, *others])

    def room_from(self, slot, limit):
        """Whether it may start there and nothing else moves."""
        end = self.end_from(slot)
        if end is None or end > limit:
            return False
        placed = self.placed._replace(start=slot, end=end)
        moved = (*self.plan.placed[: self.index], placed, *self.plan.placed[self.index + 1 :])
        return not list(feasible.links(self.problem, self.plan._replace(placed=moved)))

    def linked(self, start, end):
        for link in self.problem.links:
            other = self.plan.placed[link.before]
            if link.after != self.index or other is None or other.id in self.gone:
                continue
            placed = self.placed._replace(start=start, end=end)
            moved = (*self.plan.placed[: self.index], placed, *self.plan.placed[self.index + 1 :])
            alone = self.problem._replace(links=(link,))
            if list(feasible.links(alone, self.plan._replace(placed=moved, clashes=()))):
                return False
        return True


def hold_true(problem, plan):
    explanation = Explanation(plan)
    counted = 0
    for index, (activity, placed) in enumerate(zip(problem.activities, plan.placed, strict=True)):
        if placed is None or activity.began is not None or activity.ended is not None:
            continue
        causes = explanation.causes(activity.id)
        assert causes, activity
        slot = Held(problem, plan, index, ()).slot_before()
        if causes[0].kind in ("now", "calendar"):
            assert slot < problem.now
            continue
        if {clash.id for clash in plan.clashes} & {activity.id}:
            continue
        assert Held(problem, plan, index, causes).fits_from(slot), (activity, placed, causes, slot)
        for left in causes:
            rest = [cause for cause in causes if cause != left]
            assert not Held(problem, plan, index, rest).fits_from(slot), (activity, causes, left)
        counted += 1
    return counted


def room_holds(problem, plan):
    """As many slots later as the slack says it may start, and not one more."""
    explanation = Explanation(plan)
    counted = 0
    for index, (activity, placed) in enumerate(zip(problem.activities, plan.placed, strict=True)):
        fixed = activity.began is not None or activity.ended is not None
        if placed is None or fixed or activity.pinned is not None or activity.split:
            continue
        limit = plan.end if activity.due is None else activity.due
        slack = explanation.slack(activity.id)
        if {clash.other for clash in plan.clashes} & {activity.id}:
            continue
        if len(placed.parts) != 1 or placed.end > limit:
            assert not placed.parts or slack <= 0 or placed.end <= limit
            continue
        held = Held(problem, plan, index, ())
        later = [slot for slot in range(placed.start, problem.horizon) if held.open_in(slot)]
        assert all(
            held.room_from(slot, limit)
            for slot in later[1 : slack + 1][:3] + later[slack : slack + 1]
        ), activity
        assert not held.room_from(later[slack + 1], limit), activity
        counted += slack
    return counted


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_the_causes_are_those_that_hold(seed):
    problem = making.problem(seed, count=12, days=40)
    for objective in ("serve", "end"):
        plan = schedule(problem, objective, schedules=30)
        hold_true(problem, plan)
        room_holds(problem, plan)


ANA = Resource("ana", ((0, 1_000, 100),))
BOB = Resource("bob", ((0, 1_000, 100),))
VANS = Resource("van", ((0, 1_000, 3),))


def why(*activities, links=(), resources=(ANA, BOB, VANS), **more):
    problem = Problem(activities, tuple(links), resources, (), 1_000, slots_per_day=2, **more)
    return Explanation(schedule(problem))


def work(id, slots, who=0, **more):
    return Activity(id, "effort", slots, (Need(((who, 100),)),), **more)


def test_a_predecessor_and_its_lag():
    link = Link(0, 1, lag=2)
    found = why(work("a", 3), work("b", 1, 1), links=[link])
    assert found.causes("b") == (Cause("link", "a", link=link),)
    assert found.causes("a") == (Cause("now"),)


def test_two_that_end_together_are_both_named():
    links = [Link(0, 2), Link(1, 2), Link(3, 2)]
    found = why(work("a", 3), work("b", 3, 1), Activity("c"), Activity("d", work=2), links=links)
    assert [cause.activity for cause in found.causes("c")] == ["a", "b"]


def test_who_holds_a_person_and_who_holds_the_vans():
    found = why(
        work("a", 2),
        work("b", 2),
        Activity("one", work=4, needs=(Need(((2, 1),)),)),
        Activity("two", work=4, needs=(Need(((2, 2),)),)),
        Activity("both", work=4, needs=(Need(((2, 2),)),)),
    )
    assert found.causes("b") == (Cause("holder", "a", "ana"),)
    assert found.causes("both") == (Cause("holder", "two", "van"),)


def test_a_predecessor_that_also_holds_the_person_is_named_once():
    found = why(work("a", 2), work("b", 2), links=[Link(0, 1)])
    assert [cause.kind for cause in found.causes("b")] == ["link"]


def test_leave_release_pin_and_calendar():
    leave = Off(2, 6, "annual")
    late = Resource("eva", ((10, 100, 100),))
    found = why(
        work("away", 1, release=2),
        work("released", 1, 1, release=7),
        work("pinned", 1, 1, pinned=9),
        work("new", 1, 3),
        resources=(ANA._replace(off=(leave,)), BOB, VANS, late),
    )
    assert found.causes("away") == (Cause("off", resource="ana", off=leave),)
    assert found.causes("released") == (Cause("release"),)
    assert found.causes("pinned") == (Cause("pinned"),)
    assert found.causes("new") == (Cause("calendar"),)


def test_the_driving_chain_goes_through_people_and_links():
    found = why(
        work("a", 4), work("b", 2), work("c", 3, 1), Activity("d", work=1), links=[Link(1, 2)]
    )
    assert [step.id for step in found.chain()] == ["c", "b", "a"]
    assert [step.id for step in found.chain("d")] == ["d"]
    assert [cause.kind for step in found.chain() for cause in step.causes] == [
        "link",
        "holder",
        "now",
    ]


def test_slack_counts_what_moves_nothing_and_misses_nothing():
    found = why(
        work("a", 2),
        work("b", 3, 1),
        work("end", 4),
        work("late", 4, 1, due=5),
        links=[Link(0, 1, lag=2)],
    )
    assert {id: found.slack(id) for id in ("a", "b", "end", "late")} == {
        "a": 0,
        "b": 0,
        "end": 1,
        "late": 0,
    }
