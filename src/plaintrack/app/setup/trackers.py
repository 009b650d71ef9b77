"""What plaintrack knows of other trackers that keep tasks as Markdown files: where they lie and
what their keys mean.
"""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from plaintrack.errors import PlaintrackError
from plaintrack.exchange.words import category
from plaintrack.store import files
from plaintrack.text.nodes import mapping


class Tracker(NamedTuple):
    """One tracker's layout.

    ``folders`` hold its tasks (those that exist are read), ``signs`` are the keys that tell it from
    others, ``statuses`` map to plaintrack's categories in workflow order, ``fields`` are settings
    of plaintrack's fields (``key``, ``type`` …). ``scheme`` is ``random``, ``sequential``, or empty
    if the ids found are to tell. ``configure`` reads its own settings. ``own`` are keys that it
    writes and plaintrack has no use for.
    """

    name: str
    markers: tuple[str, ...]
    folders: tuple[str, ...]
    signs: frozenset[str]
    statuses: Mapping[str, str]
    priorities: tuple[str, ...]
    fields: Mapping[str, Mapping[str, str]]
    types: tuple[str, ...] = ()
    archive: str = "archive"
    prefix: str = ""
    scheme: str = ""
    length: int = 0
    place: str = "key"
    filename: str = "{id}-{slug}"
    title: str = "key"
    stamps: tuple[str, ...] = ("created",)
    configure: Callable[["Tracker", str], "Tracker"] | None = None
    own: tuple[str, ...] = ()


def _yaml(root: str, *names: str) -> dict[str, Any]:
    """The first of these settings files that can be read; empty without one."""
    for name in names:
        try:
            return mapping(files.read(os.path.join(root, name)).decode("utf-8-sig"), name)
        except (OSError, UnicodeDecodeError, PlaintrackError):
            continue
    return {}


def workflow(names: list[str], known: Mapping[str, str]) -> dict[str, str]:
    """Each status with its category: the known one, else what its name suggests; the last one
    closes if none seems to.
    """
    found = {name: known.get(name) or category(name) for name in names}
    if names and "done" not in found.values():
        found[names[-1]] = "done"
    if names and "open" not in found.values():
        found[names[0]] = "open"
    return found


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [each for each in value if isinstance(each, str) and each]
    return []


def _backlog(tracker: Tracker, root: str) -> Tracker:
    given = _yaml(root, "backlog/config.yml", ".backlog/config.yml", "backlog.config.yml")
    base = ".backlog" if os.path.isdir(os.path.join(root, ".backlog/tasks")) else "backlog"
    statuses = _texts(given.get("statuses"))
    first = given.get("default_status")
    fields = {**tracker.fields, **({"status": {"default": first}} if first in statuses else {})}
    return tracker._replace(
        folders=(f"{base}/tasks", f"{base}/completed"),
        archive=f"{base}/archive/tasks",
        statuses=workflow(statuses, tracker.statuses) if statuses else tracker.statuses,
        prefix=str(given.get("task_prefix") or "task").upper(),
        fields=fields,
    )


def _kanban(tracker: Tracker, root: str) -> Tracker:
    given = _yaml(root, "kanban/config.yml")
    statuses = [
        each["name"] if isinstance(each, dict) else each for each in given.get("statuses") or []
    ]
    priorities = tuple(reversed(_texts(given.get("priorities"))))
    defaults = given.get("defaults")
    fields = dict(tracker.fields)
    for name in ("status", "priority"):
        if isinstance(defaults, dict) and defaults.get(name):
            fields[name] = {"default": defaults[name]}
    return tracker._replace(
        folders=(f"kanban/{str(given.get('tasks_dir') or 'tasks').strip('/')}",),
        statuses=workflow(_texts(statuses), tracker.statuses) if statuses else tracker.statuses,
        priorities=priorities or tracker.priorities,
        fields=fields,
    )


def _taskmd(tracker: Tracker, root: str) -> Tracker:
    given = _yaml(root, ".taskmd.yaml", ".taskmd.yml")
    folder = os.path.normpath(str(given.get("dir") or "tasks"))
    return tracker._replace(folders=(folder,), archive=f"{folder}/archive")


