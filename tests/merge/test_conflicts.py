"""`plaintrack conflicts`: shown and settled in field terms, whoever made the markers."""

import json
import subprocess

import pytest
from test_driver import DRIVER, ITEM, PATH, Repository

STATUS = "<<<<<<< ours\nstatus: done\n=======\nstatus: review\n>>>>>>> theirs\n"
MARKED = ITEM.replace("status: todo\n", STATUS)
BODY = "<<<<<<< HEAD\nIt crashes.\n=======\nIt dies.\n>>>>>>> other\n"


@pytest.fixture
def repository(empty):
    return Repository(empty)


@pytest.fixture
def plain(empty):
    """Without the driver."""
    made = Repository(empty)
    made.put(".gitattributes", "")
    made.commit("no driver")
    made.git("branch", "-f", "other")
    return made


def conflict(repository, ours=("todo", "done", "high", "low"), theirs=("todo", "review")):
    repository.both(list(ours), list(theirs))
    assert repository.run("merge", "other").returncode == 1


def test_shows_what_the_driver_left(repository):
    conflict(repository)
    out = repository.shell("conflicts", code=1)
    assert "PT-1  tasks/PT-1.md" in out
    assert "  status: todo → done (ours) or review (theirs)" in out
    assert repository.read() == MARKED.replace("high", "low")
    assert "1 conflict left" in repository.shell.err


@pytest.mark.parametrize(("take", "status"), [("ours", "done"), ("theirs", "review")])
def test_take_settles_and_stages_nothing(repository, take, status):
    conflict(repository)
    assert (
        repository.shell("conflicts", "PT-1", "--take", take)
        == f"PT-1  status: {status} ({take})\n"
    )
    assert repository.read() == ITEM.replace("todo", status).replace("high", "low")
    assert f"git add {PATH}" in repository.shell.err
    assert len(repository.git("ls-files", "-u").splitlines()) == 3
    assert repository.shell("conflicts", code=0) == ""
    repository.shell("undo")
    assert repository.read() == MARKED.replace("high", "low")


@pytest.mark.parametrize("take", ["ours", "theirs"])
def test_an_item_that_is_settled_as_open_is_not_closed(repository, take):
    conflict(repository, ("status: todo\n", "status: done\nclosed: 2026-11-01\n"))
    repository.shell("conflicts", "--take", take)
    assert ("closed: 2026-11-01" in repository.read()) == (take == "ours")
    repository.shell("undo")
    assert "closed: 2026-11-01" in repository.read()


def test_dry_run_writes_nothing(repository):
    conflict(repository)
    out = repository.shell("conflicts", "--take", "ours", "--dry-run")
    assert "-<<<<<<< ours" in out
    assert repository.read() == MARKED.replace("high", "low")


def test_of_what_git_made_only_true_conflicts_are_left(plain):
    """Git puts markers around neighbouring lines and appended paragraphs; field by field nothing is in dispute."""
    conflict(
        plain,
        ("todo", "done", "write\n", "write\n\nSeen again.\n"),
        ("high", "low", "write\n", "write\n\nNever seen.\n"),
    )
    assert plain.read().count("<<<<<<<") == 2
    assert "merged field by field" in plain.shell("conflicts", code=0)
    assert (
        plain.read()
        == ITEM.replace("todo", "done").replace("high", "low") + "\nNever seen.\n\nSeen again.\n"
    )
    assert "nothing is staged" in plain.shell.err


def test_of_what_git_made_one_true_conflict_is_left_with_its_labels(plain):
    conflict(plain, ("todo", "done", "high", "low"), ("todo", "review", "Fix it", "Mend it"))
    out = plain.shell("conflicts", code=1)
    assert "(ours: HEAD by " in out
    marked = "<<<<<<< HEAD\nstatus: done\n=======\nstatus: review\n>>>>>>> other\n"
    assert plain.read() == ITEM.replace("status: todo\n", marked).replace("high", "low").replace(
        "Fix it", "Mend it"
    )


