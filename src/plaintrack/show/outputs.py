"""What commands give to programs: the shape of each JSON output, as the types of its records.

Functions that make records are annotated with these types, so the type checker holds them to what
``plaintrack schema --output NAME`` prints; a test holds the real outputs to the schemas, too. Only
``schema`` loads this module. Keys may be added, never taken away: ``schema`` stays 1.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple, NotRequired, TypedDict

from plaintrack.model.change import Change
from plaintrack.model.inbox import Entry
from plaintrack.plan.outline import Effort
from plaintrack.plan.result import Clash

# What values mean, wherever they stand


class Format(NamedTuple):
    """A format of texts that JSON Schema knows."""

    format: str


Day = Annotated[str, Format("date")]
Moment = Annotated[str, Format("date-time")]
Id = Annotated[str, "The id of an item."]
Path = Annotated[str, "A file, from the folder of the workspace."]
Minutes = Annotated[float, "Working time in minutes."]
Part = Annotated[float, "A part of the whole: 1 is all of it."]
Duration = Annotated[str, "A duration as the workspace writes it, such as 2d."]
Commit = Annotated[str, "The full hash of a commit."]


class Rolled(TypedDict):
    """What items are together; null where nothing is known to add."""

    items: Annotated[int, "Pieces of work; each counts once."]
    done: int
    unestimated: Annotated[int, "Those without an estimate."]
    unknown: Annotated[int, "Those of which it is not known what is left."]
    estimate: Duration | None
    left: Duration | None
    spent: Duration | None


# Items


class Group(TypedDict):
    """The rows of a list that have one value in the field it is grouped by."""

    name: Annotated[str, "The value; empty for none."]
    count: int
    sums: Rolled | None


class Groups(TypedDict):
    """Beside the items of `list --group`."""

    groups: NotRequired[list[Group]]


class Linked(TypedDict):
    """An item that another one links to."""

    id: Id
    title: Annotated[str | None, "null: no item has that id."]
    status: str | None
    path: Path | None
    repository: Annotated[str | None, "Another one that the link leads to; null: this one."]


class Comment(TypedDict):
    """One comment on an item."""

    name: str
    author: str
    date: str
    body: str
    answers: Annotated[str, "The name of the comment that it answers, or empty."]
    resolved: Annotated[bool, "It says that its thread needs no more answer."]
    problem: NotRequired[str]


class Term(TypedDict):
    """One term of an item's urgency, which is the sum of factor times coefficient."""

    name: str
    factor: float
    coefficient: float


class Verdict(TypedDict):
    """What someone said of an item, and whether it holds."""

    who: str
    state: str


class Scored(TypedDict):
    """The score of an item by one model."""

    score: float | None
    unscored: Annotated[str | None, "What it lacks for a score."]
    inputs: dict[str, float | None]


class Model(TypedDict):
    """A scoring model."""

    model: str
    formula: str


class Shown(TypedDict):
    """What `show` tells beside the item's fields, of which those of the same name come first."""

    path: Path
    body: str
    state: Literal["cancelled", "done", "overdue", "blocked", "waiting", "active", "ready"]
    blocked: bool
    blocking: bool
    waiting: bool
    overdue: bool
    ready: bool
    progress: Annotated[int | None, "Percent."]
    age: Annotated[int | None, "Days."]
    urgency: float
    links: Annotated[
        dict[str, list[Linked]],
        "By field, the items that it names; `blocks` and `contains` the other way round.",
    ]
    comments: list[Comment]
    spent: NotRequired[Duration]
    left: NotRequired[Duration]
    below: NotRequired[Rolled | None]
    verdicts: NotRequired[list[Verdict]]
    score: NotRequired[float | None]
    scores: NotRequired[list["ByModel"]]
    why: NotRequired[list[Term]]


class ByModel(Model, Scored):
    """The score of an item, with the model that gives it."""


class Card(TypedDict):
    """One item of a board."""

    id: Id
    title: str
    assignee: str | None
    path: Path


class Column(TypedDict):
    """One column of a board."""

    name: Annotated[str, "The status."]
    count: int
    items: list[Card]
    sums: NotRequired[Rolled]


class Level(TypedDict):
    """How deep a line of a tree is."""

    level: Annotated[int, "0: a root."]


