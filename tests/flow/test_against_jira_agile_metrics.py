"""Cycle times against jira-agile-metrics itself, where it is installed:
`pip install jira-agile-metrics pandas`.
"""

import random
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from test_metrics_by_hand import view

from plaintrack.flow import metrics

START = datetime(2026, 1, 1, 9)
ORDER = ("todo", "doing", "review", "done")


class Issues:
    """The status changes of random lives, as jira-agile-metrics asks for them."""

    jira = SimpleNamespace(_options={"server": "https://jira.example"})

    def __init__(self, lives):
        self.lives = lives

    def find_issues(self, _query):
        for name, events in self.lives.items():
            fields = SimpleNamespace(
                issuetype=SimpleNamespace(name="Task"),
                summary=name,
                status=SimpleNamespace(name=events[-1][1]),
                resolution=None,
                resolutiondate=None,
            )
            yield SimpleNamespace(key=name, fields=fields)

    def iter_changes(self, issue, _fields):
        before = None
        for day, status, _ in self.lives[issue.key]:
            when = START + timedelta(days=day)
            yield SimpleNamespace(change="status", from_string=before, to_string=status, date=when)
            before = status


@pytest.mark.parametrize("seed", range(20))
def test_cycle_times_are_theirs_and_one_day_more(seed):
    theirs = pytest.importorskip("jira_agile_metrics.calculators.cycletime")
    rng = random.Random(seed)
    lives = {
        f"t-{number}": [
            (day, "todo" if at == 0 else rng.choice(ORDER), {})
            for at, day in enumerate(sorted(rng.sample(range(40), rng.randint(2, 7))))
        ]
        for number in range(30)
    }
    kinds = ("backlog", "accepted", "accepted", "complete")
    cycle = [
        {"name": name, "statuses": [name], "type": kind}
        for name, kind in zip(ORDER, kinds, strict=True)
    ]
    frame = theirs.calculate_cycle_times(
        Issues(lives), cycle, {}, "todo", "done", [{"jql": ""}], now=START + timedelta(days=41)
    )
    expected = {
        row["key"]: row["cycle_time"].days + 1
        for _, row in frame.iterrows()
        if row["cycle_time"] == row["cycle_time"]  # not NaT
    }
    found = {row[0]: row[4] for row in metrics.cycle_time(view(lives, 41)).rows}
    # What went from backlog to done at once has no cycle time there, and one day here.
    jumped = {row["key"] for _, row in frame.iterrows() if row["done"] == row["done"]} - {*expected}
    assert expected
    assert found == expected | dict.fromkeys(jumped, 1)
