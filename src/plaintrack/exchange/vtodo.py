"""To-dos of iCalendar (RFC 5545, RFC 9253), by icalendar (the extra ``ical``)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import takewhile
from typing import Any, NamedTuple

from plaintrack.exchange.changes import FOLDED
from plaintrack.exchange.draft import Draft, Remark, Words
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.ical import PRODUCT, IcalMissing, categories, exact
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import BadSource, Source, iso, lines
from plaintrack.model.count import plural

DEEPEST = 8
"""Components inside each other."""
TRIED = 1000
"""Lines of a to-do that are tried to find a broken one."""
LARGEST = 16_000_000
"""Characters of one to-do."""
_TEXTS = {"SUMMARY", "DESCRIPTION", "STATUS", "UID", "RECURRENCE-ID"}
_DERIVED = {"DTSTAMP", "LAST-MODIFIED", "SEQUENCE"}
_DATES = {"DTSTART": "start", "DUE": "due", "COMPLETED": "closed", "CREATED": "created"}
_PEOPLE = {"ATTENDEE": "assignee", "ORGANIZER": "owner"}
_LINKS = {"PARENT": "parent", "DEPENDS-ON": "depends_on"}
_ESTIMATE = "ESTIMATED-DURATION"
_OWN = "X-PLAINTRACK-"
_REPEAT = f"{_OWN}REPEAT"
_MARK = "X-PLAINTRACK"
_PLACED = frozenset(
    (
        *("id", "title", "status", "source", "created", "closed", "due", "start", "wait", "tags"),
        *("priority", "estimate", "repeat", "assignee", "owner", "parent", "depends_on"),
    )
)
"""Fields that a to-do has a property for."""
_PLAIN = {"UID", "SUMMARY", "DESCRIPTION", "STATUS"}
_DIGITS = frozenset("0123456789")
_WHOLE = ";VALUE=DATE"
_ESCAPED = re.compile(r"\\([\\,;:nN])")
_FOLD = re.compile(r"\n+[ \t]")
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?", re.ASCII)
_PERIOD = re.compile(r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?")
_RULE = re.compile(r"(?:RRULE:)?(FREQ=[A-Z0-9=;,+-]+)", re.IGNORECASE)
_STATUS = {
    "open": "NEEDS-ACTION",
    "active": "IN-PROCESS",
    "done": "COMPLETED",
    "cancelled": "CANCELLED",
}
_RANKS = (1, 3, 5, 9)


class _Block(NamedTuple):
    """One component of a file: the line it begins in, and its text."""

    kind: str
    line: int
    text: str


def read(source: Source) -> Iterator[Draft]:
    """The to-dos of a calendar, or of those of a folder. Raises BadSource, IcalMissing."""
    try:
        import icalendar
    except ImportError as error:
        raise IcalMissing from error
    for part in source.parts or (source,):
        yield from _todos(icalendar, part)


def _todos(icalendar: Any, source: Source) -> Iterator[Draft]:
    zones: dict[str, str] = {}
    others = 0
    for block in _blocks(source):
        if block.kind == "VTIMEZONE":
            named = re.search(r"^TZID[^:\n]*:(.*)$", block.text, re.MULTILINE)
            zones[named[1].strip() if named else ""] = block.text
        elif block.kind == "VTODO":
            yield _draft(source, block, _parsed(icalendar, source, block, zones))
        else:
            others += 1
    if others:
        source.note(
            f"{source.name}: {plural(others, 'entry', 'entries')} of other kinds than to-dos"
        )


def _blocks(source: Source) -> Iterator[_Block]:
    """The components of calendars, in their order. Raises BadSource."""
    open_: list[tuple[str, int]] = []
    kept: list[str] = []
    size, calendars = 0, 0
    for number, line in lines(source):
        word = line[:100].strip().upper()
        if word.startswith("BEGIN:"):
            open_.append((word[6:], number))
            calendars += len(open_) == 1 and word == "BEGIN:VCALENDAR"
            if len(open_) > DEEPEST:
                message = "components are nested too deeply"
                raise BadSource(source.name, message, "is this an export?", number)
        if len(open_) > 1:
            kept.append(line)
            size += len(line)
            if size > LARGEST:
                message = f"one entry has over {LARGEST:,} characters"
                raise BadSource(source.name, message, "is this an export?", open_[1][1])
        if word.startswith("END:"):
            if not open_ or open_[-1][0] != word[4:]:
                message = f"{line.strip()[:60]} ends nothing that began"
                raise BadSource(source.name, message, "export it again", number)
            kind, begun = open_.pop()
            if len(open_) == 1:
                yield _Block(kind, begun, "\n".join(kept))
                kept, size = [], 0
    if open_:
        kind, begun = open_[-1]
        message = f"{kind[:60]} begins and does not end"
        raise BadSource(source.name, message, "export it again", begun)
    if not calendars:
        raise BadSource(source.name, "this holds no BEGIN:VCALENDAR", "is this an .ics file?")


def _parsed(icalendar: Any, source: Source, block: _Block, zones: dict[str, str]) -> Any:
    """One to-do, with the time zones that it names."""
    usual, rest = _usual(block.text)
    mine = [text for name, text in zones.items() if name and name in rest]
    whole = "\n".join(("BEGIN:VCALENDAR", *mine, rest, "END:VCALENDAR"))
    try:
        if mine:
            (found,) = icalendar.Calendar.from_ical(whole).walk("VTODO")
        else:  # the same, a fifth faster
            found = icalendar.Todo.from_ical(rest) if rest.count("\n") > 1 else icalendar.Todo()
    except (ValueError, KeyError, IndexError, RecursionError) as error:
        message = f"this to-do cannot be read: {str(error)[:200]}"
        line = _line_of(icalendar, block)
        raise BadSource(source.name, message, "correct it there", line) from error
    found.update(usual)
    if not found.get("UID"):
        raise BadSource(source.name, "a to-do without UID", "export it again", block.line)
    return found


class _Day(NamedTuple):
    """A day or a moment, with the same names as one of icalendar."""

    dt: date
    params: Mapping[str, str] = {}


class _Names(NamedTuple):
    """The names of a line of CATEGORIES, the same way."""

    cats: list[str]


_Value = str | _Day | _Names


def _usual(text: str) -> tuple[dict[str, _Value], str]:
    """What the usual lines of a to-do say, for which icalendar takes ten times as long; and its
    text without them, and without those that do not come along.
    """
    found: dict[str, _Value] = {}
    rest: list[str] = []
    others: list[str] = []
    for line in _FOLD.sub("", text).split("\n"):
        name, _, value = line.partition(":")
        name = name.upper()
        first = name.partition(";")[0]
        said = _said(name, value)
        if first in found or (said is not None and first in others) or others.count("BEGIN") > 1:
            return {}, text  # it stands twice, or belongs to a part of the to-do
        if said is not None:
            found[first] = said
        elif first not in _DERIVED:
            rest.append(line)
            others.append(first)
    return found, "\n".join(rest)


def _said(name: str, value: str) -> _Value | None:
    """What a line says that is a text, names, or a day or moment in UTC; None for any other."""
    if name in _PLAIN:
        return _plainly(value)
    if name == "CATEGORIES" and "\\" not in value:
        return _Names(value.split(","))
    if name == "PRIORITY" and value in _DIGITS:
        return value
    found = _MOMENT.fullmatch(value) if name.removesuffix(_WHOLE) in _DATES else None
    if found is None or name.endswith(_WHOLE) == bool(found[4]):
        return None
    year, month, day, hour, minute, second = (int(each or 0) for each in found.groups())
    with suppress(ValueError):  # which is for icalendar to tell
        if not found[4]:
            return _Day(date(year, month, day))
        return _Day(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    return None


def _plainly(text: str) -> str:
    """A text without its escapes."""
    return _ESCAPED.sub(lambda mark: "\n" if mark[1] in "nN" else mark[1], text)


def _line_of(icalendar: Any, block: _Block) -> int:
    """The line that icalendar, which does not tell it, cannot read; else the first."""
    texts = block.text.split("\n")[:TRIED]
    for number, line in enumerate(texts):
        if line[:6].upper() in ("BEGIN:", "END:VT", "END:VA") or line[:1] in (" ", "\t", ""):
            continue
        folded = takewhile(lambda each: each[:1] in (" ", "\t"), texts[number + 1 :])
        try:
            icalendar.Todo.from_ical("\n".join(("BEGIN:VTODO", line, *folded, "END:VTODO")))
        except (ValueError, KeyError, IndexError):
            return block.line + number
    return block.line


def _draft(source: Source, block: _Block, todo: Any) -> Draft:
    fields: dict[str, Words] = {"status": _status(todo), "tags": tuple(_tags(todo))}
    extra: dict[str, Words] = {}
    links: dict[str, tuple[str, ...]] = {}
    remarks: list[Remark] = []
    for name, values in todo.items():
        each = values if isinstance(values, list) else [values]
        if name in _TEXTS or name in _DERIVED or name == "CATEGORIES":
            continue
        if name in _DATES and isinstance(each[0].dt, date):
            ours = _DATES[name] if each[0].params.get(_MARK) != "wait" else "wait"
            fields[ours] = _when(source, each[0].dt)
            zone = each[0].params.get("TZID")
            if zone and getattr(each[0].dt, "tzinfo", None) is None:
                source.note(
                    f"the time zone {str(zone)!r} is not known: its times are taken as ours"
                )
            _more(name, each[1:], extra)
        elif name in _PEOPLE:
            fields[_PEOPLE[name]] = tuple(filter(None, map(_person, each)))
        elif name == "COMMENT":
            remarks += [Remark(str(value)) for value in each]
        elif name == "RELATED-TO":
            _related(each, links, extra)
        elif name.startswith(_OWN) and name != _REPEAT:
            _own(
                name.removeprefix(_OWN).lower().replace("-", "_"),
                _plainly(str(each[0])),
                fields,
                links,
                extra,
            )
        else:
            _more(name, each[_valued(name, each[0], fields) :], extra)
    _lasting(source, todo, fields, extra)
    if _mixed(fields):
        source.note("DTSTART and DUE of a to-do are a day and a moment; both are kept as they are")
    if todo.subcomponents:
        source.note("alarms of to-dos do not come along")
    key = _one(todo, "UID")
    if "RECURRENCE-ID" in todo:
        which = todo["RECURRENCE-ID"]
        key = f"{key} {_text(which[0] if isinstance(which, list) else which)}"
    body = _one(todo, "DESCRIPTION")
    title = _one(todo, "SUMMARY")
    return Draft(key, title, body, fields, links, extra, tuple(remarks), line=block.line)


def _more(name: str, values: list[Any], extra: dict[str, Words]) -> None:
    """Keep what has no field under its own name."""
    texts = tuple(filter(None, map(_text, values)))
    if texts:
        extra[name] = texts[0] if len(texts) == 1 else texts


def _one(todo: Any, name: str) -> str:
    """A property that stands once; the first if it does not."""
    found = todo.get(name, "")
    return str(found[0] if isinstance(found, list) else found)


def _status(todo: Any) -> str:
    said = _one(todo, "STATUS").upper()
    return said or ("COMPLETED" if "COMPLETED" in todo else "NEEDS-ACTION")


def _tags(todo: Any) -> Iterator[str]:
    found = todo.get("CATEGORIES", [])
    for each in found if isinstance(found, list) else [found]:
        yield from (str(name) for name in each.cats if str(name).strip())


def _when(source: Source, found: date) -> str:
    return source.moment(found) if isinstance(found, datetime) else found.isoformat()


def _mixed(fields: dict[str, Words]) -> bool:
    start, due = str(fields.get("start", "")), str(fields.get("due", ""))
    return bool(start and due) and ("T" in start) != ("T" in due)


def _person(value: Any) -> str:
    """``Ana Ruiz <ana@example.org>``, or what is there of it."""
    kind, _, address = str(value).partition(":")
    address = address if kind.lower() == "mailto" else ""
    name = str(value.params.get("CN", ""))
    if name and address and name != address:
        return f"{name} <{address}>"
    return name or address or str(value)


def _related(values: list[Any], links: dict[str, tuple[str, ...]], extra: dict[str, Words]) -> None:
    for value in values:
        if value.params.get(_MARK) == "project":  # whose title stands beside
            continue
        kind = str(value.params.get("RELTYPE", "PARENT")).upper()
        if kind in _LINKS:
            links[_LINKS[kind]] = (*links.get(_LINKS[kind], ()), str(value))
        else:
            before = extra.get(f"RELATED-TO {kind}", ())
            extra[f"RELATED-TO {kind}"] = (*before, str(value))


def _own(
    name: str,
    value: str,
    fields: dict[str, Words],
    links: dict[str, tuple[str, ...]],
    extra: dict[str, Words],
) -> None:
    """A field of plaintrack that calendars have no property for."""
    if name in ("project", "milestone", "goal"):
        links[name] = (value,)
    elif name in ("type", "wait"):
        fields[name] = value
    else:
        extra[name] = value


def _valued(name: str, value: Any, fields: dict[str, Words]) -> bool:
    """Put a property of one value into its field, if it has one and fits."""
    text = _text(value)
    if name == "PRIORITY":
        if text != "0":  # which means none
            fields["priority"] = text
        return True
    if name in ("RRULE", _REPEAT):
        fields["repeat"] = text if name == "RRULE" else _plainly(str(value))
        return True
    minutes = _minutes(text) if name == _ESTIMATE else 0
    if minutes:
        hours, rest = divmod(minutes, 60)
        fields["estimate"] = f"{hours}h" * (hours > 0) + f"{rest}m" * (rest > 0)
    return minutes > 0


def _minutes(text: str) -> int:
    found = _PERIOD.fullmatch(text[:40])
    if found is None:
        return 0
    weeks, days, hours, minutes = (int(each or 0) for each in found.groups())
    return ((weeks * 7 + days) * 24 + hours) * 60 + minutes


def _lasting(source: Source, todo: Any, fields: dict[str, Words], extra: dict[str, Words]) -> None:
    """A to-do may say how long it lasts from its start in the place of its due date."""
    if "start" not in fields or "DURATION" not in todo or "due" in fields:
        return
    with suppress(OverflowError, TypeError, AttributeError):
        fields["due"] = _when(source, todo["DTSTART"].dt + todo["DURATION"].dt)
        del extra["DURATION"]


def _text(value: Any) -> str:
    """A value as it stands in the file, or a text without its escapes."""
    if isinstance(value, str):
        return str(value)
    raw = value.to_ical()
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """A calendar of to-dos, the same bytes for the same items. Raises IcalMissing."""
    try:
        import icalendar
    except ImportError as error:
        raise IcalMissing from error
    yield f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n".encode()
    for record in records:
        yield _todo(icalendar, record).to_ical()
    yield b"END:VCALENDAR\r\n"


def uid(item: str, source: str = "") -> str:
    """The UID of an item: the one it came with, else one made of its id."""
    mine = source.removeprefix("vtodo:")
    return mine if mine and mine != source else f"{item}@plaintrack"


def _todo(icalendar: Any, record: Record) -> Any:
    part = icalendar.Todo()
    created = _utc(record.text("created"))
    part.add("uid", exact(uid(record.id, record.text("source"))))
    part.add("dtstamp", created or datetime(2000, 1, 1, tzinfo=UTC))
    part.add("summary", exact(_held(record, "title", record.title)))
    part.add("status", _STATUS[record.category])
    record.tell_status(_STATUS[record.category])
    if record.body.strip():
        part.add("description", exact(_held(record, "body", record.body.strip())))
    closed = _utc(record.text("closed"))
    if created:
        part.add("created", created)
    if closed and record.category in ("done", "cancelled"):
        part.add("completed", closed)
    for name, moment in _span(record):
        part.add(name, moment)
    _waiting(part, record)
    _rest(part, record)
    if record.rank is not None:
        rank = _RANKS[min(3, -(-3 * record.rank // max(1, record.ranks - 1)))]
        part.add("priority", rank)
        if record.ranks > len(_RANKS):
            record.tell("priority", record.text("priority"), str(rank), FOLDED)
    if record.many("tags"):
        part.add("categories", categories(map(_plain, record.many("tags"))))
    if record.minutes.get("estimate"):
        hours, rest = divmod(record.minutes["estimate"], 60)
        part.add(_ESTIMATE, f"PT{hours}H{rest}M")
    _rule(icalendar, part, record.text("repeat"))
    _people(icalendar, part, record)
    _linked(part, record)
    record.tell_remarks(moments=False)
    for remark in record.remarks:
        part.add("comment", exact(_held(record, "comments", remark.text)))
    return part


def _linked(part: Any, record: Record) -> None:
    """What it is a part of, and what it waits for."""
    for kind, name in _LINKS.items():
        for each in record.blockers() if name == "depends_on" else record.many(name):
            value = exact(uid(each.split()[0], record.origins.get(each, "")))
            value.params["RELTYPE"] = kind
            part.add("related-to", value)
    if record.project and not record.many("parent"):  # calendars show it below its project
        above = exact(uid(record.project, record.origins.get(record.project, "")))
        part.add("related-to", above, parameters={"RELTYPE": "PARENT", _MARK: "project"})


def _span(record: Record) -> Iterator[tuple[str, date]]:
    """Start and due date, of one type as RFC 5545 wants it: a day beside a moment is the midnight
    that it begins with.
    """
    found = {"dtstart": _day(record.text("start")), "due": _day(record.text("due"))}
    moments = [each for each in found.values() if isinstance(each, datetime)]
    zone = (moments[0].tzinfo or UTC) if moments else None
    ours = {"dtstart": "start", "due": "due"}
    for name, each in found.items():
        if each is None:
            continue
        if zone is not None and not isinstance(each, datetime):
            record.tell(ours[name], each.isoformat(), "", "midnight, beside a moment")
            each = datetime(each.year, each.month, each.day, tzinfo=zone)
        yield name, each.astimezone(UTC) if isinstance(each, datetime) else each


def _waiting(part: Any, record: Record) -> None:
    """`wait` is the start of a to-do that has none, as calendars hide what has not begun; with a
    mark, for the way back.
    """
    wait, due = _day(record.text("wait")), _day(record.text("due"))
    if wait is None:
        return
    alike = due is None or isinstance(due, datetime) == isinstance(wait, datetime)
    if "DTSTART" not in part and alike and (due is None or due >= wait):
        moment = wait.astimezone(UTC) if isinstance(wait, datetime) else wait
        part.add("dtstart", moment, parameters={_MARK: "wait"})
    else:
        part.add(f"{_OWN}WAIT", exact(record.text("wait")))


def _rest(part: Any, record: Record) -> None:
    """Fields that calendars have no property for."""
    for name in record.fields:
        value = ", ".join(record.many(name))
        if name not in _PLACED and value:
            word = re.sub(r"[^A-Za-z0-9-]", "-", name).upper()
            part.add(f"{_OWN}{word}", exact(_plain(value)))


def _day(text: str) -> date | None:
    found = iso(text)
    return found if found is None or "T" in text else found.date()


def _utc(text: str) -> datetime | None:
    found = iso(text)
    return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _rule(icalendar: Any, part: Any, text: str) -> None:
    """A rule as RRULE, if it is written so; in words it is kept for plaintrack."""
    found = _RULE.fullmatch(text.strip())
    if found:
        part.add("rrule", icalendar.vRecur.from_ical(found[1]))
    elif text:
        part.add(_REPEAT, exact(_plain(text)))


def _people(icalendar: Any, part: Any, record: Record) -> None:
    for name, ours in _PEOPLE.items():
        if name == "ORGANIZER" and record.many(ours)[1:]:
            record.tell(ours, ", ".join(record.many(ours)), record.many(ours)[0], "the first")
        for who in record.many(ours)[: 1 if name == "ORGANIZER" else None]:
            address = who if "@" in who else ""
            value = icalendar.vCalAddress(f"mailto:{address}" if address else "invalid:nomail")
            if not address:
                value.params["CN"] = who
            part.add(name, value)


def _held(record: Record, name: str, text: str) -> str:
    """The same of a part of an item, counted where it is another."""
    found = _plain(text)
    if found != text:
        record.tell(name, text, "", "blanks for control characters")
    return found


def _plain(text: str) -> str:
    """A text without the characters that a calendar cannot hold."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each if each >= " " or each in "\n\t" else " " for each in kept)


