"""Value against a baseline commit, and the trend of milestones, in a real history."""

from history_made import START, Made

from plaintrack.app.flow.metrics import metric
from plaintrack.app.flow.view import Asked


def test_a_baseline_is_what_was_estimated_and_dated_then(tmp_path):
    made = Made(tmp_path / "w")
    due = [(START.replace(day=day)).isoformat() for day in (9, 16, 23)]
    made.item("T-1", estimate="1d", start=due[0], due=due[0])
    made.item("T-2", estimate="1d", due=due[1])
    made.item("T-3", estimate="2d")  # without dates
    made.item("T-4", due=due[1])  # without an estimate
    made.item("M-1", type="milestone", due=due[1])
    made.commit(0)
    made.git("tag", "v1")
    made.item("T-1", "done", estimate="3d", due=due[2])  # what is changed later does not count
    made.item("M-1", type="milestone", due=due[2])
    made.commit(6)
    (made.folder / "tasks/T-2.md").unlink()
    made.item("T-5", "done", estimate="9d", due=due[0])
    made.commit(8)
    told = metric(made.snapshot(8), "value", Asked(baseline="v1"))
    facts = told.answer.facts
    assert (facts["items"], facts["BAC"], facts["PV"], facts["EV"]) == (2, 16, 8, 8)
    assert "1 item of the baseline cancelled or deleted: it earns nothing" in told.answer.notes
    assert "left out: 1 item without an estimate" in told.answer.notes
    assert "left out: 1 item without a due day" in told.answer.notes
    told = metric(made.snapshot(8), "value", Asked(baseline="v1"), "type")
    assert [(each.value, each.facts["EV"]) for each in told.groups] == [("", 8)]
    assert not metric(made.snapshot(8), "milestones", Asked("other")).answer.rows
    assert len(metric(made.snapshot(8), "milestones", Asked("due:..2026-12-31")).answer.rows) == 2
    trend = metric(made.snapshot(8), "milestones", Asked()).answer
    assert [(row[0], row[4], row[5]) for row in trend.rows] == [
        ("M-1", 0, "Ana"),
        ("M-1", 7, "Ana"),
    ]
    assert trend.facts == {"milestones": 1, "slipped": 1, "most days": 7}
