"""Parse a query's text into its syntax tree."""

from plaintrack.query.ast import Ast, BadQuery, Group, Range, Term, Value
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
            raise BadQuery(
                f"a query has at most {MAX_TERMS} terms", text, column, "join values with commas"
            )
        self.at = 0
        self.depth = 0
        self.sort: list[tuple[Value, bool]] = []
        self.limit: int | None = None

    def query(self) -> Ast:
        where = self.either()
        token = self.found[self.at]
        if token.kind != "end":
            raise BadQuery("this parenthesis was never opened", self.text, token.column)
        return Ast(self.text, where, tuple(self.sort), self.limit)

    def either(self) -> Term | Group | None:
        parts = [self.every()]
        while self.found[self.at].kind == "or":
            column = self.found[self.at].column
            self.at += 1
            parts.append(self.every())
            if parts[-1] is None or parts[-2] is None:
                raise BadQuery(
                    "'or' needs a term on both sides",
                    self.text,
                    column,
                    'to find the word, write "or"',
                )
        known = tuple(each for each in parts if each is not None)
        return Group("or", known) if len(known) > 1 else known[0] if known else None

    def every(self) -> Term | Group | None:
        parts: list[Term | Group] = []
        while (kind := self.found[self.at].kind) not in ("or", ")", "end"):
            if kind == "and":
                self.conjunction(bool(parts))
                continue
            part = self.one()
            if part is not None:
                parts.append(part)
        return Group("and", tuple(parts)) if len(parts) > 1 else parts[0] if parts else None

    def conjunction(self, after_term: bool) -> None:
        column = self.found[self.at].column
        self.at += 1
        if not after_term or self.found[self.at].kind in ("or", ")", "end", "and"):
            raise BadQuery(
                "'and' needs a term on both sides",
                self.text,
                column,
                'to find the word, write "and"',
            )

    def one(self) -> Term | Group | None:
        token = self.found[self.at]
        self.at += 1
        if token.kind == "not":
            return self.negation(token)
        if token.kind == "(":
            return self.group(token)
        if token.term is None:
            raise BadQuery("a term is missing here", self.text, token.column)
        name = token.term.field.lower()
        if name in ("sort", "limit"):
            self.directive(name, token.term)
            return None
        return token.term

    def negation(self, token: Token) -> Group:
        self.deeper(token)
        if self.found[self.at].kind in (")", "end", "or", "and"):
            raise BadQuery(
                "'not' needs a term after it",
                self.text,
                token.column,
                'to find the word, write "not"',
            )
        part = self.one()
        self.depth -= 1
        if part is None:
            raise BadQuery(
                "sort and limit cannot be negated",
                self.text,
                token.column,
                "for descending order, write sort:-due",
            )
        return Group("not", (part,))

    def group(self, token: Token) -> Term | Group:
        self.deeper(token)
        part = self.either()
        if self.found[self.at].kind != ")":
            raise BadQuery("this parenthesis is never closed", self.text, token.column)
        self.at += 1
        self.depth -= 1
        if part is None:
            raise BadQuery("these parentheses are empty", self.text, token.column)
        return part

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadQuery("this is nested too deeply", self.text, token.column)

    def directive(self, name: str, term: Term) -> None:
        if self.condition:
            hint = "leave it out: a condition applies to single items"
            raise BadQuery(f"{name}: has no meaning in a condition", self.text, term.column, hint)
        if self.depth:
            hint = "move it outside; for descending order, write sort:-due"
            raise BadQuery(
                f"{name}: cannot be used in parentheses or after a minus",
                self.text,
                term.column,
                hint,
            )
        for item in term.items:
            if isinstance(item, Range) or term.op != ":":
                raise BadQuery(
                    f"{name}: does not take a range or comparison", self.text, item.column
                )
            if name == "sort":
                descending = item.text.startswith("-")
                self.sort.append((item._replace(text=item.text.lstrip("+-")), descending))
            elif not (item.text.isascii() and item.text.isdecimal() and 0 < len(item.text) < 10):
                raise BadQuery(
                    f"{item.text!r} is not a number of items",
                    self.text,
                    item.column,
                    "write limit:20",
                )
            else:
                self.limit = int(item.text)
