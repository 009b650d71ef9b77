"""A score is what a scoring model of the settings makes of an item's fields, by its formula.

Numbers count as they are, durations in hours of work, `true` as 1 and `false` as 0, and choices as
the model says. An input that is not there, or has no number, makes an item unscored, never 0; so
does a division by zero. The column, the sort key and the term `score` are by the first model under
`scores:`; `plaintrack score --model NAME` takes another. Scores by one model can be compared only
as long as its inputs are judged alike: compare within one round of scoring.
"""

from collections.abc import Mapping
from typing import NamedTuple

from plaintrack.config.scoring import FORMULAS, Model
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.model.fields import Field, Schema
from plaintrack.model.formula import BadFormula, Tree, Unscored, names, parse, value
from plaintrack.model.task import Task, fold, nfc
from plaintrack.query.columns import ADD_MODEL, COLUMNS, DERIVED, PLANNED, measure

_TRUTH = {"true": 1.0, "false": 0.0}
_NUMBERS = ("integer", "number", "duration")


WSJF = """Weighted shortest job first: the cost of delay by the size of the job.

value + time_criticality + risk_reduction is the cost of delay, each on one relative scale (often 1,
2, 3, 5, 8, 13, 20), and the estimate is the size, in hours of work. Whoever serves the highest
first loses the least to waiting, if the jobs are done one after the other.

Source: D. Reinertsen, The Principles of Product Development Flow (2009); the three parts of the
cost of delay are those of SAFe."""
RICE = """Reach × impact × confidence, by effort.

`reach` is how many people it concerns in a period, `impact` how much each of them (3 massive, 2
high, 1 medium, 0.5 low, 0.25 minimal), `confidence` how sure that is (1, 0.8, 0.5), and the
estimate is the effort, in hours of work.

Source: S. McBride, Intercom (2016)."""
ICE = """Impact × confidence × ease, each from 1 to 10.

It asks for no estimate, so that it suits many small ideas.

Source: Sean Ellis, of growth teams."""


class BadModel(PlaintrackError):
    """A scoring model that cannot be used, and ``why``."""

    slug = "bad-scoring-model"

    def __init__(self, model: str, error: BadFormula) -> None:
        super().__init__(
            f"the scoring model {model} cannot be used: {error.message}",
            error.hint,
            error.excerpt,
            error.column,
        )
        self.why = error


class UnknownModel(PlaintrackError):
    """The settings have no scoring model of that name."""

    slug = "unknown-model"

    def __init__(self, name: str, known: Mapping[str, Model]) -> None:
        hint = suggestion(name, known, f"the models are {', '.join(known)}" if known else ADD_MODEL)
        what = f"there is no scoring model {name!r}" if name else "there are no scoring models"
        super().__init__(what, hint)


class Input(NamedTuple):
    """One field of a formula, which the formula may call by its key (``said``); ``weights`` has the
    number of each folded value, where they are given.
    """

    said: str
    name: str
    kind: str
    weights: Mapping[str, float] | None = None

    @property
    def column(self) -> bool:
        """Whether the index has a column for it."""
        return self.name in COLUMNS

    @property
    def hours(self) -> bool:
        """Whether it is a duration, which counts in hours."""
        return self.kind == "duration" and self.weights is None


class Scoring(NamedTuple):
    """A scoring model that is ready to be used."""

    name: str
    formula: str
    tree: Tree
    inputs: tuple[Input, ...]


class Scored(NamedTuple):
    """What a model makes of one item: the score, or why it has none; and its inputs (None: not
    there).
    """

    value: float | None
    why: str
    inputs: tuple[tuple[str, float | None], ...]


