"""The gallery in tests/errors: one folder for each check, with a workspace (``work``), perhaps what it was before, and what is said.

``work`` and ``before`` are workspaces; of the checks of changes the difference is checked, of the others ``work`` in a repository
whose one old commit is ``before``; with ``theirs`` the last commit is the merge of ``work`` and ``theirs``.
A name with ``%3A`` in it stands for one with a colon, which not every system can have.
``expected.txt`` is everything that ``plaintrack check`` then writes to standard output.
"""

import datetime
import os
import shutil
import subprocess

from conftest import ROOT

from plaintrack.app.check.check import Asked, check
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.show.findings.text import write

FOLDER = ROOT / "tests/errors"
TODAY = datetime.date(2026, 11, 23)
OLD = {
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Jonas"), ("EMAIL", "jonas@x.example"))
    },
    "GIT_AUTHOR_DATE": "2026-09-01T12:00:00+00:00",
    "GIT_COMMITTER_DATE": "2026-09-01T12:00:00+00:00",
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder, *words):
    subprocess.run(
        ["git", "-c", "core.autocrlf=false", *words],
        cwd=folder,
        env={**os.environ, **OLD},
        check=True,
        capture_output=True,
    )


def lay(case, folder):
    """Lay the workspace of a case into an empty folder."""
    if (case / "before").exists():
        git(folder, "init", "-q", "-b", "main")
        shutil.copytree(case / "before", folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "before")
        for entry in (case / "before").iterdir():
            (shutil.rmtree if entry.is_dir() else os.unlink)(folder / entry.name)
    shutil.copytree(case / "work", folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    for path in folder.rglob("*%3A*"):
        path.rename(path.with_name(path.name.replace("%3A", ":")))
    if (case / "theirs").exists():
        merge(case, folder)
    (folder / "tasks").mkdir(exist_ok=True)


def merge(case, folder):
    """Commit what is there, and merge another branch that made ``theirs`` of what was before, without a merge driver."""
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "work")
    git(folder, "checkout", "-q", "-b", "theirs", "HEAD^")
    shutil.copytree(case / "theirs", folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    git(folder, "commit", "-qam", "theirs")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-edit", "theirs")


def said(case, folder):
    """What ``plaintrack check`` says of a case."""
    change = "HEAD" if case.name.startswith("PT5") and not (case / "theirs").exists() else ""
    return write(check(Workspace(str(folder)), Asked(since=change, today=TODAY)))
