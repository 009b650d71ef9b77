"""Each change fires once, whatever git does with it: branches, rebase, revert, stash, a CI job that was there before."""

import shutil

import pytest
from conftest import Shell
from test_rules import COUNT, begin, comments, item, rule, save, value

from plaintrack.app.automation import run
from plaintrack.app.follow import opened


@pytest.fixture
def place(empty):
    """Two items and a rule that counts changes of status, committed and looked at."""
    begin(empty)
    rule(empty, "count", COUNT)
    save(empty)
    empty("rules", "run")
    return empty


def by_hand(shell, name, status):
    path = shell.folder / f"tasks/{name}.md"
    path.write_text(
        path.read_text().replace(f"status: {value(shell, name, 'status')}", f"status: {status}")
    )


def fired(shell):
    return shell("rules", "run").splitlines()[-1]


def test_a_commit_of_another_branch_fires_when_it_is_met_and_once(place):
    place.git("switch", "-qc", "f")
    by_hand(place, "aaa1", "review")
    save(place)
    place.git("switch", "-q", "main")
    assert fired(place) == "0 fired"
    place.git("merge", "-q", "f")
    assert fired(place) == "1 fired"
    save(place)
    place.git("switch", "-q", "--detach", "HEAD~2")
    assert fired(place) == "0 fired"
    place.git("switch", "-q", "main")
    assert fired(place) == "0 fired"
    assert len(comments(place, "aaa1")) == 1


def test_what_a_branch_has_acted_on_does_not_fire_by_leaving_or_merging_it(place):
    place.git("switch", "-qc", "f")
    place("set", "aaa1", "status=review")
    save(place)
    place.git("switch", "-q", "main")
    assert fired(place) == "0 fired"
    place.git("merge", "-q", "--no-ff", "--no-edit", "f")
    assert fired(place) == "0 fired"
    assert len(comments(place, "aaa1")) == 1


def test_what_git_brought_does_not_fire_though_the_first_look_at_it_had_to_wait(place):
    """As the watcher's, which lets git rest: it may be in the middle of the next merge. What was changed here waits, and fires then."""
    place.git("worktree", "add", "-q", "-b", "theirs", str(place.folder.with_name("theirs")))
    theirs = Shell(place.folder.with_name("theirs"))
    by_hand(theirs, "aaa1", "review")
    save(theirs)
    (place.folder / "tasks/other.md").write_text("---\nid: PT-other\ntitle: x\n---\n")
    save(place, "other")
    fired(place)
    place.git("merge", "-q", "--no-edit", "theirs")
    by_hand(place, "bbb2", "review")
    assert run.after(opened(str(place.folder)), rest=60) == []
    assert fired(place) == "1 fired"
    assert (len(comments(place, "aaa1")), len(comments(place, "bbb2"))) == (0, 1)


def test_a_commit_made_here_fires_though_the_look_that_met_it_had_to_wait(place):
    by_hand(place, "aaa1", "review")
    save(place, "one")
    assert run.after(opened(str(place.folder)), rest=60) == []
    by_hand(place, "bbb2", "review")
    save(place, "two")
    assert run.after(opened(str(place.folder)), rest=60) == []
    assert fired(place) == "2 fired"
    assert fired(place) == "0 fired"


@pytest.mark.parametrize("lock", ["index.lock", "HEAD.lock"])
def test_rules_wait_while_git_moves_head(place, lock):
    by_hand(place, "aaa1", "review")
    held = place.folder / f".git/{lock}"
    held.touch()
    assert fired(place) == "0 fired"
    held.unlink()
    assert fired(place) == "1 fired"


def test_both_sides_of_a_rebase_made_here_fire(place):
    place.git("switch", "-qc", "f")
    by_hand(place, "aaa1", "review")
    save(place)
    place.git("switch", "-q", "main")
    by_hand(place, "bbb2", "review")
    save(place)
    place.git("switch", "-q", "f")
    place.git("rebase", "-q", "main")
    assert fired(place) == "2 fired"


