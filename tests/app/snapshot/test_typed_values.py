"""What programs are told of items: typed values that say the same as the texts people read."""

import csv
import io
import json

import pytest

from plaintrack.render.data import told

NAMES = "id,title,status,tags,due,points,ratio,sure,urgency,age,progress,blocked,updated,path"
FIGURES = {"urgency": "{:.2f}", "age": "{}d", "progress": "{}%"}


@pytest.fixture
def typed(empty):
    empty("init")
    with (empty.folder / "plaintrack.yml").open("a") as handle:
        handle.write(
            "fields: {points: {type: integer}, ratio: {type: number}, sure: {type: boolean}}\n"
        )
    empty("add", "One", "tags=a,b", "due=2026-12-01", "points=-3", "ratio=0.5", "sure=true")
    first = empty("list", "--format", "ids").strip()
    empty("add", "=Two", f"depends_on={first}", "sure=false")
    (empty.folder / "tasks/x.md").write_text(
        "---\nid: PT-xxx\ntitle: Old\nstatus: done\n---\n- [x] a\n- [ ] b\n- [ ] c\n"
    )
    return empty


@pytest.mark.parametrize("command", [["list", "--all"], ["next"], ["search", "o"]])
def test_what_programs_are_told_is_what_people_read(typed, command):
    words = [*command, "--columns", NAMES, "--format"]
    answer = json.loads(typed(*words, "json"))
    assert answer["schema"] == 1
    assert [json.loads(line) for line in typed(*words, "jsonl").splitlines()] == answer["items"]
    rows = list(csv.DictReader(io.StringIO(typed(*words, "csv"))))
    assert len(rows) == len(answer["items"]) > 0
    for row, item in zip(rows, answer["items"], strict=True):
        assert list(item) == NAMES.split(",")
        for name, value in item.items():
            text = told(value)
            if name in FIGURES:
                text = "" if value is None else FIGURES[name].format(value)
            if isinstance(value, bool) and name != "blocked":
                text = str(value).lower()
            assert row[name].removeprefix("'") == text, name
    one = next((item for item in answer["items"] if item["title"] == "One"), None)
    if one:
        assert (one["points"], one["ratio"], one["sure"], one["tags"]) == (
            -3,
            0.5,
            True,
            ["a", "b"],
        )
        assert one["progress"] is None
        assert one["blocked"] is False


def test_without_columns_programs_get_every_field(typed):
    (old,) = json.loads(typed("list", "PT-xxx", "--format", "json"))["items"]
    assert old == {"path": "tasks/x.md", "id": "PT-xxx", "title": "Old", "status": "done"}


def test_boards_counts_and_trees_have_every_form(typed):
    typed("set", "PT-xxx", "parent=" + typed("list", "One", "--format", "ids").strip())
    board = json.loads(typed("board", "--format", "json"))["columns"]
    assert [(column["name"], column["count"]) for column in board][:2] == [
        ("todo", 2),
        ("in-progress", 0),
    ]
    assert board[0]["items"][0].keys() == {"id", "title", "assignee", "path"}
    assert typed("board", "--limit", "1", "--format", "csv").splitlines()[0] == (
        "status,id,title,assignee,path"
    )
    tree = json.loads(typed("tree", "--format", "json"))["items"]
    assert [(item["level"], item["title"]) for item in tree] == [(0, "One"), (1, "Old")]
    assert typed("tree", "--format", "csv").splitlines()[2].startswith("1,PT-xxx,Old,done,")
    stats = json.loads(typed("stats", "--format", "json"))
    assert stats["items"] == [{"value": "todo", "count": 2}, {"value": "done", "count": 1}]
    assert (stats["field"], stats["total"], stats["broken"]) == ("status", 3, 0)
    assert typed("stats", "--format", "csv") == "value,count\ntodo,2\ndone,1\n"
