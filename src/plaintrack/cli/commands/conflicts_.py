"""``plaintrack conflicts``: what the two sides of a merge disagree on, in field terms."""

from typing import TYPE_CHECKING

import click

from plaintrack.cli.options import dry_run, show_diff, workspace
from plaintrack.cli.output import Unanswered, encoded, lines, note, out, safe
from plaintrack.model.count import plural

if TYPE_CHECKING:
    from plaintrack.app.git.conflicts import Conflict, Dispute
    from plaintrack.app.snapshot.workspace import Workspace

_TEXTS = ("body", "file", "item", "comments")  # no values, but lines
_ANSWERS = {"o": "ours", "t": "theirs", "b": "both", "": "", "s": ""}


@click.command("conflicts")
@click.argument("items", nargs=-1, metavar="[ID|PATH]...")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME",
    help="Resolve only this field; `body`, `file` and `item` must be named.",
)
@click.option(
    "--take",
    type=click.Choice(["ours", "theirs", "both"]),
    help="Take one side; for lists also both.",
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
    interactive: bool,
    style: str,
    dry_run: bool,
) -> int:
    """Show and resolve merge conflicts: the markers of git, of a forge, or of plaintrack.

    Where git still has both sides, they are merged field by field first. Exit with 1 while
    conflicts are left.
    """
    from plaintrack.app.git.conflicts import decide, find, write

    if fields and not take and not interactive:
        raise click.UsageError("--field needs --take or --interactive")
    place = workspace()
    found = find(place, items)
    known = {dispute.field for each in found for dispute in each.disputes(place)}
    for name in fields:
        if name not in known:
            raise click.UsageError(
                f"no conflict in {name!r}"
                + (f"; there are conflicts in {', '.join(sorted(known))}" if known else "")
            )

    taken: dict[str, list[str]] = {}

    def decided(conflict: "Conflict") -> "Conflict":
        def choose(dispute: "Dispute") -> str:
            if dispute.field not in fields and (
                fields or (not interactive and dispute.field in ("body", "file", "item"))
            ):
                return ""
            side = _answer(dispute) if interactive else take or ""
            if side:
                taken.setdefault(conflict.path, []).append(_taken(dispute, side))
            return side

        return decide(place, conflict, choose)

    left = [decided(each) for each in found]
    pairs = list(zip(found, left, strict=True))
    written = write(place, " ".join(["conflicts", *items]), pairs, dry_run, listing=not taken)
    if style == "json":
        out(
            encoded(
                {"schema": 1, "conflicts": [each for one in left for each in _plain(place, one)]}, 2
            )
        )
    else:
        _report(place, found, left, taken)
    for each in written if dry_run else ():
        show_diff(each.before, each.after, each.path)
    ready = [after.path for after in left if after.unmerged and not after.left]
    ready += [after.beside[0] for after in left if after.beside and after.path in ready]
    if ready and not dry_run:
        note(safe(f"nothing is staged: run `git add {' '.join(ready)}` when you are satisfied"))
    return 1 if any(each.left for each in left) else 0


def _report(
    place: "Workspace", found: "list[Conflict]", left: "list[Conflict]", taken: dict[str, list[str]]
) -> None:
    for before, after in zip(found, left, strict=True):
        name = safe((after.ids or (after.path,))[0])
        if before.merged:
            out(f"{name}  merged field by field")
        for line in taken.get(after.path, []):
            out(f"{name}  {line}")
        if after.left:
            sides = (
                ""
                if after.labels == ("ours", "theirs")
                else f"  (ours: {after.labels[0]}, theirs: {after.labels[1]})"
            )
            out(safe(f"{name}  {after.path}{sides}"))
            for line in [line for dispute in after.disputes(place) for line in _lines(dispute)]:
                out(f"  {line}")
            if after.found.reason:
                out(safe(f"  {after.found.reason}"))
    rest = sum(max(len(each.found.clashes), 1) for each in left if each.left)
    if rest:
        note(
            f"{plural(rest, 'conflict')} left; resolve with `--take ours|theirs|both`,"
            " `--interactive`, or in an editor"
        )
    elif not found:
        note("no conflicts")


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


def _plain(place: "Workspace", conflict: "Conflict") -> list[dict[str, object]]:
    about = {
        "path": conflict.path,
        "ids": list(conflict.ids),
        "labels": dict(zip(("ours", "theirs"), conflict.labels, strict=True)),
    }
    if conflict.found.reason:
        about["reason"] = conflict.found.reason
    return [{**about, **dispute._asdict()} for dispute in conflict.disputes(place)] or (
        [about] if conflict.left else []
    )
