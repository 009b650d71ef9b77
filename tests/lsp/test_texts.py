"""Texts as editors count them, held to an independent client that keeps UTF-16 units."""

import json
import random
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.lsp.texts import Text

PIECES = [
    "a",
    "é",
    "😀",
    "\r\n",
    "\n",
    "\r",
    "\u2028",
    "\x0b",
    "\x85",
    "漢",
    "e\u0301",
    "- x: ",
    "👩‍👩‍👧",
    "",
]


class Client:
    """An editor's text: a list of lines in UTF-16 units, edited by lines and columns."""

    def __init__(self, text):
        self.units = text.encode("utf-16-le")

    def text(self):
        return self.units.decode("utf-16-le")

    def lines(self):
        """The offset (in units) of the beginning and the end of each line."""
        found, start, at = [], 0, 0
        units = [self.units[i : i + 2] for i in range(0, len(self.units), 2)]
        while at < len(units):
            if units[at] == b"\r\0" and at + 1 < len(units) and units[at + 1] == b"\n\0":
                found.append((start, at))
                at += 2
                start = at
            elif units[at] in (b"\r\0", b"\n\0"):
                found.append((start, at))
                at += 1
                start = at
            else:
                at += 1
        return [*found, (start, len(units))]

    def places(self):
        """Every place between two characters of a line."""
        for number, (start, end) in enumerate(self.lines()):
            at = start
            while at <= end:
                yield number, at - start
                unit = int.from_bytes(self.units[at * 2 : at * 2 + 2], "little") if at < end else 0
                at += 2 if 0xD800 <= unit < 0xDC00 else 1

    def replace(self, start, end, new):
        lines = self.lines()
        first, last = (lines[line][0] + column for line, column in (start, end))
        self.units = self.units[: first * 2] + new.encode("utf-16-le") + self.units[last * 2 :]


class Served:
    """The text of a file that a server keeps, edited by messages as an editor sends them."""

    URI = "file:///nowhere/a.md"

    def __init__(self):
        from plaintrack.lsp.server import made

        self.server = made()
        self.server.protocol.set_writer(SimpleNamespace(write=lambda data: None))
        self.say("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, id=1)
        document = {"uri": self.URI, "languageId": "markdown", "version": 1, "text": ""}
        self.say("textDocument/didOpen", {"textDocument": document})

    def say(self, method, params, **more):
        message = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more})
        protocol = self.server.protocol
        protocol.handle_message(json.loads(message, object_hook=protocol.structure_message))

    def replace(self, edits):
        """Several edits in one message, each of the text that the one before leaves."""
        changes = [
            {
                "range": {
                    "start": {"line": one[0], "character": one[1]},
                    "end": {"line": two[0], "character": two[1]},
                },
                "text": new,
            }
            for one, two, new in edits
        ]
        document = {"uri": self.URI, "version": 2}
        self.say("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def text(self):
        return self.server.texts[self.URI].text


def edits(seed, count):
    """Random edits, sent to a server by a client; after each message the texts are equal."""
    choose = random.Random(seed)
    client, served = Client(""), Served()
    waiting = []
    for _ in range(count):
        places = list(client.places())
        one, two = sorted((choose.choice(places), choose.choice(places[-9:] + places[:9])))
        new = "".join(choose.choice(PIECES) for _ in range(choose.randrange(4)))
        if len(places) > 60:
            new = ""
        client.replace(one, two, new)
        waiting.append((one, two, new))
        if choose.randrange(3):
            served.replace(waiting)
            waiting = []
            assert served.text() == client.text()


def test_random_edits_leave_the_texts_equal():
    edits(1, 1500)


@pytest.mark.slow
def test_a_hundred_thousand_edits_leave_the_texts_equal():
    for seed in range(100):
        edits(seed, 1000)


@given(st.lists(st.sampled_from(PIECES)), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_places_go_there_and_back(pieces, units):
    text = Text("".join(pieces), units)
    for offset in range(len(text) + 1):
        inside = text.text[offset - 1 : offset + 1] == "\r\n"
        if not inside:
            assert text.offset(text.spot(offset)) == offset


def test_a_place_outside_is_the_nearest_one():
    text = Text("a😀b\r\nc")
    assert text.offset((0, 3)) == 2
    assert text.offset((0, 99)) == 3
    assert text.offset((1, 99)) == text.offset((7, 0)) == 6
    assert text.offset((-1, 5)) == 0
    assert text.spot(99) == (1, 1)
    assert text.place(2, 1) == 5
    assert text.end(1) == 3
