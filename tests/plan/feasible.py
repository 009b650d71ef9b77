"""What is wrong with a plan, counted slot by slot from the problem alone: nothing here is shared
with the kernel but its values."""


def level(resource, slot):
    if any(off.start <= slot < off.end for off in resource.off):
        return 0
    return next((units for start, end, units in resource.runs if start <= slot < end), 0)


def works(calendar, slot):
    if any(off.start <= slot < off.end for off in calendar.off):
        return False
    return any(start <= slot < end for start, end in calendar.runs)


def options(problem, index, names):
    """The (resource, units) of each name chosen, for the people and for the needs."""
    activity = problem.activities[index]
    index_of = {resource.name: place for place, resource in enumerate(problem.resources)}
    chosen, at = [], 0
    for needs in (activity.people, activity.needs):
        part = []
        for need in needs:
            mine = [index_of[name] for name in names[at : at + need.number]]
            assert len(set(mine)) == need.number, "the same one twice"
            part += [next(option for option in need.options if option[0] == one) for one in mine]
            at += need.number
        chosen.append(part)
    assert at == len(names)
    return chosen


def problems(problem, plan):
    """One line for each thing that is wrong."""
    found = []
    usage = [{} for _ in problem.resources]
    unplanned = {one.id for one in plan.unplanned}
    for index, (activity, placed) in enumerate(zip(problem.activities, plan.placed, strict=True)):
        if placed is None:
            if activity.id not in unplanned:
                found.append(f"{activity.id} is forgotten")
            continue
        if activity.id in unplanned:
            found.append(f"{activity.id} is placed and unplanned")
        found += [f"{activity.id}: {what}" for what in one(problem, index, placed, usage)]
    for resource, used in zip(problem.resources, usage, strict=True):
        for slot, units in used.items():
            if units > level(resource, slot):
                found.append(f"{resource.name} is overbooked in {slot}: {units}")
    found += links(problem, plan)
    return found


def one(problem, index, placed, usage):
    activity = problem.activities[index]
    if activity.ended is not None:
        if placed.end != activity.ended:
            yield "its end is not the one it had"
        for part in placed.parts:
            for hold in part.holds:
                add(usage, hold.resource, hold.units, slots(hold.runs))
        return
    first = problem.now if activity.began is not None else max(problem.now, activity.release or 0)
    if activity.began is not None and placed.start != activity.began:
        yield "it began elsewhere"
    if activity.began is None and placed.start < first and activity.pinned is None:
        yield "begins before its release"
    if not activity.work:
        if placed.start != placed.end and activity.began is None:
            yield "a milestone takes time"
        return
    people, needs = options(
        problem,
        index,
        placed.choice
        or tuple(problem.resources[need.options[0][0]].name for need in activity.needs),
    )
    if len({person for person, _ in people}) < len(people):
        yield "one person twice"
    if placed.end != max(part.end for part in placed.parts):
        yield "its end is not that of its parts"
    if activity.began is None and placed.start != min(part.start for part in placed.parts):
        yield "its start is not that of its parts"
    shared = {}
    for number, part in enumerate(placed.parts):
        person = people[number] if people else None
        yield from parted(problem, activity, part, person, needs, first, shared, usage)
    for (resource, slot), units in shared.items():
        add(usage, resource, units, [slot])


def parted(problem, activity, part, person, needs, first, shared, usage):
    worked = slots(part.runs)
    if worked[0] < first and activity.pinned is None:
        yield "works before its release"
    if (part.start, part.end) != (worked[0], worked[-1] + 1):
        yield "its runs are not its span"
    sums = {}
    for resource, units in needs:
        if person is None or person[0] != resource:
            sums[resource] = sums.get(resource, 0) + units
    for resource, units in sums.items():
        for slot in worked:
            if level(problem.resources[resource], slot) >= units:
                shared[resource, slot] = units
            elif activity.kind != "elapsed":
                yield f"needs {units} in {slot}"

    def open_in(slot):
        if activity.kind == "elapsed":
            return True
        if activity.calendar is not None and not works(problem.calendars[activity.calendar], slot):
            return False
        if person and not level(problem.resources[person[0]], slot):
            return False
        return all(level(problem.resources[one], slot) >= units for one, units in sums.items())

    if not all(map(open_in, worked)):
        yield "works in slots off"
    free_to_wait = activity.split or activity.began is not None
    if not free_to_wait and worked != [
        slot for slot in range(part.start, part.end) if open_in(slot)
    ]:
        yield "is interrupted"
    if activity.pinned is not None and activity.began is None:
        since = max(activity.pinned, problem.now)
        if worked[0] != next(slot for slot in range(since, problem.horizon) if open_in(slot)):
            yield "is not where it is pinned"
    if person is None:
        if len(worked) != activity.work:
            yield f"works {len(worked)} slots"
        return
    workers = sum(need.number for need in activity.people)
    wanted = -(-activity.work * 100 // workers)
    rates = [min(person[1], level(problem.resources[person[0]], slot)) for slot in worked]
    if not sum(rates) - rates[-1] < wanted <= sum(rates):
        yield f"{sum(rates)} of {wanted} is done"
    for slot, rate in zip(worked, rates, strict=True):
        add(usage, person[0], rate, [slot])


def links(problem, plan):
    excused = {(clash.id, clash.other) for clash in plan.clashes if clash.how == "link"}
    for link in problem.links:
        before, after = plan.placed[link.before], plan.placed[link.after]
        activity, other = problem.activities[link.after], problem.activities[link.before]
        if after is None or activity.ended is not None:
            continue
        if activity.began is not None and link.kind in ("FS", "SS"):
            continue
        if before is None:
            if activity.pinned is None and activity.began is None:
                yield f"{activity.id} is placed though {other.id} is not"
            continue
        if (activity.id, other.id) in excused:
            continue
        since = before.start if link.kind in ("SS", "SF") else before.end
        moment = after.start if link.kind in ("FS", "SS") else after.end
        between = [
            slot
            for slot in range(min(since, moment), max(since, moment))
            if link.calendar is None or works(problem.calendars[link.calendar], slot)
        ]
        if link.lag == 0:
            fine = moment >= since
        elif moment >= since:
            fine = len(between) >= link.lag
        else:
            fine = link.lag < 0 and len(between) <= -link.lag
        if not fine:
            yield f"{activity.id} does not wait for {other.id} ({link})"


def add(usage, resource, units, worked):
    for slot in worked:
        usage[resource][slot] = usage[resource].get(slot, 0) + units


def slots(runs):
    return [slot for start, end in runs for slot in range(start, end)]
