"""Comments on items: each a file of its own, so that two branches that both comment never
conflict.
"""

from datetime import UTC

from plaintrack.app.snapshot import find
from plaintrack.app.snapshot.people import me
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.stamps import behind
from plaintrack.app.write.verb import verb
from plaintrack.app.write.writer import Writer
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.change import Change
from plaintrack.model.count import plural
from plaintrack.model.done import Done
from plaintrack.model.thread import called
from plaintrack.text.format import document


class EmptyComment(PlaintrackError):
    """A comment has a text."""

    slug = "empty-comment"

    def __init__(self) -> None:
        super().__init__("the comment is empty; nothing was written", "write a text")


class NoSuchComment(PlaintrackError):
    """An item has no comment of that number or name."""

    slug = "no-such-comment"
    exit_code = 1

    def __init__(self, which: str, item: str, count: int) -> None:
        there = f"{item} has {plural(count, 'comment')}"
        hint = f"{command('show', item)} numbers them" if count else "leave out the option"
        super().__init__(f"there is no comment {which!r}: {there}", hint)


class NotReadBack(PlaintrackError):
    """The file of a comment would not say what was written."""

    slug = "not-read-back"

    def __init__(self, why: str = "") -> None:
        cause = f": {why}" if why else ""
        super().__init__(
            f"the comment's file would not read back as written{cause}", "change its text"
        )


def comments(workspace: Workspace, item: str) -> list[str]:
    """The paths of an item's comments."""
    folder = f"comments/{item}"
    return [f"{folder}/{name}" for name in workspace.entries(folder) if name.endswith(".md")]


def comment(
    workspace: Workspace,
    name: str,
    text: str,
    dry: bool = False,
    answers: str = "",
    resolved: bool = False,
) -> Done:
    """Comment on the item that ``name`` names; ``answers`` is the number or the name of the comment
    that it answers, and ``resolved`` closes that thread, with or without a text. Raises
    EmptyComment, NoSuchComment, NotReadBack.
    """
    item = find.resolve(workspace, name)
    if not text.strip() and not resolved:
        raise EmptyComment
    above = answered(workspace, item, answers) if answers else ""
    with verb(workspace, f"comment {item}", dry) as work:
        path = say(workspace, work.writer, item, text, above, resolved)
        work.item(item, path, (Change(item, path, "commented", new=text or "(resolved)"),))
    return work.done()


def answered(workspace: Workspace, item: str, which: str) -> str:
    """The name of the comment that a number (from 1, the oldest first) or a name means; raises
    NoSuchComment.
    """
    names = [called(each) for each in workspace.names(f"comments/{item}")]
    wanted = called(which)
    if wanted in names:
        return wanted
    digits = which.removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) < 10 and 0 < int(digits) <= len(names):
        return names[int(digits) - 1]
    raise NoSuchComment(which, item, len(names))


def say(
    workspace: Workspace,
    writer: Writer,
    item: str,
    text: str,
    answers: str = "",
    resolved: bool = False,
) -> str:
    """Write a comment by the user, as a part of a command; its path."""
    stamp = workspace.now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    author = (me(workspace) or ("",))[0]
    fields = [("author", author)] if author else []
    fields.append(("date", workspace.now.isoformat()))
    fields += [("answers", answers)] if answers else []
    fields += [("resolved", "true")] if resolved else []
    whole = document(fields, text.rstrip("\n") + "\n", workspace.schema)
    path = behind(workspace, f"comments/{item}", stamp)
    writer.create(path, comment_bytes(workspace, path, whole, text))
    return path


def comment_bytes(workspace: Workspace, path: str, document: str, text: str) -> bytes:
    """The bytes of a new comment, read again before they are written; raises NotReadBack if they
    do not say ``text``.
    """
    from plaintrack.app.snapshot.spoken import comment as read

    data = document.encode("utf-8", "replace")
    again = read(path, data, workspace.schema)
    if again.problem is not None:
        raise NotReadBack(again.problem.message)
    if again.body.strip() != text.encode("utf-8", "replace").decode().strip():
        raise NotReadBack
    return data
