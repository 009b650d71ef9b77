"""Which item is meant, and which of two files is the item: what the files do not say is asked of
git.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from plaintrack.app.snapshot.absent import absent
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.store.index import ask

_LINK = re.compile(
    r"\[\[([^\[\]|#]+)(?:#[^\[\]|]*)?(?:\|[^\[\]]*)?\]\]|\[([^\[\]]*)\]\(([^()\s]+)\)|[^\s,;]+"
)


def taken(snapshot: Snapshot) -> set[str]:
    """Every id that a new item must not get: those of the items here, of those not checked out and,
    if ids are counted, of those gone.
    """
    found = {*ask.ids(snapshot.index.connection)} | set(absent(snapshot).ids)
    if snapshot.settings.scheme == "sequential":
        from plaintrack.app.snapshot.history import history

        with suppress(PlaintrackError):  # no git, or no commit
            found.update(history(snapshot).ids())
    return found


def names(snapshot: Snapshot) -> dict[str, str]:
    """Folded id, or folded name of a file without ``.md`` → id of the item; a name that several
    files have leads to none.
    """
    rows = ask.places(snapshot.index.connection)
    found: dict[str, str] = {}
    for item, path in rows:
        name = fold(path.rpartition("/")[2].removesuffix(".md"))
        found[name] = item if found.get(name, item) == item else ""
    found |= {fold(item): item for item, _ in rows}
    return found | {fold(each): each for each in absent(snapshot, thorough=True).ids}


def meant(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The ids that a text stands for which is not an id itself; none unless every part of it is
    sure to be one of ``known``.

    Parts are separated by commas, semicolons or blanks; a part is an id, the name of an item's
    file, a `[[wiki link]]`, or a Markdown link to the file. ``known`` is what ``names`` gives.
    """
    whole = _named(text, known)
    if whole:
        return (whole,)
    found = []
    for match in _LINK.finditer(text):
        wiki, label, target = match.groups()
        item = _named(wiki or target or match[0], known) or (_named(label, known) if label else "")
        if not item:
            return ()
        found.append(item)
    return tuple(dict.fromkeys(found))


def _named(text: str, known: Mapping[str, str]) -> str:
    """The id that one word or file name stands for."""
    from urllib.parse import unquote

    name = fold(unquote(text.strip().strip("<>")).rpartition("/")[2].removesuffix(".md"))
    return known.get(fold(text.strip())) or known.get(name, "")


def by_age(
    snapshot: Snapshot, item: str, created: Mapping[str, str], live: bool = True
) -> list[str]:
    """The paths of files with one id, the one that the id belongs to first; ``created`` is path →
    when the file says it was.

    ``live``: they are files of the work tree, where one may have been moved since the last commit.

    One outside of the archive comes before one inside: an archived item's id may be given again.
    Then that which history has followed since the id was given, through renames; then what is
    committed with that id; then what was created first.
    """
    try:
        first, there = _known(snapshot, item, list(created), live)
    except PlaintrackError:  # no git, or no commit
        first, there = "", frozenset[str]()
    archive = f"{snapshot.settings.archive}/"

    def age(path: str) -> tuple[object, ...]:
        made = created[path]
        return (path.startswith(archive), path != first, path not in there, not made, made, path)

    return sorted(created, key=age)


def _known(
    snapshot: Snapshot, item: str, paths: Sequence[str], live: bool
) -> tuple[str, frozenset[str]]:
    """Which of the files history has followed since the id was given (empty: not certain), and
    those it knows with that id.
    """
    from plaintrack.app.snapshot.history import history

    steps = history(snapshot).steps(item)
    there = frozenset(path for _, _, path, _ in steps)
    starts = [(path, blob) for number, _, path, blob in steps if number == steps[0][0]]
    if len(starts) != 1:
        return "", there
    at, last = starts[0]
    for _, old, new, blob in steps:
        if old == at and new:
            at, last = new, blob
    if at in paths or not live:
        return at if at in paths else "", there
    same = [
        path
        for _, data in snapshot.repo.blobs([last])
        for path in paths
        if _holds(snapshot, path, data)
    ]
    return same[0] if len(same) == 1 else "", there


def _holds(snapshot: Snapshot, path: str, data: bytes) -> bool:
    """Whether a file holds just these bytes."""
    try:
        return snapshot.read(path) == data
    except (OSError, PlaintrackError):
        return False
