"""What a generated block says, as Markdown that forges draw: tables, boards, bars, Mermaid diagrams. No title can break out of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import quote

from plaintrack.model.fields import Schema
from plaintrack.model.task import Task
from plaintrack.show.review import escape

NOTHING = "*Nothing.*"
_BAR = 20
_MERMAID = {each: f"#{ord(each)};" for each in "\"<>#&`\\;{}[]()|%"}
Where = Callable[[str], str]
"""The address of an item's file, from the document."""


def table(names: Sequence[str], rows: Sequence[Sequence[str]], links: Sequence[str], groups: Sequence[str] | None = None) -> list[str]:
    """A table of rows, whose ids link to ``links``; with ``groups``, the group of each row, one table under each heading."""
    if not rows:
        return [NOTHING]
    lines: list[str] = []
    previous = None
    for at, row in enumerate(rows):
        if groups is not None and groups[at] != previous:
            previous = groups[at]
            lines += [*([""] if lines else []), f"**{escape(previous) or '(none)'}**", ""]
            lines += _head(names)
        elif at == 0 and groups is None:
            lines += _head(names)
        cells = [_link(text, links[at]) if name == "id" else escape(text) for name, text in zip(names, row, strict=True)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _head(names: Sequence[str]) -> list[str]:
    return [f"| {' | '.join(escape(name.capitalize()) for name in names)} |", "|" + " --- |" * len(names)]


def _link(text: str, where: str) -> str:
    return f"[{escape(text)}]({where})" if text else ""


def address(path: str, document: str) -> str:
    """The relative link from a document to a file; both are paths below the same folder, with ``/``."""
    import posixpath

    return quote(posixpath.relpath(path, posixpath.dirname(document) or "."))


def board(tasks: Sequence[Task], schema: Schema, where: Where) -> list[str]:
    """A column for each status of the workflow that is not cancelled."""
    columns: dict[str, list[str]] = {name: [] for kinds in (("open", "active"), ("done",)) for name, kind in schema.statuses.items() if kind in kinds}
    first = next(iter(columns), "")
    for task in tasks:
        status = task.text("status") or first
        if status in columns:
            who = task.text("assignee")
            card = f"{_link(task.id, where(task.path))} {escape(task.text('title'))}"
            columns[status].append(card + (f"<br>*{escape(who)}*" if who else ""))
    lines = ["| " + " | ".join(f"{escape(name)} ({len(cards)})" for name, cards in columns.items()) + " |", "|" + " --- |" * len(columns)]
    for at in range(max(map(len, columns.values()), default=0)):
        lines.append("| " + " | ".join(cards[at] if at < len(cards) else "" for cards in columns.values()) + " |")
    return lines


def count(number: int) -> list[str]:
    """How many there are."""
    return [f"**{number}**"]


def progress(tasks: Sequence[Task], schema: Schema) -> list[str]:
    """A bar: how many are done of those that are not cancelled."""
    kinds = Counter(schema.statuses.get(task.text("status"), "open") for task in tasks)
    done, total = kinds["done"], sum(kinds.values()) - kinds["cancelled"]
    if not total:
        return [NOTHING]
    filled = done * _BAR // total
    return [f"`{'█' * filled}{'░' * (_BAR - filled)}` {done} of {total} ({done * 100 // total} %)"]


def stats(counts: Mapping[str, int], name: str) -> list[str]:
    """A table: value, how many."""
    rows = [f"| {escape(value) or '(none)'} | {number} |" for value, number in counts.items()]
    return [f"| {escape(name.capitalize())} | Items |", "| --- | ---: |", *rows] if rows else [NOTHING]


def tree(lines: Sequence[str]) -> list[str]:
    """Lines drawn as a tree, as they stand."""
    plain = ["".join(each if each.isprintable() else "\ufffd" for each in line) for line in lines]
    return ["```text", *(line.replace("```", "'''") for line in plain), "```"] if plain else [NOTHING]


def _label(text: str) -> str:
    """``text`` for a Mermaid label in double quotes: everything that means something there as an entity."""
    plain = "".join(each if each.isprintable() else " " for each in text)
    plain = plain if len(plain) <= 60 else f"{plain[:59]}…"
    return "".join(_MERMAID.get(each, each) for each in plain)


def graph(tasks: Sequence[Task], schema: Schema, today: date) -> list[str]:
    """A Mermaid flow chart of dependencies: arrows lead from what must be done first."""
    if not tasks:
        return [NOTHING]
    number = {task.id.lower(): at for at, task in enumerate(tasks)}
    lines = ["```mermaid", "flowchart LR"]
    lines += [f'  n{at}["{_label(task.id)}: {_label(task.text("title"))}"]:::{_state(task, schema, today)}' for at, task in enumerate(tasks)]
    for at, task in enumerate(tasks):
        lines += [f"  n{number[key.lower()]} --> n{at}" for key in task.many("depends_on") if key.lower() in number]
    return [
        *lines, "  classDef open fill:#f6f8fa,stroke:#57606a,color:#24292f", "  classDef active fill:#ddf4ff,stroke:#0969da,color:#24292f",
        "  classDef done fill:#dafbe1,stroke:#1a7f37,color:#24292f", "  classDef late fill:#ffebe9,stroke:#cf222e,color:#24292f", "```",
    ]  # fmt: skip


def _state(task: Task, schema: Schema, today: date) -> str:
    kind = schema.statuses.get(task.text("status"), "open")
    if kind in ("open", "active") and task.text("due") and task.text("due")[:10] < today.isoformat():
        return "late"
    return "done" if kind in ("done", "cancelled") else kind


def gantt(tasks: Sequence[Task], schema: Schema, today: date, names: Mapping[str, str]) -> list[str]:
    """A Mermaid Gantt chart of the items with a due date, in a section for each project; ``names`` are titles by folded id."""
    bars: dict[str, list[str]] = {}
    for task in tasks:
        span = _span(task)
        if span is None:
            continue
        tag = {"late": "crit, ", "done": "done, ", "active": "active, "}.get(_state(task, schema, today), "")
        section = names.get(task.text("project").lower(), task.text("project")) or "Without a project"
        start, end = span
        bars.setdefault(section, []).append(f"    {_plain(task.id)} {_plain(task.text('title'))} :{tag}{start}, {end + timedelta(days=1)}")
    if not bars:
        return [NOTHING]
    lines = ["```mermaid", "gantt", "  dateFormat YYYY-MM-DD"]
    for section, found in bars.items():
        lines += [f"  section {_plain(section)}", *found]
    return [*lines, "```"]


def _span(task: Task) -> tuple[date, date] | None:
    """First and last day: from start (else created) to due; None without a due date."""
    try:
        due = date.fromisoformat(task.text("due")[:10])
        begun = task.text("start") or task.text("created")
        start = date.fromisoformat(begun[:10]) if begun else due
    except ValueError:
        return None
    return min(start, due), due


def _plain(text: str) -> str:
    """``text`` for a Gantt chart, which knows no quotes: letters, digits and harmless signs."""
    found = "".join(each if each.isalnum() or each in " -_./+'’–—!?" else " " for each in text)
    return " ".join(found.split())[:60] or "(no name)"
