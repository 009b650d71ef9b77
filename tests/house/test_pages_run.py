"""The pages about working together and about SLAs: their command lines and settings do what the pages say."""

import os
import re
import shlex
import subprocess
import sys

import pytest
from conftest import ROOT
from typist import terminal

ITEM = "---\nid: {}\ntitle: {}\ntype: {}\nstatus: todo\n---\n@ana should know.\n"
STANDS = {"ID": "7k3", "BASE": "main", "7k3": "7k3"}
"""What stands for something of the reader's, and what it is here."""


def page(name):
    return (ROOT / f"docs/{name}.md").read_text("utf-8")


def fenced(text, language, first=""):
    """The fenced blocks in a language, those that begin with a line."""
    found = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return [each for each in found if each.startswith(first)]


def inline(text):
    """The command lines in the prose, once each, without a pipe."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    found = re.findall(r"`(plaintrack [^`|]+)", prose)
    return [shlex.split(each)[1:] for each in dict.fromkeys(found)]


def shown(text):
    """The commands of the blocks, each with the output that stands below it."""
    found = []
    for line in "".join(fenced(text, "console")).splitlines():
        if line.startswith("$ "):
            found.append((shlex.split(line, comments=True)[2:], []))
        elif line:
            found[-1][1].append(line)
    return found


def put(shell, path, text):
    (shell.folder / path).parent.mkdir(exist_ok=True)
    (shell.folder / path).write_text(text)


@pytest.fixture
def place(empty):
    empty("init")
    for name, title, kind in (
        ("PT-7k3q9x", "Log in by token", "task"),
        ("PT-m2v8rd", "Export", "task"),
        ("PT-b4t6yr", "Access tokens", "decision"),
        ("PT-gqc33t", "Launch", "project"),
    ):
        put(empty, f"tasks/{name}.md", ITEM.format(name, title, kind))
    empty.git("config", "user.name", "ana")
    return empty


def commit(shell, message="work"):
    shell.git("add", "-A")
    shell.git("commit", "-qm", message, "--allow-empty")


def test_the_page_about_working_together(place):
    text = page("collaboration")
    (form,) = fenced(text, "yaml", "---\ntemplate")
    put(place, "templates/report.md", form)
    put(place, "automations/digest.yml", fenced(text, "yaml", "# automations")[0])
    put(place, "issue.md", "### What happens?\n\nNo login\n\n### Steps\n\n1. Wait\n")
    commit(place)
    for words, output in shown(text):
        said = place(*words)
        assert output == [] or said.splitlines() == output, words
    commit(place, "said")
    assert "no problems" in place("rules", "check")
    place.git("switch", "-qc", "side")
    with (place.folder / "plaintrack.yml").open("a") as settings:
        settings.write("owners: [{path: tasks, of: [ana]}]\n")
    for words in inline(text):
        words = [STANDS.get(each, each) for each in words]
        if words[0] == "approve" and len(words) == 1:
            continue  # the name of a command
        if words == ["add", "--form", "report"]:
            typed = ["It crashes", "high", "1. Go", "", "", ""]
            assert "created" in terminal(place, words, typed)
        else:
            place(*words)


@pytest.mark.parametrize("block", fenced(page("collaboration"), "yaml", "# plaintrack.yml"))
def test_settings_of_the_page_about_working_together(place, block):
    put(place, "plaintrack.yml", block)
    assert place("check") == ""


def test_the_page_about_slas(place):
    text = page("sla")
    (settings,) = fenced(text, "yaml", "# plaintrack.yml")
    put(place, "plaintrack.yml", settings)
    put(place, "automations/hurry.yml", fenced(text, "yaml", "# automations")[0])
    bug = ITEM.format("PT-cccccc", "Bug", "bug").replace("---\n@", "priority: high\n---\n@")
    put(place, "tasks/bug.md", bug)
    place.env.update(
        dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-10-30T09:00:00Z")
    )
    commit(place)
    lines = [
        shlex.split(line, comments=True)[1:] for line in "".join(fenced(text, "sh")).splitlines()
    ]
    for words in lines:
        assert "Bug" in place(*words) or "PT-cccccc" in place(*words), words
    for words in inline(text):
        said = place(*words)
        assert said or words == ["rules", "run"], words
    assert "no problems" in place("rules", "check")


def bash(shell, script, code=0, **env):
    path = f"{os.path.dirname(sys.executable)}:{shell.env['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=shell.folder,
        env={**shell.env, "PATH": path, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout


@pytest.mark.slow
def test_the_page_about_signed_commits(place):
    """A key is made, known, and proves a verdict; one that the pull request brings itself does not."""
    ours, theirs = fenced(page("collaboration"), "sh")
    (settings,) = (each for each in fenced(page("collaboration"), "yaml") if "signed: true" in each)
    for name in ("ana", "bob"):
        put(place, f"people/{name}.md", f"---\nname: {name}\nemail: {name}@example.org\n---\n")
    with (place.folder / "plaintrack.yml").open("a") as file:
        file.write("rooms: {people: people, approvals: approvals}\n" + settings)
    (place.folder.parent / ".ssh").mkdir()
    commit(place)

    def as_person(name):
        place.git("config", "user.name", name)
        place.git("config", "user.email", f"{name}@example.org")

    as_person("ana")
    assert 'Good "git" signature for ana@example.org' in bash(place, ours)
    place.git("checkout", "-qb", "request")
    place("approve", "7k3")
    place("commit")
    assert bash(place, theirs) == ""
    as_person("bob")
    bash(place, ours.replace("/work", "/bob"))
    place("approve", "m2v")
    place("commit")
    assert bash(place, theirs, 1).count("PT511") == 1
    place.git("config", "--unset", "gpg.ssh.allowedSignersFile")
    action = {"SINCE": "main...HEAD", "POLICY": "main"}
    assert bash(place, f"bash {ROOT / 'ci/check.sh'}", 1, **action).count("PT511") == 1
