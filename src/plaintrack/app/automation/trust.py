"""Trust: commands of rules run only if the user of this machine has seen these very bytes and said
yes.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from typing import Any, NamedTuple

from plaintrack.app.automation.bound import Bound, bound, checksum, digest
from plaintrack.app.automation.rules import Rules
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.journal import LENT
from plaintrack.errors import PlaintrackError
from plaintrack.errors import command as command_line
from plaintrack.model.task import Task
from plaintrack.rules.rule import Firing
from plaintrack.store import files, state
from plaintrack.store.run import EndedWithError, run

LONGEST = 600.0
NAMED = 50
"""Changed files that are named."""

_ADDRESS = {"webhook": "url", "notify": "to"}
"""Where an action names whom it tells; all others do in `notify`."""


class NotTrusted(PlaintrackError):
    """A rule wants to run a command, and no one said that it may."""

    slug = "not-trusted"
    exit_code = 1


class TrustWithoutTerminal(NotTrusted):
    """There is no terminal to ask on."""

    slug = "trust-without-terminal"

    def __init__(self) -> None:
        super().__init__(
            "trust can only be given on a terminal", f"run {command_line('trust')} in one"
        )


class TrustInCi(NotTrusted):
    """No one can be asked in CI."""

    slug = "trust-in-ci"

    def __init__(self) -> None:
        super().__init__("trust cannot be given in CI", "run the commands as steps of the CI job")


class TrustNowhere(NotTrusted):
    """There is no folder outside the workspace where trust could be kept."""

    slug = "trust-nowhere"

    def __init__(self) -> None:
        super().__init__(
            "trust cannot be kept: you have no folder outside the workspace for it",
            "set XDG_STATE_HOME to a folder that you can write",
        )


class NotConsented(NotTrusted):
    """No one said on this machine that rules may do this."""

    slug = "not-consented"

    def __init__(self, what: str) -> None:
        hint = f"look at it with {command_line('trust')}"
        if in_ci():
            hint = "nothing of the kind runs in CI"
        super().__init__(f"{what}: not trusted on this machine; {hint}", hint)


def in_ci() -> bool:
    """Whether this is a CI job, where no one can consent."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _record(workspace: Workspace) -> str:
    from hashlib import sha256

    mine = state.user(workspace.root)
    if mine is None:
        raise TrustNowhere
    return os.path.join(
        mine,
        "trust",
        f"{sha256(os.fsencode(os.path.realpath(workspace.root))).hexdigest()[:32]}.json",
    )


def commands(found: Rules) -> list[tuple[str, list[str]]]:
    """(rule, words) of every command, webhook and notification."""
    return [
        (
            rule.name,
            (
                action.about["command"]
                if action.kind == "run"
                else [action.kind, str(action.about[_ADDRESS.get(action.kind, "notify")])]
            ),
        )
        for rule in found.rules
        for action in rule.actions
        if action.outside
    ]


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


def trusted(workspace: Workspace, found: Rules, sending: bool = False) -> bool:
    """Whether the present bytes are those that the user said yes to; ``sending`` depends on the
    rules alone, no file is run for it.
    """
    if in_ci():
        return False
    record = known(workspace)
    if sending:
        return record.get("rules") == checksum(workspace, found.sources)
    return bool(record) and record.get("digest") == digest(workspace, bound(workspace, found))


def trust(workspace: Workspace, found: Rules, it: Bound) -> None:
    """Trust these bytes: those that were shown."""
    path = _record(workspace)
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    texts = {name: data.decode("utf-8", "replace") for name, data in it.texts.items()}
    record: dict[str, Any] = {
        "root": os.path.realpath(workspace.root),
        "digest": digest(workspace, it),
        "rules": checksum(workspace, found.sources),
    }
    record |= {"sources": texts, "files": it.sums}
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


def difference(workspace: Workspace, it: Bound) -> Iterator[str]:
    """The lines of a diff from what was trusted last, then the names of the other files that
    differ.
    """
    record = known(workspace)
    old = record.get("sources", {})
    for name in sorted({*old, *it.texts}):
        before = str(old.get(name, "")).splitlines()
        after = it.texts.get(name, b"").decode("utf-8", "replace").splitlines()
        yield from unified_diff(before, after, f"trusted/{name}", f"now/{name}", lineterm="")
    if not record:
        return
    sums = record.get("files", {})
    changed = sorted(name for name in {*sums, *it.sums} if sums.get(name) != it.sums.get(name))
    for name in changed[:NAMED]:
        how = "changed"
        if name not in sums:
            how = "new"
        elif name not in it.sums:
            how = "gone"
        yield f"{how} since: {name}"
    if len(changed) > NAMED:
        yield f"… and {len(changed) - NAMED} more files changed since"


