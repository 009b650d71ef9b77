"""``plaintrack init``: a new workspace."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli.output import note, out, safe

if TYPE_CHECKING:
    from plaintrack.app.snapshot.workspace import Workspace


@click.command("init")
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--prefix", default="", metavar="LETTERS", help="The prefix of new ids (PT).")
@click.option(
    "--adopt",
    metavar="DIR",
    help="Work on another tracker's tasks in DIR, in place: propose and write the settings.",
)
@click.option("--dry-run", is_flag=True, help="With --adopt: show the settings, and write nothing.")
@click.option(
    "--git",
    is_flag=True,
    help="Set this clone up to compare and merge items field by field: drivers and .gitattributes.",
)
@click.option(
    "--hooks",
    is_flag=True,
    help="Put up git hooks in this clone that check what is committed and pushed.",
)
@click.option(
    "--live",
    is_flag=True,
    help=(
        "Make an index of the work as a live document, the README.md of the first folder of items."
    ),
)
@click.option("--undo", is_flag=True, help="With --git or --hooks: remove exactly that.")
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
    """Make a workspace in DIR (here, without one): settings, folders, templates. Nothing that is
    there is overwritten.
    """
    more = git or hooks or live
    if undo and (live or adopt is not None or not more):
        raise click.UsageError("--undo goes with --git or --hooks")
    if dry_run and (adopt is None or more):
        raise click.UsageError("--dry-run goes with --adopt alone")
    if adopt is not None and (prefix or folder != "."):
        raise click.UsageError(
            "--adopt takes its own DIR, and the prefix that the files there have"
        )
    prefix = prefix or "PT"
    code = 0
    if adopt is not None:
        folder, code = adopt, _adopt(adopt, dry_run)
    elif not more:
        return _new(folder, prefix)
    if live and not code:
        code = _live(folder, prefix)
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
                f"this folder lies in the workspace {above}; from here on, commands in it use the"
                " new one"
            )
        )
    for path in made:
        out(safe(f"made {path}"))
    if not made:
        out("everything is there already")
    return 0


def _git(folder: str, prefix: str, undo: bool) -> int:
    """Set git up for the workspace that DIR lies in, made if need be; or take that away."""
    from plaintrack.app.git.setup import set_up, take_down

    place = _place(folder, prefix, undo)
    done = take_down(place) if undo else set_up(place)
    for line in done:
        out(safe(line))
    if not done:
        out("there is nothing to remove" if undo else "everything is set up already")
    elif not undo:
        note(
            "commit .gitattributes; git's configuration is not shared: everybody runs `plaintrack"
            " init --git` once per clone"
        )
        note("the merge buttons of forges run no merge driver; what they cannot merge, merge here")
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
        out("there is no hook to remove" if undo else "the hooks are there already")
    elif done and not undo:
        note("hooks are not shared: everybody runs `plaintrack init --hooks` once per clone")
    return int(bool(left))


def _live(folder: str, prefix: str) -> int:
    """Make the live index of the workspace that DIR lies in, made if need be. 1 if there is such a
    file.
    """
    from plaintrack.app.setup.init import dashboard

    place = _place(folder, prefix, False)
    path = dashboard(place)
    if path is None:
        note(
            safe(
                f"{place.settings.folders[0]}/README.md is there already; write blocks into it as"
                " docs/live-documents.md says"
            )
        )
        return 1
    out(safe(f"made {path}"))
    note("`plaintrack render` keeps it true, and so does `plaintrack watch`")
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
            out(safe(f"made {path}"))
        return opened(folder)


def _adopt(folder: str, dry: bool) -> int:
    """Print the proposal; what was found goes to standard error."""
    from plaintrack.app.setup.adopt import adopt

    found = adopt(folder, dry)
    for line in found.text.splitlines():
        out(safe(line))
    survey = found.survey
    note(
        safe(
            f"{found.tracker}: {survey.items} items under {found.root}; their files stay as"
            " they are"
        )
    )
    if found.unmapped:
        note(safe(f"kept and queried as text: {', '.join(found.unmapped)}"))
    for path in survey.broken:
        note(safe(f"cannot be read: {path}"))
    note(safe(f"{'would write' if dry else 'wrote'} {found.root}/plaintrack.yml"))
    return 0
