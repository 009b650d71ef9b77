"""Many files are committed by an index of their own: as git's own `commit --only` does it, but for
the time it takes.
"""

import shutil

from conftest import Shell
from team import LOGIN, UMLAUT, edit, hook, identity, message, put, read, state, workspace

from plaintrack.store.repo import MANY

NEW = "---\nid: PT-{}\ntitle: New\nstatus: todo\n---\n"


def many(shell):
    """A workspace with so many new items, an edited and a deleted one, and other things staged."""
    workspace(identity(shell, "ana"))
    for number in range(MANY + 1):
        put(shell, f"tasks/a {number // 100}/n{number}.md", NEW.format(number))
    edit(shell, LOGIN, "todo", "review")
    (shell.folder / UMLAUT).unlink()
    put(shell, "comments/PT-1/20261101T100000Z-a.md", "---\nauthor: ana\n---\nSeen.\n")
    put(shell, "staged.txt", "new\n")
    put(shell, "untracked.txt", "new\n")
    edit(shell, "code.txt", "one", "eins")
    shell.git("add", "staged.txt", "code.txt")
    edit(shell, "code.txt", "two", "zwei")
    return shell


def there(shell):
    """The tree of the commit, the index, and what differs."""
    return [
        shell.git(*words)
        for words in (
            ("rev-parse", "HEAD^{tree}"),
            ("ls-files", "--stage"),
            ("status", "--porcelain", "-uall"),
        )
    ]


def test_the_commit_and_the_index_are_those_of_git(empty, tmp_path):
    shell = many(empty)
    other = Shell(tmp_path / "other")
    shutil.copytree(shell.folder, other.folder)
    new = other.git("ls-files", "-o", "tasks", "comments", "-z").split("\0")[:-1]
    put(other, "../paths", "\0".join([*new, LOGIN, UMLAUT]))
    put(other, "../new", "\0".join(new))
    how = ("--pathspec-file-nul", "--pathspec-from-file")
    other.git("--literal-pathspecs", "add", "-N", how[0], how[1], "../new")
    other.git("--literal-pathspecs", "commit", "-qm", "x", "--only", *how, "../paths")
    shell("commit", "-m", "A lot")
    assert there(shell) == there(other)
    told = message(shell).split("\n")
    assert told[0] == "A lot"
    assert f"* … and {MANY + 4 - 50} more files" in told
    assert sum(line.startswith("* PT-") for line in told) == 50
    assert not any("Seen." in line for line in told)
    assert shell.git("diff", "--cached", "--name-only") == "code.txt\nstaged.txt\n"
    assert int(shell.git("count-objects").split()[0]) < MANY  # they are in a pack
    assert not list((shell.folder / ".git").glob(".plaintrack-*"))


def test_hooks_refuse_and_mend(empty):
    shell = many(empty)
    before = state(shell)
    hook(shell, "pre-commit", "echo 'the tests are red' >&2; exit 1")
    shell("commit", code=1)
    assert "the tests are red" in shell.err
    assert state(shell) == before
    hook(shell, "pre-commit", f"sed -i 's/high/low/' {LOGIN}; git add {LOGIN}")
    shell("commit")
    assert "priority: low" in shell.git("show", f"HEAD:{LOGIN}")
    assert "priority: low" in read(shell, LOGIN)
    assert shell.git("diff", "--cached", "--name-only") == "code.txt\nstaged.txt\n"
