"""The daily loop, as a user meets it: real processes, real git."""

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

from conftest import state


def ids(text):
    return re.findall(r"\bPT-[0-9a-z]{6}\b", text)


def test_list_answers_what_is_open_and_speaks_of_no_errors(example):
    listed = example("list", "--format", "ids").split()
    assert len(listed) == 68
    assert example.err == ""


def test_overdue_is_what_was_due_before_today(example):
    found = json.loads(example("list", "is:overdue", "--format", "json"))
    assert found["schema"] == 1
    assert len(found["items"]) == 6
    assert all(item["due"] < "2026-11-23" for item in found["items"])


def test_set_changes_one_line_and_undo_restores_every_byte(example):
    assert "due moved 11 Dec → 25 Nov 2026" in example("set", "xybp33", "due=+2d")
    changed = [line for line in example.git("diff").splitlines() if re.match(r"[+-][^+-]", line)]
    assert changed == ["-due: 2026-12-11", "+due: 2026-11-25"]
    example("undo")
    assert example.git("status", "--porcelain") == ""


def test_undo_refuses_to_lose_a_later_edit(example):
    example("set", "xybp33", "priority=low")
    path = next((example.folder / "tasks/platform").glob("PT-xybp33-*"))
    path.write_bytes(path.read_bytes() + b"More.\r\n")
    example("undo", code=2)
    assert "changed after" in example.err
    assert path.read_bytes().endswith(b"More.\r\n")


def test_an_edit_by_hand_is_seen_at_once_even_with_the_same_size(example):
    path = next((example.folder / "tasks/platform").glob("PT-xybp33-*"))
    for priority in ("high", "lowx"):
        path.write_bytes(
            re.sub(rb"priority: \w+", b"priority: " + priority.encode(), path.read_bytes())
        )
        assert (
            json.loads(example("list", "id:PT-xybp33", "--format", "json"))["items"][0]["priority"]
            == priority
        )


def test_a_broken_file_is_reported_and_the_rest_goes_on(example):
    (example.folder / "tasks/broken.md").write_text("---\nid: PT-aaaaaa\ntitle: a: b\n---\n")
    assert len(example("list", "--format", "ids").split()) == 68
    assert "tasks/broken.md:3:" in example.err
    assert "quote" in example.err


def test_a_damaged_index_is_made_again(example):
    before = example("list")
    index = next((example.folder / ".git/plaintrack").glob("index-*.sqlite"))
    data = bytearray(index.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 2000] = b"x" * 2000
    index.write_bytes(data)
    assert example("list") == before
    next((example.folder / ".git/plaintrack").glob("index-*.sqlite")).write_bytes(b"not a database")
    assert example("list") == before


def test_errors_point_and_suggest(example):
    example("list", "statu:x", code=2)
    assert "did you mean status" in example.err
    assert "statu:x" in example.err
    example("set", "xybp33", "status=dne", code=2)
    assert "'done'" in example.err
    example("show", "zzzzzz", code=1)
    example("lst", code=2)
    assert "list" in example.err


def test_a_leading_minus_is_a_negation(example):
    assert not set(example("list", "-tags:auth", "--format", "ids").split()) & set(
        example("list", "tags:auth", "--format", "ids").split()
    )


def test_workflow(example):
    assert "todo → in-progress" in example("start", "4vdqk5")
    assert "in-progress → done" in example("done", "4vdqk5")
    assert "closed: 2026-11-23T09:00:00+01:00" in example("show", "4vdqk5").replace(
        "closed      ", "closed:"
    )
    example("archive", "4vdqk5")
    assert len(list((example.folder / "archive").glob("PT-4vdqk5-*"))) == 1
    assert "4vdqk5" in example("list", "is:archived", "id:PT-4vdqk5")
    example("reopen", "4vdqk5")
    for _ in range(4):
        example("undo")
    assert example.git("status", "--porcelain") == ""


