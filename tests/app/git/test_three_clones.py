"""A day of three people with a clone each: they mention, watch, decide, approve, reject, report, ask
by forms, triage, and merge pull requests on a forge. In the daily suite they have a morning.
"""

import json
import os
import subprocess
import sys

import pytest
import yaml
from conftest import ROOT, Shell
from typist import terminal

SETTINGS = """rooms: {people: people, approvals: approvals, updates: updates, imports: imports}
groups: {web: [cy]}
owners:
- {query: 'type:bug', of: [ben]}
- {query: 'tags:web', of: [web]}
watching:
- of: [owner, assignee, author, commented]
- {query: 'tags:release', of: [ana]}
health: {days: 14}
approvals:
  needs:
  - {query: 'tags:release', to: done, of: [1 of core, not author]}
sla:
  response: {query: 'type:bug', start: 'is:open', stop: 'is:closed', goal: 8h}
"""


FORM = """---
template: A bug
type: bug
form:
- field: title
  ask: What happens?
  required: true
- section: Steps
  required: true
---
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


def item(shell, title):
    """The id of the item with a title."""
    items = json.loads(shell("list", "--all", "--format", "json"))["items"]
    (found,) = [each["id"] for each in items if each["title"] == title]
    return found


def morning(ana, ben, cy):
    """A mention and its answer; an approval, and a change that voids it."""
    bug, docs = item(ana, "Login fails"), item(ana, "Docs")
    # who is mentioned, who answers, who watches
    assert "assigned" in ben("inbox")
    ben("comment", bug, "@ana can you look? not `@cy`")
    ben("start", bug)
    share(ben)
    assert "comment: @ana can you look?" in ana("sync")
    told = ana("inbox")
    assert "mentioned" in told
    assert "changed" in told  # by the rule for what is released
    ana("inbox", "--read", "all")
    assert bug not in ana("inbox")
    ana("comment", bug, "Yes.", "--answer", "1")
    share(ana)
    told = ben("sync")
    assert "comment: Yes." in told
    assert f"yours: {bug} (assignee, owner" in told
    assert "answered" in ben("inbox")
    assert "mentioned" not in cy("inbox")
    # an approval, and a change that voids it
    ben("done", bug, code=1)
    assert "the approval of core is missing" in ben.err
    cy("sync")
    cy("approve", bug, "-m", "Fine.")
    assert f"{bug}: approved: Fine." in cy("commit", bug)
    cy("sync")
    assert f"yours: {bug} (assignee, owner" in ben("sync")
    assert "valid" in ben("approvals")
    ben("set", bug, "title=Login fails often")
    assert "void" in ben("approvals")
    ben("done", bug, code=1)
    ben("undo")
    ben("done", bug)
    share(ben)
    return bug, docs


def noon(ana, ben, cy, bug, docs):
    """SLA and health; two at once, settled by field; a change on a branch."""
    # its SLA was met, and a project's health is told
    ana("sync")
    assert "1 met (100%)" in ana("sla")
    assert ana("check") == ""
    ana("add", "Launch", "type=project", "owner=ana")
    ana("health", item(ana, "Launch"), "at-risk", "-m", "Late.")
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
    ben.git("merge", "-q", "origin/HEAD", check=False)
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
    assert len({git(shell, "rev-parse", "HEAD:tasks") for shell in (ana, ben, cy)}) == 1


def afternoon(ana, ben, cy, docs):
    """A watched item; a decision that settles a thread; a rejection; an update that is due."""
    # what someone watches by the field
    ben("set", docs, "watching+=ben")
    share(ben)
    cy("sync")
    cy("set", docs, "priority=high")
    cy("comment", docs, "Which format?")
    share(cy)
    ben("sync")
    assert "priority: (none) → high" in ben("inbox")
    # a thread, the decision that settles it, and what links back
    ben("add", "Markdown for the docs", "type=decision", "+release")
    choice = item(ben, "Markdown for the docs")
    ben("comment", docs, f"Decided in {choice}.", "--resolve", "1")
    ben("start", choice)
    share(ben)
    cy("sync")
    assert "resolved" in cy("show", docs)
    assert "asked" in cy("inbox")
    cy("reject", choice, "-m", "Not for the manual.")
    share(cy)
    ben("sync")
    assert "rejected: Not for the manual." in ben("inbox")
    ben("done", choice, code=1)
    assert "cy rejected it" in ben.err
    ana("sync")
    assert "asked" in ana("inbox")
    ana("approve", choice, "-m", f"As said in {docs}.")
    share(ana)
    ben("sync")
    ben("done", choice, code=1)  # the rejection holds
    cy("sync")
    cy("approve", choice, "-m", "But for the manual.")
    share(cy)
    ben("sync")
    ben("done", choice)
    share(ben)
    states = json.loads(ben("approvals", f"id:{choice}", "--format", "json"))["items"]
    assert sorted((each["by"], each["state"]) for each in states) == [
        ("ana", "valid"),
        ("cy", "replaced"),
        ("cy", "valid"),
    ]
    # an update that is due
    ana("sync")
    assert "PT416" not in ana("check")
    late = ana("check", PLAINTRACK_NOW="2026-12-23T09:00:00+01:00")
    assert "PT416" in late


def evening(ana, ben, cy):
    """A form on a terminal and one from a file, looked through in triage."""
    (ana.folder / "templates").mkdir(exist_ok=True)
    (ana.folder / "templates/report.md").write_text(FORM)
    ana.git("add", "templates")
    ana.git("commit", "-qm", "a form")
    said = terminal(ana, ("add", "--form", "report"), ["", "It crashes", "1. Go", "", ""])
    assert "an answer is needed" in said
    share(ana)
    ben("sync")
    answers = "### What happens?\n\nNo login\n\n### Steps\n\n1. Wait\n"
    ben("add", "--form", "report", "--from", "-", "+web", stdin=answers)
    first, second = item(ben, "It crashes"), item(ben, "No login")
    assert "2 items left" in terminal(ben, ("triage", f"id:{first},{second}"), ["q"])
    terminal(ben, ("triage", f"id:{first}"), ["p high", "a cy", "q"])
    terminal(ben, ("triage", f"id:{second}"), ["x Seen by no one else."])
    assert "Declined: Seen by no one else." in ben("show", second)
    ben("undo")
    share(ben)
    cy("sync")
    assert first in cy("inbox")
    assert "assigned" in cy("inbox")
    return first, second


def night(ana, cy, tmp_path, first, second):
    """A pull request whose owners are asked; it is squashed, and its closing words close."""
    ana("sync")
    ana("rules", "add", "close-on-merge")
    git(ana, "add", "automations")
    git(ana, "commit", "-qm", "a rule")
    ana("sync")
    cy("sync")
    git(cy, "switch", "-qc", "fix")
    cy("set", second, "priority=high")
    cy("add", "Look at the log", "type=bug")
    cy("commit")
    (cy.folder / "code.txt").write_text("fixed\n")
    git(cy, "add", "code.txt")
    git(cy, "commit", "-qm", f"Fix it\n\nCloses {first}")
    git(cy, "push", "-q", "origin", "fix:refs/pull/7/head")
    forge = Shell(tmp_path / "forge")
    subprocess.run(["git", "clone", "-q", tmp_path / "origin.git", forge.folder], check=True)
    log = tmp_path / "log"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/gh").write_text(f'#!/bin/sh\necho "$*" >> {log}\n')
    (tmp_path / "bin/gh").chmod(0o755)
    (tmp_path / "bin/glab").write_text(GLAB.format(log, tmp_path / "served.json"))
    (tmp_path / "bin/glab").chmod(0o755)
    notes = [{"id": 4, "author": {"id": 2}, "body": "<!-- plaintrack check -->"}]
    (tmp_path / "served.json").write_text(json.dumps(notes))
    runs(forge, workflow("ask"), tmp_path, PR="7", AUTHOR="cy", GITHUB_REPOSITORY="a/b")
    asked = [
        line.removeprefix("pr edit 7 --repo a/b --add-") for line in log.read_text().split("\n")
    ]
    assert asked[:-1] == ["reviewer=ben", "label=web"]
    about = {
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(ana, "rev-parse", "HEAD").strip(),
        "CI_COMMIT_SHA": git(cy, "rev-parse", "HEAD").strip(),
        "CI_MERGE_REQUEST_IID": "7",
        "CI_PROJECT_ID": "3",
        "GITLAB_USER_LOGIN": "cy",
    }
    runs(forge, gitlab("asked"), tmp_path, **about)
    told = log.read_text().partition("mr update 7 ")[2]
    assert told.startswith("--reviewer=+ben\nmr update 7 --label=web\napi user\n")
    body = (tmp_path / "comment.md").read_text()
    assert "Look at the log" in body
    notes.append({"id": 5, "author": {"id": 1}, "body": body})
    (tmp_path / "served.json").write_text(json.dumps(notes))
    runs(forge, gitlab("asked"), tmp_path, **about)
    told = [line for line in log.read_text().split("\n") if "--method" in line]
    place = "projects/3/merge_requests/7/notes"
    assert [line.partition(" --field")[0] for line in told] == [
        f"api --method POST {place}",
        f"api --method PUT {place}/5",
    ]
    git(forge, "switch", "-q", "-")
    # merged as one commit, whose message has the closing words
    before = git(ana, "rev-parse", "HEAD").strip()
    git(ana, "fetch", "-q", "origin", "refs/pull/7/head")
    git(ana, "merge", "-q", "--squash", "FETCH_HEAD")
    git(ana, "commit", "-qm", f"Fix it (#7)\n\nCloses {first}")
    git(ana, "push", "-q")
    git(forge, "pull", "-q")
    runs(forge, workflow("move"), tmp_path, BEFORE=before)
    ana("sync")
    assert "done" in ana("list", f"id:{first}", "--columns", "status")
    about = {
        "CI_COMMIT_BEFORE_SHA": git(ana, "rev-parse", "HEAD").strip(),
        "CI_COMMIT_BRANCH": git(ana, "branch", "--show-current").strip(),
        "CI_SERVER_HOST": "forge.example",
        "PUSH_TO": "origin",
    }
    options = ["git", "config", "receive.advertisePushOptions", "true"]
    subprocess.run(options, cwd=tmp_path / "origin.git", check=True)
    git(ana, "commit", "-q", "--allow-empty", "-m", f"Closes {second}")
    git(ana, "push", "-q")
    git(forge, "pull", "-q")
    git(forge, "checkout", "-q", "--detach")
    runs(forge, gitlab("merged"), tmp_path, **about)
    ana("sync")
    assert "done" in ana("list", f"id:{second}", "--columns", "status")
    assert "work: rules after a merge" in git(ana, "log", "-1", "--format=%s")
    # a change that lacks an approval is found before it is merged
    git(cy, "switch", "-q", "-C", "feature", "origin/HEAD")
    cy("add", "Crash", "type=bug", "+release")
    (path,) = (cy.folder / "tasks").glob("*crash.md")
    path.write_text(path.read_text().replace("status: todo", "status: done"))
    cy("commit", "-m", "crash")
    assert "approval of core" in cy("check", "--since", "HEAD~1", code=1)
    assert "ben" in cy("owners", "--since", "HEAD~1")


GLAB = """#!/bin/sh
echo "$*" >> {0}
case "$*" in
*per_page*) cat {1} ;;
"api user") echo '{{"id": 1}}' ;;
esac
"""


def workflow(job):
    """The script of a job of the workflow for GitHub."""
    jobs = yaml.safe_load((ROOT / "ci/merged.yml").read_text("utf-8"))["jobs"]
    return jobs[job]["steps"][-1]["run"]


def gitlab(job):
    """The script of a job for GitLab."""
    jobs = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text("utf-8"))
    return "\n".join(jobs[f"plaintrack-{job}"]["script"])


def runs(forge, script, tmp_path, **env):
    """Run the script of a job as the forge does."""
    path = f"{tmp_path / 'bin'}:{os.path.dirname(sys.executable)}:{forge.env['PATH']}"
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=forge.folder,
        env={**forge.env, "PATH": path, **env},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_day_of_three_clones(team, tmp_path):
    bug, docs = morning(*team)
    noon(*team, bug, docs)
    afternoon(*team, docs)
    ana, _, cy = team
    night(ana, cy, tmp_path, *evening(*team))


def test_a_morning_of_three_clones(team):
    morning(*team)
