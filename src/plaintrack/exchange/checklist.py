"""Check boxes of Markdown, plain ones and those of Obsidian's plugin Tasks."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from plaintrack.exchange.changes import FOLDED, Change, day_of
from plaintrack.exchange.draft import Draft, Words
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import Source, iso_day, lines
from plaintrack.model.count import plural
from plaintrack.text.markdown import Fences

_BOX = re.compile(r"([ \t]*)(?:>[ \t]*)*(?:[-*+]|\d{1,9}[.)])[ \t]+\[(.)\][ \t]+(.*)")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+(.*?)[ \t#]*")
_DAYS = {"📅": "due", "⏳": "wait", "🛫": "start", "✅": "closed", "❌": "closed", "➕": "created"}
_NAMED = {
    "due": "due",
    "scheduled": "wait",
    "start": "start",
    "completion": "closed",
    "created": "created",
    "cancelled": "closed",
}
_RANKS = {"🔺": "highest", "⏫": "high", "🔼": "medium", "🔽": "low", "⏬": "lowest"}
_SIGN = re.compile(
    rf"(?P<day>[{''.join(_DAYS)}])\ufe0f?[ ]*(?P<when>\d{{4}}-\d\d-\d\d)"
    rf"|(?P<rank>[{''.join(_RANKS)}])\ufe0f?"
    r"|🔁[ ]*(?P<rule>[a-zA-Z0-9, ]+?)(?=[ ]*(?:$|[^\sa-zA-Z0-9, ]))"
    r"|🆔[ ]*(?P<id>[\w-]+)"
    r"|🏁[ ]*(?P<on>[a-zA-Z]+)"
    r"|⛔[ ]*(?P<after>[\w-]+(?:[ ]*,[ ]*[\w-]+)*)"
    r"|[\[(](?P<name>[a-zA-Z]+)::[ ]*(?P<value>[^\])]*)[\])]"
)
_TAG = re.compile(r"(?:^|(?<=\s))#([^\W\d][\w/-]*)")
_MARKS = {"x": "done", "X": "done", " ": "todo", "/": "in progress", "-": "cancelled"}


def read(source: Source) -> Iterator[Draft]:
    """The check boxes outside code. What is indented is a part of the one above; an item without
    an id of its own is known by its words, and those above it.
    """
    fences = Fences()
    above: list[tuple[int, str]] = []
    seen: Counter[str] = Counter()
    heading = ""
    left = 0
    for number, line in lines(source):
        if fences.code(line):
            left += 1
            continue
        title = _HEADING.fullmatch(line)
        if title:
            heading, above = title[1], []
        found = _BOX.fullmatch(line)
        if found is None or not found[3].strip():
            left += bool(line.strip()) and title is None
            continue
        depth = len(found[1].expandtabs(4))
        while above and above[-1][0] >= depth:
            above.pop()
        parent = above[-1][1] if above else ""
        draft = _draft(found[2], found[3], parent, heading, seen, number)
        above.append((depth, draft.key))
        yield draft
    if left:
        source.note(f"{plural(left, 'line')} of text beside the check boxes left out")


def _draft(
    mark: str, text: str, parent: str, heading: str, seen: Counter[str], number: int
) -> Draft:
    fields: dict[str, Words] = {"status": _MARKS.get(mark, mark)}
    extra: dict[str, Words] = {"heading": heading} if heading else {}
    links: dict[str, tuple[str, ...]] = {"parent": (parent,)} if parent else {}
    identity = ""
    told: list[Change] = []
    for sign in _SIGN.finditer(text):
        if sign["day"] and iso_day(sign["when"]) and _DAYS[sign["day"]] not in fields:
            fields[_DAYS[sign["day"]]] = sign["when"]
        elif sign["day"]:
            name = _DAYS[sign["day"]]
            extra[name] = (*extra.get(name, ()), sign["when"])
        elif sign["rank"]:
            fields["priority"] = _RANKS[sign["rank"]]
        elif sign["rule"]:
            fields["repeat"] = _rule(sign["rule"])
        elif sign["on"]:
            extra["on completion"] = sign["on"]
        elif sign["id"]:
            identity = sign["id"]
        elif sign["after"]:
            links["depends_on"] = tuple(each.strip() for each in sign["after"].split(","))
        elif sign["name"]:
            value = sign["value"].strip()
            identity = _named(sign["name"], value, fields, links, extra, told) or identity
    rest = _SIGN.sub("", text)
    fields["tags"] = tuple(_TAG.findall(rest))
    title = " ".join(_TAG.sub("", rest).split()) or " ".join(rest.split()) or text
    key = identity or f"{parent or heading}/{title}".lstrip("/")
    seen[key] += 1
    if seen[key] > 1:
        key = f"{key} ({seen[key]})"
    return Draft(key, title, "", fields, links, extra, line=number, changed=tuple(told))


def _rule(text: str) -> str:
    """A rule of Tasks; `when done` counts from the day of completion."""
    words = text.strip()
    if words.endswith("when done"):
        return f"{words.removesuffix('when done').strip()} after completion"
    return words


def _named(
    name: str,
    value: str,
    fields: dict[str, Words],
    links: dict[str, tuple[str, ...]],
    extra: dict[str, Words],
    told: list[Change],
) -> str:
    """Put a ``[name:: value]`` of Dataview where it belongs; the identity, if it is that."""
    word = name.lower()
    if word in _NAMED and iso_day(value):
        fields[_NAMED[word]] = day_of(_NAMED[word], value, told)
    elif word == "priority":
        fields["priority"] = value
    elif word == "repeat":
        fields["repeat"] = _rule(value)
    elif word == "dependson":
        links["depends_on"] = tuple(each.strip() for each in value.split(",") if each.strip())
    elif word == "id":
        return value
    elif value:
        extra[name] = value
    return ""


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """A check box for each item, in the signs of Tasks."""
    boxes = {"open": " ", "active": "/", "done": "x", "cancelled": "-"}
    for record in records:
        words = [f"- [{boxes[record.category]}] {record.title}"]
        record.tell_status(f"[{boxes[record.category]}]")
        record.tell_dates("created", "start", "wait", "due", "closed")
        words += [f"#{record.tight('tags', tag)}" for tag in record.many("tags")]
        if record.rank is not None:
            words.append("🔺⏫🔼🔽"[min(3, record.rank)])
            if record.rank >= 3 and record.ranks > 4:
                record.tell("priority", record.text("priority"), "🔽", FOLDED)
        for sign, name in (("➕", "created"), ("🛫", "start"), ("⏳", "wait"), ("📅", "due")):
            if iso_day(record.text(name)):
                words.append(f"{sign} {iso_day(record.text(name))}")
        closed = iso_day(record.text("closed"))
        if closed and record.category in ("done", "cancelled"):
            words.append(f"{'✅' if record.category == 'done' else '❌'} {closed}")
        if record.many("depends_on"):
            words.append(f"⛔ {','.join(record.blockers())}")
        words.append(f"🆔 {record.id}")
        yield (" ".join(words) + "\n").encode()


CODEC = Codec(
    title="Markdown and Obsidian Tasks",
    files="any Markdown file with check boxes: `- [ ] Fix it 📅 2026-12-01 ⏫ #auth`",
    reads=read,
    writes=write,
    maps={
        "status": {
            "todo": "open",
            "done": "done",
            "in progress": "active",
            "cancelled": "cancelled",
        },
        "priority": {"highest": "critical", "lowest": "low"},
    },
    homes={
        "📅 ⏳ 🛫 ➕ ✅ ❌": "`due`, `wait`, `start`, `created`, `closed`",
        "🔺 ⏫ 🔼 🔽 ⏬": "`priority`",
        "🔁": "`repeat`; `when done` counts from completion",
        "🆔 ⛔": "the identity, `depends_on`",
        "[due:: …]": "the same fields, as Dataview writes them",
        "#tag": "`tags`",
        "indentation": "`parent`",
        "headings": "`heading`",
    },
    loses={"text between the boxes": "only check boxes are items"},
    carries=frozenset(
        (
            "priority",
            "tags",
            "due",
            "start",
            "wait",
            "created",
            "closed",
            "depends_on",
            "groups",
        )
    ),
    export_loses={"body, comments, estimates, people": "a check box has no place for them"},
)