@pytest.mark.parametrize("style", ["diff3", "zdiff3"])
def test_markers_with_the_base_are_read_and_keep_it(plain, style):
    plain.git("config", "merge.conflictStyle", style)
    conflict(plain)
    assert "|||||||" in plain.read()
    assert "status: todo → done (ours) or review (theirs)" in plain.shell("conflicts", code=1)
    assert "\nstatus: done\n||||||| base\nstatus: todo\n=======\nstatus: review\n" in plain.read()
    plain.shell("conflicts", "--take", "theirs")
    assert plain.read() == ITEM.replace("todo", "review").replace("high", "low")


def test_a_driver_that_failed_left_ours(plain):
    """Git kept ours without markers: both sides are still in its index."""
    plain.put(".git/info/attributes", "*.md merge=plaintrack\n")
    plain.git("config", "merge.plaintrack.driver", "false")
    conflict(plain, ("todo", "done"), ("high", "low", "write\n", "write\n- [ ] ship\n"))
    assert plain.read() == ITEM.replace("todo", "done")
    assert "merged field by field" in plain.shell("conflicts", code=0)
    assert plain.read() == ITEM.replace("todo", "done").replace("high", "low") + "- [ ] ship\n"


def test_a_workspace_below_the_top_with_other_line_endings(plain):
    """What git has not merged is read as it would be checked out."""
    path = "team/tasks/a.md"
    plain.put("team/plaintrack.yml", "")
    plain.put(path, ITEM)
    plain.put(".git/info/attributes", "team/** merge=plaintrack eol=crlf\n")
    plain.commit("team")
    plain.git("branch", "-f", "other")
    plain.git("config", "merge.plaintrack.driver", "false")
    for branch, pair in (("other", ("high", "low")), ("main", ("todo", "done"))):
        plain.git("checkout", "-q", branch)
        plain.edit(*pair, path=path)
        plain.commit(branch)
    assert plain.run("merge", "other").returncode == 1
    plain.shell("-C", "team", "conflicts")
    assert plain.read(path) == ITEM.replace("todo", "done").replace("high", "low").replace(
        "\n", "\r\n"
    )


def test_settled_by_hand_it_is_no_conflict(repository):
    conflict(repository)
    repository.put(PATH, ITEM.replace("todo", "cancelled"))
    assert repository.shell("conflicts") == ""
    assert repository.read() == ITEM.replace("todo", "cancelled")


def test_committed_markers_have_no_base(repository):
    """As a forge or a hurried colleague leaves them; lists can have the values of both."""
    tags = "tags:\n<<<<<<< a\n- auth\n- api\n=======\n- ui\n>>>>>>> b\n"
    repository.put(PATH, MARKED.replace("tags:\n- auth\n", tags))
    repository.commit("markers and all")
    out = repository.shell("conflicts", code=1)
    assert "status: done (ours) or review (theirs)" in out
    assert "tags: auth, api (ours) or ui (theirs)" in out
    repository.shell("conflicts", "--field", "tags", "--take", "both", code=1)
    assert repository.read() == MARKED.replace("- auth\n", "- auth\n- api\n- ui\n").replace(
        "ours", "ours"
    ).replace("theirs", "theirs")
    repository.shell("conflicts", "--take", "both", code=2)
    assert "status cannot take the values of both" in repository.shell.err


def test_the_body_is_left_to_the_editor_unless_it_is_named(repository):
    text = MARKED.replace("It fails.\n", BODY)
    repository.put(PATH, text)
    repository.shell("conflicts", "--take", "ours", code=1)
    assert repository.read() == text.replace(STATUS, "status: done\n").replace(
        "HEAD", "ours"
    ).replace("other", "theirs")
    repository.shell("conflicts", "--take", "both", "--field", "body", code=0)
    assert repository.read() == ITEM.replace("todo", "done").replace(
        "It fails.\n", "It crashes.\nIt dies.\n"
    )


def test_interactively(repository):
    repository.put(
        PATH,
        MARKED.replace(
            "priority: high\n",
            STATUS.replace("status", "priority").replace("done", "low").replace("review", "high"),
        ),
    )
    repository.shell("conflicts", "-i", stdin="what\nt\ns\n", code=1)
    assert "\nstatus: review\n<<<<<<< ours\npriority: low\n" in repository.read()
    repository.shell("conflicts", "-i", code=2)
    assert "no answer" in repository.shell.err


