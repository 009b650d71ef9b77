"""The settings of many repositories as one: what differs, and how it is told then."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from plaintrack.config.values import Settings
from plaintrack.model.fields import CATEGORIES, STANDARD, Field, Schema
from plaintrack.when.durations import show

_T = TypeVar("_T")
REPO = "repo"
"""The field that says which repository an item is of."""
_ROOMS = ("people", "equipment", "time")
"""The rooms whose files are published."""


class Words(NamedTuple):
    """How the words of one repository are told where many are one.

    ``statuses`` and ``calendars`` have those that are called otherwise. ``usual`` is the calendar
    of whoever names none; empty: the common one. ``dropped`` are fields that mean something of its
    own here, and plaintrack's in another. ``timed``: a day or week is not as long as elsewhere.
    """

    name: str
    settings: Settings
    statuses: Mapping[str, str] = {}
    calendars: Mapping[str, str] = {}
    usual: str = ""
    dropped: frozenset[str] = frozenset()
    timed: bool = False


class Merged(NamedTuple):
    """One Settings for many repositories, the words of each, and what must be said of that."""

    settings: Settings
    words: Mapping[str, Words]
    notes: tuple[str, ...] = ()


def merged(given: Mapping[str, Settings]) -> Merged:
    """The settings of repositories, by name, as one. What all agree on stays as it is."""
    names = sorted(given)
    found = {name: given[name] for name in names}
    notes: list[str] = []
    base = found[names[0]]
    schema, statuses = _schema(found, notes)
    calendar, calendars, own = _calendars(found, notes)
    settings = base._replace(
        schema=schema,
        folders=("items",),
        archive="archive",
        prefix="",
        people={},
        groups={},
        urgency=_alike(found, "urgency"),
        scores={},
        views={},
        view="",
        ignore=(),
        checks={},
        calendar=calendar,
        calendars=calendars,
        rooms={room: room for room in _ROOMS if any(room in each.rooms for each in found.values())},
        plan=_by_key(found, "plan", notes),
        planned=any(each.planned for each in found.values()),
        goals=_by_key(found, "goals", notes),
        metrics={**_by_key(found, "metrics", notes), "branch": ""},
        recur=_by_key(found, "recur", notes),
        owners=(),
        watching=(),
        sla={},
        site=Settings._field_defaults["site"],
        approvals=Settings._field_defaults["approvals"],
    )
    words = {
        name: Words(
            name,
            each,
            statuses[name],
            *own[name],
            frozenset(each.schema.own).difference(schema.own),
            (each.schema.day, each.schema.week) != (schema.day, schema.week),
        )
        for name, each in found.items()
    }
    return Merged(settings, words, tuple(notes))


def common(values: Iterable[_T]) -> _T:
    """The value that most have; of several the first."""
    some = list(values)
    keys = [_key(each) for each in some]
    counts = Counter(keys)
    most = max(counts.values())
    return next(each for each, key in zip(some, keys, strict=True) if counts[key] == most)


def _key(value: object) -> Hashable:
    return value if isinstance(value, str | int | float) else repr(value)


def ordered(lists: Iterable[Sequence[str]]) -> list[str]:
    """All words of several lists, each list in its own order as far as they agree: the list that
    most have first, and every other word behind the one that it comes after.
    """
    some = [list(each) for each in lists]
    found = list(common(some)) if some else []
    for each in some:
        at = 0
        for word in each:
            if word in found:
                at = max(at, found.index(word) + 1)
            else:
                found.insert(at, word)
                at += 1
    return found


def _most(
    found: Mapping[str, Settings],
    key: str,
    of: Callable[[Settings], _T],
    notes: list[str],
    told: Callable[[_T], str] | None = None,
) -> _T:
    """What most repositories say; that others say something else is noted, with the value as
    ``told`` has it.
    """
    values = {name: of(each) for name, each in found.items()}
    chosen = common(values.values())
    others = [name for name, each in values.items() if each != chosen]
    if others:
        value = (told or _written)(chosen)
        notes.append(f"{key}: {value}, but not in {shortened(others)}")
    return chosen


def _written(value: object) -> str:
    """A value in a note as settings have it; of several keys only that they are several."""
    if isinstance(value, Mapping) and value:
        return "that of most"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple) and value:
        return ", ".join(map(str, value))
    return str(value) if value or value == 0 else "nothing"


def _hours(minutes: int) -> str:
    """The length of a day or a week: in days it would depend on itself."""
    return show(minutes, day=minutes + 1, week=minutes + 1)


def shortened(names: Sequence[str], most: int = 3) -> str:
    """The first of some names, and how many there are more."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def _alike(found: Mapping[str, Settings], name: str) -> Any:
    """A setting that all repositories have alike; else its default."""
    values = [getattr(each, name) for each in found.values()]
    return values[0] if all(each == values[0] for each in values) else {}


def _by_key(found: Mapping[str, Settings], name: str, notes: list[str]) -> dict[str, Any]:
    keys = dict.fromkeys(key for each in found.values() for key in getattr(each, name))
    made = {}
    for key in keys:
        some = {repo: each for repo, each in found.items() if key in getattr(each, name)}
        made[key] = _most(some, f"{name}.{key}", lambda each, k=key: getattr(each, name)[k], notes)  # type: ignore[misc]
    return made


