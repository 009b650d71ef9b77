"""A file's bytes, split into front matter and body without losing anything."""

import re
from typing import NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.model.problem import Problem, shown
from plaintrack.text.markdown import Fences, has_fence

MAX_FILE = 1_000_000
MAX_HEAD = 65_536

_OPEN = re.compile(r"---[ \t]*(\r\n|\n|\r)")
_CLOSE = re.compile(r"(?:\r\n|\n|\r)(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)")
_CONFLICT = r"(?:\A|[\r\n])(<{7,}|\|{7,}|>{7,}|={7,})(?=[ \r\n]|\Z)"  # compiled when first needed
_MARKS = ("<<<<<<<", ">>>>>>>", "|||||||")
_UNREAD = b"\0plaintrack: unread"


class Unreadable(PlaintrackError):
    """The file is not an item at all; ``problem`` says why and where."""

    slug = "unreadable"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text, problem.hint)
        self.problem = problem


class Document(NamedTuple):
    """One decoded file.

    ``text`` has no byte order mark (``bom``: there was one); ``newline`` is the line ending of most
    lines; ``head`` is the span of the YAML between the fences in characters; ``body`` is where the
    Markdown begins.
    """

    path: str
    text: str
    bom: bool
    newline: str
    head: tuple[int, int] | None
    body: int

    @property
    def front(self) -> str:
        """The YAML between the fences."""
        return self.text[self.head[0] : self.head[1]] if self.head else ""


def locate(text: str, index: int) -> tuple[int, int, str]:
    """Line and column (from 1) of a character, and that line; lines end with LF, CRLF or CR."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    ends = [each for each in (text.find("\n", index), text.find("\r", index)) if each >= 0]
    return line, index - start + 1, text[start : min(ends, default=len(text))][:200]


def read(data: bytes, path: str) -> Document:
    """Decode a file and find its front matter; raises Unreadable if there is none."""
    text, bom = _decode(data, path)
    opening = _OPEN.match(text)
    if opening is None:
        raise _no_front_matter(text, path)
    start = opening.end()
    closing = _CLOSE.search(text, start - len(opening.group(1)))
    suspect = text[: closing.start() + 1] if closing else text
    marker = re.search(_CONFLICT, suspect) if any(each in suspect for each in _MARKS) else None
    if marker is not None:
        from plaintrack.text.fault import FrontMatterInConflict

        raise FrontMatterInConflict(path, text, marker.start(1))
    if closing is None:
        from plaintrack.text.fault import FrontMatterNotClosed

        raise FrontMatterNotClosed(path, text)
    end = closing.start() + (2 if text.startswith("\r\n", closing.start()) else 1)
    end = max(end, start)
    if end - start > MAX_HEAD:
        from plaintrack.text.fault import FrontMatterTooLarge

        raise FrontMatterTooLarge(path, text, MAX_HEAD)
    return Document(path, text, bom, _newline(text, opening.group(1)), (start, end), closing.end())


def plain(data: bytes) -> tuple[str, str] | None:
    """The front matter and the body of a file whose lines end in LF and whose fences are bare; None
    for what `read` has to look into.
    """
    if not data.startswith(b"---\n") or len(data) > MAX_FILE or b"\r" in data or b"\0" in data:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    end = text.find("\n---\n", 3) + 1
    return (text[4:end], text[end + 4 :]) if 4 < end <= MAX_HEAD else None


def encode(document: Document, text: str) -> bytes:
    """The bytes of ``text`` with the document's byte order mark, if it had one."""
    data = text.encode("utf-8")
    return b"\xef\xbb\xbf" + data if document.bom else data


