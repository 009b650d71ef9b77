"""What the conditions of rules ask of the items as they are now."""

from collections.abc import Callable, Iterable, Set

from plaintrack.app.snapshot.answers import condition, names, rows_raw
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import UPWARD
from plaintrack.model.task import fold
from plaintrack.query.bind import test
from plaintrack.query.nodes import And, In, Question
from plaintrack.rules.conditions import targets
from plaintrack.rules.rule import Firing, Rule
from plaintrack.store.index import ask


class Present:
    """The items of the work tree; see ``rules.conditions.World``."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def ids(self) -> list[str]:
        """The ids of all items."""
        return sorted(ask.ids(self.workspace.index.connection))

    def related(self, item: str, subject: str) -> list[str]:
        """The ids of an item's subject."""
        connection = self.workspace.index.connection
        if subject == "item":
            return ask.spelt(connection, item)
        if subject in UPWARD:
            return ask.targets(connection, item, subject)
        fields = ("depends_on",) if subject == "dependents" else UPWARD
        return ask.sources(connection, fold(item), fields)

    def answers(self, query: str, items: Iterable[str]) -> Set[str]:
        """Those of the ids that answer the query."""
        wanted = In("id", frozenset(map(fold, items)))
        asked = Question(And((condition(self.workspace, query), wanted)))
        return {item for _, item, _ in rows_raw(self.workspace, asked)}


def met(workspace: Workspace, rule: Rule, firing: Firing) -> bool:
    """Whether a rule would act now; False with a notice if its conditions cannot be read."""
    try:
        return bool(targets(Present(workspace), rule, firing.item))
    except PlaintrackError as error:
        workspace.notice(unreadable(rule, error))
        return False


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
    """What to tell of a rule whose condition is not a query."""
    return f"rule {rule.name}: {error.message}; `plaintrack rules check` says where"
