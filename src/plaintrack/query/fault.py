"""What can be wrong with a query or a scoring model, one class a failure."""

from collections.abc import Iterable, Sequence

from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.model.fields import Field
from plaintrack.model.formula import BadFormula
from plaintrack.query.ast import BadQuery, nearest
from plaintrack.query.columns import ADD_MODEL


class TooManyTerms(BadQuery):
    """The query is longer than any that people write."""

    slug = "too-many-terms"

    def __init__(self, most: int, text: str, column: int) -> None:
        super().__init__(
            f"a query has at most {most} terms", text, column, "join values with commas"
        )


class NeverOpened(BadQuery):
    """A parenthesis is closed that was not opened."""

    slug = "parenthesis-never-opened"

    def __init__(self, text: str, column: int) -> None:
        super().__init__("this parenthesis was never opened", text, column)


class NeverClosed(BadQuery):
    """A parenthesis is opened and not closed."""

    slug = "parenthesis-never-closed"

    def __init__(self, text: str, column: int) -> None:
        super().__init__("this parenthesis is never closed", text, column)


class EmptyParentheses(BadQuery):
    """There is nothing between the parentheses."""

    slug = "empty-parentheses"

    def __init__(self, text: str, column: int) -> None:
        super().__init__("these parentheses are empty", text, column)


class NestedTooDeeply(BadQuery):
    """There are too many parentheses in parentheses."""

    slug = "nested-too-deeply"

    def __init__(self, text: str, column: int) -> None:
        super().__init__("this is nested too deeply", text, column)


class NothingToJoin(BadQuery):
    """``and`` or ``or`` lacks a term on one side."""

    slug = "nothing-to-join"

    def __init__(self, word: str, text: str, column: int) -> None:
        super().__init__(
            f"{word!r} needs a term on both sides",
            text,
            column,
            f'to find the word, write "{word}"',
        )


class NothingToNegate(BadQuery):
    """No term follows ``not``."""

    slug = "nothing-to-negate"

    def __init__(self, text: str, column: int) -> None:
        super().__init__(
            "'not' needs a term after it", text, column, 'to find the word, write "not"'
        )


class OrderInCondition(BadQuery):
    """A condition asks about single items, which have no order and no length."""

    slug = "order-in-condition"

    def __init__(self, name: str, text: str, column: int) -> None:
        super().__init__(
            f"{name}: has no meaning in a condition",
            text,
            column,
            "leave it out: a condition applies to single items",
        )


class OrderInParentheses(BadQuery):
    """An order or a length is that of the whole query."""

    slug = "order-in-parentheses"

    def __init__(self, name: str, text: str, column: int) -> None:
        super().__init__(
            f"{name}: cannot be used in parentheses or after a minus",
            text,
            column,
            "move it outside; for descending order, write sort:-due",
        )


class OnlyValues(BadQuery):
    """The word takes values, and neither a range nor a comparison."""

    slug = "only-values"

    def __init__(self, name: str, text: str, column: int) -> None:
        super().__init__(f"{name}: does not take a range or comparison", text, column)


class NotALimit(BadQuery):
    """What follows ``limit:`` is not a number."""

    slug = "not-a-limit"

    def __init__(self, value: str, text: str, column: int) -> None:
        super().__init__(f"{value!r} is not a number of items", text, column, "write limit:20")


class QuotesNeverClosed(BadQuery):
    """A quotation mark is opened and not closed."""

    slug = "quotes-never-closed"

    def __init__(self, text: str, column: int) -> None:
        super().__init__("this quotation mark is never closed", text, column)


class PatternNeverClosed(BadQuery):
    """A regular expression lacks its second slash."""

    slug = "pattern-never-closed"

    def __init__(self, text: str, column: int) -> None:
        super().__init__(
            "this regular expression is never closed",
            text,
            column,
            'put the value in "…" to mean a slash',
        )


