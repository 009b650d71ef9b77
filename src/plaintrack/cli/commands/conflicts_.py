"""``plaintrack conflicts``: what the two sides of a merge disagree on, in field terms."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli.options import dry_run, open_workspace, show_diff
from plaintrack.cli.output import Unanswered, encoded, lines, note, out, safe
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.app.git.conflicts import Conflict, Dispute
    from plaintrack.app.snapshot.workspace import Workspace

_TEXTS = ("body", "file", "item", "comments")  # no values, but lines
_NAMED = ("body", "file", "item", "deletion")
_ANSWERS = {"o": "ours", "t": "theirs", "b": "both", "": "", "s": ""}


@click.command("conflicts")
@click.argument("items", nargs=-1, metavar="[ID|PATH]...")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME",
    help="Resolve only this field; `body`, `file`, `item` and `deletion` must be named.",
)
@click.option(
    "--take",
    type=click.Choice(["ours", "theirs", "both"]),
    help="Take one side; for lists also both.",
)
@click.option(
    "--stage",
    is_flag=True,
    help="Stage the items that are resolved; when nothing is left, commit the merge.",
)
@click.option("-i", "--interactive", is_flag=True, help="Ask about every conflict.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Output format.",
)
@dry_run
def command(
    items: tuple[str, ...],
    fields: tuple[str, ...],
    take: str | None,
    stage: bool,
    interactive: bool,
    style: str,
    dry_run: bool,
) -> int:
    """Show and resolve merge conflicts: the markers of git, of a forge, or of plaintrack.

    Where git still has both sides, they are merged field by field first. Exit with 1 while
    conflicts are left. After `--take`, or with it, `--stage` ends the merge.
    """
    from plaintrack.app.git.conflicts import find, others, write

    if fields and not take and not interactive:
        raise click.UsageError("--field needs --take or --interactive")
    if take and interactive:
        raise click.UsageError("--interactive asks which side to take; leave --take out")
    workspace = open_workspace()
    conflicts = find(workspace, items)
    beside = [] if items else others(workspace)
    _check_fields(workspace, fields, conflicts)
    choice = _Choice(fields, take or "", interactive)
    left = [choice.decide(workspace, conflict) for conflict in conflicts]
    pairs = list(zip(conflicts, left, strict=True))
    command = " ".join(["conflicts", *items])
    written = write(workspace, command, pairs, dry_run, listing=not choice.taken)
    if style == "json":
        rows = [row for conflict in left for row in _plain(workspace, conflict)]
        out(encoded({"schema": 1, "conflicts": rows}, 2))
    else:
        _report(workspace, conflicts, left, choice.taken)
        _tell_others(beside, bool(conflicts))
    if dry_run:
        for file in written:
            show_diff(file.before, file.after, file.path)
    if stage:
        _stage(workspace, left, dry_run)
    elif not dry_run:
        _tell_unstaged(left)
    return int(bool(beside) or any(conflict.left for conflict in left))


def _check_fields(
    workspace: "Workspace", fields: tuple[str, ...], conflicts: "list[Conflict]"
) -> None:
    """Refuse a field that no conflict is about."""
    known = {dispute.field for conflict in conflicts for dispute in conflict.disputes(workspace)}
    for name in fields:
        if name not in known:
            others = f"; there are conflicts in {', '.join(sorted(known))}" if known else ""
            raise click.UsageError(f"no conflict in {name!r}{others}")


class _Choice:
    """Which side is taken of each dispute, by the options or by asking."""

    def __init__(self, fields: tuple[str, ...], take: str, interactive: bool) -> None:
        self.fields = fields
        self.take = take
        self.interactive = interactive
        self.taken: dict[str, list[str]] = {}
        """What was decided, by path, a line each."""

    def decide(self, workspace: "Workspace", conflict: "Conflict") -> "Conflict":
        """The conflict with what is left of it."""
        from plaintrack.app.git.conflicts import decide

        def side_of(dispute: "Dispute") -> str:
            side = self._side(dispute)
            if side:
                self.taken.setdefault(conflict.path, []).append(_taken(dispute, side))
            return side

        return decide(workspace, conflict, side_of)

    def _side(self, dispute: "Dispute") -> str:
        """The side to take; empty: leave the dispute open."""
        if self.fields and dispute.field not in self.fields:
            return ""
        if self.interactive:
            return _answer(dispute)
        # the body, a whole file, two items in one file, a deletion: taken only if they are named
        if not self.fields and dispute.field in _NAMED:
            return ""
        return self.take


def _tell_unstaged(left: "list[Conflict]") -> None:
    """Say which files are to be staged, now that nothing is left of their conflicts."""
    ready = [conflict.path for conflict in left if conflict.unmerged and not conflict.left]
    ready += [each.beside[0] for each in left if each.beside and each.path in ready]
    if ready:
        note(
            safe(
                f"nothing is staged: run `git add {' '.join(ready)}` when you are satisfied, or"
                " `plaintrack conflicts --stage`, which ends a merge"
            )
        )


def _stage(workspace: "Workspace", left: "list[Conflict]", dry: bool) -> None:
    """Stage what is resolved, end the merge, and say what is left to do."""
    from plaintrack.app.git.staging import stage

    open_ = [each.path for each in left if each.left]
    also = [each.beside[0] for each in left if each.beside and not each.left]
    done = stage(workspace, open_, also, dry)
    for path in done.paths:
        (note if dry else out)(safe(f"{'would stage' if dry else 'staged'} {path}"))
    if done.commit:
        out(f"the merge is committed: {done.commit[:12]}")
    elif done.left:
        note(safe(f"not merged yet: {', '.join(done.left)}"))
    elif done.underway and done.underway != "merge":
        note(f"go on with `git {done.underway} --continue`")
    elif not done.paths:
        note("nothing to stage")


def _report(
    workspace: "Workspace",
    found: "list[Conflict]",
    left: "list[Conflict]",
    taken: dict[str, list[str]],
) -> None:
    """Print what was merged and taken, and what is left."""
    for before, after in zip(found, left, strict=True):
        name = safe((after.ids or (after.path,))[0])
        if before.merged:
            out(f"{name}  merged field by field")
        for line in taken.get(after.path, []):
            out(f"{name}  {line}")
        if after.left:
            _report_left(workspace, name, after)
    rest = sum(max(len(each.found.clashes), 1) for each in left if each.left)
    if rest:
        open_ = {each.field for conflict in left for each in conflict.disputes(workspace)}
        note(f"{plural(rest, 'conflict')} left; resolve with {_ways(open_)}")


def _tell_others(paths: list[str], items: bool) -> None:
    """Say which other files are not merged, or that there are no conflicts at all."""
    if paths:
        note(safe(f"not merged, and not items: {', '.join(paths)}; resolve them, then `git add`"))
    elif not items:
        note("no conflicts")


def _ways(fields: set[str]) -> str:
    """How to resolve conflicts in these fields; some have to be named."""
    named = [name for name in _NAMED if name in fields]
    if not named or fields - set(named):
        named = ["", *named]
    ways = [
        f"--take {'ours|theirs' if name == 'deletion' else 'ours|theirs|both'}"
        + (f" --field {name}" if name else "")
        for name in named
    ]
    return ", ".join([*(f"`{way}`" for way in ways), "`--interactive`, or in an editor"])


def _report_left(workspace: "Workspace", name: str, conflict: "Conflict") -> None:
    """Print what is left of one file's conflicts, and whose the sides are if that is known."""
    from plaintrack.app.git.whose import whose

    ours, theirs = conflict.labels
    known = whose(workspace, conflict.path) if conflict.unmerged else None
    named = (ours, theirs) != ("ours", "theirs")
    if known and (known.ours or known.theirs):
        named = True
        ours, theirs = _by(ours, known.ours), _by(theirs, known.theirs)
    sides = f"  (ours: {ours}, theirs: {theirs})" if named else ""
    out(safe(f"{name}  {conflict.path}{sides}"))
    for dispute in conflict.disputes(workspace):
        for line in _lines(dispute):
            out(f"  {line}")
    if conflict.found.reason:
        out(safe(f"  {conflict.found.reason}"))


