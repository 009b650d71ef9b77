"""Another name everywhere: of an item's id, a person, a tag, a status; and of files."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote, unquote

from plaintrack.app.check.renumber import NEVER_REWRITTEN, give
from plaintrack.app.editor.desk import Desk
from plaintrack.app.editor.goto import places
from plaintrack.app.editor.sheet import Named, Sheet
from plaintrack.app.editor.wanted import Wanted, wanted
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.mentions import mentions
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.edit import Add, Set, Splice, apply
from plaintrack.model.task import fold
from plaintrack.store import place
from plaintrack.store.index import ask

FIELDS = ("tags", "status")
"""The fields whose values can be renamed, beside people."""


class NotRenamed(PlaintrackError):
    """A name that nothing can have."""

    slug = "not-renamed"

    def __init__(self, name: str, why: str, hint: str = "choose another name") -> None:
        super().__init__(f"{name!r} {why}", hint)


class Subject(NamedTuple):
    """What is renamed: an ``item``, a ``person``, or the value of a field; and where it stands."""

    kind: str
    name: str
    start: int
    end: int


def subject(sheet: Sheet, offset: int) -> Subject | None:
    """What can be renamed at a place."""
    named = sheet.named(offset)
    if named is not None:
        known = (
            ask.path(sheet.snapshot.index.connection, named.name)
            if named.kind == "item"
            else named.name
        )
        lead = len(named.name) - len(named.name.removeprefix("@"))
        return (
            Subject(named.kind, named.name[lead:], named.start + lead, named.end) if known else None
        )
    for _, field, element in sheet.values():
        if element.start <= offset <= element.end and field.name in FIELDS and element.text:
            return Subject(field.name, element.text, element.start, element.end)
    return _setting(sheet, offset)


def _setting(sheet: Sheet, offset: int) -> Subject | None:
    """A person or a status that the settings name."""
    if sheet.kind != "settings":
        return None
    from plaintrack.text.draft import way

    here = way(sheet.text, offset)
    kinds: dict[tuple[str, ...], str] = {("people",): "person", ("statuses",): "status"}
    kind, element = kinds.get(here.above), here.element
    return Subject(kind, element.text, element.start, element.end) if kind and here.key else None


def rename(sheet: Sheet, offset: int, new: str) -> Wanted:
    """The changes that give what stands at a place another name; raises NotRenamed, BadId, IdTaken
    and what else the writer refuses.
    """
    what = subject(sheet, offset)
    if what is None:
        raise NotRenamed(new, "would name nothing here")
    new = new.strip()
    if not new or not new.isprintable() or "\n" in new:
        raise NotRenamed(new, "is not a name")
    with writing(sheet.desk.as_shown, f"rename {what.name}", dry=True) as writer:
        if what.kind == "item":
            _item(sheet, writer, what.name, new)
        elif what.kind == "person":
            _person(sheet, writer, what.name, new.removeprefix("@"))
        else:
            _value(sheet, writer, what, new)
        return wanted(writer.written)


def _item(sheet: Sheet, writer: Writer, old: str, new: str) -> None:
    """Everything that names the item: prose first, then what hangs on its id, then its file."""
    snapshot = writer.workspace
    path = ask.path(snapshot.index.connection, old)
    if path is None:
        raise NotRenamed(new, "would name nothing here")
    shared = len(ask.holders(snapshot.index.connection, old)) > 1
    if not shared:
        for each, spots in _by_path(sheet, Named("item", old, 0, 0)).items():
            if snapshot.settings.room(each) not in NEVER_REWRITTEN:
                prose = _without_fields(sheet, each, spots)
                _spliced(writer, each, [Splice(*spot, new) for spot in prose])
    give(snapshot, writer, path, new)


def _by_path(sheet: Sheet, named: Named) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for each in places(sheet, named):
        found.setdefault(each.path, []).append((each.start, each.end))
    return found


def _without_fields(
    sheet: Sheet, path: str, spots: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The places that are not values of an item's fields, which the writer edits."""
    there = Sheet(sheet.desk, path)
    if there.kind != "item" or not find.load(sheet.snapshot, path).fields:
        return list(spots)  # also where the file cannot be read, so that no field is edited
    return [each for each in spots if each[0] >= there.draft.body]