class EmptyRange(BadQuery):
    """A range has neither a first nor a last value."""

    slug = "empty-range"

    def __init__(self, text: str, column: int) -> None:
        super().__init__(
            "a range needs a first or a last value", text, column, "write a..b, a.. or ..b"
        )


class ValueMissing(BadQuery):
    """Nothing follows the name of a field."""

    slug = "value-missing"

    def __init__(self, text: str, column: int) -> None:
        super().__init__(
            "a value is missing here",
            text,
            column,
            "to find items without a value, write no:FIELD",
        )


class NoModels(BadQuery):
    """A score is asked for, and no scoring model is declared."""

    slug = "no-models"

    def __init__(self, text: str = "", column: int = 0) -> None:
        super().__init__("there are no scoring models", text, column, ADD_MODEL)


class NoSuchField(BadQuery):
    """No field has that name; in a query, text may be meant."""

    slug = "no-such-field"

    def __init__(self, name: str, known: Sequence[str], text: str = "", column: int = 0) -> None:
        hint = nearest(name, list(known))
        if column:
            hint = f'{hint}; to search for text, put it in "…"'
        super().__init__(f"unknown field {name!r}", text, column, hint)


class NoSuchValue(BadQuery):
    """The field has none such among its values."""

    slug = "no-such-value"

    def __init__(self, what: str, value: str, known: Sequence[str], text: str, column: int) -> None:
        hint = meant(value) if what == "state" else ""
        hint = hint or nearest(value, list(known))
        super().__init__(f"unknown {what} {value!r}", text, column, hint)


_MEANINGS = {
    "overdue": "past its due",
    "slipping": "planned to end after it",
    "open": "neither done nor cancelled",
    "ready": "nothing stands in its way",
    "active": "begun, by its status",
    "done": "closed as done",
    "cancelled": "closed without being done",
    "closed": "done or cancelled",
    "waiting": "its `wait` lies ahead",
    "blocked": "something else has to be done first",
    "blocking": "something else waits for it",
}
"""States in a few words, for those who know them by another one."""
_WORDS = {
    ("late", "delayed", "behind", "expired"): ("overdue", "slipping"),
    ("todo", "new", "pending", "unfinished"): ("open", "ready"),
    ("actionable", "available", "next", "free"): ("ready",),
    ("doing", "started", "begun", "wip", "in-progress", "progress"): ("active",),
    ("finished", "complete", "completed", "resolved", "fixed"): ("done", "closed"),
    ("dropped", "abandoned", "wontfix", "rejected", "canceled"): ("cancelled",),
    ("snoozed", "deferred", "scheduled", "later", "hidden", "hold"): ("waiting",),
    ("stuck", "waits", "dependent"): ("blocked", "waiting"),
    ("blocks", "blocker"): ("blocking",),
}
_TERMS = {"mine": "assignee:me", "me": "assignee:me", "assigned": "has:assignee"}


def meant(word: str) -> str:
    """The states that a word means elsewhere, with what they mean here; empty if none."""
    key = word.lower()
    if key in _TERMS:
        return f"write {_TERMS[key]}"
    states = next((known for words, known in _WORDS.items() if key in words), ())
    return "; ".join(f"{state}: {_MEANINGS[state]}" for state in states)


class ViewInCircle(BadQuery):
    """The query of a view leads back to the view."""

    slug = "view-in-circle"

    def __init__(self, name: str, text: str, column: int) -> None:
        super().__init__(
            f"the view {name!r} names itself", text, column, "change `views` in plaintrack.yml"
        )


class ViewWithLimit(BadQuery):
    """As a term a view is a condition, which has no length."""

    slug = "view-with-limit"

    def __init__(self, name: str, text: str, column: int) -> None:
        super().__init__(
            f"the view {name!r} has a limit:, which has no meaning in a term",
            text,
            column,
            f"use --view {name}, or take the limit: out of the view",
        )


class FormerValueMissing(BadQuery):
    """``was:`` lacks the field or the value that it asks for."""

    slug = "former-value-missing"

    def __init__(self, text: str, column: int) -> None:
        super().__init__("was: takes a field and a value", text, column, "write was:status=review")


