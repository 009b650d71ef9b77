"""Org files of Emacs, by orgparse (the extra ``org``)."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from plaintrack.errors import PlaintrackError
from plaintrack.exchange import orgtext
from plaintrack.exchange.draft import Draft, Move, Remark, Span, Words
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.source import BadSource, Source, iso, lines
from plaintrack.exchange.words import category
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from orgparse.node import OrgNode

LONGEST = 2000
"""Characters of a heading."""
_HEADING = re.compile(r"\*+ ")
_STAMP = r"\d{4}-\d\d-\d\d[^\]\d]*\d{1,2}:\d\d"
_CLOCK = re.compile(rf"\s*CLOCK:\s+\[{_STAMP}\](?:--\[{_STAMP}\]\s+=>\s+\d+:\d\d)?\s*")
_STATE = re.compile(r'\s*- State\s+"[^"]+"\s+from\s+"[^"]+"\s+\[(\d{4}-\d\d-\d\d[^\]]*)\]')
_NOTED = re.compile(r"\s*- Note taken on \[(\d{4}-\d\d-\d\d[^\]]*)\]")
_PLANNED = re.compile(r"\s*(?:SCHEDULED|DEADLINE|CLOSED):\s")
_PROPERTY = re.compile(r":(\S+?):(?:[ \t]+(.*))?")
_SETTING = re.compile(r"#\+(?:(?:SEQ_|TYP_)?TODO|FILETAGS|PRIORITIES):", re.IGNORECASE)
_LETTERS = re.compile(r"#\+PRIORITIES:\s+A\s+([A-Z])\b", re.IGNORECASE)
_KEYWORDS = re.compile(r"#\+(?:SEQ_|TYP_)?TODO:", re.IGNORECASE)
_COOKIE = re.compile(r"\s*\[(?:\d*/\d*|\d*%)\]")
_ADDRESS = re.compile(r"\[\[([^\]]+)\]")
_HABIT = re.compile(r"[.+]+\d+[hdwmy]/\d+[hdwmy]")
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_IDS = ("ID", "CUSTOM_ID")
_LINKS = ("project", "milestone", "goal")
_DRAWERS = (":PROPERTIES:", ":LOGBOOK:")


class OrgMissing(PlaintrackError):
    """What reads Org files is not installed."""

    slug = "org-missing"

    def __init__(self) -> None:
        super().__init__("Org files need the extra `org`", "run `pip install 'plaintrack[org]'`")


class _Part:
    """The lines below one heading. What orgparse is to read of them is handed on by ``take``; it
    would also find dates and clocks in texts and in code, and stop at an impossible date there.
    """

    def __init__(self, heading: str) -> None:
        self.raw = [heading]
        self.fed = [heading]
        self.body: list[str] = []
        self.properties: dict[str, str] = {}
        self.planned = ""
        self.entries: list[tuple[str, list[str]]] = []
        self._dent = 0
        self._drawer = ""
        self._code = False

    @property
    def lines(self) -> int:
        """The lines of text, without settings, and properties."""
        texts = sum(1 for each in self.body if each.strip() and not each.startswith("#"))
        return texts + len(self.properties)

    def take(self, line: str) -> None:
        """Keep a line, or give it to orgparse."""
        self.fed.append(self._given(line))

    def _given(self, line: str) -> str:
        first = len(self.raw) == 1
        self.raw.append(line)
        word = line.strip().upper() if len(line) <= LONGEST else ""
        if self._drawer:
            return self._in_drawer(line, word)
        if self._code:
            self._code = not word.startswith("#+END_")
        elif word in _DRAWERS:
            self._drawer = word
            return ""
        elif word and first and _PLANNED.match(line):
            self.planned = line
            return line
        elif word and _CLOCK.fullmatch(line):
            return line
        elif word and not any(self.body) and _STATE.match(line):
            return self._logged(line)
        else:
            self._code = word.startswith("#+BEGIN_")
        self.body.append(line)
        return ""

    def _in_drawer(self, line: str, word: str) -> str:
        if word == ":END:":
            self._drawer = ""
            return ""
        if self._drawer == ":LOGBOOK:":
            return line if word and _CLOCK.fullmatch(line) else self._logged(line)
        found = _PROPERTY.fullmatch(line.strip())
        if found is None:
            self.body.append(line)
            return ""
        name, value = found[1], (found[2] or "").strip()
        if name.endswith("+") and name[:-1] in self.properties:  # `:KEY+:` adds to `:KEY:`
            name, value = name[:-1], f"{self.properties[name[:-1]]} {value}"
        self.properties[name] = value
        return ""

    def _logged(self, line: str) -> str:
        """A line of the log: a change of state is read by orgparse, what is said about it here."""
        short = line if len(line) <= LONGEST else ""
        state, noted = _STATE.match(short), _NOTED.match(short)
        if state or noted:
            found = state or noted
            self.entries.append((found[1] if found else "", []))
            self._dent = len(line) - len(line.lstrip())
        elif not self.entries or (line[: self._dent + 2].strip() == "-"):
            self.entries.append(("", [line.strip()]))
        else:
            self.entries[-1][1].append(line[self._dent + 2 :].rstrip())
        return state[0] if state else ""

    def remarks(self, source: Source) -> Iterator[Remark]:
        """What the log says, besides changes and clocks."""
        for stamp, texts in self.entries:
            text = "\n".join(texts).replace("\u200b:", ":").strip()
            moment = _stamp(stamp)
            if text:
                yield Remark(text, "", source.moment(moment) if moment else "")


class _Above(NamedTuple):
    """A heading that others stand below: ``item`` is the key of the item that it is, or that it is
    a part of.
    """

    level: int
    item: str
    names: tuple[str, ...]
    tags: tuple[str, ...]


def read(source: Source) -> Iterator[Draft]:
    """The headings with a keyword. A heading without one is a section: ``heading`` keeps it, or,
    below an item, it is text of that item. Raises BadSource, OrgMissing.
    """
    try:
        import orgparse
    except ImportError as error:
        raise OrgMissing from error
    settings = [_setting(each) for _, each in lines(source) if _SETTING.match(each[:LONGEST])]
    file = orgparse.loadi(settings)
    scale = _scale(settings)
    tags, done = tuple(sorted(file.shallow_tags)), frozenset(file.env.done_keys)
    above: list[_Above] = []
    seen: Counter[str] = Counter()
    drafts: dict[str, Draft] = {}
    left = 0
    for number, part in _parts(source):
        if number == 0:
            left += part.lines
            continue
        node = _node(source, settings, number, part)
        while above and above[-1].level >= node.level:
            above.pop()
        higher = above[-1] if above else _Above(0, "", (), tags)
        if not higher.item:  # nothing more belongs to what was read before
            yield from drafts.values()
            drafts.clear()
        mine = tuple(dict.fromkeys((*higher.tags, *(each for each in node._tags if each))))
        title = _COOKIE.sub("", node.get_heading()).strip()
        key = higher.item
        if node.todo:
            key = _key(part, title, higher, seen)
            drafts[key] = _draft(source, node, part, key, title, higher, mine, done, scale, number)
        elif key:
            body = "\n".join((drafts[key].body, *part.raw))
            drafts[key] = drafts[key]._replace(body=body.strip("\n"))
        else:
            left += part.lines
        above.append(_Above(node.level, key, (*higher.names, title), mine))
    yield from drafts.values()
    if left:
        many = "is" if left == 1 else "are"
        text = plural(left, "line")
        source.note(f"{text} of text below no heading with a keyword {many} left out")


def _parts(source: Source) -> Iterator[tuple[int, _Part]]:
    """The headings with what stands below them, by their lines; 0 is what stands above them all."""
    number, part = 0, _Part("")
    for here, line in lines(source):
        if not _HEADING.match(line):
            part.take(line)
            continue
        if len(line) > LONGEST:
            message = f"the heading has over {LONGEST:,} characters"
            raise BadSource(source.name, message, "is this an Org file?", here)
        yield number, part
        number, part = here, _Part(line)
    yield number, part


def _node(source: Source, settings: list[str], number: int, part: _Part) -> "OrgNode":
    """A heading as orgparse reads it. Raises BadSource with the line that it cannot read."""
    import orgparse

    try:
        found = cast("OrgNode", orgparse.loadi([*settings, *filter(None, part.fed)]).env.nodes[-1])
    except ValueError as error:
        raise _broken(source, number, part.fed) from error
    return found


def _setting(line: str) -> str:
    """A line of settings. Without a bar the last keyword is that of finished work, which orgparse
    does not know.
    """
    words = line.split()
    if _KEYWORDS.match(line) and "|" not in line and len(words) > 2:
        return " ".join((*words[:-1], "|", words[-1]))
    return line


def _broken(source: Source, number: int, fed: list[str]) -> BadSource:
    """Where orgparse, which does not tell it, stopped."""
    import orgparse

    for here, line in enumerate(fed[1:], number + 1):
        try:
            orgparse.loadi(["* x", line])
        except ValueError as error:
            return BadSource(source.name, f"no such date: {error}", "correct it there", here)
    return BadSource(source.name, "orgparse cannot read this", "is this an Org file?", number)


def _key(part: _Part, title: str, above: _Above, seen: Counter[str]) -> str:
    """The id of a heading, else its words and those above it."""
    given = next((part.properties[name] for name in _names(part, "ID", "CUSTOM_ID")), "")
    key = given or "/".join((*above.names, title))
    seen[key] += 1
    return key if seen[key] == 1 else f"{key} ({seen[key]})"


def _names(part: _Part, *names: str) -> Iterator[str]:
    """The properties of these names, however they are spelled, that have a value."""
    for name in names:
        yield from (
            each for each, value in part.properties.items() if value and each.upper() == name
        )


def _draft(
    source: Source,
    node: "OrgNode",
    part: _Part,
    key: str,
    title: str,
    above: _Above,
    tags: tuple[str, ...],
    done: frozenset[str],
    scale: str,
    number: int,
) -> Draft:
    fields: dict[str, Words] = {"status": _status(str(node.todo), done), "tags": tags}
    extra: dict[str, Words] = {}
    if node.priority:
        fields["priority"] = f"{node.priority}{scale}"
    if above.names and not above.item:
        extra["heading"] = " / ".join(above.names)
    addresses = tuple(_ADDRESS.findall(node.get_heading("raw")))
    if addresses and orgtext.TITLE not in part.properties:
        extra["link"] = addresses
    links: dict[str, tuple[str, ...]] = {"parent": (above.item,)} if above.item else {}
    _dates(source, node, part, fields, extra)
    _properties(source, part, key, fields, links, extra)
    return Draft(
        key,
        part.properties.get(orgtext.TITLE, title),
        orgtext.body("\n".join(part.body).strip("\n")),
        fields,
        links,
        extra,
        tuple(part.remarks(source)),
        tuple(_moves(source, node, done)),
        tuple(_spans(source, node, number)),
        line=number,
    )


def _status(word: str, done: frozenset[str]) -> str:
    """A keyword; with what it means, if only the file says so."""
    if word in done and category(word) not in ("done", "cancelled"):
        return f"{word} (done)"
    return word


def _dates(
    source: Source,
    node: "OrgNode",
    part: _Part,
    fields: dict[str, Words],
    extra: dict[str, Words],
) -> None:
    for name, ours, found in (
        ("DEADLINE", "due", node.deadline),
        ("SCHEDULED", "start", node.scheduled),
        ("CLOSED", "closed", node.closed),
    ):
        if found.start is None:  # an empty date of orgparse has no text
            continue
        fields[ours] = _when(source, found.start)
        if found.end is not None:
            extra[f"{name} until"] = _when(source, found.end)
        if found._warning:
            extra[f"{name} warning"] = "".join(map(str, found._warning))
        rule = _repeat(found._repeater)
        if rule and "repeat" not in fields:
            fields["repeat"] = rule
        elif found._repeater and rule != fields.get("repeat"):
            extra[f"{name} repeater"] = "".join(map(str, found._repeater))
    habit = _HABIT.search(part.planned)
    if habit:
        extra["habit"] = habit[0]


def _when(source: Source, found: date) -> str:
    return source.moment(found) if isinstance(found, datetime) else found.isoformat()


def _repeat(repeater: tuple[str, int, str] | None) -> str:
    """``+1w`` and ``++1w`` go by the date, ``.+1w`` counts from completion; hours are not days."""
    if repeater is None or repeater[2] not in _UNITS:
        return ""
    tail = " after completion" if repeater[0] == ".+" else ""
    return f"every {repeater[1]} {_UNITS[repeater[2]]}{tail}"


def _properties(
    source: Source,
    part: _Part,
    key: str,
    fields: dict[str, Words],
    links: dict[str, tuple[str, ...]],
    extra: dict[str, Words],
) -> None:
    for name, value in part.properties.items():
        upper = name.upper()
        made = _stamp(value.strip("[<>]")) if upper == "CREATED" else None
        effort = _effort(value) if upper == "EFFORT" else ""
        ours = orgtext.OWN.get(upper, "")
        blockers = _blockers(value) if upper == orgtext.BLOCKER else ()
        if ours in _LINKS and value:
            links[ours] = (value,)
        elif ours and value:
            fields[ours] = tuple(value.split(", ")) if ours == "assignee" else value
        elif blockers:
            links["depends_on"] = blockers
        elif made:
            fields["created"] = source.moment(made)
        elif effort:
            fields["estimate"] = effort
        elif value and upper != orgtext.TITLE and not (upper in _IDS and value == key):
            extra[name] = value


def _blockers(text: str) -> tuple[str, ...]:
    """The ids of what must be done before, as org-depend and org-edna write them; none if the words
    are others, such as ``previous-sibling``.
    """
    words = re.sub(r"^ids\((.*)\)$", r"\1", text.strip()).replace('"', "").split()
    other = any(each.endswith(("-sibling", "-siblings")) or set(each) & set("()") for each in words)
    return () if other else tuple(each.removeprefix("id:") for each in words)


def _effort(text: str) -> str:
    """A duration of Org, whose days have 24 hours; empty if it is none."""
    from orgparse.node import parse_duration_to_minutes

    try:
        minutes = round(parse_duration_to_minutes(text)) if len(text) <= 40 else 0
    except (ValueError, OverflowError):
        return ""
    hours, rest = divmod(minutes, 60)
    return "".join(filter(None, (f"{hours}h" if hours else "", f"{rest}m" if rest else "")))


def _scale(settings: list[str]) -> str:
    """What is said behind the letter of a priority, if the file has other letters than A to C."""
    for line in settings:
        found = _LETTERS.match(line)
        if found and found[1].upper() != "C":
            return f" of {ord(found[1].upper()) - ord('A') + 1}"
    return ""


def _stamp(text: str) -> datetime | None:
    """``2026-11-28 Sat 10:15``, without its brackets."""
    found = re.match(r"(\d{4}-\d\d-\d\d)(?:[^\d\]]*(\d\d:\d\d))?", text)
    return iso(f"{found[1]}T{found[2] or '00:00'}") if found else None


def _moves(source: Source, node: "OrgNode", done: frozenset[str]) -> Iterator[Move]:
    for each in sorted(node.repeated_tasks, key=lambda each: _moment(source, each.start)):
        yield Move(
            _moment(source, each.start),
            "",
            "status",
            *(_status(word, done) for word in (each.before, each.after)),
        )


def _moment(source: Source, found: date) -> datetime:
    whole = found if isinstance(found, datetime) else datetime(found.year, found.month, found.day)
    return source.local(whole)


def _spans(source: Source, node: "OrgNode", number: int) -> Iterator[Span]:
    for each in reversed(node.clock):  # the latest stands first
        if each.end is None:
            source.note(f"line {number}: a clock that still runs is not taken over")
        else:
            yield Span(_moment(source, each.start), _moment(source, each.end))


CODEC = Codec(
    title="Emacs Org",
    files="an Org file, as it is; its own `#+TODO:` keywords count. It takes the extra `org`",
    reads=read,
    writes=orgtext.write,
    maps={
        "status": {
            "todo": "open",
            "next": "open",
            "done": "done",
            "waiting": "open",
            "hold": "open",
            "started": "active",
            "cancelled": "cancelled",
            "canceled": "cancelled",
        },
        "priority": {
            "a": "high",
            "b": "medium",
            "c": "low",
            "a of 4": "critical",
            "b of 4": "high",
            "c of 4": "medium",
            "d of 4": "low",
        },
    },
    homes={
        "headings with a keyword": "items; the nearest one above is the `parent`",
        "headings without": "`heading`; below an item, text of that item",
        "DEADLINE, SCHEDULED, CLOSED": "`due`, `start`, `closed`",
        "`+1w`, `++1w`": "`repeat: every 1 weeks`",
        "`.+1w`": "`repeat: every 1 weeks after completion`",
        "tags": "`tags`, with those that are inherited from above and from `#+FILETAGS:`",
        "CLOCK": "time records",
        "notes in LOGBOOK": "comments, with their moments",
        "ID, CUSTOM_ID": "the identity; without one it is the headings' words",
        "Effort": "`estimate`, a day of 24 hours as in Org",
        "CREATED": "`created`",
        "BLOCKER": "`depends_on`, where it has ids, as org-depend and org-edna write them",
        "ASSIGNEE, OWNER, TYPE, WAIT, REPEAT, PROJECT, MILESTONE, GOAL": "those fields, as"
        " `export org` writes them",
        "other properties, warnings, habits": "keys of their own",
    },
    loses={
        "text above the first item": "it belongs to none; the import says how much it is",
        "clocks that still run": "a time record has an end; the import says so",
        "`[1/3]`, `[33%]` in headings": "worked out by Org itself",
        "the markup": "bodies stay as they are written, in Org's markup",
    },
    carries=frozenset(
        (
            "*",
            "body",
            "comments",
            "time",
            "groups",
        )
    ),
    export_loses={
        "whose time it is": "a clock of Org has no name; its seconds and note go, too",
        "authors of comments": "a note in a logbook has a moment only; without one it is left out",
        "other characters in tags than letters, digits, `_`, `@`, `#`, `%`": "they become `_`",
        "time zones": "moments are written on the workspace's clock",
        "the markup": "bodies stay Markdown; one that Org would take for its own is a block",
        "priorities from the 27th on": "there are letters for 26",
    },
)
