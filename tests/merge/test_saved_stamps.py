"""The time of the last save that other trackers write down never stands in the way of a merge."""

import pytest

from plaintrack.merge.values import DIFFER, later
from plaintrack.model.fields import SAVED, schema

HEAD = "---\nid: PT-1\ntitle: One\nstatus: {}\npriority: {}\n{}: {}\n---\n"


def both(key, ours, theirs, base="2026-01-01T10:00:00Z"):
    from plaintrack.merge.item import merge

    sides = (
        HEAD.format("todo", "low", key, base),
        HEAD.format("review", "low", key, ours),
        HEAD.format("todo", "high", key, theirs),
    )
    return merge(*(each.encode() for each in sides), "tasks/a.md", schema())


@pytest.mark.parametrize("key", sorted(SAVED))
@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("2026-01-02T10:00:00Z", "2026-01-03T09:00:00Z"),
        ("'2026-01-02 10:00'", "'2026-01-02 10:01'"),
        ("2026-01-02", "2026-01-03"),
        ("2026-01-02T10:00:00+05:00", "2026-01-02T09:00:00Z"),
        ("2026-01-02T10:00:00.000+01:00", "2026-01-02T10:00:00.500+01:00"),
    ],
)
def test_the_later_save_holds(key, early, late):
    for ours, theirs in ((early, late), (late, early)):
        merged = both(key, ours, theirs)
        assert not merged.clashes
        text = merged.data.decode()
        assert f"{key}: {late}\n" in text
        assert "status: review\npriority: high\n" in text


def test_what_is_no_moment_and_other_keys_stay_in_dispute():
    assert both("updated", "yesterday", "2026-01-02").clashes
    assert both("reviewed_at", "2026-01-03", "2026-01-02").clashes
    assert later(("2026-01-01",), "2026-01-02", "") is DIFFER