class Limb(Level):
    """One line of a tree, in the order of the drawing."""

    id: Id
    title: str | None
    status: str | None
    assignee: str | None
    note: Annotated[str | None, "Why it does not go on: cycle, repeated, missing, elsewhere."]
    below: Annotated[Rolled | None, "null: nothing is below it."]


class Sum(TypedDict):
    """What `stats --sum` adds up."""

    field: str
    total: str | float | None


class Counted(TypedDict):
    """Beside the values of `stats`."""

    field: str
    total: Annotated[int, "Items."]
    broken: Annotated[int, "Files that cannot be read."]
    sum: NotRequired[Sum]


class Count(TypedDict):
    """One value, and the items that have it; with `--sum` also the sum, under the field's name."""

    value: Annotated[str, "Empty for none."]
    count: int


class Ranked(Scored):
    """One item of `score`."""

    place: int | None
    id: Id
    title: str
    path: Path


# History


class Happened(TypedDict):
    """The commit of a change; null for what is not committed."""

    commit: Commit | None
    date: Moment | None
    author: str | None
    email: str | None
    merge: Annotated[bool, "Whether the commit is a merge."]


class Review(TypedDict):
    """The two sides of `diff`."""

    old: str
    new: str
    settings: Annotated[bool, "Whether the settings changed."]


class Differing(TypedDict):
    """An item that differs."""

    id: Id
    title: str
    path: Path
    group: str
    changes: list[Change]
    added: NotRequired[Annotated[dict[str, str], "What a new item says."]]


class Held(TypedDict):
    """A value that a field had."""

    value: Annotated[str, "Empty for none."]
    since: Moment
    until: Annotated[str, "Empty: still."]
    by: str
    commit: str


class Elsewhere(TypedDict):
    """An item that differs on other branches."""

    id: Id
    title: str
    path: Path
    status: str
    branches: list[str]
    commit: str
    changes: list[Annotated[dict[str, str], "A change as in `diff`, and `text`, in words."]]


class People(TypedDict):
    """Who changed a file on both sides."""

    ours: list[str]
    theirs: list[str]


class Dispute(TypedDict):
    """One thing on which the two sides of a merge disagree."""

    path: Path
    ids: list[str]
    labels: dict[str, str]
    people: NotRequired[People]
    reason: NotRequired[str]
    field: NotRequired[Annotated[str, "A field, or comments, body or file."]]
    base: NotRequired[Annotated[str | None, "null: not known."]]
    ours: NotRequired[str]
    theirs: NotRequired[str]


# Checks


class Finding(TypedDict):
    """One thing that is wrong."""

    code: str
    name: str
    path: Path
    message: str
    hint: str
    line: Annotated[int | None, "null: the file as a whole."]
    column: int | None
    end: int | None
    excerpt: str
    severity: Literal["error", "warning", "note"]
    item: str
    fingerprint: Annotated[str, "The same as long as the finding is, wherever it moves to."]


class Effect(TypedDict):
    """What a change makes of an item or a person."""

    kind: str
    id: str
    title: str
    path: str


class Checked(TypedDict):
    """Beside the findings of `check`."""

    day: Day
    base: str
    head: str
    policy: str
    items: int
    counts: dict[str, int]
    waived: int
    known: int
    notes: list[str]
    effects: list[Effect]
    plan: "Compared | None"


# Goals and projects


class Share(TypedDict):
    """How much of what is left of all open work."""

    left: Minutes
    of: Minutes
    share: Part | None
    unestimated: int


class Orphan(TypedDict):
    """Open work for no goal."""

    id: Id
    title: str
    path: Path
    left: Minutes | None


class Standing(TypedDict):
    """Beside the goals."""

    orphans: list[Orphan]
    orphaned: Effort
    without_work: list[str]
    operations: Share


class Health(TypedDict):
    """How a goal or project stands."""

    progress: Part | None
    health: str | None
    health_from: Annotated[str | None, "The day of the update that says so, or rule."]
    passed: Annotated[Part | None, "Of its time."]
    start: Day | None
    due: Day | None
    open: int


class Goal(Health):
    """A goal, in the order of the tree; beside it the effort below it."""

    level: int
    id: Id | None
    title: str
    above: str | None
    status: str | None
    owner: list[str]
    weight: float | None
    initial: float | None
    target: float | None
    current: float | None
    unit: str | None
    score: float | None
    path: Path | None


class Since(TypedDict):
    """Beside what work was for."""

    since: Day
    per: str
    stamped: int


