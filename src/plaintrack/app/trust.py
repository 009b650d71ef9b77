"""Trust: commands of rules run only if the user of this machine has seen these very bytes and said yes."""

import json
import os
from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

from plaintrack.app.automations import Rules
from plaintrack.app.journal import LENT
from plaintrack.app.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import Task
from plaintrack.rules.rule import Action, Firing, Rule
from plaintrack.store import files
from plaintrack.store.run import CommandFailed, run

LONGEST = 600.0


class NotTrusted(PlaintrackError):
    """A rule wants to run a command, and nobody said that it may."""

    slug = "not-trusted"
    exit_code = 1


def in_ci() -> bool:
    """Whether this is a CI job, where nobody can consent."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _record(workspace: Workspace) -> str:
    from hashlib import sha256

    state = os.environ.get("XDG_STATE_HOME", "")
    state = state if os.path.isabs(state) else os.path.expanduser("~/.local/state")
    folder = os.path.realpath(os.path.join(state, "plaintrack", "trust"))
    if (folder + os.sep).startswith(os.path.realpath(workspace.root) + os.sep):
        raise NotTrusted(f"the folder for trust, {folder}, lies inside the workspace", "set XDG_STATE_HOME to a folder outside")
    return os.path.join(folder, f"{sha256(os.fsencode(os.path.realpath(workspace.root))).hexdigest()[:32]}.json")


def commands(found: Rules) -> list[tuple[str, list[str]]]:
    """(rule, words) of every command, webhook and notification."""
    return [
        (rule.name, action.about["command"] if action.kind == "run" else [action.kind, str(action.about["url" if action.kind == "webhook" else "to"])])
        for rule in found.rules
        for action in rule.actions
        if action.outside
    ]


def sources(workspace: Workspace, found: Rules) -> dict[str, bytes]:
    """All that trust is bound to: the bytes of the rule files, and of the files of the workspace that commands name."""
    bound = dict(found.sources)
    for _, words in commands(found):
        for word in words:
            path = os.path.realpath(os.path.join(workspace.root, word))
            if (os.sep in word or word != words[0]) and os.path.isfile(path):
                bound[f"file {word}"] = files.read_whole(path)
    return bound


def digest(workspace: Workspace, bound: dict[str, bytes]) -> str:
    """What is compared: one sum over the place of the workspace, the names and the bytes."""
    from hashlib import sha256

    whole = sha256(os.fsencode(os.path.realpath(workspace.root)))
    for name, data in sorted(bound.items()):
        whole.update(b"\0%d\0%s\0%d\0" % (len(os.fsencode(name)), os.fsencode(name), len(data)) + data)
    return whole.hexdigest()


def known(workspace: Workspace) -> dict[str, Any]:
    """The record of this workspace; empty without one, or if others could have written it."""
    try:
        path = _record(workspace)
        info = os.stat(path, follow_symlinks=False)
        if info.st_uid != os.getuid() or info.st_mode & 0o022:
            return {}
        record = json.loads(files.read_whole(path))
        return record if isinstance(record, dict) else {}
    except (OSError, ValueError, files.Oddity):
        return {}


def trusted(workspace: Workspace, found: Rules) -> bool:
    """Whether the present bytes are those that the user said yes to."""
    return not in_ci() and known(workspace).get("digest") == digest(workspace, sources(workspace, found))


def trust(workspace: Workspace, bound: dict[str, bytes]) -> None:
    """Trust these bytes: those that were shown."""
    path = _record(workspace)
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    texts = {name: data.decode("utf-8", "replace") for name, data in bound.items()}
    record = {"root": os.path.realpath(workspace.root), "digest": digest(workspace, bound), "sources": texts}
    temporary = files.temporary_name(path)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(record, file)
    os.replace(temporary, path)


def revoke(workspace: Workspace) -> bool:
    """Trust nothing here any more; whether there was anything."""
    try:
        os.unlink(_record(workspace))
    except FileNotFoundError:
        return False
    return True


def difference(workspace: Workspace, bound: dict[str, bytes]) -> Iterator[str]:
    """The lines of a diff from what was trusted last."""
    old = known(workspace).get("sources", {})
    for name in sorted({*old, *bound}):
        before = str(old.get(name, "")).splitlines()
        after = bound.get(name, b"").decode("utf-8", "replace").splitlines()
        yield from unified_diff(before, after, f"trusted/{name}", f"now/{name}", lineterm="")


def _demand(workspace: Workspace, found: Rules, what: str) -> None:
    if not trusted(workspace, found):
        hint = "nothing of the kind runs in CI" if in_ci() else "look at it with `plaintrack trust`"
        raise NotTrusted(f"{what}: not trusted on this machine; {hint}", hint)


def notification(workspace: Workspace, found: Rules, action: Action, title: str, text: str) -> list[str]:
    """Send a rule's notification to where its ``to`` says; what to tell. ``env:NAME`` stands for an address in the environment. Raises NotTrusted, NotNotified."""
    from plaintrack.store.notify import NotNotified, send

    _demand(workspace, found, "nobody was notified")
    where = str(action.about["to"])
    if where.startswith("env:") and where[4:] not in os.environ:
        raise NotNotified(f"the variable {where[4:]} is not set", "it holds the address to notify")
    send(os.environ[where[4:]] if where.startswith("env:") else where, title, text)
    return [f"notified {where}: {text}"]


