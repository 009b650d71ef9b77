"""Asks the questions of a form, or reads the answers from a file."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from plaintrack.cli.answer import tell
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import note, safe
from plaintrack.cli.typed import quoted, typed
from plaintrack.errors import PlaintrackError

if TYPE_CHECKING:
    from plaintrack.model.form import Question


class NoTerminal(PlaintrackError):
    """There is no one to ask."""

    slug = "no-terminal"

    def __init__(self) -> None:
        super().__init__(
            "a form is asked on a terminal", "give the answers with --from FILE, or --from -"
        )


def fill(
    words: tuple[str, ...],
    plain: tuple[str, ...],
    name: str,
    answers: str | None,
    dry_run: bool,
) -> int:
    """Make an item by the form ``name``; ``answers`` is a file of them. Fields and title among the
    ``words``, and ``plain`` words of the title, are not asked for.
    """
    from plaintrack.app.items.capture import capture
    from plaintrack.app.items.form import questions, read, submit
    from plaintrack.app.items.template import template

    if answers is None and not sys.stdin.isatty():
        raise NoTerminal
    with typed("form", lambda: f"plaintrack add --form {quoted(name)} --from -", True) as text:
        text.workspace = workspace = open_workspace()
        base = template(workspace, name)
        asked = questions(workspace, base)
        title, given, notes = capture(workspace, words, plain)
        for line in notes:
            note(safe(line))
        known = {getattr(each, "field", "") for each in given} | ({"title"} if title else set())
        left = [each for each in asked if each.field not in known or not each.field]
        if answers is None:
            found, before = _asked(left), ""
            text.data = _kept(left, found).encode()
        else:
            found, before = read(text.read() if answers == "-" else _file(answers), left)
        tell(submit(workspace, base, left, found, before, given, title, dry_run))
    return 0


def _file(path: str) -> str:
    from plaintrack.cli.typed import NotText

    with open(path, "rb") as handle:
        data = handle.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotText(path, error.start + 1) from error


def _kept(asked: "Sequence[Question]", answers: dict[str, str]) -> str:
    """The answers as a file that can be given again."""
    return "".join(f"### {each.name}\n\n{answers.get(each.name, '')}\n\n" for each in asked)


def _asked(asked: "Sequence[Question]") -> dict[str, str]:
    """The answers that are given on the terminal."""
    return {each.name: _ask(each) for each in asked}


def _ask(question: "Question") -> str:
    """One answer; asked again until it will do. A section takes lines until an empty one."""
    mark = " (needed)" if question.required else ""
    note(safe(f"{question.ask}{mark}"))
    if question.hint:
        note(safe(f"  {question.hint}"))
    if question.choices:
        note(safe(f"  one of: {', '.join(question.choices)}"))
    if question.default:
        note(safe(f"  empty: {question.default}"))
    while True:
        answer = _lines() if question.section else _line()
        fault = question.fault(answer or question.default)
        if not fault:
            return answer
        note(safe(f"  {fault}"))


def _line() -> str:
    click.echo("> ", nl=False, err=True)
    line = sys.stdin.readline()
    if not line:
        raise click.Abort
    return line.strip()


def _lines() -> str:
    found: list[str] = []
    while line := _line():
        found.append(line)
    return "\n".join(found)
