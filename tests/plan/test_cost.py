"""What work costs, against sums by fractions."""

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from plaintrack.model.person import Rate
from plaintrack.model.staff import Person, Staff
from plaintrack.model.task import Task
from plaintrack.plan.cost import Money, Terms, cost, money, rate_on
from plaintrack.plan.outline import Piece

TERMS = Terms(480, 2400, date(2026, 11, 23))
MINUTES = {"h": 60, "d": 480, "w": 2400, "m": Fraction(2400 * 52, 12)}


@pytest.mark.parametrize("seed", range(30))
def test_cost_is_effort_by_rate(seed):
    dice = random.Random(seed)
    people = {
        name: Person(
            name,
            rates=tuple(
                Rate(
                    dice.choice((None, date(2026, 11, 10), date(2027, 1, 1))),
                    str(dice.randrange(1, 900)),
                    dice.choice(("EUR", "EUR", "USD")),
                    unit,
                )
                for unit in dice.sample("hdwm", dice.randrange(3))
            ),
        )
        for name in ("ana", "bo", "cy")
    }
    pieces, planned, unpriced = [], Fraction(0), 0
    for number in range(12):
        names = tuple(dice.sample(sorted(people), dice.randrange(3)))
        done = dice.random() < 0.5
        day = date(2026, 11, dice.randrange(1, 23))
        estimate = dice.choice((None, 30.0, 480.0))
        fields = {"assignee": names, "closed": day.isoformat()}
        pieces.append(Piece(Task(str(number), "", fields), "done" if done else "open", estimate))
        if estimate is None:
            continue
        prices = []
        for name in names:
            held = [
                rate
                for rate in people[name].rates
                if rate.since is None or rate.since <= (day if done else TERMS.today)
            ]
            held.sort(key=lambda rate: rate.since or date.min, reverse=True)
            latest = [rate for rate in held if rate.since == held[0].since][:1]
            prices += [
                Fraction(rate.amount) / MINUTES[rate.unit]
                for rate in latest
                if rate.currency == "EUR"
            ] or [None]
        if not prices or None in prices:
            unpriced += 1
        else:
            planned += Fraction(estimate) * sum(prices) / len(prices)
    found = cost(pieces, Staff(people), "EUR", TERMS)
    assert float(found.planned) == pytest.approx(float(planned))
    assert found.unpriced == unpriced


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12000 EUR", Money(Decimal(12000), "EUR")), ("EUR 12000", Money(Decimal(12000), "EUR")), ("12.50€", Money(Decimal("12.50"), "€")),
        ("$ 5", Money(Decimal(5), "$")), ("12000", None), ("", None), ("about 3 EUR", None), ("1" * 30 + " EUR", None),
    ],
)  # fmt: skip
def test_money(text, found):
    assert money(text) == found


def test_the_rate_with_the_latest_day_holds():
    rates = (
        Rate(date(2026, 5, 1), "2", "EUR", "h"),
        Rate(None, "1", "EUR", "h"),
        Rate(date(2027, 1, 1), "3", "EUR", "h"),
    )
    assert rate_on(rates, date(2026, 4, 30)).amount == "1"
    assert rate_on(rates, date(2026, 5, 1)).amount == "2"
    assert rate_on(rates[2:], date(2026, 5, 1)) is None
