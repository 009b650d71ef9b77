"""Ids: the grammar of those plaintrack makes and of those it accepts."""

import os
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from plaintrack.errors import PlaintrackError, command
from plaintrack.model.task import fold

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_DIGITS = re.compile(r"[0-9]+")
_NAMED = 8
"""Items that a message names."""
_ACCEPTED = r"(?a)[A-Za-z0-9][A-Za-z0-9._-]{0,63}"


_ELSEWHERE = (
    r"(?a)([A-Za-z0-9][A-Za-z0-9._-]{0,99})/"
    r"([A-Za-z][A-Za-z0-9_]*-[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9]+)"
)


class UnknownId(PlaintrackError):
    """No item has an id like a text; ``hint`` says what else may help."""

    slug = "unknown-id"
    exit_code = 1

    def __init__(self, part: str, hint: str = "") -> None:
        super().__init__(
            f"no item has an id like {part!r}", hint or f"{command('list')} shows the ids"
        )


class EmptyId(UnknownId):
    """No text, so no id."""

    slug = "empty-id"

    def __init__(self) -> None:
        PlaintrackError.__init__(
            self, "an empty id matches no item", "give the id, or a part of it"
        )


class NotWholeId(UnknownId):
    """A whole id is needed here, and no item has this one."""

    slug = "not-whole-id"

    def __init__(self, text: str) -> None:
        PlaintrackError.__init__(self, f"no item has the id {text!r}", "write the whole id")


class NotCheckedOut(UnknownId):
    """The item is in the commit, and its file is not in this sparse work tree."""

    slug = "not-checked-out"

    def __init__(self, item: str) -> None:
        PlaintrackError.__init__(
            self,
            f"{item} is not checked out here",
            "`git sparse-checkout add` its folder, or read it with `git show`",
        )


class AmbiguousId(PlaintrackError):
    """Several items could be meant."""

    slug = "ambiguous-id"

    def __init__(
        self, part: str, items: list[str], title: Callable[[str], str | None] = lambda _: None
    ) -> None:
        """``title`` is asked for the titles of those that are named."""
        self.items = items
        told = [f"{each} {title(each) or ''!r}" for each in sorted(items)[:_NAMED]]
        names = ", ".join(each.removesuffix(" ''") for each in told)
        more = " …" if len(items) > _NAMED else ""
        super().__init__(f"{part!r} could be {names}{more}", "type more of the id")


class SharedId(AmbiguousId):
    """Several files have one id."""

    slug = "shared-id"

    def __init__(self, item: str, count: int) -> None:
        PlaintrackError.__init__(
            self,
            f"{count} files have the id {item}",
            f"run {command('doctor', '--fix')} to give the newer one a new id",
        )


def acceptable(text: str) -> bool:
    """Whether ``text`` is a valid id: at most 64 ASCII letters, digits, ``.``, ``_`` and ``-``."""
    return re.fullmatch(_ACCEPTED, text) is not None


class Elsewhere(NamedTuple):
    """An item of another repository, as ``api/PT-7`` names it."""

    repository: str
    id: str


def elsewhere(text: str, folders: Iterable[str] = (), prefix: str = "") -> Elsewhere | None:
    """The item of another repository that a link leads to: ``NAME/ID``, where the id is a number,
    or a prefix, a ``-`` and more; None for any other text.

    ``folders`` of the workspace are not repositories, nor is what begins like one of its ids, with
    its ``prefix``; a path to a file is not an id.
    """
    found = re.fullmatch(_ELSEWHERE, text) if "/" in text else None
    if found is None or len(found[2]) > 64 or fold(found[2]).endswith(".md"):
        return None
    name = fold(found[1])
    own = prefix and name.startswith(f"{fold(prefix)}-")
    if own or any(name == fold(each.rpartition("/")[2]) for each in folders):
        return None
    return Elsewhere(found[1], found[2])


