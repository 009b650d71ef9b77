"""Elements of XML 1.0, with every character that it cannot hold replaced."""

import re
from xml.sax.saxutils import escape, quoteattr

_OUTSIDE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'


def text(value: str) -> str:
    """The content of an element."""
    return escape(_OUTSIDE.sub("\ufffd", value))


def tag(element: str, inner: str = "", /, **attributes: object) -> str:
    """An element with its attributes; ``inner`` is XML already. A trailing ``_`` of a name is left
    out.
    """
    given = "".join(
        f" {key.rstrip('_')}={quoteattr(_OUTSIDE.sub(chr(0xFFFD), str(value)))}"
        for key, value in attributes.items()
    )
    return f"<{element}{given}>{inner}</{element}>\n" if inner else f"<{element}{given}/>\n"
