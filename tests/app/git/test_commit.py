"""`plaintrack commit`: exactly the changed items, whatever state the repository is in."""

import subprocess
import sys
import threading
import time

import pytest
from conftest import Shell
from team import LOGIN, UMLAUT, edit, files, hook, identity, message, put, read, state, workspace

NEW = "---\nid: PT-{}\ntitle: New\nstatus: todo\n---\n"


@pytest.fixture
def shell(empty):
    return workspace(empty)


def test_trailers_of_the_given_message_stay_trailers(empty):
    """Git looks for them in the last paragraph only."""
    shell = workspace(empty)
    edit(shell, LOGIN, "status: todo", "status: review")
    text = "Sprint 12\n\nIt took a week.\n\nCo-authored-by: Bob <bob@example.org>\nChange-Id: I12\n  34"
    shell("commit", "-m", text)
    trailers = shell.git("log", "-1", "--format=%(trailers:only,unfold)").strip().split("\n")
    assert trailers == [
        "Item: PT-7k3q9x",
        "Co-authored-by: Bob <bob@example.org>",
        "Change-Id: I12 34",
    ]
    edit(shell, LOGIN, "status: review", "status: done")
    shell("commit", "-m", "Sprint 13\n\nNote: a sentence\nand one that goes on")
    assert shell.git("log", "-1", "--format=%(trailers:only)").strip() == "Item: PT-7k3q9x"


def test_one_item_makes_the_subject_and_a_trailer(shell):
    shell("set", "7k3", "status=review")
    out = shell("commit")
    assert message(shell) == "PT-7k3q9x: status: todo → review\n\nItem: PT-7k3q9x"
    assert out.startswith("committed ")
    assert "on main: PT-7k3q9x: status: todo → review" in out
    assert files(shell) == [LOGIN]
    assert shell.git("log", "-1", "--format=%(trailers:key=Item,valueonly)").split() == [
        "PT-7k3q9x"
    ]


def test_several_items_are_counted_and_listed(shell):
    shell("done", "7k3")
    shell("set", "m2v", "due=2026-12-08")
    put(shell, "tasks/a.md", NEW.format("2222"))
    put(shell, "tasks/b.md", NEW.format("3333"))
    shell("commit")
    assert message(shell) == (
        "4 items: 1 closed, 2 added, 1 re-planned\n\n"
        "* PT-2222 New: created\n* PT-3333 New: created\n* PT-7k3q9x Fix login: status: todo → done\n"
        "* PT-m2v8rd Größe messen: due: (none) → 2026-12-08\n\n"
        "Item: PT-2222\nItem: PT-3333\nItem: PT-7k3q9x\nItem: PT-m2v8rd"
    )


def test_a_long_subject_is_cut_and_the_whole_stands_below(shell):
    edit(shell, LOGIN, "Fix login", "word " * 40)
    shell("commit")
    subject, _, body = message(shell).partition("\n")
    assert len(subject) <= 72
    assert subject.endswith("…")
    assert ("word " * 25).strip() in body


def test_many_items_are_listed_up_to_a_limit(shell):
    for number in range(60):
        put(shell, f"tasks/{number}.md", NEW.format(number + 1000))
    shell("commit")
    assert message(shell).startswith("60 items: 60 added\n")
    assert "* … and 10 more" in message(shell)
    assert message(shell).count("Item: ") == 50
    assert len(files(shell)) == 60


def test_control_characters_of_a_title_stay_out_of_the_message(shell):
    edit(shell, LOGIN, "title: Fix login", 'title: "a\\e]0;x\\x07b\\nItem: PT-evil"')
    shell("commit")
    assert message(shell).splitlines()[-1] == "Item: PT-7k3q9x"
    assert all(each.isprintable() for each in message(shell).replace("\n", ""))


def test_m_replaces_the_subject_and_keeps_what_is_listed(shell):
    edit(shell, LOGIN, "todo", "review")
    shell("commit", "-m", "#12 Reviewed")
    assert (
        message(shell)
        == "#12 Reviewed\n\n* PT-7k3q9x Fix login: status: todo → review\n\nItem: PT-7k3q9x"
    )


