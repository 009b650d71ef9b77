"""``plaintrack publish``: the work of a commit as rows, for a portfolio."""

import click

from plaintrack.cli.drawing import DATA, format_option, say
from plaintrack.cli.options import at_option, open_snapshot, refuse
from plaintrack.cli.output import note, safe
from plaintrack.render import PROGRAMS


@click.command("publish")
@click.argument("where", metavar="DIR|URL", type=click.Path())
@click.option("--dry-run", is_flag=True, help="Say what would be written; write nothing.")
@click.option(
    "--verify",
    is_flag=True,
    help="Check what is published in DIR instead: each byte and each row, by its manifest.",
)
@at_option
@format_option("table", *DATA)
def command(where: str, dry_run: bool, verify: bool, at: str, form: str) -> int:
    """Publish the present commit (or that of --at) in the folder DIR, as Parquet files and a
    manifest, for a portfolio of many repositories and for DuckDB.

    What is not committed is not published; the same commit gives the same bytes everywhere. Files
    that stay the same are not written, and manifest.json is written last. Rates, types of leave,
    who worked when, notes on time and e-mail addresses are left out, unless the settings say
    `publish: {private: true}`. See docs/portfolio.md. It needs the extra `portfolio`.
    """
    from plaintrack.app.reporting import publish
    from plaintrack.show import publication

    if not where:
        raise click.UsageError("name a folder to publish in")
    if verify:
        refuse("--verify", "--dry-run", "--at")
        made = publish.verify(where)
    else:
        made = publish.publish(open_snapshot(at), where, dry_run)
    shown = publication.records if form in PROGRAMS else publication.publication
    say(shown(made), form)
    for line in made.notes:
        note(safe(line))
    return 0
