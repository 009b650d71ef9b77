"""What the system itself sees commands do in a hostile folder: programs, writes, reads and connections are traced."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import Shell
from store.test_believed import COMMANDS, ITEM, SECRET, forge

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed"),
]

GIT = [
    ["log"],
    ["log", "aaaaaa"],
    ["diff", "HEAD"],
    ["list", "--at", "HEAD"],
    ["check", "--staged"],
    ["check", "--since", "HEAD"],
    ["commit", "-m", "x"],
]
CALLS = "execve,connect,openat,open,creat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,symlink,symlinkat,link,linkat,chmod,fchmodat,truncate"
LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def fake(folder, name, told):
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(f"#!/bin/sh\necho {name} >> '{told}'\nexit 0\n")
    script.chmod(0o755)


@pytest.fixture(params=["archive", "clone", "below the top of a clone"])
def hostile(request, tmp_path):
    """A folder with everything in it that might be obeyed, and one beside it that is nobody's business."""
    top = tmp_path / "work"
    folder = top / "pm" if "below" in request.param else top
    (folder / "tasks").mkdir(parents=True)
    out = tmp_path / "out"
    out.mkdir()
    for name in ("victim.md", "rc"):
        (out / name).write_text(f"---\nid: PT-out\ntitle: {SECRET}\n---\n{SECRET}\n")
    (folder / "plaintrack.yml").write_text("timezone: UTC\ngit: {commit: per-change}\n")
    (folder / "tasks/PT-aaaaaa-one.md").write_text(ITEM)
    for name in ("templates", "comments", "automations"):
        (folder / name).symlink_to(out)
    (folder / "tasks/PT-linked.md").symlink_to(out / "victim.md")
    for name in ("git", "sh", "pager", "editor", "evil"):
        fake(folder, name, out / "ran")
        fake(folder / "bin", name, out / "ran")
    (folder / ".gitattributes").write_text("*.md filter=evil diff=evil merge=evil\n")
    evil = f"[core]\n\tfsmonitor = '{folder}/evil'\n\tpager = '{folder}/pager'\n\thooksPath = '{folder}/bin'\n\tbare = true\n[filter \"evil\"]\n\tsmudge = '{folder}/evil'\n"
    for bare in (folder, folder / "tasks", folder / "docs"):  # what git would take for a repository
        for name in ("objects", "refs/heads", "hooks"):
            (bare / name).mkdir(parents=True, exist_ok=True)
        (bare / "HEAD").write_text("ref: refs/heads/main\n")
        (bare / "config").write_text(evil)
        fake(bare / "hooks", "pre-commit", out / "ran")
        fake(bare / "hooks", "post-checkout", out / "ran")
    shell = Shell(folder)
    forge(folder / ".plaintrack", out, ITEM.encode())
    if request.param != "archive":
        for words in (
            ["init", "-q", "-b", "main"],
            ["config", "user.name", "Ann"],
            ["config", "user.email", "ann@x.example"],
        ):
            subprocess.run(["git", *words], cwd=top, env=shell.env, check=True)
        subprocess.run(
            ["git", "--git-dir", top / ".git", "--work-tree", top, "add", "-A"],
            cwd=top,
            env=shell.env,
            check=True,
        )
        subprocess.run(
            ["git", "--git-dir", top / ".git", "--work-tree", top, "commit", "-qm", "start"],
            cwd=top,
            env=shell.env,
            check=True,
        )
        forge(top / ".git/plaintrack", out, ITEM.encode())
    shell.out, shell.top, shell.git_folder = out, top, top / ".git"
    return shell


def seen(path, cwd):
    path = os.path.normpath(os.path.join(cwd, path.encode().decode("unicode_escape")))
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def test_nothing_foreign_is_run_written_read_or_asked(hostile, tmp_path):
    git = os.path.realpath(shutil.which("git"))
    programs = {os.path.realpath(sys.executable), git}
    trace = tmp_path / "trace"
    mine = tuple(
        f"{os.path.realpath(each)}{os.sep}"
        for each in (hostile.top, tmp_path / ".local/state/plaintrack")
    )
    free = ("/dev/", "/proc/", f"{os.path.realpath(os.environ.get('TMPDIR', '/tmp'))}/pt-")
    wrong = []
    for words in COMMANDS + (GIT if hostile.git_folder.exists() else []):
        command = [
            "strace",
            "-f",
            "-qq",
            "-y",
            "-s",
            "4096",
            "-e",
            f"trace={CALLS}",
            "-o",
            trace,
            sys.executable,
            "-P",
            "-m",
            "plaintrack",
            *words,
        ]
        done = subprocess.run(
            command,
            cwd=hostile.folder,
            env={**hostile.env, "PYTHONDONTWRITEBYTECODE": "1"},
            input="",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1, 2), (words, done.stderr)
        assert SECRET not in done.stdout + done.stderr, words
        for line in trace.read_text("utf-8", "replace").splitlines():
            call = LINE.match(line)
            if call is None or (call[3] == "-1" and call[1] != "connect"):
                continue
            cwd = (re.match(r"AT_FDCWD<([^>]*)>|\d+<([^>]*)>", call[2]) or [None, None])[
                1
            ] or hostile.folder
            paths = [seen(each, cwd) for each in QUOTED.findall(call[2])]
            if call[1] == "execve":
                real = os.path.realpath(paths[0])
                if real not in programs and not real.startswith(
                    os.path.join(os.path.dirname(os.path.dirname(git)), "lib/git-core/")
                ):
                    wrong.append((words, line))
            elif call[1] == "connect":
                if "AF_INET" in call[2]:
                    wrong.append((words, line))
            elif call[1] in ("open", "openat") and not re.search(
                r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", call[2]
            ):
                if "O_DIRECTORY" not in call[2] and os.path.realpath(paths[-1]).startswith(
                    f"{os.path.realpath(hostile.out)}/"
                ):
                    wrong.append((words, line))
            elif call[1].startswith("mkdir") and mine[-1].startswith(f"{paths[-1]}{os.sep}"):
                pass  # the way to the state
            elif not all(path.startswith((*mine, *free)) for path in paths):
                wrong.append((words, line))
    assert wrong == []
    assert not (hostile.out / "ran").exists()
    assert sorted(os.listdir(hostile.out)) == ["rc", "victim.md"]
