"""Answers questions about the workspace's items from the index."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.values import Settings
from plaintrack.errors import suggestion
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task, fields_of, fold
from plaintrack.query.bind import Names, Question, bind
from plaintrack.query.columns import COLUMNS, MENTIONS, STATE, inherited, planned, stated
from plaintrack.query.nodes import (
    PLANNED_STATES,
    And,
    In,
    Node,
    Not,
    Or,
    Order,
    State,
    Under,
    joined,
)
from plaintrack.query.parser import parse
from plaintrack.query.urgency import DEFAULT
from plaintrack.store.index import ask
from plaintrack.store.index.ask import CELLS, FIGURES, MENTIONED, TYPED, TYPED_FIGURES
from plaintrack.when.dates import Works

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from plaintrack.when.calendars import Calendar


OF_OTHERS = frozenset(("ready", "blocked", "blocking", "progress", "urgency"))
"""States and fields that other items have a part in."""


def computed(snapshot: Snapshot, name: str) -> bool:
    """Whether a column has this name although no field of the settings may have it."""
    return (
        name in CELLS
        or figure(snapshot, name)
        or planned(name, snapshot.schema)
        or of_mentions(snapshot, name)
    )


def of_mentions(snapshot: Snapshot, name: str) -> bool:
    """Whether a column of this name holds whom bodies mention, in one text."""
    return name == MENTIONS and name not in snapshot.schema.fields


def figure(snapshot: Snapshot, name: str) -> bool:
    """Whether a column of this name is computed for each question."""
    if name == "kind":
        return inherited(name, snapshot.schema)
    if name == STATE:
        return stated(name, snapshot.schema)
    return name in FIGURES and (name != "score" or snapshot.schema.scored)


def names(snapshot: Snapshot) -> Names:
    """What a query of this workspace may name."""
    lexicon = snapshot.lexicon
    return Names(
        schema=snapshot.schema,
        today=snapshot.today,
        me=lambda: _me(snapshot),
        resolve=lexicon.resolve,
        extra=frozenset(lexicon.fields()),
        urgency={**DEFAULT, **snapshot.settings.urgency},
        scores=snapshot.settings.scores,
        in_use=lambda field, key: _in_use(snapshot, field, key),
        recall=snapshot.recall,
        works=works(snapshot),
        minutes=minutes(snapshot),
        leftover=lambda field, key: _leftover(snapshot, field, key),
        is_item=lexicon.is_item,
        teams=lambda: _teams(snapshot),
        kinds=cache(lambda: _kinds(snapshot)),
        plan=lambda: snapshot.expected,
        logged=lambda: snapshot.logged,
        rolled=lambda: snapshot.rolled,
        sla=lambda: snapshot.sla,
        approved=lambda: snapshot.approved,
        addressed=lambda: snapshot.addressed,
        timed="time" in snapshot.settings.rooms,
        views={name: view.query for name, view in snapshot.settings.views.items()},
        is_person=lambda name: _is_person(snapshot, name),
    )


def _me(snapshot: Snapshot) -> tuple[str, ...]:
    from plaintrack.app.snapshot.people import me

    return me(snapshot)


def _is_person(snapshot: Snapshot, name: str) -> bool:
    """Whether a person or team has a name, or items are assigned to it; ``me`` is one."""
    key = fold(name)
    if key == "me" or snapshot.lexicon.in_use("assignee", key):
        return True
    return key in snapshot.staff.people or key in snapshot.staff.spelled


def _teams(snapshot: Snapshot) -> Mapping[str, frozenset[str]]:
    if not snapshot.settings.rooms and not snapshot.settings.groups:
        return {}
    teams = snapshot.staff.teams
    return {team: frozenset(map(fold, members)) for team, members in teams.items()}


def _kinds(snapshot: Snapshot) -> Mapping[str, str]:
    from plaintrack.app.snapshot.outline import outline

    return outline(snapshot, timed=False).kinds_by_path()


def works(snapshot: Snapshot) -> Works | None:
    """Whether a day is a working day of the settings' calendar; None where that says no more than
    Monday to Friday.
    """
    settings = snapshot.settings
    plain = settings.calendar == Settings._field_defaults["calendar"]
    if plain and "default" not in settings.calendars:
        return None
    made: list[Works] = []

    def working(day: "date") -> bool:
        if not made:
            from plaintrack.app.snapshot.calendar import calendar

            made.append(calendar(snapshot).works)
        return made[0](day)

    return working


def minutes(snapshot: Snapshot) -> "Callable[[date], int]":
    """The working time of a day by the workspace's calendar, which is made when it is needed."""
    made: list[Calendar] = []

    def worked(day: "date") -> int:
        if not made:
            from plaintrack.app.snapshot.calendar import calendar

            made.append(calendar(snapshot))
        return made[0].worked(day, snapshot.schema.day)

    return worked


