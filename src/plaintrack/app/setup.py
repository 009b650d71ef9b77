"""Makes a workspace."""

import os
from pathlib import Path

from plaintrack.app.add import shipped
from plaintrack.config.settings import read as read_settings
from plaintrack.store import files


def init(folder: str, prefix: str) -> list[str]:
    """Make what is missing of a workspace in ``folder``; the paths made, relative to it. Overwrites nothing."""
    read_settings({"ids": {"prefix": prefix}})
    root = os.path.abspath(folder)
    text = shipped().joinpath("plaintrack.yml").read_text("utf-8")
    text = text.replace("prefix: PT", f"prefix: {prefix}").replace("timezone: UTC", f"timezone: {timezone()}")
    made = []
    settings = os.path.join(root, "plaintrack.yml")
    if not os.path.lexists(settings):
        files.create(settings, text.encode())
        made.append("plaintrack.yml")
    for name in ("tasks", "projects", "goals", "templates"):
        path = os.path.join(root, name)
        if not os.path.lexists(path):
            files.create(os.path.join(path, ".gitkeep"), b"")
            made.append(f"{name}/")
    return made


def timezone() -> str:
    """The machine's IANA time zone; UTC where it does not say."""
    name = os.environ.get("TZ", "")
    if not name:
        link = Path("/etc/localtime")
        name = str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    return name if name and name[0].isalpha() and " " not in name else "UTC"
