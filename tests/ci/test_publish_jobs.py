"""The jobs that publish: their scripts run in a shell, with an `aws` and an `rsync` that say what they were asked for."""

import pytest
import yaml
from conftest import ROOT
from publishing import published
from test_ready_to_use import TOOLS, run

TOLD = """#!/bin/sh
echo "$(basename "$0") $*" >> "$STATE/log"
"""


@pytest.fixture
def small(empty):
    """A workspace with one item."""
    (empty.folder / "tasks").mkdir()
    (empty.folder / "plaintrack.yml").write_text("folders: [tasks]\n")
    (empty.folder / "tasks/T-1.md").write_text("---\nid: T-1\ntitle: One\nstatus: todo\n---\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def tools(folder):
    """Programs that only note down what they are asked for, before ours on PATH."""
    (folder / "bin").mkdir()
    for name in ("aws", "rsync"):
        (folder / "bin" / name).write_text(TOLD)
        (folder / "bin" / name).chmod(0o755)
    return {"STATE": str(folder), "PATH": f"{folder / 'bin'}:{TOOLS}:/usr/local/bin:/usr/bin:/bin"}


def last(log):
    """The number of the line that copies the manifest, of how many; no line before it may copy it."""
    lines = log.read_text().splitlines()
    (number,) = (
        at for at, line in enumerate(lines) if "manifest.json" in line and "--exclude" not in line
    )
    assert all(
        "--exclude manifest.json" in line and "--delete" not in line for line in lines[:number]
    )
    assert all("--delete" in line for line in lines[number + 1 :])
    return number, len(lines)


def test_the_github_job_copies_the_manifest_last(small, tmp_path):
    env = tools(tmp_path)
    job = yaml.safe_load((ROOT / "ci/publish.yml").read_text("utf-8"))["jobs"]["publish"]
    checkout, _, make, copy = job["steps"]
    assert checkout["with"]["fetch-depth"] == 0
    assert "${{" not in make["run"] + copy["run"], "an expression in a script is an injection"
    publishes = make["run"].splitlines()[-1]
    out = tmp_path / "published"
    script = publishes.replace('"$RUNNER_TEMP/plaintrack/bin/plaintrack"', "plaintrack")
    run(small, script, **env, OUT=str(out))
    published.read(str(out)).verify()
    run(small, copy["run"], **env, OUT=str(out), TARGET="s3://work/billing")
    assert last(tmp_path / "log") == (1, 3)


def test_the_gitlab_job_copies_the_manifest_last(small, tmp_path):
    env = tools(tmp_path)
    job = yaml.safe_load((ROOT / "ci/publish-gitlab.yml").read_text("utf-8"))["publish-work"]
    assert job["variables"]["GIT_DEPTH"] == 0
    run(
        small,
        "\n".join(job["script"]),
        **env,
        PORTFOLIO_TARGET="host:work",
        CI_PROJECT_NAME="billing",
    )
    assert last(tmp_path / "log") == (1, 3)
    assert "host:work/billing/" in (tmp_path / "log").read_text()
