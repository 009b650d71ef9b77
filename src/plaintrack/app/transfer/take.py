"""An import: items of another program become items here; what is there already is merged with what
changed since, field by field.
"""

from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.app.items import add
from plaintrack.app.items.comment import comment_bytes
from plaintrack.app.snapshot.identity import taken
from plaintrack.app.snapshot.people import parsed
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.transfer import ledger
from plaintrack.app.transfer.drafts import drafts
from plaintrack.app.transfer.judge import Judge
from plaintrack.app.transfer.links import Links
from plaintrack.app.transfer.read import Reading
from plaintrack.app.transfer.read import told as values_told
from plaintrack.app.transfer.values import Found, Values, short
from plaintrack.app.write.agreed import NotApproved
from plaintrack.app.write.linked import ClosesCircle
from plaintrack.app.write.session import Portions, portions
from plaintrack.app.write.verb import Verb, verb
from plaintrack.app.write.writer import NOTHING, follow_of
from plaintrack.errors import PlaintrackError
from plaintrack.exchange.changes import Altered
from plaintrack.exchange.draft import Draft, Move, Remark, Words
from plaintrack.exchange.source import iso
from plaintrack.model import ids
from plaintrack.model.count import plural
from plaintrack.model.done import Written
from plaintrack.model.edit import Edit, Set, Unset
from plaintrack.model.task import Task, fold
from plaintrack.store import place
from plaintrack.store.index import ask
from plaintrack.text.edit import EditRefused
from plaintrack.text.format import document

if TYPE_CHECKING:
    from plaintrack.app.time.clock import Clock
    from plaintrack.app.transfer.past import Life
    from plaintrack.timeclock.entry import Entry

BATCH = 2500
"""Items that are written in one session, which is what the journal and the memory hold at once."""
LONGEST = 900_000
"""Characters of a text that the file of an item holds."""
SAMPLES = 3
"""Files that the answer shows."""
SAID = 5
"""Notes on single items that the answer gives."""
_BESIDE = ("remarks", "spans", "moves")
"""What the ledger has of an item besides its values."""
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


class NotTaken(PlaintrackError):
    """An item of the file cannot stand in a file of ours."""

    slug = "item-too-long"

    def __init__(self, name: str, draft: Draft, error: PlaintrackError) -> None:
        place = f"{name}:{draft.line}" if draft.line else name
        long = len(draft.body) + len(draft.title) > LONGEST
        why = "it is longer than the file of an item may be" if long else error.message
        super().__init__(
            f"{place}: item {short(draft.key)!r}: {why}; it and what follows were not imported",
            "shorten its values there, then import it again",
        )


class Moved(NamedTuple):
    """An item whose history is to be told: when it was made there, and its status changes, of which
    those up to ``since`` (ISO; empty: none) are told already.
    """

    item: str
    path: str
    title: str
    created: datetime | None
    moves: tuple[Move, ...]
    since: str


class Conflict(NamedTuple):
    """A field that was changed here and there since the last import; it stays as it is here."""

    item: str
    field: str
    here: str
    there: str


class Held(NamedTuple):
    """A change there that whoever imports may not make here; it stays as it is here."""

    item: str
    field: str
    there: str
    why: str


