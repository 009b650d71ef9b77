"""The same questions, put to the index of a repository, and to a portfolio in PostgreSQL and in DuckDB, have the same answers.

The items are files of real repositories, which are published; what is published is loaded, and viewed.
"""

import json
import os
import random
import subprocess
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from publishing import duckdb

from plaintrack.app.reporting.publish import Tip, publish
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.model.task import Task, fold
from plaintrack.query import nodes
from plaintrack.query.ast import BadQuery
from plaintrack.query.bind import Names, Question, bind
from plaintrack.query.evaluate import answer
from plaintrack.query.facts import Facts
from plaintrack.query.parser import parse
from plaintrack.store.index import sql
from plaintrack.store.index.rows import DERIVED
from plaintrack.store.index.sql import Fragment
from plaintrack.store.portfolio import ask, folders, load, shape
from plaintrack.store.portfolio import published as folder
from plaintrack.store.portfolio.rows import DuckDB, PortfolioSilent, PostgreSQL, Rows
from tests.query import test_agree as pools
from tests.store.portfolio import questions

NAME = "Repo.1"
SETTINGS = {
    "folders": ["tasks"],
    "fields": {
        "severity": {"type": "choice", "choices": ["s1", "s2", "s3"]},
        "effort": {"type": "number"},
        "seen": {"type": "list of date"},
        "cost": {"type": "duration"},
    },
    "publish": {"private": True},
}


def written(task: Task) -> str:
    """An item as the text of a file."""
    given = {**({"id": task.id} if task.id else {}), **task.fields}
    lines = [
        f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in given.items()
    ]
    steps = [f"- [{'x' if step.done else ' '}] {step.text}" for step in task.steps]
    return "\n".join(["---", *lines, "---", task.body, "", *steps, ""])


class Repository:
    """A repository with these items, committed on several days, and what it publishes."""

    def __init__(self, where: Path, tasks: list[Task], **settings):
        self.root, self.name = where / "work", settings.pop("name", NAME)
        self.root.mkdir(parents=True)
        about = {**SETTINGS, **settings}
        about["publish"] = {**about["publish"], "name": self.name}
        (self.root / "plaintrack.yml").write_text(yaml.safe_dump(about))
        self.git("init", "-q", "-b", "main")
        for day in range(3):
            for task in tasks[day::3]:
                path = self.root / task.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(written(task), encoding="utf-8", newline="\n")
            self.git("add", "-A")
            self.git("commit", "-q", "--allow-empty", "-m", "work", day=21 + day)
        workspace = Workspace(str(self.root))
        self.made = publish(workspace, str(where / "published"))
        self.published = folder.read(str(where / "published"))
        self.tip = Tip(workspace.root, workspace.tip, None, workspace.listener)
        self.tip.day = pools.TODAY

    def git(self, *words: str, day: int = 21) -> None:
        when = f"2026-11-{day}T12:00:00+0000"
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        who = ["-c", "user.name=Ana", "-c", "user.email=ana@x.org"]
        subprocess.run(
            ["git", *who, *words], cwd=self.root, check=True, env={**os.environ, **dates}
        )

    def names(self, draw: random.Random) -> tuple[Names, Names]:
        """What words mean here, and in the portfolio; plan and time are drawn."""
        plan, logged = questions.plan(draw), questions.logged(draw)
        here = answers.names(self.tip)._replace(
            teams=lambda: pools.TEAMS, minutes=pools.minutes, plan=lambda: plan,
            logged=lambda: logged, rolled=lambda: logged, timed=True,
        )  # fmt: skip
        where = fold(self.name) + "/"
        planned = {where + key: each for key, each in plan.items()}
        spent = {where + key: each for key, each in logged.items()}
        return here, here._replace(
            resolve=lambda text: where + here.resolve(text),
            plan=lambda: planned, logged=lambda: spent, rolled=lambda: spent,
        )  # fmt: skip

    def asked(self, question: Question, names: Names) -> list[str]:
        """The paths that its own index answers with."""
        found = sql.select(self.tip.index.connection, sql.compile(question, names), ("i.path",))
        return [path for (path,) in found]


@pytest.fixture(scope="module")
def base(server):
    """The URL of a database with the tables of a portfolio."""
    import psycopg

    from plaintrack.store.portfolio.database import connected

    name = f"asked_{os.getpid()}"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        with connected(server.url(name), writing=True) as made:
            load.prepare(made)
        yield server.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def both(base, *repositories: Repository):
    """The engines, with what these repositories publish."""
    from plaintrack.store.portfolio.database import connected

    with connected(base, writing=True) as connection:
        load.prepare(connection, rebuild=True)
        for each in repositories:
            load.load(connection, each.published, each.published.folder)
        load.link(connection)
    with (
        connected(base) as connection,
        folders.opened(each.published for each in repositories) as views,
    ):
        yield {"PostgreSQL": PostgreSQL(connection), "DuckDB": views}


