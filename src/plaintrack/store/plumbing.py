"""What plaintrack asks of git, through its plumbing commands; nothing here changes a repository."""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from plaintrack.store import place
from plaintrack.store.commits import Commit, Entry, Version, Whereabouts
from plaintrack.store.digest import digest
from plaintrack.store.environment import HARDENED, SAFE, asking, reading, starting
from plaintrack.store.refusals import (
    GitFailed,
    GitNotInstalled,
    Incomplete,
    NoCommit,
    NoRepository,
    ObjectsUnreadable,
    OtherWorkTree,
    UnknownRevision,
    no_history,
)
from plaintrack.store.underway import underway

_FIELDS = "%H%x00%P%x00%ct%x00%aI%x00%aN%x00%aE%x00%B%x00%x00"
_RAW = (
    "-r",
    "--raw",
    "-z",
    "--no-renames",
    "--no-abbrev",
    "--no-ext-diff",
    "--no-color",
    "--ignore-submodules=all",
)
_OWN = "%aI %aE %s"
"""What a commit keeps when it is amended, rebased or picked: when and by whom it was written first,
and its subject.
"""
_MADE = ("commit:", "commit (amend)", "commit (initial)", "revert:")
EMPTY = (
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
)
"""The empty tree, by SHA-1 and by SHA-256."""
BATCH = 500
_LACKING = re.compile(rb"promisor remote|transport '[^']*' not allowed|lazy fetching disabled")
_HASH = re.compile("[0-9a-f]{40,64}")


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


def _folder(path: bytes) -> str:
    """The folder of a path, with a slash at its end; empty at the top."""
    folder, slash, _ = os.fsdecode(path).rpartition("/")
    return folder + slash