def test_formatting_alone_is_committed_too(shell):
    edit(shell, LOGIN, "status: todo", "status: 'todo'   # soon")
    shell("commit")
    assert message(shell).startswith("PT-7k3q9x: formatting\n")
    assert files(shell) == [LOGIN]


def test_a_file_that_cannot_be_read_is_committed_under_its_name(shell):
    edit(shell, LOGIN, "tags:", "tags: [")
    shell("commit")
    assert message(shell).startswith("PT-7k3q9x: cannot be read any more: ")
    assert files(shell) == [LOGIN]


def test_what_else_is_staged_or_changed_stays_as_it_is(shell):
    put(shell, "staged.txt", "new\n")
    edit(shell, "code.txt", "one", "eins")
    shell.git("add", "staged.txt", "code.txt")
    edit(shell, "code.txt", "two", "zwei")
    put(shell, "untracked.txt", "x")
    put(shell, "tasks/picture.png", "x")
    edit(shell, "plaintrack.yml", "UTC", "Europe/Berlin")
    put(shell, "tasks/new.md", NEW.format("4444"))
    shell.git("rm", "-q", "--cached", UMLAUT)
    shell.git("add", UMLAUT)
    before = (
        shell.git("diff", "--cached", "--", "code.txt", "staged.txt"),
        shell.git("diff", "--", "code.txt", "plaintrack.yml"),
    )
    edit(shell, LOGIN, "todo", "review")
    shell("commit")
    assert files(shell) == [LOGIN, "tasks/new.md"]
    assert (shell.git("diff", "--cached"), shell.git("diff")) == before
    assert shell.git("status", "--porcelain").splitlines() == [
        "MM code.txt", " M plaintrack.yml", "A  staged.txt", "?? tasks/picture.png", "?? untracked.txt",
    ]  # fmt: skip


def test_a_staged_item_is_committed_as_it_stands_in_the_tree(shell):
    edit(shell, LOGIN, "todo", "review")
    shell.git("add", "-A")
    edit(shell, LOGIN, "priority: high", "priority: low")
    put(shell, "tasks/new.md", NEW.format("4444"))
    shell.git("add", "-N", "tasks/new.md")
    shell("commit")
    assert files(shell) == [LOGIN, "tasks/new.md"]
    assert shell.git("status", "--porcelain") == ""


def test_both_sides_of_moves_comments_and_deletions(shell):
    shell("done", "7k3")
    shell("archive", "7k3")
    shell("comment", "m2v", "Seen")
    shell("commit", "7k3")
    assert files(shell) == ["archive/PT-7k3q9x-fix-login.md", LOGIN]
    assert shell.git("status", "--porcelain") == "?? comments/\n"
    shell("commit", "m2v")
    assert message(shell).startswith("PT-m2v8rd: comment: Seen\n")
    shell("delete", "m2v", "--yes")
    shell("commit", "m2v")
    assert message(shell).startswith("PT-m2v8rd: deleted: Größe messen")
    assert UMLAUT in files(shell)
    assert shell.git("status", "--porcelain") == ""


def test_paths_choose_and_the_settings_go_only_by_name(shell):
    edit(shell, "plaintrack.yml", "UTC", "Europe/Berlin")
    put(shell, "templates/bug.md", "---\ntype: bug\n---\n")
    edit(shell, LOGIN, "todo", "review")
    edit(shell, UMLAUT, "todo", "review")
    shell("commit", "tasks/mit Leerzeichen")
    assert files(shell) == [UMLAUT]
    shell("commit", "plaintrack.yml", "templates")
    assert files(shell) == ["plaintrack.yml", "templates/bug.md"]
    assert (
        message(shell) == "2 files of the workspace changed\n\n* plaintrack.yml\n* templates/bug.md"
    )
    shell("commit", "tasks", "plaintrack.yml")
    assert files(shell) == [LOGIN]
    edit(shell, "plaintrack.yml", "Europe/Berlin", "UTC")
    shell("commit", "plaintrack.yml")
    assert message(shell) == "plaintrack.yml changed"


