"""Where published folders lie: at a path, or in the folders below it. Loading and reading mean the
same ones.
"""

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

DEEP = 3
"""Levels of folders that are looked through for published ones."""
MOST = 100_000
"""Folders that one folder may have."""
_TABLES = ("changes", "time")
"""Tables with a folder of their own."""


class Source(NamedTuple):
    """A published folder; ``name`` is what it is called in tables and messages: the address of a
    mirror, else the real path.
    """

    folder: str
    name: str


def sources(path: str) -> Iterator[Source]:
    """The published folders at a path or below it, each once. One that is just being uploaded has
    no manifest yet, but files. Hidden folders are none.
    """
    seen: set[str] = set()
    for each in _below(path, DEEP):
        real = os.path.realpath(each.folder)
        if real not in seen:
            seen.add(real)
            yield each


def _below(path: str, levels: int) -> Iterator[Source]:
    from plaintrack.store.portfolio import mirror

    if mirror.is_mirror(path):
        yield Source(mirror.published(path), mirror.told(mirror.address(path)))
        return
    names = _names(path)
    if _is_published(path, names):
        real = os.path.realpath(path)
        yield Source(path, os.fsencode(real).decode("utf-8", "replace"))
    elif levels and not os.path.islink(path):  # links may lead in circles
        for name in names[:MOST]:
            if not name.startswith("."):
                yield from _below(os.path.join(path, name), levels - 1)


def _is_published(path: str, names: Sequence[str]) -> bool:
    from plaintrack.store.portfolio.published import MANIFEST

    if MANIFEST in names or _has_rows(names):
        return True
    return any(_has_rows(_names(os.path.join(path, name))) for name in _TABLES if name in names)


def _has_rows(names: Sequence[str]) -> bool:
    return any(name.endswith(".parquet") for name in names)


def _names(path: str) -> list[str]:
    try:
        return sorted(os.listdir(path))
    except OSError:
        return []
