"""What may be typed at a place of a file, best first."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from plaintrack.app.editor import tables
from plaintrack.app.editor.desk import Desk, Known
from plaintrack.app.editor.sheet import REFERENCES, Sheet
from plaintrack.app.snapshot import answers, offers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import Field
from plaintrack.model.task import fold
from plaintrack.store.index import ask
from plaintrack.text.draft import Element, way
from plaintrack.text.format import scalar
from plaintrack.when import dates, durations

CONDITIONS = ("start", "pause", "stop")
"""The keys of an SLA that are queries."""
MOST = 100
"""So many ids are offered at once; what is typed next narrows them."""
_DAYS = (
    *("today", "tomorrow", "mon", "tue", "wed", "thu", "fri", "+3d", "+1w", "+2w"),
    *("+1mo", "eow", "eom", "eoq", "eoy"),
)
_LENGTHS = ("30m", "1h", "2h", "4h", "1d", "2d", "3d", "1w", "2w")
_REPEATS = ("every day", "every week", "every 2 weeks", "every month", "every weekday")


class Choice(NamedTuple):
    """One thing that may stand there: ``text`` replaces the characters ``start`` to ``end``.

    ``kind`` is ``field``, ``value``, ``item``, ``person``, ``date`` or ``word``; ``about`` is a few
    words, ``doc`` Markdown; ``item`` is the id of the item that can be shown for it.
    """

    label: str
    text: str
    start: int
    end: int
    kind: str
    about: str = ""
    doc: str = ""
    item: str = ""


class Choices(NamedTuple):
    """The choices in their order; not ``whole``: there are more, and what is typed narrows them."""

    found: Sequence[Choice] = ()
    whole: bool = True


def complete(sheet: Sheet, offset: int) -> Choices:
    """What may stand at a place."""
    if sheet.kind in ("settings", "rules"):
        return Choices(_in_yaml(sheet, offset))
    if sheet.draft.head is not None and offset <= sheet.draft.head[1] and sheet.keys:
        return _in_front(sheet, offset)
    block = sheet.block(offset)
    if block is not None:
        return Choices(_in_block(sheet, *block, offset))
    return _in_body(sheet, offset)


# Front matter.


def _in_front(sheet: Sheet, offset: int) -> Choices:
    at = sheet.draft.at(offset)
    if at is None:
        return Choices()
    if at.key:
        return Choices(list(_keys(sheet, at.element)))
    field = sheet.field(at.entry)
    if field is None:
        return Choices()
    element = at.element
    lead = "" if sheet.text[element.start - 1 : element.start] != ":" else " "
    typed = sheet.text[element.start : offset]
    found = values(sheet, field, typed, element)
    if lead:
        found = found._replace(found=[each._replace(text=lead + each.text) for each in found.found])
    return found


def _keys(sheet: Sheet, element: Element) -> Iterator[Choice]:
    """The fields that the file does not have, those it must have first."""
    colon = sheet.text[element.end : element.end + 1] == ":"
    there = {each.key for each in sheet.draft.entries} - {element.text}
    fields = [(key, each) for key, each in sheet.keys.items() if key not in there]
    fields.sort(key=lambda pair: not pair[1].required)
    for key, field in fields:
        text = key if colon else f"{key}: "
        about = "required" if field.required else _kind(field)
        yield Choice(key, text, element.start, element.end, "field", about, _doc(field))


def _kind(field: Field) -> str:
    return f"list of {field.kind}" if field.many else field.kind


def _doc(field: Field) -> str:
    return field.doc


def values(sheet: Sheet, field: Field, typed: str, element: Element) -> Choices:
    """The values that a field may have."""
    snapshot = sheet.snapshot
    start, end = element.start, element.end
    if field.kind == "choice":
        return Choices([Choice(each, scalar(each), start, end, "value") for each in field.choices])
    if field.kind in ("date", "datetime"):
        return Choices(list(_dates(snapshot, typed, start, end)), whole=False)
    if field.kind == "duration":
        return Choices(list(_durations(snapshot, typed, start, end)), whole=False)
    if field.kind == "boolean":
        return Choices([Choice(each, each, start, end, "value") for each in ("true", "false")])
    if field.kind == "repeat":
        return Choices([Choice(each, each, start, end, "value") for each in _REPEATS])
    if field.kind == "link" or field.name in REFERENCES:
        return items(sheet, typed, start, end)
    if sheet.kind in tables.STAFF:
        known = tables.staff_values(snapshot, field.name)
        return Choices([Choice(each, scalar(each), start, end, "value") for each in known])
    return Choices(list(_used(snapshot, field, start, end)))


def _used(snapshot: Snapshot, field: Field, start: int, end: int) -> Iterator[Choice]:
    """People, or what other items have in the field, the most used first."""
    kind = "person" if field.kind == "person" else "value"
    known = [each for each in offers.values(snapshot, field.name) if each != "me"]
    uses = ask.uses(snapshot.index.connection, field.name)
    known.sort(key=lambda each: (-uses.get(fold(each), 0), each))
    called = _called(snapshot) if kind == "person" else {}
    flow = field.many
    for each in known:
        count = uses.get(fold(each), 0)
        about = called.get(fold(each), "") or (f"{count}×" if count else "")
        yield Choice(each, scalar(each, flow=flow), start, end, kind, about)


def _called(snapshot: Snapshot) -> dict[str, str]:
    """Folded handle → the person's name, as far as it is known."""
    found = {fold(name): about.get("name", "") for name, about in snapshot.settings.people.items()}
    if snapshot.settings.rooms:
        found |= {fold(each.handle): each.name for each in snapshot.staff.people.values()}
    return found


