"""What a warm listing may load: its price is mostly imports, so the list of modules is what is tested, never a time."""

import json
import os
import subprocess
import sys
import time

import pytest

HEAVY = {
    "yaml", "frontmatter", "git", "watchdog", "rich", "regex", "wcwidth", "plaintrack.config.settings", "plaintrack.text.nodes",
    "asyncio", "concurrent.futures", "ctypes", "csv", "dataclasses", "difflib", "email", "hashlib", "importlib.metadata",
    "logging", "multiprocessing", "pathlib", "shutil", "subprocess", "tempfile", "unittest", "urllib.parse", "zoneinfo",
}  # fmt: skip

# Runs the command line in this process and prints, after its output, what it loaded.
PROBE = """
import sys
sys.argv = ["plaintrack", *sys.argv[1:]]
from plaintrack.cli.main import run
code = run()
modules = sorted(sys.modules)
import json
print()
print(json.dumps([code, modules]))
"""


def run(folder, *words, code=PROBE):
    """The last line of a fresh interpreter's output, as JSON."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COV_", "PYTHON", "PLAINTRACK"))
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A small workspace, in a time zone with summer time, with a warm index."""
    folder = str(tmp_path_factory.mktemp("startup"))
    run(folder, "init")
    with open(folder + "/plaintrack.yml", encoding="utf-8") as handle:
        settings = handle.read()
    with open(folder + "/plaintrack.yml", "w", encoding="utf-8") as handle:
        handle.write(settings.replace("timezone: UTC", "timezone: Europe/Berlin"))
    with open(folder + "/tasks/one.md", "w", encoding="utf-8") as handle:
        handle.write(
            "---\nid: PT-1234\ntitle: Fix the login redirect\ntags: [auth, web]\ndue: 2026-12-01\n---\nAs *agreed*.\n"
        )
    assert run(folder, "add", "Write the release notes", "priority=high")[0] == 0
    for _ in range(2):
        time.sleep(0.1)  # a file that is younger is read again
        run(folder, "list")
    return folder


@pytest.fixture(scope="module")
def price():
    """The modules that a bare ``import click, sqlite3`` has loaded already."""
    code = "import click, sqlite3, sys; modules = sorted(sys.modules); import json; print(json.dumps(modules))"
    return set(run(".", code=code))


@pytest.mark.parametrize(
    "words",
    [
        ["list", "--limit", "25"],
        ["list"],
        ["list", "--format", "json"],
        ["list", "tags:auth", "due:..+30d", "status:todo,review"],
        ["next"],
        ["search", "login"],
        ["show", "1234"],
    ],
    ids=" ".join,
)
def test_warm_listing_loads_nothing_heavy(workspace, price, words):
    code, modules = run(workspace, *words)
    assert code == 0
    assert (HEAVY - price) & set(modules) == set()


def test_listing_with_a_broken_file_loads_nothing_heavy(workspace, price):
    path = workspace + "/tasks/broken.md"
    with open(path, "w", encoding="utf-8") as handle:
        handle.write("---\ntitle: [unclosed\n---\n")
    try:
        run(workspace, "list")
        time.sleep(0.1)
        run(workspace, "list")
        code, modules = run(workspace, "list")
        assert code == 0
        assert (HEAVY - price) & set(modules) == set()
    finally:
        os.unlink(path)
        run(workspace, "list")


UNASKED = {
    "hashlib", "ipaddress", "plaintrack.app.check.agreed", "plaintrack.app.check.effects", "plaintrack.app.snapshot.approvals",
    "plaintrack.app.snapshot.capacity", "plaintrack.app.snapshot.timelog", "plaintrack.app.snapshot.timesheets",
    "plaintrack.config.settings", "plaintrack.plan.answer", "plaintrack.query.score", "plaintrack.text.nodes",
    "plaintrack.timeclock.entry", "plaintrack.timeclock.hours", "plaintrack.timeclock.sheet", "urllib.parse", "yaml",
}  # fmt: skip


def test_a_check_loads_nothing_of_what_the_workspace_has_not(empty):
    """Approvals, time, a plan, scores: their checks run, and find out that there is nothing."""
    folder = str(empty.folder)
    run(folder, "init")
    run(folder, "add", "Write the release notes", "due=2026-12-01")
    for words in (["add", "-A"], ["commit", "-qm", "one"]):
        empty.git(*words)
    run(folder, "add", "Another one")
    empty.git("add", "-A")
    most = {"check": 130, "check --staged": 133, "log": 90}
    for each in most:
        for _ in range(2):
            time.sleep(0.1)
            run(folder, *each.split())
        code, modules = run(folder, *each.split())
        assert code == 0
        assert UNASKED & set(modules) <= ({"plaintrack.text.nodes"} if each != "log" else set()), (
            each
        )
        mine = [name for name in modules if name.startswith("plaintrack")]
        assert len(mine) <= most[each], (each, len(mine))


def test_list_loads_no_other_command(workspace):
    _, modules = run(workspace, "list")
    commands = {name for name in modules if name.startswith("plaintrack.cli.commands.")}
    assert commands == {"plaintrack.cli.commands.list_"}


def test_scores_and_calendars_are_loaded_only_where_they_are_asked_for(workspace):
    parts = {
        "plaintrack.model.formula",
        "plaintrack.query.score",
        "plaintrack.app.snapshot.scores",
        "plaintrack.model.rank",
    }
    for words in (["list"], ["next"], ["show", "1234"], ["show", "1234", "--why"]):
        _, modules = run(workspace, *words)
        assert not (parts | {"plaintrack.when.calendars"}) & set(modules), words


def test_recurring_work_is_loaded_only_where_something_recurs(workspace):
    with open(workspace + "/tasks/weekly.md", "w", encoding="utf-8") as handle:
        handle.write("---\nid: PT-wwww\ntitle: Weekly\ndue: 2026-12-01\nrepeat: every week\n---\n")
    for _ in range(2):
        run(workspace, "list")
        time.sleep(0.1)
    parts = {
        "plaintrack.app.items.recur",
        "plaintrack.when.repeat",
        "plaintrack.when.words",
        "plaintrack.when.recurrence",
    }
    for words in (
        ["list"],
        ["list", "is:recurring"],
        ["next"],
        ["show", "wwww"],
        ["check"],
        ["done", "1234"],
        ["reopen", "1234"],
    ):
        code, modules = run(workspace, *words)
        assert code == 0
        assert not parts & set(modules), words
        assert "dateutil" not in modules, words
    _, modules = run(
        workspace, "set", "wwww", "repeat=every 2 weeks"
    )  # a rule is read, no date is computed
    assert "dateutil" not in modules
    _, modules = run(workspace, "done", "wwww")
    assert parts | {"dateutil.rrule"} <= set(modules)
