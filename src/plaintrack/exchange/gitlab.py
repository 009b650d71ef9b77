"""GitLab's issues as the JSON of its API."""

from collections.abc import Iterator, Mapping
from typing import Any

from plaintrack.exchange.draft import Draft, Remark, Words, group, group_key
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.source import BadSource, Source, iso, iso_day, objects
from plaintrack.when import durations

_HOMES = frozenset(
    (
        *("iid", "title", "description", "state", "labels", "milestone", "assignees", "assignee"),
        *("author", "created_at", "closed_at", "due_date", "start_date", "web_url", "references"),
        *("time_stats", "weight", "type", "issue_type", "epic", "iteration", "notes", "closed_by"),
        *("severity", "confidential", "health_status"),
    )
)
_KEPT = ("weight", "severity", "health_status", "closed_by")


def read(source: Source) -> Iterator[Draft]:
    """The issues of a list, with their milestones. Raises BadSource."""
    seen: set[str] = set()
    for issue in objects(source, "issues", "nodes"):
        if not isinstance(issue.get("title"), str) or "iid" not in issue:
            message = "an issue without `iid` or `title`"
            raise BadSource(source.name, message, "read it from the API: …/projects/ID/issues")
        for draft in _groups(issue):
            if draft.key not in seen:
                seen.add(draft.key)
                yield draft
        yield _draft(source, issue)


def _groups(issue: Mapping[str, Any]) -> Iterator[Draft]:
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
            yield made._replace(
                fields={**made.fields, **kept}, body=str(about.get("description") or "")
            )


def _title(about: Any) -> str:
    return str(about.get("title") or "") if isinstance(about, dict) else ""


def _name(who: Any) -> str:
    return str(who.get("username") or who.get("name") or "") if isinstance(who, dict) else ""


def _key(issue: Mapping[str, Any]) -> str:
    references = issue.get("references")
    full = references.get("full") if isinstance(references, dict) else ""
    return str(full or f"#{issue['iid']}")


def _draft(source: Source, issue: Mapping[str, Any]) -> Draft:
    fields: dict[str, Words] = {
        "status": str(issue.get("state") or "opened"),
        "tags": tuple(
            str(each.get("name") if isinstance(each, dict) else each)
            for each in issue.get("labels") or ()
        ),
        "assignee": tuple(filter(None, map(_name, issue.get("assignees") or ()))),
        "type": str(issue.get("issue_type") or "").lower(),
        "due": iso_day(str(issue.get("due_date") or "")),
        "start": iso_day(str(issue.get("start_date") or "")),
    }
    for name, ours in (("created_at", "created"), ("closed_at", "closed")):
        moment = iso(str(issue.get(name) or ""))
        if moment:
            fields[ours] = source.moment(moment)
    extra: dict[str, Words] = {}
    stats = issue.get("time_stats")
    if isinstance(stats, dict):
        if stats.get("time_estimate"):
            fields["estimate"] = durations.show(stats["time_estimate"] / 60)
        if stats.get("total_time_spent"):
            extra["time_spent"] = durations.show(stats["total_time_spent"] / 60)
    for name in _KEPT:
        value = issue.get(name)
        text = _name(value) if isinstance(value, dict) else str(value or "")
        extra.update({name: text} if text and text != "UNKNOWN" else {})
    if _name(issue.get("author")):
        extra["author"] = _name(issue["author"])
    if _title(issue.get("epic")):
        extra["epic"] = _title(issue["epic"])
    links: dict[str, tuple[str, ...]] = {}
    if _title(issue.get("milestone")):
        links["milestone"] = (group_key("milestone", _title(issue["milestone"])),)
    if _title(issue.get("iteration")):
        links["iteration"] = (group_key("milestone", _title(issue["iteration"])),)
    return Draft(
        _key(issue),
        str(issue["title"]),
        str(issue.get("description") or ""),
        {name: value for name, value in fields.items() if value},
        links,
        extra,
        tuple(_remarks(source, issue)),
    )


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
