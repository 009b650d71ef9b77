"""A file while it is being typed, read line by line: its front matter need not be YAML yet."""

import re
from functools import cached_property
from typing import NamedTuple

_OPEN = re.compile(r"\ufeff?---[ \t]*(?:\r\n|\n|\r|\Z)")
_CLOSE = re.compile(r"(?:^|(?<=[\r\n]))(?:---|\.\.\.)[ \t]*(?=\r|\n|\Z)")
_KEY = re.compile(r"[^\r\n:#\-\s][^\r\n:#]*?(?=[ \t]*:(?:[ \t\r\n]|\Z))")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_DASH = re.compile(r"[ \t]*-(?:[ \t]+|(?=[\r\n]|\Z))")
_QUOTES = "'\""


class Given(NamedTuple):
    """One entry: its key and where that stands, and where its value does, with all its lines."""

    key: str
    start: int
    end: int
    value: int
    stop: int


class Element(NamedTuple):
    """One value of an entry: its text without quotes, and where that stands."""

    text: str
    start: int
    end: int


class Place(NamedTuple):
    """What stands at a place of the front matter.

    ``key``: the place is in a key, or where one could begin. Else it is in a value of ``entry``:
    ``element`` is the one, perhaps an empty one.
    """

    key: bool
    entry: Given | None
    element: Element


class Draft:
    """The text of a file with front matter (``whole``: it is YAML from end to end), as far as it
    has got; offsets are in characters.
    """

    def __init__(self, text: str, whole: bool = False) -> None:
        self.text = text
        opening = None if whole else _OPEN.match(text)
        self.whole = whole
        if whole:
            self.head: tuple[int, int] | None = (0, len(text))
            self.body = len(text)
        elif opening is None:
            self.head, self.body = None, 0
        else:
            start = opening.end()
            closing = _CLOSE.search(text, start)
            end = closing.start() if closing else self._unclosed(start)
            self.head = (start, end)
            self.body = self._next(closing.end()) if closing else end

    def _unclosed(self, start: int) -> int:
        """Where front matter ends that is not closed yet: at the first blank line or heading."""
        found = re.compile(r"(?:^|(?<=\n))(?:[ \t]*\r?\n|#[^\r\n]*\n\s*\n)").search(
            self.text, start
        )
        return found.start() if found else len(self.text)

    def _next(self, at: int) -> int:
        found = _LINE.match(self.text, at)
        return found.end() if found else at

    @cached_property
    def entries(self) -> tuple[Given, ...]:
        """The entries, one for each line that begins with a key."""
        if self.head is None:
            return ()
        at, end = self.head
        found: list[Given] = []
        while at < end:
            following = min(self._next(at), end)
            key = _KEY.match(self.text, at, following)
            if key is not None:
                colon = self.text.index(":", key.end(), following) + 1
                found.append(Given(key[0].strip(_QUOTES), at, key.end(), colon, following))
            elif found:
                found[-1] = found[-1]._replace(stop=following)
            at = following if following > at else end
        return tuple(found)

    def entry(self, key: str) -> Given | None:
        """The entry of a key."""
        return next((each for each in self.entries if each.key == key), None)

    def elements(self, entry: Given) -> list[Element]:
        """The values of an entry, as far as they are texts: of a flow list, of a block list, or the
        one that stands there.
        """
        line = self._line_end(entry.value)
        inline = self.text[entry.value : min(line, entry.stop)]
        if inline.strip() and not inline.strip().startswith(("|", ">")):
            flow = inline.lstrip().startswith("[")
            stop = entry.stop if flow else min(line, entry.stop)
            return self._flow(entry.value, stop) if flow else self._one(entry.value, stop)
        found: list[Element] = []
        at = self._next(entry.value)
        while at < entry.stop:
            dash = _DASH.match(self.text, at, entry.stop)
            if dash:
                found += self._one(dash.end(), min(self._line_end(at), entry.stop)) or [
                    Element("", dash.end(), dash.end())
                ]
            following = self._next(at)
            at = following if following > at else entry.stop
        return found

    def _line_end(self, at: int) -> int:
        found = re.compile(r"[\r\n]|\Z").search(self.text, at)
        return found.start() if found else len(self.text)

    def _one(self, start: int, end: int) -> list[Element]:
        """The text between two places, without blanks, quotes and a comment behind it."""
        text = self.text[start:end]
        lead = len(text) - len(text.lstrip())
        text = text.strip()
        if not text or text[0] == "#":
            return []
        start += lead
        if text[0] in _QUOTES:
            closing = text.find(text[0], 1)
            inner = text[1 : closing if closing > 0 else len(text)]
            return [Element(inner, start + 1, start + 1 + len(inner))]
        bare = re.split(r"[ \t]#", text, maxsplit=1)[0].rstrip()
        return [Element(bare, start, start + len(bare))]

    def _flow(self, start: int, end: int) -> list[Element]:
        at = self.text.index("[", start) + 1
        found: list[Element] = []
        quote, begin = "", at
        for index in range(at, end):
            char = self.text[index]
            if quote:
                quote = "" if char == quote else quote
            elif char in _QUOTES:
                quote = char
            elif char in ",]":
                found += self._one(begin, index) or [Element("", index, index)]
                begin = index + 1
                if char == "]":
                    return [each for each in found if each.text]
        return [*found, *(self._one(begin, end) or [Element("", end, end)])]

    def at(self, offset: int) -> Place | None:
        """What stands at a place; None outside the front matter."""
        if self.head is None or not self.head[0] <= offset <= self.head[1]:
            return None
        if offset == self.head[1] and not self.whole and self.body > self.head[1] and offset:
            return None  # on the closing fence
        start = max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1
        line = self.text[start : self._line_end(offset)]
        key = _KEY.match(self.text, start)
        entry = next((each for each in self.entries if each.start <= offset <= each.stop), None)
        for each in self.entries:
            if each.start == start:
                entry = each
        if key is not None and offset <= key.end():
            return Place(True, entry, Element(key[0], start, key.end()))
        if key is None and line.strip() and not line[0].isspace() and line[0] not in "-#]":
            word = line.partition(":")[0].rstrip()
            return Place(True, None, Element(word, start, start + len(word)))
        if not line.strip() and (entry is None or offset == start):
            return Place(True, None, Element("", offset, offset))
        if entry is None or line.lstrip().startswith("#"):
            return None
        return Place(False, entry, self._value(entry, offset))

    def _value(self, entry: Given, offset: int) -> Element:
        """The value of an entry that a place is in or beside; an empty one if it is in none."""
        for each in self.elements(entry):
            if each.start <= offset <= each.end:
                return each
        blanks = self.text[entry.value : offset]
        start = offset
        if not blanks.strip() and "\n" not in blanks:
            start = offset
        return Element("", start, start)


