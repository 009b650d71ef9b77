"""``plaintrack init``: a new workspace."""

import sys
from typing import TYPE_CHECKING

import click

from plaintrack import errors
from plaintrack.cli.output import note, out, safe
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.app.setup.adopt import Proposal
    from plaintrack.app.snapshot.workspace import Workspace


@click.command("init")
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--prefix", default="", metavar="LETTERS", help="Prefix of new ids (PT).")
@click.option(
    "--adopt",
    metavar="DIR",
    help="Use another tracker's tasks in DIR, in place: propose and write the settings.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing.")
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
    if undo and (live or adopt is not None or dry_run or not more):
        raise click.UsageError("--undo needs --git or --hooks, and nothing else")
    if adopt is not None and (prefix or folder != "."):
        raise click.UsageError(
            "--adopt takes its own DIR and uses the prefix of its files; leave the other"
            " DIR and --prefix out"
        )
    if undo:
        return _take_down(folder, git, hooks)
    if (git or hooks) and not dry_run:
        from plaintrack.app.setup.init import demand_git

        demand_git(adopt or folder)
    if adopt is None and not prefix and _offered(folder, dry_run):
        adopt = folder
    workspace = _workspace(folder, prefix or "PT", adopt, dry_run, more)
    code = _live(workspace, dry_run) if live else 0
    if git and not code:
        code = _git(workspace, dry_run)
    if hooks and not code:
        code = _hooks(workspace, dry_run)
    return code


def _offered(folder: str, dry: bool) -> bool:
    """Whether the user wants to adopt another tracker's tasks that are in DIR; without a terminal
    they are named.
    """
    from plaintrack.app.setup.init import is_workspace

    if is_workspace(folder):
        return False
    from plaintrack.app.setup.adopt import here

    found = here(folder)
    if found is None:
        return False
    count = found.survey.items
    what = f"{plural(count, 'item')} of {found.tracker} {'is' if count == 1 else 'are'} here"
    if not dry and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        return click.confirm(safe(f"{what}; use them, in place?"), default=True, err=True)
    note(safe(f"{what}: {errors.command('init', '--adopt', folder)} uses them, in place"))
    return False


def _workspace(folder: str, prefix: str, adopt: str | None, dry: bool, more: bool) -> "Workspace":
    """The workspace in DIR, made of what is there, or with what is missing; the one that DIR lies
    in, if only ``more`` is to be done for it; ``dry``: the one that would be.
    """
    from plaintrack.app.follow import opened
    from plaintrack.app.setup.init import enclosing, init, is_workspace, starting_text, to_be

    if adopt is not None:
        found = _adopt(adopt, dry)
        return to_be(found.root, found.text) if dry else opened(found.root)
    above = enclosing(folder)
    if more and (is_workspace(folder) or above):
        return opened(folder)
    made = init(folder, prefix, dry)
    if above and "plaintrack.yml" in made:
        note(
            safe(
                f"this folder is inside the workspace {above}; commands run here now use"
                " the new one"
            )
        )
    for path in made:
        out(safe(f"{'would create' if dry else 'created'} {path}"))
    if not made:
        out("nothing to create: the workspace is complete")
    there = is_workspace(folder)
    return opened(folder) if there else to_be(folder, starting_text(prefix))


def _take_down(folder: str, git: bool, hooks: bool) -> int:
    """Take away what --git and --hooks have set up for the workspace that DIR lies in. 1 if a
    changed hook stays.
    """
    from plaintrack.app.follow import opened
    from plaintrack.app.git.hooks import take_away
    from plaintrack.app.git.setup import take_down

    workspace = opened(folder)
    if git:
        done = take_down(workspace)
        for line in done or ["nothing to remove"]:
            out(safe(line))
    if not hooks:
        return 0
    done, left = take_away(workspace)
    for line in done:
        out(safe(line))
    for line in left:
        note(safe(line))
    if not done and not left:
        out("nothing to remove: no hooks are installed")
    return int(bool(left))


def _git(workspace: "Workspace", dry: bool) -> int:
    """Set git up for the workspace."""
    from plaintrack.app.git.setup import set_up

    done = set_up(workspace, dry)
    for line in done:
        out(safe(line))
    if not done:
        out("nothing to set up: git is already configured")
    elif not dry:
        note(
            "commit .gitattributes; git does not share its configuration, so run"
            " `plaintrack init --git` once in every clone"
        )
        note(
            "the merge buttons of forges do not run merge drivers; merge here what they"
            " cannot merge"
        )
    return 0


def _hooks(workspace: "Workspace", dry: bool) -> int:
    """Put up the hooks of the workspace. 1 if another's hook is in the way."""
    from plaintrack.app.git.hooks import put_up

    done, left = put_up(workspace, dry)
    for line in done:
        out(safe(line))
    for line in left:
        note(safe(line))
    if not done and not left:
        out("nothing to install: the hooks are already installed")
    elif done and not dry:
        note("git does not share hooks: run `plaintrack init --hooks` once in every clone")
    return int(bool(left))


def _live(workspace: "Workspace", dry: bool) -> int:
    """Make the live index of the workspace. 1 if there is such a file."""
    from plaintrack.app.setup.init import dashboard

    path = dashboard(workspace, dry)
    if path is None:
        note(
            safe(
                f"{workspace.settings.folders[0]}/README.md already exists; add blocks to it,"
                " see docs/live-documents.md"
            )
        )
        return 1
    out(safe(f"{'would create' if dry else 'created'} {path}"))
    if not dry:
        note("`plaintrack render` and `plaintrack watch` keep it up to date")
    return 0


def _adopt(folder: str, dry: bool) -> "Proposal":
    """Print the proposal and return it; what was found goes to standard error."""
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
    return found
