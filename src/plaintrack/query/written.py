"""Values as a query writes them, and back, for completion and hints."""

import re

from plaintrack.model.task import fold
from plaintrack.query.ast import BadQuery, Term, Value
from plaintrack.query.parser import parse

_PLAIN = re.compile(r"\w[\w@+#/-]*(?:\.[\w@+#/-]+)*")


def written(value: str) -> str:
    """``value`` as one value of a term: as it is, or in double quotes."""
    if _PLAIN.fullmatch(value) and fold(value) != "me":
        return value
    return f'"{_escaped(value)}"'


def value_of(text: str) -> str | None:
    """The last value of the single term ``text``, unless it is a pattern, range or comparison."""
    try:
        where = parse(text).where
    except BadQuery:
        return None
    if not isinstance(where, Term) or not where.field or where.op != ":":
        return None
    last = where.items[-1]
    return last.text if isinstance(last, Value) and last.kind in ("bare", "quoted") else None


def continued(term: str, value: str) -> str:
    """``term`` with its last value completed to ``value``; empty if that does not fit.

    What is written stays as it is wherever that means the value.
    """
    start, inside = last_value(term)
    typed = term[start:]
    if inside and typed.startswith('"'):
        begun = re.sub(r'\\(["\\])', r"\1", typed[1:])
        ways = [f'{term}{_escaped(value[len(begun) :])}"']
    else:
        begun = typed
        rest = value[len(begun) :]
        ways = [f"{term}{rest}", f'{term}"{_escaped(rest)}"'] if begun and rest else []
        if written(value) != value or not begun:
            ways = [*ways, f"{term[:start]}{written(value)}"]
        else:
            ways = [f"{term}{rest}"]
    if not fold(value).startswith(fold(begun)):
        return ""
    for way in ways:
        found = value_of(way)
        if found is not None and fold(found) == fold(value):
            return way
    return ""


def last_value(term: str) -> tuple[int, bool]:
    """Where the last value of an unfinished term begins, and whether a quote is open there."""
    start = re.search(r"[:=]|$", term)
    assert start is not None
    at, inside, found = start.end(), False, start.end()
    while at < len(term):
        if inside and term[at] == "\\":
            at += 1
        elif term[at] == '"':
            inside = not inside
        elif term[at] == "," and not inside:
            found = at + 1
        at += 1
    return found, inside


def last_term(query: str) -> int:
    """Where the last term of a query that is being written begins."""
    at, inside, found = 0, False, 0
    while at < len(query):
        if inside and query[at] == "\\":
            at += 1
        elif query[at] == '"':
            inside = not inside
        elif not inside and (query[at].isspace() or query[at] in "()"):
            found = at + 1
        at += 1
    return found


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
