"""Bad input, as a stranger gives it: one message that says what and where, a hint, the right exit code, and nothing changed."""

import os
import re
import shutil
import subprocess
import sys

import pytest

# words → exit code, what the message says, what the hint says
WRONG = {
    ("show", "nope"): (1, "no item has an id like 'nope'", "plaintrack list"),
    ("show", ""): (1, "an empty id matches no item", "part of it"),
    ("show", "PT-"): (2, "could be PT-", "more of the id"),
    ("show",): (2, "Missing argument", "--help"),
    ("lst",): (2, "no such command", "--help"),
    ("list", "--nope"): (2, "No such option", "--help"),
    ("list", "nope:1"): (2, "unknown field 'nope'", "put it in"),
    ("list", "status:dne"): (2, "unknown status 'dne'", "done"),
    ("list", "project:nope"): (2, "no item has an id like 'nope'", "plaintrack list"),
    ("list", "parent:nope"): (2, "no item has an id like 'nope'", "plaintrack list"),
    ("list", "due:xyzzy"): (2, "'xyzzy' is not a date", "2026-12-01"),
    ("list", "(a"): (2, "never closed", ""),
    ("list", "--columns", "titel"): (2, "unknown field 'titel'", "did you mean"),
    ("list", "--group", "Statu"): (2, "unknown field 'Statu'", "did you mean"),
    ("list", "--view", "nope"): (2, "unknown view 'nope'", "the views are: mine"),
    ("stats", "--by", "tag"): (2, "unknown field 'tag'", "did you mean"),
    ("set", "xybp33"): (2, "at least one field=value", "--help"),
    ("set", "priority=high"): (2, "give items", "--help"),
    ("set", "nope", "priority=high"): (1, "no item has an id like", ""),
    ("set", "xybp33", "status=dne"): (2, "'dne' is not a status", "did you mean 'done'"),
    ("set", "xybp33", "nope=1"): (2, "unknown field 'nope'", "fields:"),
    ("set", "xybp33", "urgency=1"): (2, "urgency is worked out", "--why"),
    ("set", "xybp33", "id=PT-other"): (2, "an id never changes", "doctor"),
    ("set", "xybp33", "due=2026-02-30"): (2, "'2026-02-30' is not a date", ""),
    ("set", "xybp33", "estimate=much"): (2, "'much' is not a duration", "45m"),
    ("set", "xybp33", "title+=x"): (2, "title holds one value", "title=value"),
    ("set", "xybp33", "project=nope"): (1, "no project has the id or title", ""),
    ("add",): (2, "needs a title", "write the title"),
    ("add", "x", "-t", "nope"): (2, "unknown template 'nope'", "bug"),
    ("add", "x", "--due", "2026-12-01"): (2, "write fields without dashes: due=…", "--help"),
    ("add", "x", "--due=2026-12-01"): (2, "write fields without dashes: due=…", "--help"),
    ("add", "x", "--tempalte", "bug"): (
        2,
        "no such option: --tempalte; if it belongs to the title, put the whole title in quotes",
        "--help",
    ),
    ("add", "x", "due=never"): (2, "'never' is not a date", ""),
    ("tick", "7rr", "99"): (2, "no step 99", "plaintrack show"),
    ("tick", "7rr", "0"): (2, "not in the range", "--help"),
    ("comment", "xybp33"): (2, "the comment is empty", "write a text"),
    ("archive",): (2, "give items", "--help"),
    ("archive", "xybp33"): (2, "only closed items", "close it first"),
    ("archive", "2wc", "xybp33"): (2, "only closed items", "close it first"),
    ("delete", "nope", "--yes"): (1, "no item has an id like", ""),
    ("delete", "xybp33"): (2, "no answer", "--yes"),
    ("set", "--where", "status:review", "priority=low"): (2, "no answer", "--yes"),
    ("renumber", "xybp33", "bad id"): (2, "'bad id' is not an id", "letters"),
    ("config", "nope"): (2, "unknown setting 'nope'", "timezone"),
    ("undo",): (1, "nothing to undo", "cache"),
    ("init", "--undo", "--git", "--dry-run"): (2, "--undo needs", "--help"),
    ("completion", "tcsh"): (2, "tcsh", "--help"),
    ("-C", "nowhere", "list"): (2, "cannot change to nowhere", "--help"),
}


