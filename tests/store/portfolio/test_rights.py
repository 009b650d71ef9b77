"""Row security, tried as other roles."""

from datetime import date

import pytest
from made import Made, change, filled, item

from plaintrack.store.portfolio import shape
from plaintrack.store.portfolio.database import connected

ROLES = ("zoe", "leads", "guest")


@pytest.fixture
def roles(server):
    """Roles of the server: zoe is one of the leads."""
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(77)")  # roles are those of the whole server
        for role in ROLES:
            connection.execute(f"CREATE ROLE {role} LOGIN")
        connection.execute("GRANT leads TO zoe")
        yield connection
        for role in ROLES:
            connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_roles_read_what_they_have_a_right_to(server, roles, database):
    from sqlalchemy import insert, select
    from sqlalchemy.exc import ProgrammingError

    from plaintrack.store.portfolio import load, tables

    plan, time = [filled(shape.PLAN, item="pt-1")], [filled(shape.TIME, item="pt-1")]
    with connected(database, writing=True) as connection:
        load.prepare(connection)
        for name in "abc":
            made = Made(
                name, [item("PT-1", "todo", ("tags", "x"))], [change(0, "PT-1", "+", 1)], plan, time
            )
            load.load(connection, made, f"/{name}")
            load.fail(connection, f"/{name}2", name, load.StrayRow("x", "y"))
        load.fail(connection, "/new", None, load.StrayRow("x", "y"))
        right = [{"role": "zoe", "repository": "a"}, {"role": "leads", "repository": "b"}]
        connection.execute(insert(tables.repository_right), right)
        connection.execute(insert(tables.person_address), {"address": "z@x", "person": "zoe"})
        connection.commit()

    def reads(role):
        with connected(database.replace("plaintrack@", f"{role}@")) as connection:
            names = {
                tuple(
                    sorted(
                        connection.scalars(
                            select(
                                table.c.name if table is tables.repository else table.c.repository
                            )
                        )
                    )
                )
                for table in tables.READ
            }
            return names, len(connection.execute(select(tables.person_address)).all())

    assert reads("zoe") == ({("a", "b")}, 1)
    assert reads("leads") == ({("b",)}, 1)
    assert reads("guest") == ({()}, 0)
    with connected(database, writing=True) as connection:
        connection.execute(insert(tables.repository_right), {"role": "guest", "repository": "*"})
        connection.execute(insert(tables.repository_right), {"role": "public", "repository": "c"})
        connection.commit()
        load.prepare(connection, rebuild=True)  # what the company filled stays
        load.load(connection, Made("c", [item("PT-1")], [change(0, "PT-1", "+", 1)]), "/c")
    url = database.replace("plaintrack@", "zoe@")
    with connected(url, writing=True) as connection:
        assert connection.scalars(select(tables.item.c.repository)).all() == ["c"]
        assert connection.execute(select(tables.repository_right.c.role)).all() == [
            ("zoe",),
            ("leads",),
            ("public",),
        ]
        for statement in (
            "DELETE FROM plaintrack.item", "UPDATE plaintrack.item SET status = 'x'", "UPDATE plaintrack.item_rest SET title = 'x'", "INSERT INTO plaintrack.repository_right VALUES ('zoe', '*')",
            "SELECT * FROM plaintrack.pending", "SELECT * FROM plaintrack.item_3", "SELECT * FROM plaintrack.change_2023", "SELECT nextval('plaintrack.item_numbers')",
            "CREATE TABLE plaintrack.x ()", "DROP TABLE plaintrack.item", "TRUNCATE plaintrack.value", "ALTER TABLE plaintrack.item DISABLE ROW LEVEL SECURITY",
        ):  # fmt: skip
            connection.rollback()
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                connection.exec_driver_sql(statement)


def test_questions_tell_nothing_of_what_a_role_may_not_read(roles, database, tmp_path):
    """Conditions, patterns, orders and links: not a row, not a count, not a name."""
    import publishing
    from conftest import Shell
    from sqlalchemy import insert

    from plaintrack.model.fields import schema
    from plaintrack.query.bind import Names, bind
    from plaintrack.query.parser import parse
    from plaintrack.store.index.sql import Fragment
    from plaintrack.store.portfolio import ask, load, published, tables
    from plaintrack.store.portfolio.rows import PostgreSQL

    with connected(database, writing=True) as connection:
        load.prepare(connection)
        for name in ("shown", "hidden"):
            cells = {"id": "PT-1", "id_fold": "pt-1", "category": "open", "tags": name}
            values = [("tags", name, None, name), ("parent", "hidden/pt-1", None, "")]
            data = f'{{"id": "PT-1", "title": "{name}", "tags": "{name}"}}'
            rows = [publishing.item("a.md", **cells, data=data, values=values)]
            folder, about = tmp_path / name, {"name": name}
            about["roots"] = [("a" if name == "shown" else "b") * 40]
            publishing.publish(folder, {"items.parquet": rows}, repository=about)
            load.load(connection, published.read(str(folder)), str(folder))
        connection.execute(insert(tables.repository_right), {"role": "zoe", "repository": "shown"})
        connection.commit()
    zoe = database.replace("plaintrack@", "zoe@")
    names = Names(schema({}), date(2026, 11, 28), tuple, str)
    with connected(zoe) as connection:
        rows = PostgreSQL(connection)
        for text in ("", "tags:*", "tags:/./", "id:*", "id:/./", "-tags:nope sort:-urgency,tags"):
            asked = [(["shown", "hidden"], bind(parse(text), names), names)]
            got = ask.select(asked, rows, 2, lambda _: [Fragment("i.repository")])
            assert got == [("shown",)], text
        hidden = bind(parse("tags:hidden or under:hidden/pt-2"), names)
        assert (
            ask.select([(["shown", "hidden"], hidden, names)], rows, 2, lambda _: [Fragment("1")])
            == []
        )
        assert rows.run("SELECT count(*) FROM item", ()) == [(1,)]
    shell = Shell(tmp_path)
    for words in (
        ("list", "--all"),
        ("board",),
        ("stats", "--by", "repo"),
        ("stats", "--by", "tags"),
    ):
        told = shell(*words, "--portfolio", zoe)
        assert "shown" in told, words
        assert "hidden" not in told + shell.err, words
