"""From a word that someone typed to the item that is meant, and its file."""

from plaintrack.app.snapshot.absent import absent
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model import ids
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task, fields_of
from plaintrack.store.digest import digest
from plaintrack.store.index import ask


class BrokenItem(PlaintrackError):
    """The file that seems to be meant cannot be read as an item; ``problem`` says why."""

    slug = "broken-item"
    exit_code = 1

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text, problem.hint, problem.excerpt)
        self.problem = problem


def resolve(snapshot: Snapshot, part: str) -> str:
    """The one id that ``part`` names; raises UnknownId, AmbiguousId and BrokenItem."""
    connection = snapshot.index.connection
    whole = ask.spelt(connection, part)
    if whole:
        return ids.resolve(part, whole)
    known = ask.holding(connection, part)
    away = absent(snapshot).ids if part.strip() else []
    try:
        found = ids.resolve(part, [*known, *away])
        if found not in known:
            raise ids.NotCheckedOut(found)
        return found
    except ids.UnknownId:
        former = ask.formerly(connection, part)
        if len(former) == 1:
            return former[0]
        _look_among_broken(snapshot, part)
        raise


def _look_among_broken(snapshot: Snapshot, part: str) -> None:
    """Raise BrokenItem if the one file with ``part`` in its name that gives no item has an
    error.
    """
    wanted = part.lower()
    if not wanted.strip():
        return
    wrong = {
        each.path: each
        for each in reversed(ask.problems(snapshot.index.connection))
        if each.severity == "error"
    }
    for _, path in ask.places(snapshot.index.connection):
        wrong.pop(path, None)
    named = [each for path, each in wrong.items() if wanted in path.rpartition("/")[2].lower()]
    if len(named) == 1:
        raise BrokenItem(named[0])


def locate(snapshot: Snapshot, part: str) -> str:
    """The path of the one item that ``part`` names; raises UnknownId, AmbiguousId and
    BrokenItem.
    """
    item = resolve(snapshot, part)
    return str(ask.path(snapshot.index.connection, item, exact=True))


def load(snapshot: Snapshot, path: str) -> Task:
    """The item at ``path`` as its file says it now, body and all."""
    from plaintrack.text.parse import parse as parse_text

    return parse_text(path, snapshot.read(path), snapshot.schema)


def view(snapshot: Snapshot, path: str) -> Task:
    """As ``load``, perhaps without problems: if the index knows these very bytes, no YAML is
    parsed.
    """
    data = snapshot.read(path)
    folder, _, name = path.rpartition("/")
    known = ask.known(snapshot.index.connection, folder, name, digest(data))
    if known is None:
        return load(snapshot, path)
    from plaintrack.text.document import read
    from plaintrack.text.markdown import steps

    document = read(data, path)
    body = document.text[document.body :]
    return Task(path, known[0], fields_of(known[1]), body, steps(body))


def beside(snapshot: Snapshot, room: str, task: Task) -> list[str]:
    """The paths of what a room of the settings holds about an item, in folders called after its id
    and those that it had before.
    """
    folder = snapshot.settings.rooms.get(room, "")
    if not folder:
        return []
    return [
        f"{folder}/{called}/{name}"
        for called in dict.fromkeys((task.id, *task.many("formerly")))
        for name in snapshot.names(f"{folder}/{called}")
    ]
