"""The journal that ``undo`` reads: one file per command, one line per touched file, written before
the file is.

A command that a person gave has a file ``*.jsonl``. What the watcher did, and what a listing merged
by the way, has a file ``*.aside``: ``undo`` takes it back only if it is named.
"""

import base64
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from plaintrack.errors import PlaintrackError

KEPT = 100
LARGEST = 50_000_000
LENT = "PLAINTRACK_JOURNAL"
"""Set for the commands of rules: the file of the command that they follow from."""
_USER = ".jsonl"
_ASIDE = ".aside"


class NothingToUndo(PlaintrackError):
    """The journal holds no command that can be taken back."""

    slug = "nothing-to-undo"
    exit_code = 1

    def __init__(
        self,
        message: str = "nothing to undo",
        hint: str = "only commands run in this work tree since its cache was created can be undone",
    ) -> None:
        super().__init__(message, hint)


class Record(NamedTuple):
    """One touched file: its path, the bytes before (None: it was not there) and after (None: it is
    gone).
    """

    path: str
    before: bytes | None
    after: bytes | None


class Chain(NamedTuple):
    """What a command did to one file: the bytes before it, and every state it may have left the
    file in.
    """

    path: str
    before: bytes | None
    after: tuple[bytes | None, ...]


class Entry(NamedTuple):
    """One command of the journal: its file, its words, its Chains in the order of the first write.

    ``ended``: it was through, or failed, but was not killed. ``undoing``: an ``undo`` has begun to
    take it back.
    """

    file: str
    command: str
    chains: list[Chain]
    ended: bool = True
    undoing: bool = False

    @property
    def aside(self) -> bool:
        """Whether no person gave the command."""
        return self.file.endswith(_ASIDE)

    @property
    def time(self) -> float:
        """When it wrote first (s since 1970)."""
        return int(os.path.basename(self.file)[:20]) / 1e9


class Journal:
    """The journal of one workspace; a no-op where ``folder`` is None."""

    def __init__(self, folder: str | None) -> None:
        """``folder`` is the cache folder of the workspace."""
        self.folder = os.path.join(folder, "journal") if folder else None
        self.command = ""
        self.ending = _USER
        self.file: str | None = None
        self.lent = False
        self.failed = folder is None

    def begin(self, command: str, aside: bool = False) -> None:
        """Name the command; its file is made at its first record. ``aside``: no person gave it.

        A command of a rule writes on in the file of the command that the rule follows from.
        """
        self.command = command
        self.ending = _ASIDE if aside else _USER
        file = os.environ.get(LENT, "")
        if file and os.path.dirname(file) == self.folder and os.path.isfile(file):
            self.file, self.lent = file, True

    def end(self, changed: bool, whole: bool = True) -> None:
        """The command is through, or (not ``whole``) failed; an entry of one that has ``changed``
        nothing in the end is dropped.
        """
        if self.file is None or self.lent:
            return
        with suppress(OSError):
            if changed:
                self._line({"ended" if whole else "failed": True})
            else:
                os.unlink(self.file)

    def follow(self, path: str, before: bytes, after: bytes) -> None:
        """Count what a hook of git has made of a file to the last command that wrote it, if the
        file was as that left it.
        """
        for entry in self.entries():
            chain = next((each for each in entry.chains if each.path == path), None)
            if chain is not None:
                if before in chain.after:
                    append(
                        entry.file,
                        {"path": path, "before": _encode(before), "after": _encode(after)},
                    )
                return

    def note(self, record: Record) -> None:
        """Remember what is about to happen to one file; where the journal cannot be written,
        nothing from here on can be undone.
        """
        if self.failed:
            return
        value = {
            "path": record.path,
            "before": _encode(record.before),
            "after": _encode(record.after),
        }
        try:
            if self.file is None:
                self._start()
            self._line(value)
        except OSError:
            self.failed = True

    def left(self, path: str, since: int, data: bytes) -> bytes | None:
        """What the last command since that time (ns) has left in a file; ``data`` if none wrote
        it.
        """
        for entry in self.entries():
            if entry.time * 1e9 < since:
                break
            for chain in entry.chains:
                if chain.path == path:
                    return chain.after[-1]
        return data

    def _start(self) -> None:
        folder = str(self.folder)
        os.makedirs(folder, exist_ok=True)
        names = self._names()
        self._prune(folder, [name for name in names if name.endswith(self.ending)])
        stamp = time.time_ns()
        if names and names[-1][:20].isdigit():
            stamp = max(stamp, int(names[-1][:20]) + 1)  # the clock may have been set back
        self.file = os.path.join(folder, f"{stamp:020d}-{os.getpid()}{self.ending}")
        self._line({"command": self.command})

    def _prune(self, folder: str, names: list[str]) -> None:
        """Drop the oldest beyond the last ``KEPT`` commands or ``LARGEST`` bytes; the last one
        stays.
        """
        size = 0
        for number, name in enumerate(reversed(names[:-1]), 2):
            path = os.path.join(folder, name)
            size += os.stat(path).st_size
            if number > KEPT - 1 or size > LARGEST:
                os.unlink(path)

    def _line(self, value: dict[str, Any]) -> None:
        append(str(self.file), value)

    def entries(self) -> Iterator[Entry]:
        """Every command that touched something, the newest first."""
        for name in reversed(self._names()):
            entry = _read(os.path.join(str(self.folder), name))
            if entry.chains:
                yield entry

    def _names(self) -> list[str]:
        if self.folder is None:
            return []
        try:
            with os.scandir(self.folder) as entries:
                return sorted(
                    each.name
                    for each in entries
                    if each.name.endswith((_USER, _ASIDE)) and each.is_file(follow_symlinks=False)
                )
        except OSError:
            return []


def append(file: str, value: dict[str, Any]) -> None:
    """One more line of an entry."""
    with open(file, "ab") as handle:
        handle.write(json.dumps(value).encode() + b"\n")


def _encode(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def _decode(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def _read(file: str) -> Entry:
    command = ""
    records: list[Record] = []
    marks: set[str] = set()
    with open(file, "rb") as handle:
        for line in handle:
            try:
                value = json.loads(line)
                if "command" in value:
                    command = str(value["command"])
                elif "path" not in value:
                    marks.update(value)
                    if "ended" in value:  # only what it left in the end counts from now on
                        records = [
                            Record(each.path, each.before, each.after[-1])
                            for each in chains(records)
                        ]
                else:
                    records.append(
                        Record(
                            str(value["path"]), _decode(value["before"]), _decode(value["after"])
                        )
                    )
            except (ValueError, KeyError, TypeError):
                # killed while writing this line: the file it speaks of was not touched yet
                continue
    return Entry(
        file, command, chains(records), bool(marks & {"ended", "failed"}), "undoing" in marks
    )


def chains(records: list[Record]) -> list[Chain]:
    """One Chain per path. A write starts from what the one before it left, or from what that one
    had found: then that one did not happen.
    """
    found: dict[str, Chain] = {}
    for record in records:
        chain = found.get(record.path)
        if chain is None or record.before not in (chain.before, *chain.after):
            found[record.path] = Chain(record.path, record.before, (record.after,))
        else:
            found[record.path] = chain._replace(after=(*chain.after, record.after))
    return list(found.values())
