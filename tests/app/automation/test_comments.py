"""Comments of rules: told apart, and in the order in which they were made, also among those of people."""

from test_breaker import later
from test_rules import comments, item, rule
from test_rules import place as place  # a fixture


def spoken(shell, name):
    return [path.read_text().splitlines()[-1] for path in sorted(comments(shell, name))]


def test_comments_of_one_day_stand_in_their_order(place):
    rule(place, "a", "on: {changed: status}\ndo:\n- comment: '{why} (1)'\n- comment: '{why} (2)'\n")
    rule(place, "b", "on: {changed: status}\ndo:\n- comment: '{why} (3)'\n")
    place("rules", "run")
    wanted = []
    for number, (old, new) in enumerate(
        (("todo", "review"), ("review", "in-progress"), ("in-progress", "todo"), ("todo", "review"))
    ):
        place("set", "aaa1", f"status={new}", PLAINTRACK_NOW=later(60 * number))
        wanted += [f"status: {old} → {new} ({each})" for each in (1, 2, 3)]
    assert spoken(place, "aaa1") == wanted
    shown = place("show", "aaa1")
    places = [shown.index(each) for each in wanted[:9]]
    assert places == sorted(places)


def test_an_answer_stands_below_what_it_answers(place):
    rule(
        place,
        "answer",
        "on: comment\nif: '-tags:answered'\ndo:\n- add: {tags: answered}\n- comment: Thanks\n",
    )
    place("rules", "run")
    place("comment", "aaa1", "Here is a log")
    assert spoken(place, "aaa1") == ["Here is a log", "Thanks"]


def test_a_comment_by_a_time_trigger_has_the_first_day_on_which_that_held(place):
    rule(place, "soon", "on: {due-in: 1d}\ndo:\n- comment: '{today} soon'\n")
    rule(place, "late", "on: {overdue: 1d}\ndo:\n- comment: '{today} late'\n")
    item(place, "aaa1", due="2026-12-05")
    item(place, "bbb2", due="2026-12-01")
    place("rules", "run", PLAINTRACK_NOW="2026-12-05T10:00:00+01:00")
    assert spoken(place, "aaa1") == ["2026-12-04 soon"]
    assert spoken(place, "bbb2") == ["2026-12-03 late"]


def test_a_copy_with_the_id_of_another_item_is_no_new_item(empty):
    """Programs that keep folders in step leave such copies."""
    empty("init")
    folder = empty.folder / "automations"
    folder.mkdir(exist_ok=True)
    (folder / "r.yml").write_text("name: r\non: created\ndo:\n- comment: welcome\n")
    empty("add", "One")
    (path,) = (empty.folder / "tasks").glob("*.md")
    empty("rules", "run")
    assert len(list((empty.folder / "comments").rglob("*.md"))) == 1
    name = f"{path.stem}.sync-conflict-20261101-120000-ABCDEFG.md"
    path.with_name(name).write_bytes(path.read_bytes())
    assert "0 fired" in empty("rules", "run") + empty.err
    path.with_name(name).unlink()
    empty("add", "Two")
    empty("rules", "run")
    assert len(list((empty.folder / "comments").rglob("*.md"))) == 2
