"""GitHub's issues as JSON: of ``gh issue list``, ``gh api``, and ``gh project item-list``."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from plaintrack.exchange.draft import Draft, Remark, Words, group, group_key
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.source import BadSource, Source, iso, iso_day, objects

UNLESS_TOLD = 30
"""How many issues ``gh issue list`` gives."""
_PLACE = re.compile(
    r"github\.[^/]+/(?:repos/)?([^/]+/[^/]+)/(?:issues|pull)/(\d+)|([^/]+/[^/]+)#(\d+)"
)
_HOMES = frozenset(
    (
        *("number", "title", "body", "state", "stateReason", "state_reason", "labels", "assignees"),
        *("assignee", "milestone", "author", "user", "comments", "createdAt", "created_at"),
        *("closedAt", "closed_at", "closed", "type", "issueType", "parent", "subIssues"),
        *("blockedBy", "url", "html_url", "content", "status", "repository"),
    )
)
_DERIVED = frozenset(
    (
        *("id", "node_id", "updatedAt", "updated_at", "projectCards", "projectItems", "events_url"),
        *("reactionGroups", "reactions", "labels_url", "comments_url", "repository_url"),
        *("timeline_url", "performed_via_github_app", "author_association", "score", "locked"),
        *("active_lock_reason", "sub_issues_summary", "issue_dependencies_summary", "isPinned"),
        *("draft", "closedByPullRequestsReferences", "subIssuesSummary", "blocking", "stateReason"),
        *(
            "issue_field_values",
            "pinned_comment",
            "issueDependenciesSummary",
            "linked pull requests",
        ),
    )
)
"""What the API says of itself, or derives."""


def read(source: Source) -> Iterator[Draft]:
    """The issues of a list, with their milestones. Pull requests, which the REST API counts among
    the issues, are passed over. Raises BadSource.
    """
    count = pulls = 0
    milestones: set[str] = set()
    for each in objects(source, "items", "data", "nodes"):
        issue = _issue(each)
        if issue.get("pull_request") or "/pull/" in str(issue.get("url", "")):
            pulls += 1
            continue
        if not isinstance(issue.get("title"), str):
            message = f"issue {count + 1} has no `title`"
            raise BadSource(source.name, message, "add title to the fields of `gh … --json`")
        count += 1
        yield from _milestone(source, issue, milestones)
        yield _draft(source, issue)
    if pulls:
        source.note(f"{pulls} pull requests are among the issues; they were passed over")
    if count == UNLESS_TOLD:
        source.note(
            f"these are {count} issues, which is what `gh issue list` gives unless told: was it"
            " run with `--state all --limit 100000`?"
        )


def _issue(each: Mapping[str, Any]) -> dict[str, Any]:
    """An issue; of a Projects item, its issue with the fields of the project laid over it."""
    content = each.get("content")
    if not isinstance(content, dict):
        return dict(each)
    beside = {name: value for name, value in each.items() if name != "content"}
    return {**content, **beside, "labels": each.get("labels") or content.get("labels") or []}


def key(issue: Mapping[str, Any]) -> str:
    """``owner/repository#12``, as far as the JSON says it; a draft of a project has its id."""
    url = str(issue.get("html_url") or issue.get("url") or "")
    found = _PLACE.search(url)
    if found:
        return f"{found[1] or found[3]}#{found[2] or found[4]}"
    number = issue.get("number")
    if number is None:
        return str(issue.get("id") or issue.get("title"))
    repository = issue.get("repository")
    if isinstance(repository, dict):
        repository = repository.get("nameWithOwner") or repository.get("full_name")
    name = str(repository or "").removeprefix("https://github.com/")
    return f"{name}#{number}"


def _milestone(source: Source, issue: Mapping[str, Any], seen: set[str]) -> Iterator[Draft]:
    about = issue.get("milestone")
    title = _milestone_title(issue)
    if not title or title in seen:
        return
    seen.add(title)
    due = str((about.get("dueOn") or about.get("due_on") or "") if isinstance(about, dict) else "")
    made = group("milestone", title)
    text = str(about.get("description") or "") if isinstance(about, dict) else ""
    closed = isinstance(about, dict) and about.get("state") == "closed"
    # GitHub keeps the day of a milestone as midnight, or 8:00, in UTC
    fields = {**made.fields, **({"due": iso_day(due)} if iso_day(due) else {})}
    fields.update({"status": "closed"} if closed else {})
    for name in ("created", "closed"):
        moment = iso(str(about.get(f"{name}_at") or "")) if isinstance(about, dict) else None
        if moment and (closed or name == "created"):
            fields[name] = source.moment(moment)
    yield made._replace(fields=fields, body=text)


def _milestone_title(issue: Mapping[str, Any]) -> str:
    about = issue.get("milestone")
    return str(about.get("title") or "") if isinstance(about, dict) else str(about or "")


