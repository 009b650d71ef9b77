"""Sets git up for a workspace: diff driver, merge driver and attributes; and takes exactly that away again."""

import os
import shutil

from plaintrack.app import late
from plaintrack.app.workspace import Workspace
from plaintrack.store import exchange, files, remote

ATTRIBUTES = ".gitattributes"
BEGIN = "# plaintrack: items are compared and merged field by field (`plaintrack init --git`)"
END = "# plaintrack: end"
_MADE, _ENDED = "; this file was made for it", "; the line above had no end"


def set_up(workspace: Workspace) -> list[str]:
    """Set up what is missing in this clone; what was done, in words. Raises NoGit, GitFailed."""
    repo = workspace.repo
    done = [f"set {key} to {value}" for key, value in _keys().items() if repo.configure(key, value)]
    before = _attributes(workspace)
    if _write(workspace, before, _with_block(workspace, before)):
        done.append(f"wrote {ATTRIBUTES}")
    return done


def take_down(workspace: Workspace) -> list[str]:
    """Remove what ``set_up`` has set, and nothing else; what was done, in words."""
    repo = workspace.repo
    done = [f"removed {key}" for key in _keys() if repo.configure(key, None)]
    before = _attributes(workspace)
    if before is not None:
        kept, made = _without_block(before)
        if _write(workspace, before, None if made and not kept else kept):
            done.append(f"removed {ATTRIBUTES}" if made and not kept else f"took plaintrack's lines out of {ATTRIBUTES}")
    return done


def _keys() -> dict[str, str]:
    command = "plaintrack" if shutil.which("plaintrack") else remote.this_program()
    return {
        "diff.plaintrack.textconv": f"{command.replace('%%', '%')} textconv",
        "merge.plaintrack.name": remote.NAME,
        "merge.plaintrack.driver": remote.driver(command),
    }


def _attributes(workspace: Workspace) -> bytes | None:
    try:
        return files.read_whole(workspace.path(ATTRIBUTES))
    except FileNotFoundError:
        return None


def _with_block(workspace: Workspace, before: bytes | None) -> bytes:
    """The attributes with our block at the end, or where it is."""
    settings = workspace.settings
    lines = remote.patterns([*settings.folders, settings.archive], what="merge=plaintrack diff=plaintrack")
    kept = before or b""
    start, end = _block(kept)
    how = _MADE if before is None else _ENDED if kept and not kept.endswith(b"\n") else ""
    if start >= 0:
        how = os.fsdecode(kept[start:end]).partition("\n")[0].removeprefix(BEGIN)
    else:
        kept += b"\n" if how == _ENDED else b""
        start = end = len(kept)
    return kept[:start] + "\n".join([BEGIN + how, *lines, END, ""]).encode("utf-8", "surrogateescape") + kept[end:]


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


def _write(workspace: Workspace, before: bytes | None, after: bytes | None) -> bool:
    """Whether something was written; raises Changed if somebody else has just done so."""
    path = workspace.path(ATTRIBUTES)
    if after == before:
        return False
    if before is None and after is not None:
        exchange.create(path, after)
    elif before is not None and after is not None:
        exchange.replace(path, before, after, late.attic(workspace))
    elif before is not None:
        exchange.remove(path, before, late.attic(workspace))
    return True
