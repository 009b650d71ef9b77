"""What may stand in settings and rules, from the tables that check and document them."""

from collections.abc import Callable, Mapping

from plaintrack.app.snapshot import offers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.settings import TABLE
from plaintrack.model.fields import CATEGORIES, KINDS
from plaintrack.rules.actions import ACTIONS, explained
from plaintrack.rules.rule import CHANGES, QUANTIFIERS, SUBJECTS, TIMES

Offers = list[tuple[str, str]]
"""Texts with a word about each."""
_VIEW = {
    "query": "The question, in the query language.",
    "sort": "The order, as `due` or `-urgency`.",
    "columns": "The columns.",
    "group": "The field by which the items are grouped.",
    "format": "The form in which it is told: table, json, csv, markdown …",
}
_FIELD = {
    "type": "The type of its values, or `list of` one.",
    "key": "The key in the front matter.",
    "choices": "The values it may have.",
    "required": "Whether every item needs it.",
    "default": "What new items have.",
    "format": "How new values are written.",
    "doc": "What it means.",
}
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
SEVERITIES = ("off", "on", "error", "warning", "note")


def setting(name: str) -> str:
    """What a setting means; empty if there is none of that name."""
    return next((each.doc for each in TABLE if each.name == name), "")


def settings_keys(_snapshot: Snapshot, way: tuple[str, ...]) -> Offers:
    """The keys that may stand below the keys ``way`` of the settings."""
    if not way:
        return [(each.name, each.doc) for each in TABLE]
    if len(way) == 2 and way[0] in ("views", "fields"):
        return list((_VIEW if way[0] == "views" else _FIELD).items())
    if way[0] == "checks":
        return _checks_keys(way[1:])
    if len(way) == 1:
        default = next((each.default for each in TABLE if each.name == way[0]), None)
        if isinstance(default, Mapping):
            return [(str(name), _shown(value)) for name, value in default.items()]
        if way[0] == "ids":
            about = (
                "Before each id.",
                "`random` or `sequential`.",
                "Of random ids.",
                "`key`, `filename`.",
            )
            return list(zip(("prefix", "scheme", "length", "from"), about, strict=True))
    if len(way) == 2 and way[0] == "people":
        return [("name", "The name in git."), ("email", "The address of commits.")]
    return []


def _shown(value: object) -> str:
    return f"Out of the box: `{value}`."


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


def settings_values(snapshot: Snapshot, way: tuple[str, ...], begun: str) -> Offers | None:
    """The values that may stand at the keys ``way`` of the settings; None if any text may."""
    last = way[-1] if way else ""
    if last == "query" or way[0] == "sla" or (way[0] == "approvals" and last == "query"):
        return [(each.text, each.about) for each in offers.query(snapshot, begun)]
    if way[0] == "statuses" and len(way) == 2:
        return [(each, "a category") for each in CATEGORIES]
    if way[0] == "checks" and (len(way) == 2 or last == "severity"):
        return [(each, "") for each in SEVERITIES]
    if way[0] == "fields" and last == "type":
        return [(each, "") for each in (*KINDS, *(f"list of {each}" for each in KINDS))]
    if last in ("columns", "sort", "group"):
        return [(each.text, each.about) for each in offers.columns(snapshot, begun.lstrip("-"))]
    choices: Mapping[str, tuple[str, ...]] = {
        "commit": ("manual", "auto"),
        "title": ("key", "heading", "filename"),
        "form": ("true", "false"),
        "stamps": ("created", "closed"),
        "scheme": ("random", "sequential"),
        "fetch": ("missing", "never"),
        "catch_up": ("latest", "all", "skip"),
        "shift": ("none", "next", "previous"),
        "objective": ("serve", "end"),
        "working_days": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        "dates": ("landed", "author"),
    }
    found = choices.get(last)
    return [(each, "") for each in found] if found else None


def rules_keys(snapshot: Snapshot, way: tuple[str, ...]) -> Offers:
    """The keys that may stand below the keys ``way`` of a file of rules."""
    inner = way[1:] if way[:1] == ("rules",) else way
    if not inner:
        return list(_RULE.items())
    if inner == ("on",):
        return [(each, "a change") for each in CHANGES] + [(each, "by time") for each in TIMES]
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


def rules_values(snapshot: Snapshot, way: tuple[str, ...], begun: str) -> Offers | None:
    """The values that may stand at the keys ``way`` of a file of rules; None if any text may."""
    inner = way[1:] if way[:1] == ("rules",) else way
    last = inner[-1] if inner else ""
    if last == "for":
        return [(each, "") for each in SUBJECTS]
    if last == "on":
        return [(each, "a change") for each in CHANGES] + [(each, "by time") for each in TIMES]
    if last == "do":
        return [(name, explained(kind).title) for name, kind in ACTIONS.items() if kind.plain]
    if last == "if" or last in QUANTIFIERS:
        return [(each.text, each.about) for each in offers.query(snapshot, begun)]
    if len(inner) == 3 and inner[0] == "do" and (kind := ACTIONS.get(inner[1])) and kind.sign:
        return [(each, "") for each in offers.values(snapshot, last)]
    return None


def below(kind: str) -> Callable[[Snapshot, tuple[str, ...]], Offers]:
    """The keys of a kind of file."""
    return settings_keys if kind == "settings" else rules_keys


def at(kind: str) -> Callable[[Snapshot, tuple[str, ...], str], Offers | None]:
    """The values of a kind of file."""
    return settings_values if kind == "settings" else rules_values
