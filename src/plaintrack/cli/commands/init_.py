"""``plaintrack init``: a new workspace."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli.output import note, out, safe
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.app.snapshot.workspace import Workspace


@click.command("init")
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--prefix", default="", metavar="LETTERS", help="Prefix of new ids (PT).")
@click.option(
    "--adopt",
    metavar="DIR",
    help="Use another tracker's tasks in DIR, in place: propose and write the settings.",
)
@click.option("--dry-run", is_flag=True, help="With --adopt: show the settings; write nothing.")
@click.option(
    "--git",
    is_flag=True,
    help="Set up this clone to compare and merge items field by field: drivers and .gitattributes.",
)
@click.option(
    "--hooks",
    is_flag=True,
    help="Install git hooks that check commits and pushes.",
)
@click.option(
    "--live",
    is_flag=True,
    help="Create a live index of the work: README.md in the first folder of items.",
)
@click.option("--undo", is_flag=True, help="With --git or --hooks: remove what they set up.")
def command(
    folder: str,
    prefix: str,
    adopt: str | None,
    dry_run: bool,
    git: bool,
    hooks: bool,
    live: bool,
    undo: bool,
) -> int:
    """Create a workspace in DIR, or here: settings, folders, templates. Existing files are not
    overwritten.
    """
    more = git or hooks or live
    if undo and (live or adopt is not None or not more):
        raise click.UsageError("--undo needs --git or --hooks")
    if dry_run and (adopt is None or more):
        raise click.UsageError("--dry-run works only with --adopt")
    if adopt is not None and (prefix or folder != "."):
        raise click.UsageError(
            "--adopt takes its own DIR and uses the prefix of its files; leave the other"
            " DIR and --prefix out"
        )
    prefix = prefix or "PT"
    if adopt is not None:
        _adopt(adopt, dry_run)
        folder = adopt
    elif not more:
        return _new(folder, prefix)
    code = _live(folder, prefix) if live else 0
    if git and not code:
        code = _git(folder, prefix, undo)
    if hooks and not code:
        code = _hooks(folder, prefix, undo)
    return code


def _new(folder: str, prefix: str) -> int:
    """Make the workspace, or what is missing in it."""
    from plaintrack.app.setup.init import enclosing, init

    made = init(folder, prefix)
    above = enclosing(folder)
    if above and "plaintrack.yml" in made:
        note(
            safe(
                f"this folder is inside the workspace {above}; commands run here now use"
                " the new one"
            )
        )
    for path in made:
        out(safe(f"created {path}"))
    if not made:
        out("nothing to create: the workspace is complete")
    return 0


def _git(folder: str, prefix: str, undo: bool) -> int:
    """Set git up for the workspace that DIR lies in, made if need be; or take that away."""
    from plaintrack.app.git.setup import set_up, take_down

    workspace = _place(folder, prefix, undo)
    done = take_down(workspace) if undo else set_up(workspace)
    for line in done:
        out(safe(line))
    if not done:
        out("nothing to remove" if undo else "nothing to set up: git is already configured")
    elif not undo:
        note(
            "commit .gitattributes; git does not share its configuration, so run"
            " `plaintrack init --git` once in every clone"
        )
        note(
            "the merge buttons of forges do not run merge drivers; merge here what they"
            " cannot merge"
        )
    return 0


def _hooks(folder: str, prefix: str, undo: bool) -> int:
    """Put up the hooks of the workspace that DIR lies in, made if need be; or take them away. 1 if
    another's hook is in the way.
    """
    from plaintrack.app.git.hooks import put_up, take_away

    done, left = (take_away if undo else put_up)(_place(folder, prefix, undo))
    for line in done:
        out(safe(line))
    for line in left:
        note(safe(line))
    if not done and not left:
        out(
            "nothing to remove: no hooks are installed"
            if undo
            else "nothing to install: the hooks are already installed"
        )
    elif done and not undo:
        note("git does not share hooks: run `plaintrack init --hooks` once in every clone")
    return int(bool(left))


def _live(folder: str, prefix: str) -> int:
    """Make the live index of the workspace that DIR lies in, made if need be. 1 if there is such a
    file.
    """
    from plaintrack.app.setup.init import dashboard

    workspace = _place(folder, prefix, False)
    path = dashboard(workspace)
    if path is None:
        note(
            safe(
                f"{workspace.settings.folders[0]}/README.md already exists; add blocks to it,"
                " see docs/live-documents.md"
            )
        )
        return 1
    out(safe(f"created {path}"))
    note("`plaintrack render` and `plaintrack watch` keep it up to date")
    return 0


def _place(folder: str, prefix: str, there: bool) -> "Workspace":
    """The workspace that DIR lies in, made if need be; raises NoWorkspace if it must be
    ``there``.
    """
    from plaintrack.app.follow import opened
    from plaintrack.app.setup.init import init
    from plaintrack.app.snapshot.workspace import NoWorkspace

    try:
        return opened(folder)
    except NoWorkspace:
        if there:
            raise
        for path in init(folder, prefix):
            out(safe(f"created {path}"))
        return opened(folder)


def _adopt(folder: str, dry: bool) -> None:
    """Print the proposal; what was found goes to standard error."""
    from plaintrack.app.setup.adopt import adopt

    found = adopt(folder, dry)
    for line in found.text.splitlines():
        out(safe(line))
    survey = found.survey
    note(
        safe(
            f"{found.tracker}: {plural(survey.items, 'item')} under {found.root}; the"
            " files stay as they are"
        )
    )
    if found.unmapped:
        note(safe(f"kept, and can be queried as text: {', '.join(found.unmapped)}"))
    for path in survey.broken:
        note(safe(f"cannot be read: {path}"))
    note(safe(f"{'would write' if dry else 'wrote'} {found.root}/plaintrack.yml"))
