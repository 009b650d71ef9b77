"""Status changes of another program as commits: their dates, authors, and what metrics make of them."""

import json

import pytest

CARD = "5f000000aaaaaaaaaaaaaaaa"


def move(day, old, new, who="ana"):
    return {
        "type": "updateCard",
        "date": f"2026-10-{day:02}T10:00:00.000Z",
        "memberCreator": {"username": who},
        "data": {"card": {"id": CARD}, "listBefore": {"name": old}, "listAfter": {"name": new}},
    }


@pytest.fixture
def work(empty):
    empty("init")
    board = {
        "lists": [{"id": "l1", "name": "Doing"}, {"id": "l2", "name": "Done"}],
        "members": [],
        "cards": [{"id": CARD, "shortLink": "sl", "name": "Fix", "idList": "l2"}],
        "actions": [  # the last comes first, as Trello has it
            move(9, "Doing", "Done", "ben"),
            move(5, "To do", "Doing"),
            {
                "type": "createCard",
                "date": "2026-10-01T10:00:00.000Z",
                "data": {"card": {"id": CARD}},
            },
        ],
    }
    (empty.folder / "b.json").write_text(json.dumps(board))
    return empty


def told(shell):
    lines = shell.git("log", "--reverse", "--format=%aI %cI %an %s").splitlines()
    return [line for line in lines if "Fix" in line]


def test_moves_become_commits(work):
    out = work("import", "trello", "b.json", "--history")
    assert "3 commits made, from 2026-10-01 on" in out
    assert [line.replace("+00:00", "Z") for line in told(work)] == [
        "2026-10-01T10:00:00Z 2026-10-01T10:00:00Z Jonas Okafor Fix: created",
        "2026-10-05T10:00:00Z 2026-10-05T10:00:00Z ana Fix: todo → in-progress",
        "2026-10-09T10:00:00Z 2026-10-09T10:00:00Z ben Fix: in-progress → done",
    ]
    (item,) = json.loads(work("list", "is:closed", "--format", "json"))["items"]
    assert item["path"] not in work.git("status", "--porcelain")
    assert work.git("fsck", "--strict", check=False) == ""
    assert "status: in-progress → done" in work("log", item["id"])
    assert "2026-10-05  2026-10-09  5" in work("metrics", "cycle-time")  # days, both counted
    work("import", "trello", "b.json", "--history")
    assert len(told(work)) == 3


def test_older_commits_stay_and_nothing_else_is_committed(work):
    work("add", "Mine")
    work("commit", "-m", "first")
    head = work.git("rev-parse", "HEAD").strip()
    (work.folder / "note.txt").write_text("mine")
    work.git("add", "note.txt")
    out = work("import", "trello", "b.json", "--history")
    assert "metrics --dates author" in out
    assert work.git("merge-base", "HEAD", head).strip() == head
    assert "A  note.txt" in work.git("status", "--porcelain")


@pytest.mark.parametrize("where", ["detached", "no git", "dry"])
def test_where_no_history_can_be_written_nothing_is_imported(work, where):
    if where == "dry":
        assert "3 commits or fewer would tell" in work(
            "import", "trello", "b.json", "--history", "--dry-run"
        )
    elif where == "detached":
        work("add", "Mine")
        work("commit", "-m", "first")
        work.git("checkout", "-q", "--detach")
        work("import", "trello", "b.json", "--history", code=1)
        assert "HEAD is detached" in work.err
    else:
        import shutil

        shutil.rmtree(work.folder / ".git")
        work("import", "trello", "b.json", "--history", code=2)
    assert "Fix" not in work("list", "is:open,closed")
