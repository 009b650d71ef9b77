"""``plaintrack add``: make a new item."""

import re
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace
from plaintrack.cli.output import out, safe
from plaintrack.cli.typed import quoted, typed
from plaintrack.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from plaintrack.app.snapshot.workspace import Workspace

_OPTION = re.compile(r"--[a-z][\w-]*(=.*)?")


@click.command("add", context_settings={"ignore_unknown_options": True})
@click.argument(
    "words", nargs=-1, metavar="TITLE... [FIELD=VALUE]...", shell_complete=complete.words
)
@click.option(
    "--template",
    "-t",
    metavar="NAME",
    shell_complete=complete.template,
    help="Start from a template; `--template list` lists them.",
)
@click.option(
    "--form",
    metavar="NAME",
    shell_complete=complete.template,
    help="Ask the questions of a template, here on the terminal.",
)
@click.option(
    "--from",
    "answers",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="With --form: take the answers from this Markdown file; - reads standard input.",
)
@click.option(
    "--body", help="Use this Markdown body instead of the template's; - reads standard input."
)
@dry_run
def command(
    words: tuple[str, ...],
    template: str | None,
    form: str | None,
    answers: str | None,
    body: str | None,
    dry_run: bool,
) -> int:
    """Create an item with this TITLE and these fields.

    If that fails, the body read from standard input is kept in a file that the message names.
    """
    given = body == "-"
    if form is not None:
        if template is not None or body is not None:
            raise click.UsageError("--form goes with neither --template nor --body")
        from plaintrack.cli.form import fill

        return fill(words, form, answers, dry_run)
    if answers is not None:
        raise click.UsageError("--from needs --form")
    if template == "list" and (words or body is not None or dry_run):
        raise click.UsageError(
            "`--template list` takes nothing else: it lists the templates and makes no item"
        )
    with typed("body", lambda: f"{_again(words, template)} --body -", given) as text:
        text.workspace = workspace = open_workspace()
        if given:
            return _add(workspace, words, template, text.read, dry_run)
        return _add(workspace, words, template, lambda: body, dry_run)


def _again(words: tuple[str, ...], template: str | None) -> str:
    """The command, to be given again."""
    return " ".join(
        [
            "plaintrack add",
            *map(quoted, words),
            *(["--template", quoted(template)] if template else []),
        ]
    )


def _unknown(workspace: "Workspace", word: str) -> bool:
    """Whether what stands before the ``=`` is nothing that an item has, nor nearly."""

    from plaintrack.app.items.assign import BadAssignment, declared

    name = word.partition("=")[0].rstrip("+-")
    try:
        declared(workspace, name)
    except BadAssignment:
        return not nearest(name, ["id", *workspace.schema.fields])
    return False


def _add(
    workspace: "Workspace",
    words: tuple[str, ...],
    template: str | None,
    body: "Callable[[], str | None]",
    dry_run: bool,
) -> int:
    from plaintrack.app.items import add
    from plaintrack.app.items.assign import edits, is_assignment
    from plaintrack.app.items.template import abouts
    from plaintrack.app.items.template import template as read_template

    if template == "list":
        for name, about in abouts(workspace):
            out(safe(f"{name:12}  {about}"))
        return 0
    base = read_template(workspace, template) if template else None
    _no_options(workspace, words)
    given = [word for word in words if is_assignment(word)]
    if len(words) == 1 and given and base is None and _unknown(workspace, words[0]):
        given = []  # a title that holds a `=`, such as E=mc2
    title = " ".join(word for word in words if word not in given).strip()
    title = add.titled(title, base)
    wanted = edits(workspace, given)
    text = body()
    if text:
        text = text.rstrip("\n") + "\n"
    tell(add.add(workspace, title, wanted, base, text, dry_run))
    return 0


def _no_options(workspace: "Workspace", words: tuple[str, ...]) -> None:
    """Refuse what looks like an option; raises UsageError."""
    for word in words:
        name = word[2:].partition("=")[0]
        if word.startswith("--") and name in workspace.schema.fields:
            raise click.UsageError(f"write fields without dashes: {name}=…")
        if _OPTION.fullmatch(word):
            raise click.UsageError(
                f"no such option: {word.partition('=')[0]}; if it belongs to the title, put the"
                " whole title in quotes"
            )
