"""Approvals of a snapshot: the verdicts on items, what they are on, and what the settings still
want.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from plaintrack.app.snapshot import answers, find
from plaintrack.app.snapshot.people import members, person
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.approval import (
    BY_FIELD,
    Need,
    Standing,
    Verdict,
    Wanted,
    content,
    missing,
    standing,
)
from plaintrack.model.dependency import LAGS, item
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task, fields_of, fold
from plaintrack.query.bind import Question
from plaintrack.query.nodes import State
from plaintrack.when.moments import key

OWNER = "owner"
NEVER = frozenset(("id", "formerly"))
"""What an item is called is left out of what is approved: a renumbered item is the same."""


class UnusableNeed(PlaintrackError):
    """The query of a rule of approvals cannot be used, so nothing can be said of what it wants."""

    slug = "unusable-need"

    def __init__(self, query: str, error: PlaintrackError) -> None:
        why = error.message.partition("\n")[0]
        super().__init__(
            f"`approvals.needs` in plaintrack.yml has the query {query!r}: {why}",
            f"correct it; {command('check')} shows the place",
        )


class CircularQuery(PlaintrackError):
    """What is approved depends on a query that asks what is approved."""

    slug = "circular-query"

    def __init__(self) -> None:
        super().__init__(
            "is:approved cannot be asked by the rules that say what is approved",
            "leave it out",
        )


class Approved(NamedTuple):
    """An item with the verdicts on it, and what the settings' needs of it lack; ``needed``: some
    need is about it.
    """

    task: Task
    standing: Standing
    lacks: tuple[str, ...] = ()
    needed: bool = False


def folder(snapshot: Snapshot) -> str:
    """The folder of verdicts; empty where the settings name none."""
    return snapshot.settings.rooms.get("approvals", "")


def needs(snapshot: Snapshot) -> tuple[Need, ...]:
    """The rules of the settings."""
    return tuple(
        Need(
            each["query"],
            tuple(each["to"]),
            tuple(Wanted(*one) for one in each["wanted"]),
            each["author"],
            each["since"],
        )
        for each in snapshot.settings.approvals["needs"]
    )


def files(snapshot: Snapshot, task: Task) -> list[str]:
    """The paths of the verdicts on an item, under its id and those that it had before."""
    return find.beside(snapshot, "approvals", task)


def verdicts(snapshot: Snapshot, task: Task) -> list[Verdict]:
    """The verdicts on an item."""
    paths = files(snapshot, task)
    if not paths:
        return []
    from plaintrack.text.verdict import verdict

    found = []
    for path in paths:
        try:
            found.append(verdict(path, snapshot.read(path)))
        except PlaintrackError as error:
            wrong = Problem("unreadable", path, error.message, error.hint)
            found.append(Verdict(path, problem=wrong))
        except OSError as error:
            wrong = Problem("unreadable", path, f"cannot be read: {error.strerror}")
            found.append(Verdict(path, problem=wrong))
    return found


def digest(snapshot: Snapshot, task: Task) -> str:
    """The digest of what a verdict on an item is on; ``task`` has its body."""
    from plaintrack.text.markdown import relinked

    chosen = snapshot.settings.approvals["content"]
    names = chosen["fields"] or [each for each in task.fields if each not in chosen["except"]]
    fields = [each for each in names if each not in NEVER]
    if "depends_on" in fields:
        fields = list(dict.fromkeys((*fields, LAGS)))
    behind = _linked(snapshot, task) if chosen["files"] else {}
    # seen from the top, so that an item which is moved with its links stays the same content
    body = relinked(task.body, task.path, "item.md") if chosen["body"] else task.body
    whole = _lasting(snapshot, task._replace(body=body), fields)
    return content(_first(task), whole, fields, snapshot.schema.lists, chosen["body"], behind)


def _first(task: Task) -> str:
    """The first id that an item had."""
    return next(iter(task.many("formerly")), task.id)


def _lasting(snapshot: Snapshot, task: Task, fields: Iterable[str]) -> Task:
    """The item with links by the first ids of what they name, so that a renumbered neighbour
    changes nothing.
    """
    links = [
        name
        for name in fields
        if name == LAGS or getattr(snapshot.schema.fields.get(name), "kind", "") == "link"
    ]
    named = {fold(item(each)) for name in links for each in task.many(name)}
    if not named:
        return task
    known = {each: ids[0] for each, ids in former(snapshot).items()}
    if not named & known.keys():
        return task
    changed = {
        name: tuple(
            known.get(fold(item(each)), item(each)) + each[len(item(each)) :]
            for each in task.many(name)
        )
        for name in links
    }
    return task._replace(fields={**task.fields, **changed})


def former(snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    """Folded id → the ids that the item had before, the first of them first."""
    if "formerly" not in snapshot.schema.fields:
        return {}
    found = answers.tasks(snapshot, answers.question(snapshot, "has:formerly"))
    return {fold(task.id): task.many("formerly") for task in found}


def _linked(snapshot: Snapshot, task: Task) -> Mapping[str, str]:
    """Path → digest of every file of the workspace that an item's body links to."""
    import hashlib

    from plaintrack.text.markdown import linked

    found = {}
    for path in linked(task.body, task.path):
        try:
            found[path] = hashlib.sha256(snapshot.read(path)).hexdigest()
        except (OSError, PlaintrackError):
            found[path] = ""
    return found


