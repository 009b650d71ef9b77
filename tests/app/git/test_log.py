"""What happened, as `log`, `history`, `show --blame` and the history terms of a query tell it; on real repositories."""

import json
import os

import pytest
from conftest import Shell
from git_help import change, commit


def told(shell, *words):
    """The changes that `log` tells, as (commit's first letters or None, what happened)."""
    found = json.loads(shell("log", *words, "--format", "json"))
    assert found["schema"] == 1
    return [
        (
            each["commit"] and each["commit"][:7],
            each["kind"],
            each["field"],
            each["old"],
            each["new"],
        )
        for each in found["changes"]
    ]


@pytest.fixture
def cable(empty):
    """A workspace with one item, committed on three days by two people, and one change that is not committed."""
    empty("init")
    with open(empty.folder / "plaintrack.yml", "a") as settings:
        settings.write("people:\n  ada: {name: Ada L, email: ada@example.org}\n")
    (empty.folder / "tasks/PT-aaa222-lay.md").write_text(
        "---\nid: PT-aaa222\ntitle: Lay the cable\ntype: task\nstatus: todo\ndue: 2026-12-01\ntags:\n- east\n---\nDig.\n\n- [ ] dig\n- [ ] fill\n"
    )
    empty.hashes = [commit(empty, "start", "2026-11-01T10:00:00+01:00")]
    change(
        empty,
        "tasks/PT-aaa222-lay.md",
        ("todo", "review"),
        ("- east", "- east\n- west"),
        ("[ ] dig", "[x] dig"),
    )
    empty.hashes.append(
        commit(empty, "dug", "2026-11-10T10:00:00+01:00", "Ada L <ada@example.org>")
    )
    change(
        empty,
        "tasks/PT-aaa222-lay.md",
        ("12-01", "12-08"),
        ("- east\n", ""),
        ("Dig.", "Dig deep."),
        ("- [ ] fill\n", ""),
    )
    empty.hashes.append(commit(empty, "later, for PT-aaa222", "2026-11-20T10:00:00+01:00"))
    change(empty, "tasks/PT-aaa222-lay.md", ("status: review", "status: done"))
    return empty


def test_log_tells_changes_in_field_terms(cable):
    one, two, three = (each[:7] for each in cable.hashes)
    assert told(cable, "aaa222") == [
        (None, "set", "status", "review", "done"),
        (three, "set", "due", "2026-12-01", "2026-12-08"),
        (three, "removed", "tags", "east", ""),
        (three, "step-removed", "", "fill", ""),
        (three, "body", "", "1", "2"),
        (two, "set", "status", "todo", "review"),
        (two, "added", "tags", "", "west"),
        (two, "ticked", "", "", "dig"),
        (one, "created", "", "", "Lay the cable"),
    ]
    text = cable("log", "aaa222")
    assert "due moved 1 Dec → 8 Dec 2026" in text
    assert "status: todo → review" in text
    assert "2026-11-10 09:00  ada  dug" in text
    assert text.startswith("not committed\n  status: review → done\n")


def test_filters(cable):
    one, two, three = (each[:7] for each in cable.hashes)
    assert {each[0] for each in told(cable, "--field", "status")} == {None, two}
    assert {each[0] for each in told(cable, "--by", "ada")} == {two}
    assert {each[0] for each in told(cable, "--by", "ADA@example.org")} == {two}
    assert {each[0] for each in told(cable, "--by", "me")} == {None, one, three}
    assert {each[0] for each in told(cable, "--since", "2026-11-10", "--until", "2026-11-19")} == {
        two
    }
    assert {each[0] for each in told(cable, "--until", "2026-11-01")} == {one}
    assert {each[0] for each in told(cable, "--limit", "1")} == {None, three}
    assert told(cable, "status:cancelled") == []
    cable("log", "--field", "statu", code=2)
    assert "did you mean status?" in cable.err


def test_patch_shows_the_lines(cable):
    text = cable("log", "aaa222", "-p", "--by", "ada")
    assert "\n-status: todo\n+status: review\n" in text
    assert "\n+- west\n" in text


