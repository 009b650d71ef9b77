"""Formulas over fields: numbers, names, ``+ - * / ( )``, ``min`` and ``max``; nothing else.

A formula is read by the parser below and never by Python, so that settings from strangers cannot do
more than calculate.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from plaintrack.errors import PlaintrackError

LONGEST = 500
"""Characters of a formula; as a tree it then stays shallow enough for everyone who walks it."""
_DEEPEST = 30  # parentheses in parentheses
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))|(?P<name>[^\W\d]\w*)|`(?P<quoted>[^`]+)`"
    r"|(?P<sign>[-+*/(),]))"
)
FUNCTIONS = ("min", "max")


class BadFormula(PlaintrackError):
    """A formula that cannot be used; ``key`` is where in its scoring model the reason stands."""

    slug = "bad-formula"

    def __init__(
        self, message: str, hint: str = "", excerpt: str = "", column: int = 0, key: str = "formula"
    ) -> None:
        super().__init__(message, hint, excerpt, column)
        self.key = key


class Unscored(Exception):
    """A formula has no value; the text says why."""


class DividedByZero(Unscored):
    """A divisor is 0; it is told as it was written."""

    def __init__(self, divisor: str) -> None:
        super().__init__(f"division by zero: {divisor} is 0")


class NotFinite(Unscored):
    """Infinities lead to what is not a number."""

    def __init__(self) -> None:
        super().__init__("the numbers are too large")


class Number(NamedTuple):
    """A number as it stands."""

    value: float


class Name(NamedTuple):
    """The value of a field."""

    field: str


class Operation(NamedTuple):
    """One of ``+ - * / min max``, and what it is done to; ``text`` is the last of these as it was
    written.
    """

    sign: str
    parts: "tuple[Tree, ...]"
    text: str = ""


Tree = Number | Name | Operation


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def parse(text: str) -> Tree:
    """The formula as a tree; raises BadFormula, which points at the place."""
    if len(text) > LONGEST:
        from plaintrack.model.fault import FormulaTooLong

        raise FormulaTooLong(LONGEST)
    return _Parser(text).whole()


def names(tree: Tree) -> tuple[str, ...]:
    """The fields that a formula names, each once, in the order of the formula."""
    return tuple(dict.fromkeys(_names(tree)))


def _names(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Name):
        yield tree.field
    elif isinstance(tree, Operation):
        for part in tree.parts:
            yield from _names(part)


def value(tree: Tree, given: Mapping[str, float]) -> float:
    """What a formula comes to with these values of its fields, as SQL calculates it; raises
    Unscored for a division by zero and for what is not a number.
    """
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return given[tree.field]
    parts = [value(part, given) for part in tree.parts]
    if tree.sign == "/" and parts[1] == 0.0:
        raise DividedByZero(tree.text)
    found = _calculated(tree.sign, parts)
    if found != found:  # what infinities lead to
        raise NotFinite()
    return found


def _calculated(sign: str, parts: list[float]) -> float:
    if sign == "min":
        return min(parts)
    if sign == "max":
        return max(parts)
    if len(parts) == 1:
        return -parts[0]
    one, other = parts
    if sign == "+":
        return one + other
    if sign == "-":
        return one - other
    return one * other if sign == "*" else one / other


class _Parser:
    """Reads a formula by descent: sums of products of what binds more tightly."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens())
        self.at = 0
        self.depth = 0

    def _tokens(self) -> Iterator[_Token]:
        at, end = 0, len(self.text.rstrip())
        while at < end:
            found = _TOKEN.match(self.text, at)
            if found is None:
                start = len(self.text) - len(self.text[at:].lstrip())
                from plaintrack.model.fault import NotOfFormula

                raise NotOfFormula(self.text, start)
            kind = str(found.lastgroup)
            yield _Token(kind, found[kind], found.start(kind), found.end())
            at = found.end()

    def whole(self) -> Tree:
        tree = self.sum()
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            from plaintrack.model.fault import Unexpected

            raise Unexpected(token.text, self.text, token.start)
        return tree

    def next(self, *signs: str) -> _Token | None:
        """The next token, taken, if it is one of these signs."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None or token.kind != "sign" or token.text not in signs:
            return None
        self.at += 1
        return token

    def sum(self) -> Tree:
        tree = self.product()
        while token := self.next("+", "-"):
            tree = Operation(token.text, (tree, self.product()))
        return tree

    def product(self) -> Tree:
        tree = self.signed()
        while token := self.next("*", "/"):
            start = self.at
            other = self.signed()
            tree = Operation(token.text, (tree, other), self.written(start))
        return tree

    def written(self, start: int) -> str:
        """What stands between a token and the present one."""
        return self.text[self.tokens[start].start : self.tokens[self.at - 1].end]

    def signed(self) -> Tree:
        if not (token := self.next("-", "+", "(")):
            return self.single()
        self.depth += 1
        if self.depth > _DEEPEST:
            from plaintrack.model.fault import FormulaTooDeep

            raise FormulaTooDeep(self.text, token.start)
        if token.text == "(":
            tree = self.sum()
            self.close()
        else:
            part = self.signed()
            tree = part if token.text == "+" else Operation("-", (part,))
        self.depth -= 1
        return tree

    def close(self) -> None:
        if not self.next(")"):
            self.expected("`)`")

    def expected(self, what: str) -> None:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            from plaintrack.model.fault import NotExpected

            raise NotExpected(what, token.text, self.text, token.start)
        from plaintrack.model.fault import ExpectedAtEnd

        raise ExpectedAtEnd(what, self.text)

    def single(self) -> Tree:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None or token.kind == "sign":
            self.expected("a number or the name of a field")
        assert token is not None
        self.at += 1
        if token.kind == "number":
            return Number(float(token.text))
        if token.kind == "name" and token.text in FUNCTIONS and self.next("("):
            return self.function(token)
        return Name(token.text)

    def function(self, token: _Token) -> Tree:
        self.depth += 1
        if self.depth > _DEEPEST:
            from plaintrack.model.fault import FormulaTooDeep

            raise FormulaTooDeep(self.text, token.start)
        parts = [self.sum()]
        while self.next(","):
            parts.append(self.sum())
        self.close()
        self.depth -= 1
        return Operation(token.text, tuple(parts))
