"""What trust is bound to: the rules, and every file that a trusted command could run or read.

Which files a program runs (modules, includes, Makefiles, libraries beside a script) can't be told
from its words, so all files of the repository count, tracked or not: all but items, comments, the
ledger, the content of live blocks, and what git ignores. A rule may name the files its command uses
instead (``files:``).
"""

import os
import stat
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from plaintrack.app.automation.rules import Rules
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.config.values import holds
from plaintrack.rules.actions import Action
from plaintrack.store import files, place
from plaintrack.store.refusals import NoGit

_ROOMS = ("approvals", "updates", "time")
"""The rooms of what is said of items, and of time records: no program lies there, and each day
brings files.
"""

GIT = ".git"
_CHUNK = 1 << 20


class Bound(NamedTuple):
    """The bytes of rule files and of files that commands name, and a checksum of every other file;
    ``whole``: the repository is meant.
    """

    texts: dict[str, bytes]
    sums: dict[str, str]
    whole: bool
    top: str


def bound(workspace: Workspace, found: Rules) -> Bound:
    """All that trust in the rules of the workspace is bound to now."""
    top = os.path.realpath(place.top(workspace.root) or workspace.root)
    runs = [action for rule in found.rules for action in rule.actions if action.kind == "run"]
    texts, paths = dict(found.sources), set[str]()
    whole = any(not _declared(action) for action in runs)
    if whole:
        paths.update(_tree(workspace, top))
    for action in runs:
        for word in [*_words(workspace, top, action), *_declared(action)]:
            path = os.path.realpath(os.path.join(workspace.root, word))
            if os.path.isfile(path):
                texts[f"file {word}"] = _bytes(path)
            elif word in _declared(action) or (path != top and _inside(top, path)):
                paths.update(_below(path))
    root = os.path.realpath(workspace.root)
    sums = {
        os.path.relpath(path, top): each
        for path in sorted(paths)
        if (each := _sum(path, _changing(workspace, root, path)))
    }
    return Bound(texts, sums, whole, top)


def digest(workspace: Workspace, it: Bound) -> str:
    """One checksum over the place of the workspace, the names and the bytes."""
    given = {**it.texts, **{f"tree {name}": each.encode() for name, each in it.sums.items()}}
    return checksum(workspace, given)


def checksum(workspace: Workspace, given: dict[str, bytes]) -> str:
    """A checksum over the place of the workspace and named bytes."""
    whole = sha256(os.fsencode(os.path.realpath(workspace.root)))
    for name, data in sorted(given.items()):
        whole.update(
            b"\0%d\0%s\0%d\0" % (len(os.fsencode(name)), os.fsencode(name), len(data)) + data
        )
    return whole.hexdigest()


def _declared(action: Action) -> list[str]:
    given = action.about.get("files") or []
    return [given] if isinstance(given, str) else list(given)


def _words(workspace: Workspace, top: str, action: Action) -> Iterator[str]:
    """The words of a command that may be files; of a program that is found in the repository its
    path.
    """
    import shutil

    from plaintrack.store.run import search_path

    program, *words = action.about["command"]
    if os.sep not in program:
        program = shutil.which(program, path=search_path(workspace.root)) or ""
        program = program if _inside(top, os.path.realpath(program)) else ""
    values = (word.partition("=")[2] for word in words)  # of --file=x
    yield from (word for word in (program, *words, *values) if word)


def _inside(top: str, path: str) -> bool:
    return (path + os.sep).startswith(top.rstrip(os.sep) + os.sep)


def _tree(workspace: Workspace, top: str) -> Iterator[str]:
    """Every file of the repository that git does not ignore; without git every file."""
    try:
        above = os.path.relpath(top, os.path.realpath(workspace.root))
        out = workspace.repo.ask(
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "--full-name",
            "--",
            above,
        )
        found: Sequence[str] = [
            os.path.join(top, os.fsdecode(each)) for each in set(out.split(b"\0")) if each
        ]
    except NoGit:
        found = []
    # The rules themselves are files, so nothing at all means that git was not asked where they are.
    found = found or [top]
    for path in found:
        yield from _below(path.rstrip(os.sep))  # a folder is a submodule, or another repository


def _below(path: str) -> Iterator[str]:
    """A file, or the files below a folder, but for git's and plaintrack's own folders."""
    if os.path.islink(path) or not os.path.isdir(path):
        yield path
        return
    for folder, below, names in os.walk(path):
        links = [name for name in below if os.path.islink(os.path.join(folder, name))]
        below[:] = [
            name for name in below if name not in (GIT, ".plaintrack") and name not in links
        ]
        yield from (os.path.join(folder, name) for name in (*names, *links) if name != GIT)


def _sum(path: str, changing: bool) -> str:
    """What stands for a file: kind, right to run it, and checksum; empty for what commands and
    rules write all the time.
    """
    try:
        info = os.stat(path, follow_symlinks=False)
    except OSError:
        return "" if changing else "absent"
    if not stat.S_ISREG(info.st_mode):
        return _odd(path)
    if changing:
        return ""
    found = sha256()
    if path.endswith(".md"):
        found.update(_without_blocks(_bytes(path)))
    else:
        with open(
            path,
            "rb",
            opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK),
        ) as handle:
            while data := handle.read(_CHUNK):
                found.update(data)
    return f"{'x' if info.st_mode & 0o111 else '-'} {found.hexdigest()}"


def _odd(path: str) -> str:
    """A link with where it leads and what is there, or another file that is not regular."""
    if not os.path.islink(path):
        return "not a file"
    real = os.path.realpath(path)
    data = _bytes(real) if os.path.isfile(real) else b""
    return f"link {os.readlink(path)} {sha256(data).hexdigest()}"


def _changing(workspace: Workspace, root: str, path: str) -> bool:
    """Whether it is an item, what was said of one, a time record or an entry of the ledger."""
    settings = workspace.settings
    rooms = [settings.rooms[each] for each in _ROOMS if each in settings.rooms]
    inside = path.removeprefix(root).lstrip(os.sep).replace(os.sep, "/")
    if inside.startswith(f"{place.LEDGER}/"):
        return inside.endswith(".yml")
    return holds((*settings.tops, place.COMMENTS, *rooms), inside)


def _without_blocks(data: bytes) -> bytes:
    from plaintrack.text.blocks import LIKE, blocks

    if not LIKE.search(data):
        return data
    kept, at = b"", 0
    for block in blocks(data, "").found:
        kept, at = kept + data[at : block.start], block.end
    return kept + data[at:]


def _bytes(path: str) -> bytes:
    try:
        return files.read_whole(path)
    except (OSError, files.Oddity) as error:
        return f"cannot be read: {type(error).__name__}".encode()
