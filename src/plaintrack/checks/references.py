"""Checks of ids, references and ranks: each id once, each reference to an item, no circles."""

from collections.abc import Iterable, Iterator, Sequence

from plaintrack.checks.catalogue import check
from plaintrack.checks.cycles import cycles, described
from plaintrack.checks.names import unportable
from plaintrack.checks.work import Found, Link, Options, Row, Work
from plaintrack.errors import NEARER, suggestion
from plaintrack.model.fields import SERIES, UPWARD
from plaintrack.model.problem import shown
from plaintrack.model.rank import LONGEST, valid
from plaintrack.model.task import fold

_GUESSES = 10  # what may be meant is looked for this often: it takes time
_ROUNDS = 4  # after which few links are left, unless there are circles or long chains


@check("PT201", "duplicate-id", "error", fixable=True)
def duplicate_id(work: Work, _options: Options) -> Iterator[Found]:
    """Several files have the same id.

    Why: a reference to that id could mean any of them, and commands refuse to guess. It comes from
    copying a file, or from two clones that imported one item of another program, with other titles.

    Fix: `check --fix` gives the younger one a new id; `plaintrack renumber` lets you choose. Two
    files that came from one item there stay as they are: move what only one of them has to the
    other, and delete one; the next import brings what changed there.

    Bad:
        tasks/PT-7k3q9x-login.md and tasks/copy.md, both with id: PT-7k3q9x

    Good:
        every file with an id of its own
    """
    first: Row | None = None
    rows = work.source.duplicates()
    sources = _sources(work) if rows else {}
    for row in rows:
        if first is None or first.id.lower() != row.id.lower():
            first = row
            continue
        message = f"the id {row.id} is also that of {first.path}"
        hint = "`plaintrack check --fix` gives the younger one a new id"
        source = sources.get(row.path, "")
        if source and source == sources.get(first.path):
            message += f", and both came from {source}"
            hint = "they are one item: move what only one of them has to the other, and delete one"
        yield Found(row.path, row.id, "id", "", message, hint, about=row.path)


def _sources(work: Work) -> dict[str, str]:
    """Path → source of the items that share theirs with others."""
    if "imports" not in work.settings.rooms:
        return {}
    return {row.path: source for row, source in work.source.twins() if came(source)}


def came(source: str) -> bool:
    """Whether a source is that of an import."""
    return ":" in source and not source.startswith(("http:", "https:"))


@check("PT202", "dangling-reference", "error", fixable=True)
def dangling_reference(work: Work, _options: Options) -> Iterator[Found]:
    """A reference leads to no item.

    Why: what it depends on, or belongs to, has been deleted or misspelt; it will never be shown
    there.

    Fix: write the whole id of an item, or remove the reference. `check --fix` completes what is the
    only possible part of an id, and writes ids for `PT-9x2mfa, PT-7k3q9x`, `[[PT-9x2mfa-login]]`
    and links to the files of items. It removes nothing. Items that are tracked and not checked out
    (a sparse checkout) count. `api/PT-7` leads to an item of the repository `api`; whether that is
    there says `check --portfolio`.

    Bad:
        depends_on:
        - PT-gone42

    Good:
        depends_on:
        - PT-9x2mfa
    """
    ids, settings = work.numbers, work.settings
    astray = (link for link in work.links if link[2] not in ids)
    here = sorted(link for link in astray if not settings.elsewhere(link[2]))
    missing = work.source.elsewhere(here)
    rows = work.source.at([number for number, _, _ in missing])
    missing = [link for link in missing if work.focus is None or rows[link[0]].path in work.focus]
    otherwise = _otherwise(work) if missing else ""
    for at, (number, field, key) in enumerate(missing):
        row, target = rows[number], work.typed(number, field, key)
        hint = (_meant(work, key) if at < _GUESSES else "") or otherwise
        yield Found(row.path, row.id, field, target, f"{field}: no item {target}", hint)


def _otherwise(work: Work) -> str:
    """What to do about a reference to an id that is like no other."""
    unread = (problem.severity == "error" and not item for problem, item in work.source.problems())
    if any(unread):
        return "it may be in a file that cannot be read: fix that first"
    return "write the whole id of an item, or remove it"


def _meant(work: Work, key: str) -> str:
    """The id that is nearest to a reference."""

    return suggestion(
        key, work.numbers, alike=NEARER, write=lambda near: work.row(work.numbers[near]).id
    )


@check("PT203", "dependency-cycle", "error")
def dependency_cycle(work: Work, _options: Options) -> Iterator[Found]:
    """Items depend on each other in a circle.

    Why: each waits for the next, so none of them can ever start.

    Fix: remove one of the dependencies.

    Bad:
        PT-aaaaaa depends on PT-bbbbbb, which depends on PT-aaaaaa

    Good:
        PT-aaaaaa depends on PT-bbbbbb
    """
    return _circles(work, ("depends_on",), "remove one of these dependencies")