def _draft(source: Source, issue: Mapping[str, Any]) -> Draft:
    fields: dict[str, Words] = {
        "status": _status(issue),
        "tags": _names(issue.get("labels")),
        "assignee": _names(issue.get("assignees") or _one(issue.get("assignee"))),
        "type": _names(_one(issue.get("issueType") or issue.get("type")))[:1],
    }
    for name, ours in (("created", "created"), ("closed", "closed")):
        moment = iso(str(issue.get(f"{name}At") or issue.get(f"{name}_at") or ""))
        if moment:
            fields[ours] = source.moment(moment)
    extra: dict[str, Words] = {}
    columns = tuple(_columns(issue))
    if columns:
        extra["project status"] = columns
    author = _login(issue.get("author") or issue.get("user"))
    if author:
        extra["author"] = author
    for name, value in issue.items():
        if name not in _HOMES and name not in _DERIVED and not name.endswith("_url"):
            extra.update({name: words} if (words := _words(value)) else {})
    return Draft(
        key(issue),
        str(issue["title"]),
        str(issue.get("body") or ""),
        {name: value for name, value in fields.items() if value},
        _links(issue),
        extra,
        tuple(_remarks(source, issue)),
    )


def _columns(issue: Mapping[str, Any]) -> Iterator[str]:
    """Where an issue stands in the projects that it is in."""
    for each in issue.get("projectItems") or ():
        status = each.get("status") if isinstance(each, dict) else None
        if isinstance(status, dict) and status.get("name"):
            yield str(status["name"])


def _status(issue: Mapping[str, Any]) -> str:
    """The column of a Projects item; else open, closed, or closed with its reason."""
    if issue.get("status"):
        return str(issue["status"])
    state = str(issue.get("state") or "open").lower()
    reason = str(issue.get("stateReason") or issue.get("state_reason") or "").lower()
    if state == "closed" and reason in ("not_planned", "duplicate"):
        return reason.replace("_", " ")
    return state


def _links(issue: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    links: dict[str, tuple[str, ...]] = {}
    parent = issue.get("parent")
    if isinstance(parent, dict) and parent:
        links["parent"] = (_near(issue, parent),)
    blockers = issue.get("blockedBy")
    nodes = blockers.get("nodes") if isinstance(blockers, dict) else blockers
    if nodes:
        links["depends_on"] = tuple(_near(issue, each) for each in nodes if isinstance(each, dict))
    if _milestone_title(issue):
        links["milestone"] = (group_key("milestone", _milestone_title(issue)),)
    return links


def _near(issue: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """The key of another issue; of the same repository if it does not say."""
    found = key(other)
    mine = key(issue).partition("#")[0]
    return f"{mine}{found}" if found.startswith("#") else found


def _remarks(source: Source, issue: Mapping[str, Any]) -> Iterator[Remark]:
    comments = issue.get("comments")
    if isinstance(comments, int) and comments:
        source.note("the JSON has the numbers of comments only: `gh issue list --json comments,…`")
    for each in comments if isinstance(comments, list) else ():
        if isinstance(each, dict) and each.get("body"):
            moment = iso(str(each.get("createdAt") or each.get("created_at") or ""))
            who = _login(each.get("author") or each.get("user"))
            yield Remark(str(each["body"]), who, source.moment(moment) if moment else "")


def _login(who: Any) -> str:
    return (
        str(who.get("login") or who.get("name") or "") if isinstance(who, dict) else str(who or "")
    )


def _one(value: Any) -> list[Any]:
    return [value] if value else []


def _names(values: Any) -> tuple[str, ...]:
    """The names in a list of labels or people, whatever API wrote it."""
    found = []
    for each in values or ():
        name = each.get("login") or each.get("name") if isinstance(each, dict) else each
        if name:
            found.append(" ".join(str(name).split()))
    return tuple(found)


def _words(value: Any) -> Words:
    """A property as text: of objects, what people see of them."""
    if isinstance(value, dict):
        named = value.get("title") or value.get("name") or value.get("login")
        value = named or (json.dumps(value, ensure_ascii=False) if value else "")
    if isinstance(value, list):
        return tuple(filter(None, (str(_words(each)) for each in value)))
    if value is None or value is False:
        return ""
    return "true" if value is True else str(value)


CODEC = Codec(
    title="GitHub",
    files="`gh issue list --state all --limit 100000 --json number,title,body,state,stateReason,"
    "labels,assignees,milestone,author,comments,createdAt,closedAt,url > issues.json`;"
    " also `gh api --paginate repos/OWNER/REPO/issues?state=all`, and"
    " `gh project item-list NUMBER --owner OWNER --format json --limit 100000`",
    reads=read,
    maps={
        "status": {
            "open": "open",
            "closed": "done",
            "not planned": "cancelled",
            "duplicate": "cancelled",
            "completed": "done",
        },
    },
    homes={
        "labels": "`tags`",
        "assignees": "`assignee`",
        "issue type": "`type`, where the workspace has it",
        "milestone": "a milestone with its `due`",
        "parent, blockedBy": "`parent`, `depends_on`",
        "stateReason": "the category: not planned and duplicate are cancelled",
        "comments": "comments, with author and moment",
        "projectItems": "`project_status`; of an export of the project it is `status`",
    },
    loses={
        "pull requests": "they are not issues",
        "reactions, locks, pins": "there is nothing like them here",
    },
)
