"""What became of items along a line of commits: the pitfalls of reading flow from git."""

import random

import pytest
from history_made import START, Made, stamp

from plaintrack.app.snapshot import folded
from plaintrack.app.snapshot.folded import series


@pytest.fixture
def made(tmp_path):
    return Made(tmp_path / "w")


def through(made, name, steps):
    for day, status in steps:
        made.item(name, status)
        made.commit(day)


def test_a_plain_life(made):
    through(made, "T-1", [(0, "todo"), (3, "in-progress"), (5, "review"), (9, "done")])
    assert made.spans() == {"T-1": (3, 9)}


def test_going_back_erases_what_came_later_and_skipping_takes_the_next(made):
    back = [
        (0, "todo"),
        (2, "in-progress"),
        (4, "done"),
        (6, "todo"),
        (8, "in-progress"),
        (9, "done"),
    ]
    through(made, "T-1", back)
    through(made, "T-2", [(10, "todo"), (12, "done")])
    through(
        made, "T-3", [(13, "todo"), (14, "in-progress"), (15, "done"), (16, "review"), (20, "done")]
    )
    assert made.spans() == {"T-1": (8, 9), "T-2": (12, 12), "T-3": (14, 20)}


def test_what_is_open_again_is_not_done(made):
    through(made, "T-1", [(0, "todo"), (2, "in-progress"), (4, "done"), (6, "review")])
    assert made.spans() == {"T-1": (2, None)}


def test_cancelled_and_deleted_work_has_no_end_in_done(made):
    through(made, "T-1", [(0, "in-progress"), (2, "cancelled")])
    made.item("T-2", "in-progress")
    made.commit(3)
    (made.folder / "tasks/T-2.md").unlink()
    made.commit(5)
    found = made.measured()
    ends = {
        each.id: (each.done, found.view.day(each.closed) - START.toordinal())
        for each in found.view.items
    }
    assert ends == {"T-1": (None, 2), "T-2": (None, 5)}


def test_a_new_id_is_no_closing(made):
    for number in range(12):
        made.item(f"T-{number}", "in-progress" if number % 2 else "todo")
    made.commit(0)
    for number in range(12):
        (made.folder / f"tasks/T-{number}.md").unlink()
        made.item(f"N-{number}", "in-progress" if number % 2 else "todo")
    made.commit(2)
    made.item("N-1", "done")
    made.commit(4)
    spans = made.spans()
    assert set(spans) == {f"N-{number}" for number in range(12)}
    assert spans["N-1"] == (0, 4)
    assert all(done is None for name, (_, done) in spans.items() if name != "N-1")


def test_two_items_that_change_ids_keep_their_lives(made):
    made.write(
        "tasks/a.md",
        "---\nid: T-1\ntitle: Roof\ncreated: 2026-01-01\nstatus: in-progress\n---\nA\n",
    )
    made.write(
        "tasks/b.md", "---\nid: T-2\ntitle: Cellar\ncreated: 2026-01-02\nstatus: todo\n---\nB\n"
    )
    made.commit(0)
    made.write(
        "tasks/a.md",
        "---\nid: T-3\ntitle: Roof\ncreated: 2026-01-01\nstatus: in-progress\n---\nA\n",
    )
    made.write(
        "tasks/b.md", "---\nid: T-1\ntitle: Cellar\ncreated: 2026-01-02\nstatus: todo\n---\nB\n"
    )
    made.commit(1)
    found = {each.id: each.fields["title"] for each in made.measured().view.items}
    assert found == {"T-3": "Roof", "T-1": "Cellar"}
    assert made.spans() == {"T-3": (0, None), "T-1": (None, None)}


def test_an_import_goes_by_its_stamps_and_has_no_cycle_time(made):
    made.item("T-1", "done", created="2025-11-01", closed="2025-12-24T10:00:00Z")
    made.item("T-2", "todo", created="2025-11-01")
    made.commit(0)
    found = made.measured(first="2025-10-01")
    one = next(each for each in found.view.items if each.id == "T-1")
    assert one.imported
    from plaintrack.flow.metrics import cycle_time, lead_time, throughput

    assert cycle_time(found.view).rows == []
    assert "whose start is unknown" in cycle_time(found.view).notes[0]
    assert [row[4] for row in lead_time(found.view).rows] == [54]
    done = {row[0]: row[3] for row in throughput(found.view).rows}
    assert done["2025-W52"] == 1
    assert sum(done.values()) == 1


def test_a_renamed_workflow_keeps_its_history(made):
    made.write(
        "plaintrack.yml",
        "timezone: UTC\nfolders: [tasks]\nstatuses: {ideas: open, doing: active, shipped: done}\n",
    )
    through(made, "T-1", [(0, "ideas"), (3, "doing"), (7, "shipped")])
    made.item("T-2", "doing")
    made.commit(8)
    made.write(
        "plaintrack.yml",
        "timezone: UTC\nfolders: [tasks]\nstatuses: {todo: open, wip: active, done: done}\n",
    )
    made.item("T-1", "done")
    made.item("T-2", "wip")
    made.commit(12)
    made.item("T-2", "done")
    made.commit(15)
    assert made.spans() == {"T-1": (3, 7), "T-2": (8, 15)}


def test_a_status_that_gets_another_meaning_counts_from_that_commit(made):
    through(made, "T-1", [(0, "todo"), (3, "in-progress"), (5, "review")])
    statuses = "{todo: open, in-progress: active, review: done, done: done, cancelled: cancelled}"
    made.write("plaintrack.yml", f"timezone: UTC\nfolders: [tasks]\nstatuses: {statuses}\n")
    made.commit(9)
    assert made.spans() == {"T-1": (3, 9)}


