"""Views in every command and query, and people by ``@``."""

import json

import pytest

VIEWS = """
views:
  mine: {query: 'assignee:ana', sort: -id, columns: [id, title], format: csv}
  late: {query: 'view:mine is:overdue'}
  few: {query: 'limit:1'}
  one: {query: 'view:two'}
  two: {query: 'view:one'}
"""


@pytest.fixture
def work(empty):
    (empty.folder / "tasks").mkdir()
    (empty.folder / "plaintrack.yml").write_text("ids: {prefix: T}\n" + VIEWS)
    for item, *lines in (
        ("T-1", "status: todo", "assignee: ana"),
        ("T-2", "status: todo", "assignee: ben"),
        ("T-3", "status: done", "assignee: ana"),
        ("T-4", "status: todo", "assignee: ana", "due: 2026-01-01"),
    ):
        text = "\n".join(
            ("---", f"id: {item}", f"title: Work {item}", *lines, "---", "", "Ask @zoe")
        )
        (empty.folder / f"tasks/{item}.md").write_text(text)
    return empty


def ids(shell, *query):
    return shell("list", *query, "--format", "ids", "--sort", "id").split()


def test_a_view_is_a_term(work):
    assert ids(work, "view:mine") == ["T-1", "T-4"]
    assert ids(work, "view:mine", "is:done") == ["T-3"]
    assert ids(work, "-view:mine") == ["T-2"]
    assert ids(work, "view:Late") == ["T-4"]
    for query, told in (
        ("view:few", "has a limit:, which has no meaning in a term"),
        ("view:one", "the view 'one' names itself"),
        ("view:mien", "did you mean mine?"),
    ):
        work("list", query, code=2)
        assert told in work.err


def test_a_view_gives_its_order_columns_and_form(work):
    assert work("list", "--view", "mine") == "id,title\nT-4,Work T-4\nT-1,Work T-1\n"
    assert work("next", "--view", "mine").startswith("id,title\nT-4")
    assert work("list", "--view", "mine", "--format", "ids") == "T-4\nT-1\n"
    assert work("search", "Work", "--view", "mine", "--format", "ids") == "T-4\nT-3\nT-1\n"
    board = json.loads(work("board", "--view", "mine", "--format", "json"))["columns"]
    assert [[each["id"] for each in column["items"]] for column in board if column["items"]] == [
        ["T-4", "T-1"],
        ["T-3"],
    ]
    assert json.loads(work("stats", "--view", "mine", "--format", "json"))["total"] == 3
    work("board", "--view", "mien", code=2)
    assert "did you mean 'mine'?" in work.err


def test_without_arguments_the_view_of_the_settings(work):
    with (work.folder / "plaintrack.yml").open("a") as file:
        file.write("view: mine\n")
    assert work("list") == work() == work("list", "--view", "mine")
    assert ids(work) == ["T-1", "T-2", "T-4"]
    text = (work.folder / "plaintrack.yml").read_text().replace("view: mine\n", "view: mien\n")
    (work.folder / "plaintrack.yml").write_text(text)
    work("list", code=2)
    assert "there is no view 'mien'" in work.err


def test_someone_by_name(work):
    assert ids(work, "@ana") == ["T-1", "T-4"]
    assert ids(work, "@Ben", "or", "@ana") == ["T-1", "T-2", "T-4"]
    assert ids(work, "-@ana") == ["T-2"]
    assert ids(work, "@zoe") == ["T-1", "T-2", "T-4"]  # no one here: text


def test_views_of_trees_and_changes(work):
    for item, above in (("T-5", "T-4"), ("T-1", "T-5"), ("T-2", "T-1")):
        path = work.folder / f"tasks/{item}.md"
        text = (
            path.read_text()
            if path.exists()
            else f"---\nid: {item}\ntitle: {item}\nstatus: todo\n---\n"
        )
        path.write_text(text.replace("---\n", f"---\nparent: {above}\n", 1))
    rows = json.loads(work("tree", "--view", "mine", "--format", "json"))["items"]
    # what is below another of the view stands below it
    assert [(row["id"], row["level"]) for row in rows] == [
        ("T-4", 0), ("T-5", 1), ("T-1", 2), ("T-2", 3), ("T-3", 0),
    ]  # fmt: skip
    assert work("tree", "--view", "mine").startswith("level,id")  # the form of the view
    work("tree", "T-1", "--view", "mine", code=2)
    assert "give items or --view" in work.err
    said = work("set", "--view", "mine", "--where", "is:open", "priority=low", "--yes")
    assert [line.split()[0] for line in said.splitlines()] == ["T-1", "T-4"]
    work("set", "--view", "mine", "priority=high", stdin="n\n", code=1)
    assert "Change 3 of 3 items?" in work.err
    assert "T-4  Work T-4  priority: low → high" in work.err
    work("set", "T-1", "--view", "mine", "priority=high", code=2)
    cards = work("export", "ical", "--view", "mine", "--what", "due")
    assert cards.count("BEGIN:VTODO") == 1
