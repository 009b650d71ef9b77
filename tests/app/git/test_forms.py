"""What happened, in every form."""

import csv
import io
import json

import pytest


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def told(example):
    example("done", "4vdqk5")
    example("set", "4vdqk5", "title=Mail @ana | *now*")
    return example


def test_reviews_have_every_form(told):
    changes = rows(told("diff", "--format", "csv"))
    assert ("PT-4vdqk5", "Closed", "set", "status", "todo", "done") in [
        tuple(row[name] for name in ("id", "group", "kind", "field", "old", "new"))
        for row in changes
    ]
    items = json.loads(told("diff", "--format", "json"))["items"]
    assert sum(len(item["changes"]) for item in items) == len(changes)
    text = told("diff", "--format", "markdown")
    assert "* **[PT-4vdqk5](tasks/" in text
    assert "Mail \\@\u200bana \\| \\*now\\*" in text


def test_history_has_every_form(told):
    changes = json.loads(told("log", "--format", "json"))["changes"]
    told_as_cells = [row["new"] for row in rows(told("log", "--format", "csv"))]
    inert = ["'" + new if new.startswith("@") else new for new in (each["new"] for each in changes)]
    assert told_as_cells == inert
    text = told("log", "4vdqk5", "-p", "--format", "markdown")
    assert text.startswith("#### not committed\n\n* title: ")
    assert "* status: todo → done" in text
    assert "```diff\n--- " in text
    values = json.loads(told("history", "status", "4vdqk5", "--format", "json"))["values"]
    assert rows(told("history", "status", "4vdqk5", "--format", "csv")) == values
    assert told("history", "status", "4vdqk5", "--format", "markdown").startswith(
        "| Status | Since | For | By | Commit |\n"
    )


def test_an_item_has_every_form(told):
    item = json.loads(told("show", "4vdqk5", "--why", "--format", "json"))["items"][0]
    (row,) = rows(told("show", "4vdqk5", "--format", "csv"))
    assert row["id"] == item["id"] == "PT-4vdqk5"
    text = told("show", "4vdqk5", "--format", "markdown", "--links", "https://x.example/")
    assert text.startswith("### [PT-4vdqk5](https://x.example/tasks/")
    assert "* **status**: done\n" in text


def test_findings_have_every_form(told):
    path = told.git("ls-files", "*4vdqk5*").strip()
    text = (told.folder / path).read_text("utf-8")
    (told.folder / path).write_text(text.replace("priority: ", "priority: '@ana'  # "))
    findings = json.loads(told("check", "--format", "json", code=1))["findings"]
    shown = rows(told("check", "--format", "csv", code=1))
    assert [(row["code"], row["line"], row["message"]) for row in shown] == [
        (each["code"], str(each["line"] or ""), each["message"]) for each in findings
    ]
    text = told("check", "--format", "markdown", code=1)
    assert "\\@\u200bana" in text
    assert "<U+200B>" not in text
