"""The causes named are the ones that hold: with all of them lifted, and everything else where it
is, the activity fits one slot sooner; with any one of them left it does not.
"""

import feasible
import making
from feasible import level, slots, works
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.plan.explain import Explanation
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
        total = 0
        for place, placed in enumerate(self.plan.placed):
            if placed and place != self.index and placed.id not in self.gone:
                for part in placed.parts:
                    for hold in part.holds:
                        if hold.resource == resource and slot in slots(hold.runs):
                            total += hold.units
        return total

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


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_the_causes_are_those_that_hold(seed):
    problem = making.problem(seed, count=12, days=40)
    hold_true(problem, schedule(problem, schedules=20))
    hold_true(problem, schedule(problem, "end", schedules=40))
