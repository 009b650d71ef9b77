"""Which items of ours the words of another program lead to."""

import re
from collections.abc import Iterable, Mapping

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.exchange.draft import group_key
from plaintrack.model.task import fold
from plaintrack.store.index import ask

_NAMED = ("project", "milestone", "goal")
"""Types of items that a name alone can mean."""
_KEY = re.compile(r"(?=[^#\s])(?=\S*\d)(?=\S*[^\d])\S+")
"""A key that is neither a title nor a number of each project: ``SHOP-12``, ``owner/name#3``."""
_SEVERAL = ""
"""What a title leads to that several have."""


class Links:
    """The items of one import, by their keys and titles there, and those that are here.

    ``there`` has key → (id, path) of what is here of earlier imports, ``ids`` key → id of what is
    being made.
    """

    def __init__(
        self,
        workspace: Workspace,
        keys: Mapping[str, str],
        there: Mapping[str, tuple[str, str]],
        ids: Mapping[str, str],
    ) -> None:
        """``keys`` are those of the file, with their titles."""
        self.workspace = workspace
        self.there = there
        self.ids = ids
        groups = tuple(f"{kind}:" for kind in _NAMED)
        self._titles = _once(
            (fold(title), key) for key, title in keys.items() if not key.startswith(groups)
        )
        self._groups = _once(
            (group_key(kind, fold(title)), item)
            for kind in _NAMED
            for item, title, _ in ask.entitled(workspace.index.connection, (kind,))
        )
        self._others: dict[str, str] | None = None
        self._looked = False
        self._ids: dict[str, str] = {}
        self._here: dict[str, str] = {}

    def group(self, kind: str, title: str) -> bool:
        """Whether a project, milestone or goal of this name is here."""
        return group_key(kind, fold(title)) in self._groups

    def item(self, word: str) -> str:
        """The id of the item that a key, or a title, of the other program names; empty if none is
        known, or a title is that of several.
        """
        for each in (word, self._titles.get(fold(word), "")):
            if each in self.there:
                return self.there[each][0]
            if each in self.ids:
                return self.ids[each]
        kind, _, title = word.partition(":")
        found = self._groups.get(group_key(kind, fold(title)), "")
        return found or (self._elsewhere().get(word, "") if _KEY.fullmatch(word) else "")

    def _elsewhere(self) -> dict[str, str]:
        """Key → id of what came by imports of other names, as of another project of one tracker."""
        if self._others is None:
            mine = {item for item, _ in self.there.values()}
            rows = ask.imported(self.workspace.index.connection, "")
            self._others = _once(
                (source.partition(":")[2], item) for item, _, source in rows if item not in mine
            )
        return self._others

    def meant(self, field: str, word: str) -> str:
        """The same of a property that a Mapping leads to a field of links: it may also be one of
        our ids, or the title of an item that is here.
        """
        found = self.item(word) or self.item(group_key(field, word))
        if not found:
            self._look()
            found = self._ids.get(fold(word), "") or self._here.get(fold(word), "")
        return found

    def _look(self) -> None:
        """Learn what is here, once; what came by this import is known by its key, so that a second
        one finds no more than the first.
        """
        if not self._looked:
            self._looked = True
            came = {item for item, _ in self.there.values()}
            rows = ask.entitled(self.workspace.index.connection, ())
            mine = [(item, title) for item, title, _ in rows if item not in came]
            self._ids = {fold(item): item for item, _ in mine}
            self._here = _once((fold(title), item) for item, title in mine)


def bare(key: str) -> str:
    """A key; of a project, milestone or goal its name."""
    kind, _, name = key.partition(":")
    return name if kind in _NAMED else key


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A dictionary in which what stands there more than once leads to nothing."""
    found: dict[str, str] = {}
    for word, key in pairs:
        found[word] = _SEVERAL if word in found else key
    return found
