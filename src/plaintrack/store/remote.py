"""Git's remotes: fetch, integrate with plaintrack's merge driver, push; and the driver's place in
git's settings and attributes.
"""

import os
import sys
from collections.abc import Iterable
from typing import NamedTuple

from plaintrack.store.repo import Ran, Refused, Repo

NAME = "plaintrack: field by field"
LEAST = "merge-file %O %A %B %L %P"
_RACES = (
    "fetch first",
    "non-fast-forward",
    "cannot lock",
    "failed to lock",
    "lock failure",
    "failed to update ref",
    "incorrect old value",
)


class NotTakenBack(Refused):
    """A merge or rebase that was begun could not be aborted."""

    slug = "not-taken-back"

    def __init__(self, start: str | None, said: str) -> None:
        super().__init__(
            "what was begun could not be undone",
            f"your work is safe in the commit {start}; see `git status`",
            said,
        )


class Diverged(Refused):
    """Both branches have commits, and git is told not to merge."""

    slug = "diverged"

    def __init__(self, branch: str, upstream: str) -> None:
        super().__init__(
            f"{branch} and {upstream} have diverged, and git may only fast-forward (pull.ff)",
            "run `git config pull.rebase true` (or `pull.ff true`), then sync again",
        )


class Upstream(NamedTuple):
    """Where a branch goes: the remote, the branch there (``refs/heads/…``), the ref that tracks it
    here, and its short name.

    ``push`` is the remote and the branch that it is pushed to; another one where the user pulls and
    pushes in a triangle. ``pushed`` is the ref that tracks that branch here.
    """

    remote: str
    ref: str
    tracking: str
    short: str
    push: tuple[str, str]
    pushed: str

    @property
    def target(self) -> str:
        """The short name of what it is pushed to."""
        return _short(self.pushed)


def upstream(repo: Repo, branch: str) -> Upstream | None:
    """The upstream of a branch; None if it has none."""
    remote, ref = repo.config(f"branch.{branch}.remote"), repo.config(f"branch.{branch}.merge")
    if not remote or not ref:
        return None
    out = repo.ask("for-each-ref", "--format=%(upstream)", f"refs/heads/{branch}")
    tracking = (
        os.fsdecode(out).strip() or f"refs/remotes/{remote}/{ref.removeprefix('refs/heads/')}"
    )
    to = repo.config(f"branch.{branch}.pushRemote") or repo.config("remote.pushDefault") or remote
    if to == remote:
        return Upstream(remote, ref, tracking, _short(tracking), (to, ref), tracking)
    there = f"refs/remotes/{to}/{branch}"
    return Upstream(remote, ref, tracking, _short(tracking), (to, f"refs/heads/{branch}"), there)


def _short(ref: str) -> str:
    return ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")


def fetch(repo: Repo, remote: str) -> None:
    """Fetch what the remote has; raises Refused."""
    repo.demand(repo.act("fetch", "--quiet", "--", remote), f"cannot fetch from {remote}")


def driver(command: str) -> str:
    """The merge driver's command line. Where there is no plaintrack git merges the lines itself;
    should it die, too, and the conflict stays.
    """
    lines = "git merge-file --marker-size=%L %A %O %B"
    return (
        f'{command} {LEAST} || case $? in 126|127) {lines};; *) grep -q "^<<<<<<<" %A || {lines};'
        " false;; esac"
    )


def this_program() -> str:
    """A shell command that runs this very plaintrack, for git's settings, where ``%`` means
    something; never one from the work tree.
    """
    from shlex import quote

    return f"{quote(sys.executable)} -P -m plaintrack".replace("%", "%%")


def patterns(folders: Iterable[str], prefix: str = "", what: str = "merge=plaintrack") -> list[str]:
    """Lines for git's attributes: the items below these folders are ``what``; ``prefix`` is a path
    that ends with a slash, or empty.
    """
    return [f"{pattern(prefix + folder, '/**/*.md')} {what}" for folder in folders]


