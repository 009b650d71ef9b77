"""``kill -9`` at any moment of closing an item that recurs: the series goes on, once."""

import re

import pytest
from test_crash import Killer

ITEM = "---\nid: PT-aaaaaa\ntitle: Water the plants\nstatus: todo\ndue: 2026-11-23\nrepeat: every week\n---\n- [x] a step\n"
DONE, RECUR = ["done", "PT-aaaaaa"], ["recur"]


@pytest.fixture
def killer(tmp_path):
    found = Killer(tmp_path)
    (found.original / "tasks").mkdir(parents=True)
    (found.original / "plaintrack.yml").write_text("timezone: UTC\nfolders: [tasks]\n")
    (found.original / "tasks/PT-aaaaaa.md").write_text(ITEM)
    yield found
    found.process.stdin.close()
    found.process.wait(10)


def items(files):
    return {
        path: text for path, text in files.items() if path.startswith("tasks/") and "/." not in path
    }


def look(killer, whole):
    """Whatever was done: trying again leads to the same two files, and so does ``recur``; the series goes on in one of them."""
    files, again, then = killer(["files"], DONE, ["files"])
    now, end = items(files), items(then)
    assert again[0] == 0
    assert now["tasks/PT-aaaaaa.md"] in (ITEM, whole["tasks/PT-aaaaaa.md"])
    assert ("repeat:" in now["tasks/PT-aaaaaa.md"]) or len(
        now
    ) == 2  # the next is there before the first lets go
    assert end == whole
    assert len(re.findall("repeat:", "".join(end.values()))) == 1


@pytest.mark.parametrize(
    "start", [1, *(pytest.param(number, marks=pytest.mark.slow) for number in (2, 3, 4))]
)
def test_killed_while_closing(killer, start):
    killer.fresh()
    *_, told, files = killer(["list"], DONE, ["files"])
    assert told[0] == 0
    whole, number, moments = items(files), start, 0
    assert len(whole) == 2
    while True:
        killer.fresh()
        answer = killer(["list"], DONE, kill=number)
        look(killer, whole)
        if answer is not None:
            break
        moments += 1
        number += 4
    assert moments > 5


def test_undo_of_what_was_killed(killer):
    for number in range(5, 60, 6):
        killer.fresh()
        killer(["list"], DONE, kill=number)
        *_, files = killer(["undo"], ["undo"], ["files"])
        assert items(files) == {"tasks/PT-aaaaaa.md": ITEM}
