"""What history holds, worked out the plain way: every version is parsed by itself, and nothing is stored. The history that
plaintrack keeps has to say the same, row for row.
"""

from collections import Counter

from plaintrack.app.snapshot import people, review
from plaintrack.config.values import holds
from plaintrack.model.change import Change
from plaintrack.model.ids import of_file
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task
from plaintrack.store.files import LARGEST
from plaintrack.store.place import COMMENTS
from plaintrack.text.comment import said

INITIAL = "initial"


def rows(workspace):
    """The changes, as (commit, stamp, Change), and the touched files, as (commit, item, path and blob before, and after), of all
    commits in the order (stamp, hash).
    """
    found = _Oracle(workspace)
    found.read()
    order = sorted(found.stamps, key=lambda commit: (found.stamps[commit], commit))
    changes = [
        (commit, found.stamps[commit], each)
        for commit in order
        for each in found.changes.get(commit, ())
    ]
    touched = [(commit, *each) for commit in order for each in found.touched.get(commit, ())]
    return changes, touched


class _Oracle:
    def __init__(self, workspace):
        self.workspace, self.repo, self.lists = workspace, workspace.repo, workspace.schema.lists
        self.stamps, self.changes, self.touched, self.tasks, self.good = {}, {}, {}, {}, {}

    def read(self):
        paths = sorted(review.reviewable(self.workspace))
        commits = list(self.repo.commits(self.repo.here))
        for commit in commits:
            above = [self.stamps[parent] + 1 for parent in commit.parents if parent in self.stamps]
            self.stamps[commit.hash] = max([commit.time, *above])
        for commit, entries in self.repo.changes([each.hash for each in commits], paths):
            mine = [entry for entry in entries if holds(paths, entry.path)]
            if mine:
                self.parse(
                    {(blob, each.path) for each in mine for blob in (*each.old, each.new) if blob}
                )
                self.changes[commit], self.touched[commit] = self.happened(mine)

    def parse(self, places):
        lacking = {each for each in places if each not in self.tasks}
        contents = dict(self.repo.blobs({blob for blob, _ in lacking}, LARGEST + 1))
        for blob, path in lacking:
            if blob in contents:
                task = people.parsed(self.workspace.settings, path, contents[blob])
                problems = (
                    () if task.fields else (Problem("unreadable", path, task.problems[0].message),)
                )
                self.tasks[blob, path] = task._replace(fields=dict(task.fields), problems=problems)

    def happened(self, entries):
        """The Changes of one commit, of a merge only those against every parent; and the touched
        files of items.
        """
        comments = [entry for entry in entries if _comment(entry.path)]
        spoken = []
        for entry in _without_moves(comments):
            spoken += self._comment(entry)
        items = [entry for entry in entries if not _comment(entry.path)]
        if not items:
            return spoken, []
        sides = [self._against(items, side) for side in range(len(items[0].old))]
        changes, files = sides[0]
        if len(sides) > 1:
            marks = [{_mark(change) for change in against} for against, _ in sides]
            common = set.intersection(*marks)
            changes = [change for change in changes if _mark(change) in common]
        return [*spoken, *changes], files

    def _against(self, entries, side):
        blobs = {}
        old, new = [], []
        for entry in entries:
            if entry.old[side]:
                old.append(
                    task := self.tasks.get((entry.old[side], entry.path)) or _missing(entry.path)
                )
                blobs[id(task)] = entry.old[side]
            if entry.new:
                new.append(task := self.tasks.get((entry.new, entry.path)) or _missing(entry.path))
                blobs[id(task)] = entry.new
        changes = []
        files = []
        for before, after in pairs(old, new):
            changes += self._compared(before, after, blobs)
            item = after.id if after else ""
            if not item and before:
                item = before.id
            places = [
                (task.path, blobs[id(task)]) if task else ("", "") for task in (before, after)
            ]
            files.append((item, *places[0], *places[1]))
        return changes, files

    def _compared(self, before, after, blobs):
        good = before
        if before is not None and not before.fields:
            good = self.good.get((blobs[id(before)], before.path))
        if after is not None and not after.fields:
            if good is not None:
                self.good[blobs[id(after)], after.path] = good
                yield from compare(before, after, self.lists)
            return
        if after is not None and good is None:
            for name in after.fields:
                yield from (
                    Change(after.id, after.path, INITIAL, name, new=value)
                    for value in after.many(name)
                )
        elif after is not None and good is not before:
            yield Change(after.id, after.path, "mended")
        yield from compare(good, after, self.lists)

    def _comment(self, entry):
        if len(entry.old) > 1:
            return  # a merge does not speak
        old, new = (
            _words(self.tasks.get((blob, entry.path))) if blob else ""
            for blob in (entry.old[0], entry.new)
        )
        yield Change(entry.path.split("/")[1], entry.path, "commented", old=old, new=new)


def _comment(path):
    return path.startswith(COMMENTS + "/") and path.count("/") == 2


def _missing(path):
    return Task(
        path, "", {}, problems=(Problem("unreadable", path, "its contents are not in this clone"),)
    )


def _words(task):
    """The first line of a comment, shortened."""
    line = said(task)
    return line if len(line) <= 80 else f"{line[:79]}…"


def _mark(change):
    """What must be the same for a merge to have made a Change itself."""
    if change.kind == "body":
        return (change.id.lower(), "body")
    return (change.id.lower(), change.kind, change.field, change.new or change.old)


