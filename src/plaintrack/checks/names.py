"""Names of files that not every system can have: what Windows refuses, and what it or macOS takes
for one name.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_REFUSED = re.compile(r'[<>:"\\|?*\x00-\x1f]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_GIT = re.compile(r"\.git|git~[0-9]", re.IGNORECASE)
_ODD = re.compile(
    r"[<>:\"\\|?*\x00-\x1f]|[. ](?:/|$)"
    r"|(?:^|/)(?:con|prn|aux|nul|com.|lpt.|\.git|git~.)(?:[./]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST = 255
"""Bytes that a name has at most, on nearly every system."""


def unportable(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(path, what is wrong with it) of the paths that cannot be checked out everywhere, in their
    order; of two that differ too little the later one is told.
    """
    known: dict[str, str] = {}
    told: set[str] = set()
    for path in sorted(paths):
        found = _refused(path) or _twin(path, known, told)
        if found:
            yield path, found


def _refused(path: str) -> str:
    """What Windows refuses in one of the names; empty if nothing."""
    if len(path) < _LONGEST // 4 and not _ODD.search(path):
        return ""
    for name in path.split("/"):
        odd = _REFUSED.search(name)
        if odd:
            return f"Windows knows no names with {odd[0]!r}"
        if name[-1:] in (".", " "):
            return f"Windows knows no names with {name[-1]!r} at the end"
        if _DEVICE.fullmatch(name):
            return f"{name.partition('.')[0]!r} is a device on Windows"
        if _GIT.fullmatch(name):
            return f"git refuses {name!r} on Windows and macOS"
        if len(name.encode()) > _LONGEST:
            return f"a name has more than {_LONGEST} bytes"
    return ""


def _twin(path: str, known: dict[str, str], told: set[str]) -> str:
    """The file or folder that other systems take for a part of this path; ``known`` are those
    before it, by how they are compared. Of a folder in ``told`` it was said before.
    """
    end = len(path)
    while end > 0:
        part = path[:end]
        other = known.setdefault(_folded(part), part)
        if other != part and part not in told:
            told.add(part)
            return f"on Windows and macOS {other!r} and {part!r} are one"
        end = part.rfind("/")
    return ""


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())
