"""The search for the earliest end of all: a genetic algorithm over activity lists with two-point
crossover (Hartmann 1998), each list improved by double justification (Tormos and Lova 2001; Valls,
Ballestín and Quintanilla 2005).

Its budget is counted in schedules, never in seconds, so that the result is the same everywhere.
"""

from collections.abc import Callable
from math import isqrt
from random import Random
from typing import NamedTuple

from plaintrack.plan.network import order as topological
from plaintrack.plan.serial import Pass, Serial

FEWEST = 4
MUTATION = 0.05
"""How likely an activity of a child changes places with the next one."""
BIAS = 2
"""How much the first lists prefer an activity that has to end early, as a power."""

Score = tuple[int, ...]
"""What a pass is worth; lower is better."""
Measure = Callable[[Pass], Score]


class Individual(NamedTuple):
    """A list of activities, the pass it makes and its score."""

    score: Score
    order: list[int]
    found: Pass


class Justification:
    """Passes that push everything as late as possible, then as early as possible: what has no
    room to wait comes first afterwards.
    """

    def __init__(self, forward: Serial, measure: Measure) -> None:
        self.problem = forward.problem
        self.forward = forward
        self.backward = Serial(forward.problem, forward.horizon, backwards=True)
        self.backward.mirror(forward)
        self.measure = measure
        self.plain = not any(forward.linked)
        self.passes = 0

    def best(self, order: list[int]) -> Individual | None:
        """The better of a list and what double justification makes of it."""
        first = self.run(order)
        if first is None:
            return None
        found = Individual(self.measure(first), order, first)
        justified = self.justified(order, first)
        if justified is None:
            return found
        again = self.run(justified)
        if again is None:
            return found
        score = self.measure(again)
        return Individual(score, justified, again) if score <= found.score else found

    def justified(self, order: list[int], found: Pass) -> list[int] | None:
        """The activities by their start after all were pushed to the end of the pass."""
        horizon = self.forward.horizon
        last = max((found.end[index] for index in order), default=0)
        turned = self._sorted(order[::-1], found.end, True)
        self.passes += 1
        late = self.backward.run(turned, found.choice, horizon - last)
        return late and self._sorted(turned[::-1], late.end, False)

    def run(self, order: list[int]) -> Pass | None:
        """One forward pass, counted."""
        self.passes += 1
        return self.forward.run(order)

    def _sorted(self, order: list[int], moments: list[int], backwards: bool) -> list[int]:
        """The list by descending moments, and by the links where these say otherwise."""
        if self.plain:
            order.sort(key=moments.__getitem__, reverse=True)
            return order
        inside = set(order)
        keys = [-moment for moment in moments]
        return [index for index in topological(self.problem, keys, backwards) if index in inside]


class Genetic:
    """One search. ``lists`` are where it starts, ``urgency`` says which activities should come
    early (low), ``bound`` is a score that nothing can undercut.
    """

    def __init__(
        self,
        justification: Justification,
        lists: list[list[int]],
        urgency: list[int],
        bound: int,
        seed: int,
    ) -> None:
        self.justification = justification
        self.lists = lists
        self.urgency = urgency
        self.bound = bound
        self.random = Random(seed).random
        self.size = len(urgency)
        self.after: list[list[int]] = [[] for _ in range(self.size)]
        self.before = [0] * self.size
        for link in justification.problem.links:
            self.after[link.before].append(link.after)
            self.before[link.after] |= 1 << link.before

    def search(self, budget: int) -> Individual | None:
        """The best list found within so many passes; None if none fits below the horizon."""
        # three passes a list: as many lists as there are generations
        many = max(FEWEST, isqrt(budget // 3))
        population = self._first(many, budget)
        best = min(population, default=None, key=_score)
        while best and self.justification.passes < budget and best.score[0] > self.bound:
            children = self._children(population, budget)
            if not children:
                # all lists make the same schedule: draw another one
                drawn = self.justification.best(self._sample())
                children = [drawn] if drawn else []
            population = _selected(population + children, many)
            best = population[0]
        return best

    def _first(self, many: int, budget: int) -> list[Individual]:
        population: list[Individual] = []
        while len(population) < many:
            number = len(population)
            order = self.lists[number] if number < len(self.lists) else self._sample()
            found = self.justification.best(order)
            if found is None:
                break
            population.append(found)
            if found.score[0] <= self.bound or self.justification.passes >= budget:
                break
        return population

    def _children(self, population: list[Individual], budget: int) -> list[Individual]:
        """Pairs at random, two children each."""
        pool = list(population)
        children: list[Individual] = []
        while len(pool) > 1 and self.justification.passes < budget:
            mother = pool.pop(self._below(len(pool))).order
            father = pool.pop(self._below(len(pool))).order
            for one, other in ((mother, father), (father, mother)):
                found = self.justification.best(self._mutated(self._crossed(one, other)))
                if found:
                    children.append(found)
                    if found.score[0] <= self.bound:
                        return children
        return children

    def _crossed(self, mother: list[int], father: list[int]) -> list[int]:
        """The mother's list with a middle part in the father's order."""
        first, second = self._below(len(mother) + 1), self._below(len(mother) + 1)
        if second < first:
            first, second = second, first
        taken = bytearray(self.size)
        child = mother[:first]
        for index in child:
            taken[index] = 1
        middle = [index for index in father if not taken[index]][: second - first]
        for index in middle:
            taken[index] = 1
        return child + middle + [index for index in mother if not taken[index]]

    def _mutated(self, order: list[int]) -> list[int]:
        random, before = self.random, self.before
        for place in range(len(order) - 1):
            if random() < MUTATION:
                one, next_one = order[place], order[place + 1]
                if not before[next_one] >> one & 1:
                    order[place], order[place + 1] = next_one, one
        return order

    def _sample(self) -> list[int]:
        """A list drawn at random, the urgent more likely first (regret-based biased sampling)."""
        inside = self.lists[0]
        members = bytearray(self.size)
        for index in inside:
            members[index] = 1
        waits = [0] * self.size
        for index in inside:
            for other in self.after[index]:
                waits[other] += 1
        ready = [index for index in inside if not waits[index]]
        order: list[int] = []
        while ready:
            index = ready.pop(self._draw(ready))
            order.append(index)
            for other in self.after[index]:
                waits[other] -= 1
                if not waits[other] and members[other]:
                    ready.append(other)
        return order

    def _draw(self, ready: list[int]) -> int:
        if len(ready) == 1:
            return 0
        urgency = self.urgency
        latest = max(urgency[index] for index in ready)
        weights = [(latest - urgency[index] + 1) ** BIAS for index in ready]
        point = int(self.random() * sum(weights))
        for place, weight in enumerate(weights):
            point -= weight
            if point < 0:
                return place
        return len(ready) - 1

    def _below(self, count: int) -> int:
        return int(self.random() * count)


def _selected(together: list[Individual], many: int) -> list[Individual]:
    """The best, each schedule once: twins would soon be all that is left."""
    together.sort(key=_score)
    seen: set[tuple[int, ...]] = set()
    kept: list[Individual] = []
    for one in together:
        schedule = tuple(one.found.start)
        if schedule not in seen:
            seen.add(schedule)
            kept.append(one)
    return kept[:many]


def _score(one: Individual) -> Score:
    return one.score
