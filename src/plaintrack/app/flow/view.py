"""What a metric is asked of: the chosen items, the days, the sizes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from plaintrack.app.snapshot import answers, people
from plaintrack.app.snapshot.history import moment
from plaintrack.app.snapshot.passed import Passed
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.measuring import check_size, sizes
from plaintrack.errors import PlaintrackError, command, suggestion
from plaintrack.flow.answer import View
from plaintrack.flow.passage import Ladder, Passage
from plaintrack.flow.scope import MEMBER, Iteration
from plaintrack.model.task import fold
from plaintrack.when import dates, durations, moments

CONTAINERS = ("project", "milestone", "goal")
"""Types of items that are not work themselves; a query that names a type decides itself."""
WEEKS = 13
"""How far back one looks without a first day."""


class NoFlow(PlaintrackError):
    """There is nothing to be measured."""

    slug = "no-flow"
    exit_code = 1

    def __init__(self) -> None:
        super().__init__(
            "the history has no items yet",
            f"metrics are read from commits: {command('commit')} makes the first",
        )


class BadDays(PlaintrackError):
    """The days asked for end before they begin."""

    slug = "days-reversed"

    def __init__(self, first: date, last: date) -> None:
        super().__init__(
            f"{last} is before {first}", "--from is the first day and --until the last"
        )


class Asked(NamedTuple):
    """What was asked for: a query, the days as people write them, and how to count."""

    query: str = ""
    first: str = ""
    last: str = ""
    per: str = "week"
    size: str = ""
    dates: str = ""
    without_bulk: bool = False
    xmr: str = "throughput"
    baseline: str = ""
    earn: str = "0/100"


class NotASize(PlaintrackError):
    """The size asked for is not a number that items have."""

    slug = "not-a-size"

    def __init__(self, size: str, known: Sequence[str]) -> None:
        super().__init__(
            f"items have no size {size!r}",
            suggestion(size, known, f"--size takes {', '.join(known)}; add a number field first"),
        )


class Measured(NamedTuple):
    """A View with what must be said about it, and what else one may need."""

    view: View
    basis: Mapping[str, Any]
    notes: Sequence[str]
    passed: Passed

    @property
    def known(self) -> Sequence[Passage]:
        """The passages of all items."""
        return self.passed.items


def measured(snapshot: Snapshot, asked: Asked) -> Measured:
    """The View that answers what was asked. Raises BadQuery, BadDate, NoGit, NoFlow."""
    chosen = snapshot.settings.metrics
    how, size = asked.dates or chosen["dates"], asked.size or chosen["size"]
    if asked.size and size not in sizes(snapshot.schema):
        raise NotASize(size, sizes(snapshot.schema))
    check_size(size, snapshot.schema)
    passed = snapshot.passed(how == "author")
    known = passed.items
    if not known:
        raise NoFlow
    schema = snapshot.schema
    day = _day(snapshot)
    now = min(int(snapshot.now.timestamp()), 1 << 40)
    first, last = _days(snapshot, asked, day(passed.first), day(now))
    items, member, goal, words = _chosen(snapshot, asked.query, known)
    view = View(
        items=items,
        all={each.key: each for each in known},
        ladder=Ladder(schema.statuses),
        first=first,
        last=last,
        per=asked.per,
        day=day,
        size=_size(snapshot, size),
        unit=_unit(size),
        member=member or (lambda _: True),
        fixed=member is None,
        now=min(now, moment(snapshot, date.fromordinal(last).isoformat(), end=True) - 1),
        on=_on(schema.timezone),
        goal=goal,
        xmr=asked.xmr,
        reasons="blocker" not in schema.own,
    )
    if asked.without_bulk:
        view = view._replace(items=_without_bulk(view))
    basis = {
        "from": date.fromordinal(first),
        "until": date.fromordinal(last),
        "per": asked.per,
        "size": size,
        "dates": how,
        "branch": chosen["branch"] or None,
        "commits": passed.commits,
        "items": len(view.items),
    }
    return Measured(view, basis, [*words, _dated(how), *passed.notes], passed)


def _dated(how: str) -> str:
    if how == "author":
        return "dated by the authors' dates of the commits, those on merged branches included"
    return "dated by when each change reached the first-parent line of the branch"


def _day(snapshot: Snapshot) -> Callable[[int], int]:
    zone = moments.zone(snapshot.schema.timezone)

    @cache
    def day(time: int) -> int:
        return datetime.fromtimestamp(time, zone).toordinal()

    return day


def _on(timezone: str) -> Callable[[str], int | None]:
    def on(text: str) -> int | None:
        found = moments.day(text, timezone) if text else None
        return found.toordinal() if found else None

    return on


def _days(snapshot: Snapshot, asked: Asked, begin: int, today: int) -> tuple[int, int]:
    """The first and last day looked at, as ordinals."""
    works = answers.works(snapshot)
    last = today
    if asked.last:
        last = _ordinal(dates.past(asked.last, snapshot.today, works)[1])
    if asked.first:
        first = _ordinal(dates.past(asked.first, snapshot.today, works)[0])
    else:
        monday = last - date.fromordinal(last).weekday()
        first = min(last, max(begin, monday - 7 * (WEEKS - 1)))
    if first > last:
        raise BadDays(date.fromordinal(first), date.fromordinal(last))
    return first, min(last, today)


def _ordinal(text: str) -> int:
    return date.fromisoformat(text[:10]).toordinal()


def _size(snapshot: Snapshot, size: str) -> Callable[[Mapping[str, Any]], float | None]:
    schema = snapshot.schema
    if size == "count":
        return lambda _: 1.0

    def effort(fields: Mapping[str, Any]) -> float | None:
        text = fields.get("estimate")
        try:
            return durations.minutes(text, schema.day, schema.week) / 60 if text else None
        except durations.BadDuration:
            return None

    def number(fields: Mapping[str, Any]) -> float | None:
        try:
            return float(str(fields[size]))
        except (KeyError, ValueError):
            return None

    return effort if size == "estimate" else number


def _unit(size: str) -> str:
    return {"count": "items", "estimate": "hours"}.get(size, size)


Member = Callable[[Mapping[str, Any]], bool]


def _chosen(
    snapshot: Snapshot, query: str, known: Sequence[Passage]
) -> tuple[list[Passage], Member | None, dict[str, Any], list[str]]:
    """The items that a query means; whether one with some fields belongs to them, where it asks for
    what belongs to one item; the dates of that; and what is to be said.
    """
    text = query.strip()
    words = [] if "type:" in text else ["projects, milestones and goals are not counted as work"]
    work = [
        each for each in known
        if "type:" in text or str(each.fields.get("type") or "") not in CONTAINERS
    ]  # fmt: skip
    name, colon, word = text.partition(":")
    field = name if colon and name in MEMBER else ""
    if field and word and not any(each in word for each in ' "(),.<>|'):
        target = _target(snapshot, known, word)
        if target is not None:
            key = target.key
            items = [each for each in work if _ever(each, field, key)]
            return items, _member(field, key), _goal(snapshot, target), words
    if not text:
        return work, None, {}, words
    asked = answers.question(snapshot, text)
    ids = {fold(item) for _, item, _ in answers.rows_raw(snapshot, asked)}
    return [each for each in work if each.key in ids], None, {}, words


def _target(snapshot: Snapshot, known: Sequence[Passage], word: str) -> Passage | None:
    names = {fold(word), fold(f"{snapshot.settings.prefix}-{word}")}
    return next((each for each in known if each.key in names), None)


def _member(field: str, key: str) -> Member:
    from plaintrack.flow.passage import many

    return lambda fields: any(fold(link) == key for link in many(fields, field))


def _ever(item: Passage, field: str, key: str) -> bool:
    belongs = _member(field, key)
    return any(belongs(state.fields) for state in item.states)


def _goal(snapshot: Snapshot, target: Passage) -> dict[str, Any]:
    on = _on(snapshot.schema.timezone)
    return {
        "id": target.id,
        "start": on(str(target.fields.get("start") or "")),
        "due": on(str(target.fields.get("due") or "")),
    }


def _without_bulk(view: View) -> list[Passage]:
    """The items without those that were done on a day of a bulk close."""
    from collections import Counter

    from plaintrack.flow.metrics import bulk

    counts = Counter(view.day(each.done) for each in view.items if each.done is not None)
    left_out = set(bulk(counts))
    return [each for each in view.items if each.done is None or view.day(each.done) not in left_out]


def iterations(snapshot: Snapshot, found: Measured) -> list[Iteration]:
    """The iterations: items of type milestone that have a start and a due day, the first first."""
    on = _on(snapshot.schema.timezone)
    dated = []
    for each in found.known:
        start, due = (on(str(each.fields.get(name) or "")) for name in ("start", "due"))
        if each.here and each.fields.get("type") == "milestone" and start and due and start <= due:
            title = str(each.fields.get("title") or "")
            dated.append(Iteration(each.key, each.id, title, start, due))
    inside = [
        each for each in dated if each.last >= found.view.first and each.first <= found.view.last
    ]
    return sorted(inside, key=lambda each: (each.first, each.key))


def named(snapshot: Snapshot, who: str) -> str:
    """The short name of an author, as a Step has him."""
    name, _, email = who.partition("\t")
    return people.person(snapshot, name, email)
