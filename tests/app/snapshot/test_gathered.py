"""A portfolio of one repository says what that repository says; of several, what they say together."""

import json
import re
from collections import Counter

import pytest
from many_made import Many

from plaintrack.app.flow import forecast, metrics
from plaintrack.app.flow.view import Asked
from plaintrack.app.reporting import report
from plaintrack.app.snapshot import goals, workload
from plaintrack.render import draw
from plaintrack.show import forecast as shown_forecast
from plaintrack.show import goals as shown_goals
from plaintrack.show import metrics as shown_metrics
from plaintrack.show import plan as shown_plan
from plaintrack.show import workload as shown_workload
from plaintrack.store.portfolio.origin import origin

LINE = "of each repository the line counts that it publishes"
METRICS = [name for name in metrics.NAMES if name != "value"]


def _asked(request):
    """All questions; in the daily suite those that differ most."""
    if request.node.get_closest_marker("slow"):
        return QUESTIONS.items()
    return [(name, QUESTIONS[name]) for name in FEW]


def _slow(seeds):
    """Seeds for the long suite alone."""
    return [pytest.param(seed, marks=pytest.mark.slow) for seed in seeds]


def _json(document):
    return "".join(draw(document, "json"))


def _flow(snapshot, query="", by="", per="week", names=METRICS):
    asked = Asked(query, "2026-01-05", per=per)
    return _json(shown_metrics.records(metrics.told(snapshot, names, asked, by), "json"))


def _goals(snapshot):
    return _json(shown_goals.records(goals.standing(snapshot)))


def _alignment(snapshot):
    return _json(shown_goals.alignment_records(goals.alignment(snapshot, "", "2026-01-05")))


def _workload(snapshot, by, planned):
    wanted = workload.days(snapshot, "week")
    found = workload.workload(snapshot, "", by, wanted, planned)
    return _json(shown_workload.records(by, "week", found.rows, found.unknown, False, planned))


def _plan(snapshot):
    return _json(shown_plan.records(snapshot.plan, snapshot.plan.lines))


def _forecast(snapshot):
    return _json(
        shown_forecast.records(forecast.forecast(snapshot, forecast.Wanted()), True, "json")
    )


def _simulated(snapshot):
    found = forecast.simulated(snapshot, "", trials=5)
    return _json(shown_forecast.simulated_records(found, "json"))


def _weekly(snapshot, since):
    told = report.report(snapshot, "weekly", report.Asked(since=since)).document
    parts = [each for each in told.parts if not str(each).count("looked at")]
    return _json(told._replace(parts=parts))


QUESTIONS = {
    "flow": _flow,
    "flow of a query": lambda each: _flow(each, "type:bug or assignee:ana"),
    "flow by assignee": lambda each: _flow(each, "", "assignee"),
    "goals": _goals,
    **{
        f"weekly since {day}": lambda each, day=day: _weekly(each, day)
        for day in ("2026-01-01", "2026-01-12", "2026-02-01")
    },
    "alignment": _alignment,
    "plan": _plan,
    "forecast": _forecast,
    "by the plan": _simulated,
    **{
        f"workload by {by}{' planned' * planned}": lambda each, by=by, planned=planned: _workload(
            each, by, planned
        )
        for by in ("person", "team", "skill", "equipment", "project")
        for planned in (False, True)
    },
}


FEW = (
    "flow by assignee",
    "weekly since 2026-01-12",
    "goals",
    "alignment",
    "plan",
    "forecast",
    "workload by person",
)
"""What the daily suite asks."""


def _said(question, snapshot):
    """What a question gives, be it an error."""
    from plaintrack.errors import PlaintrackError

    try:
        return question(snapshot)
    except PlaintrackError as error:
        return f"{error.slug}: {error.message}"


