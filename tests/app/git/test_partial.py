"""Partial clones: nothing is fetched unasked, and where it is asked for, what is missing comes in one request."""

import pytest
from conftest import Shell
from team import ITEM, LOGIN, put, workspace
from test_named_repository import recorder


@pytest.fixture(params=["", "a b/.täsks/"])
def clone(request, empty, tmp_path):
    """A clone without the contents of history, of a workspace with three commits, and of code with as many; its git is recorded."""
    shell = workspace(empty, request.param, commit=False)
    for status in ("todo", "review", "in-progress"):
        put(shell, "code.bin", status * 100)
        put(shell, f"{request.param}plaintrack.yml", f"timezone: UTC # {status}\n")
        put(
            shell,
            f"{request.param}{LOGIN}",
            ITEM.format("PT-7k3q9x", "Fix login").replace("todo", status),
        )
        shell.git("add", "-A")
        shell.git("commit", "-qm", status)
    for key in ("allowFilter", "allowAnySHA1InWant"):
        shell.git("config", f"uploadpack.{key}", "true")
    shell.git(
        "clone", "-q", "--filter=blob:none", f"file://{shell.folder}", str(tmp_path / "clone")
    )
    found = Shell(tmp_path / "clone" / request.param)
    found.origin = shell
    found.log = recorder(found, tmp_path)
    return found


def fetches(clone):
    """The fetches that plaintrack has asked for."""
    return [
        line for line in clone.log.read_text().splitlines() if " fetch " in line.rpartition("|")[2]
    ]


def missing(clone):
    return clone.git("rev-list", "--objects", "--all", "--missing=print").count("\n?")


WORDS = [
    ["log"],
    ["diff", "HEAD~1"],
    ["diff", "HEAD~2..HEAD~1"],
    ["list", "--at", "HEAD~1"],
    ["check", "--since", "HEAD~1"],
    ["list", "was:status=review"],
]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_what_is_missing_is_fetched_in_one_request_if_asked(clone, words):
    before = missing(clone)
    clone(*words, code=2)
    assert "plaintrack --fetch" in clone.err
    assert missing(clone) == before
    assert not fetches(clone)
    clone("--fetch", *words)
    assert len(fetches(clone)) == 1
    assert 0 < missing(clone) < before  # the code's are not
    clone(*words)
    assert len(fetches(clone)) == 1


def test_a_setting_lets_it_fetch(clone):
    put(clone, "plaintrack.yml", "timezone: UTC\ngit: {fetch: missing}\n")
    assert "review" in clone("log")
    assert len(fetches(clone)) == 1
    clone("log")
    clone("check", "--since", "HEAD~2", "--policy-from", "HEAD~2")
    clone("list", "--at", "HEAD~1")
    assert len(fetches(clone)) == 1


def test_the_setting_runs_no_program_that_the_clone_names(clone, tmp_path):
    """An archive may hold a clone of its own, and the setting comes with the files; the option is the user's own word."""
    put(clone, "plaintrack.yml", "timezone: UTC\ngit: {fetch: missing}\n")
    clone.git("config", "remote.origin.uploadpack", f"touch {tmp_path}/canary; git-upload-pack")
    clone("log", code=2)
    assert "own configuration" in clone.err
    assert not (tmp_path / "canary").exists()
    clone("--fetch", "log")


def test_a_remote_that_is_not_there_is_told(clone):
    clone.git("remote", "set-url", "origin", f"file://{clone.folder}/nowhere")
    clone("--fetch", "log", code=2)
    assert "cannot fetch from origin" in clone.err
    assert "nowhere" in clone.err
    assert "check the connection" in clone.err


def test_the_settings_of_a_policy_that_are_missing_are_not_taken_for_none(clone):
    clone("check", "--policy-from", "HEAD~2", code=2)
    assert "partial clone" in clone.err
    clone("--fetch", "check", "--policy-from", "HEAD~2")
