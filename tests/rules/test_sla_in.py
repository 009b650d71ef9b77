"""The trigger of SLAs: what it is held to, and for which cycles it fires."""

from datetime import UTC, datetime

import pytest

from plaintrack.config.settings import read
from plaintrack.model.sla import Clock
from plaintrack.rules.load import load
from plaintrack.rules.look import Look, by_clock


def rule(trigger):
    return load("a.yml", f"name: a\non: {trigger}\ndo:\n- archive\n".encode())


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        ("sla-in", "sla-in takes the name of an SLA and what is left of it"),
        ("{sla-in: 3d}", "sla-in takes the name of an SLA and what is left of it"),
        ("{sla-in: {name: r}}", "sla-in takes the name of an SLA and what is left of it"),
        ("{sla-in: {nam: r, left: 1h}}", "sla-in has no 'nam'"),
        ("{sla-in: {name: r, left: soon}}", "'soon' is not a duration"),
    ],
)
def test_what_the_trigger_of_slas_takes(trigger, said):
    rules, (problem,) = rule(trigger)
    assert (rules, problem.message) == ([], said)


@pytest.mark.parametrize(
    ("clock", "fires"),
    [
        (Clock("running", 0, None, 180.0, 240.0), True),
        (Clock("running", 0, None, 179.0, 240.0), False),
        (Clock("breached", 0, None, 300.0, 240.0), True),
        (Clock("paused", 0, None, 200.0, 240.0), False),
        (Clock("running", 0, None, 0.0, 30.0), False),  # its start may not be committed yet
        (Clock("met", 0, 9, 200.0, 240.0), False),
    ],
)
def test_the_cycles_that_fire(clock, fires):
    (found,), _ = rule("{sla-in: {name: r, left: 1h}}")
    look = Look(datetime(2026, 11, 23, tzinfo=UTC), read({}).schema, lambda *_: False)
    firings = by_clock(found, {"t-1": ("T-1", {"r": clock})}, look)
    assert [each.item for each in firings] == (["T-1"] if fires else [])