def test_the_first_commit_takes_along_what_makes_a_workspace(empty):
    """A clone of it is a workspace; what else lies about is not committed, nor is it later."""
    put(empty, "code.txt", "one\n")
    empty("init", "--git", "--live")
    empty("add", "One")
    assert "would commit plaintrack.yml" in (empty("commit", "--dry-run"), empty.err)[1]
    empty("commit")
    made = set(files(empty))
    assert {"plaintrack.yml", ".gitattributes", "templates/bug.md", "tasks/.gitkeep"} < made
    assert "tasks/README.md" in made
    assert "code.txt" not in made
    empty.git("clone", "-q", ".", "copy")
    assert "One" in empty("-C", "copy", "list")
    edit(empty, "plaintrack.yml", "timezone", "# ours\ntimezone")
    put(empty, "templates/own.md", "---\n---\n")
    empty("commit", code=1)


def test_a_first_commit_names_attributes_that_were_there(empty):
    put(empty, ".gitattributes", "*.txt text\n")
    empty.git("add", ".")
    empty.git("commit", "-qm", "ours")
    empty("init", "--git")
    empty("commit")
    assert "plaintrack.yml" in files(empty)
    assert ".gitattributes" not in files(empty)
    assert ".gitattributes has changed, too: name it" in empty.err


def test_what_is_not_the_workspaces_is_not_committed(shell):
    edit(shell, "code.txt", "one", "eins")
    before = state(shell)
    shell("commit", "code.txt", code=2)
    assert "git commit" in shell.err
    shell("commit", "../elsewhere", code=1)
    shell("commit", "zzz", code=1)
    assert state(shell) == before


def test_pathspec_magic_in_a_name_means_just_that_file(shell):
    put(shell, "tasks/[a]*.md", NEW.format("5555"))
    put(shell, "tasks/a.md", NEW.format("6666"))
    put(shell, "tasks/:(top)x.md", NEW.format("7777"))
    shell("commit", "PT-5555", "PT-7777")
    assert files(shell) == ["tasks/:(top)x.md", "tasks/[a]*.md"]


def test_nothing_to_commit_is_an_answer(shell):
    edit(shell, "code.txt", "one", "eins")
    assert shell("commit", code=1) == ""
    assert shell.err == "nothing to commit: no item has changed\n"
    edit(shell, UMLAUT, "todo", "review")
    shell("commit", "7k3", code=1)


def test_dry_run_shows_and_changes_nothing(shell):
    edit(shell, LOGIN, "todo", "review")
    put(shell, "tasks/new.md", NEW.format("4444"))
    before = state(shell)
    assert shell("commit", "--dry-run").startswith("2 items: 1 moved on, 1 added\n")
    assert "would commit tasks/new.md" in shell.err
    assert state(shell) == before


@pytest.mark.parametrize("new", [False, True])
def test_a_hook_that_fails_leaves_files_and_index(shell, new):
    hook(shell, "pre-commit", "echo 'the tests are red' >&2; exit 1")
    put(shell, "staged.txt", "new\n")
    shell.git("add", "staged.txt")
    put(shell, "tasks/mine.md", NEW.format("8888"))
    shell.git("add", "-N", "tasks/mine.md")
    edit(shell, LOGIN, "todo", "review")
    if new:
        put(shell, "tasks/größer neu.md", NEW.format("4444"))
    before = state(shell)
    shell("commit", code=1)
    assert "the tests are red" in shell.err
    assert state(shell) == before


def test_a_hook_that_mends_a_file_leaves_nothing_staged(shell):
    """Git itself leaves the file staged as it was before the hook."""
    put(shell, "staged.txt", "new\n")
    shell.git("add", "staged.txt")
    hook(
        shell,
        "pre-commit",
        f"sed -i 's/high/low/' {LOGIN}; echo 1 > tasks/made.txt; git add {LOGIN} tasks/made.txt",
    )
    edit(shell, LOGIN, "todo", "review")
    shell("commit")
    assert "priority: low" in shell.git("show", f"HEAD:{LOGIN}")
    assert shell.git("status", "--porcelain") == "A  staged.txt\n"


