"""What people type for help and from habit."""

import re
import subprocess
import sys

from plaintrack.cli.main import COMMANDS
from plaintrack.cli.words import ALIASES, ANSWERS, GROUPS


def test_every_command_is_in_one_group_of_the_help(empty):
    names = [name for group in GROUPS.values() for name in group]
    assert sorted(names) == sorted(COMMANDS)
    said = empty("--help")
    assert said == empty("help") == empty("-h")
    for heading in GROUPS:
        assert f"\n{heading}:\n" in said
    assert max(map(len, said.splitlines())) <= 80
    assert all(len(re.findall(rf"^  {name} ", said, re.MULTILINE)) == 1 for name in names)


def test_help_of_a_command_and_the_version(empty):
    assert empty("help", "set") == empty("set", "--help")
    assert empty("help", "rules", "add") == empty("rules", "add", "--help")
    assert empty("version") == empty("-V") == empty("--version")
    empty("help", "nope", code=2)
    assert "no such command 'nope'" in empty.err


def test_a_group_without_its_command_shows_its_help_as_help(empty):
    for name in ("rules", "time", "project"):
        assert empty(name) == empty(name, "--help")
        assert empty.err == ""


def test_a_missing_word_is_answered_with_the_words_there_are(empty):
    empty("export", code=2)
    assert empty.err.startswith("plaintrack: say what: ical, markdown, ")
    empty("completion", code=2)
    assert empty.err.startswith("plaintrack: say what: bash, zsh or fish\n")


def test_words_of_other_programs_work_or_are_answered(example):
    for word, command in ALIASES.items():
        assert word not in COMMANDS
        assert example(word, "--help") == example(command, "--help")
    assert example("ls", "-tags:security", "--format", "ids") == example(
        "list", "-tags:security", "--format", "ids"
    )
    for word, answer in ANSWERS.items():
        if word in COMMANDS:
            continue
        example(word, code=2)
        assert f"no such command '{word}'; {answer}" in example.err


def test_windows_is_answered_in_one_sentence():
    code = "import sys; sys.platform = 'win32'; from plaintrack.__main__ import main; main()"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.splitlines() == [
        "plaintrack runs on Linux and macOS; on Windows, run it in WSL (`wsl --install`)"
    ]


def test_a_word_of_a_title_in_the_place_of_an_id_is_answered_with_the_item(empty):
    empty("init")
    item = empty("add", "Fix the login redirect").split()[0]
    empty("start", "login", code=1)
    assert (
        f"no item has an id like 'login'\n  hint: did you mean {item} 'Fix the login redirect'?"
        in empty.err
    )
