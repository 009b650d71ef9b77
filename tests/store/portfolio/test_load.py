"""Loading what repositories publish into a real PostgreSQL."""

import multiprocessing
import os
import random
import signal
import threading

import pytest
from made import Made, change, filled, item, rows

from plaintrack.store.portfolio import shape
from plaintrack.store.portfolio.database import connected


@pytest.fixture
def portfolio(database):
    """A connection to an empty portfolio; its URL is ``engine.url``."""
    from plaintrack.store.portfolio import load

    with connected(database, writing=True) as connection:
        load.prepare(connection)
        load.prepare(connection)
        connection.info["url"] = database
        yield connection


def loaded(connection, made, source="/a", moved=False):
    from plaintrack.store.portfolio import load

    return load.load(connection, made, source, moved)


def linked(connection):
    from plaintrack.store.portfolio import load

    return load.link(connection)


def state(connection, *names):
    """Address → (blocked, blocking, children, children_closed)."""
    listed = connection.exec_driver_sql(
        "SELECT address, blocked, blocking, children, children_closed FROM plaintrack.item ORDER BY 1"
    ).all()
    connection.rollback()
    return {row[0]: tuple(row[1:]) for row in listed if any(row[1:]) or row[0] in names}


def publication(dice, name="a"):
    """A random state of a repository."""
    ids = dice.sample(range(1, 12), dice.randrange(11))
    items = [
        item(
            f"PT-{each}",
            dice.choice(["todo", "done"]),
            ("tags", dice.choice("xy")),
            blocked=dice.randrange(2),
        )
        for each in ids
    ]
    line = dice.randrange(3)  # another one: force-pushed
    steps = [
        change(n, f"PT-{n % 7}{line}", dice.choice(["+", "status"]), n, place=n, day=n * 40)
        for n in range(dice.randrange(60))
    ]
    plan = [filled(shape.PLAN, item=f"pt-{each}", late=dice.randrange(2)) for each in ids]
    time = [
        filled(shape.TIME, item=f"pt-{each}", day=7, seconds=60) for each in ids for _ in range(2)
    ]
    return Made(name, items, steps, plan, time, tip=str(dice.random()))


def test_step_by_step_is_as_at_once(portfolio, server):
    """Whatever a repository becomes, its rows are those of a load from nothing; another one's stay, and twice is once."""
    from plaintrack.store.portfolio import load

    dice = random.Random(20)
    other = publication(dice, "other")
    loaded(portfolio, other, "/other")
    for _ in range(12):
        made = publication(dice)
        loaded(portfolio, made)
        found = rows(portfolio)
        assert loaded(portfolio, made).what == "same"
        assert rows(portfolio) == found
    told = rows(portfolio, number=False)
    load.prepare(portfolio, rebuild=True)
    assert loaded(portfolio, made).what == "new"
    loaded(portfolio, other, "/other")
    assert rows(portfolio, number=False) == told


def test_only_what_differs_is_written(portfolio):
    items = [item(f"PT-{n}", "todo", ("tags", "x")) for n in range(9)]
    steps = [change(n, "PT-1", "status", n, place=n) for n in range(9)]
    loaded(portfolio, Made("a", items, steps))
    stamps = "SELECT path, xmin::text, number FROM plaintrack.item ORDER BY 1"
    lines = "SELECT position, xmin::text FROM plaintrack.change ORDER BY 1"
    before, line = portfolio.exec_driver_sql(stamps).all(), portfolio.exec_driver_sql(lines).all()
    portfolio.rollback()
    items[3] = item("PT-3", "done", ("tags", "x"))
    found = loaded(
        portfolio, Made("a", items[:-1], [*steps, change(9, "PT-3", "status", "done")], tip="u")
    )
    assert found == ("a", "changed", 1, 1, 1)
    after, more = portfolio.exec_driver_sql(stamps).all(), portfolio.exec_driver_sql(lines).all()
    assert [row[0] for row in before if row not in after] == ["tasks/PT-3.md", "tasks/PT-8.md"]
    assert [row[2] for row in before][:-1] == [row[2] for row in after]  # a number stays
    assert more[:-1] == line  # appended
    assert loaded(
        portfolio, Made("a", items[:-1], [change(0, "PT-1", "status", "x")], tip="f")
    ) == ("a", "changed", 0, 0, 1)
    assert len(rows(portfolio)["change"]) == 1  # force-pushed


def test_a_renamed_repository(portfolio):
    loaded(portfolio, Made("a", [item("PT-1")], [change(0, "PT-1", "+", 1)], roots=["r", "s"]))
    assert loaded(portfolio, Made("b", [item("PT-1")], roots=["s"])).what == "renamed"
    assert [row[0] for row in rows(portfolio)["item_rest"]] == ["b"]
    assert rows(portfolio)["change"] == []
    assert loaded(portfolio, Made("B", [item("PT-1")], roots=["s"])).what == "renamed"
    assert [row[0] for row in rows(portfolio)["repository"]] == ["B"]


