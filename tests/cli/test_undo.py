"""`undo` on the command line: what every command leaves, editors, hooks, the watcher, and what the messages say."""

import re
import sys

import pytest

from plaintrack.cli.main import COMMANDS

ITEM = "---\nid: PT-{0}\ntitle: Item {0}\nstatus: {1}\n{2}---\n- [ ] a step\n"
EDITOR = "sed -i -e s/todo/done/"
A, B, C, D, P = "aaaaaa", "bbbbbb", "cccccc", "dddddd", "gggggg"

WRITES = {
    "add": [("add", "New", "tags=x")],
    "approve": [("approve", A)],
    "archive": [("archive", C)],
    "assign": [("assign", A, "ana")],
    "cancel": [("cancel", A, B)],
    "check": [("check", "--fix")],
    "comment": [("comment", A, "Said.")],
    "conflicts": [("conflicts", "--take", "ours")],
    "delete": [("delete", B, "--yes")],
    "doctor": [("doctor", "--fix")],
    "done": [("done", A), ("done", D)],
    "edit": [("edit", A, B), ("edit", D)],
    "health": [("health", P, "at-risk", "-m", "Late.")],
    "import": [("import", "markdown", "list.md")],
    "init": [("init",), ("init", "--live")],
    "equipment": [("equipment", "van", "--new", "units=2")],
    "people": [("people", "ana", "--new", "leave=2026-12-09 sick")],
    "plan": [("plan", "--apply", "--yes", "--assume", "1d")],
    "rank": [("rank", B, "--top"), ("rank", A, "--after", D)],
    "recur": [("recur",)],
    "reject": [("reject", A, "-m", "Too early.")],
    "render": [("render",)],
    "renumber": [("renumber", B, "PT-newnew")],
    "reopen": [("reopen", C)],
    "rules": [("rules", "add", "close-parent"), ("rules", "run")],
    "set": [
        ("set", A, B, "priority=low", "title=Other"),
        ("set", "--where", "is:open", "--yes", "tags+=x"),
    ],
    "snooze": [("snooze", A, "fri")],
    "start": [("start", A)],
    "tick": [("tick", A, "1")],
    "time": [("time", "log", A, "1h", "--at", "2026-11-20 09:00", "--remaining", "2h")],
}
"""Every command that writes files of the workspace, and how it does so here."""
BY_HAND = {("rules", "run"): A, ("recur",): D}
"""The item that is closed in its file before a command."""
READS = {
    "approvals": [()], "board": [()], "branch": [()], "commit": [()], "completion": [("bash",)], "config": [()], "diff": [()], "explain": [()], "forecast": [("--items", "2")], "goals": [()], "health": [()],
    "history": [("status",)], "inbox": [(), ("--read", "all")], "list": [()], "log": [()], "metrics": [(), ("cfd",)], "next": [()], "owners": [()], "project": [("status",)], "schema": [()], "score": [()], "search": [("item",)], "show": [(A,)], "sla": [()],
    "stats": [()], "sync": [()], "tree": [()], "triage": [()], "trust": [("--show",)], "check": [()], "conflicts": [()], "doctor": [()],
    "rules": [("list",), ("check",), ("log",)], "render": [("--check",)], "rank": [()], "plan": [()], "recur": [("--dry-run",)],
    "equipment": [()], "people": [()], "workload": [()], "report": [(), ("weekly",)], "publish": [("../out",)], "portfolio": [("mirror", "../mirrors")], "export": [("ical",), ("todotxt",)],
    "time": [("list",), ("report",), ("sheet",), ("status",), ("accuracy",)],
}  # fmt: skip
"""Every command, or form of it, that writes none."""
OTHERS = {"undo", "watch", "merge-file", "textconv", "lsp"}


@pytest.fixture
def place(empty):
    """A workspace with rules, a series, a live document and a few things to fix; committed."""
    files = {
        "plaintrack.yml": "folders: [tasks]\n",
        "list.md": "- [ ] Paint\n",
        "DOC.md": "<!-- plaintrack: list -->\n<!-- /plaintrack -->\n",
        "automations/talk.yml": "name: talk\non: {changed: status}\ndo:\n- comment: now {status}\n",
        f"tasks/PT-{A}-item.md": ITEM.format(A, "todo", "due: 2026/12/1\n"),
        f"tasks/PT-{B}-item.md": ITEM.format(B, "todo", f"depends_on: [PT-{A}]\n"),
        f"tasks/PT-{C}-item.md": ITEM.format(C, "done", ""),
        f"tasks/PT-{D}-item.md": ITEM.format(
            D, "todo", "due: 2026-11-20\nrepeat: weekly\nassignee: jonas\n"
        ),
        "tasks/PT-eeeeee-item.md": "---\nid: PT-eeeeee\n<<<<<<< ours\ntitle: A\n=======\ntitle: B\n>>>>>>> theirs\n---\n",
        f"tasks/PT-{P}-project.md": ITEM.format(P, "todo", "type: project\n"),
        "tasks/broken.md": "---\nid: PT-ffffff\ntitle: a: b\n---\n",
    }
    for path, text in files.items():
        target = empty.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def run(place, *words, **env):
    """Whatever its exit code is."""
    return place.run(words, {**place.env, "EDITOR": EDITOR, **env})


def tree(place):
    return {
        path.relative_to(place.folder).as_posix(): path.read_bytes()
        for path in place.folder.rglob("*") if path.is_file() and ".git" not in path.parts
    }  # fmt: skip


def test_every_command_is_classified():
    assert WRITES.keys() | READS.keys() | OTHERS == set(COMMANDS)


