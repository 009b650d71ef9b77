"""What a door settles once for its whole process, before it opens a workspace."""

import os


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
