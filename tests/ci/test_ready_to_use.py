"""What CI runs of ours: the GitHub action's steps, the GitLab job's script and the pre-commit hook, executed in a shell."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from conftest import ROOT

TOOLS = Path(sys.executable).parent


@pytest.fixture
def request_(example):
    """The example workspace with a branch that moves a date into the past, and what is on PATH in CI."""
    example.git("switch", "-qc", "side")
    example("set", "xybp33", "due=2026-11-19")
    example.git("commit", "-qam", "too late")
    example.env["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return example


def run(shell, script, code=0, **env):
    """Run a script with bash, as runners do."""
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=shell.folder,
        env={**shell.env, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout


def action_step(**inputs):
    """The last step of the action: its script and its environment, with the inputs filled in."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    known = {name: str(about["default"]) for name, about in action["inputs"].items()}
    known = {name: "" if "${{" in value else value for name, value in known.items()} | inputs
    assert inputs.keys() <= action["inputs"].keys()
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"], "an expression in a script is an injection"
    step = action["runs"]["steps"][-1]
    env = {}
    for name, value in step["env"].items():
        found = re.fullmatch(r"\$\{\{ (?:inputs\.([a-z-]+)|github\.action_path) \}\}", value)
        assert found, value
        env[name] = known[found[1]] if found[1] else str(ROOT)
    return step["run"], env


def test_the_action_reports_what_a_pull_request_introduces(request_, tmp_path):
    inputs = {
        "since": "main...HEAD",
        "policy-from": "main",
        "sarif": str(tmp_path / "o.sarif"),
        "comment": str(tmp_path / "c.md"),
    }
    script, env = action_step(**inputs)
    out = run(
        request_,
        script,
        1,
        **env,
        RUNNER_TEMP=str(tmp_path),
        GITHUB_STEP_SUMMARY=str(tmp_path / "s.md"),
    )
    line, planned = out.splitlines()
    assert line.startswith(
        "::error file=tasks/platform/PT-xybp33-import-refuses-crlf.md,title=PT305 overdue,line=12,col=6"
    )
    assert "title=PT621 planned-late" in planned
    assert len(json.loads((tmp_path / "o.sarif").read_text())["runs"][0]["results"]) == 2
    comment = (tmp_path / "c.md").read_text("utf-8")
    assert comment == (tmp_path / "s.md").read_text("utf-8")
    assert "### Work changed: 1 re-planned" in comment
    assert "due moved 11 Dec → 19 Nov 2026" in comment
    assert "### plaintrack check: 1 error, 1 warning in 1 item" in comment


def test_files_of_the_action_are_seen_from_the_top_of_the_repository(request_, tmp_path):
    """Whatever folder the workspace is in, since upload steps look from there."""
    (request_.folder / "work").mkdir()
    for name in ("plaintrack.yml", "tasks"):
        request_.git("mv", name, f"work/{name}")
    request_.git("commit", "-qm", "moved")
    script, env = action_step(directory="work", sarif="o.sarif", comment=str(tmp_path / "c.md"))
    run(request_, script, 1, **env, RUNNER_TEMP=str(tmp_path))
    assert (request_.folder / "o.sarif").exists()
    assert (tmp_path / "c.md").exists()


def test_the_action_checks_everything_on_a_push(request_, tmp_path):
    script, env = action_step()
    out = run(request_, script, 1, **env, RUNNER_TEMP=str(tmp_path))
    assert out.count("::error ") == 7
    script, env = action_step(**{"fail-on": "never"})
    run(request_, script, 0, **env, RUNNER_TEMP=str(tmp_path))
    script, env = action_step(query="id:xybp33")
    assert run(request_, script, 1, **env, RUNNER_TEMP=str(tmp_path)).count("::error ") == 1