def found(rows: Rows, asked: list[tuple[list[str], Question, Names]], whole: int) -> list[tuple]:
    cells = [Fragment("i.path"), Fragment("i.repository")]
    return ask.select(asked, rows, whole, lambda _: cells)


def scored(model) -> dict:
    return {
        "own": {
            "formula": model.formula,
            **{key: dict(each) for key, each in model.weights.items()},
        }
    }


def drawn(draw: random.Random, where: Path, name: str, count: int) -> Repository:
    """A repository of random items."""
    return Repository(
        where / name,
        questions.tasks(draw, count),
        name=name,
        timezone=draw.choice(pools.ZONES),
        urgency=draw.choice(pools.WEIGHTS),
        scores=scored(draw.choice(pools.MODELS)),
    )


def case(
    draw: random.Random, where: Path, base, repositories: int, count: int, asked: int
) -> Counter:
    """Random items of repositories, put to so many random questions; how many could be understood, and answered."""
    some = [drawn(draw, where, f"Repo.{at}", count) for at in range(repositories)]
    told = Counter()
    with both(base, *some) as engines:
        assert_same_tables(engines)
        for number in range(asked):
            text = questions.query(draw)
            shown = ((draw.choice(questions.FIELDS), True),) if draw.random() < 0.2 else None
            one = some[number % len(some)]
            try:
                told += alone(one, text, shown, draw, engines, len(some))
                told += together(some, text, draw, engines)
            except BadQuery:
                told["not understood"] += 1
    return told


def alone(one: Repository, text: str, shown, draw, engines, whole: int) -> Counter:
    """A question to one of the repositories has the very answer of its index."""
    here, there = one.names(draw)
    local, elsewhere = bind(parse(text), here), bind(parse(text), there)
    if shown:
        local, elsewhere = local._replace(shown=shown), elsewhere._replace(shown=shown)
    wanted = one.asked(local, here)
    for engine, rows in engines.items():
        got = found(rows, [([one.name], elsewhere, there)], whole)
        assert got == [(path, one.name) for path in wanted], (engine, text)
    return Counter(["some" if wanted else "none"])


def together(some: list[Repository], text: str, draw, engines) -> Counter:
    """A question to all has of each the items that its index answers with, in that order."""
    names = [each.names(draw) for each in some]
    local = [bind(parse(text), here)._replace(limit=None) for here, _ in names]
    asked = [
        ([each.name], bind(parse(text), there)._replace(limit=None), there)
        for each, (_, there) in zip(some, names, strict=True)
    ]
    wanted = {
        each.name: each.asked(question, here)
        for each, question, (here, _) in zip(some, local, names, strict=True)
    }
    answers = {engine: found(rows, asked, len(some)) for engine, rows in engines.items()}
    for engine, got in answers.items():
        for name, paths in wanted.items():
            assert [path for path, whose in got if whose == name] == paths, (engine, text)
        assert len(got) == sum(map(len, wanted.values()))
        assert got == answers["PostgreSQL"], text
    return Counter(together=1)


def assert_same_tables(engines) -> None:
    """Both engines have the same rows, but for the numbers of items."""
    plain = ", ".join(f'i."{each.name}"' for each in shape.ITEM if each.kind != "values")
    more = ", ".join(f"i.{name}_alone" for name in DERIVED)
    value = 'v.field, v.key, v.number, v."natural", v.target, v.crosses, v.brief'
    joined = "value v JOIN item i ON i.number = v.item"
    for columns, of, order in (
        (f"i.repository, i.path, i.address, {more}, {plain}", "{whole} i", "1, 2"),
        (f"i.repository, i.path, {value}", joined, "1, 2, 3, 4, 5"),
    ):
        asked = f"SELECT {columns} FROM {of} ORDER BY {order}"
        one, other = (rows.run(asked.format(whole=rows.whole), ()) for rows in engines.values())
        assert one == other
        assert one


def test_random_questions(base, tmp_path):
    told = case(random.Random(4), tmp_path, base, 2, 30, 30)
    assert told["some"] > 5, told


@pytest.mark.slow
def test_a_thousand_random_questions(base, tmp_path):
    draw, told = random.Random(5), Counter()
    for round in range(10):
        told += case(draw, tmp_path / str(round), base, 3, 100, 150)
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


def test_texts_are_never_sql(base, tmp_path):
    """What stands in an item, a query, a field's name or a repository's name is only a value."""
    fields = frozenset(text for text in HOSTILE if text.isprintable())
    tasks = [
        Task(f"tasks/{at}.md", f"PT-{at}", {"title": text, "status": text, text: "x"})
        for at, text in enumerate(HOSTILE)
        if text in fields
    ]
    facts = Facts(tasks, pools.SCHEMA, pools.TODAY)
    one, name = Repository(tmp_path, tasks), "it's/a\"repo"
    names = answers.names(one.tip)._replace(extra=fields, leftover=lambda *_: True)
    with both(base, one) as engines:
        for rows in engines.values():
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
                    got = found(rows, [([one.name, name], Question(where, sort), names)], 2)
                    wanted = [task.path for task in answer(Question(where), tasks, facts)]
                    assert sorted(path for path, _ in got) == sorted(wanted), (text, where)
            assert len(rows.run("SELECT 1 FROM item", ())) == len(tasks)


