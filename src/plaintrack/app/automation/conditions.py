"""On whom a rule acts, and whether its conditions hold now."""

from collections.abc import Callable, Iterable

from plaintrack.app.snapshot.answers import condition, names, rows_raw
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.query.bind import test
from plaintrack.query.nodes import LINKS, And, In, Question
from plaintrack.rules.rule import Firing, Rule
from plaintrack.store.index import ask


def related(workspace: Workspace, item: str, subject: str) -> list[str]:
    """The ids of an item's subject: itself, what it links to, what is below it, what depends on it;
    those that exist.
    """
    connection = workspace.index.connection
    if subject == "item":
        return ask.spelt(connection, item)
    if subject in LINKS:
        return ask.targets(connection, item, subject)
    return ask.sources(
        connection, fold(item), ("depends_on",) if subject == "dependents" else LINKS
    )


def answers(workspace: Workspace, query: str, items: Iterable[str]) -> set[str]:
    """Those of the items that answer the query; raises BadQuery."""
    asked = Question(And((condition(workspace, query), In("id", frozenset(map(fold, items))))))
    return {item for _, item, _ in rows_raw(workspace, asked)}


def alike(workspace: Workspace) -> Callable[[str, str, str], bool]:
    """Whether the value of a field is one that a rule's ``from:`` or ``to:`` means: what the term
    ``FIELD:VALUE`` of a query finds.
    """
    known = names(workspace)
    tests: dict[tuple[str, str], Callable[[str], bool]] = {}

    def same(field: str, wanted: str, value: str) -> bool:
        if (field, wanted) not in tests:
            try:
                tests[field, wanted] = test(field, wanted, known)
            except PlaintrackError:  # a status, say, that the settings do not know any more
                tests[field, wanted] = lambda text: fold(text) == fold(wanted)
        return tests[field, wanted](value)

    return same


def unreadable(rule: Rule, error: PlaintrackError) -> str:
    """What to tell of a rule whose condition is no query."""
    return f"rule {rule.name}: {error.message}; `plaintrack rules check` says where"


def met(workspace: Workspace, rule: Rule, firing: Firing) -> bool:
    """Whether the conditions hold now for one of those the rule would act on."""
    targets = related(workspace, firing.item, rule.subject) if firing.item else [""]
    return any(holds(workspace, rule, each, firing.item) for each in targets)


def holds(workspace: Workspace, rule: Rule, target: str, trigger: str) -> bool:
    """Whether all conditions hold. ``all`` wants at least one of the subject; ``none`` is content
    without any.
    """
    for subject, quantifier, query in rule.conditions:
        items = (
            ([trigger] if trigger else [])
            if subject == "trigger"
            else related(workspace, target, subject)
            if target
            else []
        )
        found = answers(workspace, query, items) if items else set()
        if quantifier == "all" and (not items or len(found) < len(items)):
            return False
        if (quantifier == "any" and not found) or (quantifier == "none" and found):
            return False
    return True