@pytest.mark.parametrize("name", WRITES)
def test_one_undo_takes_back_all_that_a_command_did(place, name):
    run(place, "rules", "run")
    for words in WRITES[name]:
        place("set", C, f"title=Before {words[0]}")
        if words in BY_HAND:
            path = place.folder / f"tasks/PT-{BY_HAND[words]}-item.md"
            path.write_bytes(path.read_bytes().replace(b"todo", b"done"))
        before = tree(place)
        done = run(place, *words)
        assert tree(place) != before, (words, done.stdout, done.stderr)
        said = place("undo")
        assert tree(place) == before, (words, said)
        assert "Before" in place("undo")


def test_what_writes_nothing_is_not_undone(place):
    place("set", A, "priority=low")
    for name, forms in READS.items():
        for words in forms:
            run(place, name, *words)
    assert place("undo") == f"undone: set {A} priority=low\n  tasks/PT-{A}-item.md\n"


def test_what_git_took_back_is_said_and_nothing_earlier_is_undone(place):
    place("set", B, "priority=high")
    place.git("commit", "-qam", "kept")
    place("set", A, "priority=low")
    place.git("stash")
    before = tree(place)
    place("undo", code=1)
    assert re.search(rf"`set {A} priority=low` of [-\d]+ [\d:]+ is already taken back", place.err)
    assert f"`plaintrack undo --command 2` undoes `set {B} priority=high`" in place.err
    assert tree(place) == before
    place.git("stash", "pop")
    assert place("undo").startswith(f"undone: set {A} priority=low")
    assert place("undo").startswith(f"undone: set {B} priority=high")
    place("undo", code=1)
    assert "nothing to undo" in place.err


def test_a_file_changed_since_is_named_and_another_command_can_be_chosen(place):
    place("set", A, "priority=low")
    place("set", A, B, "tags=x")
    path = place.folder / f"tasks/PT-{B}-item.md"
    path.write_bytes(path.read_bytes() + b"More.\n")
    place("set", C, "tags=y")
    before = tree(place)
    place("undo", "--command", "2", code=2)
    assert f"tasks/PT-{B}-item.md was changed after `set {A} {B} tags=x`" in place.err
    assert tree(place) == before
    assert [line[23:] for line in place("undo", "--list").splitlines()] == [
        f"set {C} tags=y", f"set {A} {B} tags=x  (changed since)", f"set {A} priority=low  (changed since)"
    ]  # fmt: skip
    place("undo", "--command", "4", code=1)
    assert "no command 4" in place.err
    place("undo")
    path.write_bytes(path.read_bytes().removesuffix(b"More.\n"))
    assert f"set {A} priority=low  (after the later ones)" in place("undo", "--list")
    place("undo")
    place("undo")
    assert place.git("status", "--short") == ""
    place("undo", "--list", "--dry-run", code=2)


def test_what_an_editor_wrote_over_comes_back(place):
    """Merged by fields; where both changed the same, what the command wrote, and one undo takes
    that back.
    """
    path = place.folder / f"tasks/PT-{A}-item.md"
    old = path.read_bytes()
    place("undo", "--lost", code=1)
    place("set", A, "priority=low", "status=done")
    done = path.read_bytes()
    place("undo", "--lost", code=1)
    assert f"nothing that `set {A} priority=low status=done` of " in place.err
    path.write_bytes(old + b"Typed meanwhile.\n")
    place("undo", code=2)
    assert "`plaintrack undo --lost` brings back what it wrote" in place.err
    said = place("undo", "--lost", "--dry-run")
    assert "+priority: low" in said
    assert "-Typed" not in said
    assert path.read_bytes() == old + b"Typed meanwhile.\n"
    assert place("undo", "--lost").endswith(f"  tasks/PT-{A}-item.md\n")
    assert path.read_bytes() == done + b"Typed meanwhile.\n"
    assert "`undo --lost`" not in place("undo")
    path.write_bytes(old.replace(b"todo", b"started"))
    place("undo", "--lost", "--command", "1")
    assert path.read_bytes() == done
    assert "takes the other text" in place.err
    place("undo")
    assert path.read_bytes() == old.replace(b"todo", b"started")
    path.unlink()
    place("undo", "--lost")
    assert path.read_bytes() == done
    path.rename(path.with_name(f"PT-{A}-moved.md"))
    place("undo", "--lost", "--command", "2", code=1)  # its item is in another file


def test_a_hook_that_formats_belongs_to_the_command(place):
    hook = place.folder / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nfor f in tasks/*.md; do echo >> $f; done; git add tasks\n")
    hook.chmod(0o755)
    path = place.folder / f"tasks/PT-{A}-item.md"
    before = path.read_bytes()
    (place.folder / "tasks/PT-eeeeee-item.md").unlink()
    place("set", A, "priority=low")
    place("commit", A)
    assert path.read_bytes().endswith(b"step\n\n")
    place("undo")
    assert path.read_bytes() == before


def test_what_a_command_of_a_rule_writes_comes_back_with_the_command(place):
    (place.folder / "automations/talk.yml").write_text(
        f"name: more\non: {{changed: priority}}\ndo:\n- run: [{sys.executable}, -m, plaintrack, set, {B}, tags=by-rule]\n"
    )
    place("trust", "--yes")
    run(place, "rules", "run")
    before = tree(place)
    place("set", A, "priority=low")
    assert b"by-rule" in (place.folder / f"tasks/PT-{B}-item.md").read_bytes()
    place("undo")
    assert tree(place) == before


def test_the_watchers_work_is_passed_over(place):
    place("render")
    place.git("commit", "-qam", "rendered")
    place("set", A, "title=Other")
    place("watch", "--once")
    assert "Other" in (place.folder / "DOC.md").read_text()
    assert "(not by you)" in place("undo", "--list")
    assert place("undo").startswith(f"undone: set {A} title=Other")
    place("watch", "--once")
    assert "title: Other" not in place.git("diff")
