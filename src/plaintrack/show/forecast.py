"""Forecasts as Documents."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from plaintrack.flow.forecast import CHANCES, FEWEST
from plaintrack.model.count import plural
from plaintrack.render.document import Document, Records, Table
from plaintrack.render.sections import Heading, Sentences

if TYPE_CHECKING:
    from plaintrack.app.flow.forecast import Ahead, Simulated
    from plaintrack.flow.forecast import Chance
    from plaintrack.render.document import Part
    from plaintrack.show import outputs

_FIXED = "the scope is fixed: work that is added later is not in it (--growth draws it, too)"
_GROWN = "what is added in the meantime is drawn from the same windows as what is done"


def forecast(ahead: "Ahead", backtest: bool) -> Document:
    """A forecast for people."""
    found = ahead.forecast
    parts: list[Part] = [Heading("Forecast", _question(ahead))]
    if found.chances:
        name = "done by" if ahead.day is None else "items"
        rows = [
            (f"{each.percent} %", _value(ahead, each), _held(each), f"{each.quantile:.3f}")
            for each in found.chances
        ]
        columns = ("chance", name, "held in the past", "quantile read")
        parts.append(Table(columns, rows, name="chances", flexible=0))
    lines = [] if found.chances else [_refusal(ahead)]
    lines += [
        _source(ahead),
        *([] if ahead.day is not None else [_GROWN if ahead.growth else _FIXED]),
        *ahead.notes,
        "defined by `plaintrack explain forecast`",
    ]
    parts.append(Sentences(lines))
    if backtest:
        parts += _backtest(ahead)
    return Document(parts)


def _source(ahead: "Ahead") -> str:
    found = ahead.forecast
    return (
        f"drawn from {plural(ahead.history, 'day')} with {ahead.done} done, windows of"
        f" {', '.join(map(str, found.lengths)) or 'no'} days, {found.trials} trials, seed"
        f" {found.seed}; {found.windows} independent windows of {found.horizon} days"
    )


def _question(ahead: "Ahead") -> str:
    if ahead.day is not None:
        return f"how many items are done by {ahead.day.isoformat()}"
    return f"when {plural(ahead.items, 'open item')} will be done"


def _value(ahead: "Ahead", chance: "Chance") -> str:
    if ahead.day is not None:
        return str(chance.value)
    if chance.value is None:
        return "not within ten years"
    return (ahead.today + timedelta(days=chance.value)).isoformat()


def _held(chance: "Chance") -> str:
    share = round(chance.held * 100 / chance.of) if chance.of else 0
    return f"{share} % ({chance.held} of {chance.of})"


def _refusal(ahead: "Ahead") -> str:
    least, most = ahead.forecast.seen
    if ahead.day is not None:
        days = (ahead.day - ahead.today).days
        seen = f"in {days} days there were {least} to {most}" if least is not None else "none seen"
    elif least is None:
        seen = "so many were never done before"
    else:
        seen = f"as many took {least} to {most} days"
    return (
        f"not enough history for a percentage: it has {ahead.forecast.windows} independent windows,"
        f" and {FEWEST} are needed; {seen}"
    )


def _backtest(ahead: "Ahead") -> "list[Part]":
    """The past forecasts and what came."""
    past = ahead.forecast.past
    first = ahead.today - timedelta(days=ahead.history)
    rows = [
        ((first + timedelta(days=each.day)).isoformat(), *map(str, each.said), str(each.done))
        for each in past
    ]
    columns = ("made on", *(f"{each} %" for each in CHANCES), "done")
    title = f"{plural(len(past), 'forecast')} of {ahead.forecast.horizon} days: at least so many"
    return [Heading("Back-test", title), Table(columns, rows, name="backtest", flexible=0)]


_CHANCE = ("percent", "days", "date", "items", "quantile", "held", "of")
_PAST = ("made", *(f"p{percent}" for percent in CHANCES), "done")


def records(ahead: "Ahead", backtest: bool, form: str) -> Document:
    """A forecast for programs."""
    found = ahead.forecast
    chances: list[outputs.Chance] = [
        {
            "percent": each.percent,
            "days": each.value if ahead.day is None else None,
            "date": (
                (ahead.today + timedelta(days=each.value)).isoformat()
                if ahead.day is None and each.value is not None
                else None
            ),
            "items": each.value if ahead.day is not None else None,
            "quantile": round(each.quantile, 4),
            "held": each.held,
            "of": each.of,
        }
        for each in found.chances
    ]
    past: list[dict[str, Any]] = [
        {
            "made": (ahead.today - timedelta(days=ahead.history - each.day)).isoformat(),
            **{f"p{percent}": said for percent, said in zip(CHANCES, each.said, strict=True)},
            "done": each.done,
        }
        for each in found.past
    ]
    if form != "json":
        rows = Records(past, columns=_PAST) if backtest else Records(chances, columns=_CHANCE)
        return Document((rows,))
    about: outputs.Ahead = {
        "items": ahead.items or None,
        "date": ahead.day.isoformat() if ahead.day else None,
        "today": ahead.today.isoformat(),
        "history_days": ahead.history,
        "done": ahead.done,
        "windows": list(found.lengths),
        "independent_windows": found.windows,
        "horizon_days": found.horizon,
        "trials": found.trials,
        "seed": found.seed,
        "growth": ahead.growth,
        "seen": list(found.seen),
        "notes": list(ahead.notes),
    }
    parts = [Records(chances, "chances"), *([Records(past, "backtest")] if backtest else [])]
    return Document(parts, about)


def simulated(found: "Simulated") -> Document:
    """A forecast by the plan for people."""
    rows = [
        (f"{percent} %", day.isoformat() if day else "not planned")
        for percent, day in found.ends.items()
    ]
    people = ", ".join(f"{name} ({count})" for name, count in found.people.items())
    lines = [
        f"the plan as it is ends on {found.planned}" if found.planned else "nothing is planned",
        f"{found.trials} plans, seed {found.seed}; each estimate times a ratio that was drawn",
        f"drawn from {plural(found.everyone, 'finished item')}: logged time divided by estimate",
        f"of people with at least five such items their own: {people or 'no one yet'}",
    ]
    if found.unplanned:
        lines.append(f"{plural(found.unplanned, 'item')} without dates in the plan, not in it here")
    lines.append("defined by `plaintrack explain forecast-planned`")
    title = f"when {plural(found.items, 'open item')} will be done, by the plan"
    return Document(
        (
            Heading("Forecast", title),
            Table(("chance", "done by"), rows, name="chances", flexible=0),
            Sentences(lines),
        )
    )


def simulated_records(found: "Simulated", form: str) -> Document:
    """The same for programs."""
    chances: list[outputs.Likely] = [
        {"percent": percent, "date": day.isoformat() if day else None}
        for percent, day in found.ends.items()
    ]
    if form != "json":
        return Document((Records(chances, columns=("percent", "date")),))
    about: outputs.Simulated = {
        "items": found.items,
        "planned_end": found.planned.isoformat() if found.planned else None,
        "trials": found.trials,
        "seed": found.seed,
        "people": dict(found.people),
        "cases": found.everyone,
        "unplanned": found.unplanned,
    }
    return Document((Records(chances, "chances"),), about)
