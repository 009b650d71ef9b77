"""The watcher sees every change once, however it is made, and answers like a fresh parse afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from watching import Watcher

from plaintrack.store import watch as watching


@pytest.fixture
def place(empty):
    """A workspace with the item PT-aaaaaa."""
    empty("init")
    (empty.folder / "tasks/a.md").write_text(
        "---\nid: PT-aaaaaa\ntitle: First\nstatus: todo\n---\nText.\n"
    )
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def in_place(path, text):
    path.write_text(text)


def by_rename(path, text):
    new = path.with_name(".goutputstream-X1")
    new.write_text(text)
    new.rename(path)


def vim(path, text):
    (path.parent / "4913").write_text("")
    (path.parent / "4913").unlink()
    backup = path.with_name(path.name + "~")
    path.rename(backup)
    path.write_text(text)
    backup.unlink()


def emacs(path, text):
    lock = path.with_name(".#" + path.name)
    lock.symlink_to("jonas@host.1:2")
    path.with_name(f"#{path.name}#").write_text(text)
    path.rename(path.with_name(path.name + "~"))
    path.write_text(text)
    lock.unlink()
    path.with_name(f"#{path.name}#").unlink()


def jetbrains(path, text):
    new, old = (path.with_name(path.name + each) for each in ("___jb_tmp___", "___jb_old___"))
    new.write_text(text)
    path.rename(old)
    new.rename(path)
    old.unlink()


def in_pieces(path, text):
    with path.open("w") as handle:
        for each in (text[:10], text[10:40], text[40:]):
            time.sleep(0.05)
            handle.write(each)
            handle.flush()


def slowly_away(path, text):
    path.unlink()
    time.sleep(0.4)
    path.write_text(text)


WAYS = [in_place, by_rename, vim, emacs, jetbrains, in_pieces, slowly_away]


@pytest.mark.parametrize("how", WAYS, ids=lambda each: each.__name__)
def test_every_way_of_saving_is_one_change(place, how):
    path = place.folder / "tasks/a.md"
    with Watcher(place) as watcher:
        how(path, path.read_text().replace("todo", "review"))
        watcher.await_(lambda: watcher.texts(), how)
        how(path, path.read_text().replace("First", "Second"))
        watcher.await_(lambda: len(watcher.texts()) > 1, how)
        watcher.quiet(1.2)
        assert watcher.texts() == [
            "PT-aaaaaa status: todo → review",
            "PT-aaaaaa title: First → Second",
        ]


def test_a_new_file_that_is_still_empty_is_not_told_as_broken(place):
    path = place.folder / "tasks/b.md"
    with Watcher(place) as watcher:
        path.write_text("")
        time.sleep(0.4)
        path.write_text("---\nid: PT-bbbbbb\ntitle: New\nstatus: todo\n---\n")
        watcher.await_(lambda: watcher.texts(), "created")
        (place.folder / "tasks/c.md").write_text("")
        watcher.await_(lambda: len(watcher.texts()) > 1, "broken after a while")
        assert [each["kind"] for each in watcher.of("change")] == ["created", "broken"]


def test_its_index_is_ready_for_the_next_command(place):
    path = place.folder / "tasks/a.md"
    with Watcher(place) as watcher:
        path.write_text(path.read_text().replace("First", "Second"))
        watcher.await_(lambda: watcher.texts(), "the change")
        assert "Second" in place("list")


def test_commands_and_text_and_renames_are_told_once(place):
    with Watcher(place) as watcher:
        place("set", "aaaaaa", "priority=high")
        watcher.await_(lambda: watcher.texts(), "set")
        (place.folder / "tasks/deep").mkdir()
        (place.folder / "tasks/a.md").rename(place.folder / "tasks/deep/b.md")
        watcher.await_(lambda: len(watcher.texts()) > 1, "rename")
        (place.folder / "tasks/deep").rename(place.folder / "tasks/deeper")
        watcher.await_(lambda: len(watcher.texts()) > 2, "rename of the folder")
        with (place.folder / "tasks/deeper/b.md").open("a") as handle:
            handle.write("More.\n")
        watcher.await_(lambda: len(watcher.texts()) > 3, "text")
        (place.folder / "tasks/deeper/b.md").unlink()
        watcher.await_(lambda: len(watcher.texts()) > 4, "deleted")
        watcher.quiet()
        assert watcher.texts() == [
            "PT-aaaaaa priority: (none) → high",
            "PT-aaaaaa moved: tasks/a.md → tasks/deep/b.md",
            "PT-aaaaaa moved: tasks/deep/b.md → tasks/deeper/b.md",
            "PT-aaaaaa body changed",
            "PT-aaaaaa deleted: First",
        ]


def test_a_folder_that_is_renamed_is_told_item_by_item(place):
    """Nothing of the files inside changes, not even a time stamp."""
    (place.folder / "tasks/deep").mkdir()
    for number in range(3):
        (place.folder / f"tasks/deep/{number}.md").write_text(
            f"---\nid: PT-d{number}\ntitle: Deep\nstatus: todo\n---\n"
        )
    time.sleep(0.1)
    (place.folder / "tasks/a.md").write_text((place.folder / "tasks/a.md").read_text() + "More.\n")
    with Watcher(place) as watcher:
        (place.folder / "tasks/deep").rename(place.folder / "tasks/deeper")
        watcher.await_(lambda: watcher.texts(), "the rename")
        watcher.quiet()
        assert watcher.texts() == [
            f"PT-d{each} moved: tasks/deep/{each}.md → tasks/deeper/{each}.md" for each in range(3)
        ]


def test_a_file_that_breaks_and_is_mended(place):
    path = place.folder / "tasks/a.md"
    text = path.read_text()
    with Watcher(place) as watcher:
        path.write_text("---\ntitle: [\n---\n")
        watcher.await_(lambda: watcher.texts(), "broken")
        path.write_text(text)
        watcher.await_(lambda: len(watcher.texts()) > 1, "mended")
        assert [each["kind"] for each in watcher.of("change")] == ["broken", "mended"]
        assert "not valid YAML" in watcher.texts()[0]


@pytest.mark.parametrize("count", [800, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_checkout_of_many_files_is_seen_whole(place, count):
    for number in range(count):
        (place.folder / f"tasks/{number}.md").write_text(
            f"---\nid: PT-m{number}\ntitle: Many {number}\nstatus: todo\n---\n"
        )
    place.git("checkout", "-q", "-b", "side")
    place.git("add", "-A")
    place.git("commit", "-qm", "many")
    for path in (place.folder / "tasks").glob("*.md"):
        path.write_text(path.read_text().replace("todo", "review"))
    place.git("commit", "-qam", "review")
    with Watcher(place) as watcher:
        place.git("checkout", "-q", "HEAD~1")
        watcher.await_(
            lambda: watcher.of("changes") or len(watcher.of("change")), "first checkout", 60
        )
        watcher.quiet(1.5)
        watcher.events.clear()
        place.git("checkout", "-q", "main")
        watcher.await_(lambda: watcher.of("changes"), "second checkout", 60)
        watcher.quiet(1.5)
        assert watcher.end() == 0
    assert (
        sum(int(each["text"].split()[0].replace(",", "")) for each in watcher.of("changes"))
        + len(watcher.of("change"))
        >= count
    )
    assert place("list", "--all", "--format", "ids").split() == ["PT-aaaaaa"]


def test_there_is_one_per_workspace(place):
    with Watcher(place) as watcher:
        place("watch", code=1)
        assert f"process {watcher.process.pid}" in place.err
        assert watcher.end(signal.SIGKILL) == -signal.SIGKILL
    with Watcher(place) as watcher:
        assert watcher.end() == 0


def test_there_is_one_also_after_the_cache_was_removed(place):
    """Whoever looks first holds the new lock; an end is clean without a cache, too."""
    with Watcher(place) as watcher:
        shutil.rmtree(place.folder / ".git/plaintrack")
        (place.folder / "tasks/a.md").write_text(
            (place.folder / "tasks/a.md").read_text().replace("todo", "review")
        )
        watcher.await_(watcher.texts, "a look")
        watcher.quiet()
        assert (
            f"process {watcher.process.pid}"
            in (place.folder / ".git/plaintrack/watch.pid").read_text()
        )
        place("watch", "--once", code=1)
        shutil.rmtree(place.folder / ".git/plaintrack")
        with Watcher(place) as other:
            (place.folder / "tasks/a.md").write_text(
                (place.folder / "tasks/a.md").read_text().replace("review", "todo")
            )
            assert watcher.process.wait(10) == 1
            assert f"process {other.process.pid}" in watcher.process.stderr.read()
            shutil.rmtree(place.folder / ".git/plaintrack")
            assert other.end() == 0
            assert other.process.stderr.read() == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(place, number):
    with Watcher(place) as watcher:
        assert watcher.end(number) == 0
        assert watcher.events[-1]["event"] == "stop"
        assert watcher.process.stderr.read() == ""
    assert not (place.folder / ".git/plaintrack/watch.pid").exists()


def test_what_watchdog_says_at_the_end_is_not_told(place):
    code = (
        "import logging; from plaintrack.store.watch import Hints; hints = Hints(); assert hints.arm('.', []) == ''; hints.disarm()\n"
        "logging.getLogger('watchdog.observers').warning('too late')"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place.folder,
        env=place.env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout + run.stderr == ""


def test_folders_that_go_and_come_back_are_watched_again(place):
    path = place.folder / "tasks/a.md"
    text = path.read_text()
    with Watcher(place) as watcher:
        shutil.rmtree(place.folder / "tasks")
        watcher.await_(lambda: watcher.texts() == ["PT-aaaaaa deleted: First"], "gone")
        path.parent.mkdir()
        path.write_text(text)
        watcher.await_(lambda: len(watcher.texts()) > 1, "back")
        time.sleep(1.5)
        path.write_text(text.replace("todo", "review"))
        watcher.await_(
            lambda: watcher.texts()[2:] == ["PT-aaaaaa status: todo → review"], "watched"
        )


def test_a_workspace_that_goes_and_comes_back(place):
    away = place.folder.with_name("away")
    with Watcher(place) as watcher:
        place.folder.rename(away)
        watcher.await_(lambda: watcher.of("trouble"), "gone")
        away.rename(place.folder)
        path = place.folder / "tasks/a.md"
        time.sleep(2.5)
        path.write_text(path.read_text().replace("todo", "review"))
        watcher.await_(lambda: watcher.texts() == ["PT-aaaaaa status: todo → review"], "back")
        assert len(watcher.of("trouble")) == 1


def test_settings_that_break_are_told_and_waited_for(place):
    settings = place.folder / "plaintrack.yml"
    good = settings.read_text()
    with Watcher(place) as watcher:
        settings.write_text("statuses: [\n")
        watcher.await_(lambda: watcher.of("trouble"), "told")
        settings.write_text(good)
        time.sleep(1.5)
        path = place.folder / "tasks/a.md"
        path.write_text(path.read_text().replace("todo", "review"))
        watcher.await_(lambda: watcher.texts() == ["PT-aaaaaa status: todo → review"], "mended")


def test_polling_sees_the_same(place):
    path = place.folder / "tasks/a.md"
    with Watcher(place, "--poll", "0.2") as watcher:
        path.write_text(path.read_text().replace("todo", "review"))
        watcher.await_(lambda: watcher.texts() == ["PT-aaaaaa status: todo → review"], "polled")
        assert watcher.end() == 0


def test_what_was_missed_is_healed_when_watchdog_says_that_events_were_lost(place):
    """A stopped process and a full queue: the kernel drops what comes, and watchdog says so only to its log."""
    code = (
        "import logging, threading, time, plaintrack.app.watch.loop as w, plaintrack.store.watch as s\n"
        "s.Hints.on_any_event = lambda *_: None\n"  # every event is lost
        "told = []\n"
        "watch = w.Watch('.', told.append, lambda *_: [])\n"
        "stop = threading.Event()\n"
        "thread = threading.Thread(target=watch.run, args=[stop]); thread.start(); time.sleep(1)\n"
        "text = open('tasks/a.md').read(); open('tasks/a.md', 'w').write(text.replace('todo', 'review')); time.sleep(1)\n"
        "assert not told, told\n"
        "logging.getLogger('watchdog.observers.inotify').warning('Inotify queue overflowed'); time.sleep(1)\n"
        "stop.set(); watch.hints.event.set(); thread.join(); print([each.text for each in told])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place.folder,
        env=place.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "['status: todo → review']\n", run.stderr


def test_it_goes_on_without_events_where_the_system_has_none_left(place):
    code = (
        "import threading, time, plaintrack.app.watch.loop as w, plaintrack.store.watch as s\n"
        "def none(*_, **__): raise OSError(28, 'inotify watch limit reached')\n"
        "s.Observer = lambda: type('O', (), {'schedule': none, 'stop': none, 'is_alive': lambda _: False})()\n"
        "s._stop = lambda _: None\n"
        "told = []\n"
        "watch = w.Watch('.', told.append, lambda *_: [])\n"
        "stop = threading.Event()\n"
        "thread = threading.Thread(target=watch.run, args=[stop]); thread.start(); time.sleep(0.5)\n"
        "text = open('tasks/a.md').read(); open('tasks/a.md', 'w').write(text.replace('todo', 'review')); time.sleep(3.5)\n"
        "stop.set(); watch.hints.event.set(); thread.join(); print([each.text for each in told])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place.folder,
        env=place.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "inotify watch limit reached" in run.stdout, run.stderr
    assert "status: todo → review" in run.stdout


def test_without_a_single_inotify_instance_it_looks_again_and_again(tmp_path, monkeypatch):
    def none():
        raise OSError(24, "inotify instance limit reached")

    monkeypatch.setattr(watching, "Observer", none)
    hints = watching.Hints()
    assert "instance limit" in hints.arm(str(tmp_path), [])
    assert not hints.armed


def test_a_commit_that_closes_is_acted_on_at_once(place):
    (place.folder / "automations").mkdir(exist_ok=True)
    (place.folder / "automations/close.yml").write_text(
        "name: close\non: closes\ndo:\n- set: {status: done}\n"
    )
    place.git("add", "-A")
    place.git("commit", "-qm", "rule")
    place("rules", "run")
    item = place("list", "--format", "ids").split()[0]
    with Watcher(place) as watcher:
        time.sleep(1)  # what was committed just now is seen
        place.git("commit", "-q", "--allow-empty", "-m", f"Fix it, closes {item}")
        watcher.await_(lambda: watcher.of("action"), "closed", 10)  # not at the next whole scan
        assert watcher.end() == 0
    assert place("list", item, "status:done", "--format", "ids").split() == [item]


def test_git_in_the_middle_of_a_merge_is_waited_for(place):
    path = place.folder / "tasks/a.md"
    place.git("checkout", "-q", "-b", "side")
    path.write_text(path.read_text().replace("todo", "review"))
    place.git("commit", "-qam", "side")
    place.git("checkout", "-q", "main")
    path.write_text(path.read_text().replace("todo", "in-progress"))
    place.git("commit", "-qam", "main")
    with Watcher(place) as watcher:
        place.git("merge", "side", check=False)
        watcher.await_(lambda: watcher.of("wait"), "merge")
        assert "in the middle of a merge" in watcher.of("wait")[0]["text"]
        place.git("merge", "--abort")
        watcher.quiet()
        assert len(watcher.of("wait")) == 1
        assert watcher.end() == 0


def test_idle_it_costs_next_to_nothing(place):
    with Watcher(place) as watcher:
        before, start = used(watcher.process.pid), time.monotonic()
        time.sleep(4)
        share = (used(watcher.process.pid) - before) / (time.monotonic() - start)
        assert share < 0.05  # measured: under 0.01 of a core
        assert watcher.end() == 0


def used(pid):
    """CPU seconds of a process, by all its threads."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as handle:
        words = handle.read().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def test_once_is_for_cron(place):
    assert place("watch", "--once") == ""
    (place.folder / "plaintrack.yml").write_text("statuses: [\n")
    place("watch", "--once", code=2)


