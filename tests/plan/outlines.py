"""Random outlines, and the definitions of what is computed from them once more, in the plainest way."""

import random

from plaintrack.model.task import Task
from plaintrack.plan.outline import Outline, Piece

TYPES = (
    "task",
    "task",
    "task",
    "bug",
    "deliverable",
    "goal",
    "goal",
    "project",
    "milestone",
    "risk",
    "decision",
)


def outline(seed, size=30, circles=False):
    """Items that link to items before them; with ``circles`` to any."""
    dice = random.Random(seed)
    pieces = []
    for number in range(size):
        fields = {"id": f"T-{number}", "title": f"Item {number}", "type": dice.choice(TYPES)}
        for name in ("parent", "project", "milestone", "goal"):
            if dice.random() < 0.35 and (number or circles):
                fields[name] = f"T-{dice.randrange(size if circles else number)}"
        if dice.random() < 0.1:
            fields["goal"] = dice.choice(("growth", "Thrift"))
        if dice.random() < 0.1:
            fields["kind"] = dice.choice(("project", "operations", "else"))
        if dice.random() < 0.3:
            fields["due"] = f"2026-{dice.randrange(1, 13):02}-15"
        if dice.random() < 0.4:
            fields |= {
                "current": str(dice.randrange(12)),
                "target": str(dice.randrange(12)),
                "initial": str(dice.randrange(4)),
            }
        if dice.random() < 0.5:
            fields["weight"] = str(dice.randrange(4))
        if dice.random() < 0.3:
            fields["phase"] = dice.choice("ab")
        category = dice.choice(("open", "open", "active", "done", "done", "cancelled"))
        estimate = dice.choice((None, 60.0, 240.0, 480.0))
        remaining = dice.choice((None, None, 30.0, 600.0))
        pieces.append(
            Piece(
                Task(f"tasks/{number:03}.md", fields["id"], fields), category, estimate, remaining
            )
        )
    return Outline(pieces)


def above(work, number, *fields):
    """The numbers of the items that an item links to."""
    ids = {piece.task.id.lower(): at for at, piece in enumerate(work.pieces)}
    return [
        ids.get(work.pieces[number].task.text(name).lower())
        for name in fields
        if work.pieces[number].task.text(name)
    ]


def kind(work, number):
    return work.pieces[number].task.text("type")


def served(work, number):
    """The goal an item serves, by recursion; without circles only."""
    task = work.pieces[number].task
    for name in ("goal", "parent", "milestone", "project"):
        for over in above(work, number, name):
            if over is None:
                if name == "goal":
                    return task.text("goal").lower()
            elif kind(work, over) == "goal":
                return work.pieces[over].task.id.lower()
            elif served(work, over):
                return served(work, over)
    return ""


def all_served(work, number, way=()):
    """The goals that an item serves by any way up, each way followed on its own."""
    task = work.pieces[number].task
    if kind(work, number) == "goal":
        return {task.id.lower()}
    found = set()
    for name in ("goal", "parent", "milestone", "project"):
        for over in above(work, number, name):
            if over is None and name == "goal":
                found.add(task.text("goal").lower())
            elif over is not None and over not in way:
                found |= all_served(work, over, (*way, number))
    return found


def is_work(work, number):
    piece = work.pieces[number]
    if piece.category == "cancelled" or kind(work, number) in ("goal", "project", "milestone"):
        return False
    if kind(work, number) in ("risk", "decision") and piece.estimate is None:
        return False
    for other, below in enumerate(work.pieces):
        if other != number and number in above(
            work, other, "parent", "project", "milestone", "goal"
        ):
            noted = kind(work, other) in ("risk", "decision") and below.estimate is None
            if below.category != "cancelled" and not noted:
                return False
    return True


def work_kind(work, number):
    """Project or operations, by recursion."""

    def said(at):
        task = work.pieces[at].task
        if task.text("kind") in ("project", "operations"):
            return task.text("kind")
        return "project" if kind(work, at) == "project" and task.text("due") else ""

    def climbed(at):
        for over in above(work, at, "parent", "milestone", "project"):
            if over is not None and (said(over) or climbed(over)):
                return said(over) or climbed(over)
        return ""

    return said(number) or climbed(number) or "operations"


def goal_score(work, key):
    """The score of a goal, by recursion."""
    number = work.numbers.get(key)
    task = work.pieces[number].task if number is not None else None
    if task is not None and task.text("target") and task.text("current"):
        first, last, now = (
            float(task.text(name) or 0) for name in ("initial", "target", "current")
        )
        if first != last:
            return max(0.0, min(1.0, (now - first) / (last - first)))
    if number is not None and work.pieces[number].category == "done":
        return 1.0
    parts = []
    for at, piece in enumerate(work.pieces):
        if kind(work, at) == "goal" and served(work, at) == key and piece.category != "cancelled":
            found = goal_score(work, piece.task.id.lower())
            if found is not None:
                parts.append((float(piece.task.text("weight") or 1), found))
    if sum(weight for weight, _ in parts):
        return sum(weight * found for weight, found in parts) / sum(weight for weight, _ in parts)
    pieces = [
        work.pieces[at]
        for at in range(len(work.pieces))
        if is_work(work, at) and key in chain(work, at)
    ]
    planned = sum(piece.estimate or 0 for piece in pieces)
    return (
        sum(piece.estimate or 0 for piece in pieces if piece.category == "done") / planned
        if planned
        else None
    )


def chain(work, number):
    """The goals that an item serves: its own, and those above that."""
    found = []
    key = served(work, number)
    while key:
        found.append(key)
        key = served(work, work.numbers[key]) if key in work.numbers else ""
    return found
