"""On whom a rule acts, and whether its conditions hold now."""

from collections.abc import Iterable

from plaintrack.app import read
from plaintrack.app.workspace import Workspace
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.query.nodes import LINKS, And, In
from plaintrack.rules.rule import Firing, Rule


def related(workspace: Workspace, item: str, subject: str) -> list[str]:
    """The ids of an item's subject: itself, what it links to, what is below it, what depends on it; those that exist."""
    run = workspace.index.connection.execute
    if subject == "item":
        return [row[0] for row in run("SELECT id FROM item WHERE id = ? COLLATE NOCASE", (item,))]
    if subject in LINKS:
        sql = "SELECT key FROM value WHERE field = ? AND item IN (SELECT number FROM item WHERE id = ? COLLATE NOCASE)"
        keys = [row[0] for row in run(sql, (subject, item))]
        return sorted(row[0] for key in keys for row in run("SELECT id FROM item WHERE id = ? COLLATE NOCASE", (key,)))
    fields = ("depends_on",) if subject == "dependents" else LINKS
    marks = ", ".join("?" * len(fields))
    sql = f"SELECT DISTINCT i.id FROM value v JOIN item i ON i.number = v.item WHERE v.key = ? AND v.field IN ({marks}) AND i.id <> ''"
    return sorted(row[0] for row in run(sql, (fold(item), *fields)))


def answers(workspace: Workspace, query: str, items: Iterable[str]) -> set[str]:
    """Those of the items that answer the query; raises BadQuery."""
    asked = read.question(workspace, query)
    asked = asked._replace(where=And((asked.where, In("id", frozenset(map(fold, items))))), limit=None)
    return {item for _, item, _ in read.rows_raw(workspace, asked)}


def unreadable(rule: Rule, error: PlaintrackError) -> str:
    """What to tell of a rule whose condition is no query."""
    return f"rule {rule.name}: {error.message}; `plaintrack rules check` says where"


def met(workspace: Workspace, rule: Rule, firing: Firing) -> bool:
    """Whether the conditions hold now for one of those the rule would act on."""
    targets = related(workspace, firing.item, rule.subject) if firing.item else [""]
    return any(holds(workspace, rule, each, firing.item) for each in targets)


def holds(workspace: Workspace, rule: Rule, target: str, trigger: str) -> bool:
    """Whether all conditions hold. ``all`` wants at least one of the subject; ``none`` is content without any."""
    for subject, quantifier, query in rule.conditions:
        items = ([trigger] if trigger else []) if subject == "trigger" else related(workspace, target, subject) if target else []
        found = answers(workspace, query, items) if items else set()
        if quantifier == "all" and (not items or len(found) < len(items)):
            return False
        if (quantifier == "any" and not found) or (quantifier == "none" and found):
            return False
    return True
