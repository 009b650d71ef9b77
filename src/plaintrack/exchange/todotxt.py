"""todo.txt: one line an item. http://todotxt.org, format of 2016."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from plaintrack.exchange.changes import FOLDED, Change, day_of
from plaintrack.exchange.draft import Draft, Words, group, group_key
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import Source, iso_day, lines

_DAY = r"\d{4}-\d\d-\d\d"
_LINE = re.compile(
    rf"(?:(?P<done>x) (?:(?P<closed>{_DAY}) )?)?(?:\((?P<rank>[A-Z])\) )?"
    rf"(?:(?P<created>{_DAY}) )?(?P<text>.*)"
)
_PAIR = re.compile(r"([^\s:/\"'\d][^\s:/\"']*):([^\s:/][^\s]*)")
_EVERY = re.compile(r"\+?(\d+)([dwmyb])")
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_DATES = {"due": "due", "t": "wait"}
_OURS = frozenset(("due", "t", "pri", "rec", "id"))


def read(source: Source) -> Iterator[Draft]:
    """The lines. An item's identity is its `id:`, else its words without dates and marks."""
    seen: Counter[str] = Counter()
    projects: set[str] = set()
    lost = 0
    for number, line in lines(source):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        draft = _draft(found, number) if found else None
        if draft is None:
            source.note(f"line {number} has no text; it was passed over")
            continue
        for name in draft.links.get("project", ()):
            if name not in projects:
                projects.add(name)
                yield group("project", name.partition(":")[2])
        seen[draft.key] += 1
        if seen[draft.key] > 1:
            draft = draft._replace(key=f"{draft.key} ({seen[draft.key]})")
        lost += draft.fields["status"] == "x" and "priority" not in draft.fields
        yield draft
    if lost:
        source.note(
            f"{lost} items that are done have no priority: many programs drop it unless they keep"
            " it as `pri:A`"
        )


def _draft(found: "re.Match[str]", number: int) -> Draft | None:
    fields: dict[str, Words] = {"status": "x" if found["done"] else "open"}
    extra: dict[str, Words] = {}
    words: list[str] = []
    tags: list[str] = []
    projects: list[str] = []
    rank = found["rank"] or ""
    identity = ""
    told: list[Change] = []
    for word in found["text"].split():
        pair = _PAIR.fullmatch(word)
        if re.fullmatch(r"\+\S+", word):
            projects.append(word[1:])
        elif re.fullmatch(r"@\S+", word):
            tags.append(word[1:])
        elif pair:
            rank, identity = _pair(pair[1], pair[2], fields, extra, rank, identity, told)
        else:
            words.append(word)
    if not words:
        return None
    if rank:
        fields["priority"] = rank
    if found["created"]:
        fields["created"] = found["created"]
    if found["closed"]:
        fields["closed"] = found["closed"]
    fields["tags"] = (*tags, *projects[1:])
    links = {"project": (group_key("project", projects[0]),)} if projects else {}
    told += [Change("project", each, f"#{each}", "further ones are tags") for each in projects[1:]]
    title = " ".join(words)
    return Draft(
        identity or title,
        title,
        fields=fields,
        links=links,
        extra=extra,
        line=number,
        changed=tuple(told),
    )


def _pair(
    name: str,
    value: str,
    fields: dict[str, Words],
    extra: dict[str, Words],
    rank: str,
    identity: str,
    told: list[Change],
) -> tuple[str, str]:
    """Put a ``name:value`` where it belongs; the priority and the identity it says."""
    if name in _DATES and iso_day(value):
        fields[_DATES[name]] = day_of(_DATES[name], value, told)
    elif name == "rec" and (every := _EVERY.fullmatch(value)) and every[2] in _UNITS:
        rule = f"every {every[1]} {_UNITS[every[2]]}"
        fields["repeat"] = rule if value[0] == "+" else f"{rule} after completion"
    elif name == "pri":
        return value, identity
    elif name == "id":
        return rank, value
    else:
        extra[name] = value
    return rank, identity


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """A line for each item."""
    for record in records:
        if record.group:
            continue
        yield (" ".join(_words(record)) + "\n").encode()


def _words(record: Record) -> Iterator[str]:
    created = iso_day(record.text("created"))
    ended = record.category in ("done", "cancelled")
    _tell(record, "x" if ended else "open")
    rank = "" if record.rank is None else chr(ord("A") + min(25, record.rank))
    if ended:
        yield "x"
        closed = iso_day(record.text("closed"))
        if closed:
            yield closed
        # a creation day may only stand behind a day of completion
        if created and not closed:
            record.tell("created", created, "", "left out where no day of completion is known")
            created = ""
    elif rank:
        yield f"({rank})"
    if created:
        yield created
    title = _safe(record.title)
    if title != record.title:
        record.tell("title", record.title, title, "words that mean something there are quoted")
    yield title
    if record.text("project"):
        yield f"+{record.tight('project', record.text('project'))}"
    for tag in record.many("tags"):
        yield f"@{record.tight('tags', tag)}"
    for name, ours in _DATES.items():
        if iso_day(record.text(ours)):
            yield f"{name}:{iso_day(record.text(ours))}"
    if rank and ended:
        yield f"pri:{rank}"
    yield f"id:{record.id}"


def _tell(record: Record, status: str) -> None:
    """Count what a line says otherwise."""
    if record.category in ("active", "cancelled"):
        record.tell("status", record.text("status"), status, FOLDED)
    else:
        record.tell_status(status)
    record.tell_dates("created", "closed", "due", "wait")


def _safe(title: str) -> str:
    """A title none of whose words means something else in this format: such a word is quoted."""
    found = []
    for at, word in enumerate(title.split()):
        begins = at == 0 and re.fullmatch(rf"x|\([A-Z]\)|{_DAY}", word)
        special = (word[0] in "+@" and len(word) > 1) or _PAIR.fullmatch(word)
        found.append(f'"{word}"' if begins or special else word)
    return " ".join(found)


CODEC = Codec(
    title="todo.txt",
    files="`todo.txt`, and `done.txt` beside it",
    reads=read,
    writes=write,
    maps={
        "status": {"x": "done", "open": "open"},
        "priority": {
            "a": "critical",
            "b": "high",
            "c": "medium",
            **dict.fromkeys("defghijklmnopqrstuvwxyz", "low"),
        },
    },
    homes={
        "+project": "`project`; further ones are `tags`",
        "@context": "`tags`",
        "due:, t:": "`due`, `wait`",
        "rec:": "`repeat`, from the day of completion unless it has a `+`",
        "pri:": "`priority`",
    },
    loses={"priority of done items": "todo.txt drops it, unless it stands as `pri:A`"},
    carries=frozenset(
        (
            "priority",
            "tags",
            "project",
            "due",
            "wait",
            "created",
            "closed",
        )
    ),
    export_loses={
        "projects, milestones, goals": "todo.txt knows their names only",
        "body, comments, links, estimates": "a line has no place for them",
        "cancelled": "is written as done",
    },
)
