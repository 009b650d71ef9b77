"""What happened to a person's work, as a value: ``app`` finds it, ``show`` tells it."""

from typing import NamedTuple

WHYS = {
    "assigned": "you are an assignee now",
    "unassigned": "you are an assignee no more",
    "mentioned": "a text has @you, or @a group of yours, and had not before",
    "answered": "a comment answers yours",
    "commented": "a comment on an item of yours",
    "approved": "a verdict on an item of yours",
    "rejected": "a verdict on an item of yours",
    "updated": "a status update of a project or goal of yours",
    "unblocked": "what your open item depends on was closed",
    "blocked": "what your open item depends on was opened again, or is new among its dependencies",
    "planned": "`plan --apply` moved an item of yours",
    "changed": "any other change of an item of yours",
    "due": "an open item that you are assigned is due within three days, or late",
    "asked": "an item that is worked on waits for your approval",
}
"""The reasons for which a person is told, with what they mean. An item is yours if you are its
assignee or owner, made it, commented on it, or stand in its field ``watching``.
"""


class Entry(NamedTuple):
    """One thing to know: of which item, when (ISO), by whom, for which of WHYS, in words; ``key``
    is the same whatever becomes of the commit.
    """

    id: str
    title: str
    when: str
    who: str
    why: str
    text: str
    key: str


def by_item(entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    """The entries by item, the item with the newest first, and of each the newest first."""
    found: dict[str, list[Entry]] = {}
    for each in sorted(entries, key=lambda entry: entry.when, reverse=True):
        found.setdefault(each.id.lower(), []).append(each)
    return [(some[0].id, some) for some in found.values()]
