"""Bare mirrors of repositories: of their contents only what a workspace needs is fetched.

A mirror is made and configured by us alone; what comes from the remote are commits and files, which
git only stores. No hook runs, no password is asked for, and nothing is checked out but a
scratch folder with the settings.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from urllib.parse import urlsplit

from plaintrack.errors import PlaintrackError
from plaintrack.store import files, place
from plaintrack.store.environment import SAFE, clean
from plaintrack.store.refusals import GitNotInstalled

TIP = "refs/heads/tip"
"""What the remote's default branch is called here, whatever its name is."""
_ROOM = "plaintrack"
_QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "SSH_ASKPASS": "true",
    "LC_ALL": "C",  # messages in English
}
_PROTOCOLS = "file:git:http:https:ssh"
_SSH = "ssh -o BatchMode=yes"
_CONFIG = {
    # a folder elsewhere is the work tree, see ``root``
    "core.bare": "false",
    "core.hooksPath": os.devnull,
    "core.logAllRefUpdates": "false",
    "gc.auto": "0",
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": "blob:none",
}
_HOW = (
    *("--quiet", "--no-tags", "--recurse-submodules=no", "--no-write-fetch-head"),
    *("--no-auto-maintenance", "--update-head-ok", "--filter=blob:none"),
)


class NotMirrored(PlaintrackError):
    """A repository could not be mirrored; the mirror is what it was."""

    slug = "not-mirrored"


class PasswordInAddress(NotMirrored):
    """The address has a password, which would be stored."""

    slug = "password-in-address"

    def __init__(self, address: str) -> None:
        super().__init__(
            f"the address of {address} has a password",
            "leave it out; git asks its credential helper (`git help credentials`)",
        )


class NotFetched(NotMirrored):
    """Git did not fetch."""

    slug = "not-fetched"

    def __init__(self, address: str, said: str) -> None:
        super().__init__(
            f"{address} was not fetched: {said}",
            "try it by hand: `git ls-remote URL HEAD`; no password is asked for here",
        )


class NoWorkspaceThere(NotMirrored):
    """The repository has no workspace, or several."""

    slug = "no-workspace-there"

    def __init__(self, address: str, found: Sequence[str]) -> None:
        more = ", …" if len(found) > 3 else ""
        listed = f"{', '.join(found[:3])}{more}"
        many = f"{len(found)} workspaces ({listed})" if found else "no workspace"
        super().__init__(
            f"the default branch of {address} has {many}",
            "let the repository's own CI publish it (`plaintrack publish`)",
        )


def told(address: str) -> str:
    """An address as messages and tables have it: without who asks."""
    parts = urlsplit(address) if "://" in address else None
    if parts is None or "@" not in parts.netloc:
        return address
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def is_mirror(folder: str) -> bool:
    """Whether a folder is a mirror of ours."""
    return os.path.isdir(os.path.join(folder, _ROOM)) and place.is_repository(folder)


