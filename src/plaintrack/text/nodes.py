"""The one door to YAML: parser events into spans; no aliases, tags or implicit types."""

import re
from functools import cache
from typing import Any, NamedTuple, NoReturn

from plaintrack.errors import PlaintrackError
from plaintrack.model.problem import Problem, shown
from plaintrack.text.document import locate

MAX_DEPTH = 8
MAX_NODES = 5000
MAX_LENGTH = 1_000_000
PLAINEST = 9_000

# What `plainest` reads. No set goes back (`*+`), so a line costs its length; groups may, since
# before Python 3.11.5 those that may not are matched wrongly (CPython issue 106052). Sets
# that name what is not in them compile fast; what is odd beyond ASCII is looked for before.
_BARE = r"[^\x00-\x1f\x7f#:]"
_FIRST = r"(?:[A-Za-z0-9_(/+$~^.]|[^\x00-\x7f]|-[A-Za-z0-9_])"
_PLAIN = rf"{_FIRST}{_BARE}*+(?:(?::(?![ \n])|(?<! )#){_BARE}*+)*"
_DOUBLE = r'"(?:[^\x00-\x1f\x7f"\\]++|\\["\\])*"'
_SINGLE = r"'(?:[^\x00-\x1f\x7f']++|'')*'"
_WORD = r"(?:[A-Za-z0-9_]|[^\x00-\x7f])[^\x00-\x1f\x7f#:,?\[\]{}]*+"
_ELEMENT = rf"(?:{_WORD}|{_DOUBLE}|{_SINGLE})"
_ELEMENTS = rf"\[ *+{_ELEMENT} *+(?:, *+{_ELEMENT} *+)*\]"
_FLOW = r"\[[^\x00-\x1f\x7f\]]*+\]"
_FULL = r"[^\x00- \x7f][^\x00-\x1f\x7f]*+(?<! )\n"
_FOLDED = (  # the lines of a text below `>` or `|`: one indentation, none blank, no blank at an end
    rf"[>|]-?+ *+\n(?P<dent> ++){_FULL}(?:(?P=dent){_FULL})*"
)
_COMMENT = r"#[^\x00-\x08\n-\x1f\x7f]*+"
_LINE = re.compile(
    r"(?:(?:([A-Za-z_][A-Za-z0-9_-]{0,60}+):|( {0,4})-)"
    rf"(?: ++(?:({_PLAIN}(?:\n ++{_PLAIN})*)|({_DOUBLE}|{_SINGLE})|({_FLOW})|({_FOLDED})))?"
    rf"(?:(?<=\n)| *+(?:(?<= ){_COMMENT})?\n)"
    rf"|( *+){_COMMENT}\n)\n*+"
)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff\ufffe\uffff]"
)
NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class BadYaml(PlaintrackError):
    """YAML that is invalid or not allowed; ``problem`` says what and where."""

    slug = "yaml"

    def __init__(self, problem: Problem) -> None:
        super().__init__(
            problem.text,
            problem.hint,
            problem.excerpt,
            min(problem.column, 201),
        )
        self.problem = problem


class Node(NamedTuple):
    """A value and its span in characters of the scanned text.

    ``kind`` is ``scalar``, ``sequence`` or ``mapping``. ``style`` of a scalar is its quote
    (``'``, ``"``), ``|``, ``>`` or empty; of the others ``flow`` or ``block``.
    ``end`` leaves out the blank lines and comments that follow.
    """

    kind: str
    start: int
    end: int
    style: str = ""
    value: str = ""
    items: tuple["Node", ...] = ()
    entries: tuple["Entry", ...] = ()

    @property
    def null(self) -> bool:
        """Whether nothing stands here: empty, ``~`` or ``null``, unquoted."""
        return self.kind == "scalar" and not self.style and self.value in NULLS


class Entry(NamedTuple):
    """One key of a mapping: the key, its span, and its value."""

    key: str
    start: int
    end: int
    value: Node


class Root(NamedTuple):
    """The outermost mapping: its entries and whether it is in flow style."""

    entries: tuple[Entry, ...]
    flow: bool = False


