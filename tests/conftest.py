"""A workspace in a scratch git repository, and a way to run the real command line in it."""

import gc
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from forking import Forks
from soak import SOAK

from plaintrack.cli.output import RUNNERS

ROOT = Path(__file__).parents[1]
pytest_plugins = ("postgres",)
NOW = "2026-11-23T09:00:00+01:00"
_FORKS = []


def state(folder, home):
    """Where the cache of a workspace without git is."""
    from plaintrack.store.digest import digest

    return (
        Path(home)
        / ".local/state/plaintrack/work"
        / digest(os.fsencode(os.path.realpath(folder))).hex()
    )


def forks():
    """The process that starts others; one for all tests of this process."""
    if not _FORKS:
        _FORKS.append(Forks())
    return _FORKS[0]


class Shell:
    """Runs plaintrack and git as processes in one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "PLAINTRACK_NOW": NOW,
            "HOME": str(folder.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)

    def __call__(self, *args, code=0, stdin="", **env):
        run = self.run(args, {**self.env, **env}, stdin)
        assert run.returncode == code, (args, run.returncode, run.stdout, run.stderr)
        self.err = run.stderr
        return run.stdout

    def run(self, args, env, stdin=""):
        """How a command ends; its output as text."""
        if not hasattr(os, "fork") or any(
            name.startswith(("PYTHON", "LC_", "LANG")) and os.environ.get(name) != value
            for name, value in env.items()
        ):
            command = [sys.executable, "-m", "plaintrack", *args]
            return subprocess.run(
                command,
                cwd=self.folder,
                env=env,
                input=stdin,
                capture_output=True,
                text=True,
                check=False,
            )
        run = forks().run(args, self.folder, env, stdin.encode())
        run.stdout, run.stderr = (
            io.TextIOWrapper(io.BytesIO(each), "utf-8").read() for each in (run.stdout, run.stderr)
        )
        return run

    def git(self, *args, check=True):
        return subprocess.run(
            ["git", *args],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=check,
        ).stdout


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    """A home for what tests do in this process: the state of workspaces without git lies there, and nobody's own is touched.

    A CI service sets variables that change what the command line says and trusts: the tests begin without them.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in RUNNERS:
            patch.delenv(name, raising=False)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            patch.delenv(name, raising=False)
        yield


CONFIG = """[user]
\tname = Jonas Okafor
\temail = jonas@rinnwerk.example
[core]
\tautocrlf = false
"""


def _repository(folder):
    shell = Shell(folder)
    shell.git("init", "-q", "-b", "main")
    with (folder / ".git/config").open("a") as config:  # a process fewer for each line
        config.write(CONFIG)
    return shell


@pytest.fixture
def example(tmp_path):
    """The example workspace, committed."""
    folder = tmp_path / "example"
    shutil.copytree(ROOT / "example-workspace", folder)
    shell = _repository(folder)
    shell.git("add", "-A")
    shell.git("commit", "-qm", "start")
    return shell


@pytest.fixture
def empty(tmp_path):
    """A repository with nothing in it."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return _repository(folder)


def pytest_collection_modifyitems(config, items):
    """The daily suite tries a third of the examples of each property; the long one all of them, or
    more (``soak``).
    """
    share = 1 / 3 if config.getoption("markexpr") == "not slow" else SOAK
    if share == 1:
        return
    from hypothesis import settings

    for item in items:
        test = getattr(item, "obj", None)
        given = getattr(test, "_hypothesis_internal_use_settings", None)
        if given is not None and given.max_examples > 20:
            some = settings(given, max_examples=int(given.max_examples * share))
            test._hypothesis_internal_use_settings = some


def pytest_collection_finish():
    """What the collection made stays to the end: looking it through for garbage again and again is a tenth of what the tests in this
    process cost.
    """
    gc.collect()
    gc.freeze()
