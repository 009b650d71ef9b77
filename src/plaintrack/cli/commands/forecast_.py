"""``plaintrack forecast``: when the work will be done."""

from functools import partial

import click

from plaintrack.cli import complete
from plaintrack.cli.drawing import DATA, format_option, say
from plaintrack.cli.options import (
    QueryCommand,
    asked_snapshot,
    at_option,
    colour,
    joined,
    portfolio_options,
    report_ages,
    report_problems,
)
from plaintrack.cli.output import progress
from plaintrack.render import PROGRAMS


@click.command("forecast", cls=QueryCommand)
@click.argument("query", nargs=-1, type=click.UNPROCESSED, shell_complete=complete.query)
@click.option("--date", "day", metavar="DATE", default="", help="How many are done by this day?")
@click.option(
    "--items", type=click.IntRange(1, 100_000), help="When are so many done, whatever is open?"
)
@click.option(
    "--pace",
    metavar="QUERY",
    help="Draw from the throughput of these items (of those that match QUERY; '' means of all).",
)
@click.option("--growth", is_flag=True, help="Draw also what is added in the meantime.")
@click.option("--backtest", is_flag=True, help="Show the past forecasts and what came.")
@click.option("--without-bulk", is_flag=True, help="Leave out days of bulk closes.")
@click.option(
    "--planned",
    is_flag=True,
    help="By the plan: dependencies, people, leave, and the accuracy of past estimates.",
)
@click.option("--seed", type=int, default=1, help="Another seed draws other trials (1).")
@format_option("table", *DATA)
@at_option
@portfolio_options
@colour
def command(
    query: tuple[str, ...],
    day: str,
    items: int | None,
    pace: str | None,
    growth: bool,
    backtest: bool,
    without_bulk: bool,
    planned: bool,
    seed: int,
    form: str,
    at: str,
    portfolio: str,
    stale: str,
) -> int:
    """Say when the open work that matches QUERY, or all open work, will be done, at 50, 70, 85 and
    95 %; with --date how many items will be done by then.

    Past throughput is drawn again and again, by a method that was measured on public histories;
    beside each percentage stands how often such forecasts held in this history. Where it has too
    little history there is no percentage. `plaintrack explain forecast` defines it.
    """
    from plaintrack.app.flow import forecast
    from plaintrack.show import forecast as shown

    if day and (items or growth):
        raise click.UsageError("--date asks how many are done by then: leave --items and --growth")
    alone = day or items or growth or backtest or without_bulk or pace is not None
    if planned and alone:
        raise click.UsageError("--planned goes with --seed alone")
    snapshot = asked_snapshot(at, portfolio, stale, joined(query), pace or "")
    if planned:
        drawn = partial(progress, verb="planning")
        simulated = forecast.simulated(snapshot, joined(query), seed, told=drawn)
        programs = form in PROGRAMS
        say(
            shown.simulated_records(simulated, form) if programs else shown.simulated(simulated),
            form,
            snapshot,
        )
    else:
        wanted = forecast.Wanted(joined(query), items or 0, day, pace, growth, seed, without_bulk)
        found = forecast.forecast(snapshot, wanted)
        programs = form in PROGRAMS
        say(
            shown.records(found, backtest, form) if programs else shown.forecast(found, backtest),
            form,
            snapshot,
        )
    report_problems(snapshot)
    report_ages(snapshot)
    return 0
