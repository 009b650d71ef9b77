"""What work costs: effort by the rates of those who do it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plaintrack.model.person import Rate
from plaintrack.model.staff import Staff
from plaintrack.plan.outline import Piece, spent
from plaintrack.when.moments import day

_AMOUNT, _CURRENCY = r"(\d{1,15}(?:\.\d{1,4})?)", r"([^\s\d.,]\S{0,11})"
_MONEY = re.compile(rf"{_AMOUNT}\s*{_CURRENCY}|{_CURRENCY}\s*{_AMOUNT}", re.ASCII)


class Money(NamedTuple):
    """An amount, in a currency that is just a text."""

    amount: Decimal
    currency: str


class Cost(NamedTuple):
    """What work costs in one currency: as estimated, and as far as it is known to be spent.
    ``unpriced`` counts estimated work of which the price is not known in that currency.
    """

    planned: Decimal
    spent: Decimal
    unpriced: int


class Terms(NamedTuple):
    """What prices depend on: minutes of a working day and week, today, and the time zone."""

    day: int
    week: int
    today: date
    zone: str = ""


def money(text: str) -> Money | None:
    """An amount with its currency, as ``12000 EUR`` or ``EUR 12000``; None for anything else."""
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        return None
    amount, currency = (found[1], found[2]) if found[1] else (found[4], found[3])
    return Money(Decimal(amount), currency)


def rate_on(rates: Sequence[Rate], on: date) -> Rate | None:
    """The rate that holds on a day: of those whose day has come the one with the latest day."""
    come = [rate for rate in rates if rate.since is None or rate.since <= on]
    return max(come, key=lambda rate: rate.since or date.min) if come else None


def cost(pieces: Iterable[Piece], staff: Staff, currency: str, terms: Terms) -> Cost:
    """What work costs, in one currency.

    It is the sum of estimate × rate of the assignee: of done work with the rate of the day it was
    closed, of other work with today's. Several assignees share the effort equally. A month counts
    as 52/12 working weeks. Spent is what is known to be spent (see `explain spent`), times the same
    rate. Work without an assignee who has a rate in that currency is counted beside it and is not
    in the sum; so is work without an estimate. Currencies are never converted.
    """
    planned = used = Decimal(0)
    unpriced = 0
    for piece in pieces:
        if piece.estimate is None:
            continue
        price = _price(piece, staff, currency, terms)
        if price is None:
            unpriced += 1
            continue
        planned += Decimal(piece.estimate) * price
        used += Decimal(spent(piece) or 0) * price
    return Cost(planned, used, unpriced)


def _price(piece: Piece, staff: Staff, currency: str, terms: Terms) -> Decimal | None:
    """What a minute of a piece of work costs; None if that is not known in this currency."""
    closed = day(piece.task.text("closed"), terms.zone) if piece.category == "done" else None
    names = piece.task.many("assignee")
    prices = []
    for name in names:
        person = staff.person(name)
        rate = rate_on(person.rates, closed or terms.today) if person else None
        if rate is None or rate.currency != currency:
            return None
        prices.append(Decimal(rate.amount) / _minutes(rate.unit, terms))
    return sum(prices, Decimal(0)) / len(prices) if prices else None


def _minutes(unit: str, terms: Terms) -> Decimal:
    lengths: Mapping[str, Decimal] = {
        "h": Decimal(60),
        "d": Decimal(terms.day),
        "w": Decimal(terms.week),
        "m": Decimal(terms.week) * 52 / 12,
    }
    return lengths[unit]
