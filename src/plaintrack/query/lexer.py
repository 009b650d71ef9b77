"""The words of a query: parentheses, keywords and terms."""

from typing import NamedTuple

from plaintrack.query.ast import Range, Term, Value

_MODIFIERS = {"before": "<", "below": "<", "after": ">", "above": ">", "by": "<="}
_OPERATORS = ("!=", "<=", ">=", "<", ">", "=", ":")


class Token(NamedTuple):
    """``kind`` is ``(``, ``)``, ``and``, ``or``, ``not``, ``term`` or ``end``."""

    kind: str
    column: int
    term: Term | None = None


def tokens(text: str) -> list[Token]:
    """The tokens of a query, the last of kind ``end``. Raises BadQuery."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in "()":
            found.append(Token(char, at + 1))
            at += 1
        elif (
            char == "-"
            and at + 1 < len(text)
            and not text[at + 1].isspace()
            and text[at + 1] != ")"
        ):
            found.append(Token("not", at + 1))
            at += 1
        else:
            at = _word(text, at, found)
    return [*found, Token("end", len(text) + 1)]


def _word(text: str, at: int, found: list[Token]) -> int:
    """Read one keyword or term at ``at`` into ``found``; the position after it."""
    end = at
    if text[at].isalpha() or text[at] == "_":
        while end < len(text) and (text[end].isalnum() or text[end] in "_.-"):
            end += 1
    operator = next((each for each in _OPERATORS if end > at and text.startswith(each, end)), "")
    if not operator:
        stop, value = _plain(text, at)
        lower = value.text.lower()
        if value.kind == "bare" and lower in ("and", "or", "not"):
            found.append(Token(lower, at + 1))
        else:
            found.append(Token("term", at + 1, Term("", ":", (value,), at + 1)))
        return stop
    name, start = text[at:end], end + len(operator)
    if operator == ":":
        second = next((each for each in _OPERATORS[1:6] if text.startswith(each, start)), "")
        start += len(second)
        operator = second or operator
    return _term(text, at, name, operator, start, found)


def _term(text: str, at: int, name: str, operator: str, start: int, found: list[Token]) -> int:
    stem, _, modifier = name.rpartition(".")
    if stem and modifier.lower() in _MODIFIERS and operator in ":=":
        name, operator = stem, _MODIFIERS[modifier.lower()]
    if operator == "!=":
        found.append(Token("not", at + 1))
    operator = ":" if operator in ("=", "!=") else operator
    end, items = _items(text, start, operator)
    found.append(Token("term", at + 1, Term(name, operator, items, at + 1)))
    return end


def _items(text: str, start: int, operator: str) -> tuple[int, tuple[Value | Range, ...]]:
    if operator == ":" and text.startswith("/", start):
        regex = _regex(text, start)
        if regex:
            return regex[0], (regex[1],)
    items: list[Value | Range] = []
    at = start
    while True:
        low_at = at
        at, low = _value(text, at, operator == ":")
        if operator == ":" and text.startswith("..", at):
            at, high = _value(text, at + 2, True)
            if not low.text and not high.text:
                from plaintrack.query.fault import EmptyRange

                raise EmptyRange(text, low_at + 1)
            items.append(Range(low if low.text else None, high if high.text else None, low_at + 1))
        elif not low.text and low.kind != "quoted":
            from plaintrack.query.fault import ValueMissing

            raise ValueMissing(text, low_at + 1)
        else:
            items.append(low)
        if operator != ":" or not text.startswith(",", at):
            return at, tuple(items)
        at += 1


def _value(text: str, at: int, listed: bool) -> tuple[int, Value]:
    """One value, up to a space, a parenthesis or, if ``listed``, a comma or ``..``."""
    start, parts, kind = at, [], ""
    while at < len(text) and not text[at].isspace() and text[at] not in "()":
        if text.startswith("...", at):  # an ellipsis, and no range
            dots = len(text[at:]) - len(text[at:].lstrip("."))
            parts.append(text[at : at + dots])
            at, kind = at + dots, kind or "bare"
            continue
        if listed and (text[at] == "," or text.startswith("..", at)):
            break
        if text[at] == '"':
            at, quoted = _quoted(text, at)
            parts.append(quoted)
            kind = kind or "quoted"
        else:
            kind = "wild" if text[at] == "*" or kind == "wild" else kind or "bare"
            parts.append(text[at])
            at += 1
    return at, Value("".join(parts), start + 1, kind or "bare")


def _plain(text: str, at: int) -> tuple[int, Value]:
    """A word or quoted words of full text."""
    if text[at] == '"':
        end, quoted = _quoted(text, at)
        return end, Value(quoted, at + 1, "quoted")
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in '()"':
        end += 1
    return end, Value(text[at:end], at + 1)


def _quoted(text: str, at: int) -> tuple[int, str]:
    parts, end = [], at + 1
    while end < len(text) and text[end] != '"':
        if text[end] == "\\" and text[end + 1 : end + 2] in ('"', "\\"):
            end += 1
        parts.append(text[end])
        end += 1
    if end >= len(text):
        from plaintrack.query.fault import QuotesNeverClosed

        raise QuotesNeverClosed(text, at + 1)
    return end + 1, "".join(parts)


def _regex(text: str, start: int) -> tuple[int, Value] | None:
    end = start + 1
    while end < len(text) and text[end] != "/":
        end += 2 if text[end] == "\\" else 1
    if end >= len(text):
        from plaintrack.query.fault import PatternNeverClosed

        raise PatternNeverClosed(text, start + 1)
    pattern, after = text[start + 1 : end].replace("\\/", "/"), end + 1
    kind = "regex"
    if text[after : after + 1] in ("i", "I"):
        kind, after = "iregex", after + 1
    if after < len(text) and not text[after].isspace() and text[after] not in "()":
        return None
    return after, Value(pattern, start + 1, kind)
