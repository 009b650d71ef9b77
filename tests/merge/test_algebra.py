"""The algebra of the merge, on random triples of awkward items."""

import random

import oracle
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from soak import soak
from triples import SCHEMA, triple

from plaintrack.merge.item import Result, by_lines, merge
from plaintrack.text.parse import parse

RANDOM = st.randoms(use_true_random=False)
FAST = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def merged(base: bytes, ours: bytes, theirs: bytes) -> Result:
    return merge(base, ours, theirs, "a.md", SCHEMA)


def sets(data: bytes) -> dict[str, object]:
    """The fields with lists as sorted ones."""
    return {
        name: sorted(each) if isinstance(each, tuple) else each
        for name, each in oracle.fields(data).items()
    }


def lines(data: bytes) -> list[str]:
    return [line for line in oracle.head_and_body(data)[1] if line]


def check(rnd: random.Random) -> bool:
    """Everything that is promised, for one triple; whether all three texts differ."""
    base, ours, theirs = triple(rnd)
    if not all(parse("a.md", side, SCHEMA).fields for side in (ours, theirs, base or ours)):
        return False
    result, swapped = merged(base, ours, theirs), merged(base, theirs, ours)
    oracle.check(base, ours, theirs, result)
    assert result.clean == swapped.clean
    if not result.reason:
        assert {(clash.kind, clash.key) for clash in result.clashes} == {
            (clash.kind, clash.key) for clash in swapped.clashes
        }
    if result.clean:
        assert sets(result.data) == sets(swapped.data)
        assert lines(result.data) == lines(swapped.data)
    assert merged(base, ours, ours).data == ours
    assert merged(ours, ours, theirs).data == theirs
    assert merged(ours, theirs, ours).data == theirs
    return len({base, ours, theirs}) == 3


@FAST
@given(RANDOM)
def test_a_merge_keeps_what_it_promises(rnd: random.Random) -> None:
    check(rnd)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_many_merges_keep_what_they_promise(part: int) -> None:
    """4 × 1,000 triples at least, of three different texts each."""
    rnd = random.Random(part)
    assert sum(check(rnd) for _ in range(soak(2_500))) >= soak(1_000)


@FAST
@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40))
def test_any_bytes_can_be_merged(base: bytes, ours: bytes, theirs: bytes) -> None:
    """No crash, never clean unless no side is an item, and every line that one side added is in."""
    result = merged(base, ours, theirs)
    for one, two in ((ours, theirs), (theirs, ours)):
        if base not in (ours, theirs) and ours != theirs:
            for line in one.splitlines():
                if line and line not in base:
                    assert line.strip(b"\xef\xbb\xbf") in result.data, (one, two)


@FAST
@given(RANDOM)
def test_the_merge_by_lines_alone_loses_nothing_either(rnd: random.Random) -> None:
    base, ours, theirs = triple(rnd)
    found = by_lines(base, ours, theirs, "")
    before, one, two, data = (
        set(each.decode("utf-8-sig").splitlines()) for each in (base, ours, theirs, found.data())
    )
    assert (one | two) - before <= data
    assert data - {
        line for line in data if line.startswith(("<<<<<<<", "=======", ">>>>>>>"))
    } <= one | two | {""}