# Fields and workflow


def _schema(
    found: Mapping[str, Settings], notes: list[str]
) -> tuple[Schema, dict[str, dict[str, str]]]:
    schemas = {name: each.schema for name, each in found.items()}
    statuses, renamed = _statuses(schemas, notes)
    priorities = tuple(ordered(each.priorities for each in schemas.values()))
    types = tuple(ordered(each.types for each in schemas.values()))
    own = frozenset.intersection(*(frozenset(each.own) for each in schemas.values()))
    fields = _fields(schemas, own, notes)
    for name, choices in (
        ("status", tuple(statuses)), ("priority", priorities), ("type", types)
    ):  # fmt: skip
        fields[name] = fields[name]._replace(choices=choices)
    return (
        Schema(
            fields=fields,
            statuses=statuses,
            priorities=priorities,
            types=types,
            day=_most(found, "day", lambda each: each.schema.day, notes, _hours),
            week=_most(found, "week", lambda each: each.schema.week, notes, _hours),
            timezone=_most(found, "timezone", lambda each: each.schema.timezone, notes),
            own=tuple(sorted(own)),
        ),
        renamed,
    )


def _statuses(
    schemas: Mapping[str, Schema], notes: list[str]
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Status → category of all; and repository → status → what it is called here, where another
    repository means something else by it.
    """
    means: dict[str, dict[str, list[str]]] = {}
    for name, schema in schemas.items():
        for status, category in schema.statuses.items():
            means.setdefault(status, {}).setdefault(category, []).append(name)
    renamed: dict[str, dict[str, str]] = {name: {} for name in schemas}
    for status, categories in means.items():
        if len(categories) == 1:
            continue
        for category, repos in categories.items():
            for repo in repos:
                renamed[repo][status] = f"{status} ({category})"
        told = ", ".join(
            f"{category} in {shortened(repos)}" for category, repos in categories.items()
        )
        notes.append(f"the status {status} means {told}: each has a name of its own here")
    meaning = {
        renamed[name].get(status, status): schema.statuses[status]
        for name, schema in schemas.items()
        for status in schema.statuses
    }
    # Each category by itself: what comes first in one workflow may come last in another.
    names: list[str] = []
    for each in CATEGORIES:
        names += ordered(
            [
                told
                for status in schema.statuses
                if meaning[told := renamed[name].get(status, status)] == each
            ]
            for name, schema in schemas.items()
        )
    if len({tuple(schema.statuses) for schema in schemas.values()}) == 1 and not any(
        renamed.values()
    ):
        names = list(next(iter(schemas.values())).statuses)
    return {name: meaning[name] for name in names}, renamed


def _fields(
    schemas: Mapping[str, Schema], own: frozenset[str], notes: list[str]
) -> dict[str, Field]:
    """The fields of all; one that several declare is what most of them say it is."""
    told: dict[str, dict[str, Field]] = {}
    for repo, schema in schemas.items():
        for name, field in schema.fields.items():
            if name not in schema.own or name in own:
                plain = field._replace(key="", required=False, default="", doc="", format="")
                told.setdefault(name, {})[repo] = plain
    standard = {each.name: each for each in STANDARD if each.name not in own}
    found = dict(standard)
    for name, some in told.items():
        chosen = common(some.values())
        others = [
            repo
            for repo, each in some.items()
            if (each.kind, each.many) != (chosen.kind, chosen.many)
        ]
        if others:
            notes.append(
                f"the field {name} is of type {chosen.kind}, but not in {shortened(others)}"
            )
        if chosen.kind == "choice" and name not in ("status", "priority", "type"):
            choices = tuple(ordered(each.choices for each in some.values() if each.choices))
            chosen = chosen._replace(choices=choices)
        found[name] = chosen
    found[REPO] = Field(REPO, doc="The repository that the item is of.")
    return found


# Calendars


def _calendars(
    found: Mapping[str, Settings], notes: list[str]
) -> tuple[Mapping[str, Any], dict[str, Mapping[str, Any]], dict[str, tuple[dict[str, str], str]]]:
    """The common calendar, all others by name, and for each repository what its own are called and
    which is its usual one.
    """
    usual: Mapping[str, Any] = _most(found, "calendar", lambda each: each.calendar, notes)
    # who names `default` where there is none means the usual one
    lacking = any(_DEFAULT not in each.calendars for each in found.values())
    made: dict[str, Mapping[str, Any]] = {}
    own: dict[str, tuple[dict[str, str], str]] = {}
    for repo, each in found.items():
        called = {}
        mine = ""
        if each.calendar != usual:
            mine = f"({repo})"
            made[mine] = {**each.calendar, "teams": ()}
        if _DEFAULT not in each.calendars and mine:
            called[_DEFAULT] = mine
        for name, about in each.calendars.items():
            told = name
            if made.get(name, about) != about or (name == _DEFAULT and lacking):
                told = f"{name} ({repo})"
                notes.append(f"the calendar {name} is another one in {repo}")
            made[told] = about
            called[name] = told
        own[repo] = (called, mine)
    # whose calendar is that of a team is told of each person: teams differ between repositories
    return usual, {name: {**about, "teams": ()} for name, about in made.items()}, own


_DEFAULT = "default"