def dashboard(place):
    path = place.folder / "README.md"
    path.write_text("<!-- plaintrack: stats -->\n<!-- /plaintrack -->\n")
    return path


def test_documents_stay_true(place):
    board = dashboard(place)
    path = place.folder / "tasks/a.md"
    with Watcher(place) as watcher:
        watcher.await_(lambda: "| todo | 1 |" in board.read_text(), "at the start")
        path.write_text(path.read_text().replace("todo", "review"))
        watcher.await_(lambda: "| review | 1 |" in board.read_text(), "after a change")
        place("set", "aaaaaa", "status=done")
        watcher.await_(lambda: "| done | 1 |" in board.read_text(), "after a command")
        board.write_text(board.read_text().replace("stats", "count is:closed"))
        watcher.await_(lambda: "**1**" in board.read_text(), "after a change of the document")
        watcher.quiet()
        assert [each["text"] for each in watcher.of("action")] == ["rendered README.md"] * 4
        assert watcher.end() == 0


def test_what_follows_waits_for_the_end_of_a_merge(place):
    board = dashboard(place)
    place("watch", "--once")
    place.git("add", "-A")
    place.git("commit", "-qm", "board")
    place.git("checkout", "-q", "-b", "side")
    path = place.folder / "tasks/a.md"
    path.write_text(path.read_text().replace("todo", "review"))
    place.git("commit", "-qam", "side")
    place.git("checkout", "-q", "main")
    with Watcher(place) as watcher:
        place.git("merge", "-q", "--no-ff", "--no-commit", "side")
        watcher.await_(lambda: watcher.of("wait") and watcher.texts(), "merge")
        watcher.quiet(1.5)
        assert "| todo | 1 |" in board.read_text()
        place.git("commit", "-qm", "merged")
        watcher.await_(lambda: "| review | 1 |" in board.read_text(), "merged")
        assert watcher.end() == 0


