"""Trees and blobs: what the files of a commit, or of the index, hold."""

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from plaintrack.store import place
from plaintrack.store.environment import HARDENED, reading
from plaintrack.store.refusals import Incomplete, ObjectsUnreadable
from plaintrack.store.runner import LACKING
from plaintrack.store.worktree import WorkTree

BATCH = 500
BLOCK = 32
"""So many contents are taken from git at once, and stand in memory: at most 32 MB."""


def folder_of(path: bytes) -> str:
    """The folder of a path, with a slash at its end; empty at the top."""
    folder, slash, _ = os.fsdecode(path).rpartition("/")
    return folder + slash


def _taken(stream: IO[bytes], size: int, most: int | None) -> bytes:
    """The bytes of an object that git writes out, ``most`` of them; the rest is passed over."""
    if most is None or size <= most:
        return stream.read(size + 1)[:-1]
    data = stream.read(most)
    left = size - len(data) + 1
    while left and (part := stream.read(min(left, 1 << 20))):
        left -= len(part)
    return data


def backwards(names: Sequence[str], size: int) -> list[str]:
    """The names in blocks of a size, each from its end: of what follows in time git reads the
    latest first, since it keeps the others as what differs from that.
    """
    blocks = [names[at : at + size] for at in range(0, len(names), size)]
    return [name for block in blocks for name in reversed(block)]


class Trees(WorkTree):
    """The files of commits, in the paths of the workspace as it was then."""

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

    @staticmethod
    def _asked(paths: Sequence[str]) -> tuple[list[str], bool]:
        """The paths and the settings, which tell where the workspace is; and whether these are
        asked for.
        """
        own = not paths or place.SETTINGS in paths or "." in paths
        return [*paths, *([] if own else [place.SETTINGS])], own

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

    def blob_ids(self, places: Sequence[tuple[str, str]]) -> list[str]:
        """The blob of each (commit, workspace path); an empty text where there is none. The commit
        ``""`` is what is staged.
        """
        first = self.homes.of(commit for commit, _ in places) if self.homes and self._moved else {}
        found = self.files(
            (commit, first.get(commit, self.prefix) + path) for commit, path in places
        )
        if self.homes and not first:
            lacking = [number for number, blob in enumerate(found) if not blob]
        else:
            lacking = []
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

    def blob(self, commit: str, path: str) -> bytes | None:
        """The bytes of a workspace file in a commit; None if it was not there."""
        home = self.home(commit) if self._moved else self.prefix
        done = self.run("cat-file", "blob", f"{commit}:{home}{path}")
        if done.returncode and not self._moved and (home := self.home(commit)) != self.prefix:
            done = self.run("cat-file", "blob", f"{commit}:{home}{path}")
        if done.returncode and LACKING.search(done.stderr):
            # which fetches it, or raises
            return self.ask("cat-file", "blob", f"{commit}:{home}{path}")
        return done.stdout if done.returncode == 0 else None

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

    def _cat(self, *how: str, stdin: IO[bytes] | int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            ["git", *HARDENED, "-C", self.root, "cat-file", "--batch", *how],
            bufsize=1 << 16,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=reading(self.repository),
        )

    def _contents(self, given: bytes, most: int | None) -> Iterator[tuple[str, bytes]]:
        with self._cat(stdin=subprocess.PIPE) as git:
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
                yield words[0].decode(), _taken(git.stdout, int(words[2]), most)
        if (git.returncode or lacking) and self.promisor:
            raise Incomplete
        if git.returncode:
            raise ObjectsUnreadable(git.returncode)

    def contents(self, names: Sequence[str], most: int) -> Iterator[bytes | None]:
        """The bytes of each blob, at most ``most`` of them, in the order asked for, one process for
        all; None where a clone that is not a partial one does not have it.
        """
        done = 0
        while done < len(names):
            try:
                for data in self._in_order(names[done:], most):
                    yield data
                    done += 1
            except Incomplete:
                if not self.complete():
                    raise

    def _in_order(self, names: Sequence[str], most: int) -> Iterator[bytes | None]:
        import tempfile

        with tempfile.TemporaryFile() as given:  # so that git waits for no one who feeds it
            given.write("\n".join([*backwards(names, BLOCK), ""]).encode())
            given.seek(0)
            with self._cat("--buffer", stdin=given) as git:
                for part in range(0, len(names), BLOCK):
                    block = [self._next(git, most) for _ in names[part : part + BLOCK]]
                    yield from reversed(block)
            if git.returncode:
                raise ObjectsUnreadable(git.returncode)

    def _next(self, git: "subprocess.Popen[bytes]", most: int) -> bytes | None:
        """The bytes of the blob that git writes out next; None if it does not have it."""
        assert git.stdout
        words = git.stdout.readline().split()
        if len(words) > 2:
            return _taken(git.stdout, int(words[2]), most)
        if self.promisor:
            raise Incomplete
        if not words:
            raise ObjectsUnreadable(git.wait())
        return None

    def settings_in(self, commit: str) -> list[str]:
        """The folders that have settings in a commit."""
        out = self.ask("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).split(b"\0")
        return [
            folder_of(name) for name in out if name.rpartition(b"/")[2] == place.SETTINGS.encode()
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
