"""What may stand in settings and rules, from the tables that check and document them."""

from collections.abc import Callable, Mapping

from plaintrack.app.snapshot import offers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.measuring import DATES, sizes
from plaintrack.config.nested import below
from plaintrack.config.planning import OBJECTIVES, SOLVERS
from plaintrack.config.settings import COEFFICIENTS, FORMS, TABLE
from plaintrack.model.fields import CATEGORIES, KINDS
from plaintrack.rules.actions import ACTIONS, explained
from plaintrack.rules.rule import CHANGES, QUANTIFIERS, SUBJECTS, TIMES
from plaintrack.when.dates import DAYS

Offers = list[tuple[str, str]]
"""Texts with a word about each."""
_OWN = {
    "query": "What it finds.",
    "message": "What is said.",
    "severity": "error, warning or note.",
    "fix": "What to do.",
}
_OVERRIDE = {
    "paths": "Files and folders.",
    "query": "Items that answer this query.",
    "checks": "The checks, as above.",
}
_RULE = {
    "name": "What it is called.",
    "about": "What it is for.",
    "on": "When it fires: one trigger or a list.",
    "for": "On whom it acts, seen from the item that triggered it.",
    "if": "A query that must hold.",
    "do": "The actions, in order.",
    "retry": "How often it tries again.",
    "rules": "Several rules in one file.",
}
WEEK = tuple(each[:3] for each in DAYS)
SEVERITIES = ("off", "on", "error", "warning", "note")


def setting(name: str) -> str:
    """What a setting means; empty if there is none of that name."""
    return next((each.doc for each in TABLE if each.name == name), "")


def settings_keys(snapshot: Snapshot, way: tuple[str, ...]) -> Offers:
    """The keys that may stand below the keys ``way`` of the settings."""
    if not way:
        return [(each.name, each.doc) for each in TABLE]
    if way[0] == "checks":
        return _checks_keys(way[1:])
    known = list(below(way).items())
    if way[0] == "scores" and len(way) == 2:
        known += [
            (name, "What each value counts, as `{high: 5}`.")
            for name, field in snapshot.schema.fields.items()
            if field.choices
        ]
    if known:
        return known
    if way == ("urgency",):
        return [(each, "A term of urgency.") for each in COEFFICIENTS]
    if way[0] == "sla" and way[-1] == "goal":
        priorities = snapshot.schema.fields["priority"].choices
        return [(each, "How long it may take.") for each in (*priorities, "default")]
    if way[-1] == "hours" and way[0] in ("calendar", "calendars"):
        return [(each, "The hours of that day, such as `6h`.") for each in WEEK]
    default = next((each.default for each in TABLE if each.name == way[0]), None)
    if len(way) == 1 and isinstance(default, Mapping):
        return [(str(name), f"Out of the box: `{value}`.") for name, value in default.items()]
    return []


def _checks_keys(way: tuple[str, ...]) -> Offers:
    from plaintrack.checks.catalogue import every, find

    if not way or (way[0] == "overrides" and way[-1] == "checks"):
        names = [(each.name, f"{each.code}: {each.explained.title}") for each in every()]
        return [
            *names,
            ("own", "Checks of your own."),
            ("overrides", "Other rules for some items."),
        ]
    if way[0] == "own":
        return list(_OWN.items()) if len(way) == 2 else []
    if way[0] == "overrides":
        return list(_OVERRIDE.items())
    found = find(way[0], every())
    options = [(name, each.doc) for name, each in found.options.items()] if found else []
    return [("severity", "error, warning or note."), ("query", "Only for these items."), *options]


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "commit": ("manual", "auto"),
    "title": ("key", "heading", "filename"),
    "form": ("true", "false"),
    "stamps": ("created", "closed"),
    "scheme": ("random", "sequential"),
    "from": ("key", "filename"),
    "fetch": ("missing", "never"),
    "catch_up": ("latest", "all", "skip"),
    "shift": ("none", "next", "previous"),
    "passing": ("true", "false"),
    "objective": OBJECTIVES,
    "solver": SOLVERS,
    "working_days": WEEK,
    "dates": DATES,
    "signed": ("true", "false"),
    "body": ("true", "false"),
    "files": ("true", "false"),
    "required": ("true", "false"),
    "private": ("true", "false"),
    "timer": ("true", "false"),
}
"""The values of keys, whatever setting they stand in."""


def settings_values(snapshot: Snapshot, way: tuple[str, ...], begun: str) -> Offers | None:
    """The values that may stand at the keys ``way`` of the settings; None if any text may."""
    last = way[-1] if way else ""
    if way[:1] == ("statuses",) and len(way) == 2:
        return [(each, "a category") for each in CATEGORIES]
    if way[:1] == ("checks",) and (len(way) == 2 or last == "severity"):
        return [(each, "") for each in SEVERITIES]
    if way[:1] == ("fields",) and last == "type":
        return [(each, "") for each in (*KINDS, *(f"list of {each}" for each in KINDS))]
    if way[:1] == ("views",) and last == "format":
        return [(each, "") for each in FORMS]
    if last in ("columns", "sort", "group"):
        return [(each.text, each.about) for each in offers.columns(snapshot, begun.lstrip("-"))]
    named = way[0] if way else ""
    given = _GIVEN.get((named, last)) or _GIVEN.get((named, "*"))
    if given is not None:
        return given(snapshot)
    found = _CHOICES.get(last)
    return [(each, "") for each in found] if found else None


def _statuses(snapshot: Snapshot) -> Offers:
    return [(each, category) for each, category in snapshot.schema.statuses.items()]


