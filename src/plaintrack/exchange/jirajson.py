"""Jira's JSON, as its search gives it: ``{"issues": [{"key": …, "fields": {…}}]}``."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from plaintrack.exchange.changes import Change, day
from plaintrack.exchange.draft import Draft, Move, Remark, Span, Words, group, group_key
from plaintrack.exchange.jirawords import spent
from plaintrack.exchange.source import BadSource, Source, iso, iso_day, objects

_HOMES = frozenset(
    (
        *("summary", "description", "status", "resolution", "issuetype", "priority", "assignee"),
        *("labels", "duedate", "created", "resolutiondate", "parent", "comment", "worklog"),
        *("timeoriginalestimate", "timeestimate", "fixVersions", "issuelinks", "subtasks"),
    )
)
_DERIVED = frozenset(
    (
        *("updated", "lastViewed", "workratio", "aggregatetimespent", "timespent", "watches"),
        *("aggregatetimeoriginalestimate", "aggregatetimeestimate", "aggregateprogress", "votes"),
        *("progress", "statuscategorychangedate", "timetracking", "project", "statusCategory"),
        *("thumbnail", "issuerestriction"),
    )
)
_BLOCKS = ("paragraph", "heading", "codeBlock")
_WORDS = (
    *("doc", "text", "paragraph", "listItem", "bulletList", "hardBreak"),
    *("mention", "emoji", "inlineCard"),
)
"""Nodes of Atlassian's documents whose words are all that they say."""
_NOTHING_DONE = ("won't", "wont", "duplicate", "declined", "cannot", "invalid", "incomplete")


def status(word: str, resolution: str) -> str:
    """A status; with the resolution where that says that nothing was done."""
    if any(sign in resolution.lower() for sign in _NOTHING_DONE):
        return f"cancelled ({resolution})"
    return word


def told(resolution: str) -> bool:
    """Whether a resolution says more than the status does."""
    return resolution.lower() not in ("", "done", "unresolved")


def read(source: Source) -> Iterator[Draft]:
    """The issues, with their versions. Raises BadSource."""
    seen: set[str] = set()
    for issue in objects(source, "issues"):
        about = issue.get("fields")
        if not isinstance(about, dict) or not issue.get("key"):
            message = "an issue without `key` or `fields`"
            raise BadSource(source.name, message, "read it from /rest/api/2/search")
        for version in about.get("fixVersions") or ():
            name = _name(version)
            if name and name not in seen:
                seen.add(name)
                made = group("milestone", name)
                due = iso_day(str(version.get("releaseDate") or ""))
                yield made._replace(fields={**made.fields, **({"due": due} if due else {})})
        last = _last_sprint(about)
        if last and _name(last) not in seen:
            seen.add(_name(last))
            yield _sprint(source, last)
        yield _draft(source, issue, about)


def _sprints(value: Any) -> bool:
    """Whether a custom field has sprints: the last one is where the issue is."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) and each.get("name") and "boardId" in each for each in value)
    )


def _last_sprint(about: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sprint that an issue is in; empty for none."""
    for name, value in about.items():
        if name.startswith("customfield_") and _sprints(value):
            found: Mapping[str, Any] = value[-1]
            return found
    return {}


def _sprint(source: Source, about: Mapping[str, Any]) -> Draft:
    made = group("milestone", _name(about))
    fields: dict[str, Words] = dict(made.fields)
    changed: list[Change] = []
    for name, ours in (("startDate", "start"), ("endDate", "due")):
        moment = iso(str(about.get(name) or ""))
        fields.update({ours: day(source, ours, moment, changed)} if moment else {})
    return made._replace(fields=fields, changed=tuple(changed))


def _name(value: Any) -> str:
    if isinstance(value, dict):
        for key in ("displayName", "name", "value", "key", "filename"):
            if value.get(key):
                return str(value[key])
        return ""
    return str(value or "")


def _person(who: Any) -> str:
    if not isinstance(who, dict):
        return str(who or "")
    return str(who.get("emailAddress") or who.get("name") or who.get("displayName") or "")


def text(value: Any) -> str:
    """A text; of Atlassian's document format, its words."""
    if isinstance(value, dict):
        inner = "".join(text(each) for each in value.get("content") or ())
        about = value.get("attrs")
        said = about.get("text") or about.get("url") if isinstance(about, dict) else ""
        own = str(value.get("text") or said or "")
        kind = value.get("type")
        ends = "\n\n" if kind in _BLOCKS else "\n" if kind == "hardBreak" else ""
        mark = "- " if kind == "listItem" else ""
        return f"{mark}{own}{inner}{ends}"
    return str(value or "")


def _plain(value: Any) -> bool:
    """Whether the words of a document are all that it says."""
    if not isinstance(value, dict):
        return True
    inner = value.get("content") or ()
    kind = value.get("type")
    return not value.get("marks") and kind in _WORDS and all(_plain(each) for each in inner)