def test_each_is_told_what_is_wrong_and_nothing_changes(example):
    for words, (code, message, hint) in WRONG.items():
        assert example(*words, code=code) == "", words
        first = (
            example.err.splitlines()[-3:] if "no answer" in message else example.err.splitlines()
        )
        assert any(line.startswith("plaintrack: ") and message in line for line in first), (
            words,
            example.err,
        )
        assert not hint or hint in example.err.partition("hint: ")[2], (words, example.err)
    assert example.git("status", "--porcelain") == ""


def test_a_place_that_is_no_workspace(empty):
    for words in (["list"], ["add", "x"], ["undo"], ["doctor"], []):
        empty(*words, code=2)
        assert "plaintrack init" in empty.err


def test_an_empty_workspace_answers_everything(empty):
    empty("init")
    for words in (
        ["list"],
        ["next"],
        ["board"],
        ["tree"],
        ["tree", "--depends"],
        ["search", "x"],
        ["stats"],
        ["doctor"],
        ["config"],
        [],
    ):
        empty(*words)
        assert "Traceback" not in empty.err


def test_what_no_item_has_is_not_an_empty_answer_without_a_word(example):
    assert example("list", "tags:gatway") == ""
    assert "no item has tags:gatway; did you mean gateway?" in example.err
    example("list", "assignee:tom", "tags:auth")
    assert "did you mean tomasz?" in example.err


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("nope: 1", "nope: is not a setting"),
        ("statuses: {a: open}", "no status has the category done"),
        ("archive: ../elsewhere", "not a folder inside the workspace"),
        ("archive: /etc", "not a folder inside the workspace"),
        ("archive: tasks", "every item there would be archived"),
        ("folders: [old/a, b]\narchive: old", "above old/a"),
        ("folders: [b, x/.y/z]\narchive: x/.y/z/", "every item there would be archived"),
        ("folders: [.git]", "not a folder inside the workspace"),
        ("fields: {x: {key: [a]}}", "fields.x.key: must be a text"),
        ("fields: {x: {key: title}}", "'title' is already the key of title"),
        ("fields: {status: {default: nope}}", "'nope' is not one of its choices"),
        ("fields: {x: {type: choice}}", "needs `choices`"),
        ("urgency: {due: nan}", "must be a number"),
        ("day: 0h", "longer than zero"),
        ("timezone: Mars/Phobos", "unknown time zone"),
        ("a: b: c", "plaintrack.yml:1:5: not valid YAML"),
        ("a: &x 1", "plaintrack.yml:1:4: YAML anchors"),
    ],
)
def test_settings_that_cannot_be_are_one_message(empty, settings, message):
    (empty.folder / "plaintrack.yml").write_text(settings)
    empty("list", code=2)
    assert message in empty.err
    assert empty.err.startswith("plaintrack: ")


def test_required_fields_and_defaults(empty):
    text = "fields:\n  severity: {type: choice, choices: [s1, s2], required: true}\n  due: {default: eow}\n  tags: {default: [a, b]}\n"
    (empty.folder / "plaintrack.yml").write_text(text)
    (empty.folder / "tasks").mkdir()
    empty("add", "One", code=2)
    assert "severity is required" in empty.err
    empty("add", "One", "severity=s2")
    assert (
        empty("list", "--format", "tsv", "--columns", "title,due,tags").splitlines()[1]
        == "One\t2026-11-29\ta, b"
    )
    (empty.folder / "tasks/two.md").write_text("---\nid: PT-two\ntitle: Two\n---\n")
    assert "Two" in empty("list")
    assert "tasks/two.md:2:1: severity is required but not set" in empty.err


def test_what_was_asked_for_decides_whether_closed_items_are_listed(example):
    example("add", "The closed: status of a thing")
    open_ones = set(example("list", "--format", "ids").split())
    assert set(example("list", "closed", "--format", "ids").split()) <= open_ones
    assert set(example("list", "thing", "--format", "ids").split()) <= open_ones
    assert example("list", "id:2wccvd", "--format", "ids") == "PT-2wccvd\n"
    assert set(example("list", "status:done", "--format", "ids").split()).isdisjoint(open_ones)
    assert set(example("list", "--all", "--format", "ids").split()) > open_ones