def _fields(snapshot: Snapshot) -> Offers:
    return [(name, field.doc) for name, field in snapshot.schema.fields.items()]


def _sizes(snapshot: Snapshot) -> Offers:
    return [(each, "") for each in sizes(snapshot.schema)]


def _calendars(snapshot: Snapshot) -> Offers:
    return [(each, "") for each in (*snapshot.settings.calendars, "always")]


def _people(snapshot: Snapshot) -> Offers:
    return [(each, "") for each in offers.values(snapshot, "assignee") if each != "me"]


def _who(snapshot: Snapshot) -> Offers:
    """People and groups, and the words for those that an item names."""
    words = (*snapshot.settings.groups, "owner", "not author")
    return [*_people(snapshot), *((each, "") for each in words)]


def _asked(snapshot: Snapshot) -> Offers:
    """People and groups, and the words for those whom an item concerns."""
    words = (*snapshot.settings.groups, "owner", "assignee", "author", "commented")
    return [*_people(snapshot), *((each, "") for each in words)]


def _views(snapshot: Snapshot) -> Offers:
    return [(each, view.query) for each, view in snapshot.settings.views.items()]


_GIVEN: Mapping[tuple[str, str], Callable[[Snapshot], Offers]] = {
    ("approvals", "to"): _statuses,
    ("approvals", "of"): _who,
    ("approvals", "fields"): _fields,
    ("approvals", "except"): _fields,
    ("owners", "of"): _who,
    ("watching", "of"): _asked,
    ("groups", "*"): _people,
    ("metrics", "size"): _sizes,
    ("sla", "calendar"): _calendars,
    ("view", "view"): _views,
}
"""Setting and last key (``*``: any) → the values, which the workspace gives."""


STAFF = ("people", "equipment")
"""The kinds of files whose front matter says who and what there is to work with."""


def staff_values(snapshot: Snapshot, name: str) -> list[str]:
    """What a field of a person's or an equipment's file may have, as far as others have it."""
    staff = snapshot.staff
    if name == "calendar":
        return [*snapshot.settings.calendars, "always"]
    if name == "team":
        return sorted(set(staff.spelled.values()))
    if name == "skills":
        return sorted({each for person in staff.people.values() for each in person.skills})
    return []


def rules_keys(snapshot: Snapshot, way: tuple[str, ...]) -> Offers:
    """The keys that may stand below the keys ``way`` of a file of rules."""
    inner = way[1:] if way[:1] == ("rules",) else way
    if not inner:
        return list(_RULE.items())
    if inner == ("on",):
        return [(each, "a change") for each in CHANGES] + [(each, "by time") for each in TIMES]
    if inner[:1] == ("on",):
        return list(_TRIGGERS.get(inner[1:], {}).items())
    if inner == ("if",):
        return [(each, "a subject") for each in (*SUBJECTS, "trigger")]
    if inner == ("do",):
        return [(name, explained(kind).title) for name, kind in ACTIONS.items()]
    if len(inner) == 2 and inner[0] == "do" and (kind := ACTIONS.get(inner[1])):
        if kind.sign:
            return [(name, field.doc) for name, field in snapshot.schema.fields.items()]
        return [(name, option.doc) for name, option in kind.options.items()]
    if inner[0] == "if":
        return [(each, "") for each in QUANTIFIERS]
    return []


_TRIGGERS: Mapping[tuple[str, ...], Mapping[str, str]] = {
    ("changed",): {
        "field": "The field that changes.",
        "from": "The value it had.",
        "to": "The value it has now.",
    },
    ("sla-in",): {
        "name": "The SLA, one of `sla:` in the settings.",
        "left": "How little of it is left, such as `1h`.",
    },
}


def _triggered(snapshot: Snapshot, way: tuple[str, ...]) -> Offers | None:
    """The values of a trigger of a rule."""
    if way in (("changed",), ("changed", "field")):
        return _fields(snapshot)
    if way == ("entered",):
        return [(each, "a category") for each in CATEGORIES]
    if way == ("mentioned",):
        return [*_people(snapshot), *((each, "") for each in snapshot.settings.groups)]
    if way == ("sla-in", "name"):
        return [(each, "") for each in snapshot.settings.sla]
    return None


def rules_values(snapshot: Snapshot, way: tuple[str, ...], begun: str) -> Offers | None:
    """The values that may stand at the keys ``way`` of a file of rules; None if any text may."""
    inner = way[1:] if way[:1] == ("rules",) else way
    last = inner[-1] if inner else ""
    if last == "for":
        return [(each, "") for each in SUBJECTS]
    if last == "on":
        return [(each, "a change") for each in CHANGES] + [(each, "by time") for each in TIMES]
    if inner[:1] == ("on",):
        return _triggered(snapshot, inner[1:])
    if last == "do":
        return [(name, explained(kind).title) for name, kind in ACTIONS.items() if kind.plain]
    if last == "if" or last in QUANTIFIERS:
        return [(each.text, each.about) for each in offers.query(snapshot, begun)]
    if len(inner) == 3 and inner[0] == "do" and (kind := ACTIONS.get(inner[1])) and kind.sign:
        return [(each, "") for each in offers.values(snapshot, last)]
    return None


def keys_of(kind: str) -> Callable[[Snapshot, tuple[str, ...]], Offers]:
    """The keys of a kind of file."""
    return settings_keys if kind == "settings" else rules_keys


def values_of(kind: str) -> Callable[[Snapshot, tuple[str, ...], str], Offers | None]:
    """The values of a kind of file."""
    return settings_values if kind == "settings" else rules_values
