"""The items of a file as texts that can be written: JSON can say halves of characters."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from plaintrack.exchange.changes import Change
from plaintrack.exchange.draft import Draft
from plaintrack.exchange.formats import Codec
from plaintrack.exchange.source import Source

HALF = Change("text", "half of a character", "�", "no text")
LONGEST = 250
"""Characters of a key."""


def drafts(codec: Codec, source: Source) -> Iterator[Draft]:
    """The items of a Source. Raises BadSource."""
    for draft in codec.reads(source) if codec.reads else ():
        if "\\ud" in repr(draft):  # so repr writes a half
            draft = _whole(draft)
            draft = draft._replace(changed=(*draft.changed, HALF))
        if len(draft.key) > LONGEST:
            rest = sha256(draft.key.encode()).hexdigest()[:12]
            draft = draft._replace(key=f"{draft.key[:LONGEST]}~{rest}")
        yield draft


def _whole(value: Any) -> Any:
    """A value whose texts have no halves of characters."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole(name): _whole(each) for name, each in value.items()}
    if isinstance(value, tuple):
        parts = [_whole(each) for each in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value
