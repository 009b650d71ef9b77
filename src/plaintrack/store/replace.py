"""Replace, move and remove files so that no one's concurrent save is lost: exchange, then look at
what was displaced.
"""

import errno
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from plaintrack.store import files
from plaintrack.store.digest import digest

_HERE = -100  # AT_FDCWD
_NOREPLACE = 1
_EXCHANGE = 2
_RECORD = ".path"
_AGAIN = "again-"
# ns for which a displaced file is looked at again: someone may just be opening it, or saving from
# an older view
LINGER = 200_000_000


class Late(NamedTuple):
    """A save that went into a displaced file: the path it was meant for, what stood there before,
    what was saved, where it is kept.

    ``fresh``: younger than LINGER. ``again``: it was merged already.
    """

    path: str
    base: bytes
    data: bytes
    kept: str
    record: str
    fresh: bool
    again: bool


def _rename(old: str, new: str, flag: int) -> bool:
    """Rename atomically with a flag of ``renameat2``; False where the system or the file system
    cannot.
    """
    import ctypes

    try:
        library = files.library()
        if sys.platform == "darwin":
            swap, exclusive = 2, 4
            result = library.renamex_np(
                os.fsencode(old), os.fsencode(new), swap if flag == _EXCHANGE else exclusive
            )
        else:
            result = library.renameat2(_HERE, os.fsencode(old), _HERE, os.fsencode(new), flag)
    except (OSError, AttributeError):
        return False
    if result == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM):
        return False
    raise OSError(number, os.strerror(number), old, None, new)


def _move(old: str, new: str) -> None:
    if not _rename(old, new, _NOREPLACE):
        os.link(old, new, follow_symlinks=False)
        os.unlink(old)


def move(old: str, new: str) -> None:
    """Move a file, whatever it holds by then; raises FileExistsError rather than replace
    anything.
    """
    os.makedirs(os.path.dirname(new), exist_ok=True)
    _move(old, new)
    files.sync(os.path.dirname(new))
    if os.path.dirname(old) != os.path.dirname(new):
        files.sync(os.path.dirname(old))


def _beside(write: Callable[[str, bytes], str], path: str, data: bytes) -> str:
    """Write a file beside a path, whose folder may have to be made first."""
    try:
        return write(path, data)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return write(path, data)


