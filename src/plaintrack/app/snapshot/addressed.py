"""Whom the comments and status updates of a snapshot mention, for queries that ask for it."""

from collections.abc import Mapping, Sequence

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.task import fold
from plaintrack.store.place import COMMENTS


def addressed(snapshot: Snapshot) -> Mapping[str, Sequence[str]]:
    """Folded id → the folded names that comments on an item and updates of it mention, whether
    they lie under its id or one that it had before.
    """
    from plaintrack.app.snapshot.approvals import former
    from plaintrack.text.mention import mentioned
    from plaintrack.text.parse import parse

    said: dict[str, dict[str, None]] = {}
    updates = snapshot.settings.rooms.get("updates")
    for folder in (COMMENTS, updates) if updates else (COMMENTS,):
        for path, data in snapshot.contents(folder, lambda _path: True):
            if b"@" not in data or not path.endswith(".md"):
                continue
            names = mentioned(parse(path, data, snapshot.schema).body)
            said.setdefault(fold(path.split("/")[-2]), {}).update(dict.fromkeys(names))
    before = {fold(old): item for item, ids in former(snapshot).items() for old in ids}
    found: dict[str, dict[str, None]] = {}
    for item, each in said.items():
        found.setdefault(before.get(item, item), {}).update(each)
    return {item: tuple(names) for item, names in found.items() if names}
