"""What the database finds is answered word for word as all rows would be."""

import os
import random
import shlex
import sys
from collections import Counter

import pytest
from conftest import ROOT

sys.path.append(str(ROOT / "tests/app/snapshot"))
from many_made import Many
from publishing import duckdb

from plaintrack.store.portfolio import origin

NOW = "2026-02-14T09:00:00+00:00"
OTHERS = """fields: {size: {type: number}, risk: {type: choice, choices: [low, high]}, team-of: {type: person}}
"""
LATE = """statuses: {todo: open, in-progress: active, held: active, review: active, done: done, cancelled: cancelled}
priorities: [urgent, high, medium, low]
types: [task, bug, project, goal]
"""
STRANGE = """statuses: {idea: open, review: done, todo: open, done: done}
priorities: [high, low]
day: 6h
"""
WORDS = ["login", "Straße", "Ünder", "a_b%", "PT-1", "x, y", "two words"]


USUAL = ["todo", "in-progress", "review", "done", "cancelled"]
STATUSES = {"Ops": ["idea", "review", "todo", "done"], "late": [*USUAL, "held"]}


class Random:
    """Repositories with random items, and random questions about them."""

    def __init__(self, many, draw, measured, strange):
        self.many, self.draw, self.measured = many, draw, measured
        self.strange = strange
        self.ids = {}

    def repository(
        self, name, prefix, settings="", people=("ana", "bob"), count=14, timed=False, zone="UTC"
    ):
        many, draw = self.many, self.draw
        many.start(name)
        rooms = "people: people" + ", time: time" * timed
        about = (
            f"rooms: {{{rooms}}}\npublish: {{name: {name}}}\nfolders: [tasks]\ntimezone: {zone}\n"
        )
        many.write(name, "plaintrack.yml", about + settings)
        for who in people:
            many.person(name, who, f"email: {name}-{who}@example.org", "team: core")
        self.ids[name] = [f"{prefix}-{at}" for at in range(1, count)]
        for item in self.ids[name]:
            many.item(name, item, **self.fields(name, item, people))
        many.write(name, "tasks/bare.md", "---\ntitle: no id\nstatus: todo\n---\nlogin\n")
        if draw.random() < 0.5:
            many.write(
                name, f"archive/{prefix}-90.md", f"---\nid: {prefix}-90\nstatus: todo\n---\n"
            )
        if timed:
            many._worked(draw, name, self.ids[name][4], people[0], 3)
        many.commit(name, 20)

    def fields(self, name, item, people):
        draw = self.draw
        known = [each for each in self.ids[name] if each != item]
        links = [f"{repo}/{each}" for repo, some in self.ids.items() for each in some[:4]]

        def link():
            return draw.choice([*known, *known, *links])

        later = [each for each in known if int(each.split("-")[1]) > int(item.split("-")[1])]
        pools = {
            "status": lambda: draw.choice([*STATUSES.get(name, USUAL), "todo", "Odd", *self.strange]),
            "priority": lambda: draw.choice(["high", "low", "medium", "urgent"]),
            "type": lambda: draw.choice(["bug", "task", "project", "goal", "Bug"]),
            "title": lambda: f"{draw.choice(WORDS)} {draw.choice(WORDS)}".replace(":", ""),
            "tags": lambda: draw.choice(["next", "[a, b]", "[A, next]", "ä", "'x, y'"]),
            "assignee": lambda: draw.choice([*people, people[0].upper(), f"[{', '.join(people)}]", "eve"]),
            "due": lambda: draw.choice(["2026-02-10", "2026-02-14", "2026-03-01", "2026-02-14T23:30", "2026-02-14T23:30:00-05:00", "2026-02-14T02:00Z"]),
            "created": lambda: f"2026-01-{draw.randint(10, 28)}" + draw.choice(["", "T00:30Z", "T23:30:00-08:00"]),
            "wait": lambda: draw.choice(["2026-03-01", "2026-01-01"]),
            "parent": link, "project": link, "goal": link, "depends_on": lambda: f"[{draw.choice(later or known)}]",
            "size": lambda: draw.choice(["3", "10", "2.5", "many"]),
            "risk": lambda: draw.choice(["low", "high", "HIGH"]),
            "team-of": lambda: draw.choice(people),
            "colour": lambda: draw.choice(["Red", "blue", "[red, green]"]),
        }  # fmt: skip
        if self.measured:
            pools["estimate"] = lambda: draw.choice(["2h", "1d", "3d"])
        return {key: pools[key]() for key in draw.sample(list(pools), draw.randint(2, 11))}

    def term(self):
        draw = self.draw
        some = [f"{repo}/{each}" for repo, ids in self.ids.items() for each in ids[:3]]
        return draw.choice([
            lambda: f'"{draw.choice(WORDS)}"',
            lambda: "is:" + draw.choice(["open", "closed", "ready", "blocked", "blocking", "overdue", "waiting", "active", "unassigned", "archived"]),
            lambda: "status:" + draw.choice(["todo", "done", "review", "todo,in-progress", "idea", "odd", "'review (done)'", "*o*"]),
            lambda: "assignee:" + draw.choice(["ana", "bob", "cid", "eve", "ana,bob", "a*", "anna"]),
            lambda: draw.choice(["tags:next", "tags:a,b", "tags:/^a/", "-tags:next", "has:tags", "colour:red", "colour:gr*"]),
            lambda: draw.choice(["priority:high", "priority>=medium", "type:bug", "type:*o*", "no:priority", "team:core"]),
            lambda: draw.choice(["due<=2026-02-14", "due:today", "has:due", "created>2026-01-20", "created:2026-01-20..2026-01-22", "due>2026-02-14T03:00", "age>20", "urgency>5", "progress>0"]),
            lambda: draw.choice(["size>2", "size:3", "risk:high", "risk>=low", "has:size", "team-of:ana", "estimate>1d"]),
            lambda: draw.choice(["under:", "parent:", "project:", "depends_on:", "id:", ""]) + draw.choice(some),
            lambda: draw.choice(["under:", "parent:", "goal:"]) + draw.choice(some).partition("/")[2],
            lambda: draw.choice(["was:status=todo", "changed:status", "changed:due>2026-01-20", "by:ana", "was:assignee=bob"]),
            lambda: "repo:" + draw.choice([*self.ids, "c*", "calm,web"]),
            lambda: draw.choice(["state:ready", "state:overdue,blocked", "kind:project", "path:*1*", "mentions:ana", "login", "@ana", "nope"]),
        ])()  # fmt: skip

    def query(self):
        terms = [self.term() for _ in range(self.draw.choice([0, 1, 1, 1, 2, 2, 3]))]
        return self.draw.choice([" ", " or ", " "]).join(terms)

    def words(self):
        draw = self.draw
        fields = ["id", "status", "due", "urgency", "priority", "title", "tags", "assignee", "progress", "blocked", "age", "repo", "path", "project", "state", "size", "category", "updated", "type", "risk", "folder", "colour", "parent", "created"]  # fmt: skip
        command = draw.choice(["list", "list", "board", "stats"])
        words = [command, *([self.query()] if draw.random() < 0.8 else [])]
        if command == "list":
            if draw.random() < 0.6:
                words += ["--columns", ",".join(draw.sample(fields, 4))]
            if draw.random() < 0.6:
                some = draw.sample(fields, 2)
                words += ["--sort", ",".join(draw.choice(["", "-"]) + each for each in some)]
            if draw.random() < 0.3:
                words += ["--group", draw.choice(fields)]
            words += draw.choice([["--all"], []])
        if command == "stats":
            words += ["--by", draw.choice(fields)]
            if draw.random() < 0.3:
                words += ["--sum", draw.choice(["estimate", "left", "spent", "size", "age"])]
        elif draw.random() < 0.6:
            words += ["--limit", str(draw.choice([1, 2, 3, 5, 9]))]
        forms = {"list": ["table", "json", "csv", "markdown", "ids"], "stats": ["table", "json"], "board": ["text", "json", "markdown"]}  # fmt: skip
        return [*words, "--format", draw.choice(forms[command])]


