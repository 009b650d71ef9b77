"""What git is doing at this moment, as its folder tells; starts no process."""

import os
import time

_STALE = 600.0  # seconds after which a lock of git's is taken for one that a dead process left
_UNDERWAY = {
    "rebase-merge": "rebase", "rebase-apply/applying": "am", "rebase-apply": "rebase",
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick", "REVERT_HEAD": "revert", "sequencer": "cherry-pick",
    "BISECT_LOG": "bisect",
}  # fmt: skip


def underway(folder: str) -> str:
    """What git is in the middle of, as its git folder tells; empty: nothing that it would go on
    with.
    """
    return next(
        (name for file, name in _UNDERWAY.items() if os.path.exists(os.path.join(folder, file))), ""
    )


REST = 0.5
"""Seconds that git has left its index alone, after which a watcher takes what is there for the
user's own work.
"""


def at_work(folder: str, rest: float = 0.0) -> bool:
    """Whether a git process holds the index or HEAD of a git folder, as it does while it changes
    the work tree; not one that died long ago.

    Or has held the index less than ``rest`` seconds ago: a merge moves HEAD a moment after it is
    through with files and index.
    """

    def age(name: str) -> float:
        try:
            return time.time() - os.stat(os.path.join(folder, name)).st_mtime
        except OSError:
            return _STALE

    return age("index.lock") < _STALE or age("HEAD.lock") < _STALE or 0 <= age("index") < rest