def stands(snapshot: Snapshot, task: Task) -> Standing:
    """How the verdicts on an item stand to its present content; ``task`` has its body."""
    return _standing(snapshot, task, verdicts(snapshot, task))


def _standing(snapshot: Snapshot, task: Task, found: Sequence[Verdict]) -> Standing:
    content = digest(snapshot, task) if found else ""
    return standing(found, content, lambda date: moment(snapshot, date))


def moment(snapshot: Snapshot, date: str) -> float:
    """What the date of a verdict is ordered by."""
    return key(date, snapshot.schema.timezone) or 0.0


def concerned(snapshot: Snapshot, need: Need, one: str = "") -> list[tuple[str, str]]:
    """(path, id) of the items that a need is about, or of the ``one``; raises UnusableNeed."""
    within = f'id:"{one}"' if one else ""
    try:
        asked = _question(snapshot, need.query, within)
    except PlaintrackError as error:
        raise UnusableNeed(need.query, error) from error
    return [(path, name) for path, name, _ in answers.rows_raw(snapshot, asked)]


def would_concern(snapshot: Snapshot, need: Need, task: Task) -> bool:
    """Whether a need is about an item as it would be once it is written; raises UnusableNeed."""
    try:
        return would_answer(snapshot, need.query, task)
    except PlaintrackError as error:
        raise UnusableNeed(need.query, error) from error


def would_answer(snapshot: Snapshot, query: str, task: Task) -> bool:
    """Whether an item, as it would be once it is written, answers the query of a rule; raises
    BadQuery, CircularQuery.
    """
    from plaintrack.query.evaluate import holds
    from plaintrack.query.facts import Facts

    asked = _question(snapshot, query, "").where
    names = answers.names(snapshot)
    others = answers.all_tasks(snapshot) if answers.of_others(snapshot, asked) else []
    facts = Facts(
        (*(each for each in others if each.path != task.path), task),
        snapshot.schema,
        snapshot.today,
        names.urgency,
        {task.path: snapshot.today.isoformat()},
        names.scores,
        names.minutes,
        names.plan,
        names.logged,
        names.sla,
        addressed=names.addressed,
        rolled=names.rolled,
    )
    return holds(asked, task, facts)


def _question(snapshot: Snapshot, query: str, within: str) -> Question:
    """The query of a rule; raises BadQuery, CircularQuery."""
    asked = answers.question(snapshot, query, within=within)
    check_circle(asked)
    return asked


def check_circle(asked: Question) -> None:
    """Raise CircularQuery if a query on which approvals depend asks for what is approved."""
    for part in answers.parts(asked.where):
        if isinstance(part, State) and part.name == "approved":
            raise CircularQuery


def reaches(snapshot: Snapshot, need: Need, status: str) -> bool:
    """Whether a status is one that takes approvals."""
    return status in need.to or (bool(status) and snapshot.schema.category(status) in need.to)