@pytest.fixture
def made(tmp_path):
    """Published repositories, with questions: by seed."""

    def make(seed):
        draw = random.Random(seed)
        some = Random(Many(tmp_path), draw, seed % 4 == 1, ["idea", "held"] * (seed % 5 == 4))
        same = OTHERS if seed % 2 else ""
        some.repository("web-2", "W", same)
        some.repository("web-10", "W", same, ("bob", "cid"))
        some.repository("calm", "PT", same, ("ana", "anna"))
        if seed % 3 == 0:
            some.repository("Ops", "O", STRANGE + same, timed=True)
        if seed % 3 == 1:
            some.repository("late", "L", LATE + same, zone="America/New_York")
        some.many.tell(*some.ids)
        return some

    return make


@pytest.fixture(params=["database", "role", "folders"])
def placed(request, made, monkeypatch):
    """Portfolios in a database, or in folders; with questions: by seed."""
    if request.param == "folders":
        monkeypatch.setattr(origin, "FEW", 0)
        yield lambda seed: in_folders(made(seed), seed)
        return
    import psycopg

    server = request.getfixturevalue("server")
    names = []

    def make(seed):
        name = f"narrowed_{os.getpid()}_{request.param}_{seed}"
        names.append(name)
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = server.url(name)
        found = in_database(made(seed), seed, url)
        return (found[0], limited(url, name)) if request.param == "role" else found

    yield make
    with psycopg.connect(server.url(), autocommit=True) as connection:
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"DROP ROLE IF EXISTS {name}")


