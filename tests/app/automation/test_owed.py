"""What failed is tried again, what was held back is caught up on: each exactly as often as it should be, across processes and kills."""

import os
import signal
import subprocess
import sys
import time

import pytest
from test_breaker import later, script
from test_rules import item, rule
from test_rules import place as place  # a fixture
from watching import Watcher


def runs(shell):
    """What the command left, a line each."""
    path = shell.folder.parent / "runs"
    return path.read_text().split() if path.exists() else []


@pytest.fixture
def flaky(place):
    """A rule whose command works when the file ``works`` is there, and which is tried four times."""
    script(place, "echo ran >> ../runs\n[ -e ../works ]")
    rule(place, "call", "on: {changed: status}\nretry: 3\ndo:\n- run: [./x.sh]\n- comment: done\n")
    place("trust", "--yes")
    place("rules", "run")
    place.works = place.folder.parent / "works"
    return place


def at(seconds):
    return later(seconds / 60)


def test_an_action_that_fails_is_tried_again_later_and_not_waited_for(flaky):
    start = time.monotonic()
    told = flaky("set", "aaa1", "status=review")
    assert time.monotonic() - start < 5
    assert "failed: ./x.sh ended with 1 (attempt 1 of 4; again in 1 s)" in told
    assert "comment added" in told
    assert flaky("rules", "run") == "0 fired\n"  # it is not time yet
    assert "(attempt 2 of 4; again in 5 s)" in flaky("rules", "run", code=1, PLAINTRACK_NOW=at(1))
    assert flaky("rules", "run", PLAINTRACK_NOW=at(5)) == "0 fired\n"
    flaky.works.touch()
    told = flaky("set", "bbb2", "priority=high", PLAINTRACK_NOW=at(6))  # whoever comes next
    assert "rule call: ran ./x.sh (attempt 3 of 4)" in told
    assert flaky("rules", "run", PLAINTRACK_NOW=at(9000)) == "0 fired\n"
    assert len(runs(flaky)) == 3
    log = flaky("rules", "log")
    assert [f"attempt {number} of 4" in log for number in (1, 2, 3, 4)] == [True, True, True, False]


def test_after_the_last_attempt_it_is_given_up(flaky):
    flaky("set", "aaa1", "status=review")
    for number in range(1, 8):
        flaky("rules", "run", code=int(number < 4), PLAINTRACK_NOW=at(number * 1000))
    assert len(runs(flaky)) == 4
    assert "(attempt 4 of 4, the last)" in flaky("rules", "log")


@pytest.mark.parametrize("what", ["undo", "rule"])
def test_it_is_not_tried_again_when_it_was_taken_back_or_the_rule_is_another(flaky, what):
    flaky("set", "aaa1", "status=review")
    if what == "undo":
        flaky("undo")
    else:
        rule(flaky, "call", "on: {changed: status}\nretry: 3\ndo:\n- run: [./x.sh, other]\n")
        flaky("trust", "--yes")
    assert "an action was dropped: " in flaky("rules", "run", PLAINTRACK_NOW=at(60))
    assert flaky("rules", "run", PLAINTRACK_NOW=at(120)) == "0 fired\n"
    assert len(runs(flaky)) == 1


def test_a_repetition_that_is_killed_is_not_repeated(flaky):
    flaky("set", "aaa1", "status=review")
    script(flaky, "echo ran >> ../runs\nsleep 20")
    flaky("trust", "--yes")
    process = subprocess.Popen(
        [sys.executable, "-m", "plaintrack", "rules", "run"],
        cwd=flaky.folder,
        env={**flaky.env, "PLAINTRACK_NOW": at(60)},
    )
    while len(runs(flaky)) < 2:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert "it was interrupted and is not repeated" in flaky("rules", "run", PLAINTRACK_NOW=at(120))
    assert flaky("rules", "run", PLAINTRACK_NOW=at(9000)) == "0 fired\n"
    assert len(runs(flaky)) == 2


def test_the_watcher_wakes_for_it(flaky):
    del flaky.env["PLAINTRACK_NOW"]
    with Watcher(flaky) as watcher:
        flaky("set", "aaa1", "status=review")
        flaky.works.touch()
        watcher.await_(
            lambda: any("(attempt 2 of 4)" in each["text"] for each in watcher.of("action")),
            "it is tried again",
            15,
        )  # a scan comes every 30 s
        assert len(runs(flaky)) == 2