class Served(TypedDict):
    """What was done for a goal in one week or month."""

    period: str
    goal: str | None
    title: str | None
    share: Part | None
    effort: Minutes
    items: int
    unestimated: int


class Operations(TypedDict):
    """Beside the projects."""

    operations: Share


class Piece(TypedDict):
    """An item of a project."""

    id: Id
    title: str | None
    status: str | None
    due: str | None
    owner: list[str]
    path: Path


class Deliverable(Piece):
    """A deliverable of a project."""

    accepted: bool
    steps: int
    ticked: int


class Step(TypedDict):
    """What the plan says of the project or of one of its milestones."""

    id: Id
    title: str
    start: Day | None
    end: Day | None
    was: Day | None
    moved: int | None
    agreed: Day | None
    due: Day | None
    late: int | None
    undated: Annotated[str | None, "Why it has no dates."]


class Phase(TypedDict):
    """A phase of a project; beside it the effort in it."""

    name: str
    present: bool
    progress: Part | None


class Project(Health):
    """A project; beside it the effort below it."""

    id: Id
    title: str
    objective: str | None
    status: str | None
    phase: str | None
    goal: str | None
    owner: list[str]
    sponsor: list[str]
    stakeholders: list[str]
    kind: str
    budget: str | None
    budget_minutes: Minutes | None
    budget_planned: Minutes | None
    budget_spent: Minutes | None
    cost: float | None
    cost_spent: float | None
    unpriced: int | None
    deliverables: list[Deliverable]
    plan: Annotated[list[Step] | None, "null unless asked for."]
    phases: list[Annotated[dict[str, Any], "A phase with the effort in it."]]
    milestones: list[Piece]
    late: list[Piece]
    risks: list[Piece]
    decisions: list[Piece]
    path: Path


class Update(TypedDict):
    """One status update."""

    path: Path
    health: str | None
    by: str | None
    date: str | None
    text: str
    problem: str | None


_From = TypedDict("_From", {"from": Annotated[str, "The file of the update, or rule."]})


class Healthy(_From):
    """How a project or goal stands."""

    id: Id
    title: str
    type: str
    path: Path
    health: str | None
    by: str | None
    date: str | None
    days: Annotated[int | None, "Since the update."]
    overdue: Annotated[bool, "An update is due."]


# People and time


class Week(TypedDict):
    """The time of a person or piece of equipment in one week."""

    week: str
    minutes: int
    why: list[str]


class Away(TypedDict):
    """Leave, or maintenance."""

    first: Day
    last: Day
    half: str | None
    type: str
    asked: bool
    units: int | None
    days: float | None
    note: str | None


class Balance(TypedDict):
    """Days of leave of a year."""

    year: int
    type: str
    allowed: float
    taken: float
    planned: float
    asked: float
    left: float


class Staffed(TypedDict):
    """Beside people and equipment."""

    missing: Annotated[bool, "The folder that the settings name is not there."]


class Resource(TypedDict):
    """What people and equipment share."""

    name: str
    title: str
    path: Path
    team: list[str]
    since: Day | None
    until: Day | None
    calendar: str | None
    weeks: list[Week]
    away: list[Away]
    work: list[str]


class Person(Resource):
    """A person."""

    email: list[str]
    skills: list[str]
    balance: list[Balance]


class Equipment(Resource):
    """A piece of equipment."""

    units: int


class Duty(TypedDict):
    """The part of an item's work that falls into a period."""

    id: Id
    minutes: Minutes


class Loads(TypedDict):
    """Beside the loads."""

    by: str
    per: str
    basis: Literal["plan", "dates"]
    unknown: bool
    beside: list[dict[str, Any]]


class Load(TypedDict):
    """The work of one row in one period; the row stands under the name of `by`."""

    period: str
    first: Day
    last: Day
    capacity: Minutes | None
    planned: Minutes
    share: Part | None
    over: Minutes
    days_over: list[Day]
    items: list[Duty]


_Between = TypedDict("_Between", {"from": Day | None, "until": Day | None})


class Logged(_Between):
    """Beside the entries."""

    seconds: int


class TimeEntry(TypedDict):
    """A time entry."""

    entry: str
    person: str
    start: Moment
    end: Annotated[Moment | None, "null: it runs."]
    seconds: int | None
    item: str
    note: str
    tags: list[str]
    counted: str | None
    path: Path
    line: int


class Reported(Logged):
    """Beside the rows of a report."""

    by: str
    entries: int


