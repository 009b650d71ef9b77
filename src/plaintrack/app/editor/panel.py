"""What an editor shows beside its texts: a board of the open items, the timer, a new item."""

from typing import Any

from plaintrack.app.editor.desk import Desk
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.board import board as by_status
from plaintrack.errors import PlaintrackError
from plaintrack.query.facts import overdue

MOST = 500
"""Items on the board."""


def board(desk: Desk) -> list[dict[str, Any]]:
    """The statuses with their open items, the most urgent first: status, and id, title, path,
    assignee, due, whether it is overdue.
    """
    snapshot = desk.snapshot
    schema = snapshot.schema
    asked = answers.question(snapshot, "is:open", sort=snapshot.settings.sort, limit=MOST)
    return [
        {
            "status": status,
            "items": [
                {
                    "id": task.id,
                    "title": task.text("title"),
                    "path": task.path,
                    "assignee": task.text("assignee"),
                    "due": task.text("due"),
                    "overdue": overdue(
                        schema.category(status), task.text("due"), schema, snapshot.today
                    ),
                }
                for task in tasks
            ],
        }
        for status, tasks in by_status(snapshot, asked).tasks.items()
        if tasks
    ]


def timer(desk: Desk) -> dict[str, Any] | None:
    """The user's running timer: id, title, and since when; None if none runs."""
    from plaintrack.app.time.timer import status

    snapshot = desk.snapshot
    if "time" not in snapshot.settings.rooms:
        return None
    try:
        running = status(snapshot)
    except (PlaintrackError, OSError):
        return None
    if not running:
        return None
    item = running[0].timer.item
    title = answers.title(snapshot, item) or ""
    return {"id": item, "title": title, "seconds": running[0].seconds}


def added(desk: Desk, title: str) -> tuple[str, str]:
    """Path and text of a new item, which the editor creates; raises what ``add`` refuses."""
    from plaintrack.app.items.add import add

    done = add(desk.snapshot, title, dry=True)
    file = done.files[-1]
    return file.path, (file.after or b"").decode()