def test_groups_stay_together_whatever_the_query_sorts_by(example):
    lines = example("list", "--group", "priority", "sort:due").splitlines()
    headings = [line for line, before in zip(lines[1:], lines, strict=False) if before == ""]
    assert len(headings) == len(set(headings)) >= 4


def test_a_question_is_asked_with_a_preview_and_no_is_no(example):
    words = ["set", "--where", "status:review", "priority=low"]
    assert example(*words, stdin="n\n", code=1) == ""
    assert "Change 5 of 5 items? [y/N]" in example.err
    assert example.err.count("→ low") == 5
    assert "nothing was changed" in example.err
    assert example.git("status", "--porcelain") == ""
    assert example(*words, stdin="y\n").count("→ low") == 5
    assert "--where" in example("undo")
    example("set", "--where", "status:review tags:nothing-of-this", "priority=low")
    assert "nothing to change" in example.err


def test_nothing_is_archived_where_one_item_cannot_be(example):
    example("archive", "2wc", "xybp33", code=2)
    assert example.git("status", "--porcelain") == ""
    example("archive", "2wc")
    assert example("archive", "2wc") == ""
    assert "already archived" in example.err


def test_a_broken_item_is_named_by_its_file_and_can_be_edited(example, tmp_path):
    path = next((example.folder / "tasks/leak-alerts").glob("PT-7rrpba-*"))
    whole = path.read_text()
    path.write_text(whole.replace("status: in-progress", "status: in: progress"))
    for words in (
        ["show", "7rr"],
        ["set", "7rr", "priority=low"],
        ["delete", "7rr", "--yes"],
        ["comment", "7rr", "x"],
    ):
        example(*words, code=1)
        assert "PT-7rrpba-impact-assessment.md:4:11: not valid YAML" in example.err
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/in: progress/review/' \"$@\"\n")
    editor.chmod(0o755)
    example("edit", "7rr", EDITOR=str(editor))
    assert path.read_text() == whole.replace("status: in-progress", "status: review")


def test_doctor_removes_no_reference_while_a_file_cannot_be_read(example):
    path = next((example.folder / "tasks/leak-alerts").glob("PT-7rrpba-*"))
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"---\nid", b"---\n<<<<<<< a\nid", 1))
    assert "fix that first" in example("doctor", code=1)
    example("doctor", "--fix", code=1)
    path.write_bytes(whole)
    assert example.git("status", "--porcelain") == ""


def test_an_editor_that_fails_or_removes_the_file(example):
    example("edit", "xybp33", code=2, EDITOR="/no/such/editor")
    assert "$EDITOR" in example.err
    example("edit", "xybp33", code=2, EDITOR="false")
    assert "deleted: " in example("edit", "xybp33", EDITOR="rm -f")


def unprivileged(shell, *args):
    """The run of a command for which permissions count, even if the tests run as root."""
    tool = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
    if subprocess.run([*tool, "true"], capture_output=True, check=False).returncode:
        tool = []
    command = [*tool, sys.executable, "-m", "plaintrack", *args]
    return subprocess.run(
        command, cwd=shell.folder, env=shell.env, capture_output=True, text=True, check=False
    )


def test_what_may_not_be_read_or_written(example):
    path = next((example.folder / "tasks/platform").glob("PT-xybp33-*"))
    before = path.read_bytes()
    path.chmod(0o444)
    run = unprivileged(example, "set", "xybp33", "priority=low")
    if run.returncode == 0:
        pytest.skip("permissions do not count for this user")
    assert run.returncode == 2
    assert "read-only" in run.stderr
    path.chmod(0)
    run = unprivileged(example, "list")
    assert run.returncode == 0
    assert f"{path.name}: cannot be read: Permission denied" in run.stderr
    assert len(run.stdout.splitlines()) == 68
    assert "cannot be read" in unprivileged(example, "show", "xybp33").stderr
    path.chmod(0o644)
    assert path.read_bytes() == before
    settings = example.folder / "plaintrack.yml"
    settings.chmod(0)
    run = unprivileged(example, "list")
    assert (run.returncode, "Traceback" in run.stderr) == (2, False)
    assert re.match(r"plaintrack: .*plaintrack\.yml: Permission denied", run.stderr)


