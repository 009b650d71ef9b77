"""A portfolio: many repositories as rows of one database, kept as they are published."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from plaintrack.errors import PlaintrackError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from plaintrack.store.portfolio.overview import Failed, Standing
    from plaintrack.store.portfolio.sources import Source

PAUSES = (0.2, 0.5, 1.0)
"""Seconds before a source that is just being uploaded is looked at again."""


class NothingToLoad(PlaintrackError):
    """A source is no published folder, and has none."""

    slug = "nothing-to-load"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"nothing is published in {path}",
            "name a folder of `plaintrack publish`, a mirror, or a folder that holds some",
        )


class NotInPortfolio(PlaintrackError):
    """No repository has this name, and no source that failed."""

    slug = "not-in-portfolio"
    exit_code = 1

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(f"there is no repository {name!r} in the portfolio", hint)


class Outcome(NamedTuple):
    """What became of a source: ``what`` is ``new``, ``changed``, ``renamed``, ``same``, or
    ``failed`` for the reason ``error``; items that were written and removed, changes that came.
    """

    source: str
    name: str
    what: str
    items: int = 0
    removed: int = 0
    changes: int = 0
    seconds: float = 0.0
    error: PlaintrackError | None = None


class Mirrored(NamedTuple):
    """What became of a mirror; ``what`` is ``new``, ``changed``, ``same`` or ``failed``."""

    address: str
    folder: str
    what: str
    tip: str = ""
    error: PlaintrackError | None = None


class Status(NamedTuple):
    """A portfolio: its repositories, those of them that are stale, and what could not be loaded."""

    repositories: "Sequence[Standing]"
    stale: frozenset[str]
    failures: "Sequence[Failed]"


# Load


def load(
    database: str, paths: Sequence[str], moved: bool = False, rebuild: bool = False
) -> Iterator[Outcome]:
    """Load what is published in each of these folders, or in folders below them, into a database;
    one after the other, whatever becomes of the others.

    ``moved``: a source may have a name that was another one's. ``rebuild``: make the tables again
    first. Raises NoPortfolio, NothingToLoad.
    """
    from plaintrack.store.portfolio.database import connected, demand

    demand()
    from plaintrack.store.portfolio import load as loader

    sources = list(_sources(paths))
    with connected(database, writing=True) as connection:
        loader.prepare(connection, rebuild)
        written = 0
        for source in sources:
            outcome = _outcome(connection, source, moved)
            written += outcome.items + outcome.removed + outcome.changes
            yield outcome
        loader.settle(connection, written)
        loader.link(connection)


def _outcome(connection: "Connection", source: "Source", moved: bool) -> Outcome:
    from plaintrack.store.portfolio import load as loader
    from plaintrack.store.portfolio.database import NoPortfolio

    begun = time.monotonic()
    name: list[str] = []
    try:
        found = _patiently(lambda: _loaded(connection, source, moved, name))
    except NoPortfolio:
        raise
    except PlaintrackError as error:
        who = name[0] if name else ""
        loader.fail(connection, source.name, who or None, error)
        return Outcome(source.name, who, "failed", seconds=time.monotonic() - begun, error=error)
    about = (found.name, found.what, found.items, found.removed, found.changes)
    return Outcome(source.name, *about, seconds=time.monotonic() - begun)


def _loaded(connection: "Connection", source: "Source", moved: bool, name: list[str]) -> Any:
    from plaintrack.store.portfolio import load as loader
    from plaintrack.store.portfolio import published

    found = published.read(source.folder)
    name[:] = [found.manifest.name]
    return loader.load(connection, found, source.name, moved)


def _patiently(load: Callable[[], Any]) -> Any:
    """Try again where a folder may just be uploaded."""
    from plaintrack.store.portfolio.published import NothingPublished, Unfinished

    for pause in PAUSES:
        try:
            return load()
        except (NothingPublished, Unfinished):
            time.sleep(pause)
    return load()


def _sources(paths: Iterable[str]) -> "Iterator[Source]":
    """The published folders that paths mean, each once. Raises NothingToLoad."""
    from plaintrack.store.portfolio.sources import sources

    seen: set[str] = set()
    for path in paths:
        below = list(sources(path))
        if not below:
            raise NothingToLoad(path)
        for each in below:
            real = os.path.realpath(each.folder)
            if real not in seen:
                seen.add(real)
                yield each._replace(folder=real)


def forget(database: str, name: str) -> None:
    """Remove a repository from a portfolio, or a source that failed; its own files and history stay
    as they are. Raises NoPortfolio, NotInPortfolio.
    """
    from plaintrack.errors import suggestion
    from plaintrack.store.portfolio.database import connected, demand

    demand()
    from plaintrack.store.portfolio import load as loader
    from plaintrack.store.portfolio import overview

    with connected(database, writing=True) as connection:
        loader.prepare(connection)
        if not loader.forget(connection, name):
            known = [each.name for each in overview.repositories(connection)]
            hint = suggestion(name, known, "`plaintrack portfolio status` lists them")
            raise NotInPortfolio(name, hint)
        loader.link(connection)


# Status


def now() -> float:
    """The present moment, in Unix seconds."""
    from plaintrack.store import clock

    return clock.now("UTC").timestamp()


def moments(found: Status) -> dict[float, str]:
    """The moments of a status as texts for programs: seconds → ISO, in UTC."""
    from datetime import UTC, datetime

    some = {
        *(at for each in found.repositories for at in (each.tip_time, each.loaded, each.seen)),
        *(each.latest for each in found.failures),
    }
    return {at: datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds") for at in some}


def status(database: str, stale: str, now: float) -> Status:
    """What a portfolio holds; stale is what was not published for so long before ``now``, in Unix
    seconds. Raises NoPortfolio, BadDuration.
    """
    from plaintrack.app.snapshot.gathered import patience
    from plaintrack.store.portfolio.database import connected, demand

    demand()
    from plaintrack.store.portfolio import overview

    most = patience(stale)
    with connected(database) as connection:
        found = overview.repositories(connection)
        old = frozenset(each.name for each in found if int(now) - each.seen > most)
        return Status(found, old, overview.failures(connection))


# Mirror


def mirror(folder: str, urls: Sequence[str]) -> Iterator[Mirrored]:
    """Bring the mirrors of these addresses in a folder up to date, or make them; without any, those
    that are there. Each is published in the mirror itself, for `load`. Raises PortfolioMissing.
    """
    from plaintrack.store.portfolio import mirror as mirrors
    from plaintrack.store.portfolio import parquet

    parquet.demand()
    if urls:
        os.makedirs(folder, exist_ok=True)
    for url in urls or [mirrors.address(each) for each in mirrors.mirrors(folder)]:
        shown = mirrors.told(url)
        try:
            with mirrors.quiet():
                place = mirrors.fetch(folder, url)
                what, tip = _published(place)
        except PlaintrackError as error:
            yield Mirrored(shown, "", "failed", error=error)
        else:
            yield Mirrored(shown, place, what, tip)


def _published(place: str) -> tuple[str, str]:
    """Fetch what a mirror lacks and publish it there; what that changed, and the tip."""
    from plaintrack.app.reporting.publish import publish
    from plaintrack.app.snapshot.former import former
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.store import place as places
    from plaintrack.store.portfolio import mirror as mirrors
    from plaintrack.store.refusals import Incomplete

    settings = f"**/{places.SETTINGS}"
    try:
        workspace = Workspace(mirrors.root(place))
    except mirrors.NoWorkspaceThere:
        mirrors.discard(place)
        raise
    workspace.repo.bring([settings])
    workspace = Workspace(workspace.root)
    rooms = workspace.settings.rooms.values()
    folders = [*workspace.tops, *former(workspace), *rooms, places.COMMENTS]
    homes = workspace.repo.homes
    prefixes = homes.all if homes else ("",)
    globs = [each for prefix in prefixes for each in mirrors.globs(prefix, folders)]
    workspace.repo.bring([settings, *globs])
    where = mirrors.published(place)
    new = not os.path.exists(where)
    with suppress(Incomplete):
        return _what(publish(Workspace(workspace.root), where), new)
    # an item was elsewhere once, where no settings say so
    workspace.repo.bring([settings, *globs, "**/*.md"])
    return _what(publish(Workspace(workspace.root), where), new)


def _what(made: Any, new: bool) -> tuple[str, str]:
    changed = any(each.state in ("written", "removed") for each in made.files)
    return "new" if new else "changed" if changed else "same", made.tip
