"""Carries out one firing: asks the conditions, leaves its file in the ledger, then does the
actions, each once.
"""

import os
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from datetime import time as clock_time
from typing import NamedTuple

from plaintrack.app.automation import ledger
from plaintrack.app.automation.conditions import Present
from plaintrack.app.automation.owed import Later, later, owing
from plaintrack.app.automation.rules import Rules
from plaintrack.app.items import add, template
from plaintrack.app.items.assign import declared, edit
from plaintrack.app.items.comment import comment_bytes
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.people import members
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import telling
from plaintrack.model.edit import Add, Edit, Set
from plaintrack.model.ids import UnknownId
from plaintrack.model.listed import joined
from plaintrack.model.task import Task
from plaintrack.rules import match
from plaintrack.rules.actions import ACTIONS, MENTION, BadAction, Given
from plaintrack.rules.conditions import targets
from plaintrack.rules.rule import Act, Firing, Rule
from plaintrack.store.clock import zone
from plaintrack.store.index.seen import Pending, Seen

PLACE = re.compile(r"\{([\w.-]+)\}")
OWN = ("rule", "trigger", "why", "today", "id")
"""What a text may name beside the fields of the item."""


class UnusableValue(BadAction):
    """The value of a field is neither a text nor a list."""

    slug = "unusable-value"

    def __init__(self) -> None:
        super().__init__("a value is a text, a list, or {rotate: [a, b]}", "see docs/automation.md")


class NoItem(BadAction):
    """The action needs an item, and the trigger has none."""

    slug = "no-item"

    def __init__(self, action: str) -> None:
        super().__init__(
            f"{action} needs an item, and this trigger has none", "add an `if:` that finds items"
        )


class NotAFolder(BadAction):
    """Items cannot be moved there."""

    slug = "not-a-folder"

    def __init__(self, to: str, tops: Iterable[str]) -> None:
        super().__init__(f"{to!r} is not a folder of items", f"one below {', '.join(tops)}")


class Outcome(NamedTuple):
    """What came of a firing: ``done``, ``failed``, ``not met``, ``gone``, ``cut`` or ``dropped``;
    what to tell of it; the files it wrote.
    """

    firing: Firing
    result: str
    lines: tuple[str, ...] = ()
    paths: frozenset[str] = frozenset()


def carry_out(writer: Writer, rules: Rules, seen: Seen, pending: Pending) -> Outcome:
    """Do what a firing asks for, from where it was interrupted. An action that fails does not stop
    the others.
    """
    firing = Firing.read(pending.firing)
    rule = rules.find(firing.rule)
    if rule is None:
        return Outcome(firing, "gone")
    items = _begun(writer, rule, firing)
    if not items:
        return Outcome(firing, "not met")
    start = len(writer.written)
    result, lines = "done", list[str]()
    for at, act in enumerate(_acts(rule, firing, items)):
        if at < pending.step:
            continue
        if act.action.outside and at == pending.step and pending.started:
            lines.append(f"rule {rule.name}: {act.action.kind} was interrupted and is not repeated")
            continue
        seen.mark(pending.number, at, act.action.outside)
        tried = attempt(Deed(writer, rules, act))
        lines += tried.lines
        if tried.later is not None:
            result = "failed"
        if tried.later is not None and tried.later.off:
            owed = owing(writer.workspace, rules, act, tried.later.due)
            seen.owe(owed, pending.number, at + 1)
        else:
            seen.mark(pending.number, at + 1)
        writer.workspace.touch(paths_since(writer, start))
    return Outcome(firing, result, tuple(lines), frozenset(paths_since(writer, start)))


def _begun(writer: Writer, rule: Rule, firing: Firing) -> list[str]:
    """The items to act on (an empty id: none is needed), once the ledger has the firing; nothing if
    the conditions do not hold.
    """
    world = Present(writer.workspace)
    path, data = ledger.entry(firing)
    if os.path.exists(writer.workspace.path(path)):  # interrupted: the conditions have held
        there = world.related(firing.item, rule.subject) if firing.item else []
        return there or [""]
    items = targets(world, rule, firing.item)
    if items:
        writer.create(path, data)
    return items


def _acts(rule: Rule, firing: Firing, items: Iterable[str]) -> list[Act]:
    return [
        Act(rule, firing, number, item) for number in range(len(rule.actions)) for item in items
    ]


def paths_since(writer: Writer, start: int) -> list[str]:
    """The files written since there were ``start`` of them."""
    return [each.path for each in writer.written[start:]]


class Tried(NamedTuple):
    """What to tell of an action, and what becomes of it if it failed (None: it was done)."""

    lines: list[str]
    later: Later | None = None


