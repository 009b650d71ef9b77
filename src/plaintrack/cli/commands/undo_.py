"""``plaintrack undo``: the last command, taken back."""

import click

from plaintrack.cli.drawing import DATA, for_people, format_option, given, say
from plaintrack.cli.options import open_workspace, show_diff
from plaintrack.cli.output import note, out, safe


@click.command("undo")
@click.option(
    "--list",
    "listed",
    is_flag=True,
    help="List the commands that can be undone, latest first.",
)
@click.option(
    "--command",
    "number",
    type=click.IntRange(1),
    metavar="N",
    help="Undo command N of the list instead of the last one.",
)
@click.option(
    "--lost",
    is_flag=True,
    help="Bring back what the command wrote, where another program has written over it.",
)
@click.option("--dry-run", is_flag=True, help="Show the change as a diff; write nothing.")
@format_option("table", *DATA)
def command(listed: bool, number: int | None, lost: bool, dry_run: bool, form: str) -> int:
    """Undo the last command, byte for byte. Repeat to undo the one before.

    If one of its files has changed since, or git has already taken the command back, nothing is
    changed. Earlier commands are undone only if named with --command.

    If an editor that had an older text open has written over a command, --lost merges what the
    command wrote into the file, or brings it back whole.
    """
    from plaintrack.app.write.undo import undo

    if listed:
        if number or lost or dry_run:
            raise click.UsageError("--list cannot be used with --command, --lost or --dry-run")
        return _list(form)
    if "form" in given():
        raise click.UsageError("--format needs --list")
    if lost:
        return _bring_back(number, dry_run)
    workspace = open_workspace()
    undone = undo(workspace, dry_run, number)
    out(safe(f"{'would undo' if dry_run else 'undone'}: {undone.command}"))
    for step in undone.steps:
        if dry_run:
            show_diff(step.after, step.before, step.path)
        else:
            out(safe(f"  {step.path}"))
    if undone.command.startswith("import ") and not dry_run:
        from plaintrack.app.transfer.past import staying

        for line in staying(workspace, {step.path for step in undone.steps}, undone.time):
            note(safe(line))
    return 0


def _bring_back(number: int | None, dry_run: bool) -> int:
    """What a command wrote, merged into what its files hold now where that can be."""
    from plaintrack.app.write.lost import bring_back

    name, regained = bring_back(open_workspace(), dry_run, number)
    out(safe(f"{'would bring back' if dry_run else 'brought back'}: {name}"))
    for each in regained:
        if dry_run:
            show_diff(each.before, each.after, each.path)
            continue
        out(safe(f"  {each.path}"))
        if not each.merged:
            note(
                safe(f"{each.path}: both changed the same; `plaintrack undo` takes the other text")
            )
    return 0


def _list(form: str) -> int:
    """A line for each command that the journal knows."""
    from plaintrack.app.write.undo import commands

    known = list(commands(open_workspace()))
    if not for_people(form):
        from plaintrack.show.journal import commands as shown

        say(shown(known, form), form)
        return 0
    if not known:
        note("nothing to undo")
    for each in known:
        who = "(not by you) " if each.entry.aside else ""
        standing = f"  ({each.standing})" if each.standing else ""
        out(safe(f"{each.number:>3}  {each.when}  {who}{each.entry.command}{standing}"))
    return 0