def test_hooks_see_the_users_locale_and_the_index_of_the_commit(shell):
    hook(
        shell,
        "commit-msg",
        'echo "$LC_ALL" > locale; git diff --cached --name-only "*.md" > seen; echo "Reviewed-by: me" >> "$1"',
    )
    edit(shell, LOGIN, "todo", "review")
    shell("commit", LC_ALL="C.UTF-8")
    assert read(shell, "locale") == "C.UTF-8\n"
    assert read(shell, "seen") == f"{LOGIN}\n"
    assert message(shell).endswith("Item: PT-7k3q9x\nReviewed-by: me")


def test_a_hook_may_write_with_plaintrack(shell):
    hook(shell, "pre-commit", f"{sys.executable} -m plaintrack set m2v status=review >out 2>&1")
    edit(shell, LOGIN, "todo", "review")
    start = time.monotonic()
    shell("commit")
    assert time.monotonic() - start < 20  # it waits for no lock that we hold
    assert files(shell) == [LOGIN]
    assert "status: review" in read(shell, UMLAUT)


def test_without_an_identity_gits_words_are_shown(shell):
    for key in ("user.name", "user.email"):
        shell.git("config", "--unset", key)
    shell.git("config", "user.useConfigOnly", "true")
    put(shell, "tasks/new.md", NEW.format("4444"))
    before = state(shell)
    shell("commit", code=1)
    assert "user.name" in shell.err or "tell me who you are" in shell.err
    assert state(shell) == before


def test_signing_is_the_users_choice(shell):
    gpg = put(
        shell,
        "gpg",
        "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho signed\n",
        0o755,
    )
    shell.git("config", "commit.gpgSign", "true")
    shell.git("config", "gpg.program", str(gpg))
    edit(shell, LOGIN, "todo", "review")
    shell("commit")
    assert "gpgsig signed" in shell.git("cat-file", "commit", "HEAD")
    shell.git("config", "gpg.program", "false")
    edit(shell, UMLAUT, "todo", "review")
    before = state(shell)
    shell("commit", code=1)
    assert state(shell) == before


def diverge(shell):
    """A branch `other` that changes the same line, and the change here."""
    shell.git("switch", "-qc", "other")
    edit(shell, "code.txt", "one", "other")
    shell.git("commit", "-qam", "other")
    shell.git("switch", "-q", "main")
    edit(shell, "code.txt", "one", "main")
    shell.git("commit", "-qam", "main")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["merge", "other"], "code.txt has an unresolved conflict"),
        (["rebase", "other"], "rebase"),
        (["cherry-pick", "other"], "cherry-pick"),
        (["revert", "--no-commit", "HEAD"], "revert"),
        (["bisect", "start", "HEAD", "HEAD~1"], "bisect"),
        (["stash", "apply"], "conflict"),
    ],
)
def test_in_the_middle_of_something_nothing_is_committed(shell, words, name):
    diverge(shell)
    if words[0] == "stash":
        edit(shell, "code.txt", "main", "stashed")
        shell.git("stash")
        edit(shell, "code.txt", "main", "changed")
        shell.git("commit", "-qam", "changed")
    shell.git(*words, check=False)
    edit(shell, LOGIN, "todo", "review")
    before = state(shell)
    shell("commit", code=1)
    assert name in shell.err
    assert "hint: " in shell.err
    assert state(shell) == before


def test_conflict_markers_are_not_committed(shell):
    edit(
        shell, LOGIN, "It fails.\n", "<<<<<<< HEAD\nIt fails.\n=======\nIt works.\n>>>>>>> other\n"
    )
    before = state(shell)
    shell("commit", code=1)
    assert "has conflict markers" in shell.err
    assert state(shell) == before