def _by(label: str, people: tuple[str, ...]) -> str:
    """A side with the people who made it."""
    who = ", ".join(people)
    if not who or label in ("ours", "theirs"):
        return who or label
    return f"{label} by {who}"


def _taken(dispute: "Dispute", side: str) -> str:
    """What was decided, in one line."""
    value = {"ours": dispute.ours, "theirs": dispute.theirs}.get(side, "")
    long = side == "both" or "\n" in value or dispute.field in _TEXTS
    return safe(
        f"{dispute.field}: {side}" if long else f"{dispute.field}: {value or '(none)'} ({side})"
    )


def _lines(dispute: "Dispute") -> list[str]:
    """One conflict: a field on one line, the body with the lines of both sides."""
    if dispute.field not in _TEXTS and "\n" not in dispute.ours + dispute.theirs:
        was = "" if dispute.base is None else f"{dispute.base or '(none)'} → "
        return [
            safe(
                f"{dispute.field}: {was}{dispute.ours or '(none)'} (ours) or"
                f" {dispute.theirs or '(none)'} (theirs)"
            )
        ]
    sides = (("ours", dispute.ours), ("theirs", dispute.theirs))
    return [
        safe(f"{dispute.field}:"),
        *(f"  {side:6} | {line}" for side, text in sides for line in lines(text.rstrip("\r\n"))),
    ]


def _answer(dispute: "Dispute") -> str:
    """What to take, asked on standard error; raises Unanswered where no one answers."""
    import sys

    for line in _lines(dispute):
        note(line)
    while True:
        note("  [o]urs, [t]heirs, [b]oth, [s]kip?")
        answer = sys.stdin.readline() if sys.stdin is not None else ""
        if not answer:
            raise Unanswered("--take")
        if answer.strip().lower()[:1] in _ANSWERS:
            return _ANSWERS[answer.strip().lower()[:1]]


def _plain(workspace: "Workspace", conflict: "Conflict") -> list[dict[str, object]]:
    about = {
        "path": conflict.path,
        "ids": list(conflict.ids),
        "labels": dict(zip(("ours", "theirs"), conflict.labels, strict=True)),
    }
    if conflict.unmerged:
        from plaintrack.app.git.whose import whose

        known = whose(workspace, conflict.path)._asdict()
        about["people"] = {side: list(people) for side, people in known.items()}
    if conflict.found.reason:
        about["reason"] = conflict.found.reason
    return [{**about, **dispute._asdict()} for dispute in conflict.disputes(workspace)] or (
        [about] if conflict.left else []
    )
