"""Tells whether the index is up to date with a scan, and brings it up to date where it is not."""

import marshal
import sqlite3
from typing import TYPE_CHECKING

from plaintrack.model.fields import Schema
from plaintrack.store import files
from plaintrack.store.digest import digest
from plaintrack.store.index.database import DAMAGED, PATIENCE, Database, to_blame
from plaintrack.store.lock import Locked, exclusive

if TYPE_CHECKING:
    from plaintrack.store.spread import Told


def signature(folder: files.Folder) -> bytes:
    """A digest of all names and stamps of a folder."""
    return digest(marshal.dumps((folder.files, folder.odd), 2))


class Refresh:
    """One refresh of the index against one scan."""

    def __init__(
        self,
        database: Database,
        root: str,
        schema: Schema,
        scanned: list[files.Folder],
        told: "Told | None" = None,
        whole: bool = True,
    ) -> None:
        """``root`` is the workspace; ``scanned`` is what ``store.files.scan`` found there; ``told``
        hears how far long work is.

        Not ``whole``: only these folders are looked at, and the index is right about all others.
        """
        self.database = database
        self.root = root
        self.schema = schema
        self.scanned = scanned
        self.told = told
        self.whole = whole

    def run(self) -> bool:
        """Make the index equal to the files; in memory if its file cannot be written.

        False: only some folders were to be looked at, but someone else has written the index, or
        it cannot be; all have to be.
        """
        current = {folder.path: signature(folder) for folder in self.scanned}
        database = self.database
        try:
            if self._is(current):
                return True
            if database.path is None:
                self._apply(current)
                return True
            with exclusive(database.lock, PATIENCE):
                if not self.whole and not database.untouched():
                    return False
                if not database.sealed():
                    database.connection.close()
                    database.connection = database.reopen()
                try:
                    self._apply(current)
                except DAMAGED as error:  # in a way that the seal does not show
                    if not to_blame(error) or not self.whole:
                        raise
                    database.connection.close()
                    database.connection = database.fresh()
                    self._apply(current)
                database.seal()
        except (Locked, OSError, *DAMAGED):
            if not self.whole:
                return False
            self._in_memory(current)
        return True

    def _in_memory(self, current: dict[str, bytes]) -> None:
        database = self.database
        try:
            if database.connection.in_transaction:
                database.connection.execute("ROLLBACK")
            database.connection = database.leave(database.connection)
            self._apply(current)
        except (sqlite3.Error, UnicodeDecodeError):
            database.connection = database.leave()
            self._apply(current)

    def _is(self, current: dict[str, bytes]) -> bool:
        try:
            stored = dict(self.database.connection.execute("SELECT path, signature FROM folder"))
            return stored == current if self.whole else current.items() <= stored.items()
        except DAMAGED as error:
            if to_blame(error):
                return False
            raise

    def _apply(self, current: dict[str, bytes]) -> None:
        from plaintrack.store.index.apply import apply
        from plaintrack.store.spread import untold

        apply(
            self.database.connection,
            self.root,
            self.schema,
            self.scanned,
            current,
            self.told or untold,
            self.whole,
        )
