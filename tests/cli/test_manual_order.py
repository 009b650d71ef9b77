"""`rank`: moves in the manual order, what they write, and that plain git merges them."""

import random
import subprocess

import pytest

from plaintrack.model.edit import Add, Set
from plaintrack.model.fields import schema
from plaintrack.text.edit import edited
from plaintrack.text.format import document, form

ITEM = "---\nid: PT-{0}\n{1}title: Item {0}\nstatus: todo\n---\n"
SCHEMA = schema()
A, B, C, D = "aaaaaa", "bbbbbb", "cccccc", "dddddd"


@pytest.fixture
def place(empty):
    """Items A and B with ranks, C and D without."""
    (empty.folder / "tasks").mkdir()
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    for name, rank in ((A, "rank: n0aaaa\n"), (B, "rank: n1aaaa\n"), (C, ""), (D, "")):
        (empty.folder / f"tasks/PT-{name}.md").write_text(ITEM.format(name, rank))
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def order(place):
    return [each.removeprefix("PT-") for each in place("rank", "--format", "ids").split()]


def written(place):
    return {line[-9:-3] for line in place.git("status", "--porcelain", "-uall").splitlines()}


@pytest.mark.parametrize(
    ("words", "after", "files"),
    [
        ((C, "--top"), [C, A, B], {C}),
        ((C, "--bottom"), [A, B, C], {C}),
        ((C, "--before", B), [A, C, B], {C}),
        ((C, "--after", A), [A, C, B], {C}),
        ((A, "--after", B), [B, A], {A}),
        ((A, "--bottom"), [B, A], {A}),
        ((C, "--before", D), [A, B, C], {C}),
        ((C, "--after", D), [A, B, D, C], {C, D}),
        ((D, C, "--top"), [D, C, A, B], {C, D}),
        ((D, C, D, "--top"), [D, C, A, B], {C, D}),
        ((A, C, "--top"), [A, C, B], {C}),
        ((B, A, "--top"), [B, A], {B}),
        ((A, B, "--bottom"), [A, B], set()),
        ((A, "--top"), [A, B], set()),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_a_move_changes_the_moved_items_only(place, words, after, files):
    assert place("rank", *words, "--dry-run").count("+rank: ") == len(files)
    assert not written(place)
    place("rank", *words)
    assert order(place) == after
    assert written(place) == files
    if files:
        place("undo")
        assert order(place) == [A, B]
        assert not written(place)


def test_equal_ranks_are_ordered_by_id_and_told_apart_where_a_place_is_needed(place):
    for name in (B, C):
        place("set", name, "rank=n0aaaa")
    assert order(place) == [A, B, C]
    said = place("rank", D, "--before", C)
    assert order(place) == [A, B, D, C]
    assert f"PT-{C}  rank: n0aaaa → " in said
    assert "its neighbour has the same rank" in said
    assert f"PT-{A}" not in said
    assert f"PT-{B}" not in said


def test_rebalancing_keeps_the_order(place):
    place("set", A, f"rank=n{'h' * 40}")
    place("set", B, "rank=N9")
    place("set", C, "rank=10")
    assert order(place) == [C, B, A]
    place("rank", D, "--before", B, code=2)
    assert "`plaintrack rank --rebalance`" in place.err
    assert place("check").count("PT20") == 3
    place("rank", "--rebalance", f"id:PT-{B}", code=2)
    place("rank", "--rebalance")
    assert order(place) == [C, B, A]
    assert "PT20" not in place("check")
    before = place("rank", "--columns", "rank", "--format", "csv")
    place("rank", "--rebalance", f"id:PT-{B}")
    assert order(place) == [C, B, A]
    after = place("rank", "--columns", "rank", "--format", "csv")
    assert [one == two for one, two in zip(before.split(), after.split(), strict=False)] == [
        True,
        True,
        False,
        True,
    ]


def test_what_cannot_be_moved_is_refused(place):
    for words, says in (
        ((A, "--before", A), "before or after itself"),
        ((A, "--before", "zzz"), "zzz"),
        (("--top",), "name the items"),
        ((A, "--top", "--bottom"), "use one of"),
        ((A, "--dry-run"), "--dry-run needs"),
        ((A, "--top", "--at", "HEAD"), "--at shows"),
    ):
        assert place.run(("rank", *words), place.env).returncode in (1, 2)
        place.run(("rank", *words), place.env)
        assert says in place.run(("rank", *words), place.env).stderr
    assert not written(place)
    with (place.folder / "plaintrack.yml").open("a") as file:
        file.write("fields: {rank: {type: integer}}\n")
    place("rank", A, "--top", code=2)
    assert "declares rank as integer" in place.err
    assert "PT208" not in place("check", code=1)


def test_an_order_of_the_past_and_in_every_form(place):
    place("rank", C, "--top")
    assert place("rank", "--at", "HEAD", "--format", "ids").split() == [f"PT-{A}", f"PT-{B}"]
    assert place("rank", "--format", "json").count('"id"') == 3
    assert place("rank", f"-id:{A}", "--columns", "id", "--format", "csv").split() == [
        "id",
        f"PT-{C}",
        f"PT-{B}",
    ]
    assert f"| PT-{C} |" in place(
        "rank", "--format", "markdown", "--columns", "rank,title"
    ) or C in place("rank", "--format", "markdown")
    place("rank")
    assert "1 item without a rank" in place.err


EDITS = (
    Set("status", "review"),
    Set("priority", "high"),
    Set("assignee", ("ana",)),
    Add("tags", ("x",)),
    Set("project", "PT-pppppp"),
    Set("estimate", "2d"),
    Set("due", "2026-12-24"),
    Set("start", "2026-12-01"),
    Set("remaining", "1d"),
)


@pytest.mark.parametrize("edit", EDITS, ids=lambda each: each.field)
@pytest.mark.parametrize("known", ["", "n0aaaa"])
@pytest.mark.parametrize("write", [form, document], ids=["form", "document"])
def test_a_move_merges_with_an_edit_of_any_other_field(write, known, edit, tmp_path):
    """In plain git, without a merge driver; the neighbour of the line is the title."""
    fields = [("id", "PT-aaaaaa"), ("rank", known), ("title", "Fix it"), ("status", "todo")]
    texts = {"base": write(fields, "Text.", SCHEMA).encode()}
    moved = (Set("rank", "n5bbbb"),)
    texts["ours"] = edited(texts["base"], "tasks/a.md", moved, SCHEMA)
    texts["theirs"] = edited(texts["base"], "tasks/a.md", (edit,), SCHEMA)
    for name, data in texts.items():
        (tmp_path / name).write_bytes(data)
    command = ["git", "merge-file", "-p", "ours", "base", "theirs"]
    merged = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    assert merged == edited(texts["theirs"], "tasks/a.md", moved, SCHEMA)


def test_moves_on_two_branches_merge_in_plain_git(place):
    """Random pairs of moves of different items: git merges them, and each stands where it was moved to."""
    chance = random.Random(7)
    names = [A, B, C, D]
    place("rank", *names, "--top")
    place.git("commit", "-qam", "ranked")
    for turn in range(6):
        before = order(place)
        ours, theirs = chance.sample(names, 2)
        moves = {}
        for branch, item in ((f"theirs{turn}", theirs), ("main", ours)):
            beside = chance.choice([name for name in names if name not in (ours, theirs)])
            side = chance.choice(["--before", "--after"])
            moves[item] = (side, beside)
            if branch != "main":
                place.git("checkout", "-qb", branch)
            place("rank", item, side, beside)
            place.git("commit", "-qam", f"{item} {side} {beside}", "--allow-empty")
            if branch != "main":
                place.git("checkout", "-q", "main")
        place.git("merge", "-q", "--no-edit", f"theirs{turn}")
        after = order(place)
        others = [name for name in before if name not in moves]
        assert [name for name in after if name in others] == others
        for item, (side, beside) in moves.items():
            alone = [name for name in after if name in (*others, item)]
            assert alone.index(item) - alone.index(beside) == (-1 if side == "--before" else 1)
    assert "PT20" not in place("check")
