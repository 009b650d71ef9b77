"""Walks through history: commit by commit, each with the files that it changed."""

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO

from plaintrack.store import place
from plaintrack.store.commits import Commit, Entry
from plaintrack.store.differences import Differences
from plaintrack.store.environment import HARDENED, reading
from plaintrack.store.refusals import Incomplete
from plaintrack.store.runner import LACKING, failed
from plaintrack.store.trees import backwards

FIELDS = "%H%x00%P%x00%ct%x00%aI%x00%aN%x00%aE%x00%B%x00"
_PARTS = 7
_READ = 1 << 17
_BLOCKS = 100  # commits that are taken from git at once
_MANY = 1000
_TOGETHER = 500  # commits that are asked for at once where the workspace was elsewhere
Raw = tuple[Commit, list[tuple[bytes, bytes]]]
"""A commit with what git says of each file that it changed: modes and blobs, and the path."""


class Walk(Differences):
    """The commits of a history with what each changed."""

    def order(self, tip: str, known: Iterable[str] = ()) -> list[str]:
        """The commits reachable from ``tip`` and not from ``known``, parents before children.

        What git does not have of ``known`` is passed over.
        """
        given = "\n".join([tip, *(f"^{each}" for each in known)]).encode()
        how = ("--ignore-missing", "--topo-order", "--reverse", "--stdin")
        return self.ask("rev-list", *how, given=given).decode().split()

    def walk(
        self, commits: Sequence[str], paths: Sequence[str]
    ) -> Iterator[tuple[Commit, list[Entry]]]:
        """Each of the commits and its Entries below ``paths``, those of a merge that differ from
        every parent; in the order given, parents before children.
        """
        asked, own = self._asked(paths)
        elsewhere = self._moved
        home = os.fsencode(self.prefix)
        raw = self._told(commits, [] if self._mostly(commits, paths) else asked)
        for commit, changed in raw:
            if not elsewhere:
                if home:
                    changed = [each for each in changed if each[1].startswith(home)]
                entries = [self._changed(*each) for each in changed]
                # Where the settings went away, the workspace has gone elsewhere on another branch.
                elsewhere = bool(self.homes) and any(
                    each.path == place.SETTINGS and any(each.old) and not each.new
                    for each in entries
                )
            if elsewhere:
                yield from self._anywhere_else((commit, changed), raw, paths)
                return
            if not own:
                entries = [each for each in entries if each.path != place.SETTINGS]
            yield commit, entries

    def _mostly(self, commits: Sequence[str], paths: Sequence[str]) -> bool:
        """Whether so many commits are asked for, and so few files lie outside of ``paths``, that
        git had better not look at paths.
        """
        if len(commits) < _MANY or self._moved:
            return False
        names = self.ask("ls-tree", "-r", "-z", "--name-only", "--full-tree", commits[-1])
        tops = tuple(os.fsencode(f"{each}/") for each in self.inside(paths))
        found = names.split(b"\0")
        return 2 * sum(each.startswith(tops) for each in found) > len(found)

    def _anywhere_else(
        self, first: Raw, others: Iterator[Raw], paths: Sequence[str]
    ) -> Iterator[tuple[Commit, list[Entry]]]:
        """``walk`` from a commit on, of a workspace that was in other folders."""
        part = [first[0]]
        while part:
            part += [commit for commit, _ in islice(others, _TOGETHER)]
            found = dict(self._mapped([each.hash for each in part], paths))
            for commit in part:
                yield commit, found.get(commit.hash, [])
            part = [commit for commit, _ in islice(others, 1)]

    def _changed(self, meta: bytes, path: bytes) -> Entry:
        """``_entry`` of what git says, at once for the usual one: an ordinary file that is changed,
        new or gone.
        """
        if meta[1:2] != b":":
            modes, blobs = meta[1:14], meta[15:-2]
            size = len(blobs) // 2
            if modes == b"100644 100644":
                old, new = blobs[:size].decode(), blobs[size + 1 :].decode()
                return Entry(self.outside(os.fsdecode(path)), (old,), new)
        return self._entry(meta, path)

    def _told(self, commits: Sequence[str], specs: Sequence[str]) -> Iterator[Raw]:
        """What git says of each commit, as it says it."""
        done = 0
        while done < len(commits):
            try:
                for each in self._read(commits[done:], specs):
                    yield each
                    done += 1
                return
            except Incomplete:
                if not self.complete():
                    raise

    def _read(self, commits: Sequence[str], specs: Sequence[str]) -> Iterator[Raw]:
        import tempfile

        how = (
            "--stdin", "-r", "-c", "--root", "--raw", "-z", "--no-renames", "--no-abbrev",
            "--no-ext-diff", "--no-color", "--encoding=UTF-8", f"--format=tformat:{FIELDS}",
        )  # fmt: skip
        if specs:
            command = ["diff-tree", "--always", *how, "--", *specs]
        else:  # a third quicker; but with paths it would leave commits out
            own = ("--no-walk=unsorted", "--no-relative", f"-O{os.devnull}", "--no-show-signature")
            command = ["log", *own, *how, "--"]
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
            given.write("\n".join([*backwards(commits, _BLOCKS), ""]).encode())
            given.seek(0)
            with subprocess.Popen(
                ["git", *HARDENED, "-C", self.root, *command],
                bufsize=0,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=said,
                env=reading(self.repository) | {"GIT_FLUSH": "0"},
            ) as git:
                assert git.stdout
                records = _records(_parts(git.stdout))
                while block := list(islice(records, _BLOCKS)):
                    yield from reversed(block)
            said.seek(0)
            if git.returncode:
                why = said.read()
                if LACKING.search(why):
                    raise Incomplete
                raise failed(command[0], git.returncode, why)


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    """What a NUL ends, one after the other."""
    rest = b""
    while block := stream.read(_READ):
        parts = (rest + block).split(b"\0")
        rest = parts.pop()
        yield from parts


def _records(parts: Iterator[bytes]) -> Iterator[Raw]:
    """The commits in what git says; after each its files follow."""
    head: list[bytes] = []
    files: list[tuple[bytes, bytes]] = []
    for part in parts:
        if part[:1] == b":" or part[:2] == b"\n:":
            files.append((part.lstrip(b"\n"), next(parts)))
        elif part.strip(b"\n"):
            if head:
                yield commit_of(head), files
            head, files = [part.strip(b"\n"), *islice(parts, _PARTS - 1)], []
    if head:
        yield commit_of(head), files


def commit_of(fields: Sequence[bytes]) -> Commit:
    """The commit that git tells of in ``FIELDS``."""
    name, parents, time, date, author, email, message = [
        each.decode("utf-8", "replace") for each in fields
    ]
    return Commit(name, tuple(parents.split()), int(time), date, author, email, message.strip("\n"))
