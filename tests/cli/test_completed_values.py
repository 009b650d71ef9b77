"""What completes each value of each command, and that real shells take it."""

import os
import pty
import select
import shutil
import signal
import sys
import time
from pathlib import Path

import click
import pytest

from plaintrack.cli.complete import BY_METAVAR, Named, equipped
from plaintrack.cli.main import plaintrack

FREE = {
    "TEXT": "what a person writes",
    "TEXT...": "what a person writes",
    "REASON": "what a person writes",
    "URL": "an address",
    "[URL]...": "an address",
    "DB": "an address",
    "REPOSITORY": "a name that `portfolio status` prints",
    "N": "a number",
    "STEP...": "a number",
    "SECONDS": "a number",
    "LETTERS": "what new ids begin with",
    "'ID FIELD=VALUE'": "two words in one",
    "ENTRY": "a name that `time list` prints",
    "[NEW]": "an id that is still to be made",
}
"""Values that are not completed, by how the help names them, and why."""
HELP = {"help_option_names": ["-h", "--help"]}
"""As the entry point has it: click keeps the option of a command once it is made."""
OTHERS = {
    ("add", "body"): "what a person writes",
    ("forecast", "items"): "a number",
    ("forecast", "seed"): "a number",
    ("plan", "weeks"): "a number",
    ("search", "words"): "words of any text",
    ("merge-file", ""): "for git",
    ("textconv", ""): "for git",
}


def commands(group=plaintrack, above=()):
    context = click.Context(group, **HELP)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield " ".join((*above, name)), command


def completes(param):
    """Whether the parameter says itself what may stand there."""
    return param._custom_shell_complete is not None or isinstance(
        param.type, click.Choice | click.Path | click.DateTime
    )


def test_every_value_is_completed_or_has_a_reason():
    missing = []
    for name, command in commands():
        for param in command.params:
            flag = isinstance(param, click.Option) and (param.is_flag or param.count)
            if flag or completes(param) or (param.metavar or "") in {*BY_METAVAR, *FREE}:
                continue
            if not {(name, param.name), (name, "")} & OTHERS.keys():
                missing.append((name, param.name, param.metavar))
    assert missing == []


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """The example, with a tag of git."""

    from conftest import ROOT, _repository

    folder = tmp_path_factory.mktemp("bench") / "example"
    shutil.copytree(ROOT / "example-workspace", folder)
    shell = _repository(folder)
    shell.git("add", "-A")
    shell.git("commit", "-qm", "start")
    shell.git("tag", "v1.0")
    shell("list")
    return shell


def test_every_value_offers_something_and_nothing_twice(bench, monkeypatch):
    monkeypatch.chdir(bench.folder)
    monkeypatch.setenv("PLAINTRACK_NOW", bench.env["PLAINTRACK_NOW"])
    offered = {}
    for name, command in commands():
        for param in equipped(command).params:
            flag = isinstance(param, click.Option) and (param.is_flag or param.count)
            if flag or not (completes(param) or (param.metavar or "") in BY_METAVAR):
                continue
            context = click.Context(command, info_name=name.rpartition(" ")[2], **HELP)
            kind = (param.metavar, type(param.type), param._custom_shell_complete)
            if kind in offered and isinstance(param.type, Named):
                continue
            found = [(each.type, each.value) for each in param.shell_complete(context, "")]
            offered[kind] = found
            assert len(set(found)) == len(found), (name, param.name, found)
            text = (name, param.name) == ("comment", "words")  # `@` begins what is completed
            if not (isinstance(param.type, click.DateTime) or param.name == "recipe" or text):
                assert found, (name, param.name)
    assert len(offered) > 40


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("list --at ", {"HEAD", "main", "v1.0", "staged", "today"}),
        ("list -tags:ga", {"-tags:gateway"}),
        ("list --sor", {"--sort"}),
        ("list --sort due,-urg", {"due,-urgency"}),
        ("list --format j", {"json", "jsonl"}),
        ("diff v1.0..ma", {"v1.0..main"}),
        ("log --by jo", {"jonas"}),
        ("log --since y", {"yesterday"}),
        ("metrics --size est", {"estimate"}),
        ("metrics cyc", {"cycle-time"}),
        ("export ical --what due,mil", {"due,milestones"}),
        ("plan --without jo", {"jonas:"}),
        ("plan --add v", {"van="}),
        ("time log x 1h --tag te", {"team"}),
        ("time sheet 2026-1", {"2026-11", "2026-10"}),
        ("time stop --remaining 2", {"2h", "2d"}),
        ("report wee", {"weekly"}),
        ("report project --output ht", {"html="}),
        ("check --output sa", {"sarif="}),
        ("conflicts --field prio", {"priority"}),
        ("set --where is:blo", {"is:blocked", "is:blocking"}),
        ("config colu", {"columns"}),
        ("stats --view mi", {"mine"}),
        ("goals --since last", set()),
    ],
)
def test_values_of_options(bench, line, wanted, monkeypatch):
    from plaintrack.cli.bash import Bash

    monkeypatch.chdir(bench.folder)
    monkeypatch.setenv("PLAINTRACK_NOW", bench.env["PLAINTRACK_NOW"])
    monkeypatch.setenv("_PLAINTRACK_COMPLETE", "bash_complete")
    *words, last = line.split(" ")
    shell = Bash(plaintrack, {**HELP}, "plaintrack", "_PLAINTRACK_COMPLETE")
    found = [each.value for each in shell.get_completions(words, last)]
    assert wanted <= set(found)
    assert len(set(found)) == len(found)
    if not wanted:
        assert found == []
    assert "_PLAINTRACK_COMPLETE" in os.environ


SHELLS = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        'bind "set enable-bracketed-paste off"; eval "$(plaintrack completion bash)"; echo READY$((1))\n',
    ),
    "zsh": (
        ["zsh", "-f", "-i", "-o", "extendedglob"],
        'autoload -U compinit; compinit -u -D; eval "$(plaintrack completion zsh)"; echo READY$((1))\n',
    ),
    "fish": (
        ["fish", "--no-config", "-i"],
        "plaintrack completion fish | source; echo READY(math 1)\n",
    ),
}


def seen(terminal, mark, seconds=30.0):
    """What a terminal shows until a mark stands there."""
    shown, end = b"", time.monotonic() + seconds
    while mark not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                shown += os.read(terminal, 65536)
            except OSError:
                break
    assert mark in shown, shown
    return shown.decode(errors="replace")


@pytest.mark.slow
@pytest.mark.parametrize("name", SHELLS)
def test_titles_and_values_are_completed_in_a_real_shell(bench, name):
    """Keys in an interactive shell: a title, a value, a negated term, a tag of git."""
    command, start = SHELLS[name]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    child, terminal = pty.fork()
    if child == 0:
        path = f"{Path(sys.executable).parent}:{bench.env['PATH']}"
        os.chdir(bench.folder)
        env = {**bench.env, "PATH": path, "TERM": "dumb", "PS1": "> ", "LC_ALL": "C.UTF-8"}
        os.execvpe(command[0], command, env)
    try:
        os.write(terminal, start.encode())
        seen(terminal, b"READY1")
        for typed, mark in (
            ("plaintrack start enclos\t", b"PT-zj5yq5"),
            ("plaintrack list status:rev\t", b"status:review"),
            ("plaintrack list -tags:gatew\t", b"-tags:gateway"),
            ("plaintrack list --at v1\t", b"v1.0"),
        ):
            os.write(terminal, typed.encode())
            seen(terminal, mark)
            os.write(terminal, b"\x15")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)
