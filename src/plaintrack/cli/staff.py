"""What the commands ``people`` and ``equipment`` share."""

import click

from plaintrack.cli.drawing import for_people, say
from plaintrack.cli.options import open_snapshot, open_workspace, refuse, report_staff
from plaintrack.cli.output import note
from plaintrack.render import PROGRAMS

EMPTY = {
    "people": "no people: `plaintrack people NAME --new` makes a file",
    "equipment": "no equipment: `plaintrack equipment NAME --new` makes a file",
}

new_option = click.option("--new", is_flag=True, help="Make the file, with these fields.")


def run(room: str, words: tuple[str, ...], new: bool, dry: bool, form: str, at: str) -> int:
    """Show those who are named, or change the one that is, if a word is an assignment."""
    names = [each for each in words if "=" not in each]
    edits = [each for each in words if "=" in each]
    if not edits and not new:
        if dry:
            raise click.UsageError("--dry-run needs FIELD=VALUE or --new")
        return _show(room, names, form, at)
    if at:
        raise click.UsageError("--at shows what was; it cannot be changed there")
    refuse("a change", "--format")
    if len(names) != 1:
        raise click.UsageError("name the one to change, then FIELD=VALUE")
    from plaintrack.app.items import staff
    from plaintrack.cli.answer import tell

    tell(staff.change(open_workspace(), room, names[0], edits, new, dry))
    return 0


def _show(room: str, names: list[str], form: str, at: str) -> int:
    from plaintrack.app.snapshot import roster
    from plaintrack.show import roster as shown

    snapshot = open_snapshot(at)
    asked = roster.people if room == "people" else roster.equipment
    found = asked(snapshot, names)
    if form in PROGRAMS:
        say(shown.records(found, room, form != "json"), form)
    elif found.profiles or found.missing:
        document = shown.roster(found.profiles, found.missing, bool(names), snapshot.today)
        say(document, form)
    elif for_people(form):
        note(EMPTY[room])
    report_staff(snapshot)
    return 0
