"""Turns errors into one message, a hint and an exit code: the one place where errors become output."""

import os
import sys

import click

from plaintrack.cli.output import note, safe
from plaintrack.errors import PlaintrackError


def _lines(text: str) -> str:
    return "\n".join(safe(line) for line in text.split("\n"))


def guarded(command: click.Command) -> int:
    """Run ``command``; 0 fine, 1 the answer is no, 2 wrong usage or bad input, 3 a bug, 130 interrupted."""
    try:
        code = command.main(standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except PlaintrackError as error:
        note(f"plaintrack: {_lines(error.message)}" + (f"\n  hint: {_lines(error.hint)}" if error.hint else ""))
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        note("plaintrack: interrupted")
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception:
        import platform
        import traceback

        note(
            traceback.format_exc()
            + f"\nplaintrack: this is a bug; please report the lines above (Python {platform.python_version()})"
        )
        return 3
