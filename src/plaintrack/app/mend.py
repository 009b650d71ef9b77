"""Mends what ``doctor`` finds, by span edits that ``undo`` takes back; and gives items new ids."""

from plaintrack.app import doctor, read
from plaintrack.app.add import new_id
from plaintrack.app.workspace import Workspace
from plaintrack.app.write import Writer, writing
from plaintrack.errors import PlaintrackError
from plaintrack.model import ids
from plaintrack.model.edit import Edit, Remove, Set, Unset
from plaintrack.model.problem import Problem
from plaintrack.store import files
from plaintrack.text.format import filename

_REFERENCES = (*doctor.LINKS, "follows", "series")


class BadId(PlaintrackError):
    """An id that cannot be given."""

    slug = "bad-id"


def mend(workspace: Workspace, found: list[Problem]) -> list[str]:
    """Mend what is safe to mend of what ``doctor`` found; what was done, as lines. The index first, then slips, ids, references, names."""
    done = []
    if any(problem.code == "stale-index" for problem in found):
        workspace.renew()
        done.append("the index was made afresh")
    with writing(workspace, "doctor --fix") as writer:
        done += _slips(workspace, writer)
        workspace.touch([each.path for each in writer.written])
        done += _ids(workspace, writer)
        workspace.touch([each.path for each in writer.written])
        done += _references(workspace, writer)
        return done + _names(workspace, writer)


def _slips(workspace: Workspace, writer: Writer) -> list[str]:
    from plaintrack.text.mend import mended

    done = []
    for path in dict.fromkeys(problem.path for problem in read.problems(workspace) if problem.code == "yaml"):
        data = files.read(workspace.path(path))
        new, lines = mended(data, path)
        if lines:
            writer.rewrite(path, data, new)
            done += [f"{path}:{line}" for line in lines]
    return done


def _ids(workspace: Workspace, writer: Writer) -> list[str]:
    if workspace.schema.named is not None:
        return []
    done = []
    tasks = doctor.all_tasks(workspace)
    taken, seen = {task.id for task in tasks}, set()
    for task in tasks:
        if not task.id or task.id.lower() in seen:
            item = new_id(workspace, taken)
            taken.add(item)
            writer.edit(task.path, [Set("id", item)])
            done.append(f"{task.path}: id {task.id or '(none)'} → {item}")
        seen.add(task.id.lower())
    return done


def _references(workspace: Workspace, writer: Writer) -> list[str]:
    """A reference that is the only possible part of an id is completed; one to nothing is removed, unless a file cannot be read."""
    done = []
    tasks = doctor.all_tasks(workspace)
    known = [task.id for task in tasks if task.id]
    hidden = doctor.unread(workspace, tasks)
    for task, name, target in doctor.dangling(tasks, workspace.schema):
        try:
            full = ids.resolve(target, known)
        except PlaintrackError:
            full = ""
        if hidden and not full:
            continue
        values = tuple(
            dict.fromkeys(filter(None, (full if each == target else each for each in read.load(workspace, task.path).many(name))))
        )
        many = workspace.schema.fields[name].many
        edit: Edit = Set(name, values if many else values[0]) if values else Unset(name)
        if many and not full:
            edit = Remove(name, (target,))
        writer.edit(task.path, [edit])
        done.append(f"{task.path}: {name} {target} → {full or '(removed)'}")
    return done


def _names(workspace: Workspace, writer: Writer) -> list[str]:
    done = []
    for task in doctor.all_tasks(workspace):
        if task.id and doctor.misnamed(workspace, task.path, task.id):
            name = filename(workspace.settings.filename, task.id, task.text("title"))
            target = f"{task.path.rpartition('/')[0]}/{name}.md"
            writer.move(task.path, target)
            done.append(f"{task.path} → {target}")
    return done


def renumber(workspace: Workspace, writer: Writer, path: str, wanted: str | None) -> tuple[str, str, int]:
    """Give the item at ``path`` another id (the next of the scheme without ``wanted``), and rewrite the references to it.

    Returns the old id, the new one, and how many items referred to it. If another item keeps the old id, references stay with that one.
    """
    tasks = doctor.all_tasks(workspace)
    taken = {task.id for task in tasks}
    old = next(task.id for task in tasks if task.path == path)
    new = wanted or new_id(workspace, taken)
    if not ids.acceptable(new):
        raise BadId(f"{new!r} is no id", "letters, digits, '.', '_' and '-', beginning with a letter or digit, 64 at most")
    if new.lower() in {each.lower() for each in taken}:
        raise BadId(f"the id {new} is taken", "choose another, or none for the next free one")
    writer.edit(path, [Set("id", new)])
    shared = sum(task.id.lower() == old.lower() for task in tasks) > 1
    referring = [] if shared else [task for task in tasks if any(_names_it(task.many(name), old) for name in _REFERENCES)]
    for task in referring:
        edits: list[Edit] = []
        for name in _REFERENCES:
            if _names_it(task.many(name), old):
                values = tuple(new if each.lower() == old.lower() else each for each in task.many(name))
                edits.append(Set(name, values if workspace.schema.fields[name].many else values[0]))
        writer.edit(task.path, edits)
    return old, new, len(referring)


def _names_it(values: tuple[str, ...], item: str) -> bool:
    return any(each.lower() == item.lower() for each in values)
