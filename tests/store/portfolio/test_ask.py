"""The same questions, put to the index and to a portfolio in PostgreSQL and in DuckDB, have the same answers."""

import os
import random
import sqlite3
from collections import Counter

import pytest
from publishing import duckdb

from plaintrack.model.fields import LINKS
from plaintrack.model.task import Task, fold
from plaintrack.query import nodes
from plaintrack.query.ast import BadQuery
from plaintrack.query.bind import Names, Question, bind
from plaintrack.query.evaluate import answer
from plaintrack.query.facts import Facts
from plaintrack.query.parser import parse
from plaintrack.store.index import sql
from plaintrack.store.index.sql import Fragment
from plaintrack.store.portfolio import ask, shape
from plaintrack.store.portfolio.rows import DuckDB, PortfolioSilent, PostgreSQL, Rows
from tests.query import test_agree as pools
from tests.store.portfolio import questions

NAME = "Repo.1"
_KINDS = {"text": "VARCHAR", "integer": "BIGINT", "real": "DOUBLE"}


def published(index: sqlite3.Connection, kinds: dict[str, str]) -> list[tuple]:
    """The items of an index as rows of shape.ITEM."""
    given = {"kind", "haystack", "blob", "values"}
    plain = [c.name for c in shape.ITEM if not c.name.endswith("_fold") and c.name not in given]
    cells = [f"i.{name}" for name in plain] + [f"fold(i.{name})" for name in shape.FOLDED]
    found = []
    for number, words, *row in index.execute(
        f"SELECT i.number, w.haystack, {', '.join(cells)} FROM item i JOIN words w ON w.item = i.number"
    ):
        known = dict(zip([*plain, *(f"{each}_fold" for each in shape.FOLDED)], row, strict=True))
        known |= {"haystack": words, "blob": "", "kind": kinds.get(known["path"], "")}
        known["values"] = index.execute(
            "SELECT field, key, number, idkey(key) FROM value WHERE item = ?", (number,)
        ).fetchall()
        found.append(tuple(known[column.name] for column in shape.ITEM))
    return found


def rows_of(name: str, published: list[tuple], first: int) -> tuple[list[dict], list[dict]]:
    """The same as rows of the tables ``item`` and ``value``."""
    items, values = [], []
    for number, row in enumerate(published, first):
        known = dict(zip([column.name for column in shape.ITEM], row, strict=True))
        listed = known.pop("values")
        address = f"{fold(name)}/{known['id_fold']}" if known["id"] else ""
        items.append({"repository": name, "number": number, "address": address, **known})
        for field, key, measured, natural in listed:
            crosses = field in LINKS and "/" in key
            target = (key if crosses else f"{fold(name)}/{key}") if field in LINKS else None
            values.append(
                {
                    "repository": name,
                    "item": number,
                    "field": field,
                    "key": key,
                    "number": measured,
                    "natural": natural or "",
                    "target": target,
                    "crosses": crosses,
                    "brief": len(key) <= 255,
                }
            )
    return items, values


def in_duckdb(items: list[dict], values: list[dict]) -> DuckDB:
    connection = duckdb.connect(":memory:")
    kinds = ", ".join(f'"{c.name}" {_KINDS[c.kind]}' for c in shape.ITEM if c.kind != "values")
    connection.execute(
        f"CREATE TABLE item (repository VARCHAR, number BIGINT, address VARCHAR, {kinds})"
    )
    connection.execute(
        "CREATE TABLE value (repository VARCHAR, item BIGINT, field VARCHAR, key VARCHAR,"
        ' number DOUBLE, "natural" VARCHAR, target VARCHAR, crosses BOOLEAN, brief BOOLEAN)'
    )
    for table, rows in (("item", items), ("value", values)):
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(
                f"INSERT INTO {table} VALUES ({marks})", [list(row.values()) for row in rows]
            )
    return DuckDB(connection)


