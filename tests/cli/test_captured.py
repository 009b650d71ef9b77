"""What `add` takes for fields and what for the title: words, lines of standard input, an editor, real shells."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plaintrack.app.items.capture import capture
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.text.pasted import pasted

ITEM = "---\nid: {}\ntitle: {}\ntype: {}\nstatus: todo\n---\n"


@pytest.fixture
def place(empty):
    """A workspace with a project, a milestone, a goal, a task, and a person."""
    (empty.folder / "tasks").mkdir()
    (empty.folder / "plaintrack.yml").write_text(
        "folders: [tasks]\ntimezone: UTC\npeople: {ana: {name: Ana Silva}}\nfields: {team_size: {type: integer}}\n"
    )
    for item, title, kind in (
        ("PT-pppppp", "Checkout", "project"),
        ("PT-mmmmmm", "Beta", "milestone"),
        ("PT-gggggg", "Growth", "goal"),
        ("PT-tttttt", "Login page", "task"),
        ("PT-uuuuuu", "Login mail", "task"),
    ):
        (empty.folder / f"tasks/{item}.md").write_text(ITEM.format(item, title, kind))
    return empty


@pytest.fixture
def workspace(place, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", place.env["PLAINTRACK_NOW"])
    return Workspace(str(place.folder))


# words → the title, and the fields; a title of None: refused
FIELDS = {
    "Fix +auth @ana pri:high due:fri est:2h in:pppp": ("Fix", {"tags": ("auth",), "assignee": ("ana",), "priority": "high", "due": "2026-11-27", "estimate": "2h", "project": "PT-pppppp"}),
    "Fix pri=high due=fri +a tags:b +c": ("Fix", {"priority": "high", "due": "2026-11-27", "tags": ("b", "a", "c")}),
    "Fix @ANA": ("Fix", {"assignee": ("ana",)}),
    "x in:Beta": ("x", {"milestone": "PT-mmmmmm"}),
    "x in:growth": ("x", {"goal": "PT-gggggg"}),
    "x in:tttt": ("x", {"parent": "PT-tttttt"}),
    "x in=checkout": ("x", {"project": "PT-pppppp"}),
    "x project:Check": ("x", {"project": "PT-pppppp"}),
    "x team_s:4": ("x", {"team_size": "4"}),
    "title:Only": ("Only", {}),
    "Note: fix(auth): https://x.y/z 10:30 +1 a:b +49170 C:\\x std::vector Start: re:x frac=2": ("Note: fix(auth): https://x.y/z 10:30 +1 a:b +49170 C:\\x std::vector Start: re:x frac=2", {}),
    "E=mc2": ("E=mc2", {}),
    "mail @bob a@b.c @ + @,": ("mail @bob a@b.c @ + @,", {}),
    "sta:x st:x": ("sta:x st:x", {}),
    "x due:fry": (None, "'fry' is not a date"),
    "x priority=hihg": (None, "'hihg' is not a priority"),
    "x pri:hihg": (None, "'hihg' is not a priority"),
    "x prioritty=high": (None, "unknown field 'prioritty'"),
    "x st=x": (None, "'st' could be status, start"),
    "x age=3": (None, "age is worked out"),
    "x in:nowhere": (None, "no item has the id or title 'nowhere'"),
    "x in:login": (None, "could be PT-tttttt 'Login page', PT-uuuuuu 'Login mail'"),
    "x project:Beta": (None, "no project has the id or title 'Beta'"),
    "x id:PT-2": (None, "an id never changes"),
    "x title:y": (None, "there are two titles: 'x' and 'y'"),
}  # fmt: skip


def test_words_that_set_fields_and_words_that_do_not(workspace):
    for words, (title, rest) in FIELDS.items():
        if title is None:
            with pytest.raises(PlaintrackError) as caught:
                capture(workspace, words.split())
            assert rest in caught.value.message, words
            continue
        found = capture(workspace, words.split())
        made = {}
        for edit in found.edits:
            if hasattr(edit, "values"):
                made[edit.field] = (*made.get(edit.field, ()), *edit.values)
            else:
                made[edit.field] = edit.value
        assert (found.title, made) == (title, rest), words


def test_only_a_whole_argument_is_taken(workspace):
    for word in ("Fix due:fri parsing", "due:fri is wrong", "+auth is a tag", "see @ana please"):
        assert capture(workspace, [word]) == (word, (), ())
    assert capture(workspace, ["x"], ["due:fri", "+a"]).title == "x due:fri +a"
    (edit,) = capture(workspace, ["x", "due=1 dec"]).edits
    assert edit.value == "2026-12-01"


def test_what_may_have_been_meant_is_said(workspace):
    notes = {
        "@anna": "'@anna' is in the title: no person or team here has that name; did you mean @ana?",
        "duue:fri": "'duue:fri' is in the title; did you mean due:?",
        "sta:x": "'sta:x' is in the title: 'sta' could be status, start, stakeholders",
    }
    for word, note in notes.items():
        assert capture(workspace, ["x", word]).notes == (note,)


def test_lines_are_items_and_deeper_ones_their_parts():
    text = "# Plan\n- [ ] one\n  - [x] two\n      three\n\n* four\n\t1. five\n12) six\n- \n   seven\n eight\n+tag nine\n"
    found, headings = pasted(text)
    assert headings == [1]
    assert [(each.number, each.depth, each.text, each.done) for each in found] == [
        (2, 0, "one", False),
        (3, 1, "two", True),
        (4, 2, "three", False),
        (6, 0, "four", False),
        (7, 1, "five", False),
        (8, 0, "six", False),
        (10, 1, "seven", False),
        (11, 1, "eight", False),
        (12, 0, "+tag nine", False),
    ]


def test_what_is_taken_is_told_as_it_was_written(place):
    said = place(
        "add", "Fix", "the", "login", "+auth", "@ana", "pri:high", "due:fri", "in:Checkout"
    )
    for part in ("created: Fix the login;", "priority: high", "assignee: ana", "tags: auth", "due: 2026-11-27", "project: PT-pppppp"):  # fmt: skip
        assert part in said
    place("add", "x", "due:fry", code=2)
    assert "to have 'due:fry' in the title, write it behind --" in place.err
    assert "created: x due:fry  " in place("add", "x", "--", "due:fry")
    assert "created: --dry due:x  " in place("add", "--", "--dry", "due:x")


def test_set_understands_the_same_words(place):
    said = place("set", "tttt", "pri:high", "+web", "@ana", "in:Checkout", "due:fri")
    for part in ("priority: (none) → high", "tags + web", "assignee + ana", "project: (none) → PT-pppppp", "due: (none) → 2026-11-27"):  # fmt: skip
        assert part in said
    place("set", "tttt", "project:Nope", code=1)
    assert "no project has the id or title 'Nope'" in place.err


def test_a_list_on_standard_input_is_one_command(place):
    text = "## Login\n- [ ] Form due:fri @ana\n  - [x] Sketch +ui\n- Mail -- due:x\n"
    said = place("add", "-", "in:Checkout", "+login", stdin=text).splitlines()
    assert "headings are not items; passed over: line 1" in place.err
    items = {row["title"]: row for row in json.loads(place("list", "tags:login", "(is:open or is:closed)", "--format", "json"))["items"]}  # fmt: skip
    assert len(said) == 3
    assert set(items) == {"Form", "Sketch", "Mail due:x"}
    assert items["Sketch"]["parent"] == items["Form"]["id"]
    assert items["Sketch"]["status"] == "done"
    assert "status: done" in said[1]
    place("undo")
    assert "PT-pppppp" in place("list", "--format", "ids")
    assert place("list", "tags:login", "--format", "ids") == ""
    before = sorted(path.name for path in (place.folder / "tasks").iterdir())
    place("add", "-", stdin="good\nbad due:fry\n", code=2)
    assert "line 2: 'fry' is not a date" in place.err
    assert "plaintrack add - < " in place.err
    assert sorted(path.name for path in (place.folder / "tasks").iterdir()) == before


def test_the_editor_opens_on_the_new_item(place):
    edit = "sed -i -e s/(title)/Typed/ -e s/^due:.*/due:\\ 2026-12-01/"
    said = place("add", "--edit", "+ui", "due:fri", EDITOR=edit)
    assert "created: Typed; " in said
    assert "tags: ui" in said
    assert "due: 2026-12-01" in said
    place("add", "--edit", EDITOR="true", code=1)
    assert "no title was written; nothing was created" in place.err
    place("add", "-e", "Broken", EDITOR="sed -i s/^title:.*/title:\\ [/", code=1)
    assert "nothing was created; what you wrote is kept in " in place.err
    assert "Broken" not in place("list")


def test_a_typed_title_comes_before_that_of_a_template(place):
    (place.folder / "templates").mkdir()
    (place.folder / "templates/call.md").write_text("---\ntitle: Call\ntype: chore\n---\n")
    (place.folder / "templates/of.md").write_text("---\ntitle: 'Call: {title}'\n---\n")
    assert "created: Call; type: chore  (" in place("add", "-t", "call")
    assert "created: Ring Ana; type: chore  (" in place("add", "Ring Ana", "-t", "call")
    assert "created: Call: Ana  (" in place("add", "Ana", "-t", "of")


SHELLS = {
    "bash": ("bash", "--norc", "-i", "-c"),
    "zsh": ("zsh", "-f", "-i", "-o", "extendedglob", "-c"),
    "fish": ("fish", "--no-config", "-i", "-c"),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_no_sign_of_it_is_taken_by_a_shell(shell, place):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    line = "add Fix the login +auth @ana pri:high due:fri est:2h wait:+3d in:PT-pppp https://x.y/z 10:30 assignee+=bob"
    run = subprocess.run(
        [*SHELLS[shell], f"{sys.executable} -m plaintrack {line}"],
        cwd=place.folder,
        env={**place.env, "PATH": f"{Path(sys.executable).parent}:{place.env['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert "created: Fix the login https://x.y/z 10:30; " in run.stdout, run
    for part in ("priority: high", "assignee: ana, bob", "project: PT-pppppp", "tags: auth", "estimate: 2h", "due: 2026-11-27", "wait: 2026-11-26"):  # fmt: skip
        assert part in run.stdout
