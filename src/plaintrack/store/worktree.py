"""What git says of the work tree: what is staged, what differs, what is not tracked."""

import os
from collections.abc import Sequence

from plaintrack.store.commits import Entry
from plaintrack.store.refusals import GitFailed
from plaintrack.store.runner import Runner

RAW = (
    "-r",
    "--raw",
    "-z",
    "--no-renames",
    "--no-abbrev",
    "--no-ext-diff",
    "--no-color",
    "--ignore-submodules=all",
)


class WorkTree(Runner):
    """The work tree, and its index, as git knows them."""

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

    def unstaged(self, paths: Sequence[str]) -> list[Entry]:
        """What differs below ``paths`` from what is staged to the work tree, as ``diff`` says
        it; where a filter fails that git needs to compare them, each ordinary file may differ.
        """
        try:
            said = self.ask("diff-files", *RAW, "--", *paths)
        except GitFailed:
            unknown = "0" * len(self.nothing)
            return [Entry(path, (blob,), unknown) for path, blob in self.index().items()]
        parts = iter(said.split(b"\0"))
        return [self._entry(part, next(parts)) for part in parts if part]

    def untracked(self, paths: Sequence[str]) -> list[str]:
        """Files below ``paths`` that git neither tracks nor ignores."""
        out = self.ask(
            "ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", *paths
        )
        return [self.outside(os.fsdecode(each)) for each in out.split(b"\0") if each]

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

    def stashed(self) -> list[str]:
        """The commits of the stash: of each entry the work tree, and the files that git did not
        know.
        """
        out = self.run("log", "-g", "--format=%H %P", "refs/stash", "--").stdout.decode(
            "ascii", "replace"
        )
        rows = [line.split() for line in out.splitlines()]
        return [each for row in rows for each in (row[0], *row[3:])]

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