@pytest.fixture(scope="module")
def base(server):
    """The URL of a database with the tables of a portfolio."""
    import psycopg

    from plaintrack.store.portfolio import tables
    from plaintrack.store.portfolio.database import connected

    name = f"asked_{os.getpid()}"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        with connected(server.url(name), writing=True) as made:
            tables.make(made)
            made.commit()
        yield server.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Both:
    """The same rows in both engines, and in SQLite."""

    def __init__(self, connection, items, values):
        from plaintrack.store.portfolio import tables

        names = ("children", "children_closed", "blocked", "blocking")
        more = [{**row, **{f"{name}_alone": row[name] for name in names}} for row in items]
        connection.exec_driver_sql("TRUNCATE plaintrack.item, plaintrack.value")
        connection.execute(tables.item.insert(), [{**row, "digest": ""} for row in more])
        if values:
            connection.execute(tables.value.insert(), values)
        connection.commit()
        self.engines: dict[str, Rows] = {
            "PostgreSQL": PostgreSQL(connection),
            "DuckDB": in_duckdb(items, values),
        }


def found(rows: Rows, asked: list[tuple[list[str], Question, Names]], whole: int) -> list[tuple]:
    cells = [Fragment("i.path"), Fragment("i.repository")]
    return ask.select(asked, rows, whole, lambda _: cells)


def case(draw: random.Random, connection, count: int, asked: int) -> Counter:
    """Random items, put to so many random questions; how many could be understood, and answered."""
    zone, model = draw.choice(pools.ZONES), {"own": draw.choice(pools.MODELS)}
    weights = draw.choice(pools.WEIGHTS)
    schema = pools.SCHEMA._replace(timezone=zone)
    tasks = questions.tasks(draw, count)
    updated = {task.path: pools.DATES[at % 5] for at, task in enumerate(tasks)}
    facts = Facts(tasks, schema, pools.TODAY, weights, updated, model, pools.minutes)
    kinds = {task.path: facts.kind(task) for task in tasks}
    plan, logged = questions.plan(draw), questions.logged(draw)
    local = Names(
        schema, pools.TODAY, lambda: ("alice",), pools.resolved, frozenset({"color"}), weights,
        model, pools.minutes, teams=lambda: pools.TEAMS, kinds=lambda: kinds, plan=lambda: plan,
        logged=lambda: logged, rolled=lambda: logged, timed=True,
    )  # fmt: skip
    where = fold(NAME) + "/"
    planned = {where + key: each for key, each in plan.items()}
    spent = {where + key: each for key, each in logged.items()}
    there = local._replace(
        resolve=lambda text: where + pools.resolved(text),
        plan=lambda: planned, logged=lambda: spent, rolled=lambda: spent,
    )  # fmt: skip
    index = pools.build(tasks, facts)
    both = Both(connection, *rows_of(NAME, published(index, kinds), 1))
    told = Counter()
    for _ in range(asked):
        text = questions.query(draw)
        try:
            here, elsewhere = bind(parse(text), local), bind(parse(text), there)
        except BadQuery:
            told["not understood"] += 1
            continue
        if draw.random() < 0.2:
            shown = ((draw.choice(questions.FIELDS), True),)
            here, elsewhere = here._replace(shown=shown), elsewhere._replace(shown=shown)
        wanted = [path for (path,) in sql.select(index, sql.compile(here, local), ("i.path",))]
        told["some" if wanted else "none"] += 1
        for engine, rows in both.engines.items():
            got = [path for path, _ in found(rows, [([NAME], elsewhere, there)], 1)]
            assert got == wanted, (engine, text)
    return told


def test_random_questions(base):
    from plaintrack.store.portfolio.database import engine

    draw, told = random.Random(4), Counter()
    with engine(base).connect() as connection:
        for _ in range(2):
            told += case(draw, connection, 40, 80)
    assert told["some"] > 40, told


@pytest.mark.slow
def test_a_thousand_random_questions(base):
    from plaintrack.store.portfolio.database import engine

    draw, told = random.Random(5), Counter()
    with engine(base).connect() as connection:
        for _ in range(20):
            told += case(draw, connection, 120, 120)
    assert told["some"] + told["none"] > 1000, told
    assert told["some"] > 500, told


def test_a_database_that_fails_says_why():
    rows = DuckDB(duckdb.connect(":memory:"))
    with pytest.raises(PortfolioSilent, match="the portfolio does not answer: Catalog Error"):
        rows.run("SELECT * FROM item", ())


HOSTILE = [
    "'; DROP TABLE item; --",
    'a"b',
    "x' OR '1'='1",
    "%s %(a)s ?",
    "\\",
    "$1",
    "\0",
    "%_",
    "é\ud800",
]


