"""``plaintrack metrics``: how the work flows."""

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
    refuse,
    report_ages,
    report_problems,
)
from plaintrack.render import PROGRAMS


def _words(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from plaintrack.app.flow.metrics import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]


OWN = {
    "--per": ("throughput", "xmr"),
    "--of": ("xmr",),
    "--baseline": ("value",),
    "--earn": ("value",),
}
"""The metrics in which an option has an effect."""
"""What only one metric has."""


class Measuring(QueryCommand):
    """A query after an optional name; ``--`` before it says that there is no name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As for queries; click itself forgets that there was a ``--``."""
        ctx.meta["unnamed"] = "--" in args
        return super().parse_args(ctx, args)


@click.command("metrics", cls=Measuring)
@click.argument("words", nargs=-1, metavar="[NAME] [QUERY]...", shell_complete=_words)
@click.option("--from", "first", metavar="DATE", default="", help="The first day (13 weeks back).")
@click.option("--until", "last", metavar="DATE", default="", help="The last day (today).")
@click.option(
    "--per",
    type=click.Choice(["day", "week", "month"]),
    default="week",
    help="The periods (week).",
)
@click.option(
    "--by",
    "field",
    metavar="FIELD",
    default="",
    shell_complete=complete.column,
    help="Also for the items with each value of a field: assignee, type, project.",
)
@click.option(
    "--size",
    metavar="count|estimate|FIELD",
    default="",
    help="What an item counts (as the setting metrics.size says: count).",
)
@click.option(
    "--dates",
    type=click.Choice(["landed", "author"]),
    help="Date a change by when it reached the branch, or by its author's date.",
)
@click.option("--without-bulk", is_flag=True, help="Leave out days of bulk closes.")
@click.option(
    "--of",
    type=click.Choice(["throughput", "cycle-time", "lead-time", "wip"]),
    default="throughput",
    help="xmr: what the chart is of (throughput).",
)
@click.option("--baseline", metavar="REV|DATE", default="", help="value: what to compare with.")
@click.option(
    "--earn",
    type=click.Choice(["0/100", "50/50", "remaining"]),
    default="0/100",
    help="value: an item earns all when done, half when begun, or what no longer remains (0/100).",
)
@format_option("table", *DATA)
@at_option
@portfolio_options
@colour
def command(
    words: tuple[str, ...],
    first: str,
    last: str,
    per: str,
    field: str,
    size: str,
    dates: str | None,
    without_bulk: bool,
    of: str,
    baseline: str,
    earn: str,
    form: str,
    at: str,
    portfolio: str,
    stale: str,
) -> int:
    """Show how the work that matches QUERY flows, or all work, read from the history in git.

    NAME is cycle-time, lead-time, throughput, wip, work-item-age, cfd, status-time, blocked,
    burndown, burnup, scope, velocity, milestones, value, accuracy, on-time, streaks, xmr or little;
    without it, the most important ones are shown together. The first word is a metric only if it is
    one of these, and a word that is nearly one is refused; `--` before it makes it a part of the
    query. `plaintrack explain NAME` defines each.
    """
    from plaintrack.app.flow import metrics
    from plaintrack.app.flow.view import Asked
    from plaintrack.show import metrics as shown

    meant = bool(words) and not click.get_current_context().meta["unnamed"]
    named = meant and words[0] in metrics.NAMES
    if meant and not named:
        metrics.misspelt(words[0])
    names = words[:1] if named else metrics.PAGE
    for option, where in OWN.items():
        if not set(where) & set(names):
            refuse("other metrics" if named else "all metrics", option)
    if names == ("xmr",) and of != "throughput":
        refuse(f"--of {of}, which has no periods", "--per")
    query = joined(words[1:] if named else words)
    snapshot = asked_snapshot(at, portfolio, stale, query)
    asked = Asked(query, first, last, per, size, dates or "", without_bulk, of, baseline, earn)
    found = metrics.told(snapshot, names, asked, field)
    say(shown.records(found, form) if form in PROGRAMS else shown.metrics(found), form, snapshot)
    report_problems(snapshot)
    report_ages(snapshot)
    return 0
