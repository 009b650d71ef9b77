"""Problems drawn at random, the same for the same seed."""

from random import Random

from plaintrack.plan.problem import Activity, Calendar, Link, Need, Off, Problem, Resource

DAY = 4  # slots, of which people work the first two


def week(days, first=0, slots=2, units=None):
    """The working runs of so many days, five in seven."""
    tail = () if units is None else (units,)
    return tuple((day * DAY, day * DAY + slots, *tail) for day in range(first, days) if day % 7 < 5)


def offs(random, days, label, chance=0.5):
    found = []
    while random.random() < chance:
        start = random.randrange(days) * DAY
        found.append(Off(start, start + random.choice((1, 4, 8, 20)), label))
    return tuple(found)


def person(random, days, name):
    runs = week(days, units=random.choice((100, 100, 100, 50)))
    if random.random() < 0.2:  # a reserve from some day on
        turn = random.randrange(days) * DAY
        runs = tuple((a, b, 80 if a >= turn else units) for a, b, units in runs)
    if random.random() < 0.1:
        runs = tuple(run for run in runs if run[0] >= 20)
    return Resource(name, runs, offs(random, days // 2, f"leave of {name}"))


def pool(random, days, name):
    units = random.choice((1, 2, 3))
    if random.random() < 0.5:
        return Resource(name, ((0, days * DAY, units),), offs(random, days // 2, "repair"))
    return Resource(name, week(days, units=units, slots=random.choice((2, 3, 4))), ())


def problem(seed, count=10, people=3, pools=2, days=60, facts=True):
    """Work of all kinds; with ``facts`` some has begun, ended, is pinned or cannot be planned."""
    random = Random(seed)
    resources = [person(random, days, f"p{number}") for number in range(people)]
    resources += [pool(random, days, f"e{number}") for number in range(pools)]
    calendars = (Calendar("work", week(days), offs(random, days // 2, "holiday", 0.3)),)
    now = random.choice((0, 0, 3, 8)) if facts else 0
    activities = [
        activity(random, f"a{number}", people, resources, now, facts) for number in range(count)
    ]
    links = tuple(
        Link(
            before,
            after,
            random.choice(("FS", "FS", "FS", "SS", "FF", "SF")),
            random.choice((0, 0, 0, 1, 3, -1, -2)),
            random.choice((None, 0)),
        )
        for after in range(count)
        for before in range(after)
        if random.random() < 1.2 / count
    )
    return Problem(tuple(activities), links, tuple(resources), calendars, days * DAY, now, DAY)


def activity(random, id, people, resources, now, facts):
    kind = random.choice(("effort", "effort", "effort", "duration", "elapsed"))
    everyone = list(range(people))
    equipment = list(range(people, len(resources)))
    needs, workers = [], []
    if random.random() < 0.4:
        options = random.sample(equipment, random.choice((1, min(2, len(equipment)))))
        needs.append(Need(tuple((one, random.choice((1, 1, 2))) for one in options)))
    if kind == "effort":
        share = random.choice((100, 100, 100, 50, 30))
        options = random.sample(everyone, random.choice((1, 1, 2, people)))
        number = random.choice((1, 1, min(2, len(options))))
        workers.append(Need(tuple((one, share) for one in options), number))
    elif random.random() < 0.5:
        options = random.sample(everyone, random.choice((1, 2)))
        needs.append(Need(tuple((one, random.choice((50, 100))) for one in options)))
    found = Activity(
        id,
        kind,
        random.choice((0, 1, 2, 3, 4, 6, 8)),
        tuple(workers),
        tuple(needs),
        calendar=random.choice((None, None, 0)),
        release=random.choice((None, None, None, random.randrange(60))),
        due=random.choice((None, None, random.randrange(10, 100))),
        split=random.random() < 0.15,
        rank=random.choice((None, None, None, random.randrange(5))),
        priority=random.choice((1, 1, 2, 4)),
    )
    if not facts:
        return found
    fate = random.random()
    if fate < 0.08:
        found = found._replace(began=random.randrange(now + 1))
    elif fate < 0.13:
        found = found._replace(ended=random.randrange(now + 1))
    elif fate < 0.2:
        found = found._replace(pinned=now + random.randrange(40))
    elif fate < 0.24:
        found = found._replace(unplanned="unestimated")
    return found
