"""Which texts lead to an item of another repository."""

import pytest

from plaintrack.model.ids import elsewhere


@pytest.mark.parametrize(
    ("text", "repository", "item"),
    [
        ("api/PT-7", "api", "PT-7"),
        ("web.front-end/WEB-7k3q9x", "web.front-end", "WEB-7k3q9x"),
        ("Api/task-12.1", "Api", "task-12.1"),
        ("docs_2/17", "docs_2", "17"),
    ],
)
def test_a_name_and_an_id_lead_elsewhere(text, repository, item):
    """By the name of the repository and the whole id of an item there."""
    assert elsewhere(text, ("tasks", "work/archive"), "PT") == (repository, item)


@pytest.mark.parametrize(
    "text",
    [
        *("PT-7", "", "/", "api/", "/PT-7", "api/PT", "api/PT-", "api//PT-7", "a/b/PT-7", "api/7x"),
        *("tasks/PT-7", "Tasks/PT-7", "archive/PT-7", "PT-7/PT-8", "pt-7/PT-8"),
        *("tasks/PT-7-login.md", "api/PT-7.md", "api/PT-7.MD", "api/PT 7", "api/PT-7\n"),
        *(
            "https://x/PT-7",
            "../api/PT-7",
            ".api/PT-7",
            "ápi/PT-7",
            "api/PT-é",
            "api/PT-" + "x" * 80,
        ),
    ],
)
def test_a_slip_leads_nowhere(text):
    """Paths, folders of the workspace, its own ids and texts without the form of an id."""
    assert elsewhere(text, ("tasks", "work/archive"), "PT") is None