def conflict(text: str) -> int | None:
    """Where the first conflict marker line begins, if there is both an opening and a closing one;
    in fenced code it is text.

    This is the one answer to whether a file is in conflict. Where it lies in code, git knows
    (``ls-files -u``).
    """
    if "<<<<<<<" not in text or ">>>>>>>" not in text:
        return None
    marks = [(each.group(1)[0], each.start(1)) for each in re.finditer(_CONFLICT, text)]
    last = max((at for kind, at in marks if kind == ">"), default=-1)
    code = _code(text) if has_fence(text) else frozenset[int]()
    return next((at for kind, at in marks if kind == "<" and at < last and at not in code), None)


def _code(text: str) -> frozenset[int]:
    """Where the lines of fenced code begin."""
    fences, found, at = Fences(), set(), 0
    for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text):
        if fences.code(line.rstrip("\r\n")):
            found.add(at)
        at += len(line)
    return frozenset(found)


def unread(name: str, why: str) -> bytes:
    """What stands for the contents of a blob that git's filter ``name`` has not given, because it
    ``failed``, is ``unset``, or is the ``tree``'s.
    """
    return b"\0".join((_UNREAD, why.encode(), name.encode("utf-8", "replace")))


def stored(data: bytes, path: str) -> Problem | None:
    """Why there is only what git stores, and not the contents: encrypted, a pointer, a filter that
    did not help; else None.
    """
    if data.startswith(b"\0GITCRYPT\0"):
        return Problem(
            "stored",
            path,
            "encrypted by git-crypt; it cannot be read here",
            "`git-crypt unlock`",
            1,
            1,
        )
    if data.startswith(b"version https://git-lfs.github.com/spec/"):
        return Problem(
            "stored",
            path,
            "a pointer of Git LFS; its contents are not on this machine",
            "`git lfs pull`",
            1,
            1,
        )
    _, *parts = data.removeprefix(b"\0").decode("utf-8", "replace").split("\0", 2)
    if not data.startswith(_UNREAD) or len(parts) != 2:
        return None
    why, name = parts
    look = "check its attributes: `git check-attr -a`"
    if name:
        from shlex import quote

        look = (
            f"`git config --show-origin --get-regexp {quote(f'filter.{name}')}` shows its settings"
        )
    said = {
        "failed": (
            f"git's filter {shown(name)} failed"
            if name
            else "git could not convert it to its working-tree-encoding"
        ),
        "unset": f"stored by git's filter {shown(name)}, which is not set up on this machine",
        "tree": f"git's filter {shown(name)} is configured by a file of the tree, so it is not run",
    }
    hint = "set the filter up as on the machine that wrote the file" if why == "unset" else look
    return Problem("stored", path, said.get(why, said["failed"]), hint, 1, 1)


def _decode(data: bytes, path: str) -> tuple[str, bool]:
    problem = stored(data, path) if data[:1] in (b"\0", b"v") else None
    if problem is not None:
        raise Unreadable(problem)
    if len(data) > MAX_FILE:
        from plaintrack.text.fault import FileTooLarge

        raise FileTooLarge(path, MAX_FILE)
    if not data.strip():
        from plaintrack.text.fault import FileEmpty

        raise FileEmpty(path)
    bom = data.startswith(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8-sig" if bom else "utf-8")
    except UnicodeDecodeError as error:
        from plaintrack.text.fault import OtherEncoding

        raise OtherEncoding(path, data, error.start + (3 if bom else 0)) from None
    if "\0" in text:
        from plaintrack.text.fault import HasNul

        raise HasNul(path, text, text.index("\0"), data.index(0))
    return text, bom


def _no_front_matter(text: str, path: str) -> Unreadable:
    from plaintrack.text.fault import FileInConflict, NoFrontMatter

    marker = conflict(text)
    if marker is not None:
        return FileInConflict(path, text, marker)
    return NoFrontMatter(path, text)


def _newline(text: str, first: str) -> str:
    if "\r" not in text:
        return "\n"
    both = text.count("\r\n")
    counts = {"\r\n": both, "\n": text.count("\n") - both, "\r": text.count("\r") - both}
    return max(counts, key=lambda each: (counts[each], each == first))
