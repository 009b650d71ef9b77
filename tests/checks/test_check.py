"""``plaintrack check`` as it is used: exit codes, formats, what narrows it, baselines, fixes, and that it can be relied on."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

import pytest
from rights import bound

SETTINGS = "timezone: UTC\n"


def item(shell, name, *lines, body=""):
    path = shell.folder / f"tasks/{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "\n".join(["---", f"id: {name}", f"title: Item {name}", *lines, "---", body, ""]), "utf-8"
    )
    return path


@pytest.fixture
def shell(empty):
    """A small workspace in git, in order."""
    (empty.folder / "plaintrack.yml").write_text(SETTINGS)
    item(empty, "PT-aaaa")
    item(empty, "PT-bbbb", "due: 2026-12-01")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def test_exit_codes(shell):
    assert shell("check") == ""
    assert shell.err == "nothing found in 2 items (today is 2026-11-23)\n"
    item(shell, "PT-aaaa", "status: in-progress")  # no one is assigned
    assert "PT404 note" in shell("check")
    shell("check", "--fail-on", "note", code=1)
    item(shell, "PT-bbbb", "due: 2026-11-01")
    assert "tasks/PT-bbbb.md:4:6: PT305 error: it was due on 2026-11-01, 22 days ago" in shell(
        "check", code=1
    )
    assert shell.err == "1 error, 1 note in 2 items (today is 2026-11-23)\n"
    shell("check", "--fail-on", "never")
    shell("check", "--today", "2026-10-01")
    for wrong in (
        ["--today", "soon"],
        ["--output", "xml"],
        ["--staged", "--since", "HEAD"],
        ["--dry-run"],
        ["--write-baseline"],
        ["no:such:query"],
    ):
        shell("check", *wrong, code=2)
    shell("check", "--since", "no-such-branch", code=2)
    assert "unknown revision 'no-such-branch'" in shell.err


def test_settings_that_cannot_be_used_are_a_finding(shell):
    (shell.folder / "plaintrack.yml").write_text("timezone: UTC\nfolder: [x]\n")
    assert shell("check", code=1).startswith(
        "plaintrack.yml:2:1: PT001 error: folder: is not a setting\n"
    )
    assert "the items were not checked" in shell.err
    (shell.folder / "plaintrack.yml").write_bytes(b"\xff")
    assert "PT001 error: not UTF-8" in shell("check", code=1)
    (shell.folder / "plaintrack.yml").write_text("# ours\ntimezone: Europe/Berln\n")
    assert shell("check", code=1).startswith(
        "plaintrack.yml:2:11: PT001 error: unknown time zone 'Europe/Berln'\n"
    )
    shell.git("add", "-A")
    assert "PT001" in shell("check", "--staged", "--today", "2026-11-23", code=1)
    (shell.folder / "plaintrack.yml").write_text(SETTINGS)
    assert "PT001" in shell("check", "--staged", code=1)  # in what is staged, not in the work tree
    assert shell("check") == ""


def test_formats(shell, tmp_path):
    item(shell, "PT-bbbb", "due: 2026-11-01")
    report = json.loads(shell("check", "--output", "json", code=1))
    (finding,) = report.pop("findings")
    assert report == {
        "schema": 1, "day": "2026-11-23", "base": "", "head": "", "policy": "", "items": 2, "counts": {"error": 1, "warning": 0, "note": 0},
        "waived": 0, "known": 0, "notes": [], "effects": [], "plan": None,
    }  # fmt: skip
    assert len(finding.pop("fingerprint")) == 32
    assert finding == {
        "code": "PT305", "name": "overdue", "path": "tasks/PT-bbbb.md", "message": "it was due on 2026-11-01, 22 days ago",
        "hint": "finish it, or agree on a new date", "line": 4, "column": 6, "end": 16, "excerpt": "due: 2026-11-01", "severity": "error",
        "item": "PT-bbbb",
    }  # fmt: skip
    file = tmp_path / "out.json"
    text = shell("check", "--output", f"json={file}", "--output", "jsonl", code=1)
    assert json.loads(text) == json.loads(file.read_text())["findings"][0]


def test_fingerprints_do_not_move_with_lines(shell):
    def fingerprints():
        return [
            json.loads(line)["fingerprint"]
            for line in shell("check", "--output", "jsonl", code=1).splitlines()
        ]

    item(shell, "PT-bbbb", "due: 2026-11-01", "depends_on: PT-gone")
    before = fingerprints()
    item(
        shell, "PT-bbbb", "# a comment", "tags: [x]", "depends_on:", "- PT-gone", "due: 2026-11-01"
    )
    (shell.folder / "tasks/PT-bbbb.md").rename(shell.folder / "tasks/PT-bbbb-moved.md")
    assert sorted(fingerprints()) == sorted(before)


def test_paths_and_queries_narrow_what_is_told(shell):
    for name in ("PT-aaaa", "PT-bbbb"):
        item(shell, name, "due: 2026-11-01", f"tags: [{name[-1]}]")
    assert shell("check", "tags:a", code=1).count("PT305") == 1
    assert shell("check", "tasks/PT-bbbb.md", code=1).count("PT305") == 1
    assert shell("check", "tasks", code=1).count("PT305") == 2
    assert shell("-C", "tasks", "check", "PT-bbbb.md", code=1).count("PT305") == 1
    assert shell("check", "-tags:a", "tasks/PT-aaaa.md") == ""
    shell("check", str(shell.folder.parent), code=2)


def test_a_baseline_hides_what_was_there_once(shell):
    item(shell, "PT-aaaa", "due: 2026-11-01")
    shell("check", "--baseline", "known.json", "--write-baseline", code=0)
    known = (shell.folder / "known.json").read_text()
    assert len(known.splitlines()) == 3  # one finding a line
    assert shell("check", "--baseline", "known.json") == ""
    assert "1 known from the baseline" in shell.err
    item(shell, "PT-bbbb", "due: 2026-11-02")
    item(shell, "PT-aaaa", "tags: [x]", "due: 2026-11-01")
    assert shell("check", "--baseline", "known.json", code=1).count("PT305") == 1
    (shell.folder / "known.json").write_text("[]")
    shell("check", "--baseline", "known.json", code=2)


def test_waivers(shell):
    item(
        shell,
        "PT-aaaa",
        "due: 2026-11-01",
        "waive:",
        "- overdue until 2026-11-23 because the supplier is late",
    )
    assert shell("check") == ""
    assert "1 waived" in shell.err
    told = shell("check", "--today", "2026-11-24", code=1)
    assert "PT305 error" in told
    assert "PT802 warning: the waiver of overdue ended on 2026-11-23" in told


def test_mending(shell):
    item(
        shell,
        "PT-aaaa",
        "due: 2026/12/1",
        "status: TODO",
        "depends_on: [bbb]",
        "waive: PT301 because of that",
    )
    (shell.folder / "tasks/PT-bbbb.md").rename(shell.folder / "tasks/odd.md")
    slip = shell.folder / "tasks/PT-cccc.md"
    slip.write_text("---\nid: PT-cccc\ntitle: Fix: it  # yes\n---\n")
    (shell.folder / "tasks/new.md").write_text("---\ntitle: New\n---\n")
    item(shell, "PT-dddd")
    (shell.folder / "tasks/PT-dddd-copy.md").write_bytes(
        (shell.folder / "tasks/PT-dddd.md").read_bytes()
    )
    before = {path.name: path.read_bytes() for path in (shell.folder / "tasks").iterdir()}
    diff = shell("check", "--fix", "--dry-run", code=1)
    assert "-due: 2026/12/1\n" in diff
    assert "+due: 2026-12-01\n" in diff
    assert {path.name: path.read_bytes() for path in (shell.folder / "tasks").iterdir()} == before
    assert shell("check", "--fix") == ""
    assert shell.err.count("fixed: ") >= 9
    text = (shell.folder / "tasks/PT-aaaa.md").read_text()
    assert "due: 2026-12-01\nstatus: todo\ndepends_on: [PT-bbbb]\n---" in text
    assert slip.read_text() == "---\nid: PT-cccc\ntitle: 'Fix: it  # yes'\n---\n"
    assert shell("check") == ""
    shell("undo")
    assert {path.name: path.read_bytes() for path in (shell.folder / "tasks").iterdir()} == before


def test_mending_stays_within_what_is_asked_for(shell):
    for name in ("PT-aaaa", "PT-bbbb"):
        item(shell, name, "status: TODO")
    shell("check", "--fix", "tasks/PT-aaaa.md")
    assert "status: todo" in (shell.folder / "tasks/PT-aaaa.md").read_text()
    assert "status: TODO" in (shell.folder / "tasks/PT-bbbb.md").read_text()


def test_mending_leaves_alone_what_is_not_sure(shell):
    path = item(
        shell, "PT-aaaa", "due: 1/12/2026", "status: don", "depends_on: [PT]", "priority: [high]"
    )
    before = path.read_bytes()
    shell("check", "--fix", code=1)
    assert path.read_bytes() == before


def test_the_same_in_every_time_zone_and_language(shell):
    item(
        shell,
        "PT-aaaa",
        "due: 2026-11-22",
        "created: 2026-11-22T23:30:00+01:00",
        "closed: 2026-11-22T22:00:00+00:00",
        "status: done",
    )
    item(shell, "PT-bbbb", "due: 2026-11-22", "title2: ÄÖÜ")
    told = {
        (
            shell(
                "check",
                "--today",
                "2026-11-23",
                code=1,
                TZ=zone,
                LC_ALL=language,
                PLAINTRACK_NOW="",
            ),
            shell.err,
        )
        for zone, language in (
            ("Etc/GMT+12", "C"),
            ("Etc/GMT-14", "C.UTF-8"),
            ("America/St_Johns", "tr_TR.UTF-8"),
            ("Europe/Berlin", "POSIX"),
        )
    }
    assert len(told) == 1


@pytest.mark.parametrize("folder", ["shallow", "whole"])
def test_a_shallow_clone_says_what_it_lacks(shell, tmp_path, folder):
    (shell.folder / "plaintrack.yml").write_text(SETTINGS + "checks: {stale: on}\n")
    shell.git("commit", "-qam", "more")
    depth = ["--depth", "1"] if folder == "shallow" else []
    shell.git("clone", "-q", *depth, shell.folder.as_uri(), str(tmp_path / folder))
    shell("-C", str(tmp_path / folder), "check")
    assert ("this clone is shallow" in shell.err) == (folder == "shallow")
    if depth:
        shell("-C", str(tmp_path / folder), "check", "--since", "HEAD~1...HEAD", code=2)
        assert "this clone is shallow" in shell.err
        assert "fetch" in shell.err


def test_without_git_history_checks_say_so(tmp_path, shell):
    item(shell, "PT-aaaa", "due: 2026-11-01")
    (shell.folder / "plaintrack.yml").write_text(SETTINGS + "checks: {stale: on}\n")
    shutil.rmtree(shell.folder / ".git")
    assert "PT305" in shell("check", code=1, GIT_CEILING_DIRECTORIES=str(shell.folder.parent))
    assert "checks that need history did not run" in shell.err


def test_terminal_injection_is_shown_and_not_obeyed(shell):
    item(
        shell,
        "PT-aaaa",
        'type: "x\\e[31m"',
        'depends_on: "PT-\\u001b[2Jgone\\nfake.md:1:1: PT999 error: no"',
        "stat\u202eus: x",
    )
    told = shell("check", code=1)
    assert "PT202" in told
    assert not any(line.startswith("fake.md") for line in told.splitlines())
    assert all(each.isprintable() or each == "\n" for each in told)
    for form in ("json", "jsonl"):
        assert all(
            each.isprintable() or each == "\n" for each in shell("check", "--output", form, code=1)
        )


def test_hostile_files_are_findings_and_nothing_is_followed(shell, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("---\nid: PT-secret\ntitle: top secret\n---\n")
    (shell.folder / "tasks/link.md").symlink_to(secret)
    (shell.folder / "tasks/dir").symlink_to(tmp_path)
    (shell.folder / "automations").symlink_to("/etc")
    os.mkfifo(shell.folder / "tasks/pipe.md")
    (shell.folder / "tasks/bomb.md").write_text(
        "---\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) or 1}]\n" for n in range(9))
        + "---\n"
    )
    (shell.folder / "tasks/deep.md").write_text("---\na: " + "[" * 5000 + "\n---\n")
    told = shell("check", code=1)
    assert told.count("is a symbolic link") == 3
    assert "secret" not in told.replace(str(tmp_path), "")
    assert told.count("PT101") == 2
    (shell.folder / "plaintrack.yml").unlink()
    (shell.folder / "plaintrack.yml").symlink_to(secret)
    assert "PT001" in shell("check", code=1)
    assert "top secret" not in shell("check", code=1)


def test_slow_queries_come_to_an_end(shell):
    queries = "\n".join(f"    q{n}: {{query: 'note:/(x+x+)+y{n}/', message: m}}" for n in range(2))
    (shell.folder / "plaintrack.yml").write_text(f"{SETTINGS}checks:\n  own:\n{queries}\n")
    for number in range(30):
        item(shell, f"PT-s{number:03}", f"note: {'x' * 5000}")
    told = shell("check", code=1)
    assert "takes too long" in told
    assert "PT004" in told


def test_nothing_is_started_but_git_and_nothing_is_asked_of_the_network(shell, tmp_path):
    """The interpreter tells of every process, connection and file that is opened for writing."""
    item(shell, "PT-bbbb", "due: 2026-11-01")
    (shell.folder / "plaintrack.yml").write_text(
        SETTINGS + "checks: {stale: on, blocked-long: on, who-moves: {status: {done: [x]}}}\n"
    )
    log = tmp_path / "audit.txt"
    code = f"""