def scan(text: str, path: str, whole: str = "", offset: int = 0) -> Root:
    """The entries of the one mapping in ``text``; raises BadYaml.

    ``whole`` is the file's text and ``offset`` where ``text`` begins in it, for the positions of
    problems.
    """
    simple = plainest(text)
    if simple is not None:
        return simple
    control = _CONTROL.search(text)
    walk = _Walk(text, path, whole or text, offset)
    if len(text) > MAX_LENGTH:
        walk.fault("yaml-size", f"more than {MAX_LENGTH} characters", "split the file", 0)
    if control:
        walk.fault(
            "yaml",
            f"the control character U+{ord(control.group()):04X}",
            "delete it",
            control.start(),
        )
    return walk.root()


def plainest(text: str) -> Root | None:
    """``scan`` for the usual front matter, without a YAML parser; None for any other.

    That is lines ``key: text``, ``key:`` and below it ``- text``; a text in quotes, a list in
    brackets, a bare text that goes on below, or one folded over lines that are indented alike; and
    comments. It takes a third of the time, and a listing after an edit need not load a parser.
    """
    entries: dict[str, Entry] = {}
    lists: dict[str, tuple[int, list[Node]]] = {}  # the `-` of the first, and all below the key
    key, dent, at = "", "", 0
    folded = False  # whether the last value was: a comment below it may be part of it
    size = len(text)
    match = _LINE.match
    if size > PLAINEST or (not text.isascii() and _odd(text)):
        return None
    while at < size:
        line = match(text, at)
        if line is None:
            return None
        name, indent, margin = line.group(1, 2, 8)
        value = _value(line)
        if value is None:
            return None
        if name is not None:
            if name in entries:
                return None
            key = name
            entries[name] = Entry(name, at, line.end(1), value)
            folded = value.style in (">", "|")
        elif indent is not None:
            _, items = lists.setdefault(key, (line.end(2), []))
            if not _listed(entries.get(key), value) or (items and indent != dent):
                return None
            if "\n" in text[value.start : value.end]:
                return None
            dent = indent
            items.append(value)
        elif folded and margin:
            return None
        at = line.end()
    for name, (start, items) in lists.items():
        list_ = Node("sequence", start, items[-1].end, "block", "", tuple(items))
        entries[name] = entries[name]._replace(value=list_)
    return Root(tuple(entries.values())) if entries else None


def line_of(text: str) -> tuple[str, str, str] | None:
    """Key, quote and value of one whole line ``key: text``; None for anything else that `plainest`
    may read.
    """
    found = _LINE.fullmatch(text)
    if found is None or "#" in text or (not text.isascii() and _odd(text)):
        return None
    key, plain, quoted = found.group(1, 3, 4)
    if key is None:
        return None
    if plain is not None:
        return key, "", _joined(plain)
    return None if quoted is None else (key, quoted[0], _unquoted(quoted))


def _odd(text: str) -> bool:
    """Whether there is a control character in it, or an end of a line of another kind."""
    breaks = "\x85" in text or "\u2028" in text or "\u2029" in text
    return breaks or _CONTROL.search(text) is not None


def _listed(entry: Entry | None, value: Node) -> bool:
    """Whether a value can be an element of the list below a key: the key has none of its own, and
    the value is no list, not folded over lines, and not left out.
    """
    return (
        entry is not None
        and entry.value.start == entry.value.end
        and value.end > value.start
        and value.style in ("", '"', "'")
    )


def _value(line: re.Match[str]) -> Node | None:
    """The value on a line of the usual front matter, an empty one where there is none; None if it
    is a list that is not of the usual kind.
    """
    plain, quoted, flow, block = line.group(3, 4, 5, 6)
    if plain is not None:
        start = line.start(3)
        plain = plain.rstrip(" ")
        return Node("scalar", start, start + len(plain), "", _joined(plain))
    if quoted is not None:
        return Node("scalar", *line.span(4), quoted[0], _unquoted(quoted))
    if flow is not None:
        items = _elements(line.string, *line.span(5)) if flow != "[]" else ()
        return Node("sequence", *line.span(5), "flow", "", items) if items is not None else None
    if block is not None:
        return _block(block, line.start(6), len(line["dent"]))
    end = line.end(1) + 1  # of a comment it is of no use
    return Node("scalar", end, end)


