"""Where the files of a workspace can be seen on the web."""

import re
from urllib.parse import quote

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.store import place
from plaintrack.store.refusals import NoGit

_SCP = re.compile(r"(?:[^@/\s]+@)?([\w.-]+):(?!//)(.+)")
_WEB = re.compile(r"(?:https?|ssh|git)://(?:[^@/\s]*@)?([\w.-]+)(?::\d+)?/(.+)")
_GITLAB = re.compile(r"(^|\.)gitlab\.|(^|\.)salsa\.")
_GITHUB = re.compile(r"(^|\.)github\.")


def source(snapshot: Snapshot) -> str:
    """The address before the paths of the workspace's files; empty if it is not known. No user and
    no password of a remote's address is in it.
    """
    given = str(snapshot.settings.site["source"])
    if given:
        return given if given.endswith("/") else f"{given}/"
    try:
        repo = snapshot.repo
        remote = repo.config("remote.origin.url") or ""
        branch = repo.config("init.defaultBranch") or "main"
        known = repo.branch or branch
    except NoGit:
        return ""
    address = web(remote, known)
    top = place.top(snapshot.root) or snapshot.root
    below = snapshot.root[len(top) :].strip("/\\").replace("\\", "/")
    if not address:
        return ""
    return f"{address}{quote(below)}/" if below else address


def web(remote: str, branch: str) -> str:
    """The address of the files of a branch, from that of a remote: as GitHub, GitLab, and Gitea and
    Forgejo have it; empty if it is not one of a server.
    """
    found = _WEB.fullmatch(remote.strip()) or _SCP.fullmatch(remote.strip())
    if found is None or "." not in found[1]:
        return ""
    host, path = found[1], found[2].strip("/").removesuffix(".git")
    if re.search(r"[\s@:?#]", path):
        return ""
    base = f"https://{host}/{quote(path)}"
    name = quote(branch)
    if _GITHUB.search(host):
        return f"{base}/blob/{name}/"
    if _GITLAB.search(host):
        return f"{base}/-/blob/{name}/"
    return f"{base}/src/branch/{name}/"
