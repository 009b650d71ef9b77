"""Mends what ``doctor`` finds, by span edits that ``undo`` takes back; and gives items new ids."""

from collections.abc import Mapping
from contextlib import suppress

from plaintrack.app.check import doctor
from plaintrack.app.items.add import new_id
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.identity import meant, names, taken
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.model import ids
from plaintrack.model.edit import Set
from plaintrack.model.problem import Problem
from plaintrack.text.format import filename


def mend(workspace: Workspace, found: list[Problem]) -> list[str]:
    """Mend what is safe to mend of what ``doctor`` found; what was done, as lines. The index first,
    then slips, ids, references, names.
    """
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
    from plaintrack.text.fix import fixed

    done = []
    for path in dict.fromkeys(
        problem.path for problem in find.problems(workspace) if problem.code == "yaml"
    ):
        data = workspace.read(path)
        new, lines = fixed(data, path)
        if lines:
            writer.rewrite(path, data, new)
            done += [f"{path}:{line}" for line in lines]
    return done


def _ids(workspace: Workspace, writer: Writer) -> list[str]:
    if workspace.schema.named is not None:
        return []
    done = []
    tasks = doctor.all_tasks(workspace)
    used = taken(workspace)
    younger = {path for paths in doctor.duplicates(workspace, tasks).values() for path in paths[1:]}
    unusable = {
        each.path for each in find.problems(workspace) if each.code == "bad-id"
    }  # somebody wrote it, and may refer to it
    for task in tasks:
        if (not task.id and task.path not in unusable) or task.path in younger:
            item = new_id(workspace, used)
            used.add(item)
            writer.edit(task.path, [Set("id", item)])
            done.append(f"{task.path}: id {task.id or '(none)'} → {item}")
    return done


def _references(workspace: Workspace, writer: Writer) -> list[str]:
    """References are completed and split where it is sure what they mean; all others stay, for what
    they lead to may be elsewhere.
    """
    done = []
    missing = doctor.dangling(doctor.all_tasks(workspace), workspace.schema)
    known = names(workspace) if missing else {}
    for task, name, target in missing:
        edit = reference(workspace, task.path, name, target, known)
        if edit is not None:
            writer.edit(task.path, [edit])
            value = edit.value if isinstance(edit.value, str) else ", ".join(edit.value)
            done.append(f"{task.path}: {name} {target} → {value}")
    return done


def reference(
    workspace: Workspace, path: str, name: str, target: str, known: Mapping[str, str]
) -> Set | None:
    """The Set that writes the whole ids for a reference which is none; None where it is not sure
    what is meant.

    Nothing is left out: what a reference leads to may be on another branch. ``known`` is what
    ``identity.names`` gives.
    """
    found = meant(target, known)
    if not found:
        with suppress(PlaintrackError):
            found = (ids.resolve(target, list(dict.fromkeys(filter(None, known.values())))),)
    many = workspace.schema.fields[name].many
    if not found or found == (target,) or (len(found) > 1 and not many):
        return None
    values = find.load(workspace, path).many(name)
    whole = tuple(
        dict.fromkeys(one for each in values for one in (found if each == target else (each,)))
    )
    return Set(name, whole if many else whole[0])


def _names(workspace: Workspace, writer: Writer) -> list[str]:
    done = []
    for task in doctor.all_tasks(workspace):
        if task.id and doctor.misnamed(workspace, task.path, task.id):
            name = filename(workspace.settings.filename, task.id, task.text("title"))
            target = f"{task.path.rpartition('/')[0]}/{name}.md"
            writer.move(task.path, target)
            done.append(f"{task.path} → {target}")
    return done