def test_history_of_a_field(cable):
    found = json.loads(cable("history", "status", "aaa222", "--format", "json"))["values"]
    assert [
        (each["value"], each["since"][:10], each["until"][:10], each["by"]) for each in found
    ] == [
        ("todo", "2026-11-01", "2026-11-10", "Jonas Okafor"),
        ("review", "2026-11-10", "2026-11-23", "ada"),
        ("done", "2026-11-23", "", ""),
    ]
    tags = json.loads(cable("history", "tags", "aaa222", "--format", "json"))["values"]
    assert [each["value"] for each in tags] == ["east", "east, west", "west"]
    assert "9d" in cable("history", "status", "aaa222")
    cable("history", "estimate", "aaa222", code=1)


def test_blame_and_commits_that_name_the_item(cable):
    lines = cable("show", "aaa222", "--blame").splitlines()
    two, three = cable.hashes[1][:10], cable.hashes[2][:10]
    assert "  status       done  (not committed)" in lines
    assert f"  due          2026-12-08  (2026-11-20 Jonas Okafor, {three})" in lines
    assert f"  tags         west  (2026-11-20 Jonas Okafor, {three})" in lines
    assert f"  {three}  2026-11-20  Jonas Okafor  later, for PT-aaa222" in lines
    assert two not in lines


def test_history_terms_in_queries(cable):
    def found(*query):
        return cable("list", "--all", "--format", "ids", "--", *query).split()

    assert found("was:status=review") == ["PT-aaa222"]
    assert found("was:status=done") == ["PT-aaa222"]
    assert found("was:status=cancelled") == []
    assert found("was:tags=east", "-tags:east") == ["PT-aaa222"]
    assert found("changed:due") == ["PT-aaa222"]
    assert found("changed:due>=2026-11-21") == []
    assert found("changed:due<=2026-11-20", "changed:due>2026-11-19") == ["PT-aaa222"]
    assert found("changed:status>=-7d") == ["PT-aaa222"]
    assert found("changed:assignee") == []
    assert found("by:ada") == ["PT-aaa222"]
    assert found("by:bob") == []
    assert found("-by:bob") == ["PT-aaa222"]
    cable("list", "was:status=reviw", code=2)
    assert "did you mean review?" in cable.err
    cable("list", "changed:due>=quark", code=2)
    assert "is not a date" in cable.err


def test_an_item_is_followed_through_renames_archive_and_deletion(cable):
    cable("archive", "aaa222")
    (cable.folder / "archive/PT-aaa222-lay.md").rename(
        cable.folder / "archive/PT-aaa222-renamed.md"
    )
    moved = commit(cable, "moved")
    kinds = [each[1] for each in told(cable, "aaa222") if each[0] == moved[:7]]
    assert kinds == ["moved", "set"]
    assert len(told(cable, "aaa222")) == 10
    (cable.folder / "archive/PT-aaa222-renamed.md").unlink()
    commit(cable, "gone")
    assert told(cable, "aaa222")[0][1] == "deleted"
    assert "(deleted)" in cable("log")


def test_a_merge_tells_only_what_it_did_itself(cable):
    cable.git("commit", "-qam", "done")
    cable.git("switch", "-qc", "side", cable.hashes[1])
    change(cable, "tasks/PT-aaa222-lay.md", ("title: Lay the cable", "title: Lay a cable"))
    side = commit(cable, "reword")
    cable.git("switch", "-q", "main")
    cable.git("merge", "-q", "--no-commit", "side")
    clean = commit(cable, "merge")
    found = told(cable, "aaa222")
    assert [each for each in found if each[0] == clean[:7]] == []
    assert (side[:7], "set", "title", "Lay the cable", "Lay a cable") in found
    cable.git("switch", "-qc", "other", "HEAD~1")
    change(cable, "tasks/PT-aaa222-lay.md", ("title: Lay the cable", "title: Lay both cables"))
    commit(cable, "reword again")
    cable.git("-c", "core.editor=true", "merge", "-q", "-s", "ours", "main")
    change(cable, "tasks/PT-aaa222-lay.md", ("both cables", "three cables"))
    cable.git("commit", "-qa", "--amend", "--no-edit")
    evil = cable.git("rev-parse", "HEAD").strip()
    assert [each for each in told(cable, "aaa222") if each[0] == evil[:7]] == [
        (evil[:7], "set", "title", "Lay both cables", "Lay three cables")
    ]