@check("PT204", "parent-cycle", "error")
def parent_cycle(work: Work, _options: Options) -> Iterator[Found]:
    """Items contain each other in a circle, by parent, project, milestone or goal.

    Why: no one can say what belongs to what, and `under:` finds all of them below each of them.

    Fix: remove one of the links.

    Bad:
        PT-aaaaaa has parent: PT-bbbbbb, which has parent: PT-aaaaaa

    Good:
        PT-aaaaaa has parent: PT-bbbbbb
    """
    return _circles(work, UPWARD, "remove one of these links")


def _circles(work: Work, fields: Sequence[str], hint: str) -> Iterator[Found]:
    """One finding for each circle, at the link of its first item; of a change, at an item that it
    touches.
    """
    edges = _edges(work, fields)
    if not edges:
        return
    rows = work.source.at(list({number for number, _, _ in edges}))
    edges.sort(key=lambda link: (rows[link[0]].path, link[1]), reverse=True)
    links = {
        (rows[number].id.lower(), key): (rows[number], field)
        for number, field, key in edges
        if rows[number].id
    }
    graph: dict[str, list[str]] = {}
    for one, two in links:
        graph.setdefault(one, []).append(two)
    for circle in cycles({node: sorted(targets) for node, targets in graph.items()}):
        places = [
            links[one, two] for one, two in zip(circle, [*circle[1:], circle[0]], strict=True)
        ]
        focused = [
            number
            for number, (row, _) in enumerate(places)
            if work.focus is None or row.path in work.focus
        ]
        if not focused:
            continue
        start = focused[0]
        row, field = places[start]
        names = [each.id for each, _ in [*places[start:], *places[:start]]]
        message = described(names, field)
        value = work.typed(row.number, field, names[1 % len(names)].lower())
        yield Found(row.path, "", field, value, message, hint, key=" ".join(circle))


def _edges(work: Work, fields: Sequence[str]) -> list[Link]:
    """The links that may be part of a circle: what they lead to leads on."""
    ids = work.ids
    edges = [link for link in work.links if link[1] in fields]
    for _ in range(_ROUNDS):
        sources = {ids.get(link[0]) for link in edges}
        left = [link for link in edges if link[2] in sources]
        if len(left) == len(edges):
            break
        edges = left
    return edges


@check("PT205", "misnamed", "note", fixable=True)
def misnamed(work: Work, _options: Options) -> Iterator[Found]:
    """The name of a file does not begin with the id of its item.

    Why: the id in the file counts; a name that says something else leads people astray.

    Fix: `check --fix` renames the file.

    Bad:
        tasks/PT-7k3q9x-login.md with id: PT-9x2mfa

    Good:
        tasks/PT-9x2mfa-login.md with id: PT-9x2mfa
    """
    template = work.settings.filename
    if work.schema.named is not None or not template.startswith("{id"):
        return
    between = template.partition("}")[2].partition("{")[0]
    for row in work.open:
        name = row.path.rpartition("/")[2].lower()
        if (
            row.id
            and not name.startswith((f"{row.id.lower()}{between}", f"{row.id.lower()}.md"))
            and _wrong(template, name, row.id, between)
        ):
            hint = "`plaintrack check --fix` renames it"
            yield Found(
                row.path, row.id, "", "", f"the file name does not begin with its id {row.id}", hint
            )


def _wrong(template: str, name: str, item: str, between: str) -> bool:
    """Whether a file name does not begin with the id as the template writes it."""
    from plaintrack.text.format import filename

    start = filename(template.partition("}")[0] + "}", item, "").lower()
    return not name.startswith((start + between, start + ".md"))


@check("PT206", "stray-comment", "warning")
def stray_comment(work: Work, _options: Options) -> Iterator[Found]:
    """Comments, status updates or approvals of an item that does not exist, or in a folder that
    spells its id otherwise.

    Why: no command shows them, and the next item of that id would inherit them.

    Fix: restore the item, rename the folder to the item's id, or delete the files.

    Bad:
        comments/PT-gone42/20261123T080000Z-1a2b3c.md, and no item PT-gone42

    Good:
        the folder is named like the item's id
    """
    first: dict[str, str] = {}
    for path, _ in work.source.comments():
        _, _, inside = path.partition("/")
        name, slash, rest = inside.partition("/")
        if slash and "/" not in rest:
            first.setdefault(name, path)
    for name in work.source.strangers(list(first)):
        hint = "restore the item, rename the folder to the item's id, or delete the comments"
        yield Found(first[name], "", "", "", f"no item {name}", hint, about=name)
    kept = work.source.kept()
    hint = "restore the item, rename the folder to the item's id, or delete the files"
    lost = set(work.source.strangers([name for name, _ in kept], former=True))
    yield from (
        Found(path, "", "", "", f"no item {name}", hint, about=path)
        for name, path in kept
        if name in lost
    )
    spelt = {fold(each): each for each in work.source.spellings()} if first or kept else {}
    for name, path in (*first.items(), *kept):
        item = spelt.get(fold(name), name)
        if item != name:
            message = f"the folder is called {name}, and the item {item}"
            yield Found(path, "", "", "", message, f"rename the folder to {item}", about=path)


