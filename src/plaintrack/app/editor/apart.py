"""What an editor asks in a process of its own, since it may take long: the plan of the saved
files.
"""

import sys
from collections.abc import Sequence

PLANNED = (("check", "--format", "json"), ("plan", "--format", "json"))
"""The commands whose answers ``Desk.know_plan`` takes."""


def command(root: str, words: Sequence[str]) -> list[str]:
    """The command line of a plaintrack command in a workspace; nothing there is imported."""
    return [sys.executable, "-P", "-m", "plaintrack", "-C", root, *words]
