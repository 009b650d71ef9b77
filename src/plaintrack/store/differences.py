"""What differs between commits, the index and the work tree."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from plaintrack.store import place
from plaintrack.store.commits import Entry
from plaintrack.store.trees import Trees, folder_of
from plaintrack.store.worktree import RAW


class Differences(Trees):
    """The files that differ, wherever the workspace was on either side."""

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
        # Where the settings went away, the workspace has gone elsewhere on another branch.
        if self.homes and any(
            entry.path == place.SETTINGS and any(entry.old) and not entry.new
            for _, entries in found
            for entry in entries
        ):
            yield from self._mapped(commits, paths)
            return
        for commit, entries in found:
            mine = entries if own else _without_settings(entries)
            if mine:
                yield commit, mine

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
        families = self._families(commits)
        homes = self.homes.of(each for family in families for each in family)
        moved = [len({homes[each] for each in family}) > 1 for family in families]

        # All commits that the workspace did not move in are asked for at once.
        still = [line for line, move in zip(commits, moved, strict=True) if not move]
        places = dict.fromkeys(
            homes[family[0]] for family, move in zip(families, moved, strict=True) if not move
        )
        specs = dict.fromkeys(spec for home in places for spec in self._specs(paths, home))
        raw = self._raw(still, list(specs)) if still else iter(())
        following = next(raw, None)
        for (commit, *parents), move in zip(families, moved, strict=True):
            entries: list[Entry] = []
            if move:
                before = [self._files_of(parent, paths) for parent in parents]
                entries = self._between(before, self._files_of(commit, paths))
            elif following and following[0] == commit:
                entries = self._within(following[1], paths, homes[commit])
                following = next(raw, None)
            if entries:
                yield commit, entries

    def _families(self, commits: Sequence[str]) -> list[list[str]]:
        """Each commit and its parents: those that are given, else all."""
        given = [line.split() for line in commits]
        alone = [words[0] for words in given if len(words) == 1]
        if not alone:
            return given
        out = self.ask(
            "rev-list",
            "--no-walk=unsorted",
            "--parents",
            "--stdin",
            given="\n".join(alone).encode() + b"\n",
        )
        lines = [line.split() for line in out.decode().splitlines()]
        known = {words[0]: words for words in lines if words}
        return [words if len(words) > 1 else known[words[0]] for words in given]

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
            # Where the settings came or went away, the workspace was elsewhere on one side.
            elsewhere = bool(self.homes) and any(
                entry.path == place.SETTINGS and not (entry.old[0] and entry.new)
                for entry in entries
            )
            if not elsewhere:
                return entries if own else _without_settings(entries)
        before = self.home(one)
        after = self.prefix if two is None else self.home(two)
        if before == after:
            return self._diff(one, two, paths, staged, before)
        return self._between([self._files_of(one, paths)], self._files_of(two, paths, staged))

    def _diff(
        self, one: str, two: str | None, paths: Sequence[str], staged: bool, home: str
    ) -> list[Entry]:
        """``diff`` of the workspace in one folder."""
        specs = self._specs(paths, home)
        if two is not None:
            out = self.ask("diff-tree", *RAW, one, two, "--", *specs)
        elif staged:
            out = self.ask("diff-index", "--cached", *RAW, one, "--", *specs)
        else:
            # in this order, and from the top, whatever the user has set
            own = ("--no-relative", f"-O{os.devnull}")
            out = self.ask("diff", *own, *RAW, one, "--", *specs)
        parts = iter(out.split(b"\0"))
        return [self._entry(part, next(parts), home) for part in parts if part]

    def _files_of(
        self, commit: str | None, paths: Sequence[str], staged: bool = False
    ) -> dict[str, str]:
        """Path → blob below ``paths`` of a commit, of what is staged, or (None) of the work tree as
        git knows it.
        """
        if commit is not None:
            return dict(self.tree(commit, paths))
        found = {}
        out = self.ask("ls-files", "--stage", "--full-name", "-z", "--", *paths)
        for line in out.split(b"\0")[:-1]:
            meta, _, path = line.partition(b"\t")
            mode, blob, stage = meta.decode().split()
            if mode.startswith("100"):
                found[self.outside(os.fsdecode(path))] = blob if stage == "0" else "0" * len(blob)
        if not staged:
            for entry in self.unstaged(paths):
                found[entry.path] = entry.new
        return found

    def settings_moved(self, one: str, two: str) -> tuple[list[str], list[str]]:
        """The folders, from the top, that have settings in the commit ``two`` and not in ``one``,
        and the other way round.
        """
        out = self._anywhere("diff-tree", *RAW, one, two)
        entries = [
            (folder_of(name), self._entry(meta, b""))
            for meta, name in zip(out[::2], out[1::2], strict=False)
        ]
        came = [folder for folder, entry in entries if entry.new and not entry.old[0]]
        return came, [folder for folder, entry in entries if entry.old[0] and not entry.new]

    def settings_gone(self, commit: str) -> list[str]:
        """The folders that have settings in a commit, and none in the work tree."""
        names = ("--no-relative", "--name-only", "-z", "--no-renames", "--diff-filter=D")
        return [folder_of(path) for path in self._anywhere("diff", *names, commit)]


def _without_settings(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.path != place.SETTINGS]
