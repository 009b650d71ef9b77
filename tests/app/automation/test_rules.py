"""Automations with the real command line, real files, real git, and processes that are killed."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from conftest import ROOT, Shell
from soak import each

from plaintrack.app.automation import act, changed
from plaintrack.app.automation.run import after
from plaintrack.app.follow import opened
from plaintrack.app.snapshot.workspace import Workspace


def item(shell, name, folder="tasks", **fields):
    text = "".join(
        f"{key}: {value}\n"
        for key, value in {"id": f"PT-{name}", "title": name, "status": "todo", **fields}.items()
    )
    (shell.folder / f"{folder}/{name}.md").write_text(f"---\n{text}---\n- [ ] one\n")


def rule(shell, name, text):
    folder = shell.folder / "automations"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yml").write_text(f"name: {name}\n{text}")


def value(shell, name, field):
    lines = (shell.folder / f"tasks/{name}.md").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith(f"{field}:")), "")


def ledger(shell):
    return sorted(path.name for path in (shell.folder / "automations/fired").rglob("*.yml"))


def comments(shell, name):
    return list((shell.folder / f"comments/PT-{name}").glob("*.md"))


def save(shell, message="x"):
    shell.git("add", "-A")
    shell.git("commit", "-qm", message)


def begin(shell):
    """Two items, not yet committed."""
    shell("init")
    item(shell, "aaa1")
    item(shell, "bbb2")


@pytest.fixture
def place(empty):
    """A workspace with two items, committed."""
    begin(empty)
    save(empty)
    return empty


COUNT = "on: {changed: status}\ndo:\n- comment: '{why}'\n"


def test_a_change_by_any_way_fires_once_and_undo_takes_it_back(place):
    rule(place, "count", COUNT)
    out = place("set", "aaa1", "status=review")
    assert "rule count: PT-aaa1  comment added" in out
    assert len(comments(place, "aaa1")) == len(ledger(place)) == 1
    assert place("rules", "run") == "0 fired\n"
    place("undo")
    assert comments(place, "aaa1") == ledger(place) == []
    assert place("rules", "run") == "0 fired\n"
    path = place.folder / "tasks/bbb2.md"
    path.write_text(path.read_text().replace("todo", "review"))  # an editor
    assert "1 fired" in place("rules", "run")
    place("set", "aaa1", "priority=high")
    assert len(comments(place, "bbb2")) == 1
    assert "status: todo → review: done" in place("rules", "log")


def test_the_first_use_takes_the_present_as_it_is(place):
    rule(place, "count", COUNT)
    item(place, "ccc3", status="done")
    assert place("rules", "run") == "0 fired\n"


def test_two_rules_that_undo_each_other_are_cut_and_told(place):
    rule(place, "ping", "on: {changed: {field: priority, to: high}}\ndo:\n- set: {priority: low}\n")
    rule(place, "pong", "on: {changed: {field: priority, to: low}}\ndo:\n- set: {priority: high}\n")
    out = place("set", "aaa1", "priority=high")
    assert "stopped after 10 that follow from one another: ping → pong → ping" in out
    assert out.count("rule p") == 10
    assert place("rules", "run") == "0 fired\n"


def test_what_git_brings_does_not_fire_and_what_is_committed_here_does(place):
    rule(place, "count", COUNT)
    save(place)
    clone = Shell(place.folder.parent / "clone")
    place.git("clone", "-q", ".", str(clone.folder))
    for key, name in (("user.name", "B"), ("user.email", "b@x")):
        clone.git("config", key, name)
    clone("rules", "run")
    place("rules", "run")
    path = clone.folder / "tasks/aaa1.md"
    path.write_text(path.read_text().replace("todo", "review"))
    save(clone, "by hand")
    assert "1 fired" in clone("rules", "run")
    save(clone, "what rules did")
    place.git("pull", "-q", str(clone.folder), "main")
    assert place("rules", "run") == "0 fired\n"
    assert len(comments(place, "aaa1")) == 1


def test_two_clones_that_meet_a_time_trigger_write_the_same_bytes(place):
    rule(
        place,
        "late",
        "on: overdue\ndo:\n- set: {priority: high}\n- comment: late\n- create: {title: 'Ask about {title}', link: parent}\n",
    )
    item(place, "aaa1", due="2026-11-20")
    save(place)
    clone = Shell(place.folder.parent / "clone")
    place.git("clone", "-q", ".", str(clone.folder))
    for key, name in (("user.name", "B"), ("user.email", "b@x")):
        clone.git("config", key, name)
    for shell in (place, clone):
        assert "1 fired" in shell(
            "rules",
            "run",
            PLAINTRACK_NOW="2026-11-24T10:00:00+01:00"
            if shell is clone
            else "2026-11-23T09:00:00+01:00",
        )
        shell("commit")
    place.git("pull", "-q", "--no-rebase", "--no-edit", str(clone.folder), "main")
    assert place.git("diff", "HEAD^1", "HEAD^2") == ""
    assert len(comments(place, "aaa1")) == len(ledger(place)) == 1
    assert place("rules", "run") == clone("rules", "run") == "0 fired\n"
    assert "Rule: late" in place.git("log", "--format=%B", "-n", "2")
    place("set", "aaa1", "due=2026-11-21")
    assert "1 fired" in place("rules", "run")


def test_conditions_on_the_plan_ask_the_plan_of_then(place):
    """The item slipped after the first edit, and no longer after the second one."""
    rule(place, "warn", "on: {changed: estimate}\nif: is:slipping\ndo:\n- comment: slips\n")
    soon = (date.today() + timedelta(days=14)).isoformat()  # git's clock is not ours
    item(place, "aaa1", due=soon, assignee="ana")
    save(place)
    start = place.git("rev-parse", "HEAD").strip()
    for estimate in ("30d", "1d"):
        item(place, "aaa1", due=soon, assignee="ana", estimate=estimate)
        save(place, f"estimate {estimate}")
    said = place("rules", "test", "warn", "--since", start)
    assert "warn would have fired 1 time since" in said
    clone = Shell(place.folder.parent / "ci")
    place.git("clone", "-q", ".", str(clone.folder))
    assert "would fire warn" not in clone("rules", "run", "--since", start, "--dry-run")
    item(place, "aaa1", due=soon, assignee="ana", estimate="50d")
    save(place, "estimate 50d")
    clone.git("pull", "-q")
    assert "would fire warn: PT-aaa1" in clone("rules", "run", "--since", start, "--dry-run")


def test_conditions_on_logged_time_ask_what_was_logged_then(place):
    """Two hours were logged on the second item only after its edit."""
    rule(place, "much", "on: {changed: priority}\nif: 'spent:2h..'\ndo:\n- comment: much\n")
    item(place, "aaa1", estimate="1d")
    item(place, "bbb2", estimate="1d")
    save(place)
    start = place.git("rev-parse", "HEAD").strip()
    then = (date.today() - timedelta(days=3)).isoformat()  # git's clock is not ours
    dated = {"GIT_COMMITTER_DATE": f"{then}T12:00:00Z", "GIT_AUTHOR_DATE": f"{then}T12:00:00Z"}
    place("time", "log", "aaa1", "2h", "--at", "2026-11-16 09:00")
    for name in ("aaa1", "bbb2"):
        item(place, name, estimate="1d", priority="high")
    with pytest.MonkeyPatch.context() as patch:
        for key, value in dated.items():
            patch.setitem(place.env, key, value)
        save(place, "both matter")
    place("time", "log", "bbb2", "2h", "--at", "2026-11-16 13:00")
    save(place, "logged late")
    said = place("rules", "test", "much", "--since", start)
    assert "much would have fired 1 time since" in said
    assert "PT-aaa1" in said
    assert "PT-bbb2" not in said


def test_ci_fires_what_the_ledger_lacks_and_nothing_else(place):
    rule(place, "count", "on: {changed: status}\nif: 'priority:high'\ndo:\n- comment: seen\n")
    item(place, "aaa1", priority="high")
    item(place, "bbb2", priority="low")
    save(place)
    start = place.git("rev-parse", "HEAD").strip()
    for name in ("aaa1", "bbb2"):
        path = place.folder / f"tasks/{name}.md"
        path.write_text(path.read_text().replace("todo", "review"))
    save(place, "by hand")
    clone = Shell(place.folder.parent / "ci")
    place.git("clone", "-q", ".", str(clone.folder))
    assert "would fire count: PT-aaa1" in clone("rules", "run", "--since", start, "--dry-run")
    assert "1 fired" in clone("rules", "run", "--since", start)
    assert clone("rules", "run", "--since", start) == "0 fired\n"
    assert len(comments(clone, "aaa1")) == 1
    assert "would have fired 1 time since" in place("rules", "test", "count", "--since", start)


def test_a_commit_that_closes_an_item(place):
    rule(place, "closes", "on: closes\nif: is:open\ndo:\n- set: {status: done}\n")
    place("rules", "run")
    place.git("commit", "-qm", "fix the thing, closes PT-aaa1", "--allow-empty")
    assert "1 fired" in place("rules", "run")
    assert value(place, "aaa1", "status") == "done"
    assert place("rules", "run") == "0 fired\n"


def test_only_what_a_person_wrote_closes_an_item_and_only_as_long_as_it_stands(place):
    rule(place, "closes", "on: closes\ndo:\n- set: {status: done}\n")
    place("rules", "run")
    place("set", "bbb2", "title=never closes PT-aaa1, fixes #12")
    place("commit")
    assert "closes PT-aaa1, fixes #12" in place.git("log", "-1", "--format=%B").replace(
        "\u200c", ""
    )
    place.git(
        "commit", "-qm", "fixes PT-aaa and PT-bbb2x, fix 404", "--allow-empty"
    )  # the beginning of an id is none
    assert place("rules", "run") == "0 fired\n"
    (place.folder / "code").write_text("2")
    place.git("add", "code")
    place.git("commit", "-qm", "Second try, fixes PT-aaa1")
    assert "1 fired" in place("rules", "run")
    assert value(place, "aaa1", "status") == "done"
    place("reopen", "aaa1")
    save(place)
    place.git("revert", "--no-edit", "HEAD~1")
    assert place("rules", "run") == "0 fired\n"
    assert value(place, "aaa1", "status") == "todo"


@pytest.mark.parametrize("after", each(range(1, 40, 2), 3))
def test_a_kill_at_any_write_neither_loses_nor_doubles(place, after):
    rule(
        place,
        "count",
        "on: {changed: {field: status, to: review}}\nif: 'status:review -tags:seen'\ndo:\n- add: {tags: seen}\n- comment: seen\n- create: {title: follow up}\n",
    )
    place("rules", "run")
    code = """