def test_json(repository):
    conflict(repository)
    (found,) = json.loads(repository.shell("conflicts", "--format", "json", code=1))["conflicts"]
    assert found == {
        "path": PATH, "ids": ["PT-1", "PT-1"], "labels": {"ours": "ours", "theirs": "theirs"},
        "field": "status", "base": "todo", "ours": "done", "theirs": "review",
        "people": {"ours": ["Jonas Okafor"], "theirs": ["Jonas Okafor"]},
    }  # fmt: skip


def test_what_cannot_be_told_apart_is_shown_as_it_is(repository):
    repository.put(
        PATH,
        ITEM.replace(
            "title: Fix it\n", "<<<<<<< a\ntitle: [Fix it\n=======\ntitle: Mend it\n>>>>>>> b\n"
        ),
    )
    out = repository.shell("conflicts", code=1)
    assert "title: [Fix it" in out
    assert "title: Mend it" in out
    repository.shell("conflicts", "--take", "theirs", code=1)
    repository.shell("conflicts", "--take", "theirs", "--field", "file")
    assert repository.read() == ITEM.replace("Fix it", "Mend it")


def test_markers_that_are_not_complete(repository):
    text = ITEM.replace("title: Fix it\n", "<<<<<<< a\ntitle: Fix it\n=======\n")
    repository.put(PATH, text)
    assert "incomplete" in repository.shell("conflicts", "--take", "ours", code=1)
    assert repository.read() == text


def test_names(repository):
    """By id, by part of it, by path; an item without conflict is none; unknown names are an error."""
    repository.put("tasks/PT-2.md", ITEM.replace("PT-1", "PT-2"))
    repository.put(PATH, MARKED)
    for name in ("PT-1", "1", PATH):
        repository.shell("conflicts", name, code=1)
    assert repository.shell("conflicts", "PT-2") == ""
    repository.shell("conflicts", "PT-3", code=1)
    assert "no item has an id like" in repository.shell.err
    repository.shell("conflicts", "--take", "ours", "--field", "due", code=2)
    assert "status" in repository.shell.err


def test_without_git(tmp_path, empty):
    (empty.folder / ".git").rename(tmp_path / "gone")
    repository = Repository.__new__(Repository)
    repository.shell = empty
    repository.put("plaintrack.yml", "")
    repository.put(PATH, MARKED.replace("\n", "\r\n"))
    empty("conflicts", "--take", "theirs")
    assert repository.read() == ITEM.replace("todo", "review").replace("\n", "\r\n")


def test_control_characters_are_shown_not_obeyed(repository):
    repository.put(PATH, ITEM.replace("It fails.\n", BODY.replace("dies", "di\x1b]0;es")))
    assert "\x1b" not in repository.shell("conflicts", code=1)


def test_a_rebase_with_the_driver_end_to_end(repository):
    assert "merge-file" in DRIVER
    repository.both(["todo", "done"], ["todo", "review", "high", "low"])
    assert repository.run("rebase", "other").returncode == 1
    repository.shell("conflicts", "--take", "theirs")
    repository.git("add", PATH)
    done = repository.run("rebase", "--continue", env={"GIT_EDITOR": "true"})
    assert done.returncode == 0, done.stderr
    assert repository.read() == ITEM.replace("todo", "done").replace("high", "low")


