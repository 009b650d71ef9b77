"""Why git cannot answer, or did not do what it was asked for: one class for each failure."""

from plaintrack.errors import PlaintrackError


class NoGit(PlaintrackError):
    """History is asked for where there is none: no repository, or no git on this machine."""

    slug = "no-git"
    plain = False
    """Whether there is nothing that git could know: no repository, or no commit."""


class NoCommit(NoGit):
    """The branch has no commit yet."""

    slug = "no-commit"
    plain = True

    def __init__(self) -> None:
        super().__init__("this branch has no commits yet", "make a commit first")


class OtherWorkTree(NoGit):
    """The repository is set up for another work tree, whose files would be committed."""

    slug = "other-work-tree"

    def __init__(self, tree: str, here: str) -> None:
        super().__init__(
            f"git's work tree is {tree}, not {here}",
            "check core.worktree in the repository's configuration",
        )


class GitNotInstalled(NoGit):
    """There is no git on this machine."""

    slug = "git-not-installed"

    def __init__(self) -> None:
        super().__init__(
            "git is not installed, so there is no history", "install git 2.31 or newer"
        )


class NoHistory(NoGit):
    """Git finds no history here; it says why."""

    slug = "no-history"

    def __init__(self, reason: str) -> None:
        super().__init__(f"no history: {reason}", "run `git init` and commit something")


class NoRepository(NoHistory):
    """The workspace lies in no git repository."""

    slug = "no-repository"
    plain = True

    def __init__(self) -> None:
        super().__init__("not a git repository")


class OthersRepository(NoGit):
    """The repository belongs to another user."""

    slug = "repository-of-another"

    def __init__(
        self, reason: str, trust: str = "git config --global --add safe.directory DIR"
    ) -> None:
        super().__init__(f"no history: git says: {reason}", f"if you trust its owner: `{trust}`")


class NoCommonHistory(NoGit):
    """Two revisions have no commit in common."""

    slug = "no-common-history"

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            f"{left} and {right} share no history", f"compare them directly: {left}..{right}"
        )


class GitFailed(PlaintrackError):
    """Git refused; the message is its own."""

    slug = "git-failed"

    def __init__(self, message: str, hint: str = "nothing was changed", said: str = "") -> None:
        super().__init__(message, hint, said)


class ObjectsUnreadable(GitFailed):
    """Git could not read its objects."""

    slug = "objects-unreadable"

    def __init__(self, code: int) -> None:
        super().__init__(
            f"git cat-file ended with {code}",
            "nothing was changed; `git fsck` checks the repository",
        )


class Incomplete(GitFailed):
    """A partial clone lacks what is asked for; nothing is fetched unasked."""

    slug = "partial-clone"

    def __init__(self, why: str = "", said: str = "") -> None:
        message = "this is a partial clone, and git has not fetched all the contents needed"
        hint = (
            "run `plaintrack --fetch …` to fetch what this command needs, or `git fetch"
            " --refetch --no-filter` to fetch everything"
        )
        super().__init__(
            f"{message}; {why}" if why else message,
            "check the connection, then try again" if said else hint,
            said,
        )


class FetchConfigured(Incomplete):
    """The clone's own configuration names programs for fetching: the setting is not enough."""

    slug = "fetch-configured"

    def __init__(self) -> None:
        super().__init__(
            "this clone's own configuration says how to fetch, so the setting `git` is not used"
        )


class UnknownRevision(PlaintrackError):
    """No commit has that name."""

    slug = "unknown-revision"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"unknown revision {name!r}",
            "name a branch, a tag or a commit; see `git log --oneline`",
        )


def no_history(said: str) -> NoGit:
    """Git's refusal to work here, with what helps."""
    lines = [line.strip() for line in said.strip().removeprefix("fatal: ").splitlines()]
    reason = lines[0].partition(" (")[0] if lines else "not a git repository"
    if "dubious ownership" not in said:
        return NoHistory(reason)
    for line in lines:
        if line.startswith("git config --global --add safe.directory"):
            return OthersRepository(reason, line)
    return OthersRepository(reason)
