"""What several commands share: the workspace, queries on the command line, and how writes are
told.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from plaintrack.app.snapshot.snapshot import Listener, Snapshot
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.cli.output import choose_colour, note, out, progress, safe

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class QueryCommand(click.Command):
    """A command whose arguments are query terms, so that ``-tags:auth`` is a negation and not an
    option.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with negations kept from being read as options."""
        known = {name for param in self.params for name in param.opts} | {"-h"}
        valued = {
            name
            for param in self.params
            if isinstance(param, click.Option) and not param.is_flag
            for name in param.opts
        }
        words, before = [], ""
        for arg in args:
            # `--sort -due` is the option's value
            negated = _negation(arg) and arg not in known and before not in valued
            words.append(f" {arg}" if negated else arg)
            before = arg
        return super().parse_args(ctx, words)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[Any]]":
        """Options, and terms behind a minus."""
        found = super().shell_complete(ctx, incomplete)
        if _negation(incomplete):
            from plaintrack.cli.complete import query

            found += query(ctx, self.params[0], incomplete)
        return found


def _negation(arg: str) -> bool:
    return len(arg) > 2 and arg[0] == "-" and arg[1] != "-"


def terminal() -> Listener:
    """What happens by the way, told on this terminal."""
    return Listener(lambda text: note(safe(text)), lambda text: out(safe(text)), progress)


def open_workspace(day: date | None = None) -> Workspace:
    """The workspace of the current folder; ``day``: with another day as today."""
    from plaintrack.app.follow import opened

    here = opened(listener=terminal(), day=day)
    if here.unsettled():
        from plaintrack.app.write.session import recover

        recover(here)
    return here


def open_snapshot(at: str) -> Snapshot:
    """The work as it is now; ``at``: as a revision has it, as it was on a date, or as it is
    staged.
    """
    here = Workspace(listener=terminal())
    if here.unsettled():
        here = open_workspace()
    if not at:
        return here
    from plaintrack.app.snapshot.past import at as past

    return past(here, at)


at_option = click.option(
    "--at",
    metavar="REV|DATE|staged",
    default="",
    help="Show the state of a revision, of the end of a date, or of what is staged.",
)


def portfolio_options(command: Any) -> Any:
    """``--portfolio`` and ``--stale``: an answer of many repositories."""
    for option in (_stale_option, _portfolio_option):
        command = option(command)
    return command


def _named(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Raises UsageError where an empty text was given: a variable that is not set is no portfolio,
    and the answer would be that of one repository.
    """
    given = context.get_parameter_source(parameter.name or "")
    if not value and given is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError("--portfolio is empty: name a database or a folder")
    return value


_portfolio_option = click.option(
    "--portfolio",
    metavar="DB",
    type=click.Path(),
    default="",
    callback=_named,
    help="Ask the repositories of a portfolio: postgresql://HOST/NAME, or a folder of what they"
    " published.",
)
_stale_option = click.option(
    "--stale",
    metavar="TIME",
    default="",
    help="With --portfolio: data that was not looked at for so long is stale (7d).",
)


def asked_snapshot(
    at: str, portfolio: str, stale: str, *queries: str, whole: bool = True
) -> Snapshot:
    """The work as ``open_snapshot`` gives it, or as far as queries are about it that of a
    portfolio; ``whole``: all items are needed, not only those that answer.
    """
    if not portfolio:
        refuse("one repository: it needs --portfolio", "--stale")
        return open_snapshot(at)
    if at:
        raise click.UsageError("--at is of one repository, and --portfolio of many as they are now")
    from plaintrack.app.snapshot.gather import gather

    found = gather(portfolio, queries, stale, terminal(), whole)
    click.get_current_context().call_on_close(found.source.close)
    return found


def refuse(beside: str, *options: str) -> None:
    """Raise UsageError if one of these options was given ``beside`` what leaves it no effect."""
    context = click.get_current_context()
    source = click.core.ParameterSource.COMMANDLINE
    for each in context.command.params:
        if not set(each.opts) & set(options) or not each.name:
            continue
        if context.get_parameter_source(each.name) is source:
            raise click.UsageError(f"{each.opts[0]} cannot be used with {beside}")


def joined(terms: tuple[str, ...]) -> str:
    """The arguments of a command as one query text."""
    return " ".join(terms)


def report_problems(snapshot: Snapshot) -> None:
    """One line on standard error per file that cannot be read as it should; the first five."""
    from plaintrack.app.snapshot.answers import problems

    found = [problem for problem in problems(snapshot) if problem.severity == "error"]
    for problem in found[:5]:
        note(safe(problem.describe()))
    if len(found) > 5:
        note(f"… and {len(found) - 5} more; `plaintrack doctor` lists them all")


def report_ages(snapshot: Snapshot) -> None:
    """What the repositories of a portfolio differ in, how old their data is, and which is stale; to
    be told after the answer.
    """
    if snapshot.ages is None:
        return
    from plaintrack.show.ages import lines

    for line in (*snapshot.notes, *lines(snapshot.ages)):
        note(safe(line))


def report_staff(snapshot: Snapshot) -> None:
    """One line on standard error per fault in the files of people and equipment; the first five."""
    faults = snapshot.staff.faults
    for problem in faults[:5]:
        note(safe(problem.describe()))
    if len(faults) > 5:
        note(f"… and {len(faults) - 5} more; `plaintrack check` lists them all")


colour = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    expose_value=False,
    callback=lambda _ctx, _param, value: choose_colour(value) if value else None,
    help="When to use colours.",
)
dry_run = click.option("--dry-run", is_flag=True, help="Show the change as a diff; write nothing.")


def show_diff(before: bytes | None, after: bytes | None, path: str) -> None:
    """A unified diff of one file on standard output."""
    for line in diff_lines(before, after, path):
        out(line)


def diff_lines(before: bytes | None, after: bytes | None, path: str) -> Iterator[str]:
    """A unified diff of one file, its lines made safe."""
    from plaintrack.show.patch import patch

    return patch(before, after, path)
