"""Adopts a folder of another tracker's Markdown tasks: finds out whose they are and proposes the
settings; changes no item.
"""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from plaintrack.app.setup.init import timezone
from plaintrack.app.setup.trackers import TRACKERS, Tracker
from plaintrack.config.settings import read as read_settings
from plaintrack.errors import PlaintrackError, command
from plaintrack.exchange.words import category
from plaintrack.model import ids
from plaintrack.model.fields import DEFAULT_TYPES, LATER
from plaintrack.model.task import fold
from plaintrack.query.urgency import DEFAULT
from plaintrack.store import files, place, replace
from plaintrack.text.document import Unreadable, read
from plaintrack.text.format import scalar
from plaintrack.text.nodes import BadYaml, Entry, mapping, scan

_ID = re.compile(r"(?:([A-Za-z][A-Za-z0-9._-]*)-)?([0-9A-Za-z]+)", re.ASCII)


class NothingToAdopt(PlaintrackError):
    """No tracker's tasks were recognised, or there is a workspace already."""

    slug = "nothing-to-adopt"

    def __init__(self, folder: str, trackers: Iterable[str]) -> None:
        super().__init__(
            f"no tasks of a known tracker in {os.path.abspath(folder)}",
            f"known are {', '.join(trackers)}; for others write plaintrack.yml by hand"
            f" ({command('init')}, then `fields:` and `statuses:`)",
        )


class AlreadyWorkspace(PlaintrackError):
    """The folder has settings already."""

    slug = "already-workspace"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} exists already", "this is a workspace; edit that file, or move it away first"
        )


class Survey(NamedTuple):
    """What really stands in the files: how often each key and each value of the choices, the ids,
    what is not an item, and the keys that hold lists.
    """

    items: int
    keys: Counter[str]
    values: Mapping[str, Counter[str]]
    ids: list[str]
    bare: list[str]
    broken: list[str]
    lists: set[str]


class Proposal(NamedTuple):
    """Settings for the files as they are: whose they are, the text of ``plaintrack.yml`` and where
    it goes.
    """

    tracker: str
    root: str
    text: str
    survey: Survey
    unmapped: list[str]


def adopt(folder: str, dry: bool) -> Proposal:
    """Propose the settings for ``folder`` and, unless ``dry``, write them. Raises
    NothingToAdopt.
    """
    found = propose(folder)
    target = os.path.join(found.root, place.SETTINGS)
    if os.path.lexists(target):
        raise AlreadyWorkspace(target)
    if not dry:
        replace.create(target, found.text.encode())
    return found


def propose(folder: str) -> Proposal:
    """The settings that read and write what is in ``folder``, or in the tracker's own root above
    it. Raises NothingToAdopt.
    """
    root = os.path.abspath(folder)
    for _ in range(3):
        found = here(root)
        if found:
            return found
        root = os.path.dirname(root)
    raise NothingToAdopt(folder, [tracker.name for tracker in TRACKERS])


def here(folder: str) -> Proposal | None:
    """The settings for another tracker's tasks of which ``folder`` is the root; None if there are
    none.
    """
    root = os.path.abspath(folder)
    best = _recognise(root)
    if best is None:
        return None
    tracker, survey = best
    text = _text(tracker, survey, _fields(tracker, survey))
    known = set(read_settings(mapping(text, place.SETTINGS)).schema.keys())
    return Proposal(tracker.name, root, text, survey, sorted(survey.keys.keys() - known))


def _recognise(root: str) -> tuple[Tracker, Survey] | None:
    """The tracker whose folders and keys are here, the one with the most signs if several could be
    meant.
    """
    best: tuple[int, Tracker, Survey] | None = None
    for known in TRACKERS:
        tracker = _configured(known, root)
        if tracker is None:
            continue
        survey = look(root, tracker)
        score = _score(root, tracker, survey)
        if score and (best is None or score > best[0]):
            best = score, tracker, survey
    return best and best[1:]


def _configured(known: Tracker, root: str) -> Tracker | None:
    """A tracker as its own settings in ``root`` say, with those of its folders that are there;
    None if none is, or one is not below ``root``.
    """
    tracker = known.configure(known, root) if known.configure else known
    folders = [name for name in tracker.folders if os.path.isdir(os.path.join(root, name))]
    for name in folders:
        if os.path.isabs(name) or ".." in name.split("/") or name == ".":
            return None
    return tracker._replace(folders=tuple(folders)) if folders else None


def _score(root: str, tracker: Tracker, survey: Survey) -> int:
    """How many signs there are that the files are of this tracker; 0 if they are not."""
    if not survey.items or not survey.keys["status"]:
        return 0
    marked = any(os.path.lexists(os.path.join(root, name)) for name in tracker.markers)
    typical = any(survey.values["status"][name] for name in tracker.statuses)
    if not marked and not typical:
        return 0
    score = 3 * marked + sum(key in survey.keys for key in tracker.signs)
    return score if score >= 2 else 0


