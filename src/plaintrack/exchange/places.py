"""Where in a file of another program something is wrong: the line and column, both from 1. It is
looked for only when reading has failed, so reading itself costs no more.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from plaintrack.exchange.source import LONGEST

PIECE = 65_536
"""Bytes that are read at once."""
_WORD = re.compile(r'([^\s,:\[\]{}"]+).\Z', re.DOTALL)
_STRING = re.compile(r'.*(?<!\\)("(?:[^"\\]|\\.)*")\Z', re.DOTALL)
_OF_WORD = ("invalid string", "invalid object key")
"""What ijson says of a word or number when it has read all of it, and the sign behind."""


class _Walk:
    """Counts the lines and columns of bytes that pass by."""

    def __init__(self, encoding: str) -> None:
        self.line = 1
        self._rest = b""  # of the line that has begun
        self._encoding = encoding

    def over(self, data: bytes) -> None:
        """Go on by some bytes."""
        ends = data.count(b"\n")
        self.line += ends
        self._rest = data.rpartition(b"\n")[2] if ends else self._rest + data

    @property
    def begun(self) -> str:
        """What stands before, in the line."""
        return self._rest.decode(self._encoding, "replace")


def undecodable(stream: BinaryIO, encoding: str) -> tuple[int, int]:
    """The first character that is not one in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, column = 1, 1
    while True:
        data = stream.read(PIECE)
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            name = error.encoding if encoding == "utf-16" else "utf-8"
            text = error.object[: error.start].decode(name, "replace")
            data = b""
        ends = text.count("\n")
        line += ends
        column = len(text) - text.rfind("\n") if ends else column + len(text)
        if not data:
            return line, column


def in_json(stream: BinaryIO, several: bool) -> tuple[int, int]:
    """The part of a JSON text, or with ``several`` of a sequence of them, that ijson cannot read;
    the end, if nothing is wrong but that it ends.
    """
    begin = len(codecs.BOM_UTF8) if stream.read(3) == codecs.BOM_UTF8 else 0
    stream.seek(begin)
    good = _good(stream, several)
    stream.seek(begin)
    reader = _Reader(several)
    walk = _Walk("utf-8")
    for _ in range(good):
        data = stream.read(PIECE)
        reader.error(data)
        walk.over(data)
    for byte in stream.read(PIECE):
        walk.over(bytes([byte]))
        said = reader.error(bytes([byte]))
        if said:
            return walk.line, _token(walk.begun, said)
    return walk.line, len(walk.begun) + 1


def _token(begun: str, said: str) -> int:
    """The column of the part that is wrong; ``begun`` is its line up to where ijson stopped."""
    word = any(each in said for each in _OF_WORD)
    found = _WORD.search(begun) if word else _STRING.match(begun)
    return found.start(1) + 1 if found else len(begun)


class _Reader:
    """Ijson, given bytes a few at a time."""

    def __init__(self, several: bool) -> None:
        import ijson

        self._wrong = (ijson.JSONError, ValueError)
        self._events = ijson.sendable_list()
        self._reader = ijson.basic_parse_coro(self._events, multiple_values=several)

    def error(self, data: bytes) -> str:
        """What is wrong in the bytes that come next; empty if nothing is."""
        try:
            self._reader.send(data)
        except self._wrong as error:
            return str(error)
        self._events.clear()
        return ""


def _good(stream: BinaryIO, several: bool) -> int:
    """How many pieces can be read."""
    reader = _Reader(several)
    count = 0
    while (data := stream.read(PIECE)) and not reader.error(data):
        count += 1
    return count


def in_record(
    text: Iterator[str], first: int, delimiter: str, surplus: int = -1
) -> tuple[int, int]:
    """Where a CSV record that begins in the line ``first`` is broken: a sign behind a closing
    quote, a quote that is never closed, a cell that is too long; or where its cell number
    ``surplus`` (from 0) begins.
    """
    scan = _Record(delimiter, surplus)
    line, column = 1, 1
    for piece in text:
        if line >= first:
            for char in piece:
                if scan.broken(char, line, column):
                    return scan.place
                column += 1
        if piece.endswith(("\n", "\r")):
            line, column = line + 1, 1
    return scan.cell if scan.quoted else (line, column)


class _Record:
    """Goes over the signs of a record, as the module csv does."""

    def __init__(self, delimiter: str, surplus: int) -> None:
        self.cell = self.place = (0, 0)
        self.quoted = False
        self._delimiter, self._surplus = delimiter, surplus
        self._number, self._length = -1, 0
        self._closed = False  # a quote that may be the last of its cell
        self._new = True

    def broken(self, char: str, line: int, column: int) -> bool:
        """Whether ``place`` is where it is broken."""
        self.place = (line, column)
        if self._new:
            self._begin(char)
            if self._number == self._surplus:
                return True
            if self.quoted:
                return False
        if self._length > LONGEST:
            self.place = self.cell
            return True
        self._length += 1
        if self.quoted and not self._closed:
            self._closed = char == '"'
            return False
        if self._closed and char == '"':
            self._closed = False
            return False
        ended = char == self._delimiter or char in "\r\n"
        wrong = self._closed and not ended
        if ended:
            self._new, self.quoted, self._closed = True, False, False
        return wrong

    def _begin(self, char: str) -> None:
        self.cell = self.place
        self._number, self._length = self._number + 1, 0
        self._new, self.quoted = False, char == '"'
