"""The tables of a portfolio in a real PostgreSQL."""

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
        for table, columns in (
            ("item", shape.ITEM),
            ("change", shape.CHANGE),
            ("value", shape.VALUE),
            ("time_entry", shape.TIME),
            ("plan_line", shape.PLAN),
        ):
            found = {each["name"]: each for each in asked.get_columns(table, tables.SCHEMA)}
            for column in columns:
                if column.kind != "values":
                    assert found[column.name]["nullable"] == column.empty, column
        tables.drop(connection)
        assert {each.name for each in tables.OWN} == set(
            inspect(connection).get_table_names(tables.SCHEMA)
        )
        tables.make(connection)
