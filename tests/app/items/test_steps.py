"""Steps of the workflow and dates, for named items and for all that a query finds."""

import pytest

ITEM = "---\nid: PT-{0}\ntitle: Item {0}\nstatus: {1}\n{2}---\n"
ALLOWED = "checks:\n  transition: {allowed: {todo: [in-progress, cancelled], in-progress: [review], review: [done]}}\n"


@pytest.fixture
def place(empty):
    (empty.folder / "plaintrack.yml").write_text(
        "folders: [tasks]\ntimezone: UTC\npeople: {ana: {name: Ana}}\n"
    )
    for item, status, more in (
        ("aaaaaa", "todo", "due: 2026-12-01\n"),
        ("bbbbbb", "todo", "due: 2026-12-04T10:00:00+00:00\n"),
        ("cccccc", "todo", ""),
        ("dddddd", "done", ""),
    ):
        path = empty.folder / f"tasks/PT-{item}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(ITEM.format(item, status, more))
    return empty


def test_a_date_moves_from_where_it_is(place):
    said = place("set", "aaa", "bbb", "ccc", "due+=3d", "priority=high")
    assert "PT-aaaaaa  due moved 1 Dec → 4 Dec 2026; priority: (none) → high" in said
    assert "due: 2026-12-04T10:00:00+00:00 → 2026-12-07T10:00:00+00:00" in said
    assert "PT-cccccc  priority: (none) → high" in said
    assert "PT-cccccc has no due to move" in place.err
    assert "due moved 4 Dec → 27 Nov 2026" in place("set", "aaa", "due-=1w")
    assert "due moved 27 Nov → 4 Dec 2026" in place("set", "aaa", "due+=5bd")
    assert "due moved 4 Dec 2026 → 4 Jan 2027" in place("set", "aaa", "due+=1mo")
    place("set", "aaa", "due+=fri", code=2)
    assert "'fri' is not a time to move a date by" in place.err


def test_snooze_and_assign(place):
    assert "PT-aaaaaa  wait: (none) → 2026-11-27" in place("snooze", "aaa", "fri")
    assert "(none)" in place("snooze", "aaa", "none")
    assert "PT-bbbbbb  assignee + ana" in place("assign", "aaa", "bbb", "ANA")
    assert "assignee + ben" in place("assign", "aaa", "@ben", "--add")
    assert "no person or team here has the name 'ben'" in place.err
    assert place("list", "assignee:ana", "--format", "ids").split() == ["PT-aaaaaa", "PT-bbbbbb"]
    place("assign", "aaa", "none")
    assert "assignee" not in (place.folder / "tasks/PT-aaaaaa.md").read_text()
    assert "assignee + ana" in place("set", "aaa", "assignee=@ana")  # as PT615 wants it
    place("assign", "ana", code=2)
    assert "give items, or --where QUERY" in place.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("start",), "status: todo → in-progress"),
        (("cancel",), "status: todo → cancelled"),
        (("done",), "status: todo → done"),
        (("assign", "ana"), "assignee + ana"),
        (("snooze", "fri"), "wait: (none) → 2026-11-27"),
    ],
)
def test_all_that_a_query_finds_after_a_preview(place, words, said):
    place(*words, "--where", "has:due", stdin="n\n", code=1)
    assert f"PT-aaaaaa  Item aaaaaa  {said}" in place.err
    assert "Change 2 items?" in place.err
    assert place("undo", "--list") == ""
    assert place(*words, "--where", "has:due", stdin="y\n").count(said) == 2
    place("undo")
    assert place(*words, "--where", "has:due", "--yes").count(said) == 2
    place(*words, "--where", "title:nothing")
    assert "nothing to change" in place.err
    place(
        *words,
        *(["aaa"] if len(words) == 1 else []),
        "--where",
        "x",
        code=2 if len(words) == 1 else 0,
    )


def test_archive_and_reopen_by_query(place):
    assert "moved: tasks/PT-dddddd.md → archive/PT-dddddd.md" in place(
        "archive", "--where", "", "--yes"
    )
    said = place("reopen", "--where", "is:archived", "--yes")
    assert "status: done → todo; moved: archive/PT-dddddd.md → tasks/PT-dddddd.md" in said
    place("done", "ddd")
    place("archive", "ddd")
    assert "moved: archive" in place("reopen", "ddd")


def test_a_step_with_a_comment_is_one_command(place):
    said = place("done", "aaa", "-m", "As agreed.")
    assert "status: todo → done; comment added" in said
    assert "As agreed." in place("show", "aaa")
    assert "comment added" in place("done", "ddd", "-m", "Late.")
    place("undo")
    place("undo")
    assert "As agreed." not in place("show", "aaa")


