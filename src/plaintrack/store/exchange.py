"""Replace a file's content so that nobody's concurrent save is lost: exchange, then verify what was displaced."""

import ctypes
import errno
import os

from plaintrack.store import files

_EXCHANGE = 2


def _exchange(one: str, other: str) -> bool:
    """Swap two names atomically (``renameat2(RENAME_EXCHANGE)``); False where the system cannot."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if call(-100, os.fsencode(one), -100, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM):
        return False
    raise OSError(number, os.strerror(number), one)


def replace(path: str, expected: bytes, data: bytes, attic: str | None) -> None:
    """Replace ``expected`` at ``path`` by ``data``; raises Changed, with the file as the other writer left it, if something else stood there.

    The displaced file is kept in the folder ``attic`` for a while, since an editor that saves in place may still be writing into it:
    ``attic_changed`` tells. Where no exchange is possible the content is compared just before an atomic rename.
    """
    temporary = files.write_temporary(path, data, like=path)
    try:
        if not _exchange(temporary, path):
            if files.read(path) != expected:
                raise files.Changed(f"{path} was changed by somebody else meanwhile", "try again")
            os.replace(temporary, path)
            files.sync_folder(os.path.dirname(path))
            return
        if files.read(temporary) != expected:
            _put_back(temporary, path, data)
            raise files.Changed(f"{path} was changed by somebody else meanwhile", "try again")
        files.sync_folder(os.path.dirname(path))
        _linger(temporary, path, expected, attic)
    finally:
        if os.path.lexists(temporary):
            os.unlink(temporary)


def _put_back(temporary: str, path: str, ours: bytes) -> None:
    _exchange(temporary, path)
    if files.read(temporary) != ours:  # saved again between the two swaps: theirs is the newer
        _exchange(temporary, path)


def _linger(temporary: str, path: str, expected: bytes, attic: str | None) -> None:
    """Move the displaced file to the attic, where the next command looks whether somebody has written into it since."""
    if attic is None:
        return
    name = f"{os.stat(temporary).st_ino}-{os.urandom(3).hex()}"
    try:
        os.makedirs(attic, exist_ok=True)
        files_record = os.path.join(attic, name + ".path")
        with open(files_record, "wb") as record:
            record.write(os.fsencode(path) + b"\0" + expected)
        os.rename(temporary, os.path.join(attic, name))
    except OSError:
        return


def late_saves(attic: str) -> list[tuple[str, bytes, bytes]]:
    """Saves that went into a displaced file after we replaced it: (path, base, what they wrote). Looked-at files are removed once they are old enough."""
    found = []
    try:
        names = [name for name in os.listdir(attic) if not name.endswith(".path")]
    except FileNotFoundError:
        return []
    for name in names:
        file = os.path.join(attic, name)
        try:
            age = files.clock() - os.stat(file).st_mtime_ns
            with open(file + ".path", "rb") as record:
                path, _, base = record.read().partition(b"\0")
            data = files.read(file)
        except (OSError, files.Oddity):
            continue
        if data != base and data:
            found.append((os.fsdecode(path), base, data))
        if age > 6_000_000:
            for each in (file, file + ".path"):
                os.unlink(each)
    return found
