"""Opens a portfolio as a snapshot: the repositories that a question is about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from plaintrack.app.snapshot.gathered import Gathered, NoSuchRepository
from plaintrack.app.snapshot.snapshot import SILENT, Listener
from plaintrack.config.merged import REPO
from plaintrack.model.task import fold
from plaintrack.query.ast import Ast, Group, Range, Term, Value
from plaintrack.query.columns import MENTIONS
from plaintrack.query.parser import parse
from plaintrack.store.portfolio.origin import Origin, origin

_ABOUT = ("has", "no")
"""Terms whose values are names of fields."""


def gather(
    name: str,
    queries: Iterable[str] = (),
    stale: str = "",
    listener: Listener = SILENT,
    whole: bool = False,
) -> Gathered:
    """The portfolio of that name, as far as the queries are about it: where they name repositories
    (``repo:api``), these alone are read, and all of them if they are needed ``whole``. Raises
    PlaintrackError.
    """
    source = origin(name)
    asked = [parse(text) for text in queries]
    chosen = _chosen(source, [each.where for each in asked])
    names = None if chosen is None else sorted(chosen)
    return _opened(source, names, asked, stale, listener, whole)


def linked(name: str, query: str = "", stale: str = "", listener: Listener = SILENT) -> Gathered:
    """The repositories that links lead from or to others, whatever the query names; the first one
    if there are none. Raises PlaintrackError.
    """
    source = origin(name)
    asked = [parse(query)]
    _chosen(source, [each.where for each in asked])
    keys = {fold(each): each for each in source.repositories}
    crossing = source.crossing(list(source.repositories))
    ends = {one for one, _ in crossing} | {keys[key] for _, key in crossing if key in keys}
    return _opened(source, sorted(ends) or list(keys.values())[:1], asked, stale, listener, True)


def _opened(
    source: Origin,
    names: list[str] | None,
    asked: Sequence[Ast],
    stale: str,
    listener: Listener,
    whole: bool,
) -> Gathered:
    worded = any(_worded(each.where) for each in asked)
    named = {field for each in asked for field in _fields(each)}
    return Gathered(source, names, listener, worded=worded, stale=stale, named=named, whole=whole)


def _fields(asked: Ast) -> Iterator[str]:
    """The fields that a query names."""
    yield from (field.text for field, _ in asked.sort)
    trees = [asked.where]
    while trees:
        tree = trees.pop()
        if isinstance(tree, Group):
            trees += tree.parts
        elif tree is not None and fold(tree.field) in _ABOUT:
            yield from (each.text for each in tree.items if isinstance(each, Value))
        elif tree is not None and tree.field:
            yield tree.field


def _chosen(source: Origin, trees: Iterable[Term | Group | None]) -> set[str] | None:
    """The repositories that the queries name; None: they name none."""
    chosen: set[str] | None = None
    for tree in trees:
        for some in _named(tree, source.repositories):
            chosen = some if chosen is None else chosen & some
    return chosen


def _named(tree: Term | Group | None, known: Mapping[str, object]) -> Iterator[set[str]]:
    """The repositories that each term allows which an item must fit."""
    if isinstance(tree, Group) and tree.op == "and":
        for part in tree.parts:
            yield from _named(part, known)
    elif isinstance(tree, Term) and fold(tree.field) == REPO and tree.op == ":":
        found: set[str] = set()
        for value in tree.items:
            if isinstance(value, Range) or value.kind in ("regex", "iregex"):
                return
            key = fold(value.text)
            some = {name for name in known if fnmatchcase(fold(name), key)}
            if not some:
                raise NoSuchRepository(value.text, list(known))
            found |= some
        yield found


def _worded(tree: Term | Group | None) -> bool:
    """Whether a query asks for words of texts, or for whom they mention."""
    if isinstance(tree, Group):
        return any(map(_worded, tree.parts))
    return tree is not None and (not tree.field or fold(tree.field) == MENTIONS)
