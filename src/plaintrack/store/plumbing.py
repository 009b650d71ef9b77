"""What plaintrack asks of git, through its plumbing commands; nothing here changes a repository."""

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence

from plaintrack.store import place
from plaintrack.store.commits import Commit, Told, Version
from plaintrack.store.environment import HARDENED, SAFE, asking, reading, starting
from plaintrack.store.refusals import (
    GitNotInstalled,
    NoRepository,
    no_history,
)
from plaintrack.store.walk import FIELDS, Walk, commit_of
from plaintrack.store.worktree import RAW

_OWN = "%aI %aE %s"
"""What a commit keeps when it is amended, rebased or picked: when and by whom it was written first,
and its subject.
"""
_MADE = ("commit:", "commit (amend)", "commit (initial)", "revert:")


def user(root: str) -> tuple[str, str]:
    """Name and e-mail address that a commit made in the folder ``root`` would have, repository or
    not; empty if git knows none.
    """

    found = place.repository(root)
    command = ["git", *SAFE, "-C", found.top if found else root, "config", "--get"]
    about = asking(found) if found else starting(None)

    def ask(key: str) -> str:
        try:
            return (
                subprocess.run(
                    [*command, key], capture_output=True, timeout=5, check=False, env=about
                )
                .stdout.decode("utf-8", "replace")
                .strip()
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""

    name, email = (
        os.fsencode(os.environ.get(each, "")).decode("utf-8", "replace")
        for each in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL")
    )
    return name or ask("user.name"), email or ask("user.email")


def holding(top: str, pattern: str, without: Iterable[str]) -> list[str]:
    """The Markdown files of the work tree ``top`` with a line that fits a pattern (extended), but
    those that git ignores and those below the folders ``without``; paths from the top.

    Raises NoGit.
    """
    where = [":(top,glob)**/*.md", *(f":(exclude,top,literal){folder}" for folder in without)]
    found = place.repository(top)
    if found is None:
        raise NoRepository
    command = [
        "git",
        *HARDENED,
        "-C",
        top,
        "grep",
        "--untracked",
        "--no-color",
        "-lzEa",
        "-e",
        pattern,
        "--",
        *where,
    ]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            env=reading(found) | {"GIT_LITERAL_PATHSPECS": "0"},
        )
    except FileNotFoundError as error:
        raise GitNotInstalled from error
    if done.returncode > 1:
        raise no_history(os.fsdecode(done.stderr))
    return [os.fsdecode(each) for each in done.stdout.split(b"\0") if each]


