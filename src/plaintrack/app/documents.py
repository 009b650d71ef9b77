"""Live documents: keeps the generated blocks of Markdown files true."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from plaintrack.app.git.setup import cover
from plaintrack.app.reporting.blocks import BadBlock, answer, fields, understood
from plaintrack.app.snapshot.documents import documents, said
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.errors import PlaintrackError
from plaintrack.model.problem import Problem
from plaintrack.render.markdown import NOTHING, draw
from plaintrack.show.items import address
from plaintrack.store import files, place
from plaintrack.text.blocks import LIKE, Block, blocks, filled


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
            kind, query, options = understood(block.asked)
            error = refused(query, fields(kind, options))
        except BadBlock as bad:
            error = bad
        if error:
            problems.append(_problem(path, block, error))
    return problems


def _content(workspace: Workspace, asked: str, document: str) -> list[str]:
    """The lines of one block; raises BadBlock, BadQuery."""
    kind, query, options = understood(asked)
    said = answer(workspace, kind, query, options, lambda path: address(path, document))
    return list(draw(said)) or [NOTHING]
