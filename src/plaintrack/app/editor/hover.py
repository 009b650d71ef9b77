"""What is told about the word at a place: Markdown, and where the word stands."""

from datetime import date
from typing import NamedTuple

from plaintrack.app.editor import tables
from plaintrack.app.editor.sheet import Named, Sheet
from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.checks.report import Finding
from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import Field
from plaintrack.model.task import fold
from plaintrack.show import hover as show
from plaintrack.store.index import ask
from plaintrack.text.draft import Element, way
from plaintrack.when import dates, durations

MOST = 400
"""Days that are counted."""


class Told(NamedTuple):
    """Markdown about the characters ``start`` to ``end``."""

    text: str
    start: int
    end: int


def hover(sheet: Sheet, offset: int) -> Told | None:
    """What there is to say at a place, and what the checks that found something there are for; None
    if nothing.
    """
    told = _word(sheet, offset)
    found = [each for each in sheet.desk.found.get(sheet.path, ()) if _covers(sheet, each, offset)]
    if not found:
        return told
    texts = [told.text] if told else []
    texts += dict.fromkeys(filter(None, (explained(each.code) for each in found)))
    start, end = told[1:] if told else sheet.span(found[0])
    return Told("\n\n---\n\n".join(texts), start, end)


def _covers(sheet: Sheet, finding: Finding, offset: int) -> bool:
    start, end = sheet.span(finding)
    return start <= offset <= end


def explained(check: str) -> str:
    """A check by its code or name, in Markdown: what it finds, why, and how to fix it; empty if
    there is none.
    """
    from plaintrack.checks.catalogue import every, find

    found = find(check, every())
    if found is None:
        return ""
    words = found.explained
    return show.lines([f"**{found.code} {found.name}**", words.title, words.why, words.fix])


def _word(sheet: Sheet, offset: int) -> Told | None:
    """What there is to say of the word at a place."""
    if sheet.kind in ("settings", "rules"):
        return _in_yaml(sheet, offset)
    named = sheet.named(offset)
    if named is not None:
        text = about(sheet, named)
        return Told(text, named.start, named.end) if text else None
    at = sheet.draft.at(offset)
    field = sheet.field(at.entry) if at else None
    if at is None or field is None or at.entry is None:
        return None
    if at.key:
        return Told(show.field(at.entry.key, field), at.entry.start, at.entry.end)
    text = _value(sheet, field, at.element)
    return Told(text, at.element.start, at.element.end) if text else None


def about(sheet: Sheet, named: Named) -> str:
    """An item or a person in Markdown; empty if it is not known."""
    if named.kind == "item":
        return item(sheet, named.name)
    return _person(sheet.snapshot, named.name)


def item(sheet: Sheet, name: str) -> str:
    """The item of an id in Markdown; empty if there is none."""
    from plaintrack.app.snapshot.detail import detail

    snapshot = sheet.snapshot
    path = ask.path(snapshot.index.connection, name)
    if path is None:
        return ""
    try:
        found = detail(snapshot, find.view(snapshot, path))
    except (PlaintrackError, OSError):
        return ""
    return show.item(found, sheet.desk.lines.get(fold(found.task.id)))


def _person(snapshot: Snapshot, name: str) -> str:
    from plaintrack.app.snapshot.roster import people

    name = name.removeprefix("@")
    try:
        profiles = people(snapshot, [name]).profiles
    except PlaintrackError:
        return ""
    if len(profiles) != 1:
        some = ", ".join(each.who.handle for each in profiles)
        return show.lines([f"**{name}**: a group", some])
    return show.person(profiles[0], snapshot.today)


def _value(sheet: Sheet, field: Field, element: Element) -> str:
    """A date or a duration in words."""
    snapshot = sheet.snapshot
    if field.kind in ("date", "datetime") and element.text:
        return day(snapshot, element.text)
    if field.kind == "duration" and element.text:
        try:
            length = durations.minutes(element.text, snapshot.schema.day, snapshot.schema.week)
        except durations.BadDuration:
            return ""
        days = length / snapshot.schema.day
        return f"{length / 60:g} h of work: {days:g} working days of {snapshot.schema.day / 60:g} h"
    return ""


def day(snapshot: Snapshot, text: str) -> str:
    """A date in words: its weekday, and in how many working days it is."""
    try:
        iso = dates.read(text, snapshot.today, answers.works(snapshot))[:10]
    except dates.BadDate:
        return ""
    found = date.fromisoformat(iso)
    weekday = dates.DAYS[found.weekday()].title()
    return f"{weekday} {iso}, {distance(snapshot, found)}"


def distance(snapshot: Snapshot, found: date) -> str:
    """How far a day is from today, in words."""
    from datetime import timedelta

    away = (found - snapshot.today).days
    if abs(away) < 2:
        from plaintrack.when.relative import distance as near

        return near(found, snapshot.today)
    if abs(away) > MOST:
        return f"in {away} days" if away > 0 else f"{-away} days ago"
    works = answers.works(snapshot) or (lambda each: each.weekday() < 5)
    first = min(found, snapshot.today)
    days = sum(works(first + timedelta(days=each + 1)) for each in range(abs(away)))
    plural = "" if days == 1 else "s"
    working = f"{days} working day{plural}"
    return f"in {away} days ({working})" if away > 0 else f"{-away} days ago ({working})"


def _in_yaml(sheet: Sheet, offset: int) -> Told | None:
    here = way(sheet.text, offset)
    element = here.element
    if not here.key or not element.text:
        return None
    known = dict(tables.keys_of(sheet.kind)(sheet.snapshot, here.above))
    text = known.get(element.text, "")
    if sheet.kind == "rules" and here.above[-1:] == ("do",):
        from plaintrack.rules.actions import ACTIONS
        from plaintrack.show.actions import explain

        kind = ACTIONS.get(element.text)
        if kind is not None:
            text = "```text\n" + "\n".join(explain(kind)) + "\n```"
    if here.above == ("checks",):
        text = explained(element.text) or text
    return Told(text, element.start, element.end) if text else None
