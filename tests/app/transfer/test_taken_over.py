"""What an import takes over as it is, what it holds back, and where links lead."""

import json

import pytest

HEAD = "ID,Title,Status,Parent issue,Epic,Blocks,Squad\n"


@pytest.fixture
def work(empty):
    empty("init")
    return empty


def put(shell, *rows):
    (shell.folder / "x.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows))


def settings(shell, text):
    path = shell.folder / "plaintrack.yml"
    path.write_text(path.read_text() + text)


def found(shell):
    rows = json.loads(shell("list", "is:open,closed", "--format", "json"))
    return {row["title"]: row for row in rows["items"]}


def text(shell, title):
    return (shell.folder / found(shell)[title]["path"]).read_text()


LINKED = "fields:\n  blocks: {type: list of link}\n"
MAP = "field: {Epic: parent}\n"


@pytest.mark.parametrize("named", [False, True])
def test_a_property_mapped_to_links_leads_to_items(work, named):
    if named:  # ids are the names of files, known when all are made
        (work.folder / "plaintrack.yml").write_text("ids: {from: filename}\nfilename: '{slug}'\n")
    settings(work, LINKED)
    (work.folder / "m.yml").write_text(MAP)
    work("add", "Here before")
    mine = found(work)["Here before"]["id"]
    put(
        work,
        'A-2,By title,Todo,,Big one,"A-1, A-3",',
        "A-1,Big one,Todo,,,,",
        f"A-3,By our id,Todo,,{mine},,",
        "A-4,By a title here,Todo,,here BEFORE,,",
        "A-5,Lost,Todo,,No such,A-77,",
        "A-6,Twice,Todo,,,,",
        "A-7,Twice,Todo,,,,",
        "A-8,Two could be,Todo,,twice,,",
    )
    shown = work("import", "linear", "x.csv", "--mapping", "m.yml", "--dry-run")
    out = work("import", "linear", "x.csv", "--mapping", "m.yml")
    for said in (shown, out):
        assert "are in parent_there (2 items, for example 'No such')" in said
        assert "are in blocks_there (1 item, for example 'A-77')" in said
    rows = found(work)
    big = rows["Big one"]["id"]
    assert rows["By title"]["parent"] == big
    assert rows["By title"]["blocks"] == [big, rows["By our id"]["id"]]
    assert rows["By our id"]["parent"] == rows["By a title here"]["parent"] == mine
    assert "parent_there: No such" in text(work, "Lost") or "- No such" in text(work, "Lost")
    assert "- twice" in text(work, "Two could be")
    before = {path: path.read_bytes() for path in work.folder.rglob("*.md")}
    assert "8 as they were" in work("import", "linear", "x.csv", "--mapping", "m.yml")
    assert before == {path: path.read_bytes() for path in work.folder.rglob("*.md")}


def test_a_link_finds_its_item_in_a_later_file(work):
    put(work, "A-2,Child,Todo,A-1,,,")
    work("import", "linear", "x.csv")
    assert "- A-1" in text(work, "Child")
    put(work, "A-1,Parent,Todo,,,,")
    work("import", "linear", "x.csv")
    put(work, "A-2,Child,Todo,A-1,,,")
    work("import", "linear", "x.csv")
    assert found(work)["Child"]["parent"] == found(work)["Parent"]["id"]
    assert "A-1\n" not in text(work, "Child").replace("linear:A-1", "")


def test_a_declared_field_is_the_home_of_a_property_of_its_name(work):
    settings(work, "fields:\n  squad: {type: choice, choices: [red, blue]}\n")
    put(work, "A-1,One,Todo,,,,red", "A-2,Two,Todo,,,,green")
    out = work("import", "linear", "x.csv")
    assert "Squad" not in out
    assert "squad: values that it cannot hold are in squad_ (1 item, for example 'green')" in out
    assert found(work)["One"]["squad"] == "red"
    assert "squad_: green" in text(work, "Two")


RULES = """\
people:
  ana: {name: Ana, email: ana@example.com}
fields:
  squad: {type: text, required: true}
approvals:
  needs: [{query: 'is:open,closed Big', to: [done], of: [ana]}]
checks:
  who-moves: {status: {cancelled: [ana]}}
"""


def test_new_items_come_as_they_are_and_moves_are_held_back(work):
    settings(work, RULES)
    put(work, "A-1,Big one,Done,,,,x", "A-2,Small,Canceled,,,,x", "A-3,Big two,Todo,,,,")
    shown = work("import", "linear", "x.csv", "--dry-run")
    out = work("import", "linear", "x.csv")
    for said in (shown, out):
        assert "1 new item done without the approvals that takes here: taken over" in said
        assert "1 new item cancelled, where you may not move items here: taken over" in said
        assert "1 new item without squad, which is required here: taken over" in said
    assert [row["status"] for row in found(work).values()].count("todo") == 1
    assert "PT412" in work("check", code=1)
    put(work, "A-1,Big one,Done,,,,x", "A-2,Less,Canceled,,,,x", "A-3,Big 2,Done,,,,y")
    shown = work("import", "linear", "x.csv", "--dry-run", code=1)
    out = work("import", "linear", "x.csv", code=1)
    row = found(work)["Big 2"]
    assert (row["status"], row["squad"], row.get("closed")) == ("todo", "y", None)
    for said in (shown, out):
        assert "Not taken over" in said
        assert "the approval of ana is missing" in said
        assert row["id"] in said
    assert "Less" in found(work)
    put(work, "A-1,Big one,Done,,,,x", "A-2,Less,Todo,,,,x", "A-3,Big 2,Done,,,,y")
    work("import", "linear", "x.csv", code=1)
    assert found(work)["Less"]["status"] == "todo"
    put(work, "A-1,Big one,Done,,,,x", "A-2,Less,Canceled,,,,x", "A-3,Big 2,Todo,,,,y")
    out = work("import", "linear", "x.csv", code=1)
    assert "only ana may do that" in out
    row = found(work)["Less"]
    assert (row["status"], row.get("closed")) == ("todo", None)
    # whoever may do it takes it over with the same file
    work.git("config", "user.email", "ana@example.com")
    work("import", "linear", "x.csv")
    assert found(work)["Less"]["status"] == "cancelled"


def test_a_link_that_closes_a_circle_is_held_back(work):
    put(work, "A-1,One,Todo,,,,", "A-2,Two,Todo,A-1,,,")
    work("import", "linear", "x.csv")
    rows = found(work)
    put(work, "A-1,One more,Todo,A-2,,,", "A-2,Two,Todo,A-1,,,")
    out = work("import", "linear", "x.csv", code=1)
    assert "Not taken over" in out
    assert rows["Two"]["id"] in out
    assert not found(work)["One more"].get("parent")


def test_where_settings_keep_names_of_milestones_they_stay_names(work):
    settings(work, "fields:\n  milestone: {type: text}\n")
    (work.folder / "x.json").write_text(
        json.dumps([{"number": 1, "title": "One", "state": "OPEN", "milestone": {"title": "v1"}}])
    )
    work("import", "github", "x.json")
    assert found(work)["One"]["milestone"] == "v1"


def test_links_lead_to_items_of_imports_of_other_names(work):
    """Of two projects of one tracker; numbers that each of them has, and titles, lead nowhere."""
    put(work, "SHOP-1,Base,Todo,,,,", "SHOP-2,Up,Todo,WEB-1,,,", "7,Seven,Todo,,,,")
    work("import", "linear", "x.csv", "--name", "shop")
    assert "- WEB-1" in text(work, "Up")
    shop = (work.folder / "x.csv").read_text()
    put(work, "WEB-1,Page,Todo,SHOP-1,,,", "WEB-2,Other,Todo,7,,,")
    work("import", "linear", "x.csv", "--name", "web")
    items = found(work)
    assert items["Page"]["parent"] == items["Base"]["id"]
    assert not items["Other"].get("parent")
    (work.folder / "x.csv").write_text(shop)
    assert "1 changed" in work("import", "linear", "x.csv", "--name", "shop")
    assert found(work)["Up"]["parent"] == items["Page"]["id"]
    assert "parent_there" not in text(work, "Up")
    assert "3 as they were" in work("import", "linear", "x.csv", "--name", "shop")
