"""Verdicts on the content of items, and whether what the settings ask for is there."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from plaintrack.model.change import Change
from plaintrack.model.problem import Problem
from plaintrack.model.task import Task, fold

ALGORITHM = "sha256:"
BY_FIELD = ("owner", "sponsor", "assignee", "stakeholders")
"""Names in a need that stand for the people in that field of the item; ``owner`` also for those
whom ``owners:`` names.
"""

ROLES = ("owner", "assignee", "author", "commented")
"""Names in a rule of watching that stand for those who own, do, made, or spoke of the item."""


class Verdict(NamedTuple):
    """One verdict as its file says it: ``approved`` or rejected, by whom, in which role (empty: any
    that is theirs), when (ISO), on which content (a digest), and why.

    Where the file cannot be used, ``problem`` says why, and nothing else counts.
    """

    path: str
    approved: bool = False
    by: str = ""
    role: str = ""
    date: str = ""
    content: str = ""
    text: str = ""
    problem: Problem | None = None


VERDICTS = ("approved", "rejected")


def decided(path: str, before: Task | None, after: Task | None) -> tuple[Change, ...]:
    """What happened to an item by the file of a verdict on it, ``ROOM/<id>/<name>.md``: it came, it
    says something else now, or it is gone. Files that say neither word tell nothing.
    """
    old, new = (each.text("verdict") if each else "" for each in (before, after))
    item = path.split("/")[-2]
    if new in VERDICTS:
        why = after.body.strip().partition("\n")[0].strip() if after else ""
        return (Change(item, path, new, new=why if len(why) <= 80 else f"{why[:79]}…"),)
    return (Change(item, path, "withdrawn", old=old),) if old in VERDICTS else ()


class Wanted(NamedTuple):
    """So many approvals of a person or the members of a group; ``owner`` stands for the owners of
    the item.
    """

    number: int
    who: str

    def describe(self) -> str:
        """As the settings say it: ``2 of leads``, ``ana``."""
        return self.who if self.number == 1 else f"{self.number} of {self.who}"


class Need(NamedTuple):
    """A rule: the items that ``query`` finds need these approvals before their status is in ``to``.

    ``author``: an approval by who made the item does not count. Items that were closed before
    ``since`` (ISO day; empty: none) are let be.
    """

    query: str
    to: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    author: bool = False
    since: str = ""


class Standing(NamedTuple):
    """The verdicts on one item, the newest first: ``valid`` approvals and ``rejected`` ones of its
    present content, one a person; those that are ``void`` since the content has changed; ``past``
    ones that a later verdict of the same person replaced; and the ``broken`` files.
    """

    valid: tuple[Verdict, ...] = ()
    rejected: tuple[Verdict, ...] = ()
    void: tuple[Verdict, ...] = ()
    past: tuple[Verdict, ...] = ()
    broken: tuple[Verdict, ...] = ()


def content(
    item: str,
    task: Task,
    fields: Iterable[str],
    lists: frozenset[str],
    body: bool,
    files: Mapping[str, str] = {},
) -> str:
    """The digest of what is approved: SHA-256 over the item's first id, the named fields that have
    a value, the body and the digests of linked files.

    It is one of values: spelling, quotes, comments, order of keys, of list elements, line ends, and
    empty lines around the body make no difference.
    """
    values = {}
    for name in fields:
        many = [fold_lines(each) for each in task.many(name) if each]
        if many:
            values[name] = sorted(set(many)) if name in lists else many
    text = fold_lines(task.body).strip("\n") if body else ""
    whole = {"item": fold(item), "fields": values, "body": text, "files": dict(files)}
    from hashlib import sha256

    data = json.dumps(whole, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return ALGORITHM + sha256(data.encode("ascii", "backslashreplace")).hexdigest()


def fold_lines(text: str) -> str:
    """A text with line feeds alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def standing(verdicts: Iterable[Verdict], present: str, when: Callable[[str], float]) -> Standing:
    """How verdicts stand to the ``present`` content. Of one person and role the latest counts;
    ``when`` says what dates are ordered by.
    """
    broken: list[Verdict] = []
    latest: dict[tuple[str, str], Verdict] = {}
    usable: list[Verdict] = []
    for each in verdicts:
        (broken if each.problem else usable).append(each)
    usable.sort(key=lambda each: (when(each.date), each.path))
    for each in usable:
        latest[fold(each.by), fold(each.role)] = each
    usable.reverse()
    kept = [each for each in usable if latest[fold(each.by), fold(each.role)] is each]
    there = [each for each in kept if each.content == present]
    return Standing(
        tuple(each for each in there if each.approved),
        tuple(each for each in there if not each.approved),
        tuple(each for each in kept if each.content != present),
        tuple(each for each in usable if latest[fold(each.by), fold(each.role)] is not each),
        tuple(broken),
    )


def missing(
    need: Need, found: Standing, members: Mapping[str, Sequence[str]], author: str = ""
) -> list[str]:
    """What a need still lacks, each in words; empty if nothing. ``members`` are the people of each
    name that it wants; ``author`` made the item.

    A person counts once for each wanted group, and for several groups if in several.
    """
    lacks = [f"{each.by} rejected it" for each in found.rejected]
    approved = [each for each in found.valid if not (need.author and fold(each.by) == fold(author))]
    for wanted in need.wanted:
        who = {fold(each) for each in members.get(wanted.who, ())}
        have = {
            fold(each.by)
            for each in approved
            if fold(each.by) in who and (not each.role or fold(each.role) == fold(wanted.who))
        }
        if len(have) < wanted.number:
            lack = _lack(wanted, len(have), members.get(wanted.who, ()))
            own = len(approved) < len(found.valid) and fold(author) in who
            lacks.append(f"{lack}; {author} made it, and does not count" if own else lack)
    return lacks


def _lack(wanted: Wanted, have: int, members: Sequence[str]) -> str:
    who = wanted.who
    if who in BY_FIELD:
        who += f" ({', '.join(members) or 'it names no one'})"
    if wanted.number == 1:
        return f"the approval of {who} is missing"
    return f"{have} of {wanted.number} approvals of {who} are there"