def _dates(snapshot: Snapshot, typed: str, start: int, end: int) -> Iterator[Choice]:
    """Days in words, with what they come to; first what is typed, if that is a day."""
    works = answers.works(snapshot)
    begun = " ".join(typed.lower().split())
    words = [each for each in _DAYS if each.startswith(begun)] or list(_DAYS)
    if begun and begun not in words:
        words.insert(0, begun)
    for word in words:
        try:
            day = dates.read(word, snapshot.today, works)
        except dates.BadDate:
            continue
        yield Choice(word, day, start, end, "date", f"{_weekday(day)} {day}")


def _weekday(day: str) -> str:
    from datetime import date

    return dates.DAYS[date.fromisoformat(day[:10]).weekday()][:3].title()


def _durations(snapshot: Snapshot, typed: str, start: int, end: int) -> Iterator[Choice]:
    begun = typed.strip()
    units = [f"{begun}{unit}" for unit in ("h", "d", "w", "m")] if begun.isdecimal() else []
    for word in units or [each for each in _LENGTHS if each.startswith(begun)] or [begun]:
        try:
            length = durations.minutes(word, snapshot.schema.day, snapshot.schema.week)
        except durations.BadDuration:
            continue
        yield Choice(word, word, start, end, "value", f"{length / 60:g} h of work")


# Items.


def items(sheet: Sheet, typed: str, start: int, end: int, mark: str = "") -> Choices:
    """Items whose id or title the typed text fits, best first; ``mark`` stands before their ids."""
    own = sheet.path
    found = [each for each in fitting(sheet.desk, typed, MOST + 1) if each.path != own][:MOST]
    return Choices(
        [
            Choice(f"{mark}{each.id}", each.id, start, end, "item", each.title, item=each.id)
            for each in found
        ],
        whole=False,
    )


def fitting(desk: Desk, typed: str, most: int) -> list[Known]:
    """The items that a text fits, best first. Only where too few hold it as it is, those are looked
    at that hold its words or just its letters.
    """
    begun = fold(typed.strip())
    known = desk.choices()
    ranked = [
        (_rank(begun, each), each) for each in known if begun in each.key or begun in each.name
    ]
    if len(ranked) < most and len(begun) > 2:
        there = {each.path for _, each in ranked}
        letters = re.compile(".*".join(map(re.escape, begun.replace(" ", ""))))
        words = begun.split()
        ranked += [
            (4 if all(word in each.name for word in words) else 5, each)
            for each in known
            if letters.search(each.name) and each.path not in there
        ]
    ranked.sort(key=lambda pair: (pair[0], *pair[1][2:5]))
    return [each for _, each in ranked[:most]]