def test_a_detached_head_is_warned_about(shell):
    shell.git("switch", "-q", "--detach")
    edit(shell, LOGIN, "todo", "review")
    assert shell("commit").startswith("committed ")
    assert "HEAD is detached" in shell.err


def test_a_branch_without_a_commit(empty):
    workspace(empty, commit=False)
    hook(empty, "pre-commit", "test -e ok")
    empty("commit", code=1)
    assert empty.git("ls-files") == ""
    put(empty, "ok", "")
    empty("commit")
    assert files(empty) == sorted([LOGIN, UMLAUT, "plaintrack.yml"])
    assert message(empty).startswith("2 items: 2 added; plaintrack.yml\n")
    assert empty.git("ls-files", "-z").split("\0")[:-1] == sorted([LOGIN, UMLAUT, "plaintrack.yml"])


def test_without_git_and_in_a_bare_repository(tmp_path):
    shell = workspace(Shell(tmp_path), commit=False)
    shell("commit", code=2)
    assert "no history" in shell.err
    shell.git("init", "-q", "--bare", ".")  # which may as well have come with the files
    shell("commit", code=2)
    assert "not a git repository" in shell.err


@pytest.mark.parametrize("where", ["deep/work space", pytest.param(".", marks=pytest.mark.slow)])
def test_worktrees_submodules_and_subfolders(empty, tmp_path, where):
    prefix = "" if where == "." else f"{where}/"
    workspace(empty, prefix)
    empty.git("worktree", "add", "-q", str(tmp_path / "tree"), "-b", "side")
    (tmp_path / "outer").mkdir()
    outer = Shell(tmp_path / "outer")
    outer.git("init", "-q")
    identity(outer, "ines")
    outer.git(
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(empty.folder),
        "inner",
    )
    for place in (empty.folder, tmp_path / "tree", tmp_path / "outer/inner"):
        top = identity(Shell(place), "jonas")
        put(top, "staged.txt", "x")
        top.git("add", "staged.txt")
        inside = Shell(place / where / "tasks")
        inside("set", "7k3", "status=review")
        put(top, f"{prefix}tasks/new one.md", NEW.format("4444"))
        inside("commit", "PT-7k3q9x", "new one.md")
        assert files(top) == [f"{prefix}{LOGIN}", f"{prefix}tasks/new one.md"]
        assert top.git("status", "--porcelain") == "A  staged.txt\n"
    assert empty.git("log", "--format=%s", "main").count("moved on") == 1


def test_a_held_index_lock_is_waited_for(shell):
    edit(shell, LOGIN, "todo", "review")
    lock = shell.folder / ".git/index.lock"
    lock.write_text("")
    timer = threading.Timer(1.0, lock.unlink)
    timer.start()
    shell("commit")
    timer.join()
    assert files(shell) == [LOGIN]


@pytest.mark.slow
def test_a_lock_that_stays_is_told_and_the_edit_kept(shell):
    put(shell, "tasks/new.md", NEW.format("4444"))
    before = state(shell)
    lock = shell.folder / ".git/index.lock"
    lock.write_text("")
    shell("commit", code=1)
    assert "index.lock" in shell.err
    lock.unlink()
    assert state(shell) == before


@pytest.mark.parametrize(
    ("lock", "command"), [("HEAD.lock", ["commit"]), ("config.lock", ["init", "--git"])]
)
def test_any_lock_of_git_is_named(shell, lock, command):
    put(shell, "tasks/new.md", NEW.format("4444"))
    (shell.folder / ".git" / lock).write_text("")
    shell(*command, code=1)
    assert f".git/{lock}\n" in shell.err
    assert "delete that file" in shell.err


def test_an_index_given_by_the_environment_is_used(shell):
    """As a hook of git gives it; both relative to the top of the work tree."""
    shell.git("read-tree", "--index-output=.git/mine", "HEAD")
    edit(shell, LOGIN, "todo", "review")
    before = shell.git("ls-files", "--stage")
    Shell(shell.folder / "tasks")("commit", GIT_DIR=".git", GIT_INDEX_FILE=".git/mine")
    assert files(shell) == [LOGIN]
    assert shell.git("ls-files", "--stage") == before