class Together:
    """New files that are there all at once: their bytes are made durable first, in one go, and then
    each gets its name.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, str] = {}

    def add(self, path: str, data: bytes) -> None:
        """One more."""
        self._waiting[path] = _beside(files.write_unnamed, path, data)

    def done(self) -> None:
        """Give all their names; raises FileExistsError if something else has one of them by now:
        the others are there.
        """
        waiting, self._waiting = self._waiting, {}
        folders = {os.path.dirname(path) for path in waiting}
        failure: OSError | None = None
        try:
            if not files.write_out(folders):
                for temporary in waiting.values():
                    files.sync(temporary)
        except BaseException:
            forget(*waiting.values())
            raise
        for path, temporary in waiting.items():
            try:
                _move(temporary, path)
            except OSError as error:
                failure = failure or error
                forget(temporary)
        if not files.write_out(folders):
            for folder in folders:
                files.sync(folder)
        if failure:
            raise failure


def create(path: str, data: bytes) -> None:
    """A new file with ``data``; raises FileExistsError rather than replace anything."""
    temporary = _beside(files.write_temporary, path, data)
    try:
        _move(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    files.sync(os.path.dirname(path))


def replace(path: str, expected: bytes, data: bytes, attic: str | None) -> None:
    """Replace ``expected`` at ``path`` by ``data``; raises Changed, with the file as the other
    writer left it, if something else stood there.

    The displaced file is kept in the folder ``attic``, since an editor that saves in place may
    still have it open: ``late_saves`` tells. Where no exchange is possible the content is only
    compared just before an atomic rename. Must not be interrupted by a signal handler that raises.
    FileNotFoundError: there is no file now.
    """
    temporary = files.write_temporary(path, data, like=path)
    record = None
    try:
        record = _record(attic, path, temporary, expected, data)
        if not _undisturbed(path, expected):
            raise _changed(path)
        exchanged = _rename(temporary, path, _EXCHANGE)
        if not exchanged:
            os.replace(temporary, path)
    except BaseException:
        forget(temporary, record)
        raise
    if not exchanged:
        forget(record)
    elif _undisturbed(temporary, expected):  # `temporary` is now the name of what stood at `path`
        _keep(temporary, record, expected)
    else:
        _put_back(temporary, path, expected, data, attic)
        forget(record)
        raise _changed(path)
    files.sync(os.path.dirname(path))


def remove(path: str, expected: bytes, attic: str | None) -> None:
    """Remove a file that holds ``expected``; raises Changed, with the file in its place, if it
    holds something else.
    """
    temporary = files.temporary_name(path)
    record = _record(attic, path, temporary, expected, expected)
    try:
        os.rename(path, temporary)
    except BaseException:
        forget(record)
        raise
    if _undisturbed(temporary, expected):
        _keep(temporary, record, expected)
        files.sync(os.path.dirname(path))
        return
    try:
        _move(temporary, path)
        forget(record)
    except FileExistsError:  # saved anew meanwhile: what we hold is older
        _keep(temporary, record, expected)
    raise _changed(path)


def _changed(path: str) -> files.Changed:
    return files.ChangedMeanwhile(path)


def _undisturbed(displaced: str, expected: bytes) -> bool:
    """Whether a file holds ``expected``; waits up to 0.2 s for a program that has it open for
    writing.
    """
    for _ in range(100):
        rest = at_rest(displaced)
        if files.read_whole(displaced) != expected:
            return False
        if rest is not False:
            return True
        time.sleep(0.002)
    return True


def at_rest(path: str) -> bool | None:
    """Whether no process has the file open for writing, which a read lease tells; None where the
    system cannot tell.
    """
    import fcntl
    import signal

    if not hasattr(fcntl, "F_SETLEASE"):
        return None
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        # a broken lease is told by a signal that is ignored
        fcntl.fcntl(handle, getattr(fcntl, "F_SETSIG", 10), signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return True
    except OSError as error:
        return False if error.errno == errno.EAGAIN else None
    finally:
        os.close(handle)


def _put_back(displaced: str, path: str, expected: bytes, ours: bytes, attic: str | None) -> None:
    """Give ``path`` back the save that our file has displaced, or a newer one.

    An editor may have read our file meanwhile, and save from that view: so a copy of what it loses
    then is kept.
    """
    if attic is not None and at_rest(displaced):
        record = _record(attic, path, "", expected, ours)
        if record is not None:
            with suppress(OSError), open(record.removesuffix(_RECORD), "xb") as copy:
                copy.write(files.read_whole(displaced))
    if not _restore(displaced, path):
        return
    if _undisturbed(displaced, ours):
        _keep(displaced, _record(attic, path, displaced, ours, ours), ours)
    elif _restore(displaced, path):
        # saved again between the two exchanges: that save is the newer one
        _keep(displaced, _record(attic, path, displaced, expected, ours), expected)


def _restore(displaced: str, path: str) -> bool:
    """Bring a displaced file back to its path; whether another stood there, which is now the
    displaced one.
    """
    while True:
        try:
            _rename(displaced, path, _EXCHANGE)
            return True
        except FileNotFoundError:  # moved away meanwhile, as some editors do before they save
            with suppress(FileExistsError):
                _move(displaced, path)
                return False


def _record(
    attic: str | None, path: str, displaced: str, base: bytes, ours: bytes, prefix: str = ""
) -> str | None:
    """Note down where a displaced file is going to be, which path it comes from, what it held, and
    what we meant to write.

    It is written before anything is displaced, so that a killed process leaves nothing that
    ``late_saves`` does not see.
    """
    if attic is None:
        return None
    record = os.path.join(attic, f"{prefix}{os.getpid()}-{os.urandom(6).hex()}{_RECORD}")
    try:
        os.makedirs(attic, exist_ok=True)
        with open(record, "wb") as handle:
            handle.write(
                b"\0".join(
                    [os.fsencode(path), os.fsencode(displaced), digest(ours).hex().encode(), base]
                )
            )
    except OSError:
        forget(record)
        return None
    return record


def _keep(displaced: str, record: str | None, base: bytes) -> None:
    """Move the displaced file to the attic; where that cannot be it stays under its temporary name,
    unless no one has it open.
    """
    if record is not None:
        with suppress(OSError):
            os.rename(displaced, record.removesuffix(_RECORD))
    elif at_rest(displaced) is not False and files.read_whole(displaced) == base:
        os.unlink(displaced)


def _records(attic: str) -> list[str]:
    try:
        return [os.path.join(attic, name) for name in os.listdir(attic) if name.endswith(_RECORD)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def waiting(attic: str) -> bool:
    """Whether something was saved into a displaced file, or a process was killed before it could
    move one here.
    """
    for record in _records(attic):
        try:
            if os.stat(record.removesuffix(_RECORD)).st_mtime_ns >= os.stat(record).st_mtime_ns:
                return True
        except OSError:
            return True
    return False


def late_saves(attic: str, believed: Callable[[str], str | None]) -> list[Late]:
    """What programs saved into displaced files. Files that hold what they held, and that no one can
    have open, are dropped.

    ``believed`` tells where a recorded path is, or that it is not to be believed: then its record
    is left alone.
    """
    found = []
    for record in _records(attic):
        kept = record.removesuffix(_RECORD)
        try:
            with open(record, "rb") as handle:
                recorded, displaced, ours, base = handle.read().split(b"\0", 3)
            path = believed(os.fsdecode(recorded))
            if path is None:
                continue
            if not os.path.lexists(kept):
                kept = _displaced(attic, path, os.fsdecode(displaced))
            before = at_rest(kept)
            data = files.read_whole(kept)
            rest = before and at_rest(kept)
            linger = 5 * LINGER if rest is None else LINGER
            fresh = files.clock() - os.stat(kept).st_ctime_ns < linger
        except (FileNotFoundError, ValueError):
            # nothing was displaced, or was not yet when the process was killed
            forget(record)
            continue
        except (OSError, files.Oddity):
            continue
        if rest is False or (rest is None and fresh):
            continue
        if data and data != base and digest(data).hex().encode() != ours:
            again = os.path.basename(record).startswith(_AGAIN)
            found.append(Late(path, base, data, kept, record, fresh, again))
        elif not fresh:
            forget(kept, record)
    return found


def _displaced(attic: str, path: str, recorded: str) -> str:
    """Where a displaced file is, which has not come to its place in the attic: there under another
    name, or beside ``path``.

    Only its name is taken from the record, which may lie. Raises FileNotFoundError.
    """
    name = os.path.basename(recorded)
    folder = os.path.dirname(path) if files.is_temporary(name) else attic
    found = os.path.join(folder, name)
    if not name or not os.path.lexists(found):
        raise FileNotFoundError(errno.ENOENT, "nothing was displaced", found)
    return found


def merged(late: Late, attic: str) -> None:
    """Note down that a late save is in its file now, so that it is looked for once more."""
    os.utime(late.kept)
    _record(attic, late.path, late.kept, late.base, b"", _AGAIN)
    forget(late.record)


def forget(*names: str | None) -> None:
    """Drop a displaced file and its record, as far as they are there."""
    for name in names:
        if name is not None:
            with suppress(FileNotFoundError):
                os.unlink(name)
