"""Ranks: between any two keys there is another, moves change few keys, and what two people do merges."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.model import rank

KEYS = st.from_regex(r"[a-z][0-9a-z]{0,8}", fullmatch=True)


def digits(seed):
    chance = random.Random(seed)
    return lambda: "".join(chance.choices(rank.DIGITS, k=3)) + chance.choice(rank.DIGITS[1:])


@given(KEYS, KEYS)
def test_a_key_lies_strictly_between_or_there_is_none(one, two):
    low, high = sorted((one, two))
    if rank.room(low, high):
        found = rank.between(low, high, lambda: "0r4z")
        assert low < found < high
        assert rank.valid(found)
        assert found == rank.between(low, high, lambda: "0r4z")
    else:
        assert high[len(low) :].strip("0") == ""


@given(KEYS, st.integers(1, 30), st.sampled_from(["above", "below"]))
def test_an_open_end_has_room(key, count, side):
    if side == "above":
        assert key < rank.between(key, None)
        found = rank.keys(key, None, count)
        assert sorted({key, *found}) == [key, *found]
    elif rank.room(None, key):
        found = rank.keys(None, key, count)
        assert sorted({key, *found}) == [*found, key]


@given(st.integers(-(10**8), 10**8), st.integers(-(10**8), 10**8))
def test_whole_numbers_are_ordered_as_texts(one, two):
    assert rank._value(rank._whole(one)) == one
    assert (rank._whole(one) < rank._whole(two)) == (one < two)


def test_keys_stay_short():
    make = digits(1)
    for low, high in ((True, False), (False, True)):
        key = rank.between(None, None, make)
        for _ in range(5000):
            key = rank.between(key if low else None, key if high else None, make)
        assert len(key) <= 8
    assert max(map(len, rank.keys(None, None, 5000, make))) <= 8
    order = [rank.between(None, None, make)]
    for _ in range(2000):
        at = random.Random(len(order)).randrange(len(order) + 1)
        low = order[at - 1] if at else None
        order.insert(at, rank.between(low, order[at] if at < len(order) else None, make))
    assert order == sorted(order)
    assert max(map(len, order)) <= rank.LONGEST


@given(
    st.lists(KEYS, max_size=8).map(sorted),
    st.lists(st.one_of(st.just(""), KEYS), max_size=5),
    st.data(),
)
def test_moves_change_as_few_keys_as_they_can(order, moved, data):
    at = data.draw(st.integers(0, len(order)))
    fresh, others = rank.place(order, at, moved)
    new = [others.get(number, key) for number, key in enumerate(order)]
    between = [fresh.get(number, key) for number, key in enumerate(moved)]
    whole = [*new[:at], *between, *new[at:]]
    near = whole[max(at - 1, 0) : at + len(moved) + 1]
    assert near == sorted(set(near))
    assert whole == sorted(whole)
    if rank.room(order[at - 1] if at else None, order[at] if at < len(order) else None):
        assert not others
    assert rank.place(new, at, between) == ({}, {})


def test_a_malformed_neighbour_is_named():
    for order, at in ((["10", "n0aaaa"], 1), (["N0", "n0"], 1)):
        with pytest.raises(rank.Malformed) as raised:
            rank.place(order, at, [""])
        assert raised.value.args == (order[0],)


def moved_in(order, item, at, make):
    """The new key of one item that is moved to a place among the others."""
    rest = [(key, name) for key, name in order if name != item]
    keys = [key for key, _ in rest]
    return rank.place(keys, min(at, len(rest)), [dict(map(reversed, order))[item]], make)[0].get(0)


@settings(max_examples=300)
@given(st.integers(2, 12), st.data())
def test_moves_of_two_people_stand_side_by_side(count, data):
    """Each changes one key of another item; where the others stand is not touched, and each moved item stands between the neighbours that
    it was put between, unless the other person's item lies there, too."""
    make = digits(data.draw(st.integers(0, 99)))
    names = [f"i{number:02}" for number in range(count)]
    order = sorted(zip(rank.keys(None, None, count, make), names, strict=True))
    ours, theirs = data.draw(st.permutations(names))[:2]
    places = {name: data.draw(st.integers(0, count - 1)) for name in (ours, theirs)}
    new = {name: moved_in(order, name, places[name], make) for name in (ours, theirs)}
    keys = {name: new.get(name) or key for key, name in order}
    merged = sorted(names, key=lambda name: (keys[name], name))
    unmoved = [name for name in names if name not in (ours, theirs)]
    assert [name for name in merged if name in unmoved] == unmoved
    for name, other in ((ours, theirs), (theirs, ours)):
        alone = [each for each in names if each not in (name, other)]
        wanted = [each for each in names if each != name]
        wanted.insert(places[name], name)
        wanted.remove(other)
        assert [each for each in merged if each in (*alone, name)] == wanted