def attempt(deed: "Deed", number: int = 1) -> Tried:
    """Do an action, for the ``number``th time."""
    act = deed.act
    try:
        return Tried([f"rule {act.rule.name}: {line}" for line in deed.do()])
    except (PlaintrackError, OSError) as error:
        what = later(deed.workspace, act.rule, error, number)
        about = f"{act.target or act.firing.item} {act.action.kind} failed"
        reason = f"{getattr(error, 'message', error)}{what.words}"
        return Tried([f"rule {act.rule.name}: {about}: {reason}"], what)


def folder(workspace: Workspace, to: str) -> str:
    """A folder that items may be moved to; raises BadAction."""
    to, tops = to.strip("/"), workspace.settings.tops
    inside = any(to == top or to.startswith(f"{top}/") for top in tops)
    if not inside or any(part in ("", ".", "..") for part in to.split("/")):
        raise NotAFolder(to, tops)
    return to


class Deed:
    """One action on one item; see ``rules.actions.Deed``."""

    def __init__(self, writer: Writer, rules: Rules, act: Act) -> None:
        self.writer, self.rules, self.act = writer, rules, act
        self.workspace, self.target = writer.workspace, act.target

    def do(self) -> list[str]:
        """Do it; what to tell."""
        action = self.act.action
        return ACTIONS[action.kind].run(self, action.about)

    @property
    def path(self) -> str:
        """The file of the item it is about; raises BadAction without one."""
        if not self.target:
            raise NoItem(self.act.action.kind)
        try:
            return find.locate(self.workspace, self.target)
        except (UnknownId, find.BrokenItem):
            # Perhaps by the index of another process, made while the file was being saved.
            self.workspace.look_again()
            return find.locate(self.workspace, self.target)

    def task(self) -> Task:
        """The item acted on."""
        return find.load(self.workspace, self.path)

    def _task_or_none(self) -> Task:
        return self.task() if self.target else Task("", "", {})

    def fill(self, text: str, chat: bool = False) -> str:
        """``text`` with ``{field}``, ``{id}``, ``{trigger}``, ``{rule}``, ``{why}``, ``{today}``
        filled in.

        ``chat``: what is filled in mentions no one there (``@channel``, ``<!here>``); the rule's
        own words may.
        """
        if "{" not in text:
            return text
        task = self._task_or_none()
        firing = self.act.firing
        own = {
            "rule": firing.rule,
            "trigger": firing.item,
            "why": firing.why,
            "today": firing.moment[:10],
            "id": self.target,
        }

        def value(place: re.Match[str]) -> str:
            name = place[1]
            if name in own:
                given = own[name]
            elif self.target and (name in self.workspace.schema.fields or name in task.fields):
                given = task.text(name)
            else:
                given = place[0]
            return _unmentioned(given) if chat else given

        return PLACE.sub(value, text)

    def edits(self, fields: Given, sign: str) -> list[Edit]:
        """The Edits for fields and values."""
        return [
            edit(self.workspace, f"{name}{sign}{self._text(name, given)}")
            for name, given in fields.items()
        ]

    def _text(self, name: str, given: object) -> str:
        """A value as it is written in an assignment."""
        if isinstance(given, dict):
            given = [self._rotated(given)]
        if isinstance(given, list):
            join = joined if declared(self.workspace, name).many else ",".join
            text = join(map(self.fill, given))
        else:
            text = self.fill(str(given))
        return self._status(text) if name == "status" else text

    def _status(self, text: str) -> str:
        """A status, or the first of a category of that name."""
        statuses = self.workspace.schema.statuses
        if text in statuses:
            return text
        return next((name for name, kind in statuses.items() if kind == text), text)

    def _rotated(self, about: Given) -> str:
        """The next of a list: one further with every firing of the rule that the ledger knows."""
        names = about.get("rotate")
        if not isinstance(names, list) or not names:
            raise UnusableValue
        # a team's name stands for its people
        names = [each for name in names for each in members(self.workspace, str(name))]
        mine = f"rule: {self.act.rule.name}\n".encode()
        acted = ledger.acted(self.workspace)
        others = [path for key, path in acted.items() if key != self.act.firing.key]
        count = sum(self.workspace.read(path).startswith(mine) for path in others)
        return str(names[count % len(names)])

    def reference(self, field: str) -> Set | Add:
        """The Edit that names the item acted on in a field of another item."""
        found = declared(self.workspace, field)
        return Add(found.name, (self.target,)) if found.many else Set(found.name, self.target)

    def edit(self, edits: Sequence[Edit]) -> list[str]:
        """Edit the item acted on."""
        changes = telling(self.writer.edit(self.path, edits))
        if not changes:
            return []
        return [f"{self.target}  {'; '.join(each.describe() for each in changes)}"]

    def comment(self, text: str) -> list[str]:
        """Comment on the item acted on."""
        from plaintrack.text.format import document

        path = self._comment_path()
        if path is None:
            return []
        moment = self.act.firing.moment
        fields = [
            ("author", f"rule {self.act.rule.name}"),
            ("date", moment if moment[10:] else self._first_moment()),
        ]
        head = document(fields, text, self.workspace.schema)
        data = comment_bytes(self.workspace, path, head, text)
        try:
            self.writer.create(path, data)
        except FileExistsError:  # made before we were interrupted, or in another clone
            return []
        return [f"{self.target}  comment added"]

    def _comment_path(self) -> str | None:
        """The path of a new comment: at its place among those of the same second; of a firing that
        other clones meet too the same in all. None: it already exists.
        """
        moment, mine = self.act.firing.moment, match.letters(self.act.key, 10)
        folder = f"comments/{self.target}"
        if not moment[10:]:
            return f"{folder}/{moment[:10].replace('-', '')}T000000Z-{mine}.md"
        stamp = datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        names = self.workspace.names(folder)
        if any(name.startswith(f"{stamp}-") and name.endswith(f"-{mine}.md") for name in names):
            return None
        # Behind what people, whose names are hexadecimal, said in that second.
        number = sum(name.startswith(f"{stamp}-r") for name in names)
        return f"{folder}/{stamp}-r{number:03}-{mine}.md"

    def _first_moment(self) -> str:
        """The first moment of the firing's day: the same in every clone."""
        day = date.fromisoformat(self.act.firing.moment[:10])
        moment = datetime.combine(day, clock_time(), zone(self.workspace.schema.timezone))
        return (moment if moment.tzinfo else moment.astimezone()).isoformat()

    def create(self, title: str, edits: Sequence[Edit], template_name: str, body: str) -> list[str]:
        """Add an item, with the same id in every clone."""
        workspace = self.workspace
        base = template.template(workspace, template_name) if template_name else None
        settings = workspace.settings
        prefix = f"{settings.prefix}-" if settings.prefix else ""
        item = prefix + match.letters(self.act.key, max(8, settings.length))
        if Present(workspace).related(item, "item"):
            return []
        origin = (item, self._first_moment())
        made, path, _ = add.make(
            workspace, self.writer, title, tuple(edits), base, body or None, origin
        )
        return [f"{made}  created: {title}  ({path})"]

    def move(self, to: str) -> list[str]:
        """Move the file of the item acted on."""
        to = folder(self.workspace, to or self.workspace.settings.archive)
        path = self.path
        new = f"{to}/{path.rpartition('/')[2]}"
        if new == path:
            return []
        changes = self.writer.carry(path, new)
        return [f"{self.target}  {changes[0].describe()}"]

    def notify(self, to: str, text: str) -> list[str]:
        """Send a notification."""
        from plaintrack.app.automation.trust import notification

        title = f"{self.target or self.act.rule.name}: {self.act.firing.why}"
        return notification(self.workspace, self.rules, to, _unmentioned(title), text)

    def run(self, words: Sequence[str], names: Sequence[str], seconds: float) -> list[str]:
        """Run a command."""
        from plaintrack.app.automation.trust import Command, command

        asked = Command(words, names, seconds, self.writer.journal.file)
        return command(self.workspace, self.rules, self.act.firing, self._task_or_none(), asked)

    def webhook(self, url: str, secret: str, text: str) -> list[str]:
        """Post the item acted on."""
        from plaintrack.app.automation.trust import webhook

        task = self._task_or_none()
        return webhook(self.workspace, self.rules, self.act.firing, task, url, secret, text)

    def report(self, name: str, to: str, since: str) -> list[str]:
        """Write a report into a file of the workspace."""
        from plaintrack.app.reporting.filed import write

        return write(self.writer, name.split(), to, since)

    def report_text(self, name: str, since: str) -> str:
        """A report as Markdown."""
        from plaintrack.app.reporting.filed import text

        return text(self.workspace, name.split(), since)

    def digest_text(self, who: str, period: str) -> str:
        """The digest of a person's inbox as Markdown; empty if there is nothing to tell."""
        from plaintrack.app.reporting.digest import text

        return text(self.workspace, who, period)

    def commit(self) -> None:
        """Have what was written committed."""
        self.writer.commits = True


def _unmentioned(text: str) -> str:
    """The text, with nothing in it that would notify someone in a chat."""
    return MENTION.sub("\\g<0>\u200c", text)