@pytest.mark.parametrize("how", ["editor", "command"])
def test_recurring_work_goes_on_once_however_it_is_closed(place, how):
    path = place.folder / "tasks/w.md"
    path.write_text(
        "---\nid: PT-wwwwww\ntitle: Weekly\nstatus: todo\ndue: 2026-11-23\nrepeat: every week\n---\n"
    )
    with Watcher(place) as watcher:
        if how == "editor":
            path.write_text(path.read_text().replace("todo", "done"))
        else:
            place("done", "wwwwww")
        watcher.await_(lambda: len(list(path.parent.glob("*.md"))) == 3, "the next one")
        watcher.quiet(1.5)
        assert watcher.end() == 0
    assert len(list(path.parent.glob("*.md"))) == 3
    assert "2026-11-30" in place("list", "Weekly")


RULE = "name: told\non: {changed: {field: status, to: review}}\ndo:\n- comment: 'In review.'\n"


def ruled(place):
    """The workspace with a rule, and with what is there taken for seen."""
    (place.folder / "automations").mkdir()
    (place.folder / "automations/told.yml").write_text(RULE)
    place("rules", "run")
    return place.folder / "tasks/a.md"


def fired(place):
    return len(list((place.folder / "comments").glob("PT-*/*.md")))


def test_a_rule_fires_once_whoever_makes_the_change(place):
    """By turns a command and an editor, and a watcher that is killed now and then."""
    path = ruled(place)
    count = 0
    for start in range(2):
        with Watcher(place) as watcher:
            for turn in range(4):
                if turn % 2:
                    place("set", "aaaaaa", "status=review")
                else:
                    by_rename(path, path.read_text().replace("status: todo", "status: review"))
                count += 1
                watcher.await_(lambda: fired(place) == count, (start, turn))  # noqa: B023
                by_rename(path, path.read_text().replace("status: review", "status: todo"))
                watcher.quiet(0.4)
            assert fired(place) == count
            watcher.end(signal.SIGKILL if start % 2 else signal.SIGTERM)
    place("rules", "run")
    assert fired(place) == count == 8
    assert len(list((place.folder / "automations/fired").rglob("*.yml"))) == count


