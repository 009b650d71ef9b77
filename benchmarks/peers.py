"""Measure other trackers that are on PATH, on the same items: Taskwarrior (``task``) and Backlog.md (``backlog``).

The items are written as each tracker's own files, so that no import is measured. What a tracker has no field for is left out.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from statistics import median
from typing import Any, NamedTuple

import measure

Item = dict[str, Any]
Commands = dict[str, list[str]]

WORDS = {
    "todo": "To Do",
    "in-progress": "In Progress",
    "review": "In Progress",
    "done": "Done",
    "cancelled": "Done",
}
LETTERS = {"critical": "H", "high": "H", "medium": "M", "low": "L"}

MAY_FIND_NOTHING = (0, 1)  # exit codes
PATIENCE = 30  # seconds after which a peer is not run again


class Peer(NamedTuple):
    """A tracker: its program, how its files are written, and its commands for what plaintrack's are measured at."""

    program: str
    fill: Callable[[str, list[Item]], None]
    commands: Callable[[str, list[Item]], Commands]
    settings: Callable[[str], dict[str, str]]


def load(folder: str) -> list[Item]:
    """The front matter of every item without what is empty, its body under ``body``."""
    import yaml

    found = []
    for path in sorted(measure.items(folder)):
        with open(path, encoding="utf-8") as handle:
            head, body = handle.read().split("\n---\n", 1)
        fields = yaml.load(head, Loader=yaml.CSafeLoader)
        found.append(
            {**{name: value for name, value in fields.items() if value is not None}, "body": body}
        )
    return found


def _epoch(value: date | datetime) -> int:
    moment = (
        value
        if isinstance(value, datetime)
        else datetime(value.year, value.month, value.day, tzinfo=UTC)
    )
    return int(moment.timestamp())


def _uuid(ident: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, ident))


def _taskwarrior_line(item: Item) -> str:
    closed = item["status"] in ("done", "cancelled")
    words = {"done": "completed", "cancelled": "deleted"}
    fields = {
        "description": item["title"],
        "entry": _epoch(item["created"]),
        "status": words.get(item["status"]) or ("waiting" if "wait" in item else "pending"),
        "uuid": _uuid(item["id"]),
        f"annotation_{_epoch(item['created'])}": item["body"].replace("\n", " "),
    }
    if not closed and item["status"] != "todo":
        fields["start"] = fields["entry"]
    fields |= {name: _epoch(item[name]) for name in ("due", "wait") if name in item}
    fields |= {"end": _epoch(item["closed"])} if closed else {}
    fields |= {"priority": LETTERS[item["priority"]]} if "priority" in item else {}
    fields |= {"project": item["project"]} if "project" in item else {}
    fields |= (
        {"tags": ",".join(tag.replace("-", "_") for tag in item["tags"])} if "tags" in item else {}
    )
    fields |= {"depends": ",".join(map(_uuid, item["depends_on"]))} if "depends_on" in item else {}
    escaped = {
        name: str(value).replace('"', "&dquot;").replace("[", "&open;").replace("]", "&close;")
        for name, value in fields.items()
    }
    return "[" + " ".join(f'{name}:"{text}"' for name, text in sorted(escaped.items())) + "]\n"


def fill_taskwarrior(folder: str, items: list[Item]) -> None:
    """``pending.data`` and ``completed.data`` of Taskwarrior 2.6."""
    for name, closed in (("pending.data", False), ("completed.data", True)):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as handle:
            handle.writelines(
                _taskwarrior_line(one)
                for one in items
                if (one["status"] in ("done", "cancelled")) == closed
            )
    with open(f"{folder}/taskrc", "w", encoding="utf-8") as handle:
        handle.write(f"data.location={folder}\nconfirmation=off\n")


def _todo(items: list[Item]) -> Item:
    half = len(items) // 2
    return next(
        one for one in [*items[half:], *items] if one["status"] == "todo" and "wait" not in one
    )


def taskwarrior(_: str, items: list[Item]) -> Commands:
    """The same questions in Taskwarrior's words."""
    one = _uuid(_todo(items)["id"])
    return {
        "list --limit 25": ["list", "limit:25"],
        "list": ["list"],
        "next": ["next", "limit:20"],
        "show ID": [one, "info"],
        "list QUERY --limit 25": [
            "status:pending",
            "+web",
            "due.before:now+30d",
            "list",
            "limit:25",
        ],
        "search WORD --limit 25": ["/zebrafish/", "list", "limit:25"],
        "set ID": [one, "modify", "priority:{priority}"],
        "add": ["add", "Look into the new report", "+web", "due:now+3d"],
    }