def is_item(snapshot: Snapshot, text: str) -> bool:
    """Whether a text is the whole id of an item."""
    return snapshot.lexicon.is_item(text)


def _leftover(snapshot: Snapshot, field: str, key: str) -> bool:
    """Whether an item has that folded value in a field of choices."""
    if field not in COLUMNS:
        return _in_use(snapshot, field, key)
    return snapshot.lexicon.in_column(field, key)


def _in_use(snapshot: Snapshot, field: str, key: str) -> bool:
    found = snapshot.lexicon.in_use(field, key)
    if not found and of_mentions(snapshot, field):
        return any(key in names for names in snapshot.addressed.values())
    return found


def question(
    snapshot: Snapshot,
    text: str,
    *,
    within: str = "",
    state: str = "",
    sort: str = "",
    shown: str = "",
    limit: int | None = None,
) -> Question:
    """The query text, bound to this workspace; raises BadQuery.

    ``within`` is a query that the answer has to answer too. ``state`` narrows it (``open``,
    ``ready``; ``open?`` unless the text asks for states, a status or an id itself). ``sort`` holds
    where the text says nothing of its own, ``shown`` too, but only for the order in which the
    answer is told: which items a ``limit:`` leaves is decided by the query's order, else by that of
    the settings, wherever it stands.
    """
    known = names(snapshot)
    asked = bind(parse(text), known)
    if within:
        asked = joined(bind(parse(within), known), asked)
    if state and not (state == "open?" and any(map(_of_states, parts(asked.where)))):
        asked = asked._replace(where=And((asked.where, State(state.removesuffix("?")))))
    if not asked.sort:
        settled = snapshot.settings.sort if asked.limit is not None else ""
        asked = asked._replace(sort=_order(sort or settled or shown, known))
        if shown and settled and not sort:
            asked = asked._replace(shown=_order(shown, known))
    if limit is None:
        return asked
    return asked._replace(limit=limit if asked.limit is None else min(limit, asked.limit))


def _order(text: str, known: Names) -> Order:
    return bind(parse(f"sort:{text}"), known).sort if text else ()


def phrases(snapshot: Snapshot, words: Sequence[str]) -> str:
    """The query for items that hold each of the words; a whole id means its item."""
    quoted = ('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    return " ".join(
        f"id:{word}" if is_item(snapshot, word) else text
        for word, text in zip(words, quoted, strict=True)
    )


def condition(snapshot: Snapshot, text: str) -> Node:
    """A query that is asked of each item by itself; raises BadQuery, also for an order or a
    length.
    """
    return bind(parse(text, condition=True), names(snapshot)).where


def parts(node: Node) -> Iterator[Node]:
    """The node and all that it is made of."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        if isinstance(found, And | Or):
            waiting += found.parts
        elif isinstance(found, Not):
            waiting.append(found.part)


def of_others(snapshot: Snapshot, where: Node) -> bool:
    """Whether a condition asks for what other items make of an item."""
    schema = snapshot.schema
    for part in parts(where):
        field = getattr(part, "field", "")
        if isinstance(part, Under) or getattr(part, "name", "") in OF_OTHERS:
            return True
        if field in OF_OTHERS or inherited(field, schema) or stated(field, schema):
            return True
    return False


def _of_states(node: Node) -> bool:
    if isinstance(node, State):
        return node.name not in PLANNED_STATES  # only what is open is planned
    return getattr(node, "field", "") in ("status", "state", "closed", "id")


def unused(snapshot: Snapshot, where: Node) -> list[str]:
    """What a question asks for that no item has, in words, with the nearest value that some item
    has.
    """
    found = []
    for part in parts(where):
        if isinstance(part, In) and not _answered(snapshot, part.field):
            found += [
                _unused(snapshot, part.field, key)
                for key in sorted(part.keys)
                if not _in_use(snapshot, part.field, key)
            ]
    return found


def _answered(snapshot: Snapshot, field: str) -> bool:
    """Whether a field has its values from elsewhere than the item's own value of it."""
    schema = snapshot.schema
    return field in COLUMNS or inherited(field, schema) or stated(field, schema)