def test_whose_name_it_is(portfolio):
    """The first source that has a name keeps it, until it is said that the repository moved."""
    from plaintrack.store.portfolio import load

    loaded(portfolio, Made("a", [item("PT-1")]))
    before = rows(portfolio)
    for name in ("a", "A"):
        with pytest.raises(
            load.NameInUse, match=f"/evil calls itself {name}, which is loaded from /a"
        ):
            loaded(portfolio, Made(name, [item("PT-666")]), "/evil")
    with pytest.raises(load.OtherRepository, match="/a had the repository a, and now has b"):
        loaded(portfolio, Made("b", [item("PT-666")], roots=["other"]))
    assert rows(portfolio) == before
    assert loaded(portfolio, Made("a", [item("PT-1"), item("PT-2")]), "/moved", moved=True) == (
        "a",
        "changed",
        1,
        0,
        0,
    )
    with pytest.raises(load.NameInUse):
        loaded(portfolio, Made("a", [item("PT-1")]))
    assert (
        loaded(portfolio, Made("b", [item("PT-3")], roots=["other"]), "/moved", moved=True).what
        == "new"
    )
    assert [row[0] for row in rows(portfolio)["item_rest"]] == ["b"]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Made("b", [item("PT-1"), item("PT-1")]), "the item 'tasks/PT-1.md' is there twice"),
        (
            Made("b", [item("PT-1")], names={"changes/2020.parquet": [change(1, "x", "a", 1)]}),
            "the database refused its rows: no partition",
        ),
        (
            Made("b", [item("PT-1")], names={"changes/0000.parquet": [change(1, "x", "a", 1)]}),
            "the database refused its rows: no partition",
        ),
        (
            Made(
                "b",
                [item("PT-1")],
                [change(1, "x", "a", 1)],
                names={"changes/2020.parquet": [change(2, "x", "a", 1)]},
            ),
            "a change in changes/2020.parquet is there twice, or of another year",
        ),
        (Made("b", [item("PT-1", title="a\0b")]), "the database refused its rows"),
        (Made("b", [item("PT-1", steps=2**60)]), "the database refused its rows"),
        (Made("b", [item("PT-1", steps="many")]), "the database refused its rows"),
        (Made("b", [(*item("PT-1"), 3)]), "an item with other columns"),
        (Made("b", [item("PT-1", title=None)]), "the database refused its rows"),
    ],
)
def test_rows_that_are_none(portfolio, made, said):
    from plaintrack.store.portfolio import load

    loaded(portfolio, Made("a", [item("PT-1")]))
    before = rows(portfolio)
    with pytest.raises(load.NotLoaded, match=said):
        loaded(portfolio, made, "/b")
    assert rows(portfolio) == before


def test_changes_twice(portfolio):
    from plaintrack.store.portfolio import load

    loaded(portfolio, Made("a", [], [change(1, "x", "a", 1), change(1, "x", "a", 2)]))
    with pytest.raises(load.StrayRow, match="is there twice"):
        loaded(portfolio, Made("a", [], [change(1, "x", "a", 1), change(1, "x", "a", 1)], tip="u"))


def test_long_texts(portfolio):
    long = "x" * 9000
    made = Made("a", [item("PT-1", "todo", ("note", long), path=f"tasks/{long}.md", project=long)])
    loaded(portfolio, made)
    assert portfolio.exec_driver_sql("SELECT length(key), brief FROM plaintrack.value").one() == (
        9000,
        False,
    )


def test_links_between_repositories(portfolio):
    """Each side knows what the other one's state means, whichever is loaded."""
    one = [
        item("PT-1", "todo", ("depends_on", "b/PT-7")),
        item("PT-2", "todo", ("parent", "b/PT-8")),
        item("PT-3", "done", ("parent", "b/PT-8")),
    ]
    loaded(portfolio, Made("a", one), "/a")
    assert linked(portfolio) == 0
    other = [
        item("PT-7", "doing"),
        item("PT-8", "doing", children=1),
        item("PT-9", "done", ("parent", "PT-8")),
    ]
    loaded(portfolio, Made("b", other), "/b")
    linked(portfolio)
    assert state(portfolio) == {
        "a/pt-1": (1, 0, 0, 0),
        "b/pt-7": (0, 1, 0, 0),
        "b/pt-8": (0, 0, 3, 2),
    }
    assert linked(portfolio) == 0
    loaded(portfolio, Made("b", [item("PT-7", "done"), *other[1:]], tip="2"), "/b")
    linked(portfolio)
    assert state(portfolio) == {"b/pt-8": (0, 0, 3, 2)}
    loaded(portfolio, Made("b", other, tip="3"), "/b")
    loaded(portfolio, Made("a", [item("PT-1", "todo"), *one[1:]], tip="2"), "/a")
    linked(portfolio)
    assert state(portfolio) == {"b/pt-8": (0, 0, 3, 2)}
    loaded(portfolio, Made("a", [item("PT-1", "todo")], tip="3"), "/a")
    linked(portfolio)
    assert state(portfolio) == {"b/pt-8": (0, 0, 1, 1)}
    loaded(portfolio, Made("a", one, tip="4"), "/a")
    linked(portfolio)
    loaded(portfolio, Made("c", other), "/b")  # renamed: what it was called leads nowhere
    linked(portfolio)
    assert state(portfolio) == {"c/pt-8": (0, 0, 1, 0)}


