"""An import before it writes: the file, what was found in it, and what that is called here."""

import os
from collections.abc import Mapping as Map
from typing import Any, BinaryIO, NamedTuple

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.transfer.drafts import drafts
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.exchange.changes import Altered
from plaintrack.exchange.formats import Codec, UnknownFormat, codec, reading
from plaintrack.exchange.mapping import PARTS, Here, Mapping, Survey, altered, proposed, survey
from plaintrack.exchange.source import Source
from plaintrack.model.fields import STANDARD
from plaintrack.model.task import fold
from plaintrack.store import inputs
from plaintrack.text.nodes import mapping as yaml
from plaintrack.when.moments import zone

COLUMNS = "columns"
"""The part of a file of mappings that says which column is which field."""


class BadMapping(PlaintrackError):
    """A file of mappings does not say what it should."""

    slug = "bad-mapping"

    def __init__(self, path: str, part: str, message: str, hint: str) -> None:
        super().__init__(f"{path}: {part}: {message}", hint)


class Given(NamedTuple):
    """What a file of mappings says: each part, and the reading of columns."""

    parts: Map[str, Map[str, str]] = {}
    columns: Map[str, str] = {}


class Reading(NamedTuple):
    """A file that was read once: by which codec, what was found, and what that is called here."""

    format: str
    codec: Codec
    source: Source
    survey: Survey
    mapping: Mapping


def formats() -> tuple[tuple[str, str], ...]:
    """The formats that can be imported, with the names of their programs."""
    return tuple((name, codec(name).title) for name in reading())


def given(path: str) -> Given:
    """A file of mappings, as ``--save-mapping`` writes it. Raises BadMapping, NotReadable."""
    opener, _ = inputs.of_path(path)
    with opener() as stream:
        data = stream.read()
    try:
        said = yaml(data.decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        raise BadMapping(path, "the file", "this is not UTF-8", "save it as UTF-8") from error
    known = (*PARTS, COLUMNS)
    parts: dict[str, dict[str, str]] = {}
    for part, words in said.items():
        if part not in known:
            hint = suggestion(part, known, f"the parts are {', '.join(known)}")
            raise BadMapping(path, part, "a file of mappings has no such part", hint)
        parts[part] = _words(path, part, words)
    return Given(parts, parts.pop(COLUMNS, {}))


def _words(path: str, part: str, words: Any) -> dict[str, str]:
    if words is None:
        return {}
    if not isinstance(words, dict):
        raise BadMapping(path, part, "this is not a mapping", "write `their word: our word` lines")
    found = {}
    for theirs, ours in words.items():
        if isinstance(ours, list | dict):
            message = f"{theirs!r} is called more than one thing"
            raise BadMapping(path, part, message, "write one word of ours for each of theirs")
        found[str(theirs)] = "" if ours is None else str(ours)
    return found


def opened(
    workspace: Workspace, form: str, path: str, stream: BinaryIO, columns: Map[str, str]
) -> Source:
    """The Source of a file, of ``stream`` if the path is ``-``, or of a folder where the format is
    kept in folders. Raises UnknownFormat, NotReadable.
    """
    suffix = codec(form).folder
    if suffix and os.path.isdir(path):
        return _folder(workspace, path, inputs.of_folder(path, suffix))
    opener, size = inputs.of_stream(stream) if path == "-" else inputs.of_path(path)
    name = "standard input" if path == "-" else path
    return Source(name, opener, size, zone(workspace.schema.timezone), [], dict(columns))


def _folder(workspace: Workspace, path: str, files: list[str]) -> Source:
    notes: list[str] = []
    here = zone(workspace.schema.timezone)
    parts = tuple(Source(each, *inputs.of_path(each), here, notes) for each in files)
    size = sum(each.size for each in parts)
    return Source(path, parts[0].open, size, here, notes, {}, parts)


def read(workspace: Workspace, form: str, source: Source, said: Given) -> Reading:
    """Read a Source once, and propose what its words are called here. Raises UnknownFormat,
    BadSource.
    """
    found = codec(form)
    if found.reads is None:
        raise UnknownFormat(form, reading())
    seen = survey(drafts(found, source))
    known = {part: {**found.maps.get(part, {}), **said.parts.get(part, {})} for part in PARTS}
    return Reading(form, found, source, seen, proposed(seen, here(workspace), known))


def here(workspace: Workspace) -> Here:
    """What a Mapping can lead to in a workspace."""
    schema = workspace.schema
    people: dict[str, str] = {}
    for person in workspace.everyone.people.values():
        for name in (person.handle, person.name, *person.emails):
            if name:
                people[fold(name)] = person.handle
    for short, about in workspace.settings.people.items():
        for name in (short, about.get("name", ""), about.get("email", "")):
            if name:
                people.setdefault(fold(name), short)
    known = {field.name for field in STANDARD}
    own = frozenset(name for name in schema.fields if name not in known)
    fields = tuple(schema.fields)
    return Here(schema.statuses, schema.priorities, schema.types, people, fields, own)


def told(reading: Reading) -> tuple[Altered, ...]:
    """Which values are not as they were there, by the codec and by the Mapping."""
    words = altered(reading.survey, reading.mapping, reading.codec.maps)
    return (*words, *reading.survey.altered)


def settled(
    workspace: Workspace, reading: Reading, said: Given, answers: Map[tuple[str, str], str]
) -> Reading:
    """The Reading with answers, as (part, word) → ours, in the place of guesses."""
    known: dict[str, dict[str, str]] = {
        part: {**reading.codec.maps.get(part, {}), **said.parts.get(part, {})} for part in PARTS
    }
    for (part, word), ours in answers.items():
        known[part][word] = ours
    return reading._replace(mapping=proposed(reading.survey, here(workspace), known))
