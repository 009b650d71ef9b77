"""Names of files that not every system can have: what Windows refuses, and what it or macOS takes
for one name.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from plaintrack.text.format import DEVICE

_REFUSED = re.compile(r'[<>:"\\|?*\x00-\x1f]')
_GIT = re.compile(r"\.git|git~[0-9]", re.IGNORECASE)
_ODD = re.compile(
    r"[<>:\"\\|?*\x00-\x1f]|[. ](?:/|$)"
    r"|(?:^|/)(?:con|prn|aux|nul|com.|lpt.|conin\$|conout\$|\.git|git~.)(?:[./]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST = 255
"""Bytes that a name has at most, on nearly every system."""
_DEEPEST = 240
"""Characters of a path for which 260, with the folder of the clone, are enough."""
_USUAL = re.compile(r"[^<>:\"\\|?*\x00-\x09\x0b-\x1f]*")
_NAMED = re.compile(r"/(?:con|prn|aux|nul|com.|lpt.|conin\$|conout\$|\.git|git~.)[./\n]")
_BEGINNINGS = ("/con", "/prn", "/aux", "/nul", "/com", "/lpt", "/.git", "/git~")
_ENDS = ("./", ".\n", " /", " \n")


def unportable(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(path, what is wrong with it) of the paths that cannot be checked out everywhere, in their
    order; of two that differ too little the later one is told.
    """
    known: dict[str, str] = {}
    told: set[str] = set()
    ordered = sorted(paths)
    if _usual(ordered):
        return
    for path in ordered:
        found = _refused(path) or _twin(path, known, told)
        if found:
            yield path, found


def _usual(paths: Sequence[str]) -> bool:
    """Whether nothing can be wrong with any of these distinct paths: a look at all of them at once,
    since ten thousand looks at one cost a tenth of a check.
    """
    text = "/" + "\n/".join((*paths, ""))
    folded = text.lower()
    if (
        text.count("\n") != len(paths)
        or not _USUAL.fullmatch(text)
        or any(end in text for end in _ENDS)
        or (any(each in folded for each in _BEGINNINGS) and _NAMED.search(folded))
    ):
        return False
    parts = _parts(paths)
    if text.isascii():
        return max(map(len, paths), default=0) <= _DEEPEST and len(
            set(map(str.lower, parts))
        ) == len(parts)
    return all(len(path) < _LONGEST // 4 or len(_encoded(path)) <= _DEEPEST for path in paths) and (
        len(set(map(_folded, parts))) == len(parts)
    )


def _encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def _parts(paths: Iterable[str]) -> set[str]:
    """The paths and every folder above them."""
    found = set(paths)
    above = {path[: path.rfind("/")] for path in found if "/" in path}
    while above:
        found |= above
        above = {path[: path.rfind("/")] for path in above if "/" in path} - found
    return found


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
        if DEVICE.fullmatch(name):
            return f"{name.partition('.')[0]!r} is a device on Windows"
        if _GIT.fullmatch(name):
            return f"git refuses {name!r} on Windows and macOS"
        if len(name.encode()) > _LONGEST:
            return f"a name has more than {_LONGEST} bytes"
    if len(path) > _DEEPEST:
        return f"a path of {len(path)} characters; Windows takes 260, with the folder of the clone"
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