def test_a_revert_fires(place):
    by_hand(place, "aaa1", "review")
    save(place)
    assert fired(place) == "1 fired"
    save(place)
    place.git("revert", "--no-edit", "HEAD~1")
    assert fired(place) == "1 fired"


def test_what_a_ci_job_has_acted_on_does_not_fire_here_again(place):
    by_hand(place, "aaa1", "review")
    save(place)
    job = Shell(place.folder.parent / "job")
    place.git("clone", "-q", ".", str(job.folder))
    for key, name in (("user.name", "B"), ("user.email", "b@x")):
        job.git("config", key, name)
    assert "1 fired" in job("rules", "run", "--since", "HEAD~1")
    save(job)
    place.git("pull", "-q", str(job.folder), "main")
    assert fired(place) == "0 fired"
    assert len(comments(place, "aaa1")) == 1
    by_hand(place, "aaa1", "todo")
    assert fired(place) == "1 fired"
    by_hand(place, "aaa1", "review")  # the same once more is another change
    assert fired(place) == "1 fired"


def test_a_stash_puts_a_change_aside_until_it_is_popped_or_dropped(place):
    by_hand(place, "aaa1", "review")
    assert fired(place) == "1 fired"
    save(place)
    by_hand(place, "aaa1", "done")
    assert fired(place) == "1 fired"
    place.git("stash", "-q", "--include-untracked")
    assert fired(place) == "0 fired"
    place.git("stash", "pop", "-q")
    assert fired(place) == "0 fired"
    place.git("stash", "-q")
    assert fired(place) == "0 fired"
    place.git("stash", "drop", "-q")
    assert fired(place) == "1 fired"


def test_without_a_reflog_what_is_committed_unseen_does_not_fire_and_edits_do(place):
    place.git("config", "core.logAllRefUpdates", "false")
    shutil.rmtree(place.folder / ".git/logs")
    by_hand(place, "aaa1", "review")
    save(place)
    assert fired(place) == "0 fired"
    by_hand(place, "bbb2", "review")
    assert fired(place) == "1 fired"


@pytest.mark.parametrize("since", ["HEAD~1", "2026-01-01"])
def test_a_shallow_clone_does_not_take_the_commit_where_it_is_cut_for_the_beginning(place, since):
    rule(place, "new", "on: created\ndo:\n- comment: new\n")
    save(place)
    job = Shell(place.folder.parent / "job")
    place.git("clone", "-q", "--depth", "1", f"file://{place.folder}", str(job.folder))
    job.git("switch", "-q", "--detach")
    for words in (("rules", "run", "--since", since), ("rules", "test", "new", "--since", since)):
        job(*words, code=2)
        assert f"{since}: this clone is shallow" in job.err
    assert "0 fired" in job("rules", "run", "--since", "HEAD")


def test_a_last_look_that_git_has_thrown_away_since_is_no_failure(place):
    rule(place, "close", "on: closes\ndo:\n- set: {status: done}\n")
    save(place)
    place("rules", "run")
    place.git("commit", "-q", "--amend", "--allow-empty", "-m", "reworded")
    place.git("reflog", "expire", "--expire=now", "--all")
    place.git("gc", "-q", "--prune=now")
    assert fired(place) == "0 fired"
    by_hand(place, "aaa1", "review")
    save(place)
    assert fired(place) == "1 fired"


def test_a_time_trigger_does_not_fire_again_on_an_older_branch_or_behind_a_stash(place):
    rule(place, "late", "on: overdue\ndo:\n- comment: late\n")
    item(place, "aaa1", due="2026-01-01")
    save(place)
    place("rules", "run")
    place.git("branch", "old")
    item(place, "bbb2", due="2026-01-01")
    assert fired(place) == "1 fired"
    place.git("stash", "-q", "--include-untracked")
    assert fired(place) == "0 fired"
    place.git("stash", "pop", "-q")
    save(place)
    place.git("switch", "-q", "old")
    assert fired(place) == "0 fired"
    place.git("switch", "-q", "main")
    assert fired(place) == "0 fired"
    assert len(comments(place, "aaa1")) == len(comments(place, "bbb2")) == 1
