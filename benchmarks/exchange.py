"""What imports and exports cost: processor time of each format, and memory at the peak, for as many
items as are asked for, beside `github`, whose file is parsed by the standard library alone.

    python benchmarks/exchange.py [--items 20000] [FORMAT …]
    python benchmarks/exchange.py --history [--items 1000] [--events 10000]

With `--history` it is what `import --history` costs for so many events in all, and the first `metrics`
after it.

Each file holds the same work: a third is closed, a quarter is a part of another, each has a text of
200 characters, two tags and a due date, and, where the format has them, a fifth has a comment and a
tenth an hour of work.
"""

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

TEXT = "Steps to see it, and what was expected.\n" * 5
LINE = "Steps to see it\\, and what was expected.\\n" * 5


class Work(NamedTuple):
    """One item, whatever the format."""

    number: int

    @property
    def title(self) -> str:
        return f"Issue {self.number} about the thing"

    @property
    def closed(self) -> bool:
        return self.number % 3 == 0

    @property
    def above(self) -> int | None:
        return self.number // 4 if self.number % 4 == 1 else None

    @property
    def said(self) -> bool:
        return self.number % 5 == 0

    @property
    def clocked(self) -> bool:
        return self.number % 10 == 0

    @property
    def day(self) -> str:
        return f"2026-{self.number % 11 + 1:02}-{self.number % 28 + 1:02}"


Lines = Iterator[str]
Form = Callable[[Iterator[Work]], Lines]


def listed(each: Callable[[Work], object], before: str = "[", after: str = "]\n") -> Form:
    """A JSON list of objects."""

    def lines(items: Iterator[Work]) -> Lines:
        for number, item in enumerate(items):
            yield (before if number == 0 else ",\n") + json.dumps(each(item))
        yield after

    return lines


def table(head: list[str], each: Callable[[Work], list[object]]) -> Form:
    """A CSV file."""

    def lines(items: Iterator[Work]) -> Lines:
        yield _row([*head])
        for item in items:
            yield _row(each(item))

    return lines


