"""Checks of the settings and of documents: that they can be used, and that the queries, rules,
checks and blocks in them mean something.
"""

from collections.abc import Iterable, Iterator

from plaintrack.checks.catalogue import check
from plaintrack.checks.work import SETTINGS, Found, Options, Work


@check("PT001", "settings", "error")
def settings(work: Work, _options: Options) -> Iterable[Found]:
    """plaintrack.yml cannot be used.

    Why: without settings no one knows what the fields mean, so no item can be checked.

    Fix: the message says which setting is wrong; docs/settings.md says what may stand there.

    Bad:
        statuses: {todo: opened}

    Good:
        statuses: {todo: open, done: done}
    """
    return work.source.settings()


@check("PT002", "view", "error")
def view(work: Work, _options: Options) -> Iterator[Found]:
    """A view, the order or columns of lists, an SLA, or a rule of approvals or owners names what
    there is not.

    Why: whoever asks for the view gets an error in its place; the rule holds for nothing.

    Fix: the message says what is wrong in the query; `plaintrack list QUERY` tries one out.

    Bad:
        views:
          late: {query: 'is:ovredue'}

    Good:
        views:
          late: {query: 'is:overdue'}
    """
    present = work.source.present()
    if present is None:
        return
    places = [("", "", present.sort, present.columns, "")]
    places += [
        (f"views.{name}.", each.query, each.sort, each.columns, each.group)
        for name, each in present.views.items()
    ]
    rules = [("approvals.needs", present.approvals["needs"]), ("owners", present.owners)]
    rules += [("watching", present.watching)]
    places += [
        (f"{name}.{number}.", each["query"], "", (), "")
        for name, some in rules
        for number, each in enumerate(some)
    ]
    for place, words in work.source.clock_faults():
        yield Found(SETTINGS, "", place, "", *words)
    for place, query, sort, columns, group in places:
        parts = (
            ("query", query, "", ()),
            ("sort", "", sort, ()),
            ("columns", "", "", columns),
            ("group", "", "", (group,) if group else ()),
        )
        for key, asked, order, shown in parts:
            if not (asked or order or shown):
                continue
            approving = place.startswith(("approvals.", "owners.", "watching."))
            fault = work.source.fault(asked, order, shown, approving=approving)
            if fault:
                yield Found(SETTINGS, "", place + key, "", *fault)


@check("PT003", "rule", "error")
def rule(work: Work, _options: Options) -> Iterable[Found]:
    """A rule in `automations/`, or a file of rules, cannot be read, or is not a rule.

    Why: it would never run.

    Fix: the message says where it goes wrong; `plaintrack rules check` also tries the queries and
    fields of rules.

    Bad:
        on: {enterd: done}

    Good:
        on: {entered: done}
    """
    return work.source.rules()


@check("PT004", "check-settings", "error")
def check_settings(work: Work, _options: Options) -> Iterable[Found]:
    """What stands under `checks:` in plaintrack.yml names no check or no option, or has a query
    that cannot be asked.

    Why: someone relies on a check that does not run.

    Fix: `plaintrack explain` lists the checks, `plaintrack explain NAME` the options of one.

    Bad:
        checks:
          overdeu: {days: 3}

    Good:
        checks:
          overdue: {days: 3}
    """
    return [
        Found(SETTINGS, "", each.key, "", each.message, each.hint, about=each.message)
        for each in work.faults
    ]


@check("PT005", "live-block", "error")
def live_block(work: Work, _options: Options) -> Iterable[Found]:
    """A generated block of a document asks for what there is not, or its markers do not fit
    together.

    Why: the block keeps what it said last, and readers take that for the present state.

    Fix: the message says what is wrong; docs/live-documents.md says what a block can show. Whether
    blocks are true is told by `plaintrack render --check`.

    Bad:
        <!-- plaintrack: list is:ovredue -->
        <!-- /plaintrack -->

    Good:
        <!-- plaintrack: list is:overdue -->
        <!-- /plaintrack -->
    """
    return work.source.documents()


@check("PT006", "nested-repository", "error")
def nested_repository(work: Work, _options: Options) -> Iterable[Found]:
    """A folder looks like a git repository of its own: the workspace's, one above it in the work
    tree, one directly in it, or one of items.

    Why: whoever runs git in it obeys its `config` and its hooks, and these came with the files.
    plaintrack itself names the repository to git, and does not.

    Fix: remove the folder's `HEAD`, `objects` and `refs`, or move it out of the work tree.

    Bad:
        work/HEAD, work/config, work/objects/, work/refs/

    Good:
        a repository in a `.git` folder, which git never adds
    """
    return work.source.nested()