class Imported(NamedTuple):
    """What an import did, or with ``dry`` would do.

    ``read`` items were in the file, and each is one of ``made``, ``changed``, ``same`` or
    ``skipped`` (it was imported before, and is not here).
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
    altered: tuple[Altered, ...]
    conflicts: tuple[Conflict, ...]
    held: tuple[Held, ...]
    notes: tuple[str, ...]
    samples: tuple[Written, ...]
    changes: tuple[tuple[str, str], ...]
    committed: bool
    dry: bool


def take(
    workspace: Workspace,
    reading: Reading,
    name: str = "",
    prefer: str = "",
    dry: bool = False,
    history: bool = False,
    commit: bool = False,
) -> Imported:
    """Import what was read; ``name`` tells one file's items from those of others of the same
    format. ``prefer`` settles conflicts, for ``here`` or ``there``. ``history``: the status changes
    that are new become commits. ``commit``: all that was written becomes one, as it does where the
    settings say so.

    Rules do not act on it, since what is imported happened elsewhere. All of it is one command for
    ``undo``. Raises BadSource: what was taken over by then stays, and the same import goes on from
    there.
    """
    name = name or reading.format
    if history or commit:
        from plaintrack.app.transfer.past import demand

        demand(workspace)
    found = drafts(reading.codec, reading.source)
    with portions(workspace, f"import {name}", dry, follow=NOTHING) as whole:
        if not dry:  # what another command did while this one waited for the lock counts
            workspace.read_settings_again()
            workspace.look_again()
        run = _Run(workspace, reading, name, prefer, whole, history)
        workspace.look_again()  # the index is made once, with all of it
        batch = list(islice(found, BATCH))
        while following := list(islice(found, BATCH)):
            run.session(batch)
            batch = following
        run.session(batch, last=True)
        _ = workspace.index
    told = run.told() if history else ()
    made = ""
    if not dry and (commit or workspace.settings.commit == "auto"):
        from plaintrack.app.git.commit import auto

        paths = list(dict.fromkeys((*whole.paths, *run.left())))
        made = auto(workspace, paths, run.subject()) if paths else ""
    return run.answer(told, bool(made))


class _Run:
    """One import at work."""

    def __init__(
        self,
        workspace: Workspace,
        reading: Reading,
        name: str,
        prefer: str,
        whole: Portions,
        history: bool,
    ) -> None:
        self.workspace = workspace
        self.reading = reading
        self.name = name
        self.prefer = prefer
        self.whole = whole
        self.history = history
        self.base = ledger.read(workspace, name)
        self.before = dict(self.base)
        self.there, self.doubles = _present(workspace, name)
        self.used = taken(workspace)
        self.ids = self._new_ids()
        self.links = Links(workspace, reading.survey.keys, self.there, self.ids)
        self.values = Values(workspace, reading, self.links)
        self.judge = Judge(workspace)
        self.counts: Counter[str] = Counter()
        self.conflicts: list[Conflict] = []
        self.held: list[Held] = []
        self.samples: list[Written] = []
        self.changes: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.late: list[tuple[str, Draft]] = []
        self.moved: list[Moved] = []
        self.known = self._known() if history else frozenset()
        self.seen: set[str] = set()
        self.missing: list[str] = []  # the keys of what was imported before, and is not here
        self.entries: list[Entry] = []  # time that is to be written
        self.clocks: dict[str, Clock] = {}

    def _known(self) -> frozenset[str]:
        """The folded ids of what commits know."""
        from plaintrack.app.transfer.past import committed

        return committed(self.workspace)

    def _new_ids(self) -> dict[str, str]:
        """The ids of the items that are not here yet: links need them before they are made."""
        if self.workspace.schema.named is not None:
            return {}
        found: dict[str, str] = {}
        for key in self.reading.survey.keys:
            if key not in self.there and key not in self.base:
                found[key] = self._new_id(key)
                self.used.add(found[key])
        return found

    def _new_id(self, key: str) -> str:
        """An id that is free. Letters come from the source, so that two clones which import the
        same item make the same one.
        """
        settings = self.workspace.settings
        if settings.scheme != "sequential":
            for salt in range(100):
                mark = f"{self.name}:{key}\n{salt}"
                found = ids.derived(settings.prefix, settings.length, mark)
                if found not in self.used:
                    return found
        return add.new_id(self.workspace, self.used)

    def session(self, batch: Sequence[Draft], last: bool = False) -> None:
        """Take over some items; the memory holds one batch at a time."""
        workspace, dry = self.workspace, self.whole.dry
        with verb(workspace, f"import {self.name}", dry, whole=self.whole) as work:
            work.writer.gather()
            for draft in batch:
                self._one(work, draft)
            self._clocked(work)
            if last:
                self._finish(work)
            work.writer.settle()
        done = work.done()
        if done.files and not dry:
            follow_of(workspace).undone(workspace, [each.path for each in done.files])
        self.said += done.notes
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
            if self.links.group(kind, draft.title) or self.values.only_names(draft):
                self.counts["same"] += 1
                return
        if there is not None:
            self._merge(work, draft, *there)
        elif draft.key in self.base:
            self.counts["skipped"] += 1
            self.missing.append(draft.key)
        else:
            self._make(work, draft)

    def _make(self, work: Verb, draft: Draft) -> None:
        found = self.values.of(draft, linking=self.workspace.schema.named is None)
        fields = dict(found.fields)
        created = str(fields.pop("created", ""))
        created = created or str(fields.get("closed", ""))  # it is not younger than its end
        edits: list[Edit] = [Set(name, value) for name, value in fields.items() if value]
        edits.append(Set(SOURCE, f"{self.name}:{draft.key}"))
        mine = self.ids.get(draft.key) or self._new_id(draft.key)
        try:
            item, path, changes = add.make(
                self.workspace,
                work.writer,
                found.title,
                tuple(edits),
                None,
                found.body,
                fixed=(mine, created or self.workspace.now.isoformat()),
                used=self.used,
                foreign=True,
            )
        except add.NotHeld as error:
            raise NotTaken(self.reading.source.name, draft, error) from error
        self.ids[draft.key] = item
        work.item(item, path, changes)
        self.counts["made"] += 1
        self.judge.made(work.writer.written[-1])
        self._past(item, path, draft, "")
        if len(self.samples) < SAMPLES:
            self.samples.append(work.writer.written[-1])
        marks = found.marks()
        if self.workspace.schema.named is not None:
            self.late.append((path, draft))
        marks.update(self._beside(work, item, draft, {}))
        self.base[draft.key] = ledger.line(draft.key, marks)

    def _merge(self, work: Verb, draft: Draft, item: str, path: str) -> None:
        found = self.values.of(draft)
        base = ledger.marks(self.base.get(draft.key, ""))
        theirs = found.marks()
        names = {
            name
            for name in {*theirs, *base} - {*_BESIDE, "created"}
            if theirs.get(name, "") != base.get(name)
        }
        marks = {**base, **theirs}
        if names:
            self._merged(work, item, path, found, base, names, marks)
        if marks.get("status") == theirs.get("status"):
            self._past(item, path, draft, base.get("moves", ""))
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
        wanted: dict[str, Words] = {}
        for name in sorted(names):
            here, there = _here(task, name), found.value(name)
            if ledger.mark(here) == ledger.mark(there):
                continue
            known = base.get(name)
            changed = ledger.mark(here) != known if known is not None else bool(here)
            if changed and self.prefer != "there":
                if self.prefer != "here":
                    self.conflicts.append(Conflict(item, name, short(here), short(there)))
                    marks[name] = known or ""
                continue
            wanted[name] = there
        if "closed" in wanted and "status" in names - set(wanted) and not self._agree(task, found):
            if not self.prefer:  # it goes with a status that is not taken over
                marks["closed"] = base.get("closed", "")
            del wanted["closed"]
        for name, why in self._put(work, task, wanted).items():
            self.held.append(Held(item, name, short(wanted.pop(name)), why))
            marks[name] = base.get(name, "")
        if wanted:
            self.changes.append((item, ", ".join(wanted)))

    def _agree(self, task: Task, found: Found) -> bool:
        """Whether an item has the status here that it has there."""
        return task.text("status") == found.value("status")

    def _put(self, work: Verb, task: Task, wanted: Map[str, Words]) -> dict[str, str]:
        """Write what is wanted; field → why not, of what may not be. A status goes with its
        date.
        """
        fields = {name: value for name, value in wanted.items() if name != "body"}
        refused: dict[str, str] = {}
        moved: list[str] = [name for name in ("status", "closed") if name in fields]
        if "status" in fields:
            why = self.judge.refused(task, str(fields["status"]))
            refused = dict.fromkeys(moved, why) if why else {}
        free = [name for name in fields if name not in refused]
        if free and self._refusal(work, task, fields, free):
            each_alone = [moved] if moved and not refused else []
            each_alone += [[name] for name in free if name not in moved]
            for some in each_alone:
                why = self._refusal(work, task, fields, some)
                refused.update(dict.fromkeys(some, why) if why else {})
        if "body" in wanted:
            body = str(wanted["body"])
            work.item(task.id, task.path, work.writer.reword(task.path, body and f"{body}\n"))
        return refused

    def _beside(self, work: Verb, item: str, draft: Draft, base: Map[str, str]) -> dict[str, str]:
        """Write the comments and the time records that are new; the marks of all of them."""
        known = set(base.get("remarks", "").split())
        for remark in draft.remarks:
            mark = ledger.mark((remark.date, remark.author, remark.text))
            if mark not in known:
                known.add(mark)
                self._comment(work, item, remark, mark)
        found = {"remarks": " ".join(sorted(known))} if known else {}
        if draft.moves or base.get("moves") or self.history:
            last = [_stamp(self._moment(each.date)) for each in draft.moves]
            last += [_stamp(each) for each in self._dates(draft) if each and self.history]
            told = max([*last, base.get("moves", "")])
            found.update({"moves": told} if told else {})
        return {**found, **self._time(item, draft, base)}

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

    def _clock(self, person: str) -> "Clock":
        """The clock of a person; without one, of who imports."""
        if person not in self.clocks:
            from plaintrack.app.time.clock import Clock, whose

            self.clocks[person] = Clock(self.workspace, person or whose(self.workspace))
        return self.clocks[person]

    def _clocked(self, work: Verb) -> None:
        """Write the time that was found: a file for each day, not one write for each entry."""
        if not self.entries:
            return
        from plaintrack.app.time import records

        records.append(work, sorted(self.entries, key=lambda each: each.start))
        self.counts["entries"] += len(self.entries)
        self.entries.clear()

    def _time(self, item: str, draft: Draft, base: Map[str, str]) -> dict[str, str]:
        known = set(base.get("spans", "").split())
        if not draft.spans and not known:
            return {}
        from plaintrack.timeclock.entry import Entry, plain

        for span in draft.spans:
            mine = self._clock(self.reading.mapping.get("person", span.author))
            start, end = int(span.start.timestamp()), int(span.end.timestamp())
            mark = ledger.mark((str(start), str(end), span.author, span.note))
            if mark in known or end < start:
                continue
            known.add(mark)
            offsets = mine.offset(start), mine.offset(end)
            self.entries.append(
                Entry(mine.person, start, end, item, plain(span.note), (), "", *offsets)
            )
        return {"spans": " ".join(sorted(known))}

    def _refusal(
        self, work: Verb, task: Task, fields: Map[str, Words], names: Sequence[str]
    ) -> str:
        """Write some fields; why that may not be, or empty."""
        edits = [Set(each, fields[each]) if fields[each] else Unset(each) for each in names]
        try:
            changes = work.writer.edit(task.path, edits)
        except (NotApproved, ClosesCircle, EditRefused) as error:
            return error.message
        work.item(task.id, task.path, changes)
        return ""

    def _finish(self, work: Verb) -> None:
        """Set the links that had to wait for the items they lead to, and keep the base."""
        for path, draft in self.late:
            found = self.values.of(draft)
            edits = [Set(name, value) for name, value in self.values.linked(found) if value]
            if edits and not self.whole.dry:
                work.writer.edit(path, edits)
            marks = ledger.marks(self.base[draft.key])
            self.base[draft.key] = ledger.line(draft.key, {**marks, **found.marks()})
        if self.base != self.before:
            ledger.write(self.workspace, work.writer, self.name, self.base)

    def left(self) -> list[str]:
        """The files that an import which was cut short has made, and no one has committed."""
        workspace = self.workspace
        where = ledger.path(workspace, self.name)
        mine = {where, f"{where.rpartition('/')[0]}/{ledger.MERGED[0]}"}
        mine.update(path for _, path in self.there.values())
        items = {f"comments/{item}" for item, _ in self.there.values()}
        folders = [*workspace.settings.tops, *workspace.settings.rooms.values(), "comments"]
        try:
            new = workspace.repo.untracked(list(dict.fromkeys(folders)))
        except PlaintrackError:  # the commit tells
            return []
        found = [path for path in new if path in mine or path.rpartition("/")[0] in items]
        return [*found, place.SETTINGS] if found else []

    def subject(self) -> str:
        """The first line of the commit."""
        new = self.counts["made"] + self.counts["changed"]
        count = plural(new or self.counts["read"], "item")
        return f"import {count} from {self.reading.codec.title}"

    def told(self) -> tuple[str, ...]:
        """Make commits of the status changes; what to say of it."""
        from plaintrack.app.transfer.past import events, write

        lives, notes = self._lives()
        if self.whole.dry:
            count = sum(len(each.moves) + each.whole for each in lives)
            return (f"{plural(count, 'commit')} or fewer would tell the history", *notes)
        found = events(self.workspace, lives, self.reading.mapping)
        if not found:
            return ("the file has no history that is not told yet", *notes)
        had = bool(self.workspace.repo.find("HEAD"))
        write(self.workspace, found)
        said = f"{plural(len(found), 'commit')} made, from {found[0].date:%Y-%m-%d} on"
        late = "older commits were there: `plaintrack metrics --dates author` goes by these dates"
        return (said, *([late] if had else []), *notes)

    def _past(self, item: str, path: str, draft: Draft, since: str) -> None:
        """Keep what is to be told of an item. Where the program keeps no history, that it was made
        and closed is one.
        """
        if not self.history:
            return
        created, closed = self._dates(draft)
        moves = [each._replace(date=self._moment(each.date)) for each in draft.moves]
        status = str(draft.fields.get("status", ""))
        if not moves and closed and status:
            moves.append(Move(closed, "", "status", "", status))
        new = fold(item) not in self.known  # an import that was cut short has not told of it
        if new or any(since and _stamp(each.date) > since for each in moves):
            self.moved.append(Moved(item, path, draft.title, created, tuple(moves), since))

    def _gone(self) -> str:
        """Why items were skipped."""
        from plaintrack.app.transfer.apart import apart

        away = len(apart(self.workspace, self.name).intersection(self.missing))
        gone = len(self.missing) - away
        said = [f"{plural(gone, 'item')} deleted here, or with a file that cannot be read"] * (
            gone > 0
        )
        said += [f"{plural(away, 'item')} not checked out here: import where all is"] * (away > 0)
        return f"skipped: {'; '.join(said)}"

    def _dates(self, draft: Draft) -> tuple[datetime | None, datetime | None]:
        """When an item was made and closed there; None: unknown."""
        found = [iso(str(draft.fields.get(name, ""))) for name in ("created", "closed")]
        created, closed = (each and self._moment(each) for each in found)
        return created, closed

    def _moment(self, moment: datetime) -> datetime:
        """A moment with an offset: that of the workspace where it has none."""
        return moment if moment.tzinfo else self.reading.source.local(moment)

    def _lives(self) -> "tuple[list[Life], list[str]]":
        """The items whose history is to be told. Of those that commits have already, only what
        moved since the last import.
        """
        from plaintrack.app.transfer.past import Life, present

        lives: list[Life] = []
        late: dict[str, Moved] = {}
        for each in self.moved:
            if fold(each.item) not in self.known:
                data = b"" if self.whole.dry else self.workspace.read(each.path)
                if each.created or each.moves:
                    lives.append(Life(each.path, each.title, data, each.created, each.moves))
            else:
                late[each.path] = each
        there = present(self.workspace, list(late))
        for path, each in late.items():
            if path in there:
                moves = [move for move in each.moves if _stamp(move.date) > each.since]
                lives.append(Life(path, each.title, there[path], None, moves, whole=False))
        away = len(late) - len(there)
        note = f"{plural(away, 'item')} moved here or staged: their status changes are not told"
        return lives, [note] if away else []

    def answer(self, told: Sequence[str], committed: bool) -> Imported:
        """What was done; ``told`` says what became of its history."""
        survey, mapping = self.reading.survey, self.reading.mapping
        homeless = tuple(
            Homeless(name, count, survey.examples[name], mapping.get("field", name))
            for name, count in sorted(survey.words["field"].items())
            if mapping.get("field", name) not in self.workspace.schema.fields
        )
        more = [f"… and {len(self.said) - SAID} more such"] if len(self.said) > SAID else []
        notes = [
            *self.reading.source.notes,
            *self.values.notes(),
            *self.judge.notes(),
            *self.said[:SAID],
            *more,
            *told,
        ]
        if self.missing:
            notes.append(self._gone())
        if self.doubles:
            pair = " and ".join(self.doubles[0])
            notes.append(f"{pair} came from one item there; the first counts; delete the other")
        if survey.twice:
            count = len(survey.twice)
            notes.append(
                f"{plural(count, 'item')} left out, with a key that another has, such as"
                f" {short(survey.twice[0])}: the first counts"
            )
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
            altered=values_told(self.reading),
            conflicts=tuple(self.conflicts),
            held=tuple(self.held),
            notes=tuple(notes),
            samples=tuple(self.samples),
            changes=tuple(self.changes),
            committed=committed,
            dry=self.whole.dry,
        )


def _present(
    workspace: Workspace, name: str
) -> tuple[dict[str, tuple[str, str]], list[tuple[str, str]]]:
    """Key there → id and path of the item that came by an import of that name; and the pairs of
    those that came by two.
    """
    start = f"{name}:"
    found: dict[str, tuple[str, str]] = {}
    doubles = []
    for item, path, source in ask.imported(workspace.index.connection, start):
        first, _ = found.setdefault(source[len(start) :], (item, path))
        if first != item:
            doubles.append((first, item))
    return found, doubles


def _stamp(moment: datetime) -> str:
    """A moment in a form that sorts."""
    return moment.astimezone(UTC).isoformat()


def _here(task: Task, name: str) -> Words:
    if name == "body":
        return task.body.strip()
    if name == "title":
        return task.text("title")
    return task.fields.get(name, "")
