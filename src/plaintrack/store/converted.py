"""Blobs as a checkout would write them: through the filters and encodings that git's attributes and
the user's configuration name.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from plaintrack.store import files
from plaintrack.store.digest import is_blob
from plaintrack.store.environment import HARDENED, reading
from plaintrack.store.plumbing import Plumbing
from plaintrack.text.document import unread

_ATTRIBUTES = ("filter", "working-tree-encoding", "ident")
_OFF = ("unspecified", "unset", "")
_POINTER = re.compile(
    rb"version https://[^\n]+\n(?:[^\n]+\n)*?oid sha256:([0-9a-f]{64})\nsize \d+\n"
)
_TRIES = 5
_PIECE = 1 << 20


class _Filter(NamedTuple):
    """What the configuration says of one filter: whether any of it is there, and converts on the
    way out, or stands in the work tree.
    """

    known: bool = False
    smudges: bool = False
    inside: bool = False


def converted(
    repo: Plumbing, wanted: Iterable[tuple[str, str]], most: int
) -> dict[tuple[str, str], bytes]:
    """(blob, workspace path) → the bytes a checkout would write there, if this clone has them.

    What a filter does not give stands for itself as ``unread`` says it, so that whoever parses it
    tells why. Without attributes that convert, the blobs are read as they are. Nothing is fetched,
    and no filter runs that a file of the tree configures. Raises GitFailed.
    """
    pairs = list(dict.fromkeys(wanted))
    drivers = _drivers(repo, list(dict.fromkeys(path for _, path in pairs))) if pairs else {}
    plain = dict(repo.blobs((blob for blob, path in pairs if path not in drivers), most))
    found = {
        (blob, path): plain[blob] for blob, path in pairs if path not in drivers and blob in plain
    }
    through = [each for each in pairs if each[1] in drivers]
    if through and repo.promisor:  # what is missing is not a fault of a filter
        for _ in repo.blobs((blob for blob, _ in through), 0):
            pass
    return found | dict(_Conversion(repo, drivers, most).read(through)) if through else found


def converted_at(repo: Plumbing, commit: str, path: str, most: int) -> bytes | None:
    """The bytes a checkout of a commit would write to a path; None if it has no such file."""
    blob = repo.blob_ids([(commit, path)])[0]
    return converted(repo, [(blob, path)], most).get((blob, path)) if blob else None


def _drivers(repo: Plumbing, paths: Sequence[str]) -> dict[str, str]:
    """Path → the name of its filter (empty: none), of those that git converts."""
    given = b"".join(os.fsencode(path) + b"\0" for path in repo.inside(paths))
    said = repo.ask(
        "-C", repo.repository.top, "check-attr", "-z", "--stdin", *_ATTRIBUTES, given=given
    )
    parts = os.fsdecode(said).split("\0")
    found: dict[str, str] = {}
    for path, name, value in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
        if value not in _OFF:
            own = repo.outside(path)
            found[own] = value if name == "filter" and value != "set" else found.get(own, "")
    return found


class _Conversion:
    """One reading of blobs through the filters of their paths."""

    def __init__(self, repo: Plumbing, drivers: Mapping[str, str], most: int) -> None:
        self.repo, self.drivers, self.most = repo, drivers, most
        self.filters = self._filters()
        self.failed: dict[str, int] = {}

    def _filters(self) -> dict[str, _Filter]:
        """What the configuration says of each filter that is in use."""
        names = {name for name in self.drivers.values() if name}
        found: dict[str, _Filter] = {}
        if not names:
            return found
        parts = os.fsdecode(
            self.repo.run("config", "-z", "--show-origin", "--get-regexp", r"^filter\.").stdout
        ).split("\0")
        for origin, entry in zip(parts[::2], parts[1::2], strict=False):
            key, _, value = entry.partition("\n")
            name, _, variable = key.removeprefix("filter.").rpartition(".")
            if name in names:
                known, smudges, inside = found.get(name, _Filter())
                runs = variable in ("clean", "smudge", "process") and bool(value)
                found[name] = _Filter(
                    known or runs,
                    smudges or (runs and variable != "clean"),
                    inside or self._inside(origin),
                )
        return found

    def _inside(self, origin: str) -> bool:
        """Whether a configuration file is part of the work tree, so that it came with the files."""
        kind, _, name = origin.partition(":")
        if kind != "file":
            return False
        top = self.repo.repository.top
        path = os.path.realpath(os.path.join(self.repo.root, name))
        own = [
            os.path.realpath(each)
            for each in (self.repo.repository.folder, os.path.join(top, self.repo.common))
        ]
        return _below(path, os.path.realpath(top)) and not any(_below(path, each) for each in own)

    def read(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], bytes]]:
        """What each (blob, path) is, of those that this clone has."""
        waiting = list(pairs)
        while waiting:
            done = 0
            for pair, data in self._batch(waiting):
                done += 1
                if data is not None:
                    yield pair, data
            if done < len(waiting):
                yield waiting[done], self._lost(waiting[done][1], True)
            waiting = waiting[done + 1 :]

    def _batch(
        self, pairs: Sequence[tuple[str, str]]
    ) -> Iterator[tuple[tuple[str, str], bytes | None]]:
        """What each is, as far as one git gets: a filter that fails ends it. None: this clone does
        not have it.
        """
        names = [name for name, each in self.filters.items() if each.smudges and "=" not in name]
        # or git hands on what is stored
        required = [word for name in names for word in ("-c", f"filter.{name}.required=true")]
        command = [
            "git",
            *HARDENED,
            *required,
            "-C",
            self.repo.root,
            "cat-file",
            "--batch",
            "--filters",
        ]
        env = {**reading(self.repo.repository), "GIT_LFS_SKIP_SMUDGE": "1"}
        mark = os.urandom(20).hex().encode()  # the size that git tells is that of what is stored
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
        ) as git:
            assert git.stdin
            assert git.stdout
            for blob, path in pairs:
                full = self.repo.inside([path])[0]
                if self._refused(path) or "\n" in full or full[:1] in " \t":
                    yield (blob, path), self._lost(path, False)
                    continue
                with suppress(BrokenPipeError):
                    git.stdin.write(b"%s %s\n%s\n" % (blob.encode(), os.fsencode(full), mark))
                    git.stdin.flush()
                head, ending = git.stdout.readline(), mark + b" missing\n"
                parts, size = list[bytes](), 0
                while (line := git.stdout.readline(_PIECE)) and line != ending:
                    parts += [line] if size <= self.most else []
                    size += len(line)
                if not line:
                    return
                there = len(head.split()) == 3
                yield (blob, path), self._told(blob, path, b"".join(parts)[:-1]) if there else None

    def _refused(self, path: str) -> bool:
        """Whether the filter of a path is not to be run: a file of the tree configures it, or it
        has failed often enough.
        """
        name = self.drivers[path]
        return self.filters.get(name, _Filter()).inside or self.failed.get(name, 0) >= _TRIES

    def _lost(self, path: str, failed: bool) -> bytes:
        name = self.drivers[path]
        self.failed[name] = self.failed.get(name, 0) + failed
        return unread(name, "tree" if self.filters.get(name, _Filter()).inside else "failed")

    def _told(self, blob: str, path: str, data: bytes) -> bytes:
        """What came out of a filter; the contents of a pointer of LFS where this machine has
        them.
        """
        pointer = _POINTER.match(data)
        if pointer:
            oid = pointer[1].decode()
            place = os.path.join(
                self.repo.repository.top, self.repo.common, "lfs", "objects", oid[:2], oid[2:4], oid
            )
            with suppress(OSError, files.Oddity):
                # an ordinary file, and really that object: it may have come in an archive
                contents = files.read(place)
                from hashlib import sha256

                if sha256(contents).hexdigest() == oid:
                    return contents[: self.most]
        name = self.drivers[path]
        unset = name and not self.filters.get(name, _Filter()).known
        if (
            unset
            and path.endswith(".md")
            and not pointer
            and not data.startswith((b"---", b"\xef\xbb\xbf", b"\0GITCRYPT\0"))
            and is_blob(data, blob)
        ):
            return unread(name, "unset")
        return data[: self.most]


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