def _beans(tracker: Tracker, root: str) -> Tracker:
    given = _yaml(root, ".beans.yml").get("beans")
    about = given if isinstance(given, dict) else {}
    folder = os.path.normpath(str(about.get("path") or ".beans"))
    length = str(about.get("id_length") or "")
    fields = {
        **tracker.fields,
        "status": {"default": str(about.get("default_status") or "todo")},
        "type": {"default": str(about.get("default_type") or "task")},
    }
    return tracker._replace(
        folders=(folder,),
        archive=f"{folder}/archive",
        prefix=str(about.get("prefix") or "").rstrip("-"),
        length=int(length) if length.isdecimal() else 4,
        fields=fields,
    )


_ROLES = {
    "title": "title",
    "status": "status",
    "priority": "priority",
    "due": "due",
    "start": "scheduled",
    "project": "projects",
}
_ROLES |= {"created": "dateCreated", "closed": "completedDate"}


def _tasknotes(tracker: Tracker, root: str) -> Tracker:
    given = _plugin(root)
    stages = _choices(given, "customStatuses", lambda each: each.get("order", 0))
    levels = _choices(given, "customPriorities", lambda each: -each.get("weight", 0))
    closing = {
        str(each["value"]): "done"
        for each in stages
        if each.get("isCompleted") and category(each["value"]) == "open"
    }
    names = [str(each["value"]) for each in stages]
    folder = _path(given, "tasksFolder", "TaskNotes/Tasks")
    archive = _path(given, "archiveFolder", "TaskNotes/Archive")
    if f"{folder}/".startswith(f"{archive}/"):  # else every task would be archived
        archive = f"{folder}/Archive"
    return tracker._replace(
        folders=(folder,),
        archive=archive,
        statuses=workflow(names, {**tracker.statuses, **closing}) if names else tracker.statuses,
        priorities=tuple(str(each["value"]) for each in levels) or tracker.priorities,
        title=_title(given),
        fields=_fields(tracker, given),
    )


def _plugin(root: str) -> dict[str, Any]:
    """What the plugin of Obsidian has for settings; empty without them."""
    try:
        given = json.loads(files.read(os.path.join(root, ".obsidian/plugins/tasknotes/data.json")))
    except (OSError, ValueError, PlaintrackError):
        return {}
    return given if isinstance(given, dict) else {}


def _choices(
    given: Mapping[str, Any], name: str, order: Callable[[dict[str, Any]], Any]
) -> list[dict[str, Any]]:
    """The statuses or priorities of the user's own, in their order."""
    found = given.get(name) or []
    return sorted(
        (each for each in found if isinstance(each, dict) and each.get("value")), key=order
    )


def _path(given: Mapping[str, Any], name: str, usual: str) -> str:
    return str(given.get(name) or usual).strip("/")


def _title(given: Mapping[str, Any]) -> str:
    """Where titles are; empty: the files are to tell."""
    if "storeTitleInFilename" not in given:
        return ""
    return "filename" if given["storeTitleInFilename"] else "key"


