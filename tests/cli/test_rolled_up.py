"""What is below an item, in every command that shows it."""

import json

import pytest


@pytest.fixture
def work(empty):
    empty("init", "--prefix", "T")
    for item, *lines in (
        ("T-g", "type: goal", "status: todo"),
        ("T-s", "status: todo", "goal: T-g", "estimate: 2w"),
        ("T-a", "status: todo", "parent: T-s", "goal: T-g", "estimate: 1d", "assignee: ana"),
        ("T-b", "status: done", "parent: T-s", "goal: T-g", "estimate: 2d", "assignee: ana"),
        ("T-c", "status: todo", "parent: T-s", "assignee: ben"),
    ):
        text = "\n".join(("---", f"id: {item}", f"title: Work {item}", *lines, "---", ""))
        (empty.folder / f"tasks/{item}.md").write_text(text)
    return empty


def test_show_and_tree_tell_what_is_below(work):
    told = "1 of 3 done, estimate 3d, left 1d, 1 unestimated"
    assert f"  below        {told}\n" in work("show", "T-g")
    shown = work("show", "T-s")
    assert "  estimate     2w\n" in shown
    assert f"  below        {told}\n" in shown
    assert "below" not in work("show", "T-a")
    tree = work("tree")
    assert "Work T-s  [1 of 3 done, estimate 2w, below 3d, left 1d, 1 unestimated]" in tree
    sums = {
        "items": 3,
        "done": 1,
        "unestimated": 1,
        "unknown": 1,
        "estimate": "3d",
        "left": "1d",
        "spent": None,
    }
    assert json.loads(work("show", "T-s", "--format", "json"))["items"][0]["below"] == sums
    rows = {row["id"]: row for row in json.loads(work("tree", "--format", "json"))["items"]}
    assert rows["T-g"]["below"] == rows["T-s"]["below"] == sums
    assert rows["T-a"]["below"] is None
    assert "below" not in work("tree", "--depends")


def test_groups_columns_and_counts_add_up(work):
    grouped = work("list", "--all", "--group", "assignee")
    assert "ana  (2, estimate 3d, left 1d)" in grouped
    assert "ben  (1)" in grouped
    groups = json.loads(work("list", "--all", "--group", "assignee", "--format", "json"))["groups"]
    assert {each["name"]: (each["count"], each["sums"]["estimate"]) for each in groups} == {
        "ana": (2, "3d"),
        "ben": (1, None),
        "": (2, None),
    }
    columns = {
        each["name"]: each for each in json.loads(work("board", "--format", "json"))["columns"]
    }
    assert columns["todo"]["sums"]["estimate"] == "1d"
    assert columns["done"]["sums"]["estimate"] == "2d"
    assert "todo (4)<br>estimate 1d, left 1d, 1 unestimated |" in work(
        "board", "--format", "markdown"
    )
    assert "estimate 1d, left" in work("board")


def test_stats_add_up_a_field(work):
    said = json.loads(work("stats", "--by", "assignee", "--sum", "estimate", "--format", "json"))
    assert said["sum"] == {"field": "estimate", "total": "3d"}
    assert {row["value"]: row["estimate"] for row in said["items"]} == {
        "ana": "3d",
        "ben": None,
        "": None,
    }
    assert "total       5        3d" in work("stats", "--by", "assignee", "--sum", "estimate")
    assert "LEFT" in work("stats", "--sum", "remaining")
    work("stats", "--sum", "title", code=2)
    assert "title has no numbers to add up" in work.err


