"""What trust is bound to: every file that a trusted command could run, however its words are written."""

import os
import shutil

import pytest
from conftest import _repository

from plaintrack.app.automation import rules, trust
from plaintrack.app.automation.bound import bound, digest
from plaintrack.app.snapshot.workspace import Workspace

ITEM = "---\nid: PT-{0}\ntitle: {0}\nstatus: todo\n---\n"


def lay(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text)


@pytest.fixture
def repository(tmp_path):
    """A workspace with code in a repository."""
    folder = tmp_path / "w"
    folder.mkdir()
    shell = _repository(folder)
    for name, text in (
        ("plaintrack.yml", "timezone: Europe/Berlin\n"),
        ("tasks/PT-aaa1.md", ITEM.format("aaa1")),
        ("README.md", "# Text\n\n<!-- plaintrack: list -->\nold\n<!-- /plaintrack -->\n"),
        (".gitignore", "build/\n"),
        ("tools/x.sh", "echo ran >> ../ran\n"),
        ("tools/x.py", "open('../ran', 'a').write('ran')\n"),
        ("tools/__main__.py", "import x\n"),
        ("Makefile", "include tools/more.mk\n"),
        ("tools/more.mk", "report:\n\tsh tools/x.sh\n"),
        ("build/out.py", ""),
    ):
        lay(folder, name, text)
    return shell


def rule(folder, command, more=""):
    lay(
        folder,
        "automations/run.yml",
        f"name: run\non: {{changed: status}}\ndo:\n- run: {{command: {command}{more}}}\n",
    )


def answers(folder):
    """Whether the workspace is trusted, asked anew."""
    place = Workspace(str(folder))
    return trust.trusted(place, rules.rules(place))


def trust_now(folder):
    place = Workspace(str(folder))
    found = rules.rules(place)
    trust.trust(place, found, bound(place, found))


COMMANDS = (
    "[python3, tools]", "[make, report]", "[make, --file=tools/Makefile]", "[env, --chdir=tools, sh, x.sh]", "[python3, -m, tools.x]",
    "[bash, -c, 'sh tools/x.sh']", "[sh, tools/x.sh]", "[npm, run, report]", "[sh, ./link/x.sh]",
)  # fmt: skip


def swap_for_link(folder):
    (folder / "tools/x.sh").unlink()
    (folder / "tools/x.sh").symlink_to("more.mk")


CHANGES = {
    "a script": lambda folder: lay(folder, "tools/x.sh", "touch ../owned\n"),
    "an included file": lambda folder: lay(folder, "tools/more.mk", "report:\n\ttouch ../owned\n"),
    "a new module": lambda folder: lay(folder, "tools/json.py", ""),
    "a new file at the top": lambda folder: lay(folder, "GNUmakefile", "report:\n"),
    "a hidden file": lambda folder: lay(folder, ".env", "X=1\n"),
    "a file that is gone": lambda folder: (folder / "Makefile").unlink(),
    "the right to run": lambda folder: (folder / "tools/x.sh").chmod(0o755),
    "a link": swap_for_link,
    "a script among the items": lambda folder: lay(folder, "tasks/x.sh", ""),
    "the settings": lambda folder: lay(folder, "plaintrack.yml", "folders: [tools]\n"),
    "Markdown elsewhere": lambda folder: lay(folder, "README.md", "# Other\n"),
}
KEPT = {
    "an item": lambda folder: lay(folder, "tasks/PT-aaa1.md", ITEM.format("aaa1") + "\nmore\n"),
    "a new item": lambda folder: lay(folder, "tasks/sub/PT-bbb2.md", ITEM.format("bbb2")),
    "a comment": lambda folder: lay(folder, "comments/PT-aaa1/1.md", "---\nauthor: a\n---\nhi\n"),
    "the ledger": lambda folder: lay(folder, "automations/fired/2026-11/a.yml", "rule: run\n"),
    "a live block": lambda folder: lay(
        folder, "README.md", "# Text\n\n<!-- plaintrack: list -->\nnew\n<!-- /plaintrack -->\n"
    ),
    "what git ignores": lambda folder: lay(folder, "build/out.py", "1\n"),
}


