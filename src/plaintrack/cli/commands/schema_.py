"""``plaintrack schema``: JSON Schemas for editors and scripts."""

import click

from plaintrack.cli import complete
from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import lines, out


@click.command("schema")
@click.argument(
    "what", type=click.Choice(["items", "settings", "rules"]), default="items", required=False
)
@click.option(
    "--output",
    metavar="COMMAND",
    shell_complete=complete.output,
    help="Print the schema of what this command writes with --format json.",
)
def command(what: str, output: str | None) -> int:
    """Print a JSON Schema for editors and other programs: of the front matter of items, made from
    the settings (2020-12); of `plaintrack.yml`, or of files of rules (draft 7).

    With `--output list` print what `plaintrack list --format json` writes (2020-12), with the
    fields of this workspace. Keys may be added to it, never taken away.
    """
    from plaintrack.show import schema

    if output is not None:
        if what != "items":
            raise click.UsageError(f"--output cannot be used with {what}")
        text = schema.output(output, open_workspace().schema)
    elif what == "items":
        text = schema.write(open_workspace().schema)
    else:
        text = schema.settings() if what == "settings" else schema.rules()
    for line in lines(text):
        out(line)
    return 0
