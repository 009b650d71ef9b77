"""Whatever is half typed, every question has an answer, and places lie inside the text."""

import random
from contextlib import suppress

import pytest
from conftest import ROOT
from shown import NOW, SETTINGS, Shown

from plaintrack.app.editor import goto, hints, looks, panel
from plaintrack.app.editor.actions import actions
from plaintrack.app.editor.complete import complete
from plaintrack.app.editor.hover import hover
from plaintrack.app.editor.rename import rename, subject
from plaintrack.app.editor.sheet import Sheet
from plaintrack.errors import PlaintrackError

PIECES = ["\n", "---\n", ": ", "- ", "[", "]", "{", "'", '"', "#", "@", "PT-", "PT-aaaaaa", "😀", "\t", "\r\n", "```\n", "<!-- plaintrack: list ", "<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "status: x", "due: fri", "|", "*", "&", "!", "%", "\0", "\u2028"]  # fmt: skip
TEXTS = {
    "tasks/PT-new.md": (ROOT / "example-workspace/tasks/gateway/PT-adym9s-antenna-in-the-pump-house.md").read_text("utf-8"),
    "plaintrack.yml": SETTINGS,
    "automations/a.yml": "name: late\non:\n- overdue\n- entered: done\nif: is:open\ndo:\n- set: {status: done}\n",
    "people/ana.md": "---\nname: Ana\nleave:\n- 2026-12-01\n---\n",
    "README.md": "# Us\n<!-- plaintrack: list is:open -->\n<!-- /plaintrack -->\nSee PT-aaaaaa.\n",
}  # fmt: skip


def asked(desk, path, offset):
    sheet = Sheet(desk, path)
    size = len(sheet.text)
    for each in complete(sheet, offset).found:
        assert 0 <= each.start <= each.end <= size
    told = hover(sheet, offset)
    assert told is None or 0 <= told.start <= told.end <= size
    goto.definition(sheet, offset)
    list(goto.symbols(sheet))
    list(goto.links(sheet))
    assert all(0 <= each.start <= each.end <= size for each in looks.folds(sheet))
    assert all(0 <= each.start < each.end <= size for each in looks.words(sheet))
    looks.formatted(sheet, 0, size)
    assert all(0 <= each.at <= size for each in hints.hints(sheet, 0, size))
    hints.lenses(sheet)
    actions(sheet, offset)
    if subject(sheet, offset) is not None:
        with suppress(PlaintrackError):
            rename(sheet, offset, "renamed")


def typed(folder, seed, count):
    made = Shown(folder)
    choose = random.Random(seed)
    for _ in range(count):
        path = choose.choice(list(TEXTS))
        text = TEXTS[path]
        for _ in range(choose.randrange(4)):
            at = choose.randrange(len(text) + 1)
            text = text[:at] + choose.choice(PIECES) + text[at + choose.choice([0, 0, 1, 9]) :]
        made.desk.put(path, text)
        asked(made.desk, path, choose.randrange(len(text) + 1))
        if choose.random() < 0.3:
            made.desk.close(path)


def test_every_question_has_an_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    typed(tmp_path, 5, 60)


@pytest.mark.slow
def test_every_question_has_an_answer_at_length(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    for seed in range(20):
        typed(tmp_path / str(seed), seed, 200)


def test_the_board_the_timer_and_a_new_item(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    made = Shown(tmp_path)
    made("---\nid: PT-new\ntitle: Unsaved\nstatus: todo\ndue: 2026-11-01\n---\n|")
    columns = {
        each["status"]: [item["id"] for item in each["items"]] for each in panel.board(made.desk)
    }
    assert columns == {"todo": ["PT-new", "PT-aaaaaa"], "in-progress": ["PT-bbbbbb"]}
    assert [item["overdue"] for each in panel.board(made.desk) for item in each["items"]] == [
        True,
        False,
        False,
    ]
    assert panel.timer(made.desk) is None
    path, text = panel.added(made.desk, "Another one")
    assert path.startswith("tasks/PT-")
    assert "title: Another one\n" in text
    assert not (tmp_path / path).exists()
