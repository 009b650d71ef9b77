"""What is written beside a text, how it is folded and coloured, and what formatting touches."""

import pytest
from shown import NOW, Shown

from plaintrack.app.editor import hints, looks
from plaintrack.app.editor.sheet import Sheet
from plaintrack.model.edit import apply

A, B, C = (f"tasks/PT-{each * 6}.md" for each in "abc")


@pytest.fixture
def shown(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    return Shown(tmp_path)


@pytest.fixture
def committed(empty, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    made = Shown(empty.folder)
    empty.git("add", "-A")
    empty.git("-c", "user.name=x", "commit", "-qm", "start", "--date", "2026-11-13T10:00:00+01:00")
    made.desk.look_again()
    return made


def beside(sheet):
    found = hints.hints(sheet, 0, len(sheet.text))
    return [(sheet.text[: each.at].rpartition("\n")[2], each.text) for each in found]


def test_titles_dates_and_sums_stand_beside_what_they_explain(shown):
    sheet, _ = shown(
        "---\nid: PT-new\nparent: PT-bbbbbb\ndue: 2026-12-01\n---\nsee PT-aaaaaa|, PT-qqqqqq\n"
    )
    assert beside(sheet) == [
        ("parent: PT-bbbbbb", "Rotate the broker certificate"),
        ("see PT-aaaaaa", "Fix the login redirect"),
        ("due: 2026-12-01", "Tue, in 8 days (6 working days)"),
    ]
    sheet, _ = shown((shown.folder / A).read_text().replace("status", "|estimate: 4d\nstatus"), A)
    assert ("estimate: 4d", "2d in 1 sub-items") in beside(sheet)


def test_what_the_last_commit_had_stands_beside_what_is_different(committed):
    sheet, _ = committed(
        (committed.folder / A).read_text().replace("todo", "review|").replace("12-01", "12-03"), A
    )
    assert ("status: review", "was todo") in beside(sheet)
    assert ("due: 2026-12-03", "was 2026-12-01") in beside(sheet)
    assert not any("was" in text for place, text in beside(sheet) if "tags" in place)


def test_a_review_compares_with_the_base(committed, empty):
    empty.git("checkout", "-qb", "work")
    path = committed.folder / A
    path.write_text(path.read_text().replace("todo", "review"))
    empty.git("commit", "-qam", "mine")
    text = path.read_text().replace("title", "|title")
    committed.desk.look_again()
    sheet, _ = committed(text, A)
    assert not any(said.startswith("was") for _, said in beside(sheet))
    committed.desk.base = "main"
    committed.desk.look_again()
    sheet, _ = committed(text, A)
    assert ("status: review", "was todo") in beside(sheet)


def test_lenses(committed):
    committed.desk.put(A, committed.desk.text(A))
    committed.desk.put(
        B, committed.desk.text(B).replace("status", "depends_on: [PT-aaaaaa]\nstatus")
    )
    texts = [each.text for each in hints.lenses(Sheet(committed.desk, B))]
    assert texts[0] == "waits for PT-aaaaaa"
    texts = [each.text for each in hints.lenses(Sheet(committed.desk, A))]
    assert texts[0] == "blocks PT-bbbbbb"
    assert "todo for 10 days" in texts
    disputed = "---\nid: PT-new\n<<<<<<< a\nstatus: todo\n=======\nstatus: done\n>>>>>>> b\n---\n"
    committed.desk.put("tasks/PT-new.md", disputed)
    (lens,) = hints.lenses(Sheet(committed.desk, "tasks/PT-new.md"))
    assert lens.text == "in conflict: status"


def test_words_know_closed_items(shown):
    sheet, _ = shown(
        "---\nid: PT-new\nstatus: todo\ndepends_on: [PT-cccccc, PT-aaaaaa]\nassignee: ana\n---\n😀 @bob PT-cccccc|\n"
    )
    found = [
        (sheet.text[each.start : each.end], each.kind, each.closed) for each in looks.words(sheet)
    ]
    assert found == [
        ("id", "property", False), ("PT-new", "variable", False), ("status", "property", False), ("todo", "enumMember", False),
        ("depends_on", "property", False), ("PT-cccccc", "variable", True), ("PT-aaaaaa", "variable", False),
        ("assignee", "property", False), ("ana", "parameter", False), ("bob", "parameter", False), ("PT-cccccc", "variable", True),
    ]  # fmt: skip


def test_folds(shown):
    text = "---\nid: PT-new\ntags:\n- a\n- b\n---\n# One\ntext\n## Two\nmore\n# Three\n<!-- plaintrack: list -->\nx\n<!-- /plaintrack -->|\n"
    sheet, _ = shown(text)
    lines = {
        (sheet.text[: each.start].count("\n"), sheet.text[: each.end].count("\n"))
        for each in looks.folds(sheet)
    }
    assert lines == {(0, 5), (2, 4), (6, 9), (8, 9), (10, 13), (11, 13)}


def test_formatting_touches_values_and_nothing_else(shown):
    text = (
        "---\r\n# note  \r\nid: PT-new  \r\nstatus: Todo\r\nstatus2:   odd\r\ndue:   fri   # soon\r\nwait: 2026/12/1\r\n"
        "tags: [ a,b ]\r\nnote: >\r\n  kept  \r\nstart: nonsense\r\n---\r\nBody  \r\ndue: fri|\r\n"
    )
    sheet, _ = shown(text)
    new = apply(sheet.text, tuple(looks.formatted(sheet, 0, len(sheet.text))))
    assert new == (
        "---\r\n# note\r\nid: PT-new\r\nstatus: todo\r\nstatus2:   odd\r\ndue:   2026-11-27   # soon\r\nwait: 2026-12-01\r\n"
        "tags: [ a,b ]\r\nnote: >\r\n  kept  \r\nstart: nonsense\r\n---\r\nBody  \r\ndue: fri\r\n"
    )
    line = sheet.text.index("wait")
    some = looks.formatted(sheet, line, line + 8)
    assert [each.text for each in some] == ["2026-12-01"]
    sheet, _ = shown("---\nid: [PT\ndue: fri|\n---\n")
    assert looks.formatted(sheet, 0, 99) == []
