"""Mentions: ``@ana`` in prose, which names a person or a group; and what only looks like one."""

import re
from collections.abc import Iterable, Iterator, Set

from plaintrack.model.task import fold
from plaintrack.text.markdown import Fences, has_fence

_MENTION = re.compile(r"(?:^|(?<=[\s(\[{\"'*_~>,;:!?|“‘«—–]))@([^\W_][\w.-]{0,100}+)(?![\w@/\\])")
_TICKS = re.compile(r"`+")
_LINK = re.compile(r"!?\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)|<[^<>\s]{1,2000}>")
_EMPTY = re.compile(r"\n[ \t]*\n")


MOST = 1000
"""So many names of a text count, so that a file made to be one long list cannot fill the index."""


def mentioned(text: str) -> tuple[str, ...]:
    """The first MOST names behind ``@`` in a Markdown text, folded, each once: where the ``@``
    starts a word outside code, links, HTML comments and addresses. Whether it names a person is not
    asked.
    """
    if "@" not in text:
        return ()
    names = (fold(each.rstrip("._-")) for part in _prose(text) for each in _MENTION.findall(part))
    return tuple(dict.fromkeys(names))[:MOST]


def _prose(text: str) -> Iterator[str]:
    """The paragraphs of a text without code, links and comments; those with an ``@``."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if has_fence(plain):
        fences = Fences()
        plain = "\n".join("" if fences.code(line) else line for line in plain.split("\n"))
    for part in _EMPTY.split(_without_comments(plain)):
        if "@" in part:
            bare = _without_code(part) if "`" in part else part
            yield _LINK.sub(" . ", bare)


def _without_comments(text: str) -> str:
    found, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        found.append(text[at:start])
        at = end + 3
    return "".join((*found, text[at:])) if found else text


def _without_code(text: str) -> str:
    """A paragraph without its code spans: from a run of backticks to the next of its length."""
    runs = list(_TICKS.finditer(text))
    following: dict[int, list[int]] = {}
    for number in range(len(runs) - 1, -1, -1):
        following.setdefault(len(runs[number][0]), []).append(number)
    found, at, number = [], 0, 0
    while number < len(runs):
        same = following[len(runs[number][0])]
        while same and same[-1] <= number:
            same.pop()
        if not same:
            number += 1
            continue
        found.append(text[at : runs[number].start()])
        number = same[-1]
        at = runs[number].end()
        number += 1
    return ".".join((*found, text[at:]))


def slip(name: str, known: Iterable[str]) -> str:
    """The one known name that differs from ``name`` by one letter; empty if there is none or more
    than one, or ``name`` is too short to tell.
    """
    folded = fold(name)
    if len(folded) < 3:
        return ""
    near = [each for each in known if _one_letter(folded, fold(each))]
    return near[0] if len(near) == 1 else ""


def _one_letter(one: str, two: str) -> bool:
    """Whether one letter is other, missing, too many, or two neighbours are swapped."""
    if one == two or abs(len(one) - len(two)) > 1:
        return False
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    rest, other = one[start:], two[start:]
    if len(one) == len(two):
        swapped = rest[1::-1] == other[:2] and len(rest) > 1
        return rest[1:] == other[1:] or (swapped and rest[2:] == other[2:])
    return rest[1:] == other or rest == other[1:]


def naming(text: str, names: Set[str]) -> bool:
    """Whether a text mentions one of these names, given folded."""
    return "@" in text and not names.isdisjoint(mentioned(text)) if names else False