def test_the_gitlab_job(request_):
    job = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text("utf-8"))["plaintrack"]
    base = request_.git("rev-parse", "main").strip()
    out = run(request_, "\n".join(job["script"]), 1, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert "PT305" in out
    reports = job["artifacts"]["reports"]
    entry, planned = json.loads((request_.folder / reports["codequality"]).read_text())
    assert "PT621" in planned["check_name"]
    assert entry["location"] == {
        "path": "tasks/platform/PT-xybp33-import-refuses-crlf.md",
        "lines": {"begin": 12},
    }
    assert (
        len(
            ElementTree.parse(request_.folder / reports["junit"]).findall(
                "testsuite/testcase/failure"
            )
        )
        == 1
    )


def test_the_pre_commit_hook(request_):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["always_run"]  # a commit that only deletes has no files to pass on
    assert "files" not in hook
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    run(request_, hook["entry"])
    request_("set", "34a2rv", "status=todo", "due=2026-11-01")
    run(request_, hook["entry"])
    request_.git("add", "-A")
    assert "PT305" in run(request_, hook["entry"], 1)


def test_the_action_says_what_is_wrong_with_settings_that_cannot_be_used(request_, tmp_path):
    (request_.folder / "plaintrack.yml").write_text("timezone: [\n")
    request_.git("commit", "-qam", "broken")
    script, env = action_step(since="main...HEAD")
    run(
        request_,
        script,
        1,
        **env,
        RUNNER_TEMP=str(tmp_path),
        GITHUB_STEP_SUMMARY=str(tmp_path / "s.md"),
    )
    assert "PT001" in (tmp_path / "s.md").read_text("utf-8")


def test_links_lead_to_the_forge(request_, tmp_path):
    script, env = action_step(since="main...HEAD", comment=str(tmp_path / "c.md"))
    run(
        request_,
        script,
        1,
        **env,
        GITHUB_SERVER_URL="https://forge.example",
        GITHUB_REPOSITORY="a/b",
        GITHUB_SHA="123",
    )
    said = (tmp_path / "c.md").read_text("utf-8")
    assert (
        said.count(
            "](https://forge.example/a/b/blob/123/tasks/platform/PT-xybp33-import-refuses-crlf.md"
        )
        == 5
    )  # review, effect, plan, two findings


@pytest.mark.slow
def test_the_action_installs_itself(request_, tmp_path):
    """Both steps, in the order of the action, with nothing of ours on PATH."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    _, env = action_step()
    env |= {"RUNNER_TEMP": str(tmp_path), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    env["PATH"] = f"{Path(sys.base_prefix) / 'bin'}:{env['PATH']}"
    run(request_, action["runs"]["steps"][0]["run"], **env)
    assert "PT305" in run(request_, action["runs"]["steps"][1]["run"], 1, **env)


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("github-actions", "action.yml"),
        ("github-workflows", "ci/nightly.yml"),
        ("github-workflows", "ci/pull-request.yml"),
        ("github-workflows", "ci/publish.yml"),
        ("gitlab-ci", "ci/gitlab.yml"),
        ("gitlab-ci", "ci/publish-gitlab.yml"),
    ],
)
def test_the_forges_schemas(schema, file):
    done = subprocess.run(
        [TOOLS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", ROOT / file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def pre_commit(shell, home, *words, code=0):
    env = {**shell.env, "PRE_COMMIT_HOME": str(home)}
    done = subprocess.run(
        [TOOLS / "pre-commit", *words],
        cwd=shell.folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout


def test_pre_commit_runs_the_hook(request_, tmp_path):
    """The program itself, on a real commit; the hook runs in this environment, so that nothing is installed."""
    pre_commit(
        request_, tmp_path / "home", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")
    )
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    del hook["minimum_pre_commit_version"]
    config = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"}]}]}
    (request_.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    pre_commit(request_, tmp_path / "home", "install")
    request_("set", "34a2rv", "status=todo", "due=2026-11-01")
    request_.git("add", "-A")
    env = {**request_.env, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        ["git", "commit", "-qm", "late"],
        cwd=request_.folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert re.search(r"plaintrack check\.+Failed", done.stderr + done.stdout)
    assert "PT305" in done.stderr + done.stdout
    request_("set", "34a2rv", "due=2026-12-01")
    request_.git("add", "-A")
    done = subprocess.run(
        ["git", "commit", "-qm", "in time"],
        cwd=request_.folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Passed" in done.stderr + done.stdout


@pytest.mark.slow
def test_pre_commit_tries_the_repository(request_, tmp_path):
    """`pre-commit try-repo` builds and installs plaintrack from a repository, as users' `repo:` does."""
    source = tmp_path / "source"
    source.mkdir()
    for name in (
        "src",
        "templates",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        ".pre-commit-hooks.yaml",
    ):
        origin = ROOT / name
        (shutil.copytree if origin.is_dir() else shutil.copy)(origin, source / name)
    for words in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=x", "-c", "user.email=x@x.example", "commit", "-qm", "all"],
    ):
        subprocess.run(["git", *words], cwd=source, check=True)
    request_("set", "34a2rv", "status=todo", "due=2026-11-01")
    request_.git("add", "-A")
    said = pre_commit(
        request_,
        tmp_path / "home",
        "try-repo",
        str(source),
        "plaintrack-check",
        "--verbose",
        code=1,
    )
    assert "PT305" in said
    assert re.search(r"plaintrack check\.+Failed", said)
