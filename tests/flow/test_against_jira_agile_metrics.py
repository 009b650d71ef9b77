"""Cycle times against those of jira-agile-metrics 0.24: its answers for random lives stand in a table beside this file.

The table says for each life its moves, and the days there, "" where it never ended, and "-" where it jumped from backlog to done.
Where jira-agile-metrics is installed (`pip install jira-agile-metrics pandas`), it is asked again.
"""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_metrics_by_hand import view

from plaintrack.flow import metrics

START = datetime(2026, 1, 1, 9)
ORDER = ("todo", "doing", "review", "done")
TABLE = Path(__file__).with_name("jira_agile_metrics.csv")


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


def table():
    """Twenty sets of lives, each with the answers: set → (life → moves, life → answer)."""
    sets = {}
    with TABLE.open(newline="") as rows:
        for number, name, moves, days in csv.reader(rows):
            lives, answers = sets.setdefault(number, ({}, {}))
            pairs = (move.split() for move in moves.split(","))
            lives[name] = [(int(day), status, {}) for day, status in pairs]
            answers[name] = days
    return sets


SETS = table()


def asked(theirs, lives):
    """What jira-agile-metrics says of lives."""
    kinds = ("backlog", "accepted", "accepted", "complete")
    cycle = [
        {"name": name, "statuses": [name], "type": kind}
        for name, kind in zip(ORDER, kinds, strict=True)
    ]
    frame = theirs.calculate_cycle_times(
        Issues(lives), cycle, {}, "todo", "done", [{"jql": ""}], now=START + timedelta(days=41)
    )
    answers = dict.fromkeys(lives, "")
    for _, row in frame.iterrows():
        if row["cycle_time"] == row["cycle_time"]:  # not NaT
            answers[row["key"]] = str(row["cycle_time"].days)
        elif row["done"] == row["done"]:
            answers[row["key"]] = "-"
    return answers


@pytest.mark.parametrize("number", SETS)
def test_cycle_times_are_theirs_and_one_day_more(number):
    lives, answers = SETS[number]
    found = {row[0]: row[4] for row in metrics.cycle_time(view(lives, 41)).rows}
    assert any(days not in ("", "-") for days in answers.values())
    # What went from backlog to done at once has no cycle time there, and one day here.
    assert found == {
        name: 1 if days == "-" else int(days) + 1 for name, days in answers.items() if days
    }


def test_the_table_is_what_jira_agile_metrics_says():
    theirs = pytest.importorskip("jira_agile_metrics.calculators.cycletime")
    assert {number: asked(theirs, lives) for number, (lives, _) in SETS.items()} == {
        number: answers for number, (_, answers) in SETS.items()
    }
