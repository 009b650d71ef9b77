"""doctor and renumber: what is broken is found, fixed by span, and can be taken back."""

import json
import os

from conftest import Shell


def write(example, name, head, body="Text.\n"):
    path = example.folder / "tasks" / name
    path.write_text(f"---\n{head}\n---\n{body}", "utf-8")
    return path


def test_a_workspace_in_order_has_no_findings(example):
    assert example("doctor") == ""
    assert "no problems" in example.err


def test_yaml_slips_are_fixed_and_nothing_else(example):
    slips = {
        "PT-aaaaaa-a.md": ("title: a: b", "title: 'a: b'"),
        "PT-bbbbbb-b.md": ("title: x\nassignee: @bob  ", "title: x\nassignee: '@bob'  "),
        "PT-cccccc-c.md": ("title: 'it's here'", "title: 'it''s here'"),
    }
    paths = {
        name: write(example, name, f"id: {name[:9]}\n{head} \n# a comment")
        for name, (head, _) in slips.items()
    }
    before = {name: path.read_bytes() for name, path in paths.items()}
    assert all(name in example("doctor", code=1) for name in slips)
    example("doctor", "--fix")
    for name, (head, fixed) in slips.items():
        assert paths[name].read_bytes() == before[name].replace(head.encode(), fixed.encode())
    assert example("doctor") == ""
    example("undo")
    assert {name: path.read_bytes() for name, path in paths.items()} == before


def test_beyond_fixing_is_left_alone(example):
    path = write(example, "PT-dddddd-d.md", "id: PT-dddddd\ntags: [a, b")
    before = path.read_bytes()
    example("doctor", "--fix", code=1)
    assert path.read_bytes() == before


def test_duplicates_dangling_references_and_names(example):
    write(example, "PT-eeeeee-first.md", "id: PT-eeeeee\ntitle: First\ncreated: 2026-01-01")
    write(example, "copy.md", "id: PT-eeeeee\ntitle: Second\ncreated: 2026-02-01")
    write(
        example,
        "PT-ffffff-third.md",
        "id: PT-ffffff\ntitle: Third\ndepends_on:\n- eeeee\n- PT-gone42\nparent: PT-gone43",
    )
    said = example("doctor", code=1)
    assert "is also that of tasks/PT-eeeeee-first.md" in said
    assert "no item PT-gone42" in said
    example("doctor", "--fix", code=1)
    third = json.loads(example("show", "PT-ffffff", "--format", "json"))["items"][0]
    assert third["depends_on"] == [
        "PT-eeeeee",
        "PT-gone42",
    ]  # what leads to nothing here may be on another branch
    assert third["parent"] == "PT-gone43"
    assert (
        json.loads(example("show", "PT-eeeeee", "--format", "json"))["items"][0]["title"] == "First"
    )
    second = json.loads(example("list", "title:Second", "--format", "json"))["items"][0]
    assert second["path"].startswith(f"tasks/{second['id']}-")


def test_renumber_takes_the_references_along(example):
    before = json.loads(example("list", "depends_on:PT-4vdqk5", "--all", "--format", "json"))[
        "items"
    ]
    assert before
    example("renumber", "4vdqk5", "PT-new234")
    after = json.loads(example("list", "depends_on:PT-new234", "--all", "--format", "json"))[
        "items"
    ]
    assert [item["id"] for item in after] == [item["id"] for item in before]
    assert len(list((example.folder / "tasks/platform").glob("PT-new234-*"))) == 1
    assert example("doctor") == ""
    example("renumber", "PT-new234", "PT-xybp33", code=2)
    assert "taken" in example.err
    example("undo")
    assert example.git("status", "--porcelain") == ""


def test_renumber_by_path_tells_twins_apart(example):
    path = write(example, "twin.md", "id: PT-xybp33\ntitle: Twin")
    example("renumber", "xybp33", code=2)
    example("renumber", "tasks/twin.md", "PT-twin22")
    assert "id: PT-twin22" in path.read_text()