def formed(text: str, scheme: str, prefix: str, length: int) -> bool:
    """Whether ``text`` has the form of the ids that a workspace makes; without a prefix any number
    or word may have it, so none does.
    """
    start, word = f"{fold(prefix)}-", fold(text)
    if not (prefix and word.startswith(start)):
        return False
    rest = word.removeprefix(start)
    if scheme == "sequential":
        return rest.isascii() and rest.isdecimal()
    return len(rest) == length and all(each in ALPHABET for each in rest)


def natural(key: str) -> str:
    """The sort key of folded ids: text, with each run of digits as a number."""
    return _DIGITS.sub(_weighed, key) if key else ""


def _weighed(run: re.Match[str]) -> str:
    number = run[0].lstrip("0") or "0"
    return f"{len(number):02}{number}"


def make(prefix: str, length: int, taken: frozenset[str] | set[str]) -> str:
    """A fresh random id such as ``PT-7k3q9x`` that is not in ``taken``."""
    start = f"{prefix}-" if prefix else ""
    while True:
        found = start + _letters(length)
        if found not in taken:
            return found


def derived(prefix: str, length: int, mark: str) -> str:
    """The id that belongs to a text, the same wherever it is made."""
    from hashlib import sha256

    digest = sha256(mark.encode("utf-8", "surrogatepass")).digest()
    letters = "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest)[:length]
    return f"{prefix}-{letters}" if prefix else letters


def _letters(count: int) -> str:
    """Random characters of the alphabet, all equally likely."""
    found = ""
    fair = 256 - 256 % len(ALPHABET)
    while len(found) < count:
        found += "".join(
            [ALPHABET[byte % len(ALPHABET)] for byte in os.urandom(count) if byte < fair]
        )
    return found[:count]


def following(prefix: str, taken: frozenset[str] | set[str], width: int = 1) -> str:
    """The next id of the sequential scheme: one above the highest number in ``taken``, with zeros
    in front up to ``width`` digits.
    """
    start = f"{prefix}-" if prefix else ""
    tails = [each[len(start) :] for each in taken if each.lower().startswith(start.lower())]
    numbers = [int(each) for each in tails if each.isascii() and each.isdecimal()]
    return f"{start}{max(numbers, default=0) + 1:0{width}}"


def fresh(scheme: str, prefix: str, length: int, taken: frozenset[str] | set[str]) -> str:
    """A new id of the scheme ``random`` or ``sequential`` that is not in ``taken``."""
    return (
        following(prefix, taken, length) if scheme == "sequential" else make(prefix, length, taken)
    )


def of_file(path: str, separator: str) -> str:
    """The id that a file's name stands for, where ids are not in the front matter: the name up to
    ``separator``.

    Runs of characters that an id cannot hold become one ``-``; what cannot be told that way gets a
    checksum.
    """
    name = path.rpartition("/")[2].removesuffix(".md")
    found = name.partition(separator)[0] if separator else name
    if acceptable(found):
        return found
    from unicodedata import normalize
    from zlib import crc32

    plain = re.sub(
        r"[^A-Za-z0-9._-]+", "-", normalize("NFKD", found).encode("ascii", "ignore").decode()
    ).strip("-._")
    whole = plain and len(plain) <= 64 and found.isascii()
    return (
        plain if whole else f"{plain[:48].rstrip('-._') or 'item'}-{crc32(os.fsencode(found)):08x}"
    )


def resolve(part: str, known: list[str]) -> str:
    """The one id of ``known`` that ``part`` names: the whole id, the whole one behind the name of
    its repository, its beginning, the beginning after the prefix, or any part of it.

    Raises UnknownId and AmbiguousId; the latter lists the candidates.
    """
    wanted = fold(part)
    if not wanted.strip():
        raise EmptyId
    tiers = (
        lambda each: each == wanted,
        lambda each: each.rpartition("/")[2] == wanted,
        lambda each: each.startswith(wanted) or each.partition("-")[2].startswith(wanted),
        lambda each: wanted in each,
    )
    for matches in tiers:
        found = [each for each in known if matches(each.lower())]
        if len(found) == 1:
            return found[0]
        if found and len(set(found)) == 1:
            raise SharedId(found[0], len(found))
        if found:
            raise AmbiguousId(part, found)
    raise UnknownId(part)
