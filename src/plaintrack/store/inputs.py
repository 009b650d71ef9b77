"""Files from outside the workspace, opened as often as they are needed."""

import os
import stat
import tempfile
from collections.abc import Callable
from typing import BinaryIO

from plaintrack.errors import PlaintrackError

Opener = Callable[[], BinaryIO]


class NotReadable(PlaintrackError):
    """A file from outside cannot be read."""

    slug = "input-not-readable"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}", "name a file that can be read, or - for standard input")


def of_path(path: str) -> tuple[Opener, int]:
    """How to open an ordinary file, and its size in bytes. Raises NotReadable."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise NotReadable(path, "this is not an ordinary file")
        with open(path, "rb"):
            pass
    except OSError as error:
        raise NotReadable(path, error.strerror or str(error)) from error
    return lambda: open(path, "rb"), found.st_size


def of_folder(path: str, suffix: str) -> list[str]:
    """The files of a folder whose names end so. Raises NotReadable."""
    try:
        found = sorted(each for each in os.listdir(path) if each.lower().endswith(suffix))
    except OSError as error:
        raise NotReadable(path, error.strerror or str(error)) from error
    if not found:
        raise NotReadable(path, f"no {suffix} files are in this folder")
    return [os.path.join(path, each) for each in found]


def of_stream(stream: BinaryIO) -> tuple[Opener, int]:
    """The same for what can be read only once: it is kept in a temporary file."""
    kept = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the opener
    while block := stream.read(1 << 20):
        kept.write(block)
    kept.flush()  # it is read by another handle
    size = kept.tell()

    def reopened() -> BinaryIO:
        found = os.fdopen(os.dup(kept.fileno()), "rb")
        found.seek(0)
        return found

    return reopened, size
