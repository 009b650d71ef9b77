"""Sets git up for a workspace: diff driver, merge driver and attributes; and takes exactly that
away again.
"""

import os
import shutil
from collections.abc import Sequence

from plaintrack.app.snapshot.documents import documents
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write import rescue
from plaintrack.store import files, place, remote, replace

ATTRIBUTES = ".gitattributes"
BEGIN = "# plaintrack: items are compared and merged field by field (`plaintrack init --git`)"
END = "# plaintrack: end"
_MADE, _ENDED = "; this file was made for it", "; the line above had no end"


def set_up(workspace: Workspace, dry: bool = False) -> list[str]:
    """Set up what is missing in this clone; what was done (``dry``: would be), in words. Raises
    NoGit, GitFailed.
    """
    repo = workspace.repo
    done = [
        f"{'would set' if dry else 'set'} {key} to {value}"
        for key, value in _keys().items()
        if repo.configure(key, value, dry)
    ]
    if dry:
        there = os.path.lexists(workspace.path(place.SETTINGS))
        lines = _lines(workspace, documents(workspace) if there else [])
        if _written(_read(workspace.path(ATTRIBUTES)), lines) is not None:
            done.append(f"would write {ATTRIBUTES}")
        return done
    paths = documents(workspace)
    if _write(workspace, workspace.path(ATTRIBUTES), _lines(workspace, paths)):
        done.append(f"wrote {ATTRIBUTES}")
    if cover(workspace, paths):  # those above the workspace
        done.append("wrote info/attributes in the git folder")
    return done


def take_down(workspace: Workspace) -> list[str]:
    """Remove what ``set_up`` and ``cover`` have set, and nothing else; what was done, in words."""
    repo = workspace.repo
    done = [f"removed {key}" for key in _keys() if repo.configure(key, None)]
    for path, name in (
        (workspace.path(ATTRIBUTES), ATTRIBUTES),
        (repo.attributes, "info/attributes in the git folder"),
    ):
        before = _read(path)
        if before is not None:
            kept, made = _without_block(before)
            if _put(workspace, path, before, None if made and not kept else kept):
                done.append(
                    f"removed {name}"
                    if made and not kept
                    else f"took plaintrack's lines out of {name}"
                )
    return done


def cover(workspace: Workspace, paths: Sequence[str]) -> bool:
    """Where the merge driver is set up in this clone, let it merge documents of which git's
    attributes say nothing; whether something was written.

    That stands in the clone's own attributes: no file of the work tree changes unasked. Raises
    NoGit, GitFailed, Changed, OSError.
    """
    repo = workspace.repo
    if not paths or not repo.config("merge.plaintrack.driver"):
        return False
    new = [path for path, value in repo.attribute("merge", paths).items() if value == "unspecified"]
    return bool(new) and _write(workspace, repo.attributes, _merged(repo.inside(new)), kept=True)


def _lines(workspace: Workspace, paths: Sequence[str]) -> list[str]:
    """What .gitattributes says of items, and of those documents within the workspace of which
    no one else says something.
    """
    settings = workspace.settings
    staff = [settings.rooms[room] for room in ("people", "equipment") if room in settings.rooms]
    folders = (*settings.tops, *staff)
    beside = [
        path
        for path in paths
        if not path.startswith(("../", *(f"{folder}/" for folder in folders)))
    ]
    if beside:
        free = [
            path
            for path, value in workspace.repo.attribute("merge", beside).items()
            if value in ("unspecified", "plaintrack")
        ]
    else:
        free = []
    return [*remote.patterns(folders, what="merge=plaintrack diff=plaintrack"), *_merged(free)]


def _merged(paths: Sequence[str]) -> list[str]:
    return [f"{remote.pattern(path)} merge=plaintrack" for path in paths]


def _keys() -> dict[str, str]:
    command = "plaintrack" if shutil.which("plaintrack") else remote.this_program()
    return {
        "diff.plaintrack.textconv": f"{command.replace('%%', '%')} textconv",
        "merge.plaintrack.name": remote.NAME,
        "merge.plaintrack.driver": remote.driver(command),
    }


def _read(path: str) -> bytes | None:
    try:
        return files.read_whole(path)
    except FileNotFoundError:
        return None


def _write(workspace: Workspace, path: str, lines: Sequence[str], kept: bool = False) -> bool:
    """Write our block with these lines (``kept``: below those that it has) where it is, or at the
    end; whether that changed something.
    """
    before = _read(path)
    after = _written(before, lines, kept)
    return after is not None and _put(workspace, path, before, after)


def _written(before: bytes | None, lines: Sequence[str], kept: bool = False) -> bytes | None:
    """The attributes with our block of these lines; None: as they are."""
    data = before or b""
    start, end = _block(data)
    how = ""
    if before is None:
        how = _MADE
    elif data and not data.endswith(b"\n"):
        how = _ENDED
    if start >= 0:
        head, *old = (
            data[start:end].decode("utf-8", "surrogateescape").rstrip("\n").split("\n")[:-1]
        )
        how = head.removeprefix(BEGIN)
        lines = [*old, *lines] if kept else lines
    else:
        data += b"\n" if how == _ENDED else b""
        start = end = len(data)
    block = "\n".join([BEGIN + how, *lines, END, ""]).encode("utf-8", "surrogateescape")
    after = data[:start] + block + data[end:]
    return None if after == before else after


def _without_block(before: bytes) -> tuple[bytes, bool]:
    """The attributes without our block, and whether the file was made for it."""
    start, end = _block(before)
    if start < 0:
        return before, False
    how = os.fsdecode(before[start:end]).partition("\n")[0].removeprefix(BEGIN)
    above = before[: start - 1] if how == _ENDED and end == len(before) else before[:start]
    return above + before[end:], how == _MADE


def _block(data: bytes) -> tuple[int, int]:
    """Where our block stands; (-1, -1) if it is not there."""
    start = data.find(BEGIN.encode())
    end = data.find(END.encode(), max(start, 0))
    if start < 0 or end < 0:
        return -1, -1
    line = data.find(b"\n", end)
    return start, len(data) if line < 0 else line + 1


def _put(workspace: Workspace, path: str, before: bytes | None, after: bytes | None) -> bool:
    """Whether something was written; raises Changed if someone else has just done so."""
    if after == before:
        return False
    if before is None and after is not None:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        replace.create(path, after)
    elif before is not None and after is not None:
        replace.replace(path, before, after, rescue.attic(workspace))
    elif before is not None:
        replace.remove(path, before, rescue.attic(workspace))
    return True