def _row(cells: list[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def text(each: Callable[[Work], str], before: str = "", after: str = "") -> Form:
    """A text with some lines for each item."""

    def lines(items: Iterator[Work]) -> Lines:
        yield before
        yield from map(each, items)
        yield after

    return lines


def github(item: Work) -> object:
    url = "https://github.com/o/r/issues/"
    said = {"author": {"login": "ben"}, "body": "Seen.", "createdAt": "2026-10-02T10:00:00Z"}
    return {
        "number": item.number,
        "title": item.title,
        "body": TEXT,
        "state": "CLOSED" if item.closed else "OPEN",
        "url": f"{url}{item.number}",
        "labels": [{"name": "bug"}, {"name": "ui"}],
        "createdAt": "2026-10-01T10:00:00Z",
        "closedAt": "2026-10-09T10:00:00Z" if item.closed else None,
        "author": {"login": "ana"},
        "parent": None if item.above is None else {"url": f"{url}{item.above}"},
        "comments": [said] if item.said else [],
    }


def gitlab(item: Work) -> object:
    return {
        "iid": item.number,
        "title": item.title,
        "description": TEXT,
        "state": "closed" if item.closed else "opened",
        "labels": ["bug", "ui"],
        "created_at": "2026-10-01T10:00:00Z",
        "due_date": item.day,
        "references": {"full": f"g/p#{item.number}"},
        "time_stats": {"time_estimate": 3600},
        "notes": [{"body": "Seen.", "author": {"username": "ben"}}] if item.said else [],
    }


JIRA = [
    *("Issue key", "Issue id", "Summary", "Description", "Status", "Created", "Due date"),
    *("Labels", "Labels", "Parent id", "Comment", "Log Work"),
]


def jira(item: Work) -> list[object]:
    return [
        f"A-{item.number}",
        item.number,
        item.title,
        TEXT,
        "Done" if item.closed else "To Do",
        "01/Oct/26 10:00 AM",
        "01/Dec/26 12:00 AM",
        "bug",
        "ui",
        "" if item.above is None else item.above,
        "02/Oct/26 10:00 AM;ben;Seen." if item.said else "",
        "wrote;03/Oct/26 10:00 AM;ana;3600" if item.clocked else "",
    ]


def jirajson(item: Work) -> object:
    moved = {"field": "status", "fromString": "To Do", "toString": "Done"}
    past = {"created": "2026-10-09T10:00:00.000+0000", "items": [moved]}
    return {
        "key": f"A-{item.number}",
        "fields": {
            "summary": item.title,
            "description": TEXT,
            "status": {"name": "Done" if item.closed else "To Do"},
            "created": "2026-10-01T10:00:00.000+0000",
            "duedate": item.day,
            "labels": ["bug", "ui"],
            "parent": None if item.above is None else {"key": f"A-{item.above}"},
        },
        "changelog": {"histories": [past] if item.closed else []},
    }


def trello(items: Iterator[Work]) -> Lines:
    lists = [{"id": "l1", "name": "To do"}, {"id": "l2", "name": "Done"}]

    def card(item: Work) -> object:
        return {
            "id": f"5f000000{item.number:016x}",
            "shortLink": f"s{item.number}",
            "name": item.title,
            "desc": TEXT,
            "idList": "l2" if item.closed else "l1",
            "labels": [{"name": "bug"}, {"name": "ui"}],
            "due": f"{item.day}T10:00:00.000Z",
        }

    return listed(card, f'{{"lists": {json.dumps(lists)}, "cards": [', "]}\n")(items)


def linear(item: Work) -> list[object]:
    return [
        f"A-{item.number}",
        item.title,
        TEXT,
        "Done" if item.closed else "Todo",
        "bug, ui",
        "Thu Oct 01 2026 10:00:00 GMT+0000 (GMT)",
        f"{item.day}T00:00:00Z",
        "" if item.above is None else f"A-{item.above}",
    ]


def asana(item: Work) -> list[object]:
    above = "" if item.above is None else Work(item.above).title
    closed = "2026-10-09" if item.closed else ""
    return [item.number, item.title, TEXT, "2026-10-01", closed, item.day, "bug,ui", above]


def todoist(items: Iterator[Work]) -> Lines:
    yield "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE\n"
    for item in items:
        indent = 1 if item.above is None else 2
        yield _row(["task", f"{item.title} @bug @ui", TEXT, 2, indent, "", "", item.day])
        if item.said:
            yield _row(["note", "Seen.", "", "", "", "Ben (2)", "", ""])


def taskwarrior(item: Work) -> object:
    return {
        "uuid": f"{item.number:08x}-0000-4000-8000-000000000000",
        "description": item.title,
        "status": "completed" if item.closed else "pending",
        "entry": "20261001T100000Z",
        "due": f"{item.day.replace('-', '')}T000000Z",
        "tags": ["bug", "ui"],
        "annotations": [{"entry": "20261002T100000Z", "description": "Seen."}] * item.said,
    }


def todotxt(item: Work) -> str:
    done = "x 2026-10-09 2026-10-01 " if item.closed else "(B) 2026-10-01 "
    return f"{done}{item.title} @bug @ui due:{item.day} id:{item.number}\n"


def markdown(item: Work) -> str:
    dent = "" if item.above is None else "  "
    return f"{dent}- [{'x' if item.closed else ' '}] {item.title} #bug #ui 📅 {item.day}\n"


def org(item: Work) -> str:
    state = "DONE" if item.closed else "TODO"
    stars = "*" if item.above is None else "**"
    log = ":LOGBOOK:\nCLOCK: [2026-11-03 Tue 09:00]--[2026-11-03 Tue 10:00] =>  1:00\n:END:\n"
    return (
        f"{stars} {state} [#B] {item.title} :bug:ui:\nDEADLINE: <{item.day}>\n:PROPERTIES:\n"
        f":ID: u-{item.number}\n:CREATED: [2026-10-01 Thu 10:00]\n:END:\n"
        f"{log * item.clocked}{TEXT}"
    )


def vtodo(item: Work) -> str:
    above = [] if item.above is None else [f"RELATED-TO:u{item.above}@example.org"]
    lines = (
        "BEGIN:VTODO",
        f"UID:u{item.number}@example.org",
        "DTSTAMP:20261001T100000Z",
        "CREATED:20261001T100000Z",
        f"SUMMARY:{item.title}",
        f"DESCRIPTION:{LINE}",
        f"STATUS:{'COMPLETED' if item.closed else 'NEEDS-ACTION'}",
        f"DUE;VALUE=DATE:{item.day.replace('-', '')}",
        "CATEGORIES:bug,ui",
        *above,
        *["COMMENT:Seen."] * item.said,
        "END:VTODO",
    )
    return "".join(f"{line}\n" for line in lines)


def beads(item: Work) -> str:
    above = [] if item.above is None else [{"depends_on_id": f"bd-{item.above}", "type": "blocks"}]
    issue = {
        "id": f"bd-{item.number}",
        "title": item.title,
        "description": TEXT,
        "status": "closed" if item.closed else "open",
        "created_at": "2026-10-01T10:00:00Z",
        "labels": ["bug", "ui"],
        "dependencies": above,
    }
    return json.dumps(issue) + "\n"


def rows(item: Work) -> list[object]:
    return [item.number, item.title, TEXT, "done" if item.closed else "todo", item.day, "bug,ui"]


FORMS: dict[str, tuple[str, Form]] = {
    "github": ("github", listed(github)),
    "asana": (
        "asana",
        table(
            [
                *("Task ID", "Name", "Notes", "Created At", "Completed At", "Due Date", "Tags"),
                "Parent task",
            ],
            asana,
        ),
    ),
    "beads": ("beads", text(beads)),
    "gitlab": ("gitlab", listed(gitlab)),
    "jira (CSV)": ("jira", table(JIRA, jira)),
    "jira (JSON)": ("jira", listed(jirajson, '{"issues": [', "]}\n")),
    "linear": (
        "linear",
        table(
            [
                *("ID", "Title", "Description", "Status", "Labels", "Created", "Due Date"),
                "Parent issue",
            ],
            linear,
        ),
    ),
    "markdown": ("markdown", text(markdown)),
    "org": ("org", text(org)),
    "table": ("table", table(["key", "title", "notes", "status", "due", "tags"], rows)),
    "taskwarrior": ("taskwarrior", listed(taskwarrior)),
    "todoist": ("todoist", todoist),
    "todotxt": ("todotxt", text(todotxt)),
    "trello": ("trello", trello),
    "vtodo": ("vtodo", text(vtodo, "BEGIN:VCALENDAR\nVERSION:2.0\n", "END:VCALENDAR\n")),
}
STATES = ("To do", "Doing", "Review", "Done")
Moves = list[tuple[datetime, str, str]]


def moves(item: Work, count: int) -> Moves:
    """When an item went from which status to which: one in three goes on, else back."""
    moment = datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(minutes=item.number * 7 % 200_000)
    found, at = [], 0
    for each in range(count):
        moment += timedelta(minutes=(item.number * 31 + each * 977) % 5000 + 1)
        new = (at + 1 + (item.number + each) % 2) % 4
        found.append((moment, STATES[at], STATES[new]))
        at = new
    return found


def moved_cards(items: int, count: int) -> str:
    """A board of Trello with its actions."""
    cards, actions = [], []
    for item in map(Work, range(items)):
        mine = f"5f000000{item.number:016x}"
        past = moves(item, count)
        last = STATES.index(past[-1][2]) if past else 0
        cards.append({"id": mine, "name": item.title, "desc": TEXT, "idList": last})
        actions += [
            {
                "type": "updateCard",
                "date": f"{moment:%Y-%m-%dT%H:%M:%S.000Z}",
                "memberCreator": {"username": "ana"},
                "data": {
                    "card": {"id": mine},
                    "listBefore": {"name": old},
                    "listAfter": {"name": new},
                },
            }
            for moment, old, new in past
        ]
    lists = [{"id": number, "name": name} for number, name in enumerate(STATES)]
    return json.dumps({"lists": lists, "cards": cards, "actions": actions})


def moved_issues(items: int, count: int) -> str:
    """The same of Jira, with its changelog."""
    issues = []
    for item in map(Work, range(items)):
        past = moves(item, count)
        about = {
            "summary": item.title,
            "description": TEXT,
            "status": {"name": past[-1][2] if past else STATES[0]},
            "created": "2026-01-01T08:00:00.000+0000",
        }
        told = [
            {
                "created": f"{moment:%Y-%m-%dT%H:%M:%S.000+0000}",
                "author": {"displayName": "ana"},
                "items": [{"field": "status", "fromString": old, "toString": new}],
            }
            for moment, old, new in past
        ]
        issues.append(
            {"key": f"A-{item.number}", "fields": about, "changelog": {"histories": told}}
        )
    return json.dumps({"issues": issues})


def histories(items: int, events: int) -> None:
    """Say what a history costs: `import --history`, and the first `metrics` after it."""
    print(f"{items:,} items, {events:,} events; seconds of processor time")
    print("\n| import --history | s | again, s | metrics, s | MB |\n|---|---|---|---|---|")
    for form, make in (("trello", moved_cards), ("jira", moved_issues)):
        with tempfile.TemporaryDirectory() as folder:
            top = Path(folder) / "w"
            command = workspace(top)
            (top / "file").write_text(make(items, events // items - 1))
            words = (*command, "import", form, "file", "--history")
            once, again = cost(*words, cwd=top), cost(*words, cwd=top)
            after = cost(*command, "metrics", cwd=top)
            spent = " | ".join(f"{each.seconds:.1f}" for each in (once, again, after))
            print(f"| {form} | {spent} | {once.megabytes:.0f} |", flush=True)


OUT = ("markdown", "org", "table", "taskwarrior", "todotxt", "vtodo", "xlsx")


class Cost(NamedTuple):
    """Processor seconds and megabytes at the peak of one process and its children."""

    seconds: float
    megabytes: float


def cost(*command: str, cwd: Path) -> Cost:
    """What a command takes."""
    env = {**os.environ, "HOME": str(cwd / ".home")}
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, env=env)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, command
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def workspace(top: Path) -> tuple[str, ...]:
    """A new workspace of someone git knows; the command line of plaintrack."""
    top.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=top, check=True)
    for name, value in (("user.name", "Me"), ("user.email", "me@example.org")):
        subprocess.run(["git", "config", name, value], cwd=top, check=True)
    command = (sys.executable, "-m", "plaintrack")
    cost(*command, "init", cwd=top)
    return command


def told(name: str, once: Cost, again: Cost | None, base: Cost, count: int) -> None:
    scale = 100_000 / count
    second = f"{again.seconds * scale:.0f}" if again else ""
    print(
        f"| {name} | {once.seconds * scale:.0f} | {once.seconds / base.seconds:.2f}"
        f" | {second} | {once.megabytes:.0f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int)
    parser.add_argument("--history", action="store_true")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--no-export", action="store_true")
    parser.add_argument("formats", nargs="*", metavar="FORMAT")
    asked = parser.parse_args()
    if asked.history:
        histories(asked.items or 1000, asked.events)
        return
    count = asked.items or 20_000
    print(f"{count:,} items; seconds of processor time are for 100,000")
    print("\n| import | s | of github | again, s | MB |\n|---|---|---|---|---|")
    base: Cost | None = None
    with tempfile.TemporaryDirectory() as folder:
        for name, (form, lines) in FORMS.items():
            if asked.formats and name not in asked.formats and name != "github":
                continue
            top = Path(folder) / str(len(os.listdir(folder)))
            command = workspace(top)
            with (top / "file").open("w") as handle:
                handle.writelines(lines(map(Work, range(count))))
            once = cost(*command, "import", form, "file", cwd=top)
            again = cost(*command, "import", form, "file", cwd=top)
            base = base or once
            told(name, once, again, base, count)
        if base and not asked.no_export:
            print("\n| export | s | of import github | | MB |\n|---|---|---|---|---|")
            for form in OUT:
                words = (*command, "export", form, "is:open,closed", "--output", "out")
                told(form, cost(*words, cwd=Path(folder) / "0"), None, base, count)


if __name__ == "__main__":
    main()