class Plumbing(Walk):
    """The repository that a workspace lies in, as far as it is only read.

    Its answers are in workspace paths. Where the workspace was in another folder of the repository,
    they are those that it had there.
    """

    def before(self, moment: int, tip: str) -> str | None:
        """The last commit of the first-parent line of ``tip`` that was made at or before ``moment``
        (Unix seconds).
        """
        out = self.ask("rev-list", "-1", "--first-parent", f"--before={moment}", tip).split()
        return out[0].decode() if out else None

    def base(self, one: str, two: str) -> str | None:
        """The merge base of two commits; None if they share no history."""
        done = self.run("merge-base", one, two)
        return done.stdout.decode().split()[0] if done.returncode == 0 else None

    def signed(self, commit: str) -> tuple[bool, str]:
        """Whether git finds a commit's signature good, and who signed; git runs the programs that
        it runs without any configuration.
        """
        programs = (("openpgp", "gpg"), ("x509", "gpgsm"), ("ssh", "ssh-keygen"))
        plain = ["-c", "gpg.program=gpg"]
        for kind, program in programs:
            plain += ["-c", f"gpg.{kind}.program={program}"]
        out = self.ask(*plain, "log", "-1", "--format=%G?%x00%GS", commit)
        how, _, signer = out.decode("utf-8", "replace").strip().partition("\0")
        return how in ("G", "U") and bool(signer), signer

    def commits(self, tip: str, known: Iterable[str] = ()) -> Iterator[Commit]:
        """The commits reachable from ``tip`` and not from ``known``, parents before children."""
        given = "\n".join([tip, *(f"^{each}" for each in known)]).encode()
        out = self.ask(
            "log",
            "--stdin",
            "--topo-order",
            "--reverse",
            "--no-show-signature",
            "--encoding=UTF-8",
            f"--format=tformat:{FIELDS}%x00",
            given=given,
        )
        for record in out.split(b"\0\0\n"):
            if record:
                yield commit_of(record.split(b"\0", 6))

    def time(self, commit: str) -> int:
        """The commit time, in Unix seconds."""
        return int(self.ask("log", "-1", "--no-show-signature", "--format=%ct", commit))

    def roots(self, tip: str) -> list[str]:
        """The commits without parents that ``tip`` reaches, sorted."""
        return sorted(self.ask("rev-list", "--max-parents=0", tip).decode().split())

    def merges(self, tip: str, since: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
        """(merge, its parents) of those reachable from ``tip`` and not from ``since``; without
        ``since`` of ``tip`` alone.
        """
        wanted = [f"^{since}"] if since else ["-1"]
        for line in (
            self.ask(
                "rev-list", "--parents", *wanted, *(["--min-parents=2"] if since else []), tip, "--"
            )
            .decode()
            .splitlines()
        ):
            commit, *parents = line.split()
            if len(parents) > 1:
                yield commit, tuple(parents)

    def versions(self, path: str, tip: str, since: str = "") -> list[Version]:
        """The Versions of a file (a path from the top) in the commits of ``tip`` that ``since`` has
        not, the latest first.
        """
        span = [tip, *([f"^{since}"] if since else [])]
        spec = "../" * self.prefix.count("/") + path
        out = self.ask(
            "log", "--no-show-signature", "--format=%x01%H %P%x00", *RAW, "-m", *span, "--", spec
        )
        commit, parents, found = "", tuple[str, ...](), []
        parts = iter(out.split(b"\0"))
        for part in parts:
            text = part.strip(b"\n")
            if text.startswith(b"\1"):
                commit, *above = text[1:].decode().split()
                parents = tuple(above)
            elif text.startswith(b":"):
                entry = self._entry(text, next(parts))
                found.append(Version(commit, parents, entry.old[0], entry.new))
        return found

    def above(self, commit: str) -> list[str]:
        """The commits that a commit reaches, itself left out."""
        return [each for each in self.ask("rev-list", commit).decode().split() if each != commit]

    def beyond(self, tip: str, commits: Sequence[str]) -> list[str]:
        """Those of the commits that ``tip`` does not reach."""
        given = "\n".join([*commits, f"^{tip}", ""]).encode()
        found = self.ask("rev-list", "--ignore-missing", "--stdin", given=given).decode().split()
        wanted = set(commits)
        return [each for each in found if each in wanted]

    def first(self, path: str) -> int | None:
        """When (Unix seconds) the first commit that has a workspace file was made; None if none has
        it.
        """
        if self.head is None:
            return None
        paths = [
            each
            for home in (self.homes.all if self.homes else (self.prefix,))
            for each in self._specs([path], home)
        ]
        out = self.ask("log", "--diff-filter=A", "--format=%ct", self.head, "--", *paths).split()
        return int(out[-1]) if out else None

    def made_since(self, mark: str) -> tuple[str, list[str]]:
        """What marks the newest entry of HEAD's reflog, and the names (``_OWN``) of the commits
        made in this work tree since the entry of that ``mark``.

        Without a reflog there is no mark, and without a mark all were; none if the mark is not
        there any more.
        """
        newest = next((each[0] for each in self._reflog(2)), "")
        if mark == newest:
            return newest, []
        entries = self._reflog(1000)
        if mark:
            since = next((number for number, each in enumerate(entries) if each[0] == mark), 0)
        else:
            since = len(entries)
        return newest, [own for _, how, own in entries[:since] if how.startswith(_MADE)]

    def _reflog(self, count: int) -> list[tuple[str, str, str]]:
        """(mark, what was done, name of the commit) of the newest entries of HEAD's reflog, the
        newest first.
        """
        done = self.run(
            "log",
            "-g",
            "--date=unix",
            "--encoding=UTF-8",
            f"--format=%H%x00%gd%x00%gs%x00{_OWN}",
            "-n",
            str(count),
            "HEAD",
        )
        rows = [
            line.split("\0", 3)
            for line in done.stdout.decode("utf-8", "replace").split("\n")
            if line.count("\0") == 3
        ]
        before = [*(row[0] for row in rows[1:]), ""]
        return [
            (" ".join((old, *row[:3])), row[2], row[3])
            for row, old in zip(rows, before, strict=False)
        ]

    def met(self, before: str, now: str, made: Sequence[str]) -> tuple[set[str], set[str]]:
        """Which of these names (``_OWN``) are of commits that ``now`` has and ``before`` has not,
        and the workspace files that these changed.
        """
        out = self.run(
            "log",
            "--no-show-signature",
            "--encoding=UTF-8",
            f"--format=%H%x00{_OWN}",
            now,
            *([f"^{before}"] if before else []),
            "--",
        ).stdout
        rows = [line.partition("\0") for line in out.decode("utf-8", "replace").split("\n")]
        mine = {commit: own for commit, _, own in rows if own in made}
        if mine:
            paths = {
                entry.path for _, entries in self.changes(list(mine), ["."]) for entry in entries
            }
        else:
            paths = set()
        return set(mine.values()), paths

    def branches(self, tip: str) -> list[tuple[str, str]]:
        """(short name, commit) of the local and remote branches that have commits which ``tip`` has
        not.
        """
        out = self.ask(
            "for-each-ref",
            f"--no-merged={tip}",
            "--format=%(refname)%00%(objectname)%00%(symref)",
            "refs/heads",
            "refs/remotes",
        )
        lines = [line.split("\0") for line in out.decode("utf-8", "surrogateescape").splitlines()]
        return [(name.split("/", 2)[2], commit) for name, commit, link in lines if not link]

    def named(self) -> list[str]:
        """The short names of branches and tags, the branches first."""
        refs = ("refs/heads", "refs/remotes", "refs/tags")
        out = self.ask("for-each-ref", "--format=%(refname:short)", *refs)
        return out.decode("utf-8", "surrogateescape").splitlines()

    def contains(self, tip: str, commit: str) -> bool:
        """Whether ``tip`` has ``commit`` in its history."""
        return self.run("merge-base", "--is-ancestor", commit, tip).returncode == 0

    def imported(self, since: float) -> Told | None:
        """The first commits that ``git fast-import`` has put onto the present branch at or after
        ``since`` (Unix seconds), as its reflog tells; None if it tells of none.
        """
        form = "--format=%H%x00%gd%x00%gs"
        out = self.run("reflog", "show", "--date=unix", form, self.branch or "HEAD", "--")
        entries = [line.split("\0") for line in out.stdout.decode("utf-8", "replace").split("\n")]
        found = None
        for number, entry in enumerate(entries):
            if len(entry) == 3 and entry[2] == "fast-import":
                before = entries[number + 1][0] if number + 1 < len(entries) else ""
                if float(entry[1].rpartition("{")[2].rstrip("}")) >= int(since):
                    found = Told(entry[0], before or None)
        return found

    def published(self, commit: str) -> bool:
        """Whether some remote has a commit, as far as this clone knows."""
        found = self.ask("for-each-ref", "--count=1", "--contains", commit, "refs/remotes")
        return bool(found.strip())

    def touched(self, commit: str) -> list[list[str]]:
        """For each commit on another, up to the present one, the workspace paths that it changes;
        those outside the workspace as they are from the top.
        """
        said = ("--no-renames", "--name-only", "-z", "--format=%x01")
        out = self.ask("log", *said, f"{commit}..HEAD")
        found = []
        for each in os.fsdecode(out).split("\1")[1:]:
            paths = [path for path in each.strip("\0\n").split("\0") if path]
            mine = self.prefix
            found.append([self.outside(path) if path.startswith(mine) else path for path in paths])
        return found

    def count(self, tip: str, known: str | None) -> int:
        """How many commits ``tip`` has that ``known`` has not."""
        return int(self.ask("rev-list", "--count", tip, *([f"^{known}"] if known else [])))