def _draft(source: Source, issue: Mapping[str, Any], about: Mapping[str, Any]) -> Draft:
    changed: list[Change] = []
    fields: dict[str, Words] = {
        "status": status(_name(about.get("status")), _name(about.get("resolution"))),
        "type": _name(about.get("issuetype")),
        "priority": _name(about.get("priority")),
        "assignee": _person(about.get("assignee")),
        "tags": tuple(map(str, about.get("labels") or ())),
        "due": iso_day(str(about.get("duedate") or "")),
        "estimate": spent("estimate", str(about.get("timeoriginalestimate") or ""), changed),
        "remaining": spent("remaining", str(about.get("timeestimate") or ""), changed),
    }
    for name, ours in (("created", "created"), ("resolutiondate", "closed")):
        moment = iso(str(about.get(name) or ""))
        if moment:
            fields[ours] = source.moment(moment)
    extra: dict[str, Words] = {}
    for name, value in about.items():
        if name in _HOMES or name in _DERIVED or value in (None, "", [], {}, "{}"):
            continue
        if _sprints(value):
            if value[:-1]:
                extra["Earlier sprints"] = tuple(_name(each) for each in value[:-1])
        elif not (isinstance(value, dict) and "hasEpicLinkFieldDependency" in value):
            extra[name] = _kept(value)
    extra.update(_beside(about))
    words = text(about.get("description")).strip()
    if not _plain(about.get("description")):
        changed.append(Change("body", "Atlassian's document", words[:60], _UNMARKED))
    if not all(_plain(each.get("body")) for each in _listed(about, "comment", "comments")):
        changed.append(Change("comments", "Atlassian's documents", "their words", _UNMARKED))
    return Draft(
        str(issue["key"]),
        str(about.get("summary") or ""),
        words,
        {name: value for name, value in fields.items() if value},
        _links(about),
        {name: value for name, value in extra.items() if value},
        tuple(_remarks(source, about)),
        tuple(_moves(issue)),
        tuple(_spans(source, about)),
        changed=tuple(changed),
    )


_UNMARKED = "words without formatting"


def _kept(value: Any) -> Words:
    """A property as text: of objects their name, else all they say."""
    if isinstance(value, list):
        return tuple(str(_kept(each)) for each in value if each not in (None, "", [], {}))
    if isinstance(value, dict):
        words = text(value).strip() if value.get("type") == "doc" else _name(value)
        return words or json.dumps(value, ensure_ascii=False)
    return _name(value)


def _beside(about: Mapping[str, Any]) -> Iterator[tuple[str, Words]]:
    """What has a field that does not hold all of it."""
    if told(_name(about.get("resolution"))):
        yield "Resolution", _name(about.get("resolution"))
    versions = [name for name in map(_name, about.get("fixVersions") or ()) if name]
    if versions[1:]:
        yield "Fix versions", tuple(versions[1:])
    links: dict[str, list[str]] = {}
    for each in about.get("issuelinks") or ():
        kind = each.get("type")
        for side in ("inward", "outward"):
            other = each.get(f"{side}Issue")
            if isinstance(other, dict) and other.get("key") and _name(kind) != "Blocks":
                said = kind.get(side) if isinstance(kind, dict) else ""
                links.setdefault(str(said or _name(kind) or side), []).append(str(other["key"]))
    yield from ((name, tuple(keys)) for name, keys in links.items())
    if about.get("timespent") and not _listed(about, "worklog", "worklogs"):
        yield "Time Spent", spent("", str(about["timespent"]), [])


def _links(about: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    links: dict[str, tuple[str, ...]] = {}
    if isinstance(about.get("parent"), dict) and about["parent"].get("key"):
        links["parent"] = (str(about["parent"]["key"]),)
    blockers = tuple(
        str(each["inwardIssue"]["key"])
        for each in about.get("issuelinks") or ()
        if _name(each.get("type")) == "Blocks" and isinstance(each.get("inwardIssue"), dict)
    )
    if blockers:
        links["depends_on"] = blockers
    versions = [name for name in map(_name, about.get("fixVersions") or ()) if name]
    sprint = _last_sprint(about)
    if sprint:
        links["iteration"] = (group_key("milestone", _name(sprint)),)
    if versions:
        links["milestone"] = (group_key("milestone", versions[0]),)
    return links


def _listed(about: Mapping[str, Any], name: str, within: str) -> list[Any]:
    value = about.get(name)
    return list(value.get(within) or ()) if isinstance(value, dict) else []


def _remarks(source: Source, about: Mapping[str, Any]) -> Iterator[Remark]:
    for each in _listed(about, "comment", "comments"):
        words = text(each.get("body")).strip()
        if words:
            moment = iso(str(each.get("created") or ""))
            said = source.moment(moment) if moment else ""
            yield Remark(words, _person(each.get("author")), said)


def _spans(source: Source, about: Mapping[str, Any]) -> Iterator[Span]:
    for name, within in (("worklog", "worklogs"), ("comment", "comments")):
        value = about.get(name)
        total = value.get("total") if isinstance(value, dict) else None
        if isinstance(total, int) and total > len(_listed(about, name, within)):
            source.note(
                f"of some issues the JSON has not all {within}: Jira gives the first ones only;"
                f" the rest is at /rest/api/2/issue/KEY/{name}"
            )
    for each in _listed(about, "worklog", "worklogs"):
        begun = iso(str(each.get("started") or ""))
        seconds = each.get("timeSpentSeconds")
        if begun and begun.tzinfo and isinstance(seconds, int) and seconds > 0:
            note = " ".join(text(each.get("comment")).split())
            yield Span(begun, begun + timedelta(seconds=seconds), _person(each.get("author")), note)


def _moves(issue: Mapping[str, Any]) -> Iterator[Move]:
    found = []
    for each in _listed(issue, "changelog", "histories"):
        moment = iso(str(each.get("created") or ""))
        for item in each.get("items") or ():
            if moment and item.get("field") == "status":
                old, new = str(item.get("fromString") or ""), str(item.get("toString") or "")
                found.append(Move(moment, _person(each.get("author")), "status", old, new))
    yield from sorted(found, key=lambda move: move.date)