@pytest.mark.parametrize("seed", [0, *_slow(range(12))])
def test_a_portfolio_of_one_says_what_the_repository_says(tmp_path, seed, request):
    """Every question, word for word, but for the name before the ids."""
    many = Many(tmp_path).grown("api", seed)
    many.tell("api")
    alone, together = many.local("api"), many.gathered()
    for name, question in _asked(request):
        found = re.sub(r"\bapi/|,?\s*" + re.escape(f'"{LINE}"'), "", _said(question, together))
        assert found == _said(question, alone), name
    assert not together.notes


def _rows(text, name):
    """The rows of a metric, as texts."""
    (found,) = (each for each in json.loads(text)["metrics"] if each["metric"] == name)
    beside = ("85% left by", "half left by", "older than %")  # what others have a part in
    rows = ({key: row[key] for key in row if key not in beside} for row in found["rows"])
    return Counter(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize("seed", [1, *_slow(range(2, 8))])
def test_repositories_that_share_nothing_say_together_what_each_says_alone(tmp_path, seed):
    """Each item as it is alone; what can be added up is added up."""
    many = Many(tmp_path)
    many.grown("api", seed, ("ana", "bob")).grown("web", seed + 100, ("cid", "dia"), prefix="W")
    many.tell("api", "web")
    alone = [many.gathered("api"), many.gathered("web")]
    both = many.gathered()
    flows, flow = [_of_days(each) for each in alone], _of_days(both)
    for name in ("cycle-time", "lead-time", "work-item-age", "on-time", "blocked"):
        assert _rows(flow, name) == _rows(flows[0], name) + _rows(flows[1], name), name
    for name, key in (("throughput", "period"), ("wip", "day")):
        counts = [_counts(each, name, key) for each in (*flows, flow)]
        assert counts[0] + counts[1] == counts[2], name
    plans = [{line.id: line for line in each.plan.lines} for each in (*alone, both)]
    assert plans[2].keys() == plans[0].keys() | plans[1].keys()
    lines = {**plans[0], **plans[1]}
    assert {key: (line.start, line.end, line.who, line.why) for key, line in plans[2].items()} == {
        key: (line.start, line.end, line.who, line.why) for key, line in lines.items()
    }
    loads = [_loads(each) for each in (*alone, both)]
    unassigned = loads[0].pop("", 0) + loads[1].pop("", 0)
    assert loads[2].pop("", 0) == pytest.approx(unassigned)
    assert loads[2] == {**loads[0], **loads[1]}


def _of_days(snapshot):
    """What is told of each item, or can be added up day by day."""
    names = ["cycle-time", "lead-time", "work-item-age", "on-time", "blocked", "throughput", "wip"]
    return _flow(snapshot, per="day", names=names)


def _counts(text, name, key):
    """Period or day → items; without those that have none."""
    (found,) = (each for each in json.loads(text)["metrics"] if each["metric"] == name)
    return +Counter({row[key]: row["items"] for row in found["rows"]})


def _loads(snapshot):
    """Person → minutes of work in the next weeks."""
    found = workload.workload(snapshot, "", "person", workload.days(snapshot, "week"))
    return {row.name: sum(each.planned for each in row.buckets) for row in found.rows}


@pytest.mark.parametrize("seed", [5, *_slow([5, 7])])
def test_postgresql_and_folders_give_the_same(tmp_path, database, seed, request):
    """From the tables the same rows come as from the files that were loaded into them."""
    many = Many(tmp_path)
    many.grown("api", seed).grown("web", 6, ("bob", "cid"), prefix="W", private=False)
    many.item("web", "W-3", type="project", depends_on="api/T-4", goal="api/T-1")
    many.commit("web", 31)
    many.tell("api", "web")
    many.load(database, "api", "web")
    one, two = many.gathered(), many.gathered(source=origin(database))
    for name, question in _asked(request):
        assert _said(question, one) == _said(question, two), name
    names = ["api", "web"]
    assert one.source.crossing(names) == two.source.crossing(names) == {("web", "api")}
    assert one.notes == two.notes
    two.source.close()
