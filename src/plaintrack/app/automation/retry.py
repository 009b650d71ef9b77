"""Does what rules owe: repeats actions that failed when their time has come, and catches up on what
was held back.
"""

import os

from plaintrack.app.automation import ledger, rules
from plaintrack.app.automation.act import Deed, Outcome, attempt, paths_since
from plaintrack.app.automation.breaker import Breaker, paused
from plaintrack.app.automation.owed import DAYS, MOST, source
from plaintrack.app.automation.rules import Rules
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import alone, writing
from plaintrack.app.write.writer import Writer
from plaintrack.rules.rule import Act, Firing
from plaintrack.store.index.seen import Owed, Seen


def _there(workspace: Workspace, each: Owed) -> bool:
    """Whether the ledger has the firing: ``undo`` takes it back, another branch does not know
    it.
    """
    path, _ = ledger.entry(Firing.read(each.firing))
    return os.path.exists(workspace.path(path))


def _void(workspace: Workspace, found: Rules, each: Owed) -> str:
    """Why an action is not to be done any more; empty if it is."""
    rule = found.find(each.firing[0])
    if each.started:
        return "it was interrupted and is not repeated"
    if not _there(workspace, each):
        return "its cause was undone"
    if rule is None or source(found, rule) != each.source:
        return "the rule's file was changed since"
    return ""


def again(writer: Writer, found: Rules, seen: Seen, each: Owed) -> Outcome:
    """Do an action that was put off, or drop it if it is void; what came of it."""
    workspace, firing = writer.workspace, Firing.read(each.firing)
    time = workspace.now.isoformat()
    void = _void(workspace, found, each)
    if void:
        line = f"rule {firing.rule}: {each.target or firing.item} an action was dropped: {void}"
        seen.settle(each, time, f"dropped; {line}")
        return Outcome(firing, "dropped", (line,))
    rule, start = found.named(firing.rule), len(writer.written)
    act = Act(rule, firing, each.action, each.target)
    number = each.attempt + (each.due is not None)
    if act.action.outside:
        seen.begin(each)
    tried = attempt(Deed(writer, found, act), number)
    lines, result, put_off = tried.lines, "done", None
    if tried.later is not None:
        result = "failed"
        put_off = (number, tried.later.due) if tried.later.off else None
    elif rule.retry and number > 1:
        lines = [f"{line} (attempt {number} of {rule.retry + 1})" for line in lines]
    seen.settle(each, time, "; ".join((result, *lines)), put_off)
    return Outcome(firing, result, tuple(lines), frozenset(paths_since(writer, start)))


def due(workspace: Workspace, seen: Seen) -> list[Owed]:
    """The actions whose time to be tried again has come."""
    now = workspace.now.timestamp()
    return [each for each in seen.owed() if each.due is not None and each.due <= now]


def _expired(workspace: Workspace, seen: Seen) -> list[Owed]:
    """What was held back for too long, and the oldest beyond the number that is kept."""
    held = [each for each in seen.owed() if each.due is None]
    oldest = workspace.now.timestamp() - DAYS * 86_400
    return [
        each for place, each in enumerate(held) if each.made < oldest or place < len(held) - MOST
    ]


def expire(workspace: Workspace, seen: Seen) -> None:
    """Drop what was held back for too long, with a line in the log."""
    for each in _expired(workspace, seen):
        seen.settle(
            each,
            workspace.now.isoformat(),
            f"dropped; held back for more than {DAYS} days, or before the last {MOST}",
        )


def held(workspace: Workspace) -> tuple[list[tuple[Owed, str]], list[str]]:
    """The actions that were held back and may be done now, each in words; and why others are
    dropped, which is done.
    """
    if workspace.cache is None or not rules.has_rules(workspace):
        return [], []
    found, wanted, dropped = rules.rules(workspace), [], []
    with alone(workspace):
        seen = Seen(workspace.cache)
        expire(workspace, seen)
        for each in seen.owed():
            if each.due is not None or not _there(workspace, each):
                continue
            firing, void = Firing.read(each.firing), _void(workspace, found, each)
            words = f"rule {firing.rule}: {each.target or firing.item}  {firing.why}"
            if void:
                seen.settle(each, workspace.now.isoformat(), f"dropped; {void}")
                dropped.append(f"{words}: dropped, {void}")
            else:
                wanted.append(
                    (each, f"{words}: {found.named(firing.rule).actions[each.action].kind}")
                )
    return wanted, dropped


def catch_up(workspace: Workspace, wanted: list[Owed]) -> list[Outcome]:
    """Do these actions, as far as they are still owed and rules are not paused."""
    with writing(workspace, "trust") as writer:
        found, seen, outcomes = rules.rules(workspace), Seen(str(workspace.cache)), []
        breaker = Breaker(workspace, seen)
        for each in seen.owed():
            if breaker.holds():
                workspace.notice(paused(seen))
                break
            if any(one.number == each.number for one in wanted):
                outcomes.append(again(writer, found, seen, each))
        return outcomes


def drop(workspace: Workspace, wanted: list[Owed]) -> None:
    """Do not do these actions, ever."""
    with alone(workspace):
        seen = Seen(str(workspace.cache))
        for each in wanted:
            seen.settle(
                each,
                workspace.now.isoformat(),
                "dropped: it was waiting for trust and is no longer wanted",
            )