@pytest.fixture
def distrusted(place):
    """Three actions that were held back."""
    script(place, "echo $PLAINTRACK_ITEM >> ../runs")
    item(place, "ccc3")
    rule(place, "call", "on: {changed: status}\ndo:\n- run: [./x.sh]\n")
    place("rules", "run")
    for name in ("aaa1", "bbb2", "ccc3"):
        assert "held back" in place("set", name, "status=review")
    assert runs(place) == []
    return place


def test_what_was_held_back_is_done_after_trust_and_once(distrusted):
    told = distrusted("trust", "--yes")
    assert "3 actions were held back" in distrusted.err
    assert "rule call: PT-aaa1  status: todo → review: run" in distrusted.err
    assert told.count("ran ./x.sh") == 3
    assert runs(distrusted) == ["PT-aaa1", "PT-bbb2", "PT-ccc3"]
    distrusted("trust", "--revoke")
    distrusted("trust", "--yes")
    distrusted("trust", "--yes")
    assert distrusted("rules", "run") == "0 fired\n"
    assert len(runs(distrusted)) == 3


def test_who_does_not_want_it_drops_it_visibly(distrusted):
    distrusted("trust", "--yes")
    distrusted("trust", "--revoke")
    distrusted("set", "aaa1", "status=todo")
    (distrusted.folder.parent / "runs").unlink()
    import pty

    reader, writer = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "plaintrack", "trust"],
        cwd=distrusted.folder,
        env=distrusted.env,
        stdin=writer,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.write(reader, b"y\nn\n")
    told, _ = process.communicate(timeout=30)
    assert "1 action was held back" in told
    assert "1 dropped" in told
    assert "dropped: it was waiting for trust and is no longer wanted" in distrusted("rules", "log")
    assert "held back" not in distrusted("trust", "--yes") + distrusted.err
    assert runs(distrusted) == []


def test_another_rule_file_undo_and_a_week_void_it(distrusted):
    distrusted("undo")  # of ccc3
    distrusted("trust", "--yes", PLAINTRACK_NOW=later(0))
    assert runs(distrusted) == ["PT-aaa1", "PT-bbb2"]
    distrusted("trust", "--revoke")
    distrusted("set", "aaa1", "status=todo")
    path = distrusted.folder / "automations/call.yml"
    path.write_text(path.read_text() + "# changed\n")
    distrusted("set", "bbb2", "status=todo")
    distrusted("trust", "--yes")
    assert (
        "PT-aaa1  status: review → todo: dropped, the rule's file was changed since"
        in distrusted.err
    )
    assert runs(distrusted) == ["PT-aaa1", "PT-bbb2", "PT-bbb2"]
    distrusted("trust", "--revoke")
    distrusted("set", "bbb2", "status=review")
    distrusted("trust", "--yes", PLAINTRACK_NOW=later(8 * 24 * 60))
    assert len(runs(distrusted)) == 3
    assert "dropped; held back for more than 7 days" in distrusted("rules", "log")


def test_in_ci_nothing_is_held_back(place):
    script(place, "echo ran >> ../runs")
    rule(place, "call", "on: {changed: status}\nretry: 3\ndo:\n- run: [./x.sh]\n")
    place("rules", "run")
    assert "held back" not in place("set", "aaa1", "status=review", CI="true")
    place("trust", "--yes")
    assert "held back" not in place.err
    assert place("rules", "run", PLAINTRACK_NOW=later(600)) == "0 fired\n"
    assert runs(place) == []


def test_a_kill_while_catching_up_does_not_double(distrusted):
    script(
        distrusted,
        'echo $PLAINTRACK_ITEM >> ../runs\n[ "$PLAINTRACK_ITEM" = PT-bbb2 ] && sleep 20; true',
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "plaintrack", "trust", "--yes"],
        cwd=distrusted.folder,
        env=distrusted.env,
    )
    while len(runs(distrusted)) < 2:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    distrusted("trust", "--yes")
    assert (
        "PT-bbb2  status: todo → review: dropped, it was interrupted and is not repeated"
        in distrusted.err
    )
    assert runs(distrusted) == ["PT-aaa1", "PT-bbb2", "PT-ccc3"]
