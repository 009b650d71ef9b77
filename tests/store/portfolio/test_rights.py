"""Row security, tried as other roles."""

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
            "DELETE FROM plaintrack.item", "UPDATE plaintrack.item SET title = 'x'", "INSERT INTO plaintrack.repository_right VALUES ('zoe', '*')",
            "SELECT * FROM plaintrack.pending", "SELECT * FROM plaintrack.item_3", "SELECT * FROM plaintrack.change_2023", "SELECT nextval('plaintrack.item_numbers')",
            "CREATE TABLE plaintrack.x ()", "DROP TABLE plaintrack.item", "TRUNCATE plaintrack.value", "ALTER TABLE plaintrack.item DISABLE ROW LEVEL SECURITY",
        ):  # fmt: skip
            connection.rollback()
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                connection.exec_driver_sql(statement)
