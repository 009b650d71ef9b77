"""An import: items of another program become items here; what is there already is merged with what
changed since, field by field.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from plaintrack.app.items import add
from plaintrack.app.items.comment import comment_bytes
from plaintrack.app.snapshot.identity import taken
from plaintrack.app.snapshot.people import parsed
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.transfer import ledger
from plaintrack.app.transfer.read import Reading
from plaintrack.app.transfer.values import Found, Values
from plaintrack.app.write.verb import Verb, verb
from plaintrack.app.write.writer import NOTHING, Follow, follow_of
from plaintrack.exchange.draft import Draft, Remark, Words
from plaintrack.exchange.mapping import many
from plaintrack.model.count import plural
from plaintrack.model.done import Written
from plaintrack.model.edit import Edit, Set, Unset
from plaintrack.model.task import Task, fold
from plaintrack.store.index import ask
from plaintrack.text.format import document

BATCH = 2500
"""Items that are written in one session, which is what the journal and the memory hold at once."""
SAMPLES = 3
"""Files that the answer shows."""
SOURCE = "source"
"""The key in the front matter that keeps where an item came from: ``NAME:KEY``."""


class Homeless(NamedTuple):
    """A property that no field of ours is for: how many items have it, one value, and the key that
    it is kept under (empty: it was left out, as the Mapping says).
    """

    name: str
    items: int
    example: str
    key: str


class Conflict(NamedTuple):
    """A field that was changed here and there since the last import; it stays as it is here."""

    item: str
    field: str
    here: str
    there: str


class Imported(NamedTuple):
    """What an import did, or with ``dry`` would do.

    ``read`` items were in the file, and each is one of ``made``, ``changed``, ``same`` or
    ``skipped`` (it was imported before, and is gone here).
    """

    name: str
    title: str
    read: int
    made: int
    changed: int
    same: int
    skipped: int
    comments: int
    entries: int
    homeless: tuple[Homeless, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...]
    samples: tuple[Written, ...]
    changes: tuple[tuple[str, str], ...]
    dry: bool


def take(
    workspace: Workspace,
    reading: Reading,
    name: str = "",
    prefer: str = "",
    dry: bool = False,
    history: bool = False,
) -> Imported:
    """Import what was read; ``name`` tells one file's items from those of others of the same
    format. ``prefer`` settles conflicts, for ``here`` or ``there``. ``history``: the status changes
    of items that are made become commits.

    Rules do not act on it, since what is imported happened elsewhere. Raises BadSource, before or
    between batches: what was taken over by then stays, and the same import goes on from there.
    """
    if history:
        from plaintrack.app.transfer.past import demand

        demand(workspace)
    run = _Run(workspace, reading, name or reading.format, prefer, dry)
    follow = follow_of(workspace)._replace(closing=NOTHING.closing, written=NOTHING.written)
    drafts = reading.codec.reads(reading.source) if reading.codec.reads else iter(())
    batch = list(islice(drafts, BATCH))
    while following := list(islice(drafts, BATCH)):
        run.session(batch, follow._replace(released=NOTHING.released))
        batch = following
    run.session(batch, follow, last=True)
    return run.answer(run.told() if history else ())


class _Run:
    """One import at work."""

    def __init__(
        self, workspace: Workspace, reading: Reading, name: str, prefer: str, dry: bool
    ) -> None:
        self.workspace = workspace
        self.reading = reading
        self.name = name
        self.prefer = prefer
        self.dry = dry
        self.base = ledger.read(workspace, name)
        self.before = dict(self.base)
        self.there = dict(_present(workspace, name))
        self.used = taken(workspace)
        self.ids = self._new_ids()
        self.values = Values(workspace, reading, self._linked)
        self.titles = {fold(title): key for key, title in reading.survey.keys.items()}
        self.ours = self._named_here()
        self.counts: Counter[str] = Counter()
        self.conflicts: list[Conflict] = []
        self.samples: list[Written] = []
        self.changes: list[tuple[str, str]] = []
        self.late: list[tuple[str, Draft]] = []
        self.moved: list[tuple[str, Draft]] = []  # what was made and has a history there
        self.seen: set[str] = set()

    def _new_ids(self) -> dict[str, str]:
        """The ids of the items that are not here yet: links need them before they are made."""
        if self.workspace.schema.named is not None:
            return {}
        found: dict[str, str] = {}
        for key in self.reading.survey.keys:
            if key not in self.there and key not in self.base:
                found[key] = add.new_id(self.workspace, self.used)
                self.used.add(found[key])
        return found

    def _named_here(self) -> dict[tuple[str, str], str]:
        """(type, folded title) → id of the items that a name alone can mean."""
        kinds = ("project", "milestone", "goal")
        index = self.workspace.index.connection
        return {
            (kind, fold(title)): item
            for kind in kinds
            for item, title, _ in ask.entitled(index, (kind,))
        }

    def _linked(self, key: str) -> str:
        """The id of the item that a key, or a title, of the other program names; empty if none is
        known.
        """
        for each in (key, self.titles.get(fold(key), "")):
            if each in self.there:
                return self.there[each][0]
            if each in self.ids:
                return self.ids[each]
        kind, _, title = key.partition(":")
        return self.ours.get((kind, fold(title)), "")

    def session(self, batch: Sequence[Draft], follow: Follow, last: bool = False) -> None:
        """Take over some items, under one lock and in one entry of the journal."""
        with verb(self.workspace, f"import {self.name}", self.dry, follow) as work:
            for draft in batch:
                self._one(work, draft)
            if last:
                self._finish(work)
        done = work.done()
        if done.files and not self.dry:
            follow.undone(self.workspace, [each.path for each in done.files])
        if done.stopped is not None:
            raise done.stopped

    def _one(self, work: Verb, draft: Draft) -> None:
        if draft.key in self.seen:  # `twice` in the survey tells
            return
        self.seen.add(draft.key)
        self.counts["read"] += 1
        there = self.there.get(draft.key)
        if there is None and draft.named:
            kind = str(draft.fields.get("type", ""))
            if (kind, fold(draft.title)) in self.ours:
                self.counts["same"] += 1
                return
        if there is not None:
            self._merge(work, draft, *there)
        elif draft.key in self.base:
            self.counts["skipped"] += 1
        else:
            self._make(work, draft)

    def _make(self, work: Verb, draft: Draft) -> None:
        found = self.values.of(draft)
        fields = dict(found.fields)
        created = str(fields.pop("created", ""))
        created = created or str(fields.get("closed", ""))  # it is not younger than its end
        edits: list[Edit] = [Set(name, value) for name, value in fields.items() if value]
        edits.append(Set(SOURCE, f"{self.name}:{draft.key}"))
        mine = self.ids.get(draft.key) or add.new_id(self.workspace, self.used)
        item, path, changes = add.make(
            self.workspace,
            work.writer,
            found.title,
            tuple(edits),
            None,
            found.body,
            fixed=(mine, created or self.workspace.now.isoformat()),
            used=self.used,
        )
        self.ids[draft.key] = item
        work.item(item, path, changes)
        self.counts["made"] += 1
        if draft.moves:
            self.moved.append((path, draft))
        if len(self.samples) < SAMPLES:
            self.samples.append(work.writer.written[-1])
        marks = found.marks()
        if self.workspace.schema.named is not None and draft.links:
            self.late.append((path, draft))
        marks.update(self._beside(work, item, draft, {}))
        self.base[draft.key] = ledger.line(draft.key, marks)

    def _merge(self, work: Verb, draft: Draft, item: str, path: str) -> None:
        found = self.values.of(draft)
        base = ledger.marks(self.base.get(draft.key, ""))
        theirs = found.marks()
        names = {
            name
            for name in {*theirs, *base} - {"remarks", "spans", "created"}
            if theirs.get(name, "") != base.get(name)
        }
        marks = {**base, **theirs}
        if names:
            self._merged(work, item, path, found, base, names, marks)
        beside = self._beside(work, item, draft, base)
        new = any(beside[name] != base.get(name, "") for name in beside)
        told = any(each == item for each, _ in self.changes)
        self.counts["changed" if new or told else "same"] += 1
        kept = {name: mark for name, mark in marks.items() if mark}
        self.base[draft.key] = ledger.line(draft.key, {**kept, **beside})

    def _merged(
        self,
        work: Verb,
        item: str,
        path: str,
        found: Found,
        base: Map[str, str],
        names: set[str],
        marks: dict[str, str],
    ) -> None:
        """Take over what changed there and not here."""
        data = self.workspace.read(path)
        task = parsed(self.workspace.settings, path, data)
        edits: list[Edit] = []
        body: str | None = None
        said: list[str] = []
        for name in sorted(names):
            here, there = _here(task, name), found.value(name)
            if ledger.mark(here) == ledger.mark(there):
                continue
            known = base.get(name)
            changed = ledger.mark(here) != known if known is not None else bool(here)
            if changed and self.prefer != "there":
                if self.prefer != "here":
                    self.conflicts.append(Conflict(item, name, _text(here), _text(there)))
                    marks[name] = known or ""
                continue
            said.append(name)
            if name == "body":
                body = found.body
            else:
                edits.append(Set(name, there) if there else Unset(name))
        if edits:
            work.item(item, path, work.writer.edit(path, edits))
        if body is not None:
            work.item(item, path, work.writer.reword(path, body))
        if said:
            self.changes.append((item, ", ".join(said)))

    def _beside(self, work: Verb, item: str, draft: Draft, base: Map[str, str]) -> dict[str, str]:
        """Write the comments and the time records that are new; the marks of all of them."""
        known = set(base.get("remarks", "").split())
        marks = []
        for remark in draft.remarks:
            mark = ledger.mark((remark.date, remark.author, remark.text))
            marks.append(mark)
            if mark not in known:
                self._comment(work, item, remark, mark)
        found = {"remarks": " ".join(sorted(known | set(marks)))} if marks or known else {}
        return {**found, **self._time(work, item, draft, base)}

    def _comment(self, work: Verb, item: str, remark: Remark, mark: str) -> None:
        workspace = self.workspace
        moment = datetime.fromisoformat(remark.date) if remark.date else workspace.now
        stamp = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        author = self.reading.mapping.get("person", remark.author) if remark.author else ""
        fields = [("author", author)] if author else []
        fields.append(("date", moment.isoformat()))
        text = self.values.inert(remark.text).strip() + "\n"
        path = f"comments/{item}/{stamp}-{mark[:6]}.md"
        whole = document(fields, text, workspace.schema)
        with suppress(FileExistsError):
            work.writer.create(path, comment_bytes(workspace, path, whole, text))
            self.counts["comments"] += 1

    def _time(self, work: Verb, item: str, draft: Draft, base: Map[str, str]) -> dict[str, str]:
        known = set(base.get("spans", "").split())
        if not draft.spans and not known:
            return {}
        from plaintrack.app.time import records
        from plaintrack.app.time.clock import Clock, whose
        from plaintrack.timeclock.entry import Entry, plain

        marks = set()
        for span in draft.spans:
            who = self.reading.mapping.get("person", span.author) if span.author else ""
            who = who or whose(self.workspace, "")
            start, end = int(span.start.timestamp()), int(span.end.timestamp())
            mark = ledger.mark((str(start), str(end), span.author, span.note))
            marks.add(mark)
            if mark in known or end < start:
                continue
            mine = Clock(self.workspace, who)
            offsets = mine.offset(start), mine.offset(end)
            entry = Entry(who, start, end, item, plain(span.note), (), "", *offsets)
            records.append(work, [entry])
            self.counts["entries"] += 1
        return {"spans": " ".join(sorted(known | marks))}

    def _finish(self, work: Verb) -> None:
        """Set the links that had to wait for the items they lead to, and keep the base."""
        for path, draft in [] if self.dry else self.late:
            links = self.values.links(draft)
            edits = [Set(name, value) for name, value in links.items() if value]
            if edits:
                work.writer.edit(path, edits)
        if self.base != self.before:
            ledger.write(self.workspace, work.writer, self.name, self.base)

    def told(self) -> tuple[str, ...]:
        """Make commits of the status changes; what to say of it."""
        from plaintrack.app.transfer.past import Life, events, write

        lives = []
        for path, draft in [] if self.dry else self.moved:
            created = str(draft.fields.get("created", ""))
            made = datetime.fromisoformat(created) if len(created) > 10 else None
            data = self.workspace.read(path)
            lives.append(Life(path, draft.title, data, made, draft.moves))
        if self.dry:
            count = sum(len(draft.moves) + 1 for _, draft in self.moved)
            return (f"{plural(count, 'commit')} or fewer would tell the history",)
        found = events(self.workspace, lives, self.reading.mapping)
        if not found:
            return ("the file has no history of new items",)
        had = bool(self.workspace.repo.find("HEAD"))
        write(self.workspace, found)
        said = f"{plural(len(found), 'commit')} made, from {found[0].date:%Y-%m-%d} on"
        late = "older commits were there: `plaintrack metrics --dates author` goes by these dates"
        return (said, late) if had else (said,)

    def answer(self, told: Sequence[str]) -> Imported:
        """What was done."""
        survey, mapping = self.reading.survey, self.reading.mapping
        homeless = tuple(
            Homeless(name, count, survey.examples[name], mapping.get("field", name))
            for name, count in sorted(survey.words["field"].items())
        )
        notes = [*self.reading.source.notes, *self.values.notes(), *told]
        if survey.twice:
            notes.append(f"{survey.twice[0]} is in the file more than once; the first counts")
        counts = self.counts
        return Imported(
            self.name,
            self.reading.codec.title,
            read=counts["read"],
            made=counts["made"],
            changed=counts["changed"],
            same=counts["same"],
            skipped=counts["skipped"],
            comments=counts["comments"],
            entries=counts["entries"],
            homeless=homeless,
            conflicts=tuple(self.conflicts),
            notes=tuple(notes),
            samples=tuple(self.samples),
            changes=tuple(self.changes),
            dry=self.dry,
        )


def _present(workspace: Workspace, name: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Key there → id and path of the items that came by an import of that name."""
    start = f"{name}:"
    for item, path, source in ask.imported(workspace.index.connection, start):
        yield source[len(start) :], (item, path)


def _here(task: Task, name: str) -> Words:
    if name == "body":
        return task.body.strip()
    if name == "title":
        return task.text("title")
    return task.fields.get(name, "")


def _text(value: Words) -> str:
    text = ", ".join(many(value))
    return text if len(text) <= 80 else f"{text[:79]}…"
