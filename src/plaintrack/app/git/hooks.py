"""Plain git hooks that run ``plaintrack check``: put up on request, never over another's, and taken
away again.
"""

import os
import re
import shutil
import sys
from hashlib import sha256
from shlex import quote, split
from typing import NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.problem import Problem
from plaintrack.store import files, place, replace
from plaintrack.store.repo import Repo

HOOKS = ("pre-commit", "pre-push")
_MARK = "# made by `plaintrack init --hooks`; `plaintrack init --hooks --undo` removes it"
_FOLDER = "; so was this folder"
_OURS = re.compile(
    rf"#!/bin/sh\n{re.escape(_MARK)}({_FOLDER})? \(([0-9a-f]{{16}})\)\n(.*)", re.DOTALL
)
_SETTINGS = re.compile(r"^\[ -f (.+) \] \|\| exit 0$", re.MULTILINE)
_PROGRAM = re.compile(r"^elif \[ -x (.+) \]; then$", re.MULTILINE)
"""What a hook names that may be gone: the settings, and the Python that runs plaintrack."""
_START = """\
[ -f {settings} ] || exit 0
if command -v plaintrack >/dev/null 2>&1; then
  set -- plaintrack
elif [ -x {python} ]; then
  set -- {python} -P -m plaintrack
else
  echo "plaintrack is not on PATH, so nothing was checked" >&2
  echo "git {verb} --no-verify goes on without it" >&2
  exit 1
fi
"""
_COMMIT = """\
"$@" -C {folder} check --staged && exit 0
code=$?
echo "plaintrack: git commit --no-verify commits all the same" >&2
exit "$code"
"""
_PUSH = """\
code=0
while read -r _ new _ old; do
  git cat-file -e "$new:"{settings} 2>/dev/null || continue
  if ! git cat-file -e "$old^{{commit}}" 2>/dev/null; then
    old=$(git rev-list --topo-order --reverse "$new" --not --remotes="$remote" | head -n 1)
    [ -n "$old" ] || continue
    old=$(git rev-parse --verify --quiet "$old^") || old=$(git hash-object -t tree /dev/null)
  fi
  "$@" -C {folder} check --since "$old..$new" </dev/null || code=$?
done
[ "$code" = 0 ] || echo "plaintrack: git push --no-verify pushes all the same" >&2
exit "$code"
"""


class SharedHooks(PlaintrackError):
    """Git is set to use the same hooks in many repositories; plaintrack changes only those of
    one.
    """

    slug = "shared-hooks"

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"core.hooksPath is {folder} for all your repositories, and hooks there would run in"
            " each of them",
            f"put {command('check', '--staged')} into its pre-commit, or give this repository its"
            " own: `git config core.hooksPath .git/hooks`",
        )

    exit_code = 1


def put_up(workspace: Workspace, dry: bool = False) -> tuple[list[str], list[str]]:
    """Put up the hooks that are missing: what was done (``dry``: would be), and what another's hook
    hindered, in words. Raises NoGit, SharedHooks.
    """
    folder = _folder(workspace.repo)
    made = _FOLDER if not os.path.isdir(folder) else ""
    done, left = [], []
    for name in HOOKS:
        path = os.path.join(folder, name)
        try:
            there = files.read_whole(path)
        except FileNotFoundError:
            if not dry:
                _make(path, _hook(workspace, name, made))
            done.append(f"{'would create' if dry else 'created'} {_shown(workspace, path)}")
            continue
        except (PlaintrackError, OSError):
            there = b""
        ours = _ours(there)
        if ours is None:
            left.append(
                f"{_shown(workspace, path)} is another program's hook and was left alone;"
                f" add this line to it: {_line(workspace, name)}"
            )
        elif there != (new := _hook(workspace, name, ours)):
            if not dry:
                replace.replace(path, there, new, None)
            done.append(f"{'would renew' if dry else 'renewed'} {_shown(workspace, path)}")
    return done, left


def take_away(workspace: Workspace) -> tuple[list[str], list[str]]:
    """Remove the hooks that ``put_up`` has made and no one has changed: what was done, and what
    stays, in words.
    """
    folder = _folder(workspace.repo)
    done, left = [], []
    made = False
    for name in HOOKS:
        path = os.path.join(folder, name)
        try:
            there = files.read_whole(path)
        except (PlaintrackError, OSError):
            continue
        ours = _ours(there)
        if ours is not None:
            replace.remove(path, there, None)
            made = made or bool(ours)
            done.append(f"removed {_shown(workspace, path)}")
        elif _MARK.encode() in there:
            left.append(
                f"{_shown(workspace, path)} has been changed since it was installed, and"
                " was left alone; delete it if it is not needed"
            )
    if made and not os.listdir(folder):
        os.rmdir(folder)
    return done, left