def fill_backlog(folder: str, items: list[Item]) -> None:
    """``backlog/tasks/*.md`` of Backlog.md; numbers in place of ids."""
    import yaml

    os.makedirs(f"{folder}/backlog/tasks")
    with open(f"{folder}/backlog/config.yml", "w", encoding="utf-8") as handle:
        handle.write(
            'project_name: "bench"\ndefault_status: "To Do"\nstatuses: ["To Do", "In Progress", "Done"]\nlabels: []\n'
        )
        handle.write(
            "date_format: yyyy-mm-dd\nremote_operations: false\nauto_commit: false\nfilesystem_only: true\n"
        )
        handle.write('check_active_branches: false\ntask_prefix: "task"\n')
    numbers = {one["id"]: f"TASK-{at}" for at, one in enumerate(items, 1)}
    for at, one in enumerate(items, 1):
        head = {
            "id": f"TASK-{at}",
            "title": one["title"],
            "status": WORDS[one["status"]],
            "assignee": [f"@{one['assignee']}"] if "assignee" in one else [],
            "created_date": f"{one['created']:%Y-%m-%d %H:%M}",
            "labels": one.get("tags", []),
            "dependencies": [numbers[each] for each in one.get("depends_on", [])],
            "ordinal": at * 1000,
        }
        if "priority" in one:
            head["priority"] = {"critical": "high"}.get(one["priority"], one["priority"])
        text = yaml.dump(head, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
        body = f"\n## Description\n\n<!-- SECTION:DESCRIPTION:BEGIN -->\n{one['body']}<!-- SECTION:DESCRIPTION:END -->\n"
        with open(f"{folder}/backlog/tasks/task-{at} - item.md", "w", encoding="utf-8") as handle:
            handle.write(f"---\n{text}---\n{body}")


def backlog(_: str, items: list[Item]) -> Commands:
    """The same questions in Backlog.md's words; it has no query over due dates here."""
    one = str(items.index(_todo(items)) + 1)
    return {
        "list --limit 25": ["task", "list", "--plain", "--limit", "25"],
        "list": ["task", "list", "--plain"],
        "next": ["task", "list", "--ready", "--sort", "priority", "--plain", "--limit", "20"],
        "show ID": ["task", "view", one, "--plain"],
        "list QUERY --limit 25": [
            "task",
            "list",
            "--status",
            "To Do",
            "--labels",
            "web",
            "--plain",
            "--limit",
            "25",
        ],
        "search WORD --limit 25": ["search", "zebrafish", "--plain", "--limit", "25"],
        "set ID": ["task", "edit", one, "--priority", "{word}"],
        "add": ["task", "create", "Look into the new report", "-l", "web"],
    }


PEERS = [
    Peer(
        "task",
        fill_taskwarrior,
        taskwarrior,
        lambda folder: {"TASKRC": f"{folder}/taskrc", "TASKDATA": folder},
    ),
    Peer("backlog", fill_backlog, backlog, lambda folder: {"BACKLOG_CWD": folder}),
]


def _measure(peer: Peer, path: str, items_file: str, runs: int) -> list[dict[str, Any]]:
    with open(items_file, encoding="utf-8") as handle:
        commands: Commands = json.load(handle)
    env = measure.environment() | peer.settings(os.path.dirname(items_file))
    samples: dict[str, list[measure.Sample]] = {name: [] for name in commands}
    started = time.perf_counter()
    for number in range(runs + 1):
        if number > 1 and time.perf_counter() - started > PATIENCE:
            break
        for name, words in commands.items():
            high = number % 2 == 0
            filled = [
                word.format(priority="HL"[high], word="high" if high else "low") for word in words
            ]
            sample = measure.process(
                [path, *filled],
                env,
                MAY_FIND_NOTHING if "WORD" in name or "QUERY" in name else (0,),
            )
            if number:
                samples[name].append(sample)
    rows = []
    for name, each in samples.items():
        wall, cpu, peak = (median(values) for values in zip(*each, strict=True))
        rows.append(
            {
                "name": f"{peer.program}: {name}",
                "wall_ms": wall * 1e3,
                "cpu_ms": cpu * 1e3,
                "peak_mb": peak / 1e6,
            }
        )
    return rows


def run(folder: str, runs: int) -> list[dict[str, Any]]:
    """The medians (after a warm-up) of each installed peer's commands on the items of the workspace ``folder``."""
    rows = []
    for peer in PEERS:
        path = shutil.which(peer.program)
        if path is None:
            continue
        with tempfile.TemporaryDirectory(prefix="plaintrack-bench-") as place:
            # In a child: the process that measures must stay small, since its size counts as the peak of what it starts.
            measure.in_child(partial(_fill, peer, folder, place))
            rows += _measure(peer, path, f"{place}/commands.json", runs)
    return rows


def _fill(peer: Peer, folder: str, place: str) -> Callable[[], object]:
    items = load(folder)

    def work() -> None:
        peer.fill(place, items)
        with open(f"{place}/commands.json", "w", encoding="utf-8") as handle:
            json.dump(peer.commands(place, items), handle)

    return work
