"""What `explain` says, as Documents: for programs, and in Markdown."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from plaintrack.checks.policy import Policy
from plaintrack.flow.catalogue import ENTRIES, paragraphs
from plaintrack.render.document import Document, Records
from plaintrack.render.sections import Code, Heading, Prose, Sentences
from plaintrack.rules.actions import ACTIONS
from plaintrack.rules.actions import explained as words_of
from plaintrack.show import checks, definitions
from plaintrack.show.data import rows

if TYPE_CHECKING:
    from plaintrack.render.document import Part
    from plaintrack.show import outputs

_CHECK = ("code", "name", "severity", "default", "fixable", "title")
_PARTS = ("name", "kind", "part", "text")
_EXAMPLES = ("bad", "good", "example")
"""Parts that stand as they are."""


def index(policy: Policy, form: str) -> Document:
    """The checks."""
    found: list[outputs.Listed] = [
        {
            "code": each.code,
            "name": each.name,
            "severity": policy.rules[each.code][-1].severity or "off",
            "default": checks.default(each),
            "fixable": each.fixable,
            "title": each.explained.title,
        }
        for each in policy.checks.values()
    ]
    return rows(found, "checks", _CHECK, form)


def explained(policy: Policy, names: Sequence[str], form: str) -> Document:
    """What ``names`` are; raises UnknownCheck. As CSV a row for each part of what is said."""
    found = [_one(policy, name) for name in names]
    if form == "markdown":
        return Document([part for each in found for part in _drawn(each)])
    if form == "json":
        return Document((Records(found, "explained"),))
    lines = [
        {"name": each["name"], "kind": each["kind"], "part": part, "text": text}
        for each in found
        for part, text in _said(each)
    ]
    return Document((Records(lines, "explained", _PARTS),))


def _said(each: "outputs.Explained") -> Iterator[tuple[str, str]]:
    """All that is said of one, by name."""
    yield "title", each["title"]
    yield from each["parts"].items()
    yield from ((f"option {name}", text) for name, text in each["options"].items())


def _drawn(each: "outputs.Explained") -> "Iterator[Part]":
    name = f"{each['code']} {each['name']}" if each["code"] else each["name"]
    yield Heading(name, f"({each['kind']})")
    yield Prose(each["title"])
    for part, text in each["parts"].items():
        if part in _EXAMPLES and each["kind"] != "metric":
            yield Prose(f"{part.capitalize()}:")
            yield Code(text.splitlines(), "yaml")
        elif part == "more":
            yield Prose(text)
        else:
            yield Prose(f"*{part.capitalize()}:* {text}")
    if each["options"]:
        yield Prose("Options:")
        yield Sentences([f"{option}: {text}" for option, text in each["options"].items()])


def _one(policy: Policy, name: str) -> "outputs.Explained":
    """What a name is: an action, something computed, a metric, or a check."""
    if name in ACTIONS:
        kind = ACTIONS[name]
        words = words_of(kind)
        options = {option: about.doc for option, about in kind.options.items()}
        return _made(
            name, "action", words.title, {"more": words.more, "example": words.example}, options
        )
    if name in definitions.DEFINITIONS:
        title, _, more = definitions.text(name).partition("\n\n")
        return _made(name, "computed", _joined(title), {"more": more})
    if name in ENTRIES:
        parts = {(part or "meaning").lower(): text for part, text in paragraphs(name)}
        return _made(name, "metric", ENTRIES[name].title, parts)
    others = [*ACTIONS, *definitions.DEFINITIONS, *ENTRIES]
    found = checks.named(policy, name, others)
    title, *texts = found.explained
    parts = dict(zip(("why", "fix", "bad", "good"), texts, strict=True))
    options = {option: about.doc for option, about in found.options.items()}
    made = _made(found.name, "check", title, parts, options)
    return {**made, "code": found.code if found.code != found.name else None}


def _made(
    name: str,
    kind: Literal["action", "computed", "metric", "check"],
    title: str,
    parts: dict[str, str],
    options: dict[str, str] | None = None,
) -> "outputs.Explained":
    return {
        "name": name,
        "kind": kind,
        "code": None,
        "title": title,
        "parts": {
            part: text if part in _EXAMPLES else _joined(text)
            for part, text in parts.items()
            if text
        },
        "options": options or {},
    }


def _joined(text: str) -> str:
    """Paragraphs, of which each is one line."""
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n"))
