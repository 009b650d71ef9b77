"""The journal that ``undo`` reads: one file per command, one line per touched file, written before the file is."""

import base64
import json
import os
import time
from typing import Any, NamedTuple

from plaintrack.errors import PlaintrackError

KEPT = 100


class NothingToUndo(PlaintrackError):
    """The journal holds no command that can be taken back."""

    slug = "nothing-to-undo"
    exit_code = 1


class Record(NamedTuple):
    """One touched file: its path, the bytes before (None: it was not there) and after (None: it is gone)."""

    path: str
    before: bytes | None
    after: bytes | None


class Journal:
    """The journal of one workspace; a no-op where ``folder`` is None."""

    def __init__(self, folder: str | None) -> None:
        """``folder`` is the cache folder of the workspace."""
        self.folder = os.path.join(folder, "journal") if folder else None
        self.file: str | None = None

    def begin(self, command: str) -> None:
        """Start the record of one command; old ones beyond the last ``KEPT`` are dropped."""
        if self.folder is None:
            return
        try:
            os.makedirs(self.folder, exist_ok=True)
            for name in sorted(os.listdir(self.folder))[:-KEPT]:
                os.unlink(os.path.join(self.folder, name))
        except OSError:
            return
        self.file = os.path.join(self.folder, f"{time.time_ns():020d}-{os.getpid()}.jsonl")
        self._line({"command": command})

    def note(self, record: Record) -> None:
        """Remember what is about to happen to one file."""
        self._line({"path": record.path, "before": _encode(record.before), "after": _encode(record.after)})

    def _line(self, value: dict[str, Any]) -> None:
        if self.file is not None:
            try:
                with open(self.file, "ab") as handle:
                    handle.write(json.dumps(value).encode() + b"\n")
            except OSError:
                self.file = None

    def last(self) -> tuple[str, str, list[Record]]:
        """(journal file, command, records) of the newest command; raises NothingToUndo."""
        for name in sorted(self._names(), reverse=True):
            file = os.path.join(str(self.folder), name)
            command, records = _read(file)
            if records:
                return file, command, records
        raise NothingToUndo("there is nothing to undo", "only commands of this work tree since its cache was made can be undone")

    def _names(self) -> list[str]:
        try:
            return os.listdir(self.folder) if self.folder else []
        except OSError:
            return []


def _encode(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def _decode(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def _read(file: str) -> tuple[str, list[Record]]:
    command, records = "", []
    with open(file, "rb") as handle:
        for line in handle:
            try:
                value = json.loads(line)
            except ValueError:  # killed while writing this line: the file it speaks of was not touched yet
                continue
            if "command" in value:
                command = value["command"]
            else:
                records.append(Record(value["path"], _decode(value["before"]), _decode(value["after"])))
    return command, _chains(records)


def _chains(records: list[Record]) -> list[Record]:
    """One record per path: from before the first to after the last of its unbroken chain of writes; an attempt that was overtaken drops out."""
    found: dict[str, Record] = {}
    for record in reversed(records):
        later = found.get(record.path)
        if later is None:
            found[record.path] = record
        elif record.after == later.before:
            found[record.path] = Record(record.path, record.before, later.after)
    return list(reversed(found.values()))
