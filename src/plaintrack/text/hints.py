"""What to do about YAML that does not parse: the usual slips, with the line as it should be."""

import re

from plaintrack.text.format import single

_PAIR = re.compile(r"(\s*(?:- )?)([^\s:#'\"][^:]*):\s+(.*\S)\s*$")
# one line, nothing in quotes yet, no comma at the end
_LIST = re.compile(r"\[[^][{}'\"\\#]*[^][{}'\"\\#\s,][^][{}'\"\\#,]*\]")
_WORD = re.compile(r"\w[\w./-]*(?: [\w./-]+)*")


def listed(value: str) -> str:
    """A list on one line with its elements in quotes where they need them: it stays a list; empty
    if it is not a simple one.
    """
    if not _LIST.fullmatch(value):
        return ""
    elements = [each.strip() for each in value[1:-1].split(",")]
    return f"[{', '.join([each if _WORD.fullmatch(each) else single(each) for each in elements])}]"


def quoted(line: str) -> str:
    """The line with its value in single quotes, or an empty text if it is no ``key: value``."""
    found = _PAIR.match(line)
    if not found:
        return ""
    lead, key, value = found.groups()
    if elements := listed(value):
        return f"{lead}{key}: {elements}".strip()
    if value[0] in "'\"":
        value = value[1:].removesuffix(value[0]) or value
    if "'" in value and '"' not in value and "\\" not in value:
        return f'{lead}{key}: "{value}"'.strip()
    return f"{lead}{key}: '{value.replace(chr(39), chr(39) * 2)}'".strip()


def hint_for(problem: str, context: str, line: str) -> str:
    """One sentence that says how to fix the line."""
    fixed = quoted(line)
    write = f"write `{fixed}`" if fixed else "put the value in single quotes"
    value = line.partition(":")[2].strip() or line.strip().removeprefix("- ").strip()
    if "\t" in line[: len(line) - len(line.lstrip())] or "'\\t'" in problem:
        return "YAML does not indent with tabs: use spaces"
    if "mapping values are not allowed" in problem:
        return f"a value with `: ` in it needs quotes: {write}"
    if "cannot start any token" in problem:
        if "\t" in line:
            return "YAML does not indent with tabs: use spaces"
        if (name := _named(line)) and value.startswith("@"):
            key, _, _ = line.partition(":")
            return f"a name stands without the `@`: write `{key.strip()}: {name}`"
        return f"a value cannot start with `{_culprit(value)}`: {write}"
    if "quoted scalar" in context:
        return f"a quote is never closed: {write}"
    if value[:1] in ("'", '"'):
        return f"a stray quote: {write}"
    if "',' or" in problem or line.strip()[-1:] in ("[", "{"):
        return "a bracket is never closed, or a comma is missing; or put the value in quotes"
    if value[:1] in ("[", "{") and "node content" in problem:
        return "an element is missing between two commas; or put the value in quotes"
    if value[:1] in ("[", "{"):
        return f"a value cannot continue after its bracket: {write}"
    return "write one `name: value` per line; quote values with special characters"


def _named(line: str) -> str:
    """The name behind an ``@`` in a field whose values are people or items; else empty."""
    from plaintrack.model.fields import STANDARD

    found = re.fullmatch(r"\s*([\w-]+):\s*@([\w.-]+)\s*", line)
    if found is None:
        return ""
    kinds = {each.name: each.kind for each in STANDARD}
    return found[2] if kinds.get(found[1]) in ("person", "link") else ""


def _culprit(value: str) -> str:
    """The character that a value cannot start with, or one of a list's elements."""
    if value[:1] == "[":
        for element in value[1:-1].split(","):
            first = element.strip()[:1]
            if first and first in "@`%":
                return first
    return value[:1]
