"""Messages, help and pages use the words of the field: what a machine can tell of that."""

import ast
import re

from conftest import ROOT

WORDS = {
    r"mend(s|ed|ing)?\b": "fix",
    r"(?<!there )(is|are) no (?!longer\b|more\b|one\b|such\b)[a-z]+": "is not a …",
    r"at most so many\b|so many items\b": "at most N",
    r"how to say it\b": "output format",
    r"put(s)? up\b": "install",
    r"when you are content\b": "satisfied",
    r"(nobody|somebody)\b": "no one, someone, or a noun",
    r"say once\b": "run once",
    r"the matter\b": "a noun",
    r"for want of\b": "without",
    r"not true any more\b": "out of date",
    r"exclude each other\b": "conflict",
    r"as grave as\b": "at least as severe as",
    r"(un)?settled?\b(?! this)": "resolve",
    r"the space there is\b": "free disk space",
    r"are to come\b": "upcoming",
    r"do what follows\b": "name what is done",
    r"makes? (it|them|the index) afresh\b|made afresh\b": "rebuild",
    r"under way\b": "in progress",
    r"1 (items|files|words|commits|lines)\b": "counts agree with their nouns",
}
ANY = re.compile(rf"\b(?:{'|'.join(WORDS)})", re.IGNORECASE)
UNREAD = {"decisions.md"}
"""A record of its days."""


def texts(path):
    """The texts of a module that a user may read, by line: no docstrings, but those of commands."""
    source = path.read_text("utf-8")
    if not ANY.search(source):
        return
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
        and not any("command" in ast.unparse(each) for each in getattr(node, "decorator_list", ()))
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        # one word is a name: a slug, a key of JSON
        if isinstance(text, str) and " " in text and id(node) not in docstrings:
            yield node.lineno, text


def found():
    for path in sorted((ROOT / "src/plaintrack").rglob("*.py")):
        for line, text in texts(path):
            yield f"{path.relative_to(ROOT)}:{line}", text
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        if path.name not in UNREAD:
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                yield f"{path.relative_to(ROOT)}:{number}", line


def test_words_that_have_a_better_one():
    wrong = []
    for place, text in found():
        for match in ANY.finditer(text):
            better = [word for pattern, word in WORDS.items() if re.match(pattern, match[0], re.I)]
            wrong.append(f"{place}: {match[0]!r}: write {better[0]!r}")
    assert not wrong, "\n".join(wrong)


def test_counts_agree_in_one_place():
    """``model.count.plural`` is the only home of "1 file, 2 files"."""
    for path in (ROOT / "src/plaintrack").rglob("*.py"):
        assert not re.search(r"[\"']s[\"'] \* \(", path.read_text("utf-8")), path