def _spliced(writer: Writer, path: str, some: Iterable[Splice]) -> None:
    """Write a file with replacements made in its text."""
    found = tuple(some)
    data = writer.held(path) if found else b""
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    text = data.decode("utf-8-sig", "surrogateescape")
    new = bom + apply(text, found).encode("utf-8", "surrogateescape")
    if new != data:
        writer.rewrite(path, data, new)


def _person(sheet: Sheet, writer: Writer, old: str, new: str) -> None:
    snapshot = writer.workspace
    if not re.fullmatch(r"[^\W_][\w.-]*", new):
        raise NotRenamed(new, "is not a short name of a person")
    taken = {fold(each) for each in (*snapshot.settings.people, *snapshot.staff.people)}
    if fold(new) in taken - {fold(old)}:
        raise NotRenamed(new, "is another person's name")
    _keeps(snapshot, old)
    for path, spots in _by_path(sheet, Named("person", old, 0, 0)).items():
        if path.endswith(".md"):
            _spliced(writer, path, [Splice(*spot, new) for spot in spots])
    who = snapshot.staff.person(old)
    for path in _settings(snapshot):
        text = sheet.desk.text(path)
        _spliced(writer, path, _words(text, old, new))
    if who is not None and who.path:
        writer.edit(who.path, [Add("formerly", (who.handle,))])
        writer.move(who.path, f"{posixpath.dirname(who.path)}/{new}.md")


def _keeps(snapshot: Workspace, old: str) -> None:
    """Raise NotRenamed where records name the person that are never rewritten, and no file of the
    person can keep the old name under `formerly`.
    """
    who = snapshot.staff.person(old)
    if NEVER_REWRITTEN & snapshot.settings.rooms.keys() and (who is None or not who.path):
        hint = f"make one first: {command('people', old, '--new')}"
        raise NotRenamed(old, "has no file that keeps the name for records made so far", hint)


def _settings(snapshot: Workspace) -> list[str]:
    """The settings and the files of rules."""
    rules = [f"{place.RULES}/{name}" for name in snapshot.entries(place.RULES)]
    return [place.SETTINGS, *(each for each in rules if place.is_rules(each))]


def _words(text: str, old: str, new: str) -> Iterator[Splice]:
    """The places of a YAML file where a person's short name stands as a word: not in comments, nor
    as a part of an address or a name.
    """
    word = re.compile(rf"(?<![\w.@/-])@?({re.escape(old)})(?![\w@-]|\.\w)")
    for line in re.finditer(r"[^\n]*", text):
        bare = re.split(r"(?:^|\s)#", line[0], maxsplit=1)[0]
        bare = re.sub(r"(?<=name:)[^,}]*|(?<=message:).*|(?<=doc:).*|(?<=about:).*", _blanked, bare)
        for found in word.finditer(bare):
            yield Splice(line.start() + found.start(1), line.start() + found.end(1), new)


def _blanked(found: "re.Match[str]") -> str:
    return " " * len(found[0])


def _value(sheet: Sheet, writer: Writer, what: Subject, new: str) -> None:
    """A tag or a status: in items, settings, rules and the questions of generated blocks."""
    snapshot, name = writer.workspace, what.kind
    if name == "status" and new in snapshot.schema.statuses:
        raise NotRenamed(new, "is another status")
    schema = snapshot.schema
    wanted_ = fold(what.name)
    for path in _holding(snapshot, name, wanted_):
        there = Sheet(sheet.desk, path)
        some = [each.text for _, field, each in there.values() if field.name == name and each.text]
        now = tuple(dict.fromkeys(new if fold(each) == wanted_ else each for each in some))
        if schema.fields[name].many:
            _quietly(writer, path, Set(name, now))
        else:
            _quietly(writer, path, Set(name, new))
    for path in _settings(snapshot):
        _spliced(writer, path, _in_settings(sheet.desk.text(path), name, what.name, new))
    for path in _documents(snapshot):
        there = Sheet(sheet.desk, path)
        _spliced(writer, path, _in_blocks(there, name, what.name, new))


def _quietly(writer: Writer, path: str, edit: Set) -> None:
    """Edit the text of a field, and nothing that would follow from it: no stamp, no next item."""
    from plaintrack.text.edit import edited

    data = writer.held(path)
    new = edited(data, path, (edit,), writer.workspace.schema)
    if new != data:
        writer.rewrite(path, data, new)


def _holding(snapshot: Workspace, name: str, key: str) -> list[str]:
    from plaintrack.app.snapshot import answers

    return [task.path for task in answers.all_tasks(snapshot) if key in map(fold, task.many(name))]


