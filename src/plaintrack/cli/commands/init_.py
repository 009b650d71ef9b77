"""``plaintrack init``: a new workspace."""

import click

from plaintrack.cli.output import note, out, safe


@click.command("init")
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--prefix", default="PT", metavar="LETTERS", help="The prefix of new ids (PT).")
@click.option("--adopt", metavar="DIR", help="Work on another tracker's tasks in DIR, in place: propose and write the settings.")
@click.option("--dry-run", is_flag=True, help="With --adopt: show the settings, and write nothing.")
@click.option("--git", is_flag=True, help="Set this clone up to compare and merge items field by field: drivers and .gitattributes.")
@click.option("--undo", is_flag=True, help="With --git: remove exactly that.")
def command(folder: str, prefix: str, adopt: str | None, dry_run: bool, git: bool, undo: bool) -> int:
    """Make a workspace in DIR (here, without one): settings, folders, templates. Nothing that is there is overwritten."""
    if undo and not git:
        raise click.UsageError("--undo goes with --git")
    if git:
        return _git(folder, prefix, undo)
    if adopt is not None:
        return _adopt(adopt, dry_run)
    if dry_run:
        raise click.UsageError("--dry-run goes with --adopt")
    from plaintrack.app.setup import enclosing, init

    made = init(folder, prefix)
    above = enclosing(folder)
    if above and "plaintrack.yml" in made:
        note(safe(f"this folder lies in the workspace {above}; from here on, commands in it use the new one"))
    for path in made:
        out(safe(f"made {path}"))
    if not made:
        out("everything is there already")
    return 0


def _git(folder: str, prefix: str, undo: bool) -> int:
    """Set git up for the workspace that DIR lies in, made if need be; or take that away."""
    from plaintrack.app.gitsetup import set_up, take_down
    from plaintrack.app.setup import init
    from plaintrack.app.workspace import NoWorkspace, Workspace

    try:
        place = Workspace(folder)
    except NoWorkspace:
        if undo:
            raise
        for path in init(folder, prefix):
            out(safe(f"made {path}"))
        place = Workspace(folder)
    done = take_down(place) if undo else set_up(place)
    for line in done:
        out(safe(line))
    if not done:
        out("there is nothing to remove" if undo else "everything is set up already")
    elif not undo:
        note("commit .gitattributes; git's configuration is not shared: everybody runs `plaintrack init --git` once per clone")
        note("the merge buttons of forges run no merge driver; what they cannot merge, merge here")
    return 0


def _adopt(folder: str, dry: bool) -> int:
    """Print the proposal; what was found goes to standard error."""
    from plaintrack.app.adopt import adopt

    found = adopt(folder, dry)
    for line in found.text.splitlines():
        out(safe(line))
    survey = found.survey
    note(safe(f"{found.tracker}: {survey.items} items under {found.root}; their files stay as they are"))
    if found.unmapped:
        note(safe(f"kept and queried as text: {', '.join(found.unmapped)}"))
    for path in survey.broken:
        note(safe(f"cannot be read: {path}"))
    note(safe(f"{'would write' if dry else 'wrote'} {found.root}/plaintrack.yml"))
    return 0
