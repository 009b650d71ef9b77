"""What a person writes for a command, in the editor or on standard input: kept in a file if the
command fails.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from plaintrack.cli.output import note, safe
from plaintrack.errors import PlaintrackError

if TYPE_CHECKING:
    from plaintrack.app.snapshot.workspace import Workspace


class NoEditor(PlaintrackError):
    """The editor could not be started, or failed."""

    slug = "no-editor"

    def __init__(self, why: str) -> None:
        super().__init__(why, "set $VISUAL or $EDITOR to your editor, such as `nano`")


class NotText(PlaintrackError):
    """What was written is not UTF-8."""

    slug = "not-text"

    def __init__(self, what: str, byte: int) -> None:
        super().__init__(f"{what} is not UTF-8 (byte {byte})", "convert it, for example with iconv")


class Typed:
    """The text of one command. ``workspace`` is its own, once that is known."""

    def __init__(self, name: str) -> None:
        """``name`` tells the file from others."""
        self.name = name
        self.data = b""
        self.file = ""
        self.workspace: Workspace | None = None

    def read(self) -> str:
        """The text on standard input; raises NotText."""
        if not self.data:
            self.take()
        return self._text("standard input")

    def take(self) -> None:
        """Read standard input piece by piece: what came before Ctrl-C is kept, too."""
        while sys.stdin is not None and (piece := sys.stdin.buffer.readline()):
            self.data += piece

    def edit(self) -> str:
        """What is written in the editor, in a file that stays until the command is through; raises
        NoEditor, NotText.
        """
        self.drop()
        self.file = self._made()
        open_editor([self.file])
        with suppress(FileNotFoundError), open(self.file, "rb") as handle:
            self.data = handle.read()
        return self._text("what you wrote")

    def _text(self, what: str) -> str:
        try:
            return self.data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise NotText(what, error.start + 1) from error

    def keep(self) -> str:
        """See to it that the text is in a file; its path, empty if nothing was written."""
        if self.file:
            with suppress(OSError):
                if os.path.getsize(self.file):
                    return self.file
            self.drop()
            return ""
        return self._made() if self.data.strip() else ""

    def drop(self) -> None:
        """The text has been used."""
        if self.file:
            with suppress(OSError):
                os.unlink(self.file)

    def _made(self) -> str:
        """A new file with the text: in lost-found, or where temporary files go; raises OSError."""
        found = None
        if (
            self.workspace is not None
            and self.workspace.cache
            and os.path.isdir(self.workspace.cache)
        ):
            from plaintrack.app.write.rescue import lost_found

            found = lost_found(self.workspace)
        if found:
            with suppress(OSError):
                os.makedirs(found, exist_ok=True)
                return self._file(found)
        from tempfile import gettempdir

        return self._file(gettempdir())

    def _file(self, folder: str) -> str:
        path = os.path.join(folder, f"typed-{os.urandom(3).hex()}-{self.name}.md")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(self.data)
        except OSError:  # no space left
            os.unlink(path)
            raise
        return path


@contextmanager
def typed(name: str, use: Callable[[], str], given: bool) -> Iterator[Typed]:
    """Keep what is written for a command if the command fails, whatever the reason, and say where
    and how to ``use`` it.

    ``given``: it stands on standard input; unless a person types there, it is read now, so that
    nothing that fails comes first.
    """
    text = Typed(name)
    try:
        if given and sys.stdin is not None and not sys.stdin.isatty():
            text.take()
        yield text
    except BaseException:
        _tell(text, use)
        raise
    text.drop()


def _tell(text: Typed, use: Callable[[], str]) -> None:
    try:
        path = text.keep()
    except OSError:  # there is no place for a file
        note("what you wrote could not be saved; here it is:")
        for line in text.data.decode("utf-8", "replace").splitlines():
            note(safe(line))
        return
    if path:
        note(safe(f"what you wrote is kept in {path}; to use it: {use()} < {quoted(path)}"))


def quoted(word: str) -> str:
    """A word as a shell takes it."""
    from shlex import quote

    return quote(word)


def safe_name(text: str) -> str:
    """What of a text may stand in the name of a file."""
    return "".join(each for each in text if each.isalnum() or each in "-_")[:40] or "item"


def open_editor(paths: Sequence[str]) -> None:
    """Open files in the user's editor and wait for it; raises NoEditor."""
    try:
        click.edit(filename=list(paths))
    except click.ClickException as error:
        raise NoEditor(error.format_message()) from error
