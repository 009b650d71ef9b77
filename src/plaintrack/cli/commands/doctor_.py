"""``plaintrack doctor``: what is broken, and its fixing."""

import click

from plaintrack.cli.options import workspace
from plaintrack.cli.output import note, out, safe


@click.command("doctor")
@click.option("--fix", is_flag=True, help="Fix what can be fixed safely; `undo` takes it back.")
def command(fix: bool) -> int:
    """Find files that cannot be read, an index that differs from the files, duplicate ids, dangling
    references and misnamed files.
    """
    from plaintrack.app.check import doctor, mend

    place = workspace()
    if place.cache:
        note(safe(f"cache, locks and journal: {place.cache}"))
    else:
        note("cache and journal: in memory only; no folder for them is writable and yours alone")
    findings = doctor.findings(place)
    for finding in findings:
        out(
            safe(
                f"{finding.place}: {finding.message}"
                + (f" ({finding.hint})" if finding.hint else "")
            )
        )
    if not findings:
        note("no problems")
        return 0
    if not fix:
        return 1
    fixed = mend.mend(place, findings)
    for line in fixed:
        out(safe(f"fixed: {line}"))
    return 0 if not doctor.findings(type(place)(place.root)) else 1