def let_be(need: Need, task: Task) -> bool:
    """Whether an item was closed before the day from which on a need holds."""
    closed = task.text("closed")[:10]
    return bool(need.since and closed and closed < need.since)


def lacks(
    snapshot: Snapshot, need: Need, task: Task, found: Standing, author: str | None = None
) -> list[str]:
    """What a need lacks of an item, in words; ``author`` is asked of history unless it is given."""
    if need.author and author is None:
        author = author_of(snapshot, task)
    known = {each.who: able(snapshot, each.who, task) for each in need.wanted}
    return missing(need, found, known, author or "")


def able(snapshot: Snapshot, who: str, task: Task) -> Sequence[str]:
    """Who may give an approval that is wanted of a name."""
    if who == OWNER:
        return owners(snapshot, task)
    if who in BY_FIELD:
        return tuple(one for each in task.many(who) for one in members(snapshot, each))
    return members(snapshot, who)


def people(snapshot: Snapshot, names: Iterable[str], task: Task) -> tuple[str, ...]:
    """The people whom several names mean for an item, each once."""
    return tuple(dict.fromkeys(one for each in names for one in able(snapshot, each, task)))


def owners(snapshot: Snapshot, task: Task) -> tuple[str, ...]:
    """The people who own an item."""
    found = owning(snapshot, task)
    return tuple(dict.fromkeys(one for each in found for one in members(snapshot, each)))


def owning(snapshot: Snapshot, task: Task) -> Sequence[str]:
    """The people and groups who own an item: those of the last rule under ``owners:`` that fits,
    else those in its field ``owner``.
    """
    found: Sequence[str] = task.many("owner")
    for rule in snapshot.settings.owners:
        if fits(snapshot, rule, task):
            found = rule["of"]
    return found


class Owned(NamedTuple):
    """An item with the people and groups who own it, and all the people they stand for."""

    task: Task
    owners: Sequence[str]
    people: Sequence[str]


def owned(snapshot: Snapshot, query: str = "", since: str = "") -> list[Owned]:
    """The items that match a query, else the open ones, and their owners; with ``since`` those that
    a change touches, as ``check`` takes it. Raises BadQuery, UnknownRevision, NoGit.
    """
    if since:
        return _asked_about(snapshot, query, since)
    asked = answers.question(snapshot, query, state="" if query else "open?")
    return [_owned(snapshot, each) for each in answers.tasks(snapshot, asked)]


def _owned(snapshot: Snapshot, task: Task) -> Owned:
    return Owned(task, owning(snapshot, task), owners(snapshot, task))


def _asked_about(snapshot: Snapshot, query: str, since: str) -> list[Owned]:
    """The items that a change touches, with the owners that they had before it and have after it,
    by the present settings.
    """
    from plaintrack.app.snapshot.past import at
    from plaintrack.app.snapshot.review import review, sides

    one, two, _ = sides(snapshot.repo, since)
    changed = [each for each in review(snapshot, since).items if not each.staff]
    paths = {each.path for each in changed} | {each.old.path for each in changed if each.old}
    named = {fold(each.id) for each in changed if each.id}
    there = two is None or two == snapshot.repo.head
    states = [snapshot if there else at(snapshot, str(two), snapshot.today)]
    if any(each.old for each in changed):
        states.append(at(snapshot, one, snapshot.today))
    found: dict[str, Owned] = {}
    for state in states:
        for task in answers.tasks(state, answers.question(state, query)):
            if task.path in paths or fold(task.id) in named:
                name = fold(task.id) or task.path
                found[name] = _both(found.get(name), _owned(state, task))
    return list(found.values())


def _both(after: Owned | None, before: Owned) -> Owned:
    """An item with the owners of two states of it, as it is in the later one."""
    if after is None:
        return before
    return Owned(
        after.task,
        tuple(dict.fromkeys((*before.owners, *after.owners))),
        tuple(dict.fromkeys((*before.people, *after.people))),
    )


def fits(snapshot: Snapshot, rule: Mapping[str, Any], task: Task) -> bool:
    """Whether a rule with ``query`` and ``path`` (empty: any) is about an item."""
    path = rule["path"]
    if path and task.path != path and not task.path.startswith(f"{path}/"):
        return False
    if not rule["query"]:
        return True
    if not _known(snapshot, task):
        return would_answer(snapshot, rule["query"], task)
    asked = _question(snapshot, rule["query"], f'id:"{task.id}"')
    return bool(answers.rows_raw(snapshot, asked))


