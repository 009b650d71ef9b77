"""What can be asked of an item beside its own fields, and how each field is compared."""

from plaintrack.model.fields import Field, Schema
from plaintrack.model.task import Task, fold
from plaintrack.when.moments import LATE
from plaintrack.when.moments import key as moment_key

CHOICES = ("status", "priority", "type")
DERIVED = {
    "updated": "date",
    "age": "number",
    "urgency": "number",
    "progress": "number",
    "path": "text",
    "folder": "text",
}
STATE = "state"
"""Where an item stands, in one word; a declared field of that name comes first."""
STANDS = ("cancelled", "done", "overdue", "blocked", "waiting", "active", "ready")
"""The values of STATE; an item has the first that holds."""
MENTIONS = "mentions"
"""Whom the body names with ``@``; a declared field of that name comes first."""
FIGURES = ("estimate", "remaining", "age", "urgency", "progress")
ADD_MODEL = "add one under `scores:` in plaintrack.yml, such as `scores: {wsjf: }`"
"""What to do where a score is asked for and there are no scoring models."""
PLANNED = {
    "planned_start": "date",
    "planned_end": "date",
    "slack": "duration",
    "critical": "boolean",
    "slipping": "boolean",
    "waits_for": "link",
    "spent": "duration",
    "left": "duration",
    "total_spent": "duration",
    "total_left": "duration",
}
"""What the plan says of open items, and time records of all, with its kinds; a declared field of
that name comes first.
"""
ROLLED = ("total_spent", "total_left")
"""Those that add up what time records give of an item and of everything below it."""
LOGGED = ("spent", "left", *ROLLED)
"""Those that time records give."""
_SLA = {"": "number", "left": "duration", "state": "text"}
"""Kinds of the fields of an SLA, by what stands behind its name."""
COLUMNS = frozenset((
    "id", "path", "folder", "title", "type", "status", "priority", "project", "milestone", "parent",
    "goal", "start", "due", "wait", "created", "closed", "estimate", "remaining", "rank", "repeat",
    "updated", "age", "urgency", "progress",
))  # fmt: skip
"""Fields that have a column of their own in the index; all others are among its values."""


def kind(field: str, schema: Schema) -> str:
    """The kind by which a field is compared; an undeclared one is text."""
    if field == "score" and schema.scored:
        return "number"
    declared = schema.fields.get(field)
    if field == MENTIONS and declared is None:
        return "person"
    if stated(field, schema):
        return "choice"
    if declared is None and of_sla(field, schema):
        return _SLA[field.rpartition(".")[2] if field.count(".") > 1 else ""]
    return DERIVED.get(field) or (declared.kind if declared else PLANNED.get(field, "text"))


def of_sla(field: str, schema: Schema) -> bool:
    """Whether the field is one that an SLA gives."""
    return field in schema.slas


def planned(field: str, schema: Schema) -> bool:
    """Whether the field is one that the plan, time records or an SLA give."""
    return (field in PLANNED and field not in schema.fields) or field in schema.slas


def inherited(field: str, schema: Schema) -> bool:
    """Whether the field is one that an item also has from what it is a part of."""
    return field == "kind" and "kind" not in schema.own


def stated(field: str, schema: Schema) -> bool:
    """Whether the field is the state that is derived from an item's status, dates and links."""
    return field == STATE and STATE not in schema.fields


def worded(field: str, schema: Schema) -> bool:
    """Whether the field has one of a few words that are worked out."""
    return inherited(field, schema) or stated(field, schema)


def mentions(task: Task, schema: Schema) -> tuple[str, ...]:
    """The folded names that the body mentions; nothing where a declared field is called so."""
    if "@" not in task.body or MENTIONS in schema.fields:
        return ()
    from plaintrack.text.mention import mentioned

    return mentioned(task.body)


def figure(field: str, schema: Schema) -> bool:
    """Whether the field is a number that is compared as one expression, and not value by value."""
    if field in ("planned_start", "planned_end", "slack", *LOGGED):
        return field not in schema.fields
    if field in schema.slas:
        return not field.endswith(".state")
    return field in FIGURES or (field == "score" and schema.scored)


def computed(field: str, schema: Schema) -> bool:
    """Whether the field is compared as one expression, and not value by value."""
    return figure(field, schema) or worded(field, schema)


def derived(schema: Schema) -> tuple[str, ...]:
    """The names of the fields that are derived here."""
    score = ("score",) if schema.scored else ()
    if MENTIONS not in schema.fields:
        score = (*score, MENTIONS)
    if STATE not in schema.fields:
        score = (*score, STATE)
    given = (name for name in PLANNED if name not in schema.fields)
    return (*DERIVED, *score, *given, *schema.slas)


def measured(field: str, schema: Schema) -> bool:
    """Whether the field is compared as a number; dates and moments are, by their instants."""
    return kind(field, schema) in ("integer", "number", "duration", "choice", "date", "datetime")


def counted(field: str, schema: Schema) -> bool:
    """Whether the field holds ids, which are ordered by the numbers in them: T-2 before T-10."""
    return field == "id" or kind(field, schema) == "link"


def measure(field: Field, value: str, schema: Schema) -> float | None:
    """The number by which one value of a field is compared: minutes, a place among the choices, an
    instant; None if it has none.
    """
    if field.kind in ("date", "datetime"):
        return moment_key(value, schema.timezone, field.name in LATE)
    if field.kind == "choice":
        return float(field.choices.index(value)) if value in field.choices else None
    if field.kind == "duration":
        from plaintrack.when.durations import BadDuration, minutes

        try:
            return minutes(value, schema.day, schema.week)
        except BadDuration:
            return None
    if field.kind in ("integer", "number"):
        try:
            found = float(value)
        except ValueError:
            return None
        return found if found - found == 0.0 else None
    return None


def haystack(task: Task) -> str:
    """The folded text that full text is searched in."""
    return fold(task.text("title") + "\n" + task.body)
