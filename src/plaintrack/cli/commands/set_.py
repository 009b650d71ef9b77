"""``plaintrack set``: change fields."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli import complete
from plaintrack.cli.options import dry_run, show_diff, tell, tell_next, workspace
from plaintrack.cli.output import confirmed, note, safe

if TYPE_CHECKING:
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.model.edit import Edit


@click.command("set", context_settings={"ignore_unknown_options": True})
@click.argument(
    "words",
    nargs=-1,
    required=True,
    metavar="ID... FIELD=VALUE...",
    shell_complete=complete.assignments,
)
@click.option("--where", metavar="QUERY", help="Change every item that the query finds.")
@click.option("--yes", is_flag=True, help="With --where: do not ask.")
@dry_run
def command(words: tuple[str, ...], where: str | None, yes: bool, dry_run: bool) -> int:
    """Change fields: field=value, field+=value, field-=value, field= (unset).

    Lists take several values, separated by commas; one that holds a comma stands in double quotes:
    'assignee="Doe, Jane",bob'.
    """
    from plaintrack.app.items.assign import edits, is_assignment
    from plaintrack.app.snapshot import answers, find
    from plaintrack.app.write.session import writing
    from plaintrack.model.change import telling

    place = workspace()
    wanted = edits(place, [word for word in words if is_assignment(word)])
    names = [word for word in words if not is_assignment(word)]
    if not wanted or bool(names) == (where is not None):
        raise click.UsageError("name items (or --where QUERY) and at least one field=value")
    if where is None:
        items = {find.locate(place, name): find.resolve(place, name) for name in names}
    else:
        items = {
            path: item for path, item, _ in answers.rows_raw(place, answers.question(place, where))
        }
        if not items:
            note("nothing to change: the query finds no items")
            return 0
        if not (dry_run or yes or _preview(place, items, wanted)):
            return 1
    said = " ".join((*(("--where", repr(where)) if where is not None else ()), *words))
    with writing(place, f"set {said}", dry_run) as writer:
        for path, item in items.items():
            changes = writer.edit(path, wanted)
            if not dry_run:
                tell(telling(changes), item or path)
    tell_next(writer.followers, dry_run)
    if dry_run:
        for each in writer.written:
            show_diff(each.before, each.after, each.path)
    return 0


def _preview(place: "Workspace", items: "dict[str, str]", wanted: "tuple[Edit, ...]") -> bool:
    """Say what would change, and ask."""
    from plaintrack.app.write.session import writing

    with writing(place, "set", dry=True) as writer:
        changed = {
            item: changes for path, item in items.items() if (changes := writer.edit(path, wanted))
        }
    for item, changes in changed.items():
        note(safe(f"{item}  {'; '.join(each.describe() for each in changes)}"))
    return confirmed(f"Change {len(changed)} of {len(items)} items?")
