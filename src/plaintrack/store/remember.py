"""Small values remembered in the cache folder, each with a digest of itself and of what it was made
from.
"""

import os
from contextlib import suppress
from typing import Any

from plaintrack.store.digest import digest


def recall(folder: str | None, name: str, source: bytes) -> Any:
    """The value remembered under ``name`` if it was made from ``source``; else None."""
    if folder is None:
        return None
    from ast import literal_eval  # click has loaded it; json would have to be loaded

    try:
        with open(os.path.join(folder, name), "rb") as handle:
            mark, text = handle.read(16), handle.read()
        return literal_eval(text.decode()) if mark == digest(source + text) else None
    except (OSError, ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def remember(folder: str | None, name: str, source: bytes, value: Any) -> None:
    """Remember a value of tuples, dicts, texts, numbers and None, where the folder can be
    written.
    """
    if folder is None:
        return
    text = repr(value).encode("utf-8", "backslashreplace")
    path = os.path.join(folder, name)
    temporary = f"{path}.{os.getpid()}"
    with suppress(OSError):
        with open(temporary, "wb") as handle:
            handle.write(digest(source + text) + text)
        os.replace(temporary, path)


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
