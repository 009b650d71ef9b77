"""What the words of a question may mean: the ids, fields and values that items have."""

from typing import TYPE_CHECKING

from plaintrack.store.index import ask
from plaintrack.store.index.database import fields

if TYPE_CHECKING:
    from plaintrack.app.snapshot.snapshot import Snapshot


class Lexicon:
    """Asks the index of a snapshot."""

    def __init__(self, snapshot: "Snapshot") -> None:
        self.snapshot = snapshot

    def fields(self) -> list[str]:
        """The names of the fields that some item has and that are no columns."""
        return fields(self.snapshot.index.connection)

    def is_item(self, text: str) -> bool:
        """Whether a text is the whole id of an item."""
        return bool(ask.spelt(self.snapshot.index.connection, text))

    def resolve(self, text: str) -> str:
        """The one id that a text names; raises UnknownId, AmbiguousId, BrokenItem."""
        from plaintrack.app.snapshot.find import resolve

        return resolve(self.snapshot, text)

    def in_use(self, field: str, key: str) -> bool:
        """Whether some item has that folded value in a list, a link or a declared field."""
        return ask.in_use(self.snapshot.index.connection, field, key)

    def in_column(self, field: str, key: str) -> bool:
        """Whether some item has a value, in any case, in one of COLUMNS."""
        return ask.in_column(self.snapshot.index.connection, field, key)

    def values(self, field: str) -> list[str]:
        """The folded values of a field that is a list, a link or declared."""
        return ask.values(self.snapshot.index.connection, field)
