"""What plaintrack does to a repository, through GitPython; with the plumbing, nothing else starts
git.
"""

import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.store import lock, place
from plaintrack.store.environment import HARDENED, SAFE, only, reading, starting
from plaintrack.store.files import TEMPORARY
from plaintrack.store.plumbing import Plumbing
from plaintrack.store.refusals import FetchConfigured, Incomplete
from plaintrack.store.trees import BATCH
from plaintrack.store.underway import underway

if TYPE_CHECKING:
    import git

FETCH = False
"""Whether the user lets git fetch, in this process, what a partial clone lacks (``--fetch``)."""

_OBJECTS = ("**/*.md", "**/plaintrack.yml", "**/automations/**")
"""What plaintrack reads of history: a partial clone is completed by no more."""
_RUNS = (
    r"^(core\.(sshcommand|gitproxy|askpass)|credential\..*|remote\..*\.(uploadpack|vcs|proxy)"
    r"|protocol\..*|url\..*|ssh\.variant)$"
)
"""Configuration of a clone's own that names programs which a fetch runs, or other places than its
remote.
"""

MANY = 1000
"""More files than these are committed by an index of their own."""

_PATIENCE = 5.0  # seconds to wait for another git to let go of its lock


class Refused(PlaintrackError):
    """Git, a hook or a state of the repository does not let plaintrack change it; everything is as
    it was.
    """

    slug = "git-refused"
    exit_code = 1

    def __init__(self, message: str, hint: str = "", said: str = "") -> None:
        super().__init__(message, hint)
        self.said = [line for line in said.splitlines() if line.strip()]  # by git and the hooks


class GitUnderway(Refused):
    """Git is in the middle of a merge, a rebase or the like."""

    slug = "git-underway"

    def __init__(self, what: str) -> None:
        article = "an" if what[0] in "aeiou" else "a"
        how = f"`git {what} --continue` or `--abort`"
        if what == "merge":
            how += ", or `plaintrack conflicts --stage`"
        if what == "bisect":
            how = "`git bisect reset`"
        super().__init__(f"{article} {what} is in progress", f"finish it first: {how}")


class DetachedHead(Refused):
    """No branch is checked out."""

    slug = "detached-head"

    def __init__(self) -> None:
        super().__init__("HEAD is detached: there is no branch", "`git switch BRANCH` first")


class GitRefused(Refused):
    """Git or one of its hooks refused; ``said`` is what they said."""

    slug = "refused-by-git"

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message, "nothing was changed; see the output of git above", said)


_HELD = re.compile(
    r"(?:Unable to create '|could not lock config file )([^'\n]+?)'?: File exists", re.IGNORECASE
)
"""The file that git could not lock, in its words."""


class LockHeld(Refused):
    """Another git writes what this one would: the index, a branch, or the configuration."""

    slug = "lock-held"

    def __init__(self, message: str, path: str) -> None:
        super().__init__(
            f"{message}: another git holds {path}",
            "wait for it to finish; if none is running, delete that file",
        )


class Ran(NamedTuple):
    """How a git command ended: its exit code, its standard output, and all that it and its hooks
    said.
    """

    code: int
    out: bytes
    said: str


def _committing(message: str, *how: str) -> tuple[str, ...]:
    """A commit with the message that a file holds."""
    plain = ("-c", "i18n.commitEncoding=UTF-8", "commit", *how, "--quiet", "--cleanup=whitespace")
    return (*plain, f"--file={message}")


def _exactly(paths: Iterable[str]) -> bytes:
    """Paths from the top as pathspecs that mean just these files."""
    return b"\0".join(os.fsencode(f":(top,literal){path}") for path in paths)


