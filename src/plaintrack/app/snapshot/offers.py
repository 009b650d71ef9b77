"""What may be typed next: ids, fields, values and terms of queries, for shells and editors."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.fields import Field
from plaintrack.model.listed import joined, split
from plaintrack.query.columns import MENTIONS, STANDS, derived, stated
from plaintrack.query.nodes import STATES
from plaintrack.query.written import continued, last_term, last_value
from plaintrack.when.dates import DAYS

ENDS = ("eow", "eom", "eoq", "eoy")
"""Words for the ends of periods."""

KEYWORDS = ("is:", "has:", "no:", "under:", "view:", "sort:", "limit:")


class Offer(NamedTuple):
    """A whole text in place of the one that was begun, and a word about it."""

    text: str
    about: str = ""


def items(snapshot: Snapshot, begun: str, titled: bool = True) -> list[Offer]:
    """The ids that begin with a text, else those that hold it, else (``titled``) those whose title
    holds a word that begins with it (two letters do), with their titles.
    """
    offered = answers.offered(snapshot, begun)
    starting = [row for row in offered if row[0].lower().startswith(begun.lower())]
    found = starting or offered
    if titled and not found and len(begun) > 1:
        found = answers.entitled(snapshot, begun)
    return [Offer(item, title) for item, title in found if not item.startswith("-")]


def days(snapshot: Snapshot, begun: str) -> list[Offer]:
    """Words for days; behind a minus those that lie back."""
    words = ("today", "tomorrow", "yesterday", *DAYS, *ENDS, "+3d", "+1w", "-1w", "-1mo")
    day = snapshot.today.isoformat()
    return [Offer(word) for word in (*words, day) if word.startswith(begun)]


def periods(snapshot: Snapshot, begun: str) -> list[Offer]:
    """The months and weeks up to today."""
    today = snapshot.today
    months = [(today.year * 12 + today.month - 1 - back) for back in range(6)]
    named = [f"{month // 12}-{month % 12 + 1:02}" for month in months]
    weeks = [(today - timedelta(weeks=back)).isocalendar() for back in range(4)]
    named += [f"{each.year}-W{each.week:02}" for each in weeks]
    return [Offer(each) for each in named if each.startswith(begun)]


def revisions(snapshot: Snapshot, begun: str) -> list[Offer]:
    """Branches, tags and HEAD, also behind the dots of a range."""
    cut = re.match(r"(.*\.\.\.?)?(.*)", begun, re.DOTALL)
    lead, start = (cut[1] or "", cut[2]) if cut else ("", begun)
    names = ["HEAD", *snapshot.repo.named()]
    return [Offer(f"{lead}{name}") for name in names if name.startswith(start)]


def order(snapshot: Snapshot, begun: str) -> list[Offer]:
    """The names of fields to sort by, also with a minus, and as the last of several."""
    kept, comma, start = begun.rpartition(",")
    sign = "-" if start.startswith("-") else ""
    return [
        Offer(f"{kept}{comma}{sign}{name}")
        for name in _shown(snapshot)
        if f"{sign}{name}".startswith(start)
    ]


def listed(begun: str, known: Iterable[str]) -> list[Offer]:
    """Those of some words that go on, also as the last of several that commas separate."""
    kept, comma, start = begun.rpartition(",")
    taken = set(kept.split(","))
    return [
        Offer(f"{kept}{comma}{word}")
        for word in known
        if word.startswith(start) and word not in taken
    ]


def sizes(snapshot: Snapshot, begun: str) -> list[Offer]:
    """What an item may count in metrics."""
    kinds = ("number", "integer", "duration")
    fields = [each.name for each in snapshot.schema.fields.values() if each.kind in kinds]
    names = dict.fromkeys(("count", "estimate", *fields))
    return [Offer(name) for name in names if name.startswith(begun)]


def pools(snapshot: Snapshot, begun: str, room: str, sign: str) -> list[Offer]:
    """The names of people and teams, or of equipment, with the ``sign`` that goes on."""
    named = [each for each in staff(snapshot, room, begun) if not each.text.endswith("=")]
    return [Offer(each.text + sign, each.about) for each in named]


def fields(snapshot: Snapshot, begun: str) -> list[Offer]:
    """The names of fields, also as the last of several that commas separate."""
    kept, comma, start = begun.rpartition(",")
    return [
        Offer(f"{kept}{comma}{name}") for name in snapshot.schema.fields if name.startswith(start)
    ]


def columns(snapshot: Snapshot, begun: str) -> list[Offer]:
    """The names of what a list may show, also as the last of several that commas separate."""
    kept, comma, start = begun.rpartition(",")
    return [Offer(f"{kept}{comma}{name}") for name in _shown(snapshot) if name.startswith(start)]


def _shown(snapshot: Snapshot) -> list[str]:
    """The names of fields, and of what is derived from them."""
    return [*snapshot.schema.fields, *derived(snapshot.schema)]


def views(snapshot: Snapshot, begun: str) -> list[Offer]:
    """The names of the views, with their queries."""
    return [
        Offer(name, view.query)
        for name, view in snapshot.settings.views.items()
        if name.startswith(begun)
    ]


def settings(_snapshot: Snapshot, begun: str) -> list[Offer]:
    """The names of the settings, with what they mean."""
    from plaintrack.config.settings import TABLE

    return [Offer(each.name, each.doc) for each in TABLE if each.name.startswith(begun)]


def staff(snapshot: Snapshot, room: str, begun: str) -> list[Offer]:
    """The names of people and teams, or of equipment, and the fields of their files."""
    from plaintrack.text.staff import EQUIPMENT, PERSON

    known = snapshot.staff
    if room == "people":
        named = [(each.handle, each.name) for each in known.people.values()]
        named += [(spelled, "team") for spelled in known.spelled.values()]
    else:
        named = [(each.handle, each.name) for each in known.equipment.values()]
    fields = PERSON if room == "people" else EQUIPMENT
    offered = [Offer(*each) for each in sorted(named)]
    offered += [Offer(f"{field.name}{'+' * field.many}=", field.doc) for field in fields]
    return [each for each in offered if each.text.startswith(begun)]


def models(snapshot: Snapshot, begun: str) -> list[Offer]:
    """The names of the scoring models, with their formulas."""
    return [
        Offer(name, model.formula)
        for name, model in snapshot.settings.scores.items()
        if name.startswith(begun)
    ]


def words(snapshot: Snapshot, begun: str) -> list[Offer]:
    """``field=``, ``field=value`` and ``field:value``, ``+tag`` and ``@person`` for an item: the
    spelling of values is data, and only what is typed goes on.
    """
    if begun[:1] == "+" and begun[1:2] != "=":
        return _marked(begun, values(snapshot, "tags"))
    if begun[:1] == "@":
        return _marked(begun, values(snapshot, "assignee"))
    end = re.search("[=:]", begun)
    if end is None:
        return [Offer(f"{field}=") for field in snapshot.schema.fields if field.startswith(begun)]
    name, typed = begun[: end.start()].rstrip("+-"), begun[end.end() :]
    if name == "in" and name not in snapshot.schema.fields:
        name = "parent"
    lead = begun[: end.end()]
    field = snapshot.schema.fields.get(name)
    if field is None or not field.many:
        return [
            Offer(lead + value)
            for value in values(snapshot, name)
            if value.startswith(typed) and value == value.strip()
        ]
    kept = _kept(typed)
    last = typed[len(kept) :]
    offers = []
    for value in values(snapshot, name):
        text = joined([value])
        goes_on = value.startswith(last) or text.startswith(last)
        if goes_on and split(kept + text)[-1] == value:
            offers.append(Offer(f"{lead}{kept}{text}"))
    return offers


def mentions(snapshot: Snapshot, begun: str) -> list[Offer]:
    """``@person`` and ``@group`` for a word of a text that begins so."""
    known = values(snapshot, "assignee") if begun[:1] == "@" else []
    return _marked(begun, [each for each in known if each != "me"])


def _marked(begun: str, known: list[str]) -> list[Offer]:
    """The values behind a sign that need no quotes there."""
    return [
        Offer(begun[0] + value)
        for value in known
        if value.startswith(begun[1:]) and not any(each.isspace() for each in value)
    ]


def _kept(typed: str) -> str:
    """What stands before the last of several values, the last comma with it."""
    inside, end = False, 0
    for at, char in enumerate(typed):
        if char == '"' and (inside or not typed[end:at].strip()):
            inside = not inside
        elif char == "," and not inside:
            end = at + 1
    return typed[:end]


def query(snapshot: Snapshot, begun: str) -> list[Offer]:
    """The terms of a query: fields, keywords and, behind a colon, values, written so that the term
    means the value.
    """
    start = last_term(begun)
    while begun.startswith("-", start):
        start += 1
    sign, term = begun[:start], begun[start:]
    name = term.replace("=", ":").partition(":")[0]
    if name == term:
        names = (*KEYWORDS, *(f"{field}:" for field in _shown(snapshot)))
        return [Offer(f"{sign}{word}") for word in names if word.startswith(name)]
    known = values(snapshot, name)
    terms = [continued(term, value) for value in known]
    me = term[: last_value(term)[0]] + "me"
    if known[:1] == ["me"] and me.startswith(term):
        terms[0] = me  # the word, not someone of that name
    return [Offer(f"{sign}{text}") for text in dict.fromkeys(terms) if text]


def values(snapshot: Snapshot, name: str) -> list[str]:
    """The values that a field or keyword may have: its choices, else people and what is in use."""
    field = snapshot.schema.fields.get(name)
    if name == "is":
        return list(STATES)
    if name == "view":
        return list(snapshot.settings.views)
    if name in ("has", "no", "sort"):
        return _shown(snapshot)
    if stated(name, snapshot.schema):
        return list(STANDS)
    if field is None and name == MENTIONS:
        field = Field(name, "person", many=True)
    if field is None:
        return []
    if field.choices:
        return list(field.choices)
    if name == "under" or field.kind == "link":
        return [item for item, _ in answers.offered(snapshot, "", 500)]
    if name == "title":
        return []
    return list(dict.fromkeys([*_members(snapshot, field), *answers.used(snapshot, name)]))


def _members(snapshot: Snapshot, field: Field) -> list[str]:
    """The people, teams, skills and equipment that may stand in a field."""
    if field.kind == "person":
        if not snapshot.settings.rooms and not snapshot.settings.groups:
            return ["me", *snapshot.settings.people]
        known = snapshot.staff
        return ["me", *(each.handle for each in known.people.values()), *known.spelled.values()]
    if field.name in snapshot.schema.own or not snapshot.settings.rooms:
        return []
    if field.name == "team":
        return list(snapshot.staff.spelled.values())
    if field.name == "needs":
        pools = [each.handle for each in snapshot.staff.equipment.values()]
        return [*pools, *(f"skill:{skill}" for skill in snapshot.staff.skills())]
    return []
