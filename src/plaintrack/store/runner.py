"""Asks git about one repository, and says where the workspace lies in it."""

import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from functools import cached_property

from plaintrack.store import place
from plaintrack.store.commits import Whereabouts
from plaintrack.store.digest import digest
from plaintrack.store.environment import HARDENED, SAFE, asking, reading
from plaintrack.store.refusals import (
    GitFailed,
    GitNotInstalled,
    Incomplete,
    NoCommit,
    NoRepository,
    OtherWorkTree,
    UnknownRevision,
    no_history,
)
from plaintrack.store.underway import underway

EMPTY = (
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
)
"""The empty tree, by SHA-1 and by SHA-256."""
LACKING = re.compile(rb"promisor remote|transport '[^']*' not allowed|lazy fetching disabled")
_HASH = re.compile("[0-9a-f]{40,64}")


def failed(command: str, code: int, said: bytes) -> GitFailed:
    """The refusal of a git that ended with ``code``, in its own words."""
    first, _, rest = said.decode("utf-8", "replace").strip().partition("\n")
    first = first.removeprefix("fatal: ") or f"git {command} ended with {code}"
    return GitFailed(first, said=rest)


class Runner:
    """The repository that a workspace lies in: runs git there, and knows its settings."""

    homes: Whereabouts | None = None

    def __init__(self, root: str) -> None:
        """Ask git about the work tree that the folder ``root`` lies in; raises NoGit."""
        self.root = root
        found = place.repository(root)
        if found is None:
            raise NoRepository
        self.repository: place.Repository = found
        what = (
            "--show-toplevel",
            "--git-common-dir",
            "--is-shallow-repository",
            "--glob=refs/replace/",
            "HEAD^{commit}",
        )
        # The only question without GIT_DIR: only then does git look at who owns the repository.
        done = self._start(*HARDENED, "-C", found.top, "rev-parse", *what, about=asking(found))
        tree, *lines = os.fsdecode(done.stdout).split("\n")[:-1] or [""]
        if len(lines) < 2:
            raise no_history(os.fsdecode(done.stderr))
        # What is committed there would be another tree's files.
        if os.path.realpath(tree) != found.top:
            raise OtherWorkTree(tree, found.top)
        inside = os.path.relpath(os.path.realpath(root), found.top)
        # the workspace's folder below the top
        self.prefix = "" if inside == "." else inside.replace(os.sep, "/") + "/"
        # git's folder that worktrees share
        self.common = os.path.normpath(os.path.join(found.top, lines[0]))
        self.shallow = lines[1] == "true"
        self.head: str | None = lines.pop() if done.returncode == 0 and len(lines) > 2 else None
        self._replaced = [line for line in lines[2:] if _HASH.fullmatch(line)]

    def run(self, *args: str, given: bytes | None = None) -> "subprocess.CompletedProcess[bytes]":
        """How a plumbing command ends. Raises NoGit."""
        how = SAFE if args[0] == "config" else HARDENED  # what is overridden would be the answer
        return self._start(
            *how, "-C", self.root, *args, about=reading(self.repository), given=given
        )

    def _start(
        self, *args: str, about: dict[str, str], given: bytes | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        try:
            return subprocess.run(
                ["git", *args],
                input=given,
                stdin=subprocess.DEVNULL if given is None else None,
                capture_output=True,
                check=False,
                env=about,
            )
        except FileNotFoundError as error:
            if not os.path.isdir(self.root):
                raise
            raise GitNotInstalled from error

    def ask(self, *args: str, given: bytes | None = None) -> bytes:
        """The output of a plumbing command; raises GitFailed."""
        done = self.run(*args, given=given)
        if done.returncode and LACKING.search(done.stderr):
            if not self.complete():
                raise Incomplete
            done = self.run(*args, given=given)
        if done.returncode:
            raise failed(args[0], done.returncode, done.stderr)
        return done.stdout

    @property
    def ancestry(self) -> str:
        """What the parents of commits depend on besides the commits: where history is cut, and what
        replaces commits.

        A cache of history is of no use once this is another: `git fetch --unshallow` and `git
        replace` change parents.
        """
        texts = []
        for name in ("shallow", "info/grafts"):
            try:
                with open(os.path.join(self.root, self.common, name), "rb") as handle:
                    texts.append(handle.read())
            except OSError:
                texts.append(b"")
        ignored = os.environ.get("GIT_NO_REPLACE_OBJECTS") is not None
        if any(texts) or self._replaced:
            return digest(repr((texts, self._replaced, ignored)).encode()).hex()
        return ""

    @property
    def here(self) -> str:
        """The present commit; raises NoGit on a branch without one."""
        if self.head is None:
            raise NoCommit
        return self.head

    def inside(self, paths: Iterable[str], home: str | None = None) -> list[str]:
        """Workspace paths as paths from the top of the repository, of the workspace in the folder
        ``home`` (the present one).
        """
        start = self.prefix if home is None else home
        return [
            os.path.normpath(start + path) if path.startswith("../") else start + path
            for path in paths
        ]

    def outside(self, path: str, home: str | None = None) -> str:
        """A path from the top of the repository as a workspace path."""
        return path[len(self.prefix if home is None else home) :]

    def home(self, commit: str) -> str:
        """The folder that the workspace was in, in a commit."""
        return self.homes.of([commit])[commit] if self.homes else self.prefix

    @property
    def trail(self) -> tuple[str, ...]:
        """Where the workspace was, if it was elsewhere in a commit that the present one reaches:
        what paths of the past depend on.
        """
        found = self.homes.trail if self.homes else ()
        return found if len(found) > 1 else ()

    @property
    def _moved(self) -> bool:
        return bool(self.trail)

    def _specs(self, paths: Iterable[str], home: str) -> list[str]:
        """Workspace paths, of the workspace in ``home``, as git takes them here."""
        if home == self.prefix:
            return list(paths)
        up = "../" * self.prefix.count("/")
        return [
            os.path.normpath(up + path)
            for path in self.inside(paths, home)
            if not path.startswith("../")
        ] or [up + home + ".none"]

    def find(self, name: str) -> str | None:
        """The commit that a revision names; None if none does."""
        if not name or name.startswith("-") or "\0" in name:
            return None
        done = self.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
        return done.stdout.decode().split()[-1] if done.returncode == 0 else None

    def resolve(self, name: str) -> str:
        """The commit that a revision names, or the empty tree by its hash; raises
        UnknownRevision.
        """
        found = name if name in EMPTY else self.find(name)
        if found is None:
            raise UnknownRevision(name)
        return found

    @property
    def promisor(self) -> str:
        """The remote that has what a partial clone lacks; empty if this is none."""
        out = os.fsdecode(
            self.run(
                "config", "-z", "--type=bool", "--get-regexp", r"^remote\..*\.promisor$"
            ).stdout
        ).split("\0")
        keys = [key for key, _, value in (each.partition("\n") for each in out) if value == "true"]
        return keys[0].removeprefix("remote.").removesuffix(".promisor") if keys else ""

    def complete(self) -> bool:
        """Fetch what a partial clone lacks, where that is allowed; whether it was done just now."""
        return False

    def config(self, key: str, kind: str = "") -> str:
        """A value of git's configuration, ``kind`` as for `git config --type`; empty if it is not
        set.
        """
        done = self.run("config", *([f"--type={kind}"] if kind else []), "--get", key)
        return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""

    def owns(self, key: str) -> bool:
        """Whether a value of git's configuration is this repository's own, and not the user's or
        the machine's.
        """
        return (
            self.run("config", "--local", "--get", key).returncode == 0
            or self.run("config", "--worktree", "--get", key).returncode == 0
        )

    def attribute(self, name: str, paths: Sequence[str]) -> dict[str, str]:
        """Workspace path → what git's attributes say of it (``unspecified``, ``set``, ``unset`` or
        a value).
        """
        found = os.fsdecode(
            self.ask(
                "check-attr",
                "-z",
                "--stdin",
                name,
                given=b"\0".join([*map(os.fsencode, paths), b""]),
            )
        ).split("\0")
        return dict(zip(found[::3], found[2::3], strict=False))

    @property
    def attributes(self) -> str:
        """The file of attributes that is this clone's own."""
        return os.path.join(
            self.root,
            os.fsdecode(self.ask("rev-parse", "--git-path", "info/attributes")).rstrip("\n"),
        )

    @property
    def branch(self) -> str:
        """The branch that is checked out; empty if HEAD is detached."""
        return os.fsdecode(self.run("symbolic-ref", "--quiet", "--short", "HEAD").stdout).strip()

    @property
    def underway(self) -> str:
        """What git is in the middle of: ``merge``, ``rebase``, ``am``, ``cherry-pick``, ``revert``,
        ``bisect``; else empty.
        """
        return underway(self.folder)

    @cached_property
    def folder(self) -> str:
        """The git folder of this work tree."""
        return os.fsdecode(self.ask("rev-parse", "--absolute-git-dir")).rstrip("\n")

    @cached_property
    def nothing(self) -> str:
        """The empty tree, which stands for the state before the first commit."""
        return self.ask("hash-object", "-t", "tree", "--stdin", given=b"").decode().strip()
