"""``plaintrack schema``: JSON Schemas for editors."""

import click

from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import lines, out


@click.command("schema")
@click.argument(
    "what", type=click.Choice(["items", "settings", "rules"]), default="items", required=False
)
def command(what: str) -> int:
    """Print a JSON Schema for editors and other programs: of the front matter of items, made from
    the settings (2020-12); of `plaintrack.yml`, or of files of rules (draft 7).
    """
    from plaintrack.show import schema

    if what == "items":
        text = schema.write(open_workspace().schema)
    else:
        text = schema.settings() if what == "settings" else schema.rules()
    for line in lines(text):
        out(line)
    return 0