def test_an_example_of_markers_in_code_is_text_and_a_conflict_in_code_is_settled(empty):
    """`set`, `check`, `commit` and `conflicts` leave the example alone; git knows which other one is a conflict."""
    example = "```\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n```\n"
    text = (
        "---\nid: PT-aaaaaa\ntitle: How to merge\nstatus: todo\n---\n"
        + example
        + "\n```sh\nrun\n```\n"
    )
    empty("init")
    path = empty.folder / "tasks/PT-aaaaaa.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert "PT105" not in empty("check")
    empty("conflicts")
    empty("set", "aaaaaa", "status=review")
    empty("commit", "-m", "start")
    text = path.read_text()
    assert example in text
    empty.git("checkout", "-qb", "other")
    path.write_text(text.replace("run\n", "run two\n"))
    empty.git("commit", "-qam", "two")
    empty.git("checkout", "-q", "-")
    path.write_text(text.replace("run\n", "run one\n"))
    empty.git("commit", "-qam", "one")
    subprocess.run(
        ["git", "merge", "-q", "other"],
        cwd=empty.folder,
        env=empty.env,
        capture_output=True,
        check=False,
    )
    assert path.read_text().count("<<<<<<<") == 2
    empty("conflicts", code=1)
    empty("conflicts", "--take", "theirs", "--field", "body")
    assert path.read_text() == text.replace("run\n", "run two\n")


def deleted(repository, side):
    """One side deletes the item, the other sets it to review."""
    shell = repository.shell
    shell.git("checkout", "-q", "other" if side == "theirs" else "main")
    shell.git("rm", "-q", PATH)
    repository.commit("deleted")
    shell.git("checkout", "-q", "main" if side == "theirs" else "other")
    repository.edit("todo", "review")
    repository.commit("changed")
    shell.git("checkout", "-q", "main")
    assert repository.run("merge", "other").returncode == 1


@pytest.mark.parametrize("side", ["ours", "theirs"])
@pytest.mark.parametrize("take", ["ours", "theirs"])
def test_a_file_that_one_side_deleted_is_told_and_settled(repository, side, take):
    deleted(repository, side)
    shell = repository.shell
    out = shell("conflicts", code=1)
    assert "deleted (" + side in out
    assert "status: todo → review" in out
    shell("conflicts", "--take", take, code=1)  # a deletion has to be named
    assert "1 conflict left; resolve with `--take ours|theirs --field deletion`, " in shell.err
    shell("conflicts", "PT-1", "--field", "deletion", "--take", "both", code=2)
    shell("conflicts", "PT-1", "--field", "deletion", "--take", take)
    assert (shell.folder / PATH).exists() == (take != side)
    assert f"git add {PATH}" in shell.err
    assert shell("conflicts") == ""
    shell.git("add", PATH)
    shell.git("commit", "-qm", "settled")
    assert shell.git("status", "--porcelain") == ""


def test_stage_ends_the_merge(repository):
    conflict(repository)
    repository.shell("conflicts", "--stage", code=1)
    assert f"not merged yet: {PATH}" in repository.shell.err
    repository.shell("conflicts", "--take", "theirs")
    assert "`plaintrack conflicts --stage`" in repository.shell.err
    repository.shell("conflicts", "--stage", "--dry-run")
    assert f"would stage {PATH}" in repository.shell.err
    assert repository.git("ls-files", "-u")
    said = repository.shell("conflicts", "--stage")
    assert f"staged {PATH}" in said
    assert "the merge is committed: " in said
    assert len(repository.git("show", "-s", "--format=%P").split()) == 2
    assert repository.git("status", "--porcelain", "-uno") == ""
    repository.shell("conflicts", "--stage")
    assert "nothing to stage" in repository.shell.err


def test_commit_ends_a_merge_that_is_settled(repository):
    """What else was changed since comes along; an open conflict is named and nothing happens."""
    conflict(repository)
    repository.shell("commit", code=1)
    assert f"{PATH} has an unresolved conflict" in repository.shell.err
    assert "`plaintrack conflicts`" in repository.shell.err
    repository.shell("conflicts", "--take", "theirs")
    new = repository.shell("add", "Meanwhile").split()[0]
    assert "Merge branch" in repository.shell("commit", "--dry-run")
    assert repository.git("ls-files", "-u")
    assert "committed " in repository.shell("commit")
    assert len(repository.git("show", "-s", "--format=%P").split()) == 2
    assert new in repository.git("ls-files")
    assert repository.git("status", "--porcelain", "-uno") == ""
    repository.shell("commit", code=1)


