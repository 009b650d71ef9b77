"""What a verb would write, as changes of the texts that an editor shows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from plaintrack.model.done import Written
from plaintrack.model.edit import Splice


class Wanted(NamedTuple):
    """Changes of the workspace: texts of files before and after by path, new files, files that are
    moved (after their text is changed), and those that go.
    """

    texts: Mapping[str, tuple[str, str]] = {}
    made: Mapping[str, str] = {}
    moved: Mapping[str, str] = {}
    gone: tuple[str, ...] = ()

    @property
    def files(self) -> bool:
        """Whether files come, go or are moved."""
        return bool(self.made or self.moved or self.gone)

    def __bool__(self) -> bool:
        return bool(self.texts or self.files)


def wanted(files: Iterable[Written]) -> Wanted:
    """What a series of writes comes to."""
    first: dict[str, bytes | None] = {}
    last: dict[str, bytes | None] = {}
    held: dict[str, bytes] = {}  # what a file held before it went
    came: dict[str, bytes] = {}  # what a file held at first
    for each in files:
        first.setdefault(each.path, each.before)
        last[each.path] = each.after
        if each.after is None and each.before is not None:
            held[each.path] = each.before
        if each.before is None and each.after is not None:
            came.setdefault(each.path, each.after)
    gone = [path for path in first if first[path] is not None and last[path] is None]
    made = {path: _text(now) for path in first if first[path] is None and (now := last[path])}
    moved = {}
    for path in gone:
        to = next((each for each in made if came.get(each) == held[path]), None)
        if to is not None:
            moved[path] = to
    ends = {path: last[moved.get(path, path)] for path in first}
    texts = {
        path: (_text(first[path]), _text(ends[path]))
        for path in first
        if first[path] is not None and ends[path] is not None and first[path] != ends[path]
    }
    for to in moved.values():
        del made[to]
    return Wanted(texts, made, moved, tuple(each for each in gone if each not in moved))


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8-sig", "replace")


def splices(before: str, after: str) -> Iterator[Splice]:
    """The replacements that make one text into another, line by line, each as short as can be."""
    from difflib import SequenceMatcher

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    at = [0]
    for line in old:
        at.append(at[-1] + len(line))
    head = _same(old, new)
    tail = _same(old[head:][::-1], new[head:][::-1])
    middle = SequenceMatcher(
        None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False
    )
    for kind, first, last, one, two in middle.get_opcodes():
        if kind != "equal":
            text = "".join(new[head + one : head + two])
            yield _short(before, Splice(at[head + first], at[head + last], text))


def _same(one: list[str], two: list[str]) -> int:
    count = 0
    while count < min(len(one), len(two)) and one[count] == two[count]:
        count += 1
    return count


def _short(before: str, splice: Splice) -> Splice:
    """A replacement without the characters at its ends that stay."""
    old, new = before[splice.start : splice.end], splice.text
    head = _same(list(old), list(new))
    tail = _same(list(old[head:][::-1]), list(new[head:][::-1]))
    if new[head : len(new) - tail] == "" and old[head : len(old) - tail] == "":
        return splice
    head = _apart(old, new, head)
    tail = min(tail, len(old) - head, len(new) - head)
    if tail and (old[-tail:].startswith("\n") and old[: len(old) - tail].endswith("\r")):
        tail -= 1
    return Splice(splice.start + head, splice.end - tail, new[head : len(new) - tail])


def _apart(old: str, new: str, head: int) -> int:
    """No replacement begins between CR and LF: editors count no place there."""
    between = head and old[head - 1] == "\r" and (old[head:] or new[head:]).startswith("\n")
    return head - 1 if between else head
