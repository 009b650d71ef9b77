"""The tables of a portfolio in a real PostgreSQL."""

from made import Made, item
from sqlalchemy import text

from plaintrack.store.portfolio import shape
from plaintrack.store.portfolio.database import engine


def test_tables_have_the_shape(database):
    from sqlalchemy import inspect

    from plaintrack.store.portfolio import tables

    with engine(database).connect() as connection:
        tables.make(connection)
        connection.commit()
        tables.grow(connection, {1, 1989, 2026, 2100, 9999})
        tables.grow(connection, {2026})
        asked = inspect(connection)
        for columns, *some in (
            (shape.ITEM, "item", "item_rest"),
            (shape.CHANGE, "change"),
            (shape.VALUE, "value"),
            (shape.TIME, "time_entry"),
            (shape.PLAN, "plan_line"),
        ):
            found = {
                each["name"]: each
                for table in some
                for each in asked.get_columns(table, tables.SCHEMA)
            }
            for column in columns:
                if column.kind != "values":
                    assert found[column.name]["nullable"] == column.empty, column
        whole = {each["name"] for each in asked.get_columns(shape.WHOLE, tables.SCHEMA)}
        assert whole > {each.name for each in shape.ITEM if each.kind != "values"}
        tables.drop(connection)
        assert {each.name for each in tables.OWN} == set(
            inspect(connection).get_table_names(tables.SCHEMA)
        )
        tables.make(connection)


def test_words_are_indexed_once_there_are_rows(database):
    from plaintrack.store.portfolio import load, tables

    words = "SELECT count(*) FROM pg_indexes WHERE indexname = 'rest_words'"
    with engine(database).connect() as connection:
        run = connection.exec_driver_sql
        load.prepare(connection)
        assert connection.scalar(text(words)) == 0
        load.load(connection, Made("a", [item(f"PT-{n}") for n in range(3)]), "/a")
        load.settle(connection, 3)
        load.settle(connection, 3)
        assert connection.scalar(text(words)) == 1
        run("SET enable_seqscan = off")
        found = run("EXPLAIN SELECT 1 FROM plaintrack.item_rest WHERE haystack LIKE '%%some%%'")
        assert "rest_words" in "".join(row[0] for row in found)
        # a role that may not have the trigrams looks for words in all texts
        run("DROP EXTENSION pg_trgm CASCADE")
        run("CREATE ROLE simple LOGIN")
        connection.commit()
        run("SET ROLE simple")
        tables.index_words(connection)
        run("RESET ROLE")
        assert connection.scalar(text(words)) == 0


def test_the_rest_of_an_item_is_read_only_where_it_is_asked_for(database):
    from plaintrack.store.portfolio import load

    with engine(database).connect() as connection:
        load.prepare(connection)
        for column, read in (("status", False), ("title", True), ("data", True), ("due_at", False)):
            asked = f"EXPLAIN SELECT {column} FROM plaintrack.item_whole WHERE category = 'open'"
            plan = "".join(row[0] for row in connection.exec_driver_sql(asked))
            assert ("item_rest" in plan) == read, column