class Row(TypedDict):
    """Logged time; what of stands under the name of `by`."""

    title: NotRequired[str]
    seconds: int
    estimate_minutes: NotRequired[Minutes | None]
    unestimated: NotRequired[int]


class Sheet(TypedDict):
    """A person's period, and the timesheet of it."""

    person: str
    period: str
    seconds: int
    state: str
    sha256: str | None
    changed: list[Day]
    by: str | None


class Cell(TypedDict):
    """Time on one item on one day."""

    item: str | None
    title: str
    day: Day
    seconds: int


class By(TypedDict):
    """Beside the rows."""

    by: str


class Accuracy(TypedDict):
    """Logged time divided by the estimate; of whom stands under the name of `by`."""

    items: int
    bias: float
    p25: float
    p50: float
    p75: float
    within_quarter: Part


class Timer(TypedDict):
    """A running timer."""

    person: str
    item: str
    start: Moment
    seconds: int
    today_seconds: int
    note: str
    tags: list[str]
    forgotten: bool


# The plan and forecasts


class Planned(TypedDict):
    """The plan as a whole."""

    today: Day
    end: Day | None
    objective: str
    solver: str
    solver_version: str
    chain: Annotated[list[Id], "What drives the end, the first first."]
    circle: list[Id]
    clashes: list[Clash]
    notes: list[str]


class Line(TypedDict):
    """One item of the plan."""

    id: Id
    title: str
    type: str
    status: str
    project: str | None
    who: list[str]
    start: Day | None
    end: Day | None
    due: Day | None
    late: Annotated[int, "Days past due."]
    slack_minutes: int | None
    critical: bool
    waits_for: list[Id]
    why: str
    causes: list[dict[str, Any]]
    reason: Annotated[str | None, "Why it has no dates."]
    assumed: bool
    occurrence: bool
    summary: bool
    begun: bool
    milestone: bool
    target: str
    slip: int
    clash: str


class Side(TypedDict):
    """An item in one of two plans."""

    start: Day | None
    end: Day | None
    late: int


class Moved(TypedDict):
    """An item that moves from one plan to the other."""

    id: Id
    title: str
    how: str
    newly_late: bool
    freed: bool
    days: int | None
    before: Side | None
    after: Side | None
    why: str | None


_Ends = TypedDict("_Ends", {"from": str, "to": str})


class Comparison(_Ends):
    """Two plans."""

    end_before: Day | None
    end_after: Day | None
    days: int
    solver: str
    solver_version: str
    notes: list[str]


class Compared(Comparison):
    """Two plans, with what moves."""

    moved: list[Moved]


class Ahead(TypedDict):
    """What a forecast is drawn from."""

    items: int | None
    date: Day | None
    today: Day
    history_days: int
    done: int
    windows: list[int]
    independent_windows: int
    horizon_days: int
    trials: int
    seed: int
    growth: bool
    seen: list[int | None]
    notes: list[str]
    backtest: NotRequired[list[dict[str, Any]]]


class Chance(TypedDict):
    """What holds with a chance of `percent`."""

    percent: int
    days: int | None
    date: Day | None
    items: int | None
    quantile: float
    held: int
    of: int


class Simulated(TypedDict):
    """What a forecast by the plan is drawn from."""

    items: int
    planned_end: Day | None
    trials: int
    seed: int
    people: dict[str, int]
    cases: int
    unplanned: int


class Likely(TypedDict):
    """When all is done with a chance of `percent`."""

    percent: int
    date: Day | None


class Metric(TypedDict):
    """One metric; `plaintrack explain NAME` defines it."""

    metric: str
    title: str
    basis: dict[str, Any]
    facts: dict[str, Any]
    rows: list[dict[str, Any]]
    notes: list[str]
    by: NotRequired[str]
    groups: NotRequired[list[dict[str, Any]]]


class Metrics(TypedDict):
    """Several metrics."""

    metrics: list[Metric]


class Cycle(TypedDict):
    """One cycle of an item under an SLA."""

    sla: str
    id: Id
    title: str
    cycle: int
    state: Annotated[str, "running, paused, met or breached."]
    start: Moment | None
    stop: Moment | None
    used_minutes: Minutes | None
    goal_minutes: Minutes
    left_minutes: Minutes
    share: Annotated[float | None, "Percent of the goal."]
    ends: Moment | None