@pytest.mark.parametrize("words", [
    ["add", "x\udcff"], ["add", "x", "tags=\udcff"], ["list", "\udcff"], ["set", "PT-aaaaaa", "title=\udcff"], ["show", "\udcff"], ["log", "\udcff"],
    ["comment", "PT-aaaaaa", "\udcff"], ["check", "\udcff"], ["rules", "test", "\udcff"], ["\udcff"], ["list", "--view", "\udcff"], ["commit", "-m", "\udcff"],
])  # fmt: skip
def test_an_argument_that_is_not_utf_8_is_refused(empty, words):
    """Whatever command it is for; nothing is written."""
    empty("init")
    run = empty.run(words, empty.env)
    assert (run.returncode, run.stdout) == (2, "")
    assert "is not UTF-8" in run.stderr
    assert "\\xff" in run.stderr
    assert not list((empty.folder / "tasks").rglob("*.md"))


def test_an_author_whose_name_is_not_utf_8(empty):
    """Neither from the environment nor from git's configuration."""
    empty("init")
    item = empty("add", "One").split()[0]
    empty.git("config", "user.name", "J\udcf6rg")
    for env in ({}, {"GIT_AUTHOR_NAME": "J\udcf6rg"}):
        empty("comment", item, "hello", **env)
        assert "J\ufffdrg" in empty("show", item)


@pytest.mark.parametrize("text", [
    "statuses: {todo: open, Done: done, done: cancelled}", "priorities: [high, High]", "types: [task, Task]", "people: {ann: {}, Ann: {}}",
    "fields: {size: {type: choice, choices: [s, S]}}", "fields: {size: {}, Size: {}}", "priorities: ['\u00e4', 'a\u0308']", "folders: [tasks, Tasks]",
])  # fmt: skip
def test_names_that_differ_only_in_case_are_refused(empty, text):
    """They are compared without it, so one would be taken for the other."""
    (empty.folder / "plaintrack.yml").write_text(text + "\n")
    empty("list", code=2)
    assert "differ only in case" in empty.err
    assert "PT001" in empty("check", code=1)


def test_a_command_waits_for_a_file_that_is_being_saved(empty):
    import threading
    import time

    empty("init")
    path = empty.folder / "tasks/PT-aaaaaa-one.md"
    text = "---\nid: PT-aaaaaa\ntitle: One\nstatus: todo\n---\n"
    path.write_text(text)
    empty("list")
    path.write_text("---\nid: PT-aaaaaa\n")
    saver = threading.Thread(target=lambda: (time.sleep(0.3), path.write_text(text)))
    saver.start()
    empty("set", "PT-aaaaaa", "priority=high")
    saver.join()
    assert "priority: high" in path.read_text()


def test_what_is_done_is_said_to_be_done_though_what_follows_fails(empty, monkeypatch):
    from plaintrack.app.follow import opened
    from plaintrack.app.items import target
    from plaintrack.app.items.change import change
    from plaintrack.app.write import session, verb
    from plaintrack.model.edit import Set

    def full(*_):
        raise OSError(24, "Too many open files", "here")

    empty("init")
    path = empty.folder / "tasks/PT-aaaaaa-one.md"
    path.write_text("---\nid: PT-aaaaaa\ntitle: One\nstatus: todo\n---\n")
    monkeypatch.setattr(session.rescue, "sweep", full)
    workspace = opened(str(empty.folder))
    done = change(workspace, target.named(workspace, ["PT-aaaaaa"]), [Set("title", "Two")])
    assert isinstance(done.stopped, verb.Unfollowed)
    assert "this is done" in done.stopped.message
    assert "try again" not in (done.stopped.hint or "")
    assert "title: Two" in path.read_text()