def _rank(begun: str, known: Known) -> int:
    """How well an item holds a text, 0 best: its id begins so, its id holds it, a word of its title
    begins so, its title holds it.
    """
    if known.key.startswith(begun) or known.key.partition("-")[2].startswith(begun):
        return 0
    if begun in known.key:
        return 1
    at = known.name.find(begun)
    return 2 if at == 0 or not known.name[at - 1].isalnum() else 3


# Bodies.


def _in_body(sheet: Sheet, offset: int) -> Choices:
    start = sheet.text.rfind("\n", 0, offset) + 1
    line = sheet.text[start:offset]
    if any(first <= offset <= last for first, last in sheet.prose) is False:
        return Choices()
    person = re.search(r"(?<![\w@/\\.-])@([\w.-]*)$", line)
    if person:
        at = start + person.start(1)
        return Choices(list(_used(sheet.snapshot, Field("assignee", "person"), at, offset)))
    titled = re.search(r"(?<![\w#&/])#(?![#\s])([^#\n]{0,60})$", line)
    if titled:
        at = start + titled.start()
        return items(sheet, titled[1], at, offset, "#")
    prefix = re.escape(sheet.snapshot.settings.prefix)
    word = re.search(rf"(?<![\w-])({prefix}(?:-[\w.-]*)?)$", line, re.IGNORECASE)
    if word and sheet.snapshot.settings.prefix:
        at = start + word.start()
        return items(sheet, word[1].rstrip("-"), at, offset)
    return Choices()


def _in_block(sheet: Sheet, begun: str, start: int, offset: int) -> list[Choice]:
    """What a generated block may ask for: its kind, then a query."""
    from plaintrack.app.reporting.blocks import KINDS

    kind, blank, rest = begun.partition(" ")
    if not blank:
        return [Choice(each, each, start, offset, "word") for each in KINDS]
    return list(_query(sheet.snapshot, rest, start + len(kind) + 1, offset))


def _query(snapshot: Snapshot, begun: str, start: int, end: int) -> Iterator[Choice]:
    """The terms of a query; only what is typed of the last one is replaced."""
    from plaintrack.query.written import last_term

    last = last_term(begun)
    while begun.startswith("-", last):
        last += 1
    try:
        found = offers.query(snapshot, begun)
    except PlaintrackError:
        return
    for each in found:
        if each.text.startswith(begun[:last]):
            term = each.text[last:]
            yield Choice(term, term, start + last, end, "word", each.about)


# Settings and rules.


def _in_yaml(sheet: Sheet, offset: int) -> list[Choice]:
    here = way(sheet.text, offset)
    start, end = here.element.start, max(here.element.end, offset)
    snapshot = sheet.snapshot
    known = tables.keys_of(sheet.kind)(snapshot, here.above) if here.key else []
    if known:
        return list(_of_keys(sheet, known, here.element, end, here.above))
    typed = sheet.text[start:offset]
    if _asks(here.above, sheet.kind):
        return list(_query(snapshot, typed, start, end))
    found = tables.values_of(sheet.kind)(snapshot, here.above, typed) or []
    return [Choice(text, text, start, end, "value", about) for text, about in found]


def _asks(above: tuple[str, ...], kind: str) -> bool:
    last = above[-1] if above else ""
    if kind == "rules":
        return last in ("if", "all", "any", "none")
    return last == "query" or (above[:1] == ("sla",) and last in CONDITIONS)


def _of_keys(
    sheet: Sheet,
    known: Iterable[tuple[str, str]],
    element: Element,
    end: int,
    above: tuple[str, ...],
) -> Iterator[Choice]:
    there = {each.key for each in sheet.draft.entries} - {element.text} if not above else set()
    colon = sheet.text[element.end : element.end + 1] == ":"
    for key, about in known:
        if key not in there:
            text = key if colon else f"{key}: "
            yield Choice(key, text, element.start, end, "field", "", about)
