"""Entries in their files: put in, changed, taken out, by the one writer."""

from collections.abc import Iterable, Sequence
from datetime import date

from plaintrack.app.snapshot import timelog
from plaintrack.app.write.room import room_for
from plaintrack.app.write.verb import Verb
from plaintrack.model import ids
from plaintrack.model.task import fold
from plaintrack.store.files import ChangedMeanwhile
from plaintrack.store.refusals import NoGit
from plaintrack.timeclock.entry import Entry, offset_in, read, replaced, text, without
from plaintrack.when.moments import zone


def append(work: Verb, entries: Iterable[Entry]) -> list[str]:
    """Put in new entries; the path of the file of each.

    A file is one person's day. It is only appended to while it is not in the present commit:
    afterwards a new one begins, so that branches do not touch the same lines.
    """
    given = list(entries)
    days: dict[tuple[str, date], list[Entry]] = {}
    for each in given:
        days.setdefault((fold(each.person), each.day), []).append(each)
    paths = {day: _append(work, some) for day, some in days.items()}
    return [paths[fold(each.person), each.day] for each in given]


def _append(work: Verb, entries: Sequence[Entry]) -> str:
    """Put in entries of one person's day."""
    entry = entries[0]
    workspace, writer = work.workspace, work.writer
    room = room_for(workspace, writer, "time")
    folders = workspace.entries(room)
    home = next((each for each in folders if fold(each) == fold(entry.person)), entry.person)
    day = entry.day.isoformat()
    folder = f"{room}/{home}/{day[:7]}"
    made = [each.path for each in writer.written if each.after is not None]
    there = [f"{folder}/{name}" for name in workspace.entries(folder)]
    fitting = [
        path
        for path in dict.fromkeys([*there, *made])
        if path.startswith(f"{folder}/{day}-") and path.endswith(timelog.SUFFIX)
    ]
    kept = committed(work, folder) if fitting else frozenset()
    lines = "".join(map(text, entries))
    for path in fitting:
        if path not in kept:
            data = bytes_of(work, path)
            gap = b"" if data.endswith(b"\n\n") or not data else b"\n"
            gap = b"\n\n" if data and not data.endswith(b"\n") else gap
            writer.rewrite(path, data, data + gap + lines.encode())
            return path
    taken = {path.removesuffix(timelog.SUFFIX) for path in there}
    name = ids.make(f"{folder}/{day}", 6, taken)
    writer.create(f"{name}{timelog.SUFFIX}", lines.encode())
    return f"{name}{timelog.SUFFIX}"


def bytes_of(work: Verb, path: str) -> bytes:
    """What a file holds by now, also in a dry run."""
    for each in reversed(work.writer.written):
        if each.path == path and each.after is not None:
            return each.after
    return work.workspace.read_whole(path)


def committed(work: Verb, folder: str) -> frozenset[str]:
    """The files of a folder that are in the present commit; none without git, or before the first
    commit.
    """
    try:
        repo = work.workspace.repo
        return frozenset(path for path, _ in repo.tree(repo.here, [folder]))
    except NoGit:
        return frozenset()


def change(work: Verb, entry: Entry, new: Entry) -> str:
    """Let an entry say something else, where it stands; one that begins on another day goes to a
    file of that day. The path. Raises ChangedMeanwhile.
    """
    name = entry.path.rpartition("/")[2]
    if new.day != entry.day and (name.startswith(entry.day.isoformat()) or "/" in _below(entry)):
        remove(work, entry)
        return _append(work, [new._replace(path="", line=0, last=0)])
    data = bytes_of(work, entry.path)
    lines = _lines(work, entry, data)
    _rewrite(work, entry.path, data, replaced(lines, entry, new))
    return entry.path


def _below(entry: Entry) -> str:
    """The path below the folder of the person."""
    return entry.path.split("/", 2)[-1]


def remove(work: Verb, entry: Entry) -> None:
    """Take an entry out. A file that is left without any goes, unless it is in the present commit:
    there another branch may change it. Raises ChangedMeanwhile.
    """
    data = bytes_of(work, entry.path)
    lines = without(_lines(work, entry, data), entry)
    if not "".join(lines).strip():
        folder = entry.path.rpartition("/")[0]
        if entry.path not in committed(work, folder):
            work.writer.delete(entry.path)
            return
    _rewrite(work, entry.path, data, lines)


def _rewrite(work: Verb, path: str, data: bytes, lines: list[str]) -> None:
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    new = bom + "".join(lines).encode()
    if new != data:
        work.writer.rewrite(path, data, new)


def _lines(work: Verb, entry: Entry, data: bytes) -> list[str]:
    """The lines of a file, if the entry still stands where it was read; raises ChangedMeanwhile."""
    decoded = data.decode("utf-8-sig")
    offset = offset_in(zone(timelog.zone_of(work.workspace, entry.person)))
    if entry not in read(entry.person, entry.path, decoded, offset).entries:
        raise ChangedMeanwhile(entry.path)
    parts = decoded.split("\n")
    return [f"{each}\n" for each in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
