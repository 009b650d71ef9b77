"""Text from files made harmless: what a terminal could obey is made visible."""

import re

_SHOWN = {code: chr(0x2400 + code) for code in range(32)} | {0x7F: "\u2421"}
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
_BLANKS += "\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


def safe(text: str) -> str:
    """``text`` with every character that could move the cursor, change colours or reorder text made
    visible.
    """
    if text.isprintable():
        return text
    return "".join(
        _SHOWN.get(ord(each), each if _plain(each) else f"<U+{ord(each):04X}>") for each in text
    )


def lines(text: str) -> list[str]:
    """The lines of a longer text, each made safe; tabs stay."""
    found = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return ["\t".join(map(safe, line.split("\t"))) for line in found]


MASK = "(address)"
_AT = re.compile("@|%40")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def masked(text: str) -> str:
    """``text`` without e-mail addresses, whoever wrote them down."""
    parts, end = [], 0
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        start = at.start()
        # Back from the @ by hand: a pattern would try each letter of a long word as a beginning.
        while domain and start > end and (text[start - 1].isalnum() or text[start - 1] in "_.+-"):
            start -= 1
        if domain and start < at.start():
            parts += [text[end:start], MASK]
            end = domain.end()
    return "".join([*parts, text[end:]])


def encoded(value: object, indent: int | None = None) -> str:
    """``value`` as JSON: exact, and with every character that a terminal could obey as its
    escape.
    """
    import json

    found = json.dumps(value, ensure_ascii=False, indent=indent).split("\n")
    if not all(map(str.isprintable, found)):
        found = [
            "".join(each if _plain(each) else json.dumps(each)[1:-1] for each in line)
            for line in found
        ]
    return re.sub(r"#(?=#\w*\[)", r"\\u0023", "\n".join(found))


def _plain(character: str) -> bool:
    """Whether it may be written as it is: also the blanks of other scripts and the joiners that
    scripts and emoji need.
    """
    return character.isprintable() or character in _BLANKS or character in "\u200c\u200d"
