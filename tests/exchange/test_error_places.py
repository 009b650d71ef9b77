"""What is wrong in a file is told with its line and column, however long the file and its lines are."""

import csv
import io
import json
import random
import re

import pytest

from plaintrack.exchange import source as sources
from plaintrack.exchange.formats import codec
from plaintrack.exchange.source import BadSource, Source, objects, rows

ROWS = 4000
PART = b'{"id": "b-%d", "title": "x"}'


def source(data):
    return Source("f", lambda: io.BytesIO(data), len(data), None, [])


def place(error):
    """The line and column that a message names."""
    return tuple(map(int, str(error.value).split(":")[1:3]))


@pytest.fixture
def pieces(monkeypatch):
    """JSON is read piece by piece."""
    monkeypatch.setattr(sources, "IN_PIECES", 1)


BROKEN = [
    b'{"a": 1 "b": 2}',
    b'{"a": 1, "b": }',
    b'{"a": 1, "b": tru}',
    b'{"a": "\xc3\xa4\xc3\xb6" "b": 2}',
    b"{1: 2}",
    b'{"a": [1, 2}',
]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("gap", [b"\n", b""])
def test_broken_json_in_pieces_says_where_as_json_does(pieces, broken, gap, mark):
    many = (b"," + gap).join([PART % number for number in range(ROWS)] + [b"  " + broken])
    whole = b"[" + gap + many + b"]"
    with pytest.raises(json.JSONDecodeError) as theirs:
        json.loads(whole)
    with pytest.raises(BadSource) as error:
        list(objects(source(mark + whole)))
    line, column = place(error)
    assert line == theirs.value.lineno
    assert column == theirs.value.colno
    assert f"behind record {ROWS}" in str(error.value)


def test_json_that_ends_too_early_says_where_it_ends(pieces):
    whole = b"[\n" + b",\n".join(PART % number for number in range(ROWS)) + b",\n  "
    with pytest.raises(BadSource) as error:
        list(objects(source(whole)))
    assert place(error) == (ROWS + 2, 3)


@pytest.mark.parametrize("under", [(), ("issues",)])
def test_long_lines_of_json_are_read_one_by_one(pieces, under):
    lines = [PART % number for number in range(50)]
    assert len(list(objects(source(b"\n".join(lines)), *under))) == 50
    lines[20] = b'  {"a": 1 "b": 2}'
    with pytest.raises(BadSource) as error:
        list(objects(source(b"\n".join(lines)), *under))
    assert place(error) == (21, 11)


def test_a_list_under_a_key_is_read_in_pieces(pieces):
    whole = b'{"issues": [%b]}' % b",".join(PART % number for number in range(50))
    assert len(list(objects(source(whole), "issues"))) == 50


CELLS = [
    ('a,"b"c,d\n', 1, 6),
    ('a,"b\nc"d,e\n', 2, 3),
    ('a,b,"c\nd,e\nf\n', 1, 5),
    ('ä,"ö""x" ,d\n', 1, 9),
    ('a,"b"\tc\n', 1, 6),
]


@pytest.mark.parametrize("before", [0, 3, ROWS])
@pytest.mark.parametrize(("text", "line", "column"), CELLS)
def test_a_broken_record_says_where(text, line, column, before):
    whole = "x,y,z\n" * before + text
    with pytest.raises(BadSource) as error:
        list(rows(source(whole.encode())))
    assert place(error) == (before + line, column)


def test_lines_are_counted_behind_long_ones(monkeypatch):
    monkeypatch.setattr(sources, "LONGEST", 100)
    cells = ",".join(["0123456789"] * 50)
    text = f'a,b\n{cells}\n"{"ab" * 45}\n"\na,"b"c\n'
    found = rows(source(text.encode()))
    assert [next(found)[0] for _ in range(3)] == [1, 2, 3]
    with pytest.raises(BadSource) as error:
        next(found)
    assert place(error) == (5, 6)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_one_value_too_many_says_where(ends):
    head = {"asana": "Task ID,Name", "table": "title,due"}
    for form, names in head.items():
        text = ends.join([names, '1,"a\nb"', '2,"c"",",d', ""])
        with pytest.raises(BadSource, match="3 values stand below 2 columns") as error:
            list(codec(form).reads(source(text.encode())))
        assert place(error) == (4, 10), form


@pytest.mark.parametrize("at", [0, 5, 9000, 70_000])
@pytest.mark.parametrize("form", ["todotxt", "asana", "github"])
def test_what_is_no_character_says_where(form, at):
    head = "Task ID,Name\n" if form == "asana" else "[\n" if form == "github" else ""
    before = (head + "ä,b\n" * (at // 4) + "ü,"[: at % 3]).encode()
    with pytest.raises(BadSource, match="not UTF-8") as error:
        list(codec(form).reads(source(before + b"\xff,c\n")))
    text = before.decode()
    assert place(error) == (text.count("\n") + 1, len(text) - text.rfind("\n"))


def test_random_breaks_are_found():
    """A quote put into a random place is told where it ends the cell, or where it begins one."""
    luck = random.Random(3)
    found = 0
    for _ in range(200):
        out = io.StringIO()
        cells = [["a b", 'q"q', "x,y", "l\nm"][luck.randrange(4)] for _ in range(4)]
        csv.writer(out).writerows([cells] * 3)
        at = luck.randrange(len(out.getvalue()))
        text = out.getvalue()[:at] + '"' + out.getvalue()[at:]
        try:
            list(rows(source(text.encode())))
        except BadSource as error:
            line, column = map(int, str(error).split(":")[1:3])
            told = re.split("\r\n|\r|\n", text)
            assert line <= len(told)
            assert column <= len(told[line - 1]) + 1
            found += 1
    assert found > 50
