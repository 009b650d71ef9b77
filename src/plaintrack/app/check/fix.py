"""Fixes what the checks found and what is safe to fix, by span edits that ``undo`` takes back."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

from plaintrack.app.check import check
from plaintrack.app.items.add import new_id
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.answers import all_tasks
from plaintrack.app.snapshot.identity import by_age, meant, names, taken
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.app.write.writer import Writer
from plaintrack.checks.report import Finding
from plaintrack.errors import PlaintrackError
from plaintrack.model import ids
from plaintrack.model.done import Written
from plaintrack.model.edit import Edit, Remove, Set
from plaintrack.model.task import Task
from plaintrack.text.nodes import Node

# what comes first decides what is left
_PHASES = (
    ("PT101",),
    ("PT106", "PT201"),
    ("PT107", "PT108", "PT202", "PT803"),
    ("PT205",),
)
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)


def fix(
    workspace: Workspace, asked: check.Asked, dry: bool = False, command: str = "check --fix"
) -> tuple[list[str], list[Written]]:
    """Fix what the Report finds as far as that is safe: what was done, as lines, and what was
    written (``dry``: would be).
    """
    with writing(workspace, command, dry) as writer:
        fixer = _Fixer(workspace, writer)
        for codes in _PHASES:
            before = len(writer.written)
            findings = check.check(workspace, asked).findings
            fixer.fix([each for each in findings if each.code in codes])
            paths = [each.path for each in writer.written[before:]]
            if paths and not dry:
                workspace.touch(paths)
        return fixer.done, writer.written


def fix_one(workspace: Workspace, finding: Finding) -> list[Written]:
    """What would be written to fix one finding; nothing where no fix is sure."""
    with writing(workspace, "check --fix", dry=True) as writer:
        _Fixer(workspace, writer).fix([finding])
        return writer.written


FIXABLE = frozenset(code for codes in _PHASES for code in codes)
"""The codes of the findings that can be fixed."""


def heal(workspace: Workspace, stale: bool) -> list[str]:
    """Fix what the doctor found; what was done, as lines. ``stale``: the index, too."""
    from plaintrack.app.check.doctor import ASKED

    done = []
    if stale:
        workspace.renew()
        done.append("rebuilt the index")
    return done + fix(workspace, ASKED, command="doctor --fix")[0]


class _Fixer:
    """Fixes findings one after the other; ``done`` says what."""

    def __init__(self, workspace: Workspace, writer: Writer) -> None:
        self.workspace, self.writer = workspace, writer
        self.done: list[str] = []
        self.known: dict[str, str] = {}
        self.taken = taken(workspace)

    def fix(self, found: Sequence[Finding]) -> None:
        for path, code in dict.fromkeys((each.path, each.code) for each in found):
            if code == "PT101":
                self.slips(path)
            elif code == "PT205":
                self.name(path)
        alone = [each for each in found if each.code != "PT201"]
        edits: dict[str, list[Edit]] = defaultdict(list)
        for each in [*alone, *self.younger(found)]:
            edit = self.edit(each)
            if edit is not None and edit not in edits[each.path]:
                edits[each.path].append(edit)
        for path, some in edits.items():
            if some:
                changes = self.writer.edit(path, some)
                self.done += [f"{path}: {change.describe()}" for change in changes]

    def slips(self, path: str) -> None:
        from plaintrack.text.fix import fixed

        data = self.workspace.read(path)
        new, lines = fixed(data, path)
        if lines:
            self.writer.rewrite(path, data, new)
            self.done += [f"{path}:{line}" for line in lines]

    def name(self, path: str) -> None:
        from plaintrack.text.format import filename

        task = self.task(path)
        name = filename(self.workspace.settings.filename, task.id, task.text("title"))
        target = f"{path.rpartition('/')[0]}/{name}.md"
        try:
            self.writer.move(path, target)
        except FileExistsError:
            return
        self.done.append(f"{path} → {target}")

    def task(self, path: str) -> Task:
        return find.load(self.workspace, path)

    def edit(self, finding: Finding) -> Edit | None:
        """The Edit that fixes a finding; None if none is sure to."""
        if finding.code in ("PT106", "PT201"):
            if self.workspace.schema.named is not None or self.unusable(finding):
                return None
            item = new_id(self.workspace, self.taken)
            self.taken.add(item)
            return Set("id", item)
        if finding.code in ("PT107", "PT108"):
            return self.value(finding)
        if finding.code == "PT202":
            return self.reference(finding)
        if finding.code == "PT803":
            text = finding.key.split("\x1f")[3]
            return Remove("waive", (text,))
        return None

    def value(self, finding: Finding) -> Edit | None:
        """A date or a choice in its right spelling."""
        from plaintrack.checks.locate import Places

        data = self.workspace.read(finding.path)
        places = Places(finding.path, data, self.workspace.schema)
        for field in self.workspace.schema.fields.values():
            entry = places.entries.get(field.key or field.name)
            if entry is None or field.many or not places.within(finding, entry.value):
                continue
            right = ""
            if field.kind == "choice":
                right = _choice(entry.value, field.choices)
            elif field.kind == "date":
                right = _day(entry.value)
            return Set(field.name, right) if right else None
        return None

    def reference(self, finding: Finding) -> Edit | None:
        """The whole ids, where it is sure which are meant."""
        _, _, name, target, _ = finding.key.split("\x1f")[:5]
        self.known = self.known or names(self.workspace)
        return reference(self.workspace, finding.path, name, target, self.known)

    def younger(self, found: Sequence[Finding]) -> list[Finding]:
        """A finding for each file that shares its id and is not the one that keeps it, which git is
        asked about.
        """
        done: dict[str, Finding] = {}
        if any(each.code == "PT201" for each in found):
            groups = duplicates(self.workspace)
            named = {path: paths for paths in groups.values() for path in paths}
            for each in found:
                if each.code == "PT201":
                    first, *others = named.get(each.path, [each.path])
                    done |= {
                        path: each._replace(path=path)
                        for path in others
                        if not self.same(first, path)
                    }
        return list(done.values())

    def same(self, one: str, two: str) -> bool:
        """Whether two files came from one item of another program: another id would make two."""
        from plaintrack.checks.references import came

        source = self.task(one).text("source") if "imports" in self.workspace.settings.rooms else ""
        return came(source) and source == self.task(two).text("source")

    def unusable(self, finding: Finding) -> bool:
        """Whether someone wrote an id that cannot be one: it may be referred to, so it is not
        replaced.
        """
        return finding.code == "PT106" and any(
            each.code == "bad-id" for each in self.task(finding.path).problems
        )


def duplicates(workspace: Workspace) -> dict[str, list[str]]:
    """Folded id → the files that have it, where there are several: that which keeps it first."""
    by_id: dict[str, dict[str, str]] = defaultdict(dict)
    for task in all_tasks(workspace):
        if task.id:
            by_id[task.id.lower()][task.path] = task.text("created")
    return {item: by_age(workspace, item, paths) for item, paths in by_id.items() if len(paths) > 1}


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
    whole = list[str]()
    for value in find.load(workspace, path).many(name):
        whole += found if value == target else (value,)
    return Set(name, tuple(dict.fromkeys(whole)) if many else whole[0])


def _day(node: Node) -> str:
    found = _DATE.fullmatch(node.value.strip())
    try:
        return date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        return ""


def _choice(node: Node, choices: tuple[str, ...]) -> str:
    wanted = _plain(node.value)
    found = [each for each in choices if _plain(each) == wanted]
    return found[0] if len(found) == 1 else ""


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).lower()