class Plumbing:
    """The repository that a workspace lies in, as far as it is only read.

    Its answers are in workspace paths. Where the workspace was in another folder of the repository,
    they are those that it had there.
    """

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
        if (
            os.path.realpath(tree) != found.top
        ):  # what is committed there would be another tree's files
            raise OtherWorkTree(tree, found.top)
        inside = os.path.relpath(os.path.realpath(root), found.top)
        self.prefix = (
            "" if inside == "." else inside.replace(os.sep, "/") + "/"
        )  # the folder below the top
        self.common = os.path.normpath(
            os.path.join(found.top, lines[0])
        )  # git's folder that worktrees share
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
        if done.returncode and _LACKING.search(done.stderr):
            if not self.complete():
                raise Incomplete
            done = self.run(*args, given=given)
        if done.returncode:
            first, _, rest = done.stderr.decode("utf-8", "replace").strip().partition("\n")
            first = first.removeprefix("fatal: ") or f"git {args[0]} ended with {done.returncode}"
            raise GitFailed(first, said=rest)
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
        return (
            digest(repr((texts, self._replaced, ignored)).encode()).hex()
            if any(texts) or self._replaced
            else ""
        )

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
            f"--format=tformat:{_FIELDS}",
            given=given,
        )
        for record in out.decode("utf-8", "replace").split("\0\0\n"):
            if record:
                name, parents, time, date, author, email, message = record.split("\0", 6)
                yield Commit(
                    name,
                    tuple(parents.split()),
                    int(time),
                    date,
                    author,
                    email,
                    message.strip("\n"),
                )

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

    def changes(
        self, commits: Sequence[str], paths: Sequence[str]
    ) -> Iterator[tuple[str, list[Entry]]]:
        """(commit, Entries below ``paths``) of those commits that changed any; of a merge only what
        differs from every parent.

        For `COMMIT PARENT…` it is what differs from these parents.
        """
        if self._moved:
            yield from self._mapped(commits, paths)
            return
        asked, own = self._asked(paths)
        found = [
            (commit, [self._entry(*each) for each in raw])
            for commit, raw in self._raw(commits, asked)
        ]
        if self.homes and any(
            entry.path == place.SETTINGS and any(entry.old) and not entry.new
            for _, entries in found
            for entry in entries
        ):
            yield from self._mapped(
                commits, paths
            )  # the workspace has gone elsewhere on another branch
            return
        for commit, entries in found:
            mine = entries if own else [entry for entry in entries if entry.path != place.SETTINGS]
            if mine:
                yield commit, mine

    @staticmethod
    def _asked(paths: Sequence[str]) -> tuple[list[str], bool]:
        """The paths and the settings, which tell where the workspace is; and whether these are
        asked for.
        """
        own = not paths or place.SETTINGS in paths or "." in paths
        return [*paths, *([] if own else [place.SETTINGS])], own

    def _raw(
        self, commits: Sequence[str], specs: Sequence[str]
    ) -> Iterator[tuple[str, list[tuple[bytes, bytes]]]]:
        """(commit, what git says of each path with its path)."""
        out = self.ask(
            "diff-tree", "--stdin", "-r", "-c", "--root", "--raw", "-z", "--no-renames",
            "--no-abbrev", "--no-ext-diff",
            "--", *specs, given="\n".join(commits).encode() + b"\n",
        )  # fmt: skip
        commit, entries = "", list[tuple[bytes, bytes]]()
        parts = iter(out.split(b"\0"))
        for part in parts:
            if part.startswith(b":"):
                entries.append((part, next(parts)))
            elif part:
                if entries:
                    yield commit, entries
                commit, entries = part.decode().strip(), []
        if entries:
            yield commit, entries

    def _mapped(
        self, commits: Sequence[str], paths: Sequence[str]
    ) -> Iterator[tuple[str, list[Entry]]]:
        """``changes`` of a workspace that was elsewhere: what moved along with it has the same path
        before and after.
        """
        assert self.homes
        given = [line.split() for line in commits]
        alone = [words[0] for words in given if len(words) == 1]
        out = (
            self.ask(
                "rev-list",
                "--no-walk=unsorted",
                "--parents",
                "--stdin",
                given="\n".join(alone).encode() + b"\n",
            )
            if alone
            else b""
        )
        above = {
            words[0]: words[1:] for line in out.decode().splitlines() if (words := line.split())
        }
        parents = [words[1:] or above[words[0]] for words in given]
        homes = self.homes.of(
            [each for words, more in zip(given, parents, strict=True) for each in (words[0], *more)]
        )
        moves = [
            any(homes[each] != homes[words[0]] for each in more)
            for words, more in zip(given, parents, strict=True)
        ]
        plain = [line for line, move in zip(commits, moves, strict=True) if not move]
        used = dict.fromkeys(
            homes[words[0]] for words, move in zip(given, moves, strict=True) if not move
        )
        specs = list(dict.fromkeys(each for home in used for each in self._specs(paths, home)))
        raw = self._raw(plain, specs) if plain else iter(())
        following = next(raw, None)
        for words, more, move in zip(given, parents, moves, strict=True):
            commit = words[0]
            if move:
                entries = self._between(
                    [self._files_of(each, paths) for each in more], self._files_of(commit, paths)
                )
            elif following and following[0] == commit:
                entries = self._within(following[1], paths, homes[commit])
                following = next(raw, None)
            else:
                continue
            if entries:
                yield commit, entries

    def _within(
        self, raw: Iterable[tuple[bytes, bytes]], paths: Sequence[str], home: str
    ) -> list[Entry]:
        """The Entries below ``paths`` of the workspace in ``home``."""
        wanted = tuple(
            home if each == "." else f"{where}/"
            for each, where in zip(paths, self.inside(paths, home), strict=True)
        )
        exactly = set(self.inside(paths, home))
        named = [(meta, os.fsdecode(path)) for meta, path in raw]
        return [
            self._entry(meta, os.fsencode(path), home)
            for meta, path in named
            if path in exactly or path.startswith(wanted)
        ]

    @staticmethod
    def _between(old: Sequence[Mapping[str, str]], new: Mapping[str, str]) -> list[Entry]:
        """What differs between path → blob before, of each parent, and after; of more than one
        parent only what differs from all.
        """
        found = []
        for path in sorted({path for each in (*old, new) for path in each}):
            before, after = tuple(each.get(path, "") for each in old), new.get(path, "")
            if after not in before:
                found.append(Entry(path, before, after))
        return found

    def _files_of(
        self, commit: str | None, paths: Sequence[str], staged: bool = False
    ) -> dict[str, str]:
        """Path → blob below ``paths`` of a commit, of what is staged, or (None) of the work tree as
        git knows it.
        """
        if commit is not None:
            return dict(self.tree(commit, paths))
        found = {}
        for line in self.ask("ls-files", "--stage", "--full-name", "-z", "--", *paths).split(b"\0")[
            :-1
        ]:
            meta, _, path = line.partition(b"\t")
            mode, blob, stage = meta.decode().split()
            if mode.startswith("100"):
                found[self.outside(os.fsdecode(path))] = blob if stage == "0" else "0" * len(blob)
        for entry in [] if staged else self.unstaged(paths):
            found[entry.path] = entry.new
        return found

    def _entry(self, meta: bytes, path: bytes, home: str | None = None) -> Entry:
        count = len(meta) - len(meta.lstrip(b":"))
        words = meta[count:].decode().split()
        modes, blobs = words[: count + 1], words[count + 1 : 2 * count + 2]
        known = [
            blob if mode.startswith("100") else "" for mode, blob in zip(modes, blobs, strict=True)
        ]
        if words[-1] == "U":  # unmerged: what stands in the work tree
            known[-1] = "0" * len(blobs[-1])
        return Entry(self.outside(os.fsdecode(path), home), tuple(known[:-1]), known[-1])

    def diff(
        self, one: str, two: str | None, paths: Sequence[str], staged: bool = False
    ) -> list[Entry]:
        """What differs below ``paths`` from the tree ``one`` to the tree ``two``, to what is
        staged, or (None) to the work tree.

        The blob of a file of the work tree is 40 or 64 zeros: its bytes are to be read. Untracked
        files are not in it.
        """
        if not self._moved:
            asked, own = self._asked(paths)
            entries = self._diff(one, two, asked, staged, self.prefix)
            if not self.homes or not any(
                entry.path == place.SETTINGS and not (entry.old[0] and entry.new)
                for entry in entries
            ):
                return (
                    entries if own else [entry for entry in entries if entry.path != place.SETTINGS]
                )
        before, after = self.home(one), self.prefix if two is None else self.home(two)
        if before == after:
            return self._diff(one, two, paths, staged, before)
        return self._between([self._files_of(one, paths)], self._files_of(two, paths, staged))

    def _diff(
        self, one: str, two: str | None, paths: Sequence[str], staged: bool, home: str
    ) -> list[Entry]:
        """``diff`` of the workspace in one folder."""
        specs = self._specs(paths, home)
        if two is not None:
            out = self.ask("diff-tree", *_RAW, one, two, "--", *specs)
        elif staged:
            out = self.ask("diff-index", "--cached", *_RAW, one, "--", *specs)
        else:
            out = self.ask(
                "diff", "--no-relative", f"-O{os.devnull}", *_RAW, one, "--", *specs
            )  # whatever the user has set
        parts = iter(out.split(b"\0"))
        return [self._entry(part, next(parts), home) for part in parts if part]

    def unstaged(self, paths: Sequence[str]) -> list[Entry]:
        """What differs below ``paths`` from what is staged to the work tree, as ``diff`` says
        it.
        """
        parts = iter(self.ask("diff-files", *_RAW, "--", *paths).split(b"\0"))
        return [self._entry(part, next(parts)) for part in parts if part]

    @cached_property
    def nothing(self) -> str:
        """The empty tree, which stands for the state before the first commit."""
        return self.ask("hash-object", "-t", "tree", "--stdin", given=b"").decode().strip()

    def untracked(self, paths: Sequence[str]) -> list[str]:
        """Files below ``paths`` that git neither tracks nor ignores."""
        out = self.ask(
            "ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", *paths
        )
        return [self.outside(os.fsdecode(each)) for each in out.split(b"\0") if each]

    def versions(self, path: str, tip: str, since: str = "") -> list[Version]:
        """The Versions of a file (a path from the top) in the commits of ``tip`` that ``since`` has
        not, the latest first.
        """
        span = [tip, *([f"^{since}"] if since else [])]
        spec = "../" * self.prefix.count("/") + path
        out = self.ask(
            "log", "--no-show-signature", "--format=%x01%H %P%x00", *_RAW, "-m", *span, "--", spec
        )
        commit, parents, found = "", tuple[str, ...](), []
        for part in out.split(b"\0"):
            text = part.strip(b"\n")
            if text.startswith(b"\1"):
                commit, *above = text[1:].decode().split()
                parents = tuple(above)
            elif text.startswith(b":"):
                entry = self._entry(text, b"")
                found.append(Version(commit, parents, entry.old[0], entry.new))
        return found

    def settings_moved(self, one: str, two: str) -> tuple[list[str], list[str]]:
        """The folders, from the top, that have settings in the commit ``two`` and not in ``one``,
        and the other way round.
        """
        out = self._anywhere("diff-tree", *_RAW, one, two)
        entries = [
            (_folder(name), self._entry(meta, b""))
            for meta, name in zip(out[::2], out[1::2], strict=False)
        ]
        came = [folder for folder, entry in entries if entry.new and not entry.old[0]]
        return came, [folder for folder, entry in entries if entry.old[0] and not entry.new]

    def settings_gone(self, commit: str) -> list[str]:
        """The folders that have settings in a commit, and none in the work tree."""
        return [
            _folder(name)
            for name in self._anywhere(
                "diff",
                "--no-relative",
                "--name-only",
                "-z",
                "--no-renames",
                "--diff-filter=D",
                commit,
            )
        ]

    def settings_in(self, commit: str) -> list[str]:
        """The folders that have settings in a commit."""
        out = self.ask("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).split(b"\0")
        return [
            _folder(name) for name in out if name.rpartition(b"/")[2] == place.SETTINGS.encode()
        ]

    def _anywhere(self, *command: str) -> list[bytes]:
        """What a command says of the files of settings in all of the repository."""
        about = reading(self.repository) | {"GIT_LITERAL_PATHSPECS": "0"}
        done = self._start(
            *HARDENED,
            "-C",
            self.root,
            *command,
            "--",
            f":(top,glob)**/{place.SETTINGS}",
            about=about,
        )
        return done.stdout.split(b"\0")[:-1] if done.returncode == 0 else []

    def above(self, commit: str) -> list[str]:
        """The commits that a commit reaches, itself left out."""
        return [each for each in self.ask("rev-list", commit).decode().split() if each != commit]

    def skipped(self, paths: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
        """What git tracks below ``paths`` and leaves out of the work tree: (path, blob) of files,
        and the paths of submodules.
        """
        files, submodules = [], []
        for line in self.ask("ls-files", "-t", "--stage", "--full-name", "-z", "--", *paths).split(
            b"\0"
        )[:-1]:
            meta, _, name = line.partition(b"\t")
            tag, mode, blob, _ = meta.decode().split()
            if mode == "160000":
                submodules.append(self.outside(os.fsdecode(name)))
            elif tag == "S" and mode.startswith("100"):
                files.append((self.outside(os.fsdecode(name)), blob))
        return files, submodules

    def tree(self, commit: str, paths: Sequence[str]) -> list[tuple[str, str]]:
        """(path, blob) of every ordinary file below ``paths`` in a commit."""
        if self._moved:
            return self.below(commit, paths, self.home(commit))
        asked, own = self._asked(paths)
        found = self.below(commit, asked, self.prefix)
        if (
            self.homes
            and not any(path == place.SETTINGS for path, _ in found)
            and (home := self.home(commit)) != self.prefix
        ):
            return self.below(commit, paths, home)
        return found if own else [each for each in found if each[0] != place.SETTINGS]

    def below(self, commit: str, paths: Sequence[str], home: str) -> list[tuple[str, str]]:
        """``tree`` of the workspace in the folder ``home``."""
        specs = [os.path.normpath(each) for each in self.inside(paths, home)]
        out = self.ask(
            "ls-tree", "-r", "-z", "--full-tree", commit, "--", *([] if "." in specs else specs)
        )
        found = []
        for line in out.split(b"\0"):
            meta, _, path = line.partition(b"\t")
            if meta.startswith(b"100"):
                found.append((self.outside(os.fsdecode(path), home), meta.split()[2].decode()))
        return found

    def blobs(self, names: Iterable[str], most: int | None = None) -> Iterator[tuple[str, bytes]]:
        """(blob, bytes) of each blob, in the order asked for; those that a partial clone does not
        have are left out.

        Of a blob larger than ``most`` bytes only so many are read into memory.
        """
        wanted = list(dict.fromkeys(names))
        for start in range(0, len(wanted), BATCH):
            part = dict.fromkeys(wanted[start : start + BATCH])
            try:
                for name, data in self._contents("\n".join([*part, ""]).encode(), most):
                    del part[name]
                    yield name, data
            except Incomplete:
                if not self.complete():
                    raise
                yield from self._contents("\n".join([*part, ""]).encode(), most)

    def _contents(self, given: bytes, most: int | None) -> Iterator[tuple[str, bytes]]:
        command = ["git", *HARDENED, "-C", self.root, "cat-file", "--batch"]
        env = reading(self.repository)
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
        ) as git:
            assert git.stdin
            assert git.stdout
            git.stdin.write(given)  # names of one batch: less than a pipe holds
            git.stdin.close()
            lacking = False
            while line := git.stdout.readline():
                words = line.split()
                if len(words) < 3:
                    lacking = True
                    continue
                size = int(words[2])
                data = git.stdout.read(size if most is None else min(size, most))
                left = size - len(data) + 1
                while left and (part := git.stdout.read(min(left, 1 << 20))):
                    left -= len(part)
                yield words[0].decode(), data
        if (git.returncode or lacking) and self.promisor:
            raise Incomplete
        if git.returncode:
            raise ObjectsUnreadable(git.returncode)

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

    def blob_ids(self, places: Sequence[tuple[str, str]]) -> list[str]:
        """The blob of each (commit, workspace path); an empty text where there is none. The commit
        ``""`` is what is staged.
        """
        first = self.homes.of(commit for commit, _ in places) if self.homes and self._moved else {}
        found = self.files(
            (commit, first.get(commit, self.prefix) + path) for commit, path in places
        )
        lacking = (
            [number for number, blob in enumerate(found) if not blob]
            if self.homes and not first
            else []
        )
        homes = (
            self.homes.of(places[number][0] for number in lacking) if self.homes and lacking else {}
        )
        away = [
            (number, *places[number])
            for number in lacking
            if homes[places[number][0]] != self.prefix
        ]
        for (number, _, _), blob in zip(
            away,
            self.files((commit, homes[commit] + path) for _, commit, path in away),
            strict=True,
        ):
            found[number] = blob
        return found

    def files(self, places: Iterable[tuple[str, str]]) -> list[str]:
        """The blob of each (commit, path from the top); an empty text where there is none. The
        commit ``""`` is what is staged.
        """
        names = [f"{commit}:{path}" if "\n" not in path else "-" for commit, path in places]
        if not names:
            return []
        out = self.ask("cat-file", "--batch-check", given=os.fsencode("\n".join([*names, ""])))
        return [
            line.split()[0].decode() if b" blob " in line and not line.endswith(b" missing") else ""
            for line in out.splitlines()
        ]

    def blob(self, commit: str, path: str) -> bytes | None:
        """The bytes of a workspace file in a commit; None if it was not there."""
        home = self.home(commit) if self._moved else self.prefix
        done = self.run("cat-file", "blob", f"{commit}:{home}{path}")
        if done.returncode and not self._moved and (home := self.home(commit)) != self.prefix:
            done = self.run("cat-file", "blob", f"{commit}:{home}{path}")
        if done.returncode and _LACKING.search(done.stderr):
            return self.ask(
                "cat-file", "blob", f"{commit}:{home}{path}"
            )  # which fetches it, or raises
        return done.stdout if done.returncode == 0 else None

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
        since = (
            next((number for number, each in enumerate(entries) if each[0] == mark), 0)
            if mark
            else len(entries)
        )
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
        paths = (
            {entry.path for _, entries in self.changes(list(mine), ["."]) for entry in entries}
            if mine
            else set()
        )
        return set(mine.values()), paths

    def stashed(self) -> list[str]:
        """The commits of the stash: of each entry the work tree, and the files that git did not
        know.
        """
        out = self.run("log", "-g", "--format=%H %P", "refs/stash", "--").stdout.decode(
            "ascii", "replace"
        )
        rows = [line.split() for line in out.splitlines()]
        return [each for row in rows for each in (row[0], *row[3:])]

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

    def config(self, key: str, kind: str = "") -> str:
        """A value of git's configuration, ``kind`` as for `git config --type`; empty if it is not
        set.
        """
        done = self.run("config", *([f"--type={kind}"] if kind else []), "--get", key)
        return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""

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

    def owns(self, key: str) -> bool:
        """Whether a value of git's configuration is this repository's own, and not the user's or
        the machine's.
        """
        return (
            self.run("config", "--local", "--get", key).returncode == 0
            or self.run("config", "--worktree", "--get", key).returncode == 0
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

    def unmerged(self) -> dict[str, dict[int, str]]:
        """Path → {stage: blob} of every file with a conflict that is not settled (1: base, 2: ours,
        3: theirs); also outside the workspace.
        """
        found: dict[str, dict[int, str]] = {}
        for line in self.ask(
            "ls-files",
            "--unmerged",
            "--full-name",
            "-z",
            "--",
            "../" * self.prefix.count("/") + ".",
        ).split(b"\0")[:-1]:
            meta, _, path = line.partition(b"\t")
            _, blob, stage = meta.decode().split()
            found.setdefault(os.fsdecode(path), {})[int(stage)] = blob
        return found

    def index(self) -> dict[str, str]:
        """Path → blob of every ordinary file of the workspace that is staged; an empty blob while
        its conflict is not settled.
        """
        blobs: dict[str, str] = {}
        for line in self.ask("ls-files", "--stage", "--full-name", "-z", "--", ".").split(b"\0"):
            meta, _, path = line.partition(b"\t")
            if meta.startswith(b"100"):
                _, blob, stage = meta.decode().split()
                blobs[self.outside(os.fsdecode(path))] = "" if stage != "0" else blob
        return blobs

    def staged(self) -> set[str]:
        """The paths, from the top, that are staged to differ from the last commit."""
        out = self.ask(
            "diff-index",
            "--cached",
            "--name-only",
            "--no-renames",
            "--ignore-submodules=all",
            "-z",
            self.head or self.nothing,
        )
        return {os.fsdecode(path) for path in out.split(b"\0")[:-1]}

    def contains(self, tip: str, commit: str) -> bool:
        """Whether ``tip`` has ``commit`` in its history."""
        return self.run("merge-base", "--is-ancestor", commit, tip).returncode == 0

    def count(self, tip: str, known: str | None) -> int:
        """How many commits ``tip`` has that ``known`` has not."""
        return int(self.ask("rev-list", "--count", tip, *([f"^{known}"] if known else [])))
