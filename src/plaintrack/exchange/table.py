"""Any CSV or JSON, read by the columns that a Mapping names."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plaintrack.exchange.changes import Change, day, day_of
from plaintrack.exchange.draft import Draft, Remark, Words, group, group_key
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.header import HIGHEST, below
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import BadSource, Source, iso, objects, rows
from plaintrack.model.fields import STANDARD

KEY, BODY, COMMENT = "key", "body", "comment"
"""What a column can be besides a field."""
_FIELDS = {field.name: field for field in STANDARD}
_DATES = frozenset(name for name, field in _FIELDS.items() if field.kind in ("date", "datetime"))
_GROUPS = ("project", "milestone", "goal")
_LINKS = frozenset(("parent", "depends_on"))
_ALIKE = {
    "id": KEY,
    "key": KEY,
    "name": "title",
    "summary": "title",
    "subject": "title",
    "description": BODY,
    "notes": BODY,
    "body": BODY,
    "labels": "tags",
    "tag": "tags",
    "due date": "due",
    "deadline": "due",
    "start date": "start",
    "assigned to": "assignee",
    "owner": "assignee",
    "state": "status",
    "created at": "created",
    "blocked by": "depends_on",
    "comments": COMMENT,
    "estimated": "estimate",
    "closed at": "closed",
    "kind": "type",
}


def read(source: Source) -> Iterator[Draft]:
    """The records. Without a column for ``key`` an item is known by its title. Raises BadSource."""
    seen: set[str] = set()
    for line, record in _records(source):
        draft = _draft(source, line, record)
        for name in _GROUPS:
            for each in draft.links.get(name, ()):
                if each not in seen:
                    seen.add(each)
                    yield group(name, each.partition(":")[2])
        yield draft


def column(name: str, columns: Mapping[str, str]) -> str:
    """What a column is here: as the Mapping says, by its name, or empty: it has no home."""
    if name in columns:
        return columns[name]
    word = name.strip().lower().replace("_", " ")
    field = word.replace(" ", "_")
    return _ALIKE.get(word) or (field if field in _FIELDS and field != "id" else "")


def _records(source: Source) -> Iterator[tuple[int, Mapping[str, Words]]]:
    with source.open() as stream:
        start = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        for number, each in enumerate(objects(source, "items", "issues", "tasks"), 1):
            yield number, {name: _words(value) for name, value in each.items()}
        return
    header: list[str] = []
    for line, cells in rows(source):
        if not header:
            names = [cell.strip() for cell in cells]
            if "title" in {column(name, source.columns) for name in names}:
                header = names
            elif line > HIGHEST:
                break
            continue
        below(source, line, cells, header)
        found: dict[str, Words] = {}
        for name, cell in zip(header, cells, strict=False):
            if cell.strip():
                before = found.get(name)
                found[name] = cell.strip() if before is None else (*_many(before), cell.strip())
        if found:
            yield line, found
    if not header:
        hint = "give --mapping a file with `columns: {Their Column: title}`"
        raise BadSource(source.name, "no column is the title", hint)


def _words(value: Any) -> Words:
    if isinstance(value, list):
        return tuple(filter(None, (_one(each) for each in value)))
    return _one(value)


def _one(value: Any) -> str:
    if isinstance(value, dict):
        named = value.get("name") or value.get("title") or value.get("id")
        value = named or (json.dumps(value, ensure_ascii=False) if value else None)
    return "" if value is None else str(value)


def _many(value: Words) -> tuple[str, ...]:
    return ((value,) if value else ()) if isinstance(value, str) else value


def _draft(source: Source, line: int, record: Mapping[str, Words]) -> Draft:
    fields: dict[str, Words] = {}
    links: dict[str, tuple[str, ...]] = {}
    extra: dict[str, Words] = {}
    special: dict[str, Words] = {}
    told: list[Change] = []
    for name, value in record.items():
        ours = column(name, source.columns)
        if name in source.columns and not ours:
            continue  # the Mapping leaves it out
        if ours in (KEY, BODY, COMMENT, "title"):
            special[ours] = value
        elif ours in _GROUPS:
            links[ours] = tuple(group_key(ours, each) for each in _many(value)[:1])
            extra.update({name: _many(value)[1:]} if _many(value)[1:] else {})
        elif ours in _LINKS:
            links[ours] = tuple(part for each in _many(value) for part in _split(each))
        elif ours:
            fields[ours] = _value(source, ours, value, told)
        else:
            extra[name] = value
    title = " ".join(_many(special.get("title", "")))
    if not title:
        raise BadSource(source.name, f"record {line} has no title", "name its column")
    key = " ".join(_many(special.get(KEY, ""))) or title
    body = "\n\n".join(_many(special.get(BODY, "")))
    remarks = tuple(Remark(each) for each in _many(special.get(COMMENT, "")))
    changed = tuple(told)
    return Draft(key, title, body, fields, links, extra, remarks, line=line, changed=changed)


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.replace(";", ",").split(",") if each.strip()]


def _value(source: Source, name: str, value: Words, told: list[Change]) -> Words:
    """A value as its field wants it: moments and days in ISO 8601, lists taken apart."""
    field = _FIELDS.get(name)
    if name in _DATES:
        text = _many(value)[0]
        moment = iso(text)
        if moment is None or len(_many(value)) > 1:
            return value
        if name in ("created", "closed") and len(text) > 10:
            return source.moment(moment)
        return day(source, name, moment, told) if moment.tzinfo else day_of(name, text, told)
    if field is not None and field.many:
        return tuple(part for each in _many(value) for part in _split(each))
    return value


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """JSON Lines: an object for each item, with its fields, body and comments."""
    for record in records:
        whole: dict[str, Any] = {"key": record.id, **record.fields, "title": record.title}
        whole.update({"body": record.body} if record.body else {})
        if record.remarks:
            whole["comment"] = [each.text for each in record.remarks]
            record.tell_remarks(moments=False)
        yield (json.dumps(whole, ensure_ascii=False) + "\n").encode()


CODEC = Codec(
    title="CSV or JSON",
    files="any table with a header, or a list of objects; `columns:` in the Mapping says which"
    " column is which field",
    reads=read,
    writes=write,
    carries=frozenset(("*", "body", "comments", "groups")),
    export_loses={"time records": "`export timeclock` writes them"},
    homes={
        "columns by the names of fields": "those fields",
        "key (or id)": "the identity; without one, the title",
        "description, notes": "the body",
        "comments": "comments",
    },
)
