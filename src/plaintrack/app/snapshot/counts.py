"""How many items there are: of each value of a field, or done."""

from collections import Counter
from collections.abc import Iterable

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.groups import spellings
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.answer import Counted
from plaintrack.model.task import fold
from plaintrack.query.bind import Question
from plaintrack.query.columns import STANDS, stated

_LAST = 999  # the rank of a value that the settings do not know


def counts(snapshot: Snapshot, asked: Question, name: str, summed: str = "") -> Counted:
    """The items by a field: in the order of its choices, then the most frequent value first.

    An item with several values counts for each, one without for ``""``; ``summed``: with the sum of
    a field for each value, and for all. Raises BadQuery, NotSummed.
    """
    field = answers.field(snapshot, name)
    tallied = None if summed else snapshot.tally(asked, field)
    listed = values(snapshot, asked, field) if tallied is None else []
    if tallied is None:
        tallied = Counter(listed)
    names = spellings(_times(tallied.items()))
    keys = {some: [names[key] for key in dict.fromkeys(map(fold, some))] for some in tallied}
    numbers = _times((keys[some], count) for some, count in tallied.items())
    declared = snapshot.schema.fields.get(field)
    choices = declared.choices if declared else ()
    if stated(field, snapshot.schema):
        choices = STANDS
    ranks = {choice: rank for rank, choice in enumerate(choices)}
    rows = sorted(numbers.items(), key=lambda row: (ranks.get(row[0], _LAST), -row[1], row[0]))
    found = Counted(field, rows, tallied.total())
    if not summed:
        return found
    from plaintrack.app.snapshot.sums import sums

    members: dict[str, list[int]] = {value: [] for value, _ in rows}
    for at, some in enumerate(listed):
        for key in keys[some]:
            members[key].append(at)
    told, total = sums(snapshot, asked, summed, [*members.values(), list(range(len(listed)))])
    return found._replace(summed=told, sums=total)


def _times(rows: Iterable[tuple[Iterable[str], int]]) -> Counter[str]:
    """How often there is each text, of texts that are there so many times."""
    found: Counter[str] = Counter()
    for some, count in rows:
        for text in some:
            found[text] += count
    return found


def values(snapshot: Snapshot, asked: Question, field: str) -> list[tuple[str, ...]]:
    """The values of a field of each item that answers; one empty text for none."""
    declared = snapshot.schema.fields.get(field)
    stored = declared is not None and not answers.figure(snapshot, field)
    if stored or not answers.computed(snapshot, field):
        return [task.many(field) or ("",) for task in answers.tasks(snapshot, asked)]
    found = answers.rows(snapshot, asked, [field])  # what is derived stands in no file
    if answers.of_mentions(snapshot, field):
        return [tuple(text.split(", ")) for (text,) in found]
    return found


def progress(snapshot: Snapshot, asked: Question) -> tuple[int, int]:
    """How many items are done, of those that are not cancelled."""
    category = snapshot.schema.category
    numbers = Counter(category(task.text("status")) for task in answers.tasks(snapshot, asked))
    return numbers["done"], numbers.total() - numbers["cancelled"]
