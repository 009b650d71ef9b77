"""``plaintrack add``: make a new item."""

import re
import sys
from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.answer import tell
from plaintrack.cli.options import dry_run, open_workspace
from plaintrack.cli.output import note, out, safe
from plaintrack.cli.typed import Typed, quoted, typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from plaintrack.app.items.capture import Captured
    from plaintrack.app.items.template import Template
    from plaintrack.app.snapshot.workspace import Workspace

_OPTION = re.compile(r"--[a-z][\w-]*(=.*)?")
_PLAIN = "plaintrack.plain"


class Words(click.Command):
    """A command whose words behind ``--`` are text."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with what stands behind the first ``--`` kept apart."""
        valued = {
            name
            for param in self.params
            if isinstance(param, click.Option) and not param.is_flag
            for name in param.opts
        }
        before = ""
        for at, arg in enumerate(args):
            if arg == "--" and before not in valued:
                ctx.meta[_PLAIN] = args[at + 1 :]
                args = args[:at]
                break
            before = arg
        return super().parse_args(ctx, args)


@click.command("add", cls=Words, context_settings={"ignore_unknown_options": True})
@click.argument(
    "words", nargs=-1, metavar="TITLE... [FIELD:VALUE]...", shell_complete=complete.words
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
@click.option("--edit", "-e", is_flag=True, help="Open the new item in $EDITOR first.")
@dry_run
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    template: str | None,
    form: str | None,
    answers: str | None,
    body: str | None,
    edit: bool,
    dry_run: bool,
) -> int:
    """Create an item with this TITLE and these fields.

    `due:fri`, `priority=high` and the beginning of a field's name (`pri:high`) set fields; `+auth`
    is a tag, `@ana` an assignee, `in:7k3` what it is a part of: a parent, project, milestone or
    goal, by id or title. An argument with a blank in it, such as "Fix due:fri parsing", and all
    behind `--` is text.

    `add -` reads an item per line from standard input; indented lines are sub-items, and lists and
    check boxes of Markdown are understood.

    If the command fails, what was read or written in the editor is kept in a file that the message
    names.
    """
    plain = tuple(ctx.meta.get(_PLAIN, ()))
    lines, given = "-" in words, body == "-"
    if form is not None:
        if template is not None or body is not None or edit or lines:
            raise click.UsageError("--form goes with neither --template nor --body, --edit or -")
        from plaintrack.cli.form import fill

        return fill(words, plain, form, answers, dry_run)
    if answers is not None:
        raise click.UsageError("--from needs --form")
    if template == "list" and (words or plain or body is not None or dry_run or edit):
        raise click.UsageError(
            "`--template list` takes nothing else: it lists the templates and makes no item"
        )
    if lines and (edit or body is not None):
        raise click.UsageError("- reads items from standard input, without --edit and --body")
    again = _again(words, plain, template)
    if lines:
        with typed("items", lambda: again, True) as text:
            text.workspace = workspace = open_workspace()
            return _add_lines(workspace, words, plain, template, text, dry_run)
    use = f"{again} --body -" if not edit else "plaintrack add --edit"
    with typed("body", lambda: use, given) as text:
        text.workspace = workspace = open_workspace()
        _no_options(workspace, words)
        if template == "list":
            return _templates(workspace)
        source: Callable[[], str | None] = text.read if given else lambda: body
        return _add(workspace, (words, plain), template, source, dry_run, edit, text)


def _again(words: tuple[str, ...], plain: tuple[str, ...], template: str | None) -> str:
    """The command, to be given again."""
    return " ".join(
        [
            "plaintrack add",
            *(["--template", quoted(template)] if template else []),
            *map(quoted, words),
            *(["--", *map(quoted, plain)] if plain else []),
        ]
    )


def _templates(workspace: "Workspace") -> int:
    from plaintrack.app.items.template import abouts

    for name, about in abouts(workspace):
        out(safe(f"{name:12}  {about}"))
    return 0


def _base(workspace: "Workspace", name: str | None) -> "Template | None":
    from plaintrack.app.items.template import template

    return template(workspace, name) if name else None


def _add(
    workspace: "Workspace",
    words: tuple[tuple[str, ...], tuple[str, ...]],
    template: str | None,
    body: "Callable[[], str | None]",
    dry_run: bool,
    edit: bool,
    typed_text: Typed,
) -> int:
    from plaintrack.app.items import add
    from plaintrack.app.items.capture import capture

    base = _base(workspace, template)
    found = capture(workspace, *words)
    title = found.title if edit else add.titled(found.title, base)
    text = body()
    if text:
        text = text.rstrip("\n") + "\n"
    if edit:
        return _edited(workspace, found, base, text, dry_run, typed_text)
    tell(add.add(workspace, title, found.edits, base, text, dry_run, found.notes))
    return 0


def _edited(
    workspace: "Workspace",
    found: "Captured",
    base: "Template | None",
    body: str | None,
    dry_run: bool,
    text: Typed,
) -> int:
    """Add the item as it comes from the editor; nothing if no title was written."""
    from plaintrack.app.items import add

    for line in found.notes:
        note(safe(line))
    try:
        title = add.titled(found.title, base)
    except add.NoTitle:
        title = add.UNTITLED
    text.data = draft = add.draft(workspace, title, found.edits, base, body)
    while True:
        written = text.edit()
        if not written.strip() or (title == add.UNTITLED and text.data == draft):
            note("no title was written; nothing was created")
            text.drop()
            return 1
        wrong, bad = add.problems(workspace, written.encode())
        for line in wrong:
            note(safe(line))
        if not bad:
            break
        if not (sys.stdin.isatty() and click.confirm("Edit it again?", default=True, err=True)):
            note(safe(f"nothing was created; what you wrote is kept in {text.keep()}"))
            text.file = ""
            return 1
    tell(add.adopt(workspace, written.encode(), dry_run))
    return 0


def _add_lines(
    workspace: "Workspace",
    words: tuple[str, ...],
    plain: tuple[str, ...],
    template: str | None,
    text: Typed,
    dry_run: bool,
) -> int:
    """Add an item for each line of standard input; the words are set for all of them."""
    from plaintrack.app.items.add import add_all
    from plaintrack.app.items.capture import capture, items

    _no_options(workspace, words)
    rest = list(words)
    rest.remove("-")
    common = capture(workspace, rest, plain)
    if common.title:
        raise click.UsageError(
            f"- reads the titles from standard input, so {common.title!r} cannot be one"
        )
    new, notes = items(workspace, text.read(), common)
    if not new:
        note("standard input has no lines; nothing was created")
        return 0
    tell(add_all(workspace, new, _base(workspace, template), dry_run, notes))
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
