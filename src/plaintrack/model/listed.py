"""Several values in one text: separated by commas; one that holds a comma stands in double quotes,
as in CSV (``"Doe, Jane",bob``).
"""

import re
from collections.abc import Iterable

_ELEMENT = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=,|$)|[^,]*')


def split(text: str) -> list[str]:
    """The values, without blanks around them; a quote doubled inside quotes is one. A lone quote is
    a letter like others.
    """
    found, at = [], 0
    while True:
        match = _ELEMENT.match(text, at)
        assert match is not None  # the second way fits everything
        quoted = match[1]
        found.append(match[0].strip() if quoted is None else quoted.replace('""', '"'))
        at = match.end()
        if at >= len(text):
            return found
        at += 1


def joined(values: Iterable[str]) -> str:
    """The text that ``split`` takes apart into these values."""
    return ",".join(_quoted(each) for each in values)


def _quoted(value: str) -> str:
    plain = "," not in value and not value.startswith('"') and value == value.strip()
    return value if plain else '"' + value.replace('"', '""') + '"'
