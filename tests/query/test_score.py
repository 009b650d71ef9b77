"""Scoring models: what is unscored and why, the known models, and the order that does not depend on units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.config.scoring import Model
from plaintrack.config.settings import read
from plaintrack.model.task import Task
from plaintrack.query.score import BadModel, UnknownModel, score, scoring


def settings(scores, **more):
    return read({"scores": scores, **more})


def scored(scores, fields, **more):
    found = settings(scores, **more)
    return score(scoring(found.scores, found.schema), Task("a.md", "a", fields), found.schema)


ALL = {"value": "8", "time_criticality": "3", "risk_reduction": "1", "estimate": "1d", "reach": "400", "impact": "2", "confidence": "0.8",
       "ease": "3"}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "expected"),
    [("wsjf", 12 / 8), ("rice", 400 * 2 * 0.8 / 8), ("ice", 2 * 0.8 * 3)],
)
def test_the_known_models(model, expected):
    assert scored({model: ""}, ALL).value == pytest.approx(expected)
    for name, _ in scored({model: ""}, ALL).inputs:
        lacking = {key: each for key, each in ALL.items() if key != name}
        found = scored({model: ""}, lacking)
        assert found.value is None
        assert found.why == f"no {name}"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "no priority, no estimate"),
        ({"priority": "low", "estimate": "1h"}, "priority 'low' has no number"),
        ({"priority": "HIGH", "estimate": "soon"}, "estimate 'soon' is not a duration"),
        ({"priority": "high", "estimate": "0h"}, "division by zero: estimate is 0"),
        ({"priority": "high", "estimate": "2h"}, ""),
    ],
)
def test_why_an_item_is_unscored(fields, why):
    found = scored({"own": {"formula": "priority / estimate", "priority": {"high": "5"}}}, fields)
    assert found.why == why
    assert (found.value is None) == bool(why)
    assert found.value in (None, 2.5)


def test_days_and_weeks_are_hours_of_work():
    for text, hours in (("1w", 40), ("2d", 16), ("90m", 1.5)):
        assert scored({"own": "estimate"}, {"estimate": text}).value == hours
    assert scored({"own": "estimate"}, {"estimate": "1w"}, day="6h", week="4d").value == 24
    found = settings({"own": "estimate"}, fields={"estimate": {"type": "number"}})
    points = Task("a", "a", {"estimate": "3"})
    assert score(scoring(found.scores, found.schema), points, found.schema).value == 3


def test_a_formula_declares_what_it_names():
    found = settings(
        {"own": {"formula": "benefit * size / `cost-of-delay`", "size": {"S": "1", "L": "3"}}}
    )
    assert [found.schema.fields[name].kind for name in ("benefit", "size", "cost-of-delay")] == [
        "number",
        "choice",
        "number",
    ]
    assert found.schema.fields["size"].choices == ("S", "L")
    kept = settings({"own": "benefit"}, fields={"benefit": {"type": "duration", "key": "gain"}})
    assert kept.schema.fields["benefit"].kind == "duration"
    assert (
        score(
            scoring(kept.scores, kept.schema), Task("a", "a", {"benefit": "30m"}), kept.schema
        ).value
        == 0.5
    )
    by_key = settings({"own": "gain"}, fields={"benefit": {"type": "duration", "key": "gain"}})
    assert "gain" not in by_key.schema.fields
    assert (
        score(
            scoring(by_key.scores, by_key.schema), Task("a", "a", {"benefit": "30m"}), by_key.schema
        ).value
        == 0.5
    )


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (Model("a +"), "at the end"),
        (Model(""), "no formula"),
        (Model("3 * 4"), "names no field"),
        (Model("tags * 2"), "tags is a list"),
        (Model("due + 1"), "due is not a number but a date"),
        (Model("priority"), "priority is not a number but a choice"),
        (Model("priority", {"priority": {"urgent": 3}}), "'urgent' is not a priority"),
        (Model("estimate", {"estimate": {"1h": 3}}), "needs no numbers|need no numbers"),
        (Model("estimate", {"priority": {"high": 3}}), "does not name priority"),
        (Model("urgency"), "worked out from other fields"),
        (Model("score"), "worked out from other fields"),
        (Model("id", {"id": {"a": 1}}), "id is not a number"),
    ],
)
def test_models_that_cannot_be_used(model, says):
    with pytest.raises(BadModel, match=says):
        scoring({"own": model}, settings({}).schema)


def test_unknown_models_are_named():
    with pytest.raises(UnknownModel, match="no scoring models"):
        scoring({}, settings({}).schema)
    with pytest.raises(UnknownModel) as raised:
        scoring({"wsjf": Model()}, settings({"wsjf": ""}).schema, "wsfj")
    assert raised.value.hint == "did you mean 'wsjf'?"


NUMBERS = st.lists(
    st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 20), st.integers(1, 400)),
    min_size=2,
    max_size=9,
)


@given(NUMBERS, st.sampled_from([2, 8, 64]), st.sampled_from(["wsjf", "rice"]))
def test_scaling_all_efforts_leaves_the_order(rows, scale, model):
    """By powers of two, so that no rounding hides what is asked."""
    found = settings({"wsjf": "", "rice": ""})
    chosen = scoring(found.scores, found.schema, model)

    def order(factor):
        names = (
            ("value", "time_criticality", "risk_reduction")
            if model == "wsjf"
            else ("reach", "impact", "confidence")
        )
        values = []
        for row in rows:
            fields = {
                **dict(zip(names, map(str, row), strict=False)),
                "estimate": f"{row[3] * factor}m",
            }
            values.append(score(chosen, Task("a", "a", fields), found.schema).value)
        return sorted(range(len(rows)), key=lambda at: (-values[at], at))

    assert order(1) == order(scale)
