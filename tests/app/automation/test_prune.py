"""Pruning the ledger makes no rule fire: a workspace that was pruned does the same as its twin that was not, whatever happens next."""

import random
import shutil

import pytest
from conftest import Shell
from soak import each
from test_rules import COUNT, item, ledger, rule
from test_rules import place as place  # a fixture

NAMES = ("aaa1", "bbb2", "ccc3", "ddd4")


@pytest.fixture
def old(place):
    """A workspace in which much fired at the beginning of 2026, and is over."""
    for name, text in {
        "count": COUNT,
        "late": "on: [{due-in: 3d}, overdue]\ndo:\n- notify: late\n",
        "lie": "on: {stale: 3w}\ndo:\n- notify: stale\n",
        "month": "on: {schedule: '0 9 1 * *'}\ndo:\n- notify: month\n",
        "year": "on: {schedule: '0 9 1 1 *'}\nif: id:PT-aaa1,PT-bbb2\ndo:\n- notify: year\n",
    }.items():
        rule(place, name, text)
    for name in NAMES:
        item(place, name, due="2026-01-10")
    place.git("add", "-A")
    place.git("commit", "-qm", "x", "--date", "2025-12-01T09:00:00+00:00")
    at(place, "2025-12-30", "rules", "run")
    for day, status in (("2026-01-02", "review"), ("2026-01-12", "todo"), ("2026-01-13", "review")):
        for name in NAMES:
            at(place, day, "set", name, f"status={status}")
        at(place, day, "rules", "run")
    at(place, "2026-02-03", "rules", "run")
    for name in NAMES[:3]:
        at(place, "2026-02-04", "done", name)
    return place


def at(shell, day, *words):
    """What a command says that rules did, on a day."""
    told = shell(*words, PLAINTRACK_NOW=f"{day}T12:00:00+00:00")
    return sorted(
        line for line in told.splitlines() if line.startswith("rule ")
    ), told.splitlines()[-1:]


def prune(shell, *words):
    return shell("rules", "prune", *words, PLAINTRACK_NOW="2026-11-23T12:00:00+00:00")


def test_what_is_over_goes_and_the_rest_stays(old):
    before = ledger(old)
    told = prune(old, "--dry-run")
    assert ledger(old) == before
    count = int(told.splitlines()[-1].split()[0])
    assert 0 < count < len(before)
    assert prune(old) == f"{count} ledger files removed\n"
    assert len(ledger(old)) == len(before) - count
    assert prune(old) == "0 ledger files removed\n"
    rest = "".join(path.read_text() for path in (old.folder / "automations/fired").rglob("*.yml"))
    assert rest.count("item: PT-ddd4\nwhy: 'status:") == 3  # it is open
    assert rest.count("why: 'overdue: 2026-01-10'") == 4  # its due date is the same
    assert "PT-aaa1\nwhy: 'status:" not in rest
    old("undo")
    assert ledger(old) == before


def test_a_rule_that_creates_items_keeps_its_numbers(old):
    rule(
        old,
        "follow",
        "on: {changed: {field: status, to: review}}\nif: id:PT-aaa1\ndo:\n- create: {title: Follow up}\n",
    )
    at(old, "2026-02-10", "set", "aaa1", "status=review")
    at(old, "2026-02-11", "done", "aaa1")
    prune(old)
    assert len(list((old.folder / "tasks").glob("*follow-up.md"))) == 1
    at(old, "2026-11-24", "set", "aaa1", "status=review")  # the same change, from done to review
    assert len(list((old.folder / "tasks").glob("*follow-up.md"))) == 2


@pytest.mark.parametrize("seed", each(range(6), 6))
def test_a_pruned_workspace_does_what_its_twin_does(old, seed):
    twin = Shell(old.folder.parent / "twin")
    shutil.copytree(old.folder, twin.folder)
    twin.env = {**old.env}
    assert int(prune(twin).split()[0]) > 0
    chance, day = random.Random(seed), 23
    for _ in range(9):
        day = min(day + chance.choice((0, 0, 1, 3)), 30)
        name = chance.choice(NAMES)
        words = chance.choice((
            ("rules", "run"), ("reopen", name), ("done", name), ("set", name, "status=review"), ("set", name, "status=todo"),
            ("set", name, f"due=2026-{chance.choice((11, 12))}-2{chance.randrange(9)}"), ("set", name, "title=Other"),
        ))  # fmt: skip
        for command in (words, ("rules", "run")):
            assert at(old, f"2026-11-{day}", *command) == at(twin, f"2026-11-{day}", *command), (
                seed,
                command,
            )


def test_a_ci_job_that_looks_over_a_pruning_fires_nothing_twice(old):
    old.git("add", "-A")
    old.git("commit", "-qm", "before")
    start = old.git("rev-parse", "HEAD").strip()
    prune(old)
    at(old, "2026-11-23", "reopen", "aaa1")
    old.git("add", "-A")
    old.git("commit", "-qm", "after")
    assert old("rules", "run", "--since", start) == "0 fired\n"
    shutil.rmtree(old.folder / "automations/fired/2026-11")
    assert "1 fired" in old("rules", "run", "--since", start)
