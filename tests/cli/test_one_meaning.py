"""A query means the same items wherever it stands; where a part of it makes no sense, it is refused there."""

import json

import pytest


def item(shell, id, title, **fields):
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    (shell.folder / f"tasks/{id}.md").write_text(
        f"---\nid: {id}\ntitle: {title}\n{lines}---\nSee PT-aaaaaa.\n"
    )


@pytest.fixture
def work(empty):
    """Four items whose order by urgency is not that of their ids."""
    empty("init")
    item(empty, "PT-aaaaaa", "one", status="todo")
    item(empty, "PT-bbbbbb", "two", status="review", priority="critical", due="2020-01-01")
    item(empty, "PT-cccccc", "three", status="todo", priority="high")
    item(empty, "PT-dddddd", "four login", status="done", closed="2026-11-01")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def ids(shell, *words):
    return shell("list", *words, "--format", "ids").split()


QUERY, MEANT = "is:open limit:2", ["PT-bbbbbb", "PT-cccccc"]


def block(shell, text):
    (shell.folder / "page.md").write_text(f"<!-- plaintrack: {text} -->\n<!-- /plaintrack -->\n")
    shell("render", "page.md")
    return (shell.folder / "page.md").read_text()


PLACES = {
    "list": lambda shell: ids(shell, QUERY),
    "list, sorted by hand": lambda shell: ids(shell, QUERY, "sort:-urgency"),
    "list, grouped": lambda shell: ids(shell, QUERY, "--group", "status"),
    "list --limit, grouped": lambda shell: ids(shell, "is:open", "--limit", "2", "--group", "status"),
    "next": lambda shell: [line.split()[0] for line in shell("next", QUERY).splitlines()[1:]],
    "board": lambda shell: [each for each in [*MEANT, "PT-aaaaaa"] if each in shell("board", QUERY)],
    "stats": lambda shell: sorted(each["value"] for each in json.loads(shell("stats", QUERY, "--by", "id", "--format", "json"))["items"]),
    "log": lambda shell: {each["id"] for each in json.loads(shell("log", QUERY, "--format", "json"))["changes"]},
    "set --where": lambda shell: [line.split()[0] for line in shell("set", "--where", QUERY, "rank=m", "--yes").splitlines()],
    "block list": lambda shell: [each for each in [*MEANT, "PT-aaaaaa"] if f"[{each}]" in block(shell, f"list {QUERY}")],
    "block board": lambda shell: [each for each in [*MEANT, "PT-aaaaaa"] if f"[{each}]" in block(shell, f"board {QUERY}")],
    "block stats": lambda shell: [each for each in [*MEANT, "PT-aaaaaa"] if each in block(shell, f"stats by:id {QUERY}")],
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_limit_leaves_the_same_items_everywhere(work, place):
    assert sorted(PLACES[place](work)) == MEANT


def test_a_view_is_joined_with_more_terms_as_a_whole(work):
    (work.folder / "plaintrack.yml").write_text(
        "views:\n  top: {query: 'status:todo or status:review sort:title limit:2'}\n  two: {query: 'limit:3', sort: id}\n"
    )
    assert ids(work, "--view", "top") == ["PT-aaaaaa", "PT-cccccc"]
    assert ids(work, "--view", "top", "priority:high") == ["PT-cccccc"]
    assert ids(work, "--view", "top", "limit:1") == ["PT-aaaaaa"]
    assert ids(work, "--view", "top", "sort:-title") == ["PT-bbbbbb", "PT-cccccc"]
    assert ids(work, "--view", "two") == ["PT-aaaaaa", "PT-bbbbbb", "PT-cccccc"]


@pytest.mark.parametrize("part", ["sort:due", "limit:1", "is:open limit:1 sort:due"])
def test_a_condition_takes_no_order_and_no_length(work, part):
    own = f"checks:\n  own:\n    mine: {{query: '{part}', message: m}}\n"
    override = f"checks:\n  overdue: error\n  overrides:\n  - query: '{part}'\n    checks: {{overdue: off}}\n"
    before = (work.folder / "plaintrack.yml").read_text()
    for settings in (own, override):
        (work.folder / "plaintrack.yml").write_text(before + settings)
        assert "has no meaning in a condition" in work("check", code=1)
    (work.folder / "plaintrack.yml").write_text(before)
    work("check", part, code=2)
    assert "has no meaning in a condition" in work.err
    (work.folder / "automations").mkdir(exist_ok=True)
    (work.folder / "automations/r.yml").write_text(
        f"name: r\non: {{changed: priority}}\nif: '{part}'\ndo:\n- set: {{rank: z}}\n"
    )
    assert "has no meaning in a condition" in work("rules", "check", code=1)


def test_an_id_is_its_item_and_not_who_mentions_it(work):
    for words in (["list"], ["search"]):
        found = work(*words, "PT-aaaaaa").splitlines()
        assert [line.split()[0] for line in found[1:]] == ["PT-aaaaaa"]
    assert ids(work, "PT-dddddd") == ["PT-dddddd"]  # closed, but asked for by name
    assert ids(work, "pt-aaaaaa") == ["PT-aaaaaa"]
    assert len(ids(work, '"PT-aaaaaa"')) == 3
    assert "total      1" in work("stats", "PT-aaaaaa")
    assert work("set", "--where", "PT-aaaaaa", "rank=k", "--yes").startswith("PT-aaaaaa")
    assert "PT-dddddd" in work("log", "login")
    work("log", "nothing", code=1)


def test_what_check_is_narrowed_to_exists(work):
    for word in ("tasks/nope.md", "docs/", "PT-zzzzzz", "nope"):
        work("check", word, code=2)
        assert "neither a file nor an item" in work.err
    work("check", "PT-bbbbbb", code=1)
    assert "1 error" in work.err
    assert "in 1 of 4 items looked at" in work.err
    work("check", "tasks/PT-aaaaaa.md")
    assert "in 1 of 4 items looked at" in work.err
    work("check", "aaaaa", "-status:done")
    work("check", "tasks", code=1)
    assert "in 4 of 4 items looked at" in work.err
    work("check", '"login"')
    assert "in 1 of 4 items looked at" in work.err


def test_statuses_that_the_settings_do_not_know_any_more(work):
    item(work, "PT-eeeeee", "five", status="checking")
    work.git("add", "-A")
    work.git("commit", "-qm", "checking")
    assert "checking (1)" in work("board")
    assert "checking (1)" in block(work, "board")
    assert ids(work, "status:checking") == ["PT-eeeeee"]
    item(work, "PT-eeeeee", "five", status="todo")
    work("list", "status:checking", code=2)
    assert ids(work, "was:status=checking") == ["PT-eeeeee"]
    work("list", "was:status=checkin", code=2)


def test_json_is_json_beside_other_options(empty):
    import json

    empty("init")
    (empty.folder / "tasks" / "a.md").write_text(
        "---\nid: PT-aaaaaa\ntitle: One\nstatus: todo\ndue: 2020-01-01\nrepeat: weekly\n---\n"
    )
    assert "items" in json.loads(empty("recur", "--format", "json", "--dry-run"))
    (item,) = json.loads(empty("show", "PT-aaaaaa", "--why", "--format", "json"))["items"]
    assert (
        abs(sum(each["factor"] * each["coefficient"] for each in item["why"]) - item["urgency"])
        < 1e-9
    )


def test_spellings_that_queries_hold_for_equal_are_one_row(empty):
    import json

    empty("init")
    for number, tag in enumerate(["größe", "gro\u0308ße", "Größe", "Größe", "auth"]):
        (empty.folder / "tasks" / f"{number}.md").write_text(
            f"---\nid: PT-aaaaa{number}\ntitle: One\ntags: [{tag}, {tag}]\n---\n", encoding="utf-8"
        )
    items = json.loads(empty("stats", "--by", "tags", "--format", "json"))["items"]
    assert [(each["value"], each["count"]) for each in items] == [("Größe", 4), ("auth", 1)]


def test_a_value_that_is_suggested_can_be_written_as_it_stands(empty):
    empty("init")
    (empty.folder / "tasks" / "a.md").write_text(
        "---\nid: PT-aaaaaa\ntitle: One\ntags: [two words]\n---\n"
    )
    empty("list", 'tags:"two wrds"')
    assert 'no item has tags:"two wrds"; did you mean "two words"?' in empty.err
