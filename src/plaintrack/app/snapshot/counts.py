"""How many items there are: of each value of a field, or done."""

from collections import Counter

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.groups import spellings
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.model.answer import Counted
from plaintrack.model.task import fold
from plaintrack.query.bind import Question

_LAST = 999  # the rank of a value that the settings do not know


def counts(snapshot: Snapshot, asked: Question, name: str) -> Counted:
    """The items by a field: in the order of its choices, then the most frequent value first.

    An item with several values counts for each, one without for ``""``. Raises BadQuery.
    """
    field = answers.field(snapshot, name)
    declared = snapshot.schema.fields.get(field)
    stored = declared is not None and not answers.figure(snapshot, field)
    if not stored and answers.computed(snapshot, field):  # what is derived stands in no file
        values = answers.rows(snapshot, asked, [field])
        if answers.of_mentions(snapshot, field):
            values = [tuple(text.split(", ")) for (text,) in values]
    else:
        values = [task.many(field) or ("",) for task in answers.tasks(snapshot, asked)]
    names = spellings(value for some in values for value in some)
    numbers = Counter(names[key] for some in values for key in dict.fromkeys(map(fold, some)))
    ranks = {choice: rank for rank, choice in enumerate(declared.choices if declared else ())}
    rows = sorted(numbers.items(), key=lambda row: (ranks.get(row[0], _LAST), -row[1], row[0]))
    return Counted(field, rows, len(values))


def progress(snapshot: Snapshot, asked: Question) -> tuple[int, int]:
    """How many items are done, of those that are not cancelled."""
    category = snapshot.schema.category
    numbers = Counter(category(task.text("status")) for task in answers.tasks(snapshot, asked))
    return numbers["done"], numbers.total() - numbers["cancelled"]
