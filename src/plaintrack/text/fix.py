"""Fixes common slips in YAML: unquoted ``: ``, stray apostrophes, a leading ``@`` or backtick."""

import re

from plaintrack.text.document import Unreadable, encode, read
from plaintrack.text.format import single
from plaintrack.text.hints import listed
from plaintrack.text.nodes import BadYaml, scan

_LINE = re.compile(r"(\s*(?:- )?(?:[^\s:#'\"-][^:]*:[ \t]+)?|\s*- )(\S.*?)([ \t]*)$")
_TIMES = 50


def fixed(data: bytes, path: str) -> tuple[bytes, list[str]]:
    """The file with the values that YAML stumbles over put in quotes, and the fixed lines; no
    lines if it is well or beyond this.

    Only whole values are quoted, one line each, and only if the front matter can be read
    afterwards: else nothing is changed.
    """
    try:
        document = read(data, path)
    except Unreadable:
        return data, []
    text, lines = document.text, []
    for _ in range(_TIMES):
        document = document._replace(text=text)
        start = text.index("\n") + 1 if document.head is None else document.head[0]
        end = _end(text, start)
        try:
            scan(text[start:end], path, text, start)
        except BadYaml as error:
            found = _quoted(text, error.problem.line)
            if error.problem.code != "yaml" or found is None or "',' or" in error.problem.message:
                # an unclosed list stays one
                return data, []
            text, line = found
            lines.append(f"{error.problem.line}: {line}")
        else:
            return (encode(document, text), lines) if lines else (data, [])
    return data, []


def _end(text: str, start: int) -> int:
    found = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE).search(text, start)
    return found.start() if found else len(text)


def _quoted(text: str, number: int) -> tuple[str, str] | None:
    """The text with the value on that line in single quotes, and the new line; None if there is no
    such value, or it is quoted well.
    """
    lines = text.splitlines(keepends=True)
    if not 0 < number <= len(lines):
        return None
    whole = lines[number - 1]
    line = whole.rstrip("\r\n")
    match = _LINE.fullmatch(line)
    if match is None or not match[1].strip():
        return None
    value = match[2]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        if value[0] == '"':
            return None
        value = value[1:-1]
        if "'" not in value.replace("''", ""):
            return None
    fixed = listed(value) if value.startswith("[") else single(value)
    if not fixed or fixed == value:
        return None
    lines[number - 1] = f"{match[1]}{fixed}{match[3]}{whole[len(line) :]}"
    return "".join(lines), lines[number - 1].strip()
