"""GitLab's issues as the JSON of its API."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plaintrack.exchange.changes import Change, worked
from plaintrack.exchange.draft import Draft, Remark, Words, group, group_key
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.source import BadSource, Source, iso, iso_day, objects

_HOMES = frozenset(
    (
        *("iid", "title", "description", "state", "labels", "milestone", "assignees", "assignee"),
        *("author", "created_at", "closed_at", "due_date", "start_date", "web_url", "references"),
        *("time_stats", "weight", "type", "issue_type", "epic", "iteration", "notes", "closed_by"),
        *("severity", "confidential", "health_status"),
    )
)
_DERIVED = frozenset(
    (
        *("id", "project_id", "updated_at", "user_notes_count", "merge_requests_count", "upvotes"),
        *("downvotes", "has_tasks", "task_status", "_links", "task_completion_status", "imported"),
        *("blocking_issues_count", "imported_from", "discussion_locked", "subscribed", "epic_iid"),
    )
)
"""What the API says of itself, or derives."""
_KEPT = ("weight", "severity", "health_status", "closed_by", "confidential")


def read(source: Source) -> Iterator[Draft]:
    """The issues of a list, with their milestones. Raises BadSource."""
    seen: set[str] = set()
    for issue in objects(source, "issues", "nodes"):
        if not isinstance(issue.get("title"), str) or "iid" not in issue:
            message = "an issue without `iid` or `title`"
            raise BadSource(source.name, message, "read it from the API: …/projects/ID/issues")
        for draft in _groups(source, issue):
            if draft.key not in seen:
                seen.add(draft.key)
                yield draft
        yield _draft(source, issue)


def _groups(source: Source, issue: Mapping[str, Any]) -> Iterator[Draft]:
    for name in ("milestone", "iteration"):
        about = issue.get(name)
        title = _title(about)
        if title and isinstance(about, dict):
            made = group("milestone", title)
            days = {
                ours: iso_day(str(about.get(f"{theirs}_date") or ""))
                for theirs, ours in (("start", "start"), ("due", "due"))
            }
            kept = {ours: day for ours, day in days.items() if day}
            kept.update(dict(_ended(source, about)))
            yield made._replace(
                fields={**made.fields, **kept}, body=str(about.get("description") or "")
            )


def _ended(source: Source, about: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """When a milestone was made; and that it is closed, and when."""
    closed = about.get("state") == "closed"
    if closed:
        yield "status", "closed"
    for name in ("created", "closed") if closed else ("created",):
        moment = iso(str(about.get(f"{name}_at") or ""))
        if moment:
            yield name, source.moment(moment)


def _title(about: Any) -> str:
    return str(about.get("title") or "") if isinstance(about, dict) else ""


def _name(who: Any) -> str:
    return str(who.get("username") or who.get("name") or "") if isinstance(who, dict) else ""


def _key(issue: Mapping[str, Any]) -> str:
    references = issue.get("references")
    full = references.get("full") if isinstance(references, dict) else ""
    return str(full or f"#{issue['iid']}")


def _draft(source: Source, issue: Mapping[str, Any]) -> Draft:
    told: list[Change] = []
    fields: dict[str, Words] = {
        "status": str(issue.get("state") or "opened"),
        "tags": tuple(_labels(issue.get("labels") or ())),
        "assignee": tuple(filter(None, map(_name, issue.get("assignees") or ()))),
        "type": str(issue.get("issue_type") or "").lower(),
        **dict(_times(source, issue, told)),
    }
    return Draft(
        _key(issue),
        str(issue["title"]),
        str(issue.get("description") or ""),
        {name: value for name, value in fields.items() if value},
        _links(issue),
        {name: text for name, text in _extra(issue, told) if text},
        tuple(_remarks(source, issue)),
        changed=tuple(told),
    )


def _labels(labels: Iterable[Any]) -> Iterator[str]:
    for each in labels:
        yield str(each.get("name") if isinstance(each, dict) else each)


def _times(
    source: Source, issue: Mapping[str, Any], told: list[Change]
) -> Iterator[tuple[str, str]]:
    """Days, moments and the estimate."""
    for name in ("due", "start"):
        yield name, iso_day(str(issue.get(f"{name}_date") or ""))
    for name in ("created", "closed"):
        moment = iso(str(issue.get(f"{name}_at") or ""))
        yield name, source.moment(moment) if moment else ""
    yield "estimate", _spent(issue, "time_estimate", "estimate", told)


def _spent(issue: Mapping[str, Any], name: str, field: str, told: list[Change]) -> str:
    """Seconds of the time statistics as a duration; empty for none."""
    stats = issue.get("time_stats")
    seconds = stats.get(name) if isinstance(stats, dict) else 0
    return worked(field, seconds / 60, told) if isinstance(seconds, int | float) else ""


def _extra(issue: Mapping[str, Any], told: list[Change]) -> Iterator[tuple[str, str]]:
    yield "author", _name(issue.get("author"))
    yield "epic", _title(issue.get("epic"))
    yield "time_spent", _spent(issue, "total_time_spent", "time_spent", told)
    for name in _KEPT:
        value = issue.get(name)
        text = _name(value) if isinstance(value, dict) else _text(value)
        yield ("closer" if name == "closed_by" else name), "" if text == "UNKNOWN" else text
    for name, value in issue.items():
        if name not in _HOMES and name not in _DERIVED:
            yield name, _text(value)


def _text(value: Any) -> str:
    """A value as it is kept; empty for none."""
    if value in (None, "", False, [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _links(issue: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    titles = {name: _title(issue.get(name)) for name in ("milestone", "iteration")}
    return {name: (group_key("milestone", title),) for name, title in titles.items() if title}


def _remarks(source: Source, issue: Mapping[str, Any]) -> Iterator[Remark]:
    for note in issue.get("notes") or ():
        if isinstance(note, dict) and note.get("body") and not note.get("system"):
            moment = iso(str(note.get("created_at") or ""))
            said = source.moment(moment) if moment else ""
            yield Remark(str(note["body"]), _name(note.get("author")), said)


CODEC = Codec(
    title="GitLab",
    files="`glab api --paginate 'projects/ID/issues?per_page=100'`, or `curl` of the same address",
    reads=read,
    maps={"status": {"opened": "open", "closed": "done"}, "type": {"issue": ""}},
    homes={
        "labels": "`tags`",
        "milestone, iteration": "a milestone with `start` and `due`; `milestone`, `iteration`",
        "time_stats": "`estimate`, and `time_spent`",
        "weight, severity, epic": "keys of their own",
        "notes": "comments, where the JSON has them",
    },
    loses={
        "counts, links and flags of the API": "GitLab's own bookkeeping",
        "links between issues": "the API gives them one issue at a time",
    },
)