@pytest.mark.parametrize("take", ["ours", "theirs"])
@pytest.mark.parametrize("staged", [True, False])
def test_commit_ends_a_merge_with_a_deletion(repository, take, staged):
    deleted(repository, "theirs")
    shell = repository.shell
    shell("commit", code=1)
    shell("conflicts", "PT-1", "--field", "deletion", "--take", take)
    if staged:
        shell.git("add", "-A", PATH)
    shell("commit", "-m", "Settled")
    assert shell.git("log", "-1", "--format=%s").strip() == "Settled"
    assert (PATH in shell.git("ls-files")) == (take == "ours")
    assert shell.git("status", "--porcelain", "-uno") == ""


def test_stage_leaves_to_git_what_is_not_ours(repository):
    repository.put("README", "one\n")
    repository.commit("readme")
    repository.git("branch", "-f", "other")
    repository.git("switch", "-q", "other")
    repository.put("README", "theirs\n")
    repository.commit("theirs")
    repository.git("switch", "-q", "main")
    repository.put("README", "ours\n")
    repository.commit("ours")
    conflict(repository)
    repository.shell("conflicts", "--take", "ours", "--stage")
    assert "not merged yet: README" in repository.shell.err
    repository.git("add", "README")
    assert "the merge is committed" in repository.shell("conflicts", "--stage")


def test_a_deletion_is_staged_too(repository):
    repository.git("switch", "-q", "other")
    repository.git("rm", "-q", PATH)
    repository.commit("gone")
    repository.git("switch", "-q", "main")
    repository.put(PATH, ITEM.replace("todo", "done"))
    repository.commit("done")
    assert repository.run("merge", "other").returncode == 1
    assert "deletion" in repository.shell("conflicts", code=1)
    repository.shell("conflicts", "--take", "theirs", "--field", "deletion", "--stage")
    assert repository.git("ls-files", PATH) == ""
    assert len(repository.git("show", "-s", "--format=%P").split()) == 2


def test_the_base_of_an_empty_field_is_empty(plain):
    plain.put(PATH, ITEM.replace("status: todo\n", "status: todo\n\ndue:\n\n"))
    plain.commit("a form")
    plain.git("branch", "-f", "other")
    conflict(plain, ("due:", "due: 2026-12-01"), ("due:", "due: 2026-12-02"))
    said = plain.shell("conflicts", code=1)
    assert "due: (none) → 2026-12-01 (ours) or 2026-12-02 (theirs)" in said
    (row,) = json.loads(plain.shell("conflicts", "--format", "json", code=1))["conflicts"]
    assert row["base"] == ""


def test_what_is_not_an_item_is_named_while_it_is_not_merged(repository):
    shell = repository.shell
    settings = shell.folder / "plaintrack.yml"
    before = settings.read_text() if settings.exists() else ""
    settings.write_text(before + "rooms: {updates: updates}\n")
    update = shell.folder / "updates/PT-1/2026-11-20-a1b2c3.md"
    update.parent.mkdir(parents=True)
    text = "---\nhealth: {}\nby: {}\ndate: 2026-11-20\n---\nText.\n"
    shell.git("add", "-A")
    shell.git("commit", "-qm", "rooms")
    shell.git("branch", "side")
    for branch, words in (("side", ("at-risk", "ana")), ("main", ("off-track", "bob"))):
        shell.git("switch", "-q", branch)
        update.parent.mkdir(parents=True, exist_ok=True)
        update.write_text(text.format(*words))
        shell.git("add", "-A")
        shell.git("commit", "-qm", branch)
    shell.git("merge", "-q", "side", check=False)
    shell("conflicts", code=1)
    assert shell.err.endswith(
        "not merged, and not items: updates/PT-1/2026-11-20-a1b2c3.md; resolve them, then `git add`\n"
    )
    assert "updates/PT-1/2026-11-20-a1b2c3.md:2:1: PT104 error: the front matter has" in shell(
        "check", code=1
    )
    update.write_text(text.format("at-risk", "ana"))
    shell.git("add", "-A")
    shell("conflicts")
    assert "no conflicts" in shell.err
