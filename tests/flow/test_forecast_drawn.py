"""Forecasts: quantiles of trials, what is learnt from past ones, and that percentages are in order."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaintrack.flow import forecast
from plaintrack.flow.forecast import CHANCES, how_many, replay, when


def steady(days, seed=1, most=3):
    rng = random.Random(seed)
    return [rng.randrange(most + 1) if day % 7 < 5 else 0 for day in range(days)]


def test_little_history_gives_a_range_and_no_percentage():
    done = steady(60)
    found = when(done, done, 40)
    assert found.chances == ()
    assert found.windows < forecast.FEWEST
    sums = [
        next((end - start for end in range(start, 61) if sum(done[start:end]) >= 40), None)
        for start in range(60)
    ]
    known = [each for each in sums if each is not None]
    assert found.seen == (min(known), max(known))
    assert how_many(done, 30).chances == ()
    totals = [sum(done[at : at + 30]) for at in range(31)]
    assert how_many(done, 30).seen == (min(totals), max(totals))
    assert when([0] * 400, [0] * 400, 5).chances == ()


@given(st.integers(1, 60), st.integers(0, 5), st.booleans())
@settings(max_examples=20, deadline=None)
def test_a_surer_date_never_comes_sooner_and_the_seed_says_all(items, seed, growth):
    done = steady(500, seed)
    added = steady(500, seed + 9, 2)
    found = when(done, added, items, seed, trials=300, growth=growth)
    values = [each.value or forecast.FAR for each in found.chances]
    assert values == sorted(values)
    assert found == when(done, added, items, seed, trials=300, growth=growth)


@given(st.integers(1, 30), st.integers(0, 3))
@settings(max_examples=10, deadline=None)
def test_fewer_items_are_surer(horizon, seed):
    values = [each.value for each in how_many(steady(600, seed), horizon, seed, 300).chances]
    assert values == sorted(values, reverse=True)


def test_growth_takes_longer():
    done, added = steady(500), steady(500, 5, 2)
    fixed = when(done, added, 60, trials=500).chances
    grown = when(done, added, 60, trials=500, growth=True).chances
    assert all(
        one.value < (other.value or forecast.FAR) for one, other in zip(fixed, grown, strict=True)
    )


def test_what_is_constant_is_certain():
    done = [2] * 400
    assert [each.value for each in when(done, done, 20, trials=50).chances] == [10] * 4
    assert [each.value for each in how_many(done, 15, trials=50).chances] == [30] * 4


def test_quantiles_move_by_what_has_come_due_and_nothing_later():
    """The replay by hand, from its own forecasts."""
    done = steady(300, 3)
    horizon = 14
    quantiles, past = replay(done, horizon, 1, trials=200)
    by_hand = [1 - each / 100 for each in CHANCES]
    for each in past:
        assert each.done == sum(done[each.day : each.day + horizon])
        for at, percent in enumerate(CHANCES):
            missed = each.done < each.said[at]
            moved = by_hand[at] + 0.02 * ((1 - percent / 100) - missed)
            by_hand[at] = min(0.98, max(0.001, moved))
    assert quantiles == pytest.approx(by_hand)
    # a forecast knows nothing of what came after the day it was made on
    cut = past[10].day
    changed = done[:cut] + [9] * (len(done) - cut)
    again = replay(changed, horizon, 1, trials=200)[1]
    known = [each for each in past if each.day <= cut]
    assert [each.said for each in again[: len(known)]] == [each.said for each in known]


@pytest.mark.parametrize("seed", range(3))
def test_forecasts_hold_as_often_as_they_say_where_the_pace_changes(seed):
    """A pace that doubles and halves every few months, as real ones do."""
    rng = random.Random(seed)
    done, pace = [], 0.7
    for day in range(1600):
        if day % 120 == 0:
            pace = rng.choice([0.3, 0.7, 1.4])
        done.append(sum(rng.random() < pace / 4 for _ in range(4)) if day % 7 < 5 else 0)
    _, past = replay(done, 28, 1, trials=300)
    shares = [forecast.held(past, at) / len(past) for at in range(4)]
    assert abs(shares[2] - 0.85) < 0.05
    assert abs(shares[0] - 0.5) < 0.1
