"""What a review tells of an item that was added."""

import json


def test_diff_tells_of_an_added_item_what_people_ask_first(empty):
    empty("init", "--prefix", "T", "--git")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    (empty.folder / "tasks/T-1.md").write_text(
        "---\nid: T-1\ntitle: New work\nstatus: todo\nassignee: ana\ndue: 2026-12-01\nestimate: 2d\n"
        "priority: high\nparent: T-0\n---\n"
    )
    told = "assignee ana, due 2026-12-01, estimate 2d, priority high, parent T-0"
    assert told in empty("diff")
    assert told in empty("diff", "--format", "markdown")
    items = json.loads(empty("diff", "--format", "json"))["items"]
    assert items[0]["added"] == {
        "assignee": "ana",
        "due": "2026-12-01",
        "estimate": "2d",
        "priority": "high",
        "parent": "T-0",
    }
    empty.git("add", "-A")
    empty.git("commit", "-qm", "work")
    comment = empty("check", "--since", "HEAD~1", "--output", "comment", code=1)
    assert told in comment