def test_only_allowed_steps_are_taken(place):
    with (place.folder / "plaintrack.yml").open("a") as handle:
        handle.write(ALLOWED)
    for words in (("done", "aaa"), ("set", "aaa", "status=done"), ("set", "ccc", "aaa", "status:review"), ("done", "--where", "", "--yes")):  # fmt: skip
        place(*words, code=1)
        assert " may not go from todo to " in place.err
        assert "after todo comes in-progress or cancelled" in place.err
    assert place("undo", "--list") == ""
    place("start", "aaa")
    place("set", "aaa", "status=review")
    place("done", "aaa")
    said = place("done", "bbb", "--force", "hotfix")
    assert "status: todo → done; comment added" in said
    assert "Forced: todo → done: hotfix" in place("show", "bbb")
    assert "comment added" not in place("start", "ccc", "--force", "not needed")


def test_triage_and_project_close_take_only_allowed_steps(place, monkeypatch):
    from plaintrack.app.follow import opened
    from plaintrack.app.items import triage
    from plaintrack.app.items.steps import NotAllowed

    with (place.folder / "plaintrack.yml").open("a") as handle:
        handle.write("checks: {transition: {allowed: {todo: [in-progress]}}}\n")
    (place.folder / "tasks/PT-pppppp.md").write_text(
        ITEM.format("pppppp", "todo", "type: project\n")
    )
    for path in (place.folder / "tasks").iterdir():
        path.chmod(0o644)
    before = {path: path.read_bytes() for path in (place.folder / "tasks").iterdir()}
    monkeypatch.chdir(place.folder)
    here = opened()
    for verb, words in ((triage.decline, "Not ours."), (triage.duplicate, "bbb")):
        with pytest.raises(NotAllowed, match="may not go from todo to cancelled"):
            verb(here, "aaa", words)
    place("project", "close", "ppp", code=1)
    assert "may not go from todo to done" in place.err
    assert {path: path.read_bytes() for path in before} == before
    triage.decline(opened(), "aaa", "Not ours.", force="spam")
    shown = place("show", "aaa")
    assert "Declined: Not ours." in shown
    assert "Forced: todo → cancelled: spam" in shown
    assert "moved: tasks/PT-pppppp.md" in place("project", "close", "ppp", "--force", "agreed")
    assert "Forced: todo → done: agreed" in place("show", "ppp")


MOVERS = """owners: [{query: 'tags:auth', of: [leads]}]
groups: {leads: [ana]}
checks: {who-moves: {status: {done: [owner], cancelled: [leads], todo: [owner, ben]}}}
"""


def test_only_movers_move(place):
    """By owners of the settings, groups and names; --force says why; others move it elsewhere."""
    with (place.folder / "plaintrack.yml").open("a") as handle:
        handle.write(MOVERS)
    (place.folder / "tasks/PT-aaaaaa.md").write_text(
        ITEM.format("aaaaaa", "todo", "tags: [auth]\n")
    )
    place.git("config", "user.name", "ben")
    for words in (("done", "aaa"), ("cancel", "aaa"), ("set", "aaa", "status=done"), ("done", "--where", "", "--yes")):  # fmt: skip
        place(*words, code=1)
        assert " here: you are ben" in place.err, words
        assert "only ana may do that; `--force REASON` does it" in place.err
    place("done", "bbb", code=1)
    assert "only owner may do that, and it names no one" in place.err
    place("add", "New", "status=cancelled", code=1)
    assert "a new item cannot become cancelled here" in place.err
    assert "add it with another status" in place.err
    place("add", "New", "tags=auth", "status=done", code=1)
    assert "a new item cannot become done here: you are ben" in place.err
    assert "only ana may do that; add it with another status" in place.err
    assert place("undo", "--list") == ""
    place("start", "aaa")
    assert "todo → done" not in place("set", "ddd", "priority=low")
    place("reopen", "ddd")
    assert "Forced: in-progress → done: Ana is away" in place(
        "done", "aaa", "--force", "Ana is away"
    ) + place("show", "aaa")
    place.env.update(EDITOR="sed -i s/todo/cancelled/", VISUAL="sed -i s/todo/cancelled/")
    place("add", "From an editor", "--edit", code=1)
    assert "a new item cannot become cancelled here" in place.err
    place("edit", "ccc")
    assert "it became cancelled, and only ana may do that" in place.err
    place.git("config", "user.name", "ana")
    assert "created: New" in place("add", "New", "tags=auth", "status=done")
    assert "todo → done" in place("done", "--where", "tags:auth or id:aaa", "--yes") + place(
        "reopen", "aaa", "--force", "again"
    ) + place("done", "aaa")


def test_movers_of_a_part_of_the_work(place):
    """An override holds where it is about the item; one that switches the check off, too."""
    with (place.folder / "plaintrack.yml").open("a") as handle:
        handle.write(
            "checks:\n  overrides:\n"
            "  - {query: 'has:due', checks: {who-moves: {status: {done: [ana]}}}}\n"
            "  - {paths: [tasks/PT-bbbbbb.md], checks: {who-moves: off}}\n"
        )
    place("done", "aaa", code=1)
    assert "only ana may do that" in place.err
    assert place("done", "bbb", "ccc").count("todo → done") == 2
    place("add", "New", "due=2026-12-01", "status=done", code=1)
    assert "only ana may do that" in place.err
    assert "created: New" in place("add", "New", "status=done")