CODEC = Codec(
    title="to-dos of calendars",
    files=(
        "an `.ics` file with to-dos, or a folder of such files, as todoman and vdirsyncer keep"
        " them. It takes the extra `ical`"
    ),
    reads=read,
    writes=write,
    maps={
        "status": {
            "needs-action": "open",
            "in-process": "active",
            "completed": "done",
            "cancelled": "cancelled",
        },
        "priority": {
            "1": "critical",
            "2": "high",
            "3": "high",
            "4": "high",
            "5": "medium",
            "6": "low",
            "7": "low",
            "8": "low",
            "9": "low",
        },
    },
    homes={
        "UID": "the identity; an exported item goes back with its own",
        "DESCRIPTION, COMMENT": "the body, comments",
        "DUE, DTSTART": "`due`, `start`, a day or a moment",
        "COMPLETED, CREATED": "`closed`, `created`",
        "DURATION": "`due`, counted from DTSTART",
        "CATEGORIES": "`tags`",
        "PRIORITY": "1 critical, 2-4 high, 5 medium, 6-9 low, 0 none",
        "X-PLAINTRACK-…": "fields that calendars have no property for, as an export writes them",
        "RRULE": "`repeat`; of words of plaintrack it is `X-PLAINTRACK-REPEAT`",
        "RELATED-TO": "`parent`; with `RELTYPE=DEPENDS-ON` `depends_on`; others are keys",
        "ATTENDEE, ORGANIZER": "`assignee`, `owner`",
        "ESTIMATED-DURATION": "`estimate`",
        "PERCENT-COMPLETE, X-… and others": "keys of their own, by their names",
    },
    loses={
        "VALARM": "there are no alarms of items here; the import says so",
        "DTSTAMP, LAST-MODIFIED, SEQUENCE": "they are about the file, not the work",
        "events and journals": "only to-dos are items; the import says how many others there are",
    },
    folder=".ics",
    carries=frozenset(
        (
            "*",
            "body",
            "comments",
            "groups",
        )
    ),
    export_loses={
        "authors and dates of comments": "COMMENT has no place for them",
        "a fifth priority": "four words are told apart",
        "the day beside a moment": "DTSTART and DUE are of one type: it becomes its midnight",
        "time records": "a to-do has no place for them; `export timeclock` writes them",
    },
)
