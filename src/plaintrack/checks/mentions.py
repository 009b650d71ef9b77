"""Checks of names with an ``@``: in fields, where it is wrong, and in texts."""

from collections.abc import Iterator, Sequence

from plaintrack.checks.catalogue import check
from plaintrack.checks.work import Found, Options, Work, at
from plaintrack.model.fields import UPWARD
from plaintrack.query.columns import COLUMNS


@check("PT615", "at-sign", "warning")
def at_sign(work: Work, _options: Options) -> Iterator[Found]:
    """A field of people or items has a name with an `@`.

    Why: in fields the name stands without it; with it no one is found, and no link is followed.

    Fix: leave the `@` out.

    Bad:
        assignee: '@ana'

    Good:
        assignee: ana
    """
    fields = [
        each.name
        for each in work.schema.fields.values()
        if each.kind in ("person", "link") and each.name not in COLUMNS.difference(UPWARD)
    ]
    marked = sorted(work.source.beginning("@", *fields))
    known = {*work.staff.people, *work.staff.teams, *work.numbers} if marked else set()
    for number, field, key in marked:
        if key[1:] in known and number in work.by_number:
            value = work.typed(number, field, key)
            message = f"{field} is {value!r}, and names stand without the @"
            yield at(work.by_number[number], field, message, f"write {value[1:]}", value=value)


@check("PT616", "misspelt-mention", "note")
def misspelt_mention(work: Work, _options: Options) -> Iterator[Found]:
    """A text mentions a name that no one has, and one letter makes it that of a person or group.

    Bodies are read, comments and status updates.

    Why: who is meant does not find it in the inbox.

    Fix: write the name as in the person's file; put it in backticks if no one is meant.

    Bad:
        Ask @anna.

    Good:
        Ask @ana.
    """
    staff = work.staff
    if not staff.people:
        return
    from plaintrack.text.mention import slip

    known = {**{key: each.handle for key, each in staff.people.items()}, **staff.spelled}
    for path, item, names, where in _mentions(work):
        for key in names:
            meant = "" if key in known else slip(key, known.values())
            if meant:
                message = f"{where} mentions @{key}, and no one here is called so"
                yield Found(path, item, "", "", message, f"did you mean @{meant}?", about=key)


def _mentions(work: Work) -> Iterator[tuple[str, str, Sequence[str], str]]:
    """Path, item and names of the texts that mention someone, and what text it is."""
    declared = "mentions" in work.schema.fields
    for number, _, key in () if declared else sorted(work.source.links("mentions")):
        row = work.by_number.get(number)
        if row is not None:
            yield row.path, row.id, (key,), "the body"
    for path, names in work.source.mentions(work.by_id):
        what = "the comment" if path.startswith("comments/") else "the update"
        yield path, path.split("/")[-2], names, what
