"""Items as an Org file. Nothing but the standard library is needed to write one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo

from plaintrack.exchange.changes import AUTHORS, FOLDED, SECONDS
from plaintrack.exchange.draft import Span
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import iso
from plaintrack.model.task import fold

OWN = {
    "ASSIGNEE": "assignee",
    "OWNER": "owner",
    "TYPE": "type",
    "WAIT": "wait",
    "REPEAT": "repeat",
    "PROJECT": "project",
    "MILESTONE": "milestone",
    "GOAL": "goal",
}
"""Properties that are fields of ours."""
TITLE = "TITLE"
"""The property that has a title which Org would take apart."""
BLOCKER = "BLOCKER"
MARKDOWN = "markdown"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_APART = re.compile(r"\[#.\]|.*(?:\s:\S*:$|\[\[|\[\d*/\d*\]|\[\d*%\])|COMMENT\b")
_OURS = re.compile(
    r"\*+\s|[ \t]*(?::\S+:|#\+|,+(?:\*|#\+)|CLOCK:|SCHEDULED:|DEADLINE:|CLOSED:|- State )",
    re.IGNORECASE,
)
_COMMA = re.compile(r"^([ \t]*)(,*(?:\*|#\+))", re.MULTILINE)
_COMMAS = re.compile(r"^([ \t]*),(,*(?:\*|#\+))", re.MULTILINE)
_BLOCK = re.compile(rf"#\+BEGIN_SRC {MARKDOWN}\n(.*)\n#\+END_SRC", re.DOTALL)
_RULE = re.compile(r"every (?:(\d+) )?(day|week|month|year)s?( after completion)?")
_EVERY = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}
_PLAIN = frozenset(
    (
        *("id", "title", "status", "priority", "tags", "due", "start", "closed", "created"),
        *("estimate", "repeat", "parent", "depends_on", "source"),
    )
)
"""Fields that have a place of their own in Org."""
_NOTHING = "\u200b"


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """A headline for each item, parts below what they are a part of."""
    items = list(records)
    if not items:
        return
    words = keywords(items[0].statuses)
    yield _settings(words, items[0]).encode()
    known = {fold(each.id) for each in items}
    below: dict[str, list[Record]] = {}
    for each in items:
        above = fold(each.text("parent").split(" ")[0])
        below.setdefault(above if above in known else "", []).append(each)
    open_ = [(1, each) for each in reversed(below.pop("", []))]
    while open_ or below:
        if not open_:  # what is left are circles of parents
            open_ = [(1, below.pop(next(iter(below)))[0])]
        depth, item = open_.pop()
        open_ += [(depth + 1, each) for each in reversed(below.pop(fold(item.id), []))]
        yield "".join(_lines(item, depth, words)).encode()


def keywords(statuses: Mapping[str, str]) -> dict[str, str]:
    """Status → keyword: the same word in capitals."""
    found: dict[str, str] = {}
    for name in statuses:
        word = re.sub(r"[^\w-]+", "-", name).upper().strip("-")
        if word and word not in found.values():
            found[name] = word
    return found


def _settings(words: Mapping[str, str], first: Record) -> str:
    kinds = first.statuses
    open_ = [word for name, word in words.items() if kinds[name] in ("open", "active")]
    done = [word for name, word in words.items() if kinds[name] not in ("open", "active")]
    last = chr(ord("A") + max(1, min(26, first.ranks)) - 1)
    middle = chr(ord("A") + (ord(last) - ord("A")) // 2)
    return (
        f"#+TODO: {' '.join(open_) or 'TODO'} | {' '.join(done) or 'DONE'}\n"
        f"#+PRIORITIES: A {last} {middle}\n\n"
    )


def _lines(item: Record, depth: int, words: Mapping[str, str]) -> Iterator[str]:
    yield f"{'*' * depth} {_headline(item, words)}\n"
    rule = repeater(item.text("repeat"))
    planned = list(_planned(item, rule))
    if planned:
        yield f"{' '.join(planned)}\n"
    yield ":PROPERTIES:\n"
    yield f":ID: {identity(item.id, item.text('source'))}\n"
    for name, value in _properties(item, bool(rule) and _dated(item)):
        yield f":{name}: {value}\n"
    yield ":END:\n"
    log = [*(_clock(item, each) for each in reversed(item.spans)), *_notes(item)]
    if log:
        yield f":LOGBOOK:\n{''.join(log)}:END:\n"
    body = item.body.strip()
    if body:
        yield f"{_body(body)}\n"


def _headline(item: Record, words: Mapping[str, str]) -> str:
    status = words.get(item.text("status")) or next(
        (word for name, word in words.items() if item.statuses[name] == item.category), "TODO"
    )
    rank = "" if item.rank is None else f" [#{chr(ord('A') + min(25, item.rank))}]"
    if words.get(item.text("status")) is None:
        item.tell("status", item.text("status"), status, FOLDED)
    if item.rank is not None and item.rank >= 25 and item.ranks > 26:
        item.tell("priority", item.text("priority"), "Z", FOLDED)
    apart = _NOTHING if _APART.match(item.title) else ""
    tags = [_tag(item, each) for each in item.many("tags")]
    mine = f" :{':'.join(tags)}:" if tags else ""
    return f"{status}{rank} {apart}{item.title}{apart}{mine}"


def _tag(item: Record, tag: str) -> str:
    found = re.sub(r"[^\w@#%]", "_", tag)
    if found != tag:
        item.tell("tags", tag, found, "`_` for other signs")
    return found


def identity(item: str, source: str = "") -> str:
    """The ID of a headline: the one it came with, else the item's."""
    mine = source.removeprefix("org:")
    return mine if mine != source and re.fullmatch(r"\S+", mine) else item


