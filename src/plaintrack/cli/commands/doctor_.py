"""``plaintrack doctor``: what is broken, and its fixing."""

import click

from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.options import open_workspace, refuse
from plaintrack.cli.output import note, out, safe


@click.command("doctor")
@click.option("--fix", is_flag=True, help="Fix what can be fixed safely; `undo` takes it back.")
@format_option("table", *DATA)
def command(fix: bool, form: str) -> int:
    """Find what is broken, whatever the policy: settings, files and comments that cannot be read,
    duplicate ids, dangling references, misnamed files, lost text, an index that differs from the
    files, git hooks and the merge driver.
    """
    from plaintrack.app.check.doctor import diagnose
    from plaintrack.app.check.fix import heal

    if fix:
        refuse("--fix", "--format")
    diagnosis = diagnose(open_workspace())
    for line in diagnosis.notes if form in ("table", "csv") else ():
        note(safe(line))
    if not for_people(form):
        from plaintrack.show.problems import diagnosis as told

        say(told(diagnosis.problems, diagnosis.notes, form), form)
        return int(bool(diagnosis.problems))
    for problem in diagnosis.problems:
        out(safe(problem.describe()))
    if not diagnosis.problems:
        note("no problems")
        return 0
    if not fix:
        return 1
    for line in heal(open_workspace(), diagnosis.stale):
        out(safe(f"fixed: {line}"))
    return 1 if diagnose(open_workspace()).problems else 0
