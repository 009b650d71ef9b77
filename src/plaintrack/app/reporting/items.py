"""Items as pages: fields, what is around them, text and comments, all from one look at the work."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from plaintrack.app.reporting.blocks import UNTOLD
from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.spoken import comments
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import Task, fold
from plaintrack.model.thread import threads
from plaintrack.query.facts import Facts
from plaintrack.render.document import Document
from plaintrack.render.sections import Entry, Fields, Prose, Section
from plaintrack.store import files, place

if TYPE_CHECKING:
    from plaintrack.render.document import Part


class Items:
    """All items of a snapshot, each with those around it. ``unread`` counts the files that could
    not be read.
    """

    def __init__(self, snapshot: Snapshot, tasks: Sequence[Task]) -> None:
        self.snapshot, self.unread = snapshot, 0
        self.facts = Facts(tasks, snapshot.schema, snapshot.today)
        self.by_id = {fold(task.id): task for task in tasks}
        self.blocked: dict[str, list[Task]] = {}
        for task in tasks:
            for each in dict.fromkeys(map(fold, task.many("depends_on"))):
                self.blocked.setdefault(each, []).append(task)
        self.spoken = self._spoken()
        self.untold = UNTOLD if snapshot.discreet else frozenset()

    def _spoken(self) -> frozenset[str]:
        """The folded ids that have comments."""
        if self.snapshot.worktree is not None:
            return frozenset(map(fold, self.snapshot.worktree.entries(place.COMMENTS)))
        tree = self.snapshot.repo.tree(self.snapshot.tip, [place.COMMENTS])
        return frozenset(fold(path.split("/")[1]) for path, _ in tree)

    def document(self, task: Task) -> Document:
        """One item whole."""
        return Document(list(self._parts(task)))

    def _parts(self, task: Task) -> Iterator["Part"]:
        yield Fields(list(self._fields(task)))
        for heading, some in self._around(task):
            if some:
                yield Section(heading, [Entry((), each.id, _about(each)) for each in some])
        body = self._body(task)
        if body.strip():
            yield Prose(body)
        if fold(task.id) in self.spoken:
            for said in threads(list(comments(self.snapshot, task.id))):
                comment = said.comment
                if not comment.problem:
                    title = f"{comment.author} on {comment.date[:16].replace('T', ' ')}"
                    if comment.resolved:
                        title += " (resolves the thread)"
                    yield Prose(comment.body.strip("\r\n"), title, min(said.depth, 8))

    def _fields(self, task: Task) -> Iterator[tuple[str, str]]:
        for name in task.fields:
            text = task.text(name)
            known = name in ("id", "title") or name.partition(".")[0] in self.untold
            if text and not known and not name.endswith(".lag"):
                yield name, text
        facts = self.facts
        states = (
            ("blocked", facts.blocked),
            ("waiting", facts.waiting),
            ("overdue", facts.overdue),
        )
        found = [name for name, holds in states if holds(task)]
        if found:
            yield "state", ", ".join(found)

    def _around(self, task: Task) -> Iterator[tuple[str, list[Task]]]:
        needed = (self.by_id.get(fold(each)) for each in task.many("depends_on"))
        yield "Depends on", [each for each in needed if each is not None]
        yield "Blocks", self.blocked.get(fold(task.id), [])
        yield "Contains", self.facts.children(task)

    def _body(self, task: Task) -> str:
        try:
            return find.body(self.snapshot, task.path).strip("\r\n")
        except (OSError, PlaintrackError, files.Oddity):
            self.unread += 1
            return ""


def _about(task: Task) -> str:
    """One item in a line."""
    who = task.text("assignee")
    texts = (task.text("title"), task.text("status"), who)
    return " · ".join(filter(None, texts))