@pytest.mark.slow
def test_long_and_deep_questions(base, tmp_path):
    tasks = [Task(f"tasks/{at}.md", f"PT-{at}", {"title": f"no {at}"}) for at in range(3)]
    one = Repository(tmp_path, tasks)
    names = answers.names(one.tip)
    many = nodes.Or(tuple(nodes.In("title", frozenset((f"no {at}",))) for at in range(2, 10_002)))
    ids = nodes.In("id", frozenset(f"pt-{at}" for at in range(1, 20_000)))
    deep = nodes.In("id", frozenset(("pt-0",)))
    for _ in range(100):
        deep = nodes.Not(nodes.And((deep, nodes.Everything())))
    with both(base, one) as engines:
        for rows in engines.values():
            for where, wanted in ((many, ["2"]), (ids, ["1", "2"]), (deep, ["0"])):
                got = found(rows, [([NAME], Question(where), names)], 1)
                assert [path for path, _ in got] == [f"tasks/{each}.md" for each in wanted]


def test_repositories_with_other_settings(base, tmp_path):
    """The same words, in each by its own settings; the order is one."""
    some = [
        Repository(
            tmp_path / name,
            [
                Task(f"tasks/{name}{at}.md", f"PT-{at}", {"tags": "next"} if at else {})
                for at in range(2)
            ],
            name=name,
            urgency={"next": weight, "tags": 0.0},
        )
        for name, weight in (("a", 1.0), ("b", 2.0), ("c", 1.0))
    ]
    asked = []
    for each in some:
        names = answers.names(each.tip)
        text = "urgency>=1 or no:tags sort:-urgency"
        asked.append(([each.name], bind(parse(text), names), names))
    wanted = ["b1", "a1", "c1", "a0", "b0", "c0"]
    with both(base, *some) as engines:
        for rows in engines.values():
            got = [path for path, _ in found(rows, asked, 3)]
            assert got == [f"tasks/{each}.md" for each in wanted]
            where = ask.compile(asked, rows, 3).where
            assert where.count("i.repository = ANY") == 2  # a and c are asked the same


def test_links_between_repositories_count_in_both(base, tmp_path):
    """Who is blocked, blocks, and has children elsewhere."""

    def made(name, *tasks):
        return Repository(
            tmp_path / name,
            [Task(f"tasks/{id_}.md", id_, fields) for id_, fields in tasks],
            name=name,
        )

    one = made(
        "one",
        ("A-1", {"status": "todo", "depends_on": ("two/B-1", "two/B-2")}),
        ("A-2", {"status": "todo", "depends_on": ("two/B-2",)}),
        ("A-3", {"status": "done", "parent": "two/B-1"}),
        ("A-4", {"status": "todo", "project": "two/B-1", "depends_on": ("gone/X-1",)}),
    )
    two = made(
        "two",
        ("B-1", {"status": "todo"}),
        ("B-2", {"status": "done"}),
        ("B-3", {"status": "todo", "parent": "B-1"}),
    )
    asked = (
        "SELECT address, blocked, blocking, children, children_closed FROM item ORDER BY address"
    )
    with both(base, one, two) as engines:
        for rows in engines.values():
            assert rows.run(asked, ()) == [
                ("one/a-1", 1, 0, 0, 0), ("one/a-2", 0, 0, 0, 0), ("one/a-3", 0, 0, 0, 0), ("one/a-4", 0, 0, 0, 0),
                ("two/b-1", 0, 1, 3, 1), ("two/b-2", 0, 0, 0, 0), ("two/b-3", 0, 0, 0, 0),
            ]  # fmt: skip
    with both(base, one) as engines:  # what is not there blocks nothing
        for rows in engines.values():
            assert [row[1] for row in rows.run(asked, ())] == [0, 0, 0, 0]


def test_a_file_that_changes_under_a_question(tmp_path):
    one = Repository(tmp_path, [Task("tasks/1.md", "PT-1", {})])
    path = Path(one.published.folder, "items.parquet")
    with folders.opened([one.published]) as rows:
        assert rows.run("SELECT address FROM item", ()) == [("repo.1/pt-1",)]
        with pytest.raises(PortfolioSilent, match="does not answer: Permission Error"):
            rows.run("SELECT * FROM read_text('/etc/passwd')", ())
        os.utime(path)
        with pytest.raises(
            folder.Unfinished, match=r"items\.parquet is not what manifest\.json says"
        ):
            rows.run("SELECT address FROM item", ())
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with (
        pytest.raises(folder.Unfinished, match="its SHA-256 is another one"),
        folders.opened([folder.read(one.published.folder)]),
    ):
        pass