def webhook(workspace: Workspace, found: Rules, firing: Firing, action: Action, task: Task, text: str) -> list[str]:
    """Call a rule's webhook; what to tell. ``env:NAME`` stands for an address in the environment. Raises NotTrusted, NotSent."""
    import hmac

    from plaintrack.store.webhook import NotSent, post

    _demand(workspace, found, "the webhook was not called")
    url, secret = str(action.about["url"]), str(action.about.get("secret", ""))
    if url.startswith("env:"):
        url = os.environ.get(url[4:], "")
    if secret and secret not in os.environ:
        raise NotSent(f"the variable {secret} is not set", "it holds the webhook's secret")
    item = {"id": task.id, "path": task.path, "fields": dict(task.fields)}
    given = {"schema": 1, "rule": firing.rule, "why": firing.why, "trigger": firing.item, "key": firing.key, "item": item, "text": text}
    data = json.dumps(given).encode()
    signed = {"X-Hub-Signature-256": "sha256=" + hmac.new(os.environ[secret].encode(), data, "sha256").hexdigest()} if secret else {}
    return [f"webhook answered {post(url, data, signed)}"]


def command(
    workspace: Workspace, found: Rules, rule: Rule, firing: Firing, action: Action, task: Task, journal: str | None = None
) -> list[str]:
    """Run a rule's command; what to tell. What it has plaintrack write counts to the entry of the ``journal``.

    Raises NotTrusted, CommandFailed.
    """
    words = action.about["command"]
    if not trusted(workspace, found):
        hint = "nothing of the kind runs in CI" if in_ci() else "look at it with `plaintrack trust`"
        raise NotTrusted(f"{words[0]} was not run: not trusted on this machine; {hint}", hint)
    item = {"id": task.id, "path": task.path, "fields": dict(task.fields), "body": task.body}
    given = json.dumps({"schema": 1, "rule": rule.name, "why": firing.why, "trigger": firing.item, "item": item}).encode()
    about = {"PLAINTRACK_RULE": rule.name, "PLAINTRACK_WHY": firing.why, "PLAINTRACK_ITEM": task.id, "PLAINTRACK_PATH": task.path}
    about |= {"PLAINTRACK_TITLE": task.text("title"), "PLAINTRACK_STATUS": task.text("status")}
    if journal:
        about[LENT] = journal
    names = action.about.get("env") or []
    text = str(action.about.get("timeout") or "30").rstrip("s")
    seconds = min(float(text) if text.isdecimal() else 30.0, LONGEST)
    try:
        done = run(words, workspace.root, given, about, [names] if isinstance(names, str) else names, seconds)
    finally:
        workspace.look_again()  # it may have written items
    last = done.output.splitlines()[-1][:200] if done.output else ""
    if done.code:
        raise CommandFailed(f"{words[0]} ended with {done.code}" + (f": {last}" if last else ""), "run it by hand")
    return [f"ran {words[0]}" + (f": {last}" if last else "")]