def _known(snapshot: Snapshot, task: Task) -> bool:
    """Whether the index has an item as it is here: not as an edit would make it, nor a new one."""
    from plaintrack.store.index import ask

    return any(
        fields_of(each) == task.fields for each in ask.data(snapshot.index.connection, task.id)
    )


def discussed(snapshot: Snapshot) -> frozenset[str]:
    """The folded ids under which verdicts are filed."""
    room = folder(snapshot)
    if not room:
        return frozenset()
    if snapshot.worktree is not None:
        return frozenset(map(fold, snapshot.worktree.entries(room)))
    names: set[str] = set()

    def seen(path: str) -> bool:
        names.add(fold(path[len(room) + 1 :].partition("/")[0]))
        return False

    for _ in snapshot.contents(room, seen):
        pass
    return frozenset(names)


def decided(snapshot: Snapshot) -> Iterator[Task]:
    """The items that have verdicts."""
    from plaintrack.store.index import ask

    filed = discussed(snapshot)
    if not filed:
        return
    before = former(snapshot)
    for path, name in ask.named(snapshot.index.connection):
        if not filed.isdisjoint((fold(name), *map(fold, before.get(fold(name), ())))):
            yield find.load(snapshot, path)


def agreed(snapshot: Snapshot) -> frozenset[str]:
    """The folded ids of the items with an approval of their present content and no rejection of
    it, that lack nothing which the settings want. Raises UnusableNeed.
    """
    tasks = {task.path: task for task in decided(snapshot)}
    stand = {path: stands(snapshot, task) for path, task in tasks.items()}
    found = {path for path, each in stand.items() if each.valid and not each.rejected}
    for need in needs(snapshot) if found else ():
        for path, _ in concerned(snapshot, need):
            if path in found and lacks(snapshot, need, tasks[path], stand[path]):
                found.remove(path)
    return frozenset(fold(tasks[path].id) for path in found)


def author_of(snapshot: Snapshot, task: Task) -> str:
    """Who made an item, from history, also under an id that it had before: a short name, else a
    name; empty where no one knows.
    """
    from plaintrack.app.snapshot.history import history
    from plaintrack.store.index.history import Look
    from plaintrack.store.refusals import NoGit

    try:
        events = history(snapshot).events(Look((task.id, *task.many("formerly")), initial=True))
        snapshot.tell_cut()
        made = [each for each in events if each.change.kind == "created"]
    except NoGit as error:
        snapshot.miss(error)
        return ""
    oldest = min(made, key=lambda each: each.time, default=None)
    return person(snapshot, oldest.author, oldest.email) if oldest else ""


def unmet(snapshot: Snapshot, task: Task) -> list[str]:
    """What the needs of an item lack for the status that it has, in words; raises BadQuery."""
    status = task.text("status")
    found: list[str] = []
    for need in needs(snapshot):
        if not reaches(snapshot, need, status) or not concerned(snapshot, need, task.id):
            continue
        if not let_be(need, task):
            found += lacks(snapshot, need, task, stands(snapshot, task))
    return list(dict.fromkeys(found))


def approved(snapshot: Snapshot, query: str = "", all_items: bool = False) -> list[Approved]:
    """The items that match a query, have verdicts or need some, with both; with ``all_items`` also
    the others. Raises BadQuery.
    """
    asked = answers.question(snapshot, query, state="" if query else "open?")
    about: dict[str, list[Need]] = {}
    for need in needs(snapshot):
        for path, _ in concerned(snapshot, need):
            about.setdefault(path, []).append(need)
    found = []
    for path, _, _ in answers.rows_raw(snapshot, asked):
        task = find.view(snapshot, path)
        given = verdicts(snapshot, task)
        if not given and path not in about and not all_items:
            continue
        how = _standing(snapshot, task, given)
        wanted = [lack for need in about.get(path, ()) for lack in lacks(snapshot, need, task, how)]
        found.append(Approved(task, how, tuple(dict.fromkeys(wanted)), path in about))
    return found
