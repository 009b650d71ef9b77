"""Waivers: an item says in its front matter which finding does not count for it, why, and until
when.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from plaintrack.checks.catalogue import check
from plaintrack.checks.work import Found, Options, Row, Work
from plaintrack.model.problem import shown

FIELD = "waive"
_FORM = re.compile(r"(\S+)(?:\s+until\s+(\S+))?(?:\s+because\s+(\S.*))?")
_HINT = "write `PT305 until 2026-12-31 because …`"


class Waiver(NamedTuple):
    """One waiver of an item: ``check`` is a code or name, ``until`` the last day it holds (empty:
    for ever); ``fault`` says what is wrong.
    """

    row: Row
    text: str
    check: str
    until: str
    fault: str

    def covers(self, code: str, name: str, day: str) -> bool:
        """Whether it holds on that day for a check."""
        return (
            not self.fault and self.check.lower() in (code.lower(), name) and not self.expired(day)
        )

    def expired(self, day: str) -> bool:
        """Whether its last day was before that day."""
        return bool(self.until) and self.until < day


def waivers(work: Work, known: frozenset[str]) -> list[Waiver]:
    """All waivers of the snapshot; ``known`` are the codes and names of the checks, in lower
    case.
    """
    found = []
    numbers = dict.fromkeys(number for number, _, _ in work.source.links(FIELD))
    for row in work.source.at(list(numbers)).values():
        for text in work.source.values(row.number, FIELD):
            found.append(Waiver(row, text, *read(text, known)))
    return found


def read(text: str, known: frozenset[str]) -> tuple[str, str, str]:
    """(check, until, what is wrong) of a waiver's text."""
    form = _FORM.fullmatch(text.strip())
    if form is None:
        return "", "", f"{shown(text)} is not a waiver"
    name, until, reason = form.groups(default="")
    if name.lower() not in known:
        return name, "", f"unknown check {shown(name)}"
    if until and not _day(until):
        return name, "", f"{shown(until)} is not a day"
    return name, until, "" if reason else f"the waiver of {name} gives no reason"


def _day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@check("PT801", "bad-waiver", "error")
def bad_waiver(work: Work, _options: Options) -> Iterator[Found]:
    """A waiver cannot be understood, names no check, or gives no reason.

    Why: it waives nothing; and a waiver without a reason cannot be judged later.

    Fix: write the check, perhaps a last day, and the reason.

    Bad:
        waive:
        - PT305

    Good:
        waive:
        - PT305 until 2026-12-31 because the supplier is late
    """
    return (_at(each, each.fault, _HINT) for each in work.waivers if each.fault)


@check("PT802", "expired-waiver", "warning")
def expired_waiver(work: Work, _options: Options) -> Iterator[Found]:
    """The last day of a waiver has passed.

    Why: it was meant to end; what it hid counts again.

    Fix: fix what it hides and remove it, or agree on a later day.

    Bad:
        waive:
        - overdue until 2026-10-31 because the supplier is late

    Good:
        waive:
        - overdue until 2026-12-31 because the supplier is late
    """
    hint = "fix what it hides and remove it, or agree on a later day"
    return (
        _at(each, f"the waiver of {each.check} ended on {each.until}", hint)
        for each in work.waivers
        if not each.fault and each.expired(work.day)
    )


@check("PT803", "unused-waiver", "note", fixable=True)
def unused_waiver(work: Work, _options: Options) -> Iterator[Found]:
    """A waiver hides nothing.

    Why: what it was for has been fixed; left standing, it would hide the next slip.

    Fix: remove it; `check --fix` does. Waivers of checks on changes (PT5…) may stand.

    Bad:
        waive:
        - overdue because the supplier is late (and the item is not overdue)

    Good:
        no waiver
    """
    for each in work.waivers:
        if (
            not each.fault
            and not each.expired(work.day)
            and (each.row.path, each.text) not in work.used
        ):
            yield _at(each, f"the waiver of {each.check} hides nothing", "remove it")


@check("PT804", "endless-waiver", "note", on=False)
def endless_waiver(work: Work, _options: Options) -> Iterator[Found]:
    """A waiver has no last day.

    Why: no one will look at it again.

    Fix: add `until` and a day.

    Bad:
        waive:
        - overdue because the supplier is late

    Good:
        waive:
        - overdue until 2026-12-31 because the supplier is late
    """
    return (
        _at(each, f"the waiver of {each.check} has no last day", _HINT)
        for each in work.waivers
        if not each.fault and not each.until
    )


def _at(waiver: Waiver, message: str, hint: str) -> Found:
    return Found(waiver.row.path, waiver.row.id, FIELD, waiver.text, message, hint)