def mirrors(folder: str) -> list[str]:
    """The mirrors in a folder."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [path for name in names if is_mirror(path := os.path.join(folder, name))]


def address(mirror: str) -> str:
    """Where a mirror fetches from."""
    out = _git(mirror, "config", "--local", "--get", "remote.origin.url").stdout
    return os.fsdecode(out).strip()


def published(mirror: str) -> str:
    """Where what is published of a mirror lies."""
    return os.path.join(mirror, _ROOM, "published")


def fetch(folder: str, url: str) -> str:
    """Bring the mirror of an address in a folder up to date, or make it: commits and the names of
    files. Gives its path; raises NotMirrored.
    """
    parts = urlsplit(url) if "://" in url else None
    if parts and parts.password:
        raise PasswordInAddress(told(url))
    if os.path.isdir(url):
        url = os.path.realpath(url)
    mirror = _place(os.path.realpath(folder), url)
    new = not is_mirror(mirror)
    try:
        if new:
            _make(mirror, url)
        done = _git(mirror, "fetch", *_HOW, "--", "origin", f"+HEAD:{TIP}")
        if done.returncode:
            raise NotFetched(told(url), _said(done.stderr))
    except BaseException:
        if new:
            shutil.rmtree(mirror, ignore_errors=True)
        raise
    return mirror


def discard(mirror: str) -> None:
    """Remove a mirror of which nothing was published yet."""
    if not os.path.lexists(published(mirror)):
        shutil.rmtree(mirror, ignore_errors=True)


def _place(folder: str, url: str) -> str:
    """The folder of an address: by the last part of it, and if that is taken, with a hash."""
    last = re.split(r"[/\\:]", url.rstrip("/").removesuffix(".git"))[-1]
    name = re.sub(r"[^A-Za-z0-9._-]", "-", last).lstrip(".-") or "repository"
    plain = os.path.join(folder, f"{name}.git")
    if not os.path.lexists(plain) or (is_mirror(plain) and address(plain) == url):
        return plain
    return os.path.join(folder, f"{name}-{sha256(url.encode()).hexdigest()[:8]}.git")


def _make(mirror: str, url: str) -> None:
    """Make an empty mirror."""
    os.makedirs(os.path.join(mirror, _ROOM), exist_ok=True)
    commands = [
        ("init", "--quiet", "--bare", "--template="),
        ("symbolic-ref", "HEAD", TIP),
        *(("config", name, text) for name, text in _CONFIG.items()),
        ("config", "remote.origin.url", url),
    ]
    for command in commands:
        done = _git(mirror, *command)
        if done.returncode:
            raise NotFetched(told(url), _said(done.stderr))


def root(mirror: str) -> str:
    """The folder that stands for the work tree of a mirror's workspace: it has the settings of the
    tip, and nothing else. Raises NotMirrored.
    """
    where = told(address(mirror))
    listed = _git(mirror, "ls-tree", "-r", "-z", "--name-only", TIP)
    if listed.returncode:
        raise NotFetched(where, _said(listed.stderr))
    names = os.fsdecode(listed.stdout).split("\0")
    found = [name for name in names if f"/{name}".endswith(f"/{place.SETTINGS}")]
    if place.SETTINGS in found:
        found = [place.SETTINGS]
    if len(found) != 1:
        raise NoWorkspaceThere(where, found)
    tree = os.path.join(mirror, _ROOM, "tree")
    path = os.path.join(tree, *found[0].split("/"))
    blob = _git(mirror, "cat-file", "blob", f"{TIP}:{found[0]}")
    if blob.returncode:
        raise NotFetched(where, _said(blob.stderr))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    _put(os.path.join(tree, ".git"), os.fsencode(f"gitdir: {os.path.realpath(mirror)}\n"))
    _put(path, blob.stdout)
    return os.path.dirname(path)


def _put(path: str, data: bytes) -> None:
    os.replace(files.write_temporary(path, data), path)


def globs(prefix: str, folders: Sequence[str]) -> Iterator[str]:
    """Folders below a prefix as patterns for all that is in them."""
    for each in folders:
        plain = re.sub(r"([\\*?\[])", r"\\\1", prefix + each.rstrip("/"))
        yield f"{plain}/**"


@contextmanager
def quiet() -> Iterator[None]:
    """No git asks anybody meanwhile, nor runs another program for an address than ssh."""
    wanted = {**_QUIET, "GIT_ALLOW_PROTOCOL": os.environ.get("GIT_ALLOW_PROTOCOL", _PROTOCOLS)}
    wanted["GIT_SSH_COMMAND"] = os.environ.get("GIT_SSH_COMMAND", _SSH)
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, text in before.items():
            if text is None:
                del os.environ[name]
            else:
                os.environ[name] = text


def _git(mirror: str, *args: str) -> "subprocess.CompletedProcess[bytes]":
    folder = os.path.realpath(mirror)
    with quiet():
        about = {**clean(None), "GIT_DIR": folder}
    about.pop("GIT_WORK_TREE", None)
    try:
        return subprocess.run(
            ["git", *SAFE, "-c", f"core.hooksPath={os.devnull}", *args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            env=about,
            cwd=folder,
        )
    except FileNotFoundError as error:
        raise GitNotInstalled from error


def _said(text: bytes) -> str:
    """The one line of git's words that says most."""
    lines = [line for line in text.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:", "ERROR:"))]
    return (fatal or lines or ["git failed"])[0].partition(": ")[2][:300] or "git failed"
