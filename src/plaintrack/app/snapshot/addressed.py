"""Whom the comments and status updates of a snapshot mention, for queries and checks that ask."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.values import Settings
from plaintrack.model.fields import Schema
from plaintrack.model.task import fold
from plaintrack.store.place import COMMENTS


def addressed(snapshot: Snapshot) -> Mapping[str, Sequence[str]]:
    """Folded id → the folded names that comments on an item and updates of it mention, whether
    they lie under its id or one that it had before.
    """
    from plaintrack.app.snapshot.approvals import former

    said: dict[str, dict[str, None]] = {}
    for path, names in mentioning(texts(snapshot, lambda _path: True), snapshot.schema):
        said.setdefault(fold(path.split("/")[-2]), {}).update(dict.fromkeys(names))
    before = {fold(old): item for item, ids in former(snapshot).items() for old in ids}
    found: dict[str, dict[str, None]] = {}
    for item, each in said.items():
        found.setdefault(before.get(item, item), {}).update(each)
    return {item: tuple(names) for item, names in found.items()}


def texts(snapshot: Snapshot, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of the wanted comments and status updates, as ``contents`` takes it."""
    for folder in rooms(snapshot.settings):
        yield from snapshot.contents(folder, wanted)


def rooms(settings: Settings) -> tuple[str, ...]:
    """The folders of comments and status updates."""
    updates = settings.rooms.get("updates")
    return (COMMENTS, updates) if updates else (COMMENTS,)


def mentioning(
    files: Iterable[tuple[str, bytes]], schema: Schema
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Path and folded names of each of these comments and updates that mentions someone."""
    from plaintrack.text.mention import mentioned
    from plaintrack.text.parse import parse

    for path, data in files:
        if b"@" in data and path.endswith(".md") and path.count("/") > 1:
            names = mentioned(parse(path, data, schema).body)
            if names:
                yield path, names
