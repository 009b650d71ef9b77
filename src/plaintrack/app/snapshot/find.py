"""From a word that someone typed to the item that is meant, and its file."""

from plaintrack.app.snapshot.absent import absent
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError, command, suggestion
from plaintrack.model import ids
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task, fields_of, fold
from plaintrack.store.digest import digest
from plaintrack.store.index import ask


class BrokenItem(PlaintrackError):
    """The file that seems to be meant cannot be read as an item; ``problem`` says why."""

    slug = "broken-item"
    exit_code = 1

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text, problem.hint, problem.excerpt)
        self.problem = problem


class NotNamed(ids.UnknownId):
    """No item that a link may lead to has such an id or title."""

    slug = "not-named"

    def __init__(self, kind: str, text: str, near: str) -> None:
        words = ("list", f"type:{kind}") if kind != "item" else ("list",)
        PlaintrackError.__init__(
            self,
            f"no {kind} has the id or title {text!r}",
            f"{near} {command(*words)} shows the {kind}s".strip(),
        )


class AmbiguousTitle(ids.AmbiguousId):
    """Several items could be meant by a title."""

    slug = "ambiguous-title"

    def __init__(self, text: str, items: list[tuple[str, str]]) -> None:
        names = ", ".join(f"{item} {title!r}" for item, title in items[:8])
        more = " …" if len(items) > 8 else ""
        PlaintrackError.__init__(self, f"{text!r} could be {names}{more}", "write the id")


_KINDS = {"project": "project", "milestone": "milestone", "goal": "goal", "iteration": "milestone"}
"""Field of a link → the type of the items that may be named by their titles."""


def linked(snapshot: Snapshot, field: str, text: str) -> str:
    """The id that a value of a link field names: by any part of an id, or by a title, or by a part
    of one that is in no other, or of another repository as it is written; raises NotNamed,
    AmbiguousTitle, and what ``resolve`` raises.
    """
    connection = snapshot.index.connection
    if ask.spelt(connection, text) or not text.strip():
        return resolve(snapshot, text)
    if snapshot.settings.elsewhere(text):
        return text
    kind = _KINDS.get(field, "")
    known = ask.entitled(connection, (kind,) if kind else ())
    same = [each for each in known if fold(each[1]) == fold(text)]
    try:
        found = resolve(snapshot, text)
    except ids.AmbiguousId:
        if len(same) != 1:
            raise
        return same[0][0]
    except ids.NotCheckedOut:
        raise
    except ids.UnknownId as error:
        return _titled(kind, text, same or _holding(known, text), known, error)
    if any(item != found for item, _, _ in same):
        title = ask.title(connection, found) or ""
        raise AmbiguousTitle(text, [(found, title), *((item, name) for item, name, _ in same)])
    return found


def _holding(known: list[tuple[str, str, str]], text: str) -> list[tuple[str, str, str]]:
    """Those whose title holds a text, closed ones only if no open one does; two letters do."""
    if len(text) < 2:
        return []
    found = [each for each in known if fold(text) in fold(each[1])]
    return [each for each in found if each[2] in ("open", "active")] or found


def _titled(
    kind: str,
    text: str,
    found: list[tuple[str, str, str]],
    known: list[tuple[str, str, str]],
    error: ids.UnknownId,
) -> str:
    """The one that was found; raises NotNamed, AmbiguousTitle."""
    if len(found) == 1:
        return found[0][0]
    if found:
        raise AmbiguousTitle(text, [(item, title) for item, title, _ in found]) from error
    near = suggestion(text, [title for _, title, _ in known])
    raise NotNamed(kind or "item", text, near) from error


def resolve(snapshot: Snapshot, part: str) -> str:
    """The one id that ``part`` names; raises UnknownId, AmbiguousId and BrokenItem. A file that is
    just being saved is waited for.
    """
    while True:
        try:
            return _resolved(snapshot, part)
        except BrokenItem as error:
            if not snapshot.saving(error.problem.path):
                raise


def _resolved(snapshot: Snapshot, part: str) -> str:
    connection = snapshot.index.connection
    whole = ask.spelt(connection, part)
    if whole:
        return ids.resolve(part, whole)

    def title(item: str) -> str | None:
        return ask.title(connection, item)

    known = ask.holding(connection, part)
    away = absent(snapshot).ids if part.strip() else []
    try:
        found = ids.resolve(part, [*known, *away])
        if found not in known:
            raise ids.NotCheckedOut(found)
        return found
    except ids.SharedId:
        raise
    except ids.AmbiguousId as error:
        raise ids.AmbiguousId(part, error.items, title) from error
    except ids.UnknownId as error:
        former = ask.formerly(connection, part)
        if len(former) == 1:
            return former[0]
        _look_among_broken(snapshot, part)
        if type(error) is ids.UnknownId:
            _look_among_titles(snapshot, error, part)
        raise


def _look_among_titles(snapshot: Snapshot, error: ids.UnknownId, part: str) -> None:
    """Say in the hint which items, if they are few, have the text in their titles."""
    found = _holding(ask.entitled(snapshot.index.connection, ()), part)
    if 0 < len(found) <= 3:
        error.hint = f"did you mean {' or '.join(f'{item} {title!r}' for item, title, _ in found)}?"


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


def body(snapshot: Snapshot, path: str) -> str:
    """The Markdown of the item at ``path``."""
    from plaintrack.text.document import read

    document = read(snapshot.read(path), path)
    return document.text[document.body :]


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
