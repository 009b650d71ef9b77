"""The example workspace's history: it leads to the files there are, and what plaintrack tells of it."""

import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, Shell


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The example workspace with its history."""
    folder = tmp_path_factory.mktemp("told") / "example"
    shutil.copytree(ROOT / "example-workspace", folder)
    shell = Shell(folder)
    subprocess.run([sys.executable, "history.py"], cwd=folder, env=shell.env, check=True)
    return shell


def test_history_leads_to_the_very_files(told):
    for path in (ROOT / "example-workspace").rglob("*"):
        if path.is_file():
            assert (
                told.folder / path.relative_to(ROOT / "example-workspace")
            ).read_bytes() == path.read_bytes()
    assert told.git("status", "--porcelain") == ""
    authors = set(told.git("log", "--format=%an").splitlines())
    assert authors == {
        "Amélie Brandt",
        "Jonas Okafor",
        "Priya Raman",
        "Tomasz Wójcik",
        "Lena Hofmann",
        "Mateo Silva",
    }
    assert "merge fix/49-days" in told.git("log", "--merges", "--format=%s")


def test_what_plaintrack_tells_of_it(told):
    assert "due moved 13 Nov → 18 Nov 2026" in told("log", "7rrpba")
    assert told("list", "changed:due>=2026-11-16", "--all", "--format", "ids").split() == [
        "PT-7rrpba",
        "PT-btfkm6",
    ]
    assert "PT-7rrpba" in told("list", "is:overdue", "--at", "2026-11-14", "--format", "ids")
    assert "PT-7rrpba" not in told("list", "is:overdue", "--at", "2026-11-13", "--format", "ids")
    assert told("list", "was:status=in-progress", "status:review", "--format", "ids").split() == [
        "PT-7xz957"
    ]
    assert "(2026-11-16 amelie, " in told("show", "7rrpba", "--blame")
    assert "1 closed" in told("diff", "HEAD~10..HEAD")