class Way(NamedTuple):
    """A place in a YAML file: the keys above it, whether a key stands there (or could begin), and
    what stands there.
    """

    above: tuple[str, ...]
    key: bool
    element: Element


_NESTED = re.compile(r"([ ]*(?:-[ ]+)*)([^\s:#{}\[\],][^:#{}\[\],]*?)[ ]*:(?:[ ]|$)")


def way(text: str, offset: int) -> Way:
    """Where a place of a YAML file is, by the indentation of the lines above it."""
    start = text.rfind("\n", 0, offset) + 1
    end = min(
        [at for at in (text.find("\n", offset), text.find("\r", offset)) if at >= 0],
        default=len(text),
    )
    line, column = text[start:end], offset - start
    lead = re.match(r"[ ]*(?:-[ ]+|-$)*", line)
    indent = lead.end() if lead else 0
    above = _above(text[:start], indent if line.strip() else column, "-" in line[:indent])
    found = _NESTED.match(line)
    if found and column <= found.end(2):
        return Way(above, True, Element(found[2], start + found.start(2), start + found.end(2)))
    if not found:
        word = line[indent:].strip()
        at = start + indent
        listed = "-" in line[:indent]
        here = Element(word, at, at + len(word)) if word else Element("", offset, offset)
        return Way(above, not listed or word.isidentifier() or not word, here)
    return _inside((*above, found[2].strip(_QUOTES)), text, start + found.end(), offset, end)


def _above(before: str, indent: int, listed: bool) -> tuple[str, ...]:
    """The keys above a line that is indented so far."""
    keys: list[str] = []
    for line in reversed(before.splitlines()):
        found = _NESTED.match(line)
        if not found or not line.strip():
            continue
        outer, inner = len(line) - len(line.lstrip(" ")), found.end(1)
        if inner < indent or (listed and inner <= indent and "-" not in found[1]):
            keys.append(found[2].strip(_QUOTES))
            indent, listed = min(outer, inner), "-" in found[1]
            if not indent and not listed:
                break
    return tuple(reversed(keys))


def _inside(above: tuple[str, ...], text: str, at: int, offset: int, end: int) -> Way:
    """A place behind a key, perhaps within braces or brackets on its line."""
    begin, key, waiting = at, "", [False]
    for index in range(at, offset):
        char = text[index]
        if char in "{[":
            if key:
                above, key = (*above, key), ""
            waiting.append(char == "{")
            begin = index + 1
        elif char in "}]" and len(waiting) > 1:
            waiting.pop()
            above = above[:-1] if waiting[-1] and len(above) > 1 else above
            begin, key = index + 1, ""
        elif char == "," and len(waiting) > 1:
            begin, key = index + 1, ""
        elif char == ":" and waiting[-1] and not key:
            key, begin = text[begin:index].strip().strip(_QUOTES), index + 1
    while begin < offset and text[begin] == " ":
        begin += 1
    if text[begin:offset][:1] in _QUOTES and text[begin:offset]:
        begin += 1
    stop = offset
    while (
        stop < end
        and text[stop] not in ",}]'\"#\r"
        and not (len(waiting) > 1 and text[stop] == ":")
    ):
        stop += 1
    word = text[begin:stop].rstrip()
    element = Element(word, begin, max(offset, begin + len(word)))
    if waiting[-1] and not key:
        return Way(above, True, element)
    return Way((*above, key) if key else above, False, element)