def small(shell, name, head, body=""):
    path = shell.folder / "tasks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"---\n{head}\n---\n{body}", "utf-8")
    return path


def test_all_that_hangs_on_an_id_goes_with_it(empty):
    put = empty.folder
    (put / "plaintrack.yml").write_text("timezone: UTC\nviews:\n  v: {query: 'project:T-1'}\n")
    small(empty, "T-1-one.md", "id: T-1\ntitle: One\nstatus: todo\nassignee: cleo\ndue: 2026-11-01")
    small(
        empty,
        "T-2-two.md",
        "id: T-2\ntitle: Two\nstatus: todo\ndepends_on: [T-1]\nfollows: T-1",
        "See [[T-1-one]] and T-1-2, not T-12.\n",
    )
    (put / "automations").mkdir()
    rules = "name: r\non: {overdue: 1d}\ndo:\n- add: {tags: late}\n---\nname: c\non: comment\ndo:\n- add: {tags: heard}\n---\nname: n\non: created\ndo:\n- set: {assignee: ann}\n"
    for number, text in enumerate(rules.split("---\n")):
        (put / f"automations/r{number}.yml").write_text(text)
    (put / "DOC.md").write_text(
        "# D\n<!-- plaintrack: list project:T-1 -->\n<!-- /plaintrack -->\n"
    )
    (put / "known.json").write_text('{"findings": ["T-1"]}\n')
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    empty("rules", "run")
    empty("comment", "T-1", "the discussion")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "worked")
    empty("set", "T-1", "tags=")
    empty.git("commit", "-qam", "no tags")
    said = empty("renumber", "T-1", "N-7")
    assert "1 comment taken along" in said
    assert "references rewritten in 1 item" in said
    for place in ("DOC.md:2", "plaintrack.yml:3", "tasks/T-2-two.md:", "known.json:1"):
        assert place in empty.err, place
    text = (put / "tasks/N-7-one.md").read_text()
    assert "assignee: cleo" in text  # it is no new item
    empty("rules", "run")
    text = (put / "tasks/N-7-one.md").read_text()
    assert "tags" not in text  # neither overdue anew, nor a new comment
    assert "follows: N-7" in (put / "tasks/T-2-two.md").read_text()
    assert "the discussion" in empty("show", "N-7")
    assert "created: One" in empty("log", "N-7")
    assert "todo" in empty("history", "status", "N-7")
    small(empty, "T-1-other.md", "id: T-1\ntitle: Unrelated\nstatus: todo")
    assert "the discussion" not in empty("show", "T-1")
    assert "created: One" not in empty("log", "T-1")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "renumbered")
    assert "Renamed" not in empty.err
    log = empty("log", "N-7")
    assert "created: One" in log
    assert "comment: the discussion" in log
    assert log.count("the discussion") == 1
    assert "id: T-1 → N-7" in log
    assert "One" not in empty("log", "T-1")
    diff = empty("diff", "HEAD~1")
    assert "deleted" not in diff.lower()
    assert "comment" not in diff.lower().replace("commented", "")


def test_an_id_changed_in_the_editor_is_renumbering(empty):
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    small(empty, "T-1-one.md", "id: T-1\ntitle: One")
    small(empty, "T-2-two.md", "id: T-2\ntitle: Two\ndepends_on: T-1")
    empty("comment", "T-1", "the discussion")
    empty("edit", "T-1", EDITOR="sed -i s/^id:.*/id:\\ N-7/")
    assert "1 comment taken along" in empty.err
    assert "depends_on: N-7" in (empty.folder / "tasks/T-2-two.md").read_text()
    assert "the discussion" in empty("show", "N-7")