@pytest.mark.parametrize("wrong", ["a link", "a name"])
def test_rooms_that_are_not_read_are_told(empty, wrong):
    """A room that is a symbolic link, and files whose names are not UTF-8: no answer is short
    without a word, nothing crashes, and `check` fails.
    """
    folder = empty.folder
    rooms = ("people", "time", "updates", "approvals", "timesheets", "equipment", "reports")
    given = ", ".join(f"{each}: {each}" for each in rooms)
    (folder / "plaintrack.yml").write_text(f"folders: [tasks]\nrooms: {{{given}}}\n")
    item = "---\nid: PT-aaaaaa\ntitle: One\nstatus: todo\ntype: goal\n---\n"
    entry = "i 2026-11-23 07:00:00+0100 PT-aaaaaa\no 2026-11-23 08:00:00+0100\n\n"
    kept = {
        "tasks/PT-aaaaaa.md": item,
        "people/ana.md": "---\nname: Ana\n---\n",
        "time/ana/2026-11/a.timeclock": entry,
        "updates/PT-aaaaaa/2026-11-20-a1b2c3.md": "---\nhealth: at-risk\nby: ana\ndate: 2026-11-20\n---\n",
        "equipment/van.md": "---\nunits: 1\n---\n",
        "automations/hello.yml": "name: hello\non: {entered: done}\ndo:\n- comment: 'done'\n",
    }
    for path, text in kept.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    assert "PT104" not in empty("check")
    if wrong == "a link":
        odd = ["people", "time", "updates", "equipment", "automations"]
        for each in odd:
            (folder / each).rename(folder / f"real-{each}")
            (folder / each).symlink_to(f"real-{each}")
        why = "is a symbolic link; it is not followed"
    else:
        odd = []
        for path in list(kept)[1:]:
            name = os.path.join(os.path.dirname(path), "\udcff" + os.path.splitext(path)[1])
            shutil.copy(folder / path, folder / name)
            odd.append(os.fsencode(name).decode("utf-8", "backslashreplace"))
        why = "is not read: its name is not UTF-8"
    asked = {"people": ("people",), "time": ("time", "report"), "updates": ("health", "aaaaaa"), "automations": ("rules", "list"), "equipment": ("equipment",)}  # fmt: skip
    for each in odd:
        empty(*asked[each.split("/")[0]])
        assert f"{each}: {why}" in empty.err
    found = empty("check", code=1)
    assert all(f"{each}: PT104 error: {why}" in found for each in odd)
    for words in ("log", "diff", "plan", "report weekly", "list --at HEAD", "inbox --digest week"):
        empty(*words.split())
    if wrong == "a name":
        empty.git("add", "-A")
        empty.git("commit", "-qm", "names")
        for words in ("log", "diff HEAD~1", "time report --at HEAD", "people --at HEAD"):
            empty(*words.split())


def test_rules_that_cannot_remember_do_not_make_a_command_fail(empty, monkeypatch):
    """As on a full disk: the command is done and says so, the memory of rules is not put aside as
    damaged, and they run later.
    """
    import sqlite3

    from plaintrack.app.follow import opened
    from plaintrack.app.items import target
    from plaintrack.app.items.change import change
    from plaintrack.app.snapshot.snapshot import SILENT
    from plaintrack.model.edit import Set
    from plaintrack.store.index.seen import Seen

    def full(*_):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    empty("init")
    path = empty.folder / "tasks/PT-aaaaaa.md"
    path.write_text("---\nid: PT-aaaaaa\ntitle: One\nstatus: todo\n---\n")
    (empty.folder / "automations").mkdir()
    rule = empty.folder / "automations/r.yml"
    rule.write_text("name: r\non: {entered: done}\ndo:\n- comment: 'done'\n")
    empty("rules", "run")
    heard = []
    with monkeypatch.context() as patch:
        patch.setattr(Seen, "_open", full)
        workspace = opened(str(empty.folder), listener=SILENT._replace(notice=heard.append))
        items = target.named(workspace, ["PT-aaaaaa"])
        assert change(workspace, items, [Set("status", "done")]).stopped is None
    assert "rules did not run: disk I/O error" in heard
    assert not list((empty.folder / ".git/plaintrack").glob("*.damaged"))
    assert "1 fired" in empty("rules", "run")
