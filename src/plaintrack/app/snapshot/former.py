"""Where the workspace and its items were before: its folder in the repository, and the folders of
items that earlier settings name.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from weakref import proxy

from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.config.values import holds
from plaintrack.errors import PlaintrackError
from plaintrack.store import place
from plaintrack.store.commits import Version
from plaintrack.store.plumbing import Plumbing
from plaintrack.store.remember import recall, remember
from plaintrack.store.runner import EMPTY

if TYPE_CHECKING:
    from plaintrack.app.snapshot.workspace import Workspace

_CACHE = "folders.cache"
_MOST = 100  # moves that are followed
_WORK = "work tree"
NOWHERE = ".git/"
"""The folder of a workspace that was not there yet: git tracks nothing below it."""


class Home(NamedTuple):
    """A folder that the workspace was in, as a path from the top with a slash at its end, and the
    commit that moved it there.

    The commit is empty where it began, and ``_WORK`` where the move is not committed.
    """

    prefix: str
    since: str


class Known(NamedTuple):
    """What the history of ``tip`` says: its homes, the present one first, and the folders of items;
    ``there``: the settings are in it.
    """

    tip: str
    there: bool
    homes: tuple[Home, ...]
    folders: tuple[str, ...]


def former(snapshot: Snapshot, *commits: str | None) -> tuple[str, ...]:
    """The folders that the settings name in some commit that the present one reaches, or in one of
    ``commits``, and do not name now.

    Each commit is asked once; without git there are none.
    """
    try:
        repo = snapshot.repo
        homes = repo.homes
        found = homes.known.folders if isinstance(homes, Homes) else ()
        others = [each for each in commits if each and each != repo.head and each not in EMPTY]
        if others:
            known, *rest = repo.blob_ids(
                [(each, place.SETTINGS) for each in (repo.head or "", *others)]
            )
            blobs = set(rest) - {known, ""}
            found = (
                *found,
                *(folder for _, data in repo.blobs(sorted(blobs)) for folder in named(data)),
            )
    except PlaintrackError:
        return ()
    return tuple(each for each in dict.fromkeys(found) if each not in snapshot.tops)


def named(data: bytes) -> tuple[str, ...]:
    """The folders of items that settings name, the archive last; none if they cannot be used."""
    from plaintrack.app.snapshot.settings import understood

    settings = understood(data)[0]
    return settings.tops if settings else ()


def at(repo: Plumbing, commit: str) -> tuple[tuple[str, ...], str] | None:
    """The folders of items and the archive as the settings of a commit name them; None where it has
    none that can be used.
    """
    data = repo.blob(commit, place.SETTINGS)
    found = named(data) if data is not None else ()
    return (found[:-1], found[-1]) if found else None


def was_item(snapshot: Snapshot, folders: Sequence[str], path: str) -> bool:
    """Whether a file is taken for an item or a comment by its path, or was when ``folders`` (see
    ``former``) held items.
    """
    return snapshot.followed(path) or (
        holds(folders, path) and path.rpartition("/")[2] not in snapshot.settings.ignore
    )


class Homes:
    """Tells in which folder of the repository the workspace was in a commit; see
    ``store.commits.Whereabouts``.
    """

    def __init__(self, root: str, cache: str | None, repo: Plumbing) -> None:
        """``repo`` is the repository that the workspace ``root`` lies in; it holds this, so it is
        not held in turn.
        """
        self.root, self.cache = root, cache
        self.repo: Plumbing = proxy(repo)
        self._found: dict[str, str] = {}
        self._above: dict[str, frozenset[str]] = {}
        self._asked: str | None = ""
        self._known = Known("", True, (Home(repo.prefix, ""),), ())

    @property
    def known(self) -> Known:
        """What the history of the present commit says; that the workspace was always here if that
        cannot be asked.
        """
        head = self.repo.head
        if self._asked != head:
            self._asked, self._known = head, Known("", True, (Home(self.repo.prefix, ""),), ())
            with suppress(PlaintrackError):
                if head:
                    self._known = _known(self.root, self.cache, self.repo, head)
            self._found.clear()
        return self._known

    @property
    def chain(self) -> tuple[Home, ...]:
        """The homes that the present commit knows of, the present one first."""
        return self.known.homes

    @property
    def trail(self) -> tuple[str, ...]:
        """The folders that it was in, the present one first, each as often as it was there."""
        return tuple(each.prefix for each in self.chain)

    @property
    def all(self) -> tuple[str, ...]:
        """The folders that it was in, the present one first."""
        return tuple(dict.fromkeys(self.trail))

    def of(self, commits: Iterable[str]) -> Mapping[str, str]:
        """Commit → the folder that the workspace was in."""
        chain = self.chain
        wanted = list(dict.fromkeys(each for each in commits if each not in self._found))
        here = [
            each
            for each in wanted
            if not each or each in EMPTY or (len(chain) == 1 and each == self._asked)
        ]
        self._found |= dict.fromkeys(here, self.repo.prefix)
        asked = [each for each in wanted if each not in self._found]
        there = self._there(asked, [home.prefix for home in chain])
        held = {commit for commit, _ in there}
        beside = self._beside([each for each in asked if each not in held])
        for commit in asked:
            some = [home for home in chain if (commit, home.prefix) in there]
            found = self._elsewhere(commit) if commit in beside else None
            self._found[commit] = found or self._one(commit, some, chain)
        return self._found

    def _beside(self, commits: Sequence[str]) -> set[str]:
        """Those of the commits that the present one does not reach."""
        head = self.repo.head
        return set(self.repo.beyond(head, commits)) if head and commits else set()

    def _there(self, commits: Sequence[str], prefixes: Iterable[str]) -> set[tuple[str, str]]:
        """Those of the (commit, folder) where there are settings."""
        places = [(commit, prefix) for prefix in dict.fromkeys(prefixes) for commit in commits]
        blobs = self.repo.files((commit, prefix + place.SETTINGS) for commit, prefix in places)
        return {each for each, blob in zip(places, blobs, strict=True) if blob}

    def _one(self, commit: str, some: Sequence[Home], chain: Sequence[Home]) -> str:
        """Which of the folders that hold settings in a commit was the workspace: another one may
        have been where it is now, or was once.
        """
        if len({home.prefix for home in some}) == 1 and chain[-1].prefix != NOWHERE:
            return some[0].prefix
        pool = [home for home in chain if home in some] or list(chain)
        return next(
            (home.prefix for home in pool if not self._before(commit, home.since)), chain[-1].prefix
        )

    def _before(self, commit: str, move: str) -> bool:
        """Whether a commit is one that led to a move."""
        if move in ("", _WORK):
            return move == _WORK
        if move not in self._above:
            self._above[move] = frozenset(self.repo.above(move))
        return commit in self._above[move]

    def _elsewhere(self, commit: str) -> str | None:
        """Where a commit that the present one does not reach has moved the workspace to, since
        their histories parted.
        """
        head = self.repo.head
        base = self.repo.base(commit, head) if head else None
        if base is None or base == commit:
            return None
        there = self.of([base])[base]
        for prefix in self.repo.settings_in(commit):
            chain = _trace(self.repo, prefix, commit)[0]
            if any(home.prefix == there for home in chain) and (base, there) in self._there(
                [base], [there]
            ):
                return prefix
        return None


def _known(root: str, cache: str | None, repo: Plumbing, tip: str) -> Known:
    """What the history of a commit says, each commit asked once; raises GitFailed."""
    source = f"{repo.prefix} {repo.ancestry}".encode()
    told = recall(cache, _CACHE, source)
    known = (
        Known(told[0], told[1], tuple(Home(*each) for each in told[2]), told[3]) if told else None
    )
    if known is None or known.tip != tip:
        fresh = None
        if known and repo.contains(tip, known.tip):
            since = repo.versions(repo.prefix + place.SETTINGS, tip, known.tip)
            if all(each.old and each.new for each in since):  # neither come nor gone
                folders = dict.fromkeys([*known.folders, *_folders(repo, since)])
                fresh = known._replace(tip=tip, folders=tuple(folders))
        if fresh is None:
            homes, versions = _trace(repo, repo.prefix, tip)
            there = bool(repo.files([(tip, repo.prefix + place.SETTINGS)])[0])
            fresh = Known(tip, there, homes, tuple(dict.fromkeys(_folders(repo, versions))))
        known = fresh
        remember(
            cache,
            _CACHE,
            source,
            (known.tip, known.there, tuple(map(tuple, known.homes)), known.folders),
        )
    if known.there:
        return known
    there = os.path.isfile(os.path.join(root, place.SETTINGS))
    if not there:
        return _gone_on(repo, known)
    from plaintrack.app.snapshot.workspace import Workspace

    return _uncommitted(Workspace(root), repo, known)


def _gone_on(repo: Plumbing, known: Known) -> Known:
    """As ``known``, if git has moved the workspace elsewhere since it was opened, as a pull
    does.
    """
    for prefix in repo.settings_in(known.tip):
        homes = _trace(repo, prefix, known.tip)[0]
        if any(home.prefix == repo.prefix for home in homes):
            return known._replace(homes=homes)
    return known


def _folders(repo: Plumbing, versions: Iterable[Version]) -> list[str]:
    """The folders that versions of the settings name."""
    blobs = dict.fromkeys(blob for each in versions for blob in (each.old, each.new) if blob)
    return [folder for _, data in repo.blobs(blobs) for folder in named(data)]


def _trace(repo: Plumbing, prefix: str, tip: str) -> tuple[tuple[Home, ...], list[Version]]:
    """The homes of the workspace that is at ``prefix`` in a commit, and the versions of its
    settings.
    """
    homes: list[Home] = []
    versions: list[Version] = []
    while len(homes) < _MOST:
        since = repo.versions(prefix + place.SETTINGS, tip)
        came = next((each for each in since if each.new and not each.old), None)
        for number, each in enumerate(since):
            if each.new and not each.old and (origin := _origin(repo, prefix, each)):
                versions += since[: number + 1]
                homes.append(Home(prefix, each.commit))
                prefix, tip = origin
                break
            if came and each.old and not each.new and _left(repo, prefix, each):
                # what was here before is another one
                versions += since[:number]
                return (*homes, Home(prefix, came.commit), Home(NOWHERE, "")), versions
        else:
            return (*homes, Home(prefix, "")), versions + since
    return tuple(homes), versions


def _origin(repo: Plumbing, prefix: str, version: Version) -> tuple[str, str] | None:
    """Where a commit moved the workspace from that it has at ``prefix``, and the parent that has it
    there; None: it is new, or was here.
    """
    moves = [repo.settings_moved(parent, version.commit) for parent in version.parents]
    if any(prefix not in came for came, _ in moves):
        return None  # the merge of what was here
    for parent, (_, gone) in zip(version.parents, moves, strict=True):
        best = max(
            ((_alike(repo, (parent, each), (version.commit, prefix)), each) for each in gone),
            default=(0, ""),
        )
        if best[0]:
            return best[1], parent
    return None


def _left(repo: Plumbing, prefix: str, version: Version) -> bool:
    """Whether a commit moved the workspace away from ``prefix``."""
    moves = [repo.settings_moved(parent, version.commit) for parent in version.parents]
    if any(prefix not in gone for _, gone in moves):
        return False  # the merge of what went
    old = [
        (parent, each)
        for parent, (came, _) in zip(version.parents, moves, strict=True)
        for each in came
    ]
    return any(_alike(repo, (parent, prefix), (version.commit, each)) for parent, each in old)


def _alike(repo: Plumbing, old: tuple[str, str], new: tuple[str, str]) -> int:
    """How many items of a workspace (commit, folder) another one has; 0 unless those are most that
    the one had or the other has.

    Without items on a side, the settings have to be the same.
    """
    sides = [_items(repo, *each) for each in (old, new)]
    return _common(*sides) or int(
        not (sides[0] and sides[1]) and _settings(repo, *old) == _settings(repo, *new)
    )


def _common(old: Mapping[str, str], new: Mapping[str, str]) -> int:
    blobs, names = set(old.values()), {_name(path) for path in old}
    found = sum(blob in blobs or _name(path) in names for path, blob in new.items())
    return found if 2 * found >= min(len(old), len(new)) else 0


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _settings(repo: Plumbing, commit: str, prefix: str) -> bytes:
    blobs = repo.files([(commit, prefix + place.SETTINGS)])
    return next((data for _, data in repo.blobs(filter(None, blobs))), b"")


def _items(repo: Plumbing, commit: str, prefix: str) -> dict[str, str]:
    """Path → blob of the items of a workspace."""
    folders = named(_settings(repo, commit, prefix))
    tree = repo.below(commit, folders, prefix) if folders else []
    return {path: blob for path, blob in tree if holds(folders, path)}


def _uncommitted(workspace: "Workspace", repo: Plumbing, known: Known) -> Known:
    """As ``known``, if the workspace was moved here and that is not committed: another one's
    settings are gone, and its items are here.
    """
    names = {f"{folder.path}/{entry[0]}" for folder in workspace.scan() for entry in folder.files}
    found = []
    for prefix in repo.settings_gone(known.tip):
        if prefix != repo.prefix:
            items = _items(repo, known.tip, prefix)
            same = not (items or names) and _settings(repo, known.tip, prefix) == workspace.read(
                place.SETTINGS
            )
            found.append((_common(items, dict.fromkeys(names, "")) or int(same), prefix))
    best = max(found, default=(0, ""))
    if not best[0]:
        return known
    homes, versions = _trace(repo, best[1], known.tip)
    folders = dict.fromkeys([*known.folders, *_folders(repo, versions)])
    return known._replace(homes=(Home(repo.prefix, _WORK), *homes), folders=tuple(folders))
