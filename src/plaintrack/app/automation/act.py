"""Carries out one firing: asks the conditions, leaves its file in the ledger, then does the
actions, each once.
"""

import os
import re
from datetime import UTC, date, datetime
from datetime import time as clock_time
from typing import Any, NamedTuple

from plaintrack.app.automation import ledger
from plaintrack.app.automation.conditions import holds, related
from plaintrack.app.automation.owed import later, owing
from plaintrack.app.automation.rules import Rules
from plaintrack.app.items import add, template
from plaintrack.app.items.assign import declared, edit
from plaintrack.app.items.comment import comment_bytes
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import telling
from plaintrack.model.edit import Add, Edit, Set, Tick
from plaintrack.model.ids import UnknownId
from plaintrack.model.listed import joined
from plaintrack.model.task import Task, fold
from plaintrack.rules import match
from plaintrack.rules.rule import Action, Firing, Rule
from plaintrack.store.clock import zone
from plaintrack.store.index.seen import Pending, Seen

PLACE = re.compile(r"\{([\w.-]+)\}")
_MENTION = re.compile(r"(?<!\w)@(?=\w)|<(?=[!@#])")
OWN = ("rule", "trigger", "why", "today", "id")
"""What a text may name beside the fields of the item."""


class BadAction(PlaintrackError):
    """An action cannot be done."""

    slug = "bad-action"


class Outcome(NamedTuple):
    """What came of a firing: ``done``, ``failed``, ``not met``, ``gone``, ``cut`` or ``dropped``;
    what to tell of it; the files it wrote.
    """

    firing: Firing
    result: str
    lines: tuple[str, ...] = ()
    paths: frozenset[str] = frozenset()


def perform(writer: Writer, found: Rules, firing: Firing, seen: Seen, waiting: Pending) -> Outcome:
    """Do what a firing asks for, from where it was interrupted. An action that fails does not stop
    the others.
    """
    workspace = writer.workspace
    rule = next((each for each in found.rules if each.name == firing.rule), None)
    if rule is None:
        return Outcome(firing, "gone")
    path, data = ledger.entry(firing)
    here = os.path.exists(workspace.path(path))
    targets = related(workspace, firing.item, rule.subject) if firing.item else []
    if not here:
        targets = [each for each in targets if holds(workspace, rule, each, firing.item)]
        if not targets and (firing.item or not holds(workspace, rule, "", "")):
            return Outcome(firing, "not met")
        writer.create(path, data)
    start = len(writer.written)
    lines, failed = [], False
    deeds = [
        (action, number, target)
        for number, action in enumerate(rule.actions)
        for target in targets or [""]
    ]
    for step, (action, number, target) in enumerate(deeds):
        if step < waiting.step:
            continue
        if action.outside and step == waiting.step and waiting.started:
            lines.append(f"rule {rule.name}: {action.kind} was interrupted and is not repeated")
            continue
        seen.mark(waiting.number, step, action.outside)
        deed = Deed(writer, found, rule, firing, action, number, target)
        try:
            lines += deed.do()
            seen.mark(waiting.number, step + 1)
        except (PlaintrackError, OSError) as error:
            failed, what = True, later(workspace, rule, error, 1)
            lines.append(
                f"rule {rule.name}: {target or firing.item} {action.kind} failed:"
                f" {getattr(error, 'message', error)}{what.words}"
            )
            if what.off:
                seen.owe(
                    owing(workspace, found, rule, firing, number, target, what.due),
                    waiting.number,
                    step + 1,
                )
            else:
                seen.mark(waiting.number, step + 1)
        workspace.touch([each.path for each in writer.written[start:]])
    return Outcome(
        firing,
        "failed" if failed else "done",
        tuple(lines),
        frozenset(each.path for each in writer.written[start:]),
    )


def folder(workspace: Workspace, to: str) -> str:
    """A folder that items may be moved to; raises BadAction."""
    to, tops = to.strip("/"), (*workspace.settings.folders, workspace.settings.archive)
    if not any(to == top or to.startswith(f"{top}/") for top in tops) or any(
        part in ("", ".", "..") for part in to.split("/")
    ):
        raise BadAction(f"{to!r} is no folder of items", f"one below {', '.join(tops)}")
    return to


