"""The people and equipment of many repositories as those of one: someone who is in several is one
person.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from plaintrack.app.snapshot.calendar import named_in
from plaintrack.config.merged import Words
from plaintrack.model.staff import Equipment, Person, Staff
from plaintrack.model.task import fold

T = TypeVar("T")


class Joined(NamedTuple):
    """People and equipment of all; for each repository what its people (by folded handle) and its
    equipment are called here; and what must be said of that.
    """

    staff: Staff
    people: Mapping[str, Mapping[str, str]]
    equipment: Mapping[str, Mapping[str, str]]
    notes: Sequence[str] = ()


def joined(
    staffs: Mapping[str, Staff], words: Mapping[str, Words], addresses: Mapping[str, str]
) -> Joined:
    """The staffs of repositories, by name, as one.

    ``addresses`` are e-mail address (lower case) → person: those whose address is in it are that
    person, and go by that name. All others are who has the same handle.
    """
    handles, notes = _handles(staffs, addresses)
    people: dict[str, Person] = {}
    twice: dict[str, list[Person]] = {}
    for repo, staff in staffs.items():
        for key, each in staff.people.items():
            told = _told(each, repo, words[repo], handles[repo][key])
            twice.setdefault(fold(told.handle), []).append(told)
    for key, some in twice.items():
        people[key] = _one(some)
        notes += _differing(some)
    equipment, called = _equipment(staffs, words)
    teams, spelled = _teams(staffs, handles)
    known = staffs.values()
    whole = Staff(
        people,
        equipment,
        teams,
        spelled,
        any(each.named for each in known),
        any(each.there for each in known),
    )
    return Joined(whole, _everywhere(staffs, handles, people), called, notes)


def _handles(
    staffs: Mapping[str, Staff], addresses: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Repository → folded handle → what the person is called here."""
    found: dict[str, dict[str, str]] = {repo: {} for repo in staffs}
    known: dict[str, set[str]] = {}  # folded handle → what the table calls those who have it
    for repo, staff in staffs.items():
        for key, each in staff.people.items():
            names = (addresses[mail.lower()] for mail in each.emails if mail.lower() in addresses)
            name = next(names, "")
            if name:
                found[repo][key] = name
                known.setdefault(key, set()).add(name)
    spelt: dict[str, str] = {}
    for repo, staff in staffs.items():
        for key, each in staff.people.items():
            if key in found[repo]:
                continue
            some = known.get(key, set())
            # who is one person by the table is that one also where no address says so
            found[repo][key] = (
                next(iter(some)) if len(some) == 1 else spelt.setdefault(key, each.handle)
            )
    notes = [
        f"{key} is {len(some)} people by the table of addresses: {', '.join(sorted(some))}"
        for key, some in sorted(known.items())
        if len(some) > 1
    ]
    return found, notes


def _everywhere(
    staffs: Mapping[str, Staff],
    handles: Mapping[str, Mapping[str, str]],
    people: Mapping[str, Person],
) -> dict[str, dict[str, str]]:
    """The same, also for names that a repository has no person of: another one may know them."""
    meant: dict[str, set[str]] = {}
    for some in handles.values():
        for key, handle in some.items():
            meant.setdefault(key, set()).add(people[fold(handle)].handle)
    sure = {key: next(iter(some)) for key, some in meant.items() if len(some) == 1}
    return {
        repo: {**sure, **{key: people[fold(each)].handle for key, each in handles[repo].items()}}
        for repo in staffs
    }


def _told(person: Person, repo: str, words: Words, handle: str) -> Person:
    """A person of a repository as the person is told here."""
    name = named_in(words.settings, person)
    calendar = words.calendars.get(name, name) if name else words.usual
    path = f"{repo}/{person.path}" if person.path else ""
    zone = person.timezone
    return person._replace(handle=handle, calendar=calendar, path=path, timezone=zone)


def _one(some: Sequence[Person]) -> Person:
    """One person of what several repositories say: away where one of them says so, able to do what
    any says; of hours, calendar and rates what the first says that says anything.
    """
    filed = [each for each in some if each.path] or list(some)
    first = filed[0]
    starts = [each.since for each in filed if each.since]
    ends = [each.until for each in filed if each.until]
    return first._replace(
        name=_first(each.name for each in filed),
        emails=_all(each.emails for each in some),
        teams=_all(each.teams for each in some),
        since=min(starts) if len(starts) == len(filed) else None,
        until=max(ends) if len(ends) == len(filed) else None,
        hours=_first(each.hours for each in filed) or (),
        calendar=_first(each.calendar for each in filed),
        timezone=_first(each.timezone for each in filed),
        skills=_all(each.skills for each in some),
        rates=_first(each.rates for each in filed) or (),
        allowances=_first(each.allowances for each in filed) or (),
        leave=_all(each.leave for each in some),
        lines=_all(each.lines for each in some),
        formerly=_all(each.formerly for each in some),
    )


def _first(values: Iterable[T]) -> T:
    """The first that is not empty, else the last."""
    found = list(values)
    return next((each for each in found if each), found[-1])


def _all(values: Iterable[Sequence[T]]) -> tuple[T, ...]:
    """All of them, each once."""
    return tuple(dict.fromkeys(each for some in values for each in some))


def _differing(some: Sequence[Person]) -> list[str]:
    """What must be said of someone of whom several repositories say different things."""
    filed = [each for each in some if each.path]
    notes = []
    for name in ("hours", "calendar"):
        values = {getattr(each, name) for each in filed}
        if len(values) > 1:
            where = ", ".join(each.path for each in filed[:3])
            notes.append(
                f"{filed[0].handle}: {name} differ in {where}: the first that has any counts"
            )
    apart = [each for each in some if each.emails]
    if any(set(one.emails).isdisjoint(two.emails) for one in apart for two in apart):
        notes.append(
            f"{some[0].handle} has different addresses in several repositories and is taken for one"
            " person: the table of addresses can say otherwise"
        )
    return notes


def _equipment(
    staffs: Mapping[str, Staff], words: Mapping[str, Words]
) -> tuple[dict[str, Equipment], dict[str, dict[str, str]]]:
    """Equipment is of its repository, and is called so."""
    found: dict[str, Equipment] = {}
    called: dict[str, dict[str, str]] = {}
    for repo, staff in staffs.items():
        own = called[repo] = {}
        for key, each in staff.equipment.items():
            handle = own[key] = f"{repo}/{each.handle}"
            name = named_in(words[repo].settings, each)
            calendar = words[repo].calendars.get(name, name) if name else words[repo].usual
            found[fold(handle)] = each._replace(
                handle=handle, calendar=calendar, path=f"{repo}/{each.path}"
            )
    return found, called


def _teams(
    staffs: Mapping[str, Staff], handles: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Teams of one name are one team."""
    members: dict[str, dict[str, str]] = {}
    spelled: dict[str, str] = {}
    for repo, staff in staffs.items():
        for key, some in staff.teams.items():
            spelled.setdefault(key, staff.spelled.get(key, key))
            mine = members.setdefault(key, {})
            for each in some:
                told = handles[repo].get(fold(each), each)
                mine.setdefault(fold(told), told)
    return {key: tuple(some.values()) for key, some in members.items()}, spelled
