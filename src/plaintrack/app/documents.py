"""Live documents: keeps the generated blocks of Markdown files true."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from plaintrack.app.git.setup import cover
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.board import board
from plaintrack.app.snapshot.counts import counts, progress
from plaintrack.app.snapshot.documents import documents, said
from plaintrack.app.snapshot.listing import grouped, listing
from plaintrack.app.snapshot.tree import Tree
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.errors import PlaintrackError, suggestion
from plaintrack.model.problem import Problem
from plaintrack.render.document import Document
from plaintrack.render.figures import Figure, Progress
from plaintrack.render.markdown import NOTHING, draw
from plaintrack.show import board as boards
from plaintrack.show import counts as numbers
from plaintrack.show import diagrams, items
from plaintrack.show import tree as trees
from plaintrack.store import files, place
from plaintrack.text.blocks import LIKE, Block, blocks, filled

KINDS = (
    *("list", "board", "count", "progress", "graph", "gantt", "tree", "stats"),
    *("goals", "project-status", "plan", "plan-gantt"),
)
_ORDER = "due,created,id"
_OPTIONS = {"list": ("columns", "group"), "stats": ("by",), "plan-gantt": ("by",)}
"""The options of each kind of block; elsewhere such a word is a term of the query."""
_OPTION = re.compile(r"(?:^|\s)(columns|group|by):([^\s\"']+)(?=\s|$)")


class Rendered(NamedTuple):
    """One document with blocks: its bytes, those that it should hold, and what is wrong with its
    blocks.

    And which blocks (by their lines) become how many lines longer.
    """

    path: str
    before: bytes
    after: bytes
    problems: tuple[Problem, ...]
    longer: tuple[tuple[int, int], ...] = ()

    @property
    def stale(self) -> bool:
        """Whether a block does not say what is true now."""
        return self.before != self.after

    @property
    def left(self) -> tuple[Problem, ...]:
        """What is wrong, at its places in the document as it should be."""
        return tuple(
            each._replace(
                line=each.line + sum(more for line, more in self.longer if line < each.line)
            )
            for each in self.problems
        )


class BadBlock(PlaintrackError):
    """A block asks for what there is not."""

    slug = "live-block"


class NoBlock(BadBlock):
    """The line that opens a block does not name one."""

    slug = "no-block"

    def __init__(self) -> None:
        super().__init__(
            "the block does not say what it shows", f"the blocks are {', '.join(KINDS)}"
        )


class UnknownBlock(BadBlock):
    """No block has that name."""

    slug = "unknown-block"

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"unknown block {kind!r}",
            suggestion(kind, KINDS, f"the blocks are {', '.join(KINDS)}"),
            kind,
            1,
        )


class UnknownGrouping(BadBlock):
    """A chart of the plan cannot be grouped so."""

    slug = "unknown-grouping"

    def __init__(self, by: str, known: Sequence[str]) -> None:
        super().__init__(
            f"a plan cannot be grouped by {by!r}",
            suggestion(by, known, f"write by:{' or by:'.join(known)}"),
            by,
            1,
        )


class OutsideRepository(BadBlock):
    """The document lies outside the repository."""

    slug = "outside-repository"

    def __init__(self, path: str, top: str) -> None:
        super().__init__(
            f"{path} is not inside the repository {top}", "name files of this repository"
        )


def rendered(workspace: Workspace, paths: Sequence[str] | None = None) -> list[Rendered]:
    """What the documents (all with blocks, if no ``paths`` are given) hold, and what they should.
    Raises Oddity, OSError for a path that is given.
    """
    found = []
    for path in documents(workspace) if paths is None else paths:
        try:
            data = workspace.read_whole(path)
        except (OSError, files.Oddity):
            if paths is not None:
                raise
            continue
        if LIKE.search(data) and not said(workspace, path):
            found.append(_rendered(workspace, path, data))
    return found


def _rendered(workspace: Workspace, path: str, data: bytes) -> Rendered:
    found = blocks(data, path)
    problems, contents = list(found.problems), []
    for block in found.found:
        try:
            lines = _content(workspace, block.asked, path)
            contents.append((block, "".join(f"{line}\n" for line in ["", *lines, ""])))
        except PlaintrackError as error:
            problems.append(_problem(path, block, error))
    longer = tuple(
        (block.line, text.count("\n") - len(data[block.start : block.end].splitlines()))
        for block, text in contents
    )
    return Rendered(
        path,
        data,
        filled(data, contents),
        tuple(sorted(problems, key=lambda each: each.line)),
        longer,
    )


def _problem(path: str, block: Block, error: PlaintrackError) -> Problem:
    """The error of a block, at the very word where that is known."""
    if error.column:
        at = (
            block.column
            + max(block.excerpt[block.column - 1 :].find(error.excerpt), 0)
            + error.column
            - 1
        )
    else:
        at = block.column
    return Problem("live-block", path, error.message, error.hint, block.line, at, block.excerpt)


def render_documents(workspace: Workspace) -> list[str]:
    """Bring every stale document up to date; the paths that were written."""
    return write(workspace, [each for each in rendered(workspace) if each.stale])


def write(workspace: Workspace, stale: Sequence[Rendered]) -> list[str]:
    """Write documents, and have them merged by our driver; the paths that were written. One that
    someone saves meanwhile is left for the next time.
    """
    done = []
    if stale:
        with writing(workspace, "render") as writer:
            for each in stale:
                try:
                    writer.rewrite(each.path, each.before, each.after)
                    done.append(each.path)
                except (files.Changed, FileNotFoundError):
                    continue
                except OSError as error:
                    workspace.notice(f"{each.path} cannot be written: {error.strerror}")
        with suppress(PlaintrackError, OSError):  # without it they are true all the same
            cover(workspace, done)
    return done


def make(workspace: Workspace, path: str, data: bytes, command: str) -> None:
    """A new document, its blocks filled; raises FileExistsError."""
    with writing(workspace, command) as writer:
        writer.create(path, _rendered(workspace, path, data).after)
    with suppress(PlaintrackError, OSError):
        cover(workspace, [path])


def document(workspace: Workspace, path: str) -> str:
    """A path of the file system as one from the workspace; raises BadBlock if it lies outside of
    the repository.
    """
    found = os.path.abspath(path)
    top = place.top(workspace.root) or workspace.root
    if os.path.commonpath([os.path.realpath(top), os.path.realpath(found)]) != os.path.realpath(
        top
    ):
        raise OutsideRepository(path, top)
    return os.path.relpath(found, workspace.root).replace(os.sep, "/")


def faults(
    path: str, data: bytes, refused: Callable[[str, Sequence[str]], PlaintrackError | None]
) -> list[Problem]:
    """What is wrong with the blocks of a document, whether they are true or not; ``refused`` says
    why a query or the names of fields cannot be asked for.
    """
    found = blocks(data, path)
    problems = list(found.problems)
    for block in found.found:
        try:
            kind, query, options = _understood(block.asked)
            error = refused(query, _fields(kind, options))
        except BadBlock as bad:
            error = bad
        if error:
            problems.append(_problem(path, block, error))
    return problems


def _understood(asked: str) -> tuple[str, str, dict[str, str]]:
    """What a block shows, its query and its options; raises BadBlock."""
    kind, _, rest = asked.partition(" ")
    if not kind:
        raise NoBlock
    if kind not in KINDS:
        raise UnknownBlock(kind)
    options: dict[str, str] = {}
    for name, value in _OPTION.findall(rest):
        if name in _OPTIONS.get(kind, ()):
            options[name] = value
    return (
        kind,
        _OPTION.sub(lambda each: "" if options.get(each[1]) == each[2] else each[0], rest).strip(),
        options,
    )


def _fields(kind: str, options: Mapping[str, str]) -> list[str]:
    """The fields that options name; raises BadBlock."""
    if kind != "plan-gantt":
        return [name for value in options.values() for name in value.split(",")]
    from plaintrack.show.plan import GROUPS

    by = options.get("by", "person")
    if by not in GROUPS:
        raise UnknownGrouping(by, GROUPS)
    return []


def _content(workspace: Workspace, asked: str, document: str) -> list[str]:
    """The lines of one block; raises BadBlock, BadQuery."""
    kind, query, options = _understood(asked)
    return list(draw(_answer(workspace, kind, query, options, document))) or [NOTHING]


def _answer(
    workspace: Workspace, kind: str, query: str, options: dict[str, str], document: str
) -> Document:
    """What a block says, as the command of that name would say it."""

    def where(path: str) -> str:
        return items.address(path, document)

    if kind == "list":
        return _list(workspace, query, options, where)
    if kind in ("goals", "project-status"):
        return _aims(workspace, kind, query, where)
    if kind in ("plan", "plan-gantt"):
        return _plan(workspace, kind, query, options.get("by", "person"))
    order = "-urgency" if kind == "board" else _ORDER
    state = "open?" if kind in ("count", "gantt") else ""
    asked = answers.question(workspace, query, state=state, shown=order)
    if kind == "board":
        return boards.board(board(workspace, asked), where)
    if kind == "stats":
        return numbers.counts(counts(workspace, asked, options.get("by", "status")))
    if kind == "progress":
        return Document((Progress(*progress(workspace, asked)),))
    tasks = answers.tasks(workspace, asked)
    if kind == "count":
        return Document((Figure(len(tasks)),))
    if kind == "graph":
        return diagrams.graph(tasks, workspace.schema, workspace.today)
    if kind == "gantt":
        return diagrams.gantt(tasks, workspace.schema, workspace.today, _titles(workspace))
    tree = Tree(tasks, False)
    return trees.tree(limb for root in tree.roots() for limb in tree.limbs(root))


def _aims(workspace: Workspace, kind: str, query: str, where: Callable[[str], str]) -> Document:
    if kind == "goals":
        from plaintrack.app.snapshot.goals import standing
        from plaintrack.show.goals import goals

        return goals(standing(workspace, query), workspace.schema, where)
    from plaintrack.app.snapshot.projects import matching
    from plaintrack.show.projects import status

    return status(matching(workspace, query), workspace.schema, where)


def _plan(workspace: Workspace, kind: str, query: str, by: str) -> Document:
    """What the plan says of the items, as `plaintrack plan` does."""
    from plaintrack.app.planning.plan import chosen, plan
    from plaintrack.show import plan as plans

    if by not in plans.GROUPS:
        raise UnknownGrouping(by, plans.GROUPS)
    answer = plan(workspace)
    lines = chosen(workspace, answer, [query] if query else [])
    if kind == "plan":
        return plans.table(answer, lines, workspace.schema.day)
    return plans.gantt(answer, lines, by)


def _list(
    workspace: Workspace, query: str, options: dict[str, str], where: Callable[[str], str]
) -> Document:
    columns = options.get("columns", ",".join(workspace.settings.columns)).split(",")
    names = [answers.field(workspace, name) for name in columns]
    group = answers.field(workspace, options["group"]) if "group" in options else ""
    asked = answers.question(workspace, query, state="open?", shown=workspace.settings.sort)
    asked = grouped(asked, group)
    return items.table(listing(workspace, asked, names, group, paths=True), where)


def _titles(workspace: Workspace) -> dict[str, str]:
    """The titles of the projects by folded id."""
    projects = answers.tasks(workspace, answers.question(workspace, "type:project"))
    return {task.id.lower(): task.text("title") for task in projects}
