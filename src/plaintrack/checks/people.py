"""Checks of people, equipment and what items ask of them."""

from collections.abc import Iterator

from plaintrack.checks.catalogue import check
from plaintrack.checks.work import Found, Options, Work, at

_TIMES = ("estimate", "duration", "elapsed")


@check("PT610", "several-times", "error")
def several_times(work: Work, _options: Options) -> Iterator[Found]:
    """An item has more than one of `estimate`, `duration` and `elapsed`.

    Why: each of them alone says when the work ends. `estimate` is the time of people, `duration` is
    working time whoever does it, `elapsed` is calendar time; two of them contradict each other as
    soon as someone is away.

    Fix: keep the one that is meant.

    Bad:
        estimate: 3d
        duration: 5d

    Good:
        estimate: 3d
    """
    names = [
        name for name in _TIMES[1:] if name in work.schema.fields and name not in work.schema.own
    ]
    given: dict[int, list[str]] = {}
    for number, name, _ in sorted(work.source.links(*names)):
        given.setdefault(number, []).append(name)
    for number, found in given.items():
        row = work.by_number.get(number)
        if row is None:
            continue
        said = [*(["estimate"] if row.estimate is not None else []), *found]
        if len(said) > 1:
            message = f"it has {' and '.join(said)}, which say its length in different ways"
            yield at(row, said[-1], message, f"keep one of {', '.join(said)}")
