"""Runs the checks of a policy over one snapshot: what each found, how grave that is here, and what
a waiver hides.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from fnmatch import translate
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from plaintrack.checks import plan, time
from plaintrack.checks.catalogue import Check
from plaintrack.checks.policy import Policy, Rule
from plaintrack.checks.waivers import waivers
from plaintrack.checks.work import Fault, Found, Work
from plaintrack.errors import PlaintrackError

_LATE = ("PT004", "PT801", "PT802", "PT803", "PT804")  # those that look at how the others ran
# these are about folders, about what a merge did, or about the plan of everything: also about a
# file that the change leaves alone
_EVERYWHERE = (
    "PT006",
    "PT211",
    "PT509",
    "PT510",
    "PT512",
    "PT513",
    *plan.CODES,
    *time.CODES,
)


T = TypeVar("T")


class Judged(NamedTuple):
    """One thing that a check found, and its severity where it was found."""

    check: Check
    found: Found
    severity: str

    @property
    def key(self) -> str:
        """What tells it from all others; it does not depend on the place in the file."""
        return key(self.check.code, self.found)


Ran = tuple[list[Judged], int]
"""What the checks found, and how many findings a waiver hides."""


def key(code: str, found: Found) -> str:
    """What tells a finding from all others; it does not depend on the place in the file."""
    return "\x1f".join(
        (code, found.key)
        if found.key
        else (code, found.item.lower() or found.path, found.field, found.value, found.about)
    )


def run(work: Work, policy: Policy, waived: bool = True) -> tuple[list[Judged], int]:
    """What the checks found, and how many findings a waiver hides; without ``waived`` none does."""
    return finished(running(work, policy, waived))


def finished(steps: Generator[None, None, T]) -> T:
    """What work that goes on in steps comes to, all steps taken."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: T = end.value
            return found


def running(work: Work, policy: Policy, waived: bool = True) -> Generator[None, None, Ran]:
    """As ``run``, a check a step: whoever waits for it can do something else between two."""
    wrong = _faults(work, policy)
    work.faults = [*policy.faults, *wrong.values()]
    work.waivers = waivers(work, policy.names) if waived else []
    rules = {
        code: [each for each in some if each.query not in wrong]
        for code, some in policy.rules.items()
    }
    codes = [code for code in rules if policy.own.get(code) not in wrong]
    found: list[Judged] = []
    hidden = 0
    for code in sorted(codes, key=_LATE.__contains__):
        for each in _one(work, policy.checks[code], rules[code]):
            if _waived(work, each):
                hidden += 1
            else:
                found.append(each)
        yield
    return found, hidden


def _faults(work: Work, policy: Policy) -> dict[str, Fault]:
    """The queries of the policy that cannot be asked, with what is wrong."""
    queries = policy.queries
    found = {query: work.source.fault(query, condition=True) for query in queries}
    return {
        query: Fault(f"{queries[query]}.query", *fault) for query, fault in found.items() if fault
    }


def _one(work: Work, check: Check, rules: Sequence[Rule]) -> Iterator[Judged]:
    """What one check found where it is on; each distinct set of options is a run of its own."""
    done: list[Mapping[str, Any]] = []
    for rule in rules:
        if not rule.severity or rule.options in done:
            continue
        done.append(rule.options)
        try:
            for found in check.run(work, rule.options):
                if work.focus is None or found.path in work.focus or check.code in _EVERYWHERE:
                    last = next(
                        (each for each in reversed(rules) if _holds(work, each, found)), None
                    )
                    if last and last.severity and last.options == rule.options:
                        yield Judged(check, found, last.severity)
        except PlaintrackError as error:  # a query that takes too long
            work.faults = [
                *work.faults,
                Fault(rule.key or f"checks.{check.name}", error.message, error.hint),
            ]


def _holds(work: Work, rule: Rule, found: Found) -> bool:
    if not covers(rule.paths, found.path):
        return False
    return not rule.query or found.path in work.answers(rule.query)


def covers(paths: Sequence[str], path: str) -> bool:
    """Whether the paths of a Rule are about a file; none of them are about all."""
    return not paths or any(fits(path, each) for each in paths)


def _waived(work: Work, each: Judged) -> bool:
    found = False
    for waiver in work.waivers:
        if waiver.row.path == each.found.path and waiver.covers(
            each.check.code, each.check.name, work.day
        ):
            work.used.add((waiver.row.path, waiver.text))
            found = True
    return found


def fits(path: str, glob: str) -> bool:
    """Whether a path is the file or lies in the folder of that name, or fits the glob (``*`` fits
    any text, slashes too).
    """
    import re

    folder = glob.rstrip("/")
    return (
        path == folder
        or path.startswith(folder + "/")
        or re.fullmatch(_regex(glob), path) is not None
    )


@lru_cache(256)
def _regex(glob: str) -> str:
    return translate(glob)
