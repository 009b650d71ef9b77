"""A verb at work: its writes under one session, gathered for the answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import NotWritable, Portions, writing
from plaintrack.app.write.writer import Follow, Writer
from plaintrack.errors import PlaintrackError
from plaintrack.model.change import Change
from plaintrack.model.done import Done, ItemChanges, Written
from plaintrack.model.fields import LINKS
from plaintrack.store.index.database import UNUSABLE


class Unfollowed(PlaintrackError):
    """What was asked for is done, but what follows from it could not be."""

    slug = "unfollowed"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"this is done; what follows from it (rules, documents, the commit) is not: {why}",
            "see to that, then run `plaintrack rules run` and `plaintrack render`",
        )


class Verb:
    """What one verb has done so far. To be made by ``verb``; ``done`` is its answer."""

    def __init__(self, workspace: Workspace, dry: bool) -> None:
        self.workspace = workspace
        self.dry = dry
        self.writer = Writer(workspace, dry)
        self.items: list[ItemChanges] = []
        self.rules: list[str] = []
        self.notes: list[str] = []
        self.failed: list[tuple[str, str]] = []
        self.stopped: BaseException | None = None

    def item(
        self,
        item: str,
        path: str,
        changes: tuple[Change, ...],
        also: tuple[str, ...] = (),
    ) -> None:
        """This item was changed."""
        self.items.append(ItemChanges(item, path, changes, also))

    def kept(self, item: str, path: str, why: str) -> None:
        """Nothing was to be done to this item."""
        self.items.append(ItemChanges(item, path, kept=why))

    def done(self) -> Done:
        """The answer, once the session is over."""
        self.notes += [*self._circles(), *self._leaps()]
        return Done(
            tuple(self.items),
            tuple(self.writer.written),
            tuple(self.writer.followers),
            tuple(self.rules),
            tuple(self.notes),
            tuple(self.failed),
            self.stopped,
            self.dry,
        )

    def _leaps(self) -> list[str]:
        """What to say of steps that the workflow does not allow."""
        moved = [each for each in self.writer.written if each.changes]
        if not moved or not self.workspace.settings.checks:
            return []
        return strays(self.workspace, moved)

    def _circles(self) -> list[str]:
        """What to say of links that have closed a circle."""
        linked = [
            file
            for file in self.writer.written
            if file.after and any(change.field in LINKS and change.new for change in file.changes)
        ]
        if not linked:
            return []
        from plaintrack.app.snapshot.circles import circles
        from plaintrack.app.snapshot.people import parsed

        settings = self.workspace.settings
        return circles(
            self.workspace,
            [parsed(settings, file.path, file.after) for file in linked if file.after],
        )


def strays(workspace: Workspace, moved: Sequence[Written]) -> list[str]:
    """What to say of steps of the workflow that the settings do not allow, or not the user."""
    from plaintrack.app.write import leaps, movers

    return [*leaps.leaps(workspace, moved), *movers.strays(workspace, moved)]


@contextmanager
def verb(
    workspace: Workspace,
    command: str,
    dry: bool = False,
    follow: Follow | None = None,
    whole: Portions | None = None,
) -> Iterator[Verb]:
    """Hold one writing session for a verb, which the journal knows as ``command``; ``follow``: what
    follows from it, instead of what the workspace was opened with. ``whole``: it is a portion of
    these.

    A failure after the first item was changed does not leave the block: it is ``stopped`` in the
    answer, so that no door can fail to tell what was done before.
    """
    work = Verb(workspace, dry)
    left = False
    listener = workspace.listener._replace(acted=work.rules.append)
    try:
        session = whole.portion() if whole else writing(workspace, command, dry, follow=follow)
        with workspace.heard(listener), session as writer:
            work.writer = writer
            yield work
            left = True
    except (PlaintrackError, OSError, UNUSABLE, KeyboardInterrupt) as failure:
        if not work.items:
            raise
        work.stopped = _after(failure) if left else failure


def _after(failure: BaseException) -> BaseException:
    """A failure that came when all was done: trying again would do it twice."""
    if isinstance(failure, NotWritable):
        return Unfollowed(failure.message)
    return Unfollowed(str(failure)) if isinstance(failure, (OSError, UNUSABLE)) else failure
