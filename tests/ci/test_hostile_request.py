"""A hostile pull request: under the action's check nothing of it is executed, and nothing else is read, written or sent."""

import json
import os
import re
import subprocess

import pytest
from test_ready_to_use import TOOLS, action_step, request_, run

assert request_

CANARY = "canary-of-the-test"
ITEM = "---\nid: {0}\ntitle: {1}\nstatus: todo\n---\n{2}\n"
HOSTILE = "::set-env name=PATH::x ##vso[task.setvariable]x @everyone fixes #12 <img src=x> ${{ secrets.X }} $(touch canary)"


@pytest.fixture
def attacked(request_):
    """A branch that tries everything a pull request can hold; what runs would leave a file beside the workspace."""
    folder, touch = request_.folder, f"touch {request_.folder.parent}/{CANARY}"
    secret = folder.parent / "secret.md"
    secret.write_text(ITEM.format("PT-secret", "The secret words", "more secret words"))

    def put(name, text, mode=0o644):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    script = f"#!/bin/sh\n{touch}\n"
    put("tools/x.sh", script, 0o755)
    put("sitecustomize.py", f"import os\nos.system({touch!r})\n")
    put("plaintrack.py", f"import os\nos.system({touch!r})\n")
    for name in ("post-checkout", "post-index-change", "pre-commit", "fsmonitor-watchman"):
        put(f".githooks/{name}", script, 0o755)
    put(".gitattributes", "*.md filter=evil diff=evil merge=evil\n")
    put(
        ".gitconfig",
        f'[core]\nfsmonitor = {touch}\nhooksPath = .githooks\n[filter "evil"]\nsmudge = {touch}\nclean = {touch}\n',
    )
    put("automations/evil.yml", "".join(
        f"---\nname: evil{number}\non: {on}\ndo:\n- run: [./tools/x.sh]\n- webhook: 'https://192.0.2.1/'\n- notify: {{text: x, to: 'json://192.0.2.1/'}}\n- create: {{title: made}}\n"
        for number, on in enumerate(("created", "{changed: status}", "closes", "overdue", "comment"))
    ))  # fmt: skip
    put(
        "plaintrack.yml",
        "timezone: UTC\nfolders: [tasks, ../]\narchive: ../archive\ncommit: auto\nchecks: {overdue: off, yaml: off, unknown-choice: off}\n",
    )
    put(
        "tasks/PT-evil11.md",
        ITEM.format("PT-evil11", json.dumps(HOSTILE), HOSTILE).replace(
            "status: todo", "status: '::error::nope'"
        ),
    )
    put("tasks/PT-evil22.md", f"---\nid: PT-evil22\ntitle: [\n---\n{HOSTILE}\n")
    put("comments/PT-evil11/1.md", f"---\nauthor: {json.dumps(HOSTILE)}\n---\n{HOSTILE}\n")
    put("comments/PT-evil11/2.md", HOSTILE)
    put(
        "docs/live.md",
        "<!-- plaintrack: list 'x -->\n<!-- plaintrack: list -->\n<!-- /plaintrack -->\n",
    )
    for name, target in (
        ("tasks/PT-link11.md", secret),
        ("templates/bug.md", secret),
        ("comments/PT-evil11/3.md", secret),
        ("tasks/out", folder.parent),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)
    for name, text in (
        ("HEAD", "ref: refs/heads/main\n"),
        ("config", f"[core]\nbare = true\nfsmonitor = {touch}\n"),
        ("objects/x", ""),
        ("refs/x", ""),
    ):
        put(f"tasks/{name}", text)
    put(".plaintrack/journal/1", "{}")
    request_.git("add", "-Af")
    request_.git("commit", "-qm", f"{HOSTILE}\n\ncloses PT-xybp33, fixes PT-evil11")
    return request_


def everything(folder):
    return {
        path: (path.lstat().st_mtime_ns, path.lstat().st_size)
        for path in folder.parent.rglob("*")
        if not re.search(r"/\.git(/|$)|/cache|/out/", str(path))
    }


def test_nothing_foreign_is_executed_read_written_or_sent(attacked, tmp_path):
    folder = attacked.folder
    before = everything(folder)
    reports = tmp_path / "reports"
    reports.mkdir()
    names = {name: reports / name for name in ("o.sarif", "c.md", "s.md")}
    script, env = action_step(
        **{
            "since": "main...HEAD",
            "policy-from": "main",
            "sarif": str(names["o.sarif"]),
            "comment": str(names["c.md"]),
        }
    )
    network = f"import socket\ndef _no(*_): open({str(folder.parent / 'sent')!r}, 'w')\nsocket.getaddrinfo = socket.create_connection = _no\n"
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(network)
    more = {
        "PYTHONPATH": str(guard),
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(names["s.md"]),
        "RUNNER_TEMP": str(tmp_path),
    }
    out = run(attacked, script, 1, **env, **more)
    changed = {
        path
        for path, stamp in everything(folder).items()
        if before.get(path) != stamp and path != folder.parent
    }
    assert {
        path for path in changed if not str(path).startswith((str(reports), str(guard)))
    } == set()
    said = out + "".join(path.read_text("utf-8") for path in names.values())
    assert "secret words" not in said
    for line in out.splitlines():
        assert re.match(r"::(error|warning|notice) file=[^:]*::|plaintrack: ", line), line
    for code in (
        "PT101",
        "PT108",
        "PT114",
    ):  # the pull request's settings switch them off, the base's do not
        assert code in said
    markdown = names["c.md"].read_text("utf-8")
    assert not re.search(r"@everyone|(?<!\\)<img|#12", markdown)


def test_what_else_a_job_runs_does_nothing_foreign(attacked):
    for words in (
        "check --policy-from main",
        "diff main...HEAD",
        "rules run --since main",
        "log PT-evil11",
        "list --all",
        "show PT-evil11",
        "doctor",
    ):
        done = subprocess.run(
            [TOOLS / "plaintrack", *words.split()],
            cwd=attacked.folder,
            env={**attacked.env, "CI": "true"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1, 2), done.stderr
        assert "secret words" not in done.stdout + done.stderr, words
    assert [
        name for name in os.listdir(attacked.folder.parent) if name in (CANARY, "archive")
    ] == []
