"""Runs a command that the user trusts: no shell, an environment of its own, bounded in time and
output, with all its processes ended.
"""

import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.store import lock, place

OUTPUT = 65_536
_KEPT = ("HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER")


class CommandFailed(PlaintrackError):
    """A command could not be started, took too long, or ended with an error."""

    slug = "command-failed"


class EndedWithError(CommandFailed):
    """The program ended with an error; ``said`` is its last line."""

    slug = "ended-with-error"

    def __init__(self, name: str, code: int, said: str) -> None:
        super().__init__(f"{name} ended with {code}{said}", "run it by hand")


class TimedOut(CommandFailed):
    """The program took too long and was ended."""

    slug = "timed-out"

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(
            f"{name} took longer than {seconds:g} s and was stopped", "set its `timeout:`"
        )


class NotStarted(CommandFailed):
    """The program could not be started."""

    slug = "not-started"

    def __init__(self, name: str, why: Exception) -> None:
        super().__init__(
            f"{name} could not be started: {why}", "check the file and its permissions"
        )


class NoSuchProgram(CommandFailed):
    """There is no such program."""

    slug = "no-such-program"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"unknown command {name!r}", "name an installed command, or a file such as ./tools/x"
        )


class Ran(NamedTuple):
    """How a command ended: its exit code and the first of its output."""

    code: int
    output: str


def search_path(root: str) -> str:
    """The PATH without relative folders and without those of the workspace and its repository."""
    inside = os.path.realpath(place.top(root) or root) + os.sep
    kept = [
        each for each in os.environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(each)
    ]
    return os.pathsep.join(
        each for each in kept if not (os.path.realpath(each) + os.sep).startswith(inside)
    )


def run(
    command: Sequence[str],
    root: str,
    given: bytes,
    about: Mapping[str, str],
    names: Sequence[str],
    seconds: float,
) -> Ran:
    """Run ``command`` in ``root`` with ``given`` on standard input; ``about`` and the variables
    ``names`` are its environment.

    Raises CommandFailed.
    """
    environment = {name: os.environ[name] for name in (*_KEPT, *names) if name in os.environ}
    environment |= {
        "PATH": search_path(root),
        **{name: text.replace("\0", "") for name, text in about.items()},
        **lock.lending(),
    }
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # its own cache would look like a changed file
    program = (
        command[0] if os.sep in command[0] else shutil.which(command[0], path=environment["PATH"])
    )
    if program is None:
        raise NoSuchProgram(command[0])
    try:
        process = subprocess.Popen(
            [program, *command[1:]],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise NotStarted(command[0], error) from error
    try:
        output = _talk(process, given, time.monotonic() + seconds)
        if output is None:
            raise TimedOut(command[0], seconds)
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        code = process.wait()
    return Ran(code, output.decode("utf-8", "replace").strip())


def _talk(process: "subprocess.Popen[bytes]", given: bytes, deadline: float) -> bytes | None:
    """The first of the output; None if the time is over. What is more is read and thrown away."""
    assert process.stdin is not None
    assert process.stdout is not None
    output, rest = b"", memoryview(given)
    os.set_blocking(process.stdin.fileno(), False)
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdin, selectors.EVENT_WRITE)
        ready.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < deadline:
            if process.poll() is not None and not ready.select(0):
                return output
            for key, _ in ready.select(0.05):
                if key.fileobj is process.stdin:
                    try:
                        rest = rest[os.write(process.stdin.fileno(), rest) :]
                    except OSError:
                        rest = rest[:0]
                    if not rest:
                        ready.unregister(process.stdin)
                        with suppress(OSError):
                            process.stdin.close()
                    continue
                data = os.read(process.stdout.fileno(), OUTPUT)
                if not data:
                    ready.unregister(process.stdout)
                output = (output + data)[:OUTPUT]
    return None