# Branches


def branched(made):
    """T-1 is begun and done on a branch on days 2 and 4, merged on day 10."""
    made.item("T-1", "todo")
    made.item("T-2", "todo")
    made.commit(0)
    made.git("switch", "-qc", "side")
    through(made, "T-1", [(2, "in-progress"), (4, "done")])
    made.item("T-3", "todo")
    made.commit(5)
    made.git("switch", "-q", "main")
    through(made, "T-2", [(3, "in-progress"), (6, "done")])


def test_a_merge_brings_its_branch_when_it_lands(made):
    branched(made)
    made.git("merge", "-q", "--no-ff", "side", "-m", "merge", day=10)
    assert made.spans() == {"T-1": (10, 10), "T-2": (3, 6), "T-3": (None, None)}
    assert made.spans(dates="author") == {"T-1": (2, 4), "T-2": (3, 6), "T-3": (None, None)}


def test_time_order_over_branches_invents_no_reopening(made):
    """Both branches know T-2 in another state at the same time; the line knows one."""
    branched(made)
    made.git("merge", "-q", "--no-ff", "side", "-m", "merge", day=10)
    found = made.measured()
    two = next(each for each in found.view.items if each.id == "T-2")
    assert [state.category for state in two.states] == ["open", "active", "done"]


def test_a_squashed_branch_counts_when_it_lands(made):
    branched(made)
    made.git("merge", "-q", "--squash", "side")
    made.git("commit", "-qm", "squashed", day=10, author=4)
    assert made.spans()["T-1"] == (10, 10)
    assert made.spans(dates="author")["T-1"] == (4, 4)


def test_a_rebased_branch_counts_when_it_lands(made):
    branched(made)
    made.git("switch", "-q", "side")
    made.git("rebase", "-q", "main", day=12)
    made.git("switch", "-q", "main")
    made.git("merge", "-q", "--ff-only", "side")
    assert made.spans()["T-1"] == (12, 12)


def test_a_merge_that_keeps_ours_changes_nothing(made):
    made.item("T-1", "todo")
    made.commit(0)
    made.git("switch", "-qc", "side")
    through(made, "T-1", [(2, "done")])
    made.git("switch", "-q", "main")
    through(made, "T-1", [(3, "in-progress")])
    made.git("merge", "-q", "-s", "ours", "side", "-m", "ours", day=5)
    through(made, "T-1", [(8, "done")])
    assert made.spans() == {"T-1": (3, 8)}


def test_another_branch_may_be_named(made):
    branched(made)
    made.write("plaintrack.yml", "timezone: UTC\nfolders: [tasks]\nmetrics: {branch: side}\n")
    assert made.spans()["T-1"] == (2, 4)


def test_a_past_date_knows_only_what_was_there(made):
    from plaintrack.app.flow.view import Asked, measured
    from plaintrack.app.snapshot.past import at

    through(made, "T-1", [(0, "todo"), (3, "in-progress"), (9, "done")])
    past = at(made.snapshot(), stamp(5)[:10])
    found = measured(past, Asked("", START.isoformat()))
    assert [(each.started is not None, each.done) for each in found.view.items] == [(True, None)]
    assert found.basis["until"].isoformat() == stamp(5)[:10]


# The cache


def test_new_commits_are_folded_alone_and_rewritten_ones_again(made):
    through(made, "T-1", [(0, "todo"), (3, "in-progress")])
    assert made.spans() == {"T-1": (3, None)}
    through(made, "T-1", [(9, "done")])
    assert made.spans() == {"T-1": (3, 9)}
    made.item("T-1", "review")
    made.git("add", "-A")
    made.git("commit", "-q", "--amend", "-m", "amended", day=11)
    assert made.spans() == {"T-1": (3, None)}
    made.git("reset", "-q", "--hard", "HEAD~1")
    assert made.spans() == {"T-1": (3, None)}
    assert len(series(made.snapshot()).workflows) == 1


@pytest.mark.parametrize("seed", range(3))
def test_step_by_step_equals_all_at_once(made, monkeypatch, seed):
    """Random commits, branches, merges, new ids, resets: the cache is what a fresh fold gives."""
    rng = random.Random(seed)
    names = [f"T-{number}" for number in range(4)]
    for day in range(26):
        act = rng.random()
        if act < 0.55 or day < 3:
            for name in rng.sample(names, 2):
                more = {"tags": rng.choice(["[a]", "[a, b]", "b"])} if rng.random() < 0.5 else {}
                made.item(
                    name, rng.choice(["todo", "in-progress", "review", "done", "cancelled"]), **more
                )
            made.commit(day)
        elif act < 0.65:
            target = made.folder / f"tasks/{rng.choice(names)}.md"
            if target.exists():
                target.unlink()
            made.commit(day)
        elif act < 0.8:
            made.git("switch", "-qc", f"b{day}", f"HEAD~{rng.randrange(1, 3)}", check=False)
        elif act < 0.9:
            made.git(
                "merge", "-q", "-X", "ours", "main", "-m", f"merge {day}", day=day, check=False
            )
            made.git("merge", "--abort", check=False)
            made.git("reset", "-q", "--hard")
        else:
            made.git("switch", "-q", "main")
        if rng.random() < 0.4:
            series(made.snapshot())
    kept = series(made.snapshot())
    cache = made.snapshot().cache
    import shutil

    shutil.rmtree(cache)
    monkeypatch.setattr(folded, "FEW", 0)  # as of a long history
    fresh = series(made.snapshot())
    assert kept.workflows == fresh.workflows
    assert dict(kept.lives) == dict(fresh.lives)
    assert kept == fresh
