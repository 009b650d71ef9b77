"""Scoring models as the settings define them, and those that are known by name."""

from collections.abc import Mapping
from typing import NamedTuple


class Model(NamedTuple):
    """A scoring model: its formula (empty: that of its name), and for fields that are not numbers
    the number of each value.
    """

    formula: str = ""
    weights: Mapping[str, Mapping[str, float]] = {}
    doc: str = ""


FORMULAS = {
    "wsjf": "(value + time_criticality + risk_reduction) / estimate",
    "rice": "reach * impact * confidence / estimate",
    "ice": "impact * confidence * ease",
}
"""The formulas of the scoring models that are known by name; see query.score."""


INPUT = "An input of the scoring model "
"""How the description of a field begins that only a formula names."""
