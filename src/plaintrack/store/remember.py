"""Small values remembered in the cache folder, each with a digest of itself and of what it was made
from.
"""

import os
from contextlib import suppress
from typing import Any, ClassVar

from plaintrack.store.digest import digest

KEPT = 4
"""So many values of a kind are remembered beside each other, one for each environment."""


def recall(folder: str | None, name: str, source: bytes) -> Any:
    """The value remembered under ``name`` if it was made from ``source``; else None."""
    if folder is None:
        return None
    try:
        with open(os.path.join(folder, name), "rb") as handle:
            mark, text = handle.read(16), handle.read()
        return _read(text.decode()) if mark == digest(source + text) else None
    except (OSError, ValueError, StopIteration, MemoryError, RecursionError):
        return None


def remember(folder: str | None, name: str, source: bytes, value: Any) -> None:
    """Remember a value of tuples, dicts by texts, texts, numbers and None, where the folder can be
    written.
    """
    if folder is None:
        return
    import json

    text = json.dumps(value).encode()
    path = os.path.join(folder, name)
    temporary = f"{path}.{os.getpid()}"
    with suppress(OSError):
        with open(temporary, "wb") as handle:
            handle.write(digest(source + text) + text)
        os.replace(temporary, path)


class _Plain:
    """What the scanner of JSON wants to know."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int, parse_constant = float, int, float
    memo: ClassVar[dict[str, str]] = {}


def _read(text: str) -> Any:
    """The value in a text of JSON, its lists as tuples; by the scanner alone, since the package
    takes longer to load than the text takes to read.
    """
    try:
        from _json import make_scanner
    except ImportError:  # other Pythons than CPython
        from json import loads

        return _frozen(loads(text))
    value, end = make_scanner(_Plain)(text, 0)  # type: ignore[arg-type]  # a scanner, it says
    return _frozen(value) if end == len(text) else None


def _frozen(value: Any) -> Any:
    if type(value) is list:
        return tuple([_frozen(each) for each in value])
    if type(value) is dict:
        return {key: _frozen(each) for key, each in value.items()}
    return value


def slot(begins: str, source: bytes) -> str:
    """A name of its own for what is made from ``source``, so that what others take turns with
    stands beside it; ``forget`` deletes all but the latest.
    """
    return f"{begins}-{digest(source).hex()[:8]}.cache"


def forget(folder: str | None, begins: str, most: int) -> None:
    """Delete all but the latest ``most`` values whose names begin so."""
    if folder is None:
        return
    with suppress(OSError):
        paths = [
            os.path.join(folder, name) for name in os.listdir(folder) if name.startswith(begins)
        ]
        paths.sort(key=lambda path: os.stat(path).st_mtime_ns)
        for path in paths[: max(0, len(paths) - most)]:
            os.unlink(path)