def _without_moves(comments):
    """The Entries of comments, but of those that went along with an item to its new id."""
    went = {(_name(each), each.old[0]) for each in comments if not each.new}
    came = {(_name(each), each.new) for each in comments if not each.old[0]}
    moved = went & came
    return [each for each in comments if (_name(each), each.new or each.old[0]) not in moved]


def _name(entry):
    return entry.path.rpartition("/")[2]


def compare(old, new, lists=frozenset()):
    """What happened between two states of one item; ``lists`` names fields that are sets even when
    one value stands there.
    """
    if new is None:
        return () if old is None else (Change(old.id, old.path, "deleted", old=_called(old)),)
    if old is None:
        return (Change(new.id, new.path, "created", new=_called(new)),)
    changes = []
    if old.path != new.path:
        changes.append(Change(new.id or old.id, new.path, "moved", old=old.path, new=new.path))
    if not new.fields or not old.fields:
        return (*changes, *_readable(old, new))
    for name in [*old.fields, *(each for each in new.fields if each not in old.fields)]:
        changes += _field(old, new, name, lists)
    return (*changes, *_body(old, new))


def _called(task):
    """The title of an item, the name of a person."""
    return task.text("title") or task.text("name")


def pairs(old, new):
    """The tasks of two snapshots side by side: by id where just one task on each side has it, else
    by path; else alone.

    What has another id and another path, and is the same in all else, is the same item, renumbered.
    """
    before, after = list(old), list(new)
    found = []
    for keyed in (_given_away, _unique_id, lambda *_: _path, _unique_rest):
        key = keyed(before, after)
        known = {key(task): task for task in before if key(task)}
        for task in list(after):
            match = known.pop(key(task), None) if key(task) else None
            if match is not None:
                found.append((match, task))
                before.remove(match)
                after.remove(task)
    return [*found, *((task, None) for task in before), *((None, task) for task in after)]


def _given_away(before, after):
    """As ``_unique_rest``, of those alone whose id another item has got: one at another path, with
    another title or another time of creation.
    """
    old = {task.id.lower(): task for task in before if task.id}
    others = {
        key
        for task in after
        if (key := task.id.lower()) in old
        and task.path != old[key].path
        and _birth(task) != _birth(old[key])
    }
    fresh = {task.id.lower() for task in after if task.id} - old.keys()
    if not others or not fresh:
        return lambda _task: ""
    return _unique_rest(
        [old[key] for key in others], [task for task in after if task.id.lower() in fresh]
    )


def _birth(task):
    return task.text("title"), task.text("created")


def _unique_id(before, after):
    counts = [Counter(task.id.lower() for task in side) for side in (before, after)]
    return lambda task: (
        task.id.lower() if all(count[task.id.lower()] == 1 for count in counts) else ""
    )


def _path(task):
    return task.path


def _unique_rest(before, after):
    """What a task is besides its id and path; empty unless just one task on each side is that."""
    if not before or not after:
        return lambda _task: ""
    rests = {id(task): _rest(task) for task in (*before, *after)}
    counts = [Counter(rests[id(task)] for task in side) for side in (before, after)]
    return lambda task: (
        rest
        if (rest := rests.get(id(task), "")) and all(count[rest] == 1 for count in counts)
        else ""
    )


def _rest(task):
    """All fields but the id, which stands for itself in texts, and the body; empty where that does
    not tell one item from another.
    """
    title = task.text("title")
    named = of_file(title, "") == task.id  # both from the file's name
    if not task.id or not (task.text("created") if named else title):
        return ""
    fields = {
        name: value
        for name, value in task.fields.items()
        if name != "id" and not (named and name == "title")
    }
    return repr((fields, _lines(task.body))).replace(task.id, "\0")


def _readable(old, new):
    if old.fields:
        why = new.problems[0].message if new.problems else "it has no front matter"
        return [Change(old.id, new.path, "broken", new=why)]
    return [Change(new.id, new.path, "mended")] if new.fields else []


def _field(old, new, name, lists):
    before, after = old.fields.get(name), new.fields.get(name)
    if before == after:
        return []
    if name in lists or isinstance(before, tuple) or isinstance(after, tuple):
        was, now = old.many(name), new.many(name)
        added = [
            Change(new.id, new.path, "added", name, new=each) for each in now if each not in was
        ]
        removed = [
            Change(new.id, new.path, "removed", name, old=each) for each in was if each not in now
        ]
        if added or removed:
            return [*added, *removed]
    return [Change(new.id, new.path, "set", name, old.text(name), new.text(name))]


def _body(old, new):
    if old.body == new.body or _lines(old.body) == _lines(new.body):
        return []
    before = {step.text: step.done for step in old.steps}
    after = {step.text: step.done for step in new.steps}
    steps = [
        Change(new.id, new.path, "ticked" if step.done else "unticked", new=step.text)
        for step in new.steps
        if step.text in before and before[step.text] != step.done
    ]
    steps += [
        Change(new.id, new.path, "step-added", new=text) for text in after if text not in before
    ]
    steps += [
        Change(new.id, new.path, "step-removed", old=text) for text in before if text not in after
    ]
    if steps and _prose(old) == _prose(new):
        return steps
    return [
        *steps,
        Change(new.id, new.path, "body", old=_surplus(old, new), new=_surplus(new, old)),
    ]


def _prose(task):
    """The lines of the body that are no steps."""
    steps = {step.line for step in task.steps}
    return [line for number, line in enumerate(_lines(task.body)) if number not in steps]


def _lines(body):
    return body.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _surplus(one, two):
    """How many words outside of steps ``one`` has more often than ``two``."""
    words = [Counter(" ".join(_prose(task)).split()) for task in (one, two)]
    return str((words[0] - words[1]).total())