import os, signal, sys
calls = [0]
def hook(event, args):
    if event in ("os.rename", "os.link", "os.remove", "open") and (event != "open" or (isinstance(args[0], str) and args[2] & (os.O_CREAT | os.O_WRONLY))) or event == "sqlite3.connect":
        calls[0] += 1
        if calls[0] == LIMIT:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
sys.argv = ["plaintrack", "set", "aaa1", "status=review"]
from plaintrack.cli.main import run
sys.exit(run())
""".replace("LIMIT", str(after))
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=place.folder,
        env=place.env,
        capture_output=True,
        check=False,
    )
    if value(place, "aaa1", "status") != "review":
        place("set", "aaa1", "status=review")
    place("rules", "run")
    assert len(comments(place, "aaa1")) == len(ledger(place)) == 1
    assert len(list((place.folder / "tasks").glob("*follow-up.md"))) == 1
    assert (place.folder / "tasks/aaa1.md").read_text().count("- seen") == 1
    assert place("rules", "run") == "0 fired\n"


def test_a_file_that_changes_after_the_index_was_made_is_acted_on_the_next_time(place, monkeypatch):
    """An editor has begun to save a new item when the index is made, and is through with it when rules read the file."""
    rule(place, "born", "on: created\ndo:\n- set: {priority: high}\n")
    place("rules", "run")
    path, read = place.folder / "tasks/new.md", changed.state
    path.write_text("")

    def slow(workspace, name):
        if name == "tasks/new.md":
            item(place, "new")
        return read(workspace, name)

    monkeypatch.setattr(changed, "state", slow)
    assert after(opened(str(place.folder))) == []
    assert "status: todo" in path.read_text()
    assert "1 fired" in place("rules", "run")
    assert value(place, "new", "priority") == "high"


def test_what_another_process_knows_of_newer_files_is_not_forgotten(place):
    """One looked while an editor had renamed a file away for a moment; another one, later, brought the index up to date."""
    path = place.folder / "tasks/aaa1.md"
    text = path.read_text()
    path.unlink()
    slow = Workspace(str(place.folder))
    _ = slow.index
    path.write_text(text)
    _ = Workspace(str(place.folder)).index
    path.with_name("bbb2.md").write_text(path.with_name("bbb2.md").read_text() + "More.\n")
    slow.touch(["tasks/bbb2.md"])
    assert sorted(slow.index.connection.execute("SELECT id FROM item")) == [
        ("PT-aaa1",),
        ("PT-bbb2",),
    ]


def test_an_action_finds_its_item_though_another_process_has_an_older_look_at_it(
    place, monkeypatch
):
    """It writes what it saw while an editor had renamed the file away for a moment, between two actions of ours."""
    rule(place, "both", "on: {changed: status}\ndo:\n- comment: 'Hm.'\n- set: {priority: high}\n")
    place("rules", "run")
    path, spoken = place.folder / "tasks/aaa1.md", act.Deed.comment
    text = path.read_text().replace("status: todo", "status: review")
    path.unlink()
    slow = Workspace(str(place.folder))
    _ = slow.scanned
    path.write_text(text)

    def comment(deed, text):
        found = spoken(deed, text)
        _ = slow.index
        return found

    monkeypatch.setattr(act.Deed, "comment", comment)
    assert [each.result for each in after(opened(str(place.folder)))] == ["done"]
    assert value(place, "aaa1", "priority") == "high"


@pytest.mark.parametrize("how", ["emptied", "gone"])
def test_a_firing_waits_for_an_item_that_is_being_saved(place, how):
    rule(place, "born", "on: created\ndo:\n- set: {priority: high}\n")
    place("rules", "run")
    item(place, "new")
    path = place.folder / "tasks/new.md"
    text = path.read_text()
    code = "import plaintrack.app.automation.run as r; r.carry_out = lambda *a: __import__('os')._exit(9); import plaintrack.cli.main as m; m.run()"
    killed = subprocess.run(
        [sys.executable, "-c", code, "rules", "run"],
        cwd=place.folder,
        env=place.env,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == 9
    if how == "gone":
        path.unlink()
    else:
        path.write_text("")
    assert place("rules", "run") == "0 fired\n"
    path.write_text(text)
    assert "1 fired" in place("rules", "run")
    assert value(place, "new", "priority") == "high"


def test_faults_have_a_place_and_a_suggestion(place):
    rule(place, "one", "on: {enterd: done}\ndo:\n- set: {priority: high}\n")
    rule(place, "two", "on: created\nif: is:opne\ndo:\n- set: {prority: high}\n")
    out = place("rules", "check", code=1)
    assert "automations/one.yml:2:6: unknown trigger 'enterd' (did you mean 'entered'?)" in out
    assert "automations/two.yml:3:8:" in out
    assert "priority" in out
    assert "PT003" in place("check", code=1)


def test_a_fault_leaves_the_other_rules_of_its_file_in_force(place):
    (place.folder / "automations").mkdir(exist_ok=True)
    (place.folder / "automations/many.yml").write_text(
        "rules:\n- name: one\n  on: {enterd: done}\n  do: [archive]\n- name: two\n  on: {entered: active}\n  do:\n  - set: {priority: high}\n- just text\n"
    )
    place("rules", "run")
    assert [line.split(": ")[0] for line in place("rules", "check", code=1).splitlines()] == [
        "automations/many.yml:3:8",
        "automations/many.yml:9:3",
    ]
    place("set", "aaa1", "status=review")
    assert value(place, "aaa1", "priority") == "high"
    assert place("check", code=1).count("PT003") == 2


def test_a_misspelt_name_in_braces_is_told(place):
    do = "- comment: 'Was {priorty}, {titel} {0} {} {customer} {why}, {age}'\n- set: {assignee: '{asignee}'}\n- move: tasks/{projct}\n"
    rule(place, "one", f"on: created\ndo:\n{do}")
    out = place("rules", "check", code=1).splitlines()
    assert [line.split(": ")[0] for line in out] == [
        f"automations/one.yml:{each}" for each in ("4:17", "4:28", "4:61", "5:20", "6:15")
    ]
    assert "did you mean {priority}?" in out[0]
    rule(
        place,
        "one",
        f"on: created\ndo:\n{do.replace('priorty', 'priority').replace('titel', 'title').replace('age}', 'due}').replace('asi', 'assi').replace('projct', 'project')}",
    )
    assert place("rules", "check") == "1 rule, no problems\n"


@pytest.fixture
def canary(place):
    """A rule that would leave a file if its command ran."""
    (place.folder / "tools").mkdir()
    (place.folder / "tools/touch.sh").write_text("#!/bin/sh\ncat > ../canary\nenv >> ../canary\n")
    (place.folder / "tools/touch.sh").chmod(0o755)
    rule(
        place,
        "run",
        "on: {changed: status}\ndo:\n- run: {command: [./tools/touch.sh], env: [ALLOWED]}\n- set: {priority: high}\n",
    )
    place("rules", "run")
    place.canary = place.folder.parent / "canary"
    return place


def flip(shell, code=0, **env):
    now = "todo" if value(shell, "aaa1", "status") == "review" else "review"
    out = shell("set", "aaa1", f"status={now}", code=code, **env)
    found = shell.canary.exists()
    shell.canary.unlink(missing_ok=True)
    return found, out


def test_nothing_runs_without_trust_and_field_edits_do(canary):
    ran, out = flip(canary)
    assert not ran
    assert "not trusted" in out
    assert value(canary, "aaa1", "priority") == "high"
    canary("trust", code=1)  # no terminal
    assert not flip(canary)[0]


def test_trust_is_for_these_bytes_on_this_machine_and_never_in_ci(canary):
    canary("trust", "--yes")
    assert flip(canary)[0]
    assert not flip(canary, CI="true")[0]
    canary("trust", "--revoke")
    canary("trust", "--yes", code=1, CI="true")
    canary("trust", "--yes")
    for path in ("tools/touch.sh", "automations/run.yml"):
        old = (canary.folder / path).read_text()
        (canary.folder / path).write_text(old + "# changed\n")
        assert not flip(canary)[0]
        assert "+# changed" in canary("trust", "--show", code=1)
        (canary.folder / path).write_text(old)
        assert flip(canary)[0]
    rule(canary, "other", "on: created\ndo:\n- notify: hi\n")
    assert not flip(canary)[0]
    moved = Shell(canary.folder.parent / "moved")
    shutil.copytree(canary.folder, moved.folder)
    moved.canary = canary.canary
    assert not flip(moved)[0]
    records = list((canary.folder.parent / ".local/state/plaintrack/trust").iterdir())
    assert [path.stat().st_mode & 0o777 for path in records] == [0o600]


def test_a_record_inside_the_workspace_or_written_by_others_does_not_count(canary):
    canary("trust", "--yes", code=1, XDG_STATE_HOME=str(canary.folder / "state"))
    canary("trust", "--yes")
    for path in (canary.folder.parent / ".local/state/plaintrack/trust").iterdir():
        path.chmod(0o666)
    assert not flip(canary)[0]


@pytest.mark.parametrize(
    "title",
    [
        "$(touch ../owned)",
        "`touch ../owned`",
        "; touch ../owned",
        "-rf",
        "{id} %s {{x}}",
        "a\\n: touch ../owned",
    ],
)
def test_text_of_items_reaches_commands_as_data_only(canary, title):
    canary("trust", "--yes")
    canary("set", "aaa1", f"title={title}")
    now = canary("set", "aaa1", "status=review", SECRET="hush", ALLOWED="yes", GIT_DIR="")
    text = canary.canary.read_text()
    assert "rule run: ran ./tools/touch.sh" in now
    assert f"PLAINTRACK_TITLE={title}" in text
    assert "ALLOWED=yes" in text
    assert "SECRET" not in text
    assert '"schema": 1' in text
    assert not (canary.folder.parent / "owned").exists()


def test_a_command_that_hangs_forks_floods_or_writes_is_bounded(place):
    script = place.folder / "x.sh"
    for body, said in (
        ("sleep 60 & sleep 60", "took longer than 1 s"),
        ("(sleep 3; touch ../late) & exit 0", "ran ./x.sh"),
        ("yes | head -c 50000000; echo", "ran ./x.sh"),
        ("exit 3", "ended with 3"),
    ):
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)
        rule(place, "run", "on: {changed: status}\ndo:\n- run: {command: [./x.sh], timeout: 1s}\n")
        place("trust", "--yes")
        assert said in place(
            "set",
            "aaa1",
            f"status={'review' if value(place, 'aaa1', 'status') == 'todo' else 'todo'}",
        ), body
    time.sleep(3)
    assert not (place.folder.parent / "late").exists()


def test_a_command_that_uses_plaintrack_does_not_start_rules_within_rules(place):
    script = place.folder / "x.sh"
    script.write_text(f"#!/bin/sh\n{sys.executable} -m plaintrack set bbb2 status=review\n")
    script.chmod(0o755)
    rule(
        place,
        "run",
        "on: {changed: {field: status, to: review}}\nif: 'title:aaa1'\ndo:\n- run: [./x.sh]\n",
    )
    rule(place, "zcount", "on: {changed: status}\ndo:\n- comment: seen\n")
    place("trust", "--yes")
    place("set", "aaa1", "status=review")
    assert value(place, "bbb2", "status") == "review"
    assert len(comments(place, "bbb2")) == 1


def test_a_webhook_needs_trust_and_is_not_called_inside(place):
    rule(place, "hook", "on: {changed: status}\ndo:\n- webhook: 'https://127.0.0.1/'\n")
    assert "not trusted" in place("set", "aaa1", "status=review")
    assert "'webhook' 'https://127.0.0.1/'" in place("trust", "--yes")
    assert "not on the public internet" in place("set", "aaa1", "status=todo")


def test_an_action_that_fails_does_not_stop_the_others(place):
    rule(
        place,
        "two",
        "on: {changed: status}\nretry: 2\ndo:\n- tick: nothing such\n- set: {priority: high}\n",
    )
    assert "tick failed" in place("set", "aaa1", "status=review")
    assert value(place, "aaa1", "priority") == "high"


def test_every_recipe_is_valid_and_fires(place):
    names = sorted(path.stem for path in (ROOT / "templates/automations").glob("*.yml"))
    assert len(names) == 11
    settings = place.folder / "plaintrack.yml"
    goal = "sla: {response: {start: is:open, stop: is:active, goal: 1h}}\n"
    settings.write_text(settings.read_text() + goal)
    for name in names:
        place("rules", "add", name)
        assert name in place("rules", "add")
    assert "no problems" in place("rules", "check")
    place("rules", "add", "sla-reminder", code=2)
    item(place, "ccc3", parent="PT-aaa1")
    item(place, "ddd4", depends_on="\n- PT-ccc3")
    item(place, "eee5", type="milestone")
    item(place, "fff6", due="2026-11-01", priority="low")
    item(place, "ggg7", due="2026-11-24", priority="critical")
    item(place, "hhh8", status="in-progress")
    os.utime(place.folder / "tasks/hhh8.md", (1_790_000_000, 1_790_000_000))
    out = place("rules", "run")
    os.utime(place.folder / "automations/weekly-report.yml", (1_790_000_000, 1_790_000_000))
    out += place("rules", "run")
    out += (
        place("done", "ccc3")
        + place("start", "eee5")
        + place("add", "New", "tags=support")
        + place("add", "What comes in")
    )
    place.git("add", "-A")
    place.git("commit", "-qm", "A fix\n\nCloses PT-ggg7")
    out += place("rules", "run")
    for name in set(names) - {"sla-reminder"}:  # which waits for hours to pass, see test_sla_told
        assert f"rule {name}:" in out, name
    assert value(place, "aaa1", "status") == "done"


def test_without_a_folder_of_rules_nothing_of_them_is_loaded(place):
    code = "import sys; sys.argv[:] = ['plaintrack', 'set', 'aaa1', 'status=review']\nfrom plaintrack.cli.main import run\nrun()\nprint([m for m in sys.modules if 'rules' in m or 'automations' in m or 'react' in m])"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place.folder,
        env=place.env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_an_editor_started_by_plaintrack_and_a_new_item_fire(place):
    rule(place, "count", "on: [created, {changed: status}]\ndo:\n- comment: seen\n")
    place("rules", "run")
    lines = place("add", "New").splitlines()
    assert "created: New" in lines[0]
    assert "rule count:" in lines[1]
    assert "rule count: PT-aaa1" in place("edit", "aaa1", EDITOR="sed -i s/todo/review/")


def test_without_git(tmp_path):
    (tmp_path / "plain").mkdir()
    place = Shell(tmp_path / "plain")
    place("init")
    item(place, "aaa1")
    rule(place, "count", COUNT)
    assert "rule count" in place("set", "aaa1", "status=review")
    assert place("rules", "run") == "0 fired\n"


def test_rules_wait_while_git_merges(place):
    rule(place, "count", COUNT)
    place("rules", "run")
    (place.folder / ".git/MERGE_HEAD").write_text(place.git("rev-parse", "HEAD"))
    place("set", "aaa1", "status=review")
    assert comments(place, "aaa1") == []
    (place.folder / ".git/MERGE_HEAD").unlink()
    assert "1 fired" in place("rules", "run")


def test_many_writers_at_once_fire_once_each(place):
    rule(place, "count", "on: {changed: status}\ndo:\n- comment: seen\n")
    for number in range(8):
        item(place, f"many{number}")
    place("rules", "run")
    command = [sys.executable, "-m", "plaintrack"]
    words = [["set", f"many{number}", "status=review"] for number in range(8)] + [
        ["rules", "run"]
    ] * 3
    running = [
        subprocess.Popen(
            [*command, *each], cwd=place.folder, env=place.env, stdout=subprocess.DEVNULL
        )
        for each in words
    ]
    assert [each.wait(60) for each in running] == [0] * len(running)
    assert place("rules", "run") == "0 fired\n"
    assert [len(comments(place, f"many{number}")) for number in range(8)] == [1] * 8
    assert len(ledger(place)) == 8


def test_a_folder_or_file_of_rules_that_is_a_link_is_not_followed(canary):
    canary("trust", "--yes")
    outside = canary.folder.parent / "outside"
    (canary.folder / "automations").rename(outside)
    (canary.folder / "automations").symlink_to(outside)
    assert not flip(canary)[0]
    (canary.folder / "automations").unlink()
    (canary.folder / "automations").mkdir()
    (canary.folder / "automations/run.yml").symlink_to(outside / "run.yml")
    assert not flip(canary)[0]


def test_a_rule_that_commits_takes_its_ledger_along_and_does_not_start_itself(place):
    rule(place, "keep", "on: {changed: status}\ndo:\n- comment: seen\n- commit\n")
    save(place)
    place("set", "aaa1", "status=review")
    assert place.git("status", "--porcelain") == ""
    assert "Rule: keep" in place.git("log", "-1", "--format=%B")
    assert place("rules", "run") == "0 fired\n"
    settings = place.folder / "plaintrack.yml"
    settings.write_text(settings.read_text() + "\ncommit: auto\n")
    rule(place, "keep", "on: {changed: status}\ndo:\n- comment: seen\n")
    save(place)
    place("set", "bbb2", "status=review")
    assert place.git("status", "--porcelain") == ""


@pytest.mark.parametrize("older", [False, True], ids=["now", "memory of an older version"])
def test_a_folder_that_is_renamed_brings_nothing_new(place, older):
    """Also one that was never seen whole, since a file in it could not be read."""
    rule(place, "born", "on: created\ndo:\n- comment: 'New.'\n")
    (place.folder / "tasks/deep").mkdir()
    item(place, "ccc3", folder="tasks/deep")
    (place.folder / "tasks/deep/broken.md").write_text("---\ntitle: [\n---\n")
    place("rules", "run")
    place("rules", "run")
    if older:
        with sqlite3.connect(place.folder / ".git/plaintrack/automations.sqlite") as memory:
            memory.execute("DROP TABLE folder")
    (place.folder / "tasks/deep").rename(place.folder / "tasks/deeper")
    place("rules", "run")
    assert not (place.folder / "comments").exists()
    item(place, "ddd4", folder="tasks/deeper")
    (place.folder / "tasks/deeper/broken.md").write_text(
        "---\nid: PT-eee5\ntitle: Mended\nstatus: todo\n---\n"
    )
    place("rules", "run")
    assert sorted(each.name for each in (place.folder / "comments").iterdir()) == [
        "PT-ddd4",
        "PT-eee5",
    ]


def test_a_change_is_seen_in_whatever_folder(place):
    rule(place, "count", COUNT)
    for name in ("one", "one/two", "one/two/three"):
        (place.folder / "tasks" / name).mkdir()
        item(place, f"{name[-3:]}9", folder=f"tasks/{name}")
    place("rules", "run")
    for name in ("one", "one/two", "one/two/three"):
        path = place.folder / f"tasks/{name}/{name[-3:]}9.md"
        path.write_text(path.read_text().replace("status: todo", "status: review"))
        assert "1 fired" in place("rules", "run")
        assert place("rules", "run") == "0 fired\n"


def test_a_rule_with_a_condition_that_is_no_query_stops_no_other(place):
    rule(place, "bad", "on: [created, schedule: '* * * * *']\nif: stauts:open\ndo:\n- comment: x\n")
    rule(place, "late", "on: overdue\ndo:\n- comment: late\n")
    rule(place, "new", "on: created\ndo:\n- comment: new\n")
    save(place)
    place("rules", "run")
    item(place, "ccc3", due="2026-01-01")
    save(place)
    out = place("rules", "run", "--dry-run", "--since", "HEAD~1")
    assert "would fire new: PT-ccc3" in out
    assert "would fire late: PT-ccc3" in out
    out = place("rules", "run", "--since", "HEAD~1", code=1)
    assert "3 fired, 1 failed" in out
    assert len(comments(place, "ccc3")) == 2


@pytest.mark.parametrize(
    ("text", "place_", "words"),
    [
        (
            "on: created\ndo:\n- set: {status: dnoe}\n",
            "4:17",
            "'dnoe' is not a status (did you mean 'done'?",
        ),
        (
            "on: created\ndo:\n- set: {due: '+3d', status: done, assignee: {rotate: [a]}, priority: hihg}\n",
            "4:70",
            "'hihg' is not a priority",
        ),
        (
            "on: {changed: {field: status, from: reveiw}}\ndo: [archive]\n",
            "2:37",
            "'reveiw' is not a status (did you mean 'review'?",
        ),
        (
            "on: created\ndo:\n- create: {title: x, template: nope}\n",
            "4:32",
            "unknown template 'nope'",
        ),
        (
            "on: created\ndo:\n- create: {title: x, link: parnet}\n",
            "4:28",
            "did you mean 'parent'?",
        ),
        ("on: created\ndo:\n- move: elsewhere\n", "4:9", "'elsewhere' is not a folder of items"),
        ("on: {created: bug}\ndo: [archive]\n", "2:15", "created takes nothing, not 'bug'"),
        ("on: created\ndo:\n- commit: message\n", "4:11", "commit takes nothing"),
        ("on: created\ndo:\n- comment: [a, b]\n", "4:12", "text of comment is one text"),
        ("on: created\ndo:\n- webhook: http://x.org\n", "4:12", "a webhook is an https address"),
        (
            "on: created\ndo:\n- run: {command: [ls], timeout: 5m}\n",
            "4:33",
            "'5m' is not a time limit",
        ),
        (
            "on: created\ndo:\n- run: {command: [ls], env: {A: b}}\n",
            "4:29",
            "env takes names of variables",
        ),
        ("on: {schedule: '* * * * * *'}\ndo: [archive]\n", "2:16", "it has five fields"),
    ],
)
def test_a_word_that_the_workspace_does_not_know_is_told_with_its_place(place, text, place_, words):
    rule(place, "bad", text)
    out = place("rules", "check", code=1)
    assert out.startswith(f"automations/bad.yml:{place_}: ")
    assert words in out
    assert out.count("\n") == 1


def test_what_a_time_trigger_did_and_undo_took_back_is_not_done_again(place):
    rule(place, "late", "on: overdue\ndo:\n- comment: late\n")
    item(place, "aaa1", due="2026-01-01")
    assert "1 fired" in place("rules", "run")
    place("undo")
    assert place("rules", "run") == "0 fired\n"
    assert comments(place, "aaa1") == []
    place("set", "aaa1", "due=2026-01-02")
    assert "1 fired" in place("rules", "run")


def test_ci_and_test_know_what_commit_messages_close_and_an_amend_closes_once(place):
    rule(
        place,
        "close",
        "on: closes\nif: is:open\ndo:\n- tick: all\n- set: {status: done}\n- comment: closed\n",
    )
    save(place)
    place("rules", "run")
    place.git("commit", "-q", "--allow-empty", "-m", "work, closes PT-aaa1")
    assert "close would have fired 1 time " in place("rules", "test", "close", "--since", "HEAD~1")
    job = Shell(place.folder.parent / "job")
    place.git("clone", "-q", ".", str(job.folder))
    assert "would fire close: PT-aaa1" in job("rules", "run", "--since", "HEAD~1", "--dry-run")
    assert "1 fired" in job("rules", "run", "--since", "HEAD~1")
    assert "0 fired" in job("rules", "run", "--since", "HEAD~1")
    assert "1 fired" in place("rules", "run")
    assert ledger(job) == ledger(place)
    place("reopen", "aaa1")
    place.git("commit", "-q", "--amend", "--allow-empty", "-m", "reworded, closes PT-aaa1")
    assert "0 fired" in place("rules", "run")


def test_ticking_all_of_no_steps_is_no_failure(place):
    rule(place, "tick", "on: {changed: status}\ndo:\n- tick: all\n")
    path = place.folder / "tasks/aaa1.md"
    path.write_text(path.read_text().replace("- [ ] one", "text"))
    assert "failed" not in place("set", "aaa1", "status=review")


def test_the_triage_recipe_tags_what_people_bring_and_not_what_is_planned_or_made_by_recipes(place):
    for name in ("triage-inbox", "weekly-report", "release-checklist"):
        place("rules", "add", name)
    save(place)
    place("rules", "run")
    assert "tags + triage" in place("add", "Something")
    assert "triage" not in place("add", "2.0", "type=milestone")
    milestone = place("list", "type:milestone", "--format", "ids").strip()
    assert "Release checklist for 2.0" in (out := place("start", milestone))
    assert "triage" not in out
    out = place("rules", "run", PLAINTRACK_NOW="2026-12-07T10:00:00+01:00")
    assert "Weekly report" in out
    assert "triage" not in out


def test_faulty_settings_are_no_fault_of_the_rules(place):
    place("rules", "add", "weekly-report")
    path = place.folder / "plaintrack.yml"
    path.write_text(path.read_text() + "types: [story]\ntypes: [task]\n")
    assert place("rules", "check", code=2) == ""
    assert "plaintrack.yml:" in place.err


def test_a_look_in_the_middle_of_a_save_takes_no_item_for_new(place):
    """Editors rename the old file away before they write the new one."""
    rule(place, "born", "on: created\ndo:\n- comment: 'New.'\n")
    rule(place, "closed", "on: {entered: done}\ndo:\n- comment: 'Closed.'\n")
    place("rules", "run")
    path = place.folder / "tasks/aaa1.md"
    text = path.read_text()
    path.unlink()
    place("rules", "run")
    path.write_text(text.replace("todo", "done"))
    place("rules", "run")
    assert [each.read_text().splitlines()[-1] for each in comments(place, "aaa1")] == ["Closed."]
    path.unlink()
    time.sleep(2.1)
    place("rules", "run")
    path.write_text(text)
    place("rules", "run")
    assert len(comments(place, "aaa1")) == 2  # it was deleted, and is new
