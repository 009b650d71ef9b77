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


ROOMED = {
    "plaintrack.yml": "timezone: UTC\nhealth: {days: 90}\nrooms: {people: people, time: time, timesheets: timesheets, updates: updates, approvals: approvals}\n",
    "tasks/PT-aaaaaa-x.md": ITEM.format("PT-aaaaaa", "One", "todo", "type: goal\nestimate: 2d\nassignee: ana\n"),
    "people/ana.md": "---\nname: Ana\nemail: jonas@rinnwerk.example\nhours: 20h/w\n---\n",
    "time/ana/2026-11/2026-11-16-aaaaaa.timeclock": "i 2026-11-16 07:00:00+0000 PT-aaaaaa\no 2026-11-16 08:00:00+0000\n\n",
    "updates/PT-aaaaaa/2026-11-20-a1b2c3.md": "---\nhealth: at-risk\nby: ana\ndate: 2026-11-20\n---\n",
    "comments/PT-aaaaaa/20261101T000000Z-aaaaaa.md": "---\nauthor: ana\ndate: 2026-11-01T00:00:00Z\n---\nSaid.\n",
}  # fmt: skip


def test_rooms_that_are_not_checked_out_are_read_from_git(empty):
    """Sums, plans and sheets are the same as in a whole checkout; nothing there is written."""
    for path, text in ROOMED.items():
        put(empty, path, text)
    commit(empty, "start")
    empty("time", "submit", "2026-W47")
    commit(empty, "sheet")
    last = ("--from", "2026-11-16", "--until", "2026-11-22")
    asked = [
        *("show PT-aaaaaa", "health", "plan", "people", "check"),
        *(f"time report {' '.join(last)}", "time sheet 2026-W47"),
    ]
    whole = [empty.run(words.split(), empty.env).stdout for words in asked]
    rooms = ("people", "time", "timesheets", "updates", "comments")
    empty.git("sparse-checkout", "set", "--no-cone", "/*", *(f"!/{each}/" for each in rooms))
    assert not (empty.folder / "time").exists()
    assert [empty.run(words.split(), empty.env).stdout for words in asked] == whole
    empty("time", "log", "PT-aaaaaa", "1h", "--at", "2026-11-16 07:30", code=2)
    assert "overlaps" in empty.err
    for words in (["people", "ana", "hours=30h/w"], ["renumber", "PT-aaaaaa", "PT-newnew"]):
        empty(*words, code=1)
        assert "is not checked out here" in empty.err
    assert empty.git("status", "--porcelain") == ""
    empty("time", "log", "PT-aaaaaa", "1h", "--at", "2026-11-17 07:30")
    empty("commit")
    assert empty.git("status", "--porcelain") == ""
    assert "2:00 in 2 entries" in empty("time", "report", *last)