import sys
log = open({str(log)!r}, "w")
def hook(event, args):
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "socket.connect", "socket.bind", "socket.getaddrinfo"):
        print(event, args[0], *(args[1][:1] if event == "subprocess.Popen" else ()), file=log)
    elif event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+") and args[0] != {str(log)!r}:
        print(event, args[0], file=log)
sys.addaudithook(hook)
sys.argv = ["plaintrack", *sys.argv[1:]]
from plaintrack.cli.main import run
code = run()
log.close()
sys.exit(code)
"""
    for words in ([], ["--since", "HEAD"], ["--staged"], ["--policy-from", "HEAD"]):
        subprocess.run(
            [sys.executable, "-c", code, "check", *words],
            cwd=shell.folder,
            env=shell.env,
            check=False,
            capture_output=True,
        )
        events = [line.split(" ", 1) for line in log.read_text().splitlines()]
        assert {rest.split()[0] for event, rest in events if event == "subprocess.Popen"} <= {"git"}
        assert all(event in ("subprocess.Popen", "open") for event, _ in events)
        assert [
            rest
            for event, rest in events
            if event == "open"
            and "/.git/plaintrack/" not in rest
            and not rest.isdecimal()
            and rest != tempfile.gettempdir()
        ] == []  # numbers: pipes; the folder of temporary files: one without a name
        assert words == ["--staged"] or events  # there was something to be seen


def test_a_read_only_checkout_can_be_checked(shell):
    """With and without an index made before, of everything and of a change; root obeys the permission bits, too."""
    item(shell, "PT-bbbb", "due: 2026-11-01")
    words = ([], ["--since", "HEAD"], ["--policy-from", "HEAD"])
    told = [shell("check", *each, code=1) for each in words]
    for warm in (True, False):
        if not warm:
            shutil.rmtree(shell.folder / ".git/plaintrack")
        subprocess.run(["chmod", "-R", "a-w", str(shell.folder)], check=True)
        try:
            for each, expected in zip(words, told, strict=True):
                done = subprocess.run(
                    [sys.executable, "-m", "plaintrack", "check", *each], cwd=shell.folder, env=shell.env, capture_output=True, text=True,
                    check=False, preexec_fn=bound,
                )  # fmt: skip
                assert (done.returncode, done.stdout) == (1, expected), done.stderr
            assert warm or not (shell.folder / ".git/plaintrack").exists()
        finally:
            subprocess.run(["chmod", "-R", "u+w", str(shell.folder)], check=True)


def test_explain(shell):
    listed = shell("explain")
    assert "PT305  overdue" in listed
    told = shell("explain", "PT305", "unestimated")
    assert told.startswith(
        "PT305 overdue (error; as out of the box)\nAn open item should have been done by now.\n"
    )
    assert "days: days of grace (0)" in told
    (shell.folder / "plaintrack.yml").write_text(
        SETTINGS + "checks: {PT305: off, own: {mine: {query: 'is:open', message: it is open}}}\n"
    )
    assert "(error; off here)" in shell("explain", "Overdue")
    assert "mine" in shell("explain")
    assert "it is open" in shell("explain", "mine")
    shell("explain", "overdeu", code=2)
    assert "did you mean 'overdue'?" in shell.err
    (shell.folder / "plaintrack.yml").unlink()
    shell("explain", "PT101")


def test_the_example_workspace_has_nothing_but_what_is_or_will_be_late(example):
    told = [json.loads(line) for line in example("check", "--output", "jsonl", code=1).splitlines()]
    codes = [each["code"] for each in told]
    assert set(codes) == {"PT305", "PT416", "PT621", "PT622"}
    assert codes.count("PT305") == len(example("list", "is:overdue", "--format", "ids").split())


def test_queries_have_a_time_limit_together(shell, monkeypatch):
    from plaintrack.app.check import source
    from plaintrack.app.check.check import Asked, check
    from plaintrack.app.snapshot.workspace import Workspace

    for number in range(100):
        item(shell, f"PT-s{number:03}")
    (shell.folder / "plaintrack.yml").write_text(
        SETTINGS + "checks: {own: {q: {query: 'title:*x*', message: m}}}\n"
    )
    monkeypatch.setattr(source, "SECONDS", 0.0)
    (finding,) = check(Workspace(str(shell.folder)), Asked()).findings
    assert (finding.code, finding.message) == ("PT004", "the queries of the checks take too long")


def test_thousands_of_findings_in_one_file_are_counted(shell):
    item(shell, "PT-aaaa", "depends_on:", *(f"- x{number}" for number in range(4000)))
    assert shell("check", code=1).count("PT202") == 100
    assert "3,900 more findings of PT202 in tasks/PT-aaaa.md are left out" in shell.err