class Kept(TypedDict):
    """The cycles that stopped in one week."""

    monday: Day
    stopped: int
    met: int
    breached: int
    share: float


class Agreement(TypedDict):
    """One SLA."""

    sla: str
    goals: dict[str, Minutes]
    running: list[Cycle]
    stopped: list[Cycle]
    weeks: list[Kept]


class Slas(TypedDict):
    """All SLAs."""

    slas: list[Agreement]
    notes: list[str]


# Working together


_As = TypedDict("_As", {"as": str})


class Approval(_As):
    """A verdict; where an item lacks one and has none, its texts are empty."""

    id: Id
    title: str
    path: Path
    verdict: str
    by: str
    date: str
    state: str
    content: str
    message: str
    file: str
    needed: bool
    lacks: list[str]


class Asked(TypedDict):
    """Beside the items."""

    reviewers: list[str]
    labels: list[str]


class Owned(TypedDict):
    """An item with its owners."""

    id: Id
    title: str
    path: Path
    owners: list[str]
    people: list[str]


class New(TypedDict):
    """An item that was created since the last triage."""

    path: Path
    id: Id
    title: str
    type: str
    created: str


class Next(TypedDict):
    """An item that recurring work made."""

    id: Id
    path: Path
    title: str
    day: Day
    follows: str


class Occurrence(TypedDict):
    """A day on which recurring work falls due."""

    day: Day
    occurrence: Day
    id: Id
    title: str


class Report(TypedDict):
    """A report."""

    report: str
    title: str
    first: Day
    last: Day
    sections: list[dict[str, Any]]


Kind = Any
"""A TypedDict or a NamedTuple."""


class Output(NamedTuple):
    """One shape of a command's JSON: what stands beside the rows, the key of the rows, and what
    makes up a row. ``options`` give it; ``fields``: a row also has the fields of the item.
    """

    about: tuple[Kind, ...] = ()
    name: str = ""
    row: tuple[Kind, ...] = ()
    options: str = ""
    fields: bool = False


_ITEMS = Output(name="items", fields=True)


class Source(TypedDict):
    """A repository that an answer of a portfolio is made of."""

    name: str
    tip: Annotated[str, "The commit that its data is of."]
    committed: Moment
    seen: Annotated[
        Moment | None, "When its publisher, or who mirrors it, last looked at it; null: not known."
    ]
    stale: Annotated[bool, "That is longer ago than --stale says."]


class Sources(TypedDict):
    """Beside the answer of a portfolio."""

    repositories: NotRequired[list[Source]]


class Homeless(TypedDict):
    """A property that no field is for."""

    name: str
    items: Annotated[int, "How many have it."]
    example: str
    key: Annotated[str, "The key it is kept under; empty: the mapping leaves it out."]


class Became(TypedDict):
    """What became of values of one field in one way."""

    field: str
    why: str
    items: Annotated[int, "How many values."]
    old: Annotated[str, "The first of them."]
    new: Annotated[str, "What it became; empty: it is left out."]


class Refrained(TypedDict):
    """A change there that whoever imports may not make here; it stays as it is here."""

    item: Id
    field: str
    there: str
    why: str


class Differed(TypedDict):
    """A field that was changed here and there since the last import."""

    item: Id
    field: str
    here: str
    there: str


class TakenOver(TypedDict):
    """An item that was changed."""

    id: Id
    fields: list[str]


class Imports(TypedDict):
    """What an import did, or with `--dry-run` would do."""

    name: Annotated[str, "What its items are told from others by."]
    read: Annotated[int, "Items in the file: those made, changed, same and skipped."]
    made: int
    changed: int
    same: int
    skipped: Annotated[int, "Imported before, and gone here."]
    comments: int
    entries: Annotated[int, "Time records."]
    committed: bool
    dry: bool
    homeless: list[Homeless]
    altered: Annotated[list[Became], "Values that are changed on the way."]
    conflicts: list[Differed]
    held: list[Refrained]
    notes: list[str]
    updates: list[TakenOver]


class Publication(TypedDict):
    """What was published, or with `--dry-run` would be; with `--verify` what was found."""

    name: Annotated[str, "What the repository is called in a portfolio."]
    tip: Commit
    day: Annotated[Day, "The day of that commit, which counts as today in the plan."]
    private: Annotated[bool, "It tells rates, types of leave, who worked when, addresses."]
    dry: bool
    notes: Annotated[list[str], "What is not told, and why."]


