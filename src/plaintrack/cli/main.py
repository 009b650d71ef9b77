"""The entry point: a table of commands, each imported only when it is called."""

import os
from importlib import import_module

import click

from plaintrack import __version__
from plaintrack.cli.output import choose_colour
from plaintrack.errors import suggestion

COMMANDS = {
    "add": "Create an item.",
    "approvals": "Show verdicts on items, and what is missing.",
    "approve": "Approve an item as it is now.",
    "archive": "Move closed items to the archive.",
    "assign": "Assign items to people.",
    "board": "Draw a board: one column per status.",
    "branch": "Show how items differ on other branches.",
    "cancel": "Close items as cancelled.",
    "check": "Check the work, or what a change introduces.",
    "comment": "Comment on an item.",
    "commit": "Commit the changed items.",
    "completion": "Print the completion script for a shell.",
    "config": "Show the settings in force.",
    "conflicts": "Show and resolve merge conflicts.",
    "diff": "Review changes between revisions, or uncommitted ones.",
    "delete": "Delete items.",
    "doctor": "Find and fix problems in the workspace.",
    "done": "Close items as done.",
    "edit": "Open items in your editor.",
    "equipment": "Show equipment: units, maintenance, and what needs it.",
    "explain": "Explain checks, actions and numbers.",
    "export": "Export items and dates for other programs.",
    "forecast": "Say when the open work will be done, and how sure that is.",
    "goals": "Show goals: score, health, effort; and what work was for.",
    "health": "Show or write status updates of projects and goals.",
    "history": "Show the values of a field over time.",
    "import": "Import items of another program.",
    "inbox": "Show what concerns you and is new.",
    "init": "Create a workspace.",
    "list": "List items.",
    "log": "Show what happened to items.",
    "lsp": "Serve an editor: the language server (for editors).",
    "merge-file": "Merge an item field by field (for git).",
    "sla": "Show how long work may take, what is left, and what was met.",
    "metrics": "Show how the work flows: cycle time, throughput, burndown …",
    "next": "List what can be done now, most urgent first.",
    "owners": "Show who is asked about what.",
    "people": "Show people: time, leave, and what they do.",
    "portfolio": "Keep many repositories as rows of one database.",
    "project": "Show projects, and close one.",
    "publish": "Publish a commit as rows, for a portfolio.",
    "rank": "Show the manual order, or move items in it.",
    "plan": "Plan the work: when, who, with what, and why.",
    "recur": "Create the due items of recurring work.",
    "reject": "Reject an item as it is now.",
    "render": "Update the generated blocks in documents.",
    "renumber": "Give an item a new id.",
    "report": "Write a report: weekly, project, goals, people …; or a site.",
    "reopen": "Open closed items again.",
    "rules": "List, check, test, run and add rules.",
    "schema": "Print the JSON Schema of the front matter.",
    "score": "Rank items by a scoring model.",
    "search": "Search titles and bodies.",
    "set": "Change fields of items.",
    "show": "Show an item.",
    "snooze": "Put items off until a day.",
    "start": "Start work on items.",
    "stats": "Count items by a field.",
    "sync": "Fetch, integrate and push.",
    "textconv": "Print an item for `git diff`.",
    "time": "Log time, run a timer, report, and submit timesheets.",
    "tick": "Tick steps of an item.",
    "tree": "Draw items with their sub-items and dependencies.",
    "triage": "Walk through new items.",
    "trust": "Allow rules to run commands on this machine.",
    "undo": "Undo the last command.",
    "watch": "Watch the files: print changes, run rules, refresh documents.",
    "workload": "Show the work that is left against the time there is.",
}


class Commands(click.Group):
    """A group whose commands are modules of ``plaintrack.cli.commands``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; ``help COMMAND`` and ``version`` are other words for options."""
        if args[:1] == ["help"]:
            args = [*args[1:], "--help"]
        elif args == ["version"]:
            args = ["--version"]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"plaintrack.cli.commands.{cmd_name.replace('-', '_')}_")
        command: click.Command = module.command
        if completing():
            from plaintrack.cli.complete import equipped

            return equipped(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest names in the error."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from plaintrack.cli.words import ALIASES, ANSWERS

            word = args[0]
            if word not in ALIASES:
                near = ANSWERS.get(word) or suggestion(word, COMMANDS)
                ctx.fail(f"no such command {word!r}" + (f"; {near}" if near else ""))
            args = [ALIASES[word], *args[1:]]
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their one-line help, without importing them."""
        from plaintrack.cli.words import EXIT, GROUPS

        width = max(map(len, COMMANDS))
        for heading, names in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{name:{width}}", COMMANDS[name]) for name in names])
        formatter.write_paragraph()
        formatter.write_text("For the options of one: plaintrack help COMMAND")
        formatter.write_paragraph()
        formatter.write_text(EXIT)


@click.command(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("-C", "folder", metavar="DIR", help="Work in DIR instead of the current folder.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="When to use colours (auto: on a terminal).",
)
@click.option(
    "--fetch",
    is_flag=True,
    help="Let git fetch, in one request, the file contents that a partial clone lacks.",
)
@click.version_option(__version__, "-V", "--version", package_name="plaintrack")
@click.pass_context
def plaintrack(ctx: click.Context, folder: str | None, color: str, fetch: bool) -> None:
    """Work management in plain text, inside git. Without a command: list open items."""
    choose_colour(color)
    if folder:
        from plaintrack.app.process import enter

        try:
            enter(folder)
        except OSError as error:
            raise click.UsageError(f"cannot change to {folder}: {error.strerror}") from error
    if fetch:
        from plaintrack.app.process import allow_fetching

        allow_fetching()
    if ctx.invoked_subcommand is None:
        command = (
            ctx.command.get_command(ctx, "list") if isinstance(ctx.command, click.Group) else None
        )
        if command is not None:
            with command.make_context("list", [], parent=ctx) as inner:
                command.invoke(inner)


def completing() -> bool:
    """Whether a shell asks what may be typed next."""
    return "_PLAINTRACK_COMPLETE" in os.environ or "_PT_COMPLETE" in os.environ


def run() -> int:
    """Run the command line; every error becomes one message and an exit code, which is returned."""
    from plaintrack.cli.failure import guarded

    if completing():
        from plaintrack.cli.bash import register

        register()
    return guarded(plaintrack)
