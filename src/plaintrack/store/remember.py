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