def test_add_from_a_template_and_delete_again(example):
    item = ids(example("add", "-t", "bug", "Crash: on 'start'", "severity=s1"))[0]
    shown = example("show", item)
    assert "Crash: on 'start'" in shown
    assert "bug" in shown
    example("comment", item, "hello")
    assert "hello" in example("show", item)
    example("delete", item, "--yes")
    assert example.git("status", "--porcelain") == ""
    example("undo")
    assert "hello" in example("show", item)


def test_every_template_makes_an_item_without_errors(example):
    for line in example("add", "-t", "list").splitlines():
        example("add", "-t", line.split()[0], 'A "title": with #signs')
    example("list")
    assert example.err == ""


def test_control_characters_are_shown_and_not_obeyed(example):
    example("add", "evil \x1b]0;x\x07 \x9b31m \u202e end", "tags=x")
    text = example("list", "tags:x") + example("show", "evil", code=1) + example("board")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert "␛]0;x␇" in text


def test_concurrent_writers_lose_nothing(example):
    def write(number):
        example("set", "xybp33", f"tags+=t{number}")
        example("comment", "xybp33", f"c{number}")
        example("add", f"New {number}", "tags=fresh")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(10)))
    shown = json.loads(example("show", "xybp33", "--format", "json"))["items"][0]
    assert {f"t{number}" for number in range(10)} <= set(shown["tags"])
    assert len(list((example.folder / "comments/PT-xybp33").iterdir())) == 10
    assert len(example("list", "tags:fresh", "--format", "ids").split()) == 10


def test_it_works_without_git(empty, tmp_path):
    folder = tmp_path / "plain"
    folder.mkdir()
    empty.folder = folder
    empty("init")
    empty("add", "One thing")
    assert "One thing" in empty("list")
    assert {path.name for path in folder.iterdir()} == {
        "plaintrack.yml",
        "tasks",
        "projects",
        "goals",
        "templates",
    }
    assert list(state(folder, empty.env["HOME"]).glob("index-*.sqlite"))


def test_it_works_where_nothing_can_be_written(example):
    first = example("list")
    shutil.rmtree(example.folder / ".git/plaintrack")
    (example.folder / ".git/plaintrack").write_text("in the way")
    assert example("list") == first


def test_doctor_finds_and_mends_a_duplicate_id(example):
    path = next((example.folder / "tasks/platform").glob("PT-xybp33-*"))
    (example.folder / "tasks/copy.md").write_bytes(path.read_bytes())
    assert "duplicate" in example("doctor", code=1) or "is also that of" in example(
        "doctor", code=1
    )
    example("doctor", "--fix")
    assert example("doctor") == ""


def test_undo_takes_an_edit_back_and_shows_first_what_it_would_do(example, tmp_path):
    path = next(example.folder.glob("tasks/**/PT-xybp33*"))
    before = path.read_bytes()
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nsed -i "s/^title: .*/title: By hand/" "$@"\n')
    editor.chmod(0o755)
    example("edit", "xybp33", EDITOR=str(editor))
    after = path.read_bytes()
    assert b"title: By hand" in after
    shown = example("undo", "--dry-run")
    assert "-title: By hand" in shown
    assert path.read_bytes() == after
    assert "edit xybp33" in example("undo")
    assert path.read_bytes() == before


def test_an_editor_that_changes_nothing_leaves_the_command_before_it_to_undo(example):
    example("set", "xybp33", "priority=low")
    example("edit", "xybp33", EDITOR="true")
    assert "undone: set xybp33" in example("undo")


def test_archive_shows_first_what_it_would_move(example):
    example("done", "xybp33")
    path = next(example.folder.glob("tasks/**/PT-xybp33*"))
    relative = path.relative_to(example.folder).as_posix()
    assert (
        example("archive", "xybp33", "--dry-run")
        == f"rename from {relative}\nrename to archive/{path.name}\n"
    )
    assert path.exists()