def test_two_make_the_tables(database):
    from plaintrack.store.portfolio import load

    running = [apart(database, load.prepare) for _ in range(3)]
    for thread, failed in running:
        thread.join(60)
        assert failed == []


def apart(url, work):
    """Run ``work(connection)`` with a connection of its own in a thread; its errors come out."""
    failed = []

    def body():
        try:
            with connected(url, writing=True) as connection:
                work(connection)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    return thread, failed


def test_several_loaders(portfolio):
    """Loaders at the same repositories at once, with links between them; the last states are whole."""
    from plaintrack.store.portfolio import load

    def state_of(name, number, last=False):
        ids = range(40 if last else 20 + number % 7)
        others = [each for each in "abc" if each != name]
        items = [
            item(f"PT-{n}", "todo", ("depends_on", f"{others[n % 2]}/pt-{n}"), title=f"{number}")
            for n in ids
        ]
        return Made(
            name, items, [change(n, f"PT-{n}", "+", number, place=n) for n in ids], tip=f"{number}"
        )

    def work(seed):
        def body(connection):
            dice = random.Random(seed)
            for number in range(5):
                for name in dice.sample("abc", 3):
                    load.load(connection, state_of(name, number * 10 + seed), f"/{name}")
                    load.link(connection)

        return body

    running = [apart(portfolio.info["url"], work(seed)) for seed in range(3)]
    for thread, failed in running:
        thread.join(60)
        assert not thread.is_alive()
        assert failed == []
    for name in "abc":
        loaded(portfolio, state_of(name, 99, last=True), f"/{name}")
    linked(portfolio)
    found = rows(portfolio, number=False)
    load.prepare(portfolio, rebuild=True)
    for name in "cba":
        loaded(portfolio, state_of(name, 99, last=True), f"/{name}")
    linked(portfolio)
    assert rows(portfolio, number=False) == found
    assert len(state(portfolio)) == 120


class Deadly(Made):
    """Ends the process without a word when so many batches were read."""

    left = 0

    def _batches(self, names):
        for batch in super()._batches(names):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch


def _die(url, left):
    from plaintrack.store.portfolio import load

    dice = random.Random(4)
    made = Deadly(
        "a",
        [item(f"PT-{n}", "done") for n in range(30)],
        [change(n, f"PT-{n}", "+", dice.random()) for n in range(30)],
    )
    made.left = left
    with connected(url, writing=True) as connection:
        load.load(connection, made, "/a")
    os._exit(7)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked")
def test_a_killed_loader(portfolio):
    """Killed in the middle of any COPY it leaves what was there, and the next one loads all."""
    loaded(
        portfolio,
        Made(
            "a",
            [item(f"PT-{n}") for n in range(20)],
            [change(n, f"PT-{n}", "+", 1) for n in range(20)],
        ),
    )
    before = rows(portfolio)
    fork = multiprocessing.get_context("fork")
    for left in (1, 5, 10, 12, 19):
        process = fork.Process(target=_die, args=(portfolio.info["url"], left))
        process.start()
        process.join(30)
        assert process.exitcode == -signal.SIGKILL
        assert rows(portfolio) == before
    process = fork.Process(target=_die, args=(portfolio.info["url"], 1000))
    process.start()
    process.join(30)
    assert process.exitcode == 7
    assert len(rows(portfolio)["item"]) == 30


def test_the_server_goes(portfolio):
    """A connection that breaks is told, and nothing is half loaded."""
    from plaintrack.store.portfolio import load
    from plaintrack.store.portfolio.database import ConnectionLost

    class Broken(Made):
        def items(self):
            yield from super().items()
            with connected(portfolio.info["url"], writing=True) as other:
                other.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )

    with (
        pytest.raises(ConnectionLost),
        connected(portfolio.info["url"], writing=True) as connection,
    ):
        load.load(connection, Broken("z", [item("PT-1")]), "/z")
    with connected(portfolio.info["url"]) as connection:
        assert rows(connection)["item"] == []


def test_failures(portfolio):
    from plaintrack.store.portfolio import load

    for _ in range(2):
        load.fail(portfolio, "/a", None, load.StrayRow("/a", "a\0b"))
    asked = (
        "SELECT source, repository, code, message, times, latest > since FROM plaintrack.failure"
    )
    assert portfolio.exec_driver_sql(asked).all() == [
        ("/a", None, "stray-row", "/a: a\N{REPLACEMENT CHARACTER}b", 2, True)
    ]
    loaded(portfolio, Made("a"))
    assert portfolio.exec_driver_sql(asked).all() == []