def _joined(plain: str) -> str:
    """A text without quotes as one line."""
    if "\n" not in plain:
        return plain.rstrip(" ")
    return " ".join([each.strip(" ") for each in plain.split("\n")])


def _unquoted(quoted: str) -> str:
    """What a quoted text says that has no other escapes than of its quote and of a backslash."""
    inner = quoted[1:-1]
    if quoted[0] == "'":
        return inner.replace("''", "'")
    return re.sub(r"\\(.)", r"\1", inner) if "\\" in inner else inner


@cache
def _lists() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A list in brackets, and one of its elements; not every command comes to one."""
    return re.compile(_ELEMENTS), re.compile(rf"({_WORD})|({_DOUBLE}|{_SINGLE})")


def _elements(text: str, start: int, end: int) -> tuple[Node, ...] | None:
    """The elements of a list in brackets that stands on one line; None if it holds more than one
    word or quoted text each.
    """
    whole, each = _lists()
    if not whole.fullmatch(text, start, end):
        return None
    found = []
    for element in each.finditer(text, start + 1, end - 1):
        word, quoted = element.groups()
        if word is None:
            found.append(Node("scalar", *element.span(), quoted[0], _unquoted(quoted)))
        else:
            word = word.rstrip(" ")
            begin = element.start()
            found.append(Node("scalar", begin, begin + len(word), "", word))
    return tuple(found)


def _block(block: str, start: int, dent: int) -> Node:
    """The text below ``>`` or ``|``, whose lines are all indented by ``dent``."""
    head, *lines = block.rstrip("\n").split("\n")
    value = (" " if head[0] == ">" else "\n").join(line[dent:] for line in lines)
    if not head[1:].startswith("-"):
        value += "\n"
    return Node("scalar", start, start + len(block.rstrip("\n")), head[0], value)


def mapping(text: str, path: str) -> dict[str, Any]:
    """Settings as nested dicts, lists and texts: every scalar is text; raises BadYaml."""
    return {
        entry.key: _plain(entry.value) for entry in scan(text.removeprefix("\ufeff"), path).entries
    }


def _plain(node: Node) -> Any:
    if node.kind == "scalar":
        return "" if node.null else node.value
    if node.kind == "sequence":
        return [_plain(each) for each in node.items]
    return {entry.key: _plain(entry.value) for entry in node.entries}


@cache
def _events() -> tuple[Any, ...]:
    import yaml

    return (
        getattr(yaml, "CSafeLoader", yaml.SafeLoader),
        yaml.YAMLError,
        yaml.ScalarEvent,
        yaml.SequenceStartEvent,
        yaml.MappingStartEvent,
        yaml.SequenceEndEvent,
        yaml.MappingEndEvent,
        yaml.AliasEvent,
    )


class _Walk:
    """One walk over the events of one text."""

    __slots__ = (
        "alias",
        "error",
        "left",
        "loader",
        "mapping",
        "offset",
        "path",
        "scalar",
        "sequence",
        "step",
        "text",
        "whole",
    )

    def __init__(self, text: str, path: str, whole: str, offset: int) -> None:
        self.text, self.path, self.whole, self.offset, self.left = (
            text,
            path,
            whole,
            offset,
            MAX_NODES,
        )
        self.loader, self.error, self.scalar, self.sequence, self.mapping, _, _, self.alias = (
            _events()
        )

    def fault(self, code: str, message: str, hint: str, index: int) -> NoReturn:
        line, column, excerpt = locate(self.whole, self.offset + min(index, len(self.text)))
        raise BadYaml(Problem(code, self.path, message, hint, line, column, excerpt))

    def _too_deep(self, index: int) -> NoReturn:
        self.fault("yaml-depth", f"nested more than {MAX_DEPTH} levels deep", "flatten it", index)

    def root(self) -> Root:
        try:
            return self._root()
        except self.error as error:
            self._refuse(error)

    def _refuse(self, error: Any) -> NoReturn:
        from plaintrack.text.hints import hint_for

        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = str(
            getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        )
        context = str(getattr(error, "context", None) or "")
        opening = getattr(error, "context_mark", None)
        if opening is not None and ("quoted scalar" in context or "',' or" in problem):
            mark = opening
        index = mark.index if mark is not None else 0
        if (
            "nesting depth" in problem
        ):  # libyaml's own bound, in newer versions; its scanner reads ahead of the events
            self._too_deep(index)
        hint = hint_for(problem, context, locate(self.text, min(index, len(self.text)))[2])
        self.fault("yaml", f"not valid YAML: {problem}", hint, index)

    def _root(self) -> Root:
        self.step = self.loader(self.text).get_event
        self.step()
        event = self.step()
        if not hasattr(event, "explicit"):
            return Root(())
        if event.version or event.tags:
            self.fault(
                "yaml-directive",
                "YAML directives are not allowed here",
                "delete the line that starts with %",
                0,
            )
        event = self.step()
        if (
            type(event) is self.scalar
            and not event.value
            and not event.style
            and event.tag is None
            and event.anchor is None
        ):
            found = Node("mapping", 0, 0)
        else:
            found = self.node(event, 1)
        if found.kind != "mapping":
            self.fault(
                "not-a-mapping",
                f"a {found.kind} instead of fields",
                "write one `name: value` per line",
                found.start,
            )
        self.step()
        event = self.step()
        if hasattr(event, "explicit"):
            self.fault(
                "yaml-documents", "more than one YAML document", "keep one", event.start_mark.index
            )
        return Root(found.entries, found.style == "flow")

    def node(self, event: Any, depth: int) -> Node:
        """The Node that begins with ``event``; reads on to its end."""
        self.left -= 1
        kind = type(event)
        start: int = event.start_mark.index
        if kind is self.alias or event.anchor is not None:
            self.fault(
                "yaml-alias",
                "YAML anchors and aliases are not allowed",
                "write the value out, or quote it",
                start,
            )
        if event.tag is not None:
            self.fault(
                "yaml-tag",
                f"the YAML tag {shown(event.tag)} is not allowed",
                "remove it, or quote the value",
                start,
            )
        if self.left < 0:
            self.fault(
                "yaml-size", f"more than {MAX_NODES} values", "move text into the body", start
            )
        if kind is self.scalar:
            end = event.end_mark.index
            style = event.style or ""
            if style == "|" or style == ">":
                end = start + len(self.text[start:end].rstrip("\r\n"))
            return Node("scalar", start, end, style, event.value)
        if depth > MAX_DEPTH:
            self._too_deep(start)
        if kind is self.sequence:
            return self._sequence(event, start, depth)
        return self._mapping(event, start, depth)

    def _sequence(self, event: Any, start: int, depth: int) -> Node:
        flow = event.flow_style
        items = []
        end = start + 1
        while hasattr(event := self.step(), "anchor"):
            item = self.node(event, depth + 1)
            items.append(item)
            end = item.end
        if flow:
            end = event.end_mark.index
        return Node("sequence", start, end, "flow" if flow else "block", "", tuple(items))

    def _mapping(self, event: Any, start: int, depth: int) -> Node:
        flow = event.flow_style
        entries: dict[str, Entry] = {}
        end = start
        while hasattr(event := self.step(), "anchor"):
            name = self.node(event, depth + 1)
            self._key(name, entries)
            value = self.node(self.step(), depth + 1)
            entries[name.value] = Entry(name.value, name.start, name.end, value)
            end = max(name.end, value.end)
        if flow:
            end = event.end_mark.index
        return Node(
            "mapping", start, end, "flow" if flow else "block", "", (), tuple(entries.values())
        )

    def _key(self, name: Node, entries: dict[str, Entry]) -> None:
        if name.kind != "scalar":
            self.fault("yaml-key", f"a {name.kind} as a key", "a key is one word", name.start)
        if not name.style and name.value in ("<<", ""):
            code = "yaml-merge" if name.value else "yaml-key"
            self.fault(
                code,
                f"the key {shown(name.value)} is not allowed",
                "write the fields out",
                name.start,
            )
        if name.value in entries:
            first = locate(self.whole, self.offset + entries[name.value].start)[0]
            message = f"the key {shown(name.value)} is already on line {first}"
            self.fault("duplicate-key", message, "keep one of the two lines", name.start)
