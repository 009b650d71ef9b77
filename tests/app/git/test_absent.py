"""Items that are tracked and not checked out exist all the same."""

import pytest
from conftest import Shell
from git_help import commit
from team import put

ITEM = "---\nid: {}\ntitle: {}\nstatus: {}\n{}---\n"


@pytest.fixture(params=["sparse", "cone", "by hand"])
def sparse(empty, request):
    """PT-aaaaaa depends on PT-aaaaab and on PT-aaaaac, which is done; neither is checked out."""
    put(empty, "plaintrack.yml", "timezone: UTC\n")
    put(
        empty,
        "tasks/PT-aaaaaa-x.md",
        ITEM.format("PT-aaaaaa", "One", "todo", "depends_on: [PT-aaaaab, PT-aaaaac]\n"),
    )
    put(
        empty,
        "tasks/PT-aaaaad-x.md",
        ITEM.format("PT-aaaaad", "Four", "todo", "depends_on: PT-aaaaac\n"),
    )
    put(empty, "tasks/web/PT-aaaaab-x.md", ITEM.format("PT-aaaaab", "Two", "todo", ""))
    put(empty, "tasks/web/PT-aaaaac-x.md", ITEM.format("PT-aaaaac", "Three", "done", ""))
    commit(empty, "start")
    if request.param == "by hand":
        empty.git(
            "update-index",
            "--skip-worktree",
            "tasks/web/PT-aaaaab-x.md",
            "tasks/web/PT-aaaaac-x.md",
        )
        for path in (empty.folder / "tasks/web").iterdir():
            path.unlink()
    elif request.param == "cone":
        (empty.folder / "docs").mkdir()
        empty.git("sparse-checkout", "set", "--cone", "docs")
        empty.git("sparse-checkout", "set", "--no-cone", "/*", "!/tasks/web/")
    else:
        empty.git("sparse-checkout", "set", "--no-cone", "/*", "!/tasks/web/")
    return empty


def test_references_to_what_is_not_checked_out_are_no_fault(sparse):
    assert sparse("check") == ""
    assert sparse("doctor") == ""
    sparse("doctor", "--fix")
    sparse("check", "--fix")
    assert sparse.git("status", "--porcelain") == ""
    put(
        sparse,
        "tasks/PT-aaaaae-x.md",
        ITEM.format("PT-aaaaae", "Five", "todo", "depends_on: PT-aaaaab\n"),
    )
    commit(sparse, "five")
    assert sparse("check", "--since", "HEAD~1..HEAD") == ""
    put(
        sparse,
        "tasks/PT-aaaaae-x.md",
        ITEM.format("PT-aaaaae", "Five", "todo", "depends_on: PT-gone22\n"),
    )
    assert "no item PT-gone22" in sparse("check", code=1)
    sparse.git("add", "-A")
    assert "no item PT-gone22" in sparse("check", "--staged", code=1)


# git is not asked at every list and every command for files that are marked by hand
BY_GIT = pytest.mark.parametrize("sparse", ["sparse", "cone"], indirect=True)


@BY_GIT
def test_what_waits_for_something_not_checked_out_is_blocked(sparse):
    assert sparse("list", "is:ready", "--format", "ids") == "PT-aaaaad\n"
    assert sparse("list", "is:blocked", "--format", "ids") == "PT-aaaaaa\n"
    sparse("set", "PT-aaaaaa", "priority=high")
    assert sparse("list", "is:blocked", "--format", "ids") == "PT-aaaaaa\n"
    assert sparse("doctor") == ""
    sparse.git("stash", "-q")
    sparse.git("sparse-checkout", "disable")
    assert sparse("list", "is:blocked", "--format", "ids") == "PT-aaaaaa\n"
    sparse("done", "PT-aaaaab")
    assert sparse("list", "is:blocked", "--format", "ids") == ""


@BY_GIT
def test_a_short_id_is_not_that_of_the_only_item_here(sparse):
    sparse("set", "aaaaab", "priority=high", code=1)
    assert "PT-aaaaab is not checked out here" in sparse.err
    sparse("set", "aaaaa", "priority=high", code=2)
    assert "PT-aaaaab" in sparse.err
    sparse("renumber", "PT-aaaaad", "PT-aaaaab", code=2)
    assert "taken" in sparse.err


def test_sequential_ids_know_what_is_not_checked_out(empty):
    put(empty, "plaintrack.yml", "ids: {prefix: T, scheme: sequential}\n")
    put(empty, "tasks/T-1-x.md", ITEM.format("T-1", "One", "todo", ""))
    put(empty, "tasks/web/T-2-x.md", ITEM.format("T-2", "Two", "todo", ""))
    commit(empty, "start")
    empty.git("sparse-checkout", "set", "--no-cone", "/*", "!/tasks/web/")
    assert "T-3" in empty("add", "Three")


def test_a_submodule_that_is_not_there_leaves_references_open(empty, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    other = Shell(folder)
    for words in (
        ("init", "-q", "-b", "main"),
        ("config", "user.name", "A"),
        ("config", "user.email", "a@example.org"),
    ):
        other.git(*words)
    put(other, "PT-aaaaab-x.md", ITEM.format("PT-aaaaab", "Two", "todo", ""))
    commit(other, "two")
    put(empty, "plaintrack.yml", "timezone: UTC\n")
    put(
        empty,
        "tasks/PT-aaaaaa-x.md",
        ITEM.format("PT-aaaaaa", "One", "todo", "depends_on: PT-aaaaab\n"),
    )
    empty.git(
        "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(folder), "tasks/ext"
    )
    commit(empty, "start")
    assert empty("check") == ""
    empty.git("submodule", "deinit", "-q", "-f", "--all")
    assert empty("check") == ""
    assert "the submodule tasks/ext is not checked out" in empty.err
    assert "submodule update" in empty("doctor", code=1)
    empty("doctor", "--fix", code=1)
    assert empty.git("status", "--porcelain") == ""


def test_sequential_ids_do_not_come_back(empty):
    put(empty, "plaintrack.yml", "ids: {prefix: T, scheme: sequential}\n")
    put(empty, "tasks/T-1-x.md", ITEM.format("T-1", "One", "todo", ""))
    put(empty, "tasks/T-2-x.md", ITEM.format("T-2", "Two", "todo", ""))
    commit(empty, "start")
    empty("delete", "T-2", "--yes")
    assert "T-3" in empty("add", "Three")
