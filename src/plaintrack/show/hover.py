"""What an editor shows about a word, as Markdown: nothing in it is a link or an image."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from plaintrack.model.detail import Detail
from plaintrack.model.fields import Field
from plaintrack.model.person import Leave
from plaintrack.plan.profile import Profile
from plaintrack.render.markdown import escape

LINES = 8
"""Lines of a body."""
_FIELDS = ("type", "priority", "assignee", "due", "estimate", "project", "milestone", "parent")


def item(found: Detail, plan: Mapping[str, Any] | None) -> str:
    """An item: title, status, fields, what it waits for and blocks, and its first lines."""
    task = found.task
    status = task.text("status")
    head = f"**{_id(task.id)}** {escape(task.text('title'), 200)}"
    said = [escape(status)] if status else []
    said += [f"{name}: {escape(task.text(name), 120)}" for name in _FIELDS if task.text(name)]
    derived = [f"{name}: {escape(text, 80)}" for name, text in found.derived if name != "urgency"]
    parts = [head, " · ".join(said), " · ".join(derived)]
    if plan and plan.get("start"):
        parts.append(f"planned: {plan['start']} to {plan['end']} (by the saved files)")
    for heading, tasks in found.related:
        some = [f"{_id(each.id)} {escape(each.text('title'), 60)}" for each in tasks[:5]]
        more = f" and {len(tasks) - 5} more" if len(tasks) > 5 else ""
        parts.append(f"*{heading}*: " + "; ".join(some) + more)
    parts.append(_quoted(task.body))
    return "\n\n".join(filter(None, parts))


def _id(text: str) -> str:
    """An id as it is, so that it can be copied: `gh-12` is no reference in an editor."""
    return text if re.fullmatch(r"[A-Za-z0-9]+-[A-Za-z0-9]+", text) else escape(text)


def _quoted(body: str) -> str:
    """The first lines of a body as code, which no editor obeys."""
    lines = [line for line in body.splitlines() if line.strip()]
    if not lines:
        return ""
    shown = [line[:200].replace("```", "'''") for line in lines[:LINES]]
    return "\n".join(["```markdown", *shown, *(["…"] if len(lines) > LINES else []), "```"])


def person(found: Profile, today: date) -> str:
    """A person: name, teams, the time there is this week and the next, leave, and work."""
    who = found.who
    parts = [f"**{escape(who.handle)}** {escape(who.name)}"]
    if who.teams:
        parts.append(f"team: {escape(', '.join(who.teams))}")
    for week, called in zip(found.weeks[:2], ("this week", "next week"), strict=False):
        if week.minutes is not None:
            why = f" ({escape('; '.join(week.why))})" if week.why else ""
            parts.append(f"{called}: {week.minutes / 60:g} h{why}")
    coming = [each.leave for each in found.away if each.leave.last >= today]
    away = [_leave(each) for each in coming[:4]]
    if away:
        parts.append("away: " + "; ".join(away))
    if found.work:
        some = ", ".join(_id(each.id) for each in found.work[:8])
        parts.append(f"open work: {len(found.work)} ({some})")
    return "\n\n".join(parts)


def _leave(leave: Leave) -> str:
    days = str(leave.first) if leave.first == leave.last else f"{leave.first} to {leave.last}"
    asked = " (asked for)" if leave.asked else ""
    return f"{days} {escape(leave.kind)}{asked}"


def field(key: str, found: Field) -> str:
    """A field: what it means, its kind and its choices."""
    kind = f"list of {found.kind}" if found.many else found.kind
    parts = [f"**{escape(key)}** ({kind})", found.doc]
    if found.choices:
        parts.append("one of " + ", ".join(f"`{each}`" for each in found.choices))
    return "\n\n".join(filter(None, parts))


def lines(found: Iterable[str]) -> str:
    """Lines as a paragraph each."""
    return "\n\n".join(filter(None, found))