class Repo(Plumbing):
    """The repository that a workspace lies in."""

    def __init__(self, root: str) -> None:
        """As Plumbing does."""
        super().__init__(root)
        # who lets git fetch what a partial clone lacks: `option`, `setting`, `never`
        self.allowed: Callable[[], str] = lambda: "never"
        self._completed, self._process = False, os.getpid()
        self._failure: Incomplete | None = None

    def complete(self) -> bool:
        """Fetch what a partial clone lacks of items, settings and rules, in one request; whether it
        was done just now.

        Raises Incomplete where the remote does not give it, and where only a setting, which came
        with the files, allows it and the clone's own configuration names programs for it.
        """
        if self._failure is not None:
            raise self._failure  # not asked again
        forked = os.getpid() != self._process  # one request, and not one of each process
        allowed = "never" if self._completed or forked else self.allowed()
        remote = self.promisor if allowed != "never" else ""
        if not remote:
            return False
        if (
            allowed == "setting"
            and self.run("config", "--local", "--get-regexp", _RUNS).returncode == 0
        ):
            raise FetchConfigured
        self._completed = True
        return bool(self._fetched(remote, self._missing(_OBJECTS)))

    def bring(self, places: Sequence[str]) -> int:
        """Fetch what history has at these places (globs from the top) and a partial clone lacks, in
        one request; how many files that are. Raises Incomplete.
        """
        remote = self.promisor
        return self._fetched(remote, self._missing(places)) if remote else 0

    def _fetched(self, remote: str, missing: Sequence[str]) -> int:
        if not missing:
            return 0
        how = (
            "--no-tags",
            "--no-write-fetch-head",
            "--recurse-submodules=no",
            "--no-auto-maintenance",
            "--filter=blob:none",
            "--stdin",
        )
        given = "".join(f"{each}\n" for each in missing).encode()
        done = self.act(
            "-c",
            "fetch.negotiationAlgorithm=noop",
            "fetch",
            "--quiet",
            *how,
            "--",
            remote,
            given=given,
        )
        if done.code:
            self._failure = Incomplete(
                f"cannot fetch from {remote}",
                done.said or f"git fetch ended with {done.code}",
            )
            raise self._failure
        return len(missing)

    def _missing(self, places: Sequence[str]) -> list[str]:
        """The contents at these places that a branch or tag reaches, and that are not here."""
        about = {**reading(self.repository), "GIT_LITERAL_PATHSPECS": "0"}
        start = (*HARDENED, "-C", self.root)
        tips = ["--all", *(["HEAD"] if self.head else [])]
        out = self._start(
            *start, "rev-list", "--objects", "--missing=print", *tips, "--", about=about
        ).stdout
        lacking = {line[1:] for line in out.splitlines() if line.startswith(b"?")}
        how = (
            "--raw",
            "-m",
            "--root",
            "--no-renames",
            "--no-abbrev",
            "--full-history",
            "--format=",
            "--no-show-signature",
            "--no-ext-diff",
            "--no-color",
        )
        where = [f":(top,glob){each}" for each in places]
        if lacking:
            out = self._start(*start, "log", *how, *tips, "--", *where, about=about).stdout
        else:
            out = b""
        rows = [line.split(None, 4)[2:4] for line in out.splitlines() if line.startswith(b":")]
        return list(dict.fromkeys(each.decode() for row in rows for each in row if each in lacking))

    def configure(self, key: str, value: str | None, dry: bool = False) -> bool:
        """Set a value of this clone's own configuration, or remove it (None); whether it was
        another one. ``dry``: leave it. Raises Refused.
        """
        if self._local(key) == value:
            return False
        if dry:
            return True
        how = ("--unset-all", key) if value is None else ("--replace-all", key, value)
        self.demand(self.act("config", "--local", *how), f"git's configuration of {key} stays")
        return True

    def _local(self, key: str) -> str | None:
        done = self.run("config", "--local", "-z", "--get", key)
        return os.fsdecode(done.stdout).rstrip("\0") if done.returncode == 0 else None

    @cached_property
    def porcelain(self) -> "git.Git":
        """GitPython's door to git, for what changes the repository."""
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        import git

        return git.Git(self.repository.top)

    def act(self, *args: str, given: bytes = b"", index: str = "") -> Ran:
        """Run a command that changes the repository, with hooks and the user's settings; waits
        while another git holds its lock. ``index`` is the file of another index than git's own.

        It asks questions only on a terminal. The locks that plaintrack holds are lent to the hooks.
        """
        import sys
        import tempfile

        asks = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
        # GitPython would have hooks run in C
        mine = {name: os.environ.get(name, "") for name in ("LC_ALL", "LANGUAGE")}
        settings = {
            **starting(self.repository),
            **mine,
            **lock.lending(),
            "GIT_EDITOR": ":",
            "GIT_MERGE_AUTOEDIT": "no",
        }
        if index:
            settings["GIT_INDEX_FILE"] = index
        if not asks:
            settings["GIT_TERMINAL_PROMPT"] = "0"
        deadline, pause = time.monotonic() + _PATIENCE, 0.02
        while True:
            with tempfile.TemporaryFile() as handle:
                handle.write(given)
                handle.seek(0)
                with only(settings):
                    code, out, said = self.porcelain.execute(
                        ["git", *SAFE, *args],
                        handle,
                        with_extended_output=True,
                        with_exceptions=False,
                        stdout_as_string=False,
                        env=settings,
                    )
            busy = code and ("index.lock" in said or "HEAD.lock" in said)
            if not busy or time.monotonic() > deadline:
                return Ran(code, out, "\n".join((out.decode("utf-8", "replace"), said)).strip())
            time.sleep(pause * (1 + os.getpid() % 8 / 8))
            pause = min(pause * 1.5, 0.5)

    def commit(self, paths: Sequence[str], message: str) -> str:
        """Commit these workspace files as they are in the work tree, and nothing else; the new
        commit.

        What else is staged stays staged. Raises Refused, with the index as it was, if git or a hook
        says no.
        """
        import tempfile

        self.head = self.find("HEAD")
        before = self.staged()
        many = len(paths) > MANY and not underway(self.folder)
        with tempfile.NamedTemporaryFile(suffix=".txt") as text:
            text.write(message.encode("utf-8", "replace"))
            text.flush()
            done = (self._apart if many else self._only)(paths, text.name)
        self.demand(done, "git did not commit")
        self.head = self.resolve("HEAD")
        self._follow(before - set(self.inside(paths)))
        return self.head

    def _only(self, paths: Sequence[str], message: str) -> Ran:
        """How git's own commit of these files ends."""
        new = [
            each
            for at in range(0, len(paths), BATCH)
            for each in self.untracked(paths[at : at + BATCH])
        ]
        files = ("--pathspec-from-file=-", "--pathspec-file-nul")
        if new:
            self.demand(self._add("--intent-to-add", new), "git did not add the new files")
        made = False
        try:
            how = _committing(message, "--only")
            done = self.act(*how, *files, given=_exactly(self.inside(paths)))
            made = done.code == 0
        finally:
            if new and not made:
                lines = b"\0".join(map(os.fsencode, self.inside(new)))
                self.act("update-index", "--force-remove", "-z", "--stdin", given=lines)
        return done

    def _apart(self, paths: Sequence[str], message: str) -> Ran:
        """The same for many files, by an index of their own, as git does it within. Git would
        compare each with each, and make an object of each; this way they are one pack.
        """
        from plaintrack.store.replace import forget

        index = os.path.join(self.folder, f"{TEMPORARY}{os.getpid()}.index")
        lines = b"\0".join(map(os.fsencode, self.inside(paths)))
        pack = ("-c", "core.bigFileThreshold=1")
        take = ("update-index", "--add", "--remove", "--replace", "-z", "--stdin")
        try:
            done = self.act("read-tree", self.head or "--empty", index=index)
            if done.code == 0:
                done = self.act(*pack, *take, given=lines, index=index)
            if done.code == 0:
                done = self.act(*_committing(message), index=index)
            if done.code == 0:
                self._stage_as(index, self.inside(paths))
        finally:
            forget(index, f"{index}.lock")
        return done

    def _stage_as(self, index: str, paths: Iterable[str]) -> None:
        """Have git's index say of these files what another index says."""
        there = self.act("ls-files", "--stage", "-z", index=index).out.split(b"\0")[:-1]
        said = {line.partition(b"\t")[2]: line for line in there}
        gone = b"0 " + b"0" * len(self.resolve("HEAD")) + b"\t"
        lines = [said.get(path, gone + path) for path in map(os.fsencode, paths)]
        given = b"".join(line + b"\0" for line in lines)
        done = self.act("update-index", "--add", "--replace", "-z", "--index-info", given=given)
        self.demand(done, "this is committed, but git's index is not up to date")
        self.act("update-index", "-q", "--refresh")

    def stage(self, paths: Sequence[str]) -> None:
        """Stage these workspace files as they are in the work tree, gone ones as deleted; raises
        Refused.
        """
        self.demand(self._add("--all", paths), "git did not stage the items")

    def _add(self, how: str, paths: Sequence[str]) -> Ran:
        """How adding these workspace files ends; also of those that a sparse checkout would leave
        out, which git refuses unless it is asked for.
        """
        files = (how, "--pathspec-from-file=-", "--pathspec-file-nul")
        given = _exactly(self.inside(paths))
        done = self.act("add", *files, given=given)
        if done.code and place.sparse(self.folder):
            done = self.act("add", "--sparse", *files, given=given)
        return done

    def conclude(self, message: str = "") -> str:
        """Commit the merge that git is in the middle of, with this message or git's own; the new
        commit. Raises Refused.
        """
        how = (f"--message={message}", "--cleanup=whitespace") if message else ("--no-edit",)
        self.demand(self.act("commit", "--quiet", *how), "git did not commit the merge")
        self.head = self.resolve("HEAD")
        return self.head

    def demand(self, done: Ran, message: str) -> Ran:
        """``done``, if it went well; raises Refused with this message and git's words."""
        if done.code == 0:
            return done
        held = _HELD.search(done.said)
        if held:
            path = held[1] if held[1].endswith(".lock") else f"{held[1]}.lock"
            raise LockHeld(message, os.path.join(self.root, path))
        raise GitRefused(message, done.said)

    def _follow(self, others: set[str]) -> None:
        """Stage what a hook has put into the last commit, as git itself does only for whole
        commits; ``others`` were staged before.
        """
        late = self.staged() - others
        if late:
            changed = self.ask(
                "diff-tree",
                "-r",
                "--root",
                "--name-only",
                "--no-commit-id",
                "--no-renames",
                "-z",
                str(self.head),
            )
            late &= {os.fsdecode(path) for path in changed.split(b"\0")[:-1]}
        if late:
            self.act(
                "reset",
                "--quiet",
                "--pathspec-from-file=-",
                "--pathspec-file-nul",
                given=_exactly(sorted(late)),
            )

    def switch(self, name: str) -> tuple[bool, list[str]]:
        """Switch to a branch, as `git switch` does; made here if there is none of that name, then
        True. Raises Refused. With the branch come the words of a hook that failed after git had
        switched.
        """
        known = self.run("show-ref", "--verify", "--quiet", f"refs/heads/{name}").returncode == 0
        remote = self.ask("for-each-ref", "--format=%(refname)", f"refs/remotes/*/{name}").split()
        make = [] if known or len(remote) == 1 else ["-c"]
        done = self.act("switch", "--quiet", *make, name)
        if done.code and self.branch == name:
            return bool(make), [*done.said.splitlines(), "the hook post-checkout failed"]
        self.demand(done, f"git did not switch to {name}")
        return bool(make), []