class NotRecorded(BadQuery):
    """History holds what files hold, so no derived field."""

    slug = "not-recorded"

    def __init__(self, field: str, text: str, column: int) -> None:
        super().__init__(
            f"history does not record {field}, since it is derived",
            text,
            column,
            "name a field of the file",
        )


class NoPatternHere(BadQuery):
    """A field of numbers is asked for a pattern."""

    slug = "no-pattern-here"

    def __init__(self, name: str, text: str, column: int) -> None:
        super().__init__(
            f"{name} does not take a pattern",
            text,
            column,
            f"to find items that have any, write has:{name}",
        )


class UserUnknown(BadQuery):
    """``me`` is asked for, and git knows no name."""

    slug = "user-unknown"

    def __init__(self, text: str, column: int) -> None:
        super().__init__(
            "plaintrack does not know who you are",
            text,
            column,
            "set git's user.name and user.email",
        )


class NotANumber(BadQuery):
    """A number is wanted."""

    slug = "not-a-number"

    def __init__(self, value: str, text: str, column: int) -> None:
        super().__init__(f"{value!r} is not a number", text, column, "write 3 or 2.5")


class Unresolved(BadQuery):
    """An id, a date or a pattern in the query, refused for ``error``."""

    slug = "unresolved"

    def __init__(self, error: PlaintrackError, text: str, column: int) -> None:
        super().__init__(error.message, text, column, error.hint)


class PatternTooSlow(BadQuery):
    """A regular expression that backtracks for too long."""

    slug = "pattern-too-slow"

    def __init__(self, pattern: str) -> None:
        super().__init__(f"the regular expression /{pattern}/ takes too long", hint="simplify it")


class NoFormula(BadFormula):
    """A model that is not one of the known ones has no formula."""

    slug = "no-formula"

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__("it has no formula", f"add `formula:`, or call it {', '.join(known)}")


class NoFieldNamed(BadFormula):
    """The formula has only numbers, so that all items would score alike."""

    slug = "no-field-named"

    def __init__(self) -> None:
        super().__init__("its formula names no field")


class WeightNotUsed(BadFormula):
    """The model says what the values of a field count, and its formula does not name it."""

    slug = "weight-not-used"

    def __init__(self, field: str, used: Sequence[str]) -> None:
        super().__init__(f"its formula does not name {field}", suggestion(field, used), key=field)


class InputDerived(BadFormula):
    """A field that is worked out from others."""

    slug = "input-derived"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is worked out from other fields", "name fields that are set")


class InputIsId(BadFormula):
    """The id, which says nothing."""

    slug = "input-is-id"

    def __init__(self) -> None:
        super().__init__("id is not a number", "name another field")


class InputIsList(BadFormula):
    """A field of several values."""

    slug = "input-is-list"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is a list", "name a field that has one value")


class WeightNotNeeded(BadFormula):
    """The values of a field are numbers as they are."""

    slug = "weight-not-needed"

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(
            f"{name} is a {kind}, so its values need no numbers",
            f"remove {name} from the model",
            key=name,
        )


class InputNotNumber(BadFormula):
    """A field whose values are not numbers; of choices, the model can say what they count."""

    slug = "input-not-number"

    def __init__(self, name: str, field: Field) -> None:
        example = field.choices[0] if field.choices else "VALUE"
        hint = f"say what its values count, in the model: {name}: {{{example}: 8, …}}"
        if field.kind in ("date", "datetime"):
            hint = "name numbers, durations and choices"
        super().__init__(f"{name} is not a number but a {field.kind}", hint)


class WeightUnknown(BadFormula):
    """The model gives a number to a value that is none of the choices."""

    slug = "weight-unknown"

    def __init__(self, value: str, field: Field) -> None:
        choices = f"the choices are {', '.join(field.choices)}"
        hint = suggestion(value, field.choices, choices)
        super().__init__(f"{value!r} is not a {field.name}", hint, key=field.name)
