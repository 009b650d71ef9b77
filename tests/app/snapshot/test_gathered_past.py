"""What was, asked of a portfolio: what its repositories say, each for itself."""

import random

import pytest
from many_made import Many

from plaintrack.app.snapshot import answers
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import fold
from plaintrack.query.nodes import In, Not, Or
from plaintrack.store.portfolio.origin import origin

QUERIES = [
    "was:status=review", "was:status=done,cancelled", "was:status!=todo", "was:assignee=bob",
    "was:assignee=me", "was:priority>low", "was:due<2026-02-15", "was:due=2026-02-11..2026-02-20",
    "was:depends_on=T-9", "was:goal=T-1", "was:type=b*", "was:estimate>=1d", "was:tags=x",
    "was:status=gone", "changed:status", "changed:due", "changed:assignee>=2026-01-20",
    "changed:status<2026-01-25", "changed:status=2026-01-28", "changed:depends_on",
    "changed:tags<=2026-02-07", "by:ana", "by:bob", "by:me", "by:bob@example.org",
    "by:nobody",
]  # fmt: skip


def history(many, name, seed, prefix="T", private=True):
    """A random history of two people, with a branch that changes its mind before it is merged."""
    many.grown(name, seed, prefix=prefix, private=private)
    luck = random.Random(seed)
    many.git(name, "checkout", "-qb", "side")
    bob = ("-c", "user.name=Bob", "-c", "user.email=bob@example.org")
    for day, status in ((32, "review"), (33, "gone"), (34, "in-progress")):
        for item in luck.sample([f"{prefix}-{each}" for each in range(4, 8)], 2):
            many.item(name, item, status=status)
        many.git(name, "add", "-A", day=day)
        many.git(name, *bob, "commit", "-qm", "side", day=day)
    many.git(name, "checkout", "-q", "main", day=35)
    many.item(name, f"{prefix}-8", status="todo", assignee="bob", tags="[x, y]")
    many.commit(name, 35)
    many.git(name, "merge", "-q", "--no-ff", "-m", "merge", "side", day=36)
    (many.folder / name / f"tasks/{prefix}-7.md").unlink()
    many.commit(name, 37)


def recalled(snapshot, query, name=""):
    """The items that history gives, or the error; ids as a portfolio has them."""
    try:
        asked = answers.question(snapshot, query)
    except PlaintrackError as error:
        return f"{error.slug}: {error.message}"
    ids = set()
    waiting = [asked.where]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Or):
            waiting += part.parts[:1]  # beside it stands what is
        elif isinstance(part, In) and part.field == "id":
            ids |= {f"{fold(name)}/{each}" if name else each for each in part.keys}
        else:
            assert isinstance(part, Not), part
    return {each for each in ids if each[-1].isdigit()}  # no people and equipment


@pytest.mark.parametrize(
    "seed", [3, *(pytest.param(at, marks=pytest.mark.slow) for at in range(9))]
)
def test_former_values_dates_and_authors(tmp_path, database, seed, monkeypatch):
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ana")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ana@example.org")
    many = Many(tmp_path)
    history(many, "api", seed)
    history(many, "web", seed + 100, "W", private=False)
    many.tell("api", "web")
    many.load(database, "api", "web")
    alone = {name: many.local(name) for name in ("api", "web")}
    some = 0
    for query in QUERIES:
        each = {name: recalled(snapshot, query, name) for name, snapshot in alone.items()}
        if query == "by:bob@example.org":
            each["web"] = set()  # addresses are not published
        one, two = many.gathered(), many.gathered(source=origin(database))
        here = (recalled(one, query), recalled(two, query))
        two.source.close()
        assert here[0] == here[1], query
        if isinstance(here[0], str):
            assert here[0] in each.values(), query
            continue
        wanted = set().union(*(found for found in each.values() if not isinstance(found, str)))
        assert here[0] == wanted, query
        some += bool(wanted)
    assert some > 15