def test_texts_are_never_sql(base):
    """What stands in an item, a query, a field's name or a repository's name is only a value."""
    from plaintrack.store.portfolio.database import engine

    tasks = [
        Task(f"tasks/{at}.md", f"PT-{at}", {"title": text, "status": text, text: "x"})
        for at, text in enumerate(HOSTILE)
        if text.isprintable()
    ]
    facts = Facts(tasks, pools.SCHEMA, pools.TODAY)
    index = pools.build(tasks, facts)
    name = "it's/a\"repo"
    fields = frozenset(text for text in HOSTILE if text.isprintable())
    names = Names(pools.SCHEMA, pools.TODAY, tuple, str, fields, leftover=lambda *_: True)
    with engine(base).connect() as connection:
        both = Both(connection, *rows_of(name, published(index, {}), 1))
        for rows in both.engines.values():
            for text in HOSTILE:
                for where in (
                    nodes.In("title", frozenset((fold(text),))),
                    nodes.In("id", frozenset((text, f"{name}/{text}"))),
                    nodes.In("status", frozenset((fold(text), "other"))),
                    nodes.Has(text),
                    nodes.In(text, frozenset(("x",))),
                    nodes.Text(fold(text)),
                    nodes.Wild("title", fold(text)),
                    nodes.Wild(text, "*"),
                    nodes.Under(text),
                    nodes.Compare("title", ">=", fold(text), ("<=", fold(text))),
                ):
                    if isinstance(where, nodes.Has | nodes.Wild) and text not in fields:
                        continue
                    sort = ((text, True),) if text in fields else ()
                    got = found(rows, [([name], Question(where, sort), names)], 2)
                    wanted = [task.path for task in answer(Question(where), tasks, facts)]
                    assert sorted(path for path, _ in got) == sorted(wanted), (text, where)
        assert len(both.engines["PostgreSQL"].run("SELECT 1 FROM item", ())) == len(tasks)


@pytest.mark.slow
def test_long_and_deep_questions(base):
    from plaintrack.store.portfolio.database import engine

    tasks = [Task(f"tasks/{at}.md", f"PT-{at}", {"title": f"no {at}"}) for at in range(3)]
    index = pools.build(tasks, Facts(tasks, pools.SCHEMA, pools.TODAY))
    names = Names(pools.SCHEMA, pools.TODAY, tuple, str)
    many = nodes.Or(tuple(nodes.In("title", frozenset((f"no {at}",))) for at in range(2, 10_002)))
    ids = nodes.In("id", frozenset(f"pt-{at}" for at in range(1, 20_000)))
    deep = nodes.In("id", frozenset(("pt-0",)))
    for _ in range(100):
        deep = nodes.Not(nodes.And((deep, nodes.Everything())))
    with engine(base).connect() as connection:
        both = Both(connection, *rows_of(NAME, published(index, {}), 1))
        for rows in both.engines.values():
            for where, wanted in ((many, ["2"]), (ids, ["1", "2"]), (deep, ["0"])):
                got = found(rows, [([NAME], Question(where), names)], 1)
                assert [path for path, _ in got] == [f"tasks/{each}.md" for each in wanted]


def test_repositories_with_other_settings(base):
    """The same words, in each by its own settings; the order is one."""
    from plaintrack.store.portfolio.database import engine

    items, values, asked, wanted = [], [], [], []
    for name, weight in (("a", 1.0), ("b", 2.0), ("c", 1.0)):
        tasks = [
            Task(f"tasks/{name}{at}.md", f"PT-{at}", {"tags": "next"} if at else {})
            for at in range(2)
        ]
        facts = Facts(tasks, pools.SCHEMA, pools.TODAY, {"next": weight, "tags": 0.0})
        some = rows_of(name, published(pools.build(tasks, facts), {}), len(items) + 1)
        items += some[0]
        values += some[1]
        names = Names(pools.SCHEMA, pools.TODAY, tuple, str, urgency={"next": weight, "tags": 0.0})
        asked.append(([name], bind(parse("urgency>=1 or no:tags sort:-urgency"), names), names))
    wanted = ["b1", "a1", "c1", "a0", "b0", "c0"]
    with engine(base).connect() as connection:
        both = Both(connection, items, values)
        for rows in both.engines.values():
            got = [path for path, _ in found(rows, asked, 3)]
            assert got == [f"tasks/{each}.md" for each in wanted]
            where = ask.compile(asked, rows, 3).where
            assert where.count("i.repository = ANY") == 2  # a and c are asked the same