def pattern(path: str, below: str = "") -> str:
    """A path, and the glob ``below`` it, as git's attributes match just that."""
    plain = "".join(f"\\{each}" if each in "\\*?[" else each for each in path)
    if any(each in '" \t!#\\' or not each.isprintable() for each in plain):
        return (
            '"/'
            + plain.replace("\\", "\\\\")
            .replace('"', '\\"')
            .replace("\n", "\\n")
            .replace("\t", "\\t")
            + f'{below}"'
        )
    return f"/{plain}{below}"


class Integration:
    """The coming together of a branch and its upstream, with plaintrack's merge driver; it can be
    given up.
    """

    def __init__(
        self,
        repo: Repo,
        branch: str,
        folders: Iterable[str],
        documents: Iterable[str],
        cache: str | None,
    ) -> None:
        """``folders`` hold items, ``documents`` (from the top) generated blocks; ``cache`` is a
        folder for the attributes that name the driver (None: as the repository is set up).
        """
        self.repo, self.branch, self.start = repo, branch, repo.head
        self.settings = [
            "-c",
            f"merge.plaintrack.name={NAME}",
            "-c",
            f"merge.plaintrack.driver={driver(this_program())}",
        ]
        if cache:
            path = os.path.join(cache, "attributes")
            ours = [
                *patterns(folders, repo.prefix),
                *(f"{pattern(path)} merge=plaintrack" for path in documents),
            ]
            lines = [*_global_attributes(repo), *map(os.fsencode, ours)]
            with open(path, "wb") as handle:
                handle.write(b"\n".join([*lines, b""]))
            self.settings += ["-c", f"core.attributesFile={path}"]

    def run(self, short: str, tip: str) -> Ran:
        """Merge the upstream in, or rebase on it, as git is configured for this branch
        (``pull.rebase``, ``pull.ff``).
        """
        repo = self.repo
        rebase = (repo.config(f"branch.{self.branch}.rebase") or repo.config("pull.rebase")).lower()
        straight = repo.head is None or repo.contains(tip, repo.head)
        forward = repo.config("pull.ff").lower()
        if rebase not in ("", "false", "no", "off", "0"):
            if straight:
                how = ["merge", "--ff-only"]
            else:
                how = ["rebase", *(["--rebase-merges"] if rebase[0] == "m" else [])]
        elif forward == "only" and not straight:
            raise Diverged(self.branch, short)
        else:
            how = [
                "merge",
                "--no-edit",
                *(["--no-ff"] if forward in ("false", "no", "off", "0") and repo.head else []),
            ]
        done = repo.act(
            *self.settings, *how, short if how[0] == "merge" and repo.find(short) == tip else tip
        )
        if done.code == 0:
            repo.head = repo.resolve("HEAD")
        return done

    def give_up(self) -> None:
        """Branch, index and work tree as they were; raises Refused where that does not succeed."""
        repo = self.repo
        if repo.underway in ("merge", "rebase"):
            self._back(repo.act(repo.underway, "--abort"))
        repo.head = repo.find("HEAD")
        if repo.head != self.start and self.start:
            self._back(repo.act("checkout", "--quiet", "--no-track", "-B", self.branch, self.start))
            repo.head = repo.resolve("HEAD")

    def _back(self, done: Ran) -> None:
        if done.code:
            raise NotTakenBack(self.start, done.said)


def push(repo: Repo, to: Upstream, branch: str) -> bool:
    """Push the branch, never by force; False if the remote has moved meanwhile. Raises Refused."""
    remote, ref = to.push
    done = repo.act("push", "--porcelain", "--", remote, f"refs/heads/{branch}:{ref}")
    refused = [
        line for line in done.out.decode("utf-8", "replace").splitlines() if line.startswith("!")
    ]
    if (
        done.code
        and refused
        and remote == to.remote
        and any(each in refused[0].rpartition("\t")[2] for each in _RACES)
    ):
        return False
    repo.demand(done, f"cannot push to {remote}")
    return True


def _global_attributes(repo: Repo) -> list[bytes]:
    """The lines of the user's own attributes file."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    path = repo.config("core.attributesFile", "path") or os.path.join(home, "git", "attributes")
    try:
        with open(os.path.join(repo.root, path), "rb") as handle:
            return handle.read().splitlines()
    except OSError:
        return []