class PublishedFile(TypedDict):
    """A file of it."""

    file: Annotated[str, "Its path in the folder."]
    rows: int
    bytes: int
    state: Literal["written", "unchanged", "removed", "sound"]


class LoadedSource(TypedDict):
    """What became of a source of a portfolio."""

    source: str
    repository: Annotated[str | None, "Its name in the portfolio; null: not known."]
    state: Literal["new", "changed", "renamed", "same", "failed"]
    items: Annotated[int, "Items that were written."]
    removed: Annotated[int, "Items that were removed."]
    changes: Annotated[int, "Changes that came."]
    error: str | None
    hint: str | None


class Mirror(TypedDict):
    """What became of a mirror."""

    address: str
    folder: str | None
    state: Literal["new", "changed", "same", "failed"]
    tip: Commit | None
    error: str | None
    hint: str | None


class LoadedRepository(TypedDict):
    """A repository of a portfolio, or a source that could not be loaded."""

    repository: Annotated[str | None, "Its name; null: not known."]
    state: Annotated[
        Literal["fresh", "stale", "failed"], "Stale: not published for as long as --stale."
    ]
    tip: Commit | None
    tip_time: Annotated[Moment | None, "When that was committed."]
    loaded: Annotated[Moment | None, "When rows last changed."]
    seen: Annotated[
        Moment, "When its publisher, or who mirrors it, last looked at it; of a failure: its load."
    ]
    items: int | None
    source: str
    error: str | None


# The workspace and its machinery


class Setting(TypedDict):
    """A setting in force."""

    name: str
    value: Annotated[Any, "The default, or as it is written: numbers deep inside are texts."]
    meaning: str


class OwnSetting(TypedDict):
    """One of the user's own settings."""

    name: str
    value: str | bool


class OwnFile(TypedDict):
    """Beside the user's own settings."""

    path: Annotated[str, "The file they are read from; it may not be there."]


class Trouble(TypedDict):
    """A problem of a file or of the workspace."""

    severity: str
    code: str
    path: Path
    line: Annotated[int | None, "null: the file as a whole."]
    column: int | None
    message: str
    hint: str
    excerpt: Annotated[str, "The line it speaks of."]


class Diagnosed(TypedDict):
    """Beside what the doctor finds."""

    notes: Annotated[list[str], "What to know beside it."]


class Listed(TypedDict):
    """A check."""

    code: str
    name: str
    severity: Annotated[str, "Here; or off."]
    default: Annotated[str, "Out of the box."]
    fixable: Annotated[bool, "Whether `check --fix` can fix it."]
    title: str


class Explained(TypedDict):
    """What a name means."""

    name: str
    kind: Literal["action", "computed", "metric", "check"]
    code: Annotated[str | None, "That of a check."]
    title: str
    parts: Annotated[dict[str, str], "What is said of it, such as why, fix or formula."]
    options: Annotated[dict[str, str], "Its options, and what they mean."]


class Paused(TypedDict):
    """Whether rules are paused."""

    paused: Annotated[str | None, "Why they are; null: they are not."]
    waiting: Annotated[int, "Firings that wait."]


class Ruled(Paused):
    """Beside the rules."""

    problems: Annotated[list[Trouble], "What is wrong with files of rules."]


class Rule(TypedDict):
    """A rule."""

    name: str
    about: str
    path: Path
    line: int
    on: Annotated[list[str], "What it waits for."]
    do: Annotated[list[str], "The actions, in order."]


class Fired(TypedDict):
    """What a rule did, or did not get done."""

    time: Moment
    rule: str
    item: Id | None
    why: str
    result: str


class Faulty(TypedDict):
    """Beside the problems of files of rules."""

    rules: Annotated[int, "Rules that can be read."]


class Replayed(TypedDict):
    """One time that a rule would have fired."""

    date: Day
    item: Id | None
    why: str


class Command(TypedDict):
    """What a rule would run, or whom it would tell."""

    rule: str
    command: Annotated[list[str], "Its words; or webhook, notify … and the address."]


class Trust(TypedDict):
    """Beside the commands of rules."""

    trusted: Annotated[bool | None, "null: no rule runs a command, so no trust is needed."]
    covered: Annotated[list[str], "What trust is bound to, in words."]
    changes: Annotated[list[str], "The lines of what has changed since it was given."]