def repeater(rule: str) -> str:
    """A rule as a repeater; empty if it has none."""
    found = _RULE.fullmatch(rule.strip().lower())
    unit = found[2] if found else _EVERY.get(rule.strip().lower(), "")
    if not unit:
        return ""
    count = (found and found[1]) or "1"
    return f"{'.+' if found and found[3] else '+'}{count}{unit[0]}"


def _dated(item: Record) -> bool:
    return bool(_moment(item, "due") or _moment(item, "start"))


def _planned(item: Record, rule: str) -> Iterator[str]:
    closed = _moment(item, "closed")
    if closed and item.category in ("done", "cancelled"):
        yield f"CLOSED: [{stamp(closed)}]"
    due, start = _moment(item, "due"), _moment(item, "start")
    if due:
        yield f"DEADLINE: <{' '.join(filter(None, (stamp(due), rule)))}>"
    if start:
        yield f"SCHEDULED: <{' '.join(filter(None, (stamp(start), '' if due else rule)))}>"


def _moment(item: Record, name: str) -> date | None:
    """A day, or a moment on the workspace's clock, since Org has no time zones."""
    text = item.text(name)
    found = iso(text)
    if found is None:
        return None
    if len(text) > 10 and found.second:
        item.tell(name, text, text[:16], SECONDS)
    return local(found, item.zone) if len(text) > 10 else found.date()


def local(moment: datetime, zone: tzinfo | None) -> datetime:
    """A moment on the clock of a zone."""
    return moment.astimezone(zone) if moment.tzinfo else moment


def stamp(moment: date) -> str:
    """A day or a moment in Org's words, whatever language is spoken here."""
    clock = f" {moment:%H:%M}" if isinstance(moment, datetime) else ""
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02} {_DAYS[moment.weekday()]}{clock}"


def _properties(item: Record, repeated: bool) -> Iterator[tuple[str, str]]:
    created = _moment(item, "created")
    if created:
        yield "CREATED", f"[{stamp(created)}]"
    if item.minutes.get("estimate"):
        hours, rest = divmod(item.minutes["estimate"], 60)
        yield "EFFORT", f"{hours}:{rest:02}"
    if item.many("depends_on"):
        ids = [identity(each, item.origins.get(each, "")) for each in item.blockers()]
        yield BLOCKER, " ".join(ids)
    if item.text("repeat") and not repeated:
        yield "REPEAT", item.text("repeat")
    if _APART.match(item.title):
        yield TITLE, item.title
    for name in item.fields:
        word = re.sub(r"[^\w-]+", "_", name).upper()
        value = " ".join(", ".join(item.many(name)).split())
        if name not in _PLAIN and value:
            yield word, value


def _clock(item: Record, span: Span) -> str:
    if span.author:
        item.tell("time records", span.author, "", "without person")
    if span.note:
        item.tell("time records", span.note, "", "without note")
    if span.start.second or span.end.second:
        item.tell("time records", span.start.isoformat(), stamp(span.start), SECONDS)
    minutes = round((span.end - span.start).total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    return f"CLOCK: [{stamp(span.start)}]--[{stamp(span.end)}] => {hours:2}:{rest:02}\n"


def _notes(item: Record) -> Iterator[str]:
    for each in reversed(item.remarks):
        moment = iso(each.date)
        lines = [
            f"  {_NOTHING if line.strip().upper() == ':END:' else ''}{line}".rstrip()
            for line in each.text.strip().split("\n")
        ]
        if moment:
            yield f"- Note taken on [{stamp(local(moment, item.zone))}] \\\\\n"
            yield "".join(f"{line}\n" for line in lines)
        else:
            item.tell("comments", each.text, "", "left out without a moment")
        if each.author:
            item.tell("comments", each.author, "", AUTHORS)


def _body(text: str) -> str:
    """A text as it stands; where Org would read a line of it as its own, a block of Markdown."""
    if not any(_OURS.match(line) for line in text.split("\n")):
        return text
    inner = _COMMA.sub(r"\1,\2", text)
    return f"#+BEGIN_SRC {MARKDOWN}\n{inner}\n#+END_SRC"


def body(text: str) -> str:
    """What was a block of Markdown; any other text as it stands."""
    found = _BLOCK.fullmatch(text)
    return _COMMAS.sub(r"\1\2", found[1]) if found else text