def test_logged_time_is_told_where_time_is_kept(work):
    with (work.folder / "plaintrack.yml").open("a") as file:
        file.write("rooms: {time: time}\n")
    path = next((work.folder / "tasks").glob("T-a*"))
    path.write_text(path.read_text().replace("---\n", "---\nformerly: OLD-1\n", 1))
    (work.folder / "time/ana/2026-11").mkdir(parents=True)
    (work.folder / "time/ana/2026-11/2026-11-23-x.timeclock").write_text(
        "i 2026-11-23 09:00:00 client:t-A\no 2026-11-23 10:00:00\n"
    )
    (work.folder / "time/ana/2026-11/2026-11-24-x.timeclock").write_text(
        "i 2026-11-24 09:00:00 old-1\no 2026-11-24 10:00:00\n"
    )
    shown = work("show", "T-a")
    assert "  spent        2h\n  left         6h\n" in shown
    assert "left 6h, spent 2h, 1 unestimated" in work("show", "T-s")
    assert "ana  (2, estimate 3d, left 6h, spent 2h)" in work(
        "list", "--all", "--group", "assignee"
    )


def test_a_live_block_adds_up_as_stats_does(work):
    page = work.folder / "WORK.md"
    for asked, words in (
        ("stats by:assignee sum:estimate", ("--by", "assignee", "--sum", "estimate")),
        ("stats sum:left is:open", ("is:open", "--sum", "left")),
    ):
        page.write_text(f"<!-- plaintrack: {asked} -->\n<!-- /plaintrack -->\n")
        work("render")
        assert work("stats", *words, "--format", "markdown").strip() in page.read_text()
    assert "| ana | 2 | 3d |" in work(
        "stats", "--by", "assignee", "--sum", "estimate", "--format", "markdown"
    )
    page.write_text("<!-- plaintrack: stats sum:title -->\n<!-- /plaintrack -->\n")
    work("render", code=1)
    assert "title has no numbers to add up" in work.err


def test_an_item_counts_once_however_many_links_lead_to_it(empty):
    """Two levels, several links to one item, and a circle."""
    empty("init", "--prefix", "T")
    for item, *lines in (
        ("T-g", "type: goal"),
        ("T-p", "type: project", "goal: T-g", "estimate: 10d"),
        ("T-e", "parent: T-p", "project: T-p", "goal: T-g"),
        ("T-x", "parent: T-e", "project: T-p", "goal: T-g", "estimate: 8d"),
        ("T-y", "status: done", "parent: T-e", "milestone: T-p", "estimate: 6d"),
        ("T-c", "parent: T-d", "estimate: 1d"),
        ("T-d", "parent: T-c", "estimate: 2d"),
    ):
        text = "\n".join(("---", f"id: {item}", f"title: Work {item}", *lines, "---", ""))
        (empty.folder / f"tasks/{item}.md").write_text(text)
    tree = empty("tree")
    assert "Work T-p  [1 of 2 done, estimate 10d, below 2w4d, left 1w3d" in tree
    assert "  below        1 of 2 done, estimate 2w4d, left 1w3d" in empty("show", "T-g")
    assert "  estimate     10d\n" in empty("show", "T-p")
    totals = json.loads(empty("stats", "--sum", "estimate", "--format", "json"))["sum"]["total"]
    assert totals == "3w2d"  # 8 + 6 once, never the 10; of the circle 1 + 2
    rows = {row["id"]: row for row in json.loads(empty("tree", "--format", "json"))["items"]}
    assert rows["T-e"]["below"]["estimate"] == "2w4d"
    assert rows["T-x"]["below"] is None
    (empty.folder / "tasks/T-x.md").unlink()
    (empty.folder / "tasks/T-y.md").unlink()
    # nothing below is estimated: the summary's own stands in
    assert (
        json.loads(empty("stats", "--sum", "estimate", "--format", "json"))["sum"]["total"]
        == "2w3d"
    )


def test_what_is_left_of_unestimated_work_is_not_0(empty):
    empty("init", "--prefix", "T")
    for item, status in (
        ("T-a", "todo"),
        ("T-b", "todo\nparent: T-a"),
        ("T-c", "done\nparent: T-a"),
    ):
        text = f"---\nid: {item}\ntitle: Work {item}\nstatus: {status}\n---\n"
        (empty.folder / f"tasks/{item}.md").write_text(text)
    assert "Work T-a  [1 of 2 done]\n" in empty("tree")
    below = json.loads(empty("show", "T-a", "--format", "json"))["items"][0]["below"]
    assert (below["left"], below["unknown"]) == (None, 1)