def test_renumbering_where_ids_come_from_file_names(empty):
    (empty.folder / "plaintrack.yml").write_text(
        "ids: {from: filename}\ntitle: filename\nfilename: '{title}'\n"
    )
    small(empty, "Water plants.md", "status: todo\ncreated: 2026-11-01")
    small(empty, "Buy soil.md", "status: todo\ndepends_on: [Water-plants]")
    small(empty, "Plants.md", "status: todo")
    empty("renumber", "Water-plants", "Plants", code=2)
    empty("renumber", "Water-plants", "Garden")
    assert (empty.folder / "tasks/Garden.md").exists()
    assert "Garden" in (empty.folder / "tasks/Buy soil.md").read_text()
    assert empty("check") == ""


def test_it_says_what_is_around_and_whether_hooks_and_driver_work(empty):
    empty("init", "--git", "--hooks")
    assert empty("doctor") == ""
    for words in (
        "git: 2.",
        "hooks: pre-commit, pre-push",
        "merge driver: set up",
        "watcher: not running",
    ):
        assert words in empty.err
    empty.git("config", "core.hooksPath", "hooks")
    found = empty("doctor", code=1)
    assert ".git/hooks/pre-commit: this hook does not run: core.hooksPath says" in found
    assert "hooks: none" in empty.err
    empty.git("config", "--unset", "core.hooksPath")
    empty.git("config", "merge.plaintrack.driver", "gone-program %O %A %B")
    assert "starts gone-program, which is not there (`plaintrack init --git`" in empty(
        "doctor", code=1
    )
    empty("init", "--git")
    assert empty("doctor") == ""


def test_hooks_that_were_installed_before_the_workspace_was_moved_are_told(empty):
    empty("init", "--hooks")
    (empty.folder / "pm").mkdir()
    for name in ("plaintrack.yml", "tasks"):
        (empty.folder / name).rename(empty.folder / "pm" / name)
    moved = Shell(empty.folder / "pm")
    moved.env["HOME"] = empty.env["HOME"]
    found = moved("doctor", code=1)
    assert "pre-commit: this hook checks nothing: it was installed for plaintrack.yml" in found
    assert "init --hooks" in found
    moved("init", "--hooks")
    assert moved("doctor") == ""


def test_policy_and_waivers_do_not_quiet_it(empty):
    empty("init")
    settings = empty.folder / "plaintrack.yml"
    settings.write_text(settings.read_text() + "\nchecks: {dangling-reference: off}\n")
    small(empty, "PT-a-x.md", "id: PT-a\ntitle: A\nparent: PT-gone\nassignee: nobody-known")
    small(
        empty,
        "PT-b-x.md",
        "id: PT-b\ntitle: B\nparent: PT-gone\nwaive: PT202 until 2027-01-01 because of a reason",
    )
    assert "PT202 error" not in empty("check")
    assert empty("doctor", code=1).count("no item PT-gone") == 2


def test_a_lock_that_a_killed_git_has_left(example):
    lock = example.folder / ".git/index.lock"
    lock.touch()
    assert example("doctor") == ""  # git may be at work
    then = lock.stat().st_mtime - 1000
    os.utime(lock, (then, then))
    said = example("doctor", code=1)
    assert "a lock of git, 16 minutes old" in said
    assert f"rm {lock}" in said
    (example.folder / ".git/HEAD.lock").touch()
    os.utime(example.folder / ".git/HEAD.lock", (then, then))
    assert example("doctor", code=1).count("minutes old") == 2


def test_a_preview_of_fixes_exits_as_the_items_are(example):
    write(example, "PT-eeeeee-e.md", "id: PT-eeeeee\ntitle: E\nstatus: nonsense\ndue: 2026/12/1")
    assert "+due: 2026-12-01" in example("check", "--fix", "--dry-run", code=1)
    example("check", "--fix", code=1)
    example("undo")
    write(example, "PT-eeeeee-e.md", "id: PT-eeeeee\ntitle: E\nstatus: todo\nassignee: ines")
    example("check", "PT-eeeeee", "--fix", "--dry-run")