@pytest.mark.parametrize("below", ["", "pm"])
def test_every_file_counts_and_items_do_not(repository, below, monkeypatch):
    """For each command and change; also where the workspace lies below the top of its repository."""
    monkeypatch.setenv("XDG_STATE_HOME", str(repository.folder.parent / "state"))
    folder = repository.folder
    if below:
        inner = folder / below
        inner.mkdir()
        for name in ("plaintrack.yml", "tasks"):
            shutil.move(folder / name, inner / name)
    work = folder / below
    (work / "link").symlink_to(folder / "tools")
    repository.git("add", "-A")
    clean = folder.parent / "clean"
    shutil.copytree(folder, clean, symlinks=True)
    for command in COMMANDS:
        rule(work, command)
        trust_now(work)
        assert answers(work), command
    for what, change in {**CHANGES, **KEPT}.items():
        place = (
            work
            if what
            in {*KEPT, "the settings", "a script among the items"}
            - {"a live block", "what git ignores"}
            else folder
        )
        change(place)
        assert answers(work) == (what in KEPT), what
        shutil.rmtree(folder)
        shutil.copytree(clean, folder, symlinks=True)
        rule(work, COMMANDS[-1])
        assert answers(work), what


def test_a_rule_may_name_the_files_its_command_uses(repository, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(repository.folder.parent / "state"))
    folder = repository.folder
    rule(folder, "[make, report]", ", files: [Makefile, tools]")
    trust_now(folder)
    lay(folder, "src/code.py", "new\n")
    assert answers(folder)
    lay(folder, "tools/deep/new.sh", "new\n")
    assert not answers(folder)


def test_without_git_and_of_ignored_files_that_are_named_all_counts(repository, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(repository.folder.parent / "state"))
    folder = repository.folder
    for command in ("[python3, build]", "[python3, build/out.py]", "[make, --file=build/out.py]"):
        rule(folder, command)
        trust_now(folder)
        lay(folder, "build/out.py", command)
        assert not answers(folder), command
    shutil.rmtree(folder / ".git")
    rule(folder, "[make, report]")
    trust_now(folder)
    assert answers(folder)
    lay(folder, "build/out.py", "other")
    assert not answers(folder)


def test_a_program_inside_the_repository_is_not_found_by_its_name(repository, monkeypatch):
    from plaintrack.store.run import search_path

    inside, work = repository.folder / "bin", repository.folder / "pm"
    inside.mkdir()
    work.mkdir()
    monkeypatch.setenv("PATH", f"{inside}:bin::/usr/bin")
    assert search_path(str(work)) == "/usr/bin"


def test_the_prompt_says_what_is_bound_and_what_is_not(repository):
    folder = repository.folder
    rule(folder, "[sh, tools/x.sh]")
    shown = repository("trust", "--show", code=1)
    assert (
        f"files of {os.path.realpath(folder)}, and the rules: nothing runs once one of them changes"
        in shown
    )
    assert (
        "not covered: items, comments, live blocks, what git ignores, programs and files elsewhere"
        in shown
    )
    repository("trust", "--yes")
    repository("rules", "run")
    assert "ran sh" in repository("set", "aaa1", "status=review")
    lay(folder, "tools/lib.sh", "")
    assert "not trusted" in repository("set", "aaa1", "status=todo")
    assert "new since: tools/lib.sh" in repository("trust", "--show", code=1)
    for words in (("--show", "--revoke"), ("--show", "--yes"), ("--revoke", "--yes")):
        repository("trust", *words, code=2)
    (folder / "tools/lib.sh").unlink()
    assert "trusted on this machine" in repository("trust", "--show")


def test_a_webhook_depends_on_the_rules_alone(repository, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(repository.folder.parent / "state"))
    rule(repository.folder, "[make, report]")
    trust_now(repository.folder)
    lay(repository.folder, "tools/x.sh", "")
    place = Workspace(str(repository.folder))
    found = rules.rules(place)
    assert trust.trusted(place, found, sending=True)
    assert not trust.trusted(place, found)
    assert digest(place, bound(place, found)) != trust.known(place)["digest"]
