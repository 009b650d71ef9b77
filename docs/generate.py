"""Writes the references docs/actions.md, docs/checks.md, docs/commands.md, docs/definitions.md,
docs/import.md, docs/metrics.md, docs/outputs.md and docs/settings.md from the code, and the schemas
for VS Code.

`make docs` runs it, and a test holds them to it.
"""

import json
from pathlib import Path

import click

from plaintrack.checks.catalogue import every
from plaintrack.cli.main import COMMANDS, plaintrack
from plaintrack.config.settings import TABLE
from plaintrack.model.fields import schema
from plaintrack.rules.actions import ACTIONS
from plaintrack.show import actions as show_actions
from plaintrack.show import definitions as show_definitions
from plaintrack.show import formats as show_formats
from plaintrack.show import metrics as show_metrics
from plaintrack.show import schema as show_schema
from plaintrack.show.checks import page

HERE = Path(__file__).parent


def commands() -> str:
    """The command reference: the help of every command."""
    context = click.Context(
        plaintrack,
        info_name="plaintrack",
        terminal_width=100,
        max_content_width=100,
        **plaintrack.context_settings,
    )
    parts = [
        "# Commands",
        "Made from the code by `make docs`.",
        _block(plaintrack.get_help(context)),
    ]
    for name in COMMANDS:
        command = plaintrack.get_command(context, name)
        assert command is not None
        inner = click.Context(
            command, info_name=name, parent=context, terminal_width=100, max_content_width=100
        )
        parts += [f"## {name}", _block(command.get_help(inner))]
    return "\n\n".join(parts) + "\n"


def _block(text: str) -> str:
    return "```text\n" + "\n".join(line.rstrip() for line in text.splitlines()) + "\n```"


def settings() -> str:
    """The settings reference: the table that also validates them."""
    rows = [f"| `{each.name}` | {each.doc} | `{_default(each.default)}` |" for each in TABLE]
    head = [
        "# Settings",
        "",
        (
            "`plaintrack.yml`, made from the code by `make docs`."
            " `plaintrack config` shows what is in force."
        ),
        "",
    ]
    return "\n".join([*head, "| setting | meaning | default |", "|---|---|---|", *rows]) + "\n"


def _default(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def checks() -> str:
    """The catalogue of the checks."""
    return page(every())


def actions() -> str:
    """The actions of rules."""
    return show_actions.page(ACTIONS.values())


def definitions() -> str:
    """What is computed, and how."""
    return show_definitions.page(show_definitions.names())


def formats() -> str:
    """The formats of other programs, after the words in docs/import.in.md."""
    return show_formats.page((HERE / "import.in.md").read_text("utf-8"))


def metrics() -> str:
    """The catalogue of the metrics, after the words in docs/metrics.in.md, with the pictures that
    docs/charts.py drew.
    """
    drawn = {path.stem.removeprefix("metrics-"): path.name for path in HERE.glob("metrics-*.svg")}
    more = (HERE / "metrics.in.md").read_text("utf-8")
    return show_metrics.page(show_metrics.names(), more, drawn)


def outputs() -> str:
    """What commands write as JSON."""
    return show_schema.page(schema())


SCHEMAS = HERE.parent / "editors/vscode/schemas"
"""The JSON Schemas of settings and rules."""


def schemas() -> dict[str, str]:
    """Name of the file → JSON Schema."""
    return {
        "settings.json": f"{show_schema.settings()}\n",
        "rules.json": f"{show_schema.rules()}\n",
    }


if __name__ == "__main__":
    for name, text in schemas().items():
        (SCHEMAS / name).write_text(text, "utf-8")
    (HERE / "actions.md").write_text(actions(), "utf-8")
    (HERE / "checks.md").write_text(checks(), "utf-8")
    (HERE / "commands.md").write_text(commands(), "utf-8")
    (HERE / "definitions.md").write_text(definitions(), "utf-8")
    (HERE / "import.md").write_text(formats(), "utf-8")
    (HERE / "metrics.md").write_text(metrics(), "utf-8")
    (HERE / "outputs.md").write_text(outputs(), "utf-8")
    (HERE / "settings.md").write_text(settings(), "utf-8")
