"""The files that an editor has open, and the snapshots of the work with what it shows of them."""

import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from plaintrack.app.check.check import Asked, in_steps
from plaintrack.app.follow import following
from plaintrack.app.snapshot.buffers import Buffers
from plaintrack.app.snapshot.snapshot import key
from plaintrack.app.snapshot.workspace import Workspace, parsed
from plaintrack.checks.catalogue import every
from plaintrack.checks.plan import CODES
from plaintrack.checks.report import Finding
from plaintrack.checks.run import finished
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import Task, fold
from plaintrack.store import clock, files, place
from plaintrack.store.index import ask
from plaintrack.store.index.apply import lay
from plaintrack.store.index.database import Database
from plaintrack.store.repo import Repo
from plaintrack.text.document import Unreadable, read
from plaintrack.text.nodes import BadYaml, scan

FAMILIES = ("PT1",)
"""The checks that say what is wrong with a file that cannot be read."""

_GIVEN = ("hint", "line", "column", "end", "excerpt", "severity", "item")


class Open(NamedTuple):
    """An open file: its text, and the last one that could be read."""

    text: str
    good: bytes | None

    @property
    def data(self) -> bytes:
        """The bytes that would be saved."""
        return self.text.encode("utf-8", "surrogatepass")

    @property
    def broken(self) -> bool:
        """Whether it cannot be read just now."""
        return self.good != self.data


class Known(NamedTuple):
    """An item that can be chosen: folded id and title, and how it ranks among those that fit alike:
    open ones first, those that others refer to, those changed last.
    """

    key: str
    name: str
    closed: bool
    uses: int
    number: int
    path: str
    id: str
    title: str


_UPWARD = ("depends_on", "parent", "project", "milestone", "goal")


