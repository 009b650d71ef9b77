"""What may stand below the keys of the settings: completion, hover and the JSON Schema of editors
take it from here; a test holds it to what the settings accept.
"""

from collections.abc import Mapping

ANY = "*"
"""A name that the workspace gives, such as that of a view."""

_CALENDAR = {
    "working_days": "The working days: `mon`, `tue` …",
    "holidays": "Days off, such as `2026-12-25`, or `12-25` for every year.",
    "country": "Whose public holidays count, such as `DE` or `DE-BE` (needs the extra `holidays`).",
    "hours": "Hours by weekday, as `{fri: 6h}`.",
    "days": "Days with hours of their own, as `{2026-12-24: 4h}`.",
}
_CHOSEN = {
    "query": "For which items: a query.",
    "path": "For which items: the folder or file they lie in.",
    "of": "The people and groups.",
}

BELOW: Mapping[tuple[str, ...], Mapping[str, str]] = {
    ("ids",): {
        "prefix": "What stands before each id.",
        "scheme": "How ids are made: `random` or `sequential`.",
        "length": "Characters of random ids; digits of sequential ones.",
        "from": "Where an id is kept: `key`, or `filename`.",
    },
    ("people", ANY): {
        "name": "The name in git.",
        "email": "The address of commits.",
    },
    ("fields", ANY): {
        "type": "The type of its values, or `list of` one.",
        "key": "The key in the front matter.",
        "choices": "The values it may have.",
        "required": "Whether every item needs it.",
        "default": "What new items have.",
        "format": "How new values are written.",
        "doc": "What it means.",
    },
    ("goals",): {
        "on_track": "The score from which on a goal is on track.",
        "at_risk": "The score from which on it is at risk; below, it is off track.",
    },
    ("scores", ANY): {
        "formula": "Numbers of items by `+ - * /`; `wsjf`, `rice` and `ice` have theirs.",
        "doc": "What it means.",
    },
    ("views", ANY): {
        "query": "The question, in the query language.",
        "sort": "The order, as `due` or `-urgency`.",
        "columns": "The columns.",
        "group": "The field by which the items are grouped.",
        "format": "The form of the answer: table, json, csv, markdown …",
    },
    ("recur",): {
        "catch_up": "What becomes of days that were missed: `latest`, `all`, `skip`.",
        "shift": "Where a day off goes: `none`, `next`, `previous`.",
        "passing": "`true`: the next item is created when its day has come; `false`: when the"
        " previous one is closed.",
    },
    ("calendar",): _CALENDAR,
    ("calendars", ANY): {**_CALENDAR, "teams": "The teams whose calendar it is."},
    ("rooms",): {
        "people": "The folder of the people's files.",
        "equipment": "The folder of the equipment's files.",
        "time": "The folder of time records.",
        "timesheets": "The folder of submitted timesheets.",
        "updates": "The folder of status updates.",
        "approvals": "The folder of approvals.",
        "reports": "The folder of your own reports.",
        "imports": "The folder of what imports took over last.",
    },
    ("plan",): {
        "slot": "What effort rounds up to, such as `30m`.",
        "horizon": "How far recurring work is planned, such as `26w`.",
        "objective": "`serve`: urgent work first; `end`: all done soon.",
        "estimate": "What work without an estimate takes, such as `1d`.",
        "reserve": "Time kept for other work, as `{operations: 20%}`.",
        "solver": "`plaintrack`, or `cp-sat` (needs the extra `plan`).",
    },
    ("plan", "reserve"): {"operations": "The share of everybody's time, such as `20%`."},
    ("approvals",): {
        "content": "What a verdict is on: `fields` or `except`, `body`, `files`.",
        "signed": "`true`: only verdicts in signed commits count.",
        "needs": "Who must agree: a list of rules with `query`, `of`, `to`, `since`.",
    },
    ("approvals", "content"): {
        "fields": "The fields that a verdict is on.",
        "except": "The fields that may change without a new verdict.",
        "body": "`true`: the body, too.",
        "files": "`true`: the files it links to, too.",
    },
    ("approvals", "needs"): {
        "query": "The items that need it.",
        "of": "Who must agree, such as `ana`, `2 of leads`, `owner`, `not author`.",
        "to": "The statuses that wait for it; `done` if none is given.",
        "since": "The day from which on it is needed.",
    },
    ("owners",): _CHOSEN,
    ("watching",): _CHOSEN,
    ("health",): {"days": "After how many days the next status update is due; 0: never."},
    ("sla", ANY): {
        "query": "What it is about.",
        "start": "The condition that starts the clock.",
        "pause": "The condition, or several, in which it stands.",
        "stop": "The condition that stops it.",
        "goal": "How long it may take: `4h`, or by priority, as `{high: 4h, default: 2d}`.",
        "calendar": "The calendar it runs by: one of `calendars`, or `always`.",
        "begins": "The hour at which a working day begins, such as `09:00`.",
    },
    ("site",): {
        "private": "`true`: its readers may know rates, cost, addresses and types of leave.",
        "title": "What it is called.",
        "source": "The address before the paths of files, for links to the forge.",
    },
    ("publish",): {
        "private": "`true`: readers may know rates, types of leave, who worked when, addresses.",
        "name": "What the repository is called in a portfolio, before ids.",
        "time": "`false`: time records are left out.",
    },
    ("time",): {
        "timer": "`true`: `start` starts a timer, and `done` stops it.",
        "forgotten": "After how long `time stop` asks whether a timer was forgotten.",
    },
    ("metrics",): {
        "size": "What an item counts: `count`, `estimate`, or a field of numbers.",
        "branch": "Whose first-parent line counts; empty: the present one.",
        "dates": "`landed`: when a change reached that line; `author`: when it was made.",
    },
    ("git",): {"fetch": "`missing`: git may fetch contents of history that a partial clone lacks."},
}
"""The keys above (``*``: any name) → each key that may stand there, and what it means."""


LISTS = frozenset((("owners",), ("watching",), ("approvals", "needs")))
"""Those that are lists, of which each entry has the keys."""


def below(way: tuple[str, ...]) -> Mapping[str, str]:
    """The keys that may stand below the keys ``way``, with their meaning; none if any may."""
    named = (*way[:1], ANY, *way[2:]) if len(way) > 1 else way
    return BELOW.get(way) or BELOW.get(named, {})
