"""The catalogue of the metrics: what each means, its formula, source, pitfalls, an example."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One metric, in words."""

    title: str
    meaning: str
    formula: str
    source: str
    pitfalls: str
    example: str


_STATES = (
    "A status is read with the settings of the commit in which it stands. The first entry into a"
    " status counts; going back erases the entries of later ones; a status that was skipped has the"
    " moment of the next later one."
)
_LINE = (
    "Squash, rebase and branches: a change counts from the commit that brought it to the"
    " first-parent line; `--dates author` uses the authors' dates instead."
)
ENTRIES: dict[str, Entry] = {
    "cycle-time": Entry(
        "Cycle time",
        "Days from the start of work to its end: how long work takes once it is begun. " + _STATES,
        "(day done − day started) + 1, never 0; started: first entered a status of category"
        " `active` (or, if that was skipped, a later one); done: entered one of category `done`."
        " Percentiles are nearest ranks: the ⌈p·n⌉-th of the sorted values.",
        "ActionableAgile and Lighthouse count both days; jira-agile-metrics leaves the first one"
        " out, so its values are one lower.",
        "The mean of skewed times says little: read the percentiles. Cancelled work has no cycle"
        " time. Items first seen closed (an import) are left out, their start is unknown. " + _LINE,
        "plaintrack metrics cycle-time type:bug --from -90d",
    ),
    "lead-time": Entry(
        "Lead time",
        "Days from the creation of an item to its end: how long someone waited who asked for it.",
        "(day done − day created) + 1; created: the stamp `created`, or the first commit that has"
        " the item if that is earlier.",
        "As cycle time, from creation.",
        "It holds the time in the backlog. An import whose `created` is the day of the import has"
        " short lead times that no one waited. " + _LINE,
        "plaintrack metrics lead-time --by type",
    ),
    "throughput": Entry(
        "Throughput",
        "How much was done in each day, week or month; periods with nothing count.",
        "The number (or the sizes) of the items whose last entry into a status of category `done`"
        " lies in the period.",
        "ActionableAgile, Lighthouse.",
        "A script that closes 200 items on one day says nothing of the pace: a day on which more"
        " than five times the 95th percentile of the other days is closed, and at least five items,"
        " is named, and `--without-bulk` leaves it out. A new id closes nothing. Sizes"
        " of different units are never added up. " + _LINE,
        "plaintrack metrics throughput --per month --size estimate",
    ),
    "wip": Entry(
        "Work in progress",
        "How many items were started and not yet closed at the end of each day.",
        "WIP(t): items with started ≤ t < closed; closed: done, cancelled or deleted.",
        "Little 1961; Lighthouse.",
        "Work that is begun outside of the tracker is not in it.",
        "plaintrack metrics wip --by assignee",
    ),
    "work-item-age": Entry(
        "Work item age",
        "How long open work has been in progress, beside how old finished work was when it left the"
        " same status.",
        "(today − day started) + 1. `half left by` and `85% left by`: the percentiles of the ages"
        " at which finished items that had got this far left that status; `older than %`: the share"
        " of them that left it younger.",
        "ActionableAgile's ageing chart (pace percentiles).",
        "The derived field `age` is another number: days since `created`.",
        "plaintrack metrics work-item-age",
    ),
    "cfd": Entry(
        "Cumulative flow",
        "How many items had entered each status, or a later one, by the end of each day.",
        "N(s, T): items that had entered s or a later status by the end of day T, after backward"
        " moves are resolved; so no line falls, and none crosses the next.",
        "Anderson 2010; Vacanti 2015.",
        "A status that is no longer in the settings counts as the first one of its category.",
        "plaintrack metrics cfd --from -90d",
    ),
    "status-time": Entry(
        "Time in status",
        "How long the items that were done had been in each status, all visits added up.",
        "For each item the days (of 24 hours) between entering a status and leaving it; mean and"
        " percentiles over the items that were there.",
        "jira-agile-metrics.",
        "Nights and weekends count.",
        "plaintrack metrics status-time --from -90d",
    ),
    "blocked": Entry(
        "Blocked time",
        "How long items that were not closed waited for items they depend on, or for what the field"
        " `blocker` says.",
        "The union of the times with a text in `blocker` and those in which an item of `depends_on`"
        " was there and not closed, in days of 24 hours; `in progress`: the part between started"
        " and closed.",
        "Vacanti 2015.",
        "Work that waits its turn in the backlog is blocked, too: `in progress` is what hurts.",
        "plaintrack metrics blocked project:PT-7",
    ),
    "burndown": Entry(
        "Burndown",
        "What is left of an iteration, a milestone or a project at the end of each day.",
        "scope(T) − done(T), as burnup has them.",
        "Scrum.",
        "A rise is added scope or reopened work: `scope` names it.",
        "plaintrack metrics burndown milestone:PT-9",
    ),
    "burnup": Entry(
        "Burnup",
        "How much belongs to an iteration, a milestone or a project, and how much of it is done, at"
        " the end of each day.",
        "scope(T): the sizes of the items that belonged to it then and were neither cancelled nor"
        " deleted; done(T): of those that were done. Asked for as `milestone:ID`, `iteration:ID`,"
        " `project:ID`, `parent:ID` or `goal:ID`, items belong to it as their fields said then; for"
        " any other query the items that match now.",
        "Cockburn 2004.",
        "Items without an estimate are not 0: they are counted beside the sums.",
        "plaintrack metrics burnup iteration:PT-9 --size estimate",
    ),
    "scope": Entry(
        "Scope changes",
        "What was added to an iteration, a milestone, a project or a query, and what was removed:"
        " when, by whom, and whether it was cancelled or deleted.",
        "The differences between the days of burnup, item by item; a changed size is `resized`.",
        "jira-agile-metrics, OpenProject.",
        "`by` is the author of the commit; of a merged branch, the last one who changed the item.",
        "plaintrack metrics scope milestone:PT-9",
    ),
    "velocity": Entry(
        "Velocity",
        "What each iteration began with and completed. An iteration is an item of type `milestone`"
        " with `start` and `due`; items belong to it by `iteration` or `milestone`.",
        "committed: what belonged to it at the end of its first day, in the sizes of then;"
        " completed: of that, what was done at the end of its last day; added, removed and rolled"
        " over (not done at its end) are listed.",
        "Scrum; Jira's velocity chart.",
        "Points and hours are never added up together; velocities of two teams do not compare.",
        "plaintrack metrics velocity --size estimate --from -180d",
    ),
    "on-time": Entry(
        "On-time rate",
        "How much of the finished work that had a due day was done by it.",
        "done day ≤ due day, the last due day before it was done; beside it the rate by the first"
        " due day that the item ever had.",
        "OpenProject, ActionableAgile.",
        "A due day that is moved before it passes is met: compare both rates.",
        "plaintrack metrics on-time --by assignee",
    ),
    "streaks": Entry(
        "Streaks",
        "How reliably recurring work is done: of each series, how many in a row were done on time.",
        "The occurrences that are over, by `occurrence` (else `due`): done by that day; streak: in"
        " a row up to the latest; longest: ever.",
        "Habit trackers; Org's habits.",
        "A cancelled occurrence ends the streak.",
        "plaintrack metrics streaks",
    ),
    "xmr": Entry(
        "Process behaviour chart",
        "Whether a process is stable, or something has changed: its values with their natural"
        " limits. `--of` chooses `throughput` (by period), `cycle-time`, `lead-time` or `wip`.",
        "mean ± 2.66 × mean |x(i) − x(i−1)|, not below 0; ranges up to 3.268 × their mean. Signals:"
        " a point outside the limits; eight in a row on one side of the mean; three of four nearer"
        " to a limit than to the mean.",
        "Shewhart 1931; Wheeler 1993; Lighthouse.",
        "Fewer than about ten points give rough limits. Cycle times are skewed: expect points above"
        " the upper limit.",
        "plaintrack metrics xmr --of throughput --from -180d",
    ),
    "little": Entry(
        "Little's law",
        "Whether work in progress, throughput and cycle time agree.",
        "mean WIP = closed a day × mean (day closed − day started): exact where the days begin and"
        " end with nothing in progress.",
        "Little 1961.",
        "Where arrivals and departures differ, so do the two sides, and percentiles of past cycle"
        " times promise too much.",
        "plaintrack metrics little --from -90d",
    ),
    "value": Entry(
        "Earned value",
        "Whether work costs what it was to cost and is as far as it was to be, against a commit as"
        " baseline.",
        "PV(t): the estimates of the baseline, each spread evenly from its start to its due day;"
        " EV: those of the items done (`--earn 0/100`), half from the start on (`50/50`), or by"
        " `remaining`; AC: what was spent. SV = EV − PV, CV = EV − AC, SPI = EV / PV, CPI ="
        " EV / AC, EAC = BAC / CPI, TCPI = (BAC − EV) / (BAC − AC). Earned schedule: ES is the day"
        " on which PV was what EV is now, of several the one nearest to today; AT is today, or the"
        " day on which the last of it was done; SPI(t) = ES / AT, both in days from the start of"
        " PV.",
        "PMBOK; Lipke 2003 (earned schedule).",
        "SPI goes to 1 at the end of every late project; SPI(t) does not. Work without an estimate"
        " or without dates is counted beside the sums.",
        "plaintrack metrics value project:PT-7 --baseline v1.0",
    ),
    "accuracy": Entry(
        "Accuracy of estimates",
        "How far the estimates of finished work were off: in all (bias), and item by item.",
        "ratio of an item: time logged ÷ estimate; bias: all time logged ÷ all estimates, 1.3 is"
        " 30 % longer than estimated; p25, p50, p75: nearest ranks of the ratios; within a quarter:"
        " the share of ratios from 0.75 to 1.25. Items count that are done, have an estimate, and"
        " have time logged on them; `--by assignee` and `--by type` split them. `plaintrack time"
        " accuracy` gives each item to the person who logged most on it.",
        "Evidence-based scheduling (Spolsky 2007); COCOMO's PRED(25).",
        "It is as good as the time records. Work that was cancelled is not in it, nor what is still"
        " open because it takes longer: look back far enough. An estimate that was raised on the"
        " way looks right.",
        "plaintrack metrics accuracy --by assignee --from -1y",
    ),
    "milestones": Entry(
        "Milestone trend",
        "The due day of each milestone over time: a line that rises slips.",
        "Each due day that a milestone had, with the day on which it got it, and the days it"
        " slipped against the first one.",
        "Milestone trend analysis (MTA).",
        "A milestone without a due day is not in it.",
        "plaintrack metrics milestones",
    ),
    "forecast": Entry(
        "Forecast",
        "When a number of items will be done, and how many by a day, at 50, 70, 85 and 95 %, with"
        " how often such forecasts held in the past.",
        "Each trial draws one of the windows of 14, 28, 56, 91, 182 and 364 days that the history"
        " has, and from it blocks of seven days in a row, its end joined to its beginning, until"
        " the items are done. The quantile begins at 1 − p and moves after each past forecast that"
        " has come due by 0.02 × ((1 − p) − missed), between 0.001 and 0.98; all are replayed from"
        " history. A later percentage is never sooner: each is the largest of those below it. Below"
        " 15 windows that do not overlap there is no percentage, but the range seen.",
        "Künsch 1989; Politis and Romano 1992; Gibbs and Candès 2021; measured on public"
        " histories: see metrics.md.",
        "The scope is fixed, unless `--growth` draws what is added from the same windows. The pace"
        " is that of the items that match the query: work that is done first is not in it."
        " Independent daily draws from the last 30 days, as other tools make them, promise too"
        " much.",
        "plaintrack forecast project:PT-7 --backtest",
    ),
    "forecast-planned": Entry(
        "Forecast by the plan",
        "When the items will be done by the plan (dependencies, people, leave, equipment), if"
        " estimates go on to be as far off as they were.",
        "200 plans; in each the work of every item is multiplied by a ratio of logged time to"
        " estimate, drawn from the finished items of its assignee, if there are at least five, else"
        " of everyone. Of an item that is begun the ratio is that of the whole, so that it is"
        " larger than what is logged already, and the rest is what the whole takes less what is"
        " logged; where `remaining` says what is left, that is multiplied. The plan keeps its"
        " order. A percentage is the nearest rank of the ends.",
        "Evidence-based scheduling (Spolsky 2007).",
        "Its worth is the interval, not the point. Delays that the plan does not know of (waiting,"
        " interruptions) are in it only as far as they lengthened logged time.",
        "plaintrack forecast project:PT-7 --planned",
    ),
}
"""The metrics by name."""


def paragraphs(name: str) -> list[tuple[str, str]]:
    """What an entry says, each part below its name; raises KeyError."""
    entry = ENTRIES[name]
    return [
        ("", entry.meaning),
        ("Formula", entry.formula),
        ("Source", entry.source),
        ("Pitfalls", entry.pitfalls),
        ("Example", f"`{entry.example}`"),
    ]
