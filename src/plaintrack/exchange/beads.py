"""Beads' JSON Lines: ``.beads/issues.jsonl``, or ``bd export``."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from plaintrack.exchange.changes import Change, day, worked
from plaintrack.exchange.draft import Draft, Move, Remark, Words
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.source import BadSource, Source, iso, objects

_PARTS = (
    ("design", "Design"),
    ("acceptance_criteria", "Acceptance criteria"),
    ("notes", "Notes"),
)
_HOMES = frozenset(
    (
        *("id", "title", "description", "status", "priority", "issue_type", "assignee", "labels"),
        *("created_at", "closed_at", "dependencies", "comments", "estimated_minutes", "due_at"),
        *("defer_until", *(name for name, _ in _PARTS)),
    )
)
_DERIVED = frozenset(
    (
        *("updated_at", "content_hash", "compaction_level", "original_size", "source_repo"),
        *("dependency_count", "dependent_count", "comment_count"),
    )
)


def read(source: Source) -> Iterator[Draft]:
    """The issues. Raises BadSource."""
    for issue in objects(source, "issues"):
        if not isinstance(issue.get("title"), str) or not issue.get("id"):
            message = "a record without `id` or `title`"
            raise BadSource(source.name, message, "read `.beads/issues.jsonl`")
        if issue.get("status") != "tombstone":
            yield _draft(source, issue)


def _draft(source: Source, issue: Mapping[str, Any]) -> Draft:
    told: list[Change] = []
    fields: dict[str, Words] = {
        "status": str(issue.get("status") or "open"),
        "type": str(issue.get("issue_type") or ""),
        "assignee": str(issue.get("assignee") or ""),
        "tags": tuple(map(str, issue.get("labels") or ())),
    }
    if issue.get("priority") is not None:
        fields["priority"] = f"P{issue['priority']}"
    if isinstance(issue.get("estimated_minutes"), int | float) and issue["estimated_minutes"] > 0:
        fields["estimate"] = worked("estimate", issue["estimated_minutes"], told)
    for name, ours in (("created_at", "created"), ("closed_at", "closed")):
        moment = iso(str(issue.get(name) or ""))
        if moment:
            fields[ours] = source.moment(moment)
    for name, ours in (("due_at", "due"), ("defer_until", "wait")):
        moment = iso(str(issue.get(name) or ""))
        if moment:
            fields[ours] = day(source, ours, moment, told)
    extra: dict[str, Words] = {}
    links = _links(issue, extra)
    for name, value in issue.items():
        if name not in _HOMES and name not in _DERIVED and value not in (None, "", False, [], {}):
            extra[name] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Draft(
        str(issue["id"]),
        issue["title"],
        _body(issue),
        {name: value for name, value in fields.items() if value},
        links,
        extra,
        tuple(_remarks(source, issue)),
        tuple(_moves(issue)),
        changed=tuple(told),
    )


def _moves(issue: Mapping[str, Any]) -> Iterator[Move]:
    """That it was closed, and when; the file tells no other changes."""
    moment = iso(str(issue.get("closed_at") or ""))
    if moment and issue.get("status") == "closed" and issue.get("created_at"):
        yield Move(moment, "", "status", "open", "closed")


def _body(issue: Mapping[str, Any]) -> str:
    parts = [str(issue.get("description") or "").strip()]
    for name, title in _PARTS:
        if issue.get(name):
            parts.append(f"## {title}\n\n{str(issue[name]).strip()}")
    return "\n\n".join(filter(None, parts))


def _links(issue: Mapping[str, Any], extra: dict[str, Words]) -> dict[str, tuple[str, ...]]:
    """`blocks` holds up, `parent-child` is a part; other dependencies hold nothing up."""
    found: dict[str, list[str]] = {}
    for each in issue.get("dependencies") or ():
        if not isinstance(each, dict) or not each.get("depends_on_id"):
            continue
        kind = str(each.get("type") or "blocks")
        name = {"blocks": "depends_on", "parent-child": "parent"}.get(kind, kind)
        found.setdefault(name, []).append(str(each["depends_on_id"]))
    for name in set(found) - {"depends_on", "parent"}:
        extra[name] = tuple(found.pop(name))
    return {name: tuple(keys) for name, keys in found.items()}


def _remarks(source: Source, issue: Mapping[str, Any]) -> Iterator[Remark]:
    for each in issue.get("comments") or ():
        if isinstance(each, dict) and each.get("text"):
            moment = iso(str(each.get("created_at") or ""))
            said = source.moment(moment) if moment else ""
            yield Remark(str(each["text"]), str(each.get("author") or ""), said)


CODEC = Codec(
    title="beads",
    files="`.beads/issues.jsonl`, or `bd export`",
    reads=read,
    maps={
        "status": {
            "open": "open",
            "in_progress": "active",
            "blocked": "open",
            "deferred": "open",
            "closed": "done",
            "pinned": "open",
            "hooked": "active",
        },
        "priority": {
            "p0": "critical",
            "p1": "high",
            "p2": "medium",
            "p3": "low",
            "p4": "low",
        },
        "type": {"epic": "project"},
    },
    homes={
        "description, design, acceptance_criteria, notes": "the body, with headings",
        "blocks, parent-child": "`depends_on`, `parent`",
        "related, discovered-from": "keys of their own, since they hold nothing up",
        "estimated_minutes": "`estimate`",
        "due_at, defer_until": "`due`, `wait`",
        "created_at, closed_at": "`created`, `closed`; with `--history` two commits",
    },
    loses={"hashes, counts, updated_at, tombstones": "beads' own bookkeeping"},
)