def covered(it: Bound) -> list[str]:
    """What is bound and what is not, in words."""
    count = f"{len(it.sums):,} {'file' if len(it.sums) == 1 else 'files'}"
    if it.whole:
        where = f"{count} of {it.top}, and the rules"
    else:
        where = f"the files that the rules name ({count} in folders), and the rules"
    ours = "items, comments, live blocks, what git ignores" if it.whole else "any other file"
    return [
        f"trust is bound to {where}: nothing runs once one of them changes",
        (
            f"not covered: {ours}, programs and files elsewhere on this machine, and what a command"
            " downloads"
        ),
    ]


def _demand(workspace: Workspace, rules: Rules, what: str) -> None:
    if not trusted(workspace, rules, sending=True):
        raise NotConsented(what)


def notification(workspace: Workspace, rules: Rules, to: str, title: str, text: str) -> list[str]:
    """Send a rule's notification; what to tell. ``env:NAME`` stands for an address in the
    environment. Raises NotTrusted, NotNotified.
    """
    from plaintrack.store.notify import NoAddress, send

    _demand(workspace, rules, "no one was notified")
    where, shown = to, re.sub("://.*", "://…", to, flags=re.DOTALL)  # what follows may be a token
    if to.startswith("env:"):
        shown = to
        if to[4:] not in os.environ:
            raise NoAddress(to[4:])
        where = os.environ[to[4:]]
    send(where, title, text)
    return [f"notified {shown}: {text}"]


def webhook(
    workspace: Workspace,
    rules: Rules,
    firing: Firing,
    task: Task,
    url: str,
    secret: str,
    text: str,
) -> list[str]:
    """Call a rule's webhook; what to tell. ``env:NAME`` stands for an address in the environment,
    ``secret`` names the variable that signs. Raises NotTrusted, NotSent.
    """
    from plaintrack.store.webhook import NoSecret, post

    _demand(workspace, rules, "the webhook was not called")
    if url.startswith("env:"):
        url = os.environ.get(url[4:], "")
    if secret and secret not in os.environ:
        raise NoSecret(secret)
    given = {
        "schema": 1,
        "rule": firing.rule,
        "why": firing.why,
        "trigger": firing.item,
        "key": firing.key,
        "item": {"id": task.id, "path": task.path, "fields": dict(task.fields)},
        "text": text,
    }
    data = json.dumps(given).encode()
    signed = _signed(data, os.environ[secret]) if secret else {}
    return [f"webhook answered {post(url, data, signed)}"]


def _signed(data: bytes, secret: str) -> dict[str, str]:
    """The header with the signature of a message."""
    import hmac

    digest = hmac.new(secret.encode(), data, "sha256").hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}


class Command(NamedTuple):
    """A command of a rule: its words, the variables of the environment that it gets, its time, and
    the entry of the journal that its writes count to.
    """

    words: Sequence[str]
    names: Sequence[str]
    seconds: float
    journal: str | None


def command(
    workspace: Workspace, rules: Rules, firing: Firing, task: Task, asked: Command
) -> list[str]:
    """Run a rule's command; what to tell. Raises NotTrusted, CommandFailed."""
    program = asked.words[0]
    if not trusted(workspace, rules):
        raise NotConsented(f"{program} was not run")
    item = {"id": task.id, "path": task.path, "fields": dict(task.fields), "body": task.body}
    about = {"schema": 1, "rule": firing.rule, "why": firing.why, "trigger": firing.item}
    variables = {
        "PLAINTRACK_RULE": firing.rule,
        "PLAINTRACK_WHY": firing.why,
        "PLAINTRACK_ITEM": task.id,
        "PLAINTRACK_PATH": task.path,
        "PLAINTRACK_TITLE": task.text("title"),
        "PLAINTRACK_STATUS": task.text("status"),
    }
    if asked.journal:
        variables[LENT] = asked.journal
    try:
        done = run(
            list(asked.words),
            workspace.root,
            json.dumps(about | {"item": item}).encode(),
            variables,
            list(asked.names),
            min(asked.seconds, LONGEST),
        )
    finally:
        workspace.look_again()  # it may have written items
    last = done.output.splitlines()[-1][:200] if done.output else ""
    said = f": {last}" if last else ""
    if done.code:
        raise EndedWithError(program, done.code, said)
    return [f"ran {program}{said}"]
