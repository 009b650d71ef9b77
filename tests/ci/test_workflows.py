"""The workflows to copy: their steps run in a shell, with a `gh` that keeps issues and comments in files and a chat that is a server of ours."""

import json
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import yaml
from conftest import ROOT
from test_ready_to_use import TOOLS, action_step

GH = """#!/bin/sh
echo "$*" >> "$GH_STATE/log"
case "$1 $2" in
"issue list") if [ -e "$GH_STATE/open" ]; then echo 7; fi ;;
"issue create") cp "$(printf '%s\\n' "$@" | tail -n 1)" "$GH_STATE/open" ;;
"issue edit") cp "$(printf '%s\\n' "$@" | tail -n 1)" "$GH_STATE/open" ;;
"issue close") rm "$GH_STATE/open" ;;
esac
"""

COMMENTS = """#!/bin/sh
echo "$*" >> "$STATE/log"
case "$*" in
*--paginate*)
  [ -e "$STATE/comments.json" ] || echo '[]' > "$STATE/comments.json"
  while [ "$1" != --jq ]; do shift; done
  jq "$2" "$STATE/comments.json" ;;
*) for last; do :; done
  jq -n --rawfile body "${last#body=@}" '[{id: 17, user: {type: "Bot"}, body: $body}]' > "$STATE/comments.json" ;;
esac
"""


@pytest.fixture
def chat():
    """A web hook: its address and what was posted."""
    posted = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", posted
    server.shutdown()
    server.server_close()


@pytest.fixture
def night(example, tmp_path, chat):
    """Runs the whole job; returns its exit code."""
    if not (shutil.which("jq") and shutil.which("curl")):
        pytest.skip("runners have jq and curl")
    state = tmp_path / "state"
    (state / "bin").mkdir(parents=True)
    (state / "bin/gh").write_text(GH)
    (state / "bin/gh").chmod(0o755)
    job = yaml.safe_load((ROOT / "ci/nightly.yml").read_text("utf-8"))["jobs"]["overdue"]
    base = {
        **example.env,
        "PATH": f"{state / 'bin'}:{TOOLS}:{example.env['PATH']}",
        "GH_STATE": str(state),
    }

    def shell(script, env):
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=example.folder,
            env={**base, **env},
            capture_output=True,
            check=False,
        ).returncode

    def whole(day):
        (check,) = (step for step in job["steps"] if step.get("id") == "check")
        filled = {
            name: value.replace("${{ runner.temp }}", str(tmp_path))
            for name, value in check["with"].items()
        }
        script, env = action_step(**filled)
        outcome = "failure" if shell(script, {**env, "PLAINTRACK_NOW": day}) else "success"
        known = {
            "runner.temp": str(tmp_path), "steps.check.outcome": outcome, "secrets.OVERDUE_WEBHOOK": chat[0], "github.token": "t",
            "github.repository": "a/b", "github.server_url": "https://forge.example", "github.run_id": "1",
        }  # fmt: skip
        for step in job["steps"]:
            if "run" not in step:
                continue
            assert "${{" not in step["run"], "an expression in a script is an injection"
            if step.get("if") == "steps.check.outcome != 'success'" and outcome == "success":
                continue
            env = {
                name: re.sub(r"\$\{\{ ([\w.]+) \}\}", lambda found: known[found[1]], value)
                for name, value in step["env"].items()
            }
            if code := shell(step["run"], env):
                return code
        return 0

    whole.state, whole.posted, whole.folder = state, chat[1], example.folder
    return whole


def test_an_issue_is_kept_renewed_and_closed_and_a_chat_is_told(night):
    assert night("2026-11-23T09:00:00+01:00") == 0
    first = (night.state / "open").read_text()
    assert first.count("| ❌ |") == 6
    assert night.posted == [
        {
            "text": "Overdue work: 6 errors, 6 warnings in 6 of 172 items looked at (today is 2026-11-23) – https://forge.example/a/b/actions/runs/1"
        }
    ]
    assert night("2026-12-23T09:00:00+01:00") == 0
    assert (night.state / "open").read_text() != first
    assert night("2026-01-01T09:00:00+01:00") == 0
    assert not (night.state / "open").exists()
    assert len(night.posted) == 2
    assert night("2026-01-01T09:00:00+01:00") == 0
    assert [line.split()[1] for line in (night.state / "log").read_text().splitlines()] == [
        "list",
        "create",
        "create",
        "list",
        "edit",
        "list",
        "close",
        "list",
    ]


def test_a_check_that_does_not_run_is_no_empty_issue(night):
    (night.folder / "plaintrack.yml").unlink()
    assert night("2026-11-23T09:00:00+01:00") == 1
    assert not (night.state / "open").exists()


def test_one_comment_is_kept_on_a_pull_request(example, tmp_path):
    (step,) = (
        step
        for step in yaml.safe_load((ROOT / "ci/pull-request.yml").read_text("utf-8"))["jobs"][
            "check"
        ]["steps"]
        if "run" in step
    )
    assert "${{" not in step["run"], "an expression in a script is an injection"
    (tmp_path / "gh").write_text(COMMENTS)
    (tmp_path / "gh").chmod(0o755)
    (tmp_path / "none.md").write_text("")
    example.git("switch", "-qc", "side")
    example("set", "xybp33", "due=2026-11-19")
    example.git("commit", "-qam", "too late")
    env = {
        **example.env,
        "PATH": f"{tmp_path}:{TOOLS}:{example.env['PATH']}",
        "STATE": str(tmp_path),
    }
    known = {
        "runner.temp": str(tmp_path),
        "github.token": "t",
        "github.repository": "a/b",
        "github.event.number": "5",
    }
    filled = {
        name: re.sub(r"\$\{\{ ([\w.]+) \}\}", lambda found: known[found[1]], value)
        for name, value in step["env"].items()
    }

    def run(script, more):
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=example.folder,
            env={**env, **more},
            capture_output=True,
            check=False,
        ).returncode

    script, given = action_step(since="main...HEAD", comment=filled["BODY"])
    assert run(script, given) == 1
    for _ in range(3):
        assert run(step["run"], filled) == 0
    calls = [line for line in (tmp_path / "log").read_text().splitlines() if "--method" in line]
    assert [re.search(r"--method (\w+) (\S+)", line).groups() for line in calls] == [
        ("POST", "repos/a/b/issues/5/comments"), ("PATCH", "repos/a/b/issues/comments/17"), ("PATCH", "repos/a/b/issues/comments/17"),
    ]  # fmt: skip
    (kept,) = json.loads((tmp_path / "comments.json").read_text())
    assert "Becomes overdue" in kept["body"]
    assert run(step["run"], {**filled, "BODY": str(tmp_path / "none.md")}) == 0
    assert len((tmp_path / "log").read_text().splitlines()) == 6