def test_what_was_changed_while_nobody_watched_is_acted_on_at_the_start(place):
    path = ruled(place)
    path.write_text(path.read_text().replace("status: todo", "status: review"))
    place("watch", "--once")
    place("watch", "--once")
    assert fired(place) == 1


def test_what_git_brings_fires_nothing(place):
    path = ruled(place)
    place.git("add", "-A")
    place.git("commit", "-qm", "rule")
    other = place.folder.with_name("other")
    place.git("clone", "-q", ".", str(other))
    text = (other / "tasks/a.md").read_text()
    (other / "tasks/a.md").write_text(text.replace("status: todo", "status: review"))
    place.git(
        "-C",
        str(other),
        "-c",
        "user.name=B",
        "-c",
        "user.email=b@example.com",
        "commit",
        "-qam",
        "review",
    )
    with Watcher(place) as watcher:
        time.sleep(1)  # what was committed just now is seen
        place.git("pull", "-q", str(other), "HEAD")
        watcher.await_(lambda: watcher.texts(), "pulled")
        watcher.quiet(1.0)
        assert watcher.end() == 0
    assert "review" in path.read_text()
    assert fired(place) == 0


def test_a_time_trigger_fires_once_while_it_watches(place):
    ruled(place)
    (place.folder / "automations/late.yml").write_text(
        "name: late\non: overdue\ndo:\n- set: {priority: high}\n"
    )
    path = place.folder / "tasks/a.md"
    path.write_text(path.read_text().replace("status: todo", "status: todo\ndue: 2026-11-01"))
    with Watcher(place) as watcher:
        watcher.await_(lambda: "priority: high" in path.read_text(), "overdue")
        path.write_text(path.read_text().replace("priority: high", "priority: low"))
        watcher.quiet(1.5)
        assert watcher.end() == 0
    assert "priority: low" in path.read_text()


def test_it_keeps_no_files_open(place):
    """A watcher lives for weeks: what one look opens is closed by the next, without the garbage collector."""
    dashboard(place)
    code = (
        "import gc, os, plaintrack.app.watch.loop as w, plaintrack.app.follow as f\n"
        "watch = w.Watch('.', lambda _: None, f.Follower())\n"
        "watch._listen(); gc.disable(); watch.once(); watch.once()\n"
        "before = len(os.listdir('/proc/self/fd' if os.path.exists('/proc') else '/dev/fd'))\n"
        "for number in range(10):\n"
        "    open('tasks/a.md', 'a').write('More.\\n'); watch.once()\n"
        "print(len(os.listdir('/proc/self/fd' if os.path.exists('/proc') else '/dev/fd')) - before, flush=True); os._exit(0)\n"
    )
    (place.folder / "automations").mkdir()
    (place.folder / "automations/rule.yml").write_text(RULE)
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place.folder,
        env=place.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "0\n", run.stderr