class Deed:
    """One action on one item."""

    def __init__(
        self,
        writer: Writer,
        found: Rules,
        rule: Rule,
        firing: Firing,
        action: Action,
        number: int,
        target: str,
    ) -> None:
        self.writer, self.workspace, self.found = writer, writer.workspace, found
        self.rule, self.firing, self.action, self.target = rule, firing, action, target
        self.key = match.key(firing.key, target, str(number))

    def do(self) -> list[str]:
        """Do it; what to tell."""
        kind = self.action.kind
        found: list[str] = getattr(self, f"_{kind}")()
        return [f"rule {self.rule.name}: {each}" for each in found]

    @property
    def path(self) -> str:
        """The file of the item it is about; raises BadAction without one."""
        if not self.target:
            raise BadAction(
                f"{self.action.kind} needs an item, and this trigger has none",
                "add an `if:` that finds items",
            )
        try:
            return find.locate(self.workspace, self.target)
        except (
            UnknownId,
            find.BrokenItem,
        ):  # perhaps by the index of another process, which looked while the file was being saved
            self.workspace.look_again()
            return find.locate(self.workspace, self.target)

    def fill(self, text: str, chat: bool = False) -> str:
        """``text`` with ``{field}``, ``{id}``, ``{trigger}``, ``{rule}``, ``{why}``, ``{today}``
        filled in.

        ``chat``: what is filled in mentions nobody there (``@channel``, ``<!here>``); the rule's
        own words may.
        """
        if "{" not in text:
            return text
        task = find.load(self.workspace, self.path) if self.target else None
        own = dict(
            zip(
                OWN,
                (
                    self.rule.name,
                    self.firing.item,
                    self.firing.why,
                    self.firing.moment[:10],
                    self.target,
                ),
                strict=True,
            )
        )

        def value(found: re.Match[str]) -> str:
            return _MENTION.sub("\\g<0>\u200c", given(found)) if chat else given(found)

        def given(found: re.Match[str]) -> str:
            name = found[1]
            if name in own:
                return own[name]
            known = task is not None and (
                name in self.workspace.schema.fields or name in task.fields
            )
            return task.text(name) if task and known else found[0]

        return PLACE.sub(value, text)

    def _edited(self, edits: list[Edit]) -> list[str]:
        changes = telling(self.writer.edit(self.path, edits))
        return (
            [f"{self.target}  {'; '.join(each.describe() for each in changes)}"] if changes else []
        )

    def _set(self) -> list[str]:
        return self._edited(self._assignments(self.action.about, "="))

    def _add(self) -> list[str]:
        return self._edited(self._assignments(self.action.about, "+="))

    def _remove(self) -> list[str]:
        return self._edited(self._assignments(self.action.about, "-="))

    def _assignments(self, about: Any, sign: str) -> list[Edit]:
        found: list[Edit] = []
        for name, given in about.items():
            if isinstance(given, dict):
                given = [self._rotated(given)]
            join = joined if declared(self.workspace, name).many else ",".join
            text = join(map(self.fill, given)) if isinstance(given, list) else self.fill(given)
            if name == "status":
                text = self._status(text)
            found.append(edit(self.workspace, f"{name}{sign}{text}"))
        return found

    def _status(self, text: str) -> str:
        """A status, or the first of a category of that name."""
        statuses = self.workspace.schema.statuses
        return (
            text
            if text in statuses
            else next((name for name, kind in statuses.items() if kind == text), text)
        )

    def _rotated(self, about: dict[str, Any]) -> str:
        """The next of a list: one further with every firing of the rule that the ledger knows."""
        names = about.get("rotate")
        if not isinstance(names, list) or not names:
            raise BadAction(
                "a value is a text, a list, or {rotate: [a, b]}", "see docs/automation.md"
            )
        mine = f"rule: {self.rule.name}\n".encode()
        paths = [
            path for key, path in ledger.acted(self.workspace).items() if key != self.firing.key
        ]
        return str(
            names[sum(self.workspace.read(path).startswith(mine) for path in paths) % len(names)]
        )

    def _comment(self) -> list[str]:
        from plaintrack.text.format import document

        _ = self.path
        path = self._spoken()
        if path is None:
            return []
        text = self.fill(str(self.action.about["text"])).rstrip("\n") + "\n"
        head = document(
            [
                ("author", f"rule {self.rule.name}"),
                ("date", self.firing.moment if self.firing.moment[10:] else self._moment()),
            ],
            text,
            self.workspace.schema,
        )
        data = comment_bytes(self.workspace, path, head, text)
        return self._made(path, data, f"{self.target}  comment added")

    def _spoken(self) -> str | None:
        """The path of a new comment: at its place among those of the same second; of a firing that
        other clones meet too the same in all. None: it is there already.
        """
        moment, mine = self.firing.moment, match.letters(self.key, 10)
        stamp = f"{moment[:10].replace('-', '')}T000000Z"
        folder, place = f"comments/{self.target}", ""
        if moment[10:]:
            stamp = datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
            names = self.workspace.names(folder)
            if any(name.startswith(f"{stamp}-") and name.endswith(f"-{mine}.md") for name in names):
                return None
            place = (  # behind what people, whose names are hexadecimal, said then
                f"-r{sum(name.startswith(f'{stamp}-r') for name in names):03}"
            )
        return f"{folder}/{stamp}{place}-{mine}.md"

    def _moment(self) -> str:
        """The first moment of the firing's day: the same in every clone."""
        day = date.fromisoformat(self.firing.moment[:10])
        moment = datetime.combine(day, clock_time(), zone(self.workspace.schema.timezone))
        return (moment if moment.tzinfo else moment.astimezone()).isoformat()

    def _made(self, path: str, data: bytes, told: str) -> list[str]:
        try:
            self.writer.create(path, data)
        except FileExistsError:  # made before we were interrupted, or in another clone
            return []
        return [told]

    def _tick(self) -> list[str]:
        steps = find.load(self.workspace, self.path).steps
        wanted = self.fill(str(self.action.about["step"]))
        numbers = [
            n
            for n, step in enumerate(steps, 1)
            if wanted in ("all", str(n)) or fold(step.text) == fold(wanted)
        ]
        if not numbers and wanted != "all":
            raise BadAction(f"{self.target} has no step {wanted!r}", "a number, its text, or `all`")
        return self._edited([Tick(number) for number in numbers])

    def _create(self) -> list[str]:
        about, workspace = self.action.about, self.workspace
        base = template.template(workspace, about["template"]) if about.get("template") else None
        title = " ".join(self.fill(str(about["title"])).split())
        wanted = self._assignments(about.get("set") or {}, "=")
        if about.get("link") and self.target:
            field = declared(workspace, str(about["link"]))
            wanted.append(
                Add(field.name, (self.target,)) if field.many else Set(field.name, self.target)
            )
        prefix = f"{workspace.settings.prefix}-" if workspace.settings.prefix else ""
        item = prefix + match.letters(self.key, max(8, workspace.settings.length))
        if related(workspace, item, "item"):
            return []
        body = self.fill(str(about["body"])) if about.get("body") else None
        made, path, _ = add.make(
            workspace, self.writer, title, tuple(wanted), base, body, (item, self._moment())
        )
        return [f"{made}  created: {title}  ({path})"]

    def _move(self) -> list[str]:
        return self._moved(self.fill(str(self.action.about["to"])))

    def _archive(self) -> list[str]:
        return self._moved(self.workspace.settings.archive)

    def _moved(self, to: str) -> list[str]:
        to = folder(self.workspace, to)
        path = self.path
        new = f"{to}/{path.rpartition('/')[2]}"
        if new == path:
            return []
        changes = self.writer.move(path, new)
        return [f"{self.target}  {changes[0].describe()}"]

    def _notify(self) -> list[str]:
        text = self.fill(str(self.action.about["text"]), self.action.outside)
        if not self.action.outside:
            return [text]
        from plaintrack.app.automation.trust import notification

        return notification(
            self.workspace,
            self.found,
            self.action,
            _MENTION.sub("\\g<0>\u200c", f"{self.target or self.rule.name}: {self.firing.why}"),
            text,
        )

    def _run(self) -> list[str]:
        from plaintrack.app.automation.trust import command

        task = find.load(self.workspace, self.path) if self.target else Task("", "", {})
        return command(
            self.workspace,
            self.found,
            self.rule,
            self.firing,
            self.action,
            task,
            self.writer.journal.file,
        )

    def _webhook(self) -> list[str]:
        from plaintrack.app.automation.trust import webhook

        task = find.load(self.workspace, self.path) if self.target else Task("", "", {})
        text = self.fill(str(self.action.about.get("text", "")), True)
        return webhook(self.workspace, self.found, self.firing, self.action, task, text)

    def _commit(self) -> list[str]:
        self.writer.commits = True
        return []