def _documents(snapshot: Workspace) -> list[str]:
    from plaintrack.app.snapshot.documents import documents

    with suppress(PlaintrackError):
        return [path for path in documents(snapshot) if not path.startswith("../")]
    return []


def _in_blocks(there: Sheet, name: str, old: str, new: str) -> Iterator[Splice]:
    for start, _, asked in there.blocks:
        at = there.text.rfind(asked, 0, start)
        for each in _terms(asked, name, old, new):
            yield Splice(at + each.start, at + each.end, each.text)


def _terms(text: str, name: str, old: str, new: str) -> Iterator[Splice]:
    """The terms of queries that name a value of a field."""
    for term in re.finditer(rf"(?<![\w.]){name}[:=]((?:\"[^\"\n]*\"|[^\s'\"}}\])])*)", text):
        for value in re.finditer(rf"(?<![\w-]){re.escape(old)}(?![\w-])", term[1]):
            yield Splice(term.start(1) + value.start(), term.start(1) + value.end(), new)


def _in_settings(text: str, name: str, old: str, new: str) -> Iterator[Splice]:
    """The queries of settings and rules, their ``set:`` and triggers, and a status in its list."""
    found = {each.start: each for each in _terms(text, name, old, new)}
    word = rf"(?<![\w-])['\"]?({re.escape(old)})['\"]?(?![\w-])"
    plain = rf"(?<![\w-]){name}[ ]*:[ ]*(?:\[[^\]\n]*?)?{word}"
    patterns = [plain]
    if name == "status":
        patterns.append(rf"(?<![\w-])(?:entered|from|to)[ ]*:[ ]*{word}")
        block = re.search(r"^statuses:[^\n]*(?:\n[ \t#][^\n]*|\n(?=[ \t]*\n))*", text, re.MULTILINE)
        if block:
            for each in re.finditer(rf"{word}(?=[ ]*:)", block[0]):
                at = block.start() + each.start(1)
                found[at] = Splice(at, at + len(old), new)
    for pattern in patterns:
        for each in re.finditer(pattern, text):
            found[each.start(1)] = Splice(each.start(1), each.end(1), new)
    yield from sorted(found.values())


# Files.


def moved(desk: Desk, files: Mapping[str, str]) -> Wanted:
    """The changes that keep links and ids true when an editor moves files (old → new path); the
    files themselves are moved by the editor.
    """
    with writing(desk.as_shown, "move", dry=True) as writer:
        for old, new in files.items():
            _links(desk, writer, old, new)
            _identity(desk, writer, old, new)
        found = wanted(writer.written)
    others = {old: new for old, new in found.moved.items() if old not in files}
    return found._replace(moved=others)


def _links(desk: Desk, writer: Writer, old: str, new: str) -> None:
    """Links to a file that moves, and those in it that would lead elsewhere from its new folder."""
    stem = posixpath.basename(old).removesuffix(".md")
    for path in {each.path for each in mentions(desk.snapshot, quote(stem))} | {old}:
        if path.startswith("../") or not path.endswith(".md"):
            continue
        here = Sheet(desk, path)
        home = posixpath.dirname(new if path == old else path)
        some = []
        for start, end, target in here.links():
            if target.startswith("https://") or (target != old and path != old):
                continue
            rest = re.search(r"[#?].*$", here.text[start:end])
            to = new if target == old else target
            said = quote(posixpath.relpath(to, home or "."), safe="/:@!$&'*+,;=~") + (
                rest[0] if rest else ""
            )
            if unquote(said) != unquote(here.text[start:end]):
                some.append(Splice(start, end, said))
        _spliced(writer, path, some)


def _identity(desk: Desk, writer: Writer, old: str, new: str) -> None:
    """What hangs on the name of a file: an id that is taken from it, a person's short name."""
    from plaintrack.model import ids

    snapshot = writer.workspace
    schema, settings = snapshot.schema, snapshot.settings
    if settings.is_item(old) and schema.named is not None:
        before, after = ids.of_file(old, schema.named), ids.of_file(new, schema.named)
        if before and after and before != after:
            from plaintrack.app.check.renumber import carry
            from plaintrack.app.snapshot import answers

            carry(snapshot, writer, old, before, after, answers.all_tasks(snapshot))
    elif settings.room(old) == "people" and settings.room(new) == "people":
        name, other = (posixpath.basename(each).removesuffix(".md") for each in (old, new))
        if name != other:
            _person(Sheet(desk, old), writer, name, other)
