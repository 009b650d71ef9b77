"""What is shown and not saved, held to what `check` finds once it is saved."""

import random

from plaintrack.app.check.check import Asked, check
from plaintrack.app.editor.desk import Desk
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.run import finished

WORDS = [
    "todo",
    "done",
    "PT-aaaaaa",
    "PT-bbbbbb",
    "PT-zzzzzz",
    "2026-12-01",
    "2026-13-01",
    "[a, b]",
    "'x",
    "",
    "😀",
]
KEYS = ["status", "depends_on", "due", "parent", "tags", "estimate", "blocker", "id"]


def item(choose, number):
    lines = [f"id: PT-{'abcdef'[number] * 6}", f"title: Item {number}"]
    lines += [f"{choose.choice(KEYS)}: {choose.choice(WORDS)}" for _ in range(choose.randrange(4))]
    return "\n".join(["---", *lines, "---", "- [ ] a step", ""])


def keys(findings):
    return sorted((each.path, each.code, each.line, each.column, each.key) for each in findings)


def test_what_is_typed_is_found_as_if_it_were_saved(empty, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", "2026-11-23T09:00:00+01:00")
    empty("init")
    folder = empty.folder / "tasks"
    choose = random.Random(7)
    paths = [f"tasks/PT-{each * 6}.md" for each in "abcdef"]
    for number, path in enumerate(paths):
        (empty.folder / path).write_text(item(choose, number))
    desk = Desk(str(folder))
    for _ in range(12):
        for _ in range(choose.randrange(1, 3)):
            number = choose.randrange(len(paths))
            if choose.random() < 0.2:
                desk.close(paths[number])
            else:
                desk.put(paths[number], item(choose, number))
        shown = finished(desk.findings())
        good = {path for path, each in desk.open.items() if each.broken}
        saved = {path: (empty.folder / path).read_bytes() for path in paths}
        for path, each in desk.open.items():
            (empty.folder / path).write_bytes(each.good or saved[path])
        whole = check(Workspace(str(empty.folder)), Asked(plan=False)).findings
        for path, data in saved.items():
            (empty.folder / path).write_bytes(data)
        expected = [each for each in whole if each.path not in good]
        got = [each for path, some in shown.items() for each in some if path not in good]
        assert keys(got) == keys(expected)
        assert all(shown[path] for path in good)


def test_a_text_that_cannot_be_read_takes_no_item_away(empty):
    empty("init")
    one, two = empty.folder / "tasks/PT-aaaaaa.md", empty.folder / "tasks/PT-bbbbbb.md"
    one.write_text("---\nid: PT-aaaaaa\ntitle: One\nstatus: tood\nparent: PT-bbbbbb\n---\n")
    two.write_text("---\nid: PT-bbbbbb\ntitle: Two\n---\n")
    desk = Desk(str(empty.folder))
    desk.put("tasks/PT-bbbbbb.md", "---\nid: PT-bbbbbb\ntitle: [Two\n---\n")
    found = finished(desk.findings())
    assert [each.code for each in found["tasks/PT-aaaaaa.md"]] == ["PT108"]
    assert [each.code for each in found["tasks/PT-bbbbbb.md"]] == ["PT101"]
    # in the broken file, what was wrong before stays wrong where the lines are the same
    text = one.read_text().replace("title: One", "title: [One\nsecond: line")
    desk.put("tasks/PT-aaaaaa.md", text)
    found = finished(desk.findings())["tasks/PT-aaaaaa.md"]
    assert sorted((each.code, each.line) for each in found) == [("PT101", 3), ("PT108", 5)]


def test_a_path_is_one_of_the_workspace(empty, tmp_path):
    empty("init")
    (empty.folder / "tasks").mkdir(exist_ok=True)
    (empty.folder / "away").symlink_to(tmp_path)
    desk = Desk(str(empty.folder / "tasks"))
    assert desk.path(str(empty.folder / "tasks/a b.md")) == "tasks/a b.md"
    assert desk.path(str(tmp_path / "x.md")) is None
    assert desk.path(str(empty.folder / "away/x.md")) is None
