"""A day of three people with a clone each: mention, answer, approve, void, SLA, health, a conflict."""

import json
import subprocess

import pytest
from conftest import Shell

SETTINGS = """rooms: {people: people, approvals: approvals, updates: updates, imports: imports}
owners:
- {query: 'type:bug', of: [ben]}
approvals:
  needs:
  - {query: 'tags:release', to: done, of: [1 of core, not author]}
sla:
  response: {query: 'type:bug', start: 'is:open', stop: 'is:closed', goal: 8h}
"""


@pytest.fixture
def team(empty, tmp_path):
    """Ana's, Ben's and Cy's clones of one repository with a bug of Ben's and a task of Cy's."""
    empty("init")
    settings = empty.folder / "plaintrack.yml"
    settings.write_text(settings.read_text() + SETTINGS)
    (empty.folder / "people").mkdir()
    for handle in ("ana", "ben", "cy"):
        path = empty.folder / f"people/{handle}.md"
        path.write_text(
            f"---\nname: {handle.title()}\nemail: {handle}@x.example\nteam: [core]\n---\n"
        )
    git(empty, "config", "user.name", "Ana")
    git(empty, "config", "user.email", "ana@x.example")
    empty("add", "Login fails", "type=bug", "@ben", "+release")
    empty("add", "Docs", "@cy")
    git(empty, "add", "-A")
    git(empty, "commit", "-qm", "start")
    origin = tmp_path / "origin.git"
    subprocess.run(["git", "clone", "-q", "--bare", empty.folder, origin], check=True)
    git(empty, "remote", "add", "origin", str(origin))
    git(empty, "fetch", "-q")
    git(
        empty,
        "branch",
        "-q",
        "--set-upstream-to",
        f"origin/{git(empty, 'branch', '--show-current').strip()}",
    )
    found = [empty]
    for name in ("Ben", "Cy"):
        folder = tmp_path / name.lower()
        subprocess.run(["git", "clone", "-q", origin, folder], check=True)
        shell = Shell(folder)
        git(shell, "config", "user.name", name)
        git(shell, "config", "user.email", f"{name.lower()}@x.example")
        found.append(shell)
    return found


def git(shell, *words):
    done = subprocess.run(
        ["git", *words], cwd=shell.folder, env=shell.env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def share(shell):
    shell("commit")
    return shell("sync")


@pytest.mark.slow
def test_a_day_of_three_clones(team):
    ana, ben, cy = team
    rows = {row["title"]: row["id"] for row in json.loads(ana("list", "--format", "json"))["items"]}
    bug, docs = rows["Login fails"], rows["Docs"]
    # who is mentioned, and who answers
    assert "assigned" in ben("inbox")
    ben("comment", bug, "@ana can you look? not `@cy`")
    ben("start", bug)
    share(ben)
    assert "comment: @ana can you look?" in ana("sync")
    assert "mentioned" in ana("inbox")
    ana("comment", bug, "Yes.", "--answer", "1")
    share(ana)
    assert "comment: Yes." in ben("sync")
    assert "answered" in ben("inbox")
    assert "mentioned" not in cy("inbox")
    # an approval, and a change that voids it
    ben("done", bug, code=1)
    assert "the approval of core is missing" in ben.err
    cy("sync")
    cy("approve", bug, "-m", "Fine.")
    share(cy)
    ben("sync")
    assert "valid" in ben("approvals")
    ben("set", bug, "title=Login fails often")
    assert "void" in ben("approvals")
    ben("done", bug, code=1)
    ben("undo")
    ben("done", bug)
    share(ben)
    # its SLA was met, and a project's health is told
    ana("sync")
    assert "1 met (100%)" in ana("sla")
    assert ana("check") == ""
    ana("add", "Launch", "type=project", "owner=ana")
    (project,) = json.loads(ana("list", "type:project", "--format", "json"))["items"]
    ana("health", project["id"], "at-risk", "-m", "Late.")
    share(ana)
    # two at once: who did what is named, and it is resolved by field
    ben("sync")
    assert "at risk" in ben("health")
    ben("set", docs, "estimate=2d")
    ben("commit")
    cy("sync")
    cy("set", docs, "estimate=3d")
    share(cy)
    ben("sync", code=1)
    assert "estimate: (none) → 2d here, estimate: (none) → 3d there" in ben.err
    subprocess.run(
        ["git", "merge", "-q", "origin/HEAD"], cwd=ben.folder, env=ben.env, capture_output=True
    )
    told = ben("conflicts", code=1)
    assert "by ben" in told
    assert "by cy" in told
    ben("conflicts", docs, "--take", "theirs", "--field", "estimate")
    ben("conflicts", "--stage")
    ben("sync")
    ana("sync")
    (row,) = json.loads(ana("list", "Docs", "--format", "json"))["items"]
    assert row["estimate"] == "3d"
    # all three are the same in the end
    cy("sync")
    assert len({git(shell, "rev-parse", "HEAD:tasks") for shell in team}) == 1
    # a change on a branch: its owners are asked, what it lacks is named
    git(cy, "switch", "-qc", "feature")
    (cy.folder / "tasks" / "crash.md").write_text(
        "---\nid: PT-crash2\ntitle: Crash\ntype: bug\nstatus: done\ntags: [release]\n---\n"
    )
    cy("commit", "-m", "crash")
    assert "approval of core" in cy("check", "--since", "HEAD~1", code=1)
    assert "ben" in cy("owners", "--since", "HEAD~1")