def _unused(snapshot: Snapshot, field: str, key: str) -> str:

    from plaintrack.query.written import written

    used = snapshot.lexicon.values(field)
    near = suggestion(key, used, write=written)
    return f"no item has {field}:{written(key)}" + (f"; {near}" if near else "")


def field(snapshot: Snapshot, name: str) -> str:
    """The canonical name of a field that can be shown or grouped by; raises BadQuery with the
    nearest name.
    """
    from plaintrack.query.bind import field as known

    return name if name in CELLS else known(name, names(snapshot))


def rows(snapshot: Snapshot, asked: Question, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """The answer as rows of display texts, one per column name, in the question's order."""
    answer = _told(snapshot, asked, columns, CELLS, FIGURES)
    answer = _with_plan(snapshot, answer, columns)
    if MENTIONS in columns and of_mentions(snapshot, MENTIONS):
        at = columns.index(MENTIONS)
        answer = [
            (*row[:at], ", ".join(_mentioned(snapshot, row[at])), *row[at + 1 :]) for row in answer
        ]
    fields = ["" if computed(snapshot, name) else name for name in columns]
    if not any(fields):
        return answer
    return [
        tuple(_cell(each, name) if name else each for each, name in zip(row, fields, strict=True))
        for row in answer
    ]


def _with_plan(
    snapshot: Snapshot, rows: list[Any], columns: Sequence[str]
) -> list[tuple[str, ...]]:
    """The rows, with what the plan says in place of the ids in its columns."""
    places = [at for at, name in enumerate(columns) if planned(name, snapshot.schema)]
    if not places:
        return rows
    from plaintrack.app.snapshot.expected import text

    found = []
    for row in rows:
        cells = list(row)
        for at in places:
            cells[at] = text(snapshot, row[at], columns[at])
        found.append(tuple(cells))
    return found


def names_plan(where: Node, snapshot: Snapshot) -> bool:
    """Whether a condition names what only the plan says."""
    return any(
        planned(getattr(part, "field", ""), snapshot.schema)
        or (isinstance(part, State) and part.name in PLANNED_STATES)
        for part in parts(where)
    )


def values(snapshot: Snapshot, asked: Question, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The answer as rows of typed values: numbers, truths, lists, ISO dates, None for nothing."""
    import json

    from plaintrack.app.snapshot.typed import typed

    of_plan = [name for name in columns if planned(name, snapshot.schema)]
    derived = [name for name in columns if name in TYPED or figure(snapshot, name)]
    derived += of_plan + [name for name in columns if of_mentions(snapshot, name)]
    rows = []
    for data, *more in _told(snapshot, asked, ["", *derived], TYPED, TYPED_FIGURES):
        known = dict(zip(derived, more, strict=True))
        if "blocked" in known:
            known["blocked"] = bool(known["blocked"])
        if of_mentions(snapshot, MENTIONS) and MENTIONS in known:
            known[MENTIONS] = _mentioned(snapshot, known[MENTIONS]) or None
        fields = json.loads(data)
        for name in of_plan:
            from plaintrack.app.snapshot.expected import value

            known[name] = value(snapshot, known[name], name)
        rows.append(
            tuple(
                known[name] if name in known else typed(fields.get(name), name, snapshot.schema)
                for name in columns
            )
        )
    return rows


def _mentioned(snapshot: Snapshot, told: str) -> list[str]:
    """Whom an item, its comments and its updates mention; ``told`` has its id and those of the
    index.
    """
    item, _, text = told.partition("\n")
    said = snapshot.addressed.get(fold(item), ()) if item else ()
    return list(dict.fromkeys((*filter(None, text.split(", ")), *said)))


def _told(
    snapshot: Snapshot,
    asked: Question,
    columns: Sequence[str],
    known: Mapping[str, str],
    figures: Mapping[str, str],
) -> list[Any]:
    """The answer as rows of what ``known`` and ``figures`` say of the columns; of others the JSON
    of the item's fields.
    """
    cells = [known.get(name, "i.data") for name in columns]
    params: list[object] = []
    for at, name in enumerate(columns):
        if figure(snapshot, name):
            from plaintrack.store.index.sql import key

            found = key(name, names(snapshot))
            cells[at] = figures[name].format(found.sql)
            params += found.params
        elif planned(name, snapshot.schema):
            cells[at] = "i.id"
        elif of_mentions(snapshot, name):
            cells[at] = f"i.id || char(10) || {MENTIONED}"
    return _select(snapshot, asked, cells, params)


def _select(
    snapshot: Snapshot, asked: Question, cells: Sequence[str], params: Sequence[object] = ()
) -> list[Any]:
    from plaintrack.store.index.sql import compile as to_sql
    from plaintrack.store.index.sql import select

    return select(snapshot.index.connection, to_sql(asked, names(snapshot)), cells, params)


def _cell(text: str, name: str) -> str:
    """The value of a field in the JSON of an item's fields."""
    import json

    value = json.loads(text).get(name, "")
    return value if isinstance(value, str) else ", ".join(value)


def tasks(snapshot: Snapshot, asked: Question) -> list[Task]:
    """The answer as Tasks without their bodies."""
    return [Task(path, item, fields_of(data)) for path, item, data in rows_raw(snapshot, asked)]


def records(snapshot: Snapshot, asked: Question) -> Iterator[dict[str, Any]]:
    """The path and all fields of each answer; numbers and truths are typed."""
    import json

    from plaintrack.app.snapshot.typed import measured, typed

    numbers = measured(snapshot.schema)
    for path, _, data in rows_raw(snapshot, asked):
        found = {"path": path, **json.loads(data)}
        for name in numbers:
            if name in found:
                found[name] = typed(found[name], name, snapshot.schema)
        yield found


def all_tasks(snapshot: Snapshot) -> list[Task]:
    """Every item, the oldest first."""
    return tasks(snapshot, question(snapshot, "sort:created"))


def rows_raw(snapshot: Snapshot, asked: Question) -> list[tuple[str, str, str]]:
    """(path, id, JSON of the fields) of each answer."""
    return _select(snapshot, asked, ("i.path", "i.id", "i.data"))


def whole(snapshot: Snapshot, word: str) -> str:
    """The id that ``word`` is, in any case, or is without the prefix; no part of an id. Raises
    UnknownId, AmbiguousId.
    """
    from plaintrack.model import ids

    names = [word] if word.isdecimal() else [word, f"{snapshot.settings.prefix}-{word}"]
    for name in names:
        known = ask.spelt(snapshot.index.connection, name)
        if known:
            return ids.resolve(name, known)
    raise ids.NotWholeId(word)


def title(snapshot: Snapshot, item: str) -> str | None:
    """The title of an item; None if no item has that id."""
    return ask.title(snapshot.index.connection, item)


def problems(snapshot: Snapshot) -> list[Problem]:
    """Everything the index knows to be wrong, by path and place."""
    return ask.problems(snapshot.index.connection)


def broken(snapshot: Snapshot) -> int:
    """How many files have errors."""
    return len({each.path for each in problems(snapshot) if each.severity == "error"})


def offered(snapshot: Snapshot, part: str, most: int = 200) -> list[tuple[str, str]]:
    """(id, title) of items whose id holds a text, open ones first."""
    return ask.offered(snapshot.index.connection, part, most)


def entitled(snapshot: Snapshot, part: str, most: int = 200) -> list[tuple[str, str]]:
    """(id, title) of items with a word in their title that begins with a text, closed ones only if
    no open one has.
    """
    key = fold(part)
    rows = ask.entitled(snapshot.index.connection, ())
    found = [row for row in rows if f" {key}" in f" {fold(row[1])}"]
    live = [row for row in found if row[2] not in ("done", "cancelled")]
    return [(item, title) for item, title, _ in (live or found)[:most]]


def used(snapshot: Snapshot, field: str) -> list[str]:
    """The values that items have in a field, as the files spell them; the first 500."""
    if of_mentions(snapshot, field):
        names = set(ask.values(snapshot.index.connection, field, 500))
        return sorted(names.union(*snapshot.addressed.values()))[:500]
    return ask.spellings(snapshot.index.connection, field)


def titles(snapshot: Snapshot) -> dict[str, str]:
    """Folded id → title."""
    return ask.titles(snapshot.index.connection)
