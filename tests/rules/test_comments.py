"""Comments of rules: told apart, and in the order in which they were made, also among those of people."""

from test_breaker import later
from test_rules import comments, rule
from test_rules import place as place  # a fixture


def spoken(shell, name):
    return [path.read_text().splitlines()[-1] for path in sorted(comments(shell, name))]


def test_comments_of_one_day_stand_in_their_order(place):
    rule(place, "a", "on: {changed: status}\ndo:\n- comment: '{why} (1)'\n- comment: '{why} (2)'\n")
    rule(place, "b", "on: {changed: status}\ndo:\n- comment: '{why} (3)'\n")
    place("rules", "run")
    wanted = []
    for number, (old, new) in enumerate((("todo", "review"), ("review", "in-progress"), ("in-progress", "todo"), ("todo", "review"))):
        place("set", "aaa1", f"status={new}", PLAINTRACK_NOW=later(60 * number))
        wanted += [f"status: {old} → {new} ({each})" for each in (1, 2, 3)]
    assert spoken(place, "aaa1") == wanted
    shown = place("show", "aaa1")
    places = [shown.index(each) for each in wanted[:9]]
    assert places == sorted(places)


def test_an_answer_stands_below_what_it_answers(place):
    rule(place, "answer", "on: comment\nif: '-tags:answered'\ndo:\n- add: {tags: answered}\n- comment: Thanks\n")
    place("rules", "run")
    place("comment", "aaa1", "Here is a log")
    assert spoken(place, "aaa1") == ["Here is a log", "Thanks"]
