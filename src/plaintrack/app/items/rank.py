"""Moves items in the manual order, which the field ``rank`` keeps."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from plaintrack.app.items.target import Target, matching, named
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.verb import Verb, verb
from plaintrack.errors import PlaintrackError, command
from plaintrack.model import rank
from plaintrack.model.done import Done
from plaintrack.model.edit import Set
from plaintrack.model.ids import natural
from plaintrack.model.task import fold
from plaintrack.store.index import ask


class BadRank(PlaintrackError):
    """A neighbour's rank is not a key, so nothing can be put beside it."""

    slug = "bad-rank"

    def __init__(self, item: str, text: str) -> None:
        super().__init__(
            f"{item} has the rank {text!r}, which is not lower-case letters and digits with a"
            " letter first",
            f"give the items new ranks in the same order: {command('rank', '--rebalance')}",
        )


class EqualRanks(PlaintrackError):
    """Items that keep their equal ranks leave no room for those between them."""

    slug = "equal-ranks"

    def __init__(self, low: str, high: str) -> None:
        super().__init__(
            f"there is no room between {low} and {high}, which have the same rank",
            "let the query find these, too",
        )


class RankDeclared(PlaintrackError):
    """The settings declare ``rank`` as something else."""

    slug = "rank-declared"

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"plaintrack.yml declares rank as {kind}, and a manual order needs a text",
            "remove its `type` under `fields:`, or sort by the field with `list sort:rank`",
        )


class OwnNeighbour(PlaintrackError):
    """An item is to stand beside itself."""

    slug = "own-neighbour"

    def __init__(self, item: str) -> None:
        super().__init__(f"{item} cannot be moved before or after itself", "name another item")


class Where(NamedTuple):
    """A place in the order: ``before`` or ``after`` the item ``beside``, ``top`` or ``bottom``."""

    side: str
    beside: str = ""


class Ranked(NamedTuple):
    """An item with its rank, in lower case; empty if it has none."""

    target: Target
    key: str = ""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.target.id or self.target.path


def move(workspace: Workspace, names: Sequence[str], where: Where, dry: bool = False) -> Done:
    """Move the items that are named to a place, in the order in which they are named.

    Items without a rank come after all that have one, and have no order among themselves. So
    ``before`` such an item is the end of the order; ``after`` it, the item itself is put there
    first; ``bottom`` is the end of the order, above the items without a rank. No other item is
    changed, but where neighbours have equal ranks.
    """
    _check(workspace)
    targets = named(workspace, dict.fromkeys(names))
    beside = named(workspace, [where.beside])[0] if where.beside else None
    if beside in targets:
        raise OwnNeighbour(beside.id)
    said = f"rank {' '.join(names)} --{where.side} {where.beside}".rstrip()
    with verb(workspace, said, dry) as work:
        _move(work, targets, where.side, beside)
    return work.done()


def _move(work: Verb, targets: Sequence[Target], side: str, beside: Target | None) -> None:
    order = _order(work.workspace)
    known = {each.target: each for each in order}
    moved = [known.get(target, Ranked(target)) for target in targets]
    rest = [each for each in order if each not in moved]
    at = 0 if side == "top" else len(rest)
    if beside in known:
        at = rest.index(known[beside]) + (side == "after")
    elif beside is not None and side == "after":
        moved.insert(0, Ranked(beside))
    try:
        fresh, others = rank.place([each.key for each in rest], at, [each.key for each in moved])
    except rank.Malformed as error:
        raise BadRank(*_holder(rest, error)) from error
    total = len(rest) + len(moved)
    for number, each in enumerate(moved):
        if number in fresh:
            also = f"place {at + number + 1} of {total}"
            _give(work, each.target, fresh[number], also)
        else:
            work.kept(each.target.id, each.target.path, f"{each.name} is already there")
    for number, key in others.items():
        _give(work, rest[number].target, key, "its neighbour has the same rank")


def rebalance(workspace: Workspace, query: str = "", dry: bool = False) -> Done:
    """Give the ranked items that a query finds new, short ranks in the same order; all others keep
    theirs.
    """
    _check(workspace)
    with verb(workspace, f"rank --rebalance {query}".rstrip(), dry) as work:
        order = _order(workspace)
        wanted = set(matching(workspace, query)) if query else {each.target for each in order}
        for run in _runs(order, wanted):
            low = order[run.start - 1] if run.start else None
            high = order[run.stop] if run.stop < len(order) else None
            for each, key in zip(order[run.start : run.stop], _keys(run, low, high), strict=True):
                _give(work, each.target, key)
        if not work.items:
            work.notes.append("nothing to change: no items with a rank match")
    return work.done()


def _runs(order: Sequence[Ranked], wanted: set[Target]) -> list[range]:
    """The places of wanted items that stand side by side."""
    found: list[range] = []
    for number, each in enumerate(order):
        if each.target not in wanted:
            continue
        if found and found[-1].stop == number:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found


def _keys(run: range, low: Ranked | None, high: Ranked | None) -> list[str]:
    try:
        return rank.keys(low and low.key, high and high.key, len(run))
    except rank.Malformed as error:
        raise BadRank(*_holder(filter(None, (low, high)), error)) from error
    except rank.NoRoom as error:
        raise EqualRanks(
            low.name if low else "the top", high.name if high else "the end"
        ) from error


def _check(workspace: Workspace) -> None:
    field = workspace.schema.fields["rank"]
    if field.kind != "text" or field.many:
        raise RankDeclared("a list" if field.many else field.kind)


def _order(workspace: Workspace) -> list[Ranked]:
    """The items with a rank, as they are now, in their order; archived ones have no place in it."""
    workspace.look_again()
    rows = ask.ranked(workspace.index.connection)
    found = [Ranked(Target(path, item), fold(key)) for path, item, key in rows]
    found.sort(key=lambda each: (each.key, natural(fold(each.target.id)), each.target))
    return found


def _holder(items: Iterable[Ranked], error: rank.Malformed) -> tuple[str, str]:
    """The name of the item with the key that an error is about, and the key."""
    key = str(error.args[0])
    return next(each.name for each in items if each.key == key), key


def _give(work: Verb, target: Target, key: str, also: str = "") -> None:
    changes = work.writer.edit(target.path, [Set("rank", key)])
    work.item(target.id, target.path, changes, (also,) if also else ())
