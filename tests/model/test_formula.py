"""Formulas: what they come to, against Python's own arithmetic, and what is refused, with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.model import formula
from plaintrack.model.formula import BadFormula, Unscored, names, parse, value

GIVEN = {"a": 2.0, "b": 0.0, "c": -3.5, "cost of delay": 8.0}
ATOMS = st.sampled_from(["a", "b", "c", "1", "2.5", "10"])


def grown(inner):
    pair = st.tuples(inner, st.sampled_from([" + ", "-", " * ", "/"]), inner)
    return st.one_of(
        pair.map("".join),
        inner.map(lambda each: f"({each})"),
        inner.map(lambda each: f"-({each})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(
            lambda each: f"{each[0]}({each[1]}, {each[2]})"
        ),
    )


@given(st.recursive(ATOMS, grown, max_leaves=12))
def test_as_python_calculates(text):
    try:
        expected = eval(text, {"__builtins__": {}, "min": min, "max": max}, dict(GIVEN))
    except ZeroDivisionError:
        with pytest.raises(Unscored, match=r"division by zero: .* is 0"):
            value(parse(text), GIVEN)
    else:
        assert value(parse(text), GIVEN) == expected


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("a +", 4, "at the end"),
        ("", 1, "at the end"),
        ("(a", 3, "`)` is expected"),
        ("a b", 3, "unexpected 'b'"),
        ("a)", 2, "unexpected ')'"),
        ("a ** b", 4, "not '*'"),
        ("__import__('os')", 12, "not a part"),
        ("open(a)", 5, "unexpected '('"),
        ("a.b", 2, "not a part"),
        ("2x", 1, "not a part"),
        ("a < b", 3, "not a part"),
        ("min()", 5, "not ')'"),
        ("min(a,)", 7, "not ')'"),
        ("(" * 400, 31, "too deeply"),
        ("-" * 400 + "a", 31, "too deeply"),
        ("min(" * 100, 121, "too deeply"),
        ("a + " * 200, 0, "at most 500"),
        ("`", 1, "not a part"),
    ],
)
def test_what_is_refused(text, column, says):
    with pytest.raises(BadFormula) as raised:
        parse(text)
    assert says in raised.value.message
    assert column == raised.value.column


def test_names_in_order_each_once_also_those_that_are_no_words():
    tree = parse("max(c, a) + `cost of delay` / c - min")
    assert names(tree) == ("c", "a", "cost of delay", "min")
    assert value(parse("`cost of delay` * 2"), GIVEN) == 16


def test_the_longest_formula_is_read():
    tree = parse("+".join("a" * 250))
    assert value(tree, GIVEN) == 500
    assert len("+".join("a" * 250)) < formula.LONGEST


def test_too_large_is_not_a_number():
    big = {"a": 1e308}
    with pytest.raises(Unscored, match="too large"):
        value(parse("a * 10 - a * 10"), big)
    assert value(parse("1 / (a * 10)"), big) == 0