class Undoable(TypedDict):
    """A command that the journal knows."""

    number: Annotated[int, "For `undo --command`."]
    when: Moment
    command: str
    aside: Annotated[bool, "Not by you: a rule, say."]
    standing: Annotated[str | None, "Why it cannot be undone now; null: it can."]


OUTPUTS: Mapping[str, tuple[Output, ...]] = {
    "approvals": (Output(name="items", row=(Approval,)),),
    "board": (Output((Sources,), "columns", (Column,)),),
    "branch": (Output(name="items", row=(Elsewhere,)),),
    "check": (Output((Checked,), "findings", (Finding,)),),
    "config": (
        Output(name="settings", row=(Setting,)),
        Output((OwnFile,), "settings", (OwnSetting,), "--own"),
    ),
    "conflicts": (Output(name="conflicts", row=(Dispute,)),),
    "diff": (Output((Review,), "items", (Differing,)),),
    "doctor": (Output((Diagnosed,), "problems", (Trouble,)),),
    "equipment": (Output((Staffed,), "equipment", (Equipment,)),),
    "explain": (
        Output(name="checks", row=(Listed,)),
        Output(name="explained", row=(Explained,), options="NAME"),
    ),
    "forecast": (
        Output((Ahead, Sources), "chances", (Chance,)),
        Output((Simulated, Sources), "chances", (Likely,), "--planned"),
    ),
    "goals": (
        Output((Standing, Sources), "goals", (Goal, Effort)),
        Output((Since, Sources), "alignment", (Served,), "--since"),
    ),
    "health": (
        Output(name="items", row=(Healthy,)),
        Output(name="items", row=(Update,), options="ID"),
    ),
    "history": (Output(name="values", row=(Held,)),),
    "import": (Output((Imports,)),),
    "inbox": (Output(name="entries", row=(Entry,)),),
    "list": (Output((Groups, Sources), "items", fields=True),),
    "log": (Output(name="changes", row=(Happened, Change)),),
    "metrics": (Output((Metrics, Sources)), Output((Metric, Sources), options="NAME")),
    "next": (_ITEMS,),
    "owners": (Output((Asked,), "items", (Owned,)),),
    "people": (Output((Staffed,), "people", (Person,)),),
    "plan": (
        Output((Planned, Sources), "items", (Line,)),
        Output((Comparison, Sources), "moved", (Moved,), "--compare"),
    ),
    "portfolio load": (Output(name="sources", row=(LoadedSource,)),),
    "portfolio mirror": (Output(name="mirrors", row=(Mirror,)),),
    "portfolio status": (Output(name="repositories", row=(LoadedRepository,)),),
    "project show": (Output((Operations,), "projects", (Project, Effort)),),
    "project status": (Output((Operations,), "projects", (Project, Effort)),),
    "publish": (Output((Publication,), "files", (PublishedFile,)),),
    "rank": (_ITEMS,),
    "recur": (
        Output(name="items", row=(Next,)),
        Output(name="dates", row=(Occurrence,), options="--preview"),
    ),
    "report": (Output((Report,)),),
    "rules check": (Output((Faulty,), "problems", (Trouble,)),),
    "rules list": (Output((Ruled,), "rules", (Rule,)),),
    "rules log": (Output((Paused,), "firings", (Fired,)),),
    "rules test": (Output(name="firings", row=(Replayed,)),),
    "score": (Output((Model,), "items", (Ranked,)),),
    "search": (_ITEMS,),
    "show": (
        Output(name="items", row=(Shown,), fields=True),
        _ITEMS._replace(options="--columns"),
    ),
    "sla": (Output((Slas,)),),
    "stats": (Output((Counted, Sources), "items", (Count,)),),
    "time accuracy": (Output((By,), "accuracy", (Accuracy,)),),
    "time list": (Output((Logged,), "entries", (TimeEntry,)),),
    "time report": (Output((Reported,), "time", (Row,)),),
    "time sheet": (Output((Sheet,), "sheet", (Cell,)),),
    "time status": (Output(name="timers", row=(Timer,)),),
    "tree": (
        Output(name="items", row=(Limb,)),
        Output(name="items", row=(Level,), options="--columns", fields=True),
    ),
    "triage": (Output(name="items", row=(New,)),),
    "trust": (Output((Trust,), "commands", (Command,), "--show"),),
    "undo": (Output(name="commands", row=(Undoable,), options="--list"),),
    "workload": (Output((Loads, Sources), "workload", (Load,)),),
}
"""Command → its shapes."""
