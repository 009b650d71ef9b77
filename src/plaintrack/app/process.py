"""What a door settles once for its whole process, before it opens a workspace."""

import os
from functools import cache

from plaintrack.config.own import Own


def enter(folder: str) -> None:
    """Go on in another folder, as ``-C`` asks for; raises OSError.

    Paths in git's environment variables are seen from the folder that is left.
    """
    if any(name.startswith("GIT_") for name in os.environ):
        from plaintrack.store.environment import settle

        settle()
    os.chdir(folder)


def allow_fetching() -> None:
    """Let git fetch what a partial clone lacks, whatever the settings say."""
    from plaintrack.store import repo

    repo.FETCH = True


def own_path() -> str:
    """Where the file of the user's own settings is, or would be; empty without a home."""
    home = os.environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(home):
        home = os.path.join(os.path.expanduser("~"), ".config")
    return os.path.join(home, "plaintrack", "config.yml") if os.path.isabs(home) else ""


@cache
def own() -> Own:
    """The user's own settings, which hold in every workspace and come from no repository;
    their defaults where there is no file. Raises BadOwn.
    """
    file = own_path()
    try:
        with open(file, "rb") as handle:
            data = handle.read()
    except OSError:
        return Own()
    from plaintrack.config.own import BadOwn, read
    from plaintrack.text.nodes import BadYaml, mapping

    try:
        return read(mapping(data.decode("utf-8-sig"), file), file)
    except UnicodeDecodeError as error:
        raise BadOwn(file, f"byte {error.start + 1}", "is not UTF-8") from error
    except BadYaml as error:
        problem = error.problem
        raise BadOwn(file, f"line {problem.line}", problem.message, problem.hint) from error