def test_a_hook_commits_with_what_git_gives_it(shell):
    """A post-commit hook runs at the top, with a relative index file in its environment."""
    edit(shell, LOGIN, "todo", "review")
    edit(shell, "code.txt", "one", "eins")
    hook(
        shell,
        "post-commit",
        f'echo "$GIT_INDEX_FILE" >>out; {sys.executable} -m plaintrack -C tasks commit >>out 2>&1',
    )
    shell.git("commit", "-qm", "code", "code.txt")
    assert message(shell).startswith("PT-7k3q9x"), read(shell, "out")
    assert files(shell) == [LOGIN]
    assert files(shell, "HEAD~1") == ["code.txt"]
    assert shell.git("status", "--porcelain") == "?? out\n"


def test_other_line_endings_and_encodings(empty):
    empty.git("config", "core.autocrlf", "true")
    empty.git("config", "i18n.commitEncoding", "ISO-8859-1")
    workspace(empty)
    put(empty, LOGIN, read(empty, LOGIN).replace("\n", "\r\n"))
    empty("commit", code=1)  # to git, nothing has changed
    edit(empty, LOGIN, "status: todo", "status: review")
    empty("commit")
    assert message(empty).startswith("PT-7k3q9x: status: todo → review")


def test_concurrent_commits_all_succeed(shell):
    for number in range(4):
        put(shell, f"tasks/{number}.md", NEW.format(f"9{number}00"))
    command = [sys.executable, "-m", "plaintrack", "commit"]
    running = [
        subprocess.Popen(
            [*command, f"PT-9{number}00"],
            cwd=shell.folder,
            env=shell.env,
            stdout=subprocess.DEVNULL,
        )
        for number in range(4)
    ]
    assert [each.wait() for each in running] == [0] * 4
    assert shell.git("rev-list", "--count", "HEAD") == "5\n"
    assert shell.git("status", "--porcelain") == ""


@pytest.mark.parametrize("how", ["submodule", "a clone beside"])
def test_items_in_a_repository_of_their_own_are_not_passed_over_in_silence(empty, tmp_path, how):
    inner = tmp_path / "inner"
    inner.mkdir()
    other = Shell(inner)
    other.git("init", "-q")
    identity(other, "ann")
    put(other, "PT-bbbbbb-two.md", NEW.format("bbbbbb"))
    other.git("add", "-A")
    other.git("commit", "-qm", "inner")
    workspace(empty)
    adding = ("submodule", "--quiet", "add") if how == "submodule" else ("clone", "-q")
    empty.git("-c", "protocol.file.allow=always", *adding, str(inner), "tasks/ex t")
    empty.git("add", "-A", *([] if how == "submodule" else [".gitignore"]), check=False)
    empty.git("commit", "-qm", "outer", check=False)
    empty("set", "PT-bbbbbb", "status=review")
    empty("commit", code=1)
    assert "1 changed item is in tasks/ex t, a separate repository" in empty.err
    empty("set", "PT-7k3q9x", "status=review")
    empty("commit")
    assert "tasks/ex t" in empty.err
    Shell(empty.folder / "tasks/ex t").git("checkout", "--", ".")
    empty("commit", code=1)
    assert "tasks/ex t" not in empty.err


@pytest.mark.parametrize(
    "folder", ["tasks", "projects", "archive", "comments", ".tickets", "x/.y/z", "x"]
)
def test_a_folder_of_the_workspace_with_nothing_changed_is_no_stranger(empty, folder):
    workspace(empty, settings="folders: [tasks, projects, .tickets, x/.y/z]\n")
    (empty.folder / folder).mkdir(parents=True, exist_ok=True)
    empty("commit", folder, code=1)
    assert "nothing to commit" in empty.err
    empty("commit", "code.txt", code=2)
