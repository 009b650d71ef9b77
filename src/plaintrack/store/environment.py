"""What a git process gets from us: its repository by name, an environment that is about no other,
and configuration that runs nothing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from plaintrack.store import place
from plaintrack.store.place import Repository

SAFE = ("--no-pager", "-c", "safe.bareRepository=explicit")
"""For every git process: only the repository that is named, or that has ``.git`` in the folder it
starts in.
"""

HARDENED = (
    *SAFE,
    "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "core.pager=cat",
    "-c", "log.showSignature=false",
    "-c", "credential.helper=",
    "-c", "submodule.recurse=false",
)  # fmt: skip
"""For reading: git runs no program of its configuration."""

_READING = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # messages in English
    # A partial clone fetches what it lacks whenever an object is read. The first is for git 2.45
    # and newer; no other transport than one named "none" may be used, whatever the configuration
    # allows, is for all.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}

_PATHS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")
_TELLING = (*_PATHS, "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX")
"""Variables that tell of a repository: git sets them for its hooks and aliases, and people in
scripts.
"""

_ALWAYS = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_IMPLICIT_WORK_TREE", "GIT_PREFIX",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE", "GIT_CEILING_DIRECTORIES", "GIT_ATTR_SOURCE", "GIT_CONFIG",
    "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_PAGER",
    "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
)  # fmt: skip
"""Variables that plaintrack says itself, or that would change what git answers."""

_FOREIGN = (
    "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_AUTHOR_DATE",
    "GIT_COMMITTER_DATE",
    "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT",
)  # fmt: skip
"""Variables that count only if they are about our repository. Who the user is, is true in every
one.
"""


def ours(repository: Repository | None) -> bool:
    """Whether what the environment says of a repository is about this one; also if it says nothing.

    Git sets such variables for a hook; if the hook is another repository's, they would have our
    commands write into its index.
    """
    if not any(os.environ.get(name) for name in _TELLING):
        return True
    if repository is None:
        return False
    if repository.named:
        return True
    here = place.walked(os.getcwd())
    start = here.top if here else os.getcwd()
    given = os.environ.get("GIT_DIR")
    if given:
        # a hook starts at the top, and may have gone further down since
        if not any(
            _same(os.path.join(base, given), repository.folder) for base in (os.getcwd(), start)
        ):
            return False
    elif here is None or not _same(here.folder, repository.folder):
        return False
    index = os.environ.get("GIT_INDEX_FILE")
    if index and not os.path.exists(os.path.join(start, index)):
        return False  # a name that meant something in the folder the hook has left
    owner = os.path.dirname(os.path.join(start, index)) if index else repository.folder
    return not place.is_repository(owner) or _same(owner, repository.folder)


def index(repository: Repository | None) -> str | None:
    """The index that git uses instead of the repository's own, as in the hooks of a commit; None:
    its own.
    """
    given = os.environ.get("GIT_INDEX_FILE")
    if not given or repository is None or not ours(repository):
        return None
    return os.path.normpath(os.path.join(repository.top, given))


def clean(repository: Repository | None) -> dict[str, str]:
    """Our environment, without what would lead git to, or has been said of, another repository."""
    found = dict(os.environ)
    for name in _ALWAYS:
        found.pop(name, None)
    if not ours(repository):
        for name in _FOREIGN:
            found.pop(name, None)
    for name in ("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        if found.get(name) and repository:
            found[name] = os.path.normpath(os.path.join(repository.top, found[name]))
    return found


def reading(repository: Repository) -> dict[str, str]:
    """The environment for reading a repository: it is named, nothing is locked, nothing is
    fetched.
    """
    return {
        **clean(repository),
        **_READING,
        "GIT_DIR": repository.folder,
        "GIT_WORK_TREE": repository.top,
    }


def starting(repository: Repository | None) -> dict[str, str]:
    """The environment for a git that starts at the top of the repository and finds ``.git`` there,
    and nowhere else.

    Such a git looks at who owns the repository, as it does not if GIT_DIR is set; and its hooks
    find the environment that the user's own git would give them: with GIT_DIR set, a hook that goes
    to another folder would not reach the repository there.
    """
    found = clean(repository)
    if repository is None:
        # none: not even a folder that looks like a bare one
        return {
            **found,
            "GIT_DIR": os.devnull,
        }
    if repository.named:
        return {**found, "GIT_DIR": repository.folder, "GIT_WORK_TREE": repository.top}
    return {**found, "GIT_CEILING_DIRECTORIES": os.path.dirname(repository.top)}


def asking(repository: Repository) -> dict[str, str]:
    """``starting``, for a git that only reads."""
    return {**starting(repository), **_READING}


@contextmanager
def only(wanted: dict[str, str]) -> Iterator[None]:
    """Take the variables that are not ``wanted`` out of our own environment meanwhile, for a
    library that hands all of it on.
    """
    taken = {name: os.environ.pop(name) for name in [*os.environ] if name not in wanted}
    try:
        yield
    finally:
        os.environ.update(taken)


def settle() -> None:
    """Have git's variables mean the same from another current folder: their paths absolute, and the
    repository named.
    """
    if not any(os.environ.get(name) for name in _TELLING):
        return
    here = place.walked(os.getcwd())
    start = here.top if here else os.getcwd()
    for name in _PATHS:
        given = os.environ.get(name)
        if given and not os.path.isabs(given):
            near = os.path.abspath(given)
            if name != "GIT_INDEX_FILE" and os.path.exists(near):
                os.environ[name] = near
            else:
                os.environ[name] = os.path.join(start, given)
    if here and not os.environ.get("GIT_DIR"):
        os.environ["GIT_DIR"] = here.folder


def _same(one: str, two: str) -> bool:
    try:
        return os.path.samefile(one, two)
    except OSError:
        return False