def limited(url, role):
    """A portfolio as a role sees it that may read all of it but one repository."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
        connection.execute(
            "INSERT INTO plaintrack.repository_right SELECT %s, name FROM plaintrack.repository"
            " WHERE name <> 'calm'",
            (role,),
        )
    return url.replace("plaintrack@", f"{role}@")


SAME = ("calm-anna@example.org", "bob")
"""An address, and whose it is."""


def in_database(some, seed, url):
    from plaintrack.store.portfolio import tables
    from plaintrack.store.portfolio.database import connected
    from plaintrack.store.portfolio.load import link, load, prepare
    from plaintrack.store.portfolio.published import read

    with connected(url, writing=True) as connection:
        prepare(connection)
        for each in some.ids:
            load(connection, read(str(some.many.published / each)), each)
        link(connection)
        if seed % 2:
            people = [dict(zip(("address", "person"), SAME, strict=True))]
            connection.execute(tables.person_address.insert(), people)
            connection.commit()
    return some, url


def in_folders(some, seed):
    if seed % 2:
        (some.many.published / origin.ADDRESSES).write_text(",".join(SAME) + "\n")
    return some, str(some.many.published)


def answers(words, url, narrow, monkeypatch, capfd, told):
    """What a command says to people and beside that, and how it ends."""
    from plaintrack.app.snapshot.gathered import Gathered
    from plaintrack.cli.main import run

    with monkeypatch.context() as patch:
        patch.setenv("PLAINTRACK_NOW", NOW)
        if not narrow:
            for each in (origin.Tables, origin.Folders):
                patch.setattr(each, "rows", lambda _self, _names: None)
        narrowing = Gathered.narrow

        def counted(self, asked, wanted):
            found = narrowing(self, asked, wanted)
            told[words[0], found] += 1
            return found

        patch.setattr(Gathered, "narrow", counted)
        patch.setattr(sys, "argv", ["plaintrack", *words, "--portfolio", url])
        code = run()
    return code, *capfd.readouterr()


def differing(make, seed, count, monkeypatch, capfd):
    """How many questions were narrowed; each is answered alike."""
    some, url = make(seed)
    told, whole = Counter(), Counter()
    for _ in range(count):
        words = some.words()
        here = answers(words, url, True, monkeypatch, capfd, told)
        there = answers(words, url, False, monkeypatch, capfd, whole)
        assert here == there, (seed, shlex.join(words), here[2])
    return told


@pytest.mark.parametrize("seed", [7])
def test_answers_are_those_of_all_rows(placed, seed, monkeypatch, capfd):
    told = differing(placed, seed, 12, monkeypatch, capfd)
    for command in ("list", "board", "stats"):
        assert told[command, True] >= 1, told


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 14))
def test_answers_are_those_of_all_rows_at_length(placed, seed, monkeypatch, capfd):
    told = differing(placed, seed, 200, monkeypatch, capfd)
    narrowed = sum(count for (_, found), count in told.items() if found)
    assert narrowed > 60 or seed % 5 == 4, told


ASKED = ["list", "login", "--format", "ids"]


@pytest.fixture
def folders(made, monkeypatch):
    """A few repositories in folders that are asked however few items they have."""
    monkeypatch.setattr(origin, "FEW", 0)
    return made(2).many.published


def test_few_items_are_read(folders, monkeypatch, capfd):
    told = Counter()
    answers(ASKED, str(folders), True, monkeypatch, capfd, told)
    assert told == {("list", True): 1}
    monkeypatch.setattr(origin, "FEW", 100)
    answers(ASKED, str(folders), True, monkeypatch, capfd, told)
    assert told == {("list", True): 1, ("list", False): 1}


def test_a_damaged_repository_is_left_out(folders, monkeypatch, capfd):
    path = folders / "calm/items.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    told = Counter()
    code, out, err = answers(ASKED, str(folders), True, monkeypatch, capfd, told)
    assert told == {("list", True): 1}
    assert (code, out, err) == answers(ASKED, str(folders), False, monkeypatch, capfd, told)
    assert "calm is left out" in err
    assert "calm/" not in out
    assert "web-2/" in out


def test_a_file_that_changes_while_it_is_asked_ends_the_answer(folders, monkeypatch, capfd):
    from plaintrack.store.portfolio import ask

    asking = ask.members

    def touching(*given):
        os.utime(folders / "web-2/items.parquet")
        return asking(*given)

    monkeypatch.setattr(ask, "members", touching)
    code, out, err = answers(ASKED, str(folders), True, monkeypatch, capfd, Counter())
    assert code != 0
    assert out == ""
    assert "it changed while it was read" in err


def test_what_was_opened_is_closed(folders, monkeypatch, capfd):
    from plaintrack.store.portfolio.folders import Views

    opened = []
    making = Views.__init__

    def kept(self, *given):
        making(self, *given)
        opened.append(self.connection)

    monkeypatch.setattr(Views, "__init__", kept)
    answers(ASKED, str(folders), True, monkeypatch, capfd, Counter())
    (connection,) = opened
    with pytest.raises(duckdb.ConnectionException, match="closed"):
        connection.execute("SELECT 1")