@check("PT207", "long-rank", "note")
def long_rank(work: Work, _options: Options) -> Iterator[Found]:
    """A rank has more than 20 characters.

    Why: ranks grow where items are moved to the same place again and again; long ones make diffs
    hard to read.

    Fix: `plaintrack rank --rebalance` gives the items short ranks in the same order;
    `plaintrack rank --rebalance QUERY` those that match a query.

    Bad:
        rank: n0hhhhhhhhhhhhhhhhhhhhhh3k9q

    Good:
        rank: n03k9q
    """
    for path, item, key in work.ranks:
        if valid(key) and len(key) > LONGEST:
            message = f"its rank has {len(key)} characters, more than {LONGEST}"
            hint = "`plaintrack rank --rebalance` gives all items short ranks in the same order"
            yield Found(path, item, "rank", "", message, hint)


@check("PT208", "malformed-rank", "warning")
def malformed_rank(work: Work, _options: Options) -> Iterator[Found]:
    """A rank has other characters than lower-case letters and digits, or does not begin with a
    letter.

    Why: it still sorts as a text, but nothing can be moved to the place before or after the item.

    Fix: `plaintrack rank --rebalance` gives the items new ranks in the same order; or remove the
    line.

    Bad:
        rank: 10

    Good:
        rank: n03k9q
    """
    for path, item, key in work.ranks:
        if not valid(key):
            message = f"{shown(key)} is not a rank: lower-case letters and digits, a letter first"
            hint = "`plaintrack rank --rebalance` gives all items new ranks in the same order"
            yield Found(path, item, "rank", "", message, hint)


@check("PT209", "lost-predecessor", "note")
def lost_predecessor(work: Work, _options: Options) -> Iterator[Found]:
    """An item follows one of its series that is not there any more.

    Why: the series begins in the middle; no command leads to what was before.

    Fix: restore the item, or remove the line. Closed items belong into the archive
    (`plaintrack archive`), where they can be found.

    Bad:
        follows: PT-gone42

    Good:
        follows: PT-9x2mfa
    """
    fields = tuple(filter(work.followed, SERIES))
    ids = work.numbers
    missing = work.source.elsewhere(
        sorted(link for link in work.source.links(*fields) if link[2] not in ids)
    )
    rows = work.source.at([number for number, _, _ in missing])
    for number, field, key in missing:
        row, target = rows[number], work.typed(number, field, key)
        if work.focus is None or row.path in work.focus:
            hint = "restore that item, or remove the line"
            yield Found(row.path, row.id, field, target, f"{field}: no item {target}", hint)


@check("PT210", "portable-name", "warning")
def portable_name(work: Work, _options: Options) -> Iterator[Found]:
    """A file or folder has a name that Windows or macOS cannot have beside the others.

    Why: a clone there fails, or one file silently takes the place of another. Windows knows no
    `< > : " \\ | ? *`, no names such as `CON` or `AUX`, and no dot or blank at the end; on both
    systems `a.md` and `A.md` are one file, as are `é` in one character and in two.

    Fix: rename it with `git mv`; the id of the item stays.

    Bad:
        tasks/Meeting: notes.md

    Good:
        tasks/Meeting - notes.md
    """
    for path, message in unportable(work.source.paths()):
        if work.focus is None or path in work.focus:
            hint = "rename it with `git mv`"
            yield Found(path, "", "", "", message, hint, about=message)


@check("PT211", "lost-link", "note")
def lost_link(work: Work, _options: Options) -> Iterable[Found]:
    """A link in an item, a comment or a document leads to where the file of an item stands no more.

    Why: it was archived, moved, renamed or deleted, and who follows the link finds nothing. What
    plaintrack moves keeps its own links; those of others to it are left as they were written.

    Fix: write where the file is now, or name the item by its id alone, which does not move. Of a
    change, links to the files that it takes away are told, wherever they stand.

    Bad:
        a link in tasks/ to PT-7k3q9x-login.md, which lies in archive/

    Good:
        a link to ../archive/PT-7k3q9x-login.md
    """
    if work.focus is None:
        return work.source.astray(None)
    gone = {each.old.path for each in work.deltas if each.old is not None}
    gone -= {each.new.path for each in work.deltas if each.new is not None}
    return work.source.astray(gone) if gone else ()


@check("PT212", "twice-imported", "warning")
def twice_imported(work: Work, _options: Options) -> Iterator[Found]:
    """Several items came from one item of another program.

    Why: the next import changes the first of them only. It comes from two clones that imported
    different files where ids are counted, or from copying a file.

    Fix: move what only one of them has to the other, and delete one; or take the line `source` out
    of what is an item of its own.

    Bad:
        source: jira:ABC-12, in tasks/PT-1-login.md and in tasks/PT-9-login.md

    Good:
        a source in one item
    """
    if "imports" not in work.settings.rooms:
        return
    first: Row | None = None
    before = ""
    for row, source in work.source.twins():
        if first is None or source != before:
            first, before = row, source
        elif came(source) and fold(row.id) != fold(first.id):  # else PT201 tells
            message = f"the source {source} is also that of {first.path}"
            hint = "delete one of the two, or take the line out of one"
            yield Found(row.path, row.id, "source", source, message, hint, about=row.path)