def test_only_what_the_present_branch_reaches_is_told(cable):
    cable.git("stash", "-q")
    cable("log")
    cable.git("switch", "-qc", "side", cable.hashes[0])
    assert {each[0] for each in told(cable, "aaa222")} == {cable.hashes[0][:7]}
    cable.git("switch", "-q", "main")
    assert {each[0] for each in told(cable, "aaa222")} == {each[:7] for each in cable.hashes}


def test_a_file_that_was_broken_for_a_while(cable):
    cable.git("checkout", "-q", "tasks")
    change(cable, "tasks/PT-aaa222-lay.md", ("status: review", "status: [review"))
    broken = commit(cable, "oops")
    change(cable, "tasks/PT-aaa222-lay.md", ("status: [review", "status: done"))
    mended = commit(cable, "mend")
    found = told(cable, "aaa222")
    assert [each[:2] for each in found[:3]] == [
        (mended[:7], "mended"),
        (mended[:7], "set"),
        (broken[:7], "broken"),
    ]
    assert found[1][2:] == ("status", "review", "done")


def test_comments_are_told(cable):
    cable("comment", "aaa222", "Hit a rock")
    assert told(cable, "aaa222")[1] == (None, "commented", "", "", "Hit a rock")
    spoken = commit(cable, "talk")
    assert (spoken[:7], "commented", "", "", "Hit a rock") in told(cable, "aaa222")


def test_without_history_one_sentence_says_so(tmp_path, empty):
    empty("init")
    for words in (
        ["log"],
        ["history", "status", "x"],
        ["list", "--at", "HEAD~1"],
        ["list", "changed:due"],
    ):
        empty(*words, code=2)
        assert "no commits yet" in empty.err or "neither a revision" in empty.err
    empty.folder = tmp_path / "plain"
    empty.folder.mkdir()
    empty("init")
    for words in (["log"], ["diff"], ["list", "--at", "yesterday"]):
        empty(*words, code=2)
        assert "no history: not a git repository" in empty.err


def test_shallow_clone_says_that_history_is_cut(cable, tmp_path):
    cable.git("stash", "-q")
    clone = tmp_path / "clone"
    cable.git("clone", "-q", "--depth", "2", f"file://{cable.folder}", str(clone))
    cable.folder = clone
    found = told(cable, "aaa222")
    assert "shallow clone" in cable.err
    assert [each[1] for each in found][-1] == "created"
    sla = "sla: {answer: {start: 'is:open', stop: 'is:closed', goal: 1d}}\n"
    settings = clone / "plaintrack.yml"
    settings.write_text(settings.read_text() + sla)
    for words in ("report weekly", "list sla.answer:1%..", "sla"):
        assert "this clone is shallow" in cable(*words.split()) + cable.err


@pytest.mark.parametrize("kind", ["worktree", "sub-folder", "sha256", "submodule"])
def test_in_any_repository(cable, tmp_path, kind):
    cable.git("stash", "-q")
    expected = [each[1:] for each in told(cable, "aaa222")]
    place = tmp_path / kind
    if kind == "worktree":
        cable.git("worktree", "add", "-q", str(place), "HEAD")
    elif kind == "submodule":
        (tmp_path / "outer").mkdir()
        source, cable.folder = cable.folder, tmp_path / "outer"
        cable.git("init", "-q")
        cable.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(source), "work")
        place = tmp_path / "outer/work"
    else:
        options = ["--object-format=sha256"] if kind == "sha256" else []
        exported = [cable.git("show", f"{each}:tasks/PT-aaa222-lay.md") for each in cable.hashes]
        settings = (cable.folder / "plaintrack.yml").read_text()
        place.mkdir()
        cable.folder = place
        cable.git("init", "-q", *options)
        cable.git("config", "user.name", "Jonas Okafor")
        cable.git("config", "user.email", "jonas@rinnwerk.example")
        inner = place / ("deep/er work" if kind == "sub-folder" else "")
        (inner / "tasks").mkdir(parents=True)
        (inner / "plaintrack.yml").write_text(settings)
        for text in exported:
            (inner / "tasks/PT-aaa222-lay.md").write_text(text)
            cable.folder = inner
            commit(cable, "step")
        place = inner
    cable.folder = place
    assert [each[1:] for each in told(cable, "aaa222")] == expected
    change(cable, "tasks/PT-aaa222-lay.md", ("12-08", "12-09"))
    assert told(cable, "aaa222")[0][1:] == ("set", "due", "2026-12-08", "2026-12-09")
    (cable.folder / "tasks/new one.md").write_text("---\nid: PT-bbb333\ntitle: New\n---\n")
    assert told(cable, "bbb333") == [(None, "created", "", "", "New")]