class Installed(NamedTuple):
    """The hooks of ours that git runs, and what is wrong with them."""

    names: tuple[str, ...]
    problems: tuple[Problem, ...]


def installed(workspace: Workspace) -> Installed:
    """Which hooks are installed, and whether they check this workspace. Raises NoGit,
    SharedHooks.
    """
    folder, usual = _folder(workspace.repo), _usual(workspace.repo)
    names, problems = [], []
    for name in HOOKS:
        path = os.path.join(folder, name)
        body = _body(path)
        if body:
            names.append(name)
            why = _astray(workspace, body)
            problems += [_problem(workspace, path, why)] if why else []
        elif folder != usual and _body(os.path.join(usual, name)):
            why = f"does not run: core.hooksPath says that hooks lie in {folder}"
            problems.append(_problem(workspace, os.path.join(usual, name), why))
    return Installed(tuple(names), tuple(problems))


def _body(path: str) -> str:
    """What a hook does that we have made and no one has changed; empty if there is none."""
    try:
        there = files.read_whole(path)
    except (PlaintrackError, OSError):
        return ""
    return there.decode("utf-8", "surrogateescape") if _ours(there) is not None else ""


def _astray(workspace: Workspace, body: str) -> str:
    """Why a hook does not check this workspace; empty if it does."""
    top = place.top(workspace.root) or workspace.root
    settings, program = _named(_SETTINGS, body), _named(_PROGRAM, body)
    if not os.path.isfile(os.path.join(top, settings)):
        return f"checks nothing: it was installed for {settings}, which is not there"
    if shutil.which("plaintrack") is None and not os.access(program, os.X_OK):
        return f"fails: plaintrack is not on PATH, and {program} is not there"
    return ""


def _named(pattern: re.Pattern[str], body: str) -> str:
    """The word that a pattern finds in a hook, as the shell reads it."""
    found = pattern.search(body)
    return split(found[1])[0] if found else ""


def _problem(workspace: Workspace, path: str, why: str) -> Problem:
    hint = f"run {command('init', '--hooks')}"
    return Problem("hook", _shown(workspace, path), f"this hook {why}", hint)


def _usual(repo: Repo) -> str:
    """The folder of hooks that git looks into unless it is told otherwise."""
    return os.path.join(os.path.normpath(os.path.join(repo.root, repo.common)), "hooks")


def _folder(repo: Repo) -> str:
    """The folder of this repository's hooks, where git looks for them."""
    own = repo.config("core.hooksPath", "path")
    if not own:
        return _usual(repo)
    if not repo.owns("core.hooksPath"):
        raise SharedHooks(own)
    return os.path.normpath(os.path.join(place.top(repo.root) or repo.root, own))


def _hook(workspace: Workspace, name: str, how: str) -> bytes:
    """The bytes of a hook; its second line tells later whether someone has changed it."""
    folder = workspace.repo.prefix.rstrip("/") or "."
    given = {
        "settings": quote(workspace.repo.prefix + place.SETTINGS), "folder": quote(folder),
        "python": quote(sys.executable),
        "verb": name.removeprefix("pre-"),
    }  # fmt: skip
    remote = "remote=$1\n" if name == "pre-push" else ""
    body = remote + (_START + (_PUSH if remote else _COMMIT)).format(**given)
    data = body.encode("utf-8", "surrogateescape")
    return f"#!/bin/sh\n{_MARK}{how} ({_digest(data)})\n".encode() + data


def _ours(data: bytes) -> str | None:
    """Whether these bytes are a hook as we made it (None: they are not), and if so, whether the
    folder was made for it.
    """
    found = _OURS.fullmatch(data.decode("utf-8", "surrogateescape"))
    if found is None or found[2] != _digest(found[3].encode("utf-8", "surrogateescape")):
        return None
    return found[1] or ""


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()[:16]


def _make(path: str, data: bytes) -> None:
    replace.create(path, data)
    os.chmod(path, os.stat(path).st_mode | 0o111 & ~_umask())


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _line(workspace: Workspace, name: str) -> str:
    folder = workspace.repo.prefix.rstrip("/")
    inside = f" -C {quote(folder)}" if folder else ""
    return (
        f"plaintrack{inside} check"
        f" {'--staged' if name == 'pre-commit' else '--since @{push}..HEAD'}"
    )


def _shown(workspace: Workspace, path: str) -> str:
    top = place.top(workspace.root) or workspace.root
    found = os.path.relpath(path, top)
    return path if found.startswith("..") else found
