"""Turns errors into one message, a hint and an exit code: the one place where errors become
output.
"""

import os
import sys

import click

from plaintrack.cli.output import finish, lines, note, out, safe
from plaintrack.errors import PlaintrackError


class NotUtf8(PlaintrackError):
    """An argument is not text, and items are UTF-8."""

    slug = "not-utf-8"

    def __init__(self, argument: str) -> None:
        shown = os.fsencode(argument).decode("utf-8", "backslashreplace")
        super().__init__(
            f"the argument '{shown}' is not UTF-8",
            "write it in UTF-8; `locale` shows the encoding of your terminal",
        )


def guarded(command: click.Command) -> int:
    """Run ``command``; 0 fine, 1 the answer is no, 2 wrong usage or bad input, 3 a bug, 130
    interrupted, 141 no one reads the output.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = _run(command)
    lost = finish()
    if lost is None:
        return code
    if isinstance(lost, BrokenPipeError):
        return code or 141
    _tell(
        f"the output could not be written: {lost.strerror}",
        "free some space, or redirect the output elsewhere",
    )
    return max(code, 2)


def _run(command: click.Command) -> int:
    try:
        _readable(sys.argv[1:])
        code = command.main(standalone_mode=False)
        return code if isinstance(code, int) else 0
    except PlaintrackError as error:
        _tell(error.message, error.hint, error.excerpt, error.column)
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        note("plaintrack: interrupted")
        return 130
    except click.exceptions.NoArgsIsHelpError as error:  # a group without one of its commands
        out(error.ctx.get_help() if error.ctx else "")
        return 0
    except click.ClickException as error:
        _tell_usage(error)
        return 2
    # click's way to end after completion, and to say that no one reads its help
    except SystemExit as end:
        return 141 if end.code else 0
    except BrokenPipeError:
        return 141
    except OSError as error:
        place = f"{error.filename}: " if isinstance(error.filename, str) else ""
        missing = isinstance(error, FileNotFoundError)
        hint = "" if missing else "check its permissions and the free disk space"
        _tell(f"{place}{error.strerror or error}", hint)
        return 2
    except Exception as error:
        if type(error).__module__ == "sqlite3":
            _tell(f"the index cannot be used: {error}", "`plaintrack doctor --fix` rebuilds it")
            return 2
        _tell_bug()
        return 3


def _tell_usage(error: click.ClickException) -> None:
    """What click refused, with the usage of the command where it knows that."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        _tell(error.format_message(), "")
        return
    usage = " ".join(context.get_usage().removeprefix("Usage: ").split())
    hint = f"`{context.command_path} --help` shows the usage"
    _tell(_refused(error), hint, usage and f"usage: {usage}")


def _refused(error: click.ClickException) -> str:
    """What click says, on one line; of an argument that is missing, which words it can be."""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        kind = error.param.type
        if isinstance(kind, click.Choice) and isinstance(error.param, click.Argument):
            *words, last = map(str, kind.choices)
            return "say what: " + (f"{', '.join(words)} or {last}" if words else last)
    return error.format_message()


def _tell_bug() -> None:
    """The traceback of the exception that is handled."""
    import platform
    import traceback

    version = platform.python_version()
    note("\n".join(lines(traceback.format_exc())))
    note(f"plaintrack: this is a bug; please report the lines above (Python {version})")


def _readable(arguments: list[str]) -> None:
    """Raise NotUtf8 if an argument is not text; only the folder after ``-C`` may have any name."""
    before = ""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            if before != "-C" and not argument.startswith("-C"):
                raise NotUtf8(argument) from None
        before = argument


def _tell(message: str, hint: str, excerpt: str = "", column: int = 0) -> None:
    """One error on standard error; whatever a file or an argument put into it is shown, not
    obeyed.
    """
    note(f"plaintrack: {safe(message)}")
    if excerpt:
        note(f"  {safe(excerpt)}")
    if excerpt and column:
        from plaintrack.render.table import cell_width

        note(f"  {' ' * cell_width(safe(excerpt[: column - 1]))}^")
    if hint:
        note(f"  hint: {safe(hint)}")
