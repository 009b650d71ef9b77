"""What words of other programs mean, where nothing says so."""

_SIGNS = (
    (
        "cancelled",
        (
            *("cancel", "scrap", "wont", "won't", "abandon", "drop", "reject", "archive"),
            *("duplicate", "obsolete", "not planned", "abgebrochen", "annul"),
        ),
    ),
    (
        "open",
        (
            *("not start", "not done", "not yet", "unresolved", "incomplete", "unfinished"),
            *("undone", "inactive", "nicht begonnen", "no iniciad", "non commenc"),
        ),
    ),
    (
        "done",
        (
            *("done", "complete", "close", "finish", "resolve", "ship", "release"),
            *("fertig", "erledigt", "geschlossen", "termin", "fermé", "hecho", "cerrad"),
        ),
    ),
    (
        "active",
        (
            *("progress", "doing", "active", "review", "start", "wip", "test", "qa"),
            *("arbeit", "cours", "curso"),
        ),
    ),
)


def category(status: str) -> str:
    """The category that a status of this name most likely has."""
    words = status.lower()
    for kind, signs in _SIGNS:
        if any(sign in words for sign in signs):
            return kind
    return "open"


RANKS = {
    "highest": 0,
    "critical": 0,
    "blocker": 0,
    "urgent": 0,
    "high": 1,
    "major": 1,
    "important": 1,
    "medium": 2,
    "normal": 2,
    "moderate": 2,
    "low": 3,
    "minor": 3,
    "lowest": 3,
    "trivial": 3,
}
"""Words for priorities → how far down they stand among four."""


def priority(word: str, names: tuple[str, ...]) -> str:
    """The priority among ``names``, the most important first, that a word most likely means; empty
    if it says nothing.
    """
    rank = RANKS.get(word.strip().lower())
    if rank is None or not names:
        return ""
    return names[min(rank, 3) * (len(names) - 1) // 3]
