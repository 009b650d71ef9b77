"""Threads: comments in the order in which they are read, each below the one it answers."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from plaintrack.model.detail import Comment


class Said(NamedTuple):
    """A comment in its thread: its number among all on the item, from 1, the oldest first; how many
    comments it stands below; ``resolved``: it begins a thread whose last comment resolves it.
    """

    number: int
    depth: int
    comment: Comment
    resolved: bool = False


def called(path: str) -> str:
    """What a comment is called by its answers: its file's name without the ending."""
    return path.rpartition("/")[2].removesuffix(".md")


def threads(comments: Sequence[Comment]) -> list[Said]:
    """The comments, thread by thread. An answer to what is not there begins a thread, and so does
    the oldest comment of a circle.
    """
    numbers = {called(each.path): number for number, each in enumerate(comments)}
    below: dict[int, list[int]] = {}
    tops = []
    for number, each in enumerate(comments):
        above = numbers.get(each.answers, number)
        if above == number:
            tops.append(number)
        else:
            below.setdefault(above, []).append(number)
    seen: set[int] = set()
    found = [list(_thread(top, below, seen)) for top in tops]
    found += [list(_thread(each, below, seen)) for each in range(len(comments)) if each not in seen]
    found.sort(key=lambda thread: thread[0][0] if thread else -1)
    return [each for thread in found for each in _told(thread, comments)]


def _thread(top: int, below: dict[int, list[int]], seen: set[int]) -> Iterator[tuple[int, int]]:
    """(number, depth) of a comment and all below it that were not seen; without recursion, since
    files can answer each other as deep as someone likes.
    """
    waiting = [(top, 0)]
    while waiting:
        number, depth = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        yield number, depth
        waiting += [(each, depth + 1) for each in reversed(below.get(number, ()))]


def _told(thread: list[tuple[int, int]], comments: Sequence[Comment]) -> Iterator[Said]:
    some = [comments[number] for number, _ in thread]
    last = max((_second(each) for each in some), default="")
    closed = any(each.resolved for each in some if _second(each) == last)
    for number, depth in thread:
        yield Said(number + 1, depth, comments[number], depth == 0 and closed)


def _second(comment: Comment) -> str:
    """When a comment was made, as its name has it: those of one second are in no order."""
    return called(comment.path)[: len("20261128T100000Z")]