def look(root: str, tracker: Tracker) -> Survey:
    """Read every file of the tracker's folders."""
    survey = Survey(
        0,
        Counter(),
        {name: Counter() for name in ("status", "priority", "type")},
        [],
        [],
        [],
        set(),
    )
    items = 0
    separator = read_separator(tracker)
    keys = {(tracker.fields.get(name, {}).get("key") or name): name for name in survey.values}
    for folder in files.scan(root, (*tracker.folders, tracker.archive)):
        for name, *_ in sorted(folder.files):
            path = f"{folder.path}/{name}"
            try:
                document = read(files.read(os.path.join(root, path)), path)
                entries = scan(document.front, path).entries
            except (Unreadable, BadYaml) as error:
                (
                    survey.bare
                    if error.problem.code in ("no-front-matter", "empty")
                    else survey.broken
                ).append(path)
                continue
            except (OSError, files.Oddity):
                survey.broken.append(path)
                continue
            items += 1
            _count(survey, keys, entries)
            if separator is not None:
                survey.ids.append(ids.of_file(path, separator))
    return survey._replace(items=items)


def _count(survey: Survey, keys: Mapping[str, str], entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        survey.keys[entry.key] += 1
        if entry.value.kind == "sequence":
            survey.lists.add(entry.key)
        if entry.value.kind == "scalar" and not entry.value.null:
            if entry.key in keys:
                survey.values[keys[entry.key]][entry.value.value] += 1
            if entry.key == "id":
                survey.ids.append(entry.value.value)


def read_separator(tracker: Tracker) -> str | None:
    """What ends the id in a file's name; None if ids stand in the front matter."""
    if tracker.place != "filename":
        return None
    return tracker.filename.partition("{id}")[2].partition("{")[0]


def _fields(tracker: Tracker, survey: Survey) -> dict[str, dict[str, str]]:
    """The field settings, with the spelling of the date of creation that the files really use, and
    the keys in use that plaintrack has a later field for.
    """
    fields = {name: dict(about) for name, about in tracker.fields.items() if about}
    used = survey.keys
    if tracker.name == "taskmd" and used["created_at"] > used["created"]:
        fields["created"] = {"key": "created_at", "type": "date"}
    mapped = {about.get("key") or name for name, about in fields.items()}
    for name in sorted((LATER & used.keys()) - mapped):  # theirs, whatever plaintrack means by it
        fields[name] = {"type": "list of text" if name in survey.lists else "text"}
    return fields


def scheme(tracker: Tracker, survey: Survey) -> tuple[str, str, int]:
    """(prefix, scheme, length) of new ids, after those that are there."""
    matches = (_ID.fullmatch(each.partition(".")[0]) for each in survey.ids)
    parts = [(match[1] or "", match[2]) for match in matches if match]
    if not parts or (tracker.place == "filename" and not tracker.length):
        return _own_scheme(tracker)
    prefix = Counter(start for start, _ in parts).most_common(1)[0][0]
    tails = [tail for start, tail in parts if start == prefix]
    kind = tracker.scheme
    if not kind:
        kind = "sequential" if all(tail.isdecimal() for tail in tails) else "random"
    if kind == "sequential":
        padded = [len(tail) for tail in tails if tail.isdecimal() and tail.startswith("0")]
        length = max(padded, default=1)
    else:
        length = max(Counter(map(len, tails)).most_common(1)[0][0], 4)
    return prefix, kind, min(length, 12)


def _own_scheme(tracker: Tracker) -> tuple[str, str, int]:
    """The ids of a tracker where no file shows any."""
    kind = tracker.scheme or "random"
    usual = 1 if kind == "sequential" else 6
    return tracker.prefix, kind, tracker.length or usual


def _others(used: Mapping[str, int], known: Iterable[str]) -> list[str]:
    """The values in use beside those that are known; of those that differ only in case the one that
    is used most.
    """
    found: dict[str, str] = {}
    for each in sorted(used, key=lambda each: (-used[each], each)):
        found.setdefault(fold(each), each)
    return sorted(found[each] for each in found.keys() - {fold(each) for each in known})


def _statuses(tracker: Tracker, survey: Survey) -> dict[str, str]:
    known = dict(tracker.statuses)
    extra = {name: category(name) for name in _others(survey.values["status"], known)}
    if not extra:
        return known
    order = ("open", "active", "done", "cancelled")
    return dict(sorted({**known, **extra}.items(), key=lambda each: order.index(each[1])))


def _weights(priorities: list[str]) -> dict[str, float]:
    """Urgency coefficients for priorities that the defaults do not know: the middle names by their
    meaning, others by their place.
    """
    usual = {
        "urgent": 9.0,
        "highest": 9.0,
        "normal": 3.9,
        "none": 0.0,
        "deferred": 0.0,
        "lowest": 0.5,
    }
    last = max(len(priorities) - 1, 1)
    return {
        f"priority.{name}": usual.get(name.lower(), round(9.0 * (last - number) / last, 1))
        for number, name in enumerate(priorities)
        if f"priority.{name}" not in DEFAULT
    }


def _flow(values: Mapping[str, str] | Mapping[str, float] | Mapping[str, str | float]) -> str:
    pairs = (f"{scalar(name, flow=True)}: {_value(each)}" for name, each in values.items())
    return "{" + ", ".join(pairs) + "}"


def _value(value: str | float) -> str:
    return scalar(value, flow=True) if isinstance(value, str) else str(value)


def _list(values: list[str]) -> str:
    return "[" + ", ".join(scalar(each, flow=True) for each in values) + "]"


def _text(tracker: Tracker, survey: Survey, fields: dict[str, dict[str, str]]) -> str:
    """The text of ``plaintrack.yml``."""
    priorities = [*tracker.priorities, *_others(survey.values["priority"], tracker.priorities)]
    types = [*tracker.types, *_others(survey.values["type"], tracker.types)]
    statuses = _statuses(tracker, survey)
    choices: dict[str, Collection[str]] = {
        "status": statuses,
        "priority": priorities,
        "type": types or DEFAULT_TYPES,
    }
    origin = f"plaintrack on the files of {tracker.name}, as they are: nothing was converted."
    lines = [
        f"# {origin} Change here what does not fit.",
        f"timezone: {timezone()}",
        "",
        *_folder_lines(tracker, survey),
        "",
        *_file_lines(tracker, survey),
        "",
        "# Each status with its category: open, active, done, cancelled.",
        "statuses:",
        *(f"  {scalar(name)}: {kind}" for name, kind in statuses.items()),
        *_choice_lines(priorities, types),
        "",
        "# plaintrack's fields under the keys that the files use.",
        "fields:",
        *_field_lines(fields, choices),
        *_check_lines(tracker, fields),
    ]
    return "\n".join(lines) + "\n"


def _folder_lines(tracker: Tracker, survey: Survey) -> list[str]:
    """Where items are, and what there is none."""
    lines = [f"folders: {_list(list(tracker.folders))}", f"archive: {scalar(tracker.archive)}"]
    ignored = sorted({path.rpartition("/")[2] for path in survey.bare})
    if ignored:
        lines.append(f"ignore: {_list(ignored)}   # no front matter, so no items")
    return lines


def _file_lines(tracker: Tracker, survey: Survey) -> list[str]:
    """How new items' files are to look."""
    prefix, kind, length = scheme(tracker, survey)
    new = {"prefix": prefix, "scheme": kind, "length": str(length)}
    if tracker.place == "filename":
        new["from"] = "filename"
    title = tracker.title
    if not title:
        title = "key" if 2 * survey.keys["title"] >= survey.items else "filename"
    lines = [f"ids: {_flow(new)}", f"filename: {scalar(tracker.filename)}"]
    if title != "key":
        lines.append(f"title: {title}")
    stamps = _list(list(tracker.stamps))
    lines.append(f"stamps: {stamps}   # the times that plaintrack writes down by itself")
    form = "new files have a line for each given field, as the tracker writes them"
    lines.append(f"form: false   # {form}")
    return lines


def _choice_lines(priorities: list[str], types: list[str]) -> list[str]:
    lines = [f"priorities: {_list(priorities)}"]
    if types:
        lines.append(f"types: {_list(types)}")
    weights = _weights(priorities)
    if weights:
        lines.append(f"urgency: {_flow(weights)}")
    return lines


def _field_lines(
    fields: Mapping[str, Mapping[str, str]], choices: Mapping[str, Collection[str]]
) -> list[str]:
    """The settings of fields, without a default that is none of the ``choices``."""
    lines = []
    for name, about in fields.items():
        given = {key: value for key, value in about.items() if key != "choices"}
        if name in choices and given.get("default") not in choices[name]:
            given.pop("default", None)
            if not given:
                continue
        parts = [_flow(given)[1:-1]] if given else []
        if "choices" in about:
            parts.append(f"choices: {_list(about['choices'].split(', '))}")
        lines.append(f"  {name}: {{{', '.join(parts)}}}")
    return lines


def _check_lines(tracker: Tracker, fields: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The keys of the tracker that are no slips of the pen."""
    declared = {about.get("key") or name for name, about in fields.items()}
    keys = [each for each in tracker.own if each not in declared]
    known = f"# Keys that {tracker.name} writes, and that plaintrack keeps as they are."
    return ["", known, "checks:", f"  misspelt-field: {{keys: {_list(keys)}}}"] if keys else []
