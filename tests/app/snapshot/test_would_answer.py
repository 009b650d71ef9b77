"""Whether an item as it would be answers a query: as the index says once it is written."""

from plaintrack.app.follow import opened
from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.approvals import would_answer

QUERIES = (
    *(f"is:{name}" for name in ("open", "ready", "blocked", "blocking", "overdue", "unassigned")),
    "status:review or priority:high",
    "under:PT-gqc33t",
    "kind:project",
    "progress:50..",
    "urgency:8..",
    "state:blocked",
    "has:due -tags:auth",
    "has:mentions",
    "total_spent:1h..",
    "spent:1h..",
    "export",
)


def test_it_answers_as_it_will(example, monkeypatch):
    monkeypatch.chdir(example.folder)
    monkeypatch.setenv("PLAINTRACK_NOW", example.env["PLAINTRACK_NOW"])
    here = opened()
    tasks = [find.view(here, each.path) for each in answers.all_tasks(here)]
    for query in QUERIES:
        found = {each.path for each in answers.tasks(here, answers.question(here, query))}
        some = [each for each in tasks if each.path in found][:3]
        others = [each for each in tasks if each.path not in found][:3]
        assert some, query
        assert all(would_answer(here, query, each) for each in some), query
        assert not any(would_answer(here, query, each) for each in others), query
