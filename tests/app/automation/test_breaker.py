"""Rules that keep setting each other off stop after so many actions, whoever lets them run, and what is due waits for a person."""

import subprocess
import sys
import time
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from test_rules import COUNT, comments, item, ledger, rule
from test_rules import place as place  # a fixture
from watching import Watcher

from plaintrack.app.automation.breaker import Breaker
from plaintrack.rules.actions import Action
from plaintrack.rules.rule import Firing, Rule
from plaintrack.store.index.seen import Seen

PING = "on: {changed: {field: status, to: review}}\ndo:\n- comment: ping\n"


def later(minutes):
    return (
        datetime.fromisoformat("2026-11-23T09:00:00+01:00") + timedelta(minutes=minutes)
    ).isoformat()


def script(shell, text):
    path = shell.folder / "x.sh"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def loop(place):
    """Two rules that set each other off by commands, which no chain of rules tells of."""
    script(
        place,
        f'[ "$PLAINTRACK_STATUS" = review ] && next=todo || next=review\n{sys.executable} -m plaintrack set $PLAINTRACK_ITEM status=$next',
    )
    rule(
        place,
        "ping",
        "on: {changed: {field: status, to: review}}\ndo:\n- run: [./x.sh]\n" + "- notify: hi\n" * 4,
    )
    rule(
        place,
        "pong",
        "on: {changed: {field: status, to: todo}}\ndo:\n- run: [./x.sh]\n" + "- notify: hi\n" * 4,
    )
    place("trust", "--yes")
    place("rules", "run")
    return place


def test_commands_of_rules_that_set_off_each_other_are_stopped_and_resumed(loop):
    told = loop("set", "aaa1", "status=review")
    assert told.count("ran ./x.sh") == len(ledger(loop)) == 20
    assert (
        loop.err.count(
            ": 100 actions in a minute (ping 10 times, pong 10 times; 20 times on PT-aaa1)"
        )
        == 1
    )
    assert "plaintrack rules resume" in loop.err
    assert loop("rules", "run", code=1) == "0 fired, paused with 1 waiting\n"
    assert "rules are paused since" in loop.err
    loop("rules", "list")
    assert "(1 firing waiting)" in loop.err
    loop("rules", "log")
    assert "rules are paused since" in loop.err
    assert loop("rules", "run", code=1, PLAINTRACK_NOW=later(60)).startswith(
        "0 fired, paused"
    )  # time alone does not resume them
    (loop.folder / "automations/pong.yml").unlink()
    loop("trust", "--yes")
    assert (
        loop("rules", "resume")
        == "rule ping: ran ./x.sh: PT-aaa1  status: review → todo\n"
        + "rule ping: hi\n" * 4
        + "1 fired\n"
    )
    assert loop("rules", "run") == "0 fired\n"


@pytest.mark.slow
def test_resumed_as_they_are_they_are_stopped_again(loop):
    loop("set", "aaa1", "status=review")
    loop("rules", "resume", code=1)
    assert len(ledger(loop)) == 40


def test_while_paused_nothing_is_done_and_nothing_is_lost(loop):
    rule(loop, "count", "on: {changed: priority}\ndo:\n- comment: '{why}'\n")
    loop("trust", "--yes")
    loop("set", "aaa1", "status=review")
    for priority in ("high", "low", "high", "low"):  # twice the same change: two firings
        loop("set", "bbb2", f"priority={priority}")
        assert loop.err.count("rules are paused") == 1
    loop("set", "bbb2", "title=Other")
    assert loop.err == ""
    assert comments(loop, "bbb2") == []
    for name in ("ping", "pong"):
        (loop.folder / f"automations/{name}.yml").unlink()
    loop("rules", "resume")
    assert len(comments(loop, "bbb2")) == 4


def test_many_items_at_once_are_no_loop(place):
    rule(place, "count", COUNT + "- set: {priority: high}\n")
    rule(place, "follow", "on: {changed: {field: priority, to: high}}\ndo:\n- comment: high\n")
    for number in range(120):
        item(place, f"many{number:03}", assignee="jo")
    place("rules", "run")
    place("set", "--where", "assignee:jo", "status=done", "--yes")
    assert "paused" not in place.err
    assert len(ledger(place)) == 240
    place("set", "--where", "assignee:jo", "status=todo", "--yes")
    place("set", "--where", "assignee:jo", "status=done", "--yes")
    assert "paused" not in place.err  # the same again within a minute, by hand
    assert len(ledger(place)) == 480


@pytest.mark.slow
@pytest.mark.parametrize(("inside", "rounds"), [(False, 10), (True, 1)])
def test_many_items_at_once_again_and_again_are_a_loop(tmp_path, inside, rounds):
    seen, one = Seen(str(tmp_path)), Rule("one", "a.yml", (), (), (Action("comment", {}),))
    workspace = SimpleNamespace(now=datetime.fromisoformat("2026-11-23T09:00:00+01:00"))
    for number in range(30):
        breaker = Breaker(workspace, seen)
        if inside:
            breaker.inside()
        breaker.look()
        for name in map(str, range(200)):
            if breaker.holds():
                assert number == rounds
                assert breaker.cost(one, Firing("one", "new", "", "", "")) == 0
                return
            cost = breaker.cost(one, Firing("one", name, "", "", ""))
            seen.end(0, "one", name, "", "", "", breaker.now, cost)
    pytest.fail("it was not stopped")


def test_one_item_after_another_is_counted_until_a_minute_is_over(place):
    rule(place, "ping", PING)
    place("rules", "run")
    for number in range(3):
        for status in ("todo", "review"):
            place("set", "aaa1", f"status={status}", PLAINTRACK_NOW=later(2 * number))
    assert len(comments(place, "aaa1")) == 3


def test_a_script_that_answers_the_watcher_is_stopped(place):
    """The loop leads through the watcher and a process that nobody knows: each firing has a change of its own and no chain."""
    for name, status, priority in (("ping", "review", "high"), ("pong", "todo", "low")):
        rule(
            place,
            name,
            f"on: {{changed: {{field: status, to: {status}}}}}\ndo:\n- set: {{priority: {priority}}}\n"
            + "- notify: hi\n" * 9,
        )
    del place.env["PLAINTRACK_NOW"]
    place("rules", "run")
    answer = """
import os, time
from pathlib import Path
path, new = Path("tasks/aaa1.md"), Path("tasks/.new")
last = time.monotonic()
while True:
    text = path.read_text()
    late = time.monotonic() > last + 2  # its write and the rule's may have met
    for old, seen, other in (("todo", "low", "review"), ("review", "high", "todo")):
        if f"status: {old}" in text and (f"priority: {seen}" in text or late):
            new.write_text(text.replace(f"status: {old}", f"status: {other}").replace("priority: low", "priority: medium"))
            new.rename(path)
            last = time.monotonic()
            break
    time.sleep(0.05)
"""
    with Watcher(place) as watcher:
        other = subprocess.Popen([sys.executable, "-c", answer], cwd=place.folder)
        try:
            place("set", "aaa1", "status=review")
            watcher.await_(
                lambda: any("rules are paused" in each["text"] for each in watcher.of("trouble")),
                "it pauses",
                60,
            )
            done = len(watcher.of("action"))
            time.sleep(2)
            assert len(watcher.of("action")) == done <= 100
            assert len(ledger(place)) == 10
            assert [each["text"].count("rules are paused") for each in watcher.of("trouble")] == [1]
        finally:
            other.kill()
            other.wait()
    assert "paused with" in place("rules", "run", code=1)
