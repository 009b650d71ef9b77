"""Every part of a Document, in every drawing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.app.snapshot.groups import gathered
from plaintrack.model.fields import schema
from plaintrack.model.task import fold
from plaintrack.query.facts import overdue
from plaintrack.render import draw
from plaintrack.render.data import cell
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.figures import (
    Board,
    Branch,
    Card,
    Comparison,
    Counts,
    Figure,
    Progress,
    Tree,
)
from plaintrack.render.sections import Alert, Code, Entry, Fields, Heading, Prose, Section
from plaintrack.when.moments import day

TABLE = Table(("id", "title"), [("T-1", "a | b"), ("T-2", "")], groups=["x", ""], links=["1", "2"])
CARDS = [Card("T-1", "One", "ana", "t/1.md", "1"), Card("T-2", "Two"), Card("T-3", "Three")]
TREE = Tree([
    Branch(0, True, "T-1", "One", "todo"), Branch(1, False, "T-2", "Two", "done", "ana"),
    Branch(2, True, "T-3", note="missing"), Branch(1, True, "T-1", "One", "todo", note="cycle"),
])  # fmt: skip
TEXT = [
    (TABLE, "ID   TITLE\n\nx\nT-1  a | b\n\n(none)\nT-2"),
    (Counts("status", [("todo", 2), ("", 1)], 3),
     f"todo        2  {'█' * 30}\n(none)      1  {'█' * 15}\ntotal       3"),
    (TREE, ("T-1  todo          One\n├─ T-2  done          Two  (ana)\n"
     "│  └─ T-3  (no such item)\n└─ T-1  todo          One  ↺ cycle")),
    (Heading("T-1", "One"), "T-1  One"),
    (Comparison("Work changed", "1 closed", "A", "B"), "A → B: 1 closed"),
    (Fields([("status", "todo")]), "  status       todo"),
    (Section("Closed", [Entry(["a: b"], "T-1", "One")]), "Closed\n  T-1  One\n    a: b"),
    (Section("x", [Entry(["a: b"])], "abc"), "abc  x\n  a: b"),
    (Prose("One\x1b.\n"), "One␛.\n"),
    (Prose("Hi", "ana"), "ana\n  Hi"),
    (Code(["+ a\tb\x07"], "diff"), "+ a\tb␇"),
]  # fmt: skip
MARKDOWN = [
    (TABLE, ("**x**\n\n| Id | Title |\n| --- | --- |\n| [T-1](1) | a \\| b |\n\n"
     "**(none)**\n\n| Id | Title |\n| --- | --- |\n| [T-2](2) |  |")),
    (Table(("id",), []), "*Nothing.*"),
    (Board({"todo": CARDS}, limit=2), "| todo (3) |\n| --- |\n| [T-1](1) One<br>*ana* |\n| T-2 Two |\n| … 1 more |"),
    (Progress(1, 3), f"`{'█' * 6}{'░' * 14}` 1 of 3 (33 %)"),
    (Figure(3), "**3**"),
    (Heading("T-1", "One", "x.md"), "### [T-1](x.md) One"),
    (Comparison("Work changed", "1 closed", "A`", "B"), "### Work changed: 1 closed\n\nFrom `A'` to `B`."),
    (Alert("a < b"), "**a \\< b**"),
    (Fields([("status", "@ana")]), "* **status**: \\@\u200bana"),
    (Section("Closed", [Entry(["a: b"], "T-1", "One")]), "#### Closed (1)\n\n* **T-1** One\n  * a: b"),
    (Prose("Hi\n\nyou", "ana"), "**ana**\n\n> Hi\n>\n> you"),
    (Code(["```"], "diff"), "```diff\n'''\n```"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "lines"), TEXT, ids=lambda each: type(each).__name__)
def test_text(part, lines):
    assert "\n".join(draw(Document((part,)), "text")) == lines


@pytest.mark.parametrize(("part", "lines"), MARKDOWN, ids=lambda each: type(each).__name__)
def test_markdown(part, lines):
    assert "\n".join(draw(Document((part,)), "markdown")) == lines


def test_data_holds_what_has_rows():
    parts = (Heading("T-1", "One"), Board({"todo": CARDS[:1], "done": []}))
    (text,) = draw(Document(parts, {"total": 1}), "json")
    card = {"id": "T-1", "title": "One", "assignee": "ana", "path": "t/1.md"}
    assert json.loads(text) == {
        "schema": 1,
        "total": 1,
        "columns": [
            {"name": "todo", "count": 1, "items": [card]},
            {"name": "done", "count": 0, "items": []},
        ],
    }
    records = Records([{"a": 1, "b": ["x", "=y"]}, {"c": None, "a": True}])
    assert list(draw(Document((records,)), "csv")) == ['a,b,c\n1,"x, =y",\nyes,,']
    assert [json.loads(line)["level"] for line in draw(Document((TREE,)), "jsonl")] == [0, 1, 2, 1]


def test_what_is_late_is_red_on_a_terminal():
    table = Table(("id",), [("T-1",), ("T-2",)], late=frozenset([1]))
    lines = list(draw(Document((table,)), "table", None, {"heading": "1"}))
    assert lines == ["\x1b[1mID\x1b[0m", "T-1", "\x1b[31mT-2\x1b[0m"]
    today = day("2026-11-23", "")
    assert overdue("open", "2026-11-22", schema(), today)
    assert not overdue("open", "2026-11-23", schema(), today)
    assert not overdue("done", "2026-11-22", schema(), today)
    assert not overdue("open", "soon", schema(), today)


@given(st.text(max_size=20))
def test_no_cell_is_a_formula_or_a_second_line(text):
    shown = cell(text)
    assert shown[:1] not in tuple("=+@\t\r") or not shown
    assert not shown.startswith("-") or float(shown) <= 0
    assert "\n" not in shown


@given(
    st.lists(
        st.sampled_from(["Caf\u00e9", "Cafe\u0301", "CAF\u00c9", "Bar", "bar", ""]), max_size=12
    )
)
def test_equal_spellings_stand_together_under_one_name(values):
    order, groups = gathered(values)
    assert sorted(order) == list(range(len(values)))
    assert [fold(values[at]) for at in order] == list(map(fold, groups))
    runs = [group for at, group in enumerate(groups) if at == 0 or groups[at - 1] != group]
    assert len(runs) == len({fold(value) for value in values})
    keys = [fold(value) for value in values]
    assert [fold(run) for run in runs] == list(dict.fromkeys(keys))