class Desk:
    """Open files over the files of one workspace.

    ``snapshot`` shows of each open file the last text that could be read: what is half typed takes
    no item away from those that refer to it.
    """

    def __init__(self, start: str) -> None:
        """The workspace that the folder ``start`` lies in; raises NoWorkspace."""
        self.under = Workspace(start, following)
        self.root = self.under.root
        self.open: dict[str, Open] = {}
        self._checks: dict[str, str] = {}
        self._index: Database | None = None
        self._key = ""
        self._laid: dict[str, bytes | None] = {}
        self._snapshot: Buffers | None = None
        self._choices: dict[str, Known] | None = None
        self._uses: dict[str, int] = {}
        self.base = ""
        """The revision that reviews compare with, such as ``origin/main``; empty: the commit."""
        self._committed: dict[str, bytes | None] = {}
        self._planned: dict[str, list[Finding]] = {}
        self._checked = False
        self.found: dict[str, list[Finding]] = {}
        """Path → what was found the last time."""
        self.lines: dict[str, dict[str, Any]] = {}
        """Folded id → what the plan of the saved files says of the open item."""

    @property
    def plans(self) -> bool:
        """Whether the settings have a plan."""
        try:
            return self.under.settings.planned
        except (PlaintrackError, OSError):
            return False

    def know_plan(self, checked: Mapping[str, Any], planned: Mapping[str, Any]) -> None:
        """What ``check`` and ``plan`` say of the saved files, as JSON."""
        self._planned = {}
        for each in checked["findings"]:
            if each["code"] in CODES:
                given = {name: each[name] or Finding._field_defaults[name] for name in _GIVEN}
                found = Finding(each["code"], each["name"], each["path"], each["message"], **given)
                self._planned.setdefault(each["path"], []).append(found)
        self.lines = {fold(each["id"]): each for each in planned["items"]}

    def check(self, code: str) -> str:
        """What a check is for, in a sentence."""
        if not self._checks:
            self._checks = {each.code: each.explained.title for each in every()}
        return self._checks.get(code, "")

    def text(self, path: str) -> str:
        """The text of a file as it is shown, or as it is saved; empty if it cannot be read."""
        if path in self.open:
            return self.open[path].text
        return (self._saved(path) or b"").decode("utf-8-sig", "replace")

    def exists(self, path: str) -> bool:
        """Whether there is such a file of the workspace, not behind a symbolic link."""
        return path in self.open or (
            not files.linked(self.root, path) and os.path.isfile(os.path.join(self.root, path))
        )

    def path(self, absolute: str) -> str | None:
        """The workspace path of a file; None if it lies elsewhere, or behind a symbolic link."""
        for root in (self.root, os.path.realpath(self.root)):
            found = os.path.relpath(absolute, root).replace(os.sep, "/")
            if found != ".." and not found.startswith("../"):
                return None if files.linked(self.root, os.path.dirname(found)) else found
        return None

    def put(self, path: str, text: str) -> None:
        """The editor shows this text in a file."""
        before = self.open.get(path)
        now = Open(text, None)
        good = now.data if self._readable(path, now.data) else (before.good if before else None)
        if good is None:
            with suppress(OSError, PlaintrackError):
                saved = self.under.read_whole(path)
                good = saved if self._readable(path, saved) else None
        self.open[path] = now._replace(good=good)
        self._snapshot = None

    def committed(self, path: str) -> Task | None:
        """An item as the last commit has it, or the commit where the work left ``base``; None
        where that is not known.
        """
        from plaintrack.text.parse import parse

        if path not in self._committed:
            try:
                repo = self.under.repo
                data = repo.blob(_fork(repo, self.base) if self.base else repo.here, path)
            except (PlaintrackError, OSError):
                data = None
            self._committed[path] = data
        data = self._committed[path]
        return None if data is None else parse(path, data, self.snapshot.schema)

    @property
    def as_shown(self) -> Buffers:
        """The work with every open file just as it is typed: what cannot be read is refused by the
        writer, and what can be is edited where it stands.
        """
        texts = {path: each.data for path, each in self.open.items()}
        return Buffers(self.under, texts, self.snapshot.index)

    def as_typed(self, path: str) -> Buffers:
        """The work with one file just as it is typed, though it may not be readable."""
        return Buffers(self.under, {**self.texts, path: self.open[path].data}, self.snapshot.index)

    def close(self, path: str) -> None:
        """The editor has closed a file: what is saved counts again."""
        self.open.pop(path, None)
        self._snapshot = None

    def look_again(self) -> None:
        """The files may have changed."""
        day = self.under.day
        self.under = Workspace(self.root, following, day=day)
        self._index, self._snapshot, self._laid = None, None, {}
        self._committed = {}
        self._choices = None

    def _readable(self, path: str, data: bytes) -> bool:
        """Whether a text can be read as what its path says it is."""
        try:
            if path == place.SETTINGS:
                clock.zone(parsed(data).schema.timezone)
            elif path.endswith((".yml", ".yaml")):
                scan(data.decode("utf-8-sig"), path)
            elif self._settings_say_item(path):
                document = read(data, path)
                scan(document.front, path)
        except (Unreadable, BadYaml, PlaintrackError, UnicodeDecodeError):
            return False
        return True

    def _settings_say_item(self, path: str) -> bool:
        """Whether front matter is wanted in a file: in items, people, equipment, comments."""
        try:
            settings = self.under.settings
        except (PlaintrackError, OSError):
            return False
        return settings.is_item(path) or settings.room(path) in ("people", "equipment")

    @property
    def texts(self) -> Mapping[str, bytes | None]:
        """What of the open files can be read."""
        found = {path: each.good for path, each in self.open.items() if each.good is not None}
        return {path: data for path, data in found.items() if data != self._saved(path)}

    def _saved(self, path: str) -> bytes | None:
        try:
            return self.under.read_whole(path)
        except (OSError, PlaintrackError):
            return None

    @property
    def snapshot(self) -> Buffers:
        """The work as the editor shows it. One that was given before is not to be asked any more.

        Raises PlaintrackError where the settings cannot be used and never could.
        """
        if self._snapshot is None:
            texts = self.texts
            now = Buffers(self.under, texts)
            if self._index is None or self._key != key(now.settings):
                self._index, self._key = now.index, key(now.settings)
            else:
                self._lay(now, texts)
            self._laid = dict(texts)
            self._snapshot = Buffers(self.under, texts, self._index)
        return self._snapshot

    def choices(self) -> list[Known]:
        """The items that can be chosen. Those of the files that are not open are read once."""
        connection = self.snapshot.index.connection
        if self._choices is None:
            uses: dict[str, int] = {}
            for field in _UPWARD:
                for item, count in ask.uses(connection, field).items():
                    uses[item] = uses.get(item, 0) + count
            self._uses = uses
            self._choices = {each.path: each for each in self._known(ask.choosable(connection))}
        known = dict(self._choices)
        for path in self.open:
            known.pop(path, None)
        shown = self._known(ask.choosable(connection, list(self.open)))
        return [*shown, *known.values()]

    def _known(self, rows: Iterable[tuple[str, str, str, str]]) -> list[Known]:
        return [
            Known(
                fold(item),
                fold(title),
                category in ("done", "cancelled"),
                -self._uses.get(fold(item), 0),
                number,
                path,
                item,
                title,
            )
            for number, (path, item, title, category) in enumerate(rows)
        ]

    def _lay(self, now: Buffers, texts: Mapping[str, bytes | None]) -> None:
        """Bring the index from the texts that it has to those that there are."""
        assert self._index is not None
        changed = {
            path: texts[path] if path in texts else self._saved(path)
            for path in {*texts, *self._laid}
            if path not in texts or path not in self._laid or texts[path] != self._laid[path]
        }
        changed = {path: data for path, data in changed.items() if now.is_item(path)}
        if changed:
            lay(self._index.connection, now.schema, changed, files.clock())

    def findings(self) -> Generator[None, None, dict[str, list[Finding]]]:
        """Path → what ``check`` finds in it, for the files as they are shown; made in steps. The
        plan is not looked at: that can take long.

        Of a file that cannot be read just now: why, and what holds of the lines that are as they
        were when it could.
        """
        report = yield from in_steps(self.snapshot, Asked(plan=False))
        found: dict[str, list[Finding]] = {}
        for each in report.findings:
            found.setdefault(each.path, []).append(each)
        for path, some in self._planned.items():
            found.setdefault(path, []).extend(self._still(path, some))
        for path, shown in list(self.open.items()):
            if shown.broken:
                yield
                before = found.pop(path, [])
                good = (shown.good or b"").decode("utf-8-sig", "replace")
                found[path] = [*self._alone(path, shown.data), *moved(before, good, shown.text)]
        self.found, self._checked = found, True
        return found

    def _still(self, path: str, found: list[Finding]) -> list[Finding]:
        """Findings of a saved file, in the text that can be read."""
        shown = self.open.get(path)
        if shown is None or shown.good is None:
            return found
        saved = (self._saved(path) or b"").decode("utf-8-sig", "replace")
        return moved(found, saved, shown.good.decode("utf-8-sig", "replace"))

    @property
    def new(self) -> bool:
        """Whether all files have not been checked yet: with many of them, that takes a while."""
        return not self._checked

    def alone(self) -> dict[str, list[Finding]]:
        """Path → what is wrong with each open item by itself, whatever the others hold; empty where
        the settings cannot be used. Until all is checked, that is what was found.
        """
        found: dict[str, list[Finding]] = {}
        with suppress(PlaintrackError, OSError):
            for path, each in self.open.items():
                if self.under.is_item(path):
                    found[path] = self._by_itself(self.under, path, each.data)
        self.found = found
        return found

    def _alone(self, path: str, data: bytes) -> list[Finding]:
        """What is wrong with a file that cannot be read, whatever the others hold."""
        if path == place.SETTINGS:
            report = finished(in_steps(Buffers(self.under, {path: data}), Asked()))
            return [each for each in report.findings if each.path == path]
        return self._by_itself(self.snapshot, path, data)

    def _by_itself(self, under: Workspace, path: str, data: bytes) -> list[Finding]:
        index = Database(None, "")
        lay(index.connection, under.schema, {path: data}, files.clock())
        asked = Asked(families=FAMILIES)
        report = finished(in_steps(Buffers(under, {path: data}, index), asked))
        return [each for each in report.findings if each.path == path]


def _fork(repo: Repo, base: str) -> str:
    """The commit at which the present one left a revision; raises UnknownRevision."""
    return repo.base(repo.resolve(base), repo.here) or repo.here


def moved(found: Iterable[Finding], before: str, after: str) -> list[Finding]:
    """Findings of a text, where they are in another one: those in lines at its beginning and end
    that are the same.
    """
    old, new = before.splitlines(), after.splitlines()
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    tail = 0
    while tail < min(len(old), len(new)) - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    kept = []
    for each in found:
        if each.line <= same:
            kept.append(each)
        elif each.line > len(old) - tail:
            kept.append(each._replace(line=each.line + len(new) - len(old)))
    return kept
