"""Parse a query's text into its syntax tree."""

from plaintrack.query.ast import Ast, Group, Range, Term, Value
from plaintrack.query.lexer import Token, tokens

MAX_TERMS = 300
MAX_DEPTH = 40


def parse(text: str, condition: bool = False) -> Ast:
    """The syntax tree of ``text``; empty text asks for everything. Raises BadQuery.

    ``condition``: what is asked is whether an item is meant, so an order and a length are refused.
    """
    return _Parser(text, condition).query()


class _Parser:
    __slots__ = ("at", "condition", "depth", "found", "limit", "sort", "text")

    def __init__(self, text: str, condition: bool) -> None:
        self.text = text
        self.condition = condition
        self.found: list[Token] = tokens(text)
        if len(self.found) > MAX_TERMS:
            column = self.found[MAX_TERMS].column
            from plaintrack.query.fault import TooManyTerms

            raise TooManyTerms(MAX_TERMS, text, column)
        self.at = 0
        self.depth = 0
        self.sort: list[tuple[Value, bool]] = []
        self.limit: int | None = None

    def query(self) -> Ast:
        where = self.either()
        token = self.found[self.at]
        if token.kind != "end":
            from plaintrack.query.fault import NeverOpened

            raise NeverOpened(self.text, token.column)
        return Ast(self.text, where, tuple(self.sort), self.limit)

    def either(self) -> Term | Group | None:
        parts = [self.every()]
        while self.found[self.at].kind == "or":
            column = self.found[self.at].column
            self.at += 1
            parts.append(self.every())
            if parts[-1] is None or parts[-2] is None:
                from plaintrack.query.fault import NothingToJoin

                raise NothingToJoin("or", self.text, column)
        known = tuple(each for each in parts if each is not None)
        if len(known) > 1:
            return Group("or", known)
        return known[0] if known else None

    def every(self) -> Term | Group | None:
        parts: list[Term | Group] = []
        while (kind := self.found[self.at].kind) not in ("or", ")", "end"):
            if kind == "and":
                self.conjunction(bool(parts))
                continue
            part = self.one()
            if part is not None:
                parts.append(part)
        if len(parts) > 1:
            return Group("and", tuple(parts))
        return parts[0] if parts else None

    def conjunction(self, after_term: bool) -> None:
        column = self.found[self.at].column
        self.at += 1
        if not after_term or self.found[self.at].kind in ("or", ")", "end", "and"):
            from plaintrack.query.fault import NothingToJoin

            raise NothingToJoin("and", self.text, column)

    def one(self) -> Term | Group | None:
        token = self.found[self.at]
        self.at += 1
        if token.kind == "not":
            return self.negation(token)
        if token.kind == "(":
            return self.group(token)
        assert token.term is not None  # nothing else is left
        name = token.term.field.lower()
        if name in ("sort", "limit"):
            self.directive(name, token.term)
            return None
        return token.term

    def negation(self, token: Token) -> Group:
        self.deeper(token)
        if self.found[self.at].kind in (")", "end", "or", "and"):
            from plaintrack.query.fault import NothingToNegate

            raise NothingToNegate(self.text, token.column)
        part = self.one()
        self.depth -= 1
        assert part is not None  # an order is refused by its depth
        return Group("not", (part,))

    def group(self, token: Token) -> Term | Group:
        self.deeper(token)
        part = self.either()
        if self.found[self.at].kind != ")":
            from plaintrack.query.fault import NeverClosed

            raise NeverClosed(self.text, token.column)
        self.at += 1
        self.depth -= 1
        if part is None:
            from plaintrack.query.fault import EmptyParentheses

            raise EmptyParentheses(self.text, token.column)
        return part

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            from plaintrack.query.fault import NestedTooDeeply

            raise NestedTooDeeply(self.text, token.column)

    def directive(self, name: str, term: Term) -> None:
        if self.condition:
            from plaintrack.query.fault import OrderInCondition

            raise OrderInCondition(name, self.text, term.column)
        if self.depth:
            from plaintrack.query.fault import OrderInParentheses

            raise OrderInParentheses(name, self.text, term.column)
        for item in term.items:
            if isinstance(item, Range) or term.op != ":":
                from plaintrack.query.fault import OnlyValues

                raise OnlyValues(name, self.text, item.column)
            if name == "sort":
                descending = item.text.startswith("-")
                self.sort.append((item._replace(text=item.text.lstrip("+-")), descending))
            elif not (item.text.isascii() and item.text.isdecimal() and 0 < len(item.text) < 10):
                from plaintrack.query.fault import NotALimit

                raise NotALimit(item.text, self.text, item.column)
            else:
                self.limit = int(item.text)
