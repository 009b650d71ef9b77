"""No message, help text or docstring names a command or an option that is gone."""

import ast
import re
import shlex

import click
import pytest
from conftest import ROOT

from plaintrack import errors
from plaintrack.cli import main

CODE = ROOT / "src/plaintrack"
LINE = re.compile(r"`plaintrack(?: ([^`]*))?`")
BUILDERS = ("command", "command_line")


def texts(node):
    """The strings of a tree; what is filled in stands as X."""
    inside = set()
    for each in ast.walk(node):
        if isinstance(each, ast.JoinedStr):
            inside.update(map(id, each.values))
            yield "".join(
                part.value if isinstance(part, ast.Constant) else "X" for part in each.values
            )
        elif (
            isinstance(each, ast.Constant)
            and isinstance(each.value, str)
            and id(each) not in inside
        ):
            yield each.value
        elif (
            isinstance(each, ast.Call)
            and isinstance(each.func, ast.Name)
            and each.func.id in BUILDERS
            and each.args
        ):
            yield errors.command(
                *(arg.value if isinstance(arg, ast.Constant) else "X" for arg in each.args)
            )


def lines():
    """Every command line that the code shows: (file, words)."""
    for path in sorted(CODE.rglob("*.py")):
        for text in texts(ast.parse(path.read_text("utf-8"))):
            for found in LINE.finditer(" ".join(text.split())):
                yield path.relative_to(CODE).as_posix(), found[1] or ""


def fault(words):
    """What is wrong with the words of a command line; empty if click would take them."""
    command, context = main.plaintrack, click.Context(main.plaintrack)
    known = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    for word in words:
        if word.startswith("-") and len(word) > 1:
            if word.partition("=")[0] not in known | {"--help", "-h"}:
                return f"no option {word}"
        elif isinstance(command, click.Group) and word not in ("X", "…"):
            found = command.get_command(context, word)
            if found is None:
                return f"no command {word}"
            command, context = found, click.Context(found, parent=context)
            known |= {
                name for param in command.params for name in (*param.opts, *param.secondary_opts)
            }
    return ""


def test_every_command_line_in_the_code_is_one():
    found = list(lines())
    assert len(found) > 40
    wrong = {
        (path, line): fault(shlex.split(line)) for path, line in found if fault(shlex.split(line))
    }
    assert wrong == {}


@pytest.mark.parametrize("line", ["nope", "undo --nope", "rules nope", "--nope list"])
def test_one_that_is_gone_would_be_found(line):
    assert fault(shlex.split(line))


def test_a_command_line_is_written_as_a_shell_takes_it():
    assert errors.command("undo", "--list") == "`plaintrack undo --list`"
    assert errors.command("renumber", "a b.md") == "`plaintrack renumber 'a b.md'`"


def test_what_is_filled_into_a_command_line_is_quoted():
    """A word that is only known when the message is made goes through `errors.command`."""
    wrong = [
        (path.relative_to(CODE).as_posix(), ast.unparse(node))
        for path in sorted(CODE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr)
        and any("X" in found[0] for found in LINE.finditer(next(texts(node))))
    ]
    assert wrong == []