def scoring(models: Mapping[str, Model], schema: Schema, name: str = "") -> Scoring:
    """The model of that name, else the first; raises UnknownModel, BadModel."""
    chosen = name or next(iter(models), "")
    if chosen not in models:
        raise UnknownModel(name, models)
    formula, weights, _ = models[chosen]
    formula = formula or FORMULAS.get(chosen, "")
    try:
        if not formula:
            from plaintrack.query.fault import NoFormula

            raise NoFormula(FORMULAS)
        tree = parse(formula)
    except BadFormula as error:
        raise BadModel(chosen, error) from error
    used = names(tree)
    for field in weights:
        if field not in used:
            from plaintrack.query.fault import WeightNotUsed

            raise BadModel(chosen, WeightNotUsed(field, used))
    try:
        inputs = tuple(_input(each, weights.get(each), schema) for each in used)
        if not inputs:
            from plaintrack.query.fault import NoFieldNamed

            raise NoFieldNamed()
    except BadFormula as error:
        raise BadModel(chosen, error) from error
    return Scoring(chosen, formula, tree, inputs)


def _input(name: str, weights: Mapping[str, float] | None, schema: Schema) -> Input:
    field = schema.fields.get(name) or schema.keys().get(name)
    if name in DERIVED or (field is None and (name == "score" or name in PLANNED)):
        from plaintrack.query.fault import InputDerived

        raise InputDerived(name)
    field = field or Field(name, "number")
    if field.name == "id":
        from plaintrack.query.fault import InputIsId

        raise InputIsId()
    if field.many:
        from plaintrack.query.fault import InputIsList

        raise InputIsList(name)
    if weights is not None and (field.kind in _NUMBERS or field.name in _MEASURED):
        from plaintrack.query.fault import WeightNotNeeded

        raise WeightNotNeeded(name, field.kind)
    if weights is not None:
        return Input(name, field.name, field.kind, _weighed(field, weights))
    if field.kind == "boolean":
        return Input(name, field.name, field.kind, _TRUTH)
    if field.kind not in _NUMBERS or (field.name in COLUMNS and field.name not in _MEASURED):
        from plaintrack.query.fault import InputNotNumber

        raise InputNotNumber(name, field)
    return Input(name, field.name, field.kind)


_MEASURED = ("estimate", "remaining")


def _weighed(field: Field, weights: Mapping[str, float]) -> Mapping[str, float]:
    if field.kind == "choice":
        for each in weights:
            if fold(each) not in map(fold, field.choices):
                from plaintrack.query.fault import WeightUnknown

                raise WeightUnknown(each, field)
    return {fold(each): number for each, number in weights.items()}


def score(model: Scoring, task: Task, schema: Schema) -> Scored:
    """What the model makes of an item, as the index's SQL says it."""
    given: dict[str, float] = {}
    inputs: list[tuple[str, float | None]] = []
    missing: list[str] = []
    for each in model.inputs:
        found = _given(each, task, schema)
        if isinstance(found, str):
            missing.append(found)
            inputs.append((each.name, None))
        else:
            given[each.said] = found
            inputs.append((each.name, found))
    if missing:
        return Scored(None, ", ".join(missing), tuple(inputs))
    try:
        result = value(model.tree, given)
    except Unscored as error:
        return Scored(None, str(error), tuple(inputs))
    if result - result != 0.0:
        return Scored(None, "the numbers are too large", tuple(inputs))
    return Scored(result, "", tuple(inputs))


def calculated(model: Scoring, given: Mapping[str, float]) -> float | None:
    """The score of these inputs, which are all there; None if it has none."""
    try:
        result = value(model.tree, given)
    except Unscored:
        return None
    return result if result - result == 0.0 else None


def _given(each: Input, task: Task, schema: Schema) -> float | str:
    """The number that an item has for an input, or why it has none."""
    if each.column:
        texts = [task.text(each.name)] if task.text(each.name) else []
    else:
        texts = [text for text in task.many(each.name) if text]
    if not texts:
        return f"no {each.name}"
    if len(texts) > 1:
        return f"more than one {each.name}"
    if each.weights is not None:
        found = each.weights.get(fold(texts[0]))
        return f"{each.name} {texts[0]!r} has no number" if found is None else found
    number = measure(
        schema.fields.get(each.name, Field(each.name, "number")), nfc(texts[0]), schema
    )
    if number is None:
        return f"{each.name} {texts[0]!r} is not a {each.kind}"
    return number / 60.0 if each.hours else number