def _fields(tracker: Tracker, given: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The settings of fields: their keys, and the values that new items have."""
    fields = {name: dict(about) for name, about in tracker.fields.items()}
    keys = given.get("fieldMapping") or {}
    for name, role in _ROLES.items():
        key = keys.get(role)
        if key and key != fields.get(name, {}).get("key", name):
            fields.setdefault(name, {})["key"] = key
    if given.get("taskIdentificationMethod", "tag") == "tag":
        fields["tags"] = {"default": str(given.get("taskTag") or "task")}
    for name, (setting, usual) in _DEFAULTS.items():
        fields.setdefault(name, {})["default"] = str(given.get(setting) or usual)
    return fields


_DEFAULTS = {
    "status": ("defaultTaskStatus", "open"),
    "priority": ("defaultTaskPriority", "normal"),
}


TRACKERS: tuple[Tracker, ...] = (
    Tracker(
        "Backlog.md",
        ("backlog/config.yml", "backlog.config.yml", ".backlog/tasks", "backlog/tasks"),
        ("backlog/tasks",),
        frozenset(
            ("dependencies", "labels", "created_date", "updated_date", "parent_task_id", "ordinal")
        ),
        {"Draft": "open", "To Do": "open", "In Progress": "active", "Done": "done"},
        ("high", "medium", "low"),
        {
            "tags": {"key": "labels"},
            "depends_on": {"key": "dependencies"},
            "parent": {"key": "parent_task_id"},
            "milestone": {"type": "text"},
            "created": {"key": "created_date", "format": "%Y-%m-%d %H:%M"},
            "ordinal": {"type": "number"},
        },
        scheme="sequential",
        filename="{id:lower} - {words}",
        configure=_backlog,
        own=("updated_date", "reporter", "references", "documentation", "subtasks"),
    ),
    Tracker(
        "ticket (tk)",
        (".tickets",),
        (".tickets",),
        frozenset(("deps", "links", "external-ref")),
        {"open": "open", "in_progress": "active", "closed": "done"},
        ("0", "1", "2", "3", "4"),
        {
            "depends_on": {"key": "deps", "format": "flow"},
            "tags": {"format": "flow"},
            "type": {"default": "task"},
            "priority": {"type": "integer", "default": "2"},
        },
        types=("task", "bug", "feature", "epic", "chore"),
        archive=".tickets/archive",
        prefix="t",
        scheme="random",
        length=4,
        filename="{id}",
        title="heading",
        own=("links", "external-ref"),
    ),
    Tracker(
        "TaskNotes",
        (".obsidian/plugins/tasknotes", "TaskNotes/Tasks"),
        ("TaskNotes/Tasks",),
        frozenset(
            (
                "scheduled",
                "contexts",
                "projects",
                "dateCreated",
                "dateModified",
                "timeEstimate",
                "completedDate",
            )
        ),
        {"none": "open", "open": "open", "in-progress": "active", "done": "done"},
        ("high", "normal", "low", "none"),
        {
            "project": {"key": "projects", "type": "list of text"},
            "start": {"key": "scheduled"},
            "created": {"key": "dateCreated"},
            "closed": {"key": "completedDate", "type": "date"},
            "contexts": {"type": "list of text"},
            "timeEstimate": {
                "type": "number",
                "doc": "The work it is expected to take, in minutes.",
            },
        },
        scheme="random",
        place="filename",
        filename="{title}",
        title="",
        stamps=("created", "closed"),
        configure=_tasknotes,
        own=(
            *("recurrence", "recurrence_anchor", "complete_instances", "skipped_instances"),
            *("blockedBy", "dateModified", "timeEntries", "reminders", "pomodoros", "icsEventId"),
        ),
    ),
    Tracker(
        "beans",
        (".beans.yml", ".beans"),
        (".beans",),
        frozenset(("created_at", "updated_at", "blocking", "blocked_by")),
        {
            "draft": "open",
            "todo": "open",
            "in-progress": "active",
            "completed": "done",
            "scrapped": "cancelled",
        },
        ("critical", "high", "normal", "low", "deferred"),
        {"depends_on": {"key": "blocked_by"}, "created": {"key": "created_at"}},
        types=("task", "bug", "feature", "epic", "milestone"),
        scheme="random",
        length=4,
        place="filename",
        filename="{id}--{slug}",
        configure=_beans,
        own=("updated_at", "blocking", "order"),
    ),
    Tracker(
        "kanban-md",
        ("kanban/config.yml",),
        ("kanban/tasks",),
        frozenset(("updated", "started", "completed", "class", "claimed_by", "depends_on")),
        {
            "backlog": "open",
            "todo": "open",
            "in-progress": "active",
            "review": "active",
            "done": "done",
            "archived": "cancelled",
        },
        ("critical", "high", "medium", "low"),
        {
            "id": {"type": "integer"},
            "parent": {"type": "integer"},
            "depends_on": {"type": "list of integer"},
            "closed": {"key": "completed"},
        },
        archive="kanban/archive",
        scheme="sequential",
        filename="{id:03}-{slug}",
        stamps=("created", "closed"),
        configure=_kanban,
        own=(
            *("updated", "started", "class", "claimed_by", "claimed_at"),
            *("blocked", "block_reason"),
        ),
    ),
    Tracker(
        "taskmd",
        (".taskmd.yaml", ".taskmd.yml"),
        ("tasks",),
        frozenset(
            ("dependencies", "effort", "owner", "touches", "verify", "phase", "group", "created")
        ),
        {
            "pending": "open",
            "blocked": "open",
            "in-progress": "active",
            "in-review": "active",
            "completed": "done",
            "cancelled": "cancelled",
        },
        ("critical", "high", "medium", "low"),
        {
            "depends_on": {"key": "dependencies"},
            "assignee": {"key": "owner", "type": "person"},
            "effort": {"type": "choice", "choices": "small, medium, large"},
            "created": {"type": "date"},
        },
        configure=_taskmd,
        own=("touches", "verify", "phase", "group", "updated_at"),
    ),
)