def test_a_file_name_that_is_not_utf8_stops_nothing(cable):
    name = b"tasks/caf\xe9.md"
    with open(os.path.join(os.fsencode(cable.folder), name), "wb") as file:
        file.write(b"---\nid: PT-xxx999\ntitle: Odd\n---\n")
    commit(cable, "odd")
    assert told(cable, "aaa222")[-1][1] == "created"
    cable("show", "aaa222", "--blame")
    cable("list", "--at", "HEAD")
    cable("diff", "HEAD~1..HEAD")


SETTINGS = {
    "color.ui": "always", "diff.relative": "true", "diff.noprefix": "true", "diff.renames": "copies", "diff.external": "false",
    "log.showSignature": "true", "log.date": "relative", "log.follow": "true", "log.diffMerges": "first-parent", "core.quotePath": "true",
    "i18n.logOutputEncoding": "ISO-8859-1", "format.pretty": "oneline", "diff.orderFile": "/nowhere", "status.relativePaths": "false",
    "core.abbrev": "4", "core.pager": "false", "alias.log": "!false", "diff.mnemonicPrefix": "true", "diff.suppressBlankEmpty": "true",
}  # fmt: skip


def test_settings_of_the_user_do_not_matter(cable):
    (cable.folder / "tasks/Ärger.md").write_text("---\nid: PT-ccc444\ntitle: Ärger\n---\n")
    commit(cable, "Ärger über Umlaute")
    change(cable, "tasks/Ärger.md", ("title: Ärger", "title: Freude"))
    expected = (
        cable("log"),
        cable("diff"),
        cable("list", "--at", "HEAD"),
        cable("history", "title", "ccc444"),
    )
    for name, value in SETTINGS.items():
        cable.git("config", name, value)
    for each in (cable.folder / ".git/plaintrack").glob("*-*"):
        each.unlink()
    assert (
        cable("log"),
        cable("diff"),
        cable("list", "--at", "HEAD"),
        cable("history", "title", "ccc444"),
    ) == expected


@pytest.fixture
def moved_on(empty):
    """An item that had four states, a commit each."""
    empty.git("config", "uploadpack.allowFilter", "true")
    put = empty.folder / "tasks/T-1-x.md"
    put.parent.mkdir()
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    for number, status in enumerate(("todo", "in-progress", "review", "done"), 1):
        put.write_text(f"---\nid: T-1\ntitle: One\nstatus: {status}\n---\n")
        commit(empty, status, f"2026-11-0{number}T10:00:00Z")
    return empty


def known(shell):
    """What history says of the item, by each of its questions."""
    return (
        shell("log", "T-1", "--format", "jsonl").count("\n"),
        shell("list", "was:status=in-progress", "--format", "ids").split(),
        shell("history", "status", "T-1").splitlines()[1].split()[0],
    )


def test_history_grows_when_a_clone_is_deepened(moved_on, tmp_path):
    clone = Shell(tmp_path / "clone")
    moved_on.git("clone", "-q", "--depth", "1", f"file://{moved_on.folder}", str(clone.folder))
    assert known(clone) == (1, [], "done")
    for depth, expected in ((2, (2, [], "review")), (3, (3, ["T-1"], "in-progress"))):
        clone.git("fetch", "-q", "--depth", str(depth))
        assert known(clone) == expected
    assert clone("list", "--at", "HEAD~2", "updated:2026-11-02", "--format", "ids") == "T-1\n"
    clone.git("fetch", "-q", "--unshallow")
    assert known(clone) == (4, ["T-1"], "todo")
    clone.git("fetch", "-q", "--depth", "1")  # cut again
    assert known(clone) == (1, [], "done")


def test_history_follows_replaced_commits_and_grafts(moved_on):
    whole = known(moved_on)
    moved_on.git("replace", "--graft", "HEAD~1")  # a commit without parents in its place
    assert known(moved_on) == (2, [], "review")
    moved_on.git("pack-refs", "--all")
    assert known(moved_on) == (2, [], "review")
    moved_on.git("replace", "-d", moved_on.git("rev-parse", "HEAD~1").strip())
    assert known(moved_on) == whole
